//! Where in the schema one stands, and what tells the records of a list apart there.

use serde_json::Value;
use shirube_safety::File;

use super::step::Identity;
use crate::schema::{compiled, resolve};

/// Lists whose records more than one field tells apart, or one that is not the first of [`KEYS`]. `*` is a record.
const RECORDS: [(&str, &[&str]); 53] = [
    ("/edition_changes", &["edition", "replaces"]),
    ("/delivery/application/also", &["party", "what"]),
    ("/delivery/platform/also", &["party", "what"]),
    ("/delivery/infrastructure/also", &["party", "what"]),
    ("/supply_chain", &["supplier", "customer", "service"]),
    ("/document/history", &["edition", "on"]),
    ("/nodes*/at_end", &["layer", "information", "actor"]),
    ("/links*/at_end", &["layer", "information", "actor"]),
    ("/links*/carries", &["information", "phase", "actor"]),
    ("/handlings", &["layer", "phase", "actor", "nodes", "information"]),
    ("/no_flows", &["layer", "phase"]),
    ("/documents", &["kind", "title"]),
    ("/risks", &["flow", "threat", "id"]),
    ("/not_applicable", &["flow", "threat"]),
    ("/treatments*/measures", &["viewpoint", "text"]),
    ("/treatments*/requests", &["viewpoint", "text"]),
    ("/considerations*/exceptions", &["what", "from"]),
    ("/reviews", &["on", "cause"]),
    ("/statutory", &["item", "row", "place"]),
    ("/no_environments", &["environment"]),
    ("/editions", &["edition"]),
    ("/hours/business", &["days"]),
    ("/desk/hours", &["days"]),
    ("/availability", &["band"]),
    ("/monitoring", &["what", "place"]),
    ("/updates", &["what"]),
    ("/authentication", &["who"]),
    ("/response", &["purpose"]),
    ("/division", &["subject"]),
    ("/exchange", &["topic"]),
    ("/evaluation/grades", &["grade"]),
    ("/clauses", &["clause", "change", "id"]),
    ("/disclosure", &["clause", "change", "id"]),
    ("/sla", &["clause", "change", "id"]),
    ("/operating_rules", &["clause", "change", "id"]),
    ("/institution_rules", &["clause", "change", "id"]),
    ("/letter", &["clause", "change", "id"]),
    ("/summary_management", &["clause", "change", "id"]),
    ("/summary_clinic", &["clause", "change", "id"]),
    ("/terms", &["term"]),
    ("/documents", &["item", "name"]),
    ("/evaluations", &["what"]),
    ("/storage_places", &["place", "information"]),
    ("/procedures", &["measure"]),
    ("/institution/backups", &["target"]),
    ("/institution/report_contacts", &["to", "when"]),
    ("/replies", &["sheet", "item"]),
    ("/replies*/again", &["on"]),
    ("/questions", &["sheet", "number"]),
    ("/statements", &["report", "control"]),
    ("/claims", &["report", "task"]),
    ("/uses", &["control", "supplier"]),
    ("/offers", &["control"]),
];

/// Fields that tell records apart, the first that their type has.
const KEYS: [&str; 14] = [
    "id", "control", "risk", "role", "item", "no", "flow", "value", "rank", "revision", "name", "plan", "because",
    "text",
];

/// Lists that mean something only as a whole: ends of a connection, what makes the name of a flow, tables.
const WHOLE: [&str; 5] = [
    "/links*/between",
    "/handlings*/nodes",
    "/risk_method/matrix",
    "/risk_method/suggestions*/impact",
    "/risk_method/suggestions*/likelihood",
];

/// The list of decisions, which are edited risk by risk.
pub(super) const DECISIONS: &str = "/decisions";

/// The values of one risk alone inside what was decided for it; stands for its record of `each`.
pub(super) const OWN: &str = "own";

/// What a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ListKind {
    /// Records, told apart by these fields.
    Records(Vec<&'static str>),
    /// Words, each for itself; their order means nothing.
    Words,
    /// Edited as a whole.
    Whole,
}

/// A place in the schema of a file.
#[derive(Debug, Clone)]
pub(super) struct Spot<'s> {
    root: &'s Value,
    /// The schema as the field names it, with the field's own description and default.
    pub named: &'s Value,
    /// The schema behind references.
    pub schema: &'s Value,
    /// Keys from the top, `*` for a record: `/treatments*/measures`.
    pub chain: String,
}

impl Spot<'static> {
    pub fn of(file: File) -> Self {
        let root = &compiled(file).schema;
        Self { root, named: root, schema: root, chain: String::new() }
    }
}

