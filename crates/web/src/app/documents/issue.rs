//! Making all documents: for issue, as frozen copies of an approved revision, or as an archive of drafts. The work goes
//! on behind the page; see [`jobs`].

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_documents::content;
use shirube_documents::deliverable::Deliverable;
use shirube_documents::write::{archive, render};
use shirube_safety::model::{Date, HistoryEntry};
use shirube_safety::{Service, ServiceFiles};
use shirube_store::{Document, Event, StoreError};
use shirube_trail::Origin;

use super::super::fields::Fields;
use super::super::guard::Acting;
use super::super::jobs::{self, Begun};
use super::super::sign_in::From;
use super::super::sites::texts;
use super::super::{App, message, world};
use super::{FORMATS, InService, not_made, page, source};
use crate::shown::Shown;

/// `POST …/documents`: issues all documents of the approved revision as frozen copies.
pub async fn issue_all(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    let mistakes = if fields.text("edition").is_empty() || fields.text("reason").is_empty() {
        vec!["文書の版数と、発行の理由を入力してください。".to_owned()]
    } else {
        match issuing(&app, &from, &acting, &shown, &at, &fields).await {
            Ok(Ok(job)) => return Redirect::to(&format!("{}/jobs/{job}", shown.base)).into_response(),
            Ok(Err(mistakes)) => mistakes,
            Err(error) => return message::failed(&app, &error),
        }
    };
    page(&app, &acting, &shown, &at, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes).await
}

/// What issuing puts on the covers.
#[derive(Debug, Clone)]
pub struct Cover {
    edition: String,
    /// Why it is issued, for the history.
    change: String,
    on: chrono::NaiveDate,
    author: String,
    approver: String,
}

/// What goes on the covers of a revision that is approved, or was issued already if `again`; none if it is neither.
pub async fn cover(
    app: &App,
    at: &InService,
    number: u64,
    fields: &Fields,
    again: bool,
) -> Result<Option<Cover>, StoreError> {
    let states = app.store().revision_states(&at.organisation, &at.service, number).await?;
    let is_ready = states.last().is_some_and(|last| last.state == "approved" || (again && last.state == "issued"));
    let approved = states.iter().rev().find(|state| state.state == "approved");
    let (Some(approved), true) = (approved, is_ready) else { return Ok(None) };
    let names = app.store().names(&at.organisation).await?;
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    Ok(Some(Cover {
        edition: fields.text("edition").to_owned(),
        change: fields.text("reason").to_owned(),
        on: world::date(app.now()),
        author: name(&states[0].entry.actor),
        approver: name(&approved.entry.actor),
    }))
}

/// Starts the work, or says what stands against it.
async fn issuing(
    app: &App,
    from: &From,
    acting: &Acting,
    shown: &Shown,
    at: &InService,
    fields: &Fields,
) -> Result<Result<String, Vec<String>>, StoreError> {
    let number = shown.revision.unwrap_or_default();
    let store = app.store();
    let Some(cover) = cover(app, at, number, fields, false).await? else {
        return Ok(Err(vec![format!("第{number}版は承認されていません。承認してから発行してください。")]));
    };
    let files = store.files(&at.organisation, &at.service, number).await?;
    let written = tokio::task::spawn_blocking(move || {
        let folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
        Ok(covered(folder.files, &cover, &source(number, &files.digest().to_string())))
    });
    let written = written.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)?;
    let documents = match written {
        Ok(documents) => Arc::new(documents),
        Err(open) => return Ok(Err(open)),
    };
    let steps = documents.len() * FORMATS.len();
    let begun = jobs::begin(app, from, acting, (&at.service, number), "issue", steps).await?;
    let note = format!("{} {}", fields.text("edition"), fields.text("reason"));
    let work = Issuing { begun: begun.clone(), revision: number, note, origin: from.origin() };
    let app = app.clone();
    jobs::run(&app.clone(), begun.clone(), async move {
        let Some(made) = made(&app, &work.begun, &documents).await? else { return Ok(None) };
        work.commit(&app, made).await?;
        Ok(Some(jobs::Outcome { says: "発行しました。".to_owned(), is_whole: true, result: None }))
    });
    Ok(Ok(begun.id))
}

struct Issuing {
    begun: Begun,
    revision: u64,
    note: String,
    origin: Origin,
}

impl Issuing {
    /// All copies and the state of the revision, at once or not at all.
    async fn commit(self, app: &App, made: Vec<Document>) -> Result<(), StoreError> {
        let mut change = app.store().begin(&self.begun.organisation).await?;
        change.issue(&self.begun.service, self.revision, &made).await?;
        change.set_revision_state(&self.begun.service, self.revision, "approved", "issued").await?;
        let event = Event { action: "document.issued".to_owned(), note: self.note };
        change.commit(&self.begun.person, self.origin, &app.at(), event).await.map(drop)
    }
}

