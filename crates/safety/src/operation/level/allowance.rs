//! How long the service may stand still without missing its targets (SLA-040).

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::availability::{Band, allowed};
use super::terms::Terms;
use crate::calendar::{Minute, Span};
use crate::stated::Share;

/// Half a day: what the guideline's example takes one recovery to need at most (別紙1 II 6.3(2)).
const HALF_DAY_MINUTES: u64 = 12 * 60;

/// What a target leaves for stops.
#[derive(Debug, Clone, Serialize)]
pub struct Allowance {
    pub band: Band,
    pub target: Share,
    /// Minutes of the band in the year, and how many of them may be lost.
    pub year_minutes: u64,
    pub year_allowed: u64,
    /// The same for the shortest month.
    pub month: String,
    pub month_minutes: u64,
    pub month_allowed: u64,
    /// One stop of half a day that falls into the band breaks the target of the year, or of a month.
    pub half_day_breaks_year: bool,
    pub half_day_breaks_month: bool,
}

/// Works the targets out for twelve months from the first of a month. Agreed stops are not taken off.
pub fn allowances(terms: &Terms, first: NaiveDate) -> Vec<Allowance> {
    let months: Vec<(NaiveDate, NaiveDate)> = (0..12)
        .filter_map(|more| {
            let month = first.checked_add_months(chrono::Months::new(more))?;
            Some((month, month.checked_add_months(chrono::Months::new(1))?))
        })
        .collect();
    let one = |(band, target): &(Band, Share)| {
        let ratio = target.ten_thousandths()?;
        let sized = |(from, next): &(NaiveDate, NaiveDate)| (minutes(terms, *band, *from, *next), *from);
        let (month_minutes, month) = months.iter().map(sized).min()?;
        let year_minutes: u64 = months.iter().map(|month| sized(month).0).sum();
        let (year_allowed, month_allowed) = (allowed(year_minutes, ratio), allowed(month_minutes, ratio));
        // What of half a day can fall into the band in one piece.
        let hit = longest(terms, *band, first).min(HALF_DAY_MINUTES);
        Some(Allowance {
            band: *band,
            target: target.clone(),
            year_minutes,
            year_allowed,
            month: format!("{}-{:02}", month.year(), month.month()),
            month_minutes,
            month_allowed,
            half_day_breaks_year: hit > year_allowed,
            half_day_breaks_month: hit > month_allowed,
        })
    };
    terms.targets.iter().filter_map(one).collect()
}

fn minutes(terms: &Terms, band: Band, from: NaiveDate, next: NaiveDate) -> u64 {
    let span = Span::new(Minute::start_of(from), Minute::start_of(next));
    let business = terms.hours.within(span).minutes();
    match band {
        Band::Business => business,
        Band::Other => span.minutes() - business,
        Band::Whole => span.minutes(),
    }
}

/// Longest piece of a band within a year.
fn longest(terms: &Terms, band: Band, first: NaiveDate) -> u64 {
    let next = first.checked_add_months(chrono::Months::new(12)).unwrap_or(first);
    let year = Span::new(Minute::start_of(first), Minute::start_of(next));
    let business = terms.hours.within(year);
    let whole = crate::calendar::Spans::of(vec![year]);
    let of_band = match band {
        Band::Business => business,
        Band::Other => whole.without(&business),
        Band::Whole => whole,
    };
    of_band.iter().map(Span::minutes).max().unwrap_or(0)
}
