//! Fields of the model compared one by one, named by the descriptions of the schema.
//!
//! Nothing is picked by hand: what a file can hold is compared, so that a new field cannot change unseen. The words
//! come from the JSON Schema that is made from the types, where every field and every word of a closed set has its
//! Japanese description.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::compare;

/// Keys that tell the entries of a list apart, the first that an entry has.
const KEYS: [&str; 24] = [
    "id", "role", "item", "no", "flow", "supplier", "name", "term", "text", "on", "edition", "band", "days", "what",
    "who", "purpose", "subject", "topic", "grade", "clause", "place", "measure", "work", "to",
];

/// Entries that only two fields together tell apart.
const PAIRS: [(&str, &str); 4] = [("item", "row"), ("flow", "threat"), ("sheet", "item"), ("sheet", "number")];

/// From this length on a text is not quoted whole.
const LONG: usize = 60;

/// What people call a field that its type does not describe.
const PLAIN: [(&str, &str); 12] = [
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
];

/// A file of the model with its schema.
pub(crate) struct Fields {
    schema: Value,
    /// Names behind ids.
    names: HashMap<String, String>,
}

impl Fields {
    /// `files` are those whose ids may be referred to.
    pub fn new<T: JsonSchema>(files: &[&Value]) -> Self {
        let mut names = HashMap::new();
        files.iter().for_each(|file| gather_names(file, &mut names));
        Self { schema: SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value(), names }
    }

