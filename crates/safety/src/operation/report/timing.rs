//! When a report was to be there, and when it was (SLA-038).

use chrono::{Datelike, Months, NaiveDate};

use crate::calendar::end_of_month;
use crate::operation::level::ReportDay;

/// The agreed day against what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    pub due: NaiveDate,
    pub sent_on: Option<NaiveDate>,
    on: NaiveDate,
}

impl Timing {
    pub fn new(due: NaiveDate, sent_on: Option<NaiveDate>, on: NaiveDate) -> Self {
        Self { due, sent_on, on }
    }

    /// Days after the agreed one; none while there is time.
    pub fn late_days(self) -> Option<i64> {
        let days = (self.sent_on.unwrap_or(self.on) - self.due).num_days();
        (days > 0).then_some(days)
    }

    /// What came of it, in words.
    pub fn state(self) -> String {
        match (self.sent_on, self.late_days()) {
            (Some(_), None) => "期日までに届けました".to_owned(),
            (Some(_), Some(days)) => format!("期日から{days}日後に届けました"),
            (None, None) => "まだ届けていません".to_owned(),
            (None, Some(days)) => format!("まだ届けていません（期日から{days}日過ぎています）"),
        }
    }
}

/// The day in the month after the one that is reported.
pub fn monthly_due(month: NaiveDate, by: ReportDay) -> Option<NaiveDate> {
    let next = month.with_day(1)?.checked_add_months(Months::new(1))?;
    match by {
        ReportDay::Day(day) => next.with_day(day),
        ReportDay::Last => Some(end_of_month(next)),
    }
}

/// The first such day after the year: `4月末日`, `5月10日`; none where the words name no day.
pub fn yearly_due(year_ends: NaiveDate, by: &str) -> Option<NaiveDate> {
    let text = by.trim().trim_start_matches("毎年").trim_end_matches("まで");
    let (month, day) = text.split_once('月')?;
    let month: u32 = month.parse().ok()?;
    let of_year = |year| {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        match day {
            "末" | "末日" => Some(end_of_month(first)),
            _ => first.with_day(day.strip_suffix('日')?.parse().ok()?),
        }
    };
    let this = of_year(year_ends.year())?;
    if this > year_ends { Some(this) } else { of_year(year_ends.year() + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    // SLA-038
    #[test]
    fn lateness_is_counted_from_the_agreed_day() {
        assert_eq!(monthly_due(day("2026-01-31"), ReportDay::Last), Some(day("2026-02-28")));
        assert_eq!(monthly_due(day("2026-12-01"), ReportDay::Day(10)), Some(day("2027-01-10")));
        for (by, due) in [
            ("4月末日", Some("2027-04-30")),
            ("毎年3月10日まで", Some("2028-03-10")),
            ("2月末日", Some("2028-02-29")),
            ("契約の更新の前", None),
            ("13月1日", None),
        ] {
            assert_eq!(yearly_due(day("2027-03-31"), by), due.map(day), "{by}");
        }
        let due = day("2026-10-10");
        for (sent, on, late) in [
            (Some("2026-10-10"), "2026-12-01", None),
            (Some("2026-10-12"), "2026-12-01", Some(2)),
            (None, "2026-10-10", None),
            (None, "2026-10-11", Some(1)),
        ] {
            assert_eq!(Timing::new(due, sent.map(day), day(on)).late_days(), late, "{sent:?} {on}");
        }
    }
}
