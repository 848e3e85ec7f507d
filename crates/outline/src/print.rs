//! How facts look in a sentence.

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, Output, State};

use crate::facts::{is_absent, is_nothing, listed};
use crate::settings::Print;

/// What stands where nobody has written a fact.
pub const NOT_STATED: &str = "〔未記載〕";

/// An environment that knows our filters, prints absent facts as [`NOT_STATED`] and refuses to invent any.
pub(crate) fn environment(print: &Print) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_formatter(format);
    // A default would state what nobody stated.
    for filter in ["default", "d"] {
        environment.remove_filter(filter);
    }
    let date = print.date.clone();
    environment.add_filter("date", move |value: Value| texts(value, |text| date(text), "日付（例: 2026-04-01）"));
    environment.add_filter("hours", |value: Value| texts(value, hours, "時刻（例: 09:00）"));
    environment.add_filter("number", |value: Value| numbers(value, number));
    environment.add_filter("percent", |value: Value| numbers(value, percent));
    environment.add_filter("list", list);
    environment.add_test("none", |value: Value| is_nothing(&value));
    environment
}

fn format(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.kind() {
        _ if is_absent(value) => out.write_str(&value.to_string()).map_err(Error::from),
        minijinja::value::ValueKind::None => out.write_str(NOT_STATED).map_err(Error::from),
        minijinja::value::ValueKind::Bool => {
            let word = if value.is_true() { "はい" } else { "いいえ" };
            out.write_str(word).map_err(Error::from)
        }
        minijinja::value::ValueKind::Number => out.write_str(&plain(value)).map_err(Error::from),
        minijinja::value::ValueKind::Seq | minijinja::value::ValueKind::Iterable => {
            out.write_str(&list(value.clone())?.to_string()).map_err(Error::from)
        }
        minijinja::value::ValueKind::Map => Err(Error::new(
            ErrorKind::InvalidOperation,
            "項目の組は、そのままでは文に書けません。中の項目を書いてください",
        )),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

fn wrong(value: &Value, wanted: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("「{value}」は{wanted}として読めません"))
}

/// A filter over texts; what is absent stays absent.
fn texts(value: Value, show: impl Fn(&str) -> Option<String>, wanted: &str) -> Result<Value, Error> {
    if is_nothing(&value) {
        return Ok(value);
    }
    value.as_str().and_then(show).map(Value::from).ok_or_else(|| wrong(&value, wanted))
}

fn numbers(value: Value, show: impl Fn(&str) -> String) -> Result<Value, Error> {
    if is_nothing(&value) {
        return Ok(value);
    }
    match value.kind() {
        minijinja::value::ValueKind::Number => Ok(Value::from(show(&plain(&value)))),
        // Digits somebody wrote, kept as they are.
        minijinja::value::ValueKind::String if value.as_str().is_some_and(|text| text.parse::<f64>().is_ok()) => {
            Ok(Value::from(show(&value.to_string())))
        }
        _ => Err(wrong(&value, "数")),
    }
}

/// The shortest digits that mean the number.
fn plain(value: &Value) -> String {
    match i64::try_from(value.clone()) {
        Ok(whole) => whole.to_string(),
        Err(_) => f64::try_from(value.clone()).map_or_else(|_| value.to_string(), |number| format!("{number}")),
    }
}

fn list(value: Value) -> Result<Value, Error> {
    if is_nothing(&value) {
        return Ok(value);
    }
    if value.len() == Some(0) {
        return Ok(Value::from(value.to_string()));
    }
    let entries = listed(&value).ok_or_else(|| wrong(&value, "一覧"))?;
    let texts: Vec<String> =
        entries.iter().map(|entry| if is_number(entry) { plain(entry) } else { entry.to_string() }).collect();
    Ok(Value::from(texts.join("、")))
}

fn is_number(value: &Value) -> bool {
    value.kind() == minijinja::value::ValueKind::Number
}

/// `2026-04-01` as year, month and day.
pub fn dated(text: &str) -> Option<(i32, u32, u32)> {
    let mut parts = text.split('-');
    let date = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let fits = text.len() == 10 && parts.next().is_none() && (1..=12).contains(&date.1) && (1..=31).contains(&date.2);
    fits.then_some(date)
}

/// `08:00` as `8時`, `17:30` as `17時30分`.
pub fn hours(text: &str) -> Option<String> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    // A day may end at 24時.
    let fits = hour <= 24 && minute < 60 && (hour < 24 || minute == 0);
    fits.then(|| if minute == 0 { format!("{hour}時") } else { format!("{hour}時{minute}分") })
}

/// Digits in groups of three: `1234567.5` as `1,234,567.5`.
pub fn number(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

/// A share in percent with two decimals at most, cut and never rounded: what is promised must not grow on paper.
pub fn percent(digits: &str) -> String {
    let end = digits.find('.').map_or(digits.len(), |point| (point + 3).min(digits.len()));
    let cut = &digits[..end];
    let cut = if cut.contains('.') { cut.trim_end_matches('0').trim_end_matches('.') } else { cut };
    format!("{cut}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_cut_and_never_grow() {
        for (digits, expected) in [
            ("99.5", "99.5%"),
            ("99.9498", "99.94%"),
            ("99.999", "99.99%"),
            ("100", "100%"),
            ("99.95", "99.95%"),
            ("99.001", "99%"),
        ] {
            assert_eq!(percent(digits), expected);
        }
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (digits, expected) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567.25", "-1,234,567.25")] {
            assert_eq!(number(digits), expected);
        }
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        for (text, expected) in [
            ("08:00", Some("8時")),
            ("17:30", Some("17時30分")),
            ("24:00", Some("24時")),
            ("24:01", None),
            ("8", None),
            ("08:60", None),
        ] {
            assert_eq!(hours(text).as_deref(), expected, "{text}");
        }
    }
}
