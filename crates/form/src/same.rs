//! Whether two things say the same: a field and what it was opened with, two records.

use serde_json::Value;

use super::{Field, Kind};

/// Whether something else stands in it than as it was opened.
pub(super) fn is_touched(field: &Field) -> bool {
    let here = match &field.kind {
        Kind::List { entries, .. } => {
            entries.iter().any(|entry| entry.removed || (entry.stored.is_none() && !entry.is_blank()))
        }
        Kind::Signed { ticked, .. } => *ticked != field.stored.is_some() || field.content != field.origin,
        Kind::Release(release) => release.ticked,
        _ => field.content.iter().map(|t| t.trim()).ne(field.origin.iter().map(|t| t.trim())),
    };
    here || field.children().any(is_touched)
}

/// Whether two records say the same: what is null is not written.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let said =
                |fields: &serde_json::Map<String, Value>| fields.values().filter(|value| !value.is_null()).count();
            let mut pairs = one.iter().filter(|(_, value)| !value.is_null());
            said(one) == said(other) && pairs.all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}
