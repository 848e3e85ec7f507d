//! Days off, and the fiscal year.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::calendar::{ClosingDays, holiday, years};

/// A day on which nobody is expected to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOff {
    /// What kind of day it is.
    pub why: &'static str,
    /// The working day before it; none where the holidays of the year are not known.
    pub before: Option<NaiveDate>,
}

impl DayOff {
    /// What is told of it, with the working day as a paper or a page writes days.
    pub fn told(&self, written: impl Fn(NaiveDate) -> String) -> String {
        let before = self.before.map(|day| format!("。前の営業日は{}", written(day))).unwrap_or_default();
        format!("{}{before}", self.why)
    }
}

impl fmt::Display for DayOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(|day| day.to_string()))
    }
}

/// Days on which nobody is expected to work.
#[derive(Debug, Clone, Default)]
pub struct Off {
    closing: ClosingDays,
}

/// The longest time without a working day that is looked through.
const LONGEST_DAYS: u64 = 60;

impl Off {
    /// Closing days as they are written; what is not understood is told by the check of the file and left out here.
    pub fn read(closing: &str) -> Self {
        Self { closing: ClosingDays::read(closing).unwrap_or_default() }
    }

    /// Why the day is none to work on; none for a working day.
    fn why(&self, day: NaiveDate) -> Option<&'static str> {
        let by_week = match day.weekday() {
            Weekday::Sat => Some("土曜日"),
            Weekday::Sun => Some("日曜日"),
            _ => None,
        };
        let by_closing = || self.closing.contains(day).then_some("休業日");
        holiday(day).or(by_week).or_else(by_closing)
    }

    /// What kind of day off it is, and the working day before it. The day itself does not move. None for a working day.
    pub fn of(&self, day: NaiveDate) -> Option<DayOff> {
        let why = self.why(day)?;
        let before = (1..=LONGEST_DAYS).filter_map(|back| day.checked_sub_days(Days::new(back)));
        let working = before.take_while(|day| years().contains(&day.year())).find(|day| self.why(*day).is_none());
        Some(DayOff { why, before: working })
    }
}

/// A fiscal year by its first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiscalYear {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl FiscalYear {
    /// The year that begins in April of this one; none for a year that no calendar has.
    pub fn of(year: i32) -> Option<Self> {
        Self::from_month(year, 4)
    }

    /// The same, beginning in another month.
    pub fn from_month(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let last = NaiveDate::from_ymd_opt(year.checked_add(1)?, month, 1)?.pred_opt()?;
        Some(Self { first, last })
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }
}
