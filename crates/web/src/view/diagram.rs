//! 全体構成図, drawn once and once more for every flow somebody asks for; each part of it leads to what is known of it.

use std::sync::OnceLock;

use shirube_documents::deliverable::drawing;
use shirube_documents::diagram::{Drawing, End, LineStyle, PageShape, Part, svg_linked};
use shirube_safety::Service;

use crate::query::link;

/// The drawing with and without a strong flow.
pub struct Diagram {
    drawing: Drawing,
    plain: OnceLock<String>,
    /// By place of the flow in the list.
    highlighted: Vec<OnceLock<String>>,
}

/// A node or a link of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen<'a> {
    Node(&'a str),
    Link(&'a str),
}

/// What is shown beside the drawing of the part that was chosen.
pub struct Element<'a> {
    pub name: String,
    pub kind: &'a str,
    /// Numbers of its flows.
    pub flows: &'a [String],
    /// List of the model that has its record.
    pub list: &'static str,
    /// Names of what it is joined with, each with its id where that is a node.
    pub beside: Vec<(String, Option<&'a str>)>,
}

/// Stands in the kept drawings for what the addresses of the service begin with.
const BASE: &str = "~base";

impl Diagram {
    pub fn new(service: &Service) -> Self {
        let drawing = drawing(service);
        let flows = service.assessment.flows.list.len();
        let highlighted = (0..flows).map(|_| OnceLock::new()).collect();
        Self { plain: OnceLock::new(), highlighted, drawing }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.drawing.nodes.is_empty() && self.drawing.sites.is_empty()
    }

    /// The drawing for pages below `base`, with one part marked if one is chosen. Laying it out takes longer than working
    /// out the rest of a service, so it waits for the first reader.
    pub fn plain(&self, base: &str, chosen: Option<Chosen>) -> String {
        placed(self.plain.get_or_init(|| draw(&self.drawing, None)), base, chosen)
    }

    /// The drawing with the flow at a place of the list strong. Laying it out takes a moment, so it is kept.
    pub fn highlighting(&self, base: &str, at: usize, number: &str) -> String {
        placed(self.highlighted[at].get_or_init(|| draw(&self.drawing, Some(number))), base, None)
    }

    /// What is known of a part; `None` if the drawing has none of that id.
    pub fn element(&self, chosen: Chosen) -> Option<Element<'_>> {
        match chosen {
            Chosen::Node(id) => {
                let node = self.drawing.nodes.iter().find(|node| node.id == id)?;
                let joined = self.drawing.links.iter().filter_map(|link| {
                    let at = link.ends.iter().position(|end| *end == End::Node(id.to_owned()))?;
                    Some(&link.ends[1 - at])
                });
                let mut beside: Vec<_> = joined.map(|end| self.end(end)).collect();
                beside.sort();
                beside.dedup();
                Some(Element { name: node.name.clone(), kind: &node.kind, flows: &node.flows, list: "nodes", beside })
            }
            Chosen::Link(id) => {
                let link = self.drawing.links.iter().find(|link| link.id == id)?;
                let beside: Vec<_> = link.ends.iter().map(|end| self.end(end)).collect();
                let names: Vec<&str> = beside.iter().map(|(name, _)| name.as_str()).collect();
                let list = if link.style == LineStyle::Media { "transports" } else { "links" };
                Some(Element { name: names.join(" — "), kind: &link.label, flows: &link.flows, list, beside })
            }
        }
    }

    fn end<'a>(&'a self, end: &'a End) -> (String, Option<&'a str>) {
        match end {
            End::Node(id) => {
                let node = self.drawing.nodes.iter().find(|node| node.id == *id);
                (node.map_or(id, |node| &node.name).clone(), node.map(|node| node.id.as_str()))
            }
            End::Site(id) => {
                let site = self.drawing.sites.iter().find(|site| site.id == *id);
                (site.map_or(id, |site| &site.name).clone(), None)
            }
        }
    }
}

/// The drawing of a service that is kept nowhere, for pages below `base`.
pub fn drawn(service: &Service, base: &str, chosen: Option<Chosen>) -> Option<String> {
    let drawing = drawing(service);
    let empty = drawing.nodes.is_empty() && drawing.sites.is_empty();
    (!empty).then(|| placed(&draw(&drawing, None), base, chosen))
}

/// The drawing as part of a page: without the XML declaration.
fn draw(drawing: &Drawing, flow: Option<&str>) -> String {
    let leads = |part: Part| {
        let (key, value) = match part {
            Part::Node(id) => ("node", id),
            Part::Link(id) => ("link", id),
            Part::Flow(number) => ("flow", number),
        };
        format!("{}#chosen", link(&format!("{BASE}/diagram"), &[(key, value)]))
    };
    let svg = svg_linked(drawing, PageShape::A4_LANDSCAPE, flow, &leads);
    svg.find("<svg").map_or(svg.as_str(), |start| &svg[start..]).to_owned()
}

fn placed(svg: &str, base: &str, chosen: Option<Chosen>) -> String {
    let svg = svg.replace(&format!("href=\"{BASE}"), &format!("href=\"{base}"));
    let (class, data, id) = match chosen {
        Some(Chosen::Node(id)) => ("node", "data-node", id),
        Some(Chosen::Link(id)) => ("link", "data-link", id),
        None => return svg,
    };
    let id = id.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let marked = format!("{data}=\"{id}\"");
    // The class comes first in the tag of the part.
    match svg.find(&marked).and_then(|at| svg[..at].rfind("<g class=\"").map(|start| start + "<g class=\"".len())) {
        Some(at) if svg[at..].starts_with(class) => format!("{}chosen {}", &svg[..at], &svg[at..]),
        _ => svg,
    }
}
