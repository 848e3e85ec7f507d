//! `plan-of-action-and-milestones.json`: everything that is open, with its dates.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::Date;
use shirube_safety::risk::{MeasureStatus, RequestStatus, ResidualState, Treated};

use super::parts::{components, described, tool};
use super::risk::{observation, risk};
use super::scope::{Scope, status_token};
use crate::document::{bytes, noted, prop};
use crate::markup;

/// One open thing.
struct Item {
    kind: &'static str,
    /// Its id in the folder.
    name: String,
    title: String,
    text: String,
    /// Token and word.
    status: (&'static str, &'static str),
    due: Option<Date>,
    owner: String,
    /// The control in the catalog.
    control: Option<String>,
    /// Indices of risks.
    risks: Vec<usize>,
}

pub(super) fn file(scope: &Scope) -> Option<Vec<u8>> {
    let mut items = controls(scope);
    items.extend(statutory(scope));
    items.extend(considerations(scope));
    items.extend(undecided(scope));
    items.extend(untreated(scope));
    items.extend(scope.service.assessment.treated.iter().filter_map(|treated| treatment(scope, treated)));
    if items.is_empty() {
        return None;
    }
    let risks: BTreeSet<usize> = items.iter().flat_map(|item| item.risks.iter().copied()).collect();
    let assessment = &scope.service.assessment;
    let flows: BTreeSet<usize> = risks.iter().map(|&at| assessment.risks[at].flow).collect();
    let body = json!({
        "metadata": scope.metadata("残っている事項"),
        "import-ssp": { "href": "system-security-plan.json" },
        "system-id": { "identifier-type": "https://ietf.org/rfc/rfc4122", "id": scope.system() },
        "local-definitions": { "components": components(scope), "assessment-assets": tool(scope) },
        "observations": flows.iter().map(|&at| observation(scope, &assessment.flows.list[at])).collect::<Vec<_>>(),
        "risks": risks.iter().map(|&at| risk(scope, at)).collect::<Vec<_>>(),
        "poam-items": items.iter().map(|item| written(scope, item)).collect::<Vec<_>>(),
    });
    Some(bytes("plan-of-action-and-milestones", body))
}

fn written(scope: &Scope, item: &Item) -> Value {
    let related =
        item.risks.iter().map(|&at| json!({ "risk-uuid": scope.id("risk", &scope.service.assessment.risks[at].id) }));
    json!({
        "uuid": scope.id("poam-item", &format!("{}\u{1f}{}", item.kind, item.name)),
        "title": markup::line(&item.title),
        "description": described(&item.text),
        "props": [
            prop("kind", item.kind),
            noted("status", item.status.0, item.status.1),
            prop("of", &item.name),
            prop("control-id", item.control.as_deref().unwrap_or_default()),
            match item.due {
                Some(due) => prop("due", &due.to_string()),
                None => noted("due", "not-stated", "期限の記載がない。"),
            },
            prop("owner", &item.owner),
        ],
        "related-risks": related.collect::<Vec<_>>(),
    })
}

fn is_open(status: ControlStatus) -> bool {
    matches!(
        status,
        ControlStatus::Planned | ControlStatus::Partial | ControlStatus::NotMet | ControlStatus::Unanswered
    )
}

fn first_stated<'t>(texts: &[&'t str]) -> &'t str {
    texts.iter().copied().find(|text| !text.trim().is_empty()).unwrap_or_default()
}

fn controls(scope: &Scope) -> Vec<Item> {
    let open = scope.service.answers.conformity.controls.iter().filter(|answered| is_open(answered.status()));
    let item = |answered: &shirube_safety::conformity::Answered| {
        let (id, status) = (answered.control.id, answered.status());
        let answer = answered.answer;
        let text = match answer {
            Some(answer) if status != ControlStatus::Unanswered => {
                first_stated(&[&answer.exceptions, &answer.how, &answer.reason]).to_owned()
            }
            _ => "未回答である。対応は確認されていない。".to_owned(),
        };
        Item {
            kind: "control",
            name: id.to_string(),
            title: format!("対策項目{id} {}（{}）", answered.control.minor_title, status.term()),
            text,
            status: (status_token(status), status.term()),
            due: answer.and_then(|answer| answer.due),
            owner: answer.map(|answer| answer.owner.clone()).unwrap_or_default(),
            control: scope.control(id).map(str::to_owned),
            risks: Vec::new(),
        }
    };
    open.map(item).collect()
}

