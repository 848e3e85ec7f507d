//! 対策項目への答え: every control of 別紙2 and every item of chapter 6 has a status (TREAT-010, INST-001).

mod answer;
mod check;
mod contradiction;
mod measures;
mod own;
mod status;
mod statutory;

use std::collections::{BTreeMap, HashMap};

use shirube_catalog::{Control, ControlId, Library};

pub use answer::*;
pub use own::OwnAnswered;
pub use statutory::{StatutoryState, Verdict};

use crate::finding::{File, Finding, Findings, Severity};
use crate::risk::{Assessment, OWN};

/// A control with its answer.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    pub control: &'static Control,
    pub answer: Option<&'a ControlAnswer>,
}

impl<'a> Answered<'a> {
    /// 未回答 is what nobody has answered; it never looks like anything else.
    pub fn status(&self) -> ControlStatus {
        self.answer.map_or(ControlStatus::Unanswered, |answer| answer.status)
    }

    /// The answer, unless it only says that there is none yet.
    pub fn given(&self) -> Option<&'a ControlAnswer> {
        self.answer.filter(|answer| answer.status != ControlStatus::Unanswered)
    }

    /// Whether somebody answered, but nobody stands behind the answer.
    pub fn is_unsigned(&self) -> bool {
        self.given().is_some_and(|answer| answer.decided.is_none())
    }
}

/// All answers laid over all lists.
#[derive(Debug)]
pub struct Conformity<'a> {
    /// 417, in the order of 別紙2.
    pub controls: Vec<Answered<'a>>,
    /// The service's own, in the order of its file.
    pub own: Vec<OwnAnswered<'a>>,
    pub statutory: Vec<StatutoryState<'a>>,
    pub findings: Vec<Finding>,
}

impl<'a> Conformity<'a> {
    /// How many controls have each status.
    pub fn counts(&self) -> BTreeMap<ControlStatus, usize> {
        let mut counts: BTreeMap<_, _> = ControlStatus::ALL.iter().map(|status| (*status, 0)).collect();
        for answered in &self.controls {
            *counts.entry(answered.status()).or_default() += 1;
        }
        counts
    }

    /// How many controls nobody has answered.
    pub fn unanswered(&self) -> usize {
        self.counts()[&ControlStatus::Unanswered]
    }

    pub fn answer(&self, id: ControlId) -> Option<&Answered<'a>> {
        self.controls.iter().find(|answered| answered.control.id == id)
    }

    /// The lines of chapter 6 that everybody has to answer: all but the optional ones.
    pub fn required(&self) -> impl Iterator<Item = &StatutoryState<'a>> {
        self.statutory.iter().filter(|state| !state.is_optional())
    }
}

/// Lays the answers over the lists and checks them.
pub fn conformity<'a>(
    file: &'a ConformityFile,
    assessment: &Assessment<'a>,
    library: &'static Library,
) -> Conformity<'a> {
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Conformity, list: &mut findings };
    let mut answers: HashMap<ControlId, &ControlAnswer> = HashMap::new();
    let mut of_own: HashMap<&str, &ControlAnswer> = HashMap::new();
    for (i, answer) in file.answers.iter().enumerate() {
        let here = format!("/answers/{i}");
        own::users(answer, assessment, &here, &mut at);
        if answer.control.starts_with(OWN) {
            to_own(answer, assessment, &mut of_own, &here, &mut at);
            continue;
        }
        own::no_revision(answer, &here, &mut at);
        let Some(control) = named(answer, library, &here, &mut at) else {
            continue;
        };
        if answers.insert(control.id, answer).is_some() {
            twice(&control.id.to_string(), &here, &mut at);
        }
        check::control(answer, control, assessment, &here, &mut at);
    }
    let controls: Vec<_> = library
        .provider
        .controls
        .iter()
        .map(|control| Answered { control, answer: answers.get(&control.id).copied() })
        .collect();
    let statutory = statutory::states(file, library, &mut at);
    check::statutory(file, assessment, library, &mut at);
    contradiction::check(file, &statutory, assessment, &mut at);
    let own = own::states(assessment, &of_own);
    let conformity = Conformity { controls, own, statutory, findings: Vec::new() };
    open_points(&conformity, &mut at);
    measures::check(&conformity.controls, assessment, &mut Findings { file: File::Assessment, list: &mut findings });
    Conformity { findings, ..conformity }
}

/// An answer to a control of the service's own.
fn to_own<'a>(
    answer: &'a ControlAnswer,
    assessment: &Assessment,
    answers: &mut HashMap<&'a str, &'a ControlAnswer>,
    here: &str,
    at: &mut Findings,
) {
    let Some(control) = assessment.own_control(&answer.control) else {
        at.add(
            Severity::Error,
            "control-unknown",
            format!("{here}/control"),
            format!("独自の対策項目「{}」は、assessment.yamlのcontrolsにありません。", answer.control),
            "controlsに書いたidと同じ綴りで書いてください。",
        );
        return;
    };
    if answers.insert(&answer.control, answer).is_some() {
        twice(&control.id, here, at);
    }
    check::own(answer, assessment, here, at);
    own::revision(answer, control, here, at);
}

fn twice(id: &str, here: &str, at: &mut Findings) {
    at.add(
        Severity::Error,
        "answer-twice",
        here,
        format!("対策項目{id}への答えが二度書かれています。"),
        "一つにまとめてください。後のものを採ります。",
    );
}

fn named(answer: &ControlAnswer, library: &'static Library, here: &str, at: &mut Findings) -> Option<&'static Control> {
    let (message, found) = match answer.control.parse::<ControlId>() {
        Ok(id) => (format!("対策項目「{id}」は、別紙2にありません。"), library.provider.control(id)),
        Err(error) => (format!("{error}。"), None),
    };
    if found.is_none() {
        let advice = "shirube catalog list で番号を確かめてください。";
        at.add(Severity::Error, "control-unknown", format!("{here}/control"), message, advice);
    }
    found
}

/// What nobody has answered.
fn open_points(conformity: &Conformity, at: &mut Findings) {
    let (all, open) = (conformity.controls.len(), conformity.unanswered());
    if open > 0 {
        at.add(
            Severity::Warning,
            "control-unanswered",
            "/answers",
            format!("対策項目{all}件のうち{open}件が未回答です。"),
            "全項目について対応を確かめることが求められています（5.1.5(1)(ア)）。答えるまで、対応は確認されたことになりません。",
        );
    }
    let open = conformity.required().filter(|state| state.status() == ControlStatus::Unanswered).count();
    if open > 0 {
        at.add(
            Severity::Warning,
            "statutory-unanswered",
            "/statutory",
            format!("第6章（制度上の要求事項）の確認行{}件のうち{open}件が未回答です。", conformity.required().count()),
            "リスクの大小にかかわらず、すべての対象事業者に一律に求められます。行の番号は shirube catalog show 6.2 で見られます。",
        );
    }
}
