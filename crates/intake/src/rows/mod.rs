//! Rows that people bring into their own lists: items of an edition, links between two (CATALOG-011).
//!
//! Unlike a guideline's text, a table of rows was made for us: nothing is repaired. Every row is held against what the
//! catalogs know, and every mistake is told at once; with one that stops, no row is taken.

mod entries;
mod links;
mod table;

use std::fmt;

pub use entries::{ENTRY_COLUMNS, entries};
pub use links::links;

/// What is wrong, or doubtful, with a row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowProblem {
    /// Where it stands, as people count: `12行目` of a table, `3件目` of JSON.
    pub place: String,
    /// The same as a number; 0 for the heading and for the file as a whole.
    pub number: u64,
    /// Whether no row can be taken while it stands.
    pub stops: bool,
    /// What was found and what would be right.
    pub message: String,
}

/// Rows with what is to be said of them.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    /// Those without a mistake that stops, in the order of the file.
    pub rows: Vec<T>,
    /// In the order of the file.
    pub problems: Vec<RowProblem>,
}

impl<T> Rows<T> {
    /// Whether a mistake keeps the rows from being taken.
    pub fn stopped(&self) -> bool {
        self.problems.iter().any(|problem| problem.stops)
    }
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Whole,
    Heading,
    Line(u64),
    Item(u64),
}

impl Place {
    fn number(self) -> u64 {
        match self {
            Self::Whole | Self::Heading => 0,
            Self::Line(number) | Self::Item(number) => number,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("全体"),
            Self::Heading => f.write_str("見出しの行"),
            Self::Line(number) => write!(f, "{number}行目"),
            Self::Item(number) => write!(f, "{number}件目"),
        }
    }
}

/// Collects problems.
#[derive(Debug, Default)]
struct Problems(Vec<RowProblem>);

impl Problems {
    fn stop(&mut self, at: &Place, message: impl Into<String>) {
        self.0.push(RowProblem { place: at.to_string(), number: at.number(), stops: true, message: message.into() });
    }

    fn doubt(&mut self, at: &Place, message: impl Into<String>) {
        self.0.push(RowProblem { place: at.to_string(), number: at.number(), stops: false, message: message.into() });
    }

    /// In the order of the file; those of one row as they were found.
    fn sorted(mut self) -> Vec<RowProblem> {
        self.0.sort_by_key(|problem| problem.number);
        self.0
    }

    fn stopped(&self) -> bool {
        self.0.iter().any(|problem| problem.stops)
    }
}

/// A closed set of words, read by the word of files or by that of people.
fn word<T: Copy>(
    text: &str,
    all: &[T],
    token: impl Fn(T) -> &'static str,
    term: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    all.iter().copied().find(|one| token(*one) == text || term(*one) == text).ok_or_else(|| {
        let words: Vec<String> = all.iter().map(|one| format!("{}（{}）", token(*one), term(*one))).collect();
        words.join("、")
    })
}
