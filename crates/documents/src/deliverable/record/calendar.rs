//! The duties as days of a calendar.

use shirube_safety::operation::duty::{Duty, Whence};
use uuid::Uuid;

use super::RecordHead;
use crate::write::{CalendarDay, icalendar};

/// The duties that have a day, as iCalendar. The same duty of the same period keeps its identifier, so that a calendar
/// that takes the file in again changes what it has. The moment of the file is the day it was made for, not a clock's.
pub fn duty_calendar(duties: &[Duty], made: &RecordHead) -> Vec<u8> {
    let days: Vec<CalendarDay> = duties.iter().filter_map(|due| day(due, made)).collect();
    icalendar(&format!("{}の務め", made.service), made.on, &days)
}

fn day(due: &Duty, made: &RecordHead) -> Option<CalendarDay> {
    let day = due.day?;
    let time = due.at.map(|at| format!("（{}まで）", at.format("%H:%M"))).unwrap_or_default();
    let lines = [
        Some(due.basis.clone()),
        due.owner.as_ref().map(|owner| format!("担当: {owner}")),
        due.source.as_ref().map(|source| format!("よりどころ: {source}")),
        Some(due.state.clone()).filter(|state| !state.is_empty()),
        due.off.map(|off| off.to_string()),
    ];
    Some(CalendarDay {
        id: identifier(due, &day.to_string(), made),
        day,
        title: format!("{}{time}", due.named()),
        text: lines.into_iter().flatten().collect::<Vec<_>>().join("\n"),
    })
}

fn identifier(due: &Duty, day: &str, made: &RecordHead) -> String {
    let (of, entry, duty) = match &due.whence {
        Whence::Register { register, entry, duty, .. } => {
            (register.clone(), entry.clone().unwrap_or_default(), duty.clone())
        }
        Whence::File(place) => (place.file.name().to_owned(), due.object.clone(), place.pointer.clone()),
        Whence::Institution { field } => {
            ("institutions".to_owned(), due.object.clone(), format!("{field} {}", due.title))
        }
    };
    let parts = ["duty", made.service.as_str(), &of, &entry, &duty, day];
    let name = parts.join("\u{1f}");
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}
