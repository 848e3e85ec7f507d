//! What is different for one institution, taken from forms: the contract, replies to requests, residual risks that were
//! evaluated for it alone (TREAT-019 to -021).

use shirube_catalog::OptionKind;
use shirube_safety::agreement::RequestReply;
use shirube_safety::model::Answer;
use shirube_safety::risk::{RequestStatus, Residual, Retention, Signed, Treatment};
use shirube_store::StoreError;

use super::agreement::Wanted;
use super::kept::{Customer, Note, Pin, Terms, Written};
use super::{MEANWHILE, fill, work};
use crate::app::App;
use crate::app::fields::Fields;

type Changed = Result<Wanted, Vec<String>>;

/// Today's differences, if they are still those that the page showed.
fn today(customer: &Customer, service: &str, pin: Pin) -> Result<Terms, Vec<String>> {
    let (number, terms) = customer.relations[service].today();
    if number == pin.terms { Ok(terms) } else { Err(vec![MEANWHILE.to_owned()]) }
}

fn wanted(customer: &Customer, service: &str, terms: &Terms, note: String) -> Wanted {
    let records = vec![Written::new(&customer.id, Some(service), &Note::Terms(terms))];
    Wanted { records, action: "agreement.terms", note: format!("{}: {note}", customer.facts.name), done: "terms" }
}

/// The contract.
pub fn contract(customer: &Customer, service: &str, pin: Pin, fields: &Fields) -> Changed {
    let mut terms = today(customer, service, pin)?;
    let mut mistakes = Vec::new();
    terms.contract = fill::contract(fields, terms.contract, &mut mistakes);
    if mistakes.is_empty() {
        Ok(Wanted { done: "contract", ..wanted(customer, service, &terms, "契約を記録".to_owned()) })
    } else {
        Err(mistakes)
    }
}

/// The treatments of the service as they are for the institution.
async fn treatments(
    app: &App,
    place: (&str, &str),
    customer: &Customer,
    pin: Pin,
) -> Result<Vec<Treatment>, StoreError> {
    let (facts, terms) = (customer.facts.clone(), customer.relations[place.1].then(pin.terms));
    work::worked(app, place, [pin.revision].into(), move |lists| {
        let mut own = lists.laid(pin.revision, &facts, &terms)?.files.assessment.treatments;
        // How the institution replied is kept with its replies alone.
        let base = lists.laid(pin.revision, &facts, &Terms::default())?.files.assessment.treatments;
        for treatment in &mut own {
            let Some(base) = base.iter().find(|base| base.id == treatment.id) else { continue };
            for (request, base) in treatment.requests.iter_mut().zip(&base.requests) {
                request.status = base.status;
            }
        }
        Ok(own)
    })
    .await
}

fn decided(fields: &Fields, mistakes: &mut Vec<String>) -> Option<Signed> {
    let (by, reason) = (fill::text(fields, "by"), fill::text(fields, "reason"));
    let on = fill::day(fields, "on", "日付", mistakes);
    if by.is_none() || reason.is_none() || fields.text("on").is_empty() {
        mistakes.push("誰が、いつ、なぜそう決めたかを入力してください。".to_owned());
    }
    Some(Signed { by: by?, on: on?, reason: reason? })
}

