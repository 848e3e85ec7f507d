//! `…/record`: any record of a service as a form, made from the schema of its file.
//!
//! `file` and `at` of the address name the record, `file` and `list` a new one. What one may not edit does not exist.

pub mod html;
pub mod panel;
mod request;
mod target;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shirube_folder::edit::Conflict;
use shirube_safety::File;
use shirube_store::StoreError;

pub use self::request::change;
pub use self::target::{FILES, Opened, Target, content, of_one, open};

use self::html::{offers, shown as shown_field};
use self::panel::Panel;
use super::guard::Acting;
use super::preview::{self, Preview};
use super::shell::with_status;
use super::sign_in::inside;
use super::sites::texts;
use super::{App, message};
use crate::form::{Blamed, Choice, Form};
use crate::page::Frame;
use crate::reader::Action;
use crate::shown::Shown;
use crate::view::Here;

#[derive(Deserialize)]
pub struct At {
    pub organisation: String,
    pub service: String,
}

#[derive(Template)]
#[template(path = "app/record.html")]
struct RecordPage<'a> {
    frame: Frame<'a>,
    form: Form<'a>,
    panel: Panel<'a>,
    action: String,
    revision: u64,
    to: String,
    why: &'a str,
    name: String,
    notice: &'a str,
    mistakes: Vec<Blamed>,
    conflicts: Vec<ConflictView>,
    offers: Vec<(String, Vec<Choice>)>,
    /// Numbers of the risks that share the decision.
    sharing: Vec<&'a str>,
    also: bool,
    removable: bool,
    csrf: &'a str,
    /// What saving would change, for records that are drawn.
    preview: Option<Preview>,
}

/// What two people changed at once.
pub struct ConflictView {
    pub place: String,
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

impl ConflictView {
    pub fn new(conflict: Conflict) -> Self {
        let shown = |text: String| if text.trim().is_empty() { "（記載なし）".to_owned() } else { text };
        Self {
            place: conflict.place,
            base: shown(conflict.base),
            ours: shown(conflict.ours),
            theirs: shown(conflict.theirs),
        }
    }
}

/// A record as it stands in a revision.
pub async fn opened(app: &App, at: &At, revision: u64, target: &Target) -> Result<Option<Opened>, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let target = target.clone();
    let opened = tokio::task::spawn_blocking(move || open(&texts(&files), &target)).await;
    Ok(opened.unwrap_or_default())
}

/// Longest parameter that is taken: some records are told apart by all they are made of.
const LONGEST_CHARS: usize = 4000;

/// The parameters of the address. They are longer than those of filters.
struct Asked(Vec<(String, String)>);

impl Asked {
    fn new(raw: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(raw.unwrap_or_default().as_bytes());
        let cut = |value: &str| value.chars().take(LONGEST_CHARS).collect();
        Self(pairs.map(|(name, value)| (name.into_owned(), cut(&value))).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The record of the address, if the reader may edit it.
fn target_of(acting: &Acting, raw: Option<&str>) -> Result<(Target, Asked), Box<Response>> {
    let asked = Asked::new(raw);
    let target = asked.get("file").and_then(|file| Target::parse(file, asked.get("at"), asked.get("list")));
    let Some(target) = target else { return Err(Box::new(unclear(acting))) };
    match acting.reader.may(Action::Edit, target.resource()) {
        true => Ok((target, asked)),
        false => Err(Box::new(message::nothing(Some(&acting.visitor)))),
    }
}

/// An address or a form that says too little.
pub fn unclear(acting: &Acting) -> Response {
    let text = "どの記録を変えるのかが分かりませんでした。一覧から開き直してください。何も変更していません。";
    let next = ("/", "はじめの画面へ");
    message::message(Some(&acting.visitor), StatusCode::UNPROCESSABLE_ENTITY, "受け付けられませんでした", text, next)
}

pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let (target, query) = match target_of(&acting, raw.as_deref()) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let revision = shown.revision.unwrap_or_default();
    let opened = match opened(&app, &at, revision, &target).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return message::nothing(Some(&acting.visitor)),
        Err(error) => return message::failed(&app, &error),
    };
    let Some(mut form) = opened.form(&target) else { return message::nothing(Some(&acting.visitor)) };
    if let Some(suggestion) = panel::suggestion(&shown, &target, query.get("risk")) {
        form.suggest(&suggestion);
    }
    let to = query.get("to").map_or_else(|| back(&shown, &target), |to| inside(to).to_owned());
    let draft = Draft { target: &target, opened: &opened, form, revision, to, why: "", also: false };
    page(&shown, &acting, draft, Outcome::default())
}

/// A form on its way to a page.
struct Draft<'a> {
    target: &'a Target,
    opened: &'a Opened,
    form: Form<'a>,
    revision: u64,
    to: String,
    why: &'a str,
    also: bool,
}

