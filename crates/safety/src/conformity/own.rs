//! Answers to own controls (CATALOG-023), and to whom 利用者 refers in an answer (CATALOG-028).

use std::collections::HashMap;

use shirube_catalog::Standing;

use super::answer::{ControlAnswer, ControlStatus};
use crate::finding::{Findings, Severity};
use crate::model::{UserKind, reckoned_on, user_kind};
use crate::risk::{Assessment, OwnControl, release_on};

/// An own control with its answer.
#[derive(Debug, Clone, Copy)]
pub struct OwnAnswered<'a> {
    pub control: &'a OwnControl,
    /// Whether it counts on the day of the documents.
    pub standing: Standing,
    pub answer: Option<&'a ControlAnswer>,
}

impl OwnAnswered<'_> {
    pub fn status(&self) -> ControlStatus {
        self.answer.map_or(ControlStatus::Unanswered, |answer| answer.status)
    }

    /// Whether people have to do something: approve it, answer it, or stand behind the answer.
    pub fn is_open(&self) -> bool {
        let signed = self.answer.is_some_and(|answer| answer.decided.is_some());
        match self.standing {
            Standing::Draft => true,
            Standing::Coming => false,
            Standing::InForce => self.status() == ControlStatus::Unanswered || !signed,
        }
    }

    /// The text the answer was given to, where that is no longer the control's.
    pub fn answered_text(&self) -> Option<(u32, Option<&str>)> {
        let seen = self.answer?.revision.filter(|seen| *seen != self.control.revision)?;
        let earlier = self.control.history.iter().find(|earlier| earlier.revision == seen);
        Some((seen, earlier.map(|earlier| earlier.text.as_str())))
    }
}

/// Own controls in the order of the file, each with its answer.
pub(super) fn states<'a>(
    assessment: &Assessment<'a>,
    answers: &HashMap<&str, &'a ControlAnswer>,
) -> Vec<OwnAnswered<'a>> {
    let day = reckoned_on(assessment.service);
    let mut states: Vec<OwnAnswered<'a>> = Vec::new();
    for control in &assessment.decisions.controls {
        if !states.iter().any(|state| state.control.id == control.id) {
            let answer = answers.get(control.id.as_str()).copied();
            states.push(OwnAnswered { control, standing: release_on(control.release.as_ref(), day), answer });
        }
    }
    states
}

/// What an answer to an own control says about the revision it was given to.
pub(super) fn revision(answer: &ControlAnswer, control: &OwnControl, here: &str, at: &mut Findings) {
    let Some(seen) = answer.revision else {
        if control.revision > 1 {
            at.add(
                Severity::Warning,
                "answer-revision-missing",
                here,
                format!("{}は第{}版まで改めていますが、どの版を見た答えかがありません。", control.id, control.revision),
                "revisionに、答えたときに見た版を書いてください。",
            );
        }
        return;
    };
    let here = format!("{here}/revision");
    if seen < control.revision {
        at.add(
            Severity::Warning,
            "answer-revision-old",
            here,
            format!("{}への答えは第{seen}版を見たものですが、今は第{}版です。", control.id, control.revision),
            "今の文を読み、答えがそのままでよければrevisionを改めてください。",
        );
    } else if seen > control.revision {
        at.add(
            Severity::Error,
            "answer-revision-unknown",
            here,
            format!("{}に第{seen}版はありません。今は第{}版です。", control.id, control.revision),
            "見た版の番号を書いてください。",
        );
    }
}

/// A revision means nothing for the guideline's own controls: theirs is the edition.
pub(super) fn no_revision(answer: &ControlAnswer, here: &str, at: &mut Findings) {
    if answer.revision.is_some() {
        at.add(
            Severity::Warning,
            "answer-revision-unused",
            format!("{here}/revision"),
            format!("{}はガイドラインの対策項目なので、版の番号（revision）は使いません。", answer.control),
            "この行を外してください。ガイドラインの版はeditionsに書きます。",
        );
    }
}

/// Whether the people an answer calls 利用者 are those of the model.
pub(super) fn users(answer: &ControlAnswer, assessment: &Assessment, here: &str, at: &mut Findings) {
    let kinds: Vec<Option<UserKind>> =
        assessment.system.actors.iter().map(|actor| user_kind(assessment.service, actor)).collect();
    let mut absent = |kind: UserKind, pointer: String| {
        if !kinds.contains(&Some(kind)) {
            let unknown =
                if kinds.contains(&None) { "種類（kind）の書かれていない人がいます。" } else { "" };
            at.add(
                Severity::Warning,
                "users-absent",
                pointer,
                format!(
                    "{}の「利用者」に{}がありますが、モデルの人（actors）にいません。",
                    answer.control,
                    kind.term()
                ),
                format!("system.yamlのactorsにその人とkindを書くか、usersから外してください。{unknown}"),
            );
        }
    };
    for (u, kind) in answer.users.iter().enumerate() {
        absent(*kind, format!("{here}/users/{u}"));
    }
    for (f, on_flow) in answer.users_by_flow.iter().enumerate() {
        for (u, kind) in on_flow.users.iter().enumerate() {
            absent(*kind, format!("{here}/users_by_flow/{f}/users/{u}"));
        }
    }
    for (f, on_flow) in answer.users_by_flow.iter().enumerate() {
        let pointer = format!("{here}/users_by_flow/{f}/flow");
        let Some(flow) = assessment.flows.index(&on_flow.flow).map(|at| &assessment.flows.list[at]) else {
            at.add(
                Severity::Warning,
                "flow-gone",
                pointer,
                format!("情報流「{}」は、今のモデルにありません。", on_flow.flow),
                "今のidは shirube flows で確かめられます。",
            );
            continue;
        };
        let acts = flow.actor.and_then(|actor| kinds[actor]);
        if let Some(kind) = acts.filter(|kind| !on_flow.users.contains(kind)) {
            at.add(
                Severity::Warning,
                "users-flow",
                pointer,
                format!(
                    "情報流{}で情報を扱うのは{}ですが、{}の「利用者」に入っていません。",
                    flow.number,
                    kind.term(),
                    answer.control
                ),
                "その情報流で誰を「利用者」とするのかを確かめてください。",
            );
        }
    }
}
