//! `…/supply/requests`: what suppliers were asked for, what arrived from accounts of theirs, and what became of it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_folder::edit::Edit;
use shirube_oscal::read_report_document;
use shirube_safety::ServiceFiles;
use shirube_safety::chain::{StatusReport, records, suppliers};
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::{Date, party_name};
use shirube_safety::stated::{ReportMeans, ReportOutcome, ReportRequest};
use shirube_store::{Event, Missing, ReportCode, ReportDelivery, ReportState, StoreError};

use super::{answer, ask};
use crate::app::edit::unclear;
use crate::app::fields::Fields;
use crate::app::guard::{self, Acting};
use crate::app::revisions::InService;
use crate::app::save::{Saved, Wish, save};
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::sites::in_files;
use crate::app::{App, message, world};
use crate::page::Frame;
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// What is asked for where nothing else is written (2.2.2).
pub const BOTH_PARTS: &str = "リスクマネジメントの実施状況と、制度上の要求事項への対応状況";

#[derive(Template)]
#[template(path = "app/supply-requests.html")]
struct RequestsPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    seen: Seen,
    may_edit: bool,
    today: String,
    both_parts: &'static str,
    days: i64,
    told: Told,
    fields: &'a Fields,
}

impl RequestsPage<'_> {
    /// What was typed into the form for asking, if that was sent.
    fn typed(&self, name: &str) -> &str {
        if self.fields.text("do") == "ask" { self.fields.text(name) } else { "" }
    }
}

/// What the last form had to tell.
#[derive(Default)]
struct Told {
    notice: &'static str,
    mistakes: Vec<String>,
    /// What of a report was not taken over, with the reason.
    left: Vec<String>,
    code: Option<Handed>,
}

/// A code that is shown once.
pub(super) struct Handed {
    pub code: String,
    pub supplier: String,
    pub until: String,
    /// What can be sent with it, sentence by sentence.
    pub letter: Vec<String>,
}

struct Seen {
    /// Id and name.
    suppliers: Vec<(String, String)>,
    /// Newest first.
    requests: Vec<RequestView>,
    /// Requests that a report arrived for, and that the service does not have any more.
    lost: Vec<String>,
}

struct RequestView {
    id: String,
    supplier: String,
    asks: String,
    on: String,
    by: String,
    due: String,
    is_overdue: bool,
    reminders: String,
    state: &'static str,
    mark: &'static str,
    decided: String,
    report: String,
    /// Until when the code is good, and whether that is over.
    code: Option<(String, bool)>,
    arrived: Option<ArrivedView>,
    /// Something is still to come.
    is_open: bool,
    /// Accepted already; only the note of it beside the code is missing.
    is_taken: bool,
}

/// A report that waits for a decision.
struct ArrivedView {
    number: u64,
    sender: String,
    person: String,
    at: String,
    report: StatusReport,
    on: String,
    until: String,
    /// Answers by what they say.
    counts: Vec<(&'static str, usize)>,
    /// What will not be taken over, with the reason.
    left: Vec<String>,
}

/// `GET …/supply/requests`.
pub async fn show_requests(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/supply/requests", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("reminded") => "催促した日を記録しました。",
        Some("withdrawn") => "依頼を取り下げました。コードは使えません。",
        Some("accepted") => "報告を受領し、このサービスの報告として取り込みました。",
        Some("returned") => {
            "報告を差し戻しました。相手は、コードの期限まで、同じコードで送り直せます。期限を過ぎているときは、コードを作り直して渡してください。"
        }
        _ => "",
    };
    page(&app, &acting, &shown, &at, Told { notice, ..Told::default() }, &Fields::default()).await
}

async fn page(app: &App, acting: &Acting, shown: &Shown, at: &InService, told: Told, fields: &Fields) -> Response {
    let revision = shown.revision.unwrap_or_default();
    let seen = match seen(app, at, revision).await {
        Ok(seen) => seen,
        Err(error) => return message::failed(app, &error),
    };
    let status = if told.mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    with_status(
        status,
        RequestsPage {
            frame: Frame::new(shown, Here::Model),
            csrf: &acting.reader.csrf,
            revision,
            seen,
            may_edit: acting.reader.may(Action::Edit, Resource::Model),
            today: world::day(app.now()),
            both_parts: BOTH_PARTS,
            days: ask::CODE_DAYS,
            told,
            fields,
        },
    )
}

async fn seen(app: &App, at: &InService, revision: u64) -> Result<Seen, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let mut kept = Vec::new();
    for code in app.store().report_codes(&at.organisation, &at.service).await? {
        let arrived = match code.state {
            ReportState::Delivered => app.store().last_report(&at.organisation, &at.service, &code.request).await?,
            _ => None,
        };
        kept.push((code, arrived));
    }
    let (now, today) = (app.at(), Date(world::date(app.now())));
    in_files(files, move |files| view(files, &kept, &now, today)).await
}

/// A code, and the report that waits with it.
type Kept = (ReportCode, Option<ReportDelivery>);

