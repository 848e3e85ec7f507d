//! Tokens of the API, by the digest of the secret.

use sqlx::any::AnyRow;
use sqlx::query;

use crate::change::{printable, time};
use crate::reading::{is_id, organisation_name};
use crate::row::{maybe, text};
use crate::{Change, Missing, Person, Store, StoreError};

/// A token of an organisation. The secret is shown once and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: String,
    pub organisation: String,
    /// Who made it, and in whose name it acts.
    pub person: String,
    pub name: String,
    pub scope: String,
    pub created_at: String,
    pub expires_at: String,
    pub revoked_at: Option<String>,
    pub last_used_at: Option<String>,
}

/// A token that may be used now, with all that is asked at every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveToken {
    pub token: ApiToken,
    pub person: Person,
    /// What the person holds in the token's organisation now, sorted.
    pub roles: Vec<String>,
}

/// A token to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    pub id: &'a str,
    pub digest: &'a str,
    pub person: &'a str,
    pub name: &'a str,
    pub scope: &'a str,
    pub expires_at: &'a str,
}

impl Store {
    /// The token of a secret with this digest, in one query: only if it has not been revoked, has time left, and its
    /// person is active.
    pub async fn token(&self, digest: &str, at: &str) -> Result<Option<LiveToken>, StoreError> {
        if !is_id(digest) {
            return Ok(None);
        }
        let rows = query(
            "SELECT p.*, t.id AS token_id, t.organisation AS token_organisation, t.person, t.name AS token_name, \
             t.scope, t.created_at AS made_at, t.expires_at, t.revoked_at, t.last_used_at, m.role \
             FROM api_token t JOIN person p ON p.id = t.person \
             LEFT JOIN membership m ON m.person = p.id AND m.organisation = t.organisation AND m.ended_at IS NULL \
             WHERE t.digest = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND p.state = 'active'",
        )
        .bind(digest)
        .bind(time(at)?)
        .fetch_all(self.reader())
        .await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut roles = Vec::new();
        for row in &rows {
            roles.extend(maybe(row, "role")?);
        }
        roles.sort();
        let token = ApiToken {
            id: text(row, "token_id")?,
            organisation: text(row, "token_organisation")?,
            person: text(row, "person")?,
            name: text(row, "token_name")?,
            scope: text(row, "scope")?,
            created_at: text(row, "made_at")?,
            expires_at: text(row, "expires_at")?,
            revoked_at: maybe(row, "revoked_at")?,
            last_used_at: maybe(row, "last_used_at")?,
        };
        Ok(Some(LiveToken { token, person: crate::people::person(row)?, roles }))
    }

    /// Moves the time of last use forward, never back. Leaves no entry in the trail.
    pub async fn touch_token(&self, organisation: &str, id: &str, at: &str) -> Result<(), StoreError> {
        if !is_id(organisation) || !is_id(id) {
            return Ok(());
        }
        query(
            "UPDATE api_token SET last_used_at = $3 WHERE organisation = $1 AND id = $2 \
             AND (last_used_at IS NULL OR last_used_at < $3)",
        )
        .bind(organisation)
        .bind(id)
        .bind(time(at)?)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The tokens of an organisation, newest first, with those that are revoked or have run out.
    pub async fn tokens(&self, organisation: &str) -> Result<Vec<ApiToken>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query("SELECT * FROM api_token WHERE organisation = $1").bind(organisation);
        let rows = rows.fetch_all(&mut *tx).await?;
        let mut tokens = rows.iter().map(token).collect::<Result<Vec<_>, _>>()?;
        tokens.sort_by(|a, b| (&b.created_at, &a.id).cmp(&(&a.created_at, &b.id)));
        Ok(tokens)
    }
}

impl Change {
    /// Makes a token of this organisation for a person who has a part in it.
    pub async fn create_token(&mut self, new: NewToken<'_>, at: &str) -> Result<(), StoreError> {
        self.must_know(new.person).await?;
        for id in [new.id, new.digest] {
            if !is_id(id) {
                return Err(StoreError::Id(id.to_owned()));
            }
        }
        let insert = query(
            "INSERT INTO api_token (id, digest, organisation, person, name, scope, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(new.id).bind(new.digest).bind(self.organisation()).bind(new.person);
        let insert = insert.bind(printable(new.name)).bind(printable(new.scope));
        if self.execute(insert.bind(time(at)?).bind(time(new.expires_at)?)).await? == 0 {
            return Err(StoreError::Exists(new.id.to_owned()));
        }
        self.name(format!("token/{}", new.id));
        Ok(())
    }

    /// Revokes a token of this organisation.
    pub async fn revoke_token(&mut self, id: &str, at: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let update =
            query("UPDATE api_token SET revoked_at = $3 WHERE organisation = $1 AND id = $2 AND revoked_at IS NULL");
        let update = update.bind(self.organisation()).bind(printable(id)).bind(time(at)?);
        self.touched(update, Missing::Token, format!("token/{id}")).await
    }
}

fn token(row: &AnyRow) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        id: text(row, "id")?,
        organisation: text(row, "organisation")?,
        person: text(row, "person")?,
        name: text(row, "name")?,
        scope: text(row, "scope")?,
        created_at: text(row, "created_at")?,
        expires_at: text(row, "expires_at")?,
        revoked_at: maybe(row, "revoked_at")?,
        last_used_at: maybe(row, "last_used_at")?,
    })
}
