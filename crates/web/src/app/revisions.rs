//! `…/revisions`: the history of a service: what changed, who checked and approved, and the way back.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_identity::role::{Action, Resource, may_approve};
use shirube_safety::{Change as Difference, Service, diff};
use shirube_store::{Event, Files, Revision, RevisionState, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message, organisation, world};
use crate::page::Frame;
use crate::query::{Query, link};
use crate::shown::Shown;
use crate::view::Here;

/// Revisions on one page.
const PAGE: u32 = 50;

pub fn state_term(state: &str) -> &'static str {
    match state {
        "checked" => "確認済",
        "approved" => "承認済",
        "issued" => "発行済",
        "returned" => "差し戻し",
        _ => "下書き",
    }
}

#[derive(Template)]
#[template(path = "app/revisions.html")]
struct RevisionsPage<'a> {
    frame: Frame<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    latest: u64,
    revisions: Vec<RevisionView>,
    older: Option<String>,
}

struct RevisionView {
    number: u64,
    state: &'static str,
    at: String,
    author: String,
    note: String,
    restored_from: Option<u64>,
    digest: String,
}

impl RevisionView {
    fn new(revision: &Revision, names: &BTreeMap<String, String>) -> Self {
        let entry = &revision.entry;
        Self {
            number: revision.number,
            state: state_term(&revision.state),
            at: world::shown_text(&entry.at),
            author: names.get(&entry.actor).unwrap_or(&entry.actor).clone(),
            note: entry.note.clone(),
            restored_from: revision.restored_from,
            digest: revision.digest.to_string(),
        }
    }
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    revision: u64,
}

#[derive(Deserialize)]
pub struct InService {
    pub organisation: String,
    pub service: String,
}

pub async fn list(
    State(app): State<App>,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/revisions", &["before", "done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("restored") => "過去の版の内容で、新しい版を登録しました。",
        Some("undone") => "直前の保存を取り消し、その前の内容で新しい版を登録しました。",
        Some("imported") => "取り込んだ内容で、新しい版を登録しました。",
        _ => "",
    };
    let before = query.get("before").and_then(|text| text.parse().ok());
    list_page(&app, &shown, &at, StatusCode::OK, notice, Vec::new(), before).await
}

/// The list from below `before` on.
pub async fn list_page(
    app: &App,
    shown: &Shown,
    InService { organisation, service }: &InService,
    status: StatusCode,
    notice: &str,
    mistakes: Vec<String>,
    before: Option<u64>,
) -> Response {
    let read = async {
        let names = app.store().names(organisation).await?;
        Ok::<_, StoreError>((app.store().revisions(organisation, service, before, PAGE).await?, names))
    };
    let (revisions, names) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let last = revisions.last().filter(|last| last.number > 1).map(|last| last.number.to_string());
    let page = RevisionsPage {
        frame: Frame::new(shown, Here::Revisions),
        notice,
        mistakes,
        latest: shown.revision.unwrap_or_default(),
        revisions: revisions.iter().map(|revision| RevisionView::new(revision, &names)).collect(),
        older: last.map(|last| link(&format!("{}/revisions", shown.base), &[("before", &last)])),
    };
    with_status(status, page)
}

#[derive(Template)]
#[template(path = "app/revision.html")]
struct RevisionPage<'a> {
    frame: Frame<'a>,
    mistakes: Vec<String>,
    notice: &'a str,
    revision: RevisionView,
    is_latest: bool,
    states: Vec<StateView>,
    /// None for the first.
    changes: Option<Vec<Difference>>,
    steps: Vec<Step>,
}

struct StateView {
    state: &'static str,
    at: String,
    actor: String,
    note: String,
}

/// Something that can be done with the revision now.
#[derive(Clone, Copy)]
pub struct Step {
    pub token: &'static str,
    verb: &'static str,
    pub from: &'static [&'static str],
    pub to: &'static str,
    pub action: Action,
    pub event: &'static str,
}

/// Draft → checked → approved; back to the editor from either. Issuing is done where the documents are.
pub const STEPS: [Step; 3] = [
    Step {
        token: "check",
        verb: "確認済にする",
        from: &["draft"],
        to: "checked",
        action: Action::Check,
        event: "revision.checked",
    },
    Step {
        token: "approve",
        verb: "承認する",
        from: &["checked"],
        to: "approved",
        action: Action::Approve,
        event: "revision.approved",
    },
    Step {
        token: "return",
        verb: "差し戻す",
        from: &["draft", "checked"],
        to: "returned",
        action: Action::Check,
        event: "revision.returned",
    },
];

