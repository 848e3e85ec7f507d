//! `shirube catalog standards`: the standards that the guidelines cite, and where their years differ (CATALOG-021).

use serde_json::{Value, json};
use shirube_catalog::{Law, shelf};

use super::fields;
use crate::args::ListFormat;
use crate::exit;
use crate::table;

const HEADING: [&str; 8] = ["番号", "種類", "規格・文書", "題", "年月", "引くところ", "確かさ", "注意"];

pub fn text(format: ListFormat) -> String {
    let rows = || -> Vec<Vec<String>> { shelf().standards().map(row).collect() };
    match format {
        ListFormat::Csv => table::csv(&HEADING, &rows()),
        ListFormat::Table => format!("{}\n{}", table::table(&HEADING, &rows()), warnings()),
        ListFormat::Json => exit::json(&json!({
            "standards": shelf().standards().map(value).collect::<Vec<_>>(),
            "years_that_differ": shelf().years_that_differ().iter().map(|one| json!({
                "name": one.name,
                "years": one.years.iter().map(|(year, law)| json!({
                    "year": year, "id": law.id, "cited_by": law.cited_by,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })),
    }
}

fn row(law: &Law) -> Vec<String> {
    vec![
        law.id.clone(),
        law.kind.clone(),
        law.number.clone(),
        law.title.clone(),
        law.date.clone(),
        law.cited_by.clone(),
        law.certainty.term().to_owned(),
        [&*law.note, &*differing(law).join(" ")]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    ]
}

fn value(law: &Law) -> Value {
    let mut value = json!(law);
    value["warnings"] = json!(differing(law));
    value
}

/// Sentences on the places that cite another year of this standard.
fn differing(law: &Law) -> Vec<String> {
    let all = shelf().years_that_differ();
    let of_law = all.iter().filter(|one| one.years.iter().any(|(_, known)| known.id == law.id));
    of_law
        .flat_map(|one| {
            let others = one.years.iter().filter(|(_, known)| known.id != law.id);
            others.map(|(year, other)| format!("「{}」は{year}年版も引かれています（{}）。", one.name, other.cited_by))
        })
        .collect()
}

fn warnings() -> String {
    let lines = shelf().years_that_differ().into_iter().map(|one| {
        let years = one.years.iter().map(|(year, law)| format!("{year}年（{}）", law.cited_by));
        format!("注意: {}の年が、引くところによって違います: {}。\n", one.name, years.collect::<Vec<_>>().join("、"))
    });
    lines.collect()
}

/// A law, notice or standard of the register by its id.
pub fn show(id: &str) -> Option<(Value, String)> {
    let law = shelf().laws.iter().find(|law| law.id == id)?;
    let text = fields(&[
        ("番号", law.id.clone()),
        ("種類", law.kind.clone()),
        ("題", law.title.clone()),
        ("規格・文書の番号", law.number.clone()),
        ("公布・発行", law.date.clone()),
        ("施行", law.in_force_from.clone()),
        ("発行者", law.issuer.clone()),
        ("条", law.articles.clone()),
        ("内容", law.about.clone()),
        ("引くところ", law.cited_by.clone()),
        ("確かさ", law.certainty.term().to_owned()),
        ("注", law.note.clone()),
        ("注意", differing(law).join(" ")),
    ]);
    Some((value(law), text))
}
