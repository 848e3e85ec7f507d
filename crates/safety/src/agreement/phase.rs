//! The checklist of each phase, laid over what is agreed about a service (LIFE-001, LIFE-003).
//!
//! Nothing of it is typed or stored: the lists are data, and the items are those that follow from the service.

use serde::Serialize;
use shirube_catalog::{LifeCyclePhase, PhaseChecklist, PhaseItem, life_cycle};

use super::sheet::start;
use super::{Contract, ContractPhase, InstitutionFile, Item, SheetLine, terms};

/// One phase with what is settled for it.
pub struct PhaseList<'a> {
    pub phase: ContractPhase,
    pub list: &'static PhaseChecklist,
    pub lines: Vec<PhaseLine<'a>>,
}

/// Something to be settled, with what is said of it.
pub struct PhaseLine<'a> {
    pub item: &'static PhaseItem,
    /// The items of agreement that speak to it, also those whose content nobody has written.
    pub items: Vec<&'a Item>,
    /// The fields of the institution's file that speak to it; none for a service alone.
    pub sheet: Vec<SheetLine<'a>>,
}

impl PhaseList<'_> {
    /// What the guideline says of the phase.
    pub fn fact(&self) -> &'static LifeCyclePhase {
        self.list.fact()
    }

    /// How many lines nothing speaks to.
    pub fn open(&self) -> usize {
        self.lines.iter().filter(|line| line.is_open()).count()
    }
}

impl PhaseLine<'_> {
    /// Whether nothing that was written speaks to it.
    pub fn is_open(&self) -> bool {
        self.items.iter().all(|item| item.text.trim().is_empty()) && self.sheet.iter().all(|line| line.value.is_none())
    }
}

/// The lists of all phases over the items of a service, and over what an institution's file says of start and end.
pub fn phase_lists<'a>(items: &'a [Item], file: Option<&'a InstitutionFile>) -> Vec<PhaseList<'a>> {
    let mut sheet = file.map(|file| start(&file.contract)).unwrap_or_default();
    sheet.extend(file.and_then(|file| file.closing.as_ref()).into_iter().flat_map(terms));
    let line = |item: &'static PhaseItem| PhaseLine {
        item,
        items: items.iter().filter(|one| item.is_covered_by(&one.key)).collect(),
        sheet: sheet.iter().filter(|line| item.closing.iter().any(|field| field == line.field)).copied().collect(),
    };
    let phases = ContractPhase::ALL.iter().copied();
    let known = phases.filter_map(|phase| Some((phase, life_cycle().iter().find(|list| list.id == phase.token())?)));
    known.map(|(phase, list)| PhaseList { phase, list, lines: list.items.iter().map(line).collect() }).collect()
}

/// Where a contract stands (LIFE-001), as far as somebody wrote it: no clock tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "phases", rename_all = "kebab-case")]
pub enum ContractState {
    /// Nobody wrote that it began.
    Before,
    /// In contract, with the phases that are open; several may be.
    In(Vec<ContractPhase>),
    /// The phase of the end was closed.
    Ended,
}

impl ContractState {
    pub fn of(file: &InstitutionFile) -> Self {
        if file.closing.as_ref().is_some_and(|closing| closing.closed.is_some()) {
            return Self::Ended;
        }
        let open = open_phases(&file.contract);
        if file.contract.starts_on.is_none() && open.is_empty() { Self::Before } else { Self::In(open) }
    }

    /// What people read.
    pub fn shown(&self) -> String {
        match self {
            Self::Before => "契約前（契約の始まる日が未記載）".to_owned(),
            Self::Ended => "契約終了フェーズを閉じた".to_owned(),
            Self::In(phases) if phases.is_empty() => "契約中（フェーズは未記載）".to_owned(),
            Self::In(phases) => {
                let terms: Vec<&str> = phases.iter().map(|phase| phase.term()).collect();
                format!("契約中（{}）", terms.join("、"))
            }
        }
    }
}

/// The phases that were begun and not ended, each once (LIFE-002).
fn open_phases(contract: &Contract) -> Vec<ContractPhase> {
    let is_open = |phase: &ContractPhase| contract.phases.iter().any(|one| one.phase == *phase && one.until.is_none());
    ContractPhase::ALL.iter().copied().filter(is_open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::{Closing, ItemKind};
    use crate::stated::SlaFile;

    /// LIFE-001, LIFE-007: every list has its phase, and every name it uses is that of a field or a kind.
    #[test]
    fn every_name_of_the_lists_exists() {
        let ids: Vec<&str> = life_cycle().iter().map(|list| list.id.as_str()).collect();
        assert_eq!(ids, ContractPhase::ALL.iter().map(|phase| phase.token()).collect::<Vec<_>>());
        let sla = serde_json::to_value(SlaFile::default()).expect("JSON");
        let wanting: Closing = serde_json::from_value(serde_json::json!({
            "return": { "wanted": "yes" }, "migration": { "wanted": "yes" },
        }))
        .expect("a closing");
        let contract = Contract::default();
        let mut sheet = start(&contract);
        sheet.extend(terms(&wanting));
        let mut asked = Vec::new();
        for item in life_cycle().iter().flat_map(|list| &list.items) {
            for key in &item.covers {
                let (kind, name) = key.split_once('/').expect("a kind and a name");
                assert!(ItemKind::ALL.iter().any(|known| known.token() == kind), "{}: {key}", item.id);
                assert!(kind != "sla" || sla.get(name).is_some(), "{}: {key}", item.id);
            }
            for field in &item.closing {
                assert!(sheet.iter().any(|line| line.field == field), "{}: {field}", item.id);
            }
            asked.extend(&item.closing);
        }
        // What is filled in stands on a checklist.
        for line in sheet {
            assert!(asked.iter().any(|field| *field == line.field), "{}", line.field);
        }
    }
}
