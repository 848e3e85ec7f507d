//! Pieces of what people write about days.

use chrono::NaiveDate;

/// Half-width figures and signs, without white space: as the readers here compare.
pub(super) fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '－' | '―' => '-',
        '／' => '/',
        '〜' | '~' => '～',
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(one).collect()
}

/// Parts joined by 及び in either spelling, 並びに and the like.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for joint in ["及び", concat!("お", "よび"), "並びに", "又は", "、", "，", ",", "・", "･"] {
        parts = parts.into_iter().flat_map(|part| part.split(joint)).collect();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Both ends of `AからBまで` or `A～B`; the same twice for a single thing.
pub(super) fn ends(text: &str) -> (&str, &str) {
    let text = text.strip_suffix("まで").unwrap_or(text);
    text.split_once("から").or_else(|| text.split_once('～')).unwrap_or((text, text))
}

/// A day as people write it: with a year or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Dated(NaiveDate),
    /// Month and day of every year.
    Annual(u32, u32),
}

/// `2026-08-14`, `2026年8月14日`, `8月14日`, `毎年8月14日`, `翌年1月3日`, `2月末日`.
pub(super) fn written(text: &str) -> Option<Written> {
    if let Some(day) = super::minute::day_of(text) {
        return Some(Written::Dated(day));
    }
    let text = text.strip_prefix("毎年").or_else(|| text.strip_prefix("翌年")).unwrap_or(text);
    if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = month_and_day(rest)?;
        return NaiveDate::from_ymd_opt(year.parse().ok()?, month, day).map(Written::Dated);
    }
    let (month, day) = month_and_day(text)?;
    Some(Written::Annual(month, day))
}

/// `8月14日` or `2月末日`; there must be such a day in a leap year.
fn month_and_day(text: &str) -> Option<(u32, u32)> {
    let (month, rest) = text.split_once('月')?;
    let (month, day) = (month.parse().ok()?, rest.strip_suffix('日')?);
    let day = if day == "末" { last_day(month)? } else { day.parse().ok()? };
    (NaiveDate::from_ymd_opt(LEAP_YEAR, month, day).is_some()).then_some((month, day))
}

pub(super) const LEAP_YEAR: i32 = 2024;

/// Last day of a month, 29 for February.
pub(super) fn last_day(month: u32) -> Option<u32> {
    (28..=31).rev().find(|day| NaiveDate::from_ymd_opt(LEAP_YEAR, month, *day).is_some())
}
