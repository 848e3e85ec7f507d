//! What happened and what was decided, in the order of the moments (EVID-015).

use shirube_catalog::{Register, RegisterField};

use super::{At, CONCERNED, Incident};
use crate::operation::register::{Act, Entry, LogLine};

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub at: At,
    pub what: String,
    /// Who did it, where the log says so.
    pub by: Option<String>,
    pub remark: Option<String>,
    /// The register with the entry.
    pub place: String,
}

/// Dated fields of the incident and of all that belongs to it, and every line of the log about them.
pub fn timeline(incident: &Incident) -> Vec<Happened> {
    let mut all = Vec::new();
    for id in CONCERNED {
        let Some(register) = incident.records.register(id) else { continue };
        let entries = if id == super::INCIDENTS { vec![incident.entry] } else { incident.related(id) };
        for entry in entries {
            all.extend(register.fields.iter().filter_map(|field| of_field(register, entry, field)));
            let lines = incident.records.done(id).filter(|line| line.entry.as_ref() == Some(&entry.id));
            all.extend(lines.filter_map(|line| of_line(register, line)));
        }
    }
    // Stable: what is of one moment keeps the order of the registers and fields.
    all.sort_by_key(|one| one.at);
    all
}

fn place(register: &Register, entry: &str) -> String {
    format!("{} {entry}", register.title)
}

fn of_field(register: &Register, entry: &Entry, field: &RegisterField) -> Option<Happened> {
    // Limits are still to come, and the ends of a period happened to nobody.
    let is_limit = field.id.ends_with("_by") || field.id.starts_with("due_") || field.id.ends_with("_due_on");
    let is_period = field.id.starts_with("from_") || field.id.starts_with("until_");
    let at = At::of(entry, &field.id).filter(|_| !is_limit && !is_period)?;
    Some(Happened { at, what: field.title.clone(), by: None, remark: None, place: place(register, &entry.id) })
}

fn of_line(register: &Register, line: &LogLine) -> Option<Happened> {
    let title = match &line.act {
        Act::Step(id) => &register.step(id)?.title,
        Act::Duty(id) => &register.duty(id)?.title,
    };
    let at = At { day: line.on, time: line.at };
    let entry = line.entry.as_deref().unwrap_or_default();
    let (by, remark) = (line.person.clone(), line.remark.clone());
    Some(Happened { at, what: title.clone(), by, remark, place: place(register, entry) })
}
