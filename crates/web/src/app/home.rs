//! `/` and `/o/{organisation}/`: what is due, what is stale, what is undecided, and the services.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDateTime;
use shirube_store::{Filter, Service, StoreError};

use super::guard::{Acting, Present, Visitor};
use super::incident::{self, OpenIncident};
use super::notices::{self, Notice};
use super::register::encoded;
use super::revisions::InService;
use super::shell::{Place, Shell};
use super::summary::{self, Due, FirstHour, Summary};
use super::{App, message, revisions, trail, world};
use crate::page::html;
use crate::reader::{Action, Resource};

#[derive(Template)]
#[template(path = "app/organisations.html")]
struct OrganisationsPage<'a> {
    shell: Shell<'a>,
    visitor: &'a Visitor,
}

/// `/`: to the only organisation, or the list of them.
pub async fn start(Present(visitor): Present) -> Response {
    match visitor.memberships.as_slice() {
        [only] => Redirect::to(&format!("/o/{}/", only.organisation.id)).into_response(),
        _ => html(OrganisationsPage { shell: Shell::new(Some(&visitor), Place::Home), visitor: &visitor }),
    }
}

#[derive(Template)]
#[template(path = "app/home.html")]
struct HomePage<'a> {
    shell: Shell<'a>,
    today: String,
    notices: Vec<Notice>,
    overview: Arc<Overview>,
    /// Figures are shown to those who may see the inside of services.
    inside: bool,
    now: NaiveDateTime,
}

/// What the page says of the organisation.
struct Overview {
    services: Vec<Line>,
    dues: Vec<DueView>,
    /// Open incidents of all services.
    incidents: Vec<IncidentLine>,
    stale: Vec<Stale>,
    undecided: Vec<Undecided>,
    /// Names of services whose latest revision cannot be read.
    unreadable: Vec<String>,
    changes: Vec<ChangeView>,
}

/// What an overview was made of and for. Whatever changes in an organisation adds to its trail, so as long as the trail
/// has the same end, the overview is right.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Basis {
    trail_end: u64,
    today: String,
    inside: bool,
    approves: bool,
    registers: bool,
}

/// The last overviews, a few for each organisation: readers of different roles see different ones.
#[derive(Default)]
pub struct Overviews(Mutex<BTreeMap<String, Kept>>);

type Kept = Vec<(Basis, Arc<Overview>)>;

impl Overviews {
    fn get(&self, organisation: &str, basis: &Basis) -> Option<Arc<Overview>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = kept.get(organisation)?.iter();
        known.find(|(known, _)| known == basis).map(|(_, overview)| Arc::clone(overview))
    }

    fn keep(&self, organisation: &str, basis: Basis, overview: &Arc<Overview>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.entry(organisation.to_owned()).or_default();
        known.retain(|(known, _)| known.trail_end >= basis.trail_end && known.today == basis.today && *known != basis);
        known.push((basis, Arc::clone(overview)));
    }
}

impl HomePage<'_> {
    /// Services whose first hour is not over, unless the reader put the guide away.
    fn beginning(&self) -> Vec<(&Line, &FirstHour)> {
        let put_away = |id: &str| self.shell.visitor.is_some_and(|who| who.preferences.without_guide.contains(id));
        let shown = self.overview.services.iter().filter(|line| !put_away(&line.id));
        shown.filter_map(|line| Some((line, line.summary.as_ref()?.first_hour.as_ref()?))).collect()
    }
}

/// Something that is no longer true.
struct Stale {
    service_name: String,
    text: String,
    href: String,
}

/// What is open of one kind, over all services.
struct Undecided {
    title: String,
    open: usize,
    services: usize,
}

struct Line {
    id: String,
    name: String,
    revision: String,
    state: &'static str,
    at: String,
    author: String,
    state_token: String,
    number: u64,
    /// Not there for a revision that cannot be read.
    summary: Option<Arc<Summary>>,
}

struct IncidentLine {
    href: String,
    service_name: String,
    incident: OpenIncident,
}

impl IncidentLine {
    fn is_late(&self, now: &NaiveDateTime) -> bool {
        self.incident.clock.as_ref().is_some_and(|(_, due)| due.is_over(*now))
    }
}

