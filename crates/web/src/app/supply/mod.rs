//! `…/supply`: what suppliers reported, what is taken over from them, and what does not fit.
//!
//! The lists behind it have their forms on `…/model?part=supply`.

mod answer;
mod ask;
mod requests;
mod sent;
mod take;
mod tasks;
mod upward;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use shirube_safety::Service;
use shirube_safety::chain::{ControlOrigin, Origin, SupplierState, outdated};
use shirube_safety::model::{Date, party_name};
use shirube_store::StoreError;

pub use requests::{change_request, show_requests};
pub use sent::{report, workbook};
pub use take::{LONGEST_UPLOAD_BYTES, take};
pub use upward::{send_upward, show_upward};

use super::guard::Acting;
use super::revisions::InService;
use super::shell::with_status;
use super::sites::in_files;
use super::{App, message, world};
use crate::page::Frame;
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "app/supply.html")]
struct SupplyPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    seen: Seen,
    may_edit: bool,
    /// Reports that came from accounts of suppliers and wait for a decision.
    arrived: u64,
    today: String,
    notice: &'a str,
    mistakes: Vec<String>,
    /// What of a report was not taken over, with the reason.
    left: Vec<String>,
}

/// What the page shows of the chain.
#[derive(Default)]
struct Seen {
    suppliers: Vec<SupplierView>,
    /// 自社, 分担, 受け継ぎ, 未回答 with their counts.
    origins: Vec<(&'static str, usize)>,
    /// Kind and sentence.
    contradictions: Vec<(&'static str, String)>,
    outdated: Vec<String>,
    uses: Vec<UseView>,
    /// Number of controls that suppliers offer and nobody took over.
    offered: usize,
}

struct SupplierView {
    id: String,
    name: String,
    supplies: String,
    layers: String,
    is_direct: bool,
    has_promised: bool,
    /// Day and id of the newest report.
    report: Option<(String, String)>,
    until: String,
    has_ended: bool,
    open: usize,
    overdue: usize,
}

struct UseView {
    control: String,
    kind: &'static str,
    is_decided: bool,
    supplier: String,
    ours: String,
    status: String,
    by: String,
    report: String,
    editions: String,
    until: String,
}

/// `GET …/supply`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/supply", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("saved" | "merged") => "報告を取り込みました。",
        _ => "",
    };
    page(&app, &acting, &shown, &at, Told { notice, ..Told::default() }).await
}

/// What the last form had to tell.
#[derive(Default)]
struct Told<'a> {
    notice: &'a str,
    mistakes: Vec<String>,
    left: Vec<String>,
    /// The revision that the form made, if it made one.
    revision: Option<u64>,
}

async fn page(app: &App, acting: &Acting, shown: &Shown, at: &InService, told: Told<'_>) -> Response {
    let revision = told.revision.or(shown.revision).unwrap_or_default();
    let today = Date(world::date(app.now()));
    let seen = match seen(app, at, revision, today).await {
        Ok(seen) => seen,
        Err(error) => return message::failed(app, &error),
    };
    let arrived = match app.store().arrived_reports(&at.organisation).await {
        Ok(arrived) => arrived.get(&at.service).copied().unwrap_or_default(),
        Err(error) => return message::failed(app, &error),
    };
    let status = if told.mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    with_status(
        status,
        SupplyPage {
            frame: Frame::new(shown, Here::Model),
            csrf: &acting.reader.csrf,
            revision,
            seen,
            may_edit: acting.reader.may(Action::Import, Resource::Model),
            arrived,
            today: today.to_string(),
            notice: told.notice,
            mistakes: told.mistakes,
            left: told.left,
        },
    )
}

async fn seen(app: &App, at: &InService, revision: u64, today: Date) -> Result<Seen, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    in_files(files, move |files| view(&Service::new(files), today)).await
}

fn view(service: &Service, today: Date) -> Seen {
    let chain = &service.chain;
    let count = |origin| chain.controls.iter().filter(|line| line.origin() == origin).count();
    Seen {
        suppliers: chain.suppliers.iter().map(|supplier| supplier_view(supplier, today)).collect(),
        origins: Origin::ALL.iter().map(|origin| (origin.term(), count(*origin))).collect(),
        contradictions: chain.contradictions.iter().map(|one| (one.kind.term(), one.text.clone())).collect(),
        outdated: outdated(service.files, chain, Some(today)).into_iter().map(|one| one.text).collect(),
        uses: chain.controls.iter().flat_map(|line| uses(service, line)).collect(),
        offered: chain.controls.iter().filter(|line| line.uses.is_empty() && !line.offered.is_empty()).count(),
    }
}

fn supplier_view(supplier: &SupplierState, today: Date) -> SupplierView {
    let newest = supplier.reports.first();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let overdue = supplier.open_requests().filter(|request| request.due.is_some_and(|due| due < today)).count();
    SupplierView {
        id: supplier.party.id.clone(),
        name: supplier.party.name.clone(),
        supplies: supplier.supplies.iter().map(|supply| supply.service.as_str()).collect::<Vec<_>>().join("、"),
        layers: supplier.layers().iter().map(|layer| layer.term()).collect::<Vec<_>>().join("・"),
        is_direct: supplier.is_direct,
        has_promised: supplier.has_promised(),
        report: newest.map(|report| (day(report.on), report.id.clone())),
        until: day(newest.and_then(|report| report.valid_until)),
        has_ended: newest.and_then(|report| report.valid_until).is_some_and(|until| until < today),
        open: supplier.open_requests().count(),
        overdue,
    }
}

fn uses(service: &Service, line: &ControlOrigin) -> Vec<UseView> {
    let name = |id: &str| party_name(&service.files.service, id).to_owned();
    let view = |used: &shirube_safety::chain::Used| UseView {
        control: line.control.id.to_string(),
        kind: used.stated.kind.term(),
        is_decided: used.stated.decided.is_some(),
        supplier: name(&used.stated.supplier),
        ours: used.stated.ours.clone().unwrap_or_default(),
        status: used.statement.map(|one| one.status.term().to_owned()).unwrap_or_default(),
        by: used.statement.map(|one| one.by.term().to_owned()).unwrap_or_default(),
        report: used.report.map(|report| report.id.clone()).unwrap_or_default(),
        editions: used.report.map(|report| report.editions.join("、")).unwrap_or_default(),
        until: used.report.and_then(|report| report.valid_until).map(|day| day.to_string()).unwrap_or_default(),
    };
    line.uses.iter().map(view).collect()
}
