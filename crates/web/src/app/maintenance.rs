//! `…/maintenance`: every maintenance with what each institution said, and the letters about it.
//!
//! What is shown and what a step is held against come from the same rules as on the command line.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use shirube_documents::content::Document;
use shirube_documents::deliverable::{RecordHead, board_document, notice_document};
use shirube_documents::write::{Format, render};
use shirube_safety::operation::maintenance::{CONSENTS, Consent, NOTICES, Notice, Standing};
use shirube_safety::operation::register::{Entry, Records};
use shirube_store::{Event, StoreError};

use super::documents::not_made;
use super::fields::Fields;
use super::guard::Acting;
use super::register::{Begun, InRegister, Ledger, begin_all, encoded, entry_lines, records};
use super::revisions::InService;
use super::shell::with_status;
use super::sign_in::From;
use super::sites::in_files;
use super::{App, message, world};
use crate::page::Frame;
use crate::page::documents::disposition;
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// How many are shown, the newest first.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "app/maintenance.html")]
struct MaintenancePage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    notices: Vec<NoticeView>,
    all: usize,
    counted: &'static str,
    told: &'static str,
    mistakes: Vec<String>,
    may_edit: bool,
    may_export: bool,
}

struct NoticeView {
    id: String,
    href: String,
    title: String,
    category: String,
    state: String,
    rule: &'static str,
    starts: String,
    deadline: String,
    basis: String,
    notified: String,
    is_late: bool,
    is_open: bool,
    awaits_report: bool,
    missing: Vec<String>,
    institutions: Vec<InstitutionView>,
    /// Some consent was not asked for yet.
    may_ask: bool,
}

struct InstitutionView {
    name: String,
    consent: &'static str,
    is_in: bool,
    on: String,
    href: String,
    letter: String,
}

/// Everything that is kept of maintenance.
struct Board {
    ledger: Ledger,
    records: Records,
}

impl Board {
    async fn read(app: &App, shown: &Shown, at: &InService) -> Result<Self, StoreError> {
        let ledger = Ledger::read(app, at, shown.revision.unwrap_or_default()).await?;
        let of = register(at, NOTICES);
        let mut records = records(app, &ledger, &of, &[NOTICES, CONSENTS]).await?;
        // Who allowed a hurry stands in the history of the entry; without a reason there is none.
        let hurried = |entry: &&Entry| !entry.values("emergency_reason").is_empty();
        let ids: Vec<String> = records.entries(NOTICES).iter().filter(hurried).map(|entry| entry.id.clone()).collect();
        for id in ids {
            records.log.extend(entry_lines(app, &of, &id).await?);
        }
        Ok(Self { ledger, records })
    }

    fn notices(&self) -> Vec<Notice<'_>> {
        Notice::all(&self.records, &self.ledger.terms)
    }
}

fn register(at: &InService, id: &str) -> InRegister {
    InRegister { organisation: at.organisation.clone(), service: at.service.clone(), register: id.to_owned() }
}

/// `GET …/maintenance`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/maintenance", &["done"], raw.as_deref());
    let told = if query.get("done") == Some("asked") {
        "承諾を求めた記録を書き始めました。求めた手段と、届いた答えを、医療機関等ごとに記録してください。"
    } else {
        ""
    };
    page(&app, &acting, &shown, &at, told, Vec::new()).await
}

async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &InService,
    told: &'static str,
    mistakes: Vec<String>,
) -> Response {
    let board = match Board::read(app, shown, at).await {
        Ok(board) => board,
        Err(error) => return message::missing_or_failed(app, &acting.visitor, &error),
    };
    let today = world::date(app.now());
    let notices = board.notices();
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = MaintenancePage {
        frame: Frame::new(shown, Here::Registers),
        csrf: &acting.reader.csrf,
        all: notices.len(),
        notices: notices.iter().rev().take(SHOWN).map(|notice| view(notice, &board, shown, today)).collect(),
        counted: &shirube_catalog::maintenance_rules().stop.counted,
        told,
        mistakes,
        may_edit: acting.reader.may(Action::Edit, Resource::Register),
        may_export: acting.reader.may(Action::Export, Resource::Register),
    };
    with_status(status, page)
}

