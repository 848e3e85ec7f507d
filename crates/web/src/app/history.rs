//! `…/controls/{id}/history`: which revisions changed the answer to a control, by whom, why, and what.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use shirube_catalog::ControlId;
use shirube_folder::edit::Step;
use shirube_safety::File;
use shirube_store::{Files, StoreError};

use super::edit::content;
use super::guard::Acting;
use super::sites::texts;
use super::{App, message, world};
use crate::form::{Known, record_spot, words};
use crate::page::{Frame, html};
use crate::query::{Query, link};
use crate::shown::Shown;
use crate::view::{ControlView, Here};

/// Revisions that are looked at for one page.
const PAGE: u32 = 20;

#[derive(Template)]
#[template(path = "app/control-history.html")]
struct HistoryPage<'a> {
    frame: Frame<'a>,
    control: &'a ControlView,
    lines: Vec<Line>,
    older: Option<String>,
}

/// A revision that changed the answer.
struct Line {
    revision: u64,
    at: String,
    author: String,
    note: String,
    changes: Vec<FieldChange>,
}

/// Name of the field, what stood there, what stands there.
struct FieldChange {
    label: String,
    before: String,
    after: String,
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    id: String,
}

pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let id = at.id.parse::<ControlId>().ok().map(ControlId::ascii);
    let control = shown.site.view.controls.iter().find(|control| Some(&control.ascii) == id.as_ref());
    let Some(control) = control else { return message::nothing(Some(&acting.visitor)) };
    let query = Query::parse(&shown.base, "", &["before"], raw.as_deref());
    let before = query.get("before").and_then(|text| text.parse().ok());
    match read(&app, &at, &control.id, before).await {
        Ok((lines, last)) => {
            let place = format!("{}/controls/{}/history", shown.base, control.ascii);
            let older = last.map(|last| link(&place, &[("before", &last.to_string())]));
            html(HistoryPage { frame: Frame::new(&shown, Here::Controls), control, lines, older })
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// The lines of a page, and the last revision that was looked at if there may be more.
async fn read(app: &App, at: &At, control: &str, before: Option<u64>) -> Result<(Vec<Line>, Option<u64>), StoreError> {
    let (organisation, service) = (at.organisation.as_str(), at.service.as_str());
    let store = app.store();
    let names = store.names(organisation).await?;
    let revisions = store.revisions_of_file(organisation, service, File::Conformity.name(), before, PAGE).await?;
    let mut answers: BTreeMap<u64, Answer> = BTreeMap::new();
    let mut lines = Vec::new();
    for &revision in &revisions {
        for number in [revision, revision - 1] {
            if let Entry::Vacant(place) = answers.entry(number) {
                let answer = match number {
                    0 => Answer::default(),
                    number => answer(store.files(organisation, service, number).await?, control).await,
                };
                place.insert(answer);
            }
        }
        let changes = compared(&answers[&(revision - 1)], &answers[&revision]);
        if changes.is_empty() {
            continue;
        }
        let entry = store.revision(organisation, service, revision).await?.entry;
        lines.push(Line {
            revision,
            at: world::shown_text(&entry.at),
            author: names.get(&entry.actor).unwrap_or(&entry.actor).clone(),
            note: entry.note,
            changes,
        });
    }
    let more = u32::try_from(revisions.len()).is_ok_and(|count| count == PAGE);
    Ok((lines, revisions.last().copied().filter(|last| more && *last > 1)))
}

/// The fields of an answer in words, in the order of the form.
type Answer = Vec<(String, String)>;

async fn answer(files: Files, control: &str) -> Answer {
    let control = control.to_owned();
    tokio::task::spawn_blocking(move || said(&files, &control)).await.ok().flatten().unwrap_or_default()
}

fn said(files: &Files, control: &str) -> Option<Answer> {
    let folder = shirube_folder::read(&texts(files)).ok()?;
    let known = Known::new(&folder.files);
    let content = content(&folder.files, File::Conformity)?;
    let is_it = |answer: &&Value| {
        let id = answer["control"].as_str().and_then(|id| id.parse::<ControlId>().ok());
        id.is_some_and(|id| id.to_string() == control)
    };
    let answer = content["answers"].as_array()?.iter().find(is_it)?.clone();
    let spot = record_spot(File::Conformity, &[Step::Key("answers".to_owned())])?;
    let field = |field: crate::form::Spot| (field.label(), words(field, &answer[field.key], &known));
    Some(spot.fields().into_iter().filter(|field| field.key != "control").map(field).collect())
}

fn compared(before: &Answer, after: &Answer) -> Vec<FieldChange> {
    let text = |answer: &Answer, label: &str| {
        answer.iter().find(|(known, _)| known == label).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let labels = if after.is_empty() { before } else { after };
    let changes = labels.iter().map(|(label, _)| FieldChange {
        label: label.clone(),
        before: text(before, label),
        after: text(after, label),
    });
    changes.filter(|change| change.before != change.after).collect()
}
