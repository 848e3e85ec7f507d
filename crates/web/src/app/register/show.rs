//! `…/registers/{register}/e/{item}` and `…/registers/{register}/new`: one entry with what can be done with it, and its
//! history.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shirube_catalog::{DutyPer, FieldKind, Register, RegisterStep, StepBy};
use shirube_safety::Severity;
use shirube_safety::operation::register::{Act, Entry, LogLine, Outcome};
use shirube_store::{RegisterItem, RegisterRecord, StoreError, WantedItems};

use super::body::{Body, act, line};
use super::fields::{self, FieldView};
use super::ledger::Ledger;
use super::list::{InRegister, owner};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::shell::with_status;
use crate::app::{App, message, world};
use crate::page::Frame;
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// Entries of other registers that a field suggests.
const SUGGESTED: usize = 200;

#[derive(Deserialize)]
pub struct InEntry {
    pub organisation: String,
    pub service: String,
    pub register: String,
    pub item: String,
}

impl InEntry {
    pub fn register(&self) -> InRegister {
        let Self { organisation, service, register, .. } = self;
        InRegister { organisation: organisation.clone(), service: service.clone(), register: register.clone() }
    }
}

#[derive(Template)]
#[template(path = "app/register-entry.html")]
struct EntryPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    register: &'a Register,
    base: String,
    /// The address of this entry; that of new ones for a new one.
    own: String,
    /// None for a new one.
    entry: Option<EntryView>,
    fields: Vec<FieldView>,
    today: String,
    told: Told,
    typed: TypedDone,
    may_edit: bool,
    /// What the reader is called in records.
    name: &'a str,
    outcomes: &'static [Outcome],
}

/// What the last form had to tell.
#[derive(Default)]
pub struct Told {
    pub notice: &'static str,
    pub mistakes: Vec<String>,
    /// Mistakes of single fields, by their ids.
    pub of_fields: Vec<(String, String)>,
}

struct EntryView {
    id: String,
    number: u64,
    state: String,
    is_closed: bool,
    hold: bool,
    /// What is missing or does not fit, with what would be right.
    findings: Vec<(String, String)>,
    steps: Vec<StepView>,
    duties: Vec<DutyView>,
    history: Vec<HistoryView>,
}

struct StepView {
    id: String,
    title: String,
    to: String,
    by_institution: bool,
    by_approver: bool,
    /// Why the reader cannot take it; empty if they can.
    blocked: String,
}

struct DutyView {
    id: String,
    title: String,
    owner: String,
    next: String,
    is_overdue: bool,
    source: String,
}

struct HistoryView {
    at: String,
    actor: String,
    day: String,
    what: String,
    /// Outcome, remark and evidence.
    details: Vec<(&'static str, String)>,
    /// Field, before and after.
    changes: Vec<(String, String, String)>,
}

/// What a form said that was not saved.
#[derive(Default)]
pub struct Typed {
    /// The values, and whether the entry is kept for an inquiry.
    pub values: Option<(BTreeMap<String, String>, bool)>,
    pub done: TypedDone,
}

/// What the form of a step or a duty said that was not saved.
#[derive(Default)]
pub struct TypedDone {
    /// `step` or `duty`, and its id; empty where nothing was said.
    of: (String, String),
    fields: Vec<(&'static str, String)>,
}

impl TypedDone {
    pub fn of(sent: &Fields) -> Self {
        let way = if sent.text("do") == "step" { "step" } else { "duty" };
        let fields = ["on", "outcome", "person", "remark", "evidence"].map(|name| (name, sent.text(name).to_owned()));
        Self { of: (way.to_owned(), sent.text(way).to_owned()), fields: fields.to_vec() }
    }

    /// Whether it was about this step or duty.
    pub fn is_of(&self, way: &str, id: &str) -> bool {
        self.of.0 == way && self.of.1 == id
    }

