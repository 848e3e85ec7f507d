use chrono::{Datelike, Days, Months, NaiveDate};

use super::*;

/// The days of one duty of the tape.
fn days(records: &Records, duty: &str, on: &str, until: &str) -> Vec<(String, bool)> {
    let all = due(records, day(on), day(until));
    let of = all.iter().filter(|due| due.duty.id == duty);
    of.filter_map(|due| Some((due.day()?.to_string(), due.is_overdue()))).collect()
}

fn expected(list: &[(&str, bool)]) -> Vec<(String, bool)> {
    list.iter().map(|(day, overdue)| ((*day).to_owned(), *overdue)).collect()
}

/// OPS-005, OPS-077: what was done counts for its period; what was missed is overdue once, from its first day.
#[test]
fn duties_follow_from_what_was_done() {
    let done = |days: &[&str]| {
        let lines: Vec<[&str; 6]> = days.iter().map(|day| [*day, "tapes", "T-1", "劣化の確認", "岸", "済"]).collect();
        let lines: Vec<&[&str]> = lines.iter().map(|line| &line[..]).collect();
        tape("2026-01-31", &lines)
    };
    for (lines, on, until, days_due) in [
        (
            &[][..],
            "2026-02-10",
            "2026-04-30",
            &[("2026-02-28", false), ("2026-03-31", false), ("2026-04-30", false)][..],
        ),
        (&[], "2026-04-10", "2026-04-30", &[("2026-02-28", true), ("2026-04-30", false)]),
        (&["2026-02-20"], "2026-03-01", "2026-03-31", &[("2026-03-31", false)]),
        (&["2026-02-20", "2026-02-25"], "2026-03-01", "2026-03-31", &[("2026-03-31", false)]),
        (&["2026-03-10"], "2026-03-11", "2026-03-31", &[("2026-03-31", false)]),
        (&["2026-02-28"], "2026-04-01", "2026-04-01", &[("2026-03-31", true)]),
        // What was done after the day that is asked about does not count yet.
        (&["2026-05-01"], "2026-03-01", "2026-03-01", &[("2026-02-28", true)]),
    ] {
        assert_eq!(days(&done(lines), "look", on, until), expected(days_due), "{lines:?} {on}");
    }
    let not_done = tape("2026-01-31", &[&["2026-02-20", "tapes", "T-1", "劣化の確認", "岸", "未了"]]);
    assert_eq!(days(&not_done, "look", "2026-03-01", "2026-03-01"), expected(&[("2026-02-28", true)]));
}

/// OPS-077: a period that both sides have to agree is never invented.
#[test]
fn a_period_is_never_invented() {
    let mut records = tape("2026-01-31", &[]);
    let open = |records: &Records| {
        let all = due(records, day("2026-10-01"), day("2027-01-31"));
        all.into_iter().filter(|due| due.duty.id == "count").map(|due| (due.day(), due.state())).collect::<Vec<_>>()
    };
    assert_eq!(open(&records), [(None, "周期をまだ決めていません".to_owned())]);
    let agreed = serde_json::json!({ "duties": [{ "register": "tapes", "duty": "count", "every": { "months": 6 }, "basis": "合意" }] });
    records.periods = serde_json::from_value(agreed.clone()).expect("periods");
    let [(None, why)] = &open(&records)[..] else { panic!("no day to count from") };
    assert!(why.contains("数え始める日"), "{why}");
    let mut agreed = agreed;
    agreed["duties"][0]["from"] = "2026-04-01".into();
    records.periods = serde_json::from_value(agreed).expect("periods");
    assert_eq!(open(&records), [(Some(day("2026-10-01")), String::new())]);
}

#[test]
fn duties_around_a_day_are_due_once() {
    let headings = ["管理番号", "管理する者", "使用開始日", "使用期限", "気付いた日時", "状態"];
    let with = |state: &str, log: &[&[&str]]| {
        let row = ["T-1", "岸 五郎", "2025-01-01", "2026-10-20", "2026-09-30 18:00", state];
        records(&headings, &[&row], log)
    };
    let open = with("使用中", &[]);
    assert_eq!(days(&open, "renew", "2026-09-01", "2026-12-31"), expected(&[("2026-09-20", false)]));
    assert_eq!(days(&open, "renew", "2026-10-01", "2026-12-31"), expected(&[("2026-09-20", true)]));
    assert_eq!(days(&open, "tell", "2026-10-01", "2026-10-01"), expected(&[("2026-10-01", false)]));
    let all = due(&open, day("2026-10-01"), day("2026-10-01"));
    let at = all.iter().find(|due| due.duty.id == "tell").map(|due| due.when.clone());
    let Some(When::By { at: Some(at), .. }) = at else { panic!("a moment: {at:?}") };
    assert_eq!(at.to_string(), "2026-10-01 18:00:00");
    let told = with("使用中", &[&["2026-09-30", "tapes", "T-1", "知らせる", "岸", "済"]]);
    assert_eq!(days(&told, "tell", "2026-10-02", "2026-10-02"), []);
    assert_eq!(days(&with("廃棄待ち", &[]), "renew", "2026-10-01", "2026-12-31"), [], "the state has no such duty");
}

/// Property: for every origin of four years (a leap year among them) and spans of each unit, days come after the origin,
/// in their order, as far from each other as the span says, and the end of a month does not drift.
#[test]
fn days_keep_their_distance_whatever_the_origin() {
    let spans = [
        shirube_catalog::Span::Days(1),
        shirube_catalog::Span::Weeks(2),
        shirube_catalog::Span::Months(1),
        shirube_catalog::Span::Months(3),
        shirube_catalog::Span::Years(1),
    ];
    let first = day("2023-01-01");
    for origin in (0..1461).map(|days| first + Days::new(days)) {
        for span in spans {
            let days: Vec<NaiveDate> = (1..=24).filter_map(|times| occurrence(origin, span, times)).collect();
            assert_eq!(days.len(), 24);
            let mut before = origin;
            for (at, day) in days.iter().enumerate() {
                assert!(*day > before, "{origin} {span}: {day} is not after {before}");
                right(origin, span, at as u32 + 1, *day);
                before = *day;
            }
        }
    }
}

fn right(origin: NaiveDate, span: shirube_catalog::Span, times: u32, day: NaiveDate) {
    use shirube_catalog::Span;
    let months = match span {
        Span::Days(n) => return assert_eq!(day - origin, chrono::TimeDelta::days(i64::from(n * times))),
        Span::Weeks(n) => return assert_eq!(day - origin, chrono::TimeDelta::days(i64::from(n * times * 7))),
        Span::Hours(_) => unreachable!("no period is one of hours"),
        Span::Months(n) => n * times,
        Span::Years(n) => n * times * 12,
    };
    let month = origin.with_day(1).expect("a first day") + Months::new(months);
    assert_eq!((day.year(), day.month()), (month.year(), month.month()), "{origin} {span} × {times}");
    let last = month + Months::new(1) - Days::new(1);
    assert_eq!(day.day(), origin.day().min(last.day()), "{origin} {span} × {times}");
}
