//! Days off beside the law, and the year by which one evaluates, read from what people write.

use chrono::{Datelike, NaiveDate};

use super::words::{LEAP_YEAR, Written, ends, last_day, parts, plain, written};

/// Days on which a business is closed beside the holidays by law.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosingDays(Vec<Closing>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Closing {
    Once(NaiveDate, NaiveDate),
    /// First and last as month and day; the last may lie in the next year.
    EveryYear((u32, u32), (u32, u32)),
}

impl ClosingDays {
    /// Reads `12月29日から翌年1月3日までの日及び2026-08-14`; gives back the part that is not understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = plain(text);
        if ["", "なし", "ない", "無し"].contains(&text.as_str()) {
            return Ok(Self::default());
        }
        let one = |part: &str| closing(part).ok_or_else(|| part.to_owned());
        parts(&text).into_iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    pub fn contains(&self, day: NaiveDate) -> bool {
        self.0.iter().any(|closing| match closing {
            Closing::Once(first, last) => (*first..=*last).contains(&day),
            Closing::EveryYear(first, last) => {
                let this = (day.month(), day.day());
                if first <= last { *first <= this && this <= *last } else { *first <= this || this <= *last }
            }
        })
    }
}

fn closing(part: &str) -> Option<Closing> {
    let part = ["までの日", "までの間", "までの期間"]
        .iter()
        .find_map(|end| part.strip_suffix(end))
        .unwrap_or(part)
        .trim_end_matches("まで");
    let (first, last) = ends(part);
    let from = written(first)?;
    match (from, written(last).or_else(|| same_month(from, last))?) {
        (Written::Dated(from), Written::Dated(until)) if from <= until => Some(Closing::Once(from, until)),
        (Written::Annual(month, day), Written::Annual(until, last)) => {
            Some(Closing::EveryYear((month, day), (until, last)))
        }
        _ => None,
    }
}

/// `15日` behind `8月13日から`.
fn same_month(from: Written, last: &str) -> Option<Written> {
    let day: u32 = last.strip_suffix('日')?.parse().ok()?;
    match from {
        Written::Annual(month, _) => written(&format!("{month}月{day}日")),
        Written::Dated(from) => from.with_day(day).map(Written::Dated),
    }
}

/// The day on which a year of evaluation begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearStart {
    month: u32,
    day: u32,
}

impl YearStart {
    /// Reads `毎年12月1日から翌年11月30日まで`, `毎年4月から翌年3月まで`; none if it is not a whole year.
    pub fn read(text: &str) -> Option<Self> {
        let text = plain(text);
        let (first, last) = ends(&text);
        let months = |text: &str| text.strip_suffix('月').map(|_| format!("{text}1日"));
        let first = written(&months(first).unwrap_or_else(|| first.to_owned()))?;
        let last = match last.strip_suffix('月') {
            Some(_) => written(&format!("{last}末日"))?,
            None => written(last)?,
        };
        let (Written::Annual(month, day), Written::Annual(until, end)) = (first, last) else { return None };
        let start = NaiveDate::from_ymd_opt(LEAP_YEAR, month, day)?;
        let before = start.pred_opt()?;
        // 2月28日 and 2月末日 both stand for the end of February.
        let february = (before.month(), until) == (2, 2) && before.day() == 29 && end >= 28;
        let is_whole = (before.month(), before.day()) == (until, end) || february;
        (is_whole && day <= 28).then_some(Self { month, day })
    }

    /// First day of the year of evaluation that holds the day.
    pub fn of(self, day: NaiveDate) -> NaiveDate {
        let this = self.in_year(day.year());
        if this <= day { this } else { self.in_year(day.year() - 1) }
    }

    /// First day of the year of evaluation after the one that holds the day.
    pub fn after(self, day: NaiveDate) -> NaiveDate {
        self.in_year(self.of(day).year() + 1)
    }

    fn in_year(self, year: i32) -> NaiveDate {
        // Days after the 28th are refused, so there is one in every year.
        NaiveDate::from_ymd_opt(year, self.month, self.day).unwrap_or_default()
    }
}

/// Last day of the month that holds the day.
pub fn end_of_month(day: NaiveDate) -> NaiveDate {
    let last = last_day(day.month()).and_then(|last| day.with_day(last).or_else(|| day.with_day(28)));
    last.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn closing_days_are_read_as_people_write_them() {
        for (text, on, off) in [
            (
                "12月29日から翌年1月3日までの日",
                &["2026-12-29", "2027-01-03", "2031-12-31"][..],
                &["2026-12-28", "2027-01-04"][..],
            ),
            (
                "１２月２９日～１月３日、8月13日から15日まで",
                &["2026-08-13", "2026-08-15", "2026-01-01"],
                &["2026-08-16"],
            ),
            ("2026-08-14及び2026年10月1日", &["2026-08-14", "2026-10-01"], &["2027-08-14", "2026-08-15"]),
            ("2026/8/13から2026/8/15まで", &["2026-08-15"], &["2027-08-15"]),
            ("2月末日", &["2028-02-29"], &["2028-02-28"]),
            ("なし", &[], &["2026-01-01"]),
        ] {
            let closing = ClosingDays::read(text).unwrap();
            assert!(on.iter().all(|text| closing.contains(day(text))), "{text}");
            assert!(!off.iter().any(|text| closing.contains(day(text))), "{text}");
        }
        assert_eq!(ClosingDays::read("12月29日、創立記念日"), Err("創立記念日".to_owned()));
        assert_eq!(ClosingDays::read("13月1日"), Err("13月1日".to_owned()));
    }

    #[test]
    fn a_year_of_evaluation_begins_where_it_is_written() {
        let year = YearStart::read("毎年12月1日から翌年11月30日まで").unwrap();
        assert_eq!(year.of(day("2026-11-30")), day("2025-12-01"));
        assert_eq!((year.of(day("2026-12-01")), year.after(day("2026-12-01"))), (day("2026-12-01"), day("2027-12-01")));
        for text in
            ["4月1日から翌年3月31日まで", "毎年4月から翌年3月まで", "３月１日～２月末日", "3月1日から翌年2月28日まで"]
        {
            assert!(YearStart::read(text).is_some(), "{text}");
        }
        for text in ["毎年12月1日から翌年10月31日まで", "契約の日から1年", "", "12月31日から翌年12月30日まで"]
        {
            assert_eq!(YearStart::read(text), None, "{text}");
        }
    }
}
