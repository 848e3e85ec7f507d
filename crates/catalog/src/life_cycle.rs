//! What provider and institution settle for each phase of the life cycle, and what the provider owes in it (3.2).
//!
//! The guideline names the phases and their duties; the lists of items are ours, read from 別紙1 and 別紙2.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{ControlId, LifeCyclePhase, library};

/// A phase with its duties and its checklist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseChecklist {
    /// As files and commands name the phase.
    pub id: String,
    /// As the guideline's phases are named: see [`LifeCyclePhase::id`].
    pub phase: String,
    pub duties: Vec<PhaseDuty>,
    pub items: Vec<PhaseItem>,
}

/// Something the provider owes in a phase.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseDuty {
    pub text: String,
    /// Section of table 3-1 with the legal duty that it carries out.
    pub legal: String,
    pub sources: Vec<String>,
    /// What is done to fulfil it.
    pub tasks: Vec<String>,
}

/// Something both sides settle.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseItem {
    /// E.g. `end-return`; never changed once published.
    pub id: String,
    pub text: String,
    /// Sections, clauses and laws.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Of 別紙2 (`pg-1.0`).
    #[serde(default)]
    pub controls: Vec<ControlId>,
    /// Keys of the items of agreement that speak to it, or beginnings of keys such as `end/`.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Fields of an institution's file that speak to it: those of the end of the contract, e.g. `return/range`, and
    /// `data_confirmed` of its start.
    #[serde(default)]
    pub closing: Vec<String>,
    /// Names of the documents that hold what is settled.
    pub documents: Vec<String>,
}

static LIFE_CYCLE: LazyLock<Vec<PhaseChecklist>> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/life-cycle.json")))
        .unwrap_or_else(|error| panic!("the embedded life cycle does not fit its types: {error}"))
});

/// The embedded lists, in the order of the life cycle.
pub fn life_cycle() -> &'static [PhaseChecklist] {
    &LIFE_CYCLE
}

impl PhaseChecklist {
    /// What the guideline says of the phase.
    pub fn fact(&self) -> &'static LifeCyclePhase {
        let phases = &library().provider.phases;
        phases.iter().find(|phase| phase.id == self.phase).expect("a test holds that every list has its phase")
    }
}

impl PhaseItem {
    /// What it rests on, as printed.
    pub fn basis(&self) -> Vec<String> {
        let controls = self.controls.iter().map(|id| format!("別紙2 {id}"));
        self.sources.iter().cloned().chain(controls).collect()
    }

    /// Whether an item of agreement speaks to it.
    pub fn is_covered_by(&self, key: &str) -> bool {
        self.covers.iter().any(|name| key == name || (name.ends_with('/') && key.starts_with(name.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Agreement;

    /// LIFE-001, LIFE-003: each phase of T-10 has one list, and every duty stands on a row of T-01.
    #[test]
    fn every_phase_and_legal_duty_exists_and_every_control_is_agreed_where_it_says_so() {
        let provider = &library().provider;
        let phases: Vec<&str> = life_cycle().iter().map(|list| list.phase.as_str()).collect();
        assert_eq!(phases, provider.phases.iter().map(|phase| phase.id.as_str()).collect::<Vec<_>>());
        let mut ids = BTreeSet::new();
        for list in life_cycle() {
            for duty in &list.duties {
                assert!(provider.duties.relation(&duty.legal).is_some(), "{}", duty.text);
                assert!(!duty.tasks.is_empty() && !duty.sources.is_empty(), "{}", duty.text);
            }
            for item in &list.items {
                assert!(ids.insert(&item.id), "{} twice", item.id);
                assert!(item.id.starts_with(&format!("{}-", list.id)), "{}", item.id);
                assert!(!item.basis().is_empty() && !item.documents.is_empty(), "{}", item.id);
                let unknown = |id: &&ControlId| provider.controls.iter().all(|control| control.id != **id);
                assert_eq!(item.controls.iter().find(unknown), None, "{}", item.id);
                for key in item.covers.iter().filter_map(|key| key.strip_prefix("control/")) {
                    let id: ControlId = key.parse().expect("an id");
                    let control = provider.controls.iter().find(|control| control.id == id).expect(key);
                    assert!(control.agreement != Agreement::No && item.controls.contains(&id), "{}: {key}", item.id);
                }
            }
        }
    }
}
