//! Where in the schema of a file one stands, and what people call what stands there.

use std::sync::OnceLock;

use serde_json::Value;
use shirube_catalog::{Explanation, explanations};
use shirube_folder::edit::Step;
use shirube_safety::File;

use super::field::SignedWords;
use super::labels::{ABOUT, DECISION, HINTS, LABELS, PLAIN, REFERENCES, SIGNED};

/// The schema of a file, made once.
pub fn schema(file: File) -> &'static Value {
    static ALL: [OnceLock<Value>; File::WITH_SCHEMA.len()] = [const { OnceLock::new() }; File::WITH_SCHEMA.len()];
    let at = File::WITH_SCHEMA.iter().position(|known| *known == file).unwrap_or(0);
    ALL[at].get_or_init(|| shirube_folder::schema(file))
}

/// A place in the schema.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'s> {
    root: &'s Value,
    /// The schema as the field names it, with the field's own description and default.
    named: &'s Value,
    /// The schema behind references.
    pub schema: &'s Value,
    /// Name of the type; empty for types without a name, and for the four files that say how a service is.
    pub type_name: &'s str,
    /// The field one came through, and the name of the type it is a field of.
    pub key: &'s str,
    owner: &'s str,
}

impl<'s> Spot<'s> {
    /// The file as a whole.
    pub fn file(root: &'s Value) -> Self {
        let name = root["title"].as_str().unwrap_or_default();
        let stated = File::STATED.into_iter().find(|file| file.name() == name);
        let type_name = match stated {
            Some(File::Sla) => "SlaFile",
            Some(File::Disclosure) => "DisclosureFile",
            Some(File::Rules) => "RulesFile",
            Some(File::Checklists) => "ChecklistsFile",
            Some(File::Supply) => "SupplyFile",
            Some(File::House) => "HouseFile",
            _ => "",
        };
        Self { root, named: root, schema: root, type_name, key: "", owner: "" }
    }

    /// What a way leads to; `None` where the schema has nothing.
    pub fn of(root: &'s Value, way: &[Step]) -> Option<Self> {
        way.iter().try_fold(Self::file(root), |spot, step| match step {
            Step::Key(key) => spot.field(key),
            Step::Item(_) => spot.item(),
        })
    }

    fn to(self, named: &'s Value, key: &'s str, owner: &'s str) -> Self {
        let reference = named.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        let type_name = reference.and_then(|target| target.rsplit('/').next()).unwrap_or_default();
        let schema = reference.and_then(|target| self.root.pointer(target)).unwrap_or(named);
        Self { root: self.root, named, schema, type_name, key, owner }
    }

    /// A field of a record. A decision is edited risk by risk: what is different for this one stands under `own`.
    pub fn field(self, key: &str) -> Option<Self> {
        if self.type_name == "Decision" && key == "own" {
            return Some(Self { key: "own", owner: "Decision", ..self.field("each")?.item()? });
        }
        let (key, named) = self.schema.get("properties")?.as_object()?.get_key_value(key)?;
        Some(self.to(named, key, self.type_name))
    }

    /// The entries of a list.
    pub fn item(self) -> Option<Self> {
        Some(self.to(self.schema.get("items")?, self.key, self.owner))
    }

    /// Fields in the order of the type.
    pub fn fields(self) -> Vec<Self> {
        let keys = self.schema.get("properties").and_then(Value::as_object);
        let own = keys.into_iter().flatten().map(|(key, named)| self.to(named, key, self.type_name));
        match self.type_name {
            "Decision" => own.filter(|spot| !["risks", "each"].contains(&spot.key)).chain(self.field("own")).collect(),
            "OwnValues" => own.filter(|spot| spot.key != "risk").collect(),
            _ => own.collect(),
        }
    }

