//! How wide text is and how many lines it takes, by the widths of the font.
//!
//! Spreadsheets do not grow a row to its text when they print a file nobody has opened, so the writer
//! must know the height beforehand.

use super::keep;
use crate::content::{Cell, Column, Form, Letters, Look, Placed, Table, place};
use crate::fonts::advance;

/// Left and right padding of a cell together, in points.
pub const PADDING: f64 = 7.0;

/// Stands in a table without rows, so that nobody takes it for a page that was lost.
pub const EMPTY_TABLE: &str = "（記載する項目はありません）";

/// Letters in a table, in points: wide tables are dense, narrow ones can afford the larger letters.
pub fn font_size(table: &Table, letters: Letters) -> f64 {
    match (letters, table.columns.len()) {
        (Letters::Large, _) => 12.0,
        (Letters::Normal, 0..=4) => 9.0,
        (Letters::Normal, 5..=7) => 8.5,
        (Letters::Normal, _) => 8.0,
    }
}

/// Sizes of letters in points, and the air between lines of text in em.
pub struct Sizes {
    pub text: f64,
    pub leading: f64,
    pub title: f64,
    pub heading: f64,
    pub caption: f64,
}

impl Sizes {
    pub fn of(look: &Look) -> Self {
        let text = look.letters.text();
        match (look.form, look.letters) {
            (_, Letters::Large) => Self { text, leading: 0.45, title: 16.5, heading: 15.5, caption: 12.5 },
            (Form::Sheet, _) => Self { text, leading: 0.5, title: 17.0, heading: 12.0, caption: 9.5 },
            (Form::Letter, _) => Self { text, leading: 0.7, title: 17.0, heading: 14.0, caption: 10.0 },
            (Form::Report, _) if look.is_municipal => {
                Self { text: 11.0, leading: 0.59, title: 17.0, heading: 13.0, caption: 9.5 }
            }
            (Form::Report, _) => Self { text, leading: 0.62, title: 17.0, heading: 13.0, caption: 9.5 },
        }
    }
}

/// Widths of columns that share `total`.
pub fn shares(columns: &[Column], total: f64) -> Vec<f64> {
    let sum: f64 = columns.iter().map(|column| column.width).sum();
    if sum <= 0.0 {
        return vec![total / columns.len().max(1) as f64; columns.len()];
    }
    columns.iter().map(|column| total * column.width / sum).collect()
}

/// Widest heading or number that a column is widened for, in em.
const UNBROKEN_MAX: f64 = 6.6;
/// Bold letters are a little wider than those that are measured.
const BOLD: f64 = 1.04;

/// Widths of a table's columns that share `total`, all in the unit of `size` and `padding`.
///
/// Headings such as リスクレベル and cells that hold nothing but a number or a name stand in one line: what their
/// columns lack is taken from the others.
pub fn columns(table: &Table, total: f64, size: f64, padding: f64) -> Vec<f64> {
    let mut widths = shares(&table.columns, total);
    let mut least = vec![0.0_f64; widths.len()];
    let heads = place(&table.head, widths.len()).into_iter().map(|placed| (placed, true));
    let bodies = place(&table.rows, widths.len()).into_iter().map(|placed| (placed, false));
    for (placed, is_head) in heads.chain(bodies).filter(|(placed, _)| placed.cell.col_span == 1) {
        for line in placed.cell.text.split('\n').filter(|line| is_head || keep::is_one(line)) {
            let em = width(line) * BOLD;
            if em <= UNBROKEN_MAX {
                least[placed.column] = least[placed.column].max(em * size + padding + 0.5);
            }
        }
    }
    if least.iter().sum::<f64>() >= total {
        return widths;
    }
    let lacking: f64 = widths.iter().zip(&least).map(|(width, least)| (least - width).max(0.0)).sum();
    let spare: f64 = widths.iter().zip(&least).map(|(width, least)| (width - least).max(0.0)).sum();
    for (width, least) in widths.iter_mut().zip(&least) {
        let over = (*width - least).max(0.0);
        *width = width.max(*least) - if spare > 0.0 { lacking * over / spare } else { 0.0 };
    }
    widths
}

/// Room for text in a cell, in the unit of the widths, which must be points.
pub fn inner(placed: &Placed, widths: &[f64]) -> f64 {
    widths[placed.column..placed.column + placed.cell.col_span].iter().sum::<f64>() - PADDING
}

/// Width of a text set in one line, in em.
pub fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

/// Number of lines a text takes in a column `column` em wide; at least 1.
pub fn lines(text: &str, column: f64) -> usize {
    text.split('\n').map(|paragraph| paragraph_lines(paragraph, column.max(1.0))).sum()
}

fn paragraph_lines(paragraph: &str, column: f64) -> usize {
    let mut line = Line { lines: 1, used: 0.0, column };
    let mut piece = Piece { start: 0, width: 0.0, solid: 0.0 };
    let mut before = None;
    for (index, character) in paragraph.char_indices() {
        if before.is_some_and(|before| may_break(before, character)) {
            line.set(&paragraph[piece.start..index], &piece);
            piece = Piece { start: index, width: 0.0, solid: 0.0 };
        }
        piece.width += advance(character);
        if character != ' ' {
            piece.solid = piece.width;
        }
        before = Some(character);
    }
    line.set(&paragraph[piece.start..], &piece);
    line.lines
}

/// What stands between two places where a line may end.
struct Piece {
    start: usize,
    width: f64,
    /// Width without the spaces at the end, which may hang over.
    solid: f64,
}

/// The line being filled.
struct Line {
    lines: usize,
    used: f64,
    column: f64,
}

