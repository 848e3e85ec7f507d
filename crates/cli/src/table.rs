//! Plain tables for terminals and CSV for spreadsheets.

use shirube_documents::content::DataSheet;
use shirube_documents::write;
use unicode_width::UnicodeWidthStr;

/// Columns of text, padded by the width of characters on a terminal.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<Measured> = heading.iter().map(|cell| measured(cell)).collect();
    let rows: Vec<Vec<Measured>> = rows.iter().map(|row| row.iter().map(|cell| measured(cell)).collect()).collect();
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.1).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.1);
        }
    }
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let rules: Vec<Measured> = rules.iter().map(|rule| (rule.as_str(), rule.len())).collect();
    let blank = " ".repeat(widths.iter().copied().max().unwrap_or_default() + 2);
    let mut text = String::new();
    for cells in [&heading, &rules].into_iter().chain(&rows) {
        for (at, (cell, width)) in cells.iter().enumerate() {
            text.push_str(cell);
            if at + 1 < cells.len() {
                text.push_str(&blank[..widths[at] - width + 2]);
            }
        }
        text.push('\n');
    }
    text
}

/// A text with the columns it takes on a terminal.
type Measured<'a> = (&'a str, usize);

fn measured(text: &str) -> Measured<'_> {
    let plain: Option<usize> = text.chars().map(plain_width).sum();
    (text, plain.unwrap_or_else(|| text.width()))
}

/// Columns of the characters nearly all texts consist of, each as wide among others as by itself. To ask the tables of
/// Unicode for each would take several times as long.
fn plain_width(character: char) -> Option<usize> {
    match character {
        ' '..='~' | '①'..='⑳' => Some(1),
        'ぁ'..='ゖ' | 'ァ'..='ー' | '、'..='】' | '一'..='鿿' | '！'..='～' => Some(2),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthChar;

    use super::*;

    #[test]
    fn plain_characters_are_as_wide_as_unicode_says() {
        for character in '\0'..=char::MAX {
            if let Some(width) = plain_width(character) {
                assert_eq!(Some(width), character.width(), "{character:?}");
            }
        }
        for text in ["", "3.4①-14 対策（要旨）", "が", "か\u{3099}", "1\u{fe0f}\u{20e3}", "ﾊﾟｽ → ワード", "改\n行"]
        {
            assert_eq!(measured(text).1, text.width(), "{text:?}");
        }
    }
}
