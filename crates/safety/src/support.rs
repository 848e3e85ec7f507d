//! Whether the design lets the institution comply with its own guideline (5.1.5(1)(ア), TREAT-025).

use std::collections::HashMap;

use shirube_catalog::{ControlId, Requirement};

use crate::choice::choice;
use crate::conformity::{Answered, ControlStatus};
use crate::risk::{Measure, Request, RequestStatus, Treated};
use crate::service::Service;

choice! {
    /// How far a clause of the institution's guideline is supported.
    SupportState {
        Supported = "supported", "対応済";
        Partly = "partly", "一部対応";
        Planned = "planned", "予定";
        Excluded = "excluded", "該当なし";
        None = "none", "支えなし";
        Open = "open", "未確認";
    }
}

/// A clause with everything of the provider that stands behind it.
#[derive(Debug, Clone)]
pub struct ClauseSupport<'s, 'a> {
    pub requirement: &'static Requirement,
    /// Controls of 別紙2 that cite the clause, with their answers.
    pub controls: Vec<Answered<'a>>,
    /// Measures that name one of these controls, with their treatments.
    pub measures: Vec<(&'s Treated<'a>, &'a Measure)>,
    /// What the institution is asked for together with these measures.
    pub requests: Vec<&'a Request>,
    pub state: SupportState,
}

impl ClauseSupport<'_, '_> {
    /// Whether neither an answer nor a measure nor a request says how the clause is supported.
    pub fn is_gap(&self) -> bool {
        matches!(self.state, SupportState::None | SupportState::Open)
    }
}

/// Every clause of the institution's guideline that 別紙2 cites, in its order.
pub fn clause_support<'s, 'a>(service: &'s Service<'a>) -> Vec<ClauseSupport<'s, 'a>> {
    let mut by_clause: HashMap<&str, Vec<Answered<'a>>> = HashMap::new();
    for answered in &service.answers.conformity.controls {
        for clause in &answered.control.requirements {
            by_clause.entry(clause).or_default().push(*answered);
        }
    }
    let by_control = measures(service);
    let requirements = service.assessment.library.institution.requirements.iter();
    requirements
        .map(|requirement| {
            let controls = by_clause.remove(requirement.id.as_str()).unwrap_or_default();
            let mut measures: Vec<(&Treated, &Measure)> = Vec::new();
            for found in controls.iter().filter_map(|answered| by_control.get(&answered.control.id)).flatten() {
                if !measures.iter().any(|(_, known)| std::ptr::eq(*known, found.1)) {
                    measures.push(*found);
                }
            }
            let mut requests: Vec<&Request> = Vec::new();
            for request in measures.iter().flat_map(|(treated, _)| &treated.treatment.requests) {
                let known = requests.iter().any(|known| std::ptr::eq(*known, request));
                if request.status != RequestStatus::Refused && !known {
                    requests.push(request);
                }
            }
            let state = state(&controls, !measures.is_empty());
            ClauseSupport { requirement, controls, measures, requests, state }
        })
        .collect()
}

/// Measures by the controls they name.
fn measures<'s, 'a>(service: &'s Service<'a>) -> HashMap<ControlId, Vec<(&'s Treated<'a>, &'a Measure)>> {
    let mut by_control: HashMap<ControlId, Vec<_>> = HashMap::new();
    for treated in &service.assessment.treated {
        for measure in &treated.treatment.measures {
            for id in measure.controls.iter().filter_map(|text| text.parse::<ControlId>().ok()) {
                by_control.entry(id).or_default().push((treated, measure));
            }
        }
    }
    by_control
}

fn state(controls: &[Answered], measured: bool) -> SupportState {
    let has = |wanted: &[ControlStatus]| controls.iter().any(|answered| wanted.contains(&answered.status()));
    let all = |wanted: &[ControlStatus]| controls.iter().all(|answered| wanted.contains(&answered.status()));
    use ControlStatus::{Alternative, Met, NotApplicable, Partial, Planned, Unanswered};
    if has(&[Met, Alternative]) && all(&[Met, Alternative, NotApplicable]) {
        SupportState::Supported
    } else if has(&[Met, Alternative, Partial]) || measured {
        SupportState::Partly
    } else if has(&[Planned]) {
        SupportState::Planned
    } else if all(&[Unanswered]) {
        SupportState::Open
    } else if all(&[NotApplicable]) {
        SupportState::Excluded
    } else {
        SupportState::None
    }
}
