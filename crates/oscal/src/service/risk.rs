//! Flows as observations, and risks with their ratings, decisions and treatments.

use serde_json::{Value, json};
use shirube_catalog::OptionKind;
use shirube_safety::model::{Flow, option_term};
use shirube_safety::risk::{Measure, MeasureStatus, Rated, Reason, ResidualState, Risk, Treated};

use super::parts::{component_of, described, title};
use super::scope::Scope;
use crate::document::{OSCAL_NAMESPACE, noted, prop};
use crate::markup;

/// A flow as what was observed. Nobody observed one that only the model yields.
pub(super) fn observation(scope: &Scope, flow: &Flow) -> Value {
    let stale = ["flows-not-reviewed", "flows-changed-since"];
    let reviewed = scope.service.files.system.flows_reviewed.as_ref();
    let reviewed = reviewed.filter(|_| !scope.service.findings.iter().any(|finding| stale.contains(&finding.rule)));
    let remarks = match reviewed {
        Some(reviewed) => format!("モデルから導き、{}が確かめた。", reviewed.by),
        None => "モデルから導いたもので、人が確かめた記録はない。collectedはフォルダの日付である。".to_owned(),
    };
    json!({
        "uuid": scope.id("flow", &flow.id),
        "title": format!("情報流 {}", flow.number),
        "description": markup::multiline(&flow.sentence()),
        "props": [
            prop("flow-id", &flow.id),
            prop("flow-number", &flow.number),
            noted("layer", flow.layer.token(), flow.layer.term()),
            noted("phase", flow.phase.token(), flow.phase.term()),
            noted("origin", flow.origin.token(), flow.origin.term()),
            prop("class", scope.service.assessment.class_name(flow)),
        ],
        "methods": [if reviewed.is_some() { "EXAMINE" } else { "UNKNOWN" }],
        "subjects": [{ "subject-uuid": component_of(scope, flow.element), "type": "component" }],
        "collected": reviewed.map_or_else(|| scope.modified(), |reviewed| Scope::at(reviewed.on)),
        "remarks": markup::multiline(&remarks),
    })
}

/// A risk as it stands: a proposal until a person decides.
pub(super) fn risk(scope: &Scope, at: usize) -> Value {
    let assessment = &scope.service.assessment;
    let risk = &assessment.risks[at];
    let flow = assessment.flow(risk);
    let rated = assessment.rated(risk);
    let threat = &assessment.threats[risk.threat];
    let treatments: Vec<&Treated> = assessment.treatments_of(at).collect();
    let state = if risk.decision().is_some() {
        noted("state", "decided", "人が決めた。")
    } else {
        noted("state", "proposed", "案であり、人はまだ決めていない。")
    };
    let mut props = vec![
        state,
        prop("risk-id", &risk.id),
        prop("risk-number", &risk.number),
        noted("threat", &threat.id, &threat.name),
        prop("flow-id", &flow.id),
    ];
    props.extend(risk.properties.iter().map(|property| prop("property", property.term())));
    props.extend(risk.scenarios.iter().map(|scenario| prop("scenario", scenario)));
    props.extend(risk.unknown.iter().map(|unknown| noted("unknown", unknown, "確かめると、案の値が変わり得る。")));
    if risk.outdated {
        props.push(noted("outdated", "yes", "決めたときから前提が変わっている。"));
    }
    if let Some(rated) = rated {
        let needed = rated.needed.map_or("undecided", |needed| if needed { "yes" } else { "no" });
        props.push(noted("treatment-needed", needed, rated.rule.term()));
    }
    let proposed = if risk.decision().is_some() { "" } else { "【案】" };
    json!({
        "uuid": scope.id("risk", &risk.id),
        "title": markup::line(&format!("{proposed}{} {}", risk.number, threat.name)),
        "description": markup::multiline(&format!("{}{}", flow.location(), risk.text())),
        "statement": described(risk.text()),
        "props": props,
        "status": status(risk, &treatments),
        "characterizations": characterizations(scope, risk, rated, &treatments),
        "deadline": deadline(&treatments),
        "remediations": treatments.iter().map(|treated| remediation(scope, risk, treated)).collect::<Vec<_>>(),
        "risk-log": log(scope, risk),
        "related-observations": [{ "observation-uuid": scope.id("flow", &flow.id) }],
    })
}

fn is_open(measure: &Measure) -> bool {
    measure.status != Some(MeasureStatus::Done)
}

/// `closed` only where everything promised is done and somebody found that nothing remains.
fn status(risk: &Risk, treatments: &[&Treated]) -> &'static str {
    let measures = || treatments.iter().flat_map(|treated| &treated.treatment.measures);
    let nothing_left = treatments.iter().all(|treated| treated.residual() == ResidualState::None);
    match risk.decision() {
        Some(_) if !treatments.is_empty() && nothing_left && !risk.outdated && !measures().any(is_open) => "closed",
        Some(_) if measures().any(is_open) => "remediating",
        _ => "open",
    }
}

/// The last day on which something is still to be done.
fn deadline(treatments: &[&Treated]) -> Value {
    let measures = treatments.iter().flat_map(|treated| &treated.treatment.measures);
    measures
        .filter(|measure| is_open(measure))
        .filter_map(|measure| measure.due)
        .max()
        .map_or(Value::Null, |day| Scope::at(day).into())
}

