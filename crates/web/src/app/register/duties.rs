//! `/o/{organisation}/duties`: what is due by whom, over all services, and the same as a file for calendars.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Days, NaiveDate};
use shirube_catalog::Register;
use shirube_documents::write::{CalendarDay, icalendar};
use shirube_safety::operation::duty::{Duty, FiscalYear, Whence};
use shirube_store::{Event, RegisterDue, StoreError};

use super::body::Body;
use super::ledger::Ledger;
use super::list::{encoded, owner};
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::shell::{Place, Shell};
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::page::html;
use crate::query::Query;

/// How far ahead the page looks.
const AHEAD_DAYS: u64 = 60;
/// How far ahead the file for calendars looks.
const CALENDAR_DAYS: u64 = 400;
/// Days on one page, and in one file.
const MOST: u32 = 500;

#[derive(Template)]
#[template(path = "app/duties.html")]
struct DutiesPage<'a> {
    shell: Shell<'a>,
    org: &'a str,
    query: Query,
    services: Vec<(String, String)>,
    overdue: Vec<DutyView>,
    coming: Vec<DutyView>,
    ahead: u64,
    /// Fiscal years that can be asked for, by the year in which they begin.
    years: [i32; 2],
    /// The one that was asked for; empty for the next days.
    year: String,
    is_cut: bool,
}

impl DutiesPage<'_> {
    fn parts(&self) -> [(&'static str, &'static str, &[DutyView]); 2] {
        [("overdue", "期日を過ぎたもの", &self.overdue), ("coming", "これから行うもの", &self.coming)]
    }
}

/// A duty on its day.
#[derive(Clone)]
struct DutyView {
    /// Service, register, entry and duty: the same as long as the duty is.
    id: String,
    day: String,
    title: String,
    /// The register, or what kind of thing states the day.
    register: String,
    item: String,
    /// What of the item may leave the application: nothing where its name is that of a person.
    open_item: String,
    /// What kind of day off it is, and the working day before.
    off: String,
    /// What the day follows from, where a file states it.
    basis: String,
    owner: String,
    service: String,
    href: String,
}

/// `GET /o/{organisation}/duties`.
pub async fn duties(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let org = acting.reader.organisation_id.as_str();
    let query = Query::parse("", &format!("/o/{org}/duties"), &["service", "year"], raw.as_deref());
    let today = world::date(app.now());
    let year = query.get("year").and_then(|year| year.parse().ok()).and_then(FiscalYear::of);
    let year = year.filter(|year| year.last >= today);
    let made = async {
        let services = app.store().services(org).await?;
        let until = year.map_or(until(today, AHEAD_DAYS), |year| year.last);
        let views = views(&app, org, query.get("service"), today, until).await?;
        Ok::<_, StoreError>((services, views))
    };
    let (services, (views, is_cut)) = match made.await {
        Ok(made) => made,
        Err(error) => return message::failed(&app, &error),
    };
    let (years, first) = (years(today), year.map(|year| year.first.to_string()).unwrap_or_default());
    let today = today.to_string();
    let (overdue, coming): (Vec<_>, Vec<_>) = views.into_iter().partition(|view: &DutyView| view.day < today);
    let coming = coming.into_iter().filter(|view| view.day >= first).collect();
    html(DutiesPage {
        shell: Shell::acting(&acting, Place::Duties),
        org,
        services: services.into_iter().map(|service| (service.id, service.name)).collect(),
        overdue,
        coming,
        ahead: AHEAD_DAYS,
        years,
        year: year.and(query.get("year")).unwrap_or_default().to_owned(),
        is_cut,
        query,
    })
    .into_response()
}

