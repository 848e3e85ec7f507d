//! What is due by whom and when, and what is overdue.
//!
//! A periodic duty is counted from its origin in whole periods: done within a period, it is due again at the end of the
//! next. Done late, it counts for what was missed, and the period that runs has still to come. What has not been done for
//! several periods is one overdue duty with the day on which it first should have been done.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use shirube_catalog::{DutyPer, Register, RegisterDuty, Span};

use super::Records;
use super::entry::Entry;
use super::file::AgreedPeriod;
use super::log::LogLine;
use super::period::{add, occurrence, subtract};

/// A duty of an entry or of a register as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Due<'a> {
    pub register: &'a Register,
    pub duty: &'a RegisterDuty,
    pub entry: Option<&'a Entry>,
    /// Whoever is to do it; none where the field with the person is empty.
    pub owner: Option<String>,
    pub when: When,
    /// What the day follows from, in Japanese.
    pub basis: String,
    /// When it was last done.
    pub last: Option<NaiveDate>,
}

/// When a duty is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// By the end of this day, or by this moment.
    By { day: NaiveDate, at: Option<NaiveDateTime>, is_overdue: bool },
    /// Both sides have to agree on the period, and nobody wrote what they agreed.
    NotAgreed,
    /// The day from which to count is not written. The sentence says which.
    NoOrigin(String),
}

impl Due<'_> {
    pub fn day(&self) -> Option<NaiveDate> {
        match self.when {
            When::By { day, .. } => Some(day),
            _ => None,
        }
    }

    pub fn is_overdue(&self) -> bool {
        matches!(self.when, When::By { is_overdue: true, .. })
    }

    /// What is to be told beside the day; empty where the day says it all.
    pub fn state(&self) -> String {
        match &self.when {
            When::By { is_overdue: true, .. } => "期日を過ぎています".to_owned(),
            When::By { .. } => String::new(),
            When::NotAgreed => "周期をまだ決めていません".to_owned(),
            When::NoOrigin(why) => why.clone(),
        }
    }

    /// The duty as people call it, with what it is about.
    pub fn named(&self) -> String {
        let entry = self.entry.map(|entry| format!("「{}」", entry.id)).unwrap_or_default();
        format!("{}{entry} {}", self.register.title, self.duty.title)
    }
}

/// The duties of all registers that are kept: those overdue on `on`, those due until `until`, and those of which nobody
/// can say when. By days, what has none last.
pub fn due<'a>(records: &'a Records, on: NaiveDate, until: NaiveDate) -> Vec<Due<'a>> {
    let mut all = Vec::new();
    for register in records.registers.iter().filter(|register| records.is_kept(&register.id)) {
        for duty in &register.duties {
            let agreed = records.periods.duties.iter();
            let agreed = agreed.clone().find(|one| one.register == register.id && one.duty == duty.id);
            let reckoning = Reckoning { records, register, duty, agreed, on, until };
            match duty.per {
                DutyPer::Register => reckoning.of(None, &mut all),
                DutyPer::Entry => {
                    let entries = records.entries(&register.id).iter();
                    for entry in entries.filter(|entry| register.has_duty_in(duty, &entry.state)) {
                        reckoning.of(Some(entry), &mut all);
                    }
                }
            }
        }
    }
    all.sort_by_key(|one| (one.day().is_none(), one.day()));
    all
}

/// Most days of one duty: a daily duty over ten years.
const MOST: usize = 3660;

struct Reckoning<'a> {
    records: &'a Records,
    register: &'a Register,
    duty: &'a RegisterDuty,
    agreed: Option<&'a AgreedPeriod>,
    on: NaiveDate,
    until: NaiveDate,
}

impl<'a> Reckoning<'a> {
    fn of(&self, entry: Option<&'a Entry>, all: &mut Vec<Due<'a>>) {
        let done: Vec<&LogLine> = self.done(entry).collect();
        if let (Some(bound), Some(entry)) = (&self.duty.before, entry) {
            let Some(day) = entry.day(&bound.field) else {
                return all.push(self.without(Some(entry), self.no_origin(&bound.field), &done));
            };
            let day = bound.span.map_or(Some(day), |span| subtract(day, span));
            let by = day.map(|day| day.and_time(NaiveTime::MIN));
            return self.once(entry, by, false, &done, &self.bound_basis(&bound.field, bound.span, "前"), all);
        }
        if let (Some(bound), Some(entry)) = (&self.duty.after, entry) {
            let found = entry.values(&bound.field).iter().find_map(|value| value.moment());
            let Some(moment) = found else {
                return all.push(self.without(Some(entry), self.no_origin(&bound.field), &done));
            };
            let by = bound.span.map_or(Some(moment), |span| add(moment, span));
            let exact = matches!(bound.span, Some(Span::Hours(_)));
            return self.once(entry, by, exact, &done, &self.bound_basis(&bound.field, bound.span, "後"), all);
        }
        self.periodic(entry, &done, all);
    }

