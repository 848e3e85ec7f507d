//! What a workbook of ours says, before anybody asks what that means for the service.

use serde::{Deserialize, Serialize};

use crate::List;
use crate::laid::Fault;
use crate::sheet::{Book, CHECK_HEADING, FORM, ID_HEADING, STAMP_SHEET, column_name};
use crate::spec::{ColumnSpec, SheetSpec, book};

/// Where a workbook comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub form: u32,
    pub list: List,
    pub service: String,
    pub revision: Option<u64>,
    pub digest: String,
}

/// The rows of a workbook of ours. Small enough to travel through a form between the preview and the saving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    pub origin: Origin,
    pub sheets: Vec<TypedSheet>,
    /// What is left aside, with its reason.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedSheet {
    pub name: String,
    /// Headings by column, with the letter of the column.
    pub columns: Vec<(String, String)>,
    pub rows: Vec<TypedRow>,
    /// All rows of the sheet are here, so that one that is not was taken away.
    pub complete: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedRow {
    /// Number of the row as people see it.
    pub row: usize,
    pub id: String,
    pub check: String,
    /// In the order of the columns.
    pub cells: Vec<String>,
}

/// From which service, list and revision a workbook is; none if it is not one of ours.
pub fn origin(book: &Book) -> Option<Result<Origin, String>> {
    let sheet = book.sheet(STAMP_SHEET)?;
    let fact = |key: &str| sheet.rows.iter().find(|row| row.first().is_some_and(|name| name == key))?.get(1).cloned();
    let list = fact("list")?.parse().ok()?;
    let form: u32 = fact("form")?.parse().ok()?;
    if form > FORM {
        return Some(Err(format!(
            "このブックの形式（{form}）は、このプログラムの扱える形式（{FORM}）より新しいため、読めません。新しい版のプログラムをお使いください。"
        )));
    }
    Some(Ok(Origin {
        form,
        list,
        service: fact("service").unwrap_or_default(),
        revision: fact("revision").and_then(|text| text.parse().ok()),
        digest: fact("digest").unwrap_or_default(),
    }))
}

/// Reads the sheets of a workbook of ours. Columns are known by their headings, so that their order may change.
pub fn typed(book: &Book, origin: &Origin) -> (Typed, Vec<Fault>) {
    let mut typed = Typed { origin: origin.clone(), sheets: Vec::new(), notes: Vec::new() };
    let mut faults = Vec::new();
    for spec in &self::book(origin.list).sheets {
        let Some(sheet) = book.sheet(&spec.sheet) else {
            typed.notes.push(format!("シート「{}」がありません。その一覧は変えません。", spec.sheet));
            continue;
        };
        let heading = sheet.rows.iter().take(20).position(|row| row.iter().any(|cell| cell == ID_HEADING));
        let Some(heading) = heading else {
            faults.push(Fault {
                address: spec.sheet.clone(),
                message: format!("見出しの行が見つかりません。「{ID_HEADING}」の列を元に戻してください。"),
            });
            continue;
        };
        let headings = &sheet.rows[heading];
        let place = |wanted: &str| headings.iter().position(|cell| cell == wanted);
        let (Some(id), check) = (place(ID_HEADING), place(CHECK_HEADING)) else { continue };
        let mut columns = Vec::new();
        let mut places = Vec::new();
        for (at, text) in
            headings.iter().enumerate().filter(|(at, text)| *at != id && Some(*at) != check && !text.is_empty())
        {
            if headings[..at].contains(text) {
                faults.push(Fault {
                    address: format!("{}!{}{}", spec.sheet, column_name(at), heading + 1),
                    message: format!("見出し「{text}」が二つあります。一つにしてください。"),
                });
                continue;
            }
            columns.push((text.clone(), column_name(at)));
            places.push(at);
        }
        missing(spec, headings, &mut typed.notes);
        let rows = sheet.rows.iter().enumerate().skip(heading + 1);
        let rows =
            rows.filter(|(_, row)| row.iter().enumerate().any(|(at, cell)| Some(at) != check && !cell.is_empty()));
        let rows = rows.map(|(at, _)| TypedRow {
            row: at + 1,
            id: sheet.cell(at, id).to_owned(),
            check: check.map(|check| sheet.cell(at, check)).unwrap_or_default().to_owned(),
            cells: places.iter().map(|place| sheet.cell(at, *place).to_owned()).collect(),
        });
        typed.sheets.push(TypedSheet { name: spec.sheet.clone(), columns, rows: rows.collect(), complete: true });
    }
    (typed, faults)
}

/// Tells which columns are gone: what stood in them stays as it is.
fn missing(spec: &SheetSpec, headings: &[String], notes: &mut Vec<String>) {
    let gone = |column: &&ColumnSpec| !column.key.starts_with('@') && !headings.contains(&column.heading);
    for column in spec.columns.iter().filter(gone) {
        notes.push(format!("シート「{}」に「{}」の列がありません。その内容は変えません。", spec.sheet, column.heading));
    }
}
