//! A page of 付表 whose columns a converter has mixed: titles are known word for word, the rest is told by likeness
//! and by how wide its column is.

use super::{Draft, Found, is_heading};
use crate::fold::{self, Pairs, join};
use crate::known::Entry;
use crate::lines::{Ledger, Line};
use crate::page::Title;

/// The most that a page with mixed columns can reach.
const MIXED: u8 = 80;
/// Lines of the sample column are longer than this, those of the two columns before it never.
const WIDE: usize = 24;
/// A line of a narrow column that is this long was broken by its width and goes on.
const FULL: usize = 14;

/// A cell that got nothing for so many lines does not go on.
const STALE: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Technical,
    Operational,
    Sample,
}

const COLUMNS: [Column; 3] = [Column::Technical, Column::Operational, Column::Sample];

/// A cell that may go on: item, column, length of its last line.
#[derive(Debug, Clone, Copy)]
struct Open {
    known: usize,
    column: Column,
    last: usize,
    /// Where in the order of lines it was last written to.
    turn: usize,
}

struct Reader<'a> {
    known: &'a [&'a Entry],
    drafts: Vec<Option<Draft>>,
    titles: Vec<Title<usize>>,
    open: Vec<Open>,
    /// The item whose title was printed last.
    current: Option<usize>,
    turn: usize,
    unplaced: Vec<(usize, String)>,
}

/// Reads pages, each beginning with its headings.
pub fn read(lines: &[Line], known: &[&Entry], ledger: &mut Ledger) -> Found {
    let mut found = Found::default();
    let mut reader: Option<Reader> = None;
    let mut in_heading = false;
    for line in lines.iter().filter(|line| !line.cells.is_empty()) {
        let heading = line.cells.iter().all(|cell| is_heading(&cell.plain));
        if heading {
            ledger.unused(line.number, "表の見出し");
            if !std::mem::replace(&mut in_heading, true) {
                finish(reader.replace(Reader::new(known)), &mut found);
            }
            continue;
        }
        in_heading = false;
        let Some(reader) = &mut reader else {
            ledger.unused(line.number, "表より前の本文");
            continue;
        };
        if let [cell] = line.cells.as_slice()
            && is_page_number(&cell.plain)
        {
            ledger.unused(line.number, "頁番号");
            continue;
        }
        ledger.used(line.number);
        for cell in &line.cells {
            for piece in points(&cell.text) {
                reader.take(line.number, piece);
            }
        }
    }
    finish(reader, &mut found);
    found
}

fn finish(reader: Option<Reader>, found: &mut Found) {
    if let Some(reader) = reader {
        found.drafts.extend(reader.drafts.into_iter().flatten());
        found.unplaced.extend(reader.unplaced);
    }
}

fn is_page_number(plain: &str) -> bool {
    let bare = plain.trim().trim_matches(['-', ' ']);
    bare.len() <= 3 && !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit())
}