pub async fn one(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/revisions", &["done"], raw.as_deref());
    let notice = query.get("done").map_or("", |_| "記録しました。");
    page(&app, &acting, &shown, &at, StatusCode::OK, Vec::new(), notice).await
}

async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &At,
    status: StatusCode,
    mistakes: Vec<String>,
    notice: &str,
) -> Response {
    match read(app, at).await {
        Ok(read) => {
            let may = |step: &Step| {
                step.from.contains(&read.revision.state.as_str()) && acting.reader.may(step.action, Resource::Revision)
            };
            let page = RevisionPage {
                frame: Frame::new(shown, Here::Revisions),
                mistakes,
                notice,
                revision: RevisionView::new(&read.revision, &read.names),
                is_latest: read.is_latest,
                states: read.states.iter().map(|state| state_view(state, &read.names)).collect(),
                changes: read.changes,
                steps: STEPS.into_iter().filter(may).collect(),
            };
            with_status(status, page)
        }
        Err(error) => message::failed(app, &error),
    }
}

struct Read {
    revision: Revision,
    names: BTreeMap<String, String>,
    states: Vec<RevisionState>,
    changes: Option<Vec<Difference>>,
    is_latest: bool,
}

async fn read(app: &App, at: &At) -> Result<Read, StoreError> {
    let (organisation, service) = (at.organisation.as_str(), at.service.as_str());
    let store = app.store();
    let revision = store.revision(organisation, service, at.revision).await?;
    let changes = match at.revision {
        1 => None,
        number => {
            let before = store.files(organisation, service, number - 1).await?;
            let after = store.files(organisation, service, number).await?;
            let compared = tokio::task::spawn_blocking(move || differences(&before, &after)).await;
            Some(compared.unwrap_or_default())
        }
    };
    Ok(Read {
        names: store.names(organisation).await?,
        states: store.revision_states(organisation, service, at.revision).await?,
        is_latest: store.service(organisation, service).await?.revision == Some(at.revision),
        revision,
        changes,
    })
}

/// What changed, in the domain's words.
pub fn differences(before: &Files, after: &Files) -> Vec<Difference> {
    let read = |files: &Files| shirube_folder::read(&texts(files)).ok();
    let (Some(before), Some(after)) = (read(before), read(after)) else { return Vec::new() };
    diff(&Service::new(&before.files), &Service::new(&after.files))
}

fn state_view(state: &RevisionState, names: &BTreeMap<String, String>) -> StateView {
    StateView {
        state: state_term(&state.state),
        at: world::shown_text(&state.entry.at),
        actor: names.get(&state.entry.actor).unwrap_or(&state.entry.actor).clone(),
        note: state.entry.note.clone(),
    }
}

/// `POST …/revisions/{revision}`: check, approve, return, restore.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let wanted = fields.text("do");
    let refuse = |text: &str| vec![text.to_owned()];
    let mistakes = if fields.text("reason").is_empty() {
        refuse("理由や確かめた内容を入力してください。履歴に残ります。")
    } else if wanted == "undo" {
        if !acting.reader.may(Action::Restore, Resource::Revision) {
            return message::nothing(Some(&acting.visitor));
        }
        match undo(&app, &from, &acting, &at, &fields).await {
            Ok(()) => return Redirect::to(&format!("{}/revisions?done=undone", shown.base)).into_response(),
            Err(StoreError::ChangedMeanwhile { .. }) => refuse(
                "その後に新しい版が登録されているため、一度には取り消せません。履歴を確かめ、戻したい版を選んでください。何も変更していません。",
            ),
            Err(error) => return message::failed(&app, &error),
        }
    } else if wanted == "restore" {
        if !acting.reader.may(Action::Restore, Resource::Revision) {
            return message::nothing(Some(&acting.visitor));
        }
        match restore(&app, &from, &acting, &at, &fields).await {
            Ok(()) => return Redirect::to(&format!("{}/revisions?done=restored", shown.base)).into_response(),
            Err(StoreError::ChangedMeanwhile { .. }) => refuse(
                "画面を開いた後に、新しい版が登録されています。履歴を見直してから、もう一度お試しください。何も変更していません。",
            ),
            Err(error) => return message::failed(&app, &error),
        }
    } else {
        let Some(step) = STEPS.iter().find(|step| step.token == wanted) else {
            return message::nothing(Some(&acting.visitor));
        };
        if !acting.reader.may(step.action, Resource::Revision) {
            return message::nothing(Some(&acting.visitor));
        }
        match advance(&app, &from, &acting, &at, step, &fields).await {
            Ok(mistakes) if mistakes.is_empty() => {
                let next = format!("{}/revisions/{}?done=1", shown.base, at.revision);
                return Redirect::to(&next).into_response();
            }
            Ok(mistakes) => mistakes,
            Err(error) => return message::failed(&app, &error),
        }
    };
    page(&app, &acting, &shown, &at, StatusCode::UNPROCESSABLE_ENTITY, mistakes, "").await
}

