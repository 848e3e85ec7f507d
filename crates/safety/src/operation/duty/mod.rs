//! What is due by whom, from everywhere: the registers, and the days that the other files of a service state.
//!
//! No day is invented: each is written in a file, or follows from a declaration and what people wrote in a register.

mod agreed;
mod off;
mod stated;
#[cfg(test)]
mod tests;

use chrono::{NaiveDate, NaiveDateTime};

use super::register::{Due, When};
use crate::{Place, ServiceFiles};

pub use agreed::of_institution;
pub use off::{DayOff, FiscalYear, Off};
pub use stated::of_service;

/// Something to be done by a day, or of which nobody can say when.
#[derive(Debug, Clone, PartialEq)]
pub struct Duty {
    /// The register, or what kind of thing states the day.
    pub of: String,
    /// The entry, or the thing; empty for a register as a whole.
    pub object: String,
    pub title: String,
    /// Whoever is to do it; none where nobody is named.
    pub owner: Option<String>,
    pub day: Option<NaiveDate>,
    pub at: Option<NaiveDateTime>,
    pub is_overdue: bool,
    /// What is to be told beside the day; empty where the day says it all.
    pub state: String,
    /// What kind of day off it is, and the working day before.
    pub off: Option<DayOff>,
    /// What the day follows from.
    pub basis: String,
    /// When it was last done.
    pub last: Option<NaiveDate>,
    /// The clause that asks for it.
    pub source: Option<String>,
    pub whence: Whence,
}

/// Where a duty comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Whence {
    Register {
        register: String,
        entry: Option<String>,
        duty: String,
        /// Controls that it is evidence for.
        evidences: Vec<String>,
        /// Both sides still have to agree on the period.
        is_open: bool,
    },
    /// A place in a file of the service.
    File(Place),
    /// A field of the file of an institution, which is told by its name.
    Institution { field: &'static str },
}

impl From<&Due<'_>> for Duty {
    fn from(due: &Due<'_>) -> Self {
        let at = match due.when {
            When::By { at, .. } => at,
            _ => None,
        };
        Self {
            of: due.register.title.clone(),
            object: due.entry.map(|entry| entry.id.clone()).unwrap_or_default(),
            title: due.duty.title.clone(),
            owner: due.owner.clone(),
            day: due.day(),
            at,
            is_overdue: due.is_overdue(),
            state: due.state(),
            off: None,
            basis: due.basis.clone(),
            last: due.last,
            source: due.duty.source.clone(),
            whence: Whence::Register {
                register: due.register.id.clone(),
                entry: due.entry.map(|entry| entry.id.clone()),
                duty: due.duty.id.clone(),
                evidences: due.duty.evidences.iter().map(ToString::to_string).collect(),
                is_open: due.when == When::NotAgreed,
            },
        }
    }
}

impl Duty {
    /// The duty as people call it, with what it is about.
    pub fn named(&self) -> String {
        let object = if self.object.is_empty() { String::new() } else { format!("「{}」", self.object) };
        format!("{}{object} {}", self.of, self.title)
    }

    /// Holds against the day that is asked about.
    fn seen_from(mut self, on: NaiveDate, off: &Off) -> Self {
        self.is_overdue = self.day.is_some_and(|day| day < on);
        if self.is_overdue {
            self.state = "期日を過ぎています".to_owned();
        }
        self.off = self.day.filter(|day| *day >= on).and_then(|day| off.of(day));
        self
    }
}

/// By days, each with what is to be told of a day off; what has no day comes last. Days after `until` are left out.
pub fn in_order(all: impl IntoIterator<Item = Duty>, on: NaiveDate, until: NaiveDate, off: &Off) -> Vec<Duty> {
    let in_time = |duty: &Duty| duty.day.is_none_or(|day| day <= until);
    let mut all: Vec<Duty> = all.into_iter().filter(in_time).map(|duty| duty.seen_from(on, off)).collect();
    all.sort_by_key(|duty| (duty.day.is_none(), duty.day));
    all
}

/// The days off of a service: those by law, and the closing days that its agreement states.
pub fn days_off(files: &ServiceFiles) -> Off {
    let closing = files.sla.hours.as_ref().and_then(|hours| hours.closing_days.as_deref());
    Off::read(closing.unwrap_or_default())
}
