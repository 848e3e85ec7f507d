//! Records of service levels as tables of registers: a register knows one name for each thing, these files know several.

use std::borrow::Cow;

use shirube_catalog::Register;
use shirube_form::folded;

use super::columns::{EVALUATION, EXCLUSION, Form, OUTAGE, UPDATE, is_own};
use super::{EXTENTS, SOURCES, item};

/// The rows with the headings and words that the register knows; rows of other registers stay as they are.
pub fn as_register<'r>(register: &Register, rows: &'r [Vec<String>]) -> Cow<'r, [Vec<String>]> {
    let forms = [&OUTAGE, &EXCLUSION, &UPDATE, &EVALUATION];
    let file = format!("operations/{}.csv", register.id);
    let Some(form) = forms.into_iter().find(|form| form.file == file) else { return Cow::Borrowed(rows) };
    let Some(heading) = rows.iter().position(|row| row.iter().any(|cell| !cell.is_empty())) else {
        return Cow::Borrowed(rows);
    };
    let columns: Vec<Option<usize>> = rows[heading].iter().map(|cell| column(form, cell, &rows[heading])).collect();
    let mut rows = rows.to_vec();
    for (row, cells) in rows.iter_mut().enumerate().skip(heading) {
        for (cell, column) in cells.iter_mut().zip(&columns) {
            let Some(column) = column.map(|at| &form.columns[at]) else { continue };
            let said = if row == heading { Some(column.headings[0]) } else { word(column.key, cell) };
            if let Some(said) = said {
                said.clone_into(cell);
            }
        }
    }
    Cow::Owned(rows)
}

fn column(form: &Form, cell: &str, all: &[String]) -> Option<usize> {
    if cell.is_empty() || is_own(form, cell, all) { None } else { form.column(cell) }
}

/// The word that the register offers for what a cell says; none where there is nothing to choose.
fn word(key: &str, cell: &str) -> Option<&'static str> {
    fn first<T>(words: &[(&[&'static str], T)], cell: &str) -> Option<&'static str> {
        let is_said = |names: &[&str]| names.iter().any(|name| folded(name) == folded(cell));
        words.iter().find(|(names, _)| is_said(names)).map(|(names, _)| names[0])
    }
    match key {
        "extent" => first(EXTENTS, cell),
        "source" => first(SOURCES, cell),
        "item" => item(cell.trim()).map(|item| item.text.as_str()),
        _ => None,
    }
}
