//! Where in the history of a service one of its files changed, and what was issued last.

use std::collections::BTreeMap;

use sqlx::query_as;

use crate::reading::{number, organisation_name, service};
use crate::{Store, StoreError};

impl Store {
    /// The revisions in which a file is another than in the one before, newest first; at most `limit`, from below
    /// `before` on.
    pub async fn revisions_of_file(
        &self,
        organisation: &str,
        service_id: &str,
        name: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<u64>, StoreError> {
        let mut tx = self.begin_reading().await?;
        service(&mut tx, organisation, service_id).await?;
        let rows: Vec<(i64,)> = query_as(
            "SELECT r.number FROM revision r \
             LEFT JOIN revision_file f ON f.organisation = r.organisation AND f.service = r.service \
             AND f.revision = r.number AND f.name = $3 \
             LEFT JOIN revision_file p ON p.organisation = r.organisation AND p.service = r.service \
             AND p.revision = r.number - 1 AND p.name = $3 \
             WHERE r.organisation = $1 AND r.service = $2 AND r.number < $4 \
             AND COALESCE(f.digest, '') <> COALESCE(p.digest, '') ORDER BY r.number DESC LIMIT $5",
        )
        .bind(organisation)
        .bind(service_id)
        .bind(crate::change::printable(name))
        .bind(before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        rows.into_iter().map(|(revision,)| number(revision)).collect()
    }

    /// For each service of an organisation the revision that documents for everybody were issued from last.
    pub async fn last_issued(&self, organisation: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, i64)> =
            query_as(
                "SELECT service, MAX(revision) FROM issued WHERE organisation = $1 AND institution IS NULL GROUP BY service",
            )
                .bind(organisation)
                .fetch_all(&mut *tx)
                .await?;
        rows.into_iter().map(|(service, revision)| Ok((service, number(revision)?))).collect()
    }
}