impl<'s> Spot<'s> {
    fn at(&self, named: &'s Value, chain: String) -> Self {
        Self { root: self.root, named, schema: resolve(self.root, named), chain }
    }

    /// The field of an object.
    pub fn key(&self, key: &str) -> Self {
        if key == OWN && self.chain == format!("{DECISIONS}*") {
            return self.key("each").item();
        }
        self.at(&self.schema["properties"][key], format!("{}/{key}", self.chain))
    }

    /// The records of a list.
    pub fn item(&self) -> Self {
        self.at(&self.schema["items"], format!("{}*", self.chain))
    }

    pub fn is_decisions(&self) -> bool {
        self.chain == DECISIONS
    }

    /// What holds when the field is left out.
    pub fn default(&self) -> Option<&'s Value> {
        self.named.get("default").or_else(|| self.schema.get("default"))
    }

    pub fn fields(&self) -> impl Iterator<Item = &'s String> {
        self.schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys())
    }

    /// Whether a field must be given.
    pub fn requires(&self, key: &str) -> bool {
        self.schema["required"].as_array().is_some_and(|required| required.iter().any(|name| name == key))
    }

    /// Place of a field in the order of its type; unknown fields come last.
    pub fn rank(&self, key: &str) -> usize {
        self.fields().position(|known| known == key).unwrap_or(usize::MAX)
    }

    /// Whether this says who decided and when: one statement, which is never put together from two.
    pub fn is_signature(&self) -> bool {
        let has = |key| self.schema["properties"].get(key).is_some();
        has("on") && (has("by") || has("approver")) || has("approved_by")
    }

    pub fn kind(&self) -> ListKind {
        let items = self.item();
        if WHOLE.contains(&self.chain.as_str()) || items.schema["type"] == "array" {
            return ListKind::Whole;
        }
        // Lists of several files may have the same name; the type tells which is meant.
        let has = |field: &&str| items.schema["properties"].get(*field).is_some();
        if let Some((_, fields)) =
            RECORDS.iter().find(|(chain, fields)| *chain == self.chain && fields.iter().all(&has))
        {
            return ListKind::Records(fields.to_vec());
        }
        match items.schema["properties"].as_object() {
            None => ListKind::Words,
            Some(known) => {
                let key = KEYS.iter().find(|key| known.contains_key(**key)).copied();
                key.map_or(ListKind::Whole, |key| ListKind::Records(vec![key]))
            }
        }
    }

    /// What tells the entries of a list apart, entry by entry; `None` for lists that are edited as a whole.
    pub fn identities(&self, list: &[Value]) -> Option<Vec<Identity>> {
        let kind = self.kind();
        let plain = |entry: &Value| match &kind {
            ListKind::Records(fields) => Some(fields.iter().map(|field| word(field, &entry[*field])).collect()),
            ListKind::Words => Some(vec![word("", entry)]),
            ListKind::Whole => None,
        };
        let mut found: Vec<Identity> = Vec::with_capacity(list.len());
        let mut counts: std::collections::HashMap<Vec<String>, usize> = std::collections::HashMap::new();
        for entry in list {
            let fields: Vec<String> = plain(entry)?;
            let count = counts.entry(fields.clone()).or_default();
            found.push(Identity { fields, nth: *count });
            *count += 1;
        }
        Some(found)
    }
}

/// The same identity in its one spelling.
pub(super) fn normal(spot: &Spot, identity: &Identity) -> Identity {
    let ListKind::Records(names) = spot.kind() else { return identity.clone() };
    let field = |(name, text): (&&str, &String)| word(name, &Value::String(text.clone()));
    Identity { fields: names.iter().zip(&identity.fields).map(field).collect(), nth: identity.nth }
}

/// A value as part of an identity.
fn word(field: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if field == "control" => control(text),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(|entry| word("", entry)).collect::<Vec<_>>().join("+"),
        other => other.to_string(),
    }
}

/// One spelling for the number of a control: `3.4①-14`, `３.４①－14`, `3.4-1-14` and `pg-1.0/3.4-1-14` are the same.
pub(super) fn control(text: &str) -> String {
    let text = text.trim();
    let bare = text.strip_prefix("pg-1.0/").unwrap_or(text);
    let mut normal = String::with_capacity(bare.len());
    for c in bare.chars() {
        match c {
            '①'..='⑳' => normal.push_str(&format!("-{}", c as u32 - '①' as u32 + 1)),
            '！'..='～' => normal.extend(char::from_u32(c as u32 - 0xFEE0)),
            '‐' | '‑' | '–' | '−' => normal.push('-'),
            c => normal.push(c),
        }
    }
    normal
}
