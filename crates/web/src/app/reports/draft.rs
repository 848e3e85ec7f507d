//! Drafts of reports: the same papers as `shirube sla report` makes from a folder.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;
use shirube_documents::content::Document;
use shirube_documents::deliverable::{RecordHead, report_document};
use shirube_documents::write::{Format, render};
use shirube_exchange::{OperationTables, read_operation_tables};
use shirube_safety::calendar::{end_of_month, years};
use shirube_safety::operation::level::{ByInstitution, Terms};
use shirube_safety::operation::register::Records;
use shirube_safety::operation::report::{Case, Whose, monthly, yearly};
use shirube_store::{Event, StoreError};

use crate::app::documents::{file, not_made};
use crate::app::guard::Acting;
use crate::app::institution::{LaidFor, laid_for};
use crate::app::levels::counted_tables;
use crate::app::register::read_records;
use crate::app::revisions::InService;
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::shown::Shown;

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    institution: String,
    file: String,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The first day of a month.
    Month(NaiveDate),
    /// In which calendar year it begins.
    Year(i32),
}

/// `monthly-report-2026-09.pdf`, `yearly-report-2026.docx`.
fn asked(file: &str) -> Option<(Asked, Format)> {
    let (name, ending) = file.rsplit_once('.')?;
    let format = [Format::Pdf, Format::Docx, Format::Xlsx].into_iter().find(|format| format.extension() == ending)?;
    if let Some(month) = name.strip_prefix("monthly-report-") {
        let first = format!("{month}-01").parse::<NaiveDate>().ok().filter(|first| years().contains(&first.year()))?;
        return Some((Asked::Month(first), format));
    }
    let year: i32 = name.strip_prefix("yearly-report-")?.parse().ok()?;
    (years().contains(&year) && years().contains(&(year + 1))).then_some((Asked::Year(year), format))
}

