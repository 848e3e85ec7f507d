//! Forms for every part of a service, made from the JSON Schema of its files.
//!
//! Pure: schema, record and what a browser sent go in; fields, records and mistakes come out. Nothing is picked by
//! hand, so a new field of a file has its place in the form at once. What nobody touched comes back as it was.

mod build;
mod cell;
mod field;
mod grid;
mod ids;
mod known;
mod labels;
mod layout;
mod paste;
mod read;
mod same;
mod schema;
mod sent;
#[cfg(test)]
mod tests;
mod words;

use serde_json::Value;
use shirube_catalog::Explanation;
use shirube_folder::edit::{Step, way, way_text};
use shirube_safety::File;

pub use ids::new_id;
use same::{is_touched, same};

pub use cell::{cell_options, cell_text, cell_value};
pub use field::{Entry, Field, Kind, Of, Release, SignedWords};
pub use grid::{GridColumn, GridRow, cells as grid_cells, columns as grid_columns, lay};
pub use known::{Choice, Known};
pub use paste::{Effect, Pasted, Row as PastedRow, is_plain, paste};
pub use schema::{Spot, schema};
pub use sent::Sent;
pub use shirube_safety::typed::{date, folded};
pub use words::words;

/// A form for one record.
#[derive(Debug, Clone)]
pub struct Form<'k> {
    pub file: File,
    /// Way to the record; for a new one, to its list.
    pub way: Vec<Step>,
    /// What the record is called.
    pub title: String,
    /// What the type says of itself.
    pub about: String,
    /// What belongs into the list, and why.
    pub explanation: Option<&'static Explanation>,
    pub is_new: bool,
    pub groups: Vec<Group>,
    known: &'k Known,
    stored: Option<Value>,
    fixed: Vec<(String, String)>,
    /// Ids that other records of the list have.
    taken: Vec<String>,
}

/// Fields under a heading.
#[derive(Debug, Clone)]
pub struct Group {
    /// Empty for the only one.
    pub title: String,
    pub fields: Vec<Field>,
}

/// Something wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field in the form; empty for the record as a whole.
    pub field: String,
    pub message: String,
}

/// Who sits at the form, and which day it is.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    pub by: &'a str,
    /// E.g. `2026-11-22`.
    pub on: &'a str,
}

/// The explanation of the list that a record belongs to.
fn of_list(file: File, way: &[Step]) -> Option<&'static Explanation> {
    match way.first() {
        Some(Step::Key(_)) => Spot::of(schema(file), &way[..1])?.explanation(),
        _ => None,
    }
}

impl<'k> Form<'k> {
    /// The form of the record a way leads to, with what it holds; nothing for a new one. `None` where the schema has no
    /// record.
    pub fn new(file: File, way: &[Step], stored: Option<&Value>, known: &'k Known) -> Option<Self> {
        let spot = record_spot(file, way)?;
        let mut form = Self {
            file,
            way: way.to_vec(),
            title: match file {
                File::Sla if way.is_empty() => "サービスレベル合意書の番号と数字".to_owned(),
                File::Disclosure if way.is_empty() => "開示書に載せる事実".to_owned(),
                File::Rules if way.is_empty() => "運用管理規程に載せる事実".to_owned(),
                File::Checklists if way.is_empty() => "確認表".to_owned(),
                File::Supply if way.is_empty() => "供給網".to_owned(),
                File::House if way.is_empty() => "自社の様式".to_owned(),
                // Its lists are of one type: which document they change is what tells them apart.
                File::House => Spot::of(schema(file), &way[..1])?.label(),
                _ if way.is_empty() => "サービスの拠りどころ".to_owned(),
                _ => spot.title(),
            },
            about: spot.type_description().to_owned(),
            explanation: of_list(file, way),
            is_new: stored.is_none(),
            groups: Vec::new(),
            known,
            stored: stored.cloned(),
            fixed: Vec::new(),
            taken: Vec::new(),
        };
        form.groups = form.built(None);
        Some(form)
    }

    /// Ids that a new record may not have.
    pub fn taken(mut self, ids: Vec<String>) -> Self {
        self.taken = ids;
        self
    }

    /// A field that is given and not asked.
    pub fn fix(mut self, key: &str, value: &str) -> Self {
        self.fixed.push((key.to_owned(), value.to_owned()));
        self.groups = self.built(None);
        self
    }

    /// The same form with what was sent.
    pub fn with(&self, sent: &Sent) -> Self {
        let mut typed = self.clone();
        typed.groups = self.built(Some(sent));
        typed
    }

