//! The day a file claims to be made on: that of issue, never that of the clock.

use chrono::{Datelike, NaiveDate};

use crate::content::Meta;

/// The day of issue. File properties must hold a date that every format can write, so a document that nobody has
/// issued, or of a year before the formats begin, gets one that no reader takes for real.
pub(super) fn day(meta: &Meta) -> NaiveDate {
    let unissued = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day of the calendar");
    let issued = meta.issued_on.as_ref().map(|issued| issued.day);
    issued.filter(|day| (1980..=9999).contains(&day.year())).unwrap_or(unissued)
}
