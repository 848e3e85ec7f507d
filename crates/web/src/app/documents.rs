//! `…/documents`: what a revision would say on paper, and the frozen copies of what was issued.

mod disclose;
mod issue;
mod linked;
mod since;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shirube_documents::deliverable::{Deliverable, Restated};
use shirube_documents::write::{Format, render};
use shirube_identity::role::{Action, Resource};
use shirube_safety::Service;
use shirube_store::{Event, Issued, StoreError};

pub use self::disclose::disclose;
pub use self::issue::{Cover, cover, drafts, finished, issue_all, put_on};
pub use self::since::{Comparisons, show as since};

use super::guard::Acting;
pub use super::revisions::InService;
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::summary::{self, Point, Summary};
use super::{App, message, revisions, world};
use crate::page::Frame;
use crate::page::documents::disposition;
use crate::query::Query;
use crate::shown::Shown;
use crate::view::{Here, open_href};

/// What people open: the others are for programs.
pub(super) const FORMATS: [Format; 4] = [Format::Pdf, Format::Docx, Format::Xlsx, Format::Html];

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
    /// What keeps the documents from being issued, each with the address where it can be closed.
    open: Vec<(Point, String)>,
    may_issue: bool,
    is_issued: bool,
    issues: Vec<IssueView>,
}

/// What people call a format.
pub(super) fn format_name(format: &Format) -> &'static str {
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
    titles: Vec<IssuedView>,
    /// The service says something else today.
    stale: bool,
    /// How many documents have to be looked at again; nothing where that was not worked out.
    restated: Option<usize>,
}

/// One document with its frozen copies.
struct IssuedView {
    title: String,
    files: Vec<FileView>,
    /// Clauses and tables that read differently today.
    places: Vec<String>,
}

impl IssuedView {
    /// The first few, for a line of a table.
    fn told(&self) -> String {
        let more = if self.places.len() > TOLD { "ほか" } else { "" };
        format!("{}{more}", self.places[..self.places.len().min(TOLD)].join("、"))
    }
}

/// So many places are named on the list; the page of what changed names all.
const TOLD: usize = 3;

struct FileView {
    name: String,
    format: String,
    digest: String,
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
        let latest = app.store().revision(&at.organisation, &at.service, revision).await?;
        let (state, digest) = (latest.state, latest.digest.to_string());
        let mut digests = BTreeMap::new();
        let names = app.store().names(&at.organisation).await?;
        let issued = app.store().issued(&at.organisation, &at.service, None).await?;
        for document in &issued {
            if let std::collections::btree_map::Entry::Vacant(vacant) = digests.entry(document.revision) {
                let revision = app.store().revision(&at.organisation, &at.service, document.revision).await?;
                vacant.insert(revision.digest.to_string());
            }
        }
        let summary = summary::of(app, &at.organisation, &at.service, revision).await?;
        let last = issued.first().map(|document| document.revision);
        let restated = match last.filter(|last| digests.get(last) != Some(&digest)) {
            Some(last) => since::of(app, &at.organisation, &at.service, (last, revision)).await?,
            None => None,
        };
        Ok::<_, StoreError>((state, names, issued, summary, digest, digests, restated))
    };
    let (state, names, issued, summary, digest, digests, restated) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let may_issue = state == "approved" && acting.reader.may(Action::Issue, Resource::Document);
    let mut issues = issues(&issued, &names, |revision| digests.get(&revision) != Some(&digest));
    if let (Some(last), Some(compared)) = (issues.first_mut(), &restated) {
        mark(last, &compared.documents);
    }
    let page = DocumentsPage {
        frame: Frame::new(shown, Here::Documents),
        notice,
        mistakes,
        revision,
        state: revisions::state_term(&state),
        deliverables: Deliverable::ALL.iter().map(|deliverable| (deliverable.name(), deliverable.title())).collect(),
        formats: FORMATS,
        open: open_points(shown, summary),
        may_issue,
        is_issued: state == "issued",
        issues,
    };
    with_status(status, page)
}

/// What is open, and where it can be closed.
fn open_points(shown: &Shown, summary: Option<Arc<Summary>>) -> Vec<(Point, String)> {
    let points = summary.iter().flat_map(|summary| &summary.points).filter(|point| point.open > 0).cloned();
    let href = |point: &Point| match open_href(&point.rule) {
        href if href.starts_with('#') => format!("{}/{href}", shown.base),
        href => format!("{}{href}", shown.base),
    };
    points.map(|point| (point.clone(), href(&point))).collect()
}

