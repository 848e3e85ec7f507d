//! Dates as Japanese offices print them.

use icu_calendar::{Date as IcuDate, cal::Japanese};
use shirube_safety::model::{Date, DateStyle};

use chrono::Datelike;

/// `令和8年4月1日`; the first year of an era is 元年. Years before 明治 keep the western form.
pub fn era(date: Date) -> String {
    let day = date.0;
    let converted = u8::try_from(day.month()).ok().zip(u8::try_from(day.day()).ok()).and_then(|(month, number)| {
        IcuDate::try_new_iso(day.year(), month, number).ok().map(|iso| iso.to_calendar(Japanese::new()))
    });
    let named = converted.and_then(|date| {
        let year = date.year().era()?;
        let name = match year.era.as_str() {
            "reiwa" => "令和",
            "heisei" => "平成",
            "showa" => "昭和",
            "taisho" => "大正",
            "meiji" => "明治",
            _ => return None,
        };
        let number = if year.year == 1 { "元".to_owned() } else { year.year.to_string() };
        Some(format!("{name}{number}年{}月{}日", day.month(), day.day()))
    });
    named.unwrap_or_else(|| western(date))
}

fn western(date: Date) -> String {
    format!("{}年{}月{}日", date.0.year(), date.0.month(), date.0.day())
}

/// A date in the style the service chose.
pub fn printed(date: Date, style: DateStyle) -> String {
    match style {
        DateStyle::Era => era(date),
        DateStyle::Western => western(date),
    }
}

/// A month written `2020-08`, in the style the service chose; anything else stays as it is.
pub(super) fn printed_month(month: &str, style: DateStyle) -> String {
    let Ok(first) = format!("{month}-01").parse() else { return month.to_owned() };
    printed(Date(first), style).trim_end_matches("1日").to_owned()
}

/// A sentence of ours with its `2027-03-31` in the style the service chose.
pub(super) fn with_printed_dates(text: &str, style: DateStyle) -> String {
    const LENGTH: usize = "2027-03-31".len();
    let mut made = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        made.push_str(&rest[..start]);
        rest = &rest[start..];
        let day = rest.get(..LENGTH).filter(|word| word.as_bytes()[4] == b'-').and_then(|word| word.parse().ok());
        let end = match day {
            Some(day) => {
                made.push_str(&printed(Date(day), style));
                LENGTH
            }
            None => {
                let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
                made.push_str(&rest[..digits]);
                digits
            }
        };
        rest = &rest[end..];
    }
    made + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_sentences_follow_the_style() {
        let text = "第10条（2027-03-31に実施予定）。MO-R-01";
        assert_eq!(with_printed_dates(text, DateStyle::Era), "第10条（令和9年3月31日に実施予定）。MO-R-01");
        assert_eq!(printed_month("2020-08", DateStyle::Era), "令和2年8月");
        assert_eq!(printed_month("不明", DateStyle::Western), "不明");
    }

    #[test]
    fn eras_change_on_their_days() {
        for (iso, expected) in [
            ("2026-04-01", "令和8年4月1日"),
            ("2019-05-01", "令和元年5月1日"),
            ("2019-04-30", "平成31年4月30日"),
            ("1989-01-08", "平成元年1月8日"),
            ("1989-01-07", "昭和64年1月7日"),
            ("1926-12-25", "昭和元年12月25日"),
        ] {
            let date = Date(iso.parse().expect("a date of the table"));
            assert_eq!(era(date), expected);
        }
    }
}
