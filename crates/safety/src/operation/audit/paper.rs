//! The working paper: what to look at for each control, drawn by the number of the audit, and what was seen.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use shirube_catalog::{Control, ControlId, FieldKind, Register, library};

use super::{Audit, FINDINGS};
use crate::choice::choice;
use crate::conformity::{ConformityFile, ControlStatus};
use crate::operation::register::{Act, Entry, LogLine, Value};

/// Samples for one control.
const SAMPLES: usize = 3;

/// A record to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Title of the register.
    pub register: String,
    /// None where it is about the register as a whole.
    pub entry: Option<String>,
    pub on: NaiveDate,
    /// What was done; the entry itself where it was only written down.
    pub what: String,
}

/// One control to look at.
#[derive(Debug, Clone)]
pub struct Item {
    pub control: &'static Control,
    /// None if nobody answered.
    pub answer: Option<ControlStatus>,
    /// How it is said to be met.
    pub promised: String,
    /// Titles of the registers that prove it, kept or not, and what else was named as evidence.
    pub evidence: Vec<String>,
    /// How many records of the period there are to draw from.
    pub population: usize,
    pub samples: Vec<Sample>,
}

choice! {
    /// What an auditor saw.
    Verdict {
        Confirmed = "confirmed", "確かめた";
        Finding = "finding", "指摘あり";
        NotSeen = "not-seen", "確かめられなかった";
        OutOfScope = "out-of-scope", "対象外";
    }
}

/// One line of a working paper that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub control: ControlId,
    pub verdict: Verdict,
    /// As the register of findings offers it.
    pub grade: Option<String>,
    pub remark: String,
    /// The records that were looked at.
    pub looked_at: String,
}

/// Controls that an audit names: numbers as they were written, empty for all.
pub(super) fn chosen(entry: &Entry) -> Vec<String> {
    let texts = entry.values("controls").iter().map(ToString::to_string);
    let parts: Vec<String> = texts
        .flat_map(|text| text.split(['、', ',', '，']).map(|part| part.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Whether a control is among those that were named: by its own number or by that of its group.
pub(super) fn is_chosen(chosen: &[String], control: ControlId) -> bool {
    chosen.iter().any(|text| match text.parse::<ControlId>() {
        Ok(id) => id == control,
        Err(_) => control
            .to_string()
            .strip_prefix(text.as_str())
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')),
    })
}

impl Audit<'_> {
    /// Named controls that 別紙2 does not have.
    pub fn unknown_controls(&self) -> Vec<String> {
        let all = &library().provider.controls;
        let is_known = |text: &String| all.iter().any(|control| is_chosen(std::slice::from_ref(text), control.id));
        chosen(self.entry).into_iter().filter(|text| !is_known(text)).collect()
    }
}

/// What an audit looks at: the controls it names, or all that have an answer, in the order of 別紙2.
pub fn checklist(audit: &Audit, answers: &ConformityFile) -> Vec<Item> {
    let chosen = chosen(audit.entry);
    let answered: BTreeMap<ControlId, &crate::conformity::ControlAnswer> =
        answers.answers.iter().filter_map(|answer| Some((answer.control.parse().ok()?, answer))).collect();
    let given = |id: &ControlId| answered.get(id).is_some_and(|answer| answer.status != ControlStatus::Unanswered);
    let wanted = |control: &&Control| match chosen.is_empty() {
        true => given(&control.id),
        false => is_chosen(&chosen, control.id),
    };
    let item = |control: &'static Control| {
        let answer = answered.get(&control.id);
        let proving: Vec<&Register> = audit.records.registers.iter().filter(|one| proves(one, control.id)).collect();
        let own = answer.map(|answer| answer.evidence.clone()).unwrap_or_default();
        let drawn = drawn(audit, control.id, &proving);
        Item {
            control,
            answer: answer.map(|answer| answer.status),
            promised: answer.map(|answer| answer.how.clone()).unwrap_or_default(),
            evidence: proving.iter().map(|register| register.title.clone()).chain(own).collect(),
            population: drawn.len(),
            samples: drawn.into_iter().take(SAMPLES).collect(),
        }
    };
    library().provider.controls.iter().filter(wanted).map(item).collect()
}

fn proves(register: &Register, control: ControlId) -> bool {
    let of_duties = register.duties.iter().flat_map(|duty| &duty.evidences);
    register.evidences.iter().map(|one| &one.control).chain(of_duties).any(|one| *one == control)
}

/// All records of the period that prove a control, in the order in which they are drawn.
fn drawn(audit: &Audit, control: ControlId, registers: &[&Register]) -> Vec<Sample> {
    let mut all: Vec<(String, Sample)> = Vec::new();
    for register in registers {
        for entry in audit.records.entries(&register.id) {
            let Some(on) = first_day(audit, register, entry) else { continue };
            all.push(lot(audit, control, register, Some(&entry.id), on, &register.entry));
        }
        for line in audit.records.done(&register.id).filter(|line| line.counts() && audit.covers(line.on)) {
            all.push(lot(audit, control, register, line.entry.as_deref(), line.on, &title(register, line)));
        }
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all.dedup_by(|one, other| one.0 == other.0);
    all.into_iter().map(|(_, sample)| sample).collect()
}

/// The first day of an entry that is in the period.
fn first_day(audit: &Audit, register: &Register, entry: &Entry) -> Option<NaiveDate> {
    let dated = register.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::Time));
    dated.filter_map(|field| entry.day(&field.id)).filter(|day| audit.covers(*day)).min()
}

