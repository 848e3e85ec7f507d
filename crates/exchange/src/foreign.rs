//! Lists that people already have: which columns mean what is proposed, a person confirms, and everything that is not
//! taken over is told with its place and reason.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shirube_catalog::ControlId;
use shirube_folder::edit::{Edit, Step, Texts, put_record};
use shirube_form::{cell_text, cell_value, folded, new_id};

use crate::laid::{CellChange, Effect, RecordChange};
use crate::sheet::{Book, Sheet, column_name};
use crate::spec::{Of, SheetSpec, books};
use crate::table::{Column as Field, Read, columns, field, place, read, spot};

/// A list that people's own lists can go into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub token: &'static str,
    pub title: &'static str,
}

/// How one of their tables is read: proposed first, then as a person wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    pub target: String,
    /// Number of the sheet, from 0.
    pub sheet: usize,
    /// Row of the first heading, from 0, and how many rows the headings take.
    pub first: usize,
    pub height: usize,
    pub columns: Vec<Column>,
    /// What holds for every row, for fields that no column has.
    pub constants: BTreeMap<String, String>,
}

/// One of their columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub letter: String,
    pub heading: String,
    /// The first cells below, to know it by.
    pub sample: String,
    /// The field it goes into; none for what is left out.
    pub field: Option<String>,
}

/// A field that a column can go into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    pub key: String,
    pub name: String,
    /// A record cannot do without.
    pub required: bool,
    /// What can be chosen; empty where it is typed.
    pub options: Vec<String>,
}

/// Something that is not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Column, row or cell, e.g. `台帳!C列`, `台帳!14行`, `台帳!C7`.
    pub address: String,
    /// What stands there.
    pub found: String,
    pub reason: String,
}

/// Their table laid over the service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Taken {
    pub changes: Vec<RecordChange>,
    /// Rows that say what is there already.
    pub same: usize,
    pub losses: Vec<Loss>,
    pub edits: Vec<Edit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    list: Of,
    fields: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

fn words(of: Of) -> Option<&'static Words> {
    static ALL: OnceLock<Vec<Words>> = OnceLock::new();
    let all =
        ALL.get_or_init(|| serde_saphyr::from_str(include_str!("headings.yaml")).expect("our own words can be read"));
    all.iter().find(|words| words.list == of)
}

/// The lists, in the order in which one fills them.
const TARGETS: [(&str, Of); 8] = [
    ("parties", Of::Parties),
    ("sites", Of::Sites),
    ("nodes", Of::Nodes),
    ("links", Of::Links),
    ("actors", Of::Actors),
    ("information", Of::Information),
    ("information_classes", Of::InformationClasses),
    ("answers", Of::Answers),
];

pub fn targets() -> Vec<Target> {
    TARGETS.iter().map(|(token, of)| Target { token, title: &spec(*of).record }).collect()
}

fn of(token: &str) -> Option<Of> {
    TARGETS.iter().find(|(known, _)| *known == token).map(|(_, of)| *of)
}

fn spec(of: Of) -> &'static SheetSpec {
    let all = books().iter().flat_map(|book| &book.sheets);
    all.into_iter().find(|sheet| sheet.of == of).expect("every list has its sheet")
}

/// What tells the records of a list apart.
fn key(of: Of) -> &'static str {
    if of == Of::Answers { "control" } else { "id" }
}

/// The fields a column can go into, with their names; whether a record cannot do without.
pub(crate) fn fields(of: Of, read: &Read) -> Vec<Field> {
    let mut fields = columns(spec(of), &read.known);
    fields.retain(|field| field.is_editable() && field.key != "decided/reason");
    if let Some(spot) = spot(of).and_then(|record| field(record, key(of))) {
        let heading = if of == Of::Answers { "対策項目の番号" } else { "id" }.to_owned();
        let required = of == Of::Answers;
        fields.insert(
            0,
            Field {
                key: key(of).to_owned(),
                heading,
                width: 0.0,
                spot: Some(spot),
                options: Vec::new(),
                several: false,
                required,
            },
        );
    }
    fields
}

