//! Rows copied out of a spreadsheet: what they would add and change, each bad cell named.

use serde_json::{Map, Value};
use shirube_folder::edit::Step;
use shirube_safety::File;

use super::build::Builder;
use super::field::{Field, Kind};
use super::read::{Reading, choice};
use super::schema::Spot;
use super::{Known, Signer, folded, new_id, record_spot, same};

/// More rows than this are not taken at once.
const MOST_ROWS: usize = 2000;

/// What pasted rows would do.
#[derive(Debug, Default)]
pub struct Pasted {
    /// Headings that were understood, in the order of the table.
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// What is wrong with the table as a whole.
    pub faults: Vec<String>,
    /// The list as it would be afterwards.
    pub records: Vec<Value>,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// Line of the table, the heading being 1.
    pub line: usize,
    pub effect: Effect,
    pub cells: Vec<Cell>,
    /// What is wrong with the row as a whole.
    pub faults: Vec<String>,
}

/// One cell.
#[derive(Debug)]
pub struct Cell {
    pub label: String,
    pub text: String,
    /// What stood there, where the row changes it.
    pub before: Option<String>,
    pub fault: Option<String>,
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Added,
    Changed,
    Same,
}

impl Effect {
    pub fn term(self) -> &'static str {
        match self {
            Self::Added => "追加",
            Self::Changed => "変更",
            Self::Same => "変わらない",
        }
    }
}

impl Row {
    pub fn is_wrong(&self) -> bool {
        !self.faults.is_empty() || self.cells.iter().any(|cell| cell.fault.is_some())
    }
}

impl Pasted {
    pub fn count(&self, effect: Effect) -> usize {
        self.rows.iter().filter(|row| row.effect == effect).count()
    }

    /// Everything that is wrong, with its place.
    pub fn mistakes(&self) -> Vec<String> {
        let of_cells = self.rows.iter().flat_map(|row| {
            let cells = row.cells.iter().filter_map(move |cell| {
                let fault = cell.fault.as_ref()?;
                Some(format!("{}行目「{}」: {fault}", row.line, cell.label))
            });
            row.faults.iter().map(move |fault| format!("{}行目: {fault}", row.line)).chain(cells)
        });
        self.faults.iter().cloned().chain(of_cells).collect()
    }
}

/// Lays a pasted table over a list. A blank cell changes nothing.
pub fn paste(file: File, list: &str, text: &str, before: &[Value], known: &Known) -> Pasted {
    let way = [Step::Key(list.to_owned())];
    let mut pasted = Pasted { records: before.to_vec(), ..Pasted::default() };
    let Some(spot) = record_spot(file, &way) else {
        pasted.faults.push("この一覧には貼り付けられません。".to_owned());
        return pasted;
    };
    let mut table = cells(text).into_iter();
    let Some(heading) = table.next() else {
        pasted.faults.push("見出しの行と、続く行を貼り付けてください。".to_owned());
        return pasted;
    };
    let columns = columns(spot, &heading, &mut pasted.faults);
    if !pasted.faults.is_empty() {
        return pasted;
    }
    pasted.columns = columns.iter().map(|column| column.label()).collect();
    let rows: Vec<Vec<String>> = table.collect();
    if rows.is_empty() || rows.len() > MOST_ROWS {
        pasted.faults.push(match rows.len() {
            0 => "見出しの下に行がありません。".to_owned(),
            count => format!("{count}行あります。一度に貼り付けられるのは{MOST_ROWS}行までです。"),
        });
        return pasted;
    }
    let laying = Laying { file, way: &way, spot, known, columns };
    for (at, row) in rows.into_iter().enumerate() {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let row = laying.row(at + 2, &row, &mut pasted.records);
        pasted.rows.push(row);
    }
    pasted
}

/// Columns by label or name of the field.
fn columns<'s>(spot: Spot<'s>, heading: &[String], faults: &mut Vec<String>) -> Vec<Spot<'s>> {
    let fields: Vec<Spot> = spot.fields().into_iter().filter(|field| is_plain(*field)).collect();
    let mut found: Vec<Spot> = Vec::new();
    for text in heading {
        let wanted = folded(text.trim_end_matches("（必須）"));
        match fields.iter().find(|field| folded(&field.label()) == wanted || field.key == wanted) {
            Some(field) if found.iter().any(|known| known.key == field.key) => {
                faults.push(format!("見出し「{}」が二つあります。一つにしてください。", text.trim()));
            }
            Some(field) => found.push(*field),
            None => {
                let all: Vec<String> = fields.iter().map(|field| field.label()).collect();
                let shown = if text.trim().is_empty() { "空の見出し" } else { text.trim() };
                faults.push(format!("見出し「{shown}」は使えません。使えるのは「{}」です。", all.join("」「")));
            }
        }
    }
    found
}

/// Whether a field fits into a cell.
pub fn is_plain(field: Spot) -> bool {
    match field.json_type() {
        "object" => false,
        "array" => field.item().is_some_and(|item| !["object", "array"].contains(&item.json_type())),
        _ => true,
    }
}

pub(super) struct Laying<'a> {
    pub file: File,
    pub way: &'a [Step],
    pub spot: Spot<'a>,
    pub known: &'a Known,
    pub columns: Vec<Spot<'a>>,
}