    /// Name of the type that has this field.
    pub fn owner(self) -> &'s str {
        self.owner
    }

    /// Entries of a list whose own field tells what they refer to.
    pub fn with_references_of(self, list: Self) -> Self {
        Self { named: list.named, ..self }
    }

    pub fn has(self, key: &str) -> bool {
        self.schema["properties"].get(key).is_some()
    }

    pub fn is_required(self, key: &str) -> bool {
        self.schema["required"].as_array().is_some_and(|all| all.iter().any(|name| name == key))
    }

    pub fn json_type(self) -> &'s str {
        self.schema["type"].as_str().unwrap_or_default()
    }

    pub fn number(self, key: &str) -> Option<i64> {
        self.schema[key].as_i64()
    }

    /// What holds when the field is left out.
    pub fn default(self) -> Option<&'s Value> {
        self.named.get("default").or_else(|| self.schema.get("default"))
    }

    /// Words of a closed set with what they mean.
    pub fn words(self) -> Vec<super::Choice> {
        let all = self.schema["oneOf"].as_array().into_iter().flatten();
        let word = |branch: &Value| {
            let value = branch["const"].as_str()?;
            Some(super::Choice::new(value, branch["description"].as_str().unwrap_or(value)))
        };
        all.filter_map(word).collect()
    }

    /// Examples of what may be written.
    pub fn examples(self) -> Vec<String> {
        let all = self.schema["examples"].as_array().or(self.schema["items"]["examples"].as_array());
        all.into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }

    fn own_description(self) -> Option<&'s str> {
        self.named["description"].as_str()
    }

    /// What the type says of itself.
    pub fn description(self) -> &'s str {
        let of_items = || self.item().and_then(|item| item.schema["description"].as_str());
        self.own_description().or(self.schema["description"].as_str()).or_else(of_items).unwrap_or_default()
    }

    /// What the type of the record says of itself, whatever the field says.
    pub fn type_description(self) -> &'s str {
        if let Some((_, about)) = ABOUT.iter().find(|(name, _)| *name == self.type_name) {
            return about;
        }
        self.schema["description"].as_str().unwrap_or_default()
    }

    /// What people call it.
    pub fn label(self) -> String {
        let mine = |(owner, key, _): &&(&str, &str, &str)| (*owner == self.owner || *owner == "*") && *key == self.key;
        if let Some((_, _, label)) = LABELS.iter().find(mine) {
            return (*label).to_owned();
        }
        let plain = || PLAIN.iter().find(|(key, _)| *key == self.key).map(|(_, label)| *label);
        let text = self.own_description().or_else(plain).unwrap_or_else(|| self.description());
        let text = if text.is_empty() { self.key } else { text };
        text[..end(text)].trim_end_matches("のid").to_owned()
    }

    /// What a decision in this place is called.
    pub fn signed_words(self) -> SignedWords {
        let mine = |(owner, key, _): &&(&str, &str, SignedWords)| *owner == self.owner && *key == self.key;
        SIGNED.iter().find(mine).map_or(DECISION, |(_, _, words)| *words)
    }

    /// What people call the thing itself, by its type.
    pub fn title(self) -> String {
        let text = self.schema["description"].as_str().unwrap_or_default();
        if text.is_empty() || self.type_name == "Signed" { self.label() } else { text[..end(text)].to_owned() }
    }

    /// What helps to fill the field in: the rest of its description.
    pub fn hint(self) -> String {
        let mine = |(owner, key, _): &&(&str, &str, &str)| (*owner == self.owner || *owner == "*") && *key == self.key;
        if let Some((_, _, hint)) = HINTS.iter().find(mine) {
            return (*hint).to_owned();
        }
        let Some(text) = self.own_description() else { return String::new() };
        let shown = without_ids(match text.strip_prefix(self.label().as_str()) {
            Some(rest) if rest.trim_start_matches("のid").starts_with('。') => rest.trim_start_matches("のid"),
            Some(rest) => match rest.strip_prefix('（').and_then(|rest| rest.split_once('）')) {
                Some((inside, "" | "。")) if !inside.contains("のid") => inside,
                Some((inside, behind)) if inside.contains("のid") && behind.starts_with('。') => behind,
                _ if rest.is_empty() => "",
                _ => text,
            },
            None => text,
        });
        let shown = shown.trim_matches('。');
        match shown {
            "" => String::new(),
            shown if shown == self.label() => String::new(),
            shown if shown.starts_with("例:") => shown.to_owned(),
            shown => format!("{shown}。"),
        }
    }

    /// What stands beside the question.
    pub fn explanation(self) -> Option<&'static Explanation> {
        explanations().field(self.owner, self.key)
    }

    /// Lists whose ids the field holds, and whether anything else would be a mistake.
    pub fn references(self) -> Option<(Vec<&'static str>, bool)> {
        let mine = |(owner, key, ..): &&(&str, &str, &[&'static str], bool)| {
            (*owner == self.owner || *owner == "*") && *key == self.key
        };
        if let Some((_, _, lists, strict)) = REFERENCES.iter().find(mine) {
            return (!lists.is_empty()).then(|| (lists.to_vec(), *strict));
        }
        let text = self.own_description().filter(|_| self.key != "id")?;
        let mut lists: Vec<&'static str> = Vec::new();
        for (at, _) in text.match_indices("のid") {
            let before = &text[..at];
            if before.ends_with("情報流") {
                lists.push("flows");
            } else if before.ends_with("リスク") {
                lists.push("risks");
            } else {
                let start = before.rfind('（').map_or(0, |start| start + '（'.len_utf8());
                let named = before[start..].split(['、']).flat_map(|part| part.split("又は"));
                let known = named.filter_map(|name| super::known::LISTS.iter().find(|(list, _)| *list == name.trim()));
                lists.extend(known.map(|(list, _)| *list));
            }
        }
        lists.dedup();
        (!lists.is_empty()).then_some((lists, true))
    }
}

/// Which list ids come from shows in what can be chosen.
fn without_ids(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('（') {
        plain.push_str(before);
        match behind.split_once('）') {
            Some((inside, after)) if inside.ends_with("のid") => rest = after,
            _ => {
                plain.push('（');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// End of the first words of a description.
fn end(text: &str) -> usize {
    text.find(['。', '（', '\n', '、']).unwrap_or(text.len())
}
