//! Measures and requests as cards of the board.

use std::sync::Arc;

use shirube_documents::deliverable::printed;
use shirube_safety::Service;
use shirube_safety::risk::{MeasureStatus, RequestStatus, Treated};

use super::control::DueView;
use super::treatment::anchor;
use crate::filter::fold;

/// One measure or request.
pub struct CardView {
    pub kind: CardKind,
    pub treatment: String,
    pub anchor: String,
    /// Place in the list of its treatment.
    pub at: usize,
    pub text: String,
    /// Token; empty where nobody wrote one.
    pub state: &'static str,
    pub viewpoint: &'static str,
    pub owner: String,
    pub due: Option<DueView>,
    /// Numbers of the risks of its treatment.
    pub risks: Arc<[String]>,
    pub search: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKind {
    Measure,
    Request,
}

/// Where a measure can be, in the order of the board. The first is for those of which nobody wrote it.
const OF_MEASURES: [(&str, &str); 4] =
    [("", "未記入"), ("planned", "予定"), ("in-progress", "実施中"), ("done", "実施済")];

const OF_REQUESTS: [(&str, &str); 5] =
    [("proposed", "提示前"), ("explained", "提示済"), ("accepted", "了承"), ("refused", "不可"), ("done", "実施済")];

impl CardKind {
    /// Name of the list of a treatment.
    pub fn list(self) -> &'static str {
        match self {
            Self::Measure => "measures",
            Self::Request => "requests",
        }
    }

    pub fn states(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Measure => &OF_MEASURES,
            Self::Request => &OF_REQUESTS,
        }
    }
}

impl CardView {
    /// There is something left to do.
    pub fn open(&self) -> bool {
        self.state != "done"
    }
}

pub fn cards(service: &Service) -> Vec<CardView> {
    service.assessment.treated.iter().flat_map(|treated| of_one(service, treated)).collect()
}

fn of_one(service: &Service, treated: &Treated) -> Vec<CardView> {
    let risks: Arc<[String]> =
        treated.risks.iter().map(|&risk| service.assessment.risks[risk].number.clone()).collect();
    let card = |kind, at, text: &str, state, viewpoint| CardView {
        kind,
        treatment: treated.treatment.id.clone(),
        anchor: anchor(treated),
        at,
        text: text.to_owned(),
        state,
        viewpoint,
        owner: String::new(),
        due: None,
        risks: Arc::clone(&risks),
        search: fold(&format!("{} {text}", treated.treatment.id)),
    };
    let measures = treated.treatment.measures.iter().enumerate().map(|(at, measure)| {
        let state = measure.status.map_or("", MeasureStatus::token);
        let mut card = card(CardKind::Measure, at, &measure.text, state, measure.viewpoint.term());
        card.owner = measure.owner.clone().unwrap_or_default();
        card.due =
            measure.due.map(|due| DueView { on: due.0, printed: printed(due, service.files.service.document.dates()) });
        card
    });
    let requests = treated.treatment.requests.iter().enumerate().map(|(at, request)| {
        card(CardKind::Request, at, &request.text, RequestStatus::token(request.status), request.viewpoint.term())
    });
    measures.chain(requests).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The board has a column for every word that the files may hold, with its own term.
    #[test]
    fn every_state_has_its_column() {
        for status in MeasureStatus::ALL {
            assert!(OF_MEASURES.contains(&(status.token(), status.term())), "{status:?}");
        }
        for status in RequestStatus::ALL {
            assert!(OF_REQUESTS.contains(&(status.token(), status.term())), "{status:?}");
        }
    }
}