/// 「・」 inside a line begins the cell of the next column.
fn points(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(" ・") {
        pieces.push(&rest[..at]);
        rest = &rest[at + 1..];
    }
    pieces.push(rest);
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

impl<'a> Reader<'a> {
    fn new(known: &'a [&'a Entry]) -> Self {
        Self {
            known,
            drafts: known.iter().map(|_| None).collect(),
            titles: Vec::new(),
            open: Vec::new(),
            current: None,
            turn: 0,
            unplaced: Vec::new(),
        }
    }

    fn take(&mut self, line: usize, text: &str) {
        self.turn += 1;
        let plain = fold::plain(text);
        let point = plain.starts_with('・');
        if !point && self.title(line, &plain) {
            return;
        }
        if matches!(plain.trim(), "A" | "B" | "C") {
            self.target(line, plain.trim());
            return;
        }
        let number = plain.chars().count() == 1 && plain.starts_with(|c| ('①'..='⑳').contains(&c));
        let chapter = self.known.iter().any(|entry| fold::key(&entry.chapter_title) == fold::key(&plain));
        if number || chapter {
            return;
        }
        let place = if point { self.begins(&plain) } else { self.goes_on(&plain) };
        match place {
            Some((known, column, doubtful)) => self.put(line, text, known, column, doubtful),
            None => self.unplaced.push((line, text.to_owned())),
        }
    }

    /// Pieces of titles fit on exactly.
    fn title(&mut self, line: usize, plain: &str) -> bool {
        if let Some(title) = self.titles.iter_mut().rev().find_map(|title| title.takes(plain).then_some(&*title)) {
            self.current = Some(title.of);
            self.titles.retain(|title| !title.is_complete());
            return true;
        }
        if fold::key(plain).chars().count() < 4 {
            return false;
        }
        let unread = (0..self.known.len()).filter(|at| {
            self.drafts[*at].is_none() || self.drafts[*at].as_ref().is_some_and(|draft| draft.title.is_empty())
        });
        let begun = unread
            .filter(|at| !self.known[*at].title.is_empty())
            .find_map(|at| Title::begin(at, &self.known[at].title, plain));
        let Some(title) = begun else { return false };
        let at = title.of;
        self.current = Some(at);
        let text = self.known[at].title.clone();
        self.draft(at, line).title = text;
        if !title.is_complete() {
            self.titles.push(title);
        }
        true
    }

    fn target(&mut self, line: usize, letter: &str) {
        let Some(at) = self.current else {
            self.unplaced.push((line, letter.to_owned()));
            return;
        };
        let draft = self.draft(at, line);
        if draft.rule.target.is_empty() {
            letter.clone_into(&mut draft.rule.target);
            return;
        }
        // Its own title comes after it.
        self.unplaced.push((line, format!("対象の{letter}")));
    }

    fn draft(&mut self, at: usize, line: usize) -> &mut Draft {
        let entry = self.known[at];
        self.drafts[at].get_or_insert_with(|| Draft {
            known: Some(at),
            chapter: entry.chapter_title.clone(),
            line,
            confidence: MIXED,
            repairs: vec!["列が混ざった頁から、題と文の内容で組み直しました".to_owned()],
            ..Draft::default()
        })
    }

    fn wording(&self, at: usize, column: Column) -> &Pairs {
        let entry = self.known[at];
        match column {
            Column::Technical => &entry.technical.whole,
            Column::Operational => &entry.operational.whole,
            Column::Sample => &entry.sample.whole,
        }
    }

    /// A point begins in the cell that it reads like, near the title printed last.
    fn begins(&self, plain: &str) -> Option<(usize, Column, bool)> {
        let pairs = Pairs::of(plain);
        let wide = plain.chars().count() > WIDE;
        let mut scores: Vec<(f32, usize, Column)> = Vec::new();
        for at in 0..self.known.len() {
            let distance = self.current.map_or(0, |current| current.abs_diff(at)) as f32;
            // A first line tells by its length which kind of column it is of.
            for column in COLUMNS.into_iter().filter(|column| (*column == Column::Sample) == wide) {
                // Cells fill from left to right.
                let begun = if self.text(at, column).is_empty() { 0.0 } else { 0.1 };
                let score = pairs.covered_by(self.wording(at, column)) - distance.min(6.0) * 0.06 - begun;
                scores.push((score, at, column));
            }
        }
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = scores.first().filter(|best| best.0 >= 0.08)?;
        let doubtful = scores.get(1).is_some_and(|second| best.0 - second.0 < 0.08);
        Some((best.1, best.2, doubtful))
    }

    /// Anything else goes on where a cell was cut by the width of its column.
    fn goes_on(&self, plain: &str) -> Option<(usize, Column, bool)> {
        let pairs = Pairs::of(plain);
        let length = plain.chars().count();
        let mut scores: Vec<(f32, Open)> = Vec::new();
        for open in &self.open {
            let sample = open.column == Column::Sample;
            if length > WIDE && !sample || self.turn - open.turn > STALE {
                continue;
            }
            let text = self.text(open.known, open.column);
            let share = if pairs.is_empty() { 0.0 } else { pairs.covered_by(self.wording(open.known, open.column)) };
            let full = open.last >= if sample { WIDE } else { FULL };
            let pair = (text.chars().next_back(), plain.chars().next());
            // 「…すること。」 is how most of these sentences end.
            let ends = matches!(pair, (Some('こ'), Some('と'))) as u8 as f32;
            let recent = 1.0 / (1.0 + (self.turn - open.turn) as f32);
            let closed = text.ends_with('。') as u8 as f32;
            // A line of middling length fills a narrow column; in the wide one it could only be the last.
            let width = if sample && length >= FULL && !plain.ends_with('。') { -0.25 } else { 0.0 };
            let goes_on = if full { 0.1 } else { -0.4 };
            let score = share + ends * 0.4 + recent * 0.3 + goes_on + width - closed * 0.5;
            scores.push((score, *open));
        }
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (best, open) = scores.first()?;
        // Where two cells could go on, their lines stand mixed and each may hold some of the other's.
        let doubtful = scores.get(1).is_some_and(|(second, _)| best - second < 0.3);
        (*best > 0.0).then_some((open.known, open.column, doubtful))
    }

    fn text(&self, at: usize, column: Column) -> &str {
        let rule = self.drafts[at].as_ref().map(|draft| &draft.rule);
        rule.map_or("", |rule| match column {
            Column::Technical => &rule.technical,
            Column::Operational => &rule.operational,
            Column::Sample => &rule.sample,
        })
    }

    fn put(&mut self, line: usize, text: &str, at: usize, column: Column, doubtful: bool) {
        let draft = self.draft(at, line);
        let into = match column {
            Column::Technical => &mut draft.rule.technical,
            Column::Operational => &mut draft.rule.operational,
            Column::Sample => &mut draft.rule.sample,
        };
        join(into, text);
        if doubtful {
            draft.confidence = draft.confidence.min(60);
            draft.doubts.push(format!("「{text}」がどの欄のものか確かではありません"));
        }
        let (turn, last) = (self.turn, text.chars().count());
        match self.open.iter_mut().find(|open| open.known == at && open.column == column) {
            Some(open) => (open.last, open.turn) = (last, turn),
            None => self.open.push(Open { known: at, column, last, turn }),
        }
    }
}
