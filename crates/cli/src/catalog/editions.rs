//! Editions and their entries beyond the one of the main job.

use serde::Serialize;
use serde_json::{Value, json};
use shirube_catalog::{Catalog, Certainty, Entry, HistoryEntry, Outline, Relation, Revision, Shelf, shelf};

use super::own::Held;
use super::{certainty, fields};
use crate::args::ListFormat;
use crate::exit::{self, Failure};
use crate::table;

/// Everything published, or what was in force on a day.
pub fn history(on: Option<&str>, format: ListFormat) -> Result<String, Failure> {
    let entries: Vec<(&HistoryEntry, &str)> = match on {
        None => shelf().history.iter().map(|entry| (entry, "")).collect(),
        Some(day) => {
            let sure = |sure: bool| if sure { IN_FORCE } else { "施行中かどうか不明" };
            shelf().in_force_on(day).map(|(entry, is_sure)| (entry, sure(is_sure))).collect()
        }
    };
    let heading = [
        "版",
        "名称",
        "版数",
        "公表",
        "施行の日（推定を含む）",
        "施行の終わり（推定を含む）",
        "施行中",
        "収録した項目",
        "変わったこと",
        "版の確かさ",
    ];
    let rows = || -> Vec<Vec<String>> { entries.iter().map(|(entry, state)| row(entry, state)).collect() };
    match format {
        ListFormat::Table => Ok(format!("{DATES}\n{}", table::table(&heading, &rows()))),
        ListFormat::Csv => Ok(table::csv(&heading, &rows())),
        ListFormat::Json => {
            let value = |(entry, state): &(&HistoryEntry, &str)| {
                let mut value = json!(entry);
                value["entries"] =
                    shelf().catalog(&entry.id).map_or(Value::Null, |catalog| json!(catalog.entries.len()));
                if on.is_some() {
                    value["in_force"] = json!(*state == IN_FORCE);
                }
                value["in_force_certainty"] = json!(Certainty::Derived);
                value
            };
            Ok(exit::json(
                &json!({ "notice": DATES.trim_end(), "editions": entries.iter().map(value).collect::<Vec<_>>() }),
            ))
        }
    }
}

const IN_FORCE: &str = "施行中（推定）";

/// What the days of coming into force rest on; see `catalogs/history/README.md`.
const DATES: &str = "施行の日は版が公表された日を、施行の終わりは後継の版が出た日をあてたもので、推定を含みます。「版の確かさ」は版の名称・版数・公表についてのもので、施行の日についてのものではありません。\n";

fn row(entry: &HistoryEntry, state: &str) -> Vec<String> {
    let held = shelf().catalog(&entry.id).map_or_else(|| "なし".to_owned(), |c| format!("{}件", c.entries.len()));
    vec![
        entry.id.clone(),
        entry.guideline.clone(),
        entry.edition.clone(),
        entry.date.clone(),
        entry.in_force_from.clone(),
        entry.in_force_to.clone(),
        state.to_owned(),
        held,
        entry.what_changed.clone(),
        entry.certainty.term().to_owned(),
    ]
}

/// The catalog of an edition, or a sentence on what there is.
pub fn catalog(id: &str) -> Result<&'static Catalog, Failure> {
    held(shelf(), id)
}

