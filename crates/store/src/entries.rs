//! The trail as people look through it.

use shirube_trail::Entry;
use sqlx::query_scalar;

use crate::change::printable;
use crate::reading::{entry, organisation_name};
use crate::{Store, StoreError};

/// Which entries are wanted. What is left at its default does not limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Only entries with a higher number.
    pub after: Option<u64>,
    /// Only entries with a lower number.
    pub before: Option<u64>,
    /// Only entries of this time or later; the beginning of a time will do, e.g. `2026-11`.
    pub from: &'a str,
    /// Only entries before this time.
    pub until: &'a str,
    /// Only entries of this actor.
    pub actor: &'a str,
    /// Only this action and those below it: `revision` finds `revision.created`.
    pub action: &'a str,
    /// Only this object and those below it: `service/s` finds `service/s/revision/1`, not `service/s2`.
    pub object: &'a str,
    pub limit: u32,
}

impl Default for Filter<'_> {
    fn default() -> Self {
        Self { after: None, before: None, from: "", until: "", actor: "", action: "", object: "", limit: 100 }
    }
}

impl Store {
    /// Entries of an organisation's trail, newest first.
    pub async fn entries(&self, organisation: &str, filter: &Filter<'_>) -> Result<Vec<Entry>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        // No entry has U+0000 in what can be searched, and PostgreSQL refuses to look for it.
        if [filter.from, filter.until, filter.actor, filter.action, filter.object].concat().contains('\0') {
            return Ok(Vec::new());
        }
        let texts: Vec<String> = query_scalar(
            "SELECT entry FROM trail WHERE organisation = $1 AND number > $2 AND number < $3 \
             AND ($4 = '' OR at >= $4) AND ($5 = '' OR at < $5) AND ($6 = '' OR actor = $6) \
             AND ($7 = '' OR action = $7 OR substr(action, 1, length($7) + 1) = $7 || '.') \
             AND ($8 = '' OR object = $8 OR substr(object, 1, length($8) + 1) = $8 || '/') \
             ORDER BY number DESC LIMIT $9",
        )
        .bind(organisation)
        .bind(filter.after.map_or(0, |after| i64::try_from(after).unwrap_or(i64::MAX)))
        .bind(filter.before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX)))
        .bind(filter.from)
        .bind(filter.until)
        .bind(filter.actor)
        .bind(filter.action)
        .bind(filter.object)
        .bind(i64::from(filter.limit))
        .fetch_all(&mut *tx)
        .await?;
        texts.iter().map(|text| entry(text)).collect()
    }

    /// The last entries of exactly this action since a time, newest first: quick however long the trail is.
    pub async fn latest_entries(
        &self,
        organisation: &str,
        action: &str,
        since: &str,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let texts: Vec<String> = query_scalar(
            "SELECT entry FROM trail WHERE organisation = $1 AND action = $2 AND at >= $3 \
             ORDER BY number DESC LIMIT $4",
        )
        .bind(printable(organisation))
        .bind(printable(action))
        .bind(printable(since))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        texts.iter().map(|text| entry(text)).collect()
    }
}