fn view(notice: &Notice, board: &Board, shown: &Shown, today: NaiveDate) -> NoticeView {
    let (entry, terms) = (notice.entry, &board.ledger.terms);
    let declared = board.ledger.register(NOTICES);
    let state = declared.and_then(|register| register.state(&entry.state));
    let is_open = !notice.is_over() && !notice.is_cancelled();
    let moment = notice.started_on().unwrap_or(today);
    let standings = notice.standings(moment, terms);
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let letters = format!("{}/maintenance/{}/letter?institution=", shown.base, encoded(&entry.id));
    let missing = if notice.is_cancelled() { Vec::new() } else { notice.missing(moment, terms) };
    NoticeView {
        href: format!("{}/registers/{NOTICES}/e/{}", shown.base, encoded(&entry.id)),
        id: entry.id.clone(),
        title: entry.text("title"),
        category: entry.text("category"),
        state: state.map_or(&entry.state, |state| &state.title).clone(),
        rule: notice.kind.map_or("", |kind| &kind.note),
        starts: entry.text("starts_at"),
        deadline: day(notice.deadline.as_ref().map(|deadline| deadline.by)),
        basis: notice.deadline.as_ref().map(|deadline| deadline.basis.clone()).unwrap_or_default(),
        notified: day(notice.told_on()),
        is_late: notice.is_late(),
        is_open,
        awaits_report: notice.awaits_report(),
        missing,
        may_ask: is_open && standings.iter().any(|one| one.consent == Consent::NotAsked),
        institutions: standings.iter().map(|one| institution(one, shown, &letters)).collect(),
    }
}

fn institution(one: &Standing, shown: &Shown, letters: &str) -> InstitutionView {
    let href = one.record.map(|record| format!("{}/registers/{CONSENTS}/e/{}", shown.base, encoded(&record.id)));
    InstitutionView {
        name: one.institution.clone(),
        consent: one.consent.term(),
        is_in: one.consent.is_in(),
        on: one.on.map(|day| day.to_string()).unwrap_or_default(),
        href: href.unwrap_or_default(),
        letter: format!("{letters}{}", encoded(&one.institution)),
    }
}

