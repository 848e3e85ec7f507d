//! CSV, TSV or JSON as rows of named fields.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Place, Problems};
use crate::decode;
use crate::import::IntakeError;

/// One row with where it stands.
pub struct Row {
    pub place: Place,
    fields: BTreeMap<String, String>,
}

impl Row {
    /// A field; empty if it is not there.
    pub fn get(&self, name: &str) -> String {
        self.fields.get(name).cloned().unwrap_or_default()
    }
}

/// What our own lists add for reading; a list that was exported comes back with it.
const FOR_READING: [&str; 4] = ["edition", "added", "steps", "kind"];

/// What a row of an exported list is if it is no item: it says how far the edition was seen.
const NO_ITEM: [&str; 3] = ["edition", "outline", "gap"];

/// Reads the rows. Mistakes of the table as a whole go to `problems`.
pub fn read(bytes: &[u8], name: &str, columns: &[&str], problems: &mut Problems) -> Result<Vec<Row>, IntakeError> {
    let text = decode::text(bytes, name)?;
    let rows = if name.to_lowercase().ends_with(".json") {
        json(&text, columns, problems)
    } else {
        csv(&text, columns, problems)
    };
    if rows.is_empty() && !problems.stopped() {
        return Err(IntakeError::Empty(name.to_owned()));
    }
    Ok(rows)
}

fn csv(text: &str, columns: &[&str], problems: &mut Problems) -> Vec<Row> {
    let delimiter = if text.lines().next().is_some_and(|line| line.contains('\t')) { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut records = reader.records().map_while(Result::ok);
    let Some(heading) = records.next() else { return Vec::new() };
    let heading: Vec<String> = heading.iter().map(|name| plain(name).trim().to_lowercase()).collect();
    for (at, name) in heading.iter().enumerate() {
        known(Place::Heading, name, columns, problems);
        if heading[..at].contains(name) {
            problems.stop(&Place::Heading, format!("列「{name}」が二つあります。一つにしてください。"));
        }
    }
    let mut lines = Lines { bytes: text.as_bytes(), at: 0, line: 1 };
    let mut rows = Vec::new();
    for record in records {
        let place = Place::Line(lines.at(record.position().map_or(0, csv::Position::byte)));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() != heading.len() {
            problems.stop(
                &place,
                format!(
                    "列が{}個ありますが、見出しは{}個です。カンマや改行を含む文は「\"」で囲んでください。",
                    record.len(),
                    heading.len()
                ),
            );
            continue;
        }
        let cells = record.iter().map(|cell| plain(cell).trim().to_owned());
        let fields: BTreeMap<String, String> = heading.iter().cloned().zip(cells).collect();
        if !fields.get("kind").is_some_and(|kind| NO_ITEM.contains(&kind.as_str())) {
            rows.push(Row { place, fields });
        }
    }
    rows
}

/// Lines of growing places in a text. The reader's own count is one short after `\r\n`.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of what begins at or after a byte; ends of lines before it are passed.
    fn at(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(next) = self.bytes.get(self.at) {
            if self.at >= start && !matches!(next, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*next == b'\n');
            self.at += 1;
        }
        self.line
    }
}

fn json(text: &str, columns: &[&str], problems: &mut Problems) -> Vec<Row> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let place = Place::Line(error.line() as u64);
            problems.stop(&place, "JSONとして読めません。このあたりの括弧、引用符、カンマを確かめてください。");
            return Vec::new();
        }
    };
    let lists = ["entries", "links", "rows"].iter().find_map(|key| value.get(key)).or(Some(&value));
    let Some(Value::Array(items)) = lists else {
        problems.stop(&Place::Whole, "項目の並び（[ … ]）がありません。一件を一つのオブジェクトにして並べてください。");
        return Vec::new();
    };
    let mut rows = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let place = Place::Item(at as u64 + 1);
        let Value::Object(object) = item else {
            problems.stop(&place, "項目が { … } の形になっていません。");
            continue;
        };
        if object.get("kind").and_then(Value::as_str).is_some_and(|kind| NO_ITEM.contains(&kind)) {
            continue;
        }
        let mut fields = BTreeMap::new();
        for (name, value) in object {
            known(place, name, columns, problems);
            match value {
                _ if FOR_READING.contains(&name.as_str()) => {}
                Value::Null => {}
                Value::String(text) => {
                    fields.insert(name.clone(), text.trim().to_owned());
                }
                Value::Number(number) => {
                    fields.insert(name.clone(), number.to_string());
                }
                _ => problems.stop(&place, format!("「{name}」は文字で書いてください。")),
            }
        }
        rows.push(Row { place, fields });
    }
    rows
}

/// Tells of a column that means nothing here.
fn known(place: Place, name: &str, columns: &[&str], problems: &mut Problems) {
    if columns.contains(&name) || FOR_READING.contains(&name) {
        return;
    }
    let near = columns.iter().map(|column| (strsim::osa_distance(column, name), *column)).min();
    let near = match near {
        Some((distance, column)) if distance <= 2 => format!("「{column}」ではありませんか。"),
        _ => String::new(),
    };
    problems.stop(&place, format!("列「{name}」は使えません。{near}使えるのは {} です。", columns.join("、")));
}

/// A cell as it was before a list was written for spreadsheets.
fn plain(cell: &str) -> &str {
    let cell = cell.trim_start_matches('\u{feff}');
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']) => rest,
        _ => cell,
    }
}
