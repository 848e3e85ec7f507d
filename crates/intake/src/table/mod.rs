//! 別紙2 as rows: from lines of cells to items.

mod assemble;
mod cite;
mod draft;
mod finish;
pub mod furniture;
mod identify;
mod inherit;
mod peel;
mod scenarios;
pub mod token;

pub use finish::circled;

use crate::fold::Pairs;
use crate::import::{Form, Import};
use crate::known::Known;
use crate::lines::{Ledger, Line};
use assemble::Assembler;
use draft::{Habits, Read};
use token::{Digits, Token};

/// Reads the table among these lines.
pub fn read(lines: &[Line], edition: &str, known: &Known) -> Import {
    let digits = digits(lines);
    let mut ledger = Ledger::new(lines);
    let furniture = furniture::reasons(lines, digits);
    let (start, rows) = region(lines, &furniture, digits);
    for (index, line) in lines.iter().enumerate() {
        if let Some(reason) = furniture[index] {
            ledger.unused(line.number, reason);
        } else if index < start {
            ledger.unused(line.number, "表より前の本文");
        }
    }
    let is_scenario = |text: &str| {
        let pairs = Pairs::of(text);
        known.scenarios.iter().any(|(_, scenario)| pairs.likeness(scenario) > 0.5)
    };
    let mut assembler = Assembler::new(Habits { rows, is_scenario: &is_scenario });
    let tokens: Vec<Vec<Read>> = lines
        .iter()
        .zip(&furniture)
        .enumerate()
        .map(
            |(index, (line, reason))| if index < start || reason.is_some() { Vec::new() } else { tokens(line, digits) },
        )
        .collect();
    for (line, _) in lines.iter().zip(&tokens).filter(|(_, reads)| !reads.is_empty()) {
        ledger.used(line.number);
    }
    assemble(&mut assembler, lines, tokens, &furniture, start);
    for draft in &mut assembler.drafts {
        draft.tidy(digits);
    }
    finish::items(assembler, edition, known, ledger, Form::ControlTable)
}

fn assemble(
    assembler: &mut Assembler,
    lines: &[Line],
    tokens: Vec<Vec<Read>>,
    furniture: &[Option<&'static str>],
    start: usize,
) {
    let columns: Vec<Option<usize>> =
        (0..lines.len()).map(|index| section_column(lines, &tokens, furniture, index)).collect();
    let mut in_page = false;
    for (index, reads) in tokens.into_iter().enumerate().skip(start) {
        if furniture[index].is_some() || lines[index].new_page {
            in_page = false;
        }
        if lines[index].cells.is_empty() {
            assembler.gap();
        }
        if !reads.is_empty() {
            if !in_page {
                assembler.page(columns[index]);
                in_page = true;
            }
            assembler.line(lines[index].number, reads);
        }
    }
}

fn tokens(line: &Line, digits: Digits) -> Vec<Read> {
    let read = |cell: crate::lines::Cell| Read { token: token::of(&cell.plain, digits), cell };
    peel::peel(line, digits).into_iter().map(read).collect()
}

/// Whether ids are written ①-1 or, after a careless conversion, 1-1.
pub fn digits(lines: &[Line]) -> Digits {
    let circled = lines.iter().flat_map(|line| &line.cells).any(|cell| {
        cell.plain.split_whitespace().next().is_some_and(|word| token::id(word, Digits::Circled).is_some())
    });
    if circled { Digits::Circled } else { Digits::Flat }
}

/// Whether these lines hold a 別紙2, and whether its rows are lines.
pub fn recognise(lines: &[Line]) -> Option<bool> {
    let digits = digits(lines);
    let furniture = furniture::reasons(lines, digits);
    let ids = count_ids(lines, digits, 0);
    let headings = furniture.contains(&Some("表の見出し"));
    let enough = ids.0 >= 3 || headings && ids.0 >= 1;
    (enough && (headings || digits == Digits::Circled)).then(|| region(lines, &furniture, digits).1)
}

/// Lines with an id, and how many of them hold wording beside it.
fn count_ids(lines: &[Line], digits: Digits, start: usize) -> (usize, usize) {
    let mut count = (0, 0);
    for line in &lines[start.min(lines.len())..] {
        let reads = tokens(line, digits);
        if let Some(at) = reads.iter().position(|read| matches!(read.token, Token::Id { .. })) {
            count.0 += 1;
            count.1 += usize::from(reads[at + 1..].iter().any(|read| read.token == Token::Free));
        }
    }
    count
}

/// Where the table begins: at its headings, with its first id close below them.
fn region(lines: &[Line], furniture: &[Option<&'static str>], digits: Digits) -> (usize, bool) {
    let has_id = |index: usize| tokens(&lines[index], digits).iter().any(|r| matches!(r.token, Token::Id { .. }));
    let first_id = (0..lines.len()).find(|index| has_id(*index)).unwrap_or(0);
    let heading = |index: &usize| furniture[*index] == Some("表の見出し");
    // An explanation of the headings may stand before; ids that stand before all headings are rows of a torn table.
    let start =
        (0..=first_id).rev().find(|index| heading(index)).unwrap_or_else(|| titles_above(lines, first_id, digits));
    let (ids, full) = count_ids(lines, digits, start);
    (start, full * 2 >= ids)
}

/// With no headings, titles directly above the first row belong to the table.
fn titles_above(lines: &[Line], first_id: usize, digits: Digits) -> usize {
    let mut start = first_id;
    for index in (0..first_id).rev() {
        let reads = tokens(&lines[index], digits);
        let title =
            |read: &Read| matches!(read.token, Token::Major { .. } | Token::Middle { .. } | Token::Minor { .. });
        match reads.is_empty() {
            true => {}
            false if reads.iter().all(title) => start = index,
            false => break,
        }
    }
    start
}

/// The column of 項番 in the rows of the page that `index` lies in.
fn section_column(
    lines: &[Line],
    tokens: &[Vec<Read>],
    furniture: &[Option<&'static str>],
    index: usize,
) -> Option<usize> {
    let ends = |at: &usize| furniture[*at].is_some() && !lines[*at].cells.is_empty();
    let from = (0..index).rev().find(|at| ends(at) || lines[at + 1].new_page).map_or(0, |at| at + 1);
    let to = (index + 1..lines.len()).find(|at| ends(at) || lines[*at].new_page).unwrap_or(lines.len());
    let mut columns: Vec<usize> = tokens[from..to]
        .iter()
        .filter(|reads| reads.iter().any(|read| matches!(read.token, Token::Id { .. })))
        .filter_map(|reads| reads.iter().find(|read| read.token == Token::Section)?.cell.column)
        .collect();
    columns.sort_unstable();
    columns.get(columns.len() / 2).copied()
}
