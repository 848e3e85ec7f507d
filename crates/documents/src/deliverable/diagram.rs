//! 全体構成図 from the model: sites as frames, nodes inside, links, flow numbers (guideline 5.2.1(1)).

use std::collections::HashMap;

use shirube_safety::Service;
use shirube_safety::model::{self, Element, LinkKind};

use super::Deliverable;
use super::common::document;
use crate::content::{Block, Document, Figure, Page};
use crate::diagram::{self, Drawing, End, LineStyle};

/// Width and height that the title line and the margins leave on an A4 landscape page.
const ON_PAGE_MM: (f64, f64) = (257.0, 143.0);

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::SystemDiagram, Page::A4_LANDSCAPE, source);
    let drawing = drawing(service);
    document.blocks.push(Block::Figure(Figure {
        caption: "全体構成図".to_owned(),
        alt: format!(
            "{}の全体構成。拠点{}、機器・媒体{}、接続・搬送{}。内容は情報流一覧の表と同じです。",
            service.files.service.service.name,
            drawing.sites.len(),
            drawing.nodes.len(),
            drawing.links.len()
        ),
        svg: diagram::svg(&drawing, diagram::PageShape::figure(ON_PAGE_MM.0, ON_PAGE_MM.1)),
    }));
    document
}

/// The model as a drawing.
pub fn drawing(service: &Service) -> Drawing {
    let file = &service.files.service;
    let system = &service.files.system;
    let party =
        |id: &str| file.parties.iter().find(|party| party.id == id).map_or(id.to_owned(), |party| party.name.clone());
    let mut numbers: HashMap<Element, Vec<String>> = HashMap::new();
    for flow in &service.assessment.flows.list {
        numbers.entry(flow.element).or_default().push(flow.number.clone());
    }
    let mut flows = |element: Element| numbers.remove(&element).unwrap_or_default();
    let sites = system.sites.iter().map(|site| diagram::Site {
        id: site.id.clone(),
        name: site.name.clone(),
        party: site.within.is_none().then(|| party(&site.owner)),
        side: side(site.side),
        parent: site.within.clone(),
    });
    let nodes = system.nodes.iter().enumerate().map(|(at, node)| diagram::Node {
        id: node.id.clone(),
        site: node.site.clone(),
        name: node.name.clone(),
        kind: node.kind.term().to_owned(),
        environment: Some(node.environment.term().to_owned()),
        flows: flows(Element::Node(at)),
    });
    let nodes: Vec<_> = nodes.collect();
    let end = |id: &String| {
        let is_site = system.sites.iter().any(|site| &site.id == id);
        if is_site { End::Site(id.clone()) } else { End::Node(id.clone()) }
    };
    let links = system.links.iter().enumerate().filter_map(|(at, link)| {
        let [from, to] = &link.between[..] else { return None };
        Some(diagram::Link {
            id: link.id.clone(),
            ends: [end(from), end(to)],
            label: link.name.clone(),
            style: style(link.kind),
            operator: link.operator.as_deref().filter(|_| !link.kind.is_local()).map(party),
            flows: flows(Element::Link(at)),
        })
    });
    let mut links: Vec<_> = links.collect();
    for (at, transport) in system.transports.iter().enumerate() {
        let medium = system.nodes.iter().find(|node| node.id == transport.medium);
        let carrier = system.actors.iter().find(|actor| actor.id == transport.actor);
        links.push(diagram::Link {
            id: transport.id.clone(),
            ends: [End::Site(transport.from.clone()), End::Site(transport.to.clone())],
            label: format!("{}の搬送", medium.map_or(transport.medium.as_str(), |medium| &medium.name)),
            style: LineStyle::Media,
            operator: carrier.map(|carrier| carrier.name.clone()),
            flows: flows(Element::Transport(at)),
        });
    }
    Drawing {
        title: format!("{} 全体構成図", file.service.name),
        sites: sites.collect(),
        nodes,
        links,
        notes: Vec::new(),
    }
}

fn side(side: model::Side) -> diagram::Side {
    match side {
        model::Side::Institution => diagram::Side::Institution,
        model::Side::Between => diagram::Side::Between,
        model::Side::Provider => diagram::Side::Provider,
        model::Side::Other => diagram::Side::Other,
    }
}

fn style(kind: LinkKind) -> LineStyle {
    match kind {
        LinkKind::WiredLan => LineStyle::Wired,
        LinkKind::WirelessLan => LineStyle::Wireless,
        LinkKind::DedicatedLine | LinkKind::ClosedNetwork => LineStyle::ClosedNetwork,
        LinkKind::InternetVpn | LinkKind::IpsecVpn => LineStyle::Vpn,
        LinkKind::PublicNetwork | LinkKind::Https => LineStyle::Open,
    }
}
