//! The words by which an entry is found in lists.

use std::collections::BTreeSet;

use shirube_catalog::{FieldKind, Register};
use shirube_safety::operation::register::Entry;
use unicode_normalization::UnicodeNormalization;

/// The field of the state. No declared field begins with a point.
pub const STATE: &str = ".state";

/// The field of entries that are not closed; its word is empty.
pub const OPEN: &str = ".open";

/// One spelling for all.
pub fn folded_text(text: &str) -> String {
    text.trim().nfkc().collect::<String>().to_lowercase()
}

/// Longest word that is kept to be found by: what an index of any database takes.
const LONGEST_CHARS: usize = 200;

/// What is kept of a value, and looked for.
pub fn word(text: &str) -> String {
    folded_text(text).chars().take(LONGEST_CHARS).collect()
}

/// The words of an entry: its state, and what stands in fields that have few values, name something or are unique.
pub fn words(register: &Register, entry: &Entry) -> BTreeSet<(String, String)> {
    let mut words = BTreeSet::from([(STATE.to_owned(), entry.state.clone())]);
    if register.state(&entry.state).is_none_or(|state| !state.closed) {
        words.insert((OPEN.to_owned(), String::new()));
    }
    for field in &register.fields {
        let is_named =
            !matches!(field.kind, FieldKind::Note | FieldKind::Evidence | FieldKind::Text | FieldKind::Number);
        if is_named || field.unique {
            let values = entry.values(&field.id).iter().map(|value| word(&value.to_string()));
            words.extend(values.map(|value| (field.id.clone(), value)));
        }
    }
    words
}