    /// What was done of the duty up to the day that is asked about.
    fn done(&self, entry: Option<&'a Entry>) -> impl Iterator<Item = &'a LogLine> {
        let (duty, on) = (&self.duty.id, self.on);
        let lines = self.records.done(&self.register.id);
        lines.filter(move |line| line.act.is_duty(duty) && line.counts() && line.on <= on).filter(move |line| {
            match entry {
                Some(entry) => line.entry.as_ref() == Some(&entry.id),
                None => true,
            }
        })
    }

    fn owner(&self, entry: Option<&Entry>) -> Option<String> {
        let owner = self.duty.owner.as_ref()?;
        match entry {
            Some(entry) => entry.owner(self.register, owner),
            None => self.register.field(owner).is_none().then(|| owner.clone()),
        }
    }

    fn due(&self, entry: Option<&'a Entry>, when: When, basis: String, done: &[&LogLine]) -> Due<'a> {
        let last = done.last().map(|line| line.on);
        Due { register: self.register, duty: self.duty, entry, owner: self.owner(entry), when, basis, last }
    }

    fn without(&self, entry: Option<&'a Entry>, when: When, done: &[&LogLine]) -> Due<'a> {
        self.due(entry, when, String::new(), done)
    }

    fn title<'t>(&'t self, field: &'t str) -> &'t str {
        self.register.field(field).map_or(field, |field| &field.title)
    }

    fn no_origin(&self, field: &str) -> When {
        When::NoOrigin(format!("「{}」が書かれていないため、期日が分かりません", self.title(field)))
    }

    fn bound_basis(&self, field: &str, span: Option<Span>, side: &str) -> String {
        match span {
            Some(span) => format!("「{}」の{span}{side}", self.title(field)),
            None => format!("「{}」の日", self.title(field)),
        }
    }

    /// A duty that is done once: listed until it was done.
    fn once(
        &self,
        entry: &'a Entry,
        by: Option<NaiveDateTime>,
        exact: bool,
        done: &[&LogLine],
        basis: &str,
        all: &mut Vec<Due<'a>>,
    ) {
        let Some(by) = by.filter(|by| done.is_empty() && by.date() <= self.until) else { return };
        let when = When::By { day: by.date(), at: exact.then_some(by), is_overdue: by.date() < self.on };
        all.push(self.due(Some(entry), when, basis.to_owned(), done));
    }

    fn periodic(&self, entry: Option<&'a Entry>, done: &[&LogLine], all: &mut Vec<Due<'a>>) {
        let agreed = self.agreed.and_then(|agreed| agreed.every);
        let declared = if self.duty.agreed { None } else { self.duty.every };
        let Some(every) = agreed.or(declared) else {
            return all.push(self.without(entry, When::NotAgreed, done));
        };
        let Some((origin, what)) = self.origin(entry, done) else {
            let when = match &self.duty.from {
                Some(field) if entry.is_some() => self.no_origin(field),
                _ => When::NoOrigin(
                    "数え始める日が決まっていません。operations/periods.yamlのfromに書いてください".to_owned(),
                ),
            };
            return all.push(self.without(entry, when, done));
        };
        let source = match (agreed, self.agreed) {
            (Some(_), Some(agreed)) => format!("、{}", agreed.basis),
            _ => String::new(),
        };
        let basis = format!("{every}ごと（{what}{origin}から数える{source}）");
        for day in self.days(origin, every, done) {
            let when = When::By { day, at: None, is_overdue: day < self.on };
            all.push(self.due(entry, when, basis.clone(), done));
        }
    }

    /// The day to count from, and what it is.
    fn origin(&self, entry: Option<&Entry>, done: &[&LogLine]) -> Option<(NaiveDate, String)> {
        if let Some(from) = self.agreed.and_then(|agreed| agreed.from) {
            return Some((from.0, String::new()));
        }
        match (&self.duty.from, entry) {
            (Some(field), Some(entry)) => entry.day(field).map(|day| (day, format!("「{}」の", self.title(field)))),
            _ => done.first().map(|line| (line.on, "最初に行った".to_owned())),
        }
    }

    /// The first day that is still open, and those that follow it until the end of what is asked for.
    fn days(&self, origin: NaiveDate, every: Span, done: &[&LogLine]) -> impl Iterator<Item = NaiveDate> {
        let first = first_open(origin, every, done.iter().map(|line| line.on));
        let (on, until) = (self.on, self.until);
        let days = (first..).map_while(move |times| occurrence(origin, every, times));
        let open = days.take_while(move |day| *day <= until).enumerate();
        // Of the days that went by, only the first is told.
        open.filter(move |(at, day)| *at == 0 || *day >= on).map(|(_, day)| day).take(MOST)
    }
}

/// How many periods after the origin the duty is next to be done.
fn first_open(origin: NaiveDate, every: Span, done: impl Iterator<Item = NaiveDate>) -> u32 {
    let mut next = 1;
    let day = |times| occurrence(origin, every, times);
    for done in done.filter(|day| *day > origin) {
        match day(next) {
            Some(due) if done <= due => next += u32::from(day(next - 1).is_some_and(|before| done > before)),
            _ => {
                while day(next).is_some_and(|due| due <= done) {
                    next += 1;
                }
            }
        }
    }
    next
}
