//! Whether a file has the shape of its schema; every deviation as a Japanese sentence.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;
use shirube_safety::File;

use super::schema::{at, compiled};
use super::yaml::Tree;
use super::{InputError, dotted, escape};

/// Most deviations of one file that are told; after that a file is better rewritten than repaired.
const MOST: usize = 200;

/// Every deviation of `value` from the schema of `file`.
pub(super) fn check(file: File, value: &Value, tree: &Tree) -> Vec<InputError> {
    let compiled = compiled(file);
    let mut errors = Vec::new();
    for error in compiled.validator.iter_errors(value).take(MOST) {
        let missing = match error.kind() {
            Kind::Required { property } => property.as_str().map(str::to_owned),
            _ => None,
        };
        for (pointer, message) in explain(&error, &compiled.schema) {
            let (line, column) = tree.position(&pointer);
            let (field, missing) = (dotted(&pointer), missing.clone());
            errors.push(InputError { file, line, column, field, message, missing });
        }
    }
    errors
}

/// Place and sentence of a deviation; one for each unknown field.
fn explain(error: &ValidationError, schema: &Value) -> Vec<(String, String)> {
    let pointer = error.instance_path().as_str().to_owned();
    let found = error.instance();
    let here = at(schema, &pointer);
    let message = match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let known = here.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
            let known: Vec<&str> = known.into_iter().flat_map(|fields| fields.keys().map(String::as_str)).collect();
            return unexpected
                .iter()
                .map(|name| (format!("{pointer}/{}", escape(name)), unknown_field(name, &known)))
                .collect();
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let meaning = here.and_then(|schema| schema.get("properties")?.get(name)?.get("description")?.as_str());
            let meaning = meaning.map(|text| format!("（{}）", first_sentence(text))).unwrap_or_default();
            format!("「{name}」{meaning}がありません。書き加えてください。")
        }
        Kind::Type { .. } => {
            let wanted = here.and_then(|schema| schema.get("type")).and_then(Value::as_str).unwrap_or_default();
            format!("{}が書かれていますが、{}を書いてください。", shown(found), type_term(wanted))
        }
        Kind::Enum { .. } | Kind::OneOfNotValid { .. } | Kind::Constant { .. } => choice(found, here),
        Kind::Minimum { .. } | Kind::Maximum { .. } => {
            let limit = |key| here.and_then(|schema| schema.get(key)).map(Value::to_string).unwrap_or_default();
            format!(
                "{}は範囲の外です。{}から{}までの数を書いてください。",
                shown(found),
                limit("minimum"),
                limit("maximum")
            )
        }
        Kind::MinLength { .. } => "空になっています。内容を書いてください。".to_owned(),
        Kind::MaxLength { limit } => format!("{}は長すぎます。{limit}文字までにしてください。", shown(found)),
        Kind::MinItems { limit } => format!("{limit}個以上書いてください（今は{}個です）。", items(found)),
        Kind::MaxItems { limit } => format!("{limit}個までにしてください（今は{}個です）。", items(found)),
        Kind::Format { format } if format == "date" => {
            format!("{}は日付として読めません。「2026-04-01」のように書いてください。", shown(found))
        }
        Kind::Pattern { pattern } if pattern == r"\S" => match found.as_str() {
            Some("") => "空になっています。内容を書いてください。".to_owned(),
            _ => "空白だけになっています。内容を書いてください。".to_owned(),
        },
        Kind::Pattern { pattern } if pattern.contains(':') => {
            format!("{}は時刻として読めません。「09:00」のように書いてください。", shown(found))
        }
        Kind::Pattern { pattern } if pattern.contains("100") => {
            format!("{}は百分率として読めません。「99.95」のように、0から100までの数を書いてください。", shown(found))
        }
        Kind::Pattern { pattern } if pattern.contains("{6}") => {
            format!("{}は色として読めません。「1F4E79」のように、16進数6桁で書いてください。", shown(found))
        }
        Kind::Pattern { pattern } if pattern.ends_with("+$") => {
            format!("{}は使えません。「/」と空白を含まない名前にしてください。", shown(found))
        }
        Kind::MinProperties { .. } | Kind::MaxProperties { .. } => {
            "期間は、単位を一つだけ書いてください（例: months: 1）。単位は、hours、days、weeks、months、yearsです。"
                .to_owned()
        }
        Kind::UniqueItems => "同じものが二度書かれています。一つにしてください。".to_owned(),
        Kind::Pattern { pattern } => {
            let head = pattern.trim_start_matches('^');
            format!("{}は使えません。「{head}」で始まる名前にしてください。", shown(found))
        }
        _ => format!("{}は使えません。書き方を shirube schema で確かめてください。", shown(found)),
    };
    vec![(pointer, message)]
}

