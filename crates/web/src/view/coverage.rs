//! Flow × threat: what each of the threats means for each flow (RISK-002).

use std::collections::HashMap;

use shirube_safety::Service;
use shirube_safety::risk::Cell;

/// The whole table with its reasons.
pub struct Coverage {
    pub threats: Vec<(String, String)>,
    pub rows: Vec<CoverageRow>,
    /// Distinct reasons, in the order of their numbers.
    pub reasons: Vec<String>,
    pub cells: usize,
    pub with_risks: usize,
    pub with_reason: usize,
}

pub struct CoverageRow {
    pub flow_number: String,
    pub place: String,
    pub which: String,
    pub cells: Vec<CoverageCell>,
}

/// Never blank.
pub enum CoverageCell {
    /// This many risks of this threat.
    Risks { threat: String, count: usize },
    /// The number of the reason, from 1.
    Reason { number: usize, by_person: bool },
}

impl Coverage {
    pub fn new(service: &Service) -> Self {
        let assessment = &service.assessment;
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut reasons: Vec<String> = Vec::new();
        let mut number = |reason: String| {
            *numbers.entry(reason).or_insert_with_key(|reason| {
                reasons.push(reason.clone());
                reasons.len()
            })
        };
        let rows = assessment.flows.list.iter().enumerate().map(|(at, flow)| CoverageRow {
            flow_number: flow.number.clone(),
            place: flow.place.clone(),
            which: flow.which.clone(),
            cells: assessment
                .threats
                .iter()
                .enumerate()
                .map(|(threat, name)| match assessment.cell(at, threat) {
                    Cell::Risks(risks) => CoverageCell::Risks { threat: name.id.clone(), count: risks.len() },
                    Cell::NotApplicable(reason) => {
                        CoverageCell::Reason { number: number((*reason).to_owned()), by_person: false }
                    }
                    Cell::Excluded(signed) => {
                        let reason = format!("{}（{}が{}に決定）", signed.reason, signed.by, signed.on);
                        CoverageCell::Reason { number: number(reason), by_person: true }
                    }
                })
                .collect(),
        });
        let rows: Vec<CoverageRow> = rows.collect();
        let counts = assessment.counts();
        Self {
            threats: assessment.threats.iter().map(|threat| (threat.id.clone(), threat.name.clone())).collect(),
            rows,
            reasons,
            cells: counts.cells,
            with_risks: counts.cells_with_risks,
            with_reason: counts.cells_with_reason,
        }
    }
}
