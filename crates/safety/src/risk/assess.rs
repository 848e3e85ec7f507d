//! Making the assessment: flows × threats, proposals, and people's decisions laid over them.

use std::borrow::Cow;
use std::collections::HashMap;

use shirube_catalog::{Library, Outcome};

use super::assessment::{Assessment, Cell, Risk, RiskState, ThreatName};
use super::condition::{CompiledRule, FactReader, Facts};
use super::identify::{Proposer, Said, put};
use super::treat::treatments;
use super::{AssessmentFile, OwnRisk, Rules, additions, own};
use crate::finding::{File, Findings, Severity};
use crate::model::{Flows, Layer, ServiceFile, SystemFile, method_of};

/// Assesses a service: identifies, proposes, and lays the decisions over the proposals.
pub fn assess<'a>(
    service: &'a ServiceFile,
    system: &'a SystemFile,
    decisions: &'a AssessmentFile,
    flows: Flows,
    rules: &Rules,
    library: &'static Library,
) -> Assessment<'a> {
    let method = method_of(service, library).unwrap_or(Cow::Borrowed(&library.provider.method));
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Assessment, list: &mut findings };
    let threats = own::threats(decisions, library, &mut at);
    let mut assessment = Assessment {
        service,
        system,
        decisions,
        library,
        method,
        flows,
        threats,
        risks: Vec::new(),
        cells: Vec::new(),
        treated: Vec::new(),
        treated_by: Vec::new(),
        findings: Vec::new(),
    };
    identify(&mut assessment, rules, &mut at);
    number(&mut assessment);
    decide(&mut assessment, &mut at);
    treatments(&mut assessment, &mut at);
    additions::check(&assessment, &mut at);
    assessment.findings = findings;
    assessment
}

/// Fills every cell: the rules' risks, people's own risks, people's exclusions, or a reason.
fn identify(assessment: &mut Assessment<'_>, rules: &Rules, found: &mut Findings) {
    let excluded = own::exclusions(assessment, found);
    let own = own::risks(assessment, rules, found);
    let (system, decisions) = (assessment.system, assessment.decisions);
    let reader = FactReader::new(system);
    let proposer = Proposer::new(system, &assessment.method);
    let by_threat: Vec<_> = assessment.threats.iter().map(|threat| rules.by_threat.get(threat.id.as_str())).collect();
    let (mut risks, mut cells) = (Vec::new(), Vec::with_capacity(assessment.flows.list.len() * by_threat.len()));
    for (at, flow) in assessment.flows.list.iter().enumerate() {
        let facts = reader.facts(flow);
        for (threat, name) in assessment.threats.iter().enumerate() {
            if let Some(signed) = excluded.get(&(at, threat)) {
                cells.push(Cell::Excluded(signed));
                continue;
            }
            let place = Place { flow: at, threat, flow_id: &flow.id, name };
            let first = risks.len();
            let mut reason = None;
            match by_threat[threat].map(|rules| put(rules, &facts)) {
                Some(Said::Risks(rules)) => {
                    risks.extend(rules.into_iter().map(|rule| place.of_rule(rule, &facts, flow, &proposer)));
                }
                Some(Said::Otherwise(rule)) => risks.push(place.of_rule(rule, &facts, flow, &proposer)),
                Some(Said::NotApplicable(text)) => reason = Some(text),
                None => reason = own::otherwise(decisions, &name.id),
            }
            let own = own.get(&(at, threat)).into_iter().flatten();
            risks.extend(own.map(|&index| place.of_person(&decisions.risks[index])));
            cells.push(match reason {
                Some(reason) if first == risks.len() => Cell::NotApplicable(reason),
                _ => Cell::Risks((first..risks.len()).collect()),
            });
        }
    }
    (assessment.risks, assessment.cells) = (risks, cells);
}

/// Where a risk arises.
struct Place<'p> {
    flow: usize,
    threat: usize,
    flow_id: &'p str,
    name: &'p ThreatName,
}

impl Place<'_> {
    fn id(&self, last: &str) -> String {
        [self.flow_id, self.name.id.as_str(), last].join("/")
    }

    fn of_rule<'a>(
        &self,
        rule: &CompiledRule,
        facts: &Facts,
        flow: &crate::model::Flow,
        proposer: &Proposer,
    ) -> Risk<'a> {
        let (properties, scenarios): (&'static [_], &'static [_]) = match &rule.rule.outcome {
            Outcome::Risk { properties, scenarios, .. } => (properties, scenarios),
            Outcome::None { .. } => (&[], &[]),
        };
        Risk {
            id: self.id(&rule.rule.id),
            number: String::new(),
            flow: self.flow,
            threat: self.threat,
            statement: proposer.statement(rule, flow),
            properties,
            scenarios,
            proposal: proposer.propose(rule, flow, facts),
            unknown: rule.unknown(facts),
            state: RiskState::Proposed,
            outdated: false,
        }
    }

    fn of_person<'a>(&self, own: &'a OwnRisk) -> Risk<'a> {
        Risk {
            id: self.id(&own.id),
            number: String::new(),
            flow: self.flow,
            threat: self.threat,
            statement: Cow::Borrowed(&own.statement),
            properties: &own.properties,
            scenarios: &own.scenarios,
            proposal: None,
            unknown: Vec::new(),
            state: RiskState::Proposed,
            outdated: false,
        }
    }
}

fn number(assessment: &mut Assessment<'_>) {
    let mut counts: HashMap<Layer, usize> = HashMap::new();
    for risk in &mut assessment.risks {
        let layer = assessment.flows.list[risk.flow].layer;
        let count = counts.entry(layer).or_default();
        *count += 1;
        risk.number = format!("R-{}{count}", layer.letter());
    }
}

/// Lays the decisions over the proposals and reports those whose risk is gone.
fn decide(assessment: &mut Assessment<'_>, at: &mut Findings) {
    let decisions = assessment.decisions;
    for (i, decision) in decisions.decisions.iter().enumerate() {
        let mut decided = Vec::with_capacity(decision.risks.len());
        for (r, id) in decision.risks.iter().enumerate() {
            let here = || format!("/decisions/{i}/risks/{r}");
            match assessment.risk_index(id) {
                None => at.add(
                    Severity::Warning,
                    "decision-orphan",
                    here(),
                    format!(
                        "{}さんが{}に決めたリスク「{id}」は、今のモデルからは生じません。",
                        decision.decided.by, decision.decided.on
                    ),
                    "モデルの変更でなくなったのかを確かめてください。決定の記録は消さずに残しています。",
                ),
                Some(risk) if assessment.risks[risk].signed().is_some() => at.add(
                    Severity::Error,
                    "decision-twice",
                    here(),
                    format!("リスク「{id}」には、すでに別の決定があります。"),
                    "決定は一つのリスクに一つにしてください。先に書かれたものを採ります。",
                ),
                Some(risk) => {
                    assessment.risks[risk].state = RiskState::Decided(decision);
                    decided.push(risk);
                }
            }
        }
        let outdated = decision.basis.as_ref().is_some_and(|basis| *basis != assessment.basis(&decided));
        decided.into_iter().for_each(|risk| assessment.risks[risk].outdated = outdated);
    }
}