impl Guess {
    /// Fields a column can go into.
    pub fn goals(&self, texts: &Texts) -> Result<Vec<Goal>, Vec<String>> {
        let read = read(texts)?;
        let Some(of) = of(&self.target) else { return Ok(Vec::new()) };
        let all = fields(of, &read).into_iter();
        let goal = |field: Field| Goal {
            key: field.key,
            name: field.heading,
            required: field.required,
            options: field.options,
        };
        Ok(all.map(goal).collect())
    }
}

/// A heading as it is compared: one width, small letters, no white space, no signs, no remarks in brackets.
fn plain(text: &str) -> String {
    let folded = folded(text);
    let head = folded.split(['(', '※']).next().unwrap_or_default();
    let head = if head.trim().is_empty() { folded.as_str() } else { head };
    head.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Proposes how a table is read. `sheet` and `target` may be fixed by a person; the headings are looked for.
pub fn guess(book: &Book, target: &str, sheet: Option<usize>, texts: &Texts) -> Result<Guess, Vec<String>> {
    let read = read(texts)?;
    let Some(of) = of(target) else { return Err(vec![format!("「{target}」という一覧はありません。")]) };
    let fields = fields(of, &read);
    let sheets = 0..book.sheets.len();
    let wanted = |at: &usize| sheet.is_none_or(|sheet| sheet == *at);
    let tried =
        sheets.filter(wanted).flat_map(|at| (0..30).flat_map(move |first| [1, 2].map(|height| (at, first, height))));
    let mut best: Option<(usize, Guess)> = None;
    for (at, first, height) in tried {
        let table = &book.sheets[at];
        if first + height > table.rows.len() {
            continue;
        }
        let columns = named(table, first, height, &fields, of);
        let matched = columns.iter().filter(|column| column.field.is_some()).count();
        let filled = columns.iter().filter(|column| !column.heading.is_empty()).count();
        // Two rows of headings only where the second tells more than the first.
        let score = matched * 100 + filled.min(40) * 2 + if height == 1 { 1 } else { 0 };
        if filled >= 2 && best.as_ref().is_none_or(|(known, _)| score > *known) {
            let guess =
                Guess { target: target.to_owned(), sheet: at, first, height, columns, constants: BTreeMap::new() };
            best = Some((score, guess));
        }
    }
    match best {
        Some((_, guess)) => Ok(guess),
        None => Err(vec!["表の見出しが見つかりません。見出しの行と、続く行のある表を選んでください。".to_owned()]),
    }
}

/// The columns below these headings, with what they most likely mean.
fn named(table: &Sheet, first: usize, height: usize, fields: &[Field], of: Of) -> Vec<Column> {
    let width = table.rows.iter().skip(first).take(50).map(Vec::len).max().unwrap_or(0);
    let mut upper = String::new();
    let mut columns: Vec<Column> = Vec::new();
    for at in 0..width {
        let own = table.cell(first, at);
        let lower = if height == 2 { table.cell(first + 1, at) } else { "" };
        // A heading over several columns stands in the first of them.
        if !own.is_empty() || lower.is_empty() {
            upper = own.to_owned();
        }
        let parts = [upper.as_str(), lower].map(|part| part.replace('\n', ""));
        let heading = parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" / ");
        let below =
            table.rows.iter().skip(first + height).filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
        let sample: String =
            below.take(3).map(String::as_str).collect::<Vec<_>>().join("、").chars().take(40).collect();
        if heading.is_empty() && sample.is_empty() {
            continue;
        }
        let taken = |key: &str| columns.iter().any(|column| column.field.as_deref() == Some(key));
        let found = [lower, own, heading.as_str()]
            .iter()
            .filter(|text| !text.is_empty())
            .find_map(|text| meant(text, fields, of));
        let field = found.filter(|key| !taken(key));
        columns.push(Column { letter: column_name(at), heading, sample, field });
    }
    columns
}