impl Line {
    fn set(&mut self, text: &str, piece: &Piece) {
        if self.used + piece.solid <= self.column {
            self.used += piece.width;
        } else if piece.width <= self.column {
            self.lines += 1;
            self.used = piece.width;
        } else {
            // Longer than a line: broken anywhere, as office programs do.
            for character in text.chars() {
                if self.used + advance(character) > self.column {
                    self.lines += 1;
                    self.used = 0.0;
                }
                self.used += advance(character);
            }
        }
    }
}

/// A line may end between Japanese characters and after spaces, but not before closing and not after opening
/// punctuation.
fn may_break(before: char, after: char) -> bool {
    if after == ' ' || is_closing(after) || is_opening(before) {
        return false;
    }
    before == ' ' || !is_word(before) || !is_word(after)
}

/// Part of a Latin word or number, which is kept in one piece.
fn is_word(character: char) -> bool {
    (character as u32) < 0x2E80 && !character.is_whitespace()
}

#[rustfmt::skip]
fn is_closing(character: char) -> bool {
    matches!(character,
        '、' | '。' | '，' | '．' | '・' | '：' | '；' | '？' | '！' | 'ー' | '」' | '』' | '）' | '］' | '｝' | '〕' | '〉'
        | '》' | '】' | '〙' | '〗' | '’' | '”' | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ァ'
        | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' | 'ヵ' | 'ヶ' | '々' | '〻'
        | ',' | '.' | ':' | ';' | '?' | '!' | ')' | ']' | '}')
}

#[rustfmt::skip]
fn is_opening(character: char) -> bool {
    matches!(character,
        '「' | '『' | '（' | '［' | '｛' | '〔' | '〈' | '《' | '【' | '〘' | '〖' | '‘' | '“' | '(' | '[' | '{')
}

/// Lines each row needs at a font size when its columns are `widths` wide (same unit as the size). What a
/// cell over several rows needs beyond them is spread over them.
pub fn row_lines(rows: &[Vec<Cell>], widths: &[f64], size: f64) -> Vec<usize> {
    let mut needed = vec![1; rows.len()];
    let mut spans = Vec::new();
    for placed in place(rows, widths.len()) {
        let cell = placed.cell;
        let lines = lines(&cell.text, inner(&placed, widths) / size);
        if cell.row_span == 1 {
            needed[placed.row] = needed[placed.row].max(lines);
        } else {
            spans.push((placed.row, (placed.row + cell.row_span).min(rows.len()), lines));
        }
    }
    // Short spans first, so that a long one sees what they have already added.
    spans.sort_by_key(|(first, end, _)| (end - first, *first));
    for (first, end, lines) in spans {
        let have: usize = needed[first..end].iter().sum();
        if have < lines && first < end {
            spread(&mut needed[first..end], lines - have);
        }
    }
    needed
}

/// Rows estimated up to this many lines stay in one piece; a longer one may break, or a page would stay
/// half empty.
const WHOLE_ROW_LINES: usize = 12;
/// Rows joined by a merged cell are divided into groups of about so many lines, which stay together.
pub const WHOLE_GROUP_LINES: usize = 12;

/// What the last piece of a divided group may have more than that.
const GROUP_REST: usize = 5;

/// Whether the rows a cell covers stay on one page; `lines` are those of its row and the rows after it.
pub fn is_whole(cell: &Cell, lines: &[usize]) -> bool {
    let covered = &lines[..cell.row_span.min(lines.len())];
    covered.iter().sum::<usize>() <= if cell.row_span == 1 { WHOLE_ROW_LINES } else { WHOLE_GROUP_LINES + GROUP_REST }
}

/// Adds missing lines to rows as evenly as possible.
fn spread(rows: &mut [usize], missing: usize) {
    let count = rows.len();
    for (index, row) in rows.iter_mut().enumerate() {
        *row += missing / count + usize::from(index >= count - missing % count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Align;

    fn check(text: &str, column: f64, expected: usize) {
        assert_eq!(lines(text, column), expected, "{text} in {column} em");
    }

    #[test]
    fn lines_follow_the_width() {
        check("", 10.0, 1);
        check("漢字漢字漢字漢字漢字", 10.0, 1);
        check("漢字漢字漢字漢字漢字漢", 10.0, 2);
        check("一行目\n二行目\n", 10.0, 3);
        check("保守 Remote maintenance 端末", 8.0, 3);
        check("https://example.jp/a/very/long/path", 5.0, 5);
    }

    #[test]
    fn punctuation_does_not_start_a_line() {
        // The full stop takes its character with it to the next line.
        check("漢字漢字漢字漢字漢字。", 10.0, 2);
        let breaks = |text: &str| -> String {
            let after = text.chars().skip(1).chain([' ']);
            text.chars()
                .zip(after)
                .flat_map(|(c, next)| [Some(c), may_break(c, next).then_some('|')])
                .flatten()
                .collect()
        };
        assert_eq!(breaks("機器「甲」、乙。VPN接続"), "機|器|「甲」、|乙。|VPN|接|続");
    }

    #[test]
    fn a_cell_over_rows_spreads_what_it_needs() {
        let rows = vec![
            vec![Cell::new("漢字漢字漢字漢字").rows(2), Cell::new("一")],
            vec![Cell::new("二")],
            vec![Cell::new("三"), Cell::new("四")],
        ];
        let widths = [PADDING + 20.0, 100.0];
        assert_eq!(row_lines(&rows, &widths, 10.0), [2, 2, 1]);
    }

    #[test]
    fn columns_share_the_width() {
        let columns = [1.0, 3.0].map(|width| Column { width, align: Align::Left });
        assert_eq!(shares(&columns, 100.0), [25.0, 75.0]);
    }
}