impl Laying<'_> {
    fn row(&self, line: usize, texts: &[String], records: &mut Vec<Value>) -> Row {
        let text = |key: &str| {
            let at = self.columns.iter().position(|column| column.key == key)?;
            texts.get(at).map(|text| text.trim()).filter(|text| !text.is_empty())
        };
        let mut faults = Vec::new();
        let at = find(records, text("id"), text("name")).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        let before = at.map(|at| records[at].clone());
        let mut record = before.clone().unwrap_or_else(|| Value::Object(Map::new()));
        let mut cells = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let text = texts.get(at).map_or("", |text| text.trim());
            let stored = before.as_ref().and_then(|before| before.get(column.key)).filter(|value| !value.is_null());
            let mut cell = Cell { label: column.label(), text: text.to_owned(), before: None, fault: None };
            if !text.is_empty() {
                match self.value(*column, text, stored) {
                    Ok(value) => {
                        if stored.is_some_and(|stored| !same(stored, &value)) {
                            cell.before = stored.map(|stored| super::words(*column, stored, self.known));
                        }
                        record[column.key] = value;
                    }
                    Err(fault) => cell.fault = Some(fault),
                }
            }
            cells.push(cell);
        }
        if texts.len() > self.columns.len() && texts[self.columns.len()..].iter().any(|text| !text.trim().is_empty()) {
            faults.push("見出しのない列に内容があります。".to_owned());
        }
        self.complete(&mut record, &cells, &mut faults, records);
        let effect = match (&before, at) {
            (Some(before), _) if same(before, &record) => Effect::Same,
            (Some(_), _) => Effect::Changed,
            (None, _) if records.iter().any(|known| says_all(known, &record)) => Effect::Same,
            (None, _) => Effect::Added,
        };
        match (effect, at) {
            (Effect::Changed, Some(at)) => records[at] = record,
            (Effect::Added, _) => records.push(record),
            _ => {}
        }
        Row { line, effect, cells, faults }
    }

    /// What a new record cannot do without.
    pub(super) fn complete(&self, record: &mut Value, cells: &[Cell], faults: &mut Vec<String>, records: &[Value]) {
        if self.spot.has("id") && record["id"].as_str().is_none_or(str::is_empty) {
            let taken: Vec<String> =
                records.iter().filter_map(|known| known["id"].as_str().map(str::to_owned)).collect();
            record["id"] = new_id(self.file, self.way, record, &taken).into();
        }
        for field in self.spot.fields() {
            let absent = record.get(field.key).is_none_or(Value::is_null);
            let told = cells.iter().any(|cell| cell.label == field.label() && cell.fault.is_some());
            if self.spot.is_required(field.key) && absent && !told {
                faults.push(format!("「{}」がありません。", field.label()));
            }
        }
    }

    /// What a cell says.
    pub(super) fn value(&self, column: Spot, text: &str, stored: Option<&Value>) -> Result<Value, String> {
        let builder = Builder { known: self.known, sent: None };
        let mut field = builder.field(column, column.key.to_owned(), false, stored);
        fill(&mut field, text)?;
        let signer = Signer { by: "", on: "" };
        let mut reading = Reading { known: self.known, signer: &signer, faults: Vec::new() };
        let value = reading.record(std::slice::from_ref(&field), None)[column.key].take();
        match reading.faults.into_iter().next() {
            Some(fault) => Err(fault.message),
            None => Ok(value),
        }
    }
}

/// Puts the text of a cell into a field; one that holds several takes them with commas between.
pub(super) fn fill(field: &mut Field, text: &str) -> Result<(), String> {
    let parts = || text.split(['、', ',', '，', ';', '；', '\n']).map(str::trim).filter(|part| !part.is_empty());
    field.origin = Vec::new();
    match &mut field.kind {
        Kind::Choices { options, .. } => {
            let mut chosen = Vec::new();
            for part in parts() {
                let value = choice(part, options, super::Of::Words)?;
                chosen.extend(value.as_str().map(str::to_owned));
            }
            field.content = chosen;
        }
        Kind::Lines { .. } => field.content = vec![parts().collect::<Vec<_>>().join("\n")],
        Kind::Row { fields } => {
            let parts: Vec<&str> = parts().collect();
            if parts.len() != fields.len() {
                return Err(format!(
                    "{}つ書いてください（今は{}つです）。間に「、」を入れます。",
                    fields.len(),
                    parts.len()
                ));
            }
            for (inner, part) in fields.iter_mut().zip(parts) {
                fill(inner, part)?;
            }
        }
        _ => field.content = vec![text.to_owned()],
    }
    Ok(())
}

/// The record a row is about: the one with its id, else the only one with its name.
fn find(records: &[Value], id: Option<&str>, name: Option<&str>) -> Result<Option<usize>, String> {
    let Some(name) = name.filter(|_| id.is_none()) else {
        return Ok(id.and_then(|id| records.iter().position(|record| record["id"] == id)));
    };
    let wanted = folded(name);
    let is_it = |record: &Value| record["name"].as_str().is_some_and(|name| folded(name) == wanted);
    let found: Vec<usize> = (0..records.len()).filter(|at| is_it(&records[*at])).collect();
    match found[..] {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        _ => {
            Err(format!("名称が「{name}」のものは{}件あります。idの列を加えて、どれかを書いてください。", found.len()))
        }
    }
}

/// Whether a record of the list says all that a row says: then the row adds nothing.
fn says_all(known: &Value, row: &Value) -> bool {
    let fields = row.as_object().into_iter().flatten().filter(|(key, _)| *key != "id");
    let mut said = 0;
    let all = fields.inspect(|_| said += 1).all(|(key, value)| known.get(key).is_some_and(|known| same(known, value)));
    all && said > 0 && row.get("name").is_none()
}

/// The cells of a table as spreadsheets put it on the clipboard.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut cell) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            '\t' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' => {}
            c => cell.push(c),
        }
    }
    row.push(cell);
    rows.push(row);
    while rows.first().is_some_and(|row| row.iter().all(|cell| cell.trim().is_empty())) {
        rows.remove(0);
    }
    while rows.last().is_some_and(|row| row.iter().all(|cell| cell.trim().is_empty())) {
        rows.pop();
    }
    rows
}
