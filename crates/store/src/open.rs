//! Opening a database of either kind.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection, Executor, Transaction, query_scalar};

use crate::error::{SQLITE_BUSY, sqlite_code};
use crate::{StoreError, migration};

/// A database that is open. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    readers: AnyPool,
    writers: AnyPool,
    pub(crate) engine: Engine,
}

/// The database behind the store. What differs between the two stands in this file and in `migration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// How long to wait for a connection, or for another process that writes to the same SQLite file.
const PATIENCE: Duration = Duration::from_secs(10);

const READERS: u32 = 8;

/// A confirmed change has to outlive a power cut, hence `FULL`.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA trusted_schema = OFF;";

/// How often to try to be the one that sets up a new SQLite file.
const ATTEMPTS: u32 = 100;

impl Store {
    /// Opens `sqlite:PATH` (made if it is not there, for its owner only) or `postgres://…`, checks it and brings it to
    /// the form this program knows.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let (engine, options, mut connection) = connect(url).await?;
        migration::run(engine, connection.begin_with(engine.begin_writing()).await?).await?;
        connection.close().await?;

        let pool = |most: u32| {
            let pool = AnyPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
            let pool = pool.after_connect(move |connection, _| Box::pin(prepare(engine, connection)));
            pool.connect_lazy_with(options.clone())
        };
        let readers = pool(READERS);
        // SQLite has one writer at a time. In one process they queue for the one connection instead of asking again
        // and again for the file's lock.
        let writers = match engine {
            Engine::Sqlite => pool(1),
            Engine::Postgres => readers.clone(),
        };
        Ok(Self { readers, writers, engine })
    }

    /// Closes all connections, after those in use have come back.
    pub async fn close(&self) {
        self.writers.close().await;
        self.readers.close().await;
    }

    /// For a single query, which needs no transaction around it.
    pub(crate) fn reader(&self) -> &AnyPool {
        &self.readers
    }

    /// For a single statement outside of any change: caches, and when somebody was last seen.
    pub(crate) fn writer(&self) -> &AnyPool {
        &self.writers
    }

    /// A transaction that may write.
    pub(crate) async fn begin_writing(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.writers.begin_with(self.engine.begin_writing()).await?)
    }

    /// A transaction in which all queries see the same state.
    pub(crate) async fn begin_reading(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(match self.engine {
            Engine::Sqlite => self.readers.begin().await?,
            Engine::Postgres => self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
        })
    }
}

/// The one connection that a database is checked and brought forward with. A pool would try a damaged file again and
/// again and report a lack of time.
pub(crate) async fn connect(url: &str) -> Result<(Engine, AnyConnectOptions, AnyConnection), StoreError> {
    install_default_drivers();
    let (engine, address) = address(url)?;
    let options = AnyConnectOptions::from_str(&address).map_err(|_| StoreError::Address)?;
    let mut connection = options.connect().await?;
    prepare(engine, &mut connection).await?;
    if engine == Engine::Sqlite {
        read_while_one_writes(&mut connection).await?;
        check(&mut connection).await?;
    }
    Ok((engine, options, connection))
}

async fn prepare(engine: Engine, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    match engine {
        Engine::Sqlite => connection.execute(sqlx::raw_sql(SQLITE_SETTINGS)).await.map(drop),
        Engine::Postgres => Ok(()),
    }
}

/// Turns on the write-ahead log, which stays with the file. SQLite does not wait when several processes do so at once
/// on a new file, but refuses; waiting for whoever writes and trying again makes them take turns.
async fn read_while_one_writes(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for _ in 0..ATTEMPTS {
        match connection.execute("PRAGMA journal_mode = WAL").await {
            Err(error) if sqlite_code(&error) == Some(SQLITE_BUSY) => {
                connection.execute(sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK")).await?;
            }
            told => return told.map(drop),
        }
    }
    connection.execute("PRAGMA journal_mode = WAL").await.map(drop)
}

/// A damaged file is refused at the start, not found when somebody needs it. PostgreSQL looks after its own.
async fn check(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let told: Vec<String> = query_scalar("PRAGMA quick_check").fetch_all(connection).await?;
    match told.as_slice() {
        [ok] if ok == "ok" => Ok(()),
        _ => Err(StoreError::inconsistent("データベースのファイル", told.join("; "))),
    }
}

/// The engine, and the address as its driver wants it. The file of SQLite is made here.
fn address(url: &str) -> Result<(Engine, String), StoreError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok((Engine::Postgres, url.to_owned()));
    }
    let path = url.strip_prefix("sqlite:").filter(|path| !path.is_empty() && *path != ":memory:");
    let path = path.ok_or(StoreError::Address)?;
    let unavailable = |error: std::io::Error| StoreError::Unavailable { log: format!("{path}: {error}") };
    let path = make_file(Path::new(path)).map_err(unavailable)?;
    let encoded: String = path.to_str().ok_or(StoreError::Address)?.bytes().map(encoded).collect();
    Ok((Engine::Sqlite, format!("sqlite:{encoded}")))
}

/// Everything that could mean something in an address is written as `%XX`.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

/// SQLite gives its two other files the rights of this one.
fn make_file(path: &Path) -> Result<PathBuf, std::io::Error> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => path.canonicalize(),
    }
}

impl Engine {
    /// SQLite refuses a reader that turns writer after somebody else wrote; so the lock is taken at the start.
    pub(crate) fn begin_writing(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// What checks references that are otherwise checked when the transaction ends: PostgreSQL changes no table about
    /// which it still has a check to make.
    pub(crate) fn check_references(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SET CONSTRAINTS ALL IMMEDIATE"),
        }
    }

    /// What makes texts sort by their bytes, as SQLite does by itself.
    pub(crate) fn by_bytes(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " COLLATE \"C\"",
        }
    }

    /// What makes a query keep the rows it found from other writers. SQLite has locked everything by then.
    pub(crate) fn organisation_for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT id FROM organisation WHERE id = $1",
            Self::Postgres => "SELECT id FROM organisation WHERE id = $1 FOR UPDATE",
        }
    }
}
