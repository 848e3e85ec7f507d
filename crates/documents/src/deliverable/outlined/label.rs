//! What people call a fact, and how it is said.

use serde_json::Value as Json;

use super::SCHEMA;

/// What a fact is called: the descriptions of the schema along its path, `連絡先「夜間」 ― 電話`. Entries of lists are
/// called by what they are named in the facts.
pub fn label(path: &str, facts: &Json) -> String {
    let mut schema: &'static Json = &SCHEMA;
    let mut value = Some(facts);
    let mut said: Vec<String> = Vec::new();
    for (at, step) in steps(path).into_iter().enumerate() {
        let here = resolved(schema);
        let next = match step {
            Step::Key(key) => {
                value = value.and_then(|value| value.get(key));
                &here["properties"][key]
            }
            Step::Inside(inside) => {
                value = value.and_then(|value| entry(value, inside));
                let called = value.and_then(name).map_or_else(
                    || {
                        if here.get("items").is_some() {
                            format!("の{inside}番目")
                        } else {
                            format!("「{inside}」")
                        }
                    },
                    |name| format!("「{name}」"),
                );
                if let Some(last) = said.last_mut() {
                    last.push_str(&called);
                }
                schema = if here.get("items").is_some() { &here["items"] } else { &here["additionalProperties"] };
                continue;
            }
        };
        let own = next["description"].as_str().or_else(|| resolved(next)["description"].as_str());
        let words = own.map(|text| text.split(['。', '（']).next().unwrap_or_default().to_owned());
        // The files as a whole have no name that people know.
        let is_file = at == 0 && ["sla", "disclosure", "rules"].iter().any(|file| path.starts_with(file));
        if let Some(words) = words.filter(|words| !is_file && !words.is_ascii() && said.last() != Some(words)) {
            said.push(words);
        }
        schema = next;
    }
    if said.is_empty() { path.to_owned() } else { said.join(" ― ") }
}

/// The value at a path; `None` where nobody has written one.
pub fn value<'f>(path: &str, facts: &'f Json) -> Option<&'f Json> {
    let found = steps(path).into_iter().try_fold(facts, |value, step| match step {
        Step::Key(key) => value.get(key).or_else(|| value.get(key.strip_suffix("_term")?)),
        Step::Inside(inside) => entry(value, inside),
    });
    found.filter(|value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()))
}

/// A fact as a short text; `None` for what is more than one text.
pub fn said(path: &str, facts: &Json) -> Option<String> {
    let text = match value(path, facts) {
        None => "未記載".to_owned(),
        Some(Json::String(text)) => term(path, text).unwrap_or_else(|| text.clone()),
        Some(Json::Number(number)) => number.to_string(),
        Some(Json::Bool(flag)) => if *flag { "はい" } else { "いいえ" }.to_owned(),
        Some(Json::Array(_) | Json::Object(_) | Json::Null) => return None,
    };
    (text.chars().count() <= LONGEST && !text.contains('\n')).then_some(text)
}

/// A longer text is not repeated.
const LONGEST: usize = 40;

/// The word of a choice.
fn term(path: &str, token: &str) -> Option<String> {
    let schema = steps(path).into_iter().try_fold(&*SCHEMA, |schema, step| {
        let here = resolved(schema);
        match step {
            Step::Key(key) => {
                let properties = here.get("properties")?;
                properties.get(key).or_else(|| properties.get(key.strip_suffix("_term")?))
            }
            Step::Inside(_) => here.get("items").or_else(|| here.get("additionalProperties")),
        }
    });
    let branches = resolved(schema?).get("oneOf")?.as_array()?;
    let branch = branches.iter().find(|branch| branch["const"].as_str() == Some(token))?;
    branch["description"].as_str().map(str::to_owned)
}

/// Follows references and the first branch.
fn resolved(mut schema: &'static Json) -> &'static Json {
    for _ in 0..8 {
        let reference =
            schema.get("$ref").and_then(|target| target.as_str()).and_then(|target| target.strip_prefix('#'));
        let branch = schema.get("anyOf").and_then(|all| all.as_array()).and_then(|all| all.first());
        match reference.and_then(|target| SCHEMA.pointer(target)).or(branch) {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}

/// An entry of a list by its place from 1, or of records by name.
fn entry<'f>(value: &'f Json, inside: &str) -> Option<&'f Json> {
    match value {
        Json::Array(list) => list.get(inside.parse::<usize>().ok()?.checked_sub(1)?),
        other => other.get(inside),
    }
}

/// What an entry is called.
fn name(entry: &Json) -> Option<&str> {
    const NAMES: [&str; 16] = [
        "number", "id", "title", "name", "item", "band", "what", "who", "purpose", "subject", "topic", "place",
        "measure", "word", "edition", "text",
    ];
    let found = NAMES.iter().find_map(|key| entry.get(key)?.as_str().filter(|text| !text.trim().is_empty()))?;
    (found.chars().count() <= LONGEST).then_some(found)
}

/// A step of a path: `.key`, or `[what]` inside of a list or of records by name.
enum Step<'p> {
    Key(&'p str),
    Inside(&'p str),
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.trim_start_matches('.');
        let inside = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        match inside {
            Some((inside, after)) => {
                steps.push(Step::Inside(inside));
                rest = after;
            }
            None => {
                let end = rest.find(['.', '[']).unwrap_or(rest.len()).max(1);
                steps.push(Step::Key(&rest[..end.min(rest.len())]));
                rest = &rest[end.min(rest.len())..];
            }
        }
    }
    steps
}
