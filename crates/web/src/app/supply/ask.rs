//! Asking a supplier for a report: the request, its code, reminders, and taking it back.

use chrono::Duration;
use shirube_folder::edit::{Edit, put_record};
use shirube_identity::secret::{Purpose, Secret};
use shirube_safety::chain::{free_id, suppliers};
use shirube_safety::model::Date;
use shirube_safety::risk::Signed;
use shirube_safety::stated::{ReportOutcome, ReportRequest};
use shirube_safety::{File, ServiceFiles};
use shirube_store::{Event, Missing, NewReportCode, ReportState, StoreError};

use super::requests::{BOTH_PARTS, Doing, Done, Handed, Outcome};
use crate::app::{shown_day, world};

/// How long a code is good after the day on which the report is due.
pub const CODE_DAYS: i64 = 60;

/// Longest text of what is asked.
const LONGEST_CHARS: usize = 1000;

/// Writes the request into the service and makes its code.
pub async fn ask(doing: &Doing<'_>) -> Outcome {
    let (supplier, today) = (doing.fields.text("supplier").to_owned(), doing.today());
    let by = doing.acting.reader.name.clone();
    let (asks, due) = match asked(doing) {
        Ok(asked) => asked,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    // A request that is gone from the files may have its code still.
    let codes = doing.app.store().report_codes(&doing.at.organisation, &doing.at.service).await?;
    let known: Vec<String> = codes.into_iter().map(|code| code.request).collect();
    let made = doing.in_files(move |files: &ServiceFiles| {
        let found = suppliers(files).into_iter().find(|one| one.party.id == supplier)?;
        // The trail names requests between slashes.
        let base = format!("{supplier}-{today}").replace('/', "-");
        let is_known = |id: &str| known.iter().any(|one| one == id);
        let id = free_id(&base, |id| is_known(id) || files.supply.requests.iter().any(|request| request.id == id));
        let request = ReportRequest {
            id,
            supplier,
            asks,
            on: today,
            by,
            due: Some(due),
            reminders: Vec::new(),
            report: None,
            outcome: None,
            decided: None,
        };
        Some((request, found.party.name.clone()))
    });
    let Some((request, name)) = made.await? else {
        return Ok(Err(vec!["依頼する会社を選んでください。".to_owned()]));
    };
    match doing.save(&format!("{name}に報告を依頼する"), &[put(&request)]).await? {
        Ok(()) => hand(doing, &request, &name).await.map(Ok),
        Err(mistakes) => Ok(Err(mistakes)),
    }
}

/// What is asked for and until when, as the form says it.
fn asked(doing: &Doing<'_>) -> Result<(Option<String>, Date), Vec<String>> {
    let mut mistakes = Vec::new();
    let asks = doing.fields.text("asks");
    if asks.chars().count() > LONGEST_CHARS {
        mistakes.push(format!("報告を求める事柄は{LONGEST_CHARS}文字までで入力してください。"));
    }
    let typed = doing.fields.text("due");
    let due = day(typed);
    match due {
        None if typed.is_empty() => mistakes.push("報告の期限を入力してください。".to_owned()),
        None => {
            mistakes
                .push(format!("報告の期限「{typed}」は日付として読めません。2026-04-01 のように入力してください。"));
        }
        Some(due) if due < doing.today() => {
            mistakes.push(format!("報告の期限「{typed}」は過ぎています。今日以後の日を入力してください。"));
        }
        Some(_) => {}
    }
    match due.filter(|_| mistakes.is_empty()) {
        Some(due) => Ok((Some(asks.to_owned()).filter(|asks| !asks.is_empty()), due)),
        None => Err(mistakes),
    }
}

/// A day in one of the ways in which people write it.
pub fn day(typed: &str) -> Option<Date> {
    crate::form::date(typed).ok()?.parse().ok().map(Date)
}

/// The request as an edit of the service.
pub fn put(request: &ReportRequest) -> Edit {
    let value = serde_json::to_value(request).expect("texts and days are JSON");
    put_record(File::Supply, "requests", request.id.as_str(), value)
}

/// Makes another code for a request; the one before is good no longer.
pub async fn renew(doing: &Doing<'_>) -> Outcome {
    match doing.request().await? {
        Ok((request, name)) if request.is_open() => hand(doing, &request, &name).await.map(Ok),
        Ok(_) => Ok(Err(vec!["この依頼は、すでに終わっています。新しく依頼してください。".to_owned()])),
        Err(mistakes) => Ok(Err(mistakes)),
    }
}

async fn hand(doing: &Doing<'_>, request: &ReportRequest, name: &str) -> Result<Done, StoreError> {
    let (app, reader) = (doing.app, &doing.acting.reader);
    let today = doing.today();
    let wait = (request.due.unwrap_or(today).max(today).0 - today.0).num_days();
    let until = world::written(app.now() + Duration::days(wait + CODE_DAYS));
    let secret = Secret::from_bytes(app.random());
    let code = NewReportCode {
        service: &doing.at.service,
        request: &request.id,
        supplier: &request.supplier,
        digest: &secret.fingerprint(Purpose::Report).to_string(),
        by: &reader.person,
        expires_at: &until,
    };
    let (mut change, now) = (app.store().begin(&doing.at.organisation).await?, app.at());
    change.make_report_code(code, &now).await?;
    let until = world::shown_text(&until);
    let event = Event { action: "report.code-made".to_owned(), note: format!("相手: {name}。{until}まで") };
    change.commit(&reader.person, doing.from.origin(), &now, event).await?;
    let service = app.store().service(&doing.at.organisation, &doing.at.service).await?.name;
    let code = secret.text(Purpose::Report);
    let letter = letter(doing, request, &service, &code, &until);
    Ok(Done::Code(Handed { code, supplier: name.to_owned(), until, letter }))
}

/// What can be sent to the supplier with the code, as a proposal.
fn letter(doing: &Doing<'_>, request: &ReportRequest, service: &str, code: &str, until: &str) -> Vec<String> {
    let reader = &doing.acting.reader;
    let asks = request.asks.as_deref().unwrap_or(BOTH_PARTS);
    let due = request.due.map_or("後日お知らせする日".to_owned(), |due| shown_day(&due.to_string()));
    vec![
        format!("いつもお世話になっております、{}の{}です。", reader.organisation, reader.name),
        format!("弊社のサービス「{service}」の安全管理のため、次の事柄についてご報告をお願いいたします：{asks}。"),
        format!("ご報告の期限は、{due}です。"),
        format!(
            "しるべ（{}）に貴社の利用者としてログインし、対象のサービスの「提供先への報告」の画面に、次のコードを貼り付けてください：{code}。",
            doing.app.0.settings.origin
        ),
        format!("コードは{until}までお使いいただけますので、ご担当以外の方に渡らないようお取り扱いください。"),
    ]
}

/// Writes down that the supplier was reminded today.
pub async fn remind(doing: &Doing<'_>) -> Outcome {
    let (mut request, name) = match doing.request().await? {
        Ok(found) => found,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    if !request.is_open() {
        return Ok(Err(vec!["この依頼は、すでに終わっています。".to_owned()]));
    }
    let today = doing.today();
    if request.reminders.contains(&today) {
        return Ok(Err(vec!["今日の催促は、すでに記録しています。".to_owned()]));
    }
    request.reminders.push(today);
    let saved = doing.save(&format!("{name}に報告を催促する"), &[put(&request)]).await?;
    Ok(saved.map(|()| Done::To("reminded")))
}

/// Takes a request back. Its code goes first, so that nothing arrives for what nobody wants.
pub async fn withdraw(doing: &Doing<'_>) -> Outcome {
    let found = doing.request().await?.and_then(|found| Ok((found, doing.reason("取り下げる理由")?)));
    let ((mut request, name), reason) = match found {
        Ok(found) => found,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    if !request.is_open() {
        return Ok(Err(vec!["この依頼は、すでに終わっています。".to_owned()]));
    }
    match doing.settle(&request.id, ReportState::Withdrawn, &reason).await {
        // It never had a code, or this is the second try.
        Err(StoreError::Missing(Missing::ReportRequest)) => {}
        Err(StoreError::State { found }) if found == ReportState::Withdrawn.term() => {}
        settled => settled?,
    }
    request.outcome = Some(ReportOutcome::Withdrawn);
    request.decided = Some(signed(doing, reason));
    let saved = doing.save(&format!("{name}への報告の依頼を取り下げる"), &[put(&request)]).await?;
    Ok(saved.map(|()| Done::To("withdrawn")))
}

/// A decision of the reader, today.
pub fn signed(doing: &Doing<'_>, reason: String) -> Signed {
    Signed { by: doing.acting.reader.name.clone(), on: doing.today(), reason }
}
