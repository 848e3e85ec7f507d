//! What stands in a cell, as a value of the kind that its field was declared with.

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};
use shirube_catalog::{FieldKind, RegisterField};

use crate::typed::{day, folded, moment, written};

/// One value of a field. References stand as people wrote them: an id or a name.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    YesNo(bool),
    Date(NaiveDate),
    Time(NaiveDateTime),
}

impl Value {
    /// The day of a date or a moment.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            Self::Time(time) => Some(time.date()),
            _ => None,
        }
    }

    /// The moment; a day without a time begins at midnight.
    pub fn moment(&self) -> Option<NaiveDateTime> {
        match self {
            Self::Time(time) => Some(*time),
            other => other.day().map(|day| day.and_time(chrono::NaiveTime::MIN)),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::YesNo(true) => f.write_str("はい"),
            Self::YesNo(false) => f.write_str("いいえ"),
            Self::Date(day) => write!(f, "{day}"),
            Self::Time(time) => f.write_str(&written(*time)),
        }
    }
}

/// Why a cell cannot be read: what was found and what would be right.
pub type Wrong = String;

/// The values of a cell; none if it is empty. Every mistake comes back.
pub fn parse_cell(field: &RegisterField, text: &str) -> Result<Vec<Value>, Vec<Wrong>> {
    let (mut values, mut wrong) = (Vec::new(), Vec::new());
    for part in parts(field, text) {
        match parse(field, part) {
            Ok(value) => values.push(value),
            Err(message) => wrong.push(message),
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

/// The single values of a cell: several stand on lines of their own or behind a semicolon, and names also behind a comma.
fn parts<'t>(field: &RegisterField, text: &'t str) -> Vec<&'t str> {
    let is_sentence = matches!(field.kind, FieldKind::Text | FieldKind::Note | FieldKind::Evidence);
    let between = |c: char| matches!(c, '\n' | ';' | '；') || !is_sentence && matches!(c, '、' | ',' | '，');
    let parts: Vec<&str> = if field.many { text.split(between).collect() } else { vec![text] };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn parse(field: &RegisterField, text: &str) -> Result<Value, Wrong> {
    match field.kind {
        FieldKind::Number => number(text),
        FieldKind::YesNo => yes_no(text),
        FieldKind::Date => day(text).map(Value::Date),
        FieldKind::Time => moment(text).map(|(day, time)| match time {
            Some(time) => Value::Time(day.and_time(time)),
            None => Value::Date(day),
        }),
        FieldKind::Choice => choice(field, text),
        FieldKind::Note => Ok(Value::Text(text.to_owned())),
        _ if text.contains('\n') => {
            Err(format!("「{}」は二行以上あります。一行で書いてください。", text.replace('\n', " ")))
        }
        _ => Ok(Value::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Result<Value, Wrong> {
    let plain = folded(text).replace(',', "");
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Value::Number(number)),
        _ => Err(format!("「{text}」は数として読めません。「12」「1.5」のように、単位を付けずに書いてください。")),
    }
}

fn yes_no(text: &str) -> Result<Value, Wrong> {
    match folded(text).as_str() {
        "はい" | "yes" | "true" | "1" | "○" | "〇" | "有" | "あり" => Ok(Value::YesNo(true)),
        "いいえ" | "no" | "false" | "0" | "×" | "無" | "なし" => Ok(Value::YesNo(false)),
        _ => Err(format!("「{text}」は読めません。「はい」か「いいえ」を書いてください。")),
    }
}

fn choice(field: &RegisterField, text: &str) -> Result<Value, Wrong> {
    let wanted = folded(text);
    match field.options.iter().find(|option| folded(option) == wanted) {
        Some(option) => Ok(Value::Text(option.clone())),
        None => Err(format!("「{text}」は選べません。選べるのは、{}です。", field.options.join("、"))),
    }
}
