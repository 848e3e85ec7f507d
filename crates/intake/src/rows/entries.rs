//! Rows as items of an edition.

use std::collections::HashMap;

use shirube_catalog::{Catalog, Certainty, Entry, Shelf};

use super::table::{self, Row};
use super::{Place, Problems, Rows, word};
use crate::import::IntakeError;

/// Columns of a table of items, in the order in which `catalog export` writes them.
pub const ENTRY_COLUMNS: [&str; 18] = [
    "part",
    "chapter",
    "chapter_title",
    "section",
    "section_title",
    "item",
    "id",
    "title",
    "text",
    "class",
    "applies",
    "certainty",
    "source",
    "note",
    "technical",
    "operational",
    "sample_rule",
    "text_from",
];

/// Reads items of an edition. `shelf` is what they must not touch: the embedded one.
pub fn entries(bytes: &[u8], name: &str, edition: &str, shelf: &Shelf) -> Result<Rows<Entry>, IntakeError> {
    let mut problems = Problems::default();
    let table = table::read(bytes, name, &ENTRY_COLUMNS, &mut problems)?;
    let embedded = shelf.catalog(edition);
    let mut seen: HashMap<String, Place> = HashMap::new();
    let mut rows = Vec::new();
    for row in &table {
        let before = problems.0.len();
        let entry = entry(row, shelf, &mut problems);
        id(row, &entry.id, edition, embedded, &mut seen, &mut problems);
        if let Some(catalog) = embedded {
            chapter(row, &entry, catalog, &mut problems);
        }
        if !problems.0[before..].iter().any(|problem| problem.stops) {
            rows.push(entry);
        }
    }
    Ok(Rows { rows, problems: problems.sorted() })
}

fn entry(row: &Row, shelf: &Shelf, problems: &mut Problems) -> Entry {
    let get = |name: &str| row.get(name);
    let (place, id) = (&row.place, get("id"));
    if get("text").is_empty() && get("title").is_empty() {
        // Of some items only the number was seen; then the note says so.
        if get("note").is_empty() {
            problems.stop(
                place,
                format!("「{id}」に求められること（text）も題（title）もありません。どちらかを書いてください。"),
            );
        } else {
            problems.doubt(place, format!("「{id}」の文言（text）と題（title）が空です。文言未確認として示します。"));
        }
    }
    if get("class").is_empty() {
        problems.doubt(
            place,
            format!("「{id}」の区分（class）が空です。分からなければ空のままで構いませんが、不明と示します。"),
        );
    }
    if get("source").is_empty() {
        problems
            .doubt(place, format!("「{id}」の出典（source）が空です。文書名とページを書くと、後で確かめられます。"));
    }
    let from = get("text_from");
    if !from.is_empty() && shelf.catalog(&from).is_none() {
        problems.stop(place, format!("「{id}」の文言の元の版（text_from）「{from}」は収録していません。"));
    }
    Entry {
        part: get("part"),
        chapter: get("chapter"),
        chapter_title: get("chapter_title"),
        section: get("section"),
        section_title: get("section_title"),
        item: get("item"),
        title: get("title"),
        text: get("text"),
        text_from: from,
        class: get("class"),
        applies: get("applies"),
        certainty: certainty(place, &id, &get("certainty"), problems),
        source: get("source"),
        note: get("note"),
        technical: get("technical"),
        operational: get("operational"),
        sample_rule: get("sample_rule"),
        added: String::new(),
        id,
    }
}

/// What nobody states is not claimed: an empty field is the least certain.
pub(super) fn certainty(place: &Place, id: &str, text: &str, problems: &mut Problems) -> Certainty {
    if text.is_empty() {
        problems
            .doubt(place, format!("「{id}」の確かさ（certainty）が空です。「推定（原文では未確認）」として扱います。"));
        return Certainty::Derived;
    }
    word(text, &Certainty::ALL, Certainty::token, Certainty::term).unwrap_or_else(|words| {
        problems.stop(place, format!("「{id}」の確かさ「{text}」は使えません。使えるのは {words} です。"));
        Certainty::Derived
    })
}

fn id(
    row: &Row,
    id: &str,
    edition: &str,
    embedded: Option<&Catalog>,
    seen: &mut HashMap<String, Place>,
    problems: &mut Problems,
) {
    let place = &row.place;
    if id.is_empty() {
        problems.stop(place, "番号（id）がありません。版の中で重ならない番号を書いてください。");
        return;
    }
    if id.contains(['/', '@']) || id.chars().any(|c| c.is_whitespace() || c.is_control()) {
        problems.stop(place, format!("番号「{id}」は使えません。「/」「@」と空白を含まない番号にしてください。"));
    }
    if embedded.is_some_and(|catalog| catalog.entry(id).is_some()) {
        problems.stop(
            place,
            format!("「{edition}/{id}」は収録済みの項目です。収録済みの項目は変えられません。この行を外してください。"),
        );
    }
    if let Some(first) = seen.insert(id.to_owned(), *place) {
        problems.stop(place, format!("番号「{id}」は{first}にもあります。どちらかを外すか、番号を直してください。"));
    }
}

/// A chapter that the table of contents does not have is more likely a slip than a find.
fn chapter(row: &Row, entry: &Entry, catalog: &Catalog, problems: &mut Problems) {
    if entry.chapter.is_empty() || catalog.outline.is_empty() {
        return;
    }
    let known = catalog.outline.iter().any(|line| line.part == entry.part && line.chapter == entry.chapter)
        || catalog.entries.iter().any(|known| known.part == entry.part && known.chapter == entry.chapter);
    if !known {
        problems.doubt(
            &row.place,
            format!(
                "「{}」の章「{} {}」は、収録した目次にありません。番号を確かめてください。",
                entry.id, entry.part, entry.chapter
            ),
        );
    }
}