fn view(files: &ServiceFiles, kept: &[Kept], now: &str, today: Date) -> Seen {
    let requests = &files.supply.requests;
    let mut views: Vec<RequestView> = requests
        .iter()
        .map(|request| {
            let kept = kept.iter().find(|(code, _)| code.request == request.id);
            request_view(files, request, kept, now, today)
        })
        .collect();
    views.reverse();
    views.sort_by(|one, other| other.on.cmp(&one.on));
    let is_lost = |(code, arrived): &&Kept| arrived.is_some() && !requests.iter().any(|one| one.id == code.request);
    Seen {
        suppliers: suppliers(files).iter().map(|one| (one.party.id.clone(), one.party.name.clone())).collect(),
        requests: views,
        lost: kept.iter().filter(is_lost).map(|(code, _)| code.request.clone()).collect(),
    }
}

fn request_view(
    files: &ServiceFiles,
    request: &ReportRequest,
    kept: Option<&Kept>,
    now: &str,
    today: Date,
) -> RequestView {
    let arrived = kept.and_then(|(_, arrived)| arrived.as_ref());
    let (state, mark) = match (request.outcome, arrived) {
        (_, Some(_)) => ("届いた報告の判断待ち", "unanswered"),
        (Some(outcome), None) => {
            (outcome.term(), if outcome == ReportOutcome::Returned { "unanswered" } else { "settled" })
        }
        (None, None) => ("報告待ち", "unanswered"),
    };
    let is_open = request.is_open() && arrived.is_none();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let code = kept.map(|(code, _)| code).filter(|code| is_open && code.state.takes());
    RequestView {
        id: request.id.clone(),
        supplier: party_name(&files.service, &request.supplier).to_owned(),
        asks: request.asks.clone().unwrap_or_else(|| BOTH_PARTS.to_owned()),
        on: request.on.to_string(),
        by: request.by.clone(),
        due: day(request.due),
        is_overdue: is_open && request.due.is_some_and(|due| due < today),
        reminders: request.reminders.iter().map(Date::to_string).collect::<Vec<_>>().join("、"),
        state,
        mark,
        decided: request
            .decided
            .as_ref()
            .map(|decided| format!("{} {}：{}", decided.on, decided.by, decided.reason))
            .unwrap_or_default(),
        report: request.report.clone().unwrap_or_default(),
        code: code.map(|code| (world::shown_text(&code.expires_at), code.expires_at.as_str() <= now)),
        arrived: arrived.map(|arrived| arrived_view(files, request, arrived)),
        is_open,
        is_taken: is_taken(files, request),
    }
}

/// Whether the report that came by a code is among those of the service. Accepted alone does not say so: a person may
/// have written that of a report that came in another way.
pub(super) fn is_taken(files: &ServiceFiles, request: &ReportRequest) -> bool {
    let by_code = |id: &String| {
        let mut reports = files.supply.reports.iter();
        reports.any(|report| report.id == *id && report.means == Some(ReportMeans::Account))
    };
    request.outcome == Some(ReportOutcome::Accepted) && request.report.as_ref().is_some_and(by_code)
}

fn arrived_view(files: &ServiceFiles, request: &ReportRequest, arrived: &ReportDelivery) -> ArrivedView {
    let (report, mut left) = match read_report_document(arrived.body.as_bytes()) {
        Ok(read) => (read.report, read.left),
        Err(error) => (StatusReport::default(), vec![format!("届いた報告は、{error}")]),
    };
    left.extend(records(files, &request.supplier, ReportMeans::Account, report.clone()).left);
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    ArrivedView {
        number: arrived.number,
        sender: arrived.sender.clone(),
        person: arrived.person.clone(),
        at: world::shown_text(&arrived.at),
        on: day(report.on),
        until: day(report.valid_until),
        counts: counts(&report),
        report,
        left,
    }
}

