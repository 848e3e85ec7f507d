//! What a workbook changes: cell by cell against the revision it came from, as edits, or everything that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};
use shirube_folder::edit::{Edit, Locator, Step, Texts, apply, put_record, way_text};
use shirube_form::{Known, Signer, cell_value, new_id};
use shirube_safety::{File, Service};

use crate::sheet::{CHECK_HEADING, ID_HEADING, column_name};
use crate::spec::Of;
use crate::table::{Column, Read, Table, at, check, inside, of_one, place, read, tables_of, tidy};
use crate::typed::{Typed, TypedRow, TypedSheet};

/// Something wrong, with its address, e.g. `リスク一覧!F12`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    pub address: String,
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.address, self.message)
    }
}

/// What happens to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Added,
    Changed,
}

impl Effect {
    pub fn term(self) -> &'static str {
        match self {
            Self::Added => "追加",
            Self::Changed => "変更",
        }
    }
}

/// What happens to a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    pub address: String,
    pub heading: String,
    pub before: String,
    pub after: String,
}

/// What happens to a record, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordChange {
    /// What kind of record, and which one.
    pub kind: String,
    pub name: String,
    pub effect: Effect,
    pub cells: Vec<CellChange>,
}

/// A workbook laid over the service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Laid {
    pub changes: Vec<RecordChange>,
    pub faults: Vec<Fault>,
    /// What is left aside, with its reason.
    pub notes: Vec<String>,
    pub edits: Vec<Edit>,
    /// The rows that change something, to be laid again when they are saved.
    pub kept: Option<Typed>,
}

/// A record that will be written, and where it was typed.
struct Written {
    of: Of,
    id: String,
    record: Value,
    is_new: bool,
    sheet: usize,
    row: usize,
}

struct Laying<'a> {
    read: &'a Read,
    texts: &'a Texts,
    typed: &'a Typed,
    signer: Signer<'a>,
    tables: Vec<Table>,
    written: Vec<Written>,
    laid: Laid,
    /// Rows of each sheet that change something.
    touched: BTreeMap<String, BTreeSet<usize>>,
}

/// Lays a workbook over the texts of the revision it came from.
pub fn lay(typed: &Typed, texts: &Texts, signer: Signer) -> Result<Laid, Vec<String>> {
    let read = read(texts)?;
    let tables = tables_of(typed.origin.list, &read);
    let laid = Laid { notes: typed.notes.clone(), ..Laid::default() };
    let touched = BTreeMap::new();
    let mut laying = Laying { read: &read, texts, typed, signer, tables, written: Vec::new(), laid, touched };
    for sheet in 0..typed.sheets.len() {
        laying.sheet(sheet);
    }
    if laying.laid.faults.is_empty() {
        laying.laid.edits = laying.edits();
        laying.prove();
    }
    laying.laid.faults.sort();
    laying.laid.faults.dedup();
    if !laying.laid.faults.is_empty() {
        laying.laid.edits.clear();
    }
    laying.keep();
    Ok(laying.laid)
}

/// An address as spreadsheets write it.
fn address(sheet: &str, column: &str, row: usize) -> String {
    format!("{sheet}!{column}{row}")
}

impl TypedSheet {
    fn column(&self, heading: &str) -> Option<(usize, &str)> {
        let at = self.columns.iter().position(|(known, _)| known == heading)?;
        Some((at, &self.columns[at].1))
    }
}

