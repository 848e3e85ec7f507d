//! Reports and references that are older than what they are used for.

use serde::Serialize;

use super::{Chain, Used};
use crate::model::Date;
use crate::service::ServiceFiles;
use crate::stated::SupplierReport;

/// One reference that has to be looked at again, as a Japanese sentence that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outdated {
    /// Id of the report.
    pub report: String,
    /// Number of the control, where it is about one.
    pub control: Option<String>,
    pub text: String,
    /// Place in `supply.yaml`.
    #[serde(skip)]
    pub pointer: String,
}

/// What is outdated. What runs out is judged by `on`; without it only what does not depend on the day is told.
pub fn outdated(files: &ServiceFiles, chain: &Chain, on: Option<Date>) -> Vec<Outdated> {
    let mut found = Vec::new();
    for supplier in &chain.suppliers {
        for report in supplier.reports.iter().filter(|report| super::newest(&files.supply, report)) {
            let place = files.supply.reports.iter().position(|one| one.id == report.id).unwrap_or_default();
            let say = |text: String| Outdated {
                report: report.id.clone(),
                control: None,
                text: format!("{}の報告「{}」は、{text}", supplier.party.name, report.id),
                pointer: format!("/reports/{place}"),
            };
            found.extend(edition(files, report).map(say));
            found.extend(ended(report, on).map(say));
        }
    }
    for line in &chain.controls {
        for used in &line.uses {
            found.extend(reference(files, &line.control.id.to_string(), used, on));
        }
    }
    found
}

/// The editions of a report against those the service goes by.
fn edition(files: &ServiceFiles, report: &SupplierReport) -> Option<String> {
    let ours = &files.service.editions;
    if report.editions.is_empty() {
        return Some("拠りどころとしたガイドラインの版が書かれていません。".to_owned());
    }
    let missing: Vec<&str> =
        ours.iter().filter(|edition| !report.editions.contains(edition)).map(String::as_str).collect();
    // A supplier of providers owes nothing to the guideline for institutions.
    let missing: Vec<&str> = missing.into_iter().filter(|edition| edition.starts_with("pg-")).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "{}によるもので、このサービスの拠りどころとする{}によるものではありません。",
            report.editions.join("、"),
            missing.join("、")
        )
    })
}

fn ended(report: &SupplierReport, on: Option<Date>) -> Option<String> {
    let until = report.valid_until?;
    (until < on?).then(|| format!("有効期限（{until}）を過ぎています。"))
}

/// A taking over that rests on a report that is not the newest, or on evidence that has run out.
fn reference(files: &ServiceFiles, id: &str, used: &Used, on: Option<Date>) -> Option<Outdated> {
    let report = used.report?;
    let text = if !super::newest(&files.supply, report) {
        format!(
            "{id}の「{}」は、報告「{}」によっていますが、同じ相手からの新しい報告があります。",
            used.stated.kind.term(),
            report.id
        )
    } else {
        let until = used.statement?.evidence_until?;
        if until >= on? {
            return None;
        }
        format!(
            "{id}の「{}」は、報告「{}」の根拠によっていますが、根拠の有効期限（{until}）を過ぎています。",
            used.stated.kind.term(),
            report.id
        )
    };
    Some(Outdated {
        report: report.id.clone(),
        control: Some(id.to_owned()),
        text,
        pointer: format!("/uses/{}", used.at),
    })
}
