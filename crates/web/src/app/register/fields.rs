//! The form of an entry, as its declaration says.

use std::collections::BTreeMap;

use shirube_catalog::{FieldKind, Register, RegisterField, Required};
use shirube_safety::operation::register::parse_cell;

use super::ledger::Ledger;
use crate::app::fields::Fields;

/// How many choices are shown as boxes to tick; more are typed, with the names as suggestions.
const MOST_BOXES: usize = 24;

/// Longest text of one field.
const LONGEST_CHARS: usize = 4000;

/// What stands before the name of a field in forms, so that it meets no other.
const PREFIX: &str = "v-";

/// One field of the form.
pub struct FieldView {
    pub name: String,
    pub title: String,
    pub help: String,
    pub control: Control,
    pub is_required: bool,
    /// Titles of the states in which it must be written, if not in all.
    pub needed_in: String,
    pub value: String,
    pub mistakes: Vec<String>,
}

/// How a field is filled in.
pub enum Control {
    Line { kind: &'static str, suggestions: Vec<String> },
    Lines { suggestions: Vec<String> },
    Select(Vec<String>),
    Boxes(Vec<String>),
}

impl FieldView {
    /// Whether one of several values is chosen.
    pub fn has(&self, value: &str) -> bool {
        self.value.lines().any(|line| line == value)
    }

    /// A time with seconds can only be sent back from a control that knows seconds.
    pub fn step(&self) -> &'static str {
        let is_time = matches!(self.control, Control::Line { kind: "datetime-local", .. });
        if is_time && self.value.len() > "2026-04-01T10:30".len() { "1" } else { "" }
    }

    pub fn hint_id(&self) -> String {
        format!("{}-hint", self.name)
    }
}

/// The form with what stands in the fields, and what is wrong with it.
pub fn views(
    ledger: &Ledger,
    register: &Register,
    values: &BTreeMap<String, String>,
    entries: &BTreeMap<String, Vec<String>>,
    mistakes: &[(String, String)],
) -> Vec<FieldView> {
    let view = |field: &RegisterField| {
        let value = values.get(&field.id).map_or("", String::as_str);
        let control = control(ledger, field, value, entries);
        FieldView {
            name: format!("{PREFIX}{}", field.id),
            title: field.title.clone(),
            help: help(field, &control),
            control,
            is_required: field.required == Required::Always,
            needed_in: needed_in(register, field),
            value: shown(field, value),
            mistakes: mistakes.iter().filter(|(id, _)| *id == field.id).map(|(_, text)| text.clone()).collect(),
        }
    };
    register.fields.iter().map(view).collect()
}

fn help(field: &RegisterField, control: &Control) -> String {
    let several = match control {
        _ if !field.many => "",
        Control::Boxes(_) => "いくつでも選べます。",
        _ => "いくつかあるときは、一行に一つ書きます。",
    };
    format!("{}{several}", field.help.as_deref().unwrap_or_default())
}

fn needed_in(register: &Register, field: &RegisterField) -> String {
    let Required::In(states) = &field.required else { return String::new() };
    let titles = states.iter().filter_map(|id| register.state(id)).map(|state| state.title.as_str());
    titles.collect::<Vec<_>>().join("、")
}

fn control(ledger: &Ledger, field: &RegisterField, value: &str, entries: &BTreeMap<String, Vec<String>>) -> Control {
    let line = |kind: &'static str| Control::Line { kind, suggestions: Vec::new() };
    match field.kind {
        FieldKind::Note => Control::Lines { suggestions: Vec::new() },
        FieldKind::Date if !field.many => line("date"),
        FieldKind::Time if !field.many => line("datetime-local"),
        FieldKind::YesNo => Control::Select(vec!["はい".to_owned(), "いいえ".to_owned()]),
        FieldKind::Choice => chosen(field, with_present(&field.options, value)),
        FieldKind::Node | FieldKind::Site | FieldKind::Information | FieldKind::Party | FieldKind::Institution => {
            let names = with_present(ledger.names(field.kind), value);
            if names.is_empty() || names.len() > MOST_BOXES { written(field, names) } else { chosen(field, names) }
        }
        FieldKind::Entry => {
            let known = field.of.as_ref().and_then(|of| entries.get(of)).cloned().unwrap_or_default();
            written(field, known)
        }
        FieldKind::Text | FieldKind::Person | FieldKind::Number | FieldKind::Evidence => written(field, Vec::new()),
        FieldKind::Date | FieldKind::Time => written(field, Vec::new()),
    }
}

/// What can be chosen, with what was chosen before and is offered no longer.
fn with_present(names: &[String], value: &str) -> Vec<String> {
    let gone = value.lines().filter(|line| !names.iter().any(|name| name == line)).map(str::to_owned);
    names.iter().cloned().chain(gone).collect()
}

fn chosen(field: &RegisterField, names: Vec<String>) -> Control {
    if field.many { Control::Boxes(names) } else { Control::Select(names) }
}

fn written(field: &RegisterField, suggestions: Vec<String>) -> Control {
    if field.many { Control::Lines { suggestions } } else { Control::Line { kind: "text", suggestions } }
}

/// A value as the control of the page wants it: the field for moments has a letter between day and time.
fn shown(field: &RegisterField, value: &str) -> String {
    match field.kind {
        FieldKind::Time if !field.many && value.len() > 10 => value.replacen(' ', "T", 1),
        FieldKind::Time if !field.many && value.len() == 10 => format!("{value}T00:00"),
        _ => value.to_owned(),
    }
}

/// What the form says, by the ids of the fields, in the way in which it is kept; or every mistake with its field.
pub fn typed(register: &Register, fields: &Fields) -> (BTreeMap<String, String>, Vec<(String, String)>) {
    let (mut values, mut mistakes) = (BTreeMap::new(), Vec::new());
    for field in &register.fields {
        let name = format!("{PREFIX}{}", field.id);
        let text = fields.all(&name).map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        if text.is_empty() {
            if field.required == Required::Always {
                mistakes.push((field.id.clone(), format!("「{}」を入力してください。", field.title)));
            }
            continue;
        }
        if text.chars().count() > LONGEST_CHARS {
            mistakes
                .push((field.id.clone(), format!("「{}」は{LONGEST_CHARS}文字までで入力してください。", field.title)));
        }
        match parse_cell(field, &text) {
            Ok(read) => {
                let kept: Vec<String> = read.iter().map(ToString::to_string).collect();
                values.insert(field.id.clone(), kept.join("\n"));
            }
            Err(wrong) => {
                mistakes.extend(wrong.into_iter().map(|one| (field.id.clone(), format!("「{}」: {one}", field.title))));
                values.insert(field.id.clone(), text);
            }
        }
    }
    (values, mistakes)
}
