//! An edition as plain data. The names of the fields are part of the program's contract: `catalog add` reads them back.

use serde_json::{Value, json};
use shirube_catalog::{Catalog, Certainty, Entry, shelf};
use shirube_intake::ENTRY_COLUMNS;

use super::super::overlay::{self, OfficialText, Overlay};
use crate::exit;
use crate::table;

/// Raised when a field changes its meaning or goes; new fields may come without.
const VERSION: u32 = 1;

/// Columns that are for reading only: `catalog add` passes over them.
const READ_ONLY: [&str; 3] = ["edition", "added", "kind"];

/// Columns of the table, in its order.
pub fn columns() -> Vec<&'static str> {
    ENTRY_COLUMNS.into_iter().chain(READ_ONLY).collect()
}

/// The official wording of an entry, if the user brought it.
pub fn official<'a>(
    catalog: &Catalog,
    entry: &Entry,
    overlay: Option<&'a Overlay>,
) -> Option<(&'a Overlay, &'a OfficialText)> {
    overlay::find(overlay.map(std::slice::from_ref)?, &catalog.edition.id, &entry.id)
}

/// Where a wording comes from, and that it is none of ours.
pub fn origin(source: &str, overlay: &Overlay, text: &OfficialText) -> String {
    let read = format!("文言は「{}」から取り込んだもの（確からしさ{:.2}）", overlay.source, text.confidence);
    if source.is_empty() { read } else { format!("{source}。{read}") }
}

/// The cells of an entry, as [`columns`] names them.
pub fn row(catalog: &Catalog, entry: &Entry, overlay: Option<&Overlay>) -> Vec<String> {
    let official = official(catalog, entry, overlay);
    let text = official.map_or(&entry.text, |(_, official)| &official.text);
    let source = official.map_or_else(|| entry.source.clone(), |(overlay, text)| origin(&entry.source, overlay, text));
    // Words that were brought are the edition's own.
    let from = if official.is_some() { "" } else { entry.text_from.as_str() };
    let cells = [
        &*entry.part,
        &*entry.chapter,
        &*entry.chapter_title,
        &*entry.section,
        &*entry.section_title,
        &*entry.item,
        &*entry.id,
        &*entry.title,
        text,
        &*entry.class,
        &*entry.applies,
        entry.certainty.token(),
        &*source,
        &*entry.note,
        &*entry.technical,
        &*entry.operational,
        &*entry.sample_rule,
        from,
        &*catalog.edition.id,
        &*entry.added,
        "item",
    ];
    cells.map(str::to_owned).to_vec()
}

/// The edition as a whole, its entries, its headings without entries, and what nobody has seen: with them a file alone
/// says how far the edition was seen. `catalog add` passes over all but the entries.
pub fn rows(catalog: &Catalog, overlay: Option<&Overlay>) -> Vec<Vec<String>> {
    let named = |cells: &[(&str, &str)]| -> Vec<String> {
        let cell = |name: &&str| cells.iter().find(|(of, _)| of == name).map_or("", |(_, cell)| cell).to_owned();
        columns().iter().map(cell).collect()
    };
    let edition = &catalog.edition;
    let whole = named(&[
        ("title", &format!("{} {}", edition.title, edition.edition)),
        ("certainty", catalog.certainty().token()),
        ("source", &edition.issuers.join("、")),
        ("note", super::super::editions::certainty_line(catalog).trim_end()),
        ("edition", &edition.id),
        ("kind", "edition"),
    ]);
    let outline = catalog.outline.iter().map(|line| {
        named(&[
            ("part", &line.part),
            ("chapter", &line.chapter),
            ("section", &line.section),
            ("title", &line.title),
            ("certainty", line.certainty.token()),
            ("source", &line.source),
            ("note", &line.note),
            ("edition", &edition.id),
            ("kind", "outline"),
        ])
    });
    let gaps = catalog
        .gaps
        .iter()
        .map(|gap| named(&[("item", &gap.place), ("note", &gap.what), ("edition", &edition.id), ("kind", "gap")]));
    let entries = catalog.entries.iter().map(|entry| row(catalog, entry, overlay));
    std::iter::once(whole).chain(entries).chain(outline).chain(gaps).collect()
}

/// One row for each thing that is known of the edition.
pub fn csv(catalog: &Catalog, overlay: Option<&Overlay>) -> String {
    table::csv(&columns(), &rows(catalog, overlay))
}

/// The edition with everything known of it.
pub fn json(catalog: &Catalog, overlay: Option<&Overlay>) -> String {
    let entry = |entry: &Entry| -> Value {
        let cells = columns().into_iter().zip(row(catalog, entry, overlay));
        cells
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, cell)| (name.to_owned(), Value::from(cell)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let partial = catalog.certainty() != Certainty::Seen;
    exit::json(&json!({
        "format": "shirube-catalog",
        "version": VERSION,
        "partial": partial,
        "notice": super::super::editions::certainty_line(catalog).trim_end(),
        "edition": catalog.edition,
        "certainty": catalog.certainty(),
        "wording": overlay.map_or_else(
            || json!({ "kind": if shelf().catalog(&catalog.edition.id).is_some() { "own-summary" } else { "brought" } }),
            |overlay| json!({ "kind": "official", "source": overlay.source, "sha256": overlay.sha256 }),
        ),
        "entries": catalog.entries.iter().map(entry).collect::<Vec<_>>(),
        "outline": catalog.outline,
        "gaps": catalog.gaps,
    }))
}