/// A reply to a request, to the text that was shown.
pub async fn reply(
    app: &App,
    place: (&str, &str),
    customer: &Customer,
    pin: Pin,
    fields: &Fields,
) -> Result<Changed, StoreError> {
    let mut terms = match today(customer, place.1, pin) {
        Ok(terms) => terms,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    let treatments = treatments(app, place, customer, pin).await?;
    let request = fields.text("request");
    let found = treatments.iter().find_map(|treatment| {
        let found = treatment.named_requests().find(|(name, _)| name == request);
        found.map(|(_, request)| (treatment.id.clone(), request.text.clone()))
    });
    let Some((treatment, text)) = found else {
        return Ok(Err(vec![format!("お願い「{request}」は、今の基準にありません。")]));
    };
    let mut mistakes = Vec::new();
    let status = fill::chosen(RequestStatus::ALL, RequestStatus::token, fields.text("reply"));
    let was_refused =
        terms.overlay.requests.iter().any(|known| known.request == request && known.reply == RequestStatus::Refused);
    terms.overlay.requests.retain(|known| known.request != request);
    let note = match (status, fields.text("reply")) {
        // Taken back: nobody has replied.
        (None, "none") => format!("お願い{request}への返答を取り消し"),
        (Some(status), _)
            if matches!(status, RequestStatus::Accepted | RequestStatus::Refused | RequestStatus::Done) =>
        {
            if let Some(decided) = decided(fields, &mut mistakes) {
                let request = request.to_owned();
                terms.overlay.requests.push(RequestReply { request, text, reply: status, decided });
            }
            // What was evaluated for this institution counted on this request being met.
            if status == RequestStatus::Refused && !was_refused {
                terms.overlay.treatments.retain(|own| own.id != treatment);
            }
            format!("お願い{request}への返答は「{}」", status.term())
        }
        _ => {
            mistakes.push("返答を選んでください。".to_owned());
            String::new()
        }
    };
    terms.overlay.requests.sort_by(|one, other| one.request.cmp(&other.request));
    Ok(if mistakes.is_empty() { Ok(wanted(customer, place.1, &terms, note)) } else { Err(mistakes) })
}

/// A residual risk, evaluated for this institution alone.
pub async fn residual(
    app: &App,
    place: (&str, &str),
    customer: &Customer,
    pin: Pin,
    fields: &Fields,
) -> Result<Changed, StoreError> {
    let mut terms = match today(customer, place.1, pin) {
        Ok(terms) => terms,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    let id = fields.text("treatment");
    let treatments = treatments(app, place, customer, pin).await?;
    let Some(mut own) = treatments.into_iter().find(|treatment| treatment.id == id) else {
        return Ok(Err(vec![format!("リスク対応「{id}」は、今の基準にありません。")]));
    };
    let mut mistakes = Vec::new();
    if let Some(signed) = decided(fields, &mut mistakes) {
        own.decided = signed;
    }
    let value = |name: &str| fields.text(name).parse::<u8>().ok();
    let text = fill::text(fields, "text");
    if text.is_none() || value("impact").is_none() || value("likelihood").is_none() {
        mistakes.push("残るリスクの内容と、影響度、顕在化率を入力してください。".to_owned());
    }
    let acceptable = match fields.text("acceptable") {
        "yes" => Answer::Yes,
        "no" => Answer::No,
        _ => Answer::Unknown,
    };
    own.residual = Some(Residual {
        none: false,
        text,
        impact: value("impact"),
        likelihood: value("likelihood"),
        impact_reason: fill::text(fields, "impact_reason"),
        acceptable,
        approver: fill::text(fields, "approver"),
    });
    retain(&mut own, fields, &mut mistakes);
    if !mistakes.is_empty() {
        return Ok(Err(mistakes));
    }
    let note = format!("{id}の残存するリスクを評価");
    terms.overlay.treatments.retain(|known| known.id != own.id);
    terms.overlay.treatments.push(own);
    terms.overlay.treatments.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(Ok(wanted(customer, place.1, &terms, note)))
}

/// What remains is kept knowingly, if the form says so.
fn retain(own: &mut Treatment, fields: &Fields, mistakes: &mut Vec<String>) {
    own.options.retain(|option| *option != OptionKind::Retention);
    own.retention = None;
    let (what, approver) = (fill::text(fields, "retained"), fill::text(fields, "approver"));
    match (what, approver, fill::text(fields, "considered")) {
        (None, _, _) => {}
        (Some(what), Some(approver), Some(considered)) => {
            own.options.push(OptionKind::Retention);
            own.retention = Some(Retention { what, approver, on: own.decided.on, considered });
        }
        _ => mistakes.push("保有するには、承認者と、ほかの選択肢を検討した結果を入力してください。".to_owned()),
    }
}

/// A treatment of the institution's own goes: the baseline's holds again.
pub fn back_to_baseline(customer: &Customer, service: &str, pin: Pin, fields: &Fields) -> Changed {
    let mut terms = today(customer, service, pin)?;
    let before = terms.overlay.treatments.len();
    terms.overlay.treatments.retain(|own| own.id != fields.text("treatment"));
    if terms.overlay.treatments.len() == before {
        return Err(vec!["基準に戻すリスク対応が見つかりません。".to_owned()]);
    }
    let note = format!("{}を基準に戻す", fields.text("treatment"));
    Ok(wanted(customer, service, &terms, note))
}
