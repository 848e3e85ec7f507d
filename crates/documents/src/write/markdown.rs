//! GitHub flavoured Markdown: for reading and comparing in a repository.
//!
//! Markdown tables know no merged cells, so a merged cell is repeated in every row and column it covers.

use std::fmt::Write;

use super::facts;
use crate::content::{Align, Block, Cell, Document, Mark, Status, Table, place};
use crate::fonts::clean;
use crate::write::measure::EMPTY_TABLE;

/// Writes a document as Markdown.
pub fn write(document: &Document) -> String {
    let meta = &document.meta;
    let mut out = String::new();
    let draft = if meta.status == Status::Draft { "【案】" } else { "" };
    line(&mut out, &format!("# {draft}{}", escape(&document.title)));
    if !meta.service.is_empty() {
        line(&mut out, &escape(&meta.service));
    }
    let mut stated: Vec<(&str, &str)> = facts(document);
    if !meta.source.is_empty() {
        stated.push(("元データ", &meta.source));
    }
    pairs(&mut out, ["項目", "内容"], stated);
    for notice in &document.notices {
        line(&mut out, &format!("> {}", escape(notice)));
    }
    pairs(&mut out, ["概要", ""], document.summary.iter().map(|(label, value)| (label.as_str(), value.as_str())));
    for block in &document.blocks {
        add_block(&mut out, block);
    }
    history(&mut out, document);
    out
}

fn add_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading { level, text } => {
            let marks = "#".repeat(usize::from(*level).clamp(1, 5) + 1);
            line(out, &format!("{marks} {}", escape(text)));
        }
        // It knows no alignment.
        Block::Paragraph(text) | Block::Aligned { text, .. } => line(out, &escape(text)),
        Block::Numbered { label, text, .. } => line(out, &escape(&format!("{label}　{text}"))),
        // Readers of Markdown make their own.
        Block::Contents => {}
        Block::List(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("- {}", escape(item))).collect();
            line(out, &items.join("\n"));
        }
        Block::Table(table) => add_table(out, table),
        Block::Figure(figure) => {
            let alt = if figure.alt.is_empty() { &figure.caption } else { &figure.alt };
            line(out, &format!("**図 {}** {}", escape(&figure.caption), escape(alt)));
        }
        Block::PageBreak => line(out, "---"),
    }
}

fn add_table(out: &mut String, table: &Table) {
    if !table.caption.is_empty() {
        line(out, &format!("**{}**", escape(&table.caption)));
    }
    let columns = table.columns.len();
    let head = flat(&table.head, columns);
    // One heading line is all there is: the levels of a heading are joined.
    let names = (0..columns).map(|column| {
        let mut levels: Vec<&str> =
            head.iter().map(|row| row[column].as_str()).filter(|text| !text.is_empty()).collect();
        levels.dedup();
        levels.join(" / ")
    });
    row(out, names);
    row(
        out,
        table.columns.iter().map(|column| {
            match column.align {
                Align::Left => "---",
                Align::Center => ":-:",
                Align::Right => "--:",
            }
            .to_owned()
        }),
    );
    for cells in flat(&table.rows, columns) {
        row(out, cells.into_iter());
    }
    if table.rows.is_empty() {
        row(out, (0..columns).map(|column| if column == 0 { EMPTY_TABLE.to_owned() } else { String::new() }));
    }
    out.push('\n');
}

/// The grid of a table with merged cells repeated.
fn flat(rows: &[Vec<Cell>], columns: usize) -> Vec<Vec<String>> {
    let mut grid = vec![vec![String::new(); columns]; rows.len()];
    for placed in place(rows, columns) {
        let text = match placed.cell.mark {
            Mark::Rank(_) | Mark::Field(_) | Mark::Group | Mark::Finding if !placed.cell.text.is_empty() => {
                format!("**{}**", escape(&placed.cell.text))
            }
            _ => escape(&placed.cell.text),
        };
        let last = (placed.row + placed.cell.row_span).min(rows.len());
        for row in &mut grid[placed.row..last] {
            row[placed.column..placed.column + placed.cell.col_span].fill(text.clone());
        }
    }
    grid
}

fn history(out: &mut String, document: &Document) {
    let history = &document.meta.history;
    if history.is_empty() {
        return;
    }
    line(out, "## 改訂履歴");
    row(out, ["版", "日付", "変更の内容", "作成", "承認"].map(str::to_owned).into_iter());
    row(out, std::iter::repeat_n("---".to_owned(), 5));
    for revision in history {
        let parts = [&revision.edition, &revision.date, &revision.change, &revision.author, &revision.approver];
        row(out, parts.map(|part| escape(part)).into_iter());
    }
}

fn pairs<'a>(out: &mut String, head: [&str; 2], pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut pairs = pairs.into_iter().peekable();
    if pairs.peek().is_none() {
        return;
    }
    row(out, head.map(str::to_owned).into_iter());
    row(out, std::iter::repeat_n("---".to_owned(), 2));
    for (label, value) in pairs {
        row(out, [escape(label), escape(value)].into_iter());
    }
    out.push('\n');
}

fn row(out: &mut String, cells: impl Iterator<Item = String>) {
    out.push('|');
    for cell in cells {
        write!(out, " {cell} |").expect("memory takes every text");
    }
    out.push('\n');
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str("\n\n");
}

/// The text with everything Markdown or HTML would read as markup made harmless.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let text = clean(text);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            escaped.push_str("<br>");
        }
        let mut start = true;
        for character in line.chars() {
            match character {
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '&' => escaped.push_str("&amp;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => escaped.extend(['\\', character]),
                // Only at the start of a line do these make lists and headings.
                '#' | '+' | '-' | '=' if start => escaped.extend(['\\', character]),
                // `1.` would open a numbered list.
                '.' | ')' if escaped.ends_with(|c: char| c.is_ascii_digit()) => escaped.extend(['\\', character]),
                other => escaped.push(other),
            }
            start &= character == ' ';
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Column;

    #[test]
    fn texts_stay_texts() {
        assert_eq!(escape("a|b*c_<script>"), "a\\|b\\*c\\_&lt;script&gt;");
        assert_eq!(escape("- 一つ\n# 二つ"), "\\- 一つ<br>\\# 二つ");
        assert_eq!(escape("1. 三つ"), "1\\. 三つ");
    }

    #[test]
    fn merged_cells_are_repeated_and_heading_levels_joined() {
        let table = Table {
            caption: "表".into(),
            columns: vec![Column { width: 1.0, align: Align::Left }; 3],
            head: vec![
                vec![Cell::new("番号").rows(2), Cell::new("リスク").cols(2)],
                vec![Cell::new("影響"), Cell::new("レベル")],
            ],
            rows: vec![
                vec![Cell::new("1").rows(2), Cell::new("大"), Cell::new("A").mark(Mark::Rank('A'))],
                vec![Cell::new("a|b"), Cell::new("B")],
            ],
        };
        let mut out = String::new();
        add_table(&mut out, &table);
        assert_eq!(
            out,
            "**表**\n\n| 番号 | リスク / 影響 | リスク / レベル |\n| --- | --- | --- |\n\
             | 1 | 大 | **A** |\n| 1 | a\\|b | B |\n\n"
        );
    }
}
