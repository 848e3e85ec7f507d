//! The duties as days of a calendar.

use shirube_safety::operation::register::{Due, When};
use uuid::Uuid;

use super::RecordHead;
use crate::write::{CalendarDay, icalendar};

/// The duties that have a day, as iCalendar. The same duty of the same period keeps its identifier, so that a calendar
/// that takes the file in again changes what it has. The moment of the file is the day it was made for, not a clock's.
pub fn duty_calendar(duties: &[Due], made: &RecordHead) -> Vec<u8> {
    let days: Vec<CalendarDay> = duties.iter().filter_map(|due| day(due, made)).collect();
    icalendar(&format!("{}の務め", made.service), made.on, &days)
}

fn day(due: &Due, made: &RecordHead) -> Option<CalendarDay> {
    let When::By { day, at, .. } = &due.when else { return None };
    let time = at.map(|at| format!("（{}まで）", at.format("%H:%M"))).unwrap_or_default();
    let lines = [
        Some(due.basis.clone()),
        due.owner.as_ref().map(|owner| format!("担当: {owner}")),
        due.duty.source.as_ref().map(|source| format!("よりどころ: {source}")),
        Some(due.state()).filter(|state| !state.is_empty()),
    ];
    Some(CalendarDay {
        id: identifier(due, &day.to_string(), made),
        day: *day,
        title: format!("{}{time}", due.named()),
        text: lines.into_iter().flatten().collect::<Vec<_>>().join("\n"),
    })
}

fn identifier(due: &Due, day: &str, made: &RecordHead) -> String {
    let entry = due.entry.map_or("", |entry| &entry.id);
    let parts = ["duty", &made.service, &due.register.id, entry, &due.duty.id, day];
    let name = parts.join("\u{1f}");
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}
