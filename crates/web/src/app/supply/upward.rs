//! `…/supply/upward`: a report to whoever uses the service, handed over with the code that they sent.
//!
//! The one that asked gets the report and the names of organisation and person; the one that reports sees who asks, for
//! which service, what, until when, and the tasks that it may have a part in. Neither sees anything else of the other.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::secret::{Purpose, Secret};
use shirube_oscal::report_document;
use shirube_safety::Service;
use shirube_safety::chain::{StatusReport, asked_tasks, status_report};
use shirube_safety::model::Date;
use shirube_safety::selection::names_kept_back;
use shirube_safety::stated::{Doer, ReportRequest, SharedTask};
use shirube_store::{Event, Filter, NewReportDelivery, ReportCode, StoreError};
use shirube_trail::{Digest, Origin};

use super::ask::day;
use super::requests::{BOTH_PARTS, counts};
use super::tasks::{self, TaskView};
use crate::app::documents::source;
use crate::app::edit::unclear;
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::institution::customer_names;
use crate::app::revisions::{InService, state_term};
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::sites::in_files;
use crate::app::trail::SUPPLIER;
use crate::app::{App, message, shown_day, world};
use crate::page::Frame;
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// Reports that the page lists.
const SENT: u32 = 20;

#[derive(Template)]
#[template(path = "app/supply-upward.html")]
struct UpwardPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    may_edit: bool,
    today: String,
    notice: &'a str,
    mistakes: Vec<String>,
    fields: &'a Fields,
    /// Name of the reader, who signs unless somebody else is named.
    reader: &'a str,
    asked: Option<AskedView>,
    /// Time, what and by whom.
    sent: Vec<(String, String, String)>,
}

impl UpwardPage<'_> {
    /// The answers that a task can be given.
    fn doers(&self) -> &'static [Doer] {
        Doer::ALL
    }

    /// Who reports, as it was typed.
    fn by(&self) -> &str {
        if self.fields.has("by") { self.fields.text("by") } else { self.reader }
    }
}

/// Who asks for what, and what would be sent.
struct AskedView {
    organisation: String,
    service: String,
    asks: String,
    due: String,
    is_overdue: bool,
    returned: String,
    until: String,
    revision: u64,
    state: &'static str,
    is_approved: bool,
    report: StatusReport,
    /// What is asked about who does what.
    tasks: Vec<TaskView>,
    counts: Vec<(&'static str, usize)>,
    /// Answers that nobody signed, which stay here.
    unsigned: usize,
}

/// What a code opens.
struct Asked {
    code: ReportCode,
    organisation: String,
    service: String,
    asks: Option<String>,
    due: Option<Date>,
    /// The tasks that the supplier has a part in, or may believe to have.
    tasks: Vec<SharedTask>,
}

/// `GET …/supply/upward`.
pub async fn show_upward(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/supply/upward", &["done"], raw.as_deref());
    let notice = if query.get("done") == Some("sent") { "報告を送りました。" } else { "" };
    page(&app, &acting, &shown, &at, Told { notice, ..Told::default() }).await
}

#[derive(Default)]
struct Told<'a> {
    notice: &'a str,
    mistakes: Vec<String>,
    asked: Option<AskedView>,
    fields: Fields,
}

async fn page(app: &App, acting: &Acting, shown: &Shown, at: &InService, told: Told<'_>) -> Response {
    let sent = match sent(app, at).await {
        Ok(sent) => sent,
        Err(error) => return message::failed(app, &error),
    };
    let status = if told.mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    with_status(
        status,
        UpwardPage {
            frame: Frame::new(shown, Here::Model),
            csrf: &acting.reader.csrf,
            may_edit: acting.reader.may(Action::Edit, Resource::Model),
            today: world::day(app.now()),
            notice: told.notice,
            mistakes: told.mistakes,
            fields: &told.fields,
            reader: &acting.reader.name,
            asked: told.asked,
            sent,
        },
    )
}

