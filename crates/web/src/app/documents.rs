//! `…/documents`: what a revision would say on paper, and the frozen copies of what was issued.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_documents::deliverable::Deliverable;
use shirube_documents::write::{Format, render};
use shirube_identity::role::{Action, Resource};
use shirube_safety::model::{Date, HistoryEntry};
use shirube_safety::{Service, ServiceFiles};
use shirube_store::{Document, Event, Issued, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::summary::{self, Point};
use super::{App, message, revisions, world};
use crate::page::Frame;
use crate::page::documents::disposition;
use crate::query::Query;
use crate::shown::Shown;
use crate::view::Here;

/// What people open: the others are for programs.
const FORMATS: [Format; 4] = [Format::Pdf, Format::Docx, Format::Xlsx, Format::Html];

#[derive(Template)]
#[template(path = "app/documents.html")]
struct DocumentsPage<'a> {
    frame: Frame<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    revision: u64,
    state: &'static str,
    deliverables: Vec<(&'static str, &'static str)>,
    formats: [Format; 4],
    /// What keeps the documents from being issued.
    open: Vec<Point>,
    may_issue: bool,
    issues: Vec<IssueView>,
}

/// What people call a format.
fn format_name(format: &Format) -> &'static str {
    match format {
        Format::Pdf => "PDF",
        Format::Docx => "Word",
        Format::Xlsx => "Excel",
        Format::Html => "HTML",
        Format::Markdown => "Markdown",
        Format::Json => "JSON",
    }
}

/// The same for the ending of a frozen copy.
fn issued_name(extension: &str) -> &'static str {
    let known = FORMATS.iter().find(|format| format.extension() == extension);
    known.map_or("", format_name)
}

/// The documents that were issued together.
struct IssueView {
    entry: u64,
    revision: u64,
    at: String,
    by: String,
    note: String,
    titles: Vec<(String, Vec<FileView>)>,
}

struct FileView {
    name: String,
    format: String,
    digest: String,
}

#[derive(Deserialize)]
pub struct InService {
    organisation: String,
    service: String,
}

pub async fn list(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/documents", &["done"], raw.as_deref());
    let notice = query.get("done").map_or("", |_| "文書を発行しました。発行した写しは変わりません。");
    page(&app, &acting, &shown, &at, StatusCode::OK, notice, Vec::new()).await
}

async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &InService,
    status: StatusCode,
    notice: &str,
    mistakes: Vec<String>,
) -> Response {
    let revision = shown.revision.unwrap_or_default();
    let read = async {
        let state = app.store().revision(&at.organisation, &at.service, revision).await?.state;
        let names = app.store().names(&at.organisation).await?;
        let issued = app.store().issued(&at.organisation, &at.service, None).await?;
        let summary = summary::of(app, &at.organisation, &at.service, revision).await?;
        Ok::<_, StoreError>((state, names, issued, summary))
    };
    let (state, names, issued, summary) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let may_issue = state == "approved" && acting.reader.may(Action::Issue, Resource::Document);
    let page = DocumentsPage {
        frame: Frame::new(shown, Here::Documents),
        notice,
        mistakes,
        revision,
        state: revisions::state_term(&state),
        deliverables: Deliverable::ALL.iter().map(|deliverable| (deliverable.name(), deliverable.title())).collect(),
        formats: FORMATS,
        open: summary.points.into_iter().filter(|point| point.open > 0).collect(),
        may_issue,
        issues: issues(&issued, &names),
    };
    with_status(status, page)
}

fn issues(issued: &[Issued], names: &BTreeMap<String, String>) -> Vec<IssueView> {
    let groups = issued.chunk_by(|one, other| one.entry.number == other.entry.number);
    groups.map(|group| issue(group, names)).collect()
}

fn issue(group: &[Issued], names: &BTreeMap<String, String>) -> IssueView {
    let entry = &group[0].entry;
    let mut titles: Vec<(String, Vec<FileView>)> = Vec::new();
    for document in group {
        let file = FileView {
            name: document.name.clone(),
            format: document.format.clone(),
            digest: document.digest.to_string(),
        };
        match titles.iter_mut().find(|(title, _)| *title == document.title) {
            Some((_, files)) => files.push(file),
            None => titles.push((document.title.clone(), vec![file])),
        }
    }
    IssueView {
        entry: entry.number,
        revision: group[0].revision,
        at: world::shown_text(&entry.at),
        by: names.get(&entry.actor).unwrap_or(&entry.actor).clone(),
        note: entry.note.clone(),
        titles,
    }
}

#[derive(Deserialize)]
pub struct File {
    organisation: String,
    service: String,
    file: String,
}

/// `GET …/documents/{file}`: a document of the latest revision, made now. It is a draft, whatever its state.
pub async fn draft(State(app): State<App>, shown: Shown, acting: Acting, Path(at): Path<File>) -> Response {
    let asked = at.file.rsplit_once('.').and_then(|(name, extension)| {
        let format = FORMATS.into_iter().find(|format| format.extension() == extension)?;
        Some((name.parse::<Deliverable>().ok()?, format))
    });
    let Some((deliverable, format)) = asked else { return message::nothing(Some(&acting.visitor)) };
    let revision = shown.revision.unwrap_or_default();
    let made = async {
        let files = app.store().files(&at.organisation, &at.service, revision).await?;
        let _turn = app.0.makers.acquire().await;
        let made = tokio::task::spawn_blocking(move || {
            let mut folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
            folder.files.service.document.issued_on = None;
            let service = Service::new(&folder.files);
            let source = source(revision, &files.digest().to_string());
            render(&deliverable.build(&service, &source), format).map_err(|error| error.to_string())
        });
        made.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)
    };
    match made.await {
        Ok(bytes) => file(&at.file, format.media_type(), bytes),
        Err(error) => message::failed(&app, &error),
    }
}

