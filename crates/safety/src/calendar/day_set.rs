//! Which days somebody means: 平日, 土曜日, 日曜日及び休日.

use chrono::Weekday;

use super::words::{ends, parts, plain};

/// Days of the week that are no holidays, and holidays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaySet {
    /// A bit for each day from Monday.
    weekdays: u8,
    holidays: bool,
}

const NAMES: [char; 7] = ['月', '火', '水', '木', '金', '土', '日'];
const WORKING: u8 = 0b001_1111;
const EVERY: u8 = 0b111_1111;
/// What people call days off by law.
const HOLIDAYS: [&str; 6] = ["休日", "祝日", "祝祭日", "国民の祝日", "祝", "休業日"];

impl DaySet {
    /// Reads the words; gives back the part that is not understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = plain(text);
        let mut set = Self::default();
        for part in parts(&text) {
            let (weekdays, holidays) = one(part).ok_or_else(|| part.to_owned())?;
            set.weekdays |= weekdays;
            set.holidays |= holidays;
        }
        if set == Self::default() { Err(text) } else { Ok(set) }
    }

    pub fn contains(self, day: Weekday) -> bool {
        self.weekdays & (1 << day.num_days_from_monday()) != 0
    }

    pub fn holidays(self) -> bool {
        self.holidays
    }
}

fn one(part: &str) -> Option<(u8, bool)> {
    match part {
        "毎日" | "全日" | "年中無休" => Some((EVERY, true)),
        "平日" => Some((WORKING, false)),
        _ if HOLIDAYS.contains(&part) => Some((0, true)),
        "土日祝" | "土日祝日" => Some((EVERY & !WORKING, true)),
        "土日" => Some((EVERY & !WORKING, false)),
        _ => {
            let (first, last) = ends(part);
            let (first, last) = (weekday(first)?, weekday(last)?);
            // 日曜日から木曜日まで goes over the end of the week.
            let count = (last + 7 - first) % 7 + 1;
            let bits = (0..count).map(|more| 1 << ((first + more) % 7));
            Some((bits.fold(0, |set, bit: u8| set | bit), false))
        }
    }
}

fn weekday(text: &str) -> Option<u8> {
    let mut letters = text.chars();
    let name = letters.next()?;
    let at = NAMES.iter().position(|known| *known == name)?;
    ["", "曜", "曜日"].contains(&letters.as_str()).then(|| u8::try_from(at).unwrap_or_default())
}

/// The name of a day of the week.
pub(super) fn name(day: Weekday) -> String {
    format!("{}曜日", NAMES[day.num_days_from_monday() as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, weekdays, holidays) in [
            ("平日", 0b001_1111, false),
            ("平日・土曜日", 0b011_1111, false),
            ("日曜・祝日", 0b100_0000, true),
            ("日曜日及び休日", 0b100_0000, true),
            ("月曜日から水曜日まで、金", 0b001_0111, false),
            ("土～月", 0b110_0001, false),
            ("毎日", 0b111_1111, true),
            ("土日祝", 0b110_0000, true),
        ] {
            assert_eq!(DaySet::read(text), Ok(DaySet { weekdays, holidays }), "{text}");
        }
        for (text, found) in [("平日及び隔週の土曜日", "隔週の土曜日"), ("診療日", "診療日"), ("", "")]
        {
            assert_eq!(DaySet::read(text), Err(found.to_owned()));
        }
    }
}