/// What was sent before, newest first, as the trail says it.
async fn sent(app: &App, at: &InService) -> Result<Vec<(String, String, String)>, StoreError> {
    let object = format!("service/{}", at.service);
    let names = app.store().names(&at.organisation).await?;
    let mut entries = Vec::new();
    for action in ["report.sent", "report.unsent"] {
        let filter = Filter { action, object: &object, limit: SENT, ..Filter::default() };
        entries.extend(app.store().entries(&at.organisation, &filter).await?);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.number));
    entries.truncate(SENT as usize);
    let line = |entry: shirube_trail::Entry| {
        let by = names.get(&entry.actor).unwrap_or(&entry.actor).clone();
        (world::shown_text(&entry.at), entry.note, by)
    };
    Ok(entries.into_iter().map(line).collect())
}

/// `POST …/supply/upward`: shows what a code asks for, or sends the report.
pub async fn send_upward(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    let is_sending = match fields.text("do") {
        "look" => false,
        "send" => true,
        _ => return unclear(&acting),
    };
    let asked = match find(&app, fields.text("code")).await {
        Ok(Some(asked)) => asked,
        Ok(None) if is_sending => {
            return match has_arrived(&app, &at, &fields).await {
                Ok(true) => Redirect::to(&format!("{}/supply/upward?done=sent", shown.base)).into_response(),
                Ok(false) => {
                    let mistakes = vec![wrong_code(&app, &acting.reader.person)];
                    page(&app, &acting, &shown, &at, Told { mistakes, ..Told::default() }).await
                }
                Err(error) => message::failed(&app, &error),
            };
        }
        Ok(None) => {
            let mistakes = vec![wrong_code(&app, &acting.reader.person)];
            return page(&app, &acting, &shown, &at, Told { mistakes, ..Told::default() }).await;
        }
        Err(error) => return message::failed(&app, &error),
    };
    let ready = match ready(&app, &at).await {
        Ok(ready) => ready,
        Err(error) => return message::failed(&app, &error),
    };
    let mut mistakes = Vec::new();
    if is_sending && let Some(report) = signed(&app, &fields, &asked, &ready, &mut mistakes) {
        return match send(&app, &from, &acting, &at, &asked, &ready, report).await {
            Ok(true) => Redirect::to(&format!("{}/supply/upward?done=sent", shown.base)).into_response(),
            Ok(false) => {
                let mistakes = vec![GONE.to_owned()];
                page(&app, &acting, &shown, &at, Told { mistakes, ..Told::default() }).await
            }
            Err(error) => message::failed(&app, &error),
        };
    }
    let asked = Some(view(&app, &fields, asked, ready));
    page(&app, &acting, &shown, &at, Told { mistakes, asked, fields, ..Told::default() }).await
}

/// All codes that open nothing are the same.
const GONE: &str = "このコードでは報告を送れません。写し間違いがないかを確かめ、分からなければ、依頼した会社に新しいコードを頼んでください。何も送っていません。";

/// What is told of a code that opens nothing. Whoever keeps trying is told to wait; a good code is never kept waiting.
fn wrong_code(app: &App, person: &str) -> String {
    match app.0.wrong_codes.count(person, app.now()) {
        Some(until) => {
            let seconds = (until - app.now()).num_seconds().max(1);
            format!("使えないコードが続いたため、{seconds}秒待ってからお試しください。何も送っていません。")
        }
        None => GONE.to_owned(),
    }
}

/// What a code opens, if it is good, in time, and the request still waits.
async fn find(app: &App, typed: &str) -> Result<Option<Asked>, StoreError> {
    let Some(secret) = Secret::parse(typed, Purpose::Report) else { return Ok(None) };
    let digest = secret.fingerprint(Purpose::Report).to_string();
    let Some(code) = app.store().report_code(&digest).await? else { return Ok(None) };
    if !code.state.takes() || code.expires_at <= app.at() {
        return Ok(None);
    }
    asked(app, code).await
}

