//! Who decided: through the API too, nobody signs for somebody else.

use serde_json::Value;

use super::problem::FieldError;
use crate::app::edit::Target;
use crate::form::record_spot;

/// Fields that say who, and the field that says when.
const SIGNATURES: [(&str, &str); 2] = [("by", "on"), ("approved_by", "approved_on")];

/// Signs what is decided in a record with the name and the day of whoever sends it. A signature that stands in `stored`
/// stays, unless the record it belongs to says something else now. What names somebody else is refused.
pub fn signed(record: &mut Value, stored: Option<&Value>, target: &Target, name: &str, today: &str) -> Vec<FieldError> {
    let mut known = Vec::new();
    stored.into_iter().for_each(|stored| gather(stored, &mut known));
    let changed = stored.is_none_or(|stored| without(stored, "decided") != without(record, "decided"));
    let decides = record_spot(target.file, &target.way).is_some_and(|spot| spot.has("decided"));
    if decides
        && changed
        && let Some(Value::Object(decided)) = record.get_mut("decided")
    {
        // The decision before was on something else.
        if known.iter().any(|before| before.as_object() == Some(decided)) {
            decided.remove("by");
            decided.remove("on");
        }
    }
    let mut errors = release(record, stored, name);
    let at_top = record_spot(target.file, &target.way).is_some_and(|spot| spot.has("by") && spot.has("on"));
    stamp(record, "/record", at_top, &known, name, today, &mut errors);
    errors
}

/// Who prepared a text: whoever changes it. A change takes the approval away, and nobody prepares in another's name.
fn release(record: &mut Value, stored: Option<&Value>, name: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let changed = stored.is_none_or(|stored| without(stored, "release") != without(record, "release"));
    let before = stored.and_then(|stored| stored["release"]["prepared_by"].as_str());
    let Some(Value::Object(release)) = record.get_mut("release") else { return errors };
    let prepared = release.get("prepared_by").and_then(Value::as_str).map(str::to_owned);
    if changed {
        if release.contains_key("approved_by") {
            let text = "内容を変えるときは、承認を書けません。変更を登録してから、ほかの人が承認します。";
            errors.push(FieldError::at("/record/release/approved_by", text));
        }
        release.insert("prepared_by".to_owned(), name.into());
    } else if prepared.as_deref().is_none_or(|prepared| prepared != name && Some(prepared) != before) {
        let text = format!("「prepared_by」に書けるのは、トークンの持ち主「{name}」だけです。");
        errors.push(FieldError::at("/record/release/prepared_by", text));
    }
    errors
}

fn without(record: &Value, field: &str) -> Value {
    let mut record = record.clone();
    record.as_object_mut().map(|fields| fields.remove(field));
    record
}

/// Every signature in a record.
fn gather<'v>(value: &'v Value, known: &mut Vec<&'v Value>) {
    match value {
        Value::Object(fields) => {
            if SIGNATURES.iter().any(|(by, _)| fields.contains_key(*by)) {
                known.push(value);
            }
            fields.values().for_each(|inner| gather(inner, known));
        }
        Value::Array(list) => list.iter().for_each(|inner| gather(inner, known)),
        _ => {}
    }
}

fn stamp(
    value: &mut Value,
    pointer: &str,
    signs: bool,
    known: &[&Value],
    name: &str,
    today: &str,
    errors: &mut Vec<FieldError>,
) {
    if known.iter().any(|known| **known == *value) {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (by, on) in SIGNATURES {
                let present = fields.get(by).and_then(Value::as_str).map(str::to_owned);
                let is_signature = present.is_some() || (signs && by == "by");
                if !is_signature {
                    continue;
                }
                if present.as_deref().is_some_and(|present| present != name) {
                    let text = format!(
                        "「{by}」に書けるのは、トークンの持ち主「{name}」だけです。省くと、その名前になります。"
                    );
                    errors.push(FieldError::at(format!("{pointer}/{by}"), text));
                    continue;
                }
                let prepared = fields.get("prepared_by").and_then(Value::as_str);
                if by == "approved_by" && prepared == Some(name) {
                    let text = "作った人とは別の人が承認します。";
                    errors.push(FieldError::at(format!("{pointer}/{by}"), text));
                    continue;
                }
                fields.insert(by.to_owned(), name.into());
                fields.insert(on.to_owned(), today.into());
            }
            for (key, inner) in fields.iter_mut() {
                let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                stamp(inner, &below, key == "decided", known, name, today, errors);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter_mut().enumerate() {
                stamp(inner, &format!("{pointer}/{at}"), false, known, name, today, errors);
            }
        }
        _ => {}
    }
}