fn characterizations(scope: &Scope, risk: &Risk, rated: Option<Rated>, treatments: &[&Treated]) -> Vec<Value> {
    let tool = json!({ "actors": [{ "type": "tool", "actor-uuid": scope.id("tool", "shirube") }] });
    let person = |name: &str| json!({ "actors": [{ "type": "party", "actor-uuid": scope.person(name) }] });
    let mut all = Vec::new();
    if let Some(rated) = rated {
        let (origin, props, why) = match risk.decision() {
            Some(decision) => (
                person(&decision.decided.by),
                vec![prop("state", "decided")],
                (decision.impact_reason_of(&risk.id), decision.likelihood_reason_of(&risk.id)),
            ),
            None => {
                let proposal = risk.proposal.as_ref();
                let said = |reasons: &[Reason]| {
                    reasons.iter().map(|reason| reason.text.as_ref()).collect::<Vec<_>>().join("\n")
                };
                let impact = proposal.map(|proposal| said(&proposal.impact_because)).unwrap_or_default();
                let likelihood = proposal.map(|proposal| said(&proposal.likelihood_because)).unwrap_or_default();
                (
                    tool,
                    vec![noted("state", "proposed", "規則による案であり、人はまだ決めていない。")],
                    (impact, likelihood),
                )
            }
        };
        let facets = facets(scope, rated.impact, rated.likelihood, "initial", why);
        all.push(json!({ "origin": origin, "props": props, "facets": facets }));
    }
    for treated in treatments {
        if let ResidualState::Remains { text, impact, likelihood } = treated.residual() {
            let note = if treated.counts_on_plans() {
                "実施済みでない対策を見込んだ値である。"
            } else {
                ""
            };
            all.push(json!({
                "origin": person(&treated.treatment.decided.by),
                "props": [noted("residual", &treated.treatment.id, &format!("{text}\n{note}"))],
                "facets": facets(scope, impact, likelihood, "adjusted", (String::new(), String::new())),
            }));
        }
    }
    all
}

/// 影響度, 顕在化率 and the level they make. The scale is the service's own, which a number alone does not tell.
fn facets(
    scope: &Scope,
    impact: u8,
    likelihood: u8,
    state: &str,
    (why_impact, why_likelihood): (String, String),
) -> Vec<Value> {
    let method = &scope.service.assessment.method;
    let facet = |name: &str, value: String, remarks: &str| {
        json!({
            "name": name,
            "system": OSCAL_NAMESPACE,
            "value": value,
            "props": [{ "name": "state", "value": state }, noted("scale", &method.id, &method.formula())],
            "remarks": markup::multiline(remarks),
        })
    };
    let mut facets = vec![
        facet("impact", impact.to_string(), &why_impact),
        facet("likelihood", likelihood.to_string(), &why_likelihood),
    ];
    if let Some(band) = scope.service.assessment.band(impact, likelihood) {
        let value = method.value(impact, likelihood);
        facets.push(facet("risk", band.rank.0.to_string(), &format!("リスクレベル{}（{value}）", band.rank.0)));
    }
    facets
}

fn log(scope: &Scope, risk: &Risk) -> Value {
    let Some(signed) = risk.signed() else { return Value::Null };
    json!({ "entries": [{
        "uuid": scope.id("decision", &risk.id),
        "title": "リスクの分析と評価の決定",
        "description": markup::multiline(&signed.reason),
        "start": Scope::at(signed.on),
        "logged-by": [{ "party-uuid": scope.person(&signed.by) }],
    }] })
}

/// A treatment, as far as it concerns one risk.
fn remediation(scope: &Scope, risk: &Risk, treated: &Treated) -> Value {
    let treatment = treated.treatment;
    let name = format!("{}\u{1f}{}", scope.treatment(treated), risk.id);
    let done = !treatment.measures.is_empty() && !treatment.measures.iter().any(is_open);
    let options: Vec<&str> = treatment.options.iter().map(|&option| option_term(option)).collect();
    let mut props: Vec<Value> = treatment.options.iter().map(|option| prop("option", token(*option))).collect();
    props.push(prop("treatment", &treatment.id));
    props.push(noted("decided-by", &treatment.decided.by, &treatment.decided.reason));
    props.push(prop("decided-on", &treatment.decided.on.to_string()));
    if treated.residual() == ResidualState::NotAssessed {
        props.push(noted("residual", "not-assessed", "残存するリスクは未評価である。"));
    }
    let tasks =
        treatment.measures.iter().enumerate().map(|(at, measure)| task(scope, &format!("{name}\u{1f}{at}"), measure));
    json!({
        "uuid": scope.id("remediation", &name),
        "lifecycle": if done { "completed" } else { "planned" },
        "title": markup::line(&format!("{} {}", treatment.id, options.join("・"))),
        "description": described(&treatment.decided.reason),
        "props": props,
        "tasks": tasks.collect::<Vec<_>>(),
    })
}

fn token(option: OptionKind) -> &'static str {
    match option {
        OptionKind::Reduction => "reduction",
        OptionKind::Avoidance => "avoidance",
        OptionKind::Transfer => "transfer",
        OptionKind::Retention => "retention",
    }
}

fn task(scope: &Scope, name: &str, measure: &Measure) -> Value {
    let status =
        measure.status.map_or(("not-stated", "進み具合の記載なし"), |status| (status.token(), status.term()));
    let due = measure.due.map(|day| json!({ "on-date": { "date": Scope::at(day) } }));
    json!({
        "uuid": scope.id("task", name),
        "type": if measure.due.is_some() { "milestone" } else { "action" },
        "title": title(&measure.text.chars().take(40).collect::<String>(), "対策"),
        "description": described(&measure.text),
        "props": [
            noted("measure-status", status.0, status.1),
            noted("viewpoint", "", measure.viewpoint.term()),
            prop("owner", measure.owner.as_deref().unwrap_or_default()),
            prop("actor", measure.actor.as_deref().map_or("", |id| scope.party_name(id))),
        ],
        "timing": due,
    })
}