    /// What was typed into a field; else what stands there at first.
    pub fn text<'t>(&'t self, way: &str, id: &str, name: &str, first: &'t str) -> &'t str {
        let typed = self.fields.iter().find(|(known, _)| *known == name).filter(|_| self.is_of(way, id));
        typed.map_or(first, |(_, text)| text)
    }
}

/// What is known of an entry.
pub struct Known {
    pub item: RegisterItem,
    pub body: Body,
    pub entry: Entry,
    pub records: Vec<RegisterRecord>,
    pub lines: Vec<LogLine>,
}

/// Reads an entry with everything that was written of it.
pub async fn known(app: &App, register: &Register, at: &InEntry) -> Result<Known, StoreError> {
    let (organisation, service) = (&at.organisation, &at.service);
    let item = app.store().register_item(organisation, service, &at.register, &at.item).await?;
    let records = app.store().register_records(organisation, service, &at.register, &at.item).await?;
    let body = Body::read(&item.body)?;
    let entry = body.entry(register, &item.item, &item.state);
    let lines = lines_of(&records)?;
    Ok(Known { item, body, entry, records, lines })
}

/// What was done with an entry, or with the register as a whole under an empty name.
pub async fn lines(app: &App, at: &InRegister, item: &str) -> Result<Vec<LogLine>, StoreError> {
    lines_of(&app.store().register_records(&at.organisation, &at.service, &at.register, item).await?)
}

fn lines_of(records: &[RegisterRecord]) -> Result<Vec<LogLine>, StoreError> {
    let mut lines = Vec::new();
    for record in records {
        lines.extend(line(record, &Body::read(&record.body)?));
    }
    lines.sort_by_key(|line| line.on);
    Ok(lines)
}

/// `GET …/registers/{register}/e/{item}`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InEntry>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("made") => "記録を書き始めました。",
        Some("written") => "書き直しました。前の内容は、下の履歴に残っています。",
        Some("step") => "手続を記録しました。",
        Some("duty") => "行ったことを記録しました。",
        _ => "",
    };
    of_entry(&app, &acting, &shown, &at, None, Told { notice, ..Told::default() }).await
}

/// The page of an entry; `typed` are the values of a form that was not saved.
pub async fn of_entry(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &InEntry,
    typed: Option<Typed>,
    told: Told,
) -> Response {
    match entry_page(app, acting, shown, at, typed, told).await {
        Ok(response) => response,
        Err(error) => message::missing_or_failed(app, &acting.visitor, &error),
    }
}

async fn entry_page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &InEntry,
    typed: Option<Typed>,
    told: Told,
) -> Result<Response, StoreError> {
    let ledger = Ledger::read(app, &at.register().service(), shown.revision.unwrap_or_default()).await?;
    let Some(register) = ledger.register(&at.register) else { return Ok(message::nothing(Some(&acting.visitor))) };
    let known = known(app, register, at).await?;
    let names = app.store().names(&at.organisation).await?;
    let others = super::write::others(app, &ledger, register, &at.register(), &known.entry).await?;
    let findings = ledger.check(register, &known.entry, &known.lines, others);
    let against = against(app, acting, &ledger, register, at, &known).await?;
    let state = register.state(&known.item.state);
    let Typed { values, done } = typed.unwrap_or_default();
    let view = EntryView {
        id: known.item.item.clone(),
        number: known.item.number,
        state: state.map_or(&known.item.state, |state| &state.title).clone(),
        is_closed: state.is_some_and(|state| state.closed),
        hold: values.as_ref().map_or(known.body.hold, |(_, hold)| *hold),
        findings: findings.into_iter().map(|told| (told.message, told.advice)).collect(),
        steps: steps(acting, register, &known, &against),
        duties: duties(app, &ledger, register, &known),
        history: history(register, &known.records, &names)?,
    };
    let base = format!("{}/registers/{}", shown.base, at.register);
    let values = values.map_or_else(|| known.body.values.clone(), |(values, _)| values);
    let fields = form(app, &ledger, register, &at.register(), &values, &told.of_fields).await?;
    let own = format!("{base}/e/{}", super::list::encoded(&at.item));
    Ok(page(acting, shown, register, (base, own), Some(view), fields, (told, done), world::day(app.now())))
}

/// `GET …/registers/{register}/new`.
pub async fn begin(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<InRegister>) -> Response {
    of_new(&app, &acting, &shown, &at, &Fields::default(), Told::default()).await
}