    fn built(&self, sent: Option<&Sent>) -> Vec<Group> {
        let Some(spot) = record_spot(self.file, &self.way) else { return Vec::new() };
        let builder = build::Builder { known: self.known, sent };
        let mut fields = builder.fields(spot, "", self.stored.as_ref());
        if spot.key.is_empty() && File::STATED.contains(&self.file) {
            // Records and lists of records have forms of their own.
            fields.retain(|field| !matches!(field.kind, Kind::Group { .. } | Kind::List { .. }));
        } else if spot.key.is_empty() {
            fields.retain(|field| layout::is_of_file(&field.key));
        }
        for field in &mut fields {
            let fixed = self.fixed.iter().find(|(key, _)| *key == field.key);
            if let Some((_, value)) = fixed {
                (field.kind, field.stored) =
                    (Kind::Kept, Some(field.stored.take().unwrap_or_else(|| value.as_str().into())));
            }
            // Other records refer to it.
            if field.key == "id" && !self.is_new {
                field.kind = Kind::Kept;
            } else if field.key == "id" {
                field.required = false;
            }
        }
        grouped(spot.type_name, fields)
    }

    /// What the record holds when the form is saved as it stands, or everything that is wrong.
    pub fn value(&self, signer: &Signer) -> Result<Value, Vec<Fault>> {
        let fields: Vec<Field> = self.groups.iter().flat_map(|group| group.fields.iter().cloned()).collect();
        let mut reading = read::Reading { known: self.known, signer, faults: Vec::new() };
        let mut value = reading.record(&fields, self.stored.as_ref());
        let mut faults = reading.faults;
        if self.is_new && fields.iter().any(|field| field.key == "id" && !matches!(field.kind, Kind::Kept)) {
            match value["id"].as_str().map(str::to_owned) {
                Some(id) if self.taken.contains(&id) => faults.push(Fault {
                    field: "id".to_owned(),
                    message: format!("「{id}」はすでに使われています。ほかの名前にしてください。"),
                }),
                Some(_) => {}
                None => value["id"] = new_id(self.file, &self.way, &value, &self.taken).into(),
            }
        }
        if faults.is_empty() { Ok(value) } else { Err(faults) }
    }

    /// Puts in what could stand there, marked as a suggestion, wherever nothing stands.
    pub fn suggest(&mut self, record: &Value) {
        for field in self.groups.iter_mut().flat_map(|group| &mut group.fields) {
            if let Some(value) = record.get(&field.key) {
                suggest(field, value);
            }
        }
    }

    /// Says under the fields what is wrong; what belongs to no field stays in the list. Gives the mistakes for the
    /// summary: anchor, name of the field, message.
    pub fn blame(&mut self, faults: &[Fault]) -> Vec<Blamed> {
        let mut all = Vec::new();
        for fault in faults {
            let found =
                self.groups.iter_mut().flat_map(|group| &mut group.fields).find_map(|field| find(field, &fault.field));
            let (anchor, label) = match found {
                Some(field) => {
                    field.faults.push(fault.message.clone());
                    (Some(field.id()), field.label.clone())
                }
                None => (None, String::new()),
            };
            all.push(Blamed { anchor, label, message: fault.message.clone() });
        }
        all
    }

    /// The field of the form at a way below the record, in which records are named by what tells them apart.
    pub fn field_at(&self, below: &str) -> String {
        let steps = way(below).unwrap_or_default();
        let mut fields: Vec<&Field> = self.groups.iter().flat_map(|group| &group.fields).collect();
        let mut name = String::new();
        for step in &steps {
            match step {
                Step::Key(wanted) => {
                    let Some(field) = fields.iter().find(|field| field.key == *wanted) else { break };
                    name.clone_from(&field.name);
                    fields = field.children().collect();
                }
                Step::Item(identity) => {
                    let holder = self.all_fields().into_iter().find(|field| field.name == name);
                    let Some(Kind::List { entries, .. }) = holder.map(|field| &field.kind) else { break };
                    let mut alike = entries.iter().filter(|entry| is_called(entry, &identity.fields));
                    let Some(entry) = alike.nth(identity.nth) else { break };
                    name.clone_from(&entry.name);
                    fields = entry.fields.iter().collect();
                }
            }
        }
        name
    }

    /// Every field, with those inside of others.
    pub fn all_fields(&self) -> Vec<&Field> {
        fn gather<'f>(field: &'f Field, all: &mut Vec<&'f Field>) {
            all.push(field);
            field.children().for_each(|field| gather(field, all));
        }
        let mut all = Vec::new();
        self.groups.iter().flat_map(|group| &group.fields).for_each(|field| gather(field, &mut all));
        all
    }

    /// The lists that are offered while typing, each once.
    pub fn offered(&self) -> Vec<(Vec<&'static str>, Vec<Choice>)> {
        let mut offered: Vec<(Vec<&'static str>, Vec<Choice>)> = Vec::new();
        for field in self.all_fields() {
            if let Kind::Reference { lists, .. } = &field.kind
                && offered.iter().all(|(known, _)| known != lists)
            {
                offered.push((lists.clone(), self.known.all(lists)));
            }
        }
        offered
    }

    /// Whether saving is deciding: the record says who decided, and has to.
    pub fn decides(&self) -> bool {
        let of_record = record_spot(self.file, &self.way).is_some_and(|spot| spot.type_name == "Signed");
        of_record
            || self.groups.iter().flat_map(|group| &group.fields).any(|field| matches!(field.kind, Kind::Signed { .. }))
    }

    /// Takes over what others changed in fields that were not touched here: `theirs` is the form of the record as it is
    /// now, `self` the form as it was opened with what was typed.
    pub fn onto(&self, theirs: &Self) -> Self {
        let mut merged = theirs.clone();
        for field in merged.groups.iter_mut().flat_map(|group| &mut group.fields) {
            let mine = self.groups.iter().flat_map(|group| &group.fields).find(|mine| mine.name == field.name);
            if let Some(mine) = mine.filter(|mine| is_touched(mine)) {
                let stored = field.stored.take();
                *field = mine.clone();
                field.stored = stored;
            }
        }
        merged
    }
}