/// What the page has to say besides the form.
#[derive(Default)]
struct Outcome<'a> {
    notice: &'a str,
    mistakes: Vec<Blamed>,
    conflicts: Vec<Conflict>,
    preview: Option<Preview>,
}

fn page(shown: &Shown, acting: &Acting, draft: Draft, outcome: Outcome) -> Response {
    let Draft { target, opened, form, revision, to, why, also } = draft;
    let status = match (&outcome.mistakes[..], &outcome.conflicts[..]) {
        ([], []) => StatusCode::OK,
        (_, []) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    let risks = &shown.site.view.risks.list;
    let number = |id: &String| risks.iter().find(|risk| risk.id == *id).map(|risk| risk.number.as_str());
    let drawn = target.file == File::System;
    let now = || Preview::now(shown, preview::chosen(target.list(), target.identity()));
    let removable = target.identity().is_some() && opened.stored.is_some();
    with_status(
        status,
        RecordPage {
            frame: Frame::new(shown, here(target)),
            panel: Panel::new(shown, target, opened),
            action: target.href(&shown.base),
            name: name(target, opened),
            offers: offers(&form),
            form,
            revision,
            to,
            why,
            notice: outcome.notice,
            mistakes: outcome.mistakes,
            conflicts: outcome.conflicts.into_iter().map(ConflictView::new).collect(),
            sharing: opened.sharing.iter().filter_map(number).collect(),
            also,
            removable,
            preview: outcome.preview.or_else(|| drawn.then(now)),
            csrf: &acting.reader.csrf,
        },
    )
}

/// What tells the record from the others.
fn name(target: &Target, opened: &Opened) -> String {
    let name = opened.stored.as_ref().and_then(|stored| stored["name"].as_str()).unwrap_or_default();
    match target.identity() {
        Some(identity) if target.list() == "decisions" => {
            opened.known.name(&["risks"], &identity.fields[0]).unwrap_or(&identity.fields[0]).to_owned()
        }
        Some(_) if target.list() == "answers" => opened.fixed.first().map(|(_, id)| id.clone()).unwrap_or_default(),
        Some(_) if !name.is_empty() => name.to_owned(),
        Some(identity) if identity.fields.len() == 1 => identity.to_string(),
        _ => String::new(),
    }
}

fn here(target: &Target) -> Here {
    match (target.file, target.list()) {
        (File::Assessment, "treatments" | "considerations") => Here::Treatments,
        (File::Assessment, _) => Here::Risks,
        (File::Conformity, _) => Here::Controls,
        (_, "flows" | "rejected_flows" | "no_flows" | "flows_reviewed") => Here::Flows,
        _ => Here::Model,
    }
}

/// Where the record is shown.
fn back(shown: &Shown, target: &Target) -> String {
    let risk = |id: &str| shown.site.view.risks.list.iter().find(|risk| risk.id == id).map(|risk| risk.number.clone());
    let place = match (target.list(), target.identity()) {
        ("decisions", Some(identity)) => risk(&identity.fields[0]).map(|number| format!("/risks/{number}")),
        ("answers", Some(identity)) => {
            let id = identity.fields[0].parse::<shirube_catalog::ControlId>().ok();
            id.map(|id| format!("/controls/{}", id.ascii()))
        }
        ("statutory", _) => Some("/statutory".to_owned()),
        ("treatments" | "considerations", _) => Some("/treatments".to_owned()),
        _ => None,
    };
    let part = match target.file {
        File::Service => "service",
        File::System => "system",
        _ => "records",
    };
    let place = place.unwrap_or_else(|| format!("/model?part={part}"));
    format!("{}{place}", shown.base)
}

/// A field on the page; the template calls it.
fn field_html(field: &crate::form::Field) -> html::FieldHtml<'_> {
    shown_field(field)
}
