//! What the application takes from outside of itself: time and chance. Tests bring their own.

use chrono::{DateTime, SecondsFormat, Utc};

/// Clock and source of randomness.
pub trait World: Send + Sync + 'static {
    fn now(&self) -> DateTime<Utc>;
    /// Fills the bytes with numbers nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// Those of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl World for Machine {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness every secret would be known: better no answer than a weak one.
        getrandom::fill(bytes).unwrap_or_else(|error| panic!("the machine gives no random numbers: {error}"));
    }
}

/// A time as the trail and the database write it.
pub fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A time the database gave back; none if it is not one.
pub fn read(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

/// Nine hours before Greenwich, all year.
const JST: chrono::FixedOffset = chrono::FixedOffset::east_opt(9 * 3600).expect("nine hours are an offset");

/// The day it is in Japan.
pub fn date(time: DateTime<Utc>) -> chrono::NaiveDate {
    time.with_timezone(&JST).date_naive()
}

/// The moment it is in Japan.
pub fn local(time: DateTime<Utc>) -> chrono::NaiveDateTime {
    time.with_timezone(&JST).naive_local()
}

/// The day it is in Japan, e.g. `2026-11-22`.
pub fn day(time: DateTime<Utc>) -> String {
    time.with_timezone(&JST).format("%Y-%m-%d").to_string()
}

/// A time as people in Japan read it: `2026年11月22日(日) 10:32`.
pub fn shown(time: DateTime<Utc>) -> String {
    const DAYS: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];
    let local = time.with_timezone(&JST);
    let day = DAYS[chrono::Datelike::weekday(&local).num_days_from_sunday() as usize];
    local.format("%Y年%-m月%-d日").to_string() + &format!("({day}) ") + &local.format("%H:%M").to_string()
}

/// The same for a time as the database keeps it; empty for none.
pub fn shown_text(text: &str) -> String {
    read(text).map(shown).unwrap_or_default()
}

/// The time of day of a time as the database keeps it: `10:32`.
pub fn shown_time(text: &str) -> String {
    read(text).map(|time| time.with_timezone(&JST).format("%H:%M").to_string()).unwrap_or_default()
}

/// A day as people in Japan read it: `2026年11月22日(日)`; the text itself if it is none.
pub fn shown_day(text: &str) -> String {
    const DAYS: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];
    match chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) => {
            let name = DAYS[chrono::Datelike::weekday(&day).num_days_from_sunday() as usize];
            day.format("%Y年%-m月%-d日").to_string() + &format!("({name})")
        }
        Err(_) => text.to_owned(),
    }
}
