//! Reports of events, from the entries that recorded them (OPS-066, 別紙1 II 6.5(1)③).

use chrono::NaiveDate;
use shirube_catalog::{FieldKind, Register, ReportEvent, ReportSource, report_rules};

use super::case::{Case, day, is_meant, withheld};
use super::delivery::Ways;
use super::sent::Sent;
use super::whose::Tie;
use super::{Content, Report, Section, Table, texts};
use crate::operation::register::Entry;

/// Something that happened and is to be reported, with the report that stands for it.
#[derive(Debug, Clone)]
pub struct Owed {
    pub kind: &'static str,
    pub register: String,
    /// The entry's number as the institution may read it.
    pub number: String,
    /// Id of the entry.
    pub entry: String,
    pub on: NaiveDate,
    pub sent: Option<Sent>,
}

impl Owed {
    /// How far its report has come, in words.
    pub fn state(&self) -> String {
        self.sent.as_ref().map_or("報告の記録がありません".to_owned(), |sent| sent.state.clone())
    }
}

/// The report of an entry; else why there is none.
pub fn event(case: &Case, register: &str, id: &str) -> Result<Report, String> {
    let declared = case.records.register(register).ok_or_else(|| no_register(register))?;
    let entry = case.records.entries(register).iter().find(|entry| entry.id == id);
    let entry = entry.ok_or_else(|| format!("「{}」に「{id}」はありません。", declared.title))?;
    let (event, source) = event_of(register, entry).ok_or_else(|| no_event(declared, entry))?;
    let tie = case.tie(source, declared, entry).ok_or_else(|| {
        format!(
            "{}「{id}」は、{}についての記録ではありません。台帳の「医療機関等」を確かめてください。",
            declared.entry, case.whose.name
        )
    })?;
    let on = day(source, entry).ok_or_else(|| no_day(declared, source, id))?;
    let sent = Sent::of_entry(case.records, case.whose, register, id);
    let fields = fields(case, declared, source, entry);
    let mut findings: Vec<String> = withheld(&fields).into_iter().collect();
    findings.extend(sent.iter().flat_map(|sent| sent.refused.clone()));
    Ok(Report {
        kind: &event.option,
        about: Some(format!("{} {}", declared.title, case.number(entry))),
        institution: case.whose.name.clone(),
        from: on,
        to: on,
        until: None,
        timing: None,
        ways: sent.as_ref().map_or_else(|| Ways::of(&event.option, &[], None), |sent| sent.ways),
        sent,
        sections: vec![told(declared, tie, fields)],
        findings,
    })
}

fn told(register: &Register, tie: Tie, rows: Vec<Vec<String>>) -> Section {
    let table = Table { title: "記録の内容".to_owned(), columns: texts(&["項目", "内容"]), rows };
    let mut content = vec![Content::Table(table)];
    if tie == Tie::Shared {
        content.push(Content::Text(
            "ほかの医療機関等にも関わる事柄です。件数などは、ほかの医療機関等の分を含むことがあります。".to_owned(),
        ));
    }
    Section { title: register.title.clone(), content }
}

fn fields(case: &Case, register: &Register, source: &ReportSource, entry: &Entry) -> Vec<Vec<String>> {
    let state = register.state(&entry.state).map_or(&entry.state, |state| &state.title);
    let mut rows = vec![
        vec!["番号".to_owned(), case.number(entry)],
        vec!["状態".to_owned(), state.clone()],
        vec!["医療機関等".to_owned(), case.whose.name.clone()],
    ];
    let fields = source.fields.iter().filter_map(|id| register.field(id));
    // Names of other institutions have no field of their own in a report.
    let fields = fields.filter(|field| !field.personal && field.kind != FieldKind::Institution);
    rows.extend(fields.map(|field| vec![field.title.clone(), case.shown(field, entry)]));
    rows
}

/// The kind of event that an entry is; the first whose condition it meets.
fn event_of(register: &str, entry: &Entry) -> Option<(&'static ReportEvent, &'static ReportSource)> {
    let all = report_rules().events.iter().flat_map(|event| event.from.iter().map(move |source| (event, source)));
    all.into_iter().find(|(_, source)| source.register == register && is_meant(source, entry))
}

fn no_register(id: &str) -> String {
    format!("「{id}」という台帳はありません。報告を作れるのは、{}です。", known())
}

fn no_event(register: &Register, entry: &Entry) -> String {
    format!("「{}」の「{}」からは、報告を作れません。作れるのは、{}です。", register.title, entry.id, known())
}

fn no_day(register: &Register, source: &ReportSource, id: &str) -> String {
    let titles = source.when.iter().filter_map(|id| register.field(id)).map(|field| field.title.as_str());
    format!(
        "{}「{id}」の「{}」が空のため、報告を作れません。台帳に書いてください。",
        register.entry,
        titles.collect::<Vec<_>>().join("」「")
    )
}

/// The registers that reports of events are made from.
fn known() -> String {
    let mut ids: Vec<&str> = Vec::new();
    for source in report_rules().events.iter().flat_map(|event| &event.from) {
        if !ids.contains(&source.register.as_str()) {
            ids.push(&source.register);
        }
    }
    ids.join("、")
}

/// Every event within a time that has to be reported to the institution, each once.
pub fn owed(case: &Case, from: NaiveDate, to: NaiveDate) -> Vec<Owed> {
    let mut all: Vec<Owed> = Vec::new();
    for source in report_rules().events.iter().flat_map(|event| &event.from) {
        for (on, entry, _) in case.entries(source, from, to) {
            let is_first = event_of(&source.register, entry).filter(|(_, first)| std::ptr::eq(*first, source));
            let (Some((event, _)), true) = (is_first, happened(case, source, entry)) else { continue };
            all.push(Owed {
                kind: &event.option,
                register: source.register.clone(),
                number: case.number(entry),
                entry: entry.id.clone(),
                on,
                sent: Sent::of_entry(case.records, case.whose, &source.register, &entry.id),
            });
        }
    }
    all.sort_by(|a, b| (a.on, a.kind, &a.entry).cmp(&(b.on, b.kind, &b.entry)));
    all
}

/// Lists of how things stand name everything that is in use; only what was declared as done or found is an event.
fn happened(case: &Case, source: &ReportSource, entry: &Entry) -> bool {
    const NOT_DONE: [&str; 6] = ["draft", "applied", "refused", "dismissed", "proposed", "dropped"];
    let is_list = ["emergency-contacts"].contains(&source.register.as_str());
    let is_own = case.records.register(&source.register).is_some();
    is_own && !is_list && !NOT_DONE.contains(&entry.state.as_str())
}
