//! `GET …/supply/workbook` and `…/supply/report/{file}`: what goes out, to suppliers and to whom one supplies.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shirube_exchange::{Asked, report_workbook};
use shirube_oscal::report_document;
use shirube_safety::chain::{StatusReport, asked_tasks, reported_tasks, status_report, suppliers};
use shirube_safety::model::{Date, party_name};
use shirube_safety::selection::names_kept_back;
use shirube_safety::{Service, ServiceFiles};
use shirube_store::{Files, StoreError};

use crate::app::documents::{file, not_made, source};
use crate::app::guard::Acting;
use crate::app::institution::customer_names;
use crate::app::revisions::InService;
use crate::app::sites::texts;
use crate::app::{App, message, world};
use crate::shown::Shown;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Deserialize)]
pub struct ToSupplier {
    #[serde(default)]
    supplier: String,
}

/// `GET …/supply/workbook?supplier=`: a blank report to send to a supplier.
pub async fn workbook(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    Query(to): Query<ToSupplier>,
) -> Response {
    let names = match customer_names(&app, &at.organisation).await {
        Ok(names) => names,
        Err(error) => return message::failed(&app, &error),
    };
    let made = made(&app, &shown, &at, move |files: &Files| {
        let folder = shirube_folder::read(&texts(files)).map_err(|errors| errors[0].to_string())?;
        let name =
            suppliers(&folder.files).iter().find(|one| one.party.id == to.supplier).map(|one| one.party.name.clone());
        let Some(name) = name else { return Ok(None) };
        let asker = provider(&folder.files);
        let blank = StatusReport { provider: Some(name.clone()), ..StatusReport::default() };
        let tasks =
            asked_tasks(&folder.files, &to.supplier, &names_kept_back(&folder.files, names.iter().map(String::as_str)));
        let asked = Asked { asker, tasks: &tasks };
        let bytes = report_workbook(&asked, &blank).map_err(|error| error.to_string())?;
        Ok(Some((format!("安全管理の状況報告_{name}.xlsx"), bytes)))
    });
    match made.await {
        Ok(Some((name, bytes))) => file(&name, XLSX, bytes),
        Ok(None) => message::nothing(Some(&acting.visitor)),
        Err(error) => message::failed(&app, &error),
    }
}

#[derive(Deserialize)]
pub struct ReportAt {
    organisation: String,
    service: String,
    file: String,
}

/// Until when, as the form says it.
#[derive(Deserialize)]
pub struct Until {
    #[serde(default)]
    until: String,
}

/// `GET …/supply/report/{file}`: the report to whom one supplies, as `report.xlsx` or `report.json`.
pub async fn report(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<ReportAt>,
    Query(until): Query<Until>,
) -> Response {
    let is_json = match at.file.as_str() {
        "report.json" => true,
        "report.xlsx" => false,
        _ => return message::nothing(Some(&acting.visitor)),
    };
    let valid_until = match until.until.trim() {
        "" => None,
        typed => match until_day(typed, world::date(app.now())) {
            Ok(day) => Some(day),
            Err(wrong) => {
                let back = format!("{}/supply", shown.base);
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let next = (back.as_str(), "分担と報告の画面に戻る");
                return message::message(Some(&acting.visitor), status, "報告を作っていません", &wrong, next);
            }
        },
    };
    let (on, by) = (Date(world::date(app.now())), acting.reader.name.clone());
    let revision = shown.revision.unwrap_or_default();
    let names = match customer_names(&app, &at.organisation).await {
        Ok(names) => names,
        Err(error) => return message::failed(&app, &error),
    };
    let in_service = InService { organisation: at.organisation, service: at.service };
    let made = made(&app, &shown, &in_service, move |files: &Files| {
        let folder = shirube_folder::read(&texts(files)).map_err(|errors| errors[0].to_string())?;
        let source = source(revision, &files.digest().to_string());
        let others = names_kept_back(&folder.files, names.iter().map(String::as_str));
        let made = status_report(&Service::new(&folder.files), &source, &others);
        let report = StatusReport { on: Some(on), by: Some(by), valid_until, ..made };
        if is_json {
            return Ok(report_document(&report));
        }
        let asked = Asked { asker: String::new(), tasks: &reported_tasks(&folder.files, &others) };
        report_workbook(&asked, &report).map_err(|error| error.to_string())
    });
    match made.await {
        Ok(bytes) if is_json => file("安全管理の状況報告.json", "application/json", bytes),
        Ok(bytes) => file("安全管理の状況報告.xlsx", XLSX, bytes),
        Err(error) => message::failed(&app, &error),
    }
}

fn provider(files: &ServiceFiles) -> String {
    party_name(&files.service, &files.service.provider).to_owned()
}

/// The day until which the report holds: one of the calendar that has not gone by.
fn until_day(typed: &str, today: chrono::NaiveDate) -> Result<Date, String> {
    match shirube_safety::typed::day(typed).map_err(|wrong| format!("有効期限: {wrong}"))? {
        past if past < today => Err(format!("有効期限（{past}）は過ぎています。今日以後の日を入力してください。")),
        day => Ok(Date(day)),
    }
}

/// Something made of the files of the revision that is shown.
async fn made<T: Send + 'static>(
    app: &App,
    shown: &Shown,
    at: &InService,
    make: impl FnOnce(&Files) -> Result<T, String> + Send + 'static,
) -> Result<T, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let made = tokio::task::spawn_blocking(move || make(&files));
    made.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)
}
