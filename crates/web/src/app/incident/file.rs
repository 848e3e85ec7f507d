//! Papers of incidents: the sheet, the notices, and the chart of contacts.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shirube_catalog::registers;
use shirube_documents::content::Document;
use shirube_documents::deliverable::{RecordHead, contact_chart, incident_sheet, notice_paper};
use shirube_documents::write::{Format, render};
use shirube_safety::agreement::Others;
use shirube_safety::model::PartyKind;
use shirube_safety::operation::incident::{INCIDENTS, Incident, Worked, contacts, notice};
use shirube_safety::operation::register::Records;
use shirube_safety::{Service, ServiceFiles};
use shirube_store::{Event, StoreError};

use super::read::{Kept, around};
use crate::app::documents::not_made;
use crate::app::guard::Acting;
use crate::app::institution::customer_names;
use crate::app::register::{Wanted, book};
use crate::app::revisions::InService;
use crate::app::sign_in::From;
use crate::app::sites::in_files;
use crate::app::{App, message, world};
use crate::page::documents::disposition;
use crate::query::Query;
use crate::shown::Shown;

#[derive(Deserialize)]
pub struct InFile {
    organisation: String,
    service: String,
    item: String,
    file: String,
}

/// Which paper of an incident.
enum Paper {
    Sheet,
    /// For one institution.
    Notice(String),
}

/// Name of the file and its bytes.
type Made = (String, Format, Vec<u8>);

/// `GET …/incidents/{item}/file/{file}`: `sheet.pdf`, or `notice.pdf?institution=…`, also as `.docx`.
pub async fn file(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InFile>,
    RawQuery(raw): RawQuery,
) -> Response {
    let InFile { organisation, service, item, file } = at;
    let at = InService { organisation, service };
    let query = Query::parse(&shown.base, "", &["institution"], raw.as_deref());
    let (stem, ending) = file.split_once('.').unwrap_or_default();
    let paper = match (stem, query.get("institution")) {
        ("sheet", _) => Some(Paper::Sheet),
        ("notice", Some(name)) => Some(Paper::Notice(name.to_owned())),
        _ => None,
    };
    let format = ending.parse::<Format>().ok().filter(|format| matches!(format, Format::Pdf | Format::Docx));
    let (Some(paper), Some(format)) = (paper, format) else { return message::nothing(Some(&acting.visitor)) };
    let about = format!("service/{}/register/{INCIDENTS}/{item}", at.service);
    match made(&app, &shown, &at, item, paper, format).await {
        Ok(Some(made)) => handed_out(&app, &from, &acting, &at, &about, made).await,
        Ok(None) => message::nothing(Some(&acting.visitor)),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn made(
    app: &App,
    shown: &Shown,
    at: &InService,
    item: String,
    paper: Paper,
    format: Format,
) -> Result<Option<Made>, StoreError> {
    let kept = Kept::one(app, at, &item).await?;
    let everybody = customer_names(app, &at.organisation).await?;
    let now = world::local(app.now());
    let source = app.store().head(&at.organisation).await?.digest.to_string();
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let work = move |files: &ServiceFiles| {
        let incident = Incident::numbered(&kept.records, &item)?;
        let service = Service::new(files);
        let worked = Worked::of(incident, &service, &around(files, &kept.institutions), now);
        let head = RecordHead::new(files, &source[..12], now.date());
        let document = match paper {
            Paper::Sheet => incident_sheet(&worked, &head),
            Paper::Notice(name) => notice_for(&worked, &name, &everybody, files, &head)?,
        };
        let name = format!("{}_{item}.{}", document.title, format.extension());
        Some(render(&document, format).map(|bytes| (name, format, bytes)))
    };
    in_files(files, work).await?.transpose().map_err(|error| not_made(error.to_string()))
}

/// The notice for an institution that the incident concerns; none for others.
fn notice_for(
    worked: &Worked,
    name: &str,
    everybody: &[String],
    files: &ServiceFiles,
    head: &RecordHead,
) -> Option<Document> {
    let name = worked.affected.concerned().into_iter().find(|known| *known == name)?;
    let companies = files.service.parties.iter().filter(|party| party.kind != PartyKind::Institution);
    let stays: Vec<&str> =
        companies.map(|party| party.name.as_str()).chain([files.service.service.name.as_str(), name]).collect();
    let drawn = shirube_safety::model::institutions(&files.service).map(|party| party.name.as_str());
    let others = everybody.iter().map(String::as_str).chain(drawn).filter(|other| *other != name);
    Some(notice_paper(&notice(worked, name, None, &Others::new(others, &stays)), files, head))
}

/// `GET …/emergency-contacts.pdf`: the chart for the wall.
pub async fn chart(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
) -> Response {
    let about = format!("service/{}/register/emergency-contacts", at.service);
    match chart_made(&app, &shown, &at).await {
        Ok(made) => handed_out(&app, &from, &acting, &at, &about, made).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn chart_made(app: &App, shown: &Shown, at: &InService) -> Result<Made, StoreError> {
    let mut records = Records::default();
    for register in registers().iter().filter(|register| register.id == "emergency-contacts") {
        let mut book = book(app, at, register, Wanted::All).await?;
        book.entries.reverse();
        records.books.push(book);
    }
    let today = world::date(app.now());
    let source = app.store().head(&at.organisation).await?.digest.to_string();
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let work = move |files: &ServiceFiles| {
        let page = files.sla.pages.as_ref().and_then(|pages| pages.status.as_deref());
        let head = RecordHead::new(files, &source[..12], today);
        render(&contact_chart(&contacts(files, &records), page, &head), Format::Pdf)
    };
    let bytes = in_files(files, work).await?.map_err(|error| not_made(error.to_string()))?;
    Ok((format!("緊急連絡先一覧_{today}.pdf"), Format::Pdf, bytes))
}

/// The answer, with its entry in the trail: what went out is on record.
async fn handed_out(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InService,
    about: &str,
    (name, format, bytes): Made,
) -> Response {
    let noted = async {
        let mut change = app.store().begin(&at.organisation).await?;
        change.about(about);
        let event = Event { action: "register.taken".to_owned(), note: name.clone() };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await
    };
    if let Err(error) = noted.await {
        return message::failed(app, &error);
    }
    let heads = [(header::CONTENT_TYPE, format.media_type()), (header::CONTENT_DISPOSITION, &disposition(&name))];
    (heads, bytes).into_response()
}
