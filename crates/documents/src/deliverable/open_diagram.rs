//! The 全体構成図 for anybody: what is sensitive is left out or shown by its kind only (MODEL-017).
//!
//! Nothing of the author's ids stays, and no flow numbers: they lead to lists that only partners get.

use std::collections::{BTreeMap, HashMap, HashSet};

use shirube_safety::Service;
use shirube_safety::model::{Disclosed, Disclosure, LinkKind, NodeKind, Side, SystemFile};

use super::Deliverable;
use super::common::document;
use super::diagram::{Step, at_step, drawing, figure, on_page};
use crate::content::{Block, Document, Page};
use crate::diagram::{Drawing, End, Node, PageShape, Plan, Site};

/// Stands under the drawing where something was kept back.
const WITHHELD: &str = "安全管理のため、一部の機器や接続を省くか、種類だけで示しています。";

/// The drawing for anybody, as far as a step has come.
pub fn open_drawing(service: &Service, step: Step) -> Drawing {
    let mut drawing = Withholding::new(service).applied(drawing(service));
    drawing.title = format!("{} 全体構成図（公開用）", service.files.service.service.name);
    at_step(service, drawing, step)
}

/// The drawing for anybody as SVG.
pub fn open_svg(service: &Service, step: Step, page: PageShape) -> String {
    let drawing = open_drawing(service, step);
    Plan::new(&drawing, page).svg(&drawing)
}

/// The document for anybody: the drawing alone, without the tables of the model.
pub fn open_diagram(service: &Service, step: Step, source: &str) -> Document {
    let mut document = document(service, Deliverable::SystemDiagram, Page::A3_LANDSCAPE, source);
    document.title = format!("{}（公開用）", document.title);
    let drawing = open_drawing(service, step);
    let svg = Plan::new(&drawing, on_page()).svg(&drawing);
    let mut figure = figure(service, step, &drawing, svg);
    figure.alt = format!(
        "{}の全体構成（公開用）。拠点{}、機器・媒体{}、接続・搬送{}。",
        service.files.service.service.name,
        drawing.sites.len(),
        drawing.nodes.len(),
        drawing.links.len()
    );
    document.blocks.push(Block::Figure(figure));
    document
}

/// What of a model is kept back, and what stands in its place.
struct Withholding<'a> {
    system: &'a SystemFile,
    disclosed: Disclosed,
    /// Names that may stand nowhere in the drawing, not even inside another name.
    names: HashSet<&'a str>,
}

