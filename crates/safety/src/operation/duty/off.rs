//! Days off, and the fiscal year.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::calendar::{ClosingDays, holiday, years};

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

    /// What is told of a day that falls on a day off: what it is, and the working day before it. The day itself does not
    /// move. None for a working day, and where the holidays of the year are not known.
    pub fn told(&self, day: NaiveDate) -> Option<String> {
        let why = self.why(day)?;
        let before = (1..=LONGEST_DAYS).filter_map(|back| day.checked_sub_days(Days::new(back)));
        let working = before.take_while(|day| years().contains(&day.year())).find(|day| self.why(*day).is_none());
        let working = working.map(|day| format!("。前の営業日は{day}")).unwrap_or_default();
        Some(format!("{why}{working}"))
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
