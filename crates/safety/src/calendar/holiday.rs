//! 国民の祝日, worked out from the rules of the catalog.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};
use shirube_catalog::{Equinox, HolidayRule, HolidayRules, holiday_rules};

type Holidays = BTreeMap<NaiveDate, &'static str>;

static ALL: LazyLock<Holidays> = LazyLock::new(|| {
    let rules = holiday_rules();
    years().flat_map(|year| of_year(rules, year)).collect()
});

/// What the day is called if it is a holiday by law.
pub fn holiday(day: NaiveDate) -> Option<&'static str> {
    ALL.get(&day).copied()
}

/// The years the rules hold for.
pub fn years() -> RangeInclusive<i32> {
    holiday_rules().from..=holiday_rules().until
}

/// Last year whose equinoxes have been published; those after it are computed ahead.
pub fn equinoxes_published_until() -> i32 {
    holiday_rules().published_until
}

/// All holidays of a year. No 祝日 is so near to its ends that another year could matter.
fn of_year(rules: &'static HolidayRules, year: i32) -> Holidays {
    let named = rules.days.iter().filter(|rule| holds(rule, year));
    let named: Holidays = named.filter_map(|rule| Some((day(rule, year)?, rule.name.as_str()))).collect();
    let mut all = named.clone();
    for free in named.keys().filter(|day| day.weekday() == Weekday::Sun) {
        let substitute = free.iter_days().find(|day| !named.contains_key(day));
        all.extend(substitute.map(|day| (day, rules.substitutes.sunday.as_str())));
    }
    for (before, after) in named.keys().zip(named.keys().skip(1)) {
        if let Some(day) = before.succ_opt().filter(|day| day.succ_opt() == Some(*after)) {
            all.entry(day).or_insert(rules.substitutes.between.as_str());
        }
    }
    all
}

fn holds(rule: &HolidayRule, year: i32) -> bool {
    rule.from.is_none_or(|from| from <= year)
        && rule.until.is_none_or(|until| year <= until)
        && !rule.except.contains(&year)
}

fn day(rule: &HolidayRule, year: i32) -> Option<NaiveDate> {
    if let Some(day) = rule.day {
        return NaiveDate::from_ymd_opt(year, rule.month, day);
    }
    if let Some(number) = rule.monday {
        return NaiveDate::from_weekday_of_month_opt(year, rule.month, Weekday::Mon, number);
    }
    NaiveDate::from_ymd_opt(year, rule.month, equinox(rule.equinox?, year)?)
}

/// Day of the month on which the sun crosses the equator by Japanese time, by the usual approximation for 1980 to 2099.
fn equinox(which: Equinox, year: i32) -> Option<u32> {
    let passed = i64::from(year) - 1980;
    // In millionths of a day: the moment in 1980, and how far a year is longer than 365 days.
    let first = match which {
        Equinox::Spring => 20_843_100,
        Equinox::Autumn => 23_248_800,
    };
    let day = (first + 242_194 * passed).div_euclid(1_000_000) - passed.div_euclid(4);
    u32::try_from(day).ok()
}