impl Laying<'_> {
    fn fault(&mut self, address: String, message: impl Into<String>) {
        self.laid.faults.push(Fault { address, message: message.into() });
    }

    fn sheet(&mut self, number: usize) {
        let typed = self.typed;
        let sheet = &typed.sheets[number];
        let Some(table) = self.tables.iter().position(|table| table.spec.sheet == sheet.name) else { return };
        self.unknown_columns(sheet, table);
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &sheet.rows {
            if !row.id.is_empty()
                && let Some(first) = seen.insert(&row.id, row.row)
            {
                self.fault(
                    address(&sheet.name, "A", row.row),
                    format!(
                        "id「{}」が{first}行目にもあります。写した行なら、idを空にするか、行を消してください。",
                        row.id
                    ),
                );
                continue;
            }
            let known = self.tables[table].rows.iter().position(|known| known.id == row.id);
            match known {
                Some(base) => self.changed(number, table, base, row),
                None => self.added(number, table, row),
            }
        }
        let spec = self.tables[table].spec;
        let gone = self.tables[table].rows.iter().filter(|row| !seen.contains_key(row.id.as_str()));
        let gone: Vec<&str> = gone.map(|row| row.name.as_str()).collect();
        if sheet.complete && !gone.is_empty() {
            let shown: Vec<&str> = gone.iter().take(5).copied().collect();
            let more = if gone.len() > shown.len() { " など" } else { "" };
            self.laid.notes.push(format!(
                "シート「{}」に{}の行が{}件ありません（{}{more}）。消さずに、そのまま残します。",
                spec.sheet,
                spec.record,
                gone.len(),
                shown.join("、")
            ));
        }
    }

    /// Columns that are none of ours are told, not taken.
    fn unknown_columns(&mut self, sheet: &TypedSheet, table: usize) {
        let known = |heading: &str| {
            [ID_HEADING, CHECK_HEADING].contains(&heading)
                || self.tables[table].columns.iter().any(|column| column.heading == heading)
        };
        let odd: Vec<String> = sheet
            .columns
            .iter()
            .filter(|(heading, _)| !known(heading))
            .map(|(heading, letter)| format!("{letter}列「{heading}」"))
            .collect();
        if !odd.is_empty() {
            self.laid.notes.push(format!(
                "シート「{}」の{}は、使わない列なので取り込みません。",
                sheet.name,
                odd.join("、")
            ));
        }
    }

    /// A row whose record is there.
    fn changed(&mut self, number: usize, table: usize, base: usize, typed: &TypedRow) {
        let sheet = &self.typed.sheets[number];
        let Table { spec, columns, rows } = &self.tables[table];
        let row = &rows[base];
        if is_untouched(sheet, columns, typed) {
            return;
        }
        let mut cells = Vec::new();
        let mut faults = Vec::new();
        let mut record = row.stored.clone().unwrap_or_else(|| begun(spec.of, &row.id));
        let (mut changes, mut reason) = (Vec::new(), None);
        for (column, before) in columns.iter().zip(&row.cells) {
            let Some((place, letter)) = sheet.column(&column.heading) else { continue };
            let text = tidy(&typed.cells[place]);
            if text == tidy(before) {
                continue;
            }
            let here = address(&sheet.name, letter, typed.row);
            if !column.is_editable() {
                faults.push(Fault {
                    address: here,
                    message: format!(
                        "「{}」は変えられない列です。元の「{}」に戻してください。",
                        column.heading,
                        short(before)
                    ),
                });
                continue;
            }
            cells.push(CellChange {
                address: here.clone(),
                heading: column.heading.clone(),
                before: before.clone(),
                after: text.clone(),
            });
            if column.key == "decided/reason" {
                reason = Some(text);
                continue;
            }
            match self.value(column, &text, row.stored.as_ref()) {
                Ok(value) => changes.push((column.key.clone(), value)),
                Err(message) => faults.push(Fault { address: here, message }),
            }
        }
        if cells.is_empty() && faults.is_empty() {
            return;
        }
        // Somebody moved cells between rows: what stands here belongs to another record.
        if !typed.check.is_empty() && typed.check != row.check(columns) {
            faults.push(Fault {
                address: address(&sheet.name, "A", typed.row),
                message: format!(
                    "「{}」は、書き出した後に元の内容が変わったか、行の一部だけが動いています。新しく書き出したブックに書き写してください。",
                    row.name
                ),
            });
        }
        for (key, value) in changes {
            put(&mut record, &key, value);
        }
        let of = spec.of;
        let change = RecordChange { kind: spec.record.clone(), name: row.name.clone(), effect: Effect::Changed, cells };
        let id = row.id.clone();
        sign(&mut record, of, reason, &self.signer);
        self.require(number, table, typed, &record, &mut faults);
        self.touched.entry(sheet.name.clone()).or_default().insert(typed.row);
        self.laid.faults.extend(faults);
        self.laid.changes.push(change);
        self.written.push(Written { of, id, record, is_new: false, sheet: number, row: typed.row });
    }

    /// A row that is not there yet.
    fn added(&mut self, number: usize, table: usize, typed: &TypedRow) {
        let sheet = &self.typed.sheets[number];
        let Table { spec, columns, rows } = &self.tables[table];
        let here = address(&sheet.name, "A", typed.row);
        if !spec.adds {
            let message = match typed.id.as_str() {
                "" => format!("idがありません。この一覧に行は加えられません。{}の行を消してください。", typed.row),
                id => {
                    format!("id「{id}」の{}は、今の版にありません。行を消すか、idを元に戻してください。", spec.record)
                }
            };
            return self.fault(here, message);
        }
        let of = spec.of;
        let (mut faults, mut cells) = (Vec::new(), Vec::new());
        let mut record = Value::Object(Map::new());
        let (mut reason, mut holder) = (None, String::new());
        for column in columns {
            let Some((place, letter)) = sheet.column(&column.heading) else { continue };
            let text = tidy(&typed.cells[place]);
            if text.is_empty() || column.key.starts_with('@') {
                continue;
            }
            let here = address(&sheet.name, letter, typed.row);
            let change = CellChange {
                address: here.clone(),
                heading: column.heading.clone(),
                before: String::new(),
                after: text.clone(),
            };
            cells.push(change);
            match column.key.as_str() {
                "treatment" => holder = text,
                "decided/reason" => reason = Some(text),
                key => match self.value(column, &text, None) {
                    Ok(value) => put(&mut record, key, value),
                    Err(message) => faults.push(Fault { address: here, message }),
                },
            }
        }
        if inside(of).is_some() && !typed.id.is_empty() {
            faults.push(Fault {
                address: here.clone(),
                message: format!("id「{}」の{}はありません。新しい行のidは空にしてください。", typed.id, spec.record),
            });
        }
        let id = match inside(of) {
            Some(_) => holder,
            None => {
                let taken = rows.iter().map(|row| row.id.clone());
                let taken: Vec<String> = taken.chain(self.written.iter().map(|written| written.id.clone())).collect();
                let (file, list) = place(of);
                let way = [Step::Key(list.to_owned())];
                let id = match typed.id.as_str() {
                    "" => new_id(file, &way, &record, &taken),
                    id => id.to_owned(),
                };
                record["id"] = id.clone().into();
                id
            }
        };
        sign(&mut record, of, reason, &self.signer);
        self.require(number, table, typed, &record, &mut faults);
        if inside(of).is_some() {
            let held = self.tables.iter().filter(|table| table.spec.of == Of::Treatments).flat_map(|table| &table.rows);
            let mut held =
                held.map(|row| row.id.as_str()).chain(self.written.iter().map(|written| written.id.as_str()));
            if !held.any(|known| known == id) {
                let letter = sheet.column("対応").map_or("A", |(_, letter)| letter);
                faults.push(Fault {
                    address: address(&sheet.name, letter, typed.row),
                    message: match id.as_str() {
                        "" => "「対応」に、リスク対応の名前を書いてください。".to_owned(),
                        id => format!("リスク対応「{id}」はありません。リスク対応一覧のidを書いてください。"),
                    },
                });
            }
        }
        let name = record["name"].as_str().or(record["text"].as_str()).unwrap_or(&id).chars().take(24).collect();
        let change = RecordChange { kind: spec.record.clone(), name, effect: Effect::Added, cells };
        self.touched.entry(sheet.name.clone()).or_default().insert(typed.row);
        self.laid.faults.extend(faults);
        self.laid.changes.push(change);
        self.written.push(Written { of, id, record, is_new: true, sheet: number, row: typed.row });
    }

    /// What a cell says; nothing for one that was emptied.
    fn value(&self, column: &Column, text: &str, stored: Option<&Value>) -> Result<Value, String> {
        let Some(spot) = column.spot else { return Ok(Value::Null) };
        if text.is_empty() {
            return match column.required {
                true => Err(format!("「{}」は空にできません。", column.heading)),
                false => Ok(Value::Null),
            };
        }
        let known: &Known = &self.read.known;
        cell_value(spot, text, stored.and_then(|stored| at(stored, &column.key)), known)
    }

    /// What a record cannot do without.
    fn require(&self, number: usize, table: usize, typed: &TypedRow, record: &Value, faults: &mut Vec<Fault>) {
        let sheet = &self.typed.sheets[number];
        for column in self.tables[table].columns.iter().filter(|column| column.required && column.key != "treatment") {
            let letter = sheet.column(&column.heading).map_or("A", |(_, letter)| letter);
            let here = address(&sheet.name, letter, typed.row);
            let told = faults.iter().any(|fault| fault.address == here);
            if !told && at(record, &column.key).is_none_or(|value| value.as_str() == Some("")) {
                faults.push(Fault {
                    address: here,
                    message: format!("「{}」がありません。この行には必ず書いてください。", column.heading),
                });
            }
        }
    }

    /// What saving means for the files.
    fn edits(&self) -> Vec<Edit> {
        let mut edits = self.decisions();
        edits.extend(self.treatments());
        for written in &self.written {
            let (file, list) = place(written.of);
            if !matches!(written.of, Of::Decisions | Of::Treatments | Of::Measures | Of::Requests) {
                edits.push(put_record(file, list, written.id.as_str(), written.record.clone()));
            }
        }
        edits
    }

    /// Decisions remember what they rest on: those that say the same together, those that stay behind without the others.
    fn decisions(&self) -> Vec<Edit> {
        let decided: Vec<&Written> = self.written.iter().filter(|written| written.of == Of::Decisions).collect();
        if decided.is_empty() {
            return Vec::new();
        }
        let service = Service::new(&self.read.folder.files);
        let assessment = &service.assessment;
        let basis = |risks: &[&str]| {
            let at: Vec<usize> = risks.iter().filter_map(|risk| assessment.risk_index(risk)).collect();
            Value::from(assessment.basis(&at))
        };
        let put = |risk: &str, record: Value| put_record(File::Assessment, "decisions", risk, record);
        let mut groups: Vec<(Value, Vec<&str>)> = Vec::new();
        for written in &decided {
            let mut alike = written.record.clone();
            alike.as_object_mut().map(|fields| (fields.remove("own"), fields.remove("basis")));
            match groups.iter_mut().find(|(known, _)| *known == alike) {
                Some((_, risks)) => risks.push(&written.id),
                None => groups.push((alike, vec![&written.id])),
            }
        }
        let mut edits = Vec::new();
        for (_, risks) in &groups {
            let basis = basis(risks);
            for written in decided.iter().filter(|written| risks.contains(&written.id.as_str())) {
                let mut record = written.record.clone();
                record["basis"] = basis.clone();
                edits.push(put(&written.id, record));
            }
        }
        for decision in &self.read.folder.files.assessment.decisions {
            let left = decision.risks.iter().map(String::as_str).filter(|risk| decided.iter().all(|w| w.id != *risk));
            let left: Vec<&str> = left.collect();
            let outdated = left.iter().any(|risk| assessment.risk(risk).is_some_and(|risk| risk.outdated));
            if left.is_empty() || left.len() == decision.risks.len() || decision.basis.is_none() || outdated {
                continue;
            }
            let whole = serde_json::to_value(decision).unwrap_or_default();
            let basis = basis(&left);
            for risk in left {
                let mut kept = of_one(&whole, risk);
                kept["basis"] = basis.clone();
                edits.push(put(risk, kept));
            }
        }
        edits
    }

    /// A treatment with its measures and requests is one record.
    fn treatments(&self) -> Vec<Edit> {
        let mut records: BTreeMap<String, Value> = BTreeMap::new();
        let stored = |id: &str| {
            let known = self.read.folder.files.assessment.treatments.iter().find(|known| known.id == id)?;
            serde_json::to_value(known).ok()
        };
        for written in self.written.iter().filter(|written| written.of == Of::Treatments) {
            records.insert(written.id.clone(), written.record.clone());
        }
        for written in &self.written {
            let Some(key) = inside(written.of) else { continue };
            let (id, place) = match written.is_new {
                true => (written.id.as_str(), None),
                false => match written.id.rsplit_once('#') {
                    Some((id, number)) => (id, number.parse::<usize>().ok()),
                    None => continue,
                },
            };
            let record = match records.get_mut(id) {
                Some(record) => record,
                None => {
                    let Some(mut record) = stored(id) else { continue };
                    let reason = record["decided"]["reason"].as_str().map(str::to_owned);
                    sign(&mut record, Of::Treatments, reason, &self.signer);
                    records.entry(id.to_owned()).or_insert(record)
                }
            };
            if !record[key].is_array() {
                record[key] = json!([]);
            }
            let Some(list) = record[key].as_array_mut() else { continue };
            match place.and_then(|place| list.get_mut(place - 1)) {
                Some(part) => *part = written.record.clone(),
                None => list.push(written.record.clone()),
            }
        }
        records.into_iter().map(|(id, record)| put_record(File::Assessment, "treatments", id, record)).collect()
    }

    /// Reads the service as it would be: what the cells could not tell shows there, and gets the address of its cell.
    fn prove(&mut self) {
        let edits = std::mem::take(&mut self.laid.edits);
        match apply(self.texts, &edits) {
            Err(error) => self.fault(self.typed.origin.list.term().to_owned(), error.to_string()),
            Ok(applied) => {
                if let Err(errors) = shirube_folder::read(&applied.texts) {
                    let locator = Locator::new(&applied.texts);
                    for blame in locator.blame(&edits, &errors) {
                        let address = self.blamed(blame.edit.map(|at| &edits[at]), &blame.below);
                        self.laid.faults.push(Fault { address, message: blame.error.message.clone() });
                    }
                }
            }
        }
        self.laid.edits = edits;
    }

    /// The cell that a mistake of the files comes from; its row, if it is no single cell.
    fn blamed(&self, edit: Option<&Edit>, below: &[Step]) -> String {
        let id = edit.and_then(|edit| match edit.at.last() {
            Some(Step::Item(identity)) => identity.fields.first(),
            _ => None,
        });
        let written = id.and_then(|id| {
            self.written.iter().find(|written| written.id == *id || written.id.starts_with(&format!("{id}#")))
        });
        let Some(written) = written else { return self.typed.origin.list.term().to_owned() };
        let sheet = &self.typed.sheets[written.sheet];
        let key = way_text(below);
        let table = self.tables.iter().find(|table| table.spec.sheet == sheet.name);
        let column = table.and_then(|table| {
            let column = table.columns.iter().find(|column| !key.is_empty() && key.starts_with(&column.key))?;
            Some(sheet.column(&column.heading)?.1.to_owned())
        });
        address(&sheet.name, &column.unwrap_or_else(|| column_name(0)), written.row)
    }

    /// Keeps the rows that change something.
    fn keep(&mut self) {
        let mut kept = self.typed.clone();
        for sheet in &mut kept.sheets {
            let touched = self.touched.get(&sheet.name);
            sheet.rows.retain(|row| touched.is_some_and(|rows| rows.contains(&row.row)));
            sheet.complete = false;
        }
        kept.notes.clear();
        self.laid.kept = Some(kept);
    }
}

