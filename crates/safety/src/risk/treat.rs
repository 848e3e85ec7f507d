//! リスク対応 as recorded, tied to the risks in force.

use std::collections::HashMap;

use shirube_catalog::Viewpoint;

use super::{Assessment, Measure, Request, Residual, Treatment};
use crate::finding::{File, Findings, Severity};

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
pub fn treatments(assessment: &mut Assessment<'_>) {
    let mut findings = Vec::new();
    let mut place = Findings { file: File::Assessment, list: &mut findings };
    let mut treated = Vec::new();
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
                Some(risk) => risks.push(risk),
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
    assessment.treated = treated;
    assessment.findings.extend(findings);
}
