//! `…/registers/{register}`: the entries of one register, the newest first, with filters.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shirube_catalog::{DutyPer, FieldKind, Register, RegisterDuty};
use shirube_safety::operation::register::{Act, Outcome, Value, cell};
use shirube_store::{RegisterItem, StoreError, WantedItems};

use super::body::{Body, entry, token};
use super::ledger::Ledger;
use super::show::TypedDone;
use super::words::{OPEN, STATE, folded_text, word};
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::shell::with_status;
use crate::app::{App, message, world};
use crate::page::Frame;
use crate::query::{Query, link};
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// Entries on one page.
const PAGE: usize = 100;

/// What the list can be filtered by, beside the fields of the register.
const KNOWN: [&str; 5] = ["q", "state", "field", "value", "before"];

#[derive(Deserialize)]
pub struct InRegister {
    pub organisation: String,
    pub service: String,
    pub register: String,
}

impl InRegister {
    pub fn service(&self) -> InService {
        InService { organisation: self.organisation.clone(), service: self.service.clone() }
    }
}

#[derive(Template)]
#[template(path = "app/register.html")]
struct RegisterPage<'a> {
    frame: Frame<'a>,
    register: &'a Register,
    base: String,
    query: Query,
    columns: Vec<String>,
    rows: Vec<RowView>,
    all: u64,
    next: Option<String>,
    is_partial: bool,
    looked_through: usize,
    choices: Vec<Choice>,
    duties: Vec<DutyLine>,
    evidences: Vec<String>,
    may_edit: bool,
    notice: &'static str,
    mistakes: Vec<String>,
    typed: TypedDone,
    today: String,
    outcomes: &'static [Outcome],
}

impl RegisterPage<'_> {
    fn chosen(&self, field: &str, value: &str) -> bool {
        self.query.get("field") == Some(field) && self.query.get("value") == Some(value)
    }

    /// The address of the list without the filter by the value of a field.
    fn without_value(&self) -> String {
        let kept = |name: &'static str| self.query.get(name).map(|text| (name, text));
        link(self.query.path(), &kept("q").into_iter().chain(kept("state")).collect::<Vec<_>>())
    }

    /// The address of the list with only what has this value in this field.
    fn by(&self, field: &str, value: &str) -> String {
        let kept = |name: &'static str| self.query.get(name).map(|text| (name, text));
        let pairs = kept("q").into_iter().chain(kept("state")).chain([("field", field), ("value", value)]);
        link(self.query.path(), &pairs.collect::<Vec<_>>())
    }
}

/// A field by whose values the list can be filtered.
struct Choice {
    field: String,
    title: String,
    values: Vec<String>,
}

struct RowView {
    href: String,
    id: String,
    state: String,
    is_closed: bool,
    /// Heading and text.
    cells: Vec<(String, String)>,
    /// Title and day of the next duty, and whether the day is over.
    due: Option<(String, String, bool)>,
}

/// A duty of the register as a whole.
struct DutyLine {
    id: String,
    title: String,
    owner: String,
    source: String,
    last: String,
    /// The day by which it is due, or why there is none.
    next: String,
    is_overdue: bool,
    per_entry: bool,
    /// The period is for both sides to agree on; with what was agreed.
    agreed: Option<String>,
}

/// `GET …/registers/{register}`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InRegister>,
    RawQuery(raw): RawQuery,
) -> Response {
    let ledger = match Ledger::read(&app, &at.service(), shown.revision.unwrap_or_default()).await {
        Ok(ledger) => ledger,
        Err(error) => return message::failed(&app, &error),
    };
    let Some(register) = ledger.register(&at.register) else { return message::nothing(Some(&acting.visitor)) };
    let known: Vec<&'static str> = KNOWN.into_iter().chain(["done"]).collect();
    let query = Query::parse(&shown.base, &format!("/registers/{}", at.register), &known, raw.as_deref());
    let page = page(&app, &acting, &shown, &ledger, register, &at, query, Refused::default()).await;
    page.unwrap_or_else(|error| message::failed(&app, &error))
}

/// What was said of a duty of the whole register and not recorded.
#[derive(Default)]
struct Refused {
    mistakes: Vec<String>,
    typed: TypedDone,
}

