//! The facts a template sees: a tree that knows the path of everything in it, and what was asked for.
//!
//! The tree has the shape of the schema, so a key that could never be there is a mistake of the template, while one that
//! nobody has filled in is an absent fact with its path.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use serde_json::{Map, Value as Json};

use crate::print::NOT_STATED;

/// How deep the shape of something absent is followed: schemas may contain themselves.
const ABSENT_DEPTH: usize = 6;

/// What is known, for templates.
#[derive(Debug, Clone)]
pub struct Facts {
    root: Value,
    log: Arc<Log>,
}

/// What templates asked for since it was last emptied.
#[derive(Debug, Default)]
pub(crate) struct Log {
    used: Mutex<BTreeSet<String>>,
    missing: Mutex<BTreeSet<String>>,
}

impl Log {
    fn add(set: &Mutex<BTreeSet<String>>, path: &str) {
        set.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }

    pub fn miss(&self, path: &str) {
        Self::add(&self.missing, path);
    }
}

impl Facts {
    /// Facts from a value and the JSON Schema of its type.
    pub fn new(value: &Json, schema: &Json) -> Self {
        let log = Arc::new(Log::default());
        let grow = Grow { root: Arc::new(schema.clone()), log: log.clone() };
        Self { root: grow.value(Some(value), schema, "", 0), log }
    }

    pub(crate) fn root(&self) -> Value {
        self.root.clone()
    }

    pub(crate) fn log(&self) -> &Arc<Log> {
        &self.log
    }

    /// The part of a dotted name up to what could never be there; `None` if the whole name may be.
    pub(crate) fn unknown(&self, name: &str) -> Option<String> {
        let mut here = self.root();
        let mut end = 0;
        for key in name.split('.') {
            end += key.len();
            match here.get_attr(key) {
                Ok(next) if !next.is_undefined() => here = next,
                _ => return Some(name[..end].to_owned()),
            }
            // What nobody has written has no parts to look at.
            if here.downcast_object_ref::<Absent>().is_some() {
                return None;
            }
            end += 1;
        }
        None
    }

    /// Paths used and paths missing since the last call. Of `a` and `a.b` only the deeper one counts as used.
    pub(crate) fn taken(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let take =
            |set: &Mutex<BTreeSet<String>>| std::mem::take(&mut *set.lock().unwrap_or_else(PoisonError::into_inner));
        let used = take(&self.log.used);
        let is_deepest = |path: &String| {
            let deeper = |end: char| {
                used.range(format!("{path}{end}")..)
                    .next()
                    .is_some_and(|next| next.starts_with(&format!("{path}{end}")))
            };
            !deeper('.') && !deeper('[')
        };
        let deepest = used.iter().filter(|path| is_deepest(path)).cloned().collect();
        (deepest, take(&self.log.missing))
    }
}

/// Whether a value is a fact that nobody has written.
pub(crate) fn is_absent(value: &Value) -> bool {
    value.downcast_object_ref::<Absent>().is_some()
        || value.downcast_object_ref::<Record>().is_some_and(|record| record.absent)
        || value.downcast_object_ref::<List>().is_some_and(|list| list.items.is_empty() && !list.stated)
}

/// Absent, or none of the template's own.
pub(crate) fn is_nothing(value: &Value) -> bool {
    value.is_none() || is_absent(value)
}

/// The entries of a list.
pub(crate) fn listed(value: &Value) -> Option<Vec<Value>> {
    use minijinja::value::ValueKind;
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
        .then(|| value.try_iter().ok().map(Iterator::collect))
        .flatten()
}

/// The path of an empty list of facts.
pub(crate) fn path_of_list(value: &Value) -> Option<String> {
    value.downcast_object_ref::<List>().map(|list| list.path.clone())
}

/// A text, number, date or choice that nobody has written.
struct Absent {
    path: String,
    log: Arc<Log>,
}

impl fmt::Debug for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Absent({})", self.path)
    }
}

impl Object for Absent {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.log.miss(&self.path);
        f.write_str(NOT_STATED)
    }
}

/// A record with every key its type has.
struct Record {
    path: String,
    fields: BTreeMap<String, Value>,
    /// Nothing in it is written.
    absent: bool,
    log: Arc<Log>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({})", self.path)
    }
}

impl Object for Record {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let value = self.fields.get(key)?;
        Log::add(&self.log.used, &below(&self.path, key));
        Some(value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.fields.keys().map(|key| Value::from(key.as_str())).collect())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.absent
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only an absent one is ever asked to show itself; the formatter refuses the others.
        self.log.miss(&self.path);
        f.write_str(NOT_STATED)
    }
}

/// A list of facts.
struct List {
    path: String,
    items: Vec<Value>,
    /// Somebody wrote the list, be it empty: there are none, and that is known.
    stated: bool,
    log: Arc<Log>,
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "List({})", self.path)
    }
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.items.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Log::add(&self.log.used, &self.path);
        Enumerator::Seq(self.items.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.items.is_empty() {
            if self.stated {
                return f.write_str("なし");
            }
            self.log.miss(&self.path);
            return f.write_str(NOT_STATED);
        }
        let texts: Vec<String> = self.items.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join("、"))
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Records by name, such as answers by the id of what they answer: a name that is not there is an absent fact.
struct Named {
    path: String,
    entries: BTreeMap<String, Value>,
    /// In the order of the facts.
    names: Vec<String>,
    schema: Json,
    grow: Grow,
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Named({})", self.path)
    }
}

