//! `/o/{organisation}/duties`: what is due by whom, over all services, and the same as a file for calendars.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use shirube_catalog::Register;
use shirube_documents::write::{CalendarDay, icalendar};
use shirube_store::{RegisterDue, StoreError};

use super::body::Body;
use super::ledger::Ledger;
use super::list::{encoded, owner};
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::shell::{Place, Shell};
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
    is_cut: bool,
}

impl DutiesPage<'_> {
    fn parts(&self) -> [(&'static str, &'static str, &[DutyView]); 2] {
        [("overdue", "期日を過ぎたもの", &self.overdue), ("coming", "これから行うもの", &self.coming)]
    }
}

/// A duty on its day.
struct DutyView {
    /// Service, register, entry and duty: the same as long as the duty is.
    id: String,
    day: String,
    title: String,
    register: String,
    item: String,
    owner: String,
    service: String,
    href: String,
}

/// `GET /o/{organisation}/duties`.
pub async fn duties(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let org = acting.reader.organisation_id.as_str();
    let query = Query::parse("", &format!("/o/{org}/duties"), &["service"], raw.as_deref());
    let today = world::date(app.now());
    let made = async {
        let services = app.store().services(org).await?;
        let views = views(&app, org, query.get("service"), today, AHEAD_DAYS).await?;
        Ok::<_, StoreError>((services, views))
    };
    let (services, (views, is_cut)) = match made.await {
        Ok(made) => made,
        Err(error) => return message::failed(&app, &error),
    };
    let today = today.to_string();
    let (overdue, coming) = views.into_iter().partition(|view: &DutyView| view.day < today);
    html(DutiesPage {
        shell: Shell::acting(&acting, Place::Duties),
        org,
        services: services.into_iter().map(|service| (service.id, service.name)).collect(),
        overdue,
        coming,
        ahead: AHEAD_DAYS,
        is_cut,
        query,
    })
    .into_response()
}

/// `GET /o/{organisation}/duties.ics`.
pub async fn calendar(State(app): State<App>, acting: Acting) -> Response {
    let org = acting.reader.organisation_id.as_str();
    let today = world::date(app.now());
    let views = match views(&app, org, None, today, CALENDAR_DAYS).await {
        Ok((views, _)) => views,
        Err(error) => return message::failed(&app, &error),
    };
    let day = |view: &DutyView| {
        let title = match view.item.as_str() {
            "" => format!("{}（{}）", view.title, view.register),
            item => format!("{}（{}「{item}」）", view.title, view.register),
        };
        let owner = if view.owner.is_empty() { String::new() } else { format!("\n担当: {}", view.owner) };
        Some(CalendarDay {
            id: format!("{}@shirube", view.id),
            day: view.day.parse().ok()?,
            title,
            text: format!("{}{owner}", view.service),
        })
    };
    let days: Vec<CalendarDay> = views.iter().filter_map(day).collect();
    let name = format!("{}の期日", acting.reader.organisation);
    let kind = (header::CONTENT_TYPE, "text/calendar; charset=utf-8");
    let place = (header::CONTENT_DISPOSITION, "attachment; filename=\"duties.ics\"");
    ([kind, place], icalendar(&name, today, &days)).into_response()
}

/// What is due until so many days from now, and whether there is more than is shown.
async fn views(
    app: &App,
    org: &str,
    service: Option<&str>,
    today: NaiveDate,
    ahead: u64,
) -> Result<(Vec<DutyView>, bool), StoreError> {
    let until = today.checked_add_days(Days::new(ahead)).unwrap_or(NaiveDate::MAX).to_string();
    let due = app.store().due_until(org, service, &until, MOST + 1).await?;
    let is_cut = due.len() > MOST as usize;
    let mut ledgers: BTreeMap<String, (String, Ledger)> = BTreeMap::new();
    for one in app.store().services(org).await? {
        let is_due = due.iter().any(|due| due.service == one.id);
        let Some(revision) = one.revision.filter(|_| is_due) else { continue };
        let at = InService { organisation: org.to_owned(), service: one.id.clone() };
        ledgers.insert(one.id, (one.name, Ledger::read(app, &at, revision).await?));
    }
    let mut views = Vec::new();
    for due in due.iter().take(MOST as usize) {
        let Some((name, ledger)) = ledgers.get(&due.service) else { continue };
        if let Some(register) = ledger.register(&due.register) {
            views.push(view(app, org, name, register, due).await?);
        }
    }
    Ok((views, is_cut))
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
