//! On which days and at which hours a group of accounts may sign in (AUTHN-016), in Japanese time.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use unicode_normalization::UnicodeNormalization;

const DAYS: [char; 7] = ['月', '火', '水', '木', '金', '土', '日'];
const DAY_MINUTES: u16 = 24 * 60;
const JST_SECONDS: i32 = 9 * 60 * 60;

/// Days and hours, written `月-金 08:30-18:00, 土 09:00-12:00`; the default is any time, written `常時`.
///
/// Public holidays are not known here; who may come in only on working days needs an approval on the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    /// Nothing means any time.
    spans: Vec<Span>,
}

/// Days (from Monday), and from when to when in minutes. `to` before `from` runs into the following day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    days: [bool; 7],
    from: u16,
    to: u16,
}

impl Hours {
    /// No limit.
    pub fn always() -> Self {
        Self::default()
    }

    /// Whether somebody may sign in at this time.
    pub fn allow(&self, now: DateTime<Utc>) -> bool {
        let Some(japan) = FixedOffset::east_opt(JST_SECONDS) else { return false };
        let here = now.with_timezone(&japan);
        let day = here.weekday().num_days_from_monday() as usize;
        let minute = (here.hour() * 60 + here.minute()) as u16;
        self.spans.is_empty() || self.spans.iter().any(|span| span.holds(day, minute))
    }
}

impl Span {
    fn holds(&self, day: usize, minute: u16) -> bool {
        if self.from < self.to {
            return self.days[day] && (self.from..self.to).contains(&minute);
        }
        let yesterday = (day + 6) % 7;
        (self.days[day] && minute >= self.from) || (self.days[yesterday] && minute < self.to)
    }
}

/// Why a text gives no hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("利用できる時間帯が空です。制限しない場合は「常時」と書いてください。")]
    Empty,
    #[error("「{0}」は曜日と時刻の組として読めません。「月-金 08:30-18:00」のように書いてください。")]
    Shape(String),
    #[error("「{0}」は曜日として読めません。「月-金」「月水金」「毎日」のように書いてください。")]
    Days(String),
    #[error("「{0}」は時刻の範囲として読めません。「08:30-18:00」のように、00:00から24:00までで書いてください。")]
    Times(String),
    #[error("「{0}」は始まりと終わりが同じ時刻です。終日の場合は「00:00-24:00」と書いてください。")]
    Nothing(String),
}

impl FromStr for Hours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let text: String = text.nfkc().map(|sign| if is_dash(sign) { '-' } else { sign }).collect();
        if text.trim() == "常時" {
            return Ok(Self::always());
        }
        let parts = text.split([',', '、', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let spans = parts.map(span).collect::<Result<Vec<_>, _>>()?;
        if spans.is_empty() { Err(HoursError::Empty) } else { Ok(Self { spans }) }
    }
}

/// What people write between two days or two times, after NFKC.
fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '~' | '\u{301C}' | '–' | '—' | '−' | 'ー')
}

fn span(part: &str) -> Result<Span, HoursError> {
    let at = part.find(|character: char| character.is_ascii_digit()).ok_or(HoursError::Shape(part.to_owned()))?;
    let (on, hours) = part.split_at(at);
    let days = days(on).ok_or_else(|| HoursError::Days(on.trim().to_owned()))?;
    let wrong = || HoursError::Times(hours.to_owned());
    let (from, to) = hours.split_once('-').ok_or_else(wrong)?;
    let (from, to) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
    if from == DAY_MINUTES {
        return Err(wrong());
    }
    if from == to { Err(HoursError::Nothing(hours.to_owned())) } else { Ok(Span { days, from, to }) }
}

fn days(text: &str) -> Option<[bool; 7]> {
    let text: String = text.replace("曜日", "").chars().filter(|character| !" ・曜".contains(*character)).collect();
    if text == "毎日" {
        return Some([true; 7]);
    }
    let mut days = [false; 7];
    let mut names = text.chars().peekable();
    while let Some(name) = names.next() {
        let first = DAYS.iter().position(|day| *day == name)?;
        let last = match names.next_if_eq(&'-') {
            Some(_) => names.next().and_then(|name| DAYS.iter().position(|day| *day == name))?,
            None => first,
        };
        // 金-月 goes over the weekend.
        let mut day = first;
        days[day] = true;
        while day != last {
            day = (day + 1) % 7;
            days[day] = true;
        }
    }
    days.contains(&true).then_some(days)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |digits: &str| {
        let well_formed = matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit());
        well_formed.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (minute < 60 && hour * 60 + minute <= DAY_MINUTES).then_some(hour * 60 + minute)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.spans.is_empty() {
            return f.write_str("常時");
        }
        for (at, span) in self.spans.iter().enumerate() {
            let between = if at == 0 { "" } else { ", " };
            let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            write!(f, "{between}{} {}-{}", named(&span.days), time(span.from), time(span.to))?;
        }
        Ok(())
    }
}

/// The days, with three and more in a row as a range.
fn named(days: &[bool; 7]) -> String {
    if days.iter().all(|day| *day) {
        return "毎日".to_owned();
    }
    let mut text = String::new();
    let mut day = 0;
    while day < 7 {
        let run = days[day..].iter().take_while(|held| **held).count();
        match run {
            0 => day += 1,
            1 | 2 => text.extend(&DAYS[day..day + run]),
            _ => text.extend([DAYS[day], '-', DAYS[day + run - 1]]),
        }
        day += run;
    }
    text
}
