//! `…/attachments`: files handed in as evidence for controls, risks and treatments (EVID-001 to -003, -005).

mod facts;
mod file;
mod hand_in;
mod removal;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shirube_catalog::ControlId;
use shirube_store::{Attachment, Event, Missing, Removal, StoreError};

pub use self::hand_in::{LONGEST_UPLOAD_BYTES, form, hand_in};
pub use self::removal::{confirm, propose};

use self::facts::Facts;
use super::guard::Acting;
use super::revisions::InService;
use super::sign_in::From;
use super::{App, message, register, world};
use crate::page::{self, Frame, html};
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::{AttachedView, Here};

/// The edition whose controls attachments name.
const CONTROLS: &str = "control/pg-1.0";

/// One attachment of a service.
#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    attachment: String,
}

/// What an attachment belongs to, as people call it, and where that is shown.
struct Subject {
    title: String,
    href: String,
}

impl Subject {
    /// None for what the service does not have.
    fn find(shown: &Shown, about: &str) -> Option<Self> {
        let view = &shown.site.view;
        let base = &shown.base;
        if let Some(id) = about.strip_prefix(CONTROLS).and_then(|rest| rest.strip_prefix('/')) {
            let ascii = id.parse::<ControlId>().ok()?.ascii();
            let control = view.controls.iter().find(|control| control.ascii == ascii)?;
            let title = format!("対策項目 {} {}", control.id, control.minor_title);
            return Some(Self { title, href: format!("{base}/controls/{ascii}") });
        }
        match about.split_once('/')? {
            ("risk", id) => {
                let risk = view.risks.list.iter().find(|risk| risk.id == id)?;
                let title = format!("リスク {} {}", risk.number, risk.threat);
                Some(Self { title, href: format!("{base}/risks/{}", risk.number) })
            }
            ("treatment", id) => {
                let treatment = view.treatments.list.iter().find(|treatment| treatment.id == id)?;
                let title = format!("リスク対応 {}", treatment.id);
                Some(Self { title, href: format!("{base}/treatments#{}", treatment.anchor) })
            }
            _ => None,
        }
    }

    /// The same, with the bare name of what is no longer there.
    fn of(shown: &Shown, about: &str) -> Self {
        Self::find(shown, about).unwrap_or_else(|| Self {
            title: format!("今の版にないもの（{about}）"),
            href: format!("{}/attachments", shown.base),
        })
    }
}

fn view(attachment: Attachment, names: &BTreeMap<String, String>, today: chrono::NaiveDate) -> AttachedView {
    let facts: Facts = serde_json::from_str(&attachment.facts).unwrap_or_default();
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let day = |text: &str| if text.is_empty() { String::new() } else { world::shown_day(text) };
    let period = match (facts.from.as_str(), facts.until.as_str()) {
        ("", "") => String::new(),
        (from, until) => format!("{}から{}まで", day(from), day(until)),
    };
    let who = |entry: &shirube_trail::Entry| (name(&entry.actor), world::shown_text(&entry.at));
    let (removed, proposed, confirmed) = match &attachment.removal {
        Removal::None => (false, None, None),
        Removal::Proposed(entry) => {
            let (by, at) = who(entry);
            (false, Some((by, at, entry.note.clone())), None)
        }
        Removal::Removed(entry) => (true, None, Some(who(entry))),
    };
    AttachedView {
        kind: facts.kind_name(),
        handling: facts.handling(),
        period,
        collected_on: day(&facts.collected_on),
        keep_until: day(&facts.keep_until),
        due: !removed && facts.is_kept_long_enough(today),
        note: facts.note,
        origin: facts.origin,
        keep_reason: facts.keep_reason,
        size: size(attachment.size),
        digest: attachment.digest.to_string(),
        by: name(&attachment.entry.actor),
        at: world::shown_text(&attachment.entry.at),
        id: attachment.id,
        about: attachment.about,
        file_name: attachment.file_name,
        supersedes: attachment.supersedes,
        superseded_by: attachment.superseded_by,
        removed,
        proposed,
        confirmed,
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes}バイト"),
        1024..1_048_576 => format!("{}KB", bytes.div_ceil(1024)),
        _ => format!("{:.1}MB", bytes as f64 / 1_048_576.0),
    }
}

async fn all(app: &App, organisation: &str, service: &str) -> Result<Vec<AttachedView>, StoreError> {
    let names = app.store().names(organisation).await?;
    let today = world::date(app.now());
    let attachments = app.store().attachments(organisation, service).await?;
    Ok(attachments.into_iter().map(|attachment| view(attachment, &names, today)).collect())
}

/// The page with what was handed in, for readers who may see it.
async fn with_evidence(app: &App, acting: &Acting, mut shown: Shown, service: &str) -> Result<Shown, StoreError> {
    if acting.reader.may(Action::View, Resource::Attachment) {
        shown.attached = Arc::from(all(app, &acting.reader.organisation_id, service).await?);
    }
    Ok(shown)
}

/// Which service; addresses may have more parts.
#[derive(Deserialize)]
pub struct OfService {
    service: String,
}

