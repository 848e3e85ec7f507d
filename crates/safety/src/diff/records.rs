//! What people wrote down beside the model: decisions, treatments, considerations, answers to chapter 6.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fields::{Fields, value};
use super::{Change, ChangeKind, add, compare};
use crate::conformity::ConformityFile;
use crate::risk::{Assessment, AssessmentFile, Decision};
use crate::service::Service;

/// What of a decision is told elsewhere, as levels and as whether it was made.
const TOLD: [&str; 4] = ["risks", "impact", "likelihood", "needed"];

/// Reasons, people and days of decisions. One decision stands for many risks, so equal sentences come once.
pub(super) fn decisions(before: &Assessment, after: &Assessment, changes: &mut Vec<Change>) {
    let fields = Fields::new::<Decision>(&[]);
    // Many risks share a pair of decisions; each pair is compared once.
    let mut pairs: BTreeMap<(usize, usize), (&Decision, &Decision, Vec<&str>)> = BTreeMap::new();
    compare(
        before.risks.iter().map(|risk| (risk.id.as_str(), risk)),
        after.risks.iter().map(|risk| (risk.id.as_str(), risk)),
        |_, _| {},
        |_, _| {},
        |_, old, new| {
            if let (Some(from), Some(to)) = (old.decision(), new.decision()) {
                let key = (std::ptr::from_ref(from).addr(), std::ptr::from_ref(to).addr());
                pairs.entry(key).or_insert_with(|| (from, to, Vec::new())).2.push(&new.number);
            }
        },
    );
    let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (from, to, numbers) in pairs.values() {
        let (from, to) = (value(*from), value(*to));
        if from != to {
            for text in fields.differences(&from, &to, &TOLD) {
                said.entry(numbers[0]).or_default().push(format!("{}の{text}", together(numbers)));
            }
        }
    }
    said.into_values().flatten().for_each(|text| add(changes, ChangeKind::Risk, true, text));
}

/// `R-A3ほか4件のリスク`.
fn together(numbers: &[&str]) -> String {
    match numbers {
        [one] => (*one).to_owned(),
        _ => format!("{}ほか{}件のリスク", numbers[0], numbers.len() - 1),
    }
}

/// The rest of `assessment.yaml`: own threats, what does not apply, treatments, requests, considerations, reviews.
pub(super) fn assessment(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let (old, new) = (value(&before.files.assessment), value(&after.files.assessment));
    let risks = after.assessment.risks.iter().chain(&before.assessment.risks);
    let numbers = risks.map(|risk| (risk.id.as_str(), risk.number.as_str()));
    let fields = Fields::new::<AssessmentFile>(&[&new, &old]).with_names(numbers);
    let parts = [
        ("threats", ChangeKind::Risk, false),
        ("threats_reviewed", ChangeKind::Risk, false),
        ("scenarios", ChangeKind::Risk, false),
        ("controls", ChangeKind::Control, true),
        ("identification_closed", ChangeKind::Risk, false),
        ("not_applicable", ChangeKind::Risk, true),
        ("considerations", ChangeKind::Treatment, true),
        ("reviews", ChangeKind::Risk, false),
    ];
    for (part, kind, agreed) in parts {
        tell(&fields, &only(&old, part), &only(&new, part), kind, agreed, changes);
    }
    let (split_old, split_new) = (without_requests(&old), without_requests(&new));
    tell(&fields, &split_old.0, &split_new.0, ChangeKind::Treatment, true, changes);
    tell(&fields, &split_old.1, &split_new.1, ChangeKind::Request, true, changes);
}

/// Answers to chapter 6.
pub(super) fn statutory(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let (old, new) = (value(&before.files.conformity), value(&after.files.conformity));
    let fields = Fields::new::<ConformityFile>(&[]);
    tell(&fields, &only(&old, "statutory"), &only(&new, "statutory"), ChangeKind::Control, true, changes);
}

fn tell(fields: &Fields, old: &Value, new: &Value, kind: ChangeKind, agreed: bool, changes: &mut Vec<Change>) {
    fields.differences(old, new, &[]).into_iter().for_each(|text| add(changes, kind, agreed, text));
}

fn only(file: &Value, part: &str) -> Value {
    json!({ part: file[part] })
}

/// The treatments without their requests to institutions, and the requests without the rest.
fn without_requests(file: &Value) -> (Value, Value) {
    let treatments = file["treatments"].as_array().cloned().unwrap_or_default();
    let requests = treatments.iter().map(|one| json!({ "id": one["id"], "requests": one["requests"] }));
    let requests: Vec<Value> = requests.collect();
    let rest = treatments.into_iter().map(|mut one| {
        if let Some(fields) = one.as_object_mut() {
            fields.remove("requests");
        }
        one
    });
    (json!({ "treatments": rest.collect::<Vec<_>>() }), json!({ "treatments": requests }))
}
