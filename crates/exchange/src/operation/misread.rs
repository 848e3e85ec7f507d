//! What cannot be read, with its place.

use crate::laid::Fault;

/// Something wrong in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The file that the table is, or would be in a folder.
    pub file: &'static str,
    /// As people count, the headings among them; none for the table as a whole.
    pub row: Option<usize>,
    /// Heading of the column.
    pub field: Option<String>,
    /// Letter of the column.
    pub letter: Option<String>,
    pub message: String,
}

impl Misread {
    pub(super) fn of_file(file: &'static str, message: String) -> Self {
        Self { file, row: None, field: None, letter: None, message }
    }

    pub(super) fn of_row(file: &'static str, row: usize, message: String) -> Self {
        Self { row: Some(row), ..Self::of_file(file, message) }
    }
}

impl From<Misread> for Fault {
    fn from(misread: Misread) -> Self {
        let row = misread.row.map(|row| format!(" {row}行目")).unwrap_or_default();
        let field = misread.field.map(|field| format!("「{field}」")).unwrap_or_default();
        let letter = misread.letter.map(|letter| format!("（{letter}列）")).unwrap_or_default();
        Self { address: format!("{}{row}{field}{letter}", misread.file), message: misread.message }
    }
}
