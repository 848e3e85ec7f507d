//! One register on paper: the columns that its declaration prints, and what is missing as such.

use shirube_catalog::{FieldKind, Register, RegisterField};
use shirube_safety::operation::register::{Entry, NUMBER, STATE, Value as Written};

use super::{BLANK, RecordHead};
use crate::content::{Align, Block, Cell, Column, DataSheet, Document, Mark, Table, Value};
use crate::deliverable::common::{columns, head};

/// What is printed of a register.
#[derive(Debug, Clone, Copy)]
pub struct RegisterPaper<'a> {
    pub register: &'a Register,
    pub entries: &'a [Entry],
    /// For an institution: what names people stays out.
    pub for_institution: bool,
}

/// The document. It is a draft while something is empty that has to be written.
pub fn register_document(paper: RegisterPaper, made: &RecordHead) -> Document {
    let fields = paper.fields();
    let missing: usize =
        paper.entries.iter().map(|entry| fields.iter().filter(|field| is_missing(field, entry)).count()).sum();
    let register = paper.register;
    let title = register.title.clone();
    let mut document = made.paper("register", title.clone(), register.print.landscape, missing == 0);
    document.summary.push(("件数".to_owned(), counted(paper)));
    if !register.sources.is_empty() {
        document.summary.push(("よりどころ".to_owned(), register.sources.join("、")));
    }
    if missing > 0 {
        document.notices.push(format!("書いていない欄が{missing}か所あるため、「案」です。"));
    }
    if paper.entries.is_empty() {
        document.notices.push("この台帳には、まだ何も書かれていません。".to_owned());
    }
    document.blocks = vec![Block::Paragraph(register.purpose.clone()), Block::Table(paper.table(&fields, made))];
    document.data = vec![paper.data()];
    document
}

/// A field that has to be written in the state of the entry, and is not.
pub(super) fn is_missing(field: &RegisterField, entry: &Entry) -> bool {
    field.required.holds_in(&entry.state) && entry.values(&field.id).is_empty()
}

/// How many entries there are, and in which states.
fn counted(paper: RegisterPaper) -> String {
    let of_state = |id: &str| paper.entries.iter().filter(|entry| entry.state == id).count();
    let states = paper.register.states.iter().map(|state| (&state.title, of_state(&state.id)));
    let parts: Vec<String> =
        states.filter(|(_, count)| *count > 0).map(|(title, count)| format!("{title}{count}件")).collect();
    match parts.is_empty() {
        true => "0件".to_owned(),
        false => format!("{}件（{}）", paper.entries.len(), parts.join("、")),
    }
}

impl<'a> RegisterPaper<'a> {
    fn is_shown(&self, field: &RegisterField) -> bool {
        !(self.for_institution && field.personal)
    }

    /// The fields that are printed.
    fn fields(&self) -> Vec<&'a RegisterField> {
        let declared = self.register.print.columns.iter().filter_map(|id| self.register.field(id));
        declared.filter(|field| self.is_shown(field)).collect()
    }

    /// The number has a column of its own unless a printed field already is what tells entries apart.
    fn has_number(&self, fields: &[&RegisterField]) -> bool {
        let key = self.register.key().filter(|key| fields.iter().any(|field| field.id == key.id));
        key.is_none_or(|key| self.entries.iter().any(|entry| entry.text(&key.id) != entry.id))
    }

    fn state(&self, entry: &'a Entry) -> &'a str {
        self.register.state(&entry.state).map_or(&entry.state, |state| &state.title)
    }

    fn table(&self, fields: &[&RegisterField], made: &RecordHead) -> Table {
        let number = self.has_number(fields).then_some(NUMBER);
        let titles = fields.iter().map(|field| field.title.as_str());
        let titles: Vec<&str> = number.into_iter().chain(titles).chain([STATE]).collect();
        let widths = number.map(|_| (1.2, Align::Left)).into_iter();
        let widths: Vec<(f64, Align)> =
            widths.chain(fields.iter().map(|field| width(field))).chain([(1.4, Align::Left)]).collect();
        let columns: Vec<Column> = columns(&widths);
        let row = |entry: &'a Entry| {
            let number = number.map(|_| Cell::new(&entry.id));
            let cells = fields.iter().map(|field| cell(field, entry, made));
            number.into_iter().chain(cells).chain([Cell::new(self.state(entry))]).collect()
        };
        let rows = self.entries.iter().map(row).collect();
        Table { caption: self.register.title.clone(), columns, head: head(&titles), rows }
    }

    /// Every field of every entry, one record a row.
    fn data(&self) -> DataSheet {
        let fields: Vec<&RegisterField> = self.register.fields.iter().filter(|field| self.is_shown(field)).collect();
        let titles = fields.iter().map(|field| field.title.clone());
        let columns = [NUMBER.to_owned(), STATE.to_owned()].into_iter().chain(titles).collect();
        let row = |entry: &'a Entry| {
            let start = [Value::from(entry.id.as_str()), Value::from(self.state(entry))];
            start.into_iter().chain(fields.iter().map(|field| value(field, entry))).collect()
        };
        DataSheet { name: "データ".to_owned(), columns, rows: self.entries.iter().map(row).collect() }
    }
}

fn width(field: &RegisterField) -> (f64, Align) {
    match field.kind {
        FieldKind::Note => (2.6, Align::Left),
        FieldKind::Number => (1.0, Align::Right),
        FieldKind::YesNo => (0.9, Align::Center),
        FieldKind::Date => (1.8, Align::Left),
        FieldKind::Time => (2.0, Align::Left),
        FieldKind::Text | FieldKind::Evidence => (2.0, Align::Left),
        _ => (1.6, Align::Left),
    }
}

pub(super) fn cell(field: &RegisterField, entry: &Entry, made: &RecordHead) -> Cell {
    let text = |value: &Written| match value {
        Written::Date(day) => made.day(*day),
        Written::Time(time) => format!("{} {}", made.day(time.date()), time.format("%H:%M")),
        other => other.to_string(),
    };
    match entry.values(&field.id) {
        [] if is_missing(field, entry) => Cell::new(BLANK).mark(Mark::Unanswered),
        values => Cell::new(values.iter().map(text).collect::<Vec<_>>().join("\n")),
    }
}

pub(super) fn value(field: &RegisterField, entry: &Entry) -> Value {
    match entry.values(&field.id) {
        [Written::Number(number)] => Value::Number(*number),
        [Written::Date(day)] => Value::Date(*day),
        _ => entry.text(&field.id).into(),
    }
}