/// The page for a new entry; `fields` are those of a form that was not saved.
pub async fn of_new(app: &App, acting: &Acting, shown: &Shown, at: &InRegister, sent: &Fields, told: Told) -> Response {
    let made = async {
        let ledger = Ledger::read(app, &at.service(), shown.revision.unwrap_or_default()).await?;
        let Some(register) = ledger.register(&at.register) else { return Ok(message::nothing(Some(&acting.visitor))) };
        let (values, _) = fields::typed(register, sent);
        let fields = form(app, &ledger, register, at, &values, &told.of_fields).await?;
        let base = format!("{}/registers/{}", shown.base, at.register);
        let own = format!("{base}/new");
        let told = (told, TypedDone::default());
        Ok::<_, StoreError>(page(acting, shown, register, (base, own), None, fields, told, world::day(app.now())))
    };
    made.await.unwrap_or_else(|error| message::failed(app, &error))
}

#[expect(clippy::too_many_arguments, reason = "what a page is made of, once")]
fn page(
    acting: &Acting,
    shown: &Shown,
    register: &Register,
    (base, own): (String, String),
    entry: Option<EntryView>,
    fields: Vec<FieldView>,
    (told, typed): (Told, TypedDone),
    today: String,
) -> Response {
    let is_refused = !told.mistakes.is_empty() || !told.of_fields.is_empty();
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = EntryPage {
        frame: Frame::new(shown, Here::Registers),
        csrf: &acting.reader.csrf,
        register,
        base,
        own,
        entry,
        fields,
        today,
        told,
        typed,
        may_edit: acting.reader.may(Action::Edit, Resource::Register),
        name: &acting.reader.name,
        outcomes: Outcome::ALL,
    };
    with_status(status, page)
}

/// The form with suggestions from other registers.
async fn form(
    app: &App,
    ledger: &Ledger,
    register: &Register,
    at: &InRegister,
    values: &BTreeMap<String, String>,
    mistakes: &[(String, String)],
) -> Result<Vec<FieldView>, StoreError> {
    let mut entries = BTreeMap::new();
    for of in
        register.fields.iter().filter(|field| field.kind == FieldKind::Entry).filter_map(|field| field.of.as_ref())
    {
        if entries.contains_key(of) {
            continue;
        }
        let wanted = WantedItems { limit: SUGGESTED, ..WantedItems::default() };
        let found = app.store().register_page(&at.organisation, &at.service, of, &wanted).await?;
        entries.insert(of.clone(), found.items.into_iter().map(|item| item.item).collect());
    }
    Ok(fields::views(ledger, register, values, &entries, mistakes))
}

/// The steps that can be taken from the state, with what stands against the reader taking them.
fn steps(acting: &Acting, register: &Register, known: &Known, against: &BTreeMap<String, String>) -> Vec<StepView> {
    let open = register.steps.iter().filter(|step| step.from.contains(&known.item.state));
    let view = |step: &RegisterStep| StepView {
        id: step.id.clone(),
        title: step.title.clone(),
        to: register.state(&step.to).map_or(&step.to, |state| &state.title).clone(),
        by_institution: step.by == StepBy::Institution,
        by_approver: step.by == StepBy::Approver,
        blocked: blocked(acting, register, step, known).or_else(|| against.get(&step.id).cloned()).unwrap_or_default(),
    };
    open.map(view).collect()
}

/// What other records have against the steps that are open today, by the ids of the steps.
async fn against(
    app: &App,
    acting: &Acting,
    ledger: &Ledger,
    register: &Register,
    at: &InEntry,
    known: &Known,
) -> Result<BTreeMap<String, String>, StoreError> {
    let (of, today) = (at.register(), world::date(app.now()));
    let mut all = BTreeMap::new();
    let open = register.steps.iter().filter(|step| step.from.contains(&known.item.state));
    for step in open.filter(|step| blocked(acting, register, step, known).is_none()) {
        let found = super::guard::against(app, ledger, &of, step, &known.entry, &known.lines, today).await?;
        if !found.is_empty() {
            all.insert(step.id.clone(), found.concat());
        }
    }
    Ok(all)
}

/// Why the reader cannot take a step now.
pub fn blocked(acting: &Acting, register: &Register, step: &RegisterStep, known: &Known) -> Option<String> {
    let right = match step.by {
        StepBy::Approver => Action::Approve,
        StepBy::Anyone | StepBy::Institution => Action::Edit,
    };
    if !acting.reader.may(right, Resource::Register) {
        return Some("承認する役割の人が行います。".to_owned());
    }
    let missing = step.requires.iter().filter_map(|id| register.field(id));
    let missing = missing.filter(|field| known.entry.values(&field.id).is_empty());
    let missing: Vec<&str> = missing.map(|field| field.title.as_str()).collect();
    if !missing.is_empty() {
        return Some(format!("先に、「{}」を書いてください。", missing.join("」「")));
    }
    if let Some(why) = shirube_safety::operation::report::held(&register.id, &step.id, &known.entry) {
        return Some(why);
    }
    let other = step.other_than.as_ref().and_then(|id| register.field(id))?;
    let is_same = known.entry.values(&other.id).iter().any(|value| same_name(&value.to_string(), &acting.reader.name));
    is_same.then(|| format!("「{}」の人とは別の人が行います。", other.title))
}

