//! Days on the command line.

use chrono::{NaiveDateTime, NaiveTime};
use shirube_safety::model::Date;
use shirube_safety::typed::moment;

use crate::exit::Failure;

/// Nine hours before Greenwich, all year.
const JST: chrono::FixedOffset = chrono::FixedOffset::east_opt(9 * 3600).expect("nine hours are an offset");

/// Today in Japan.
pub fn today() -> Date {
    Date(chrono::Utc::now().with_timezone(&JST).date_naive())
}

/// A day as somebody typed it behind `option`.
pub fn day(option: &str, typed: &str) -> Result<Date, Failure> {
    let wrong = |reason: &str| Failure::input(format!("{option} の{reason}"));
    let day = shirube_form::date(typed).map_err(|reason| wrong(&reason))?;
    serde_json::from_value(day.into()).map_err(|_| wrong(&format!("「{typed}」という日はありません。")))
}

/// The day typed, or today.
pub fn day_or_today(option: &str, typed: Option<&str>) -> Result<Date, Failure> {
    typed.map_or_else(|| Ok(today()), |typed| day(option, typed))
}

/// The moment typed behind `option`, or now in Japan, to the minute. A day without a time is its beginning.
pub fn moment_or_now(option: &str, typed: Option<&str>) -> Result<NaiveDateTime, Failure> {
    let Some(typed) = typed else { return Ok(chrono::Utc::now().with_timezone(&JST).naive_local()) };
    let (day, time) = moment(typed).map_err(|reason| Failure::input(format!("{option} の{reason}")))?;
    Ok(day.and_time(time.unwrap_or(NaiveTime::MIN)))
}
