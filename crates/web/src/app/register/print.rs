//! `…/registers/{register}/e/{item}/file/{file}`: one entry on paper, with what was done with it and who approved.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shirube_documents::deliverable::{EntryPaper, RecordHead, entry_document};
use shirube_documents::write::{Format, render};
use shirube_store::{Event, Missing, StoreError};

use super::ledger::Ledger;
use super::show::{InEntry, known};
use crate::app::documents::not_made;
use crate::app::guard::Acting;
use crate::app::sign_in::From;
use crate::app::sites::in_files;
use crate::app::{App, message, world};
use crate::page::documents::disposition;
use crate::shown::Shown;

#[derive(Deserialize)]
pub struct InEntryFile {
    organisation: String,
    service: String,
    register: String,
    item: String,
    file: String,
}

/// What can be asked for.
const FILES: [(&str, Format); 3] =
    [("entry.pdf", Format::Pdf), ("entry.docx", Format::Docx), ("entry.xlsx", Format::Xlsx)];

/// `GET …/registers/{register}/e/{item}/file/{file}`. That it was taken is noted in the trail.
pub async fn entry_file(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InEntryFile>,
) -> Response {
    let Some((_, format)) = FILES.iter().copied().find(|(name, _)| *name == at.file) else {
        return message::nothing(Some(&acting.visitor));
    };
    let InEntryFile { organisation, service, register, item, .. } = at;
    let at = InEntry { organisation, service, register, item };
    match made(&app, &from, &acting, &shown, &at, format).await {
        Ok((name, bytes)) => {
            let place = disposition(&name);
            ([(header::CONTENT_TYPE, format.media_type()), (header::CONTENT_DISPOSITION, &place)], bytes)
                .into_response()
        }
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn made(
    app: &App,
    from: &From,
    acting: &Acting,
    shown: &Shown,
    at: &InEntry,
    format: Format,
) -> Result<(String, Vec<u8>), StoreError> {
    let revision = shown.revision.unwrap_or_default();
    let ledger = Ledger::read(app, &at.register().service(), revision).await?;
    let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?.clone();
    let known = known(app, &register, at).await?;
    let (today, source) = (world::date(app.now()), app.store().head(&at.organisation).await?.digest.to_string());
    let name = format!("{} {}.{}", register.title, at.item, format.extension());
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let bytes = in_files(files, move |files| {
        let head = RecordHead::new(files, &source[..12], today);
        let paper = EntryPaper { register: &register, entry: &known.entry, lines: &known.lines };
        render(&entry_document(paper, &head), format)
    });
    let bytes = bytes.await?.map_err(|error| not_made(error.to_string()))?;
    let mut change = app.store().begin(&at.organisation).await?;
    change.about(&format!("service/{}/register/{}/{}", at.service, at.register, at.item));
    let event = Event { action: "register.taken".to_owned(), note: name.clone() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
    Ok((name, bytes))
}
