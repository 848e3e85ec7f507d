//! Workbooks and CSV files: from bytes to cells, from tables to bytes.

mod read;
mod write;

use serde::{Deserialize, Serialize};

pub use read::{ReadError, read, read_with_times};
pub use write::{Stamp, WriteError, write};
pub(crate) use write::{Styles, lines, tall};

/// The cells of a file as text, sheet by sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    pub sheets: Vec<Sheet>,
}

/// A sheet; rows and cells that are not there are blank.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Vec<String>>,
}

impl Book {
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }
}

impl Sheet {
    /// A cell by row and column from 0.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }
}

/// `A`, `B`, … `AA` for a column from 0.
pub fn column_name(column: usize) -> String {
    let mut name = String::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        name.insert(0, char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    name
}

/// Sheet with what tells a workbook of ours from others.
pub(crate) const STAMP_SHEET: &str = "shirube";

/// Sheet with what can be chosen.
pub(crate) const OPTIONS_SHEET: &str = "選択肢";

/// Heading of the column with the ids.
pub(crate) const ID_HEADING: &str = "id（変えない）";

/// Heading of the last column.
pub(crate) const CHECK_HEADING: &str = "照合（変えない）";

/// The form of our workbooks (INTEROP-008). Earlier ones are read as well.
pub(crate) const FORM: u32 = 1;

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(super::column_name(column), name);
        }
    }
}
