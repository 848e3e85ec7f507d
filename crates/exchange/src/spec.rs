//! What the sheets of the workbooks hold, as data.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::List;

/// A workbook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookSpec {
    pub list: List,
    pub title: String,
    pub sheets: Vec<SheetSpec>,
}

/// A sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetSpec {
    pub sheet: String,
    /// Which records it has.
    pub of: Of,
    /// What a record is called.
    pub record: String,
    pub about: String,
    /// Rows may be added.
    #[serde(default)]
    pub adds: bool,
    /// Without any, all fields that fit into a cell.
    #[serde(default)]
    pub columns: Vec<ColumnSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    pub key: String,
    pub heading: String,
    pub width: f64,
}

/// Which records a sheet has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    Decisions,
    Treatments,
    Measures,
    Requests,
    Answers,
    Parties,
    Sites,
    Nodes,
    Links,
    Actors,
    Information,
    InformationClasses,
}

/// The workbooks, read once.
pub fn books() -> &'static [BookSpec] {
    static BOOKS: OnceLock<Vec<BookSpec>> = OnceLock::new();
    BOOKS.get_or_init(|| serde_saphyr::from_str(include_str!("lists.yaml")).expect("our own lists can be read"))
}

pub fn book(list: List) -> &'static BookSpec {
    books().iter().find(|book| book.list == list).expect("every list has its workbook")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_a_workbook_with_sheets_of_different_names() {
        for list in List::ALL {
            let book = book(list);
            assert_eq!(book.title, list.term());
            for (at, sheet) in book.sheets.iter().enumerate() {
                assert!(book.sheets[..at].iter().all(|other| other.sheet != sheet.sheet), "{}", sheet.sheet);
                let headings: Vec<&str> = sheet.columns.iter().map(|column| column.heading.as_str()).collect();
                assert!(headings.iter().enumerate().all(|(at, text)| !headings[..at].contains(text)), "{headings:?}");
            }
        }
    }
}
