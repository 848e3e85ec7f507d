//! `GET …/disclosure-data`: what everybody may see of the service, as 開示データ for institutions that choose.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use shirube_documents::deliverable::made_document;
use shirube_safety::model::Date;
use shirube_safety::selection::{DataDocument, DisclosureData, Reach, disclosure_data, names_kept_back};
use shirube_safety::{Provided, Service};
use shirube_store::{Files, StoreError};

use super::{InService, file, not_made, source};
use crate::app::sites::texts;
use crate::app::{App, institution, message, world};
use crate::shown::Shown;

/// The open data of the latest revision. No institution of the organisation is named in it, whichever service it uses.
pub async fn disclose(State(app): State<App>, shown: Shown, Path(at): Path<InService>) -> Response {
    match made(&app, &at, shown.revision.unwrap_or_default()).await {
        Ok(bytes) => file(&format!("開示データ_{}.json", at.service), "application/json", bytes),
        Err(error) => message::failed(&app, &error),
    }
}

async fn made(app: &App, at: &InService, revision: u64) -> Result<Vec<u8>, StoreError> {
    let issued_on = issued_on(app, at, revision).await?;
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let names = institution::names(app, &at.organisation).await?;
    let made = tokio::task::spawn_blocking(move || {
        let data = data(&files, revision, issued_on, &names)?;
        let text = serde_json::to_string_pretty(&data).map_err(|error| error.to_string())?;
        Ok((text + "\n").into_bytes())
    });
    made.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)
}

/// The day on which the documents of the revision were issued; until then the data are 案.
async fn issued_on(app: &App, at: &InService, revision: u64) -> Result<Option<Date>, StoreError> {
    let states = app.store().revision_states(&at.organisation, &at.service, revision).await?;
    let issued = states.last().filter(|last| last.state == "issued");
    Ok(issued.and_then(|last| world::read(&last.entry.at)).map(|time| Date(world::date(time))))
}

fn data(
    files: &Files,
    revision: u64,
    issued_on: Option<Date>,
    institutions: &BTreeMap<String, String>,
) -> Result<DisclosureData, String> {
    let mut folder = shirube_folder::read(&texts(files)).map_err(|errors| errors[0].to_string())?;
    folder.files.service.document.issued_on = None;
    let others = names_kept_back(&folder.files, institutions.values().map(String::as_str));
    let service = Service::new(&folder.files);
    let made = |provided: &Provided| made_document(&service, provided);
    let source = source(revision, &files.digest().to_string());
    let mut data = disclosure_data(&service, &source, Reach::Open, &others, &made);
    if issued_on.is_some() {
        // Nothing was open when it was issued. The edition was given then, and the model may still tell another.
        data.document = DataDocument { edition: None, issued_on, draft: false };
    }
    Ok(data)
}
