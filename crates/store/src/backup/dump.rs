//! Writing a backup.

use std::io::{self, Write};

use futures_util::TryStreamExt;
use sha2::{Digest as _, Sha256};
use shirube_trail::Digest;
use sqlx::{AnyConnection, AssertSqlSafe, Row, query};
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::table::{Table, tables};
use super::{BackupError, MANIFEST, Manifest, TableLine, part};
use crate::change::time;
use crate::migration::KNOWN;
use crate::open::Engine;
use crate::{Store, StoreError};

impl Store {
    /// Writes everything as it is at one moment, while others go on reading and writing. `program` and `at` are what
    /// the manifest says of who wrote it and when. Writing to `out` blocks the thread for as long as `out` does.
    pub async fn dump(&self, out: impl Write + Send, program: &str, at: &str) -> Result<Manifest, BackupError> {
        let mut manifest =
            Manifest { form: KNOWN, program: program.to_owned(), at: time(at)?.to_owned(), tables: Vec::new() };
        let mut archive = ZipWriter::new_stream(Out { inner: out, has_failed: false });
        let mut tx = self.begin_reading().await?;
        for table in tables(KNOWN) {
            manifest.tables.push(write(&mut archive, self.engine, &mut tx, table).await?);
        }
        archive.start_file(MANIFEST, options()).map_err(zip_failed)?;
        let text = serde_json::to_string_pretty(&manifest).map_err(|error| failed(error.into()))?;
        archive.write_all(text.as_bytes()).and_then(|()| archive.write_all(b"\n")).map_err(failed)?;
        archive.finish().map_err(zip_failed)?.into_inner().inner.flush().map_err(failed)?;
        Ok(manifest)
    }
}

/// Without times of files, so that the same content gives the same bytes.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().large_file(true)
}

fn failed(error: io::Error) -> BackupError {
    BackupError::Write { log: error.to_string() }
}

fn zip_failed(error: zip::result::ZipError) -> BackupError {
    BackupError::Write { log: error.to_string() }
}

async fn write<W: Write + Send>(
    archive: &mut ZipWriter<StreamWriter<W>>,
    engine: Engine,
    connection: &mut AnyConnection,
    table: &Table,
) -> Result<TableLine, BackupError> {
    archive.start_file(part(table.name), options()).map_err(zip_failed)?;
    let mut lines = Lines { archive, hash: Sha256::new(), rows: 0 };
    let select = table.select(engine, KNOWN);
    if table.is_large() {
        for key in keys(connection, select).await? {
            let mut one = query(AssertSqlSafe(table.select_one(KNOWN)));
            for value in key {
                one = one.bind(value);
            }
            let row = one.fetch_one(&mut *connection).await?;
            lines.add(table.line(KNOWN, &row)?)?;
        }
    } else {
        let mut rows = query(AssertSqlSafe(select)).fetch(connection);
        while let Some(row) = rows.try_next().await? {
            lines.add(table.line(KNOWN, &row)?)?;
        }
    }
    let digest: [u8; 32] = lines.hash.finalize().into();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let digest: Digest = digest.parse().map_err(|error| StoreError::inconsistent("ダイジェスト", error))?;
    Ok(TableLine { name: table.name.to_owned(), rows: lines.rows, digest })
}

/// The keys of a large table, which are texts.
async fn keys(connection: &mut AnyConnection, select: String) -> Result<Vec<Vec<String>>, StoreError> {
    let rows = query(AssertSqlSafe(select)).fetch_all(connection).await?;
    let key = |row: &sqlx::any::AnyRow| (0..row.len()).map(|column| Ok(row.try_get(column)?)).collect();
    rows.iter().map(key).collect()
}

/// After a failure it takes everything without a word: the archive writes its end when it is dropped, and would print
/// what is already told.
struct Out<W> {
    inner: W,
    has_failed: bool,
}

impl<W: Write> Write for Out<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.has_failed {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.has_failed = matches!(&written, Err(error) if error.kind() != io::ErrorKind::Interrupted);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.has_failed { Ok(()) } else { self.inner.flush() }
    }
}

struct Lines<'a, W: Write> {
    archive: &'a mut ZipWriter<StreamWriter<W>>,
    hash: Sha256,
    rows: u64,
}

impl<W: Write> Lines<'_, W> {
    fn add(&mut self, mut line: String) -> Result<(), BackupError> {
        line.push('\n');
        self.hash.update(line.as_bytes());
        self.rows += 1;
        self.archive.write_all(line.as_bytes()).map_err(failed)
    }
}
