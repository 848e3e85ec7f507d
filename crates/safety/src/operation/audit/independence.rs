//! Whether an auditor took part in what is audited, by what the records say of the period (AUDIT-001).

use chrono::NaiveDate;
use shirube_catalog::{ControlId, FieldKind, Register, RegisterGroup};

use super::Audit;
use super::paper::chosen;
use crate::operation::register::{Act, Entry, Value};
use crate::typed::folded;

/// Something that an auditor did in the audited period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Title of the register.
    pub register: String,
    /// Id of the register.
    pub id: String,
    /// None where it is about the register as a whole.
    pub entry: Option<String>,
    /// None where the record has no day in the period, but stands for the whole time.
    pub on: Option<NaiveDate>,
    /// Field or act.
    pub how: String,
}

/// What the records say of an auditor.
#[derive(Debug, Clone, PartialEq)]
pub struct Independence {
    /// What people wrote: is the auditor free of the audited work?
    pub declared: Option<bool>,
    /// What the auditor did, by the records.
    pub parts: Vec<Part>,
    /// What the auditor's firm did for the provider, by the records.
    pub parts_of_party: Vec<Part>,
    /// The auditor belongs to the provider: an internal audit.
    pub is_internal: bool,
    /// No auditor or no period is written, so that nobody can tell.
    pub is_unknown: bool,
}

impl Independence {
    /// Whether somebody declared it and the records say otherwise.
    pub fn is_contradicted(&self) -> bool {
        self.declared == Some(true) && !self.took_part().is_empty()
    }

    /// What speaks against it: what the person did, and what a firm from outside did.
    pub fn took_part(&self) -> Vec<&Part> {
        let of_party = if self.is_internal { &[][..] } else { &self.parts_of_party[..] };
        self.parts.iter().chain(of_party).collect()
    }

    /// How it stands, in words.
    pub fn words(&self) -> String {
        let count = self.took_part().len();
        let side = if self.is_internal { "対象事業者に属する者" } else { "対象事業者の外の者" };
        match (self.is_unknown, count) {
            (true, _) => "監査する者か対象期間が書かれていないため、確かめられません".to_owned(),
            (_, 0) => format!("{side}で、対象期間の記録に、携わった跡はありません"),
            _ => format!("{side}で、対象期間の記録{count}件に名前があります"),
        }
    }
}

impl Audit<'_> {
    /// What the records say of its auditor; `provider` is what the provider is called.
    pub fn independence(&self, provider: &[&str]) -> Independence {
        let persons = self.entry.values("auditor");
        let party = self.entry.text("auditor_party");
        let is_internal = provider.iter().any(|name| folded(name) == folded(&party));
        let search = Search { audit: self, controls: chosen(self.entry) };
        let parts = search.parts(FieldKind::Person, persons);
        let parties = [Value::Text(party.clone())];
        let parts_of_party =
            if is_internal || party.is_empty() { Vec::new() } else { search.parts(FieldKind::Party, &parties) };
        Independence {
            declared: self.entry.values("independent").iter().find_map(|value| match value {
                Value::YesNo(yes) => Some(*yes),
                _ => None,
            }),
            parts,
            parts_of_party,
            is_internal,
            is_unknown: persons.is_empty() || self.period().is_none(),
        }
    }
}

struct Search<'a> {
    audit: &'a Audit<'a>,
    /// The controls that were chosen; empty for all.
    controls: Vec<String>,
}

impl Search<'_> {
    /// Registers whose records show who did the audited work. What auditors do stands in registers of audits.
    fn registers(&self) -> impl Iterator<Item = &Register> {
        let records = self.audit.records;
        let of_work = records.registers.iter().filter(|register| register.group != RegisterGroup::Audit);
        of_work.filter(|register| records.is_kept(&register.id) && self.is_in_scope(register))
    }

    fn is_in_scope(&self, register: &Register) -> bool {
        let of_duties = register.duties.iter().flat_map(|duty| &duty.evidences);
        let mut proves = register.evidences.iter().map(|one| &one.control).chain(of_duties);
        self.controls.is_empty() || proves.any(|control: &ControlId| super::paper::is_chosen(&self.controls, *control))
    }

    fn parts(&self, kind: FieldKind, names: &[Value]) -> Vec<Part> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let is_named = |text: &str| names.iter().any(|name| is_same(text, name));
        let mut parts = Vec::new();
        for register in self.registers() {
            for entry in self.audit.records.entries(&register.id) {
                parts.extend(self.of_entry(register, entry, kind, &is_named));
            }
            if kind == FieldKind::Person {
                parts.extend(self.of_log(register, &is_named));
            }
        }
        parts.sort();
        parts.dedup();
        parts
    }

    /// The fields of an entry that name them, if the entry was there in the period.
    fn of_entry(
        &self,
        register: &Register,
        entry: &Entry,
        kind: FieldKind,
        is_named: &dyn Fn(&str) -> bool,
    ) -> Vec<Part> {
        let Some(on) = self.in_period(register, entry) else { return Vec::new() };
        let fields = register.fields.iter().filter(|field| field.kind == kind);
        let named = fields.filter(|field| entry.values(&field.id).iter().any(|value| is_named(&value.to_string())));
        let part = |field: &shirube_catalog::RegisterField| Part {
            register: register.title.clone(),
            id: register.id.clone(),
            entry: Some(entry.id.clone()),
            on,
            how: field.title.clone(),
        };
        named.map(part).collect()
    }

    /// The first day of the entry in the period. An entry from before that is still open stood through it, without a day.
    fn in_period(&self, register: &Register, entry: &Entry) -> Option<Option<NaiveDate>> {
        let days = register.fields.iter().filter(|field| field.kind.is_dated());
        let days: Vec<NaiveDate> = days.filter_map(|field| entry.day(&field.id)).collect();
        if let Some(day) = days.iter().copied().filter(|day| self.audit.covers(*day)).min() {
            return Some(Some(day));
        }
        let (_, until) = self.audit.period()?;
        let is_closed = register.state(&entry.state).is_some_and(|state| state.closed);
        let was_there = days.is_empty() || days.iter().any(|day| *day <= until);
        (was_there && !is_closed).then_some(None)
    }

    fn of_log(&self, register: &Register, is_named: &dyn Fn(&str) -> bool) -> Vec<Part> {
        let lines = self.audit.records.done(&register.id).filter(|line| self.audit.covers(line.on));
        let named = lines.filter(|line| line.person.as_deref().is_some_and(is_named));
        let title = |act: &Act| match act {
            Act::Step(id) => register.step(id).map_or(id.clone(), |step| step.title.clone()),
            Act::Duty(id) => register.duty(id).map_or(id.clone(), |duty| duty.title.clone()),
        };
        let part = |line: &crate::operation::register::LogLine| Part {
            register: register.title.clone(),
            id: register.id.clone(),
            entry: line.entry.clone(),
            on: Some(line.on),
            how: title(&line.act),
        };
        named.map(part).collect()
    }
}

/// Whether a text names somebody: the name alone, or behind a title (「運用部長 港 四郎」 names 港 四郎).
pub(super) fn is_same(text: &str, name: &str) -> bool {
    let plain = |text: &str| folded(text).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let wanted = plain(name);
    let text = folded(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    !wanted.is_empty() && (0..words.len()).any(|at| words[at..].concat() == wanted)
}
