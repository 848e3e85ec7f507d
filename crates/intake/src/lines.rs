//! Lines and cells, whatever separates them, and the account of what became of each line.

use std::borrow::Cow;

use crate::fold;
use crate::import::{LineCount, Unused};

/// A line of the text, or a row of a sheet.
#[derive(Debug, Clone)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// Whether a page ended before it (form feed).
    pub new_page: bool,
    /// Cells that are not empty.
    pub cells: Vec<Cell>,
}

/// One cell with text.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Column from 0, where the separator keeps empty cells.
    pub column: Option<usize>,
    /// As printed, without the white space around it.
    pub text: String,
    /// For matching: compatibility characters replaced.
    pub plain: String,
    /// Whether tags of a converter were taken out.
    pub untagged: bool,
}

impl Cell {
    /// A cell from what stands between two separators; nothing when that is empty.
    pub fn new(column: Option<usize>, raw: &str) -> Option<Self> {
        let clean = without_tags(raw);
        let text = clean.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let untagged = matches!(clean, Cow::Owned(_));
        (!text.is_empty()).then(|| Self { column, text: text.to_owned(), plain: fold::plain(text), untagged })
    }
}

/// Removes `<p>`, `<br/>`, `<ul style="…">`: a converter's, not the ministry's.
pub fn without_tags(raw: &str) -> Cow<'_, str> {
    const NAMES: [&str; 12] = ["p", "br", "ul", "ol", "li", "b", "i", "u", "div", "span", "sup", "sub"];
    let mut out = String::new();
    let mut rest = raw;
    let mut found = false;
    while let Some(open) = rest.find('<') {
        let tag = rest[open..].find('>').map(|length| &rest[open + 1..open + length]);
        let name = tag.map(|tag| {
            let tag = tag.trim_start_matches('/');
            tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase()
        });
        match (tag, name) {
            (Some(tag), Some(name)) if NAMES.contains(&name.as_str()) => {
                found = true;
                out.push_str(&rest[..open]);
                rest = &rest[open + tag.len() + 2..];
            }
            _ => {
                out.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    if !found {
        return Cow::Borrowed(raw);
    }
    out.push_str(rest);
    Cow::Owned(out.trim().to_owned())
}

/// Cuts a text into lines and cells.
pub fn split(text: &str) -> Vec<Line> {
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let lines = unified.split('\n').enumerate().map(|(index, raw)| {
        let new_page = raw.contains('\u{c}');
        let raw = raw.replace(['\u{c}', '\u{200b}', '\u{ad}'], "").replace('\u{a0}', " ");
        Line { number: index + 1, new_page, cells: cells(&raw) }
    });
    lines.collect()
}

fn cells(raw: &str) -> Vec<Cell> {
    let indexed = |parts: Vec<&str>| -> Vec<Cell> {
        parts.iter().enumerate().filter_map(|(column, part)| Cell::new(Some(column), part)).collect()
    };
    if raw.contains('\t') {
        return indexed(raw.split('\t').collect());
    }
    let trimmed = raw.trim();
    if trimmed.starts_with('|') && trimmed.ends_with('|') && trimmed.len() > 1 {
        return indexed(trimmed[1..trimmed.len() - 1].split('|').collect());
    }
    // Two spaces part columns; where a converter kept the layout there are many more.
    let parts = trimmed.replace('\u{3000}', "  ");
    parts.split("  ").filter_map(|part| Cell::new(None, part)).collect()
}

/// What became of each line. A line that nothing claims is listed as not understood.
#[derive(Debug)]
pub struct Ledger {
    fates: Vec<Fate>,
    begins: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Empty,
    Open,
    Used,
    Unused(&'static str),
}

const NOT_UNDERSTOOD: &str = "どの項目の何に当たるかが分からない行";

impl Ledger {
    /// The account of these lines, all open.
    pub fn new(lines: &[Line]) -> Self {
        let fates = lines.iter().map(|line| if line.cells.is_empty() { Fate::Empty } else { Fate::Open });
        let begins = lines.iter().map(|line| {
            let text: String = line.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ");
            text.chars().take(24).collect()
        });
        Self { fates: fates.collect(), begins: begins.collect() }
    }

    /// The line gave something.
    pub fn used(&mut self, number: usize) {
        if let Some(fate) = self.fates.get_mut(number - 1) {
            *fate = Fate::Used;
        }
    }

    /// The line gave nothing, for this reason; what was used before stays used.
    pub fn unused(&mut self, number: usize, reason: &'static str) {
        if let Some(fate @ Fate::Open) = self.fates.get_mut(number - 1) {
            *fate = Fate::Unused(reason);
        }
    }

    /// The counts, and the unused lines in ranges of one reason.
    pub fn close(self) -> (LineCount, Vec<Unused>) {
        let mut count = LineCount { total: self.fates.len(), ..LineCount::default() };
        let mut unused: Vec<Unused> = Vec::new();
        let mut joins = false;
        for (index, fate) in self.fates.iter().enumerate() {
            let reason = match fate {
                Fate::Empty => {
                    count.empty += 1;
                    continue;
                }
                Fate::Used => {
                    count.used += 1;
                    joins = false;
                    continue;
                }
                Fate::Open => NOT_UNDERSTOOD,
                Fate::Unused(reason) => reason,
            };
            count.unused += 1;
            match unused.last_mut() {
                Some(last) if joins && last.reason == reason => {
                    last.to = index + 1;
                    last.lines += 1;
                }
                _ => unused.push(Unused {
                    from: index + 1,
                    to: index + 1,
                    lines: 1,
                    reason: reason.to_owned(),
                    begins: self.begins[index].clone(),
                }),
            }
            joins = true;
        }
        (count, unused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(raw: &str) -> Vec<(Option<usize>, String)> {
        cells(raw).into_iter().map(|cell| (cell.column, cell.text)).collect()
    }

    #[test]
    fn tabs_bars_and_wide_gaps_part_cells() {
        assert_eq!(texts("\t①-1\t \tあ い"), [(Some(1), "①-1".into()), (Some(3), "あ い".into())]);
        assert_eq!(texts("| ①-1 | | あ |"), [(Some(0), "①-1".into()), (Some(2), "あ".into())]);
        assert_eq!(texts("   ①-1    あ い　　う"), [(None, "①-1".into()), (None, "あ い".into()), (None, "う".into())]);
    }

    #[test]
    fn tags_of_a_converter_go_and_less_than_stays() {
        assert_eq!(without_tags("a<ul style=\"x: y\"> b</p>"), "a b");
        assert_eq!(without_tags("a < b > c"), "a < b > c");
    }

    #[test]
    fn every_line_ends_up_somewhere() {
        let lines = split("見出し\n\n①-1\tあ\u{c}\nい\nう\n");
        let mut ledger = Ledger::new(&lines);
        ledger.unused(1, "前書き");
        ledger.used(3);
        let (count, unused) = ledger.close();
        assert_eq!(count, LineCount { total: 6, empty: 2, used: 1, unused: 3 });
        assert_eq!(unused.iter().map(|u| (u.from, u.to, u.lines)).collect::<Vec<_>>(), [(1, 1, 1), (4, 5, 2)]);
        assert_eq!(unused[1].reason, NOT_UNDERSTOOD);
    }
}
