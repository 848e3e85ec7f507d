//! Brings a database forward to what this program knows, and refuses one that is further.

use sqlx::{Any, Transaction, query, query_scalar, raw_sql};

use crate::StoreError;
use crate::open::Engine;

/// From the first on. What is published here is never changed: a new form is a new file.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001.sql")];

/// Names the lock that makes processes which start together take turns on PostgreSQL: "shirube" in ASCII.
const TURN: &str = "SELECT 1 FROM pg_advisory_xact_lock(32484424422875749)";

/// All in one transaction that holds the database's lock, so that nothing is half brought forward.
pub(crate) async fn run(engine: Engine, mut tx: Transaction<'_, Any>) -> Result<(), StoreError> {
    if engine == Engine::Postgres {
        query(TURN).execute(&mut *tx).await?;
    }
    raw_sql("CREATE TABLE IF NOT EXISTS shirube_form (version BIGINT NOT NULL PRIMARY KEY)").execute(&mut *tx).await?;
    let newest: Option<i64> = query_scalar("SELECT MAX(version) FROM shirube_form").fetch_one(&mut *tx).await?;
    let (found, known) = (newest.unwrap_or(0), MIGRATIONS.len() as i64);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (migration, version) in MIGRATIONS.iter().zip(1..).filter(|(_, version)| *version > found) {
        raw_sql(*migration).execute(&mut *tx).await?;
        query("INSERT INTO shirube_form (version) VALUES ($1)").bind(version).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}
