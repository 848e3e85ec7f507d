//! リスク対応 as recorded, tied to the risks in force.

use std::collections::HashMap;

use shirube_catalog::Viewpoint;

use super::{Assessment, Measure, MeasureStatus, Request, Residual, Treatment};
use crate::finding::{Findings, Severity};

/// A treatment with the risks it names.
#[derive(Debug, Clone)]
pub struct Treated<'a> {
    /// Index into `treatments` of `assessment.yaml`.
    pub at: usize,
    pub treatment: &'a Treatment,
    /// Indices of the risks that exist.
    pub risks: Vec<usize>,
}

/// What remains after a treatment; blank is not a value (TREAT-021).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResidualState<'a> {
    /// Nobody has evaluated it.
    NotAssessed,
    /// Evaluated: nothing remains (`—`).
    None,
    /// Evaluated: this remains.
    Remains { text: &'a str, impact: u8, likelihood: u8 },
}

impl Residual {
    /// The state a record stands for; a record without all three values is not an evaluation.
    pub fn state(&self) -> ResidualState<'_> {
        match (self.none, &self.text, self.impact, self.likelihood) {
            (true, None, None, None) => ResidualState::None,
            (false, Some(text), Some(impact), Some(likelihood)) => ResidualState::Remains { text, impact, likelihood },
            _ => ResidualState::NotAssessed,
        }
    }
}

/// One row of the リスク対応一覧: one 対策の観点 of one treatment.
#[derive(Debug, Clone)]
pub struct TreatmentView<'a> {
    pub viewpoint: Viewpoint,
    pub measures: Vec<&'a Measure>,
    pub requests: Vec<&'a Request>,
}

impl<'a> Treated<'a> {
    pub fn residual(&self) -> ResidualState<'a> {
        self.treatment.residual.as_ref().map_or(ResidualState::NotAssessed, Residual::state)
    }

    /// Whether what remains is rated as if measures were done that are not yet (TREAT-029).
    pub fn counts_on_plans(&self) -> bool {
        let open =
            |measure: &Measure| matches!(measure.status, Some(MeasureStatus::Planned | MeasureStatus::InProgress));
        self.residual() != ResidualState::NotAssessed && self.treatment.measures.iter().any(open)
    }

    /// The rows, in the order of the three viewpoints; viewpoints with nothing are left out.
    pub fn views(&self) -> Vec<TreatmentView<'a>> {
        let view = |viewpoint| TreatmentView {
            viewpoint,
            measures: self.treatment.measures.iter().filter(|measure| measure.viewpoint == viewpoint).collect(),
            requests: self.treatment.requests.iter().filter(|request| request.viewpoint == viewpoint).collect(),
        };
        let all = Viewpoint::ALL.into_iter().map(view);
        all.filter(|view| !view.measures.is_empty() || !view.requests.is_empty()).collect()
    }
}

/// Ties treatments to risks and reports names that lead nowhere.
pub(super) fn treatments(assessment: &mut Assessment<'_>, place: &mut Findings) {
    let mut treated = Vec::new();
    let mut treated_by = vec![Vec::new(); assessment.risks.len()];
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (at, treatment) in assessment.decisions.treatments.iter().enumerate() {
        if let Some(before) = names.insert(&treatment.id, at) {
            place.add(
                Severity::Error,
                "id-twice",
                format!("/treatments/{at}/id"),
                format!("対応のid「{}」は{}番目にもあります。", treatment.id, before + 1),
                "どちらかを別の名前にしてください。",
            );
        }
        let mut risks = Vec::new();
        for (r, id) in treatment.risks.iter().enumerate() {
            match assessment.risk_index(id) {
                Some(risk) if risks.contains(&risk) => place.add(
                    Severity::Warning,
                    "treatment-risk-twice",
                    format!("/treatments/{at}/risks/{r}"),
                    format!("対応「{}」に、リスク「{id}」が二度書かれています。", treatment.id),
                    "一つを外してください。",
                ),
                Some(risk) => {
                    risks.push(risk);
                    treated_by[risk].push(at);
                }
                None => place.add(
                    Severity::Warning,
                    "treatment-orphan",
                    format!("/treatments/{at}/risks/{r}"),
                    format!("対応「{}」が挙げるリスク「{id}」は、今のモデルからは生じません。", treatment.id),
                    "モデルの変更でなくなったのかを確かめてください。",
                ),
            }
        }
        treated.push(Treated { at, treatment, risks });
    }
    (assessment.treated, assessment.treated_by) = (treated, treated_by);
}