/// The field a heading most likely means.
fn meant(heading: &str, fields: &[Field], of: Of) -> Option<String> {
    let wanted = plain(heading);
    if wanted.is_empty() {
        return None;
    }
    let aliases = |key: &str| words(of).and_then(|words| words.fields.get(key)).into_iter().flatten();
    let exact = |field: &&Field| {
        plain(&field.heading) == wanted
            || field.key == wanted
            || aliases(&field.key).any(|alias| plain(alias) == wanted)
    };
    let near = |field: &&Field| {
        let all = aliases(&field.key).map(|alias| plain(alias)).chain([plain(&field.heading)]);
        all.into_iter().any(|alias| alias.chars().count() >= 3 && wanted.contains(&alias))
    };
    fields.iter().find(exact).or_else(|| fields.iter().find(near)).map(|field| field.key.clone())
}

/// Rows that only add up or explain.
fn is_beside(row: &[String]) -> Option<&'static str> {
    let said: Vec<&String> = row.iter().filter(|cell| !cell.is_empty()).collect();
    let first = plain(said.first()?);
    if ["合計", "小計", "計", "総計", "総合計", "合計件数", "total"].contains(&first.as_str()) {
        return Some("合計の行です。");
    }
    let is_note = said.len() == 1 && (said[0].starts_with(['※', '*', '＊']) || said[0].starts_with('注'));
    is_note.then_some("注の行です。")
}

/// Lays a table over the service as the mapping says.
pub fn take(book: &Book, guess: &Guess, texts: &Texts) -> Result<Taken, Vec<String>> {
    let read = read(texts)?;
    let of = of(&guess.target).ok_or_else(|| vec![format!("「{}」という一覧はありません。", guess.target)])?;
    let sheet = book.sheets.get(guess.sheet).ok_or_else(|| vec!["選ばれたシートがありません。".to_owned()])?;
    let mut taking = Taking {
        read: &read,
        of,
        sheet,
        guess,
        fields: fields(of, &read),
        records: records(&read, of),
        taken: Taken::default(),
    };
    taking.columns()?;
    let headings = &sheet.rows.get(guess.first);
    for (at, row) in sheet.rows.iter().enumerate().skip(guess.first + guess.height) {
        if row.iter().all(String::is_empty) {
            continue;
        }
        let repeated = headings.is_some_and(|headings| headings == row).then_some("見出しの繰返しです。");
        match is_beside(row).or(repeated) {
            Some(reason) => taking.lose_row(at, row, reason.to_owned()),
            None => taking.row(at, row),
        }
    }
    for (at, row) in
        sheet.rows.iter().enumerate().take(guess.first).filter(|(_, row)| !row.iter().all(String::is_empty))
    {
        taking.lose_row(at, row, "見出しより上の行です。".to_owned());
    }
    Ok(taking.taken)
}

/// The records that are there.
fn records(read: &Read, of: Of) -> Vec<Value> {
    let files = &read.folder.files;
    let (file, list) = place(of);
    let content = match file {
        shirube_safety::File::Service => serde_json::to_value(&files.service),
        shirube_safety::File::System => serde_json::to_value(&files.system),
        _ => serde_json::to_value(&files.conformity),
    };
    content.ok().and_then(|content| content[list].as_array().cloned()).unwrap_or_default()
}

struct Taking<'a> {
    read: &'a Read,
    of: Of,
    sheet: &'a Sheet,
    guess: &'a Guess,
    fields: Vec<Field>,
    records: Vec<Value>,
    taken: Taken,
}

