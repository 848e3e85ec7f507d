//! `component-definition.json`: the service and its measures, with the controls they serve.

use serde_json::{Value, json};
use shirube_catalog::Viewpoint;
use shirube_safety::conformity::{Answered, ControlAnswer, ControlStatus};
use shirube_safety::risk::{Measure, MeasureStatus, Treated};

use super::parts::{described, title};
use super::scope::{Scope, status_token};
use crate::document::{bytes, noted, prop};
use crate::markup;

/// Where the controls come from.
const CATALOG: &str = "catalog.json";

pub(super) fn file(scope: &Scope) -> Vec<u8> {
    let mut components = vec![service(scope)];
    for treated in &scope.service.assessment.treated {
        let measures = treated.treatment.measures.iter().enumerate();
        components.extend(measures.map(|(at, measure)| component(scope, treated, at, measure)));
    }
    bytes("component-definition", json!({ "metadata": scope.metadata("構成要素の定義"), "components": components }))
}

/// The service with the controls that somebody answered as met, wholly, partly or otherwise. What is planned, not met or
/// not answered is no implementation: it stands in the system security plan.
fn service(scope: &Scope) -> Value {
    let info = &scope.service.files.service.service;
    let answered = scope.service.answers.conformity.controls.iter();
    let done = |answered: &&Answered| {
        matches!(answered.status(), ControlStatus::Met | ControlStatus::Partial | ControlStatus::Alternative)
    };
    let requirements: Vec<Value> = answered
        .filter(done)
        .filter_map(|answered| {
            Some(implemented(scope, answered, answered.answer?, scope.control(answered.control.id)?))
        })
        .collect();
    let implementation = json!([{
        "uuid": scope.id("implementation", ""),
        "source": CATALOG,
        "description": "人が「対応済」「一部対応」「代替策」と答えた対策項目。状況は一件ごとの status に示す。",
        "implemented-requirements": requirements,
    }]);
    json!({
        "uuid": scope.id("defined-component", ""),
        "type": "service",
        "title": title(&info.name, "サービス"),
        "description": described(&info.description),
        "control-implementations": if requirements.is_empty() { Value::Null } else { implementation },
    })
}

fn implemented(scope: &Scope, answered: &Answered, answer: &ControlAnswer, control: &str) -> Value {
    json!({
        "uuid": scope.id("implemented", &answered.control.id.to_string()),
        "control-id": control,
        "description": described(&answer.how),
        "props": [
            noted("status", status_token(answered.status()), answered.status().term()),
            noted("decided", if answered.is_unsigned() { "no" } else { "yes" }, if answered.is_unsigned() { "決めた人の記録がなく、案である。" } else { "" }),
        ],
        "remarks": markup::multiline(&answer.exceptions),
    })
}

/// A measure. One that is not done yet says so in its title, so that nobody takes it for done.
fn component(scope: &Scope, treated: &Treated, at: usize, measure: &Measure) -> Value {
    let name = format!("{}\u{1f}{at}", scope.treatment(treated));
    let state = measure.status.map_or("not-stated", MeasureStatus::token);
    let term = measure.status.map_or("進み具合の記載なし", MeasureStatus::term);
    let mark = if measure.status == Some(MeasureStatus::Done) { String::new() } else { format!("【{term}】") };
    let kind = match measure.viewpoint {
        Viewpoint::Organisational => "process-procedure",
        Viewpoint::Physical => "physical",
        Viewpoint::Technical => "technical-measure",
    };
    let short: String = measure.text.chars().take(40).collect();
    let mut props = vec![
        noted("measure-status", state, term),
        prop("treatment", &treated.treatment.id),
        noted("viewpoint", kind, measure.viewpoint.term()),
        prop("due", &measure.due.map(|day| day.to_string()).unwrap_or_default()),
        prop("owner", measure.owner.as_deref().unwrap_or_default()),
        prop("actor", measure.actor.as_deref().map_or("", |id| scope.party_name(id))),
    ];
    props.extend(measure.evidence.iter().map(|evidence| prop("evidence", evidence)));
    let parsed = measure.controls.iter().filter_map(|control| control.parse().ok());
    let mut controls: Vec<&str> = parsed.filter_map(|id| scope.control(id)).collect();
    controls.dedup();
    let requirement = |control: &&str| {
        json!({
            "uuid": scope.id("measure-control", &format!("{name}\u{1f}{control}")),
            "control-id": control,
            "description": format!("{mark}{}", described(&measure.text)),
            "props": [noted("measure-status", state, term)],
        })
    };
    let requirements: Vec<Value> = controls.iter().map(requirement).collect();
    let implementation = json!([{
        "uuid": scope.id("measure-implementation", &name),
        "source": CATALOG,
        "description": "対策が挙げる対策項目。進み具合は measure-status に示す。",
        "implemented-requirements": requirements,
    }]);
    json!({
        "uuid": scope.id("measure", &name),
        "type": kind,
        "title": format!("{mark}{}", title(&short, &treated.treatment.id)),
        "description": described(&measure.text),
        "props": props,
        "control-implementations": if requirements.is_empty() { Value::Null } else { implementation },
    })
}
