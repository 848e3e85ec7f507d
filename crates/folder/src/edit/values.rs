//! Values of a file: reading them, what counts as the same, and what an edit makes of them.

use serde_json::{Map, Value};
use shirube_safety::File;

use super::spot::{ListKind, Spot, normal};
use super::step::{Identity, Step};
use super::{Change, Texts};
use crate::{InputError, schema, yaml};

/// Key under which a record carries, while edits are made, what told it apart before them.
const TAG: &str = "\u{1}";

/// What a file says, with its text; `{}` for a file that is not there.
pub(super) fn read(file: File, texts: &Texts) -> Result<Value, Vec<InputError>> {
    let empty = Vec::new();
    let mut errors = Vec::new();
    let tree = yaml::parse(file, texts.get(&file).unwrap_or(&empty), &mut errors);
    match tree {
        Some(tree) if errors.is_empty() => {
            let schema = &schema::compiled(file).schema;
            Ok(tree.json(schema, schema))
        }
        _ => Err(errors),
    }
}

/// Whether a value says nothing.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// The value without what holds anyway: fields that say the default, fields that say nothing.
pub(super) fn lean(spot: &Spot, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let said = fields.iter().filter_map(|(key, value)| {
                let spot = spot.key(key);
                (!value.is_null() && !is_default(&spot, value)).then(|| (key.clone(), lean(&spot, value)))
            });
            Value::Object(said.collect())
        }
        Value::Array(list) => {
            let spot = spot.item();
            Value::Array(list.iter().map(|entry| lean(&spot, entry)).collect())
        }
        other => other.clone(),
    }
}

/// Whether leaving the field out would say the same.
pub(super) fn is_default(spot: &Spot, value: &Value) -> bool {
    spot.default().is_some_and(|default| {
        default == value || (default.is_object() && value.is_object() && lean(spot, default) == lean(spot, value))
    })
}

/// Whether two values say the same.
pub(super) fn same(spot: &Spot, one: &Value, other: &Value) -> bool {
    one == other || lean(spot, one) == lean(spot, other)
}

/// What to write for `new` where `old` stands: what is written stays as it is written where it says the same.
pub(super) fn settled(spot: &Spot, old: Option<&Value>, new: Value) -> Value {
    match new {
        Value::Object(fields) => settled_fields(spot, old.and_then(Value::as_object), fields),
        Value::Array(list) => {
            let entries = list.into_iter().filter(|entry| !entry.is_null());
            let item = spot.item();
            let before = old.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let names = spot.identities(before).unwrap_or_default();
            let mut list: Vec<Value> = entries.collect();
            let own = spot.identities(&list).unwrap_or_default();
            for (at, entry) in list.iter_mut().enumerate() {
                let known = own.get(at).and_then(|id| names.iter().position(|name| name == id));
                *entry = settled(&item, known.map(|at| &before[at]), entry.take());
            }
            Value::Array(list)
        }
        Value::String(text) => typed(spot, text),
        Value::Number(_) | Value::Bool(_) if spot.schema["type"] == "string" => Value::String(new.to_string()),
        other => other,
    }
}

fn settled_fields(spot: &Spot, old: Option<&Map<String, Value>>, new: Map<String, Value>) -> Value {
    let mut fields = Map::new();
    for (key, value) in old.into_iter().flatten() {
        if !new.contains_key(key) && (key == TAG || is_default(&spot.key(key), value)) {
            fields.insert(key.clone(), value.clone());
        }
    }
    for (key, value) in new {
        let spot = spot.key(&key);
        let written = old.and_then(|old| old.get(&key));
        let value = settled(&spot, written, value);
        let left_out = value.is_null() || is_default(&spot, &value) && written.is_none_or(|_| is_blank(&value));
        match written {
            Some(written) if same(&spot, written, &value) => {
                fields.insert(key, written.clone());
            }
            _ if left_out => {}
            _ => {
                fields.insert(key, value);
            }
        }
    }
    Value::Object(fields)
}

