//! A list as a table whose cells are typed in place. Unlike pasted rows, a cell that was emptied empties the field.

use serde_json::{Map, Value};
use shirube_folder::edit::Step;
use shirube_safety::File;

use super::field::Kind;
use super::paste::{Cell, Effect, Laying, Pasted, Row};
use super::{Choice, Form, Known, is_plain, record_spot, same, words};

/// A column of the table.
#[derive(Debug, Clone)]
pub struct GridColumn {
    pub key: String,
    pub label: String,
    pub required: bool,
    /// Words to choose from; empty where it is typed.
    pub options: Vec<String>,
    /// What is offered while typing.
    pub offers: Vec<Choice>,
}

/// A row as the browser sends it.
#[derive(Debug, Clone, Default)]
pub struct GridRow {
    /// Place of its record in the list; nothing for a new one.
    pub at: Option<usize>,
    pub cells: Vec<String>,
    pub removed: bool,
}

/// The columns of these keys, as far as they fit into a cell.
pub fn columns(file: File, list: &str, keys: &[&str], known: &Known) -> Vec<GridColumn> {
    let way = [Step::Key(list.to_owned())];
    let (Some(spot), Some(form)) = (record_spot(file, &way), Form::new(file, &way, None, known)) else {
        return Vec::new();
    };
    let fields = form.all_fields();
    let plain = keys.iter().filter_map(|key| spot.field(key)).filter(|field| is_plain(*field));
    let column = |column: super::Spot| {
        let field = fields.iter().find(|field| field.key == column.key && field.name == column.key);
        let (options, offers) = match field.map(|field| &field.kind) {
            Some(Kind::Choice { options, .. }) => {
                (options.iter().map(|option| option.label.clone()).collect(), Vec::new())
            }
            Some(Kind::Choices { options, .. }) => (Vec::new(), options.clone()),
            Some(Kind::Reference { lists, .. } | Kind::Lines { lists, .. }) => (Vec::new(), known.all(lists)),
            _ => (Vec::new(), Vec::new()),
        };
        let required = spot.is_required(column.key);
        GridColumn { key: column.key.to_owned(), label: column.label(), required, options, offers }
    };
    plain.map(column).collect()
}

/// What the cells of a record hold.
pub fn cells(file: File, list: &str, columns: &[GridColumn], record: &Value, known: &Known) -> Vec<String> {
    let way = [Step::Key(list.to_owned())];
    let Some(spot) = record_spot(file, &way) else { return Vec::new() };
    let text = |column: &GridColumn| {
        spot.field(&column.key).map(|field| words(field, &record[column.key.as_str()], known)).unwrap_or_default()
    };
    columns.iter().map(text).collect()
}

/// Lays the rows over the list. Rows without a record and without any text are left out.
pub fn lay(
    file: File,
    list: &str,
    columns: &[GridColumn],
    rows: &[GridRow],
    before: &[Value],
    known: &Known,
) -> Pasted {
    let way = [Step::Key(list.to_owned())];
    let mut pasted = Pasted { records: before.to_vec(), ..Pasted::default() };
    let Some(spot) = record_spot(file, &way) else { return pasted };
    let columns = columns.iter().filter_map(|column| spot.field(&column.key)).collect();
    let laying = Laying { file, way: &way, spot, known, columns };
    for (line, row) in rows.iter().enumerate() {
        let record = row.at.and_then(|at| before.get(at));
        let blank = row.cells.iter().all(|cell| cell.trim().is_empty());
        if row.removed || record.is_none() && blank {
            continue;
        }
        let laid = lay_row(&laying, line + 1, row, record, &mut pasted.records);
        pasted.rows.push(laid);
    }
    let removed: Vec<usize> = rows.iter().filter(|row| row.removed).filter_map(|row| row.at).collect();
    let mut at = 0;
    pasted.records.retain(|_| {
        at += 1;
        !removed.contains(&(at - 1))
    });
    pasted
}

/// A field of one line gives a text back without its line breaks: that is nobody's change.
fn one_line(text: &str) -> String {
    text.chars().filter(|letter| !['\r', '\n'].contains(letter)).collect::<String>().trim().to_owned()
}

fn lay_row(laying: &Laying, line: usize, row: &GridRow, stored: Option<&Value>, records: &mut Vec<Value>) -> Row {
    let mut record = stored.cloned().unwrap_or_else(|| Value::Object(Map::new()));
    let mut cells = Vec::new();
    for (at, column) in laying.columns.iter().enumerate() {
        let text = row.cells.get(at).map_or("", |text| text.trim());
        let held = stored.and_then(|record| record.get(column.key)).filter(|value| !value.is_null());
        let shown = held.map(|held| words(*column, held, laying.known)).unwrap_or_default();
        let mut cell = Cell { label: column.label(), text: text.to_owned(), before: None, fault: None };
        // What nobody touched stays as it is, whatever its words are.
        if one_line(text) != one_line(&shown) {
            match text {
                "" => drop(record.as_object_mut().and_then(|fields| fields.remove(column.key))),
                text => match laying.value(*column, text, held) {
                    Ok(value) => record[column.key] = value,
                    Err(fault) => cell.fault = Some(fault),
                },
            }
            cell.before = held.map(|_| shown);
        }
        cells.push(cell);
    }
    let mut faults = Vec::new();
    laying.complete(&mut record, &cells, &mut faults, records);
    let effect = match stored {
        Some(stored) if same(stored, &record) => Effect::Same,
        Some(_) => Effect::Changed,
        None => Effect::Added,
    };
    match (effect, row.at) {
        (Effect::Changed, Some(at)) => records[at] = record,
        (Effect::Added, _) => records.push(record),
        _ => {}
    }
    Row { line, effect, cells, faults }
}
