//! `…/documents/since/{since}`: why an issued document is no longer true: what changed since its revision.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use shirube_documents::deliverable::{Restated, restated};
use shirube_safety::{Change, ChangeKind, Service};
use shirube_store::{Files, StoreError};

use super::super::guard::Acting;
use super::super::sites::texts;
use super::super::{App, message};
use crate::page::{Frame, html};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "app/since.html")]
struct SincePage<'a> {
    frame: Frame<'a>,
    since: u64,
    revision: u64,
    groups: Vec<Group>,
    documents: Vec<Restated>,
    /// What to tell those who hold the documents.
    sentences: Vec<String>,
}

/// What changed of one kind, and the page that shows it as it is now.
struct Group {
    title: &'static str,
    href: String,
    changes: Vec<Change>,
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    since: u64,
}

pub async fn show(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<At>) -> Response {
    let revision = shown.revision.unwrap_or_default();
    let read = async {
        let before = app.store().files(&at.organisation, &at.service, at.since).await?;
        let after = app.store().files(&at.organisation, &at.service, revision).await?;
        let compared = tokio::task::spawn_blocking(move || compared(&before, &after)).await;
        Ok::<_, StoreError>(compared.unwrap_or_default())
    };
    let Compared { changes, documents, sentences } = match read.await {
        Ok(compared) => compared,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let groups = changes.chunk_by(|one, other| one.kind == other.kind).map(|group| Group {
        title: group[0].kind.term(),
        href: format!("{}{}", shown.base, place(group[0].kind)),
        changes: group.to_vec(),
    });
    let groups = groups.collect();
    let frame = Frame::new(&shown, Here::Documents);
    html(SincePage { frame, since: at.since, revision, groups, documents, sentences })
}

#[derive(Default)]
struct Compared {
    changes: Vec<Change>,
    documents: Vec<Restated>,
    sentences: Vec<String>,
}

/// Nothing for a revision that cannot be read: it was read when it came in.
fn compared(before: &Files, after: &Files) -> Compared {
    let (Ok(before), Ok(after)) = (shirube_folder::read(&texts(before)), shirube_folder::read(&texts(after))) else {
        return Compared::default();
    };
    let restatement = restated(&Service::new(&before.files), &Service::new(&after.files));
    let sentences = restatement.sentences();
    Compared { changes: restatement.changes, documents: restatement.documents, sentences }
}

/// Where what changed is shown.
fn place(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Party => "/model?part=service",
        ChangeKind::Model => "/model?part=system",
        ChangeKind::Flow => "/flows",
        ChangeKind::Risk => "/risks",
        ChangeKind::Residual | ChangeKind::Treatment => "/treatments",
        ChangeKind::Request => "/treatments#requests",
        ChangeKind::Control => "/controls",
        ChangeKind::Stated => "/model?part=stated",
    }
}
