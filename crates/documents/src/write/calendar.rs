//! Days for calendars: iCalendar (RFC 5545), as far as whole days need it.

use chrono::{Days, NaiveDate};

/// One whole day of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// Tells it from all others, and stays the same when the file is made again.
    pub id: String,
    pub day: NaiveDate,
    pub title: String,
    pub text: String,
}

/// Longest line in octets.
const LONGEST_LINE: usize = 75;

/// A calendar with these days. `made_on` stands for the moment at which it was made.
pub fn icalendar(name: &str, made_on: NaiveDate, days: &[CalendarDay]) -> Vec<u8> {
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//shirube//shirube//JA");
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    for day in days {
        event(&mut out, day, made_on);
    }
    line(&mut out, "END:VCALENDAR");
    out.into_bytes()
}

fn event(out: &mut String, day: &CalendarDay, made_on: NaiveDate) {
    let date = |day: NaiveDate| day.format("%Y%m%d").to_string();
    // The end of a whole day is the next one.
    let end = day.day.checked_add_days(Days::new(1)).unwrap_or(day.day);
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}", day.id));
    line(out, &format!("DTSTAMP:{}T000000Z", date(made_on)));
    line(out, &format!("DTSTART;VALUE=DATE:{}", date(day.day)));
    line(out, &format!("DTEND;VALUE=DATE:{}", date(end)));
    line(out, &format!("SUMMARY:{}", escaped(&day.title)));
    if !day.text.is_empty() {
        line(out, &format!("DESCRIPTION:{}", escaped(&day.text)));
    }
    line(out, "TRANSP:TRANSPARENT");
    line(out, "END:VEVENT");
}

/// A text as a value: what has a meaning of its own stands behind a backslash.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => made.extend(['\\', character]),
            '\n' => made.push_str("\\n"),
            other if other.is_control() => {}
            other => made.push(other),
        }
    }
    made
}

/// A line, folded so that none is too long and no character is cut.
fn line(out: &mut String, text: &str) {
    let mut length = 0;
    for character in text.chars() {
        if length + character.len_utf8() > LONGEST_LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters_and_texts_escaped() {
        let day = CalendarDay {
            id: "a".to_owned(),
            day: "2028-02-29".parse().unwrap(),
            title: "棚卸".repeat(30),
            text: "一;二,三\\四\n五".to_owned(),
        };
        let text = String::from_utf8(icalendar("務め", "2026-10-01".parse().unwrap(), &[day])).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= LONGEST_LINE), "{text}");
        let unfolded = text.replace("\r\n ", "");
        for expected in [
            "DTSTART;VALUE=DATE:20280229\r\nDTEND;VALUE=DATE:20280301\r\n".to_owned(),
            "DTSTAMP:20261001T000000Z\r\n".to_owned(),
            format!("SUMMARY:{}\r\n", "棚卸".repeat(30)),
            "DESCRIPTION:一\\;二\\,三\\\\四\\n五\r\n".to_owned(),
        ] {
            assert!(unfolded.contains(&expected), "{expected}: {unfolded}");
        }
    }
}
