//! How long closed entries are kept.

use chrono::NaiveDate;
use shirube_catalog::{Register, Span};

use super::Records;
use super::entry::Entry;
use super::log::Act;
use super::period::occurrence;

/// A closed entry, and until when it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<'a> {
    pub entry: &'a Entry,
    /// When it was closed, as the log says.
    pub closed_on: Option<NaiveDate>,
    pub until: Until,
}

/// Until when something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Kept back: nothing may go, whatever the period.
    Held,
    Day(NaiveDate),
    /// The period is agreed by both sides, and nobody wrote it.
    NotAgreed,
    /// The declaration states none.
    NoPeriod,
    /// Nobody wrote when it was closed.
    ClosedUnknown,
}

/// The closed entries of a register.
pub fn kept<'a>(records: &'a Records, register: &'a Register) -> Vec<Kept<'a>> {
    let is_closed = |entry: &&Entry| register.state(&entry.state).is_some_and(|state| state.closed);
    let period = period(records, register);
    let of = |entry: &'a Entry| {
        let closed_on = closed_on(records, register, entry);
        let until = match (entry.hold, period, closed_on) {
            (true, ..) => Until::Held,
            (_, Err(why), _) => why,
            (_, Ok(_), None) => Until::ClosedUnknown,
            (_, Ok(span), Some(day)) => occurrence(day, span, 1).map_or(Until::NoPeriod, Until::Day),
        };
        Kept { entry, closed_on, until }
    };
    records.entries(&register.id).iter().filter(is_closed).map(of).collect()
}

fn period(records: &Records, register: &Register) -> Result<Span, Until> {
    let agreed = records.periods.retention.iter().find(|agreed| agreed.register == register.id);
    match (&register.retention, agreed) {
        (None, _) => Err(Until::NoPeriod),
        (Some(retention), Some(agreed)) if retention.agreed => Ok(agreed.keep),
        (Some(retention), _) if retention.agreed => Err(Until::NotAgreed),
        (Some(retention), _) => retention.span().ok_or(Until::NoPeriod),
    }
}

/// The day of the last step into the state of a closed entry.
fn closed_on(records: &Records, register: &Register, entry: &Entry) -> Option<NaiveDate> {
    let lines = records.done(&register.id).filter(|line| line.entry.as_ref() == Some(&entry.id) && line.counts());
    let steps = lines.filter_map(|line| match &line.act {
        Act::Step(id) => register.step(id).map(|step| (line.on, step)),
        Act::Duty(_) => None,
    });
    steps.filter(|(_, step)| step.to == entry.state).map(|(day, _)| day).max()
}