fn items(found: &Value) -> usize {
    found.as_array().map_or(0, Vec::len)
}

fn unknown_field(name: &str, known: &[&str]) -> String {
    let near = known.iter().map(|field| (strsim::osa_distance(field, name), *field)).min();
    match near {
        Some((distance, field)) if distance <= 2.max(name.chars().count() / 3) => {
            format!("「{name}」という項目はありません。「{field}」ではありませんか。")
        }
        _ if known.is_empty() => format!("「{name}」という項目はありません。"),
        _ => format!("「{name}」という項目はありません。書けるのは{}です。", known.join("、")),
    }
}

/// The values a choice allows, with what they mean, and the nearest.
fn choice(found: &Value, schema: Option<&Value>) -> String {
    let branches = schema.and_then(|schema| schema.get("oneOf")).and_then(Value::as_array);
    let values = schema.and_then(|schema| schema.get("enum")).and_then(Value::as_array);
    let with_meaning = branches
        .into_iter()
        .flatten()
        .filter_map(|branch| Some((branch.get("const")?.as_str()?, branch.get("description").and_then(Value::as_str))));
    let bare = values.into_iter().flatten().filter_map(|value| Some((value.as_str()?, None)));
    let all: Vec<(&str, Option<&str>)> = with_meaning.chain(bare).collect();
    let text = found.as_str().unwrap_or_default();
    let near = all
        .iter()
        .flat_map(|(value, meaning)| [Some(*value), *meaning].into_iter().flatten().map(move |word| (word, *value)))
        .map(|(word, value)| (strsim::osa_distance(word, text), value))
        .min()
        .filter(|(distance, _)| *distance <= 2.max(text.chars().count() / 3));
    let list: Vec<String> = all
        .iter()
        .map(|(value, meaning)| meaning.map_or_else(|| (*value).to_owned(), |meaning| format!("{value}（{meaning}）")))
        .collect();
    match near {
        Some((_, value)) => {
            format!("{}は使えません。「{value}」ではありませんか。使えるのは{}です。", shown(found), list.join("、"))
        }
        None => format!("{}は使えません。使えるのは{}です。", shown(found), list.join("、")),
    }
}

/// A found value as people see it, cut to a readable length.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "空の値".to_owned(),
        Value::Bool(_) | Value::Number(_) => format!("「{value}」"),
        Value::String(text) => {
            let cut: String = text.chars().take(40).collect();
            let more = if cut.len() < text.len() { "…" } else { "" };
            format!("「{cut}{more}」")
        }
        Value::Array(items) => format!("一覧（{}個）", items.len()),
        Value::Object(fields) => {
            format!("項目のまとまり（{}）", fields.keys().take(3).cloned().collect::<Vec<_>>().join("、"))
        }
    }
}

fn type_term(name: &str) -> &'static str {
    match name {
        "string" => "文字",
        "integer" | "number" => "数",
        "boolean" => "true か false",
        "array" => "一覧（「- 」で始まる行の並び）",
        "object" => "項目のまとまり（「名前: 値」の並び）",
        _ => "ほかの形の値",
    }
}

fn first_sentence(text: &str) -> &str {
    text.split('。').next().unwrap_or(text)
}
