//! A database as one file that either engine can take in again.
//!
//! The file is a ZIP archive. `tables/NAME.jsonl` has one row a line as JSON, in a fixed order; `manifest.json` tells
//! the form of the database, when and by which program it was written, and for each table the number of rows and the
//! SHA-256 digest of its file, which `sha256sum` computes again. The same content gives the same bytes.
//!
//! Sessions are left out, so that nobody whose session was ended is back after a restore; so are the figures that are
//! computed from revisions.

mod dump;
mod load;
mod table;

use serde::{Deserialize, Serialize};
use shirube_trail::Digest;

use crate::StoreError;

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the database, as its migrations count.
    pub form: i64,
    /// The program that wrote it.
    pub program: String,
    /// When it was written.
    pub at: String,
    pub tables: Vec<TableLine>,
}

/// What a backup says about one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableLine {
    pub name: String,
    pub rows: u64,
    /// SHA-256 of the file.
    pub digest: Digest,
}

/// Why a backup was not written or not taken in. Nothing is kept of one that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// The file is no backup, or cut off.
    #[error("控えのファイルとして読めません。途中で切れていないか、別のファイルでないかを確かめてください。")]
    Unreadable { log: String },
    /// A part is missing, or there is one too many.
    #[error("控えの中身「{0}」が、一覧（manifest.json）と合いません。別の控えをお使いください。")]
    Parts(String),
    /// A part differs from what the manifest says.
    #[error("控えの中身「{0}」が、書き出された後に変わっています。別の控えをお使いください。")]
    Damaged(String),
    /// A row is not what the form of the backup has.
    #[error("控えの中身「{part}」の{line}行目が読めません。別の控えをお使いください。")]
    Row { part: String, line: u64, log: String },
    /// A newer version of the program wrote it.
    #[error(
        "控えの形式（{found}）が、このプログラムの扱える形式（{known}）より新しいため、読み込みません。新しい版のプログラムをお使いください。"
    )]
    Newer { found: i64, known: i64 },
    /// Something is in the database already.
    #[error("読み込み先のデータベースが空ではありません。まだ使っていないデータベースを指定してください。")]
    NotEmpty,
    /// The file could not be written.
    #[error("控えを書き出せません。空き容量と書き込みの権限を確かめてください。")]
    Write { log: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

const MANIFEST: &str = "manifest.json";

/// Where the rows of a table stand in the archive.
fn part(table: &str) -> String {
    format!("tables/{table}.jsonl")
}
