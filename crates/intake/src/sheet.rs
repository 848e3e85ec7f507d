//! Rows of an XLSX workbook or a CSV file.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::import::IntakeError;
use crate::lines::{Cell, Line};

/// Whether the bytes are a ZIP, as every XLSX is.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// All sheets of a workbook, one after the other, each beginning a page.
pub fn workbook(bytes: &[u8], name: &str) -> Result<Vec<Line>, IntakeError> {
    let failed = |error: calamine::XlsxError| IntakeError::Sheet { name: name.to_owned(), reason: error.to_string() };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failed)?;
    let mut lines: Vec<Line> = Vec::new();
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).map_err(failed)?;
        let (top, left) = range.start().unwrap_or_default();
        // Rows keep the numbers people see, so a message about row 12 of the first sheet is row 12.
        let first = lines.len();
        for number in 0..top as usize {
            lines.push(Line { number: first + number + 1, new_page: number == 0, cells: Vec::new() });
        }
        for (index, row) in range.rows().enumerate() {
            let cells = row.iter().enumerate();
            let cells = cells.filter_map(|(column, data)| Cell::new(Some(left as usize + column), &shown(data)));
            let number = lines.len() + 1;
            lines.push(Line { number, new_page: index == 0 && top == 0, cells: cells.collect() });
        }
    }
    if lines.iter().all(|line| line.cells.is_empty()) {
        return Err(IntakeError::Empty(name.to_owned()));
    }
    Ok(lines)
}

fn shown(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}

/// The records of a CSV text; a line is a record.
pub fn csv(text: &str) -> Vec<Line> {
    let delimiter = if text.lines().take(5).any(|line| line.contains('\t')) { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut lines: Vec<Line> = Vec::new();
    // The text is UTF-8 and records may have any length, so no record can fail; a failing one would end the file.
    for record in reader.records().map_while(Result::ok) {
        let number = lines.len() + 1;
        let cells = record.iter().enumerate().filter_map(|(column, field)| Cell::new(Some(column), field));
        lines.push(Line { number, new_page: false, cells: cells.collect() });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_keeps_its_row_numbers() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(2, 1, "No.").unwrap();
        sheet.write(3, 1, 4.0).unwrap();
        let lines = workbook(&book.save_to_buffer().unwrap(), "x.xlsx").unwrap();
        let found: Vec<_> = lines.iter().filter(|line| !line.cells.is_empty()).collect();
        assert_eq!(found.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 4]);
        assert_eq!((found[1].cells[0].column, found[1].cells[0].text.as_str()), (Some(1), "4"));
    }

    #[test]
    fn a_broken_workbook_is_named() {
        let error = workbook(b"PK\x03\x04 not really", "x.xlsx").unwrap_err().to_string();
        assert!(error.starts_with("「x.xlsx」を表計算のファイルとして開けません"), "{error}");
    }

    #[test]
    fn csv_cells_keep_line_breaks_and_columns() {
        let lines = csv("No.,内容\r\n①-1,\"一行目\n二行目\"\r\n");
        assert_eq!(lines[1].cells[1].text, "一行目\n二行目");
        assert_eq!(lines[1].cells[1].column, Some(1));
    }
}
