//! Moments as people write them, with or without a time, and lengths in words.

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::operation::register::{Entry, Value};

/// A day, and the time where one was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    pub day: NaiveDate,
    pub time: Option<NaiveTime>,
}

impl At {
    /// What stands in a field of an entry.
    pub fn of(entry: &Entry, field: &str) -> Option<Self> {
        entry.values(field).iter().find_map(|value| match value {
            Value::Time(time) => Some(Self { day: time.date(), time: Some(time.time()) }),
            Value::Date(day) => Some(Self { day: *day, time: None }),
            _ => None,
        })
    }

    /// The first moment it can mean.
    pub fn earliest(self) -> NaiveDateTime {
        self.day.and_time(self.time.unwrap_or(NaiveTime::MIN))
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{} {}", self.day, time.format("%H:%M")),
            None => write!(f, "{}", self.day),
        }
    }
}

/// A length in days, hours and minutes, the two largest of them: `3日と4時間`, `25分`.
pub fn in_words(length: TimeDelta) -> String {
    let minutes = length.num_minutes().abs();
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest}分"),
        (0, hours, 0) => format!("{hours}時間"),
        (0, hours, rest) => format!("{hours}時間{rest}分"),
        (days, 0, _) => format!("{days}日"),
        (days, hours, _) => format!("{days}日と{hours}時間"),
    }
}
