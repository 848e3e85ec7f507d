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

#[cfg(test)]
mod tests {
    use shirube_catalog::registers;
    use shirube_safety::operation::register::{read_entries, rows};

    use super::*;
    use crate::operation::{OperationTables, read_operation_tables};

    fn table(cells: &[&[&str]]) -> Vec<Vec<String>> {
        cells.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    // SLA-002: one file, two readers; neither refuses what the other takes.
    #[test]
    fn both_readers_take_the_headings_and_words_of_the_other() {
        let outages = table(&[
            &["id", "開始日時", "停止終了", "停止の範囲", "記録の出どころ", "状態", "保全"],
            &["S-1", "2026-10-05 10:12:20", "2026-10-05T10:17:45+09:00", "whole", "監視装置", "記録", ""],
        ]);
        let exclusions =
            table(&[&["番号", "開始", "終了", "事由"], &["S-1", "2026-10-05 10:13", "2026-10-05 10:14", "carrier"]]);
        let of = |id: &str, rows: &[Vec<String>]| {
            let register = registers().iter().find(|register| register.id == id).expect("it is there");
            let book = read_entries(register, &as_register(register, rows), "t").expect("it is read");
            (register, book.entries)
        };
        let (register, entries) = of("outages", &outages);
        assert_eq!((entries[0].text("extent"), entries[0].text("source")), ("全部停止".into(), "監視".into()));
        assert_eq!(entries[0].text("until"), "2026-10-05 10:17:45");
        let (columns, cells) = rows(register, &entries);
        let outages_again: Vec<Vec<String>> = std::iter::once(columns).chain(cells).collect();
        let (register, entries) = of("exclusions", &exclusions);
        assert_eq!((entries[0].id.as_str(), entries[0].text("outage")), ("S-1 2026-10-05 10:13", "S-1".into()));
        let (columns, cells) = rows(register, &entries);
        let exclusions_again: Vec<Vec<String>> = std::iter::once(columns).chain(cells).collect();

        for (outages, exclusions) in [(outages, exclusions), (outages_again, exclusions_again)] {
            let tables = OperationTables { outages, exclusions, ..OperationTables::default() };
            let records = read_operation_tables(tables, &[]).expect("it is read");
            assert_eq!(records.outages[0].until.expect("an end").to_string(), "2026-10-05 10:17:45");
            assert_eq!(
                (records.exclusions[0].outage.as_str(), records.exclusions[0].item.id.as_str()),
                ("S-1", "carrier")
            );
        }
    }
}