/// The list again with what was said of a duty, where it was not recorded.
pub async fn refused(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &InRegister,
    mistakes: Vec<String>,
    typed: TypedDone,
) -> Response {
    let made = async {
        let ledger = Ledger::read(app, &at.service(), shown.revision.unwrap_or_default()).await?;
        let Some(register) = ledger.register(&at.register) else { return Ok(message::nothing(Some(&acting.visitor))) };
        let query = Query::parse(&shown.base, &format!("/registers/{}", at.register), &KNOWN, None);
        page(app, acting, shown, &ledger, register, at, query, Refused { mistakes, typed }).await
    };
    made.await.unwrap_or_else(|error| message::failed(app, &error))
}

#[expect(clippy::too_many_arguments, reason = "what a page is made of, once")]
async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    ledger: &Ledger,
    register: &Register,
    at: &InRegister,
    query: Query,
    refused: Refused,
) -> Result<Response, StoreError> {
    let mut words: Vec<(&str, &str)> = Vec::new();
    match query.get("state") {
        Some("all") => {}
        Some(state) if register.state(state).is_some() => words.push((STATE, state)),
        _ => words.push((OPEN, "")),
    }
    let folded_value = query.get("value").map(word).unwrap_or_default();
    if let Some(field) = query.get("field").filter(|field| register.field(field).is_some()) {
        words.push((field, &folded_value));
    }
    let wanted_text = query.get("q").map(folded_text);
    let holds = |body: &str| {
        let wanted = wanted_text.as_deref().unwrap_or_default();
        Body::read(body).is_ok_and(|body| body.values.values().any(|value| folded_text(value).contains(wanted)))
    };
    let wanted = WantedItems {
        words: &words,
        text: if wanted_text.is_some() { Some(&holds) } else { None },
        before: query.get("before").and_then(|before| before.parse().ok()),
        limit: PAGE,
    };
    let found = app.store().register_page(&at.organisation, &at.service, &at.register, &wanted).await?;
    let base = format!("{}/registers/{}", shown.base, at.register);
    let today = world::day(app.now());
    let due = due_of(app, at, &found.items).await?;
    let mut rows = Vec::new();
    for item in &found.items {
        let entry = entry(register, item)?;
        let text = |id: &String| {
            let title = register.field(id).map_or(id.as_str(), |field| &field.title);
            (title.to_owned(), cell(register, &entry, id))
        };
        let next = due.get(&item.item).map(|(duty, day)| {
            let title = register.duty(duty).map_or(duty.as_str(), |duty| &duty.title);
            (title.to_owned(), day.clone(), *day < today)
        });
        let state = register.state(&item.state);
        rows.push(RowView {
            href: format!("{base}/e/{}", encoded(&item.item)),
            id: item.item.clone(),
            state: state.map_or(&item.state, |state| &state.title).clone(),
            is_closed: state.is_some_and(|state| state.closed),
            cells: columns(register).map(text).collect(),
            due: next,
        });
    }
    let sizes = app.store().register_sizes(&at.organisation, &at.service, &[&at.register]).await?;
    let notice = match query.get("done") {
        Some("duty") => "行ったことを記録しました。",
        Some("period") => "周期を記録しました。期日は、この周期で数え直しました。",
        _ => "",
    };
    let next = found.next.map(|before| {
        let before = before.to_string();
        let kept = ["q", "state", "field", "value"].into_iter().filter_map(|name| Some((name, query.get(name)?)));
        link(query.path(), &kept.chain([("before", before.as_str())]).collect::<Vec<_>>())
    });
    let titles = |id: &String| register.field(id).map_or(id.as_str(), |field| &field.title).to_owned();
    let status = match refused.mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(with_status(
        status,
        RegisterPage {
            frame: Frame::new(shown, Here::Registers),
            register,
            columns: columns(register).map(titles).collect(),
            rows,
            all: sizes.get(&at.register).copied().unwrap_or_default(),
            next,
            is_partial: found.is_partial,
            looked_through: found.looked_through,
            choices: choices(ledger, register),
            duties: duties(app, ledger, register, at, &today).await?,
            evidences: register.evidences.iter().map(|one| one.control.to_string()).collect(),
            may_edit: acting.reader.may(Action::Edit, Resource::Register),
            notice,
            mistakes: refused.mistakes,
            typed: refused.typed,
            today,
            outcomes: Outcome::ALL,
            base,
            query,
        },
    ))
}