/// What somebody with a code is told of the request, while that is open.
async fn asked(app: &App, code: ReportCode) -> Result<Option<Asked>, StoreError> {
    let organisation = app.store().organisation(&code.organisation).await?.name;
    let service = app.store().service(&code.organisation, &code.service).await?;
    let Some(revision) = service.revision.filter(|_| service.state == "active") else { return Ok(None) };
    let files = app.store().files(&code.organisation, &code.service, revision).await?;
    let id = code.request.clone();
    let names = customer_names(app, &code.organisation).await?;
    let found = in_files(files, move |files| {
        let request = files.supply.requests.iter().find(|one| one.id == id && one.is_open())?.clone();
        let others = names_kept_back(files, names.iter().map(String::as_str));
        let tasks = asked_tasks(files, &request.supplier, &others);
        Some((request, tasks))
    });
    let asked = |(request, tasks): (ReportRequest, _)| Asked {
        code,
        organisation,
        service: service.name,
        asks: request.asks,
        due: request.due,
        tasks,
    };
    Ok(found.await?.map(asked))
}

/// The report of the revision that speaks for the service: the newest that was approved, else the latest.
struct Ready {
    revision: u64,
    state: String,
    report: StatusReport,
    unsigned: usize,
}

async fn ready(app: &App, at: &InService) -> Result<Ready, StoreError> {
    let (revision, state) = speaking(app, at).await?;
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let from = source(revision, &files.digest().to_string());
    let names = customer_names(app, &at.organisation).await?;
    let made = in_files(files, move |files| {
        let service = Service::new(files);
        let others = names_kept_back(files, names.iter().map(String::as_str));
        let report = status_report(&service, &from, &others);
        let answered = service.answers.conformity.controls.iter().filter(|one| one.answer.is_some()).count();
        let unsigned = answered - report.statements.len();
        (report, unsigned)
    });
    let (report, unsigned) = made.await?;
    Ok(Ready { revision, state, report, unsigned })
}

async fn speaking(app: &App, at: &InService) -> Result<(u64, String), StoreError> {
    let (mut latest, mut before) = (None, None);
    loop {
        let page = app.store().revisions(&at.organisation, &at.service, before, 100).await?;
        if let Some(approved) = page.iter().find(|revision| is_approved(&revision.state)) {
            return Ok((approved.number, approved.state.clone()));
        }
        latest = latest.or_else(|| page.first().map(|newest| (newest.number, newest.state.clone())));
        match page.last() {
            Some(last) if last.number > 1 => before = Some(last.number),
            _ => return latest.ok_or(StoreError::Missing(shirube_store::Missing::Revision)),
        }
    }
}

fn is_approved(state: &str) -> bool {
    matches!(state, "approved" | "issued")
}

/// The report as it is sent: with who, when and until when. None if the form says it wrong.
fn signed(
    app: &App,
    fields: &Fields,
    asked: &Asked,
    ready: &Ready,
    mistakes: &mut Vec<String>,
) -> Option<StatusReport> {
    let today = Date(world::date(app.now()));
    let (by, typed) = (fields.text("by"), fields.text("until"));
    if by.is_empty() {
        mistakes.push("報告する人を入力してください。".to_owned());
    }
    let until = day(typed);
    match until {
        None if !typed.is_empty() => mistakes
            .push(format!("報告の有効期限「{typed}」は日付として読めません。2026-04-01 のように入力してください。")),
        Some(until) if until < today => {
            mistakes.push(format!("報告の有効期限「{typed}」は過ぎています。今日以後の日を入力してください。"));
        }
        _ => {}
    }
    if fields.text("revision") != ready.revision.to_string() {
        mistakes.push(format!(
            "画面を開いた後に、送る内容が第{}版に変わりました。内容を確かめてから、もう一度送ってください。",
            ready.revision
        ));
    }
    let claims = tasks::claims(fields, &asked.tasks, mistakes);
    let by = Some(by.to_owned());
    let report = || StatusReport { on: Some(today), by, valid_until: until, claims, ..ready.report.clone() };
    mistakes.is_empty().then(report)
}

