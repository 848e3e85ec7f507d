//! `/api/v1/catalogs`: what the guidelines say, with how certain that is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{Entry, editions as all_editions, find, shelf};

use super::facts::token;
use super::operation::{Call, Nothing};
use super::problem::Problem;
use super::reply::{Cursor, One, Page, Paging};

/// ガイドラインの版。
#[derive(Serialize, JsonSchema)]
pub struct EditionOut {
    id: String,
    title: String,
    edition: String,
    issuers: Vec<String>,
    /// 年と月。
    published: String,
    /// in-force（現行）かsuperseded（旧版）。
    status: String,
    superseded_by: Option<String>,
    /// seen（原文で確認）、partial（一部のみ確認）、derived（推定）。
    certainty: String,
    note: Option<String>,
}

/// 版の一覧。
#[derive(Serialize, JsonSchema)]
pub struct Editions {
    items: Vec<EditionOut>,
}

pub async fn editions(_: Call<Nothing, Nothing>) -> Result<One<Editions>, Problem> {
    let items = all_editions().iter().map(|edition| EditionOut {
        id: edition.id.clone(),
        title: edition.title.clone(),
        edition: edition.edition.clone(),
        issuers: edition.issuers.clone(),
        published: edition.published.clone(),
        status: token(&edition.status),
        superseded_by: edition.superseded_by.clone(),
        certainty: token(&edition.certainty),
        note: edition.note.clone(),
    });
    Ok(One::plain(Editions { items: items.collect() }))
}

/// 版の一つの項目。
#[derive(Serialize, JsonSchema)]
pub struct EntryOfEdition {
    /// 版の中での番号。
    id: String,
    part: String,
    chapter: String,
    chapter_title: String,
    section: String,
    section_title: String,
    title: String,
    /// 内容の要旨。原文ではない。
    text: String,
    class: String,
    /// seen、partial、derivedのどれか。
    certainty: String,
    source: String,
    note: String,
}

impl From<&Entry> for EntryOfEdition {
    fn from(entry: &Entry) -> Self {
        Self {
            id: entry.id.clone(),
            part: entry.part.clone(),
            chapter: entry.chapter.clone(),
            chapter_title: entry.chapter_title.clone(),
            section: entry.section.clone(),
            section_title: entry.section_title.clone(),
            title: entry.title.clone(),
            text: entry.text.clone(),
            class: entry.class.clone(),
            certainty: token(&entry.certainty),
            source: entry.source.clone(),
            note: entry.note.clone(),
        }
    }
}

pub async fn entries(call: Call<Paging, Nothing>) -> Result<Page<EntryOfEdition>, Problem> {
    let cursor = Cursor::read(call.query.cursor.as_deref())?;
    let edition = call.at("edition").to_owned();
    // The shelf is opened at its first use, which takes a moment.
    let found = tokio::task::spawn_blocking(move || shelf().catalog(&edition)).await.ok().flatten();
    let catalog = found.ok_or_else(Problem::nothing)?;
    let path = format!("/api/v1/catalogs/{}/entries", catalog.edition.id);
    let all: Vec<EntryOfEdition> = catalog.entries.iter().map(EntryOfEdition::from).collect();
    Ok(cursor.part(all, call.query.limit, None, &path, &[]))
}

/// 探す言葉。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// 空白で区切った言葉。すべてを含む項目を返す。
    #[schemars(length(min = 1, max = 200))]
    q: String,
    /// 一度に返す数の上限。
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// 前の答えの`next`。
    #[schemars(regex(pattern = r"^[0-9]{1,9}\.[0-9]{1,9}$"))]
    cursor: Option<String>,
}

/// 見つかった項目。
#[derive(Serialize, JsonSchema)]
pub struct FoundOut {
    /// 版の名前を付けた番号。
    id: String,
    title: String,
    text: String,
    certainty: String,
}

pub async fn search(call: Call<Words, Nothing>) -> Result<Page<FoundOut>, Problem> {
    let cursor = Cursor::read(call.query.cursor.as_deref())?;
    let words = vec![call.query.q.clone()];
    let found = tokio::task::spawn_blocking(move || find(&words)).await.unwrap_or_default();
    let out = found.into_iter().map(|found| FoundOut {
        id: found.id,
        title: found.title,
        text: found.text,
        certainty: token(&found.certainty),
    });
    let query = [("q", call.query.q.as_str())];
    Ok(cursor.part(out.collect(), call.query.limit, None, "/api/v1/catalogs/search", &query))
}
