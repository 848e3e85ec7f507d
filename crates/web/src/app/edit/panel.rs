//! What stands beside a form: what the record is about, and what speaks for which answer.

use serde_json::{Value, json};

use super::target::{Opened, Target, printed};
use crate::shown::Shown;
use crate::view::{ControlView, ReasonView, RiskView};

/// The panel that explains.
pub struct Panel<'a> {
    /// The risk that is decided.
    pub risk: Option<&'a RiskView>,
    /// The control that is answered.
    pub control: Option<&'a ControlView>,
    /// The risks that are treated.
    pub treated: Vec<&'a RiskView>,
    /// How many flows there are to look at.
    pub flows: Option<usize>,
    /// Name of the list the record is in.
    pub list: String,
}

impl<'a> Panel<'a> {
    /// What the record is about stands fast, whether it is there or not.
    pub fn is_given(&self) -> bool {
        self.risk.is_some() || self.control.is_some()
    }

    pub fn new(shown: &'a Shown, target: &Target, opened: &Opened) -> Self {
        let view = &shown.site.view;
        let risk = |id: &str| view.risks.list.iter().find(|risk| risk.id == id);
        let first = target.identity().map_or("", |identity| identity.fields[0].as_str());
        let control = printed(first);
        let treated = opened.stored.as_ref().filter(|_| target.list() == "treatments");
        let treated = treated.and_then(|stored| stored["risks"].as_array()).into_iter().flatten();
        Self {
            risk: risk(first).filter(|_| target.list() == "decisions"),
            control: view.controls.iter().find(|known| target.list() == "answers" && known.id == control),
            treated: treated.filter_map(|id| risk(id.as_str()?)).collect(),
            flows: opened.flows.as_ref().filter(|_| target.list() == "flows_reviewed").map(|(count, _)| *count),
            list: target.list().to_owned(),
        }
    }
}

/// What could stand in a record that nobody has written: the proposal of the rules, the risk one came from.
pub fn suggestion(shown: &Shown, target: &Target, risk: Option<&str>) -> Option<Value> {
    match target.list() {
        "decisions" => {
            let id = &target.identity()?.fields[0];
            let risk = shown.site.view.risks.list.iter().find(|risk| risk.id == *id)?;
            proposed(risk)
        }
        "treatments" if target.is_new => Some(json!({ "risks": [risk?] })),
        _ => None,
    }
}

/// What the rules propose for a risk, as a decision would say it.
pub fn proposed(risk: &RiskView) -> Option<Value> {
    let proposal = risk.proposal.as_ref()?;
    Some(json!({
        "impact": proposal.impact,
        "impact_reason": sentences(&proposal.impact_because),
        "likelihood": proposal.likelihood,
        "likelihood_reason": sentences(&proposal.likelihood_because),
    }))
}

fn sentences(reasons: &[ReasonView]) -> String {
    reasons.iter().map(|reason| format!("{}。", reason.text.trim_end_matches('。'))).collect()
}