/// Text as the field wants it: forms have only text, and browsers end lines their own way.
fn typed(spot: &Spot, text: String) -> Value {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let read = match spot.schema["type"].as_str() {
        Some("integer") => text.trim().parse::<i64>().ok().map(Value::from),
        Some("number") => text.trim().parse::<f64>().ok().map(Value::from),
        Some("boolean") => text.trim().parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

/// Lets every record carry what tells it apart, so that edits find it whatever other edits did to it.
pub(super) fn tagged(spot: &Spot, value: &mut Value, like: Option<&Value>) {
    match value {
        Value::Object(fields) => {
            let keys: Vec<String> = fields.keys().filter(|key| *key != TAG).cloned().collect();
            for key in keys {
                tagged(&spot.key(&key), &mut fields[&key], like.map(|like| &like[&key]));
            }
        }
        Value::Array(list) if matches!(spot.kind(), ListKind::Records(_)) => {
            let none = Vec::new();
            let models = like.and_then(Value::as_array).unwrap_or(&none);
            let own = spot.identities(list).unwrap_or_default();
            let theirs = spot.identities(models).unwrap_or_default();
            let pairs = super::pairing::pairs(spot, models, list);
            for ((entry, own), model) in list.iter_mut().zip(own).zip(pairs) {
                let item = spot.item();
                tagged(&item, entry, model.map(|at| &models[at]));
                let name = model.map_or(own, |at| theirs[at].clone());
                if let (Value::Object(fields), Ok(tag)) = (entry, serde_json::to_value(name)) {
                    fields.insert(TAG.to_owned(), tag);
                }
            }
        }
        // Decisions are found by their risks.
        Value::Array(list) if !spot.is_decisions() => {
            let item = spot.item();
            list.iter_mut().for_each(|entry| tagged(&item, entry, None));
        }
        _ => {}
    }
}

/// Takes away what [`tagged`] added.
pub(super) fn untagged(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.shift_remove(TAG);
            fields.values_mut().for_each(untagged);
        }
        Value::Array(list) => list.iter_mut().for_each(untagged),
        _ => {}
    }
}

/// Where a way does not lead on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Astray {
    /// There is no such record; so many steps lead to it.
    Gone(usize),
    /// Something else stands where the way wants a field or a record.
    Shape(usize),
    /// A new record calls itself otherwise than its way, and as another record is called.
    Taken(usize),
}

impl Astray {
    /// How many steps of the way could be gone, and what to say about the next.
    pub fn told(self) -> (usize, &'static str) {
        match self {
            Self::Gone(steps) => (
                steps,
                "見つかりません。ほかの人が消したか、名前を変えたようです。画面を開き直して、今の内容を確かめてください。",
            ),
            Self::Shape(steps) => {
                (steps, "ここにこの変更は書けません。項目の名前と、一覧か項目のまとまりかを確かめてください。")
            }
            Self::Taken(steps) => {
                (steps, "同じ名前のものが、この一覧にすでにあります。別の名前にするか、今あるものを直してください。")
            }
        }
    }

    /// The same behind so many steps.
    pub fn further(self, by: usize) -> Self {
        match self {
            Self::Gone(steps) => Self::Gone(steps + by),
            Self::Shape(steps) => Self::Shape(steps + by),
            Self::Taken(steps) => Self::Taken(steps + by),
        }
    }
}

/// Makes one change at the end of a way.
pub(super) fn change(spot: &Spot, value: &mut Value, way: &[Step], change: &Change) -> Result<(), Astray> {
    change_at(spot, value, way, 0, change)
}

