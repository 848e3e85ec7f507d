//! `shirube catalog crosswalk`: what of one edition leads where in another, and over which steps.

use serde_json::json;
use shirube_catalog::{Catalog, Mapped, shelf};

use super::editions;
use crate::args::ListFormat;
use crate::exit::{self, Failure};
use crate::table;

pub fn text(from: &str, to: &str, format: ListFormat) -> Result<String, Failure> {
    let (from, to) = (editions::catalog(from)?, editions::catalog(to)?);
    let (a, b) = (from.edition.id.as_str(), to.edition.id.as_str());
    if a == b {
        return Err(Failure::input(format!("「{a}」から同じ版への対応はありません。違う版を二つ指定してください。")));
    }
    let way = shelf().editions_between(a, b);
    let (Some(way), Some(mapped)) = (way, shelf().crosswalk(a, b)) else {
        return Err(Failure::input(format!("「{a}」から「{b}」への対応関係は収録していません。")));
    };
    let without: Vec<_> = shelf().without_counterpart(a, b).collect();
    match format {
        ListFormat::Json => Ok(exit::json(&json!({
            "from": a, "to": b, "way": way, "links": mapped, "without_counterpart": without,
            "unmapped": unmapped(from, &mapped),
        }))),
        ListFormat::Csv => Ok(table::csv(&HEADING, &rows(&mapped))),
        ListFormat::Table => {
            let lines = without.iter().map(|link| format!("  {}: {}\n", link.source, link.rationale));
            let none: String = lines.collect();
            let none = if none.is_empty() { none } else { format!("\n対応がないと書かれた項目\n{none}") };
            Ok(format!(
                "{}{}経路: {}\n{}件の対応。行き先の分からない項目は{}件です。\n\n{}{none}",
                editions::certainty_line(from),
                editions::certainty_line(to),
                way.join(" → "),
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

fn unmapped<'a>(from: &'a Catalog, mapped: &[Mapped]) -> Vec<&'a str> {
    let reached: std::collections::HashSet<&str> = mapped.iter().map(|one| one.source.as_str()).collect();
    from.entries.iter().map(|entry| entry.id.as_str()).filter(|id| !reached.contains(id)).collect()
}