fn issues(issued: &[Issued], names: &BTreeMap<String, String>, stale: impl Fn(u64) -> bool) -> Vec<IssueView> {
    let groups = issued.chunk_by(|one, other| one.entry.number == other.entry.number);
    groups.map(|group| issue(group, names, stale(group[0].revision))).collect()
}

fn issue(group: &[Issued], names: &BTreeMap<String, String>, stale: bool) -> IssueView {
    let entry = &group[0].entry;
    let mut titles: Vec<IssuedView> = Vec::new();
    for document in group {
        let file = FileView {
            name: document.name.clone(),
            format: document.format.clone(),
            digest: document.digest.to_string(),
        };
        match titles.iter_mut().find(|known| known.title == document.title) {
            Some(known) => known.files.push(file),
            None => titles.push(IssuedView { title: document.title.clone(), files: vec![file], places: Vec::new() }),
        }
    }
    // In the order of the work, as everywhere else; what is issued under an older name comes last.
    let place = |name: &str| Deliverable::ALL.iter().position(|known| known.name() == name).unwrap_or(usize::MAX);
    titles.sort_by_key(|document| place(&document.files[0].name));
    IssueView {
        entry: entry.number,
        revision: group[0].revision,
        at: world::shown_text(&entry.at),
        by: names.get(&entry.actor).unwrap_or(&entry.actor).clone(),
        note: entry.note.clone(),
        titles,
        stale,
        restated: None,
    }
}

/// Says at each document of an issue where it reads differently today (要見直し).
fn mark(issue: &mut IssueView, restated: &[Restated]) {
    for document in &mut issue.titles {
        let found = restated.iter().find(|one| document.files.iter().any(|file| file.name == one.name));
        document.places = found.into_iter().flat_map(|one| &one.places).map(|place| place.place.clone()).collect();
    }
    issue.restated = Some(issue.titles.iter().filter(|document| !document.places.is_empty()).count());
}

#[derive(Deserialize)]
pub struct File {
    organisation: String,
    service: String,
    file: String,
}

/// What a name of a file asks for.
fn asked(file: &str) -> Option<(Deliverable, Format)> {
    let (name, extension) = file.rsplit_once('.')?;
    let format = FORMATS.into_iter().find(|format| format.extension() == extension)?;
    Some((name.parse().ok()?, format))
}

/// `GET …/documents/{file}`: a document of the latest revision, made now. It is a draft, whatever its state.
pub async fn draft(State(app): State<App>, shown: Shown, acting: Acting, Path(at): Path<File>) -> Response {
    let Some((deliverable, format)) = asked(&at.file) else { return message::nothing(Some(&acting.visitor)) };
    match made(&app, &shown, &at, deliverable, format).await {
        Ok(bytes) => file(&at.file, format.media_type(), bytes),
        Err(error) => message::failed(&app, &error),
    }
}

/// What a document may do in a browser: be read. Its style sheet is inside; it runs nothing and sends nothing.
const READ_ONLY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'";

/// `GET …/documents/{file}/view`: the draft as a page, to read before it is issued.
pub async fn view(State(app): State<App>, shown: Shown, acting: Acting, Path(at): Path<File>) -> Response {
    let Some((deliverable, Format::Html)) = asked(&at.file) else { return message::nothing(Some(&acting.visitor)) };
    match made(&app, &shown, &at, deliverable, Format::Html).await {
        Ok(bytes) => {
            let headers =
                [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, READ_ONLY)];
            (headers, linked::linked(&String::from_utf8_lossy(&bytes), &shown.base)).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}

async fn made(
    app: &App,
    shown: &Shown,
    at: &File,
    deliverable: Deliverable,
    format: Format,
) -> Result<Vec<u8>, StoreError> {
    let revision = shown.revision.unwrap_or_default();
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
}

/// How a document of the application names its source: the revision and the start of its digest.
pub fn source(revision: u64, digest: &str) -> String {
    format!("第{revision}版 {}", &digest[..12])
}

pub fn not_made(log: String) -> StoreError {
    StoreError::Inconsistent { place: "文書".to_owned(), log }
}

/// Always as an attachment: a document never runs as a page of ours.
pub fn file(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition(name))];
    (headers, bytes).into_response()
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
        // What was made for one institution is handed out where that institution is.
        if issued.service != at.service || issued.institution.is_some() {
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
