//! Taking a backup in.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Seek};

use data_encoding::BASE64;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, query, query_scalar};
use zip::ZipArchive;

use super::table::{Kind, Table, tables};
use super::{BackupError, MANIFEST, Manifest, part};
use crate::migration::{KNOWN, form, forward};
use crate::open::{Engine, connect};
use crate::{Store, StoreError};

/// Rows taken in with one statement.
const AT_ONCE: usize = 50;

/// A manifest is shorter than this.
const LONGEST_MANIFEST: u64 = 1 << 20;

impl Store {
    /// Takes a backup into an empty database of either engine, and brings one of an older form forward. All digests
    /// are checked before anything is written, and all is written in one transaction. Whether the trails hold is for
    /// [`Store::verify_trail`] to say afterwards: a backup of a damaged database is better than none.
    pub async fn load(url: &str, archive: impl Read + Seek + Send) -> Result<Manifest, BackupError> {
        let mut archive = ZipArchive::new(archive).map_err(unreadable)?;
        let manifest = manifest(&mut archive)?;
        check(&mut archive, &manifest)?;
        let (engine, _, mut connection) = connect(url).await?;
        let mut tx = connection.begin_with(engine.begin_writing()).await?;
        make_ready(engine, &mut tx, manifest.form).await?;
        for table in tables(manifest.form) {
            fill(&mut archive, &mut tx, table, manifest.form).await?;
        }
        if let Some(check) = engine.check_references() {
            query(check).execute(&mut *tx).await?;
        }
        forward(engine, &mut tx, manifest.form, KNOWN).await?;
        tx.commit().await?;
        connection.close().await?;
        Ok(manifest)
    }
}

fn unreadable(error: impl std::fmt::Display) -> BackupError {
    BackupError::Unreadable { log: error.to_string() }
}

fn manifest<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Manifest, BackupError> {
    /// What every manifest says, whatever its form.
    #[derive(serde::Deserialize)]
    struct Form {
        form: i64,
    }
    let file = archive.by_name(MANIFEST).map_err(|_| BackupError::Parts(MANIFEST.to_owned()))?;
    let mut text = String::new();
    file.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(unreadable)?;
    let damaged = |_| BackupError::Damaged(MANIFEST.to_owned());
    let Form { form } = serde_json::from_str(&text).map_err(damaged)?;
    if form > KNOWN {
        return Err(BackupError::Newer { found: form, known: KNOWN });
    }
    serde_json::from_str(&text).map_err(damaged)
}

/// Computes every digest again, and sees that there is nothing too many or too few.
fn check<R: Read + Seek>(archive: &mut ZipArchive<R>, manifest: &Manifest) -> Result<(), BackupError> {
    let wanted: Vec<&str> = tables(manifest.form).map(|table| table.name).collect();
    let listed: Vec<&str> = manifest.tables.iter().map(|line| line.name.as_str()).collect();
    if manifest.form < 1 || wanted != listed {
        return Err(BackupError::Parts(MANIFEST.to_owned()));
    }
    let parts: BTreeSet<String> = wanted.iter().map(|table| part(table)).chain([MANIFEST.to_owned()]).collect();
    let present: BTreeSet<String> = archive.file_names().map(str::to_owned).collect();
    if let Some(odd) = parts.symmetric_difference(&present).next() {
        return Err(BackupError::Parts(odd.clone()));
    }
    for line in &manifest.tables {
        let name = part(&line.name);
        let damaged = |_| BackupError::Damaged(name.clone());
        let mut file = archive.by_name(&name).map_err(unreadable)?;
        let mut counted = Counted { hash: Sha256::new(), lines: 0 };
        io::copy(&mut file, &mut counted).map_err(damaged)?;
        let digest: [u8; 32] = counted.hash.finalize().into();
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        if digest != line.digest.to_string() || counted.lines != line.rows {
            return Err(BackupError::Damaged(name));
        }
    }
    Ok(())
}

struct Counted {
    hash: Sha256,
    lines: u64,
}

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Brings an empty database to the form of the backup.
async fn make_ready(engine: Engine, connection: &mut AnyConnection, wanted: i64) -> Result<(), BackupError> {
    let found = form(engine, connection).await?;
    if found > KNOWN {
        return Err(StoreError::Newer { found, known: KNOWN }.into());
    }
    if found > 0 {
        let organisation: Option<String> =
            query_scalar("SELECT id FROM organisation LIMIT 1").fetch_optional(&mut *connection).await?;
        if found > wanted || organisation.is_some() {
            return Err(BackupError::NotEmpty);
        }
    }
    Ok(forward(engine, connection, found, wanted).await?)
}

async fn fill<R: Read + Seek + Send>(
    archive: &mut ZipArchive<R>,
    connection: &mut AnyConnection,
    table: &Table,
    form: i64,
) -> Result<(), BackupError> {
    let name = part(table.name);
    let at_once = if table.is_large() { 1 } else { AT_ONCE };
    let mut reader = BufReader::new(archive.by_name(&name).map_err(unreadable)?);
    let mut line = 0;
    loop {
        let mut rows = Vec::with_capacity(at_once);
        while rows.len() < at_once {
            let mut text = String::new();
            if reader.read_line(&mut text).map_err(unreadable)? == 0 {
                break;
            }
            line += 1;
            let row = |error: serde_json::Error| BackupError::Row { part: name.clone(), line, log: error.to_string() };
            rows.push((line, serde_json::from_str::<Map<String, Value>>(&text).map_err(row)?));
        }
        if rows.is_empty() {
            return Ok(());
        }
        insert(connection, table, form, &rows, &name).await?;
        if rows.len() < at_once {
            return Ok(());
        }
    }
}

async fn insert(
    connection: &mut AnyConnection,
    table: &Table,
    form: i64,
    rows: &[(u64, Map<String, Value>)],
    part: &str,
) -> Result<(), BackupError> {
    let columns = table.columns(form);
    let mut insert = query(AssertSqlSafe(table.insert(form, rows.len())));
    for (line, row) in rows {
        let wrong = |column: &str| BackupError::Row { part: part.to_owned(), line: *line, log: column.to_owned() };
        if row.len() != columns.len() {
            return Err(wrong("columns"));
        }
        for column in &columns {
            let value = row.get(column.name).ok_or_else(|| wrong(column.name))?;
            insert = match (column.kind, value) {
                (Kind::Text, Value::Null) => insert.bind(None::<String>),
                (Kind::Text, Value::String(text)) => insert.bind(text.clone()),
                (Kind::Number, Value::Null) => insert.bind(None::<i64>),
                (Kind::Number, Value::Number(number)) => {
                    insert.bind(number.as_i64().ok_or_else(|| wrong(column.name))?)
                }
                (Kind::Bytes, Value::String(text)) => {
                    insert.bind(BASE64.decode(text.as_bytes()).map_err(|_| wrong(column.name))?)
                }
                _ => return Err(wrong(column.name)),
            };
        }
    }
    insert.execute(connection).await?;
    Ok(())
}
