//! The papers of audits as files.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde::Deserialize;
use shirube_documents::deliverable::{RecordHead, audit_paper, audit_plan, audit_report, audit_summary};
use shirube_documents::write::{Format, render};
use shirube_exchange::audit_workbook;
use shirube_safety::operation::audit::{Audit, FINDINGS, certificates, checklist, summary as summarised};
use shirube_safety::operation::register::Records;
use shirube_safety::typed::day;
use shirube_store::{Event, StoreError};

use super::{InAudit, Kept, fiscal_year};
use crate::app::documents::{file as handed, not_made};
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::sign_in::From;
use crate::app::sites::in_files;
use crate::app::{App, message, world};
use crate::query::Query;
use crate::shown::Shown;

#[derive(Deserialize)]
pub struct InPaper {
    organisation: String,
    service: String,
    item: String,
    file: String,
}

#[derive(Clone, Copy)]
enum Paper {
    Plan,
    Working,
    Report,
}

impl Paper {
    fn title(self) -> &'static str {
        match self {
            Self::Plan => "監査計画書",
            Self::Working => "監査調書",
            Self::Report => "監査報告書",
        }
    }
}

/// `GET …/audits/a/{item}/{file}`: `plan.pdf`, `paper.xlsx` to fill in, `report.docx`, and so on.
pub async fn file(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InPaper>,
) -> Response {
    let asked = at.file.rsplit_once('.').and_then(|(name, ending)| {
        let paper = match name {
            "plan" => Paper::Plan,
            "paper" => Paper::Working,
            "report" => Paper::Report,
            _ => return None,
        };
        Some((paper, ending.parse::<Format>().ok()?))
    });
    let Some((paper, format)) = asked else { return message::nothing(Some(&acting.visitor)) };
    let InPaper { organisation, service, item, .. } = at;
    let at = InAudit { organisation, service, item };
    let made = async {
        let kept = Kept::of_one(&app, &shown, &at).await?;
        kept.audit(&at.item)?;
        let bytes = bytes(&app, &shown, &at, kept, paper, format).await?;
        let name = format!("{}_{}.{format}", paper.title(), at.item);
        note(&app, &from, &acting, &at.service(), &name).await?;
        Ok(handed(&name, format.media_type(), bytes))
    };
    made.await.unwrap_or_else(|error: StoreError| message::missing_or_failed(&app, &acting.visitor, &error))
}

async fn bytes(
    app: &App,
    shown: &Shown,
    at: &InAudit,
    kept: Kept,
    paper: Paper,
    format: Format,
) -> Result<Vec<u8>, StoreError> {
    let (today, item) = (world::date(app.now()), at.item.clone());
    let source = app.store().head(&at.organisation).await?.digest.to_string();
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let made = in_files(files, move |files| {
        let entry = kept.records.entries(super::AUDITS).iter().find(|entry| entry.id == item)?;
        let audit = Audit { entry, records: &kept.records };
        let items = checklist(&audit, &files.conformity);
        let head = RecordHead::new(files, &source[..12], today);
        let document = match (paper, format) {
            (Paper::Working, Format::Xlsx) => {
                let made = audit_workbook(&audit.entry.id, &items, &grades(&kept.records));
                return Some(made.map_err(|error| error.to_string()));
            }
            (Paper::Working, _) => audit_paper(&audit, &items, &head),
            (Paper::Plan, _) => audit_plan(&audit, &kept.provider(), &items, &head),
            (Paper::Report, _) => audit_report(&audit, &kept.provider(), &head),
        };
        Some(render(&document, format).map_err(|error| error.to_string()))
    });
    made.await?.ok_or_else(|| not_made("the audit went away".to_owned()))?.map_err(not_made)
}

/// The grades that the register of findings offers.
pub(super) fn grades(records: &Records) -> Vec<String> {
    let grade = records.register(FINDINGS).and_then(|register| register.field("grade"));
    grade.map(|field| field.options.clone()).unwrap_or_default()
}

#[derive(Deserialize)]
pub struct InSummary {
    organisation: String,
    service: String,
    format: String,
}

/// `GET …/audits/summary/{format}?from=…&to=…`: 監査結果の要約; without days, of this fiscal year.
pub async fn summary(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InSummary>,
    RawQuery(raw): RawQuery,
) -> Response {
    let InSummary { organisation, service, format } = at;
    let at = InService { organisation, service };
    let query = Query::parse(&shown.base, "/audits", &["from", "to"], raw.as_deref());
    let today = world::date(app.now());
    let usual = fiscal_year(today);
    let first = query.get("from").map_or(Some(usual.0), |text| day(text).ok());
    let last = query.get("to").map_or(Some(usual.1), |text| day(text).ok());
    let (Ok(format), Some(first), Some(last)) = (format.parse::<Format>(), first, last) else {
        return message::nothing(Some(&acting.visitor));
    };
    let made = async {
        // Whether an auditor took part is told by all registers of the time of each audit.
        let mut kept = Kept::of_audits(&app, &shown, &at).await?;
        if let Some(period) = spanned(&kept.records) {
            kept = Kept::of_time(&app, &at, kept, period).await?;
        }
        let source = app.store().head(&at.organisation).await?.digest.to_string();
        let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
        let bytes = in_files(files, move |files| {
            let summary = summarised(&kept.records, &kept.provider(), first, last);
            let head = RecordHead::new(files, &source[..12], today);
            let held = certificates(&kept.records, today);
            render(&audit_summary(&summary, &held, &head), format).map_err(|error| error.to_string())
        });
        let bytes = bytes.await?.map_err(not_made)?;
        let name = format!("監査結果の要約_{first}_{last}.{format}");
        note(&app, &from, &acting, &at, &name).await?;
        Ok(handed(&name, format.media_type(), bytes))
    };
    made.await.unwrap_or_else(|error: StoreError| message::missing_or_failed(&app, &acting.visitor, &error))
}

/// The time that all audits together look at.
fn spanned(records: &Records) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let periods: Vec<_> = Audit::all(records).iter().filter_map(Audit::period).collect();
    let first = periods.iter().map(|(first, _)| *first).min()?;
    Some((first, periods.iter().map(|(_, last)| *last).max()?))
}

async fn note(app: &App, from: &From, acting: &Acting, at: &InService, name: &str) -> Result<(), StoreError> {
    let mut change = app.store().begin(&at.organisation).await?;
    change.about(&format!("service/{}/audits", at.service));
    let event = Event { action: "audit.taken".to_owned(), note: name.to_owned() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}
