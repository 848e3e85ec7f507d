//! Values as people read them, for tables.

use serde_json::Value;

use super::schema::Spot;
use super::{Choice, Known};

/// A value in words: terms of sets, names behind ids, counts of lists.
pub fn words(spot: Spot, value: &Value, known: &Known) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "はい".to_owned(),
        Value::Bool(false) => "いいえ".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => one(spot, text, known),
        Value::Array(list) => {
            let Some(item) = spot.item() else { return String::new() };
            match list.iter().all(Value::is_object) {
                true if list.is_empty() => String::new(),
                true => format!("{}件", list.len()),
                false => {
                    let item = item.with_references_of(spot);
                    list.iter().map(|entry| words(item, entry, known)).collect::<Vec<_>>().join("、")
                }
            }
        }
        Value::Object(_) => {
            let said = spot.fields().into_iter().filter_map(|field| {
                let text = words(field, value.get(field.key)?, known);
                (!text.is_empty()).then_some(text)
            });
            said.collect::<Vec<_>>().join("・")
        }
    }
}

fn one(spot: Spot, text: &str, known: &Known) -> String {
    let of_set: Vec<Choice> = spot.words();
    if let Some(word) = of_set.iter().find(|word| word.value == text) {
        return word.label.clone();
    }
    let named = spot.references().and_then(|(lists, _)| known.name(&lists, text));
    named.unwrap_or(text).to_owned()
}
