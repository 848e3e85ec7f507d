//! What is handed over once: invitations, resets, first sign-ins, which are used once, and addresses for calendars, which
//! hold until they are made void. Kept by the digest of the secret.

use sqlx::any::AnyRow;
use sqlx::query;

use crate::change::{printable, time};
use crate::reading::{is_id, organisation_name};
use crate::row::{maybe, text};
use crate::{Change, Store, StoreError};

/// Something that can be used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTime {
    pub digest: String,
    /// `invitation`, `reset`, `first` or `calendar`.
    pub kind: String,
    pub organisation: String,
    pub person: String,
    pub created_at: String,
    pub expires_at: String,
    /// When it was used or made void.
    pub used_at: Option<String>,
}

/// Something to be handed over.
#[derive(Debug, Clone, Copy)]
pub struct NewOneTime<'a> {
    pub digest: &'a str,
    pub kind: &'a str,
    pub person: &'a str,
    pub expires_at: &'a str,
}

impl Store {
    /// What has this digest, used or not: whoever shows the secret does not know the organisation yet.
    pub async fn one_time(&self, digest: &str) -> Result<Option<OneTime>, StoreError> {
        if !is_id(digest) {
            return Ok(None);
        }
        let row = query("SELECT * FROM one_time WHERE digest = $1").bind(digest).fetch_optional(self.reader()).await?;
        row.as_ref().map(one_time).transpose()
    }

    /// All that an organisation handed over and that is neither used nor void, newest first.
    pub async fn open_one_times(&self, organisation: &str) -> Result<Vec<OneTime>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query("SELECT * FROM one_time WHERE organisation = $1 AND used_at IS NULL").bind(organisation);
        let rows = rows.fetch_all(&mut *tx).await?;
        let mut open = rows.iter().map(one_time).collect::<Result<Vec<_>, _>>()?;
        open.sort_by(|a, b| (&b.created_at, &a.digest).cmp(&(&a.created_at, &b.digest)));
        Ok(open)
    }
}

impl Change {
    /// Notes what is handed over to a person who has a part in this organisation.
    pub async fn create_one_time(&mut self, new: NewOneTime<'_>, at: &str) -> Result<(), StoreError> {
        self.must_know(new.person).await?;
        if !is_id(new.digest) {
            return Err(StoreError::Id(new.digest.to_owned()));
        }
        let insert = query(
            "INSERT INTO one_time (digest, kind, organisation, person, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(new.digest).bind(new.kind).bind(self.organisation()).bind(new.person);
        if self.execute(insert.bind(time(at)?).bind(time(new.expires_at)?)).await? == 0 {
            return Err(StoreError::Used);
        }
        self.name(format!("person/{}/{}", new.person, new.kind));
        Ok(())
    }

    /// Uses what this organisation handed over, once and in time, and returns whose it is. Anything else is
    /// [`StoreError::Used`].
    pub async fn use_one_time(&mut self, digest: &str, kind: &str, at: &str) -> Result<String, StoreError> {
        self.must_exist()?;
        if !is_id(digest) {
            return Err(StoreError::Used);
        }
        let found = query("SELECT person FROM one_time WHERE digest = $1 AND organisation = $2");
        let found = found.bind(digest).bind(self.organisation()).fetch_optional(self.connection()).await?;
        let person = text(&found.ok_or(StoreError::Used)?, "person")?;
        let update = query(
            "UPDATE one_time SET used_at = $4 WHERE digest = $1 AND organisation = $2 AND kind = $3 \
             AND used_at IS NULL AND expires_at > $4",
        );
        let update = update.bind(digest).bind(self.organisation()).bind(printable(kind)).bind(time(at)?);
        self.once(update, format!("person/{person}/{kind}")).await?;
        Ok(person)
    }

    /// Makes everything of one kind void that this organisation handed to a person, and tells how many there were.
    pub async fn void_one_times(&mut self, person: &str, kind: &str, at: &str) -> Result<u64, StoreError> {
        self.must_know(person).await?;
        let update = query(
            "UPDATE one_time SET used_at = $4 WHERE organisation = $1 AND person = $2 AND kind = $3 AND used_at IS NULL",
        );
        let update = update.bind(self.organisation()).bind(person).bind(printable(kind)).bind(time(at)?);
        let void = self.execute(update).await?;
        self.name(format!("person/{person}/{kind}"));
        Ok(void)
    }
}

fn one_time(row: &AnyRow) -> Result<OneTime, StoreError> {
    Ok(OneTime {
        digest: text(row, "digest")?,
        kind: text(row, "kind")?,
        organisation: text(row, "organisation")?,
        person: text(row, "person")?,
        created_at: text(row, "created_at")?,
        expires_at: text(row, "expires_at")?,
        used_at: maybe(row, "used_at")?,
    })
}
