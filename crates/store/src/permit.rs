//! Exceptions with an end, and what may be used once.

use sqlx::any::AnyRow;
use sqlx::query;

use crate::change::{printable, stored, time};
use crate::reading::{is_id, organisation_name};
use crate::row::{count, maybe, text};
use crate::{Change, Missing, Store, StoreError};

/// An exception that was granted to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// The entry of the trail that granted it.
    pub entry: u64,
    pub person: String,
    /// What it lets the person do; the store does not know the words.
    pub kind: String,
    /// Digest of what was handed over, or empty.
    pub digest: String,
    pub granted_by: String,
    pub granted_at: String,
    pub until: String,
    pub ended_at: Option<String>,
}

impl Store {
    /// The exceptions of an organisation that still hold at a time, newest first.
    pub async fn permits(&self, organisation: &str, now: &str) -> Result<Vec<Permit>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query(
            "SELECT * FROM permit WHERE organisation = $1 AND until_at > $2 AND ended_at IS NULL ORDER BY entry DESC",
        )
        .bind(organisation)
        .bind(time(now)?)
        .fetch_all(&mut *tx)
        .await?;
        rows.iter().map(permit).collect()
    }

    /// The exceptions of one kind that a person has at a time. Only for signing in.
    pub async fn permits_of(&self, person: &str, kind: &str, now: &str) -> Result<Vec<Permit>, StoreError> {
        if !is_id(person) {
            return Ok(Vec::new());
        }
        let rows = query(
            "SELECT * FROM permit WHERE person = $1 AND kind = $2 AND until_at > $3 AND ended_at IS NULL \
             ORDER BY entry DESC",
        )
        .bind(person)
        .bind(kind)
        .bind(time(now)?)
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(permit).collect()
    }
}

impl Change {
    /// Grants an exception to a person of this organisation until a time.
    pub async fn permit(
        &mut self,
        person: &str,
        kind: &str,
        digest: &str,
        by: &str,
        at: &str,
        until: &str,
    ) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let insert = query(
            "INSERT INTO permit (organisation, entry, person, kind, digest, granted_by, granted_at, until_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let insert = insert.bind(self.organisation()).bind(stored(self.number()?)?).bind(person);
        let insert = insert.bind(printable(kind)).bind(digest).bind(printable(by)).bind(time(at)?);
        self.execute(insert.bind(time(until)?)).await?;
        self.name(format!("person/{person}/{kind}"));
        Ok(())
    }

    /// Ends all exceptions of one kind that a person has.
    pub async fn end_permits(&mut self, person: &str, kind: &str, at: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update = query(
            "UPDATE permit SET ended_at = $4 \
             WHERE organisation = $1 AND person = $2 AND kind = $3 AND ended_at IS NULL AND until_at > $4",
        );
        let update = update.bind(self.organisation()).bind(person).bind(printable(kind)).bind(time(at)?);
        self.touched(update, Missing::OneTime, format!("person/{person}/{kind}")).await
    }

    /// Uses up what carries its own end: [`StoreError::Used`] the second time. What has ended is forgotten on the way.
    pub async fn spend(&mut self, digest: &str, expires_at: &str, now: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        if !is_id(digest) {
            return Err(StoreError::Used);
        }
        self.execute(query("DELETE FROM spent WHERE expires_at < $1").bind(time(now)?)).await?;
        let insert = query("INSERT INTO spent (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        if self.execute(insert.bind(digest).bind(time(expires_at)?)).await? == 0 {
            return Err(StoreError::Used);
        }
        Ok(())
    }
}

fn permit(row: &AnyRow) -> Result<Permit, StoreError> {
    Ok(Permit {
        entry: count(row, "entry")?,
        person: text(row, "person")?,
        kind: text(row, "kind")?,
        digest: text(row, "digest")?,
        granted_by: text(row, "granted_by")?,
        granted_at: text(row, "granted_at")?,
        until: text(row, "until_at")?,
        ended_at: maybe(row, "ended_at")?,
    })
}