/// The same on a shelf with what a user brought.
pub fn held<'a>(shelf: &'a Shelf, id: &str) -> Result<&'a Catalog, Failure> {
    shelf.catalog(id).ok_or_else(|| {
        let known: Vec<&str> = shelf.catalogs.iter().map(|catalog| catalog.edition.id.as_str()).collect();
        let published = shelf.history.iter().find(|entry| entry.id == id);
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
    let published = if edition.published.is_empty() { String::new() } else { format!("、{}", edition.published) };
    let mut text = format!("{}（{}{published}）", edition.title, edition.edition);
    if catalog.certainty() != Certainty::Seen {
        text.push_str("。収録は一部又は推定を含みます");
    }
    let note = edition.note.as_ref().map(|note| format!("。{note}")).unwrap_or_default();
    // What a user brought may be the original's words; nobody here knows.
    let words =
        if shelf().catalog(&edition.id).is_some() { "。文言は要旨で、原文ではありません" } else { "" };
    format!("{text}{}{words}。\n", note.trim_end_matches('。'))
}

/// All entries of an edition, with those that a user brought and their revisions.
pub fn list_of(held_shelf: &Held, edition: &str, format: ListFormat) -> Result<String, Failure> {
    let catalog = held(&held_shelf.shelf, edition)?;
    let own = held_shelf.own.list(edition);
    let on = held_shelf.on.as_deref();
    Ok(match (format, own) {
        (ListFormat::Table, Some(own)) => {
            let lines: String = own.revisions.iter().map(|one| format!("  {}\n", one.line(on))).collect();
            format!("{}{}\n加えた項目の版\n{lines}", held_shelf.head(), list(catalog, format))
        }
        (ListFormat::Json, Some(own)) => {
            let revisions: Vec<Value> = own.revisions.iter().map(|one| revision(one, on)).collect();
            let mut value = list_value(catalog);
            value["notices"] = json!(held_shelf.notices);
            value["revisions"] = json!(revisions);
            exit::json(&value)
        }
        _ => list(catalog, format),
    })
}

/// A revision without its rows.
fn revision(one: &Revision<Entry>, on: Option<&str>) -> Value {
    json!({
        "no": one.no, "standing": one.standing(on), "prepared_by": one.prepared_by, "prepared_on": one.prepared_on,
        "reason": one.reason, "source": one.source, "sha256": one.sha256, "approved": one.approved,
        "entries": one.rows.len(),
    })
}

/// Columns of a list; CSV has what a row is before them.
const LISTED: [&str; 7] = ["種類", "番号", "編・章", "区分", "対象", "求められること（要旨）", "確かさ"];

/// All entries of an edition.
pub fn list(catalog: &Catalog, format: ListFormat) -> String {
    match format {
        ListFormat::Table => {
            let rows: Vec<Vec<String>> = catalog.entries.iter().map(entry_row).collect();
            let entries = match &rows[..] {
                [] => "項目は収録していません。\n".to_owned(),
                rows => table::table(&LISTED[1..], rows),
            };
            format!("{}\n{entries}{}{}", certainty_line(catalog), outline(catalog), gaps(catalog))
        }
        ListFormat::Csv => table::csv(&LISTED, &rows(catalog)),
        ListFormat::Json => exit::json(&list_value(catalog)),
    }
}

/// Everything known of an edition as rows, so that a file alone says how far it was seen.
fn rows(catalog: &Catalog) -> Vec<Vec<String>> {
    let of_kind = |kind: &str, row: Vec<String>| [vec![kind.to_owned()], row].concat();
    let named = |id: &str, place: String, text: String, certainty: &str| {
        vec![id.to_owned(), place, String::new(), String::new(), text, certainty.to_owned()]
    };
    let edition = &catalog.edition;
    let title = format!("{} {}", edition.title, edition.edition);
    let whole = named(&edition.id, title, certainty_line(catalog).trim_end().to_owned(), catalog.certainty().term());
    let outline = catalog.outline.iter().map(|line| {
        let title = if line.title.is_empty() { "題未確認" } else { &line.title };
        let text = if line.note.is_empty() { title.to_owned() } else { format!("{title}。{}", line.note) };
        of_kind("見出しだけ", named("", place_of(line), text, line.certainty.term()))
    });
    let gaps =
        catalog.gaps.iter().map(|gap| of_kind("未確認", named(&gap.place, String::new(), gap.what.clone(), "未確認")));
    let entries = catalog.entries.iter().map(|entry| of_kind("項目", entry_row(entry)));
    std::iter::once(of_kind("版", whole)).chain(entries).chain(outline).chain(gaps).collect()
}

fn place_of(line: &Outline) -> String {
    let parts = [&*line.part, &*line.chapter, &*line.section];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Chapters and sections of which only the heading is known.
fn outline(catalog: &Catalog) -> String {
    if catalog.outline.is_empty() {
        return String::new();
    }
    let row = |line: &Outline| {
        let title = if line.title.is_empty() { "題未確認" } else { &line.title };
        vec![place_of(line), title.to_owned(), line.certainty.term().to_owned(), line.note.clone()]
    };
    let rows: Vec<Vec<String>> = catalog.outline.iter().map(row).collect();
    let heading = ["編・章・節", "題", "確かさ", "注"];
    format!("\n見出しだけを確認した章や節（項目は収録していません）\n{}", table::table(&heading, &rows))
}

fn list_value(catalog: &Catalog) -> Value {
    json!({
        "edition": catalog.edition,
        "certainty": catalog.certainty(),
        "entries": catalog.entries,
        "outline": catalog.outline,
        "gaps": catalog.gaps,
    })
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
        certainty::wording(entry),
        certainty::of_item(entry.certainty, &entry.added),
    ]
}

/// One entry with everything that leads from and to it.
pub fn show(shelf: &Shelf, qualified: &str) -> Option<(Value, String)> {
    let (catalog, entry) = shelf.entry(qualified)?;
    let own = |text: &str| if text.is_empty() { String::new() } else { text.to_owned() };
    let links = links(shelf, &catalog.edition.id, &entry.id);
    let lines: String = links
        .iter()
        .map(|link| {
            let (relation, certainty) = (link.relation.term(), link.certainty.term());
            format!("\n  {} {relation}（{certainty}）: {}", link.to, link.rationale)
        })
        .collect();
    let gap = catalog.gaps.iter().find(|gap| gap.place == entry.id).map(|gap| gap.what.clone());
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
        ("求められること（要旨）", certainty::wording(entry)),
        ("技術的対策", own(&entry.technical)),
        ("運用的対策", own(&entry.operational)),
        ("規程の文例（自作）", own(&entry.sample_rule)),
        ("確かさ", entry.certainty.term().to_owned()),
        ("加えた人と版", own(&entry.added)),
        ("出典", own(&entry.source)),
        ("注", own(&entry.note)),
        ("未確認", gap.clone().unwrap_or_default()),
        ("ほかの版との対応", lines),
    ]);
    let mut value = json!(entry);
    value["edition"] = json!(catalog.edition.id);
    value["gap"] = json!(gap);
    value["links"] = json!(links);
    Some((value, text))
}

/// A link as one sees it from one of its ends.
#[derive(Serialize)]
struct Link<'a> {
    /// With its edition; the edition alone where there is no counterpart.
    to: String,
    relation: Relation,
    certainty: Certainty,
    rationale: &'a str,
}

/// Links of an entry in both directions.
fn links<'a>(shelf: &'a Shelf, edition: &str, id: &str) -> Vec<Link<'a>> {
    let mut found = Vec::new();
    for walk in shelf.crosswalks() {
        for link in &walk.links {
            let (to, relation) = if walk.from == edition && link.source == id {
                let to = if link.target.is_empty() { walk.to.clone() } else { format!("{}/{}", walk.to, link.target) };
                (to, link.relation)
            } else if walk.to == edition && link.target == id {
                (format!("{}/{}", walk.from, link.source), link.relation.inverse())
            } else {
                continue;
            };
            found.push(Link { to, relation, certainty: link.certainty, rationale: &link.rationale });
        }
    }
    found
}
