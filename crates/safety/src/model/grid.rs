//! Phase × layer: where flows are, and where a reason says why there are none (FLOW-006).

use super::{Flows, Layer, Phase, SystemFile};

/// One cell of the 3×3 grid.
#[derive(Debug, Clone)]
pub struct GridCell {
    pub layer: Layer,
    pub phase: Phase,
    pub flows: usize,
    /// Recorded reason for an empty cell.
    pub reason: Option<String>,
}

/// The nine cells, layer by layer.
pub fn grid(system: &SystemFile, flows: &Flows) -> Vec<GridCell> {
    let cells = Layer::ALL.iter().flat_map(|&layer| Phase::ALL.iter().map(move |&phase| (layer, phase)));
    cells
        .map(|(layer, phase)| {
            let count = flows.list.iter().filter(|flow| flow.layer == layer && flow.phase == phase).count();
            let reason = system.no_flows.iter().find(|none| none.layer == layer && none.phase == phase);
            GridCell { layer, phase, flows: count, reason: reason.map(|none| none.reason.clone()) }
        })
        .collect()
}