/// `GET /o/{organisation}/duties.ics`. That it was taken is noted, as with every file of registers.
pub async fn calendar(State(app): State<App>, from: From, acting: Acting) -> Response {
    let org = acting.reader.organisation_id.as_str();
    let made = async {
        let bytes = calendar_of(&app, org, &acting.reader.organisation).await?;
        let mut change = app.store().begin(org).await?;
        change.about(&format!("organisation/{org}"));
        let event = Event { action: "duties.taken".to_owned(), note: "duties.ics".to_owned() };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok::<_, StoreError>(bytes)
    };
    match made.await {
        Ok(bytes) => {
            let kind = (header::CONTENT_TYPE, "text/calendar; charset=utf-8");
            let place = (header::CONTENT_DISPOSITION, "attachment; filename=\"duties.ics\"");
            ([kind, place], bytes).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// Everything that is due of an organisation, as a file for calendars.
pub async fn calendar_of(app: &App, org: &str, organisation: &str) -> Result<Vec<u8>, StoreError> {
    let today = world::date(app.now());
    let (views, is_cut) = views(app, org, None, today, until(today, CALENDAR_DAYS)).await?;
    let day = |view: &DutyView| {
        let title = match view.open_item.as_str() {
            "" => format!("{}（{}）", view.title, view.register),
            item => format!("{}（{}「{item}」）", view.title, view.register),
        };
        let owner = if view.owner.is_empty() { String::new() } else { format!("\n担当: {}", view.owner) };
        Some(CalendarDay {
            id: format!("{}@shirube", view.id),
            day: view.day.parse().ok()?,
            title,
            text: format!(
                "{}{owner}{}",
                view.service,
                if view.off.is_empty() { String::new() } else { format!("\n{}", view.off) }
            ),
        })
    };
    let days: Vec<CalendarDay> = views.iter().filter_map(day).collect();
    let cut = if is_cut { format!("（早いものから{MOST}件）") } else { String::new() };
    Ok(icalendar(&format!("{organisation}の期日{cut}"), today, &days))
}

/// The fiscal year that runs, and the next one.
fn years(today: NaiveDate) -> [i32; 2] {
    let this = if today.month() >= 4 { today.year() } else { today.year() - 1 };
    [this, this + 1]
}

fn until(today: NaiveDate, ahead: u64) -> NaiveDate {
    today.checked_add_days(Days::new(ahead)).unwrap_or(NaiveDate::MAX)
}

/// What is due until a day by registers, files and contracts, and whether there is more than is shown.
async fn views(
    app: &App,
    org: &str,
    service: Option<&str>,
    today: NaiveDate,
    until: NaiveDate,
) -> Result<(Vec<DutyView>, bool), StoreError> {
    let due = app.store().due_until(org, service, &until.to_string(), MOST + 1).await?;
    let mut is_cut = due.len() > MOST as usize;
    let mut views = Vec::new();
    for one in app.store().services(org).await? {
        let Some(revision) = one.revision.filter(|_| service.is_none_or(|wanted| wanted == one.id)) else { continue };
        let at = InService { organisation: org.to_owned(), service: one.id.clone() };
        let stated = super::stated::read(app, &at, revision, today, until).await?;
        views.extend(stated.duties.iter().filter_map(|(duty, href)| stated_view(&one.id, &one.name, duty, href)));
        let own: Vec<&RegisterDue> = due.iter().filter(|due| due.service == one.id).collect();
        if own.is_empty() {
            continue;
        }
        let ledger = Ledger::read(app, &at, revision).await?;
        for due in own {
            if let Some(register) = ledger.register(&due.register) {
                let view = view(app, org, &one.name, register, due).await?;
                let day = due.day.parse::<NaiveDate>().ok().filter(|day| *day >= today);
                let off = day.and_then(|day| stated.off.of(day)).map(|off| off.to_string()).unwrap_or_default();
                views.push(DutyView { off, ..view });
            }
        }
    }
    views.sort_by(|one, other| (&one.day, &one.service, &one.id).cmp(&(&other.day, &other.service, &other.id)));
    is_cut |= views.len() > MOST as usize;
    views.truncate(MOST as usize);
    Ok((views, is_cut))
}

fn stated_view(service: &str, name: &str, duty: &Duty, href: &str) -> Option<DutyView> {
    let place = match &duty.whence {
        Whence::File(place) => place.to_string(),
        Whence::Institution { field } => (*field).to_owned(),
        Whence::Register { register, .. } => register.clone(),
    };
    Some(DutyView {
        id: encoded(&format!("{service}-{place}-{}-{}", duty.object, duty.title)),
        day: duty.day?.to_string(),
        title: duty.title.clone(),
        register: duty.of.clone(),
        item: duty.object.clone(),
        open_item: duty.object.clone(),
        off: duty.off.map(|off| off.to_string()).unwrap_or_default(),
        basis: field_of(&duty.basis).to_owned(),
        owner: duty.owner.clone().unwrap_or_default(),
        service: name.to_owned(),
        href: href.to_owned(),
    })
}

/// What states a day, without the file: the page leads there, and nobody sees files here.
fn field_of(basis: &str) -> &str {
    match basis.split_once(".yamlの") {
        Some((_, field)) => field,
        None => basis,
    }
}

/// Whether entries are named by something that is not for everybody.
fn is_named_by_people(register: &Register) -> bool {
    let named = register.named_by.iter().filter_map(|id| register.field(id));
    named.chain(register.key()).any(|field| field.personal)
}

async fn view(
    app: &App,
    org: &str,
    service: &str,
    register: &Register,
    due: &RegisterDue,
) -> Result<DutyView, StoreError> {
    let duty = register.duty(&due.duty);
    let whose = duty.and_then(|duty| duty.owner.as_deref()).unwrap_or_default();
    let base = format!("/o/{org}/s/{}/registers/{}", due.service, due.register);
    let (href, owner) = match due.item.as_str() {
        "" => (base, owner(register, whose)),
        item => {
            let found = app.store().register_item(org, &due.service, &due.register, item).await?;
            let entry = Body::read(&found.body)?.entry(register, item, &found.state);
            let owner = entry.owner(register, whose).unwrap_or_else(|| owner(register, whose));
            (format!("{base}/e/{}", encoded(item)), owner)
        }
    };
    Ok(DutyView {
        id: format!("{}-{}-{}-{}", due.service, due.register, encoded(&due.item), due.duty),
        day: due.day.clone(),
        title: duty.map_or(&due.duty, |duty| &duty.title).clone(),
        register: register.title.clone(),
        item: due.item.clone(),
        open_item: if is_named_by_people(register) { String::new() } else { due.item.clone() },
        off: String::new(),
        basis: String::new(),
        owner,
        service: service.to_owned(),
        href,
    })
}

/// How many duties of each service are overdue.
pub async fn overdue(app: &App, org: &str) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    for count in app.store().due_counts(org, &world::day(app.now())).await?.into_iter().filter(|one| one.overdue > 0) {
        *counts.entry(count.service).or_default() += count.overdue;
    }
    Ok(counts)
}