/// How a document of the application names its source: the revision and the start of its digest.
pub fn source(revision: u64, digest: &str) -> String {
    format!("第{revision}版 {}", &digest[..12])
}

fn not_made(log: String) -> StoreError {
    StoreError::Inconsistent { place: "文書".to_owned(), log }
}

/// Always as an attachment: a document never runs as a page of ours.
fn file(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition(name))];
    (headers, bytes).into_response()
}

/// `POST …/documents`: issues all documents of the approved revision as frozen copies.
pub async fn issue_all(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    let edition = fields.text("edition");
    let mistakes = if edition.is_empty() || fields.text("reason").is_empty() {
        vec!["文書の版数と、発行の理由を入力してください。".to_owned()]
    } else {
        match issued(&app, &from, &acting, &shown, &at, &fields).await {
            Ok(mistakes) if mistakes.is_empty() => {
                return Redirect::to(&format!("{}/documents?done=1", shown.base)).into_response();
            }
            Ok(mistakes) => mistakes,
            Err(error) => return message::failed(&app, &error),
        }
    };
    page(&app, &acting, &shown, &at, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes).await
}

async fn issued(
    app: &App,
    from: &From,
    acting: &Acting,
    shown: &Shown,
    at: &InService,
    fields: &Fields,
) -> Result<Vec<String>, StoreError> {
    let number = shown.revision.unwrap_or_default();
    let store = app.store();
    let states = store.revision_states(&at.organisation, &at.service, number).await?;
    let approved = states.last().filter(|last| last.state == "approved");
    let Some(approved) = approved else {
        return Ok(vec![format!("第{number}版は承認されていません。承認してから発行してください。")]);
    };
    let names = store.names(&at.organisation).await?;
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let cover = Cover {
        edition: fields.text("edition").to_owned(),
        change: fields.text("reason").to_owned(),
        on: world::date(app.now()),
        author: name(&states[0].entry.actor),
        approver: name(&approved.entry.actor),
    };
    let files = store.files(&at.organisation, &at.service, number).await?;
    let _turn = app.0.makers.acquire().await;
    let made = tokio::task::spawn_blocking(move || {
        let folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
        documents(folder.files, &cover, &source(number, &files.digest().to_string()))
    });
    let made = made.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)?;
    let documents = match made {
        Ok(documents) => documents,
        Err(open) => return Ok(open),
    };
    let mut change = store.begin(&at.organisation).await?;
    change.issue(&at.service, number, &documents).await?;
    change.set_revision_state(&at.service, number, "approved", "issued").await?;
    let note = format!("{} {}", fields.text("edition"), fields.text("reason"));
    let event = Event { action: "document.issued".to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
    Ok(Vec::new())
}

/// What issuing puts on the covers.
struct Cover {
    edition: String,
    /// Why it is issued, for the history.
    change: String,
    on: chrono::NaiveDate,
    author: String,
    approver: String,
}

/// All documents, or what keeps them from being more than drafts.
fn documents(
    mut files: ServiceFiles,
    cover: &Cover,
    source: &str,
) -> Result<Result<Vec<Document>, Vec<String>>, String> {
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
    let service = Service::new(&files);
    let open: Vec<String> = service.open_points().map(|point| format!("{}。{}", point.text, point.advice)).collect();
    if !open.is_empty() {
        return Ok(Err(open));
    }
    let mut made = Vec::new();
    for deliverable in Deliverable::ALL {
        let document = deliverable.build(&service, source);
        for format in FORMATS {
            made.push(Document {
                name: document.name.to_string(),
                format: format.extension().to_owned(),
                title: document.title.clone(),
                bytes: render(&document, format).map_err(|error| error.to_string())?,
            });
        }
    }
    Ok(Ok(made))
}

#[derive(Deserialize)]
pub struct IssuedAt {
    organisation: String,
    service: String,
    entry: u64,
    file: String,
}

/// `GET …/issued/{entry}/{file}`: a frozen copy, after its digest was checked. Who took it is in the trail.
pub async fn copy(State(app): State<App>, from: From, acting: Acting, Path(at): Path<IssuedAt>) -> Response {
    let asked = at.file.rsplit_once('.').and_then(|(name, extension)| {
        Some((name, FORMATS.into_iter().find(|format| format.extension() == extension)?))
    });
    let Some((name, format)) = asked else { return message::nothing(Some(&acting.visitor)) };
    let taken = async {
        let (issued, bytes) = app.store().issued_document(&at.organisation, at.entry, name, format.extension()).await?;
        if issued.service != at.service {
            return Err(StoreError::Missing(shirube_store::Missing::Document));
        }
        let mut change = app.store().begin(&at.organisation).await?;
        change.about(&format!("service/{}/revision/{}", at.service, issued.revision));
        let event =
            Event { action: "document.taken".to_owned(), note: format!("{}（{}）", issued.title, issued.format) };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok(bytes)
    };
    match taken.await {
        Ok(bytes) => file(&at.file, format.media_type(), bytes),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}
