//! The whole assessment for machines. Field names are stable.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shirube_catalog::{Method, OptionKind};
use shirube_safety::Service;
use shirube_safety::model::{Element, Flow};
use shirube_safety::risk::{
    Assessment, Cell, ConsiderationState, Measure, Reason, ResidualState, Risk, Treated, Treatment,
};

pub fn service(service: &Service) -> Value {
    let assessment = &service.assessment;
    let counts = assessment.counts();
    let residuals = assessment.residuals();
    let indices = 0..assessment.risks.len();
    json!({
        "method": assessment.method.id,
        "method_of_analysis": method(&assessment.method),
        "counts": {
            "flows": counts.flows,
            "risks": counts.risks,
            "decided": counts.decided,
            "outdated": counts.outdated,
            "proposed": counts.risks - counts.decided,
            "cells": counts.cells,
            "cells_with_risks": counts.cells_with_risks,
            "cells_with_reason": counts.cells_with_reason,
            "cells_unconfirmed": counts.cells_unconfirmed,
        },
        "matrix": assessment.matrix().iter().map(|row| row.iter().map(|(decided, proposed)| {
            json!({ "decided": decided, "proposed": proposed })
        }).collect::<Vec<_>>()).collect::<Vec<_>>(),
        "residual_matrix": residuals.matrix,
        "residuals": {
            "none": residuals.none,
            "not_assessed": residuals.not_assessed,
            "untreated": residuals.untreated,
        },
        "threats_reviewed": assessment.decisions.threats_reviewed,
        "identification_closed": assessment.decisions.identification_closed,
        "threats": assessment.threats.iter().map(|threat| {
            json!({ "id": threat.id, "name": threat.name, "own": threat.own })
        }).collect::<Vec<_>>(),
        "risks": indices.map(|at| risk(assessment, at)).collect::<Vec<_>>(),
        "not_applicable": not_applicable(assessment),
        "decisions": decisions(assessment),
        "treatments": assessment.treated.iter().map(|treated| treatment(assessment, treated)).collect::<Vec<_>>(),
        "considerations": service.answers.considerations.iter().map(consideration).collect::<Vec<_>>(),
        "reviews": assessment.decisions.reviews,
        "scenarios": scenarios(assessment),
    })
}

fn method(method: &Method) -> Value {
    let rank = |row: &Vec<shirube_catalog::Rank>| row.iter().map(|rank| rank.0).collect::<Vec<_>>();
    json!({
        "id": method.id,
        "impact": method.impact,
        "likelihood": method.likelihood,
        "ranks": method.ranks,
        "matrix": method.matrix.iter().map(rank).collect::<Vec<_>>(),
        "suggestions": method.suggestions,
    })
}

fn reasons(reasons: &[Reason]) -> Vec<Value> {
    reasons.iter().map(|reason| json!({ "by": reason.by, "text": reason.text })).collect()
}

/// Ids of the nodes, links or transports a flow runs on.
fn components(assessment: &Assessment, flow: &Flow) -> Vec<String> {
    let system = assessment.system;
    vec![match flow.element {
        Element::Node(at) => system.nodes[at].id.clone(),
        Element::Link(at) => system.links[at].id.clone(),
        Element::Transport(at) => system.transports[at].id.clone(),
    }]
}

fn suggested<'m>(assessment: &'m Assessment, values: Option<(u8, u8)>, after: bool) -> &'m [OptionKind] {
    let suggestion = values.and_then(|(impact, likelihood)| assessment.method.suggest(impact, likelihood, after));
    suggestion.map_or(&[], |suggestion| &suggestion.options)
}

