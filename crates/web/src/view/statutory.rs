//! Chapter 6 with its answers: the same for every provider (INST-001).

use shirube_documents::deliverable::printed;
use shirube_safety::Service;
use shirube_safety::conformity::{ControlStatus, StatutoryAnswer, StatutoryState};

use super::{SignedView, party_name};

pub struct Statutory {
    pub sections: Vec<StatutorySection>,
    pub total: usize,
    pub open: usize,
}

/// 6.1 to 6.5.
pub struct StatutorySection {
    pub id: String,
    pub title: String,
    pub lines: Vec<StatutoryLine>,
}

pub struct StatutoryLine {
    /// e.g. `6.2-a1`; the number of the section for the section itself.
    pub id: String,
    /// 真正性 and so on; `節の全体` for the section itself.
    pub group: String,
    pub clause: String,
    pub asks: String,
    pub place: String,
    /// The guideline's form has no such line.
    pub optional: bool,
    pub status: ControlStatus,
    /// Labels and texts, without the empty ones.
    pub answer: Vec<(&'static str, String)>,
    pub evidence: Vec<String>,
    pub decided: Option<SignedView>,
    /// Whether a person stands behind the status, here or in the answer of the section.
    pub settled: bool,
}

impl StatutoryLine {
    pub fn is_open(&self) -> bool {
        self.status == ControlStatus::Unanswered
    }

    pub fn is_proposed(&self) -> bool {
        !self.is_open() && !self.settled
    }
}

impl Statutory {
    pub fn new(service: &Service) -> Self {
        let states = &service.answers.conformity.statutory;
        let sections = states.chunk_by(|a, b| a.item.id == b.item.id).map(|of_item| StatutorySection {
            id: of_item[0].item.id.clone(),
            title: of_item[0].item.title.clone(),
            lines: of_item.iter().map(|state| line(service, state)).collect(),
        });
        Self {
            sections: sections.collect(),
            total: service.answers.conformity.required().count(),
            open: service
                .answers
                .conformity
                .required()
                .filter(|state| state.status() == ControlStatus::Unanswered)
                .count(),
        }
    }
}

fn line(service: &Service, state: &StatutoryState) -> StatutoryLine {
    let answer = state.answer.filter(|answer| answer.status != ControlStatus::Unanswered);
    let mut lines = Vec::new();
    if let Some(answer) = answer {
        let explained = explained(service, answer);
        let due = answer.due.map(|due| printed(due, service.files.service.document.dates()));
        let all = [
            ("説明", answer.how.clone()),
            ("理由", answer.reason.clone()),
            ("対応予定日", due.unwrap_or_default()),
            ("医療機関等への説明", explained),
        ];
        lines.extend(all.into_iter().filter(|(_, text)| !text.trim().is_empty()));
    }
    lines.extend(state.verdict.map(|verdict| ("理由", verdict.text())));
    let (id, group, clause, asks, place) = match state.row {
        None => (&state.item.id, "節の全体", "", &state.item.asks, ""),
        Some(row) => (&row.id, row.group.as_str(), row.clause.as_str(), &row.item, row.storage.term()),
    };
    StatutoryLine {
        id: id.clone(),
        group: group.to_owned(),
        clause: clause.to_owned(),
        asks: asks.clone(),
        place: place.to_owned(),
        optional: state.is_optional(),
        settled: state.is_decided(),
        status: state.status(),
        answer: lines,
        evidence: answer.map(|answer| answer.evidence.clone()).unwrap_or_default(),
        decided: answer.and_then(|answer| answer.decided.as_ref()).map(|signed| SignedView::new(service, signed)),
    }
}

/// Whether, when and to whom it was explained.
fn explained(service: &Service, answer: &StatutoryAnswer) -> String {
    let on = answer.explained_on.map(|on| printed(on, service.files.service.document.dates()));
    let to = answer.explained_to.as_deref().map(|id| party_name(service, id));
    let facts: Vec<String> = on.into_iter().chain(to).collect();
    let facts = if facts.is_empty() { String::new() } else { format!("（{}）", facts.join("、")) };
    format!("{}{facts}", answer.explained.term())
}