/// Names with and without white space between their parts are the same.
fn same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| super::words::folded_text(name).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    plain(one) == plain(other)
}

fn duties(app: &App, ledger: &Ledger, register: &Register, known: &Known) -> Vec<DutyView> {
    let today = world::date(app.now());
    let next = ledger.next(register, Some(&known.entry), &known.lines, today);
    let without = ledger.without_day(register, Some(&known.entry), &known.lines, today);
    let of_entry = register.duties.iter().filter(|duty| duty.per == DutyPer::Entry);
    let open = of_entry.filter(|duty| register.has_duty_in(duty, &known.item.state));
    let view = |duty: &shirube_catalog::RegisterDuty| {
        let day = next.get(&duty.id);
        let why = without.iter().find(|(id, _)| *id == duty.id).map(|(_, why)| why.clone());
        let owner_field = duty.owner.as_deref().unwrap_or_default();
        DutyView {
            id: duty.id.clone(),
            title: duty.title.clone(),
            owner: known.entry.owner(register, owner_field).unwrap_or_else(|| owner(register, owner_field)),
            is_overdue: day.is_some_and(|day| *day < today.to_string()),
            next: day.cloned().or(why).unwrap_or_default(),
            source: duty.source.clone().unwrap_or_default(),
        }
    };
    open.map(view).collect()
}

/// What was written, the newest first.
fn history(
    register: &Register,
    records: &[RegisterRecord],
    names: &BTreeMap<String, String>,
) -> Result<Vec<HistoryView>, StoreError> {
    let mut views = Vec::new();
    let mut before = Body::default();
    for record in records {
        let body = Body::read(&record.body)?;
        views.push(HistoryView {
            at: world::shown_text(&record.at),
            actor: names.get(&record.actor).unwrap_or(&record.actor).clone(),
            day: record.day.clone(),
            what: what(register, record, views.is_empty()),
            details: details(&body),
            changes: changes(register, &before, &body),
        });
        before = body;
    }
    views.reverse();
    Ok(views)
}

fn what(register: &Register, record: &RegisterRecord, is_first: bool) -> String {
    match act(&record.step) {
        Some(Act::Step(id)) => register.step(&id).map_or(id.clone(), |step| step.title.clone()),
        Some(Act::Duty(id)) => register.duty(&id).map_or(id.clone(), |duty| duty.title.clone()),
        None if is_first => "書き始めた".to_owned(),
        None => "書き直した".to_owned(),
    }
}

fn details(body: &Body) -> Vec<(&'static str, String)> {
    let outcome = Outcome::ALL.iter().find(|one| one.token() == body.outcome).map_or("", |one| one.term());
    let all = [("人", body.person.as_str()), ("結果", outcome), ("備考", &body.remark), ("証跡", &body.evidence)];
    all.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, text.to_owned())).collect()
}

fn changes(register: &Register, before: &Body, after: &Body) -> Vec<(String, String, String)> {
    let text = |body: &Body, id: &str| body.values.get(id).cloned().unwrap_or_default();
    let of = |field: &shirube_catalog::RegisterField| {
        let (before, after) = (text(before, &field.id), text(after, &field.id));
        (before != after).then(|| (field.title.clone(), before, after))
    };
    let mut changes: Vec<_> = register.fields.iter().filter_map(of).collect();
    if before.hold != after.hold {
        let word = |hold: bool| if hold { "はい" } else { "いいえ" }.to_owned();
        changes.push(("保全".to_owned(), word(before.hold), word(after.hold)));
    }
    changes
}

/// What stands against an entry, hard enough that it is not written.
pub fn errors(told: Vec<shirube_safety::operation::register::Told>) -> Vec<String> {
    let grave = told.into_iter().filter(|told| told.severity == Severity::Error);
    grave.map(|told| format!("{}{}", told.message, told.advice)).collect()
}
