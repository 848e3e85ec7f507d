//! What people type: words with characters of any width, and days in all the ways people in Japan write them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use unicode_normalization::UnicodeNormalization;

use crate::calendar::Moment;

/// One spelling for all: NFKC, lower case, without white space around it.
pub fn folded(text: &str) -> String {
    text.trim().nfkc().collect::<String>().to_lowercase()
}

/// The eras with their first day.
const ERAS: [(&[&str], i32, u32); 5] = [
    (&["令和", "令", "r"], 2019, 501),
    (&["平成", "平", "h"], 1989, 108),
    (&["昭和", "昭", "s"], 1926, 1225),
    (&["大正", "大", "t"], 1912, 730),
    (&["明治", "明", "m"], 1868, 125),
];

/// A day: `2026-04-01`, `2026/4/1`, `2026年4月1日(水)`, `20260401`, `令和8年4月1日`, `R8.4.1`, `R08/04/01`, with digits of
/// any width. Whether the month has such a day is checked with the file.
pub fn date(typed: &str) -> Result<String, String> {
    let wrong = || {
        let shown = typed.trim();
        format!("「{shown}」は日付として読めません。「2026-04-01」「令和8年4月1日」のように入力してください。")
    };
    let plain: String = folded(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let head = plain.split(['(', '（']).next().unwrap_or_default();
    let era = ERAS.iter().find_map(|(names, year, first)| {
        let rest = names.iter().find_map(|name| head.strip_prefix(name))?;
        Some((*year, *first, rest.trim_start_matches('.')))
    });
    let body = era.map_or(head, |(_, _, rest)| rest);
    let parts: Vec<Option<i32>> =
        match body.len() == 8 && body.bytes().all(|byte| byte.is_ascii_digit()) && era.is_none() {
            true => [&body[..4], &body[4..6], &body[6..]].map(|part| part.parse().ok()).to_vec(),
            false => {
                let marked = body.replace(['年', '月', '/', '.', '‐', '−', '–'], "-").replace('日', "");
                let number = |part: &str| if part == "元" { Some(1) } else { part.parse().ok() };
                marked.split('-').map(number).collect()
            }
        };
    let [Some(year), Some(month @ 1..=12), Some(day @ 1..=31)] = parts[..] else { return Err(wrong()) };
    let year = match era {
        Some((_, _, _)) if !(1..=99).contains(&year) => return Err(wrong()),
        Some((start, _, _)) => start + year - 1,
        None => year,
    };
    let is_before = era.is_some_and(|(start, first, _)| year == start && (month * 100 + day) < first as i32);
    if is_before {
        return Err(format!("「{}」は、その元号が始まる前の日です。西暦で入力してください。", typed.trim()));
    }
    match year {
        1868..=2199 => Ok(format!("{year:04}-{month:02}-{day:02}")),
        _ => Err(wrong()),
    }
}

/// A day that the calendar has.
pub fn day(typed: &str) -> Result<NaiveDate, String> {
    let written = date(typed)?;
    written.parse().map_err(|_| format!("「{}」という日はありません。", typed.trim()))
}

/// A day with its time where one is written: `2026-04-01 9:30`, `令和8年4月1日 9時30分`.
pub fn moment(typed: &str) -> Result<(NaiveDate, Option<NaiveTime>), String> {
    // As machines write it, and with seconds: nothing of it may be lost.
    if let Ok(moment) = typed.parse::<Moment>() {
        let local = moment.local();
        return Ok((day(&local.date().to_string()).map_err(|_| no_time(typed))?, Some(local.time())));
    }
    let plain = folded(typed);
    let (date, time) = match plain.rsplit_once([' ', 't']) {
        Some((date, time)) if time.contains([':', '時']) => (date, Some(time)),
        _ => (plain.as_str(), None),
    };
    let time = time.map(|time| clock(time).ok_or_else(|| no_time(typed))).transpose()?;
    Ok((day(date).map_err(|_| no_time(typed))?, time))
}

fn no_time(typed: &str) -> String {
    format!("「{}」は日時として読めません。「2026-04-01 09:30」のように入力してください。", typed.trim())
}

fn clock(text: &str) -> Option<NaiveTime> {
    let marked = text.replace('時', ":").replace('分', "");
    let parts: Vec<u32> =
        marked.trim_end_matches(':').split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [hour] => NaiveTime::from_hms_opt(hour, 0, 0),
        [hour, minute] => NaiveTime::from_hms_opt(hour, minute, 0),
        [hour, minute, second] => NaiveTime::from_hms_opt(hour, minute, second),
        _ => None,
    }
}

