//! Measures against the answers to the controls they name: what is done cannot still be planned (TREAT-008, TREAT-010).

use std::collections::{BTreeSet, HashMap};

use shirube_catalog::ControlId;

use super::{Answered, ControlStatus};
use crate::finding::{Findings, Severity};
use crate::risk::{Assessment, Measure, MeasureStatus};

const RULE: &str = "measure-control-disagree";

/// Compares every measure with the controls it names.
pub(super) fn check(controls: &[Answered], assessment: &Assessment, at: &mut Findings) {
    let statuses: HashMap<ControlId, ControlStatus> =
        controls.iter().map(|answered| (answered.control.id, answered.status())).collect();
    let measures = || {
        assessment.treated.iter().flat_map(|treated| {
            treated.treatment.measures.iter().enumerate().map(move |(m, measure)| (treated, m, measure))
        })
    };
    // A control that several measures serve may wait for the last of them.
    let waits = |id: ControlId| {
        measures().any(|(_, _, measure)| measure.status != Some(MeasureStatus::Done) && named(measure).any(|c| c == id))
    };
    let mut unanswered: BTreeSet<ControlId> = BTreeSet::new();
    for (treated, m, measure) in measures() {
        let Some(status) = measure.status else { continue };
        let mut disagreeing = Vec::new();
        for (id, answer) in named(measure).filter_map(|id| Some((id, *statuses.get(&id)?))) {
            if status == MeasureStatus::Done && answer == ControlStatus::Unanswered {
                unanswered.insert(id);
            }
            let waiting = answer == ControlStatus::Planned && waits(id);
            if disagree(status, answer) && !waiting {
                disagreeing.push(format!("{id}（{}）", answer.term()));
            }
        }
        if !disagreeing.is_empty() {
            at.add(
                Severity::Warning,
                RULE,
                format!("/treatments/{}/measures/{m}/status", treated.at),
                format!(
                    "対応「{}」の{}番目の対策は「{}」ですが、挙げている対策項目の状況と合いません: {}。",
                    treated.treatment.id,
                    m + 1,
                    status.term(),
                    disagreeing.join("、")
                ),
                "対策の状況（status）と、conformity.yamlの対策項目の状況のどちらが正しいかを確かめ、もう一方を改めてください。",
            );
        }
    }
    if !unanswered.is_empty() {
        let ids: Vec<String> = unanswered.iter().map(ControlId::to_string).collect();
        at.add(
            Severity::Note,
            RULE,
            "/treatments",
            format!(
                "実施済みの対策が挙げている対策項目のうち{}件は、まだ未回答です（{}）。",
                ids.len(),
                ids.join("、")
            ),
            "conformity.yamlに、どのように満たしているかを答えてください。",
        );
    }
}

/// The controls a measure names, each once.
fn named(measure: &Measure) -> impl Iterator<Item = ControlId> + '_ {
    let mut ids: Vec<ControlId> = measure.controls.iter().filter_map(|text| text.parse().ok()).collect();
    ids.dedup();
    ids.into_iter()
}

/// Whether the state of a measure and the answer to its control cannot both be true.
fn disagree(measure: MeasureStatus, answer: ControlStatus) -> bool {
    use ControlStatus::{Met, NotAdopted, NotApplicable, NotMet, Planned};
    match measure {
        MeasureStatus::Done => matches!(answer, Planned | NotMet | NotAdopted | NotApplicable),
        MeasureStatus::Planned => matches!(answer, Met | NotAdopted | NotApplicable),
        MeasureStatus::InProgress => false,
    }
}
