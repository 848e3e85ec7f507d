//! The date a file claims to be made on: that of issue, never that of the clock.

use std::fmt;

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Day {
    /// Stands for "not issued yet" in file properties that must hold a date.
    pub const UNKNOWN: Self = Self { year: 2000, month: 1, day: 1 };

    /// Reads a printed Japanese date such as `令和8年4月1日` or `2026年4月1日(水)`; otherwise [`Self::UNKNOWN`].
    pub fn of(printed: Option<&str>) -> Self {
        printed.and_then(Self::read).unwrap_or(Self::UNKNOWN)
    }

    fn read(printed: &str) -> Option<Self> {
        let digits: String = printed.chars().map(half_width).collect();
        let (year, rest) = digits.trim().split_once('年')?;
        let (month, rest) = rest.split_once('月')?;
        let (day, _) = rest.split_once('日')?;
        let year = match year.trim() {
            era if era.starts_with("令和") => 2018 + era_year(era.strip_prefix("令和")?)?,
            era if era.starts_with("平成") => 1988 + era_year(era.strip_prefix("平成")?)?,
            year => year.parse().ok()?,
        };
        let (month, day) = (month.trim().parse().ok()?, day.trim().parse().ok()?);
        let real = (1980..=2999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        real.then_some(Self { year, month, day })
    }
}

/// 0 for a month that does not exist.
fn days_in(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

fn era_year(text: &str) -> Option<u16> {
    let text = text.trim();
    if text == "元" { Some(1) } else { text.parse().ok().filter(|year| *year <= 200) }
}

fn half_width(character: char) -> char {
    match character {
        '０'..='９' => char::from_u32(character as u32 - '０' as u32 + '0' as u32).unwrap_or(character),
        other => other,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_dates_are_read_in_both_calendars() {
        for (printed, expected) in [
            ("令和8年4月1日", "2026-04-01"),
            ("令和元年５月１日", "2019-05-01"),
            ("平成31年4月30日", "2019-04-30"),
            ("2026年11月22日(日)", "2026-11-22"),
            ("近日", "2000-01-01"),
            ("令和8年13月1日", "2000-01-01"),
            ("令和8年2月29日", "2000-01-01"),
        ] {
            assert_eq!(Day::of(Some(printed)).to_string(), expected, "{printed}");
        }
        assert_eq!(Day::of(None), Day::UNKNOWN);
    }
}
