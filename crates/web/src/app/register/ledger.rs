//! Everything the pages of registers need of a service: the declarations, the agreed periods, and the names that a field
//! can refer to.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use shirube_catalog::{DutyPer, FieldKind, Register};
use shirube_folder::registers::{Mistaken, read_registers};
use shirube_safety::operation::maintenance::Terms;
use shirube_safety::operation::register::{
    Book, Due, Entry, Known, LogLine, PeriodsFile, Records, Told, When, check, due,
};
use shirube_safety::{ServiceFiles, Severity};
use shirube_store::StoreError;

use super::own::Declarations;
use crate::app::App;
use crate::app::institution::customer_names;
use crate::app::revisions::InService;
use crate::app::sites::in_files;

/// How far ahead the next day of a duty is looked for: longer than anything is kept.
const AHEAD_DAYS: u64 = 30 * 366;

/// The registers of a service.
#[derive(Clone)]
pub struct Ledger {
    pub registers: Vec<Register>,
    pub periods: PeriodsFile,
    /// What was agreed on about maintenance, for the steps that ask for it.
    pub terms: Terms,
    /// Declarations of one's own that this version of the program cannot lay over its own, with the reasons.
    pub left_out: Mistaken,
    known: Known,
    /// Names that a field of a kind can be given, in the order of the model.
    names: BTreeMap<&'static str, Vec<String>>,
}

impl Ledger {
    /// Reads what a revision declares.
    pub async fn read(app: &App, at: &InService, revision: u64) -> Result<Self, StoreError> {
        let customers = customer_names(app, &at.organisation).await?;
        let files = app.store().files(&at.organisation, &at.service, revision).await?;
        let own = super::own::texts(app, at).await?;
        let mut ledger = in_files(files, move |files| Self::of(files, customers, own)).await?;
        ledger.periods.duties = super::period::agreed(app, at, &ledger.registers).await?;
        Ok(ledger)
    }

    fn of(files: &ServiceFiles, customers: Vec<String>, own: Declarations) -> Self {
        let (registers, left_out) = laid_as_far(own);
        let named = |kind: FieldKind, names: Vec<String>| (key(kind), names);
        let system = &files.system;
        let names = BTreeMap::from([
            named(FieldKind::Node, system.nodes.iter().map(|one| one.name.clone()).collect()),
            named(FieldKind::Site, system.sites.iter().map(|one| one.name.clone()).collect()),
            named(FieldKind::Information, system.information.iter().map(|one| one.name.clone()).collect()),
            named(FieldKind::Party, files.service.parties.iter().map(|one| one.name.clone()).collect()),
            named(FieldKind::Institution, customers.clone()),
        ]);
        Self {
            registers,
            periods: PeriodsFile::default(),
            terms: Terms::new(files).also(customers.iter().cloned()),
            left_out,
            known: Known { in_application: true, ..Known::new(files, customers.iter().map(String::as_str)) },
            names,
        }
    }

    pub fn register(&self, id: &str) -> Option<&Register> {
        self.registers.iter().find(|register| register.id == id)
    }

    /// Names that a field of this kind can be given; empty for kinds that refer to nothing of the model.
    pub fn names(&self, kind: FieldKind) -> &[String] {
        self.names.get(key(kind)).map_or(&[], Vec::as_slice)
    }

    /// What stands against one entry, or is missing in it. `others` are entries of other registers that it refers to: of
    /// them nothing is told.
    pub fn check(&self, register: &Register, entry: &Entry, lines: &[LogLine], others: Vec<Book>) -> Vec<Told> {
        let records = self.records(register, Some(entry), lines, others);
        let own = check(&records, &self.known).into_iter().filter(|told| told.row == OWN_ROW);
        // Here a state moves by steps only, or came with a file: then no record of ours shows how it was reached.
        own.filter(|told| !matches!(told.rule, "register-step" | "register-state")).map(brought).collect()
    }

    /// The next day of each duty of an entry, or of the register as a whole.
    pub fn next(
        &self,
        register: &Register,
        entry: Option<&Entry>,
        lines: &[LogLine],
        today: NaiveDate,
    ) -> BTreeMap<String, String> {
        let per = if entry.is_some() { DutyPer::Entry } else { DutyPer::Register };
        let records = self.records(register, entry, lines, Vec::new());
        let until = today.checked_add_days(Days::new(AHEAD_DAYS)).unwrap_or(NaiveDate::MAX);
        let mut next = BTreeMap::new();
        for due in due(&records, today, until).iter().filter(|due| due.duty.per == per) {
            if let Some(day) = due.day() {
                // They come by their days, so the first one is the next.
                next.entry(due.duty.id.clone()).or_insert_with(|| day.to_string());
            }
        }
        next
    }

    /// What has no day, with the reason: nobody agreed on the period, or nobody wrote from when to count.
    pub fn without_day(
        &self,
        register: &Register,
        entry: Option<&Entry>,
        lines: &[LogLine],
        today: NaiveDate,
    ) -> Vec<(String, String)> {
        let per = if entry.is_some() { DutyPer::Entry } else { DutyPer::Register };
        let records = self.records(register, entry, lines, Vec::new());
        let told = |due: &Due<'_>| {
            let why = match &due.when {
                When::By { .. } => return None,
                When::NotAgreed => "周期をまだ決めていません".to_owned(),
                When::NoOrigin(_) if entry.is_none() || due.duty.from.is_none() => {
                    "まだ一度も行っていません".to_owned()
                }
                When::NoOrigin(why) => why.clone(),
            };
            Some((due.duty.id.clone(), why))
        };
        due(&records, today, today).iter().filter(|due| due.duty.per == per).filter_map(told).collect()
    }

    fn records(&self, register: &Register, entry: Option<&Entry>, lines: &[LogLine], others: Vec<Book>) -> Records {
        let own = entry.cloned().map(|entry| Entry { row: OWN_ROW, ..entry });
        let mut book = Book { register: register.id.clone(), entries: own.into_iter().collect(), ..Book::default() };
        let mut books = Vec::new();
        for mut other in others {
            other.entries.iter_mut().for_each(|entry| entry.row = OTHER_ROW);
            match other.register == register.id {
                true => book.entries.extend(other.entries),
                false => books.push(other),
            }
        }
        books.push(book);
        let registers = books.iter().filter_map(|book| self.register(&book.register).cloned()).collect();
        Records { registers, books, log: lines.to_vec(), periods: self.periods.clone() }
    }
}

/// All registers, without the declarations that do not hold; those are told.
fn laid_as_far(mut own: Declarations) -> (Vec<Register>, Mistaken) {
    let mut left_out = Mistaken::new();
    loop {
        let wrong = match read_registers(&own) {
            Ok(registers) => return (registers, left_out),
            Err(wrong) => wrong,
        };
        own.retain(|stem, _| !wrong.contains_key(stem));
        left_out.extend(wrong);
    }
}

/// Rows by which the rules tell the entry in question from those it refers to.
const OWN_ROW: usize = 0;
const OTHER_ROW: usize = 1;

/// That an approval is not on record stands against nothing here: the entry came with a file in the state it has.
fn brought(told: Told) -> Told {
    match told.rule {
        "register-approval" | "register-no-step" => Told {
            severity: Severity::Warning,
            advice: "ファイルから取り込んだ記録です。取り込む前の書面などで確かめてください。".to_owned(),
            ..told
        },
        _ => told,
    }
}

/// Kinds of references as keys of a map.
fn key(kind: FieldKind) -> &'static str {
    kind.term()
}