/// `GET …/controls/{id}`.
pub async fn control(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(of): Path<OfService>,
    at: Path<page::controls::At>,
) -> Response {
    let made = async {
        let mut shown = with_evidence(&app, &acting, shown, &of.service).await?;
        let control = at.id.parse::<ControlId>().ok();
        if let Some(control) = control.filter(|_| acting.reader.may(Action::View, Resource::Register)) {
            let service = InService { organisation: acting.reader.organisation_id.clone(), service: of.service };
            let revision = shown.revision.unwrap_or_default();
            shown.recorded = Arc::from(register::recorded(&app, &service, revision, control).await?);
        }
        Ok::<_, StoreError>(shown)
    };
    match made.await {
        Ok(shown) => page::controls::one(shown, at).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// `GET …/risks/{number}`.
pub async fn risk(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(named): Path<super::risk::Named>,
) -> Response {
    match with_evidence(&app, &acting, shown, &named.service).await {
        Ok(shown) => super::risk::page(&app, &acting, shown, named).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// `GET …/treatments`.
pub async fn treatments(State(app): State<App>, acting: Acting, shown: Shown, Path(of): Path<OfService>) -> Response {
    match with_evidence(&app, &acting, shown, &of.service).await {
        Ok(shown) => page::treatments::show(shown).await,
        Err(error) => message::failed(&app, &error),
    }
}

#[derive(Template)]
#[template(path = "app/attachments.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    rows: Vec<(&'a AttachedView, Subject)>,
    show: &'static str,
    counts: [(&'static str, &'static str, usize); 4],
}

/// What the list can be narrowed to.
const SHOWS: [(&str, &str); 4] = [
    ("", "今の資料"),
    ("due", "保存期限を過ぎたもの"),
    ("proposed", "廃棄の確認待ち"),
    ("all", "差し替え・廃棄を含むすべて"),
];

fn belongs(attached: &AttachedView, show: &str) -> bool {
    match show {
        "due" => attached.due,
        "proposed" => attached.proposed.is_some(),
        "all" => true,
        _ => attached.superseded_by.is_none() && !attached.removed,
    }
}

/// `GET …/attachments`: all evidence of the service, and what has been kept long enough.
pub async fn list(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(of): Path<OfService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/attachments", &["show"], raw.as_deref());
    let wanted = query.get("show").unwrap_or_default();
    let show = SHOWS.iter().map(|(token, _)| *token).find(|token| *token == wanted).unwrap_or_default();
    let attached = match all(&app, &acting.reader.organisation_id, &of.service).await {
        Ok(attached) => attached,
        Err(error) => return message::failed(&app, &error),
    };
    let mut rows: Vec<(&AttachedView, Subject)> = attached
        .iter()
        .filter(|attached| belongs(attached, show))
        .map(|attached| (attached, Subject::of(&shown, &attached.about)))
        .collect();
    rows.reverse();
    let counts = SHOWS.map(|(token, name)| (token, name, attached.iter().filter(|a| belongs(a, token)).count()));
    html(ListPage { frame: Frame::new(&shown, Here::Evidence), rows, show, counts })
}

#[derive(Template)]
#[template(path = "app/attachment.html")]
struct OnePage<'a> {
    frame: Frame<'a>,
    attached: &'a AttachedView,
    subject: Subject,
    earlier: Option<&'a AttachedView>,
    later: Option<&'a AttachedView>,
    csrf: &'a str,
    /// The reader is the one who wants the bytes gone.
    is_own_proposal: bool,
    mistakes: Vec<String>,
}

/// `GET …/attachments/{attachment}`.
pub async fn one(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<At>) -> Response {
    one_page(&app, &acting, &shown, &at, StatusCode::OK, Vec::new()).await
}

async fn one_page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &At,
    status: StatusCode,
    mistakes: Vec<String>,
) -> Response {
    let found = async {
        let record = app.store().attachment_record(&at.organisation, &at.service, &at.attachment).await?;
        Ok::<_, StoreError>((record, all(app, &at.organisation, &at.service).await?))
    };
    let (record, attached) = match found.await {
        Ok(found) => found,
        Err(error) => return message::missing_or_failed(app, &acting.visitor, &error),
    };
    let named = |id: &Option<String>| id.as_ref().and_then(|id| attached.iter().find(|other| other.id == *id));
    let Some(shown_one) = attached.iter().find(|other| other.id == at.attachment) else {
        return message::nothing(Some(&acting.visitor));
    };
    let proposer = match &record.removal {
        Removal::Proposed(entry) => Some(entry.actor.as_str()),
        _ => None,
    };
    super::shell::with_status(
        status,
        OnePage {
            frame: Frame::new(shown, Here::Evidence),
            attached: shown_one,
            subject: Subject::of(shown, &shown_one.about),
            earlier: named(&shown_one.supersedes),
            later: named(&shown_one.superseded_by),
            csrf: &acting.reader.csrf,
            is_own_proposal: proposer == Some(acting.reader.person.as_str()),
            mistakes,
        },
    )
}

/// What a browser may do with a file of somebody else's: nothing but keep it.
const SANDBOXED: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// `GET …/attachments/{attachment}/file`: the bytes, after their digest was checked. Who took them is in the trail.
pub async fn take(State(app): State<App>, from: From, acting: Acting, Path(at): Path<At>) -> Response {
    let taken = async {
        let record = app.store().attachment_record(&at.organisation, &at.service, &at.attachment).await?;
        if let Removal::Removed(_) = record.removal {
            return Err(StoreError::Missing(Missing::Attachment));
        }
        let (attachment, bytes) = app.store().attachment(&at.organisation, &at.service, &at.attachment).await?;
        let mut change = app.store().begin(&at.organisation).await?;
        change.about(&format!("service/{}/attachment/{}", at.service, at.attachment));
        let event = Event { action: "attachment.taken".to_owned(), note: attachment.file_name.clone() };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok((attachment, bytes))
    };
    match taken.await {
        Ok((attachment, bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, attachment.media_type),
                (header::CONTENT_DISPOSITION, page::documents::disposition(&attachment.file_name)),
                (header::CONTENT_SECURITY_POLICY, SANDBOXED.to_owned()),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}
