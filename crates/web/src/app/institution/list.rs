//! `/o/{organisation}/institutions`: who uses the services.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_safety::agreement::Institution;
use shirube_safety::model::InstitutionKind;
use shirube_store::{Service, StoreError};

use super::kept::{Note, Terms, Written};
use super::work::Roster;
use super::{Plan, Writing, active_services, fill, work, write_all};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::From;
use crate::app::{App, message};
use crate::query::Query;

/// Rows on a page.
pub const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "app/institutions.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    notice: String,
    mistakes: Vec<String>,
    fields: &'a Fields,
    kinds: &'static [InstitutionKind],
    services: Vec<Service>,
    rows: Vec<Row>,
    found: usize,
    all: usize,
    query: Query,
    page: usize,
    pages: usize,
    /// Whether agreements may be opened from here.
    agreements: bool,
}

struct Row {
    id: String,
    name: String,
    kind: &'static str,
    /// Ids and names of the services it uses.
    uses: Vec<(String, String)>,
    contact: String,
}

/// `GET /o/{organisation}/institutions`.
pub async fn list(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    page(&app, &acting, StatusCode::OK, raw.as_deref(), Vec::new(), &Fields::default()).await
}

pub async fn page(
    app: &App,
    acting: &Acting,
    status: StatusCode,
    raw: Option<&str>,
    mistakes: Vec<String>,
    fields: &Fields,
) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let query = Query::parse("", &format!("/o/{organisation}/institutions"), &["q", "service", "page", "done"], raw);
    let read = async {
        let services = app.store().services(organisation).await?;
        Ok::<_, StoreError>((work::roster(app, organisation).await?, services))
    };
    let (roster, services) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let all = roster.facts.len();
    let mut rows = rows(&roster, &services, &query);
    let (found, page, pages) = paged(&mut rows, &query);
    let notice = match query.get("done").map(|done| (done, done.parse::<usize>())) {
        Some((_, Ok(count))) => format!("{count}件の医療機関等を取り込みました。"),
        Some(_) => "医療機関等を登録しました。".to_owned(),
        None => String::new(),
    };
    let list = ListPage {
        shell: Shell::acting(acting, Place::Institutions),
        notice,
        mistakes,
        fields,
        kinds: InstitutionKind::ALL,
        services: services.into_iter().filter(|service| service.state == "active").collect(),
        rows,
        found,
        all,
        query,
        page,
        pages,
        agreements: acting.reader.may(crate::reader::Action::View, crate::reader::Resource::Agreement),
    };
    with_status(status, list)
}

/// Keeps the rows of the page that is asked for; gives how many there were, which page it is, and how many there are.
pub fn paged<T>(rows: &mut Vec<T>, query: &Query) -> (usize, usize, usize) {
    let found = rows.len();
    let pages = found.div_ceil(PAGE).max(1);
    let page = query.get("page").and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, pages);
    *rows = std::mem::take(rows).into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
    (found, page, pages)
}

fn rows(roster: &Roster, services: &[Service], query: &Query) -> Vec<Row> {
    let uses = roster.uses();
    let row = |(id, facts): (&String, &Institution)| {
        let used = |service: &&Service| uses.get(id.as_str()).is_some_and(|used| used.contains(service.id.as_str()));
        let named = |service: &Service| (service.id.clone(), service.name.clone());
        Row {
            uses: services.iter().filter(used).map(named).collect(),
            name: facts.name.clone(),
            kind: facts.kind.term(),
            contact: facts.contacts.first().map(|person| person.name.clone()).unwrap_or_default(),
            id: id.clone(),
        }
    };
    let mut rows: Vec<Row> = roster.facts.iter().map(row).collect();
    rows.retain(|row| {
        query.get("q").is_none_or(|wanted| row.name.contains(wanted))
            && query.get("service").is_none_or(|wanted| row.uses.iter().any(|(id, _)| id == wanted))
    });
    rows.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    rows
}

/// What is said of a name that another institution has.
pub fn taken(name: &str) -> String {
    format!("「{name}」はすでに登録されています。同じ名前の別の医療機関等なら、所在地などを添えて区別してください。")
}

/// `POST /o/{organisation}/institutions`: one more, with the services it uses.
pub async fn add(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let mut mistakes = Vec::new();
    let facts = fill::institution(&fields, &mut mistakes);
    let used: Vec<&str> = fields.all("service").collect();
    let known = async {
        let services = active_services(&app, organisation).await?;
        Ok::<_, StoreError>((services, work::roster(&app, organisation).await?))
    };
    let (services, roster) = match known.await {
        Ok(known) => known,
        Err(error) => return message::failed(&app, &error),
    };
    if used.iter().any(|used| services.iter().all(|service| service.id != *used)) {
        mistakes.push("利用しているサービスを、一覧から選んでください。".to_owned());
    }
    if let Some(facts) = &facts
        && roster.facts.values().any(|known| known.name == facts.name)
    {
        mistakes.push(taken(&facts.name));
    }
    let (Some(facts), true) = (facts, mistakes.is_empty()) else {
        return page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, None, mistakes, &fields).await;
    };
    let id = app.new_id('i');
    let mut records = vec![Written::new(&id, None, &Note::Facts(&facts))];
    records.extend(used.iter().map(|used| Written::new(&id, Some(used), &Note::Terms(&Terms::default()))));
    let writing = Writing { acting: &acting, from: &from, action: "institution.created", note: facts.name.clone() };
    let new = Plan { id: &id, seen: None, records: &records };
    match write_all(&app, &writing, &[new]).await {
        Ok(_) => Redirect::to(&format!("/o/{organisation}/institutions/{id}?done=added")).into_response(),
        Err(error) => message::failed(&app, &error),
    }
}