    /// Further names behind ids; those already known stay.
    pub fn with_names<'n>(mut self, names: impl Iterator<Item = (&'n str, &'n str)>) -> Self {
        for (id, name) in names {
            self.names.entry(id.to_owned()).or_insert_with(|| name.to_owned());
        }
        self
    }

    /// Sentences on everything that differs, but for the top-level fields named.
    pub fn differences(&self, before: &Value, after: &Value, without: &[&str]) -> Vec<String> {
        let mut said = Vec::new();
        for (field, schema) in self.properties(&self.schema) {
            if !without.contains(&field.as_str()) {
                let (old, new) = (&before[field.as_str()], &after[field.as_str()]);
                self.field(&self.label(field, schema), "", schema, (old, new), &mut said);
            }
        }
        said
    }

    /// What people call a top-level field, and its value as they read it.
    pub fn shown(&self, field: &str, value: &Value) -> (String, String) {
        let nothing = Value::Null;
        let schema = self.properties(&self.schema).find(|(name, _)| *name == field).map_or(&nothing, |(_, of)| of);
        (self.label(field, schema), self.labelled(value, schema))
    }

    /// A value with the names of its fields, an entry of a list to a line.
    fn labelled(&self, value: &Value, schema: &Value) -> String {
        let schema = self.resolved(schema);
        match value {
            Value::Array(list) if list.iter().any(Value::is_object) => {
                list.iter().map(|entry| self.labelled(entry, &schema["items"])).collect::<Vec<_>>().join("\n")
            }
            Value::Object(object) => {
                let stated = object.iter().filter(|(_, value)| !is_blank(value));
                let said = stated.map(|(name, value)| {
                    let inner = &schema["properties"][name];
                    format!("{}: {}", self.label(name, inner), self.labelled(value, inner))
                });
                said.collect::<Vec<_>>().join("、")
            }
            _ => self.words(value, schema),
        }
    }

    /// One field of something that is called `owner`, e.g. `拠点「本院」`.
    fn field(&self, label: &str, owner: &str, schema: &Value, pair: (&Value, &Value), said: &mut Vec<String>) {
        let (old, new) = pair;
        if same(old, new) {
            return;
        }
        let schema = self.resolved(schema);
        let of_owner = if owner.is_empty() { String::new() } else { format!("{owner}の") };
        let keyed = |value: &Value| value.as_array().into_iter().flatten().all(|entry| key(entry).is_some());
        match (old, new) {
            (Value::Array(_), Value::Array(_)) if keyed(old) && keyed(new) => {
                self.list(&format!("{of_owner}{label}"), &schema["items"], pair, said);
            }
            (Value::Object(_), Value::Object(_)) => {
                let owner = format!("{of_owner}{label}");
                for (name, inner) in self.properties(schema) {
                    let pair = (&old[name.as_str()], &new[name.as_str()]);
                    self.field(&self.label(name, inner), &owner, inner, pair, said);
                }
            }
            (Value::Array(from), Value::Array(to)) if to.iter().chain(from).all(Value::is_string) => {
                let items = self.resolved(&schema["items"]);
                let only = |one: &[Value], other: &[Value]| -> Vec<String> {
                    one.iter().filter(|entry| !other.contains(entry)).map(|entry| self.words(entry, items)).collect()
                };
                let (gone, fresh) = (only(from, to), only(to, from));
                if !gone.is_empty() {
                    said.push(format!("{of_owner}{label}から{}がなくなる。", quoted(&gone)));
                }
                if !fresh.is_empty() {
                    said.push(format!("{of_owner}{label}に{}が加わる。", quoted(&fresh)));
                }
                if gone.is_empty() && fresh.is_empty() {
                    said.push(format!("{of_owner}{label}の並びが変わる。"));
                }
            }
            _ => {
                let (from, to) = (self.words(old, schema), self.words(new, schema));
                said.push(match from.chars().count().max(to.chars().count()) {
                    ..LONG => format!("{of_owner}{label}が「{from}」から「{to}」に変わる。"),
                    _ => format!("{of_owner}{label}が書き改められる（「{}」から「{}」）。", short(&from), short(&to)),
                });
            }
        }
    }

    /// Entries of a list by their keys.
    fn list(&self, label: &str, items: &Value, (old, new): (&Value, &Value), said: &mut Vec<String>) {
        let (old, new) = (entries(old), entries(new));
        let items = self.resolved(items);
        let called = |id: &str, entry: &Value| {
            let of_set = KEYS.iter().find(|key| entry[**key] == id).map(|key| &items["properties"][*key]);
            let known = || of_set.map_or_else(|| id.to_owned(), |schema| self.term(id, self.resolved(schema)));
            let name = entry["name"].as_str().map_or_else(known, str::to_owned);
            format!("{label}「{}」", short(&name))
        };
        let list = std::cell::RefCell::new(said);
        compare(
            old.iter().map(|(id, entry)| (id.as_str(), *entry)),
            new.iter().map(|(id, entry)| (id.as_str(), *entry)),
            |id, entry| list.borrow_mut().push(format!("{}がなくなる。", called(id, entry))),
            |id, entry| list.borrow_mut().push(format!("{}が加わる。", called(id, entry))),
            |id, from, to| {
                for (name, inner) in self.properties(items) {
                    let pair = (&from[name.as_str()], &to[name.as_str()]);
                    self.field(&self.label(name, inner), &called(id, from), inner, pair, &mut list.borrow_mut());
                }
            },
        );
    }

    fn properties<'s>(&'s self, schema: &'s Value) -> impl Iterator<Item = (&'s String, &'s Value)> {
        self.resolved(schema)["properties"].as_object().into_iter().flatten()
    }

    /// The schema behind references and behind "or nothing".
    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        if let Some(pointer) = schema["$ref"].as_str().and_then(|target| target.strip_prefix('#')) {
            return self.schema.pointer(pointer).map_or(schema, |found| self.resolved(found));
        }
        let branches = schema["anyOf"].as_array();
        let real = branches.and_then(|all| all.iter().find(|branch| branch["type"] != "null"));
        real.map_or(schema, |found| self.resolved(found))
    }

    /// What people call a field: the first words of its description, else of its type's.
    fn label(&self, name: &str, schema: &Value) -> String {
        let own = schema["description"].as_str();
        let plain = PLAIN.iter().find(|(known, _)| *known == name).map(|(_, label)| *label);
        let of_type = || {
            self.resolved(schema)["description"].as_str().or_else(|| {
                let items = &self.resolved(schema)["items"];
                self.resolved(items)["description"].as_str()
            })
        };
        let text = own.or(plain).or_else(of_type).unwrap_or(name);
        let end = text.find(['。', '（', '\n', '、']).unwrap_or(text.len());
        text[..end].trim_end_matches("のid").to_owned()
    }

    /// A value as people read it.
    fn words(&self, value: &Value, schema: &Value) -> String {
        let schema = self.resolved(schema);
        match value {
            Value::Null => "記載なし".to_owned(),
            Value::Bool(true) => "はい".to_owned(),
            Value::Bool(false) => "いいえ".to_owned(),
            Value::String(text) => self.term(text, schema),
            Value::Array(list) if list.is_empty() => "記載なし".to_owned(),
            Value::Array(list) => {
                list.iter().map(|entry| self.words(entry, &schema["items"])).collect::<Vec<_>>().join("、")
            }
            Value::Object(object) => {
                let stated = object.iter().filter(|(_, value)| !is_blank(value));
                let inner = |name: &str| &schema["properties"][name];
                stated.map(|(name, value)| self.words(value, inner(name))).collect::<Vec<_>>().join("・")
            }
            Value::Number(number) => number.to_string(),
        }
    }

    /// The term of a word of a closed set, the name behind an id, or the text itself.
    fn term(&self, text: &str, schema: &Value) -> String {
        let of_set = schema["oneOf"].as_array().into_iter().flatten();
        let found = of_set.filter(|word| word["const"] == text).find_map(|word| word["description"].as_str());
        found.or_else(|| self.names.get(text).map(String::as_str)).unwrap_or(text).to_owned()
    }
}

