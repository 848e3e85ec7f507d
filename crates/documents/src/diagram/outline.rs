//! The drawing with its references followed: who stands in which site, what each link joins.

use std::collections::HashMap;

use super::card::{Card, link_card, missing_card, node_card};
use super::grid::{NODE_INNER, units};
use super::{Drawing, End, Side};

/// A site, or the frame for nodes whose site is not known.
pub(super) struct SiteEntry {
    /// Position in the drawing; none for the frame of the unplaced.
    pub index: Option<usize>,
    pub name: String,
    pub party: Option<String>,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    pub nodes: Vec<usize>,
    /// Links that are networks of this site.
    pub buses: Vec<usize>,
    /// Column in which the outermost parent stands.
    pub side: Side,
    pub depth: usize,
}

/// A node, or one that only a link names.
pub(super) struct NodeEntry {
    pub index: Option<usize>,
    pub id: String,
    pub site: usize,
    pub card: Card,
    /// Height of the box in grid units.
    pub height: i32,
}

/// What one end of a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    Node(usize),
    Site(usize),
}

/// A link with its ends found.
pub(super) struct LinkEntry {
    pub ends: [Place; 2],
    /// The site whose own network this link is.
    pub bus: Option<usize>,
    pub card: Card,
}

pub(super) struct Outline {
    pub sites: Vec<SiteEntry>,
    /// Outermost sites in the order in which they are to stand.
    roots: Vec<usize>,
    pub nodes: Vec<NodeEntry>,
    pub links: Vec<LinkEntry>,
}

/// Name of the frame for nodes without a site.
pub(super) const UNPLACED: &str = "拠点が決まっていないもの";

impl Outline {
    pub fn new(drawing: &Drawing) -> Self {
        let sites = sites(drawing);
        let roots = (0..sites.len()).filter(|&site| sites[site].parent.is_none()).collect();
        let mut outline = Self { sites, roots, nodes: Vec::new(), links: Vec::new() };
        let site_of = first_positions(drawing.sites.iter().map(|site| site.id.as_str()));
        for (index, node) in drawing.nodes.iter().enumerate() {
            let site = node.site.as_deref().and_then(|id| site_of.get(id).copied());
            let card = node_card(node, NODE_INNER);
            outline.add_node(Some(index), &node.id, site, card);
        }
        let mut node_of: HashMap<String, usize> = HashMap::new();
        for (at, node) in outline.nodes.iter().enumerate() {
            node_of.entry(node.id.clone()).or_insert(at);
        }
        for link in &drawing.links {
            let ends = [&link.ends[0], &link.ends[1]].map(|end| match end {
                End::Site(id) if site_of.contains_key(id.as_str()) => Place::Site(site_of[id.as_str()]),
                End::Site(id) | End::Node(id) => Place::Node(*node_of.entry(id.clone()).or_insert_with(|| {
                    outline.add_node(None, id, None, missing_card(id, NODE_INNER));
                    outline.nodes.len() - 1
                })),
            });
            let bus = outline.bus(ends);
            if let Some(site) = bus {
                outline.sites[site].buses.push(outline.links.len());
            }
            outline.links.push(LinkEntry { ends, bus, card: link_card(link) });
        }
        outline
    }

    fn add_node(&mut self, index: Option<usize>, id: &str, site: Option<usize>, card: Card) {
        let site = site.unwrap_or_else(|| self.unplaced());
        self.sites[site].nodes.push(self.nodes.len());
        let height = units(card.height + 7.0);
        self.nodes.push(NodeEntry { index, id: id.to_owned(), site, card, height });
    }

    fn unplaced(&mut self) -> usize {
        self.sites.iter().position(|site| site.index.is_none()).unwrap_or_else(|| {
            self.roots.push(self.sites.len());
            self.sites.push(SiteEntry {
                index: None,
                name: UNPLACED.to_owned(),
                party: None,
                parent: None,
                children: Vec::new(),
                nodes: Vec::new(),
                buses: Vec::new(),
                side: Side::Other,
                depth: 0,
            });
            self.sites.len() - 1
        })
    }

    fn bus(&self, ends: [Place; 2]) -> Option<usize> {
        match ends {
            [Place::Site(site), other] if self.contains(site, other) => Some(site),
            [other, Place::Site(site)] if self.contains(site, other) => Some(site),
            _ => None,
        }
    }

    /// Whether a place is the site or stands in it.
    pub fn contains(&self, site: usize, place: Place) -> bool {
        self.around(match place {
            Place::Node(node) => self.nodes[node].site,
            Place::Site(other) => other,
        })
        .any(|around| around == site)
    }

    /// A site and the sites around it, from the inside out.
    pub fn around(&self, site: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(site), |&site| self.sites[site].parent)
    }

    /// The sites a place stands in, from the inside out; a site does not stand in itself.
    pub fn regions(&self, place: Place) -> Vec<usize> {
        match place {
            Place::Node(node) => self.around(self.nodes[node].site).collect(),
            Place::Site(site) => self.around(site).skip(1).collect(),
        }
    }

    /// The column a place stands in.
    pub fn side(&self, place: Place) -> Side {
        match place {
            Place::Node(node) => self.sites[self.nodes[node].site].side,
            Place::Site(site) => self.sites[site].side,
        }
    }

    /// Outermost sites of a column.
    pub fn roots(&self, side: Side) -> Vec<usize> {
        self.roots.iter().copied().filter(|&site| self.sites[site].side == side).collect()
    }

    /// Sites directly in a site, or the outermost ones.
    pub fn children(&self, region: Option<usize>) -> &[usize] {
        region.map_or(&self.roots, |site| &self.sites[site].children)
    }

    /// Exchanges two of the sites in a region.
    pub fn swap_children(&mut self, region: Option<usize>, a: usize, b: usize) {
        match region {
            Some(site) => self.sites[site].children.swap(a, b),
            None => self.roots.swap(a, b),
        }
    }
}

fn first_positions<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut positions = HashMap::new();
    for (at, id) in ids.enumerate() {
        positions.entry(id).or_insert(at);
    }
    positions
}

fn sites(drawing: &Drawing) -> Vec<SiteEntry> {
    let position = first_positions(drawing.sites.iter().map(|site| site.id.as_str()));
    let mut parents: Vec<Option<usize>> =
        drawing.sites.iter().map(|site| site.parent.as_deref().and_then(|id| position.get(id).copied())).collect();
    for site in 0..parents.len() {
        // Sites that contain each other have no outside: the first of them is drawn as the outermost.
        let circular = {
            let mut at = parents[site];
            (0..parents.len()).any(|_| {
                let hit = at == Some(site);
                at = at.and_then(|at| parents[at]);
                hit
            })
        };
        if circular {
            parents[site] = None;
        }
    }
    let mut entries: Vec<SiteEntry> = drawing
        .sites
        .iter()
        .enumerate()
        .map(|(index, site)| SiteEntry {
            index: Some(index),
            name: site.name.clone(),
            party: site.party.clone(),
            parent: parents[index],
            children: Vec::new(),
            nodes: Vec::new(),
            buses: Vec::new(),
            side: site.side,
            depth: 0,
        })
        .collect();
    for site in 0..entries.len() {
        if let Some(parent) = parents[site] {
            entries[parent].children.push(site);
        }
        let mut outermost = site;
        while let Some(parent) = parents[outermost] {
            outermost = parent;
            entries[site].depth += 1;
        }
        entries[site].side = drawing.sites[outermost].side;
    }
    entries
}