struct DueView {
    service: String,
    service_name: String,
    due: Due,
    day: String,
    late: bool,
}

struct ChangeView {
    at: String,
    actor: String,
    action: String,
    service: Option<(String, String)>,
    note: String,
}

/// How many days ahead the home page looks.
const AHEAD: i64 = 30;

pub async fn show(State(app): State<App>, acting: Acting) -> Response {
    // People of an institution have another home: nothing here is for them.
    if acting.reader.institution.is_some() {
        return Redirect::to(&format!("/o/{}/portal", acting.reader.organisation_id)).into_response();
    }
    match read(&app, &acting).await {
        Ok(page) => html(page),
        Err(error) => message::failed(&app, &error),
    }
}

async fn read<'a>(app: &App, acting: &'a Acting) -> Result<HomePage<'a>, StoreError> {
    let organisation = &acting.reader.organisation_id;
    let inside = acting.reader.may(Action::View, Resource::Risk);
    let basis = Basis {
        trail_end: app.store().head(organisation).await?.number,
        today: world::day(app.now()),
        inside,
        approves: acting.reader.may(Action::Approve, Resource::Revision),
        registers: acting.reader.may(Action::View, Resource::Register),
    };
    let overview = match app.overviews().get(organisation, &basis) {
        Some(overview) => overview,
        None => {
            let overview = Arc::new(overview(app, organisation, &basis).await?);
            app.overviews().keep(organisation, basis, &overview);
            overview
        }
    };
    let notices = notices::notices(app, acting).await?;
    let today = world::shown(app.now());
    let today = today.split(' ').next().unwrap_or_default().to_owned();
    Ok(HomePage {
        shell: Shell::acting(acting, Place::Home),
        today,
        notices,
        overview,
        inside,
        now: world::local(app.now()),
    })
}

async fn overview(app: &App, organisation: &str, basis: &Basis) -> Result<Overview, StoreError> {
    let inside = basis.inside;
    let services = app.store().services(organisation).await?;
    let names = app.store().names(organisation).await?;
    let services: Vec<Service> = services.into_iter().filter(|service| service.state == "active").collect();
    let latest =
        services.iter().filter(|_| inside).filter_map(|service| Some((service.id.as_str(), service.revision?)));
    let mut figures = summary::of_all(app, organisation, &latest.collect::<Vec<_>>()).await?;
    let lines = services.into_iter().map(|service| {
        let summary = figures.remove(&service.id);
        line(service, summary, &names)
    });
    let services: Vec<Line> = lines.collect();
    let last = world::day(app.now() + chrono::Duration::days(AHEAD));
    let mut dues: Vec<DueView> = services.iter().flat_map(|line| dues(line, &basis.today, &last)).collect();
    if basis.approves {
        dues.extend(
            services.iter().filter(|line| line.state_token == "checked").map(|line| waiting(line, &basis.today)),
        );
    }
    dues.sort_by(|one, other| one.due.on.cmp(&other.due.on));
    let stale =
        if inside { stale(&services, &app.store().last_issued(organisation).await?, organisation) } else { Vec::new() };
    let unreadable = services.iter().filter(|line| inside && line.number > 0 && line.summary.is_none());
    let unreadable = unreadable.map(|line| line.name.clone()).collect();
    let undecided = undecided(&services);
    let changes = if inside { changes(app, organisation, &services, &names).await? } else { Vec::new() };
    let incidents = if basis.registers { incidents(app, organisation, &services).await? } else { Vec::new() };
    Ok(Overview { services, dues, incidents, stale, undecided, unreadable, changes })
}

/// The open incidents of all services, the nearest clock first.
async fn incidents(app: &App, organisation: &str, lines: &[Line]) -> Result<Vec<IncidentLine>, StoreError> {
    let mut all = Vec::new();
    for line in lines.iter().filter(|line| line.summary.is_some()) {
        let at = InService { organisation: organisation.to_owned(), service: line.id.clone() };
        let open = incident::open(app, &at, line.number).await?;
        all.extend(open.into_iter().map(|incident| IncidentLine {
            href: format!("/o/{organisation}/s/{}/incidents/{}", line.id, encoded(&incident.number)),
            service_name: line.name.clone(),
            incident,
        }));
    }
    all.sort_by_key(|line| line.incident.clock.as_ref().map_or(NaiveDateTime::MAX, |(_, due)| due.limit()));
    Ok(all)
}

