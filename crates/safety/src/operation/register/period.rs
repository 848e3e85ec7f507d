//! Days from days: months and years by the calendar, always from the origin, so that the end of a month does not drift.

use chrono::{Days, Months, NaiveDate, NaiveDateTime, TimeDelta};
use shirube_catalog::Span;

/// The day so many lengths after an origin: from 31 January, one month is the last day of February, two are 31 March.
///
/// None where no calendar reaches. Hours count as the days they make up.
pub fn occurrence(origin: NaiveDate, span: Span, times: u32) -> Option<NaiveDate> {
    let count = span.count().checked_mul(times)?;
    match span {
        Span::Hours(_) => origin.checked_add_days(Days::new(u64::from(count / 24))),
        Span::Days(_) => origin.checked_add_days(Days::new(u64::from(count))),
        Span::Weeks(_) => origin.checked_add_days(Days::new(u64::from(count) * 7)),
        Span::Months(_) => origin.checked_add_months(Months::new(count)),
        Span::Years(_) => origin.checked_add_months(Months::new(count.checked_mul(12)?)),
    }
}

/// The moment a length after another.
pub fn add(moment: NaiveDateTime, span: Span) -> Option<NaiveDateTime> {
    match span {
        Span::Hours(hours) => moment.checked_add_signed(TimeDelta::hours(i64::from(hours))),
        _ => occurrence(moment.date(), span, 1).map(|day| day.and_time(moment.time())),
    }
}

/// The day a length before another.
pub fn subtract(day: NaiveDate, span: Span) -> Option<NaiveDate> {
    match span {
        // A part of a day before it is the day before.
        Span::Hours(hours) => day.checked_sub_days(Days::new(u64::from(hours.div_ceil(24)))),
        Span::Days(days) => day.checked_sub_days(Days::new(u64::from(days))),
        Span::Weeks(weeks) => day.checked_sub_days(Days::new(u64::from(weeks) * 7)),
        Span::Months(months) => day.checked_sub_months(Months::new(months)),
        Span::Years(years) => day.checked_sub_months(Months::new(years.checked_mul(12)?)),
    }
}
