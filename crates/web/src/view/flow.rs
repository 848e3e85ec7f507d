//! 情報流 by layer and phase.

use shirube_safety::Service;
use shirube_safety::model::{Layer, Phase, grid, termination_gaps};

use super::RiskView;
use crate::filter::fold;

/// One 情報流 as the table shows it.
pub struct FlowView {
    pub number: String,
    pub layer: Layer,
    pub phase: Phase,
    pub who: String,
    pub place: String,
    pub which: String,
    pub what: String,
    pub how: String,
    pub sentence: String,
    pub class: String,
    /// What a treatment decided about the flow itself.
    pub avoided: Option<&'static str>,
    pub risks: usize,
    pub proposed: usize,
    /// Its element has no 契約終了 flow and no reason.
    pub unended: bool,
    /// What the search looks through.
    pub text: String,
}

/// All flows with their grid.
pub struct Flows {
    pub list: Vec<FlowView>,
    /// Layer by layer, phase by phase.
    pub grid: Vec<GridRow>,
    pub rejected: Vec<Rejected>,
}

pub struct GridRow {
    pub layer: Layer,
    pub cells: Vec<GridView>,
}

/// One cell of layer × phase.
pub struct GridView {
    pub layer: Layer,
    pub phase: Phase,
    pub flows: usize,
    /// Recorded reason for an empty cell.
    pub reason: Option<String>,
    /// What to look at here.
    pub viewpoint: String,
}

/// A derived flow the author did not take.
pub struct Rejected {
    pub sentence: String,
    pub reason: String,
}

impl GridView {
    /// Anchor of its table.
    pub fn anchor(&self) -> String {
        format!("{}-{}", self.layer.token(), self.phase.token())
    }
}

impl Flows {
    pub fn new(service: &Service, risks: &[RiskView]) -> Self {
        let assessment = &service.assessment;
        let unended = termination_gaps(assessment.system, &assessment.flows).unended;
        let mut counts = vec![(0, 0); assessment.flows.list.len()];
        for (risk, view) in assessment.risks.iter().zip(risks) {
            counts[risk.flow].0 += 1;
            counts[risk.flow].1 += usize::from(!view.is_decided());
        }
        let flows = assessment.flows.list.iter().zip(counts).map(|(flow, (risks, proposed))| {
            let class = assessment.class_name(flow).to_owned();
            let sentence = flow.sentence();
            FlowView {
                text: fold(&format!("{} {sentence} {class} {}", flow.number, flow.id)),
                number: flow.number.clone(),
                layer: flow.layer,
                phase: flow.phase,
                who: flow.who_cell(),
                place: flow.where_cell(),
                which: flow.which_cell(),
                what: flow.what_cell(),
                how: flow.how.clone(),
                sentence,
                class,
                avoided: assessment.avoided(flow).map(|avoidance| avoidance.action.term()),
                risks,
                proposed,
                unended: unended.contains(&flow.element),
            }
        });
        let rejected = assessment.flows.rejected.iter().map(|(flow, at)| Rejected {
            sentence: flow.sentence(),
            reason: assessment.system.rejected_flows[*at].reason.clone(),
        });
        Self { list: flows.collect(), grid: grid_rows(service), rejected: rejected.collect() }
    }

    /// Place of a flow in the list.
    pub fn position(&self, number: &str) -> Option<usize> {
        self.list.iter().position(|flow| flow.number == number)
    }
}

fn grid_rows(service: &Service) -> Vec<GridRow> {
    let viewpoints = &service.assessment.library.provider.viewpoints;
    let cells = grid(service.assessment.system, &service.assessment.flows).into_iter().map(|cell| {
        let viewpoint =
            viewpoints.iter().find(|text| text.layer == cell.layer.token() && text.phase == cell.phase.token());
        GridView {
            layer: cell.layer,
            phase: cell.phase,
            flows: cell.flows,
            reason: cell.reason,
            viewpoint: viewpoint.map(|viewpoint| viewpoint.text.clone()).unwrap_or_default(),
        }
    });
    let mut rows: Vec<GridRow> = Vec::new();
    for cell in cells {
        match rows.last_mut() {
            Some(row) if row.layer == cell.layer => row.cells.push(cell),
            _ => rows.push(GridRow { layer: cell.layer, cells: vec![cell] }),
        }
    }
    rows
}
