//! How certain the catalogs are, as every list, table and file says it (CATALOG-009, CATALOG-022).

use serde_json::{Value, json};
use shirube_catalog::{Catalog, Certainty, Entry, Mapping, Shelf};

use super::editions;

/// An edition for machines. Its certainty is the worst of the edition and its items.
pub fn edition(catalog: &Catalog) -> Value {
    let mut value = json!(catalog.edition);
    value["certainty"] = json!(catalog.certainty());
    value["notice"] = json!(editions::certainty_line(catalog).trim_end());
    value
}

/// Every edition of a way, in its order.
pub fn editions(shelf: &Shelf, way: &[String]) -> Value {
    way.iter().filter_map(|id| shelf.catalog(id)).map(edition).collect()
}

/// What people are told beside a CSV, which has no room for a sentence on the whole.
pub fn tell(shelf: &Shelf, way: &[String]) {
    for catalog in way.iter().filter_map(|id| shelf.catalog(id)) {
        eprint!("{}", editions::certainty_line(catalog));
    }
}

/// The way over the crosswalks, and which others there are.
pub fn way_line(shelf: &Shelf, way: &[String]) -> String {
    let named: Vec<String> = other_ways(shelf, way).iter().map(|other| other.join(" → ")).collect();
    let others = match &named[..] {
        [] => String::new(),
        all => format!("（{}もありますが、より確かな対応が多い経路を用いました）", all.join("、")),
    };
    format!("経路: {}{others}\n", way.join(" → "))
}

/// Ways of as few steps that were not taken.
pub fn other_ways(shelf: &Shelf, way: &[String]) -> Vec<Vec<String>> {
    way.first().zip(way.last()).map(|(from, to)| shelf.other_ways(from, to)).unwrap_or_default()
}

/// The certainty of an item, and that a user brought it.
pub fn of_item(certainty: Certainty, added: &str) -> String {
    match added {
        "" => certainty.term().to_owned(),
        _ => format!("{}（利用者が加えた項目）", certainty.term()),
    }
}

/// What an item asks. Words borrowed from another edition say so.
pub fn wording(entry: &Entry) -> String {
    match entry.text_from.as_str() {
        _ if entry.text.is_empty() => "文言未確認".to_owned(),
        "" => entry.text.clone(),
        from => format!("{}（{from}の要旨。この版の文言は確かめていません）", entry.text),
    }
}

/// That an item has no counterpart, in a cell.
pub fn without(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Seen => "対応なし",
        Certainty::Partial => "対応なし（一部のみ確認）",
        Certainty::Derived => "対応なし（推定）",
    }
}

/// Items without a counterpart, those that the source says apart from those that were inferred.
pub fn without_counterpart(links: &[&Mapping]) -> String {
    let mut text = String::new();
    for (certainty, heading) in [
        (Certainty::Seen, "対応がないと書かれた項目"),
        (Certainty::Partial, "対応がないと一部で確かめた項目"),
        (Certainty::Derived, "対応がないとみた項目（推定。原文では未確認）"),
    ] {
        let lines: String = links
            .iter()
            .filter(|link| link.certainty == certainty)
            .map(|link| format!("  {}: {}\n", link.source, link.rationale))
            .collect();
        if !lines.is_empty() {
            text.push_str(&format!("\n{heading}\n{lines}"));
        }
    }
    text
}