/// A mistake as the summary on top of the form lists it.
#[derive(Debug, Clone)]
pub struct Blamed {
    pub anchor: Option<String>,
    pub label: String,
    pub message: String,
}

/// Where a record is edited, below the service: for a record that one id tells from the others.
pub fn address(file: &str, list: &str, id: &str) -> String {
    let at = way_text(&[Step::Key(list.to_owned()), Step::Item(id.into())]);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs([("file", file), ("at", &at)]).finish();
    format!("/record?{query}")
}

/// The record that a way leads to, or that the list at its end holds.
pub fn record_spot(file: File, way: &[Step]) -> Option<Spot<'static>> {
    let spot = Spot::of(schema(file), way)?;
    let spot = if spot.json_type() == "array" { spot.item()? } else { spot };
    (spot.json_type() == "object").then_some(spot)
}

/// Fields under the headings of their type; who decided comes last.
fn grouped(type_name: &str, fields: Vec<Field>) -> Vec<Group> {
    let headed = layout::GROUPS.iter().filter(|(of, ..)| *of == type_name);
    let mut groups: Vec<(Group, &[&str])> =
        headed.map(|(_, title, keys)| (Group { title: (*title).to_owned(), fields: Vec::new() }, *keys)).collect();
    let mut rest = Vec::new();
    for field in fields {
        match groups.iter_mut().find(|(_, keys)| keys.contains(&field.key.as_str())) {
            Some((group, _)) => group.fields.push(field),
            None => rest.push(field),
        }
    }
    for (group, keys) in &mut groups {
        group.fields.sort_by_key(|field| keys.iter().position(|key| *key == field.key));
    }
    let (signed, rest): (Vec<Field>, Vec<Field>) =
        rest.into_iter().partition(|field| matches!(field.kind, Kind::Signed { .. }));
    let mut groups: Vec<Group> =
        groups.into_iter().map(|(group, _)| group).filter(|group| !group.fields.is_empty()).collect();
    let shown = rest.iter().any(|field| !matches!(field.kind, Kind::Kept | Kind::Stamp(_)));
    let title = if groups.is_empty() || !shown { "" } else { "そのほか" };
    groups.push(Group { title: title.to_owned(), fields: rest });
    groups.push(Group { title: "決定".to_owned(), fields: signed });
    groups.retain(|group| !group.fields.is_empty());
    groups
}

fn find<'f>(field: &'f mut Field, name: &str) -> Option<&'f mut Field> {
    let is_reason = matches!(field.kind, Kind::Signed { .. }) && field.name.trim_end_matches("/reason") == name;
    if field.name == name || is_reason {
        return Some(field);
    }
    field.children_mut().find_map(|field| find(field, name))
}

fn suggest(field: &mut Field, value: &Value) {
    if let Kind::Group { fields, .. } = &mut field.kind {
        fields.iter_mut().for_each(|inner| {
            if let Some(value) = value.get(&inner.key) {
                suggest(inner, value);
            }
        });
        return;
    }
    let texts: Vec<String> = match (value, &field.kind) {
        (Value::Array(list), Kind::Lines { .. }) => {
            vec![list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")]
        }
        (Value::Array(list), _) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        (Value::String(text), _) => vec![text.clone()],
        (Value::Object(_) | Value::Null, _) => return,
        (other, _) => vec![other.to_string()],
    };
    let leaf =
        !matches!(field.kind, Kind::List { .. } | Kind::Row { .. } | Kind::Kept | Kind::Stamp(_) | Kind::Release(_));
    if leaf && field.stored.is_none() {
        field.content = texts;
        field.suggested = true;
    }
}

/// Whether the fields of an entry hold what tells it from the others.
fn is_called(entry: &Entry, identity: &[String]) -> bool {
    identity
        .iter()
        .filter(|part| !part.is_empty())
        .all(|part| entry.fields.iter().any(|field| field.holds(part) || field.content.join("+") == *part))
}
