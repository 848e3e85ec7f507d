//! Plain tables for terminals and CSV for spreadsheets.

use shirube_documents::content::DataSheet;
use shirube_documents::write;
use unicode_width::UnicodeWidthStr;

/// Columns of text, padded by the width of characters on a terminal.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: Vec<&str>| {
        let last = cells.len().saturating_sub(1);
        let mut text = String::new();
        for (at, cell) in cells.into_iter().enumerate() {
            text.push_str(cell);
            if at < last {
                text.push_str(&" ".repeat(widths[at] - cell.width() + 2));
            }
        }
        text + "\n"
    };
    let mut text = line(heading.to_vec());
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    text.push_str(&line(rules.iter().map(String::as_str).collect()));
    rows.iter().for_each(|row| text.push_str(&line(row.iter().map(String::as_str).collect())));
    text
}

/// CSV as Japanese offices open it, written by the one writer of the workspace.
pub fn csv(heading: &[&str], rows: &[Vec<String>]) -> String {
    let sheet = DataSheet {
        name: String::new(),
        columns: heading.iter().map(|&name| name.to_owned()).collect(),
        rows: rows.iter().map(|row| row.iter().map(|cell| cell.as_str().into()).collect()).collect(),
    };
    String::from_utf8_lossy(&write::csv(&sheet)).into_owned()
}