/// Whether nobody changed a row since it was written, whatever the service says by now.
fn is_untouched(sheet: &TypedSheet, columns: &[Column], typed: &TypedRow) -> bool {
    let cell = |column: &Column| sheet.column(&column.heading).map(|(place, _)| typed.cells[place].as_str());
    let cells: Option<Vec<(&Column, &str)>> =
        columns.iter().filter(|column| column.is_editable()).map(|column| Some((column, cell(column)?))).collect();
    cells.is_some_and(|cells| check(&typed.id, cells.into_iter()) == typed.check)
}

/// A record that is there for what is given, and says nothing yet.
fn begun(of: Of, id: &str) -> Value {
    match of {
        Of::Answers => json!({ "control": id }),
        _ => Value::Object(Map::new()),
    }
}

/// Puts a value at a way below a record; nothing takes it away, with what would be empty around it.
fn put(record: &mut Value, key: &str, value: Value) {
    // What this risk alone has is changed there.
    let own = format!("own/{key}");
    let key = if at(record, &own).is_some() { own.as_str() } else { key };
    match key.split_once('/') {
        None if value.is_null() => {
            record.as_object_mut().map(|fields| fields.remove(key));
        }
        None => record[key] = value,
        Some((head, rest)) => {
            if !record[head].is_object() {
                if value.is_null() {
                    return;
                }
                record[head] = json!({});
            }
            put_inside(&mut record[head], rest, value);
            let says = |value: &Value| !value.is_null() && *value != Value::Bool(false) && value != "unknown";
            if record[head].as_object().is_some_and(|fields| !fields.values().any(says)) {
                record.as_object_mut().map(|fields| fields.remove(head));
            }
        }
    }
}

fn put_inside(record: &mut Value, key: &str, value: Value) {
    match value.is_null() {
        true => drop(record.as_object_mut().map(|fields| fields.remove(key))),
        false => record[key] = value,
    }
}

/// Who decided: whoever takes a change in. Without a reason nobody has.
fn sign(record: &mut Value, of: Of, reason: Option<String>, signer: &Signer) {
    if !matches!(of, Of::Decisions | Of::Treatments | Of::Answers) {
        return;
    }
    let reason = reason.or_else(|| record["decided"]["reason"].as_str().map(str::to_owned));
    match reason.filter(|reason| !reason.is_empty()) {
        Some(reason) => record["decided"] = json!({ "by": signer.by, "on": signer.on, "reason": reason }),
        None => drop(record.as_object_mut().map(|fields| fields.remove("decided"))),
    }
}

fn short(text: &str) -> String {
    let cut: String = text.chars().take(30).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}
