//! What becomes of a report that a supplier handed in: accepted into the service, or handed back.
//!
//! The service is written first and the code after it: if the second fails, trying again does only what is missing.

use shirube_folder::edit::take_report;
use shirube_oscal::{ReadReport, read_report_document};
use shirube_safety::chain::{Reported, records};
use shirube_safety::selection::names_kept_back;
use shirube_safety::stated::{ReportMeans, ReportOutcome, ReportRequest};
use shirube_store::{ReportDelivery, ReportState, StoreError};

use super::ask::{put, signed};
use super::requests::{Doing, Done, Named, Outcome};
use crate::app::institution::customer_names;

/// The request with the report that the reader saw and the reason they give.
struct Case {
    request: ReportRequest,
    name: String,
    is_taken: bool,
    delivery: ReportDelivery,
    reason: String,
    /// Whose report the code was made for, if the request asks somebody else by now.
    other: Option<String>,
}

async fn case(doing: &Doing<'_>, what: &str) -> Result<Result<Case, Vec<String>>, StoreError> {
    let found = doing.named().await?.and_then(|found| Ok((found, doing.reason(what)?)));
    let (Named { request, name, is_taken }, reason) = match found {
        Ok(found) => found,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    let at = doing.at;
    let codes = doing.app.store().report_codes(&at.organisation, &at.service).await?;
    let code = codes.into_iter().find(|code| code.request == request.id && code.state == ReportState::Delivered);
    let delivery = match code {
        Some(_) => doing.app.store().last_report(&at.organisation, &at.service, &request.id).await?,
        None => None,
    };
    let other = code.map(|code| code.supplier).filter(|supplier| *supplier != request.supplier);
    let seen: Option<u64> = doing.fields.text("delivery").parse().ok();
    Ok(match delivery.filter(|delivery| Some(delivery.number) == seen) {
        Some(delivery) => Ok(Case { request, name, is_taken, delivery, reason, other }),
        None => Err(vec!["判断を待つ報告は、見ていたものから変わっています。今の内容を確かめてください。".to_owned()]),
    })
}

/// The report becomes records of the service, and the request its end.
pub async fn accept(doing: &Doing<'_>) -> Outcome {
    let Case { mut request, name, is_taken, delivery, reason, other } = match case(doing, "確かめたこと").await? {
        Ok(case) => case,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    let mut left = Vec::new();
    if let Some(other) = other {
        return Ok(Err(vec![format!(
            "コードは「{other}」に渡すために作られましたが、依頼の相手は、いまは「{}」です。届いた報告を{name}の報告としては受領できません。差し戻すか、依頼の相手を戻してください。",
            request.supplier
        )]));
    }
    if !is_taken {
        let reported = match reported(doing, &request, &delivery).await? {
            Ok(reported) => reported,
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        request.report = Some(reported.report.id.clone());
        request.outcome = Some(ReportOutcome::Accepted);
        request.decided = Some(signed(doing, reason.clone()));
        let mut edits = take_report(&reported);
        edits.push(put(&request));
        if let Err(mistakes) = doing.save(&format!("{name}の報告「{}」を受領する", reported.report.id), &edits).await?
        {
            return Ok(Err(mistakes));
        }
        left = reported.left;
    }
    doing.settle(&request.id, ReportState::Accepted, &reason).await?;
    Ok(Ok(if left.is_empty() { Done::To("accepted") } else { Done::Left(left) }))
}

async fn reported(
    doing: &Doing<'_>,
    request: &ReportRequest,
    delivery: &ReportDelivery,
) -> Result<Result<Reported, Vec<String>>, StoreError> {
    let ReadReport { report, left } = match read_report_document(delivery.body.as_bytes()) {
        Ok(read) => read,
        Err(error) => return Ok(Err(vec![format!("届いた報告は、{error}")])),
    };
    let supplier = request.supplier.clone();
    let names = customer_names(doing.app, &doing.at.organisation).await?;
    let made = doing.in_files(move |files| {
        let others = names_kept_back(files, names.iter().map(String::as_str));
        records(files, &supplier, ReportMeans::Account, report.with_own_tasks(files, &supplier, &others))
    });
    let mut reported = made.await?;
    reported.left.splice(0..0, left);
    Ok(Ok(reported))
}

/// The report goes back with a reason, and the code is good again.
pub async fn give_back(doing: &Doing<'_>) -> Outcome {
    let Case { mut request, name, is_taken, reason, .. } = match case(doing, "差し戻す理由").await? {
        Ok(case) => case,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    if is_taken {
        return Ok(Err(vec!["この報告は、すでに受領しています。差し戻すことはできません。".to_owned()]));
    }
    request.outcome = Some(ReportOutcome::Returned);
    request.decided = Some(signed(doing, reason.clone()));
    if let Err(mistakes) = doing.save(&format!("{name}の報告を差し戻す"), &[put(&request)]).await? {
        return Ok(Err(mistakes));
    }
    doing.settle(&request.id, ReportState::Returned, &reason).await?;
    Ok(Ok(Done::To("returned")))
}
