//! What every OSCAL document has: identifiers, properties, metadata, and the way it becomes bytes.

use serde_json::{Map, Value, json};
use shirube_catalog::Certainty;
use uuid::Uuid;

use crate::markup;

/// The version of OSCAL the documents declare: the newest that compliance-trestle reads.
pub const OSCAL_VERSION: &str = "1.2.1";

/// Whose names our properties are. `.invalid` can never belong to anybody, so the name claims no address.
pub const NAMESPACE: &str = "https://shirube.invalid/ns/oscal";

/// Whose names OSCAL's own properties are, whether it is written or not.
pub(crate) const OSCAL_NAMESPACE: &str = "http://csrc.nist.gov/ns/oscal";

/// Where days begin: dates of guidelines and services are Japanese days.
const START_OF_DAY: &str = "T00:00:00+09:00";

/// What stands where a date is demanded and nobody stated one: no guideline and no service is from then.
const NO_DATE: &str = "1970-01-01";

/// The identifier of a thing: the same for the same kind and name, today and on every machine.
pub(crate) fn uuid(kind: &str, name: &str) -> String {
    let ours = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
    Uuid::new_v5(&ours, format!("{kind}\u{1f}{name}").as_bytes()).to_string()
}

/// A property of ours; nothing where the value is empty.
pub(crate) fn prop(name: &str, value: &str) -> Value {
    noted(name, value, "")
}

/// A property of ours with an explanation.
pub(crate) fn noted(name: &str, value: &str, remarks: &str) -> Value {
    match markup::string(value) {
        value if value.is_empty() => Value::Null,
        value => json!({ "name": name, "ns": NAMESPACE, "value": value, "remarks": markup::multiline(remarks) }),
    }
}

/// A property that OSCAL names itself.
pub(crate) fn core(name: &str, value: &str) -> Value {
    match markup::string(value) {
        value if value.is_empty() => Value::Null,
        value => json!({ "name": name, "value": value }),
    }
}

/// How sure we are, as a property that people can read too.
pub(crate) fn certainty(certainty: Certainty) -> Value {
    noted("certainty", certainty.token(), certainty.term())
}

/// The begin of a day, a month or a year (`2020-08-03`, `2020-08`, `2020`) as a time with its zone.
///
/// Text that is no date becomes [`NO_DATE`].
pub(crate) fn moment(date: &str) -> String {
    let numbers: Vec<Option<u32>> = date.split('-').map(|part| part.parse().ok()).collect();
    match numbers[..] {
        [Some(year)] if (1900..3000).contains(&year) => format!("{year:04}-01-01{START_OF_DAY}"),
        [Some(year), Some(month @ 1..=12)] if (1900..3000).contains(&year) => {
            format!("{year:04}-{month:02}-01{START_OF_DAY}")
        }
        [Some(year), Some(month @ 1..=12), Some(day @ 1..=31)] if (1900..3000).contains(&year) => {
            format!("{year:04}-{month:02}-{day:02}{START_OF_DAY}")
        }
        _ => format!("{NO_DATE}{START_OF_DAY}"),
    }
}

/// How a document about an edition came by its time.
pub(crate) fn time_basis(published: &str) -> Value {
    match moment(published).starts_with(NO_DATE) {
        true => noted("last-modified-basis", "not-stated", "版の公表日が分からないため、日時に意味はない。"),
        false => noted(
            "last-modified-basis",
            "edition-published",
            "日時は版の公表日による。日又は月が分からないときは、その初日とした。",
        ),
    }
}

/// Metadata: what every document must have, then `more`.
pub(crate) fn metadata(title: &str, last_modified: &str, version: &str, more: Value) -> Value {
    let version = markup::string(version);
    let mut metadata = json!({
        "title": markup::line(title),
        "last-modified": last_modified,
        "version": if version.is_empty() { "版数の記載なし" } else { &version },
        "oscal-version": OSCAL_VERSION,
    });
    if let (Some(metadata), Value::Object(more)) = (metadata.as_object_mut(), more) {
        metadata.extend(more);
    }
    metadata
}

/// The bytes of a document. Its own identifier is made from its content, because a document that says something else
/// is another document.
pub(crate) fn bytes(model: &str, body: Value) -> Vec<u8> {
    let body = pruned(body);
    let mut root = Map::new();
    root.insert("uuid".to_owned(), uuid(model, &body.to_string()).into());
    if let Value::Object(body) = body {
        root.extend(body);
    }
    // Serialising a `Value` cannot fail: its keys are text and its numbers are finite.
    let mut bytes = serde_json::to_vec_pretty(&json!({ model: root })).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Without nulls, empty texts and empty lists, none of which OSCAL allows. Empty objects have a meaning and stay.
fn pruned(value: Value) -> Value {
    match value {
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, pruned(value))).filter(kept).collect(),
        Value::Array(list) => {
            list.into_iter().map(|value| ((), pruned(value))).filter(kept).map(|(_, value)| value).collect()
        }
        other => other,
    }
}

fn kept<K>((_, value): &(K, Value)) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_names_and_nothing_else() {
        assert_eq!(uuid("control", "pg-1.0/1.1①-1"), uuid("control", "pg-1.0/1.1①-1"));
        assert_ne!(uuid("control", "a"), uuid("group", "a"));
        assert_eq!(uuid("control", "a").as_bytes()[14], b'5', "made from a name, not from chance");
    }

    #[test]
    fn dates_become_moments() {
        for (date, expected) in [
            ("2020-08", "2020-08-01T00:00:00+09:00"),
            ("2023-05-31", "2023-05-31T00:00:00+09:00"),
            ("2024", "2024-01-01T00:00:00+09:00"),
            ("不明", "1970-01-01T00:00:00+09:00"),
        ] {
            assert_eq!(moment(date), expected);
        }
    }

    #[test]
    fn nothing_empty_is_left() {
        let value = json!({ "a": null, "b": [null, ""], "c": {}, "d": [{ "e": "" }] });
        assert_eq!(pruned(value), json!({ "c": {}, "d": [{}] }));
    }
}
