//! `…/incidents`: all incidents, and the button to begin one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shirube_safety::ServiceFiles;
use shirube_safety::operation::incident::{Incident, glance};
use shirube_store::StoreError;

use super::read::{Kept, around};
use crate::app::guard::Acting;
use crate::app::register::{Wanted, encoded};
use crate::app::revisions::InService;
use crate::app::sites::in_files;
use crate::app::{App, message, world};
use crate::page::{Frame, html};
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "app/incidents.html")]
struct IncidentsPage<'a> {
    frame: Frame<'a>,
    open: Vec<Line>,
    closed: Vec<Line>,
    may_edit: bool,
    may_export: bool,
}

struct Line {
    number: String,
    href: String,
    title: String,
    state: String,
    found: String,
    next: &'static str,
    /// Title, until when, and what remains.
    clock: Option<(String, String, String)>,
    is_overdue: bool,
}

/// `GET …/incidents`.
pub async fn list(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<InService>) -> Response {
    match lines(&app, &shown, &at).await {
        Ok(lines) => {
            let (open, closed) = lines.into_iter().partition(|(is_open, _)| *is_open);
            let of = |lines: Vec<(bool, Line)>| lines.into_iter().map(|(_, line)| line).collect();
            html(IncidentsPage {
                frame: Frame::new(&shown, Here::Registers),
                open: of(open),
                closed: of(closed),
                may_edit: acting.reader.may(Action::Edit, Resource::Register),
                may_export: acting.reader.may(Action::Export, Resource::Register),
            })
        }
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// Every incident, and whether it is open.
async fn lines(app: &App, shown: &Shown, at: &InService) -> Result<Vec<(bool, Line)>, StoreError> {
    let kept = Kept::all(app, at, Wanted::All).await?;
    let now = world::local(app.now());
    let base = shown.base.clone();
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let work = move |files: &ServiceFiles| {
        let around = around(files, &kept.institutions);
        let one = |incident: Incident| {
            let glance = glance(&incident, files, &around, now);
            let clock = glance.nearest.as_ref();
            let line = Line {
                number: incident.entry.id.clone(),
                href: format!("{base}/incidents/{}", encoded(&incident.entry.id)),
                title: incident.text("title").unwrap_or_default(),
                state: incident.state().to_owned(),
                found: incident.at("found_at").map(|at| at.to_string()).unwrap_or_default(),
                next: glance.next.as_ref().map_or("", |step| step.title),
                clock: clock.map(|clock| {
                    let due = clock.due.map(|due| due.to_string()).unwrap_or_default();
                    (clock.rule.title.clone(), due, clock.state.words())
                }),
                is_overdue: clock.is_some_and(|clock| clock.is_overdue()),
            };
            (incident.is_open(), line)
        };
        Incident::all(&kept.records).into_iter().map(one).collect()
    };
    in_files(files, work).await
}
