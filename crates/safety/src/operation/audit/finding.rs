//! Findings with what became of them: repeated, overdue, verified by whom (AUDIT-014).

use chrono::NaiveDate;

use super::FINDINGS;
use super::independence::is_same;
use crate::choice::choice;
use crate::operation::register::{Entry, Records};

choice! {
    /// How far a finding is.
    FindingState {
        Proposed = "proposed", "案（決める前）";
        Open = "open", "原因の調査中";
        Planned = "planned", "是正中";
        Done = "done", "是正済み（検証待ち）";
        Verified = "verified", "効果を検証済み";
        Accepted = "accepted", "是正しないことを認めた";
        Dropped = "dropped", "指摘としなかった";
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'a> {
    pub entry: &'a Entry,
    /// None for a state that an organisation added.
    pub state: Option<FindingState>,
    /// Number of an earlier finding of the same control, or the one that people named.
    pub earlier: Option<String>,
    /// People named the earlier one.
    pub is_named_repeated: bool,
}

impl Finding<'_> {
    /// Whether it counts as a finding: people decided that it is one.
    pub fn counts(&self) -> bool {
        !matches!(self.state, Some(FindingState::Proposed | FindingState::Dropped))
    }

    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        use FindingState::{Done, Open, Planned, Proposed};
        matches!(self.state, None | Some(Proposed | Open | Planned | Done))
    }

    /// Whether the day for the correction has gone by and nobody wrote that it is done.
    pub fn is_overdue(&self, on: NaiveDate) -> bool {
        let due = self.entry.day("due_on").is_some_and(|due| due < on);
        due && matches!(self.state, Some(FindingState::Open | FindingState::Planned))
    }

    /// Whether whoever corrected it also confirmed that it works.
    pub fn is_verified_by_owner(&self) -> bool {
        let (owner, verifier) = (self.entry.text("owner"), self.entry.text("verified_by"));
        !verifier.is_empty() && (is_same(&verifier, &owner) || is_same(&owner, &verifier))
    }
}

/// All findings, in the order of the register.
pub fn findings(records: &Records) -> Vec<Finding<'_>> {
    let all = records.entries(FINDINGS);
    let finding = |entry| {
        let named = Some(Entry::text(entry, "earlier")).filter(|text| !text.is_empty());
        Finding {
            entry,
            state: FindingState::ALL.iter().copied().find(|state| state.token() == entry.state),
            is_named_repeated: named.is_some(),
            earlier: named.or_else(|| earlier(all, entry)),
        }
    };
    all.iter().map(finding).collect()
}

/// The last finding before this one that shares a control with it and came from another audit or check.
fn earlier(all: &[Entry], entry: &Entry) -> Option<String> {
    let controls = controls(entry);
    let found = entry.day("found_on")?;
    let source = |entry: &Entry| ["audit", "self_check", "contractor_check"].map(|field| entry.text(field));
    let before = all.iter().filter(|other| other.day("found_on").is_some_and(|day| day < found));
    let same = before.filter(|other| other.state != "dropped" && source(other) != source(entry));
    let same = same.filter(|other| self::controls(other).iter().any(|control| controls.contains(control)));
    same.max_by_key(|other| other.day("found_on")).map(|other| other.id.clone())
}

/// The numbers of controls that a finding is about.
fn controls(entry: &Entry) -> Vec<String> {
    let text = entry.text("controls");
    let parts =
        text.split(['、', ',', '，', '\n', ' ', '　', ';', '；']).map(str::trim).filter(|part| !part.is_empty());
    // The same control can be written in two ways.
    parts.map(|part| part.parse::<shirube_catalog::ControlId>().map_or(part.to_owned(), |id| id.to_string())).collect()
}
