//! `…/incidents/{item}`: one incident on one page, the next step first.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use shirube_safety::operation::incident::{
    Affected, Clock, ClockState, Happened, INCIDENTS, Incident, OrderStep, StepState, Touched, Worked,
};
use shirube_safety::{Service, ServiceFiles};
use shirube_store::{Missing, StoreError};

use super::read::{Kept, around};
use crate::app::guard::Acting;
use crate::app::register::{Body, encoded};
use crate::app::revisions::InService;
use crate::app::sites::in_files;
use crate::app::{App, message, world};
use crate::page::{Frame, html};
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Deserialize)]
pub struct InIncident {
    pub organisation: String,
    pub service: String,
    pub item: String,
}

impl InIncident {
    pub fn service(&self) -> InService {
        InService { organisation: self.organisation.clone(), service: self.service.clone() }
    }
}

#[derive(Template)]
#[template(path = "app/incident.html")]
struct IncidentPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    seen: Seen,
    /// The address of its entry in the register.
    own: String,
    /// The address of this page.
    here: String,
    /// Number of the last record, so that nothing is overwritten that somebody else wrote meanwhile.
    number: u64,
    /// The form that takes the proposal over: every field as it would be sent; empty where there is nothing to take.
    taken_over: Vec<(String, String)>,
    may_edit: bool,
    may_export: bool,
}

/// What the page says.
struct Seen {
    id: String,
    title: String,
    state: String,
    is_open: bool,
    now: String,
    next: Option<StepView>,
    steps: Vec<StepView>,
    clocks: Vec<ClockView>,
    affected: Affected,
    concerned: Vec<String>,
    timeline: Vec<Happened>,
    touched: Touched,
}

struct StepView {
    title: &'static str,
    advice: &'static str,
    says: String,
    is_done: bool,
    /// Where it is written, below the address of the service.
    href: String,
}

struct ClockView {
    title: String,
    whom: String,
    due: String,
    says: String,
    counted: String,
    basis: String,
    source: String,
    is_overdue: bool,
    /// It runs, so it stands above the others.
    is_running: bool,
}

/// `GET …/incidents/{item}`.
pub async fn show(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<InIncident>) -> Response {
    match page(&app, &acting, &shown, &at).await {
        Ok(response) => response,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn page(app: &App, acting: &Acting, shown: &Shown, at: &InIncident) -> Result<Response, StoreError> {
    let item = app.store().register_item(&at.organisation, &at.service, INCIDENTS, &at.item).await?;
    let body = Body::read(&item.body)?;
    let kept = Kept::one(app, &at.service(), &at.item).await?;
    let now = world::local(app.now());
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let number = at.item.clone();
    let seen = in_files(files, move |files| seen(files, &kept, &number, now)).await?;
    let seen = seen.ok_or(StoreError::Missing(Missing::RegisterItem))?;
    let may_edit = acting.reader.may(Action::Edit, Resource::Register);
    let taken_over = if may_edit && seen.is_open { taken_over(&body, &seen.affected) } else { Vec::new() };
    Ok(html(IncidentPage {
        frame: Frame::new(shown, Here::Registers),
        csrf: &acting.reader.csrf,
        own: format!("{}/registers/{INCIDENTS}/e/{}", shown.base, encoded(&at.item)),
        here: format!("{}/incidents/{}", shown.base, encoded(&at.item)),
        number: item.number,
        taken_over,
        may_edit,
        may_export: acting.reader.may(Action::Export, Resource::Register),
        seen,
    }))
}

fn seen(files: &ServiceFiles, kept: &Kept, number: &str, now: chrono::NaiveDateTime) -> Option<Seen> {
    let incident = Incident::numbered(&kept.records, number)?;
    let service = Service::new(files);
    let worked = Worked::of(incident, &service, &around(files, &kept.institutions), now);
    let steps: Vec<StepView> = worked.order.iter().map(|step| step_view(step, number)).collect();
    let next = worked.next().filter(|_| incident.is_open()).map(|step| step_view(step, number));
    Some(Seen {
        id: number.to_owned(),
        title: incident.text("title").unwrap_or_default(),
        state: incident.state().to_owned(),
        is_open: incident.is_open(),
        now: now.format("%Y-%m-%d %H:%M").to_string(),
        next,
        steps,
        clocks: clock_views(&worked.clocks),
        concerned: worked.affected.concerned().into_iter().map(str::to_owned).collect(),
        timeline: worked.timeline,
        touched: worked.touched,
        affected: worked.affected,
    })
}

fn step_view(step: &OrderStep, number: &str) -> StepView {
    let href = match step.register {
        INCIDENTS => format!("/registers/{INCIDENTS}/e/{}", encoded(number)),
        other => format!("/registers/{other}/new"),
    };
    StepView {
        title: step.title,
        advice: step.advice,
        says: step.state.words(),
        is_done: !matches!(step.state, StepState::Open),
        href,
    }
}

/// What runs first, by the moment at which it ends; the rest as the rules list it.
fn clock_views(clocks: &[Clock]) -> Vec<ClockView> {
    let is_running = |clock: &Clock| matches!(clock.state, ClockState::Running(_) | ClockState::Overdue(_));
    let mut sorted: Vec<&Clock> = clocks.iter().collect();
    sorted.sort_by_key(|clock| (!is_running(clock), clock.due.filter(|_| is_running(clock)).map(|due| due.limit())));
    let view = |clock: &Clock| ClockView {
        title: clock.rule.title.clone(),
        whom: clock.whom().to_owned(),
        due: clock.due.map(|due| due.to_string()).unwrap_or_default(),
        says: clock.state.words(),
        counted: clock.counted.clone(),
        basis: clock.basis.clone(),
        source: clock.rule.source.clone(),
        is_overdue: clock.is_overdue(),
        is_running: is_running(clock),
    };
    sorted.into_iter().map(view).collect()
}

/// The fields of the entry with the proposal in them, as the form of the register sends them.
fn taken_over(body: &Body, affected: &Affected) -> Vec<(String, String)> {
    let information = affected.not_entered();
    let institutions = affected.institutions.iter().filter(|one| !one.entered).map(|one| one.name.as_str());
    let is_entered = affected.institutions.iter().any(|one| one.entered);
    let institutions: Vec<&str> = institutions.filter(|_| !is_entered).collect();
    if information.is_empty() && institutions.is_empty() {
        return Vec::new();
    }
    let mut fields: Vec<(String, String)> =
        body.values.iter().map(|(id, text)| (format!("v-{id}"), text.clone())).collect();
    fields.extend(information.into_iter().map(|name| ("v-information".to_owned(), name.to_owned())));
    fields.extend(institutions.into_iter().map(|name| ("v-institutions".to_owned(), name.to_owned())));
    if body.hold {
        fields.push(("hold".to_owned(), "yes".to_owned()));
    }
    fields
}