fn title(register: &Register, line: &LogLine) -> String {
    match &line.act {
        Act::Step(id) => register.step(id).map_or(id.clone(), |step| step.title.clone()),
        Act::Duty(id) => register.duty(id).map_or(id.clone(), |duty| duty.title.clone()),
    }
}

/// A record with its lot: the SHA-256 of these words. The smallest lots are drawn.
fn lot(
    audit: &Audit,
    control: ControlId,
    register: &Register,
    entry: Option<&str>,
    on: NaiveDate,
    what: &str,
) -> (String, Sample) {
    let words = [&audit.entry.id, &control.to_string(), &register.id, entry.unwrap_or_default(), &on.to_string(), what];
    let lot = format!("{:x}", Sha256::digest(words.join("/").as_bytes()));
    let sample =
        Sample { register: register.title.clone(), entry: entry.map(str::to_owned), on, what: what.to_owned() };
    (lot, sample)
}

/// The findings that a working paper leads to: proposals, which people decide on. What is there already is not made again.
pub fn proposed(audit: &Audit, seen: &[Seen], on: NaiveDate) -> Vec<Entry> {
    let state = audit.records.register(FINDINGS).map_or_else(String::new, |one| one.first_state().id.clone());
    let is_there = |control: &str, remark: &str| {
        audit.findings().iter().any(|one| one.entry.text("controls") == control && one.entry.text("finding") == remark)
    };
    let found = seen.iter().filter(|one| one.verdict == Verdict::Finding);
    let new = found.filter(|one| !is_there(&one.control.to_string(), &one.remark));
    let text = |text: &str| vec![Value::Text(text.to_owned())];
    let taken: Vec<&str> = audit.records.entries(FINDINGS).iter().map(|entry| entry.id.as_str()).collect();
    let mut numbers =
        (1u32..).map(|at| format!("{}-{at:02}", audit.entry.id)).filter(|id| !taken.contains(&id.as_str()));
    new.map(|one| {
        let id = numbers.next().expect("there is always another number");
        let mut values = BTreeMap::from([
            ("number".to_owned(), text(&id)),
            ("audit".to_owned(), text(&audit.entry.id)),
            ("found_on".to_owned(), vec![Value::Date(on)]),
            ("finding".to_owned(), text(&one.remark)),
            ("controls".to_owned(), text(&one.control.to_string())),
        ]);
        if let Some(grade) = &one.grade {
            values.insert("grade".to_owned(), text(grade));
        }
        Entry { row: 0, id, state: state.clone(), values, hold: false }
    })
    .collect()
}
