//! `shirube catalog crosswalk`: what of one edition leads where in another, and over which steps.

use serde_json::json;
use shirube_catalog::{Catalog, Mapped, Mapping};

use super::own::Held;
use super::{certainty, editions};
use crate::args::ListFormat;
use crate::exit::{self, Failure};
use crate::table;

pub fn text(held: &Held, from: &str, to: &str, format: ListFormat) -> Result<String, Failure> {
    let shelf = &held.shelf;
    let (from, to) = (editions::held(shelf, from)?, editions::held(shelf, to)?);
    let (a, b) = (from.edition.id.as_str(), to.edition.id.as_str());
    if a == b {
        return Err(Failure::input(format!("「{a}」から同じ版への対応はありません。違う版を二つ指定してください。")));
    }
    let way = shelf.editions_between(a, b);
    let (Some(way), Some(mapped)) = (way, shelf.crosswalk(a, b)) else {
        return Err(Failure::input(format!("「{a}」から「{b}」への対応関係は収録していません。")));
    };
    let without: Vec<_> = shelf.without_counterpart(a, b).collect();
    match format {
        ListFormat::Json => Ok(exit::json(&json!({
            "from": a, "to": b, "way": way, "other_ways": certainty::other_ways(shelf, &way),
            "catalogs": certainty::editions(shelf, &way), "links": mapped, "without_counterpart": without,
            "unmapped": unmapped(from, &mapped), "notices": held.notices,
        }))),
        ListFormat::Csv => {
            certainty::tell(shelf, &way);
            Ok(table::csv(&HEADING, &[rows(&mapped), rows_without(&without)].concat()))
        }
        ListFormat::Table => {
            let none = certainty::without_counterpart(&without);
            Ok(format!(
                "{}{}{}{}{}件の対応。行き先の分からない項目は{}件です。\n\n{}{none}",
                held.head(),
                editions::certainty_line(from),
                editions::certainty_line(to),
                certainty::way_line(shelf, &way),
                mapped.len(),
                unmapped(from, &mapped).len(),
                table::table(&HEADING, &rows(&mapped))
            ))
        }
    }
}

const HEADING: [&str; 5] = ["元", "関係", "行き先", "確かさ", "経路と理由"];

fn rows(mapped: &[Mapped]) -> Vec<Vec<String>> {
    let row = |one: &Mapped| {
        let relation = one.relation.map_or("言えない（間接のつながり）", |relation| relation.term());
        let steps = one.steps.iter().map(|step| match one.steps.len() {
            1 => step.rationale.clone(),
            _ => format!("{}（{}）{}", step.to, step.relation.term(), step.rationale),
        });
        vec![
            one.source.clone(),
            relation.to_owned(),
            one.target.clone(),
            one.certainty.term().to_owned(),
            steps.collect::<Vec<_>>().join(" → "),
        ]
    };
    mapped.iter().map(row).collect()
}

fn rows_without(links: &[&Mapping]) -> Vec<Vec<String>> {
    let row = |link: &&Mapping| {
        let relation = certainty::without(link.certainty).to_owned();
        vec![link.source.clone(), relation, String::new(), link.certainty.term().to_owned(), link.rationale.clone()]
    };
    links.iter().map(row).collect()
}

fn unmapped<'a>(from: &'a Catalog, mapped: &[Mapped]) -> Vec<&'a str> {
    let reached: std::collections::HashSet<&str> = mapped.iter().map(|one| one.source.as_str()).collect();
    from.entries.iter().map(|entry| entry.id.as_str()).filter(|id| !reached.contains(id)).collect()
}
