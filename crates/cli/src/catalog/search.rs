//! `shirube catalog search`: what holds the words, with the certainty of each (CATALOG-022, CATALOG-025).

use serde_json::{Value, json};
use shirube_catalog::{Certainty, Found, Hit, Library};

use super::certainty;
use super::overlay::{OfficialText, Overlay};
use crate::args::ListFormat;
use crate::exit;
use crate::table;

/// One line of the result.
struct Line {
    kind: &'static str,
    term: &'static str,
    id: String,
    text: String,
    /// `None` for wording that a user imported: nobody compared it with the original.
    certainty: Option<Certainty>,
    /// How surely an imported wording was read.
    confidence: Option<f64>,
    added: String,
}

const HEADING: [&str; 4] = ["種類", "番号", "確かさ", "要旨"];

/// Entries of every edition, the best first, then scenarios and threats.
pub fn text(
    library: &Library,
    found: &[Found],
    hits: &[Hit],
    official: &[(&Overlay, &OfficialText)],
    format: ListFormat,
) -> String {
    let of_entries = found.iter().map(entry);
    let of_hits = hits.iter().map(|hit| of_hit(library, hit));
    let lines = of_entries.chain(of_hits).chain(official.iter().map(|(overlay, item)| imported(overlay, item)));
    match format {
        ListFormat::Json => exit::json(&json!({ "hits": lines.map(value).collect::<Vec<_>>() })),
        ListFormat::Csv => table::csv(&HEADING, &lines.map(row).collect::<Vec<_>>()),
        ListFormat::Table => table::table(&HEADING, &lines.map(row).collect::<Vec<_>>()),
    }
}

fn entry(found: &Found) -> Line {
    Line {
        kind: "entry",
        term: "項目",
        id: found.id.clone(),
        text: found.text.clone(),
        certainty: Some(found.certainty),
        confidence: None,
        added: found.added.clone(),
    }
}

fn of_hit(library: &Library, hit: &Hit) -> Line {
    let (kind, term, id, text, certainty) = match hit {
        Hit::Scenario(scenario) => ("scenario", "シナリオ", &scenario.id, scenario.text.clone(), scenario.certainty),
        // Threats stand in a table of the guideline, which was read like the rest of it.
        Hit::Threat(threat) => {
            let text = format!("{}: {}", threat.name, threat.description);
            ("threat", "脅威", &threat.id, text, library.provider.edition.certainty)
        }
    };
    let added = String::new();
    Line { kind, term, id: id.clone(), text, certainty: Some(certainty), confidence: None, added }
}

fn imported(overlay: &Overlay, item: &OfficialText) -> Line {
    Line {
        kind: "official",
        term: "公式の文言",
        id: format!("{}/{}", overlay.edition, item.id),
        text: item.shown(overlay),
        certainty: None,
        confidence: Some(item.confidence),
        added: String::new(),
    }
}

fn value(line: Line) -> Value {
    let mut value = json!({ "kind": line.kind, "id": line.id, "text": line.text, "certainty": line.certainty });
    if let Some(confidence) = line.confidence {
        value["confidence"] = json!(confidence);
    }
    value
}

fn row(line: Line) -> Vec<String> {
    let certainty = match (line.certainty, line.confidence) {
        (Some(certainty), _) => certainty::of_item(certainty, &line.added),
        (None, confidence) => format!("取り込んだもの（確からしさ{:.2}）", confidence.unwrap_or_default()),
    };
    vec![line.term.to_owned(), line.id, certainty, line.text]
}
