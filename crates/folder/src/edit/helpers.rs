//! What the screens change, as edits.

use serde::Serialize;
use serde_json::Value;
use shirube_safety::File;
use shirube_safety::chain::Reported;
use shirube_safety::conformity::{ControlAnswer, StatutoryAnswer};
use shirube_safety::risk::{Decision, Treatment};

use super::step::{Identity, Step, way};
use super::{Change, Edit};

/// Decides one risk. Other risks that share its present decision keep theirs; `risks` and the values of other risks
/// in `each` mean nothing here.
pub fn decide_risk(risk: &str, decision: &Decision) -> Edit {
    let mut decision = decision.clone();
    decision.risks = vec![risk.to_owned()];
    put_record(File::Assessment, "decisions", risk, value(&decision))
}

/// Takes the decision on one risk away: it is 案 again.
pub fn undecide_risk(risk: &str) -> Edit {
    remove_record(File::Assessment, "decisions", risk)
}

/// Answers a control of 別紙2 or of the service's own. All spellings of its number are the same.
pub fn answer_control(control: &str, answer: &ControlAnswer) -> Edit {
    let mut answer = answer.clone();
    answer.control = control.to_owned();
    put_record(File::Conformity, "answers", control, value(&answer))
}

/// Answers a line of chapter 6, found by its item, row and place.
pub fn answer_statutory(answer: &StatutoryAnswer) -> Edit {
    let row = answer.row.clone().unwrap_or_default();
    let place = answer.place.clone().unwrap_or_default();
    put_record(File::Conformity, "statutory", vec![answer.item.clone(), row, place], value(answer))
}

/// Writes a treatment.
pub fn treatment(id: &str, treatment: &Treatment) -> Edit {
    let mut treatment = treatment.clone();
    treatment.id = id.to_owned();
    put_record(File::Assessment, "treatments", id, value(&treatment))
}

/// Writes a report of a supplier with its answers.
pub fn take_report(reported: &Reported) -> Vec<Edit> {
    let mut edits = vec![put_record(File::Supply, "reports", reported.report.id.as_str(), value(&reported.report))];
    edits.extend(reported.statements.iter().map(|statement| {
        let id = vec![statement.report.clone(), statement.control.clone()];
        put_record(File::Supply, "statements", id, value(statement))
    }));
    edits.extend(
        reported.claims.iter().map(|claim| {
            put_record(File::Supply, "claims", vec![claim.report.clone(), claim.task.clone()], value(claim))
        }),
    );
    edits.extend(
        reported.request.iter().map(|asked| put_record(File::Supply, "requests", asked.id.as_str(), value(asked))),
    );
    edits
}

/// Writes a record of a list; `list` is a way such as `nodes` or `treatments/=T-A1/measures`.
pub fn put_record(file: File, list: &str, id: impl Into<Identity>, value: Value) -> Edit {
    Edit { file, at: record(list, id.into()), change: Change::Put(value) }
}

/// Removes a record from a list.
pub fn remove_record(file: File, list: &str, id: impl Into<Identity>) -> Edit {
    Edit { file, at: record(list, id.into()), change: Change::Remove }
}

/// Writes a field.
pub fn put_field(file: File, at: Vec<Step>, value: Value) -> Edit {
    Edit { file, at, change: Change::Put(value) }
}

/// Removes a field.
pub fn remove_field(file: File, at: Vec<Step>) -> Edit {
    Edit { file, at, change: Change::Remove }
}

fn record(list: &str, id: Identity) -> Vec<Step> {
    let mut at = way(list).unwrap_or_else(|| vec![Step::Key(list.to_owned())]);
    at.push(Step::Item(id));
    at
}

fn value<T: Serialize>(record: &T) -> Value {
    serde_json::to_value(record).expect("plain values can be written")
}
