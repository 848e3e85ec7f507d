//! `…/documents/since/{since}`: why an issued document is no longer true: what changed since its revision.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

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
    documents: &'a [Restated],
    /// What to tell those who hold the documents.
    sentences: &'a [String],
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
    let read = of(&app, &at.organisation, &at.service, (at.since, revision)).await;
    let compared = match read {
        Ok(compared) => compared.unwrap_or_default(),
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let groups = compared.changes.chunk_by(|one, other| one.kind == other.kind).map(|group| Group {
        title: group[0].kind.term(),
        href: format!("{}{}", shown.base, place(group[0].kind)),
        changes: group.to_vec(),
    });
    let groups = groups.collect();
    let frame = Frame::new(&shown, Here::Documents);
    let Compared { documents, sentences, .. } = &*compared;
    html(SincePage { frame, since: at.since, revision, groups, documents, sentences })
}

/// What a revision says otherwise than an earlier one.
#[derive(Default)]
pub struct Compared {
    changes: Vec<Change>,
    pub documents: Vec<Restated>,
    sentences: Vec<String>,
}

/// Organisation, service, and the two revisions.
type Pair = (String, String, u64, u64);

/// Comparisons that were asked for. Revisions never change, so none of them grows old.
#[derive(Default)]
pub struct Comparisons(Mutex<VecDeque<(Pair, Arc<Compared>)>>);

/// As many are kept; each is a few kilobytes of sentences.
const KEPT: usize = 32;

impl Comparisons {
    fn find(&self, pair: &Pair) -> Option<Arc<Compared>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == pair).map(|(_, compared)| Arc::clone(compared))
    }

    fn keep(&self, pair: Pair, compared: &Arc<Compared>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((pair, Arc::clone(compared)));
    }
}

/// What a revision says otherwise than an earlier one of the same service; nothing where one of them cannot be read by
/// this version of the program.
pub async fn of(
    app: &App,
    organisation: &str,
    service: &str,
    (since, now): (u64, u64),
) -> Result<Option<Arc<Compared>>, StoreError> {
    let pair: Pair = (organisation.to_owned(), service.to_owned(), since, now);
    if let Some(known) = app.0.comparisons.find(&pair) {
        return Ok(Some(known));
    }
    let before = app.store().files(organisation, service, since).await?;
    let after = app.store().files(organisation, service, now).await?;
    let _turn = app.0.makers.acquire().await;
    let made = tokio::task::spawn_blocking(move || compared(&before, &after)).await.ok().flatten();
    let made = made.map(Arc::new);
    if let Some(made) = &made {
        app.0.comparisons.keep(pair, made);
    }
    Ok(made)
}

fn compared(before: &Files, after: &Files) -> Option<Compared> {
    let (before, after) = (shirube_folder::read(&texts(before)).ok()?, shirube_folder::read(&texts(after)).ok()?);
    let restatement = restated(&Service::new(&before.files), &Service::new(&after.files));
    let sentences = restatement.sentences();
    Some(Compared { changes: restatement.changes, documents: restatement.documents, sentences })
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
        ChangeKind::House => "/model?part=house",
    }
}
