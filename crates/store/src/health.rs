//! Whether the database answers, and how much there is: for whoever runs the program.

use sqlx::query;

use crate::row::count;
use crate::{Store, StoreError};

/// How many there are of each, over all organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub organisations: u64,
    pub people: u64,
    pub services: u64,
    pub revisions: u64,
    /// Entries of all trails.
    pub entries: u64,
    /// Sessions that nobody ended. Those whose time ran out are among them.
    pub sessions: u64,
}

impl Store {
    /// Asks the database for an answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        query("SELECT MAX(version) FROM shirube_form").execute(self.reader()).await?;
        Ok(())
    }

    /// Counts what there is. No page shows it: it is about all organisations.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let row = query(
            "SELECT (SELECT COUNT(*) FROM organisation) AS organisations, (SELECT COUNT(*) FROM person) AS people, \
             (SELECT COUNT(*) FROM service) AS services, (SELECT COUNT(*) FROM revision) AS revisions, \
             (SELECT COUNT(*) FROM session WHERE ended_at IS NULL) AS sessions, \
             (SELECT CAST(COALESCE(SUM((SELECT MAX(t.number) FROM trail t WHERE t.organisation = o.id)), 0) \
             AS BIGINT) FROM organisation o) AS entries",
        )
        .fetch_one(self.reader())
        .await?;
        Ok(Counts {
            organisations: count(&row, "organisations")?,
            people: count(&row, "people")?,
            services: count(&row, "services")?,
            revisions: count(&row, "revisions")?,
            entries: count(&row, "entries")?,
            sessions: count(&row, "sessions")?,
        })
    }
}