/// `POST …/maintenance`: begins the records of the consents that nobody asked for yet.
pub async fn ask(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    sent: Fields,
) -> Response {
    let made = async {
        let board = Board::read(&app, &shown, &at).await?;
        let notices = board.notices();
        let Some(notice) = notices.iter().find(|notice| notice.entry.id == sent.text("notice")) else {
            return Ok(Err(vec!["保守が見つかりません。一覧から選んでください。".to_owned()]));
        };
        let today = world::date(app.now());
        let cells: Vec<BTreeMap<String, String>> = asked(notice, &board, today);
        if cells.is_empty() {
            return Ok(Err(vec!["承諾を求める医療機関等は、もうありません。".to_owned()]));
        }
        let note = format!("保守「{}」の承諾を求めた（{}件）", notice.entry.id, cells.len());
        let of = register(&at, CONSENTS);
        let begun = Begun { from: &from, acting: &acting, at: &of, ledger: &board.ledger, note };
        begin_all(&app, begun, cells).await
    };
    match made.await {
        Ok(Ok(())) => Redirect::to(&format!("{}/maintenance?done=asked", shown.base)).into_response(),
        Ok(Err(mistakes)) => page(&app, &acting, &shown, &at, "", mistakes).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

fn asked(notice: &Notice, board: &Board, today: NaiveDate) -> Vec<BTreeMap<String, String>> {
    let open = notice.standings(today, &board.ledger.terms).into_iter();
    let open = open.filter(|one| one.consent == Consent::NotAsked && one.record.is_none());
    open.map(|one| {
        BTreeMap::from([
            ("notice".to_owned(), notice.entry.id.clone()),
            ("institution".to_owned(), one.institution),
            ("asked_on".to_owned(), today.to_string()),
        ])
    })
    .collect()
}

#[derive(Deserialize)]
pub struct InBoard {
    organisation: String,
    service: String,
    format: String,
}

/// `GET …/maintenance/board/{format}`: all of them on paper, for inside.
pub async fn board(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InBoard>,
) -> Response {
    let InBoard { organisation, service, format } = at;
    let Ok(format) = format.parse::<Format>() else { return message::nothing(Some(&acting.visitor)) };
    let at = InService { organisation, service };
    let made = async {
        let board = Board::read(&app, &shown, &at).await?;
        let make = move |head: &RecordHead| board_document(&board.notices(), &board.ledger.terms, head);
        file(&app, (&from, &acting), &shown, &at, format, "保守の告知と承諾の一覧", make).await
    };
    made.await.unwrap_or_else(|error| message::missing_or_failed(&app, &acting.visitor, &error))
}

#[derive(Deserialize)]
pub struct InNotice {
    organisation: String,
    service: String,
    item: String,
}

/// `GET …/maintenance/{item}/letter?institution=NAME&format=pdf`: the letter to one institution.
pub async fn letter(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InNotice>,
    RawQuery(raw): RawQuery,
) -> Response {
    let InNotice { organisation, service, item } = at;
    let at = InService { organisation, service };
    let query = Query::parse(&shown.base, "/maintenance", &["institution", "format"], raw.as_deref());
    let format = query.get("format").unwrap_or("pdf").parse::<Format>();
    let (Ok(format), Some(institution)) = (format, query.get("institution").map(str::to_owned)) else {
        return message::nothing(Some(&acting.visitor));
    };
    let made = async {
        let board = Board::read(&app, &shown, &at).await?;
        let notices = board.notices();
        let Some(notice) = notices.iter().find(|notice| notice.entry.id == item) else {
            return Ok(message::nothing(Some(&acting.visitor)));
        };
        if !notice.institutions().contains(&institution) {
            return Ok(message::nothing(Some(&acting.visitor)));
        }
        let named = notice.names_others(&institution, &board.ledger.terms);
        if !named.is_empty() {
            return Ok(not_apart(&acting, &shown, &named));
        }
        let (entry, name) = (notice.entry.clone(), format!("保守_{item}_{institution}"));
        let make = move |head: &RecordHead| {
            let notice = Notice::of(&entry, &board.records, &board.ledger.terms);
            notice_document(&notice, &institution, &board.ledger.terms, head)
        };
        file(&app, (&from, &acting), &shown, &at, format, &name, make).await
    };
    made.await.unwrap_or_else(|error: StoreError| message::missing_or_failed(&app, &acting.visitor, &error))
}

/// A letter that names another institution is not made.
fn not_apart(acting: &Acting, shown: &Shown, named: &[(&'static str, String)]) -> Response {
    let sentence = |(field, other): &(&str, String)| {
        format!("「{field}」に、ほかの医療機関等（{other}）の名前があります。名前を除いてください。")
    };
    message::message(
        Some(&acting.visitor),
        StatusCode::UNPROCESSABLE_ENTITY,
        "お知らせを作っていません",
        &named.iter().map(sentence).collect::<String>(),
        (&format!("{}/maintenance", shown.base), "保守の一覧に戻る"),
    )
}

/// Makes a paper, notes in the trail that it was taken, and hands it out.
async fn file(
    app: &App,
    (from, acting): (&From, &Acting),
    shown: &Shown,
    at: &InService,
    format: Format,
    name: &str,
    make: impl FnOnce(&RecordHead) -> Document + Send + 'static,
) -> Result<Response, StoreError> {
    let today = world::date(app.now());
    let source = app.store().head(&at.organisation).await?.digest.to_string();
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let bytes = in_files(files, move |files| render(&make(&RecordHead::new(files, &source[..12], today)), format));
    let bytes = bytes.await?.map_err(|error| not_made(error.to_string()))?;
    let name = format!("{name}.{format}");
    let mut change = app.store().begin(&at.organisation).await?;
    change.about(&format!("service/{}/maintenance", at.service));
    let event = Event { action: "maintenance.taken".to_owned(), note: name.clone() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
    let heads = [(header::CONTENT_TYPE, format.media_type()), (header::CONTENT_DISPOSITION, &disposition(&name))];
    Ok((heads, bytes).into_response())
}
