//! The calendar against tables that were not made by it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shirube_safety::calendar::{HoursRow, Minute, Span, WeekHours, equinoxes_published_until, holiday};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// SLA-003: every day of 2015 to 2035 is a holiday exactly if the table lists it, under that name.
#[test]
fn holidays_are_those_of_the_published_rules() {
    let table: BTreeMap<NaiveDate, &str> = include_str!("data/holidays.tsv")
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(written, name)| (day(written), name))
        .collect();
    assert!(table.len() > 21 * 16, "{} rows", table.len());
    let days = day("2015-01-01").iter_days().take_while(|one| *one < day("2036-01-01"));
    let wrong: Vec<String> = days
        .filter(|one| holiday(*one) != table.get(one).copied())
        .map(|one| format!("{one}: {:?}, the table has {:?}", holiday(one), table.get(&one)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!((2027..2035).contains(&equinoxes_published_until()));
}

/// SLA-002, SLA-003: hours of a span of days, by rows as people write them.
#[test]
fn hours_follow_the_kind_of_day() {
    let sample = [
        HoursRow { days: "平日・土曜日", from: Some(8 * 60), until: Some(21 * 60) },
        HoursRow { days: "日曜・祝日", from: Some(8 * 60), until: Some(17 * 60) },
    ];
    let nightly = [HoursRow { days: "毎日", from: Some(22 * 60), until: Some(6 * 60) }];
    let never = [HoursRow { days: "毎日", from: None, until: None }];
    let always = [HoursRow { days: "毎日", from: Some(0), until: Some(24 * 60) }];
    let closed = "12月29日から翌年1月3日まで";
    for (rows, closing, stay, from, until, minutes) in [
        // A Thursday, a Sunday, and 勤労感謝の日 on a Monday.
        (&sample[..], "", false, "2026-11-19", "2026-11-20", 13 * 60),
        (&sample, "", false, "2026-11-22", "2026-11-23", 9 * 60),
        (&sample, "", false, "2026-11-23", "2026-11-24", 9 * 60),
        // 建国記念の日 2023 is a Saturday: as a holiday, or as the Saturday it is.
        (&sample, "", false, "2023-02-11", "2023-02-12", 9 * 60),
        (&sample, "", true, "2023-02-11", "2023-02-12", 13 * 60),
        // Closing days are holidays, over the end of the year.
        (&sample, closed, false, "2026-12-28", "2026-12-30", (13 + 9) * 60),
        (&sample, closed, false, "2027-01-02", "2027-01-05", (9 + 9 + 13) * 60),
        // Over midnight, the end of the month and a leap day.
        (&nightly, "", false, "2028-02-28", "2028-03-01", 2 * 8 * 60),
        (&never, "", false, "2026-04-01", "2026-05-01", 0),
        (&always, "", false, "2028-01-01", "2029-01-01", 366 * 1440),
    ] {
        let hours = WeekHours::read(rows, closing, stay).unwrap();
        let span = Span::new(Minute::start_of(day(from)), Minute::start_of(day(until)));
        assert_eq!(hours.within(span).minutes(), minutes, "{from} to {until}");
    }
}
