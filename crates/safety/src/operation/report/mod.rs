//! Reports to one institution: of a month, of a year, of an event (別紙1 II 6.5).
//!
//! A report holds facts of one institution: what names others is left out, whole where it is a text ([`Whose`]). Where
//! there is no record, it says so. Which ways it may go is data ([`Ways`]).

mod case;
mod delivery;
mod event;
mod month;
mod sent;
mod timing;
mod whose;
mod year;

use chrono::NaiveDate;

use super::level::Evaluation;

pub use case::Case;
pub use delivery::{REPORTS, Ways, held, refused, shared};
pub use event::{Owed, event, owed};
pub use month::{MONTHLY, monthly};
pub use sent::Sent;
pub use timing::{Timing, monthly_due, yearly_due};
pub use whose::{Tie, WITHHELD, Whose};
pub use year::{YEARLY, yearly};

/// What stands where nobody wrote anything.
pub const BLANK: &str = "〔未記載〕";

/// A report as it can be made from the records.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its kind, as the register of reports names it.
    pub kind: &'static str,
    /// What it is about, beside the kind: the entry of an event.
    pub about: Option<String>,
    /// The institution it is for.
    pub institution: String,
    /// First and last day it is about; the day of an event.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Last day whose records it holds, where that is before its end.
    pub until: Option<NaiveDate>,
    /// The entry that stands for it in the register of reports.
    pub sent: Option<Sent>,
    pub timing: Option<Timing>,
    pub ways: Ways,
    pub sections: Vec<Section>,
    /// What has to be settled before it goes, in sentences.
    pub findings: Vec<String>,
}

/// A part of a report.
#[derive(Debug, Clone)]
pub struct Section {
    pub title: String,
    pub content: Vec<Content>,
}

/// What stands in a part.
#[derive(Debug, Clone)]
pub enum Content {
    Text(String),
    /// There is no record, and what would be one.
    Missing(String),
    Table(Table),
    /// The service levels of the time, and of the year of evaluation so far.
    Levels(Box<Levels>),
    /// Duties done and overdue, month by month.
    Duties(Vec<DutyMonth>),
}

/// Figures under headings.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub title: String,
    /// Its cells are numbers, which stand at the right.
    pub is_number: bool,
}

impl Column {
    fn of_text(title: &str) -> Self {
        Self { title: title.to_owned(), is_number: false }
    }
}

/// Columns, each with whether it holds numbers.
fn columns(titles: &[(&str, bool)]) -> Vec<Column> {
    titles.iter().map(|(title, is_number)| Column { title: (*title).to_owned(), is_number: *is_number }).collect()
}

/// Columns of texts.
fn texts(titles: &[&str]) -> Vec<Column> {
    titles.iter().map(|title| Column::of_text(title)).collect()
}

/// Service levels in a report.
#[derive(Debug, Clone)]
pub struct Levels {
    pub evaluation: Evaluation,
    /// From the first day of the year of evaluation on.
    pub so_far: Evaluation,
    pub reduced_by: &'static str,
    /// Years of evaluation side by side, the report's own among them; empty in the report of a month.
    pub years: Vec<super::level::Period>,
}

/// What was done in a month, and what was overdue at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyMonth {
    /// `2026-09`.
    pub month: String,
    pub done: usize,
    pub overdue: usize,
}

impl Section {
    fn new(title: &str, content: Vec<Content>) -> Self {
        Self { title: title.to_owned(), content }
    }
}