/// The documents with their covers, or what keeps them from being more than drafts.
fn covered(mut files: ServiceFiles, cover: &Cover, source: &str) -> Result<Vec<content::Document>, Vec<String>> {
    put_on(&mut files, cover);
    let service = Service::new(&files);
    finished(&service, &Deliverable::begun(&service), source)
}

/// Puts on what the covers say.
pub fn put_on(files: &mut ServiceFiles, cover: &Cover) {
    let info = &mut files.service.document;
    info.edition = Some(cover.edition.clone());
    info.issued_on = Some(Date(cover.on));
    info.author = Some(cover.author.clone());
    info.approver = Some(cover.approver.clone());
    // A cover whose history ends with another edition would contradict itself.
    if info.history.last().is_none_or(|last| last.edition != cover.edition) {
        info.history.push(HistoryEntry {
            edition: cover.edition.clone(),
            on: Date(cover.on),
            change: cover.change.clone(),
            author: cover.author.clone(),
            approver: cover.approver.clone(),
        });
    }
}

/// These documents, or what keeps them from being more than drafts.
pub fn finished(
    service: &Service,
    wanted: &[Deliverable],
    source: &str,
) -> Result<Vec<content::Document>, Vec<String>> {
    let open: Vec<String> = service.open_points().map(|point| format!("{}。{}", point.text, point.advice)).collect();
    if !open.is_empty() {
        return Err(open);
    }
    let made: Vec<content::Document> = wanted.iter().map(|deliverable| deliverable.build(service, source)).collect();
    // A document may hold itself back, as a 運用管理規程 does that lacks what the guideline wants in it (DOC-029).
    let held: Vec<String> = made
        .iter()
        .filter(|document| document.meta.status == content::Status::Draft)
        .map(|document| format!("{}: {}", document.title, document.notices.join(" ")))
        .collect();
    if held.is_empty() { Ok(made) } else { Err(held) }
}

/// All documents in all formats, one after the other; nothing if somebody stopped the work.
async fn made(
    app: &App,
    begun: &Begun,
    documents: &Arc<Vec<content::Document>>,
) -> Result<Option<Vec<Document>>, StoreError> {
    let mut all = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        for format in FORMATS {
            let says = format!("{}（{}）", document.title, super::format_name(&format));
            if !begun.step(app, all.len() as u64, &says).await? {
                return Ok(None);
            }
            let _turn = app.0.makers.acquire().await;
            let documents = Arc::clone(documents);
            let bytes =
                tokio::task::spawn_blocking(move || render(&documents[at], format).map_err(|error| error.to_string()));
            let bytes = bytes.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)?;
            all.push(Document {
                name: document.name.to_string(),
                format: format.extension().to_owned(),
                title: document.title.clone(),
                bytes,
            });
        }
    }
    Ok(Some(all))
}

/// `POST …/documents/all`: all drafts of the latest revision in one archive.
pub async fn drafts(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
) -> Response {
    let number = shown.revision.unwrap_or_default();
    let started = async {
        if let Some(job) = jobs::running(&app, &at.organisation, &at.service, "drafts", number).await? {
            return Ok(job);
        }
        let files = app.store().files(&at.organisation, &at.service, number).await?;
        let written = tokio::task::spawn_blocking(move || {
            let mut folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
            folder.files.service.document.issued_on = None;
            let service = Service::new(&folder.files);
            let source = source(number, &files.digest().to_string());
            let begun = Deliverable::begun(&service);
            Ok(begun.iter().map(|deliverable| deliverable.build(&service, &source)).collect::<Vec<_>>())
        });
        let written = written.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)?;
        let documents = Arc::new(written);
        let steps = documents.len() * FORMATS.len();
        let begun = jobs::begin(&app, &from, &acting, (&at.service, number), "drafts", steps).await?;
        let (worker, work) = (app.clone(), begun.clone());
        jobs::run(&app, begun.clone(), async move {
            let Some(made) = made(&worker, &work, &documents).await? else { return Ok(None) };
            let files = made.iter().map(|document| (document.name.as_str(), document.format.as_str(), &document.bytes));
            let named: Vec<(String, &[u8])> =
                files.map(|(name, format, bytes)| (format!("{name}.{format}"), bytes.as_slice())).collect();
            let packed = archive(named.iter().map(|(name, bytes)| (name.as_str(), *bytes)));
            let packed = packed.map_err(|error| not_made(error.to_string()))?;
            Ok(Some(jobs::Outcome { says: "できました。".to_owned(), is_whole: true, result: Some(packed) }))
        });
        Ok::<_, StoreError>(begun.id)
    };
    match started.await {
        Ok(job) => Redirect::to(&format!("{}/jobs/{job}", shown.base)).into_response(),
        Err(error) => message::failed(&app, &error),
    }
}