async fn restore(app: &App, from: &From, acting: &Acting, at: &At, fields: &Fields) -> Result<(), StoreError> {
    let latest = app.store().service(&at.organisation, &at.service).await?.revision;
    let mut change = app.store().begin(&at.organisation).await?;
    change.restore_revision(&at.service, latest, at.revision).await?;
    let note = format!("第{}版の内容に戻す。{}", at.revision, fields.text("reason"));
    let event = Event { action: "revision.restored".to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}

/// Takes the latest revision back: the one before it becomes a new one. What others saved since stays untouched.
async fn undo(app: &App, from: &From, acting: &Acting, at: &At, fields: &Fields) -> Result<(), StoreError> {
    let mut change = app.store().begin(&at.organisation).await?;
    change.restore_revision(&at.service, Some(at.revision), at.revision.saturating_sub(1)).await?;
    let event = Event { action: "revision.undone".to_owned(), note: fields.text("reason").to_owned() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}

/// Takes a revision one step further, unless the organisation keeps author and approver apart (AUTHZ-006).
async fn advance(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &At,
    step: &Step,
    fields: &Fields,
) -> Result<Vec<String>, StoreError> {
    let settings = organisation::settings(app, &at.organisation).await?;
    let author = app.store().revision(&at.organisation, &at.service, at.revision).await?.entry.actor;
    if step.token == "approve" && !may_approve(&author, &acting.reader.person, settings.separate_duties) {
        return Ok(vec!["この版を作った本人は承認できません。ほかの承認者に頼んでください。".to_owned()]);
    }
    let mut change = app.store().begin(&at.organisation).await?;
    let found = change.revision_state(&at.service, at.revision).await?;
    if !step.from.contains(&found.as_str()) {
        let term = state_term(&found);
        return Ok(vec![format!("この版は今「{term}」なので、この操作はできません。画面を読み込み直してください。")]);
    }
    change.set_revision_state(&at.service, at.revision, &found, step.to).await?;
    let event = Event { action: step.event.to_owned(), note: fields.text("reason").to_owned() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
    Ok(Vec::new())
}

/// `GET …/revisions/{revision}/folder.zip`: the files of a revision, as `shirube` on the command line takes them.
pub async fn folder(State(app): State<App>, from: From, acting: Acting, Path(at): Path<At>) -> Response {
    let taken = async {
        let files = app.store().files(&at.organisation, &at.service, at.revision).await?;
        let mut change = app.store().begin(&at.organisation).await?;
        change.about(&format!("service/{}/revision/{}", at.service, at.revision));
        let event = Event { action: "folder.exported".to_owned(), note: String::new() };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        let service = InService { organisation: at.organisation.clone(), service: at.service.clone() };
        let own = super::register::own::texts(&app, &service).await?.into_iter();
        let own: Vec<_> = own.map(|(name, text)| (format!("registers/{name}.yaml"), text)).collect();
        Ok::<_, StoreError>((files, own))
    };
    match taken.await {
        Ok((files, own)) => {
            let own = own.iter().map(|(name, text)| (name.as_str(), text.as_slice()));
            let files = files.iter().map(|(name, text)| (name, text.as_bytes())).chain(own);
            let Ok(bytes) = shirube_documents::write::archive(files) else { return message::nothing(None) };
            let name = crate::page::documents::disposition(&format!("{}-{}.zip", at.service, at.revision));
            let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
            (headers, bytes).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}
