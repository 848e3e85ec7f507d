//! What stands behind the answer to a control on a day: its newest records, their age, and what is overdue.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shirube_catalog::{ControlId, Evidenced, Register, Span};

use super::due::{Due, due};
use super::entry::Entry;
use super::log::LogLine;
use super::period::subtract;
use super::{Act, Records};
use crate::choice::choice;
use crate::conformity::{ConformityFile, ControlStatus};

choice! {
    /// What a record rests on, the weakest first.
    Strength {
        Entry = "entry", "台帳への記載";
        Log = "log", "行った記録";
        Filed = "filed", "証跡を示した記録";
    }
}

choice! {
    /// What stands against an answer.
    Gap {
        None = "no-record", "記録がない";
        Old = "old-record", "記録が古い";
        Overdue = "overdue", "期日を過ぎた務めがある";
    }
}

/// The records of one register for one control.
#[derive(Debug, Clone, PartialEq)]
pub struct Source<'a> {
    pub register: &'a Register,
    /// The duty whose records count; none if all of the register do.
    pub duty: Option<&'a str>,
    /// Newest record, and what it rests on.
    pub newest: Option<(NaiveDate, Strength)>,
    /// Records older than this are told.
    pub fresh: Option<Span>,
    pub is_old: bool,
}

impl Source<'_> {
    /// Age of the newest record in days.
    pub fn age_days(&self, on: NaiveDate) -> Option<i64> {
        self.newest.map(|(day, _)| (on - day).num_days())
    }

    /// What the records are of, as people call it.
    pub fn title(&self) -> String {
        let duty = self.duty.and_then(|id| self.register.duty(id));
        duty.map_or_else(|| self.register.title.clone(), |duty| format!("{}の{}", self.register.title, duty.title))
    }
}

/// What stands behind one control.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlEvidence<'a> {
    pub control: ControlId,
    /// What people answered; none if nobody did.
    pub answer: Option<ControlStatus>,
    pub sources: Vec<Source<'a>>,
    pub overdue: Vec<Due<'a>>,
}

impl ControlEvidence<'_> {
    /// Newest record of all sources.
    pub fn newest(&self) -> Option<(NaiveDate, Strength)> {
        self.sources.iter().filter_map(|source| source.newest).max()
    }

    /// Whether the answer says that something is done, so that records can be expected.
    pub fn claims(&self) -> bool {
        matches!(self.answer, Some(ControlStatus::Met | ControlStatus::Partial | ControlStatus::Alternative))
    }

    /// What stands against the answer. An old record stands against none but an answer that claims something.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let with_limit = |source: &&Source| source.fresh.is_some();
        if self.claims() && self.sources.iter().filter(with_limit).any(|source| source.newest.is_none()) {
            gaps.push(Gap::None);
        }
        if self.claims() && self.sources.iter().any(|source| source.newest.is_some() && source.is_old) {
            gaps.push(Gap::Old);
        }
        if !self.overdue.is_empty() {
            gaps.push(Gap::Overdue);
        }
        gaps
    }
}

/// Every control that a kept register is evidence for, in the order of 別紙2, as it stands on a day.
pub fn evidence<'a>(records: &'a Records, answers: &ConformityFile, on: NaiveDate) -> Vec<ControlEvidence<'a>> {
    let mut all: BTreeMap<ControlId, Vec<Source>> = BTreeMap::new();
    for register in records.registers.iter().filter(|register| records.is_kept(&register.id)) {
        for (control, source) in sources(records, register, on) {
            all.entry(control).or_default().push(source);
        }
    }
    let open = due(records, on, on);
    let of = |(control, sources): (ControlId, Vec<Source<'a>>)| {
        let answer = answers.answers.iter().find(|answer| answer.control.parse() == Ok(control));
        let answer = answer.map(|answer| answer.status);
        let overdue = open.iter().filter(|due| due.is_overdue() && due.duty.evidences.contains(&control));
        let overdue = overdue.cloned().collect();
        ControlEvidence { control, answer, sources, overdue }
    };
    all.into_iter().map(of).collect()
}

fn sources<'a>(records: &'a Records, register: &'a Register, on: NaiveDate) -> Vec<(ControlId, Source<'a>)> {
    let whole = register.evidences.iter().map(|evidenced: &Evidenced| {
        let newest = lines(records, register, on, None).chain(made(records, register, on)).max();
        (evidenced.control, source(register, None, newest, evidenced.fresh, on))
    });
    let duties = register.duties.iter().flat_map(|duty| {
        let newest = lines(records, register, on, Some(&duty.id)).max();
        let of = move |control: &ControlId| (*control, source(register, Some(duty.id.as_str()), newest, None, on));
        duty.evidences.iter().map(of)
    });
    whole.chain(duties).collect()
}

fn source<'a>(
    register: &'a Register,
    duty: Option<&'a str>,
    newest: Option<(NaiveDate, Strength)>,
    fresh: Option<Span>,
    on: NaiveDate,
) -> Source<'a> {
    let limit = fresh.and_then(|span| subtract(on, span));
    let is_old = limit.is_some_and(|limit| newest.is_some_and(|(day, _)| day < limit));
    Source { register, duty, newest, fresh, is_old }
}

/// What was done in a register, or for one of its duties, up to a day.
fn lines<'a>(
    records: &'a Records,
    register: &'a Register,
    on: NaiveDate,
    duty: Option<&'a str>,
) -> impl Iterator<Item = (NaiveDate, Strength)> + 'a {
    let counts = move |line: &&LogLine| {
        line.counts() && line.on <= on && duty.is_none_or(|duty| line.act == Act::Duty(duty.to_owned()))
    };
    let strength = |line: &LogLine| if line.evidence.is_some() { Strength::Filed } else { Strength::Log };
    records.done(&register.id).filter(counts).map(move |line| (line.on, strength(line)))
}

/// The days on which entries were made.
fn made<'a>(
    records: &'a Records,
    register: &'a Register,
    on: NaiveDate,
) -> impl Iterator<Item = (NaiveDate, Strength)> + 'a {
    let days = records.entries(&register.id).iter().filter_map(|entry: &Entry| entry.made_on(register));
    days.filter(move |day| *day <= on).map(|day| (day, Strength::Entry))
}
