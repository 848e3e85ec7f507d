//! What an incident puts in question: risks to review, the controls against them, and what is to be agreed again (3.2.3).

use std::collections::BTreeSet;

use shirube_catalog::{ControlId, incident_rules};

use super::{Affected, Incident};
use crate::agreement::{Item, ItemKind, items};
use crate::service::Service;
use crate::typed::folded;

/// What is to be reviewed after an incident: a list for people, who decide.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// The gravest first.
    pub risks: Vec<TouchedRisk>,
    /// Controls that were to hold against these risks, as printed.
    pub controls: Vec<String>,
    /// Of what was agreed with institutions, what rests on these risks.
    pub again: Vec<Item>,
}

/// One risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TouchedRisk {
    pub id: String,
    /// As printed.
    pub number: String,
    pub text: String,
    pub threat: String,
    /// Letter and value, while there are any.
    pub rank: Option<(char, u16)>,
    pub decided: bool,
}

/// The risks of the flows that the incident passes, under the threats that its kind is about.
pub fn touched(incident: &Incident, service: &Service, affected: &Affected) -> Touched {
    let assessment = &service.assessment;
    let threats = threats(incident);
    let entered: Vec<&str> =
        affected.information.iter().filter(|one| one.entered).map(|one| one.name.as_str()).collect();
    let is_about = |flow: usize| {
        let name = &assessment.system.information[assessment.flows.list[flow].information].name;
        entered.is_empty() || entered.contains(&name.as_str())
    };
    let flows: BTreeSet<usize> = affected.flows.iter().copied().filter(|flow| is_about(*flow)).collect();
    let is_one = |threat: usize| {
        let threat = &assessment.threats[threat];
        threats.is_empty() || threat.own || threats.contains(&threat.id.as_str())
    };
    let hit = |at: &usize| flows.contains(&assessment.risks[*at].flow) && is_one(assessment.risks[*at].threat);
    let mut risks: Vec<usize> = (0..assessment.risks.len()).filter(hit).collect();
    let value = |at: &usize| assessment.rated(&assessment.risks[*at]).map(|rated| rated.value);
    // Stable: risks of the same value keep the order of the list.
    risks.sort_by_key(|at| std::cmp::Reverse(value(at)));
    let treatments: BTreeSet<&str> =
        risks.iter().flat_map(|at| assessment.treatments_of(*at)).map(|one| one.treatment.id.as_str()).collect();
    let controls = controls(service, &risks);
    let again = again(service, &treatments, &controls);
    let risk = |at: usize| {
        let risk = &assessment.risks[at];
        let rated = assessment.rated(risk);
        TouchedRisk {
            id: risk.id.clone(),
            number: risk.number.clone(),
            text: risk.text().to_owned(),
            threat: assessment.threats[risk.threat].name.clone(),
            rank: rated.map(|rated| (rated.rank, rated.value)),
            decided: risk.signed().is_some(),
        }
    };
    Touched { risks: risks.into_iter().map(risk).collect(), controls, again }
}

/// The threats of its kinds; none where a kind says nothing, so that every threat counts.
fn threats(incident: &Incident) -> BTreeSet<&'static str> {
    let kinds = incident.list("kind");
    let rules =
        incident_rules().kinds.iter().filter(|rule| kinds.iter().any(|kind| folded(kind) == folded(&rule.kind)));
    let rules: Vec<_> = rules.collect();
    if rules.iter().any(|rule| rule.threats.is_empty()) {
        return BTreeSet::new();
    }
    rules.iter().flat_map(|rule| &rule.threats).map(String::as_str).collect()
}

/// The controls that measures against these risks name, in the order of 別紙2.
fn controls(service: &Service, risks: &[usize]) -> Vec<String> {
    let assessment = &service.assessment;
    let measures = risks.iter().flat_map(|at| assessment.defence(*at).measures);
    let named: BTreeSet<ControlId> =
        measures.flat_map(|measure| &measure.controls).filter_map(|number| number.parse().ok()).collect();
    named.iter().map(ToString::to_string).collect()
}

fn again(service: &Service, treatments: &BTreeSet<&str>, controls: &[String]) -> Vec<Item> {
    let is_one = |item: &Item| {
        let name = item.key.split_once('/').map_or("", |(_, name)| name);
        match item.kind {
            ItemKind::Residual => treatments.contains(name),
            ItemKind::Request => name.rsplit_once('-').is_some_and(|(treatment, _)| treatments.contains(treatment)),
            ItemKind::Control => controls.iter().any(|control| control == name),
            _ => false,
        }
    };
    items(service).into_iter().filter(is_one).collect()
}