fn risk(assessment: &Assessment, at: usize) -> Value {
    let risk = &assessment.risks[at];
    let rated = assessment.rated(risk);
    let flow = assessment.flow(risk);
    let defence = assessment.defence(at);
    let supplier = assessment.supplier(flow);
    let decision = risk.decision();
    let mut value = json!({
        "id": risk.id,
        "number": risk.number,
        "state": if risk.signed().is_some() { "decided" } else { "proposed" },
        "outdated": risk.outdated,
        "flow": flow.id,
        "flow_number": flow.number,
        "layer": flow.layer,
        "phase": flow.phase,
        "class": assessment.class_name(flow),
        "volume": flow.volume,
        "frequency": flow.frequency,
        "components": components(assessment, flow),
        "parties": assessment.parties(flow),
        "supplier": supplier,
        "supplier_reports": supplier.and_then(|party| {
            assessment.service.supply_chain.iter().find(|supply| supply.supplier == party).map(|supply| supply.reports)
        }),
        "threat": assessment.threats[risk.threat].id,
        "threat_name": assessment.threats[risk.threat].name,
        "location": flow.location(),
        "statement": risk.text(),
        "properties": risk.properties,
    });
    let more = json!({
        "impact": rated.map(|rated| rated.impact),
        "likelihood": rated.map(|rated| rated.likelihood),
        "value": rated.map(|rated| rated.value),
        "rank": rated.map(|rated| rated.rank),
        "needed": rated.and_then(|rated| rated.needed),
        "owner": decision.and_then(|decision| decision.owner.as_ref()),
        "approver": decision.and_then(|decision| decision.approver.as_ref()),
        "factors": decision.map(|decision| &decision.factors),
        "impact_on": decision.and_then(|decision| decision.impact_on.as_ref()),
        "basis": assessment.basis(&[at]),
        "decided": risk.signed(),
        "proposal": risk.proposal.as_ref().map(|proposal| json!({
            "impact": proposal.impact,
            "impact_because": reasons(&proposal.impact_because),
            "likelihood": proposal.likelihood,
            "likelihood_because": reasons(&proposal.likelihood_because),
        })),
        "unknown": risk.unknown,
        "scenarios": risk.scenarios,
        "suggested_options": suggested(assessment, rated.map(|rated| (rated.impact, rated.likelihood)), false),
        "treated_by": assessment.treatments_of(at).map(|treated| &treated.treatment.id).collect::<Vec<_>>(),
        "measures": defence.measures.len(),
        "viewpoints": defence.viewpoints,
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}

/// Every pair of flow and threat without a risk, with its reason.
fn not_applicable(assessment: &Assessment) -> Vec<Value> {
    let closed = assessment.decisions.identification_closed.is_some();
    let mut list = Vec::new();
    for (at, flow) in assessment.flows.list.iter().enumerate() {
        for (threat, name) in assessment.threats.iter().enumerate() {
            let (reason, by) = match assessment.cell(at, threat) {
                Cell::Risks(_) => continue,
                Cell::NotApplicable(reason) => (*reason, None),
                Cell::Excluded(signed) => (signed.reason.as_str(), Some(signed)),
            };
            let state = if closed || by.is_some() { "decided" } else { "proposed" };
            list.push(json!({
                "flow": flow.id, "threat": name.id, "state": state, "reason": reason, "decided": by,
            }));
        }
    }
    list
}

/// What each decision rests on now: to be written as its `basis`.
fn decisions(assessment: &Assessment) -> Vec<Value> {
    let list = assessment.decisions.decisions.iter().enumerate().map(|(i, decision)| {
        let is = |risk: &Risk| risk.decision().is_some_and(|other| std::ptr::eq(other, decision));
        let mut decided: Vec<usize> = Vec::new();
        for at in decision.risks.iter().filter_map(|id| assessment.risk_index(id)) {
            if is(&assessment.risks[at]) && !decided.contains(&at) {
                decided.push(at);
            }
        }
        json!({
            "index": i,
            "risks": decision.risks,
            "basis": assessment.basis(&decided),
            "written_basis": decision.basis,
        })
    });
    list.collect()
}

fn treatment(assessment: &Assessment, treated: &Treated) -> Value {
    let t: &Treatment = treated.treatment;
    json!({
        "id": t.id,
        "risks": t.risks,
        "numbers": treated.risks.iter().map(|&risk| &assessment.risks[risk].number).collect::<Vec<_>>(),
        "options": t.options,
        "no_reduction_reason": t.no_reduction_reason,
        "avoidance_considered": t.avoidance_considered,
        "single_viewpoint_reason": t.single_viewpoint_reason,
        "measures": t.measures.iter().map(|measure| measure_value(assessment, measure)).collect::<Vec<_>>(),
        "requests": t.requests,
        "avoidance": t.avoidance,
        "transfer": t.transfer,
        "retention": t.retention,
        "residual": residual(assessment, treated),
        "earlier": t.earlier,
        "decided": t.decided,
    })
}

fn measure_value(assessment: &Assessment, measure: &Measure) -> Value {
    let mut value = json!(measure);
    if measure.actor.is_none() {
        value["actor"] = json!(assessment.service.provider);
    }
    value
}

/// None, not assessed and what remains are three states.
fn residual(assessment: &Assessment, treated: &Treated) -> Value {
    let (state, values, text) = match treated.residual() {
        ResidualState::NotAssessed => ("not-assessed", None, None),
        ResidualState::None => ("none", None, None),
        ResidualState::Remains { text, impact, likelihood } => ("remains", Some((impact, likelihood)), Some(text)),
    };
    let written = treated.treatment.residual.as_ref();
    let band = values.and_then(|(impact, likelihood)| assessment.band(impact, likelihood));
    json!({
        "state": state,
        "text": text,
        "impact": values.map(|(impact, _)| impact),
        "likelihood": values.map(|(_, likelihood)| likelihood),
        "value": values.filter(|_| band.is_some()).map(|(i, l)| assessment.method.value(i, l)),
        "rank": band.map(|band| band.rank.0),
        "impact_reason": written.and_then(|residual| residual.impact_reason.as_ref()),
        "acceptable": written.map(|residual| residual.acceptable),
        "approver": written.and_then(|residual| residual.approver.as_ref()),
        "counts_on_plans": treated.counts_on_plans(),
        "suggested_options": suggested(assessment, values, true),
    })
}

fn consideration(state: &ConsiderationState) -> Value {
    json!({
        "item": state.id,
        "mark": state.item.mark,
        "title": state.item.title,
        "answer": state.answer,
        "findings": state.findings.iter().map(|finding| json!({
            "rule": finding.rule, "severity": finding.severity, "message": finding.message,
        })).collect::<Vec<_>>(),
    })
}

/// Every scenario of 別紙2 with the risks it describes: what has none asks for a look (RISK-016).
fn scenarios(assessment: &Assessment) -> Value {
    let mut risks: BTreeMap<&str, usize> = BTreeMap::new();
    for scenario in assessment.risks.iter().flat_map(|risk| risk.scenarios) {
        *risks.entry(scenario).or_default() += 1;
    }
    let all = assessment.library.provider.scenarios.iter();
    all.map(
        |scenario| json!({ "id": scenario.id, "risks": risks.get(scenario.id.as_str()).copied().unwrap_or_default() }),
    )
    .collect()
}