/// The entries of a list by what tells them apart; entries that share it count as one with the last.
fn entries(list: &Value) -> BTreeMap<String, &Value> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|entry| Some((key(entry)?, entry))).collect()
}

/// `「一つ」「二つ」`, and from the fourth on only how many.
fn quoted(texts: &[String]) -> String {
    let first: String = texts.iter().take(3).map(|text| format!("「{}」", short(text))).collect();
    match texts.len() {
        ..4 => first,
        count => format!("{first}ほか{}件", count - 3),
    }
}

/// The beginning of a text that is too long to be quoted.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(LONG / 2).collect();
    if cut.len() == text.len() { cut } else { format!("{cut}…") }
}

/// A file as the comparison reads it.
pub(super) fn value<T: Serialize>(file: &T) -> Value {
    serde_json::to_value(file).unwrap_or(Value::Null)
}

/// What tells an entry from the others of its list.
fn key(entry: &Value) -> Option<String> {
    let pair = PAIRS.iter().find_map(|(one, other)| Some((entry[one].as_str()?, entry[other].as_str()?)));
    if let (None, Some((one, other))) = (entry["id"].as_str(), pair) {
        return Some(format!("{one} {other}"));
    }
    let found = KEYS.iter().map(|key| &entry[*key]).find(|value| !value.is_null())?;
    found.as_str().map_or_else(|| Some(found.to_string()), |text| Some(text.to_owned()))
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn same(old: &Value, new: &Value) -> bool {
    old == new || (is_blank(old) && is_blank(new))
}

fn gather_names(value: &Value, names: &mut HashMap<String, String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|entry| gather_names(entry, names)),
        Value::Object(object) => {
            if let (Some(id), Some(name)) = (object.get("id"), object.get("name"))
                && let (Some(id), Some(name)) = (id.as_str(), name.as_str())
            {
                names.entry(id.to_owned()).or_insert_with(|| name.to_owned());
            }
            object.values().for_each(|inner| gather_names(inner, names));
        }
        _ => {}
    }
}
