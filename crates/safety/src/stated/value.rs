//! Values that are more than a text: a share in percent, a time of day.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

/// A share in percent, with the digits somebody wrote: what is promised must not change on its way to paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share(pub String);

impl Share {
    /// In units of 1/10000 percent, so that it can be compared exactly.
    pub fn ten_thousandths(&self) -> Option<u64> {
        let (whole, part) = self.0.split_once('.').unwrap_or((&self.0, ""));
        let part = (part.len() <= 4).then(|| format!("{part:0<4}"))?;
        format!("{whole}{part}").parse().ok()
    }

    /// Digits behind the point.
    pub fn digits(&self) -> usize {
        self.0.split_once('.').map_or(0, |(_, part)| part.len())
    }
}

const SHARE: &str = r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$";

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let share: Option<f64> = text.parse().ok();
        if share.is_some_and(|share| (0.0..=100.0).contains(&share)) {
            Ok(Self(text))
        } else {
            Err(serde::de::Error::custom("not a share in percent"))
        }
    }
}

impl JsonSchema for Share {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": SHARE, "description": "百分率（例: 99.95）" })
    }
}

/// A time of day, `09:00`; a day may end at `24:00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeOfDay(pub String);

impl TimeOfDay {
    /// Minutes after midnight.
    pub fn minutes(&self) -> u16 {
        let parts = self.0.split_once(':').map(|(hour, minute)| (hour.parse::<u16>(), minute.parse::<u16>()));
        match parts {
            Some((Ok(hour), Ok(minute))) => 60 * hour + minute,
            // A value that was read holds two numbers.
            _ => 0,
        }
    }
}

const TIME: &str = r"^((0?[0-9]|1[0-9]|2[0-3]):[0-5][0-9]|24:00)$";

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let time = text.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
        match time {
            Some((0..=23_u32, 0..=59_u32) | (24, 0)) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom("not a time of day")),
        }
    }
}

impl JsonSchema for TimeOfDay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeOfDay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": TIME, "description": "時刻（例: 09:00）" })
    }
}
