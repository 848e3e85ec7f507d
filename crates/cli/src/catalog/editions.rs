//! Editions and their entries beyond the one of the main job.

use serde_json::{Value, json};
use shirube_catalog::{Catalog, Certainty, Entry, HistoryEntry, shelf};

use super::fields;
use crate::args::ListFormat;
use crate::exit::{self, Failure};
use crate::table;

/// Everything published, or what was in force on a day.
pub fn history(on: Option<&str>, format: ListFormat) -> Result<String, Failure> {
    let entries: Vec<(&HistoryEntry, &str)> = match on {
        None => shelf().history.iter().map(|entry| (entry, "")).collect(),
        Some(day) => {
            let sure = |sure: bool| if sure { "施行中" } else { "施行中かどうか不明" };
            shelf().in_force_on(day).map(|(entry, is_sure)| (entry, sure(is_sure))).collect()
        }
    };
    let heading = ["版", "名称", "版数", "公表", "施行中", "収録した項目", "変わったこと", "確かさ"];
    let rows = || -> Vec<Vec<String>> { entries.iter().map(|(entry, state)| row(entry, state)).collect() };
    match format {
        ListFormat::Table => Ok(table::table(&heading, &rows())),
        ListFormat::Csv => Ok(table::csv(&heading, &rows())),
        ListFormat::Json => {
            let value = |(entry, state): &(&HistoryEntry, &str)| {
                let mut value = json!(entry);
                value["entries"] =
                    shelf().catalog(&entry.id).map_or(Value::Null, |catalog| json!(catalog.entries.len()));
                if on.is_some() {
                    value["in_force"] = json!(*state == "施行中");
                }
                value
            };
            Ok(exit::json(&json!({ "editions": entries.iter().map(value).collect::<Vec<_>>() })))
        }
    }
}

fn row(entry: &HistoryEntry, state: &str) -> Vec<String> {
    let held = shelf().catalog(&entry.id).map_or_else(|| "なし".to_owned(), |c| format!("{}件", c.entries.len()));
    vec![
        entry.id.clone(),
        entry.guideline.clone(),
        entry.edition.clone(),
        entry.date.clone(),
        state.to_owned(),
        held,
        entry.what_changed.clone(),
        entry.certainty.term().to_owned(),
    ]
}

/// The catalog of an edition, or a sentence on what there is.
pub fn catalog(id: &str) -> Result<&'static Catalog, Failure> {
    shelf().catalog(id).ok_or_else(|| {
        let known: Vec<&str> = shelf().catalogs.iter().map(|catalog| catalog.edition.id.as_str()).collect();
        let published = shelf().history.iter().find(|entry| entry.id == id);
        let found = match published {
            Some(entry) => format!(
                "版「{id}」（{} {}）は、名前だけを知っています。中身は収録していません。",
                entry.guideline, entry.edition
            ),
            None => format!("版「{id}」はありません。"),
        };
        Failure::input(format!("{found}収録しているのは {} です。", known.join("、")))
    })
}

/// The sentence that every list of a partial edition carries.
pub fn certainty_line(catalog: &Catalog) -> String {
    let edition = &catalog.edition;
    let mut text = format!("{}（{}、{}）", edition.title, edition.edition, edition.published);
    if catalog.certainty() != Certainty::Seen {
        text.push_str("。収録は一部又は推定を含みます");
    }
    let note = edition.note.as_ref().map(|note| format!("。{note}")).unwrap_or_default();
    format!("{text}{}。文言は要旨で、原文ではありません。\n", note.trim_end_matches('。'))
}

