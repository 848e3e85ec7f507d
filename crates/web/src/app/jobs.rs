//! `…/jobs/{job}`: work that goes on behind the page: what is done, what is left, stopping it, taking what came out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_store::{Event, Job, JobState, NewJob, StoreError};

use super::guard::Acting;
use super::sign_in::From;
use super::{App, message, world};
use crate::page::{Frame, html};
use crate::shown::Shown;
use crate::view::Here;

/// Work that was begun, as the one who does it knows it.
#[derive(Debug, Clone)]
pub struct Begun {
    pub organisation: String,
    pub service: String,
    pub person: String,
    pub id: String,
    kind: String,
}

/// How work ended.
pub struct Outcome {
    pub says: String,
    /// All of it was done; else somebody stopped it.
    pub is_whole: bool,
    /// What can be taken, if anything.
    pub result: Option<Vec<u8>>,
}

/// Results are forgotten after a day; they can be made again.
const KEPT: chrono::Duration = chrono::Duration::days(1);

/// Work of which nothing was heard for so long has ended with the process that did it.
const SILENT: chrono::Duration = chrono::Duration::minutes(5);

/// The same work on the same revision, if somebody has begun it and it still runs.
pub async fn running(
    app: &App,
    organisation: &str,
    service: &str,
    kind: &str,
    revision: u64,
) -> Result<Option<String>, StoreError> {
    let since = world::written(app.now() - SILENT);
    app.store().running_job(organisation, service, kind, revision, &since).await
}

/// Begins work on a revision of a service.
pub async fn begin(
    app: &App,
    from: &From,
    acting: &Acting,
    (service, revision): (&str, u64),
    kind: &str,
    steps: usize,
) -> Result<Begun, StoreError> {
    app.store().forget_jobs(&world::written(app.now() - KEPT)).await?;
    let organisation = acting.reader.organisation_id.clone();
    let (person, id) = (acting.reader.person.clone(), app.new_id('j'));
    let at = app.at();
    let mut change = app.store().begin(&organisation).await?;
    let new = NewJob { id: &id, service, person: &person, kind, revision, steps: steps as u64 };
    change.start_job(new, &at).await?;
    let event = Event { action: "documents.begun".to_owned(), note: format!("第{revision}版。{}", title(kind)) };
    change.commit(&person, from.origin(), &app.at(), event).await?;
    Ok(Begun { organisation, service: service.to_owned(), person, id, kind: kind.to_owned() })
}

impl Begun {
    /// Says what is worked on; false if the work shall stop.
    pub async fn step(&self, app: &App, step: u64, says: &str) -> Result<bool, StoreError> {
        app.store().job_step(&self.organisation, &self.id, step, says, &app.at()).await
    }
}

/// Lets work go on behind the page. `None` from it means that it was stopped.
pub fn run<W>(app: &App, begun: Begun, work: W)
where
    W: Future<Output = Result<Option<Outcome>, StoreError>> + Send + 'static,
{
    let app = app.clone();
    tokio::spawn(async move {
        let (state, says, result) = match work.await {
            Ok(Some(outcome)) => {
                let state = if outcome.is_whole { JobState::Done } else { JobState::Stopped };
                (state, outcome.says, outcome.result)
            }
            Ok(None) => (JobState::Stopped, "止めました。何も残していません。".to_owned(), None),
            Err(error) => {
                app.0.metrics.failed(&error);
                (JobState::Failed, format!("{error}{}", left(&begun.kind)), None)
            }
        };
        let at = app.at();
        let ended = app.store().end_job(&begun.organisation, &begun.id, state, &says, result.as_deref(), &at);
        if let Err(error) = ended.await {
            app.0.metrics.failed(&error);
        }
    });
}

/// What is there after work that did not come to its end.
fn left(kind: &str) -> &'static str {
    match kind {
        "packs" => "すでに発行したものは、そのまま残っています。もう一度発行すると、残りを発行します。",
        _ => "何も残していません。",
    }
}

fn title(kind: &str) -> &'static str {
    match kind {
        "issue" => "文書の発行",
        "packs" => "医療機関等への文書の発行",
        _ => "下書き一式の作成",
    }
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    job: String,
}

#[derive(Template)]
#[template(path = "app/job.html")]
struct JobPage<'a> {
    frame: Frame<'a>,
    job: Job,
    title: &'static str,
    started: String,
    running: bool,
    /// Nothing was heard of it for long.
    lost: bool,
    mine: bool,
    csrf: &'a str,
}

impl JobPage<'_> {
    /// Share of what is done, in thousandths of the bar's width.
    fn done(&self) -> u64 {
        self.job.step * 1000 / self.job.steps.max(1)
    }

    /// Where the work was begun: the end of its address, and its name.
    fn home(&self) -> (&'static str, &'static str) {
        match self.job.kind.as_str() {
            "packs" => ("/institutions", "医療機関等との合意"),
            _ => ("/documents", "文書"),
        }
    }

    fn left(&self) -> &'static str {
        left(&self.job.kind)
    }

    fn failed(&self) -> bool {
        matches!(self.job.state, JobState::Failed | JobState::Stopped) || self.lost
    }
}

pub async fn show(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<At>) -> Response {
    let job = match app.store().job(&at.organisation, &at.service, &at.job).await {
        Ok(job) => job,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let open = matches!(job.state, JobState::Running | JobState::Stopping);
    let lost = open && world::read(&job.seen_at).is_none_or(|seen| app.now() - seen > SILENT);
    html(JobPage {
        frame: Frame::new(&shown, Here::Documents),
        title: title(&job.kind),
        started: world::shown_text(&job.started_at),
        running: open && !lost,
        lost,
        mine: job.person == acting.reader.person,
        csrf: &acting.reader.csrf,
        job,
    })
}

/// `POST …/jobs/{job}`: asks for one's own work to stop.
pub async fn stop(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<At>) -> Response {
    let stopped = async {
        let job = app.store().job(&at.organisation, &at.service, &at.job).await?;
        if job.person != acting.reader.person {
            return Err(StoreError::Missing(shirube_store::Missing::Job));
        }
        app.store().stop_job(&at.organisation, &at.job).await
    };
    match stopped.await {
        Ok(()) => Redirect::to(&format!("{}/jobs/{}", shown.base, at.job)).into_response(),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// `GET …/jobs/{job}/documents.zip`: what came out. Who took it is in the trail.
pub async fn result(State(app): State<App>, from: From, acting: Acting, Path(at): Path<At>) -> Response {
    let taken = async {
        let job = app.store().job(&at.organisation, &at.service, &at.job).await?;
        let bytes = app.store().job_result(&at.organisation, &at.service, &at.job).await?;
        let mut change = app.store().begin(&at.organisation).await?;
        change.about(&format!("service/{}/revision/{}", at.service, job.revision));
        let event = Event { action: "documents.taken".to_owned(), note: format!("第{}版", job.revision) };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok((job, bytes))
    };
    match taken.await {
        Ok((job, bytes)) => {
            let name = crate::page::documents::disposition(&format!("{}-{}-drafts.zip", at.service, job.revision));
            let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
            (headers, bytes).into_response()
        }
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}
