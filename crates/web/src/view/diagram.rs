//! 全体構成図, drawn once and once more for every flow somebody asks for.

use std::sync::OnceLock;

use shirube_documents::deliverable::drawing;
use shirube_documents::diagram::{Drawing, PageShape, svg, svg_highlighting};
use shirube_safety::Service;

/// The drawing with and without a strong flow.
pub struct Diagram {
    drawing: Drawing,
    plain: String,
    /// By place of the flow in the list.
    highlighted: Vec<OnceLock<String>>,
}

impl Diagram {
    pub fn new(service: &Service) -> Self {
        let drawing = drawing(service);
        let flows = service.assessment.flows.list.len();
        Self {
            plain: inline(&svg(&drawing, PageShape::A4_LANDSCAPE)),
            highlighted: (0..flows).map(|_| OnceLock::new()).collect(),
            drawing,
        }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.drawing.nodes.is_empty() && self.drawing.sites.is_empty()
    }

    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// The drawing with the flow at a place of the list strong. Laying it out takes a moment, so it is kept.
    pub fn highlighting(&self, at: usize, number: &str) -> &str {
        self.highlighted[at].get_or_init(|| inline(&svg_highlighting(&self.drawing, PageShape::A4_LANDSCAPE, number)))
    }
}

/// The drawing as part of a page: without the XML declaration.
fn inline(svg: &str) -> String {
    svg.find("<svg").map_or(svg, |start| &svg[start..]).to_owned()
}
