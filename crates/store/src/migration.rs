//! Brings a database forward to what this program knows, and refuses one that is further.

use shirube_trail::Entry;
use sqlx::{Any, AnyConnection, Transaction, query, query_as, query_scalar, raw_sql};

use crate::StoreError;
use crate::change::printable;
use crate::open::Engine;

/// What brings a database from one form to the next.
struct Migration {
    both: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// From the first on. What is published here is never changed: a new form is a new file.
const MIGRATIONS: [Migration; 10] = [
    Migration { both: include_str!("../migrations/0001.sql"), sqlite: "", postgres: "" },
    Migration {
        both: include_str!("../migrations/0002.sql"),
        sqlite: include_str!("../migrations/0002.sqlite.sql"),
        postgres: include_str!("../migrations/0002.postgres.sql"),
    },
    Migration {
        both: include_str!("../migrations/0003.sql"),
        sqlite: include_str!("../migrations/0003.sqlite.sql"),
        postgres: include_str!("../migrations/0003.postgres.sql"),
    },
    Migration { both: include_str!("../migrations/0004.sql"), sqlite: "", postgres: "" },
    Migration { both: include_str!("../migrations/0005.sql"), sqlite: "", postgres: "" },
    Migration { both: include_str!("../migrations/0006.sql"), sqlite: "", postgres: "" },
    Migration { both: include_str!("../migrations/0007.sql"), sqlite: "", postgres: "" },
    Migration {
        both: include_str!("../migrations/0008.sql"),
        sqlite: include_str!("../migrations/0008.sqlite.sql"),
        postgres: include_str!("../migrations/0008.postgres.sql"),
    },
    Migration {
        both: include_str!("../migrations/0009.sql"),
        sqlite: include_str!("../migrations/0009.sqlite.sql"),
        postgres: include_str!("../migrations/0009.postgres.sql"),
    },
    Migration {
        both: include_str!("../migrations/0010.sql"),
        sqlite: include_str!("../migrations/0010.sqlite.sql"),
        postgres: include_str!("../migrations/0010.postgres.sql"),
    },
];

/// The newest form that this program knows.
pub(crate) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// Names the lock that makes processes which start together take turns on PostgreSQL: "shirube" in ASCII.
const TURN: &str = "SELECT 1 FROM pg_advisory_xact_lock(32484424422875749)";

/// All in one transaction that holds the database's lock, so that nothing is half brought forward.
pub(crate) async fn run(engine: Engine, mut tx: Transaction<'_, Any>) -> Result<(), StoreError> {
    let found = form(engine, &mut tx).await?;
    if found > KNOWN {
        return Err(StoreError::Newer { found, known: KNOWN });
    }
    forward(engine, &mut tx, found, KNOWN).await?;
    Ok(tx.commit().await?)
}

/// The form that a database has, 0 for an empty one. Processes that ask at the same time take turns.
pub(crate) async fn form(engine: Engine, connection: &mut AnyConnection) -> Result<i64, StoreError> {
    if engine == Engine::Postgres {
        query(TURN).execute(&mut *connection).await?;
    }
    let table = "CREATE TABLE IF NOT EXISTS shirube_form (version BIGINT NOT NULL PRIMARY KEY)";
    raw_sql(table).execute(&mut *connection).await?;
    let newest: Option<i64> = query_scalar("SELECT MAX(version) FROM shirube_form").fetch_one(connection).await?;
    Ok(newest.unwrap_or(0))
}

/// Brings a database from the form `found` to the form `wanted`.
pub(crate) async fn forward(
    engine: Engine,
    connection: &mut AnyConnection,
    found: i64,
    wanted: i64,
) -> Result<(), StoreError> {
    for (migration, version) in MIGRATIONS.iter().zip(1..).filter(|(_, version)| found < *version && *version <= wanted)
    {
        let own = match engine {
            Engine::Sqlite => migration.sqlite,
            Engine::Postgres => migration.postgres,
        };
        raw_sql(migration.both).execute(&mut *connection).await?;
        if version == 2 {
            fill_columns(connection).await?;
        }
        raw_sql(own).execute(&mut *connection).await?;
        query("INSERT INTO shirube_form (version) VALUES ($1)").bind(version).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Gives the entries of form 1 the columns by which form 2 finds them. Here and not in SQL, because PostgreSQL's JSON
/// knows no U+0000, which a note may have. An entry that cannot be read keeps them empty; a verification tells of it.
async fn fill_columns(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let mut last = (String::new(), i64::MIN);
    loop {
        let rows: Vec<(String, i64, String)> = query_as(
            "SELECT organisation, number, entry FROM trail WHERE (organisation, number) > ($1, $2) \
             ORDER BY organisation, number LIMIT 200",
        )
        .bind(&last.0)
        .bind(last.1)
        .fetch_all(&mut *connection)
        .await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = (end.0.clone(), end.1);
        for (organisation, number, sealed) in rows {
            let Ok(entry) = serde_json::from_str::<Entry>(&sealed) else { continue };
            query(
                "UPDATE trail SET at = $3, actor = $4, action = $5, object = $6 \
                 WHERE organisation = $1 AND number = $2",
            )
            .bind(organisation)
            .bind(number)
            .bind(entry.at)
            .bind(printable(&entry.actor))
            .bind(printable(&entry.action))
            .bind(printable(&entry.object))
            .execute(&mut *connection)
            .await?;
        }
    }
}
