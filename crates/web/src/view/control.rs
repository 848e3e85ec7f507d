//! The 417 controls of 別紙2 with their answers.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use shirube_catalog::{Agreement, Certainty, GroupExplanation, Kubun, Requirement, Viewpoint, explanations};
use shirube_documents::deliverable::printed;
use shirube_safety::Service;
use shirube_safety::conformity::{Answered, ControlAnswer, ControlStatus};

use super::SignedView;
use super::risk::ScenarioView;
use crate::filter::fold;

/// One control.
pub struct ControlView {
    pub id: String,
    /// Spelling for addresses.
    pub ascii: String,
    pub middle: &'static str,
    pub middle_title: &'static str,
    pub minor: String,
    pub minor_title: &'static str,
    pub viewpoint: Viewpoint,
    pub kubun: Kubun,
    pub agreement: Agreement,
    pub wording: &'static str,
    pub modality: &'static str,
    pub actor: &'static str,
    pub scenario: Option<ScenarioView>,
    /// False where the copy does not show which scenario belongs to the control.
    pub scenario_certain: bool,
    /// Of the institutions' guideline.
    pub requirements: Vec<&'static Requirement>,
    /// How sure the requirements are.
    pub link: &'static str,
    pub flags: Vec<&'static str>,
    pub evidence: &'static [String],
    /// What holds for every item of its 大項目.
    pub group: Option<&'static GroupExplanation>,
    pub note: Option<&'static str>,
    pub status: ControlStatus,
    pub answer: Option<AnswerView>,
    pub owner: String,
    pub due: Option<DueView>,
    /// Risks of this service that share the scenario.
    pub risks: usize,
    /// What a search looks through; folded at the first search.
    folded: OnceLock<String>,
}

/// A promised day.
pub struct DueView {
    pub on: chrono::NaiveDate,
    pub printed: String,
}

/// What the provider answered.
pub struct AnswerView {
    /// Labels and texts, without the empty ones.
    pub lines: Vec<(&'static str, String)>,
    pub evidence: Vec<String>,
    /// Numbers of the risks it names.
    pub risks: Vec<String>,
    pub decided: Option<SignedView>,
}

impl AnswerView {
    /// Start of the answer, for the list.
    pub fn short(&self) -> &str {
        self.lines.first().map_or("", |(_, text)| text)
    }
}

impl ControlView {
    /// What good evidence is: of the item itself, else of its 大項目.
    pub fn good_evidence(&self) -> &[String] {
        match (self.evidence, self.group) {
            ([], Some(group)) => &group.evidence,
            (own, _) => own,
        }
    }

    /// Answered, but not by a named person yet.
    pub fn is_proposed(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.decided.is_none())
    }

    pub fn is_open(&self) -> bool {
        self.status == ControlStatus::Unanswered
    }

    /// What a search looks through.
    pub fn text(&self) -> &str {
        self.folded.get_or_init(|| {
            let evidence = self.evidence.join(" ");
            let (middle, minor) = (self.middle_title, self.minor_title);
            fold(&format!("{} {} {middle} {minor} {} {evidence}", self.id, self.ascii, self.wording))
        })
    }
}

/// The word of 合意 for lists; empty where nothing is asked.
pub fn agreement_term(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Yes => "合意",
        Agreement::Consent => "了承・理解",
        Agreement::No => "",
    }
}

pub fn controls(service: &Service) -> Vec<ControlView> {
    let risks = risks_by_scenario(service);
    service.answers.conformity.controls.iter().map(|answered| view(service, &risks, answered)).collect()
}

/// How many risks of this service have each scenario.
fn risks_by_scenario<'a>(service: &Service<'a>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for risk in &service.assessment.risks {
        let own: BTreeSet<&str> = risk.scenarios.iter().map(String::as_str).collect();
        for scenario in own {
            *counts.entry(scenario).or_default() += 1;
        }
    }
    counts
}

fn view(service: &Service, risks: &HashMap<&str, usize>, answered: &Answered) -> ControlView {
    let control = answered.control;
    let library = service.assessment.library;
    let provider = &library.provider;
    let scenario = control.scenario.as_deref().and_then(|id| provider.scenario(id));
    // An entry whose status is 未回答 is no answer.
    let answer = answered.answer.filter(|answer| answer.status != ControlStatus::Unanswered);
    ControlView {
        folded: OnceLock::new(),
        id: control.id.to_string(),
        ascii: control.id.ascii(),
        middle: &control.middle,
        middle_title: &control.middle_title,
        minor: control.id.minor_item(),
        minor_title: &control.minor_title,
        viewpoint: control.viewpoint(),
        kubun: control.kubun,
        agreement: control.agreement,
        wording: &control.text,
        group: explanations().group(&control.middle),
        modality: control.modality.term(),
        actor: control.actor.term(),
        scenario: scenario.map(|scenario| ScenarioView {
            id: &scenario.id,
            text: &scenario.text,
            doubt: (scenario.certainty != Certainty::Seen).then(|| scenario.certainty.term()),
        }),
        scenario_certain: control.scenario_certain,
        requirements: control.requirements.iter().filter_map(|id| library.requirement(id)).collect(),
        link: control.link.term(),
        flags: control.flags.iter().map(|flag| flag.term()).collect(),
        evidence: &control.evidence,
        note: control.note.as_deref(),
        status: answered.status(),
        answer: answer.map(|answer| answer_view(service, answer)),
        owner: answered.answer.map(|answer| answer.owner.trim().to_owned()).unwrap_or_default(),
        due: answered
            .answer
            .and_then(|answer| answer.due)
            .map(|due| DueView { on: due.0, printed: printed(due, service.files.service.document.dates()) }),
        risks: control.scenario.as_deref().and_then(|scenario| risks.get(scenario)).copied().unwrap_or(0),
    }
}

fn answer_view(service: &Service, answer: &ControlAnswer) -> AnswerView {
    let due = answer.due.map(|due| printed(due, service.files.service.document.dates()));
    let all = [
        ("どのように満たすか", answer.how.clone()),
        ("理由", answer.reason.clone()),
        ("対応予定日", due.unwrap_or_default()),
        ("当てはまる範囲", answer.scope.clone()),
        ("例外", answer.exceptions.clone()),
        ("合意する内容", answer.agreement.clone()),
        ("担当", answer.owner.clone()),
    ];
    let lines: Vec<_> = all.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect();
    let risks = answer.risks.iter().filter_map(|id| service.assessment.risk(id));
    AnswerView {
        lines,
        evidence: answer.evidence.clone(),
        risks: risks.map(|risk| risk.number.clone()).collect(),
        decided: answer.decided.as_ref().map(|signed| SignedView::new(service, signed)),
    }
}
