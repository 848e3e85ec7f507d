//! Registers: declared in [`shirube_catalog`], kept as tables by people, with one log of what was done.
//!
//! A table says how things stand now; the log says who did what when. Neither is written by the program on its own. What
//! people did not write stays unknown, and what both sides have to agree on has no period until it was agreed.

mod change;
mod check;
mod due;
mod entry;
mod evidence;
mod file;
mod log;
mod own;
mod own_change;
mod period;
mod retention;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::fmt;

use serde::Serialize;
/// What a reader of declarations gets and what may be wrong with them.
pub use shirube_catalog::{Fault, Register};

use crate::Severity;

pub use change::{Change, Taken, take};
pub use check::{Known, check};
pub use due::{Due, When, due};
pub use entry::{Book, Entry, Rows, read_entries};
pub use evidence::{ControlEvidence, Gap, Source, Strength, evidence};
pub use file::{AgreedPeriod, AgreedRetention, PeriodsFile, RegisterFile};
pub use log::{Act, LogLine, Outcome, read_log};
pub use own::{check_periods, laid};
pub use own_change::{lost, told as changes_told};
pub use period::{add, occurrence, subtract};
pub use retention::{Kept, Until, kept};
pub use table::{HOLD, LOG_COLUMNS, NUMBER, STATE, cell, rows};
pub use value::{Value, Wrong, parse_cell};

/// Everything an organisation keeps: its registers, their tables, and what was done.
#[derive(Debug, Default)]
pub struct Records {
    /// The embedded declarations with the organisation's own.
    pub registers: Vec<Register>,
    /// Tables that are there, in the order of `registers`.
    pub books: Vec<Book>,
    pub log: Vec<LogLine>,
    pub periods: PeriodsFile,
}

impl Records {
    pub fn register(&self, id: &str) -> Option<&Register> {
        self.registers.iter().find(|register| register.id == id)
    }

    pub fn book(&self, register: &str) -> Option<&Book> {
        self.books.iter().find(|book| book.register == register)
    }

    /// Whether anybody keeps the register: there is a table, or something was done.
    pub fn is_kept(&self, register: &str) -> bool {
        self.book(register).is_some() || self.log.iter().any(|line| line.register == register)
    }

    /// The entries of a register; none where there is no table.
    pub fn entries(&self, register: &str) -> &[Entry] {
        self.book(register).map_or(&[], |book| &book.entries)
    }

    /// What was done in a register, in the order of the days.
    pub fn done<'a>(&'a self, register: &'a str) -> impl Iterator<Item = &'a LogLine> {
        self.log.iter().filter(move |line| line.register == register)
    }
}

/// Something in a table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Name inside the service folder.
    pub file: String,
    /// 1 is the first row.
    pub row: usize,
    /// Heading of the column; empty for the row as a whole.
    pub column: String,
    /// What was found and what would be right.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}行目", self.file, self.row)?;
        if !self.column.is_empty() {
            write!(f, "「{}」", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What a check has to tell of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Told {
    /// Name inside the service folder.
    pub file: String,
    /// 1 is the first row.
    pub row: usize,
    /// Heading of the column; empty for the row as a whole.
    pub column: String,
    pub severity: Severity,
    /// Stable name of the rule.
    pub rule: &'static str,
    pub message: String,
    pub advice: String,
}
