//! Business hours of a week, with holidays and closing days.

use chrono::{Datelike, NaiveDate, Weekday};

use super::day_set::{self, DaySet};
use super::{ClosingDays, Minute, Span, Spans, holiday};

/// A row of hours as it stands in a file.
#[derive(Debug, Clone, Copy)]
pub struct HoursRow<'a> {
    pub days: &'a str,
    /// Minutes after midnight, where a time is written.
    pub from: Option<u16>,
    pub until: Option<u16>,
}

/// Hours that hold for every day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekHours {
    /// Minutes after midnight, for Monday to Sunday and for holidays; beyond 1440 they lie in the next day.
    of_kind: [Vec<(i64, i64)>; KINDS],
    closing: ClosingDays,
    saturdays_stay: bool,
}

const KINDS: usize = 8;
const HOLIDAY: usize = 7;
const DAY_MINUTES: i64 = 24 * 60;

/// What a day counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    Weekday(Weekday),
    /// With the name of the holiday by law, if it is one.
    Holiday(Option<&'static str>),
}

/// Something that is written and not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misread {
    /// Number of the row, and the words.
    Days(usize, String),
    /// Number of the row with one time only, or with the same twice.
    Times(usize),
    Closing(String),
    /// Days that stand in no row.
    Missing(Vec<String>),
}

impl WeekHours {
    /// Reads rows and closing days. `saturdays_stay`: a Saturday that is a holiday keeps the hours of a Saturday.
    pub fn read(rows: &[HoursRow], closing: &str, saturdays_stay: bool) -> Result<Self, Vec<Misread>> {
        let mut misread = Vec::new();
        let mut of_kind: [Option<Vec<(i64, i64)>>; KINDS] = Default::default();
        for (at, row) in rows.iter().enumerate() {
            let hours = times(row);
            if hours.is_none() {
                misread.push(Misread::Times(at));
            }
            match DaySet::read(row.days) {
                Ok(days) => put(&mut of_kind, days, hours.flatten()),
                Err(found) => misread.push(Misread::Days(at, found)),
            }
        }
        let closing = ClosingDays::read(closing).unwrap_or_else(|found| {
            misread.push(Misread::Closing(found));
            ClosingDays::default()
        });
        let missing: Vec<String> = (0..KINDS).filter(|kind| of_kind[*kind].is_none()).map(kind_name).collect();
        // While a row is not understood, nobody knows what it would cover.
        if misread.is_empty() && !missing.is_empty() {
            misread.push(Misread::Missing(missing));
        }
        let of_kind = of_kind.map(Option::unwrap_or_default);
        if misread.is_empty() { Ok(Self { of_kind, closing, saturdays_stay }) } else { Err(misread) }
    }

    pub fn kind(&self, day: NaiveDate) -> DayKind {
        let by_law = holiday(day);
        let is_free = by_law.is_some() || self.closing.contains(day);
        match day.weekday() {
            Weekday::Sat if self.saturdays_stay => DayKind::Weekday(Weekday::Sat),
            _ if is_free => DayKind::Holiday(by_law),
            weekday => DayKind::Weekday(weekday),
        }
    }

    /// Business time within a span.
    pub fn within(&self, span: Span) -> Spans {
        // The day before may reach over midnight.
        let first = span.from.day().pred_opt().unwrap_or_default();
        let days = first.iter_days().take_while(|day| Minute::start_of(*day) < span.until);
        let hours = days.flat_map(|day| {
            let start = Minute::start_of(day).0;
            let of_day = self.of_kind[kind_index(self.kind(day))].iter();
            of_day.map(move |(from, until)| Span::new(Minute(start + from), Minute(start + until)).both(span))
        });
        Spans::of(hours.collect())
    }
}

/// No times: no business on that day. None if they cannot be meant.
fn times(row: &HoursRow) -> Option<Option<(i64, i64)>> {
    match (row.from, row.until) {
        (None, None) => Some(None),
        (Some(from), Some(until)) if from != until && from < 1440 => {
            let (from, until) = (i64::from(from), i64::from(until));
            Some(Some((from, if until <= from { until + DAY_MINUTES } else { until })))
        }
        _ => None,
    }
}

fn put(of_kind: &mut [Option<Vec<(i64, i64)>>; KINDS], days: DaySet, hours: Option<(i64, i64)>) {
    for (kind, known) in of_kind.iter_mut().enumerate() {
        let is_meant = weekday(kind).map_or(days.holidays(), |day| days.contains(day));
        if is_meant {
            known.get_or_insert_default().extend(hours);
        }
    }
}

fn weekday(kind: usize) -> Option<Weekday> {
    u8::try_from(kind).ok().and_then(|kind| Weekday::try_from(kind).ok())
}

fn kind_index(kind: DayKind) -> usize {
    match kind {
        DayKind::Weekday(day) => day.num_days_from_monday() as usize,
        DayKind::Holiday(_) => HOLIDAY,
    }
}

fn kind_name(kind: usize) -> String {
    weekday(kind).map_or_else(|| "休日".to_owned(), day_set::name)
}
