//! 全体構成図 from the model: sites as frames, nodes inside, links, flow numbers (guideline 5.2.1(1)).

use std::collections::HashMap;

use shirube_safety::Service;
use shirube_safety::model::{self, Element, LinkKind};

use super::common::document;
use super::{Deliverable, configuration};
use crate::content::{Block, Document, Figure, Page};
use crate::diagram::{self, Drawing, End, LineStyle, PageShape, Plan};

/// Width and height that the title line and the margins leave on an A3 landscape page.
const ON_PAGE_MM: (f64, f64) = (380.0, 222.0);

/// How much of the diagram is drawn: the steps of 5.2.1(1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// 手順1: sites, devices and media.
    Places,
    /// 手順2: and what joins them.
    Connections,
    /// 手順3: and the flows that people handle.
    People,
    /// 手順4: and the flows that run without people. The whole diagram.
    Devices,
}

impl Step {
    /// In their order.
    pub const ALL: [Self; 4] = [Self::Places, Self::Connections, Self::People, Self::Devices];

    /// As printed over the drawing.
    pub fn title(self) -> &'static str {
        match self {
            Self::Places => "手順1 拠点と、そこにある機器や記憶媒体",
            Self::Connections => "手順2 機器同士の接続と媒体の搬送",
            Self::People => "手順3 人が扱う情報流",
            Self::Devices => "手順4 人が直接扱わない情報流を加えた全体",
        }
    }
}

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::SystemDiagram, Page::A3_LANDSCAPE, source);
    by_procedure(service, &mut document);
    let whole = drawing(service);
    let plan = Plan::new(&whole, on_page());
    document.blocks.push(Block::Figure(figure(service, Step::Devices, &whole, plan.svg(&whole))));
    if !whole.nodes.is_empty() {
        for step in [Step::Places, Step::Connections, Step::People] {
            let shown = at_step(service, whole.clone(), step);
            document.blocks.push(Block::PageBreak);
            document.blocks.push(Block::Figure(figure(service, step, &shown, plan.svg(&shown))));
        }
        document.blocks.push(Block::PageBreak);
    }
    document.blocks.extend(configuration::blocks(service));
    document.data = configuration::sheets(service);
    document
}

/// Where something is kept back from others, the whole goes out in one way only (MODEL-017).
fn by_procedure(service: &Service, document: &mut Document) {
    if service.files.system.disclosed().withholds() {
        let handled = document.meta.confidentiality.iter().map(String::as_str);
        let way = "情報提供の手続（SLA 6.6(3)）でだけ渡す";
        document.meta.confidentiality = Some(handled.chain([way]).collect::<Vec<_>>().join("、"));
    }
}

/// The document with the drawing of one step only.
pub fn step_document(service: &Service, step: Step, source: &str) -> Document {
    let mut document = document(service, Deliverable::SystemDiagram, Page::A3_LANDSCAPE, source);
    by_procedure(service, &mut document);
    let svg = step_svg(service, step, on_page());
    document.blocks.push(Block::Figure(figure(service, step, &drawing_at(service, step), svg)));
    document
}

/// The drawing of a step; what is in the whole diagram stands at the same place in every step.
pub fn step_svg(service: &Service, step: Step, page: PageShape) -> String {
    let whole = drawing(service);
    Plan::new(&whole, page).svg(&at_step(service, whole.clone(), step))
}

pub(super) fn on_page() -> PageShape {
    PageShape::figure(ON_PAGE_MM.0, ON_PAGE_MM.1)
}

pub(super) fn figure(service: &Service, step: Step, drawing: &Drawing, svg: String) -> Figure {
    // The drawing says the rest itself; a sheet of a workbook is named by this.
    let (caption, whole) = match step {
        Step::Places => ("手順1", "の構成"),
        Step::Connections => ("手順2", "の構成"),
        Step::People => ("手順3", "の構成"),
        Step::Devices => ("全体構成図", "の全体構成"),
    };
    Figure {
        caption: caption.to_owned(),
        alt: format!(
            "{}{whole}。拠点{}、機器・媒体{}、接続・搬送{}。番号の内容は情報流一覧の表と同じです。",
            service.files.service.service.name,
            drawing.sites.len(),
            drawing.nodes.len(),
            drawing.links.len()
        ),
        svg,
    }
}