fn change_at(spot: &Spot, value: &mut Value, way: &[Step], at: usize, change: &Change) -> Result<(), Astray> {
    let Some(step) = way.get(at) else {
        if let Change::Put(new) = change {
            *value = settled(spot, Some(value), new.clone());
        }
        return Ok(());
    };
    let last_removed = at + 1 == way.len() && *change == Change::Remove;
    match step {
        Step::Key(key) => {
            if value.is_null() {
                *value = Value::Object(Map::new());
            }
            let fields = value.as_object_mut().ok_or(Astray::Shape(at))?;
            if last_removed {
                fields.shift_remove(key);
                return Ok(());
            }
            if let (Change::Put(new), true) = (change, at + 1 == way.len()) {
                let one = [(key.clone(), new.clone())].into_iter().collect();
                match settled_fields(spot, Some(fields), one).get_mut(key) {
                    Some(inner) => fields.insert(key.clone(), inner.take()),
                    None => fields.shift_remove(key),
                };
                return Ok(());
            }
            if *change == Change::Remove && !fields.contains_key(key) {
                return Ok(());
            }
            change_at(&spot.key(key), fields.entry(key.as_str()).or_insert(Value::Null), way, at + 1, change)
        }
        Step::Item(identity) => {
            if value.is_null() {
                *value = Value::Array(Vec::new());
            }
            let list = value.as_array_mut().ok_or(Astray::Shape(at))?;
            let found = position(spot, list, identity).ok_or(Astray::Shape(at))?;
            match (found, change) {
                (Some(found), _) if last_removed => {
                    list.remove(found);
                    Ok(())
                }
                (Some(found), Change::Put(new)) if at + 1 == way.len() => {
                    let new = named(spot, &list[found], new.clone());
                    change_at(&spot.item(), &mut list[found], way, at + 1, &Change::Put(new))
                }
                (Some(found), _) => change_at(&spot.item(), &mut list[found], way, at + 1, change),
                (None, Change::Remove) => Ok(()),
                (None, Change::Put(new)) if at + 1 == way.len() => {
                    let fresh = fresh(spot, identity, new.clone());
                    let own = spot.identities(std::slice::from_ref(&fresh)).and_then(|mut names| names.pop());
                    let taken = own.is_some_and(|own| {
                        own.fields != normal(spot, identity).fields && position(spot, list, &own).flatten().is_some()
                    });
                    list.push(fresh);
                    if taken { Err(Astray::Taken(at + 1)) } else { Ok(()) }
                }
                (None, _) => Err(Astray::Gone(at + 1)),
            }
        }
    }
}

/// Index of an entry: of the one that was called so before the edits, else of the one that is now. The outer `None`
/// is for lists whose entries nothing tells apart.
fn position(spot: &Spot, list: &[Value], identity: &Identity) -> Option<Option<usize>> {
    let wanted = normal(spot, identity);
    let tag = serde_json::to_value(&wanted).ok();
    let tagged = list.iter().position(|entry| tag.is_some() && entry.get(TAG) == tag.as_ref());
    let names = spot.identities(list)?;
    Some(tagged.or_else(|| names.iter().position(|name| *name == wanted)))
}

/// A record put over another, which keeps its name if the new one gives none: a form need not repeat it.
fn named(spot: &Spot, old: &Value, mut new: Value) -> Value {
    if let (ListKind::Records(names), Value::Object(fields)) = (spot.kind(), &mut new) {
        for name in names.into_iter().filter(|name| spot.item().requires(name)) {
            if let (None | Some(Value::Null), Some(told)) = (fields.get(name), old.get(name)) {
                fields.insert(name.to_owned(), told.clone());
            }
        }
    }
    new
}

/// A record that was not there, with the fields that identify it.
fn fresh(spot: &Spot, identity: &Identity, new: Value) -> Value {
    let item = spot.item();
    let mut new = settled(&item, None, new);
    if let (ListKind::Records(names), Value::Object(fields)) = (spot.kind(), &mut new) {
        for (name, text) in names.iter().zip(&identity.fields) {
            let of_text = matches!(item.key(name).schema["type"].as_str(), Some("string" | "integer"));
            let of_set = item.key(name).schema.get("oneOf").is_some();
            let spot = item.key(name);
            let told = typed(&spot, text.clone());
            if (of_text || of_set) && !text.is_empty() && !fields.contains_key(*name) && !is_default(&spot, &told) {
                fields.insert((*name).to_owned(), told);
            }
        }
        if let Ok(tag) = serde_json::to_value(normal(spot, identity)) {
            fields.insert(TAG.to_owned(), tag);
        }
    }
    new
}