fn statutory(scope: &Scope) -> Vec<Item> {
    let open = scope.service.answers.conformity.required().filter(|state| is_open(state.status()));
    let item = |state: &shirube_safety::conformity::StatutoryState| {
        let id = state.row.map_or(&state.item.id, |row| &row.id);
        let what = state.row.map_or(&state.item.title, |row| &row.item);
        let how = state.answer.map(|answer| first_stated(&[&answer.how, &answer.reason])).unwrap_or_default();
        Item {
            kind: "statutory",
            name: id.clone(),
            title: format!("制度上の要求事項{id} {what}（{}）", state.status().term()),
            text: if how.is_empty() { state.status().term().to_owned() } else { how.to_owned() },
            status: (status_token(state.status()), state.status().term()),
            due: state.answer.and_then(|answer| answer.due),
            owner: String::new(),
            control: None,
            risks: Vec::new(),
        }
    };
    open.map(item).collect()
}

fn considerations(scope: &Scope) -> Vec<Item> {
    let states = scope.service.answers.considerations.iter();
    let item = |state: &shirube_safety::risk::ConsiderationState| {
        let (status, text, due) = match state.answer {
            None => (("unanswered", "未回答"), state.item.question.clone(), None),
            Some(answer) => (("planned", "予定"), answer.answer.clone(), Some(answer.planned_on?)),
        };
        Some(Item {
            kind: "consideration",
            name: state.id.token().to_owned(),
            title: format!("考慮事項{} {}（{}）", state.item.mark, state.item.title, status.1),
            text,
            status,
            due,
            owner: String::new(),
            control: None,
            risks: Vec::new(),
        })
    };
    states.filter_map(item).collect()
}

/// A risk that nobody has decided, or that was decided on facts that changed.
fn undecided(scope: &Scope) -> Vec<Item> {
    let assessment = &scope.service.assessment;
    let open = assessment.risks.iter().enumerate().filter(|(_, risk)| risk.decision().is_none() || risk.outdated);
    let item = |(at, risk): (usize, &shirube_safety::risk::Risk)| Item {
        kind: "risk-undecided",
        name: risk.id.clone(),
        title: format!("{} {}が決まっていない", risk.number, if risk.outdated { "見直し" } else { "影響度と顕在化率" }),
        text: format!("{}{}", assessment.flow(risk).location(), risk.text()),
        status: if risk.outdated { ("outdated", "見直しが要る") } else { ("proposed", "案") },
        due: None,
        owner: risk.decision().and_then(|decision| decision.owner.clone()).unwrap_or_default(),
        control: None,
        risks: vec![at],
    };
    open.map(item).collect()
}

fn untreated(scope: &Scope) -> Vec<Item> {
    let assessment = &scope.service.assessment;
    let item = |at: usize| {
        let risk = &assessment.risks[at];
        Item {
            kind: "risk-untreated",
            name: risk.id.clone(),
            title: format!("{} 対応が決まっていない", risk.number),
            text: format!("{}{}", assessment.flow(risk).location(), risk.text()),
            status: ("untreated", "対応なし"),
            due: None,
            owner: risk.decision().and_then(|decision| decision.owner.clone()).unwrap_or_default(),
            control: None,
            risks: vec![at],
        }
    };
    assessment.untreated().map(item).collect()
}

/// A treatment with a measure that is not done, a request that waits for an answer, or a remainder nobody evaluated.
fn treatment(scope: &Scope, treated: &Treated) -> Option<Item> {
    let treatment = treated.treatment;
    let open: Vec<_> =
        treatment.measures.iter().filter(|measure| measure.status != Some(MeasureStatus::Done)).collect();
    let mut lines: Vec<String> = open
        .iter()
        .map(|measure| {
            let due = measure.due.map_or("期限の記載なし".to_owned(), |due| format!("期限{due}"));
            format!("{}（{}、{due}）", measure.text, measure.status.map_or("進み具合の記載なし", MeasureStatus::term))
        })
        .collect();
    let waiting =
        |status| matches!(status, RequestStatus::Proposed | RequestStatus::Explained | RequestStatus::Refused);
    let requests = treatment.requests.iter().filter(|request| waiting(request.status));
    lines
        .extend(requests.map(|request| format!("医療機関等へのお願い: {}（{}）", request.text, request.status.term())));
    if treated.residual() == ResidualState::NotAssessed {
        lines.push("残存するリスクが未評価である。".to_owned());
    }
    if lines.is_empty() {
        return None;
    }
    let owners: BTreeSet<&str> = open.iter().filter_map(|measure| measure.owner.as_deref()).collect();
    Some(Item {
        kind: "treatment",
        name: scope.treatment(treated),
        title: format!("対応{}のうち終わっていないもの", treatment.id),
        text: lines.join("\n"),
        status: ("remediating", "対応中"),
        due: open.iter().filter_map(|measure| measure.due).max(),
        owner: owners.into_iter().collect::<Vec<_>>().join("、"),
        control: None,
        risks: treated.risks.clone(),
    })
}