/// A moment as files hold it, with its seconds where there are any.
pub fn written(moment: NaiveDateTime) -> String {
    Moment::at(moment).to_string()
}

#[cfg(test)]
mod tests {
    use super::{date, moment, written};

    #[test]
    fn moments_are_read_with_and_without_a_time() {
        for (typed, expected) in [
            ("2026-04-01 09:30", "2026-04-01 Some(09:30:00)"),
            ("2026-04-01T09:30", "2026-04-01 Some(09:30:00)"),
            ("令和8年4月1日　９時３０分", "2026-04-01 Some(09:30:00)"),
            ("2026/4/1 9時", "2026-04-01 Some(09:00:00)"),
            ("2026/4/1", "2026-04-01 None"),
            ("2026-04-01T00:30:00Z", "2026-04-01 Some(09:30:00)"),
            ("2026-03-31 24:00", "2026-04-01 Some(00:00:00)"),
        ] {
            let (day, time) = moment(typed).expect(typed);
            assert_eq!(format!("{day} {time:?}"), expected, "{typed}");
        }
        for typed in ["9:30", "2026-04-01 25:00", "2026-02-30 09:00", "きのう"] {
            assert!(moment(typed).unwrap_err().contains("日時として読めません"), "{typed}");
        }
    }

    /// SLA-002: an outage that is cut to the minute would be shorter than it was.
    #[test]
    fn seconds_are_kept() {
        for (typed, kept) in [
            ("2026-05-13 10:17:45", "2026-05-13 10:17:45"),
            ("2026/5/13 10:17:45", "2026-05-13 10:17:45"),
            ("2026-05-13T10:17:45.5+09:00", "2026-05-13 10:17:45.500"),
            ("2026-05-13 10:17:00", "2026-05-13 10:17"),
        ] {
            let (day, time) = moment(typed).expect(typed);
            let text = written(day.and_time(time.expect("a time")));
            assert_eq!(text, kept, "{typed}");
            assert_eq!(moment(&text), Ok((day, time)), "{typed}");
        }
    }

    #[test]
    fn days_are_read_in_all_spellings() {
        for (typed, expected) in [
            ("2026-04-01", "2026-04-01"),
            ("2026/4/1", "2026-04-01"),
            ("２０２６．４．１", "2026-04-01"),
            ("2026年4月1日(水)", "2026-04-01"),
            ("2026年 4月 1日（水）", "2026-04-01"),
            ("20260401", "2026-04-01"),
            ("令和7年4月1日", "2025-04-01"),
            ("令和７年４月１日", "2025-04-01"),
            ("㋿7年4月1日", "2025-04-01"),
            ("令和元年5月1日", "2019-05-01"),
            ("R7.4.1", "2025-04-01"),
            ("R07/04/01", "2025-04-01"),
            ("Ｒ７．４．１", "2025-04-01"),
            ("r.7.4.1", "2025-04-01"),
            ("令7.4.1", "2025-04-01"),
            ("H31.4.30", "2019-04-30"),
            ("平成元年1月8日", "1989-01-08"),
            ("昭和63-12-31", "1988-12-31"),
        ] {
            assert_eq!(date(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn what_is_no_day_is_told() {
        for typed in [
            "",
            "4月1日",
            "2026-13-01",
            "2026/4/32",
            "令和0年4月1日",
            "R7",
            "未定",
            "2026",
            "12345678901",
            "3000-01-01",
        ] {
            assert!(date(typed).unwrap_err().contains("日付として読めません"), "{typed}");
        }
        assert!(date("令和元年4月30日").unwrap_err().contains("元号が始まる前"));
    }
}
