//! A composed document: its clauses with their numbers, what is missing, and which facts each clause used.

use std::collections::{BTreeMap, BTreeSet};

use crate::outline::{Align, Limit, Style, Voice};
use crate::overlay::{Difference, Origin};
use crate::print::NOT_STATED;

/// A clause document with its facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    pub id: String,
    pub title: String,
    pub style: Style,
    pub voice: Voice,
    /// 文書番号 and 版, where facts of the document's own hold them.
    pub number: Option<String>,
    pub edition: Option<String>,
    /// What stands before the first clause.
    pub preamble: Vec<Piece>,
    pub clauses: Vec<Clause>,
    /// 附則.
    pub supplement: Vec<Piece>,
    /// What stands below the last clause.
    pub closing: Vec<Piece>,
    /// 別紙.
    pub annexes: Vec<Clause>,
    /// Facts nobody has written, in the order in which the document asks for them.
    pub missing: Vec<Missing>,
    /// For each fact that was used the ids of the clauses that used it.
    pub used: BTreeMap<String, BTreeSet<String>>,
    pub left_out: Vec<LeftOut>,
    /// Clauses that were replaced and whose original reads differently now.
    pub differences: Vec<Difference>,
}

impl Composed {
    /// Every clause, in order; annexes come last.
    pub fn walk(&self) -> impl Iterator<Item = &Clause> {
        fn below<'a>(clauses: &'a [Clause], all: &mut Vec<&'a Clause>) {
            for clause in clauses {
                all.push(clause);
                below(&clause.clauses, all);
            }
        }
        let mut all = Vec::new();
        below(&self.clauses, &mut all);
        below(&self.annexes, &mut all);
        all.into_iter()
    }

    /// The clause with this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.walk().find(|clause| clause.id == id)
    }
}

/// A numbered clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    pub id: String,
    /// 1 for a chapter.
    pub depth: usize,
    /// What stands before it: `6.3`, `第12条`; empty for the first 項.
    pub label: String,
    /// How others refer to it: `6.3(2)`, `第12条第2項`.
    pub reference: String,
    pub title: String,
    pub body: Vec<Piece>,
    pub clauses: Vec<Clause>,
    pub source: String,
    pub requirements: Vec<String>,
    pub note: String,
    pub optional: bool,
    pub owner: Option<String>,
    pub origin: Origin,
}

impl Clause {
    /// Whether the clause itself says anything.
    pub fn says_something(&self) -> bool {
        self.body.iter().any(|piece| match piece {
            Piece::Paragraph { text, .. }
            | Piece::Item { text, .. }
            | Piece::Remark(text)
            | Piece::Aligned { text, .. } => !text.contains(NOT_STATED),
            Piece::Table { stands_empty, .. } => !stands_empty,
        })
    }
}

/// A piece of a clause's body.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// `label` is the number of a 項; empty where none is printed.
    Paragraph {
        label: String,
        text: String,
    },
    /// `depth` counts from 1.
    Item {
        depth: usize,
        label: String,
        text: String,
    },
    Table {
        caption: String,
        head: Vec<String>,
        widths: Vec<f64>,
        rows: Vec<Vec<String>>,
        stands_empty: bool,
        /// For a table that shows only the first entries: what it was told, and how many entries there are in all.
        limit: Option<(Limit, usize)>,
    },
    Remark(String),
    /// A line that stands at the right or in the middle.
    Aligned {
        align: Align,
        text: String,
    },
}

/// A fact nobody has written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// E.g. `sla.support.hours`; a table whose list follows from others is named by its caption.
    pub path: String,
    /// Id of the clause that asks for it.
    pub clause: String,
    pub reference: String,
    pub title: String,
    /// Role that supplies it.
    pub owner: Option<String>,
}

/// A clause that is not in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub clause: String,
    pub title: String,
    pub why: Why,
}

/// Why a clause is not in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A change dropped it.
    Dropped,
    /// Its condition does not hold, or none of what stands below it applies.
    NotApplicable,
    /// It is for another size class.
    OtherSize,
}