/// The columns of the list: those that are printed, without the one that the name of the entry already says.
fn columns(register: &Register) -> impl Iterator<Item = &String> {
    let key = register.key().map(|field| field.id.as_str());
    register.print.columns.iter().filter(move |id| key != Some(id.as_str()))
}

/// The earliest duty of each of these entries, by its name.
async fn due_of(
    app: &App,
    at: &InRegister,
    items: &[RegisterItem],
) -> Result<BTreeMap<String, (String, String)>, StoreError> {
    let names: Vec<&str> = items.iter().map(|item| item.item.as_str()).collect();
    let mut first = BTreeMap::new();
    for due in app.store().due_of_items(&at.organisation, &at.service, &at.register, &names).await? {
        first.entry(due.item).or_insert((due.duty, due.day));
    }
    Ok(first)
}

/// Fields with few values, and those of the model.
fn choices(ledger: &Ledger, register: &Register) -> Vec<Choice> {
    let values = |kind: FieldKind, options: &[String]| match kind {
        FieldKind::Choice => options.to_vec(),
        FieldKind::YesNo => [true, false].map(|one| Value::YesNo(one).to_string()).to_vec(),
        kind => ledger.names(kind).to_vec(),
    };
    let choice = |field: &shirube_catalog::RegisterField| Choice {
        field: field.id.clone(),
        title: field.title.clone(),
        values: values(field.kind, &field.options),
    };
    register.fields.iter().map(choice).filter(|choice| !choice.values.is_empty()).collect()
}

async fn duties(
    app: &App,
    ledger: &Ledger,
    register: &Register,
    at: &InRegister,
    today: &str,
) -> Result<Vec<DutyLine>, StoreError> {
    let whole = super::show::lines(app, at, "").await?;
    let on = world::date(app.now());
    let next = ledger.next(register, None, &whole, on);
    let without = ledger.without_day(register, None, &whole, on);
    let mut lines = Vec::new();
    for duty in &register.duties {
        let step = token(&Act::Duty(duty.id.clone()));
        let last = app.store().last_done(&at.organisation, &at.service, &at.register, &step).await?;
        let per_entry = duty.per == DutyPer::Entry;
        let agreed = ledger.periods.duties.iter().find(|one| one.register == register.id && one.duty == duty.id);
        let agreed = agreed.and_then(|one| Some(format!("{}ごと（{}）", one.every?, one.basis)));
        let day = next.get(&duty.id).filter(|_| !per_entry);
        let why = without.iter().find(|(id, _)| *id == duty.id).map(|(_, why)| why.clone());
        lines.push(DutyLine {
            id: duty.id.clone(),
            title: duty.title.clone(),
            owner: owner(register, duty.owner.as_deref().unwrap_or_default()),
            source: duty.source.clone().unwrap_or_default(),
            last: last.map(|record| record.day).unwrap_or_default(),
            is_overdue: day.is_some_and(|day| day.as_str() < today),
            next: match day {
                Some(day) => day.clone(),
                None if per_entry => of_each(duty, agreed.as_deref()),
                None => why.unwrap_or_default(),
            },
            per_entry,
            agreed: duty.agreed.then(|| agreed.unwrap_or_default()),
        });
    }
    Ok(lines)
}

/// When a duty of each entry is due, in words.
fn of_each(duty: &RegisterDuty, agreed: Option<&str>) -> String {
    match (agreed, duty.every) {
        (Some(agreed), _) => agreed.to_owned(),
        (None, _) if duty.agreed => "周期をまだ決めていません".to_owned(),
        (None, Some(every)) => format!("{every}ごと"),
        (None, None) => "それぞれの記録の日付から決まります".to_owned(),
    }
}

/// Who does a duty: a role, or whoever stands in a field.
pub fn owner(register: &Register, owner: &str) -> String {
    register.field(owner).map_or(owner.to_owned(), |field| format!("「{}」の人", field.title))
}

/// A name as one part of a path.
pub fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}