impl Taking<'_> {
    /// Columns that go nowhere are told; two into one field are refused.
    fn columns(&mut self) -> Result<(), Vec<String>> {
        let mut faults = Vec::new();
        for (at, column) in self.guess.columns.iter().enumerate() {
            match &column.field {
                None => self.taken.losses.push(Loss {
                    address: format!("{}!{}列", self.sheet.name, column.letter),
                    found: column.heading.clone(),
                    reason: "移す先が選ばれていません。".to_owned(),
                }),
                Some(key) => {
                    let twice = self.guess.columns[..at].iter().find(|other| other.field.as_ref() == Some(key));
                    if let Some(other) = twice {
                        let name =
                            self.fields.iter().find(|field| field.key == *key).map_or(key.as_str(), |f| &f.heading);
                        faults.push(format!(
                            "{}列と{}列が、どちらも「{name}」に割り当てられています。一つにしてください。",
                            other.letter, column.letter
                        ));
                    }
                }
            }
        }
        if self.guess.columns.iter().all(|column| column.field.is_none()) {
            faults.push("移す列が一つも選ばれていません。".to_owned());
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn lose_row(&mut self, at: usize, row: &[String], reason: String) {
        let found = row.iter().filter(|cell| !cell.is_empty()).take(4).cloned().collect::<Vec<_>>().join("、");
        self.taken.losses.push(Loss { address: format!("{}!{}行", self.sheet.name, at + 1), found, reason });
    }

    fn row(&mut self, at: usize, row: &[String]) {
        let (mut said, mut losses) = (Vec::new(), Vec::new());
        for column in &self.guess.columns {
            let Some(key) = &column.field else { continue };
            let place = (0..row.len()).find(|at| column_name(*at) == column.letter);
            let text = place.map_or("", |place| row[place].trim());
            let Some(field) = self.fields.iter().find(|field| field.key == *key).filter(|_| !text.is_empty()) else {
                continue;
            };
            let address = format!("{}!{}{}", self.sheet.name, column.letter, at + 1);
            match self.value(field, text) {
                Ok(value) => said.push((key.clone(), value, address, text.to_owned())),
                Err(reason) => losses.push(Loss { address, found: text.to_owned(), reason }),
            }
        }
        for (key, text) in &self.guess.constants {
            let Some(field) = self.fields.iter().find(|field| field.key == *key).filter(|_| !text.is_empty()) else {
                continue;
            };
            if let (Ok(value), true) = (self.value(field, text), said.iter().all(|(known, ..)| known != key)) {
                said.push((key.clone(), value, "すべての行".to_owned(), text.clone()));
            }
        }
        let told = |wanted: &str| {
            said.iter().find(|(key, ..)| key == wanted).and_then(|(_, value, ..)| value.as_str().map(str::to_owned))
        };
        let place = match self.find(told(key(self.of)), told("name")) {
            Ok(place) => place,
            Err(reason) => return self.lose_row(at, row, reason),
        };
        let before = place.map(|place| self.records[place].clone());
        let mut record = before.clone().unwrap_or_else(|| Value::Object(Map::new()));
        let mut cells = Vec::new();
        for (key, value, address, text) in said {
            if record.get(&key) == Some(&value) {
                continue;
            }
            let Some(field) = self.fields.iter().find(|field| field.key == key) else { continue };
            let was = record.get(&key).filter(|value| !value.is_null()).zip(field.spot);
            let was = was.map(|(value, spot)| cell_text(spot, value, &self.read.known)).unwrap_or_default();
            let shown = field.spot.map_or(text, |spot| cell_text(spot, &value, &self.read.known));
            cells.push(CellChange { address, heading: field.heading.clone(), before: was, after: shown });
            record[key.as_str()] = value;
        }
        let missing: Vec<&str> = self
            .fields
            .iter()
            .filter(|field| field.required && record.get(&field.key).is_none_or(Value::is_null))
            .map(|field| field.heading.as_str())
            .collect();
        if !missing.is_empty() {
            let why: Vec<&str> = losses.iter().map(|loss| loss.reason.as_str()).collect();
            return self.lose_row(at, row, format!("「{}」がありません。{}", missing.join("」「"), why.join("")));
        }
        self.taken.losses.extend(losses);
        if cells.is_empty() {
            self.taken.same += 1;
            return;
        }
        self.written(place, record, cells);
    }

    fn written(&mut self, place: Option<usize>, mut record: Value, cells: Vec<CellChange>) {
        let (file, list) = self::place(self.of);
        let key = key(self.of);
        if self.of != Of::Answers && record["id"].as_str().is_none_or(str::is_empty) {
            let taken: Vec<String> =
                self.records.iter().filter_map(|known| known["id"].as_str().map(str::to_owned)).collect();
            record["id"] = new_id(file, &[Step::Key(list.to_owned())], &record, &taken).into();
        }
        // Somebody else decided on what was there; what is taken in is nobody's decision yet.
        if self.of == Of::Answers {
            record.as_object_mut().map(|fields| fields.remove("decided"));
        }
        let id = record[key].as_str().unwrap_or_default().to_owned();
        let name = record["name"].as_str().unwrap_or(&id).to_owned();
        let effect = if place.is_some() { Effect::Changed } else { Effect::Added };
        self.taken.changes.push(RecordChange { kind: spec(self.of).record.clone(), name, effect, cells });
        self.taken.edits.retain(|edit| edit.at.last() != Some(&Step::Item(id.as_str().into())));
        self.taken.edits.push(put_record(file, list, id.as_str(), record.clone()));
        match place {
            Some(place) => self.records[place] = record,
            None => self.records.push(record),
        }
    }

    /// What a cell says, with the marks people use.
    fn value(&self, field: &Field, text: &str) -> Result<Value, String> {
        let Some(spot) = field.spot else { return Err("この列は移せません。".to_owned()) };
        if field.key == "control" && self.of == Of::Answers {
            let own = self.read.folder.files.assessment.controls.iter().any(|control| control.id == text);
            let id = folded(text).parse::<ControlId>().ok().or_else(|| text.parse().ok());
            let known = id.filter(|id| shirube_catalog::library().provider.control(*id).is_some());
            return match (known, own) {
                (Some(id), _) => Ok(json!(id.to_string())),
                (None, true) => Ok(json!(text)),
                _ => Err(format!("「{text}」は別紙2の対策項目の番号ではありません。")),
            };
        }
        let marks = words(self.of).and_then(|words| words.values.get(&field.key));
        let mark = marks.into_iter().flatten().find(|(_, marks)| marks.iter().any(|mark| folded(mark) == folded(text)));
        match mark {
            Some((value, _)) => Ok(json!(value)),
            None => cell_value(spot, text, None, &self.read.known),
        }
    }

    /// The record a row is about; none for a new one.
    fn find(&self, id: Option<String>, name: Option<String>) -> Result<Option<usize>, String> {
        if let Some(id) = id {
            let is_it = |record: &Value| record[key(self.of)].as_str().is_some_and(|known| same_id(known, &id));
            return Ok(self.records.iter().position(is_it));
        }
        let Some(name) = name else {
            let wanted = if self.of == Of::Answers { "対策項目の番号" } else { "名称" };
            return Err(format!("「{wanted}」がないので、どの記録か分かりません。"));
        };
        let is_it = |record: &Value| record["name"].as_str().is_some_and(|known| folded(known) == folded(&name));
        let found: Vec<usize> = (0..self.records.len()).filter(|at| is_it(&self.records[*at])).collect();
        match found[..] {
            [] => Ok(None),
            [only] => Ok(Some(only)),
            _ => Err(format!("名称が「{name}」のものが{}件あり、どれか分かりません。", found.len())),
        }
    }
}

/// All spellings of a control's number are the same.
fn same_id(one: &str, other: &str) -> bool {
    let control = |text: &str| text.parse::<ControlId>().ok().map(|id| id.ascii());
    one == other || control(one).is_some_and(|known| control(other) == Some(known))
}
