//! Invitations of people who have an account in another organisation: whoever shows the secret may accept, so that an
//! organisation need not know who has an account.

use sqlx::any::AnyRow;
use sqlx::query;

use crate::change::{printable, time};
use crate::reading::is_id;
use crate::row::{maybe, text};
use crate::{Change, Store, StoreError};

/// An invitation to take roles in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestInvitation {
    pub organisation: String,
    /// Role words, separated by spaces.
    pub roles: String,
    pub created_by: String,
    pub created_at: String,
    pub expires_at: String,
    pub used_at: Option<String>,
}

impl Store {
    /// The invitation with this digest, used or not.
    pub async fn guest_invitation(&self, digest: &str) -> Result<Option<GuestInvitation>, StoreError> {
        if !is_id(digest) {
            return Ok(None);
        }
        let row = query("SELECT * FROM guest_invitation WHERE digest = $1").bind(digest);
        row.fetch_optional(self.reader()).await?.as_ref().map(invitation).transpose()
    }
}

impl Change {
    /// Notes an invitation that is handed over.
    pub async fn invite_guest(
        &mut self,
        digest: &str,
        roles: &str,
        by: &str,
        at: &str,
        expires_at: &str,
    ) -> Result<(), StoreError> {
        self.must_exist()?;
        let insert = query(
            "INSERT INTO guest_invitation (digest, organisation, roles, created_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let insert = insert.bind(digest).bind(self.organisation()).bind(printable(roles)).bind(printable(by));
        self.execute(insert.bind(time(at)?).bind(time(expires_at)?)).await?;
        self.name(format!("organisation/{}", self.organisation()));
        Ok(())
    }

    /// Uses an invitation of this organisation, once and in time; anything else is [`StoreError::Used`].
    pub async fn use_guest_invitation(&mut self, digest: &str, at: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let update = query(
            "UPDATE guest_invitation SET used_at = $3 \
             WHERE digest = $1 AND organisation = $2 AND used_at IS NULL AND expires_at > $3",
        );
        let update = update.bind(printable(digest)).bind(self.organisation()).bind(time(at)?);
        let object = format!("organisation/{}", self.organisation());
        self.once(update, object).await
    }
}

fn invitation(row: &AnyRow) -> Result<GuestInvitation, StoreError> {
    Ok(GuestInvitation {
        organisation: text(row, "organisation")?,
        roles: text(row, "roles")?,
        created_by: text(row, "created_by")?,
        created_at: text(row, "created_at")?,
        expires_at: text(row, "expires_at")?,
        used_at: maybe(row, "used_at")?,
    })
}