/// `GET …/reports/{institution}/{file}`.
pub async fn draft(State(app): State<App>, from: From, acting: Acting, shown: Shown, Path(at): Path<At>) -> Response {
    let Some((asked, format)) = asked(&at.file) else { return message::nothing(Some(&acting.visitor)) };
    match made(&app, (&from, &acting), &shown, &at, (asked, format)).await {
        Ok(Ok(bytes)) => file(&at.file, format.media_type(), bytes),
        Ok(Err(why)) => told(&acting, &shown, &why),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

fn told(acting: &Acting, shown: &Shown, why: &str) -> Response {
    let back = format!("{}/reports", shown.base);
    let link = (back.as_str(), "報告の一覧に戻る");
    message::message(Some(&acting.visitor), StatusCode::UNPROCESSABLE_ENTITY, "報告を作れませんでした", why, link)
}

/// The file; else why there is none.
async fn made(
    app: &App,
    (from, acting): (&From, &Acting),
    shown: &Shown,
    at: &At,
    (asked, format): (Asked, Format),
) -> Result<Result<Vec<u8>, String>, StoreError> {
    let service = InService { organisation: at.organisation.clone(), service: at.service.clone() };
    let place = (at.organisation.as_str(), at.service.as_str());
    let revision = shown.revision.unwrap_or_default();
    let laid = laid_for(app, place, &at.institution, revision).await?;
    let (first, last) = days(asked, &laid);
    let today = world::date(app.now());
    if first > today {
        return Ok(Err("まだ始まっていない期間です。".to_owned()));
    }
    let Some(tables) = counted_tables(app, &service).await? else {
        return Ok(Err("停止や更新の記録が多すぎるため、ここでは作れません。".to_owned()));
    };
    let records = match read_records(app, &service, revision, first).await? {
        Ok(records) => records,
        Err(more) => return Ok(Err(format!("{}の件数が多すぎるため、ここでは作れません。", more.0))),
    };
    let source = app.store().head(&at.organisation).await?.digest.to_string();
    let _maker = app.0.makers.acquire().await;
    let work = tokio::task::spawn_blocking(move || {
        let names = (first, last, today, source);
        document(&laid, &records, tables, asked, names).map(|document| render(&document, format))
    });
    let rendered = match work.await.map_err(|error| not_made(error.to_string()))? {
        Ok(rendered) => rendered.map_err(|error| not_made(error.to_string()))?,
        Err(why) => return Ok(Err(why)),
    };
    let mut change = app.store().begin(&at.organisation).await?;
    change.about(&format!("service/{}/institution/{}", at.service, at.institution));
    let event = Event { action: "reports.drafted".to_owned(), note: at.file.clone() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
    Ok(Ok(rendered))
}

/// First and last day of what is reported.
fn days(asked: Asked, laid: &LaidFor) -> (NaiveDate, NaiveDate) {
    match asked {
        Asked::Month(first) => (first, end_of_month(first)),
        Asked::Year(year) => {
            let month = u32::from(laid.file.institution.fiscal_year_from.unwrap_or(4));
            let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
            let next = first.checked_add_months(Months::new(12));
            (first, next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(first))
        }
    }
}

fn document(
    laid: &LaidFor,
    records: &Records,
    tables: OperationTables,
    asked: Asked,
    (first, last, today, source): (NaiveDate, NaiveDate, NaiveDate, String),
) -> Result<Document, String> {
    let name = laid.file.institution.name.as_str();
    let contract = &laid.file.contract;
    let (begins, ends) = (contract.starts_on.map(|day| day.0), contract.ends_on.map(|day| day.0));
    if begins.is_some_and(|begins| begins > last) || ends.is_some_and(|ends| ends < first) {
        return Err("契約の期間の外です。".to_owned());
    }
    let files = &laid.laid.files;
    let terms = Terms::read(&files.sla).map_err(|findings| {
        let told = findings.iter().map(|finding| format!("{}{}", finding.message, finding.advice));
        format!("サービスレベル合意書を数えられません。{}", told.collect::<Vec<_>>().join(""))
    })?;
    let is_kept = records.book("outages").is_some();
    let levels = read_operation_tables(tables, &known(laid, records)).map_err(|misread| {
        let told = misread.iter().map(|one| laid.others.replaced(&one.message)).collect::<Vec<_>>().join("");
        format!("停止や更新の記録に、読めない所があります。「サービスレベルを計算する」で確かめてください。{told}")
    })?;
    let levels = levels.naming(name, &laid.known);
    let by_institution = ByInstitution::new(&levels);
    let whose = Whose::new(name, laid.known.iter().map(String::as_str), laid.others.clone());
    let case = Case {
        files,
        records,
        levels: is_kept.then_some((&terms, &by_institution)),
        whose: &whose,
        institution: name,
        begins,
        ends,
        on: today,
    };
    let report = match asked {
        Asked::Month(first) => monthly(&case, first),
        Asked::Year(_) => yearly(&case, first, last),
    };
    let document = report_document(&report, &RecordHead::new(files, &source[..12], today));
    if document.texts().any(|text| whose.names_another(&text)) {
        return Err("ほかの医療機関等の名前が残るため、報告を作りませんでした。台帳の文を確かめてください。".to_owned());
    }
    Ok(document)
}

/// Every name of an institution that the records may use: those they do use are known to the registers.
fn known(laid: &LaidFor, records: &Records) -> Vec<String> {
    let mut known = vec![laid.file.institution.name.clone()];
    for id in ["outages", "exclusions", "updates", "evaluations"] {
        let Some(register) = records.register(id) else { continue };
        let fields = register.fields.iter().filter(|field| field.kind == shirube_catalog::FieldKind::Institution);
        for field in fields {
            let values = records.entries(id).iter().flat_map(|entry| entry.values(&field.id));
            known.extend(values.map(ToString::to_string));
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_month_or_year_and_format() {
        let first = "2026-09-01".parse().ok().map(Asked::Month);
        assert_eq!(asked("monthly-report-2026-09.pdf").map(|(asked, _)| asked), first);
        assert_eq!(asked("yearly-report-2026.xlsx").map(|(asked, _)| asked), Some(Asked::Year(2026)));
        for wrong in ["monthly-report-2026-13.pdf", "yearly-report-1.pdf", "monthly-report-2026-09.exe", "x.pdf", "x"] {
            assert_eq!(asked(wrong), None, "{wrong}");
        }
    }
}
