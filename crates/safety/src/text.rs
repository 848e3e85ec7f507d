//! What counts as written, and how it is said.

use chrono::Datelike;
use serde_json::Value;

use crate::model::Date;

/// Whether a text says nothing: spaces of any width are no reason and no name.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether nothing is written.
pub(crate) fn nothing(text: Option<&String>) -> bool {
    text.is_none_or(|text| is_blank(text))
}

/// A day in a sentence.
pub(crate) fn japanese(date: Date) -> String {
    format!("{}年{}月{}日", date.0.year(), date.0.month(), date.0.day())
}

/// A character in some text or name of a file of somebody else that is no text, and could steer a terminal.
pub fn control_character(value: &Value) -> Option<char> {
    match value {
        Value::String(text) => control_in(text),
        Value::Array(list) => list.iter().find_map(control_character),
        Value::Object(fields) => {
            fields.iter().find_map(|(key, value)| control_in(key).or_else(|| control_character(value)))
        }
        _ => None,
    }
}

/// The end of a line may be written in two ways.
fn control_in(text: &str) -> Option<char> {
    text.replace("\r\n", "\n").chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_of_any_width_say_nothing() {
        assert!(["", " ", "\u{3000}", " \t\u{3000}\n"].into_iter().all(is_blank));
        assert!(!is_blank("\u{3000}理由"));
    }
}