/// All entries of an edition.
pub fn list(catalog: &Catalog, format: ListFormat) -> String {
    let heading = ["番号", "編・章", "区分", "対象", "求められること（要旨）", "確かさ"];
    let rows = || -> Vec<Vec<String>> { catalog.entries.iter().map(entry_row).collect() };
    match format {
        ListFormat::Table => {
            format!("{}\n{}{}", certainty_line(catalog), table::table(&heading, &rows()), gaps(catalog))
        }
        ListFormat::Csv => table::csv(&heading, &rows()),
        ListFormat::Json => exit::json(&json!({
            "edition": catalog.edition,
            "certainty": catalog.certainty(),
            "entries": catalog.entries,
            "outline": catalog.outline,
            "gaps": catalog.gaps,
        })),
    }
}

fn gaps(catalog: &Catalog) -> String {
    if catalog.gaps.is_empty() {
        return String::new();
    }
    let lines: String = catalog.gaps.iter().map(|gap| format!("  {}: {}\n", gap.place, gap.what)).collect();
    format!("\n未確認の番号と文言\n{lines}")
}

fn entry_row(entry: &Entry) -> Vec<String> {
    let place = [&*entry.part, &*entry.chapter, &*entry.chapter_title];
    vec![
        entry.id.clone(),
        place.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
        entry.class.clone(),
        entry.applies.clone(),
        entry.text.clone(),
        entry.certainty.term().to_owned(),
    ]
}

/// One entry with everything that leads from and to it.
pub fn show(qualified: &str) -> Option<(Value, String)> {
    let (catalog, entry) = shelf().entry(qualified)?;
    let own = |text: &str| if text.is_empty() { String::new() } else { text.to_owned() };
    let borrowed = match entry.text_from.as_str() {
        "" => String::new(),
        from => format!("（{from}の要旨。この版の文言は確かめていません）"),
    };
    let links = links(&catalog.edition.id, &entry.id);
    let lines: String =
        links.iter().map(|(id, term, certainty, why)| format!("\n  {id} {term}（{certainty}）: {why}")).collect();
    let gap = catalog.gaps.iter().find(|gap| gap.place == entry.id).map(|gap| gap.what.clone()).unwrap_or_default();
    let text = fields(&[
        ("番号", format!("{}/{}", catalog.edition.id, entry.id)),
        ("版", format!("{} {}", catalog.edition.title, catalog.edition.edition)),
        (
            "章",
            [&*entry.part, &*entry.chapter, &*entry.chapter_title, &*entry.section, &*entry.section_title]
                .join(" ")
                .trim()
                .to_owned(),
        ),
        ("題", own(&entry.title)),
        ("区分", own(&entry.class)),
        ("対象", own(&entry.applies)),
        ("求められること（要旨）", format!("{}{borrowed}", entry.text)),
        ("技術的対策", own(&entry.technical)),
        ("運用的対策", own(&entry.operational)),
        ("規程の文例（自作）", own(&entry.sample_rule)),
        ("確かさ", entry.certainty.term().to_owned()),
        ("出典", own(&entry.source)),
        ("注", own(&entry.note)),
        ("未確認", gap),
        ("ほかの版との対応", lines),
    ]);
    let mut value = json!(entry);
    value["edition"] = json!(catalog.edition.id);
    value["links"] = links
        .iter()
        .map(|(id, term, certainty, why)| json!({ "to": id, "relation": term, "certainty": certainty, "rationale": why }))
        .collect();
    Some((value, text))
}

/// Links of an entry in both directions: qualified id, relation, certainty, rationale.
fn links(edition: &str, id: &str) -> Vec<(String, &'static str, &'static str, &'static str)> {
    let mut found = Vec::new();
    for walk in &shelf().crosswalks {
        for link in &walk.links {
            let certainty = link.certainty.term();
            if walk.from == edition && link.source == id {
                let to = if link.target.is_empty() { walk.to.clone() } else { format!("{}/{}", walk.to, link.target) };
                found.push((to, link.relation.term(), certainty, link.rationale.as_str()));
            } else if walk.to == edition && link.target == id {
                let from = format!("{}/{}", walk.from, link.source);
                found.push((from, link.relation.inverse().term(), certainty, link.rationale.as_str()));
            }
        }
    }
    found
}
