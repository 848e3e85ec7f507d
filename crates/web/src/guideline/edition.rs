//! `/catalog` and `/catalog/{edition}`: which editions there are, and what of one is held here.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shirube_catalog::{Catalog, Entry, HistoryEntry, Outline};

use super::{certainty_class, edition_choice, edition_href, edition_name, held, is_in_force, item_href};
use crate::around::{Around, Subject};

#[derive(Template)]
#[template(path = "guideline/list.html")]
struct ListBody {
    base: String,
    editions: Vec<EditionLine>,
    /// Published, and nothing of them is held.
    others: Vec<&'static HistoryEntry>,
}

struct EditionLine {
    href: String,
    catalog: &'static Catalog,
    name: String,
    /// Items with and without words.
    worded: usize,
    unseen: usize,
}

pub async fn list(around: Around) -> Response {
    let base = around.base();
    let line = |catalog: &'static Catalog| {
        let worded = catalog.entries.iter().filter(|entry| is_seen(entry)).count();
        EditionLine {
            href: edition_href(&base, &catalog.edition.id),
            catalog,
            name: edition_name(&catalog.edition),
            worded,
            unseen: catalog.entries.len() - worded,
        }
    };
    let mut editions: Vec<EditionLine> = held().catalogs.iter().map(line).collect();
    editions.sort_by(|one, other| {
        let key = |line: &EditionLine| (line.catalog.edition.title.clone(), line.catalog.edition.published.clone());
        key(one).cmp(&key(other))
    });
    let others = held().history.iter().filter(|entry| held().catalog(&entry.id).is_none()).collect();
    let body = ListBody { editions, others, base };
    around.page(Subject::Guideline, StatusCode::OK, "ガイドライン", &body)
}

#[derive(Template)]
#[template(path = "guideline/edition.html")]
struct EditionBody {
    base: String,
    catalog: &'static Catalog,
    name: String,
    /// Name and address of the edition that replaced it.
    successor: Option<(String, Option<String>)>,
    others: Vec<(String, String)>,
    chapters: Vec<Chapter>,
    unseen: usize,
    has_class: bool,
}

/// Items under one heading.
struct Chapter {
    title: String,
    entries: Vec<(String, &'static Entry)>,
}

/// What the address names. Addresses may have more parts before it.
#[derive(Deserialize)]
pub struct At {
    pub edition: String,
}

pub async fn one(around: Around, Path(At { edition }): Path<At>) -> Response {
    let base = around.base();
    let Some(catalog) = held().catalog(&edition) else {
        let text = format!("「{edition}」という版は収録していません。");
        return around.missing(Subject::Guideline, &text, ("/catalog", "収録した版の一覧を見る"));
    };
    let successor = catalog.edition.superseded_by.as_ref().map(|id| match held().catalog(id) {
        Some(next) => (edition_name(&next.edition), Some(edition_href(&base, id))),
        None => (id.clone(), None),
    });
    let others = held().catalogs.iter().filter(|other| other.edition.id != edition);
    let body = EditionBody {
        name: edition_name(&catalog.edition),
        successor,
        others: others.map(|other| (other.edition.id.clone(), edition_choice(&other.edition))).collect(),
        chapters: chapters(&base, catalog),
        unseen: catalog.entries.iter().filter(|entry| !is_seen(entry)).count(),
        has_class: catalog.entries.iter().any(|entry| !entry.class.is_empty()),
        catalog,
        base,
    };
    let name = body.name.clone();
    around.page(Subject::Guideline, StatusCode::OK, &name, &body)
}

/// Somebody saw the item's own words; those of another edition are a stand-in.
fn is_seen(entry: &Entry) -> bool {
    !entry.text.is_empty() && entry.text_from.is_empty()
}

/// Entries that stand together, in the order of the original.
fn chapters(base: &str, catalog: &'static Catalog) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for entry in &catalog.entries {
        let title = heading(entry);
        let line = (item_href(base, &catalog.edition.id, &entry.id), entry);
        match chapters.last_mut() {
            Some(last) if last.title == title => last.entries.push(line),
            _ => chapters.push(Chapter { title, entries: vec![line] }),
        }
    }
    chapters
}

/// Part, chapter and title of the place of an entry.
pub fn heading(entry: &Entry) -> String {
    let chapter = [entry.chapter.as_str(), entry.chapter_title.as_str()];
    let chapter = chapter.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    [entry.part.as_str(), chapter.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ／ ")
}

/// The place of a line of the outline.
fn place(outline: &Outline) -> String {
    let parts = [&outline.part, &outline.chapter, &outline.section, &outline.title];
    parts.into_iter().filter(|text| !text.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}
