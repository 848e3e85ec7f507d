//! 5.1.2: the factors a person ticked for the 顕在化率, held against the model (RISK-010).

use std::collections::BTreeSet;

use crate::finding::{Findings, Severity};
use crate::model::{Authentication, Element, Exposure};
use crate::risk::{Assessment, Decision, LikelihoodFactor as Factor};

/// What the model says of the device or link of a flow.
struct Facts<'a> {
    name: &'a str,
    exposure: Exposure,
    authentication: Authentication,
}

pub(super) fn check(assessment: &Assessment, decision: &Decision, here: &str, at: &mut Findings) {
    if decision.factors.is_empty() {
        return;
    }
    let elements: BTreeSet<Element> =
        decision.risks.iter().filter_map(|id| assessment.risk(id)).map(|risk| assessment.flow(risk).element).collect();
    let facts: Vec<Facts> = elements.into_iter().filter_map(|element| facts(assessment, element)).collect();
    for (f, factor) in decision.factors.iter().enumerate() {
        for (facts, against) in facts.iter().filter_map(|facts| Some((facts, against(*factor, facts)?))) {
            tell(
                format!("{here}/factors/{f}"),
                format!("要因「{}」が挙げられていますが、モデルでは「{}」は{against}です。", factor.term(), facts.name),
                at,
            );
        }
    }
    for (factor, holds) in [
        (Factor::InternetReachable, (|facts| facts.exposure == Exposure::Internet) as fn(&Facts) -> bool),
        (Factor::NoAuthentication, |facts| facts.authentication == Authentication::None),
    ] {
        let found = facts.iter().find(|facts| holds(facts)).filter(|_| !decision.factors.contains(&factor));
        if let Some(facts) = found {
            let message = format!(
                "モデルでは「{}」に要因「{}」が当てはまりますが、挙げられていません。",
                facts.name,
                factor.term()
            );
            tell(format!("{here}/factors"), message, at);
        }
    }
}

fn tell(pointer: String, message: String, at: &mut Findings) {
    let advice = "顕在化率の要因か、system.yamlの属性のどちらかを直してください。";
    at.add(Severity::Warning, "factor-contradiction", pointer, message, advice);
}

fn facts<'a>(assessment: &Assessment<'a>, element: Element) -> Option<Facts<'a>> {
    match element {
        Element::Node(at) => {
            let node = &assessment.system.nodes[at];
            Some(Facts { name: &node.name, exposure: node.exposure, authentication: node.authentication })
        }
        Element::Link(at) => {
            let link = &assessment.system.links[at];
            Some(Facts { name: &link.name, exposure: link.exposure, authentication: Authentication::Unknown })
        }
        Element::Transport(_) => None,
    }
}

/// What speaks against a factor.
fn against(factor: Factor, facts: &Facts) -> Option<&'static str> {
    let inside = matches!(facts.exposure, Exposure::Closed | Exposure::Internal | Exposure::Offline);
    let known = facts.authentication != Authentication::Unknown;
    match factor {
        Factor::InternetReachable => inside.then(|| facts.exposure.term()),
        Factor::PhysicalEntry => (facts.exposure == Exposure::Internet).then(|| facts.exposure.term()),
        Factor::NoAuthentication => {
            (known && facts.authentication != Authentication::None).then(|| facts.authentication.term())
        }
        Factor::MultiFactor => {
            (known && facts.authentication != Authentication::MultiFactor).then(|| facts.authentication.term())
        }
        Factor::KnownDamage | Factor::Difficult => None,
    }
}
