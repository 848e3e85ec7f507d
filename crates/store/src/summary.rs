//! Figures of revisions for lists: computed elsewhere, kept here so that a list need not read every service.
//!
//! They can be computed again from the files at any time. They leave no entry in the trail and no backup has them.

use sqlx::{query, query_as, query_scalar};

use crate::change::{printable, stored};
use crate::reading::{is_id, number, organisation_name, revision_digest};
use crate::{Store, StoreError};

/// The figures of one revision, as JSON of whoever computed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub service: String,
    pub revision: u64,
    pub body: String,
}

impl Store {
    /// Keeps the figures of a revision, in the place of earlier ones.
    pub async fn put_summary(
        &self,
        organisation: &str,
        service: &str,
        revision: u64,
        body: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_writing().await?;
        revision_digest(&mut tx, organisation, service, revision).await?;
        query(
            "INSERT INTO summary (organisation, service, revision, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (organisation, service, revision) DO UPDATE SET body = excluded.body",
        )
        .bind(organisation)
        .bind(service)
        .bind(stored(revision)?)
        .bind(printable(body))
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// For each service of an organisation the figures of the newest revision that has any, sorted by service. Where
    /// it is not the latest revision, they are to be computed again.
    pub async fn summaries(&self, organisation: &str) -> Result<Vec<Summary>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, i64, String)> = query_as(
            "SELECT s.service, s.revision, s.body FROM summary s WHERE s.organisation = $1 AND s.revision = \
             (SELECT MAX(l.revision) FROM summary l WHERE l.organisation = s.organisation AND l.service = s.service)",
        )
        .bind(organisation)
        .fetch_all(&mut *tx)
        .await?;
        let summary = |(service, revision, body)| Ok(Summary { service, revision: number(revision)?, body });
        let mut summaries = rows.into_iter().map(summary).collect::<Result<Vec<_>, StoreError>>()?;
        summaries.sort_by(|one, other| one.service.cmp(&other.service));
        Ok(summaries)
    }

    /// The figures of one revision, if they were computed.
    pub async fn summary(
        &self,
        organisation: &str,
        service: &str,
        revision: u64,
    ) -> Result<Option<String>, StoreError> {
        if !is_id(organisation) || !is_id(service) {
            return Ok(None);
        }
        let body = query_scalar("SELECT body FROM summary WHERE organisation = $1 AND service = $2 AND revision = $3")
            .bind(organisation)
            .bind(service)
            .bind(i64::try_from(revision).unwrap_or(-1))
            .fetch_optional(self.reader())
            .await?;
        Ok(body)
    }
}
