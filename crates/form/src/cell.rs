//! One field of a record as a cell of a workbook: lists have one entry to a line.

use serde_json::Value;

use super::build::Builder;
use super::field::{Field, Kind};
use super::paste::fill;
use super::read::{Reading, choice};
use super::schema::Spot;
use super::{Known, Of, Signer, words};

/// The text of a value.
pub fn cell_text(spot: Spot, value: &Value, known: &Known) -> String {
    match (value, spot.item()) {
        (Value::Array(list), Some(item)) => {
            let item = item.with_references_of(spot);
            list.iter().map(|entry| words(item, entry, known)).collect::<Vec<_>>().join("\n")
        }
        _ => words(spot, value, known),
    }
}

/// What a cell says. `stored` is what the record holds.
pub fn cell_value(spot: Spot, text: &str, stored: Option<&Value>, known: &Known) -> Result<Value, String> {
    let mut field = field(spot, stored, known);
    field.origin = Vec::new();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match &mut field.kind {
        // A text of one's own may have any sign in it; only the line ends it.
        Kind::Lines { lists, .. } if lists.is_empty() => field.content = vec![lines.join("\n")],
        Kind::Lines { lists, .. } => {
            let entries = lines.iter().flat_map(|line| match known.id(lists, line) {
                Some(id) => vec![id.to_owned()],
                None => parts(line),
            });
            field.content = vec![entries.collect::<Vec<_>>().join("\n")];
        }
        Kind::Choices { options, .. } => {
            let entries: Vec<String> = lines
                .iter()
                .flat_map(|line| match choice(line, options, Of::Words) {
                    Ok(_) => vec![(*line).to_owned()],
                    Err(_) => parts(line),
                })
                .collect();
            let mut chosen = Vec::new();
            for entry in &entries {
                let value = choice(entry, options, Of::Words)?;
                chosen.extend(value.as_str().map(str::to_owned));
            }
            field.content = chosen;
        }
        _ => fill(&mut field, text)?,
    }
    let signer = Signer { by: "", on: "" };
    let mut reading = Reading { known, signer: &signer, faults: Vec::new() };
    let value = reading.record(std::slice::from_ref(&field), None)[spot.key].take();
    match reading.faults.into_iter().next() {
        Some(fault) => Err(fault.message),
        None => Ok(value),
    }
}

/// What can stand in a cell where not everything can, and whether several can.
pub fn cell_options(spot: Spot, known: &Known) -> (Vec<String>, bool) {
    let field = field(spot, None, known);
    let labels = |options: &[super::Choice]| {
        let said = options.iter().filter(|option| !option.value.is_empty());
        said.map(|option| option.label.clone()).collect::<Vec<_>>()
    };
    match &field.kind {
        Kind::Choice { options, .. } => (labels(options), false),
        Kind::Choices { options, .. } => (labels(options), true),
        Kind::Reference { lists, strict: true } => (labels(&known.all(lists)), false),
        Kind::Lines { lists, strict: true, .. } => (labels(&known.all(lists)), true),
        Kind::Lines { .. } | Kind::Row { .. } => (Vec::new(), true),
        _ => (Vec::new(), false),
    }
}

fn field(spot: Spot, stored: Option<&Value>, known: &Known) -> Field {
    Builder { known, sent: None }.field(spot, spot.key.to_owned(), false, stored)
}

fn parts(line: &str) -> Vec<String> {
    let parts = line.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}
