//! The table of a register, read: every mistake of every row at once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use shirube_catalog::{Register, RegisterField, Required};

use super::Mistake;
use super::table::{HOLD, NUMBER, STATE};
use super::value::{Value, parse_cell};
use crate::typed::folded;

/// Rows of a table as they stand in a file, the heading among them.
pub type Rows = [Vec<String>];

/// The table of one register.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    /// Id of the register.
    pub register: String,
    /// Name inside the service folder.
    pub file: String,
    pub entries: Vec<Entry>,
    /// Which columns the table has: ids of fields, and the headings that every table may have.
    pub columns: BTreeSet<String>,
}

impl Book {
    /// Whether the table has a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains(column)
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Row in the file, 1 is the first.
    pub row: usize,
    /// What the log calls it.
    pub id: String,
    /// Id of its state.
    pub state: String,
    /// By the ids of the fields; what is not written is not there.
    pub values: BTreeMap<String, Vec<Value>>,
    /// Kept back for an investigation or a dispute: nothing of it may go.
    pub hold: bool,
}

impl Entry {
    /// What stands in a field.
    pub fn values(&self, field: &str) -> &[Value] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// The day in a field.
    pub fn day(&self, field: &str) -> Option<NaiveDate> {
        self.values(field).iter().find_map(Value::day)
    }

    /// The text of a field; several values on lines of their own.
    pub fn text(&self, field: &str) -> String {
        let values: Vec<String> = self.values(field).iter().map(ToString::to_string).collect();
        values.join("\n")
    }

    /// What it is called where nobody gave it a number, if its register says so; the same cells give the same name.
    pub fn own_name(&self, register: &Register) -> Option<String> {
        // Names stand between slashes elsewhere.
        let texts = register.named_by.iter().map(|id| self.text(id).replace('\n', "、").replace('/', "／"));
        let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }

    /// The day that tells when the entry was made: that of the first dated field that must always be written.
    pub fn made_on(&self, register: &Register) -> Option<NaiveDate> {
        let dated = |field: &&RegisterField| field.kind.is_dated() && field.required == Required::Always;
        self.day(&register.fields.iter().find(dated)?.id)
    }

    /// Whoever a duty is for: the person in the field that is named, else the role as it is named.
    pub fn owner(&self, register: &Register, owner: &str) -> Option<String> {
        match register.field(owner) {
            None => Some(owner.to_owned()),
            Some(field) => Some(self.text(&field.id)).filter(|text| !text.is_empty()),
        }
    }
}

/// Which column holds what.
enum Column<'r> {
    Id,
    State,
    Hold,
    Field(&'r RegisterField),
    /// Without a heading: nothing may stand there.
    Nameless,
    /// Told already.
    Unknown,
}

/// Reads the table of a register.
pub fn read_entries(register: &Register, rows: &Rows, file: &str) -> Result<Book, Vec<Mistake>> {
    let mut reader = Reader { register, file, mistakes: Vec::new(), columns: BTreeSet::new() };
    let entries = reader.entries(rows);
    let (register, file) = (register.id.clone(), file.to_owned());
    let book = Book { register, file, entries, columns: reader.columns };
    if reader.mistakes.is_empty() { Ok(book) } else { Err(reader.mistakes) }
}