/// The model as a drawing.
pub fn drawing(service: &Service) -> Drawing {
    let file = &service.files.service;
    let mut flows = numbers(service);
    Drawing {
        title: format!("{} 全体構成図", file.service.name),
        sites: sites(service),
        nodes: nodes(service, &mut flows),
        links: links(service, &mut flows),
        notes: Vec::new(),
    }
}

/// The model as a drawing, as far as a step has come.
pub fn drawing_at(service: &Service, step: Step) -> Drawing {
    at_step(service, drawing(service), step)
}

pub(super) fn at_step(service: &Service, mut drawing: Drawing, step: Step) -> Drawing {
    if step != Step::Devices {
        drawing.title = format!("{}　{}", drawing.title, step.title());
    }
    if step == Step::Places {
        drawing.links.clear();
    }
    let handled = |number: &String| {
        step == Step::Devices
            || (step == Step::People
                && service.assessment.flows.list.iter().any(|flow| flow.number == *number && flow.actor.is_some()))
    };
    let nodes = drawing.nodes.iter_mut().map(|node| &mut node.flows);
    for flows in nodes.chain(drawing.links.iter_mut().map(|link| &mut link.flows)) {
        flows.retain(handled);
    }
    drawing
}

type Numbers = HashMap<Element, Vec<String>>;

fn numbers(service: &Service) -> Numbers {
    let mut numbers = Numbers::new();
    for flow in &service.assessment.flows.list {
        numbers.entry(flow.element).or_default().push(flow.number.clone());
    }
    numbers
}

fn party(service: &Service, id: &str) -> String {
    let parties = &service.files.service.parties;
    parties.iter().find(|party| party.id == id).map_or(id.to_owned(), |party| party.name.clone())
}

fn sites(service: &Service) -> Vec<diagram::Site> {
    let site = |site: &model::Site| diagram::Site {
        id: site.id.clone(),
        name: site.name.clone(),
        party: site.within.is_none().then(|| party(service, &site.owner)),
        side: side(site.side),
        parent: site.within.clone(),
    };
    service.files.system.sites.iter().map(site).collect()
}

fn nodes(service: &Service, flows: &mut Numbers) -> Vec<diagram::Node> {
    let system = &service.files.system;
    let host = |id: &String| system.nodes.iter().find(|node| node.id == *id);
    let node = |(at, node): (usize, &model::Node)| {
        let host = node.host.as_ref().and_then(host);
        let on = host.map(|host| format!("（{}上）", host.name)).unwrap_or_default();
        diagram::Node {
            id: node.id.clone(),
            site: node.site.clone().or_else(|| host?.site.clone()),
            name: node.name.clone(),
            kind: format!("{}{on}", node.kind.term()),
            environment: Some(node.environment.term().to_owned()),
            flows: flows.remove(&Element::Node(at)).unwrap_or_default(),
        }
    };
    system.nodes.iter().enumerate().map(node).collect()
}

fn links(service: &Service, flows: &mut Numbers) -> Vec<diagram::Link> {
    let system = &service.files.system;
    let end = |id: &String| {
        let is_site = system.sites.iter().any(|site| &site.id == id);
        if is_site { End::Site(id.clone()) } else { End::Node(id.clone()) }
    };
    let link = |(at, link): (usize, &model::Link)| {
        let [from, to] = &link.between[..] else { return None };
        Some(diagram::Link {
            id: link.id.clone(),
            ends: [end(from), end(to)],
            label: link.name.clone(),
            style: style(link.kind),
            operator: link.operator.as_deref().filter(|_| !link.kind.is_local()).map(|id| party(service, id)),
            flows: flows.remove(&Element::Link(at)).unwrap_or_default(),
        })
    };
    let mut links: Vec<_> = system.links.iter().enumerate().filter_map(link).collect();
    for (at, transport) in system.transports.iter().enumerate() {
        let medium = system.nodes.iter().find(|node| node.id == transport.medium);
        let carrier = system.actors.iter().find(|actor| actor.id == transport.actor);
        links.push(diagram::Link {
            id: transport.id.clone(),
            ends: [End::Site(transport.from.clone()), End::Site(transport.to.clone())],
            label: format!("{}の搬送", medium.map_or(transport.medium.as_str(), |medium| &medium.name)),
            style: LineStyle::Media,
            operator: carrier.map(|carrier| carrier.name.clone()),
            flows: flows.remove(&Element::Transport(at)).unwrap_or_default(),
        });
    }
    links
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