/// A revision that somebody checked waits for who approves.
fn waiting(line: &Line, today: &str) -> DueView {
    let text = format!("{}を承認する", line.revision);
    let due = Due { on: today.to_owned(), text, href: format!("/revisions/{}", line.number) };
    DueView {
        service: line.id.clone(),
        service_name: line.name.clone(),
        due,
        day: "承認を待っています".to_owned(),
        late: false,
    }
}

/// Decisions whose grounds changed, and documents that were issued before the last change.
fn stale(lines: &[Line], issued: &BTreeMap<String, u64>, organisation: &str) -> Vec<Stale> {
    let one = |line: &Line, text: String, href: &str| Stale {
        service_name: line.name.clone(),
        text,
        href: format!("/o/{organisation}/s/{}{href}", line.id),
    };
    let mut all = Vec::new();
    for line in lines {
        let outdated = line.summary.as_ref().map_or(0, |summary| summary.open("decision-outdated"));
        if outdated > 0 {
            all.push(one(line, format!("前提が変わった決定 {outdated}件"), "/risks?state=outdated"));
        }
        if let Some(since) = issued.get(&line.id).filter(|since| **since < line.number) {
            let text = format!("第{since}版から発行した文書。その後に変更があります");
            all.push(one(line, text, &format!("/documents/since/{since}")));
        }
    }
    all
}

/// What is open, by kind, over all services.
fn undecided(lines: &[Line]) -> Vec<Undecided> {
    let mut kinds: Vec<Undecided> = Vec::new();
    let points = lines.iter().filter_map(|line| line.summary.as_ref()).flat_map(|summary| &summary.points);
    for point in points.filter(|point| point.open > 0 && point.rule != "decision-outdated") {
        match kinds.iter_mut().find(|kind| kind.title == point.title) {
            Some(kind) => (kind.open, kind.services) = (kind.open + point.open, kind.services + 1),
            None => kinds.push(Undecided { title: point.title.clone(), open: point.open, services: 1 }),
        }
    }
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.open));
    kinds
}

fn line(service: Service, summary: Option<Arc<Summary>>, names: &BTreeMap<String, String>) -> Line {
    let latest = service.latest.as_ref();
    Line {
        revision: service.revision.map_or_else(|| "—".to_owned(), |number| format!("第{number}版")),
        state: latest.map_or("", |latest| revisions::state_term(&latest.state)),
        state_token: latest.map(|latest| latest.state.clone()).unwrap_or_default(),
        number: service.revision.unwrap_or_default(),
        at: latest.map(|latest| world::shown_text(&latest.at)).unwrap_or_default(),
        author: latest.map(|latest| names.get(&latest.author).unwrap_or(&latest.author).clone()).unwrap_or_default(),
        id: service.id,
        name: service.name,
        summary,
    }
}

fn dues<'a>(line: &'a Line, today: &'a str, last: &'a str) -> impl Iterator<Item = DueView> + 'a {
    let dues = line.summary.iter().flat_map(|summary| &summary.dues);
    dues.filter(move |due| due.on.as_str() <= last).map(move |due| DueView {
        service: line.id.clone(),
        service_name: line.name.clone(),
        due: due.clone(),
        day: world::shown_day(&due.on),
        late: due.on.as_str() < today,
    })
}

async fn changes(
    app: &App,
    organisation: &str,
    lines: &[Line],
    names: &BTreeMap<String, String>,
) -> Result<Vec<ChangeView>, StoreError> {
    let filter = Filter { object: "service/", limit: 8, ..Filter::default() };
    let entries = app.store().entries(organisation, &filter).await?;
    let view = |entry: shirube_trail::Entry| {
        let id = entry.object.split('/').nth(1).unwrap_or_default();
        let service = lines.iter().find(|line| line.id == id).map(|line| (line.id.clone(), line.name.clone()));
        ChangeView {
            at: world::shown_text(&entry.at),
            actor: names.get(&entry.actor).unwrap_or(&entry.actor).clone(),
            action: trail::term(&entry.action).to_owned(),
            service,
            note: entry.note,
        }
    };
    Ok(entries.into_iter().map(view).collect())
}