/// Whether what a form would send has come in already: the form was sent twice, and the code was used up between.
async fn has_arrived(app: &App, at: &InService, fields: &Fields) -> Result<bool, StoreError> {
    let Some(secret) = Secret::parse(fields.text("code"), Purpose::Report) else { return Ok(false) };
    let digest = secret.fingerprint(Purpose::Report).to_string();
    let Some(code) = app.store().report_code(&digest).await? else { return Ok(false) };
    let Some(asked) = asked(app, code).await? else { return Ok(false) };
    let ready = ready(app, at).await?;
    match signed(app, fields, &asked, &ready, &mut Vec::new()) {
        Some(report) => is_last(app, &asked.code, &body(&report)).await,
        None => Ok(false),
    }
}

/// A report as it travels.
fn body(report: &StatusReport) -> String {
    String::from_utf8_lossy(&report_document(report)).into_owned()
}

/// Whether a text is what came in last for a request.
async fn is_last(app: &App, code: &ReportCode, body: &str) -> Result<bool, StoreError> {
    let last = app.store().last_report(&code.organisation, &code.service, &code.request).await?;
    Ok(last.is_some_and(|last| last.digest == Digest::of(body.as_bytes())))
}

/// Notes in the own trail that it is sent, and hands it over. Whether it arrived: the code may have become void between.
async fn send(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InService,
    asked: &Asked,
    ready: &Ready,
    report: StatusReport,
) -> Result<bool, StoreError> {
    let count = report.statements.len();
    let body = body(&report);
    let digest = Digest::of(body.as_bytes());
    let to = format!("{}の「{}」", asked.organisation, asked.service);
    let what = format!(
        "{to}へ、第{}版（{}）から報告を送る。対策項目への答え{count}件、符号 {}",
        ready.revision,
        state_term(&ready.state),
        &digest.to_string()[..12]
    );
    note(app, from, acting, at, "report.sent", what).await?;
    match deliver(app, acting, asked, &body, count).await {
        Ok(()) => Ok(true),
        // The same report may have come by the same form a moment ago.
        Err(_) if is_last(app, &asked.code, &body).await? => Ok(true),
        Err(error) => {
            // The trail must not tell of a report that never came.
            note(app, from, acting, at, "report.unsent", format!("{to}への報告は届かなかった。")).await?;
            match error {
                StoreError::Used | StoreError::State { .. } => Ok(false),
                error => Err(error),
            }
        }
    }
}

async fn note(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InService,
    action: &str,
    note: String,
) -> Result<(), StoreError> {
    let mut change = app.store().begin(&at.organisation).await?;
    change.about(&format!("service/{}", at.service));
    let event = Event { action: action.to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}

/// Writes the report where it was asked for. Ids and network addresses of whoever sends stay in their own trail.
async fn deliver(app: &App, acting: &Acting, asked: &Asked, body: &str, count: usize) -> Result<(), StoreError> {
    let (mut change, now) = (app.store().begin(&asked.code.organisation).await?, app.at());
    let (sender, person) = (acting.reader.organisation.as_str(), acting.reader.name.as_str());
    change.deliver_report(&asked.code.digest, NewReportDelivery { sender, person, body }, &now).await?;
    let note = format!("{sender}の{person}から届いた。対策項目への答え{count}件");
    let event = Event { action: "report.delivered".to_owned(), note };
    change.commit(SUPPLIER, Origin::System, &now, event).await.map(drop)
}

fn view(app: &App, fields: &Fields, asked: Asked, ready: Ready) -> AskedView {
    let today = Date(world::date(app.now()));
    AskedView {
        organisation: asked.organisation,
        service: asked.service,
        asks: asked.asks.unwrap_or_else(|| BOTH_PARTS.to_owned()),
        due: asked.due.map(|due| shown_day(&due.to_string())).unwrap_or_default(),
        is_overdue: asked.due.is_some_and(|due| due < today),
        returned: if asked.code.state.is_returned() { asked.code.reason } else { String::new() },
        until: world::shown_text(&asked.code.expires_at),
        revision: ready.revision,
        state: state_term(&ready.state),
        is_approved: is_approved(&ready.state),
        tasks: tasks::views(fields, &asked.tasks, &ready.report.claims),
        counts: counts(&ready.report),
        report: ready.report,
        unsigned: ready.unsigned,
    }
}
