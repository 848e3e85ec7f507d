//! What a record of a register says, as it is stored, and the entries and lines that the rules take.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shirube_catalog::Register;
use shirube_safety::operation::register::{Act, Entry, LogLine, Outcome, Value, parse_cell};
use shirube_store::{RegisterItem, RegisterRecord, StoreError};

/// The text of a record: the entry as it stands afterwards, and what was done.
///
/// It is kept for good, so names of fields never change and new ones may be missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// What stands in the cells, by the ids of the fields; several values on lines of their own.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hold: bool,
    /// Who did it, by name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// How a duty came out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

impl Body {
    /// Reads a text that the store kept.
    pub fn read(text: &str) -> Result<Self, StoreError> {
        let inconsistent = |error: serde_json::Error| StoreError::Inconsistent {
            place: "台帳の記録".to_owned(),
            log: error.to_string(),
        };
        serde_json::from_str(text).map_err(inconsistent)
    }

    /// As the store keeps it.
    pub fn written(&self) -> String {
        serde_json::to_string(self).expect("texts are JSON")
    }

    /// The entry as the rules take it. A cell that an earlier declaration allowed and the present one does not is left
    /// out, so that it shows as missing.
    pub fn entry(&self, register: &Register, item: &str, state: &str) -> Entry {
        let read = |field: &shirube_catalog::RegisterField| {
            let text = self.values.get(&field.id)?;
            let values: Vec<Value> = parse_cell(field, text).ok()?;
            Some((field.id.clone(), values)).filter(|(_, values)| !values.is_empty())
        };
        Entry {
            row: 0,
            id: item.to_owned(),
            state: state.to_owned(),
            values: register.fields.iter().filter_map(read).collect(),
            hold: self.hold,
        }
    }
}

/// The entry of a list.
pub fn entry(register: &Register, item: &RegisterItem) -> Result<Entry, StoreError> {
    Ok(Body::read(&item.body)?.entry(register, &item.item, &item.state))
}

/// What stands before the id of a step or a duty in the store: the two may have the same id.
const STEP: &str = "step:";
const DUTY: &str = "duty:";
/// A duty that was begun and not finished proves nothing, so it has a name of its own.
const UNDONE: &str = "undone:";

/// How the store names what was done.
pub fn token(act: &Act) -> String {
    match act {
        Act::Step(id) => format!("{STEP}{id}"),
        Act::Duty(id) => format!("{DUTY}{id}"),
    }
}

/// How the store names a duty that came out like this.
pub fn duty_token(id: &str, outcome: Outcome) -> String {
    if outcome == Outcome::NotDone { format!("{UNDONE}{id}") } else { format!("{DUTY}{id}") }
}

/// Whether what the store names so proves nothing.
pub fn is_undone(token: &str) -> bool {
    token.starts_with(UNDONE)
}

/// What was done; none where values were written.
pub fn act(token: &str) -> Option<Act> {
    let step = token.strip_prefix(STEP).map(|id| Act::Step(id.to_owned()));
    let duty = || token.strip_prefix(DUTY).or_else(|| token.strip_prefix(UNDONE));
    step.or_else(|| duty().map(|id| Act::Duty(id.to_owned())))
}

/// A record as a line of the log; none where values were written.
pub fn line(record: &RegisterRecord, body: &Body) -> Option<LogLine> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Some(LogLine {
        row: 0,
        file: String::new(),
        on: record.day.parse().ok()?,
        at: None,
        register: record.register.clone(),
        entry: some(&record.item),
        act: act(&record.step)?,
        person: some(&body.person),
        outcome: Outcome::ALL.iter().copied().find(|one| one.token() == body.outcome).unwrap_or(Outcome::Done),
        remark: some(&body.remark),
        evidence: some(&body.evidence),
    })
}
