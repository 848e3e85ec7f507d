//! What stands behind the answer to a control: the newest records of each register that proves it, and what is overdue.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use shirube_catalog::{ControlId, Register, Span};
use shirube_safety::conformity::ControlStatus;
use shirube_safety::operation::register::{Act, subtract};
use shirube_store::StoreError;

use super::body::{is_undone, token};
use super::ledger::Ledger;
use super::period::is_period;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::{App, message, world};
use crate::page::{Frame, html};
use crate::shown::Shown;
use crate::view::{Here, RecordedView};

/// How old the newest record of an answered control may be at most, where its register says nothing stricter (EVID-017).
const OLDEST: Span = Span::Months(13);

#[derive(Template)]
#[template(path = "app/register-evidence.html")]
struct EvidencePage<'a> {
    frame: Frame<'a>,
    rows: Vec<ControlRow>,
    old: usize,
    missing: usize,
    overdue: usize,
}

struct ControlRow {
    id: String,
    ascii: String,
    title: &'static str,
    answer: &'static str,
    newest: String,
    registers: Vec<(String, String)>,
    gaps: Vec<&'static str>,
}

/// The newest days of a service's registers, and what is overdue in them.
struct Days {
    /// By register and what was done.
    newest: BTreeMap<(String, String), String>,
    /// Register, duty and number of what is overdue.
    overdue: Vec<(String, String, u64)>,
}

impl Days {
    async fn read(app: &App, at: &InService) -> Result<Self, StoreError> {
        let newest = app.store().newest_days(&at.organisation, &at.service).await?;
        let counts = app.store().due_counts(&at.organisation, &world::day(app.now())).await?;
        let counts = counts.into_iter().filter(|count| count.service == at.service && count.overdue > 0);
        Ok(Self { newest, overdue: counts.map(|count| (count.register, count.duty, count.overdue)).collect() })
    }

    /// The newest day of a register, or of one of its duties.
    fn of(&self, register: &Register, duty: Option<&str>) -> Option<NaiveDate> {
        let step = duty.map(|duty| token(&Act::Duty(duty.to_owned())));
        let found = self.newest.iter().filter(|((of, what), _)| {
            *of == register.id && step.as_ref().map_or(!is_undone(what) && !is_period(what), |step| what == step)
        });
        found.filter_map(|(_, day)| day.parse().ok()).max()
    }
}

/// What the registers say to one control.
pub async fn recorded(
    app: &App,
    at: &InService,
    revision: u64,
    control: ControlId,
) -> Result<Vec<RecordedView>, StoreError> {
    let ledger = Ledger::read(app, at, revision).await?;
    let days = Days::read(app, at).await?;
    let today = world::date(app.now());
    let all = ledger.registers.iter().filter(|register| proves(register, control));
    Ok(all.map(|register| view(register, control, &days, today)).collect())
}

fn proves(register: &Register, control: ControlId) -> bool {
    register.evidences.iter().any(|one| one.control == control)
        || register.duties.iter().any(|duty| duty.evidences.contains(&control))
}

fn view(register: &Register, control: ControlId, days: &Days, today: NaiveDate) -> RecordedView {
    let newest = days.of(register, None);
    let fresh = register.evidences.iter().find(|one| one.control == control).and_then(|one| one.fresh);
    let limit = subtract(today, fresh.unwrap_or(OLDEST));
    let duties = register.duties.iter().filter(|duty| duty.evidences.contains(&control));
    let duty = |duty: &shirube_catalog::RegisterDuty| {
        let overdue = days.overdue.iter().filter(|(of, id, _)| *of == register.id && *id == duty.id);
        let last = days.of(register, Some(&duty.id)).map(|day| day.to_string()).unwrap_or_default();
        (duty.title.clone(), last, overdue.map(|(_, _, count)| count).sum())
    };
    RecordedView {
        title: register.title.clone(),
        href: format!("/registers/{}", register.id),
        newest: newest.map(|day| day.to_string()).unwrap_or_default(),
        age_days: newest.map_or(0, |day| (today - day).num_days()),
        is_old: newest.is_some_and(|day| limit.is_some_and(|limit| day < limit)),
        duties: duties.map(duty).collect(),
    }
}

/// `GET …/records`: all controls that a register can prove.
pub async fn overview(State(app): State<App>, _: Acting, shown: Shown, Path(at): Path<InService>) -> Response {
    let made = async {
        let ledger = Ledger::read(&app, &at, shown.revision.unwrap_or_default()).await?;
        Ok::<_, StoreError>((ledger, Days::read(&app, &at).await?))
    };
    let (ledger, days) = match made.await {
        Ok(made) => made,
        Err(error) => return message::failed(&app, &error),
    };
    let today = world::date(app.now());
    let rows: Vec<ControlRow> = shown
        .site
        .view
        .controls
        .iter()
        .filter_map(|control| {
            let id: ControlId = control.id.parse().ok()?;
            let proving = ledger.registers.iter().filter(|register| proves(register, id));
            let views: Vec<RecordedView> = proving.map(|register| view(register, id, &days, today)).collect();
            (!views.is_empty()).then(|| row(control, &views))
        })
        .collect();
    let count = |gap: &str| rows.iter().filter(|row| row.gaps.contains(&gap)).count();
    let (old, missing, overdue) = (count(OLD), count(NONE), count(OVERDUE));
    html(EvidencePage { frame: Frame::new(&shown, Here::Registers), rows, old, missing, overdue }).into_response()
}

const OLD: &str = "記録が古い";
const NONE: &str = "記録がない";
const OVERDUE: &str = "期日を過ぎた務めがある";

fn row(control: &crate::view::ControlView, views: &[RecordedView]) -> ControlRow {
    let newest = views.iter().map(|view| view.newest.as_str()).max().unwrap_or_default();
    let claims = claims(control.status);
    let is_old = views.iter().all(|view| view.is_old || view.newest.is_empty());
    let overdue = views.iter().any(|view| view.duties.iter().any(|(_, _, overdue)| *overdue > 0));
    let gaps = [(NONE, claims && newest.is_empty()), (OLD, claims && !newest.is_empty() && is_old), (OVERDUE, overdue)];
    ControlRow {
        id: control.id.clone(),
        ascii: control.ascii.clone(),
        title: control.minor_title,
        answer: control.status.term(),
        newest: newest.to_owned(),
        registers: views.iter().map(|view| (view.title.clone(), view.href.clone())).collect(),
        gaps: gaps.into_iter().filter(|(_, is)| *is).map(|(gap, _)| gap).collect(),
    }
}

/// Whether an answer says that something is done, so that records can be expected.
fn claims(status: ControlStatus) -> bool {
    matches!(status, ControlStatus::Met | ControlStatus::Partial | ControlStatus::Alternative)
}