/// Answers of a report by what they say, without those that no answer says.
pub(super) fn counts(report: &StatusReport) -> Vec<(&'static str, usize)> {
    let count = |status: ControlStatus| report.statements.iter().filter(|one| one.status == status).count();
    let counts = ControlStatus::ALL.iter().map(|status| (status.term(), count(*status)));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// `POST …/supply/requests`.
pub async fn change_request(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    let latest = shown.revision.unwrap_or_default();
    let Some(based_on) = fields.text("revision").parse().ok().filter(|number| *number <= latest) else {
        return unclear(&acting);
    };
    let doing = Doing { app: &app, from: &from, acting: &acting, at: &at, based_on, fields: &fields };
    let done = match fields.text("do") {
        "ask" => ask::ask(&doing).await,
        "code" => ask::renew(&doing).await,
        "remind" => ask::remind(&doing).await,
        "withdraw" => ask::withdraw(&doing).await,
        "accept" => answer::accept(&doing).await,
        "return" => answer::give_back(&doing).await,
        _ => return unclear(&acting),
    };
    let told = match done {
        Ok(Ok(Done::To(done))) => {
            return Redirect::to(&format!("{}/supply/requests?done={done}", shown.base)).into_response();
        }
        Ok(Ok(Done::Code(code))) => Told { code: Some(code), ..Told::default() },
        // What was not taken over stands on no other page, so it is told here and now.
        Ok(Ok(Done::Left(left))) => {
            Told {
                notice: "報告を受領しました。取り込まなかったものがあります。", left, ..Told::default()
            }
        }
        Ok(Err(mistakes)) => Told { mistakes, ..Told::default() },
        Err(StoreError::Missing(Missing::ReportRequest)) => Told {
            mistakes: vec!["この依頼には、コードも届いた報告もありません。".to_owned()],
            ..Told::default()
        },
        Err(error @ StoreError::State { .. }) => Told { mistakes: vec![error.to_string()], ..Told::default() },
        Err(error) => return message::failed(&app, &error),
    };
    // What the form has just saved is in a revision that the request did not know yet.
    let shown = match guard::shown(&app, &at.organisation, &at.service, None, &acting.reader).await {
        Ok(shown) => shown,
        Err(error) => return message::failed(&app, &error),
    };
    // What was typed is shown again only beside what is wrong with it.
    let typed = if told.mistakes.is_empty() { Fields::default() } else { fields };
    page(&app, &acting, &shown, &at, told, &typed).await
}

/// What became of a form.
pub(super) enum Done {
    /// The page says so.
    To(&'static str),
    Code(Handed),
    Left(Vec<String>),
}

/// What became of a form, or what is wrong with it.
pub(super) type Outcome = Result<Result<Done, Vec<String>>, StoreError>;

/// Who does something with a request, where, and what the form says.
pub(super) struct Doing<'a> {
    pub app: &'a App,
    pub from: &'a From,
    pub acting: &'a Acting,
    pub at: &'a InService,
    pub based_on: u64,
    pub fields: &'a Fields,
}

/// A request as the files have it.
pub(super) struct Named {
    pub request: ReportRequest,
    /// Of whom it asks.
    pub name: String,
    /// Its report was taken in.
    pub is_taken: bool,
}

impl Doing<'_> {
    pub fn today(&self) -> Date {
        Date(world::date(self.app.now()))
    }

    /// Works something out of the files of the revision that the reader saw.
    pub async fn in_files<T: Send + 'static>(
        &self,
        make: impl FnOnce(&ServiceFiles) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let files = self.app.store().files(&self.at.organisation, &self.at.service, self.based_on).await?;
        in_files(files, make).await
    }

    /// The request that the form names, with the name of whom it asks.
    pub async fn request(&self) -> Result<Result<(ReportRequest, String), Vec<String>>, StoreError> {
        Ok(self.named().await?.map(|named| (named.request, named.name)))
    }

    /// The same, with what the files say of it.
    pub async fn named(&self) -> Result<Result<Named, Vec<String>>, StoreError> {
        let id = self.fields.text("request").to_owned();
        self.in_files(move |files| {
            let found = files.supply.requests.iter().find(|request| request.id == id);
            let found = found.map(|found| Named {
                request: found.clone(),
                name: party_name(&files.service, &found.supplier).to_owned(),
                is_taken: is_taken(files, found),
            });
            found.ok_or_else(|| vec![format!("依頼「{id}」は、今の内容にありません。")])
        })
        .await
    }

    /// A reason that has to be given.
    pub fn reason(&self, what: &str) -> Result<String, Vec<String>> {
        match self.fields.text("reason") {
            "" => Err(vec![format!("{what}を入力してください。")]),
            reason => Ok(reason.to_owned()),
        }
    }

    /// Lays edits on the service.
    pub async fn save(&self, reason: &str, edits: &[Edit]) -> Result<Result<(), Vec<String>>, StoreError> {
        let wish = Wish {
            organisation: &self.at.organisation,
            service: &self.at.service,
            based_on: self.based_on,
            actor: &self.acting.reader.person,
            origin: self.from.origin(),
            reason,
        };
        Ok(match save(self.app, &wish, edits).await? {
            Saved::Yes { .. } | Saved::Unchanged => Ok(()),
            Saved::Mistakes(mistakes) => Err(mistakes.into_iter().map(|mistake| mistake.message).collect()),
            Saved::Conflicts(_) => Err(vec![
                "ほかの人もこの依頼を変えました。今の内容を確かめてから、もう一度操作してください。".to_owned(),
            ]),
        })
    }

    /// Notes beside the code what was decided.
    pub async fn settle(&self, request: &str, to: ReportState, reason: &str) -> Result<(), StoreError> {
        let action = match to {
            ReportState::Accepted => "report.accepted",
            ReportState::Returned => "report.returned",
            _ => "report.withdrawn",
        };
        let mut change = self.app.store().begin(&self.at.organisation).await?;
        change.settle_report(&self.at.service, request, to, reason).await?;
        let event = Event { action: action.to_owned(), note: reason.to_owned() };
        change.commit(&self.acting.reader.person, self.from.origin(), &self.app.at(), event).await.map(drop)
    }
}
