//! The steps of 5.2.1 in their order, and how far each has come (MODEL-001).

use super::SystemFile;
use crate::choice::choice;
use crate::finding::{File, Finding, Severity};

choice! {
    /// How far a step has come.
    StepState {
        NotStarted = "not-started", "未着手";
        Open = "open", "途中";
        Complete = "complete", "済";
    }
}

/// One step of the work on the model. A step that was complete opens again with the findings of a later edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelStep {
    /// `手順1` to `手順4`, then `情報流`.
    pub label: &'static str,
    /// What it asks for.
    pub title: &'static str,
    /// What is written so far.
    pub counts: Vec<(&'static str, usize)>,
    pub state: StepState,
    /// Rules whose findings keep the step open, with their number, in the order of the findings.
    pub open: Vec<(&'static str, usize)>,
}

/// Rules that speak of the flows although they point at what the flows come from.
const OF_FLOWS: [&str; 7] = [
    "cell-empty",
    "cell-contradiction",
    "termination-missing",
    "termination-stored",
    "termination-unused",
    "supplier-without-flow",
    "flow-twice",
];

/// Rules of the model; each belongs to the step whose list it points at. Findings of the risks and of the six
/// considerations may point there too, but they are no work on the model.
const OF_MODEL: [&str; 29] = [
    "model-empty",
    "reference-missing",
    "id-twice",
    "id-character",
    "id-empty",
    "id-used-elsewhere",
    "cycle",
    "party-without-element",
    "node-without-site",
    "country-missing",
    "country-abroad",
    "jurisdiction-abroad",
    "environment-missing",
    "environment-contradiction",
    "environment-shared",
    "production-tools",
    "link-loop",
    "link-operator-missing",
    "medium-idle",
    "medium-not-carried",
    "person-missing",
    "verb-unknown",
    "stands-for-missing",
    "class-mixed",
    "class-lowered",
    "minimum-classes",
    "medical-contradiction",
    "reason-blank",
    "reason-unsigned",
];

/// Rules on what people did with the flows.
const OF_REVIEW: [&str; 3] = ["rejection-stale", "flows-not-reviewed", "flows-changed-since"];

/// The five steps. Notes leave a step complete: they say what is worth knowing, not what is missing.
pub fn steps(system: &SystemFile, flows: usize, findings: &[Finding]) -> [ModelStep; 5] {
    let by_people = system.handlings.iter().filter(|handling| handling.actor.is_some()).count();
    let mut steps = [
        step(
            "手順1",
            "どこに、どの機器や記憶媒体があるか",
            &[("拠点", system.sites.len()), ("機器・媒体", system.nodes.len())],
        ),
        step("手順2", "機器同士の接続と媒体の搬送", &[("接続", system.links.len()), ("搬送", system.transports.len())]),
        step("手順3", "人が扱う処理", &[("人", system.actors.len()), ("人が扱う処理", by_people)]),
        step("手順4", "人が直接扱わない処理", &[("処理", system.handlings.len() - by_people)]),
        step("情報流", "導いた情報流の確認", &[("情報流", flows)]),
    ];
    for finding in findings.iter().filter(|finding| finding.severity > Severity::Note) {
        let Some(at) = step_of(system, finding) else { continue };
        let open = &mut steps[at].open;
        match open.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, count)) => *count += 1,
            None => open.push((finding.rule, 1)),
        }
    }
    for step in &mut steps {
        step.state = match (step.counts.iter().all(|(_, count)| *count == 0), step.open.is_empty()) {
            (true, _) => StepState::NotStarted,
            (false, false) => StepState::Open,
            (false, true) => StepState::Complete,
        };
    }
    steps
}

fn step(label: &'static str, title: &'static str, counts: &[(&'static str, usize)]) -> ModelStep {
    ModelStep { label, title, counts: counts.to_vec(), state: StepState::NotStarted, open: Vec::new() }
}

/// The step in which a finding is put right.
fn step_of(system: &SystemFile, finding: &Finding) -> Option<usize> {
    if OF_FLOWS.contains(&finding.rule) || OF_REVIEW.contains(&finding.rule) {
        return Some(4);
    }
    if !OF_MODEL.contains(&finding.rule) {
        return None;
    }
    if finding.place.file != File::System {
        return (finding.rule == "party-without-element").then_some(0);
    }
    let mut path = finding.place.pointer.split('/').skip(1);
    match path.next().unwrap_or_default() {
        "sites" | "nodes" | "no_environments" | "" => Some(0),
        "links" | "transports" => Some(1),
        "actors" | "information" | "information_classes" => Some(2),
        "handlings" => {
            let handling = path.next().and_then(|at| at.parse().ok()).and_then(|at: usize| system.handlings.get(at));
            let without_people = handling.is_some_and(|handling| handling.actor.is_none());
            // Who handles a thing is a question of step 3, also where nobody is named yet.
            Some(if without_people && finding.rule != "person-missing" { 3 } else { 2 })
        }
        "flows" | "rejected_flows" | "no_flows" => Some(4),
        _ => None,
    }
}