struct Reader<'a> {
    register: &'a Register,
    file: &'a str,
    mistakes: Vec<Mistake>,
    columns: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn wrong(&mut self, row: usize, column: &str, message: impl Into<String>) {
        let (file, column) = (self.file.to_owned(), column.to_owned());
        self.mistakes.push(Mistake { file, row, column, message: message.into() });
    }

    fn entries(&mut self, rows: &Rows) -> Vec<Entry> {
        let Some(heading) = rows.iter().position(|row| !is_blank(row)) else {
            self.wrong(1, "", "見出しの行がありません。一行目に、欄の見出しを書いてください。");
            return Vec::new();
        };
        let columns = self.columns(&rows[heading], heading + 1);
        let mut entries = Vec::new();
        for (at, row) in rows.iter().enumerate().skip(heading + 1).filter(|(_, row)| !is_blank(row)) {
            entries.push(self.entry(&columns, row, at + 1));
        }
        self.each_once(&entries);
        entries
    }

    fn columns(&mut self, heading: &[String], row: usize) -> Vec<Column<'a>> {
        let mut seen = BTreeSet::new();
        let mut columns = Vec::new();
        for title in heading {
            if title.trim().is_empty() {
                columns.push(Column::Nameless);
                continue;
            }
            if !seen.insert(folded(title)) {
                self.wrong(row, title, "同じ見出しが二つあります。一つにしてください。");
            }
            let column = self.column(title);
            if matches!(column, Column::Unknown) {
                self.wrong(row, title, self.no_column(title));
            }
            let name = match &column {
                Column::State => STATE,
                Column::Hold => HOLD,
                Column::Field(field) => &field.id,
                Column::Id | Column::Nameless | Column::Unknown => NUMBER,
            };
            self.columns.insert(name.to_owned());
            columns.push(column);
        }
        let has_id = columns.iter().any(|column| matches!(column, Column::Id));
        let key = self.register.key();
        let names: Vec<&str> = self.register.named_by.iter().map(String::as_str).collect();
        let has_names = !names.is_empty() && names.iter().any(|id| self.columns.contains(*id));
        let has_key = columns.iter().any(|column| matches!(column, Column::Field(field) if Some(*field) == key));
        if !has_id && !has_key && !has_names {
            let other = key.map(|field| format!("又は「{}」", field.title)).unwrap_or_default();
            self.wrong(row, "", format!("行を見分ける列がありません。「{NUMBER}」{other}の列を加えてください。"));
        }
        columns
    }

    fn column(&self, title: &str) -> Column<'a> {
        let wanted = folded(title);
        match wanted.as_str() {
            NUMBER | "id" => return Column::Id,
            STATE | "state" => return Column::State,
            HOLD | "hold" => return Column::Hold,
            _ => {}
        }
        let fields = &self.register.fields;
        let by_title = fields.iter().find(|field| folded(&field.title) == wanted);
        by_title.or_else(|| fields.iter().find(|field| field.id == wanted)).map_or(Column::Unknown, Column::Field)
    }

    fn no_column(&self, title: &str) -> String {
        let titles = self.register.fields.iter().map(|field| field.title.as_str());
        let near = titles.clone().min_by_key(|known| strsim::osa_distance(known, title));
        let near = near.filter(|known| strsim::osa_distance(known, title) <= 2);
        match near {
            Some(near) => format!("「{title}」という欄はありません。「{near}」ではありませんか。"),
            None => {
                let all: Vec<&str> = [NUMBER, STATE].into_iter().chain(titles).chain([HOLD]).collect();
                format!("「{title}」という欄はありません。書けるのは、{}です。", all.join("、"))
            }
        }
    }

    fn entry(&mut self, columns: &[Column<'a>], cells: &[String], row: usize) -> Entry {
        let state = self.register.first_state().id.clone();
        let mut entry = Entry { row, id: String::new(), state, values: BTreeMap::new(), hold: false };
        for (column, cell) in columns.iter().zip(cells) {
            let text = unguarded(cell);
            if !text.is_empty() {
                self.put(&mut entry, column, text);
            }
        }
        if entry.id.is_empty() {
            entry.id = match self.register.key() {
                Some(field) => entry.text(&field.id),
                None => entry.own_name(self.register).unwrap_or_default(),
            };
        }
        if entry.id.is_empty() {
            let what = self.register.key().map_or(NUMBER, |field| &field.title).to_owned();
            self.wrong(row, &what, "空です。行を見分けるために必要なので、書いてください。");
        }
        entry
    }

    fn put(&mut self, entry: &mut Entry, column: &Column<'a>, text: &str) {
        match column {
            Column::Unknown => {}
            Column::Nameless => {
                let message = format!("「{text}」が、見出しのない列にあります。見出しを書くか、消してください。");
                self.wrong(entry.row, "", message);
            }
            Column::Id => entry.id = text.to_owned(),
            Column::State => match self.state(text) {
                Ok(state) => entry.state = state,
                Err(message) => self.wrong(entry.row, STATE, message),
            },
            Column::Hold => match folded(text).as_str() {
                "はい" | "yes" | "true" | "保全" => entry.hold = true,
                "いいえ" | "no" | "false" => {}
                _ => {
                    let message = format!("「{text}」は読めません。保全しているときは「はい」と書いてください。");
                    self.wrong(entry.row, HOLD, message);
                }
            },
            Column::Field(field) => match parse_cell(field, text) {
                Ok(values) => {
                    entry.values.insert(field.id.clone(), values);
                }
                Err(wrong) => {
                    for message in wrong {
                        self.wrong(entry.row, &field.title, message);
                    }
                }
            },
        }
    }

    fn state(&self, text: &str) -> Result<String, String> {
        let wanted = folded(text);
        let states = &self.register.states;
        let found = states.iter().find(|state| folded(&state.title) == wanted || state.id == wanted);
        found.map(|state| state.id.clone()).ok_or_else(|| {
            let known: Vec<&str> = states.iter().map(|state| state.title.as_str()).collect();
            format!("「{text}」という状態はありません。書けるのは、{}です。", known.join("、"))
        })
    }

    /// The log names entries by their ids, so each is there once.
    fn each_once(&mut self, entries: &[Entry]) {
        let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| !entry.id.is_empty()) {
            if let Some(first) = rows.insert(&entry.id, entry.row) {
                let message = format!("「{}」は、{first}行目にもあります。番号は一つずつ別にしてください。", entry.id);
                self.wrong(entry.row, NUMBER, message);
            }
        }
    }
}

pub(super) fn is_blank(row: &[String]) -> bool {
    row.iter().all(|cell| cell.trim().is_empty())
}

/// A cell without the apostrophe that our CSV puts before what a spreadsheet would run.
pub(super) fn unguarded(cell: &str) -> &str {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) => rest,
        _ => cell,
    }
}
