//! A fresh database on each engine, and the few steps that most cases begin with.

use std::env;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use shirube_store::{Change, Event, Files, NewPerson, NewSession, Store, StoreError};
use shirube_trail::{Head, Origin};
use sqlx::any::{AnyConnectOptions, install_default_drivers};
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Connection, query_scalar, raw_sql};
use tempfile::TempDir;

/// Names the PostgreSQL server that the cases run on too. `scripts/test` always sets it.
const POSTGRES: &str = "SHIRUBE_TEST_POSTGRES";

/// A database of its own for one case: a file, or a schema.
pub struct Place {
    pub url: String,
    /// The file, on SQLite.
    pub file: Option<PathBuf>,
    schema: Option<String>,
    _folder: TempDir,
}

/// Runs a case on SQLite, then on PostgreSQL where there is one.
pub fn on_each_engine(case: impl AsyncFn(&Place)) {
    runtime().block_on(async {
        case(&Place::sqlite()).await;
        if let Ok(server) = env::var(POSTGRES) {
            let place = Place::postgres(&server).await;
            case(&place).await;
            place.remove(&server).await;
        }
    });
}

pub fn on_sqlite(case: impl AsyncFn(&Place)) {
    runtime().block_on(async { case(&Place::sqlite()).await });
}

pub fn runtime() -> tokio::runtime::Runtime {
    install_default_drivers();
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        // A path with everything that an address could misread.
        let file = folder.path().join("台帳 #1?50%.db");
        Self { url: format!("sqlite:{}", file.display()), file: Some(file), schema: None, _folder: folder }
    }

    pub async fn postgres(server: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("case_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run_alone(server, &format!("CREATE SCHEMA {schema}")).await;
        let joint = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{joint}options[search_path]={schema}&application_name={schema}");
        Self { url, file: None, schema: Some(schema), _folder: TempDir::new().unwrap() }
    }

    async fn remove(&self, server: &str) {
        let schema = self.schema.as_ref().unwrap();
        run_alone(server, &format!("DROP SCHEMA {schema} CASCADE")).await;
    }

    /// Leaves nothing behind.
    pub async fn leave(&self) {
        if let (Some(_), Ok(server)) = (&self.schema, env::var(POSTGRES)) {
            self.remove(&server).await;
        }
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Changes the database past the program and past what the database itself refuses, as somebody with the file or
    /// the server's password could.
    pub async fn tamper(&self, sql: &str) {
        match &self.file {
            Some(_) => {
                let mut connection = self.connect().await;
                let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
                let triggers: Vec<String> = query_scalar(triggers).fetch_all(&mut connection).await.unwrap();
                let drop: String = triggers.iter().map(|name| format!("DROP TRIGGER {name}; ")).collect();
                let sql = format!("PRAGMA foreign_keys = OFF; {drop}{sql}");
                raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            None => run_alone(&self.url, &format!("SET session_replication_role = replica; {sql}")).await,
        }
    }

    /// What the database says to a statement that does not come from the program.
    pub async fn past(&self, sql: &str) -> Result<(), sqlx::Error> {
        let mut connection = self.connect().await;
        let told = raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.map(drop);
        connection.close().await.unwrap();
        told
    }

    /// Ends the store's connections on the server's side; tells whether the engine has such.
    pub async fn cut_connections(&self) -> bool {
        let Some(schema) = &self.schema else { return false };
        let cut = format!(
            "DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE application_name = '{schema}' AND pid <> pg_backend_pid(); END $$"
        );
        run_alone(&self.url, &cut).await;
        true
    }

    async fn connect(&self) -> AnyConnection {
        let url = match &self.file {
            Some(file) => {
                std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
                let bytes = file.to_str().unwrap().bytes();
                format!("sqlite:{}", bytes.map(|byte| format!("%{byte:02X}")).collect::<String>())
            }
            None => self.url.clone(),
        };
        AnyConnectOptions::from_str(&url).unwrap().connect().await.unwrap()
    }
}

async fn run_alone(url: &str, sql: &str) {
    let mut connection = AnyConnectOptions::from_str(url).unwrap().connect().await.unwrap();
    raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

pub fn files(texts: &[(&str, &str)]) -> Files {
    Files::new(texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))).unwrap()
}

pub fn one(text: &str) -> Files {
    files(&[("system.yaml", text)])
}

pub fn event(action: &str, note: &str) -> Event {
    Event { action: action.to_owned(), note: note.to_owned() }
}

pub const AT: &str = "2026-11-22T01:02:03.004Z";

/// An organisation with one service that has no revision yet.
pub async fn found(store: &Store, organisation: &str, service: &str) {
    let mut change = store.begin(organisation).await.unwrap();
    change.open_organisation("見本クラウド", "provider").await.unwrap();
    change.commit("p-1", Origin::Console, AT, event("organisation.opened", "")).await.unwrap();
    let mut change = store.begin(organisation).await.unwrap();
    change.open_service(service, "電子カルテ").await.unwrap();
    change.commit("p-1", Origin::Console, AT, event("service.opened", "")).await.unwrap();
}

pub async fn revise(
    store: &Store,
    organisation: &str,
    service: &str,
    based_on: Option<u64>,
    files: &Files,
) -> Result<(u64, Head), StoreError> {
    let mut change = store.begin(organisation).await?;
    let number = change.add_revision(service, based_on, files).await?;
    let origin = Origin::Browser("192.0.2.7".to_owned());
    let head = change.commit("p-2", origin, AT, event("revision.created", "点検の結果を書いた。")).await?;
    Ok((number, head))
}

/// Ends a change the way most cases do not care about.
pub async fn done(change: Change) -> Head {
    change.commit("p-1", Origin::Console, AT, event("case.step", "")).await.unwrap()
}

/// A person with one role in their own organisation.
pub async fn person(store: &Store, organisation: &str, id: &str) {
    let mut change = store.begin(organisation).await.unwrap();
    let (sign_in, mail) = (format!("{id}@example.jp"), format!("{id}@mail.example.jp"));
    let new = NewPerson { id, sign_in: &sign_in, name: "髙橋 一郎", mail: &mail, state: "active" };
    change.add_person(new, AT).await.unwrap();
    change.grant(id, "editor", "p-1", AT).await.unwrap();
    done(change).await;
}

/// A session that acts for the person's own organisation.
pub fn session<'a>(organisation: &'a str, person: &'a str, digest: &'a str) -> NewSession<'a> {
    NewSession {
        digest,
        person,
        organisation,
        stage: "full",
        factors: "password totp",
        csrf: "c",
        agent: "Firefox",
        address: "192.0.2.7",
    }
}
