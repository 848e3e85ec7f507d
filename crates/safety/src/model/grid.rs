//! Phase × layer: where flows are, and where a reason says why there are none (FLOW-006).

use super::derive::is_given;
use super::{Flows, Layer, NoFlow, Phase, SystemFile};

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
            let given = |none: &&NoFlow| none.layer == layer && none.phase == phase && is_given(&none.reason);
            let reason = system.no_flows.iter().find(given);
            GridCell { layer, phase, flows: count, reason: reason.map(|none| none.reason.clone()) }
        })
        .collect()
}
