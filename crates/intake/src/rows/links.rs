//! Rows as links between two editions.

use std::collections::HashMap;

use shirube_catalog::{Mapping, Relation, Shelf};

use super::entries::certainty;
use super::table::{self, Row};
use super::{Place, Problems, Rows, word};
use crate::import::IntakeError;

const COLUMNS: [&str; 6] = ["source", "relation", "target", "rationale", "certainty", "where"];

/// Reads links. `embedded` is what they must not touch; `shelf` holds everything that they may refer to.
pub fn links(
    bytes: &[u8],
    name: &str,
    (from, to): (&str, &str),
    embedded: &Shelf,
    shelf: &Shelf,
) -> Result<Rows<Mapping>, IntakeError> {
    let mut problems = Problems::default();
    let table = table::read(bytes, name, &COLUMNS, &mut problems)?;
    let mut seen: HashMap<(String, String), Place> = HashMap::new();
    let mut rows = Vec::new();
    for row in &table {
        let before = problems.0.len();
        let link = link(row, &mut problems);
        let (place, source, target) = (&row.place, &link.source, &link.target);
        end(place, "元（source）", from, source, shelf, &mut problems);
        if link.relation != Relation::None || !target.is_empty() {
            end(place, "行き先（target）", to, target, shelf, &mut problems);
        }
        if embedded.links(from, source, to, target) {
            let message = format!(
                "「{source}」と「{target}」の対応は収録済みです。収録済みの対応は変えられません。この行を外してください。"
            );
            problems.stop(place, message);
        }
        if let Some(first) = seen.insert((source.clone(), target.clone()), *place) {
            problems
                .stop(place, format!("「{source}」と「{target}」の対応は{first}にもあります。一つにしてください。"));
        }
        if !problems.0[before..].iter().any(|problem| problem.stops) {
            rows.push(link);
        }
    }
    Ok(Rows { rows, problems: problems.sorted() })
}

fn link(row: &Row, problems: &mut Problems) -> Mapping {
    let (place, source, target) = (&row.place, row.get("source"), row.get("target"));
    let text = row.get("relation");
    let relation = word(&text, &Relation::ALL, Relation::token, Relation::term).unwrap_or_else(|words| {
        let found = if text.is_empty() {
            "関係（relation）がありません。".to_owned()
        } else {
            format!("関係「{text}」は使えません。")
        };
        problems.stop(place, format!("{found}使えるのは {words} です。"));
        // Its target is looked at all the same, so that every mistake comes at once.
        if target.is_empty() { Relation::None } else { Relation::Intersects }
    });
    if relation == Relation::None && !target.is_empty() {
        problems.stop(
            place,
            format!("「{source}」は「対応なし」（none）ですが、行き先「{target}」があります。どちらかにしてください。"),
        );
    }
    if row.get("rationale").is_empty() {
        problems.doubt(
            place,
            format!("「{source}」の理由（rationale）が空です。なぜ対応するのかを書くと、後で確かめられます。"),
        );
    }
    Mapping {
        relation,
        certainty: certainty(place, &source, &row.get("certainty"), problems),
        rationale: row.get("rationale"),
        place: row.get("where"),
        source,
        target,
    }
}

/// One end must be an item, or a chapter as a whole.
fn end(place: &Place, which: &str, edition: &str, id: &str, shelf: &Shelf, problems: &mut Problems) {
    if id.is_empty() {
        problems.stop(place, format!("{which}がありません。{edition}の番号を書いてください。"));
    } else if !shelf.has_place(edition, id) {
        problems.stop(
            place,
            format!(
                "{which}の「{id}」は、{edition}にありません。番号は shirube catalog list {edition} で確かめてください。"
            ),
        );
    }
}
