//! What people call a place and a value: the words of the schema, as the list of changes uses them.

use std::collections::HashMap;

use serde_json::Value;
use shirube_safety::File;

use super::decisions;
use super::spot::{ListKind, Spot};
use super::step::{Identity, Step};
use super::{Texts, values};

/// From this length on a text is not quoted whole.
const LONG: usize = 60;

/// What people call a field that its type does not describe.
const PLAIN: [(&str, &str); 13] = [
    ("id", "id"),
    ("name", "名称"),
    ("kind", "種類"),
    ("note", "備考"),
    ("layer", "層"),
    ("phase", "フェーズ"),
    ("environment", "環境"),
    ("description", "説明"),
    ("reason", "理由"),
    ("decided", "決定"),
    ("viewpoint", "観点"),
    ("status", "状態"),
    ("own", "このリスクだけの値"),
];

/// Name of a place in a folder, e.g. `機器や記憶媒体「医事端末」の利用者の認証`.
pub fn place_in_words(texts: &Texts, file: File, at: &[Step]) -> String {
    let value = values::read(file, texts).unwrap_or(Value::Null);
    place(&Spot::of(file), &value, at)
}

/// Name of a place in a file that says `value`.
pub(super) fn place(spot: &Spot, value: &Value, at: &[Step]) -> String {
    let mut here = spot.clone();
    let mut parts: Vec<String> = Vec::new();
    for (reached, step) in at.iter().enumerate() {
        match step {
            Step::Key(key) => {
                let inner = here.key(key);
                parts.push(label(key, &inner));
                here = inner;
            }
            Step::Item(identity) => {
                let record = find(spot, value, &at[..=reached]);
                let name = record.as_ref().and_then(|record| record["name"].as_str()).map(str::to_owned);
                let name = short(&name.unwrap_or_else(|| called(&here, identity)));
                let list = parts.pop().unwrap_or_default();
                parts.push(format!("{list}「{name}」"));
                here = here.item();
            }
        }
    }
    if parts.is_empty() { "ファイルの全体".to_owned() } else { parts.join("の") }
}

/// An identity in words: the term of a word of a closed set, else what it says.
fn called(list: &Spot, identity: &Identity) -> String {
    let item = list.item();
    let words: Vec<String> = match list.kind() {
        ListKind::Records(names) => {
            names.iter().zip(&identity.fields).map(|(name, text)| term(text, &item.key(name), None)).collect()
        }
        _ => identity.fields.iter().map(|text| term(text, &item, None)).collect(),
    };
    Identity { fields: words, nth: identity.nth }.to_string()
}

/// The schema at the end of a way.
pub(super) fn spot_at<'s>(spot: Spot<'s>, at: &[Step]) -> Spot<'s> {
    at.iter().fold(spot, |spot, step| match step {
        Step::Key(key) => spot.key(key),
        Step::Item(_) => spot.item(),
    })
}

/// What stands at the end of a way.
pub(super) fn find(spot: &Spot, value: &Value, at: &[Step]) -> Option<Value> {
    let mut here = spot.clone();
    let mut found = std::borrow::Cow::Borrowed(value);
    for step in at {
        let next = match step {
            Step::Key(key) => found.get(key).cloned(),
            Step::Item(identity) if here.is_decisions() => {
                let list = found.as_array()?;
                let risk = identity.fields.first()?;
                let at = decisions::holders(list).get(risk.as_str()).copied()?;
                Some(decisions::body(&list[at], risk))
            }
            Step::Item(identity) => {
                let list = found.as_array()?;
                let wanted = super::spot::normal(&here, identity);
                let at = here.identities(list)?.iter().position(|name| *name == wanted)?;
                list.get(at).cloned()
            }
        };
        found = std::borrow::Cow::Owned(next?);
        here = match step {
            Step::Key(key) => here.key(key),
            Step::Item(_) => here.item(),
        };
    }
    Some(found.into_owned())
}

/// A value in words; `known` are values whose ids may be referred to.
pub(super) fn value_in_words(spot: &Spot, value: &Value, known: &[&Value]) -> String {
    let mut names = HashMap::new();
    known.iter().for_each(|value| gather_names(value, &mut names));
    words(value, spot, &names)
}

/// What people call a field: the first words of its description, else of its type's.
fn label(name: &str, spot: &Spot) -> String {
    let own = spot.named["description"].as_str();
    let plain = PLAIN.iter().find(|(known, _)| *known == name).map(|(_, label)| *label);
    let item = spot.item();
    let of_type = || spot.schema["description"].as_str().or_else(|| item.schema["description"].as_str());
    let text = own.or(plain).or_else(of_type).unwrap_or(name);
    let end = text.find(['。', '\n']).unwrap_or(text.len());
    let label = without_remarks(&text[..end]);
    let end = label.find('、').unwrap_or(label.len());
    label[..end].trim_end_matches("のid").to_owned()
}

/// A text without what stands in brackets.
fn without_remarks(text: &str) -> String {
    let mut depth = 0_usize;
    let plain = text.chars().filter(|c| match c {
        '（' => {
            depth += 1;
            false
        }
        '）' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    plain.collect()
}

fn words(value: &Value, spot: &Spot, names: &HashMap<String, String>) -> String {
    match value {
        Value::Null => "記載なし".to_owned(),
        Value::Bool(true) => "はい".to_owned(),
        Value::Bool(false) => "いいえ".to_owned(),
        Value::String(text) if text.is_empty() => "記載なし".to_owned(),
        Value::String(text) => term(text, spot, Some(names)),
        Value::Array(list) if list.is_empty() => "記載なし".to_owned(),
        Value::Array(list) => {
            let item = spot.item();
            list.iter().map(|entry| words(entry, &item, names)).collect::<Vec<_>>().join("、")
        }
        Value::Object(fields) => {
            let stated = fields.iter().filter(|(_, value)| !values::is_blank(value));
            stated.map(|(key, value)| words(value, &spot.key(key), names)).collect::<Vec<_>>().join("・")
        }
        Value::Number(number) => number.to_string(),
    }
}

/// The term of a word of a closed set, the name behind an id, or the text itself.
fn term(text: &str, spot: &Spot, names: Option<&HashMap<String, String>>) -> String {
    let of_set = spot.schema["oneOf"].as_array().into_iter().flatten();
    let found = of_set.filter(|word| word["const"] == text).find_map(|word| word["description"].as_str());
    found.or_else(|| names?.get(text).map(String::as_str)).unwrap_or(text).to_owned()
}

/// The beginning of a text that is too long to be quoted.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if text == line && line.chars().count() <= LONG {
        return text.to_owned();
    }
    let cut: String = line.chars().take(LONG).collect();
    format!("{cut}…")
}

fn gather_names(value: &Value, names: &mut HashMap<String, String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|entry| gather_names(entry, names)),
        Value::Object(object) => {
            if let (Some(Value::String(id)), Some(Value::String(name))) = (object.get("id"), object.get("name")) {
                names.entry(id.clone()).or_insert_with(|| name.clone());
            }
            object.values().for_each(|inner| gather_names(inner, names));
        }
        _ => {}
    }
}