impl<'a> Withholding<'a> {
    fn new(service: &'a Service) -> Self {
        let system = &service.files.system;
        let disclosed = system.disclosed();
        let kept_back = |(name, disclosure): (&'a str, &Disclosure)| (*disclosure != Disclosure::Shown).then_some(name);
        let sites = system.sites.iter().map(|site| site.name.as_str()).zip(&disclosed.sites).filter_map(kept_back);
        let nodes = system.nodes.iter().zip(&disclosed.nodes).flat_map(|(node, disclosure)| {
            let names = [Some(node.name.as_str()), node.name_on_platform.as_deref()];
            names.into_iter().flatten().filter(|_| *disclosure != Disclosure::Shown)
        });
        // A link next to something kept back is not sensitive by itself; only one that says so keeps its name back.
        let links = system.links.iter().filter(|link| link.disclosure != Disclosure::Shown);
        let names = sites.chain(nodes).chain(links.map(|link| link.name.as_str()));
        let names = names.map(str::trim).filter(|name| !name.is_empty() && !is_general(name)).collect();
        Self { system, disclosed, names }
    }

    fn speaks(&self, text: &str) -> bool {
        self.names.iter().any(|name| text.contains(name))
    }

    /// The same drawing without what is kept back, under ids that say nothing.
    fn applied(&self, whole: Drawing) -> Drawing {
        let withholds = self.disclosed.withholds();
        let (sites, site_ids) = self.sites(whole.sites);
        let (nodes, node_ids) = self.nodes(whole.nodes, &site_ids);
        let end = |end: &End| match end {
            End::Node(id) => node_ids.get(id).cloned().map(End::Node),
            End::Site(id) => site_ids.get(id).cloned().map(End::Site),
        };
        let of_links = self.disclosed.links.iter().chain(&self.disclosed.transports);
        let transports = self.system.transports.iter().map(|_| "記憶媒体の搬送");
        let kinds = self.system.links.iter().filter(|link| link.between.len() == 2).map(|link| link.kind.term());
        let complete = self.system.links.iter().map(|link| link.between.len() == 2);
        let complete = complete.chain(self.system.transports.iter().map(|_| true));
        let disclosures = of_links.zip(complete).filter_map(|(disclosure, is)| is.then_some(*disclosure));
        let mut links = Vec::new();
        for ((mut link, kind), disclosure) in whole.links.into_iter().zip(kinds.chain(transports)).zip(disclosures) {
            let [Some(from), Some(to)] = [end(&link.ends[0]), end(&link.ends[1])] else { continue };
            if disclosure == Disclosure::Hidden || from == to {
                continue;
            }
            link.ends = [from, to];
            link.flows.clear();
            if disclosure == Disclosure::Generalised || self.speaks(&link.label) {
                kind.clone_into(&mut link.label);
                link.operator = None;
            }
            link.operator = link.operator.filter(|operator| !self.speaks(operator));
            let same = |known: &crate::diagram::Link| {
                let back = known.ends[0] == link.ends[1] && known.ends[1] == link.ends[0];
                (known.ends == link.ends || back) && known.label == link.label && known.operator == link.operator
            };
            if !links.iter().any(same) {
                link.id = format!("l{}", links.len() + 1);
                links.push(link);
            }
        }
        let notes = if withholds { vec![WITHHELD.to_owned()] } else { Vec::new() };
        Drawing { title: whole.title, sites, nodes, links, notes }
    }

    /// Sites by their kind are one for each side and surrounding site.
    fn sites(&self, whole: Vec<Site>) -> (Vec<Site>, HashMap<String, String>) {
        let mut ids: HashMap<String, String> = HashMap::new();
        let mut sites: Vec<Site> = Vec::new();
        let mut merged: Vec<(Side, Option<String>, usize, usize)> = Vec::new();
        let old_parents: HashMap<String, Option<String>> =
            whole.iter().map(|site| (site.id.clone(), site.parent.clone())).collect();
        for ((mut site, model), disclosure) in whole.into_iter().zip(&self.system.sites).zip(&self.disclosed.sites) {
            if *disclosure == Disclosure::Hidden {
                continue;
            }
            let general = *disclosure == Disclosure::Generalised || self.speaks(&site.name);
            let known =
                merged.iter_mut().find(|(side, parent, ..)| general && *side == model.side && *parent == site.parent);
            if let Some((.., at, count)) = known {
                *count += 1;
                ids.insert(site.id, sites[*at].id.clone());
                continue;
            }
            let id = format!("s{}", sites.len() + 1);
            ids.insert(std::mem::replace(&mut site.id, id), format!("s{}", sites.len() + 1));
            if general {
                merged.push((model.side, site.parent.clone(), sites.len(), 1));
                site.name = site_kind(model.side).to_owned();
                site.party = None;
            }
            site.party = site.party.filter(|party| !self.speaks(party));
            sites.push(site);
        }
        for (.., at, count) in merged.iter().filter(|(.., count)| *count > 1) {
            sites[*at].name = format!("{}（{count}か所）", sites[*at].name);
        }
        // A site that is merged with the one around it would be its own parent.
        for site in &mut sites {
            let parent = site.parent.take();
            let named = std::iter::successors(parent, |id| old_parents.get(id).cloned().flatten());
            let mut named = named.take(old_parents.len()).filter_map(|id| ids.get(&id).cloned());
            site.parent = named.find(|id| *id != site.id);
        }
        (sites, ids)
    }

    /// Nodes by their kind are one for each kind and site, with their number.
    fn nodes(&self, whole: Vec<Node>, site_ids: &HashMap<String, String>) -> (Vec<Node>, HashMap<String, String>) {
        let mut ids: HashMap<String, String> = HashMap::new();
        let mut nodes: Vec<Node> = Vec::new();
        let mut merged: BTreeMap<(NodeKind, Option<String>), (usize, usize)> = BTreeMap::new();
        for ((mut node, model), disclosure) in whole.into_iter().zip(&self.system.nodes).zip(&self.disclosed.nodes) {
            if *disclosure == Disclosure::Hidden {
                continue;
            }
            node.site = node.site.and_then(|id| site_ids.get(&id).cloned());
            node.flows.clear();
            let old = std::mem::replace(&mut node.id, format!("n{}", nodes.len() + 1));
            if *disclosure == Disclosure::Generalised || self.speaks(&node.name) {
                if let Some((at, count)) = merged.get_mut(&(model.kind, node.site.clone())) {
                    *count += 1;
                    ids.insert(old, nodes[*at].id.clone());
                    continue;
                }
                merged.insert((model.kind, node.site.clone()), (nodes.len(), 1));
                node.name = model.kind.term().to_owned();
                node.kind = "名前は非公開".to_owned();
                node.environment = None;
            } else if self.speaks(&node.kind) {
                // The machine under a virtual machine stands in its kind.
                node.kind = model.kind.term().to_owned();
            }
            ids.insert(old, node.id.clone());
            nodes.push(node);
        }
        for (at, count) in merged.values().filter(|(_, count)| *count > 1) {
            nodes[*at].name = format!("{}（{count}件）", nodes[*at].name);
        }
        (nodes, ids)
    }
}

/// Words that name a kind and tell nothing.
fn is_general(name: &str) -> bool {
    NodeKind::ALL.iter().any(|kind| kind.term() == name) || LinkKind::ALL.iter().any(|kind| kind.term() == name)
}

fn site_kind(side: Side) -> &'static str {
    match side {
        Side::Institution => "医療機関等の拠点",
        Side::Between => "中間の拠点",
        Side::Provider => "対象事業者の拠点",
        Side::Other => "そのほかの拠点",
    }
}
