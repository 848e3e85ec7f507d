//! Time cut at months and periods, and minutes spread over it.

use chrono::{Datelike, Months, NaiveDate};

use super::availability::Minutes;
use super::stop::Stops;
use crate::calendar::{BusinessTime, Minute, Span, Spans};

/// A piece of time that lies in one month and one period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub span: Span,
    /// First day of its month.
    pub month: NaiveDate,
}

/// Minutes of business time and of other time.
pub(super) type ByBand = [Minutes; 2];

/// Cuts days at the ends of months and at further days.
pub(super) fn segments(from: NaiveDate, end: NaiveDate, cuts: &[NaiveDate]) -> Vec<Segment> {
    let first = month_of(from);
    let months = (0..).map_while(|count| first.checked_add_months(Months::new(count)));
    let mut days: Vec<NaiveDate> = months.take_while(|day| *day < end).chain(cuts.iter().copied()).collect();
    days.retain(|day| from < *day && *day < end);
    days.extend([from, end]);
    days.sort_unstable();
    days.dedup();
    let segment = |pair: &[NaiveDate]| Segment {
        span: Span::new(Minute::start_of(pair[0]), Minute::start_of(pair[1])),
        month: month_of(pair[0]),
    };
    days.windows(2).map(segment).collect()
}

/// First day of the month.
pub(super) fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// What every segment holds, by band.
pub(super) fn spread(segments: &[Segment], stops: &Stops, business: &BusinessTime) -> Vec<ByBand> {
    let mut sums: Vec<ByBand> = vec![ByBand::default(); segments.len()];
    let whole = Spans::of(segments.iter().map(|segment| segment.span).collect());
    put(&whole, segments, business, |at, band, minutes| sums[at][band].all += minutes);
    put(&stops.counted, segments, business, |at, band, minutes| sums[at][band].counted += minutes);
    for (class, spans) in stops.excluded.iter().enumerate() {
        put(spans, segments, business, |at, band, minutes| sums[at][band].excluded[class] += minutes);
    }
    sums
}

fn put(spans: &Spans, segments: &[Segment], business: &BusinessTime, mut add: impl FnMut(usize, usize, u64)) {
    let mut first = 0;
    for span in spans.iter() {
        while segments.get(first).is_some_and(|segment| segment.span.until <= span.from) {
            first += 1;
        }
        let touched = segments[first..].iter().take_while(|segment| segment.span.from < span.until);
        for (more, segment) in touched.enumerate() {
            let part = span.both(segment.span);
            let within = business.minutes(part);
            add(first + more, 0, within);
            add(first + more, 1, part.minutes() - within);
        }
    }
}