impl Object for Named {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let path = format!("{}[{key}]", self.path);
        Log::add(&self.grow.log.used, &path);
        Some(self.entries.get(key).cloned().unwrap_or_else(|| self.grow.value(None, &self.schema, &path, 1)))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Log::add(&self.grow.log.used, &self.path);
        Enumerator::Values(self.names.iter().map(|name| Value::from(name.as_str())).collect())
    }
}

/// Grows the tree along the schema.
#[derive(Clone)]
struct Grow {
    root: Arc<Json>,
    log: Arc<Log>,
}

impl Grow {
    fn value(&self, value: Option<&Json>, schema: &Json, path: &str, absent_depth: usize) -> Value {
        let schema = self.resolved(schema);
        let value = value.filter(|value| !value.is_null());
        if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
            return self.record(value, properties, path, absent_depth);
        }
        if let Some(items) = schema.get("items") {
            let may_be_absent =
                schema.get("type").and_then(Json::as_array).is_some_and(|types| types.iter().any(|of| of == "null"));
            return self.list(value, items, path, may_be_absent);
        }
        if let Some(of) = schema.get("additionalProperties").filter(|of| of.is_object()) {
            return self.named(value, of, path);
        }
        match value {
            Some(Json::Object(_)) => self.named(value, &Json::Bool(true), path),
            Some(Json::Array(_)) => self.list(value, &Json::Bool(true), path, false),
            Some(Json::String(text)) if text.trim().is_empty() => self.absent(path),
            Some(Json::String(text)) => match self.choice(schema) {
                Some(choice) => self.chosen(text, &choice, path),
                None => Value::from(text.as_str()),
            },
            Some(Json::Bool(flag)) => Value::from(*flag),
            Some(Json::Number(number)) => {
                number.as_i64().map_or_else(|| Value::from(number.as_f64().unwrap_or_default()), Value::from)
            }
            Some(Json::Null) | None => self.absent(path),
        }
    }

    fn absent(&self, path: &str) -> Value {
        Value::from_object(Absent { path: path.to_owned(), log: self.log.clone() })
    }

    fn record(&self, value: Option<&Json>, properties: &Map<String, Json>, path: &str, absent_depth: usize) -> Value {
        if value.is_none() && absent_depth >= ABSENT_DEPTH {
            return self.absent(path);
        }
        let mut fields = BTreeMap::new();
        for (key, schema) in properties {
            let depth = if value.is_none() { absent_depth + 1 } else { 0 };
            let of = value.and_then(|value| value.get(key));
            let path = below(path, key);
            fields.insert(key.clone(), self.value(of, schema, &path, depth));
            if let Some(choice) = self.choice(self.resolved(schema)) {
                let term = of.and_then(Json::as_str).and_then(|token| choice.iter().find(|(known, _)| known == token));
                let term = term.filter(|(token, _)| token != UNKNOWN);
                let term = term.map_or_else(|| self.absent(&path), |(_, term)| Value::from(term.as_str()));
                fields.insert(format!("{key}_term"), term);
            }
        }
        let absent = fields.values().all(is_absent);
        Value::from_object(Record { path: path.to_owned(), fields, absent, log: self.log.clone() })
    }

    fn named(&self, value: Option<&Json>, schema: &Json, path: &str) -> Value {
        let map = || value.and_then(Json::as_object).into_iter().flatten();
        let grown =
            map().map(|(key, value)| (key.clone(), self.value(Some(value), schema, &format!("{path}[{key}]"), 0)));
        Value::from_object(Named {
            path: path.to_owned(),
            entries: grown.collect(),
            names: map().map(|(key, _)| key.clone()).collect(),
            schema: schema.clone(),
            grow: self.clone(),
        })
    }

    fn list(&self, value: Option<&Json>, items: &Json, path: &str, may_be_absent: bool) -> Value {
        let entries = value.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let grown = entries
            .iter()
            .enumerate()
            .map(|(at, entry)| self.value(Some(entry), items, &format!("{path}[{}]", at + 1), 0));
        Value::from_object(List {
            path: path.to_owned(),
            items: grown.collect(),
            stated: may_be_absent && value.is_some(),
            log: self.log.clone(),
        })
    }

    /// Follows references and the one branch that is not null.
    fn resolved<'a>(&'a self, schema: &'a Json) -> &'a Json {
        let mut here = schema;
        for _ in 0..16 {
            if let Some(target) =
                here.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'))
            {
                match self.root.pointer(target) {
                    Some(next) => here = next,
                    None => return here,
                }
            } else if let Some(branches) = here.get("anyOf").and_then(Json::as_array) {
                let real = branches.iter().find(|branch| branch.get("type").and_then(Json::as_str) != Some("null"));
                match real {
                    Some(next) => here = next,
                    None => return here,
                }
            } else {
                return here;
            }
        }
        here
    }

    /// Tokens and terms of a choice.
    fn choice(&self, schema: &Json) -> Option<Vec<(String, String)>> {
        let branches = schema.get("oneOf")?.as_array()?;
        let text = |branch: &Json, key: &str| branch.get(key).and_then(Json::as_str).map(str::to_owned);
        let known = branches.iter().map(|branch| Some((text(branch, "const")?, text(branch, "description")?)));
        known.collect()
    }

    /// はい and いいえ are true and false in an expression; what nobody knows is absent.
    fn chosen(&self, token: &str, choice: &[(String, String)], path: &str) -> Value {
        let is_answer = choice.iter().all(|(token, _)| ["yes", "no", UNKNOWN].contains(&token.as_str()));
        match token {
            UNKNOWN => self.absent(path),
            "yes" if is_answer => Value::from(true),
            "no" if is_answer => Value::from(false),
            token => Value::from(token),
        }
    }
}

/// The token of every choice for what nobody has said.
const UNKNOWN: &str = "unknown";
