//! Points of time: as people and machines write them, and as they are counted.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Serialize, Serializer};

/// A point of local time in Japan, with the seconds somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(NaiveDateTime);

/// A point of local time in Japan in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute(pub i64);

const HOURS_BEFORE_GREENWICH: i64 = 9;

impl Moment {
    /// A local time in Japan.
    pub fn at(local: NaiveDateTime) -> Self {
        Self(local)
    }

    pub fn local(self) -> NaiveDateTime {
        self.0
    }

    /// The minute that has begun.
    pub fn floor(self) -> Minute {
        Minute(self.0.and_utc().timestamp().div_euclid(60))
    }

    /// The next whole minute, or this one.
    pub fn ceil(self) -> Minute {
        let utc = self.0.and_utc();
        let is_whole = utc.timestamp().rem_euclid(60) == 0 && utc.timestamp_subsec_nanos() == 0;
        Minute(self.floor().0 + i64::from(!is_whole))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_whole = self.floor() == self.ceil();
        write!(f, "{}", self.0.format(if is_whole { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S%.f" }))
    }
}

impl FromStr for Moment {
    type Err = ();

    /// Takes `2026-04-01 10:30`, `2026/4/1 10:30:15`, `2026-04-01 24:00` and RFC 3339 with its offset.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        if let Ok(anywhere) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self(anywhere.naive_utc() + TimeDelta::hours(HOURS_BEFORE_GREENWICH)));
        }
        let (day, time) = text.split_once([' ', 'T', '\u{3000}']).ok_or(())?;
        let day = day_of(day).ok_or(())?;
        if time.trim() == "24:00" {
            return Ok(Self(day.checked_add_days(Days::new(1)).ok_or(())?.and_time(NaiveTime::MIN)));
        }
        let formats = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"];
        let time = formats.iter().find_map(|format| NaiveTime::parse_from_str(time.trim(), format).ok());
        time.map(|time| Self(day.and_time(time))).ok_or(())
    }
}

/// `2026-04-01` or `2026/4/1`.
pub(super) fn day_of(text: &str) -> Option<NaiveDate> {
    let formats = ["%Y-%m-%d", "%Y/%m/%d"];
    let day = formats.iter().find_map(|format| NaiveDate::parse_from_str(text.trim(), format).ok())?;
    (1000..=9999).contains(&day.year()).then_some(day)
}

impl Minute {
    pub fn start_of(day: NaiveDate) -> Self {
        Self(day.and_time(NaiveTime::MIN).and_utc().timestamp() / 60)
    }

    pub fn day(self) -> NaiveDate {
        self.local().date()
    }

    fn local(self) -> NaiveDateTime {
        DateTime::from_timestamp(self.0 * 60, 0).unwrap_or_default().naive_utc()
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.local().format("%Y-%m-%d %H:%M"))
    }
}

impl Serialize for Minute {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.local().format("%Y-%m-%dT%H:%M:00+09:00"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_widen_to_minutes() {
        for (text, floor, ceil) in [
            ("2026-04-01 10:30", "2026-04-01 10:30", "2026-04-01 10:30"),
            ("2026/4/1 10:30:01", "2026-04-01 10:30", "2026-04-01 10:31"),
            ("2026-04-01T01:30:00Z", "2026-04-01 10:30", "2026-04-01 10:30"),
            ("2026-04-01T10:30:59.5+09:00", "2026-04-01 10:30", "2026-04-01 10:31"),
            ("2026-02-28 24:00", "2026-03-01 00:00", "2026-03-01 00:00"),
        ] {
            let moment: Moment = text.parse().unwrap();
            assert_eq!(moment.to_string().parse(), Ok(moment), "{text}");
            assert_eq!((moment.floor().to_string(), moment.ceil().to_string()), (floor.into(), ceil.into()), "{text}");
        }
        for text in ["2026-04-01", "2026-02-29 10:00", "10:30", "2026-04-01 25:00", "26-04-01 10:00", ""] {
            assert_eq!(text.parse::<Moment>(), Err(()), "{text}");
        }
    }
}
