//! What an incident reaches, as the model has it: a proposal beside what people entered (OPS-054).

use std::collections::BTreeSet;

use super::Incident;
use crate::model::{Answer, Element, Flow, Layer, SystemFile};
use crate::service::Service;
use crate::typed::folded;

/// What is affected: 案, until a person takes it over.
#[derive(Debug, Clone, Default)]
pub struct Affected {
    /// Names that the entry gives and the model does not have.
    pub unknown: Vec<String>,
    /// Devices, links and transports, by their names.
    pub elements: Vec<String>,
    /// Indices of the flows that pass them, or carry the information that was entered.
    pub flows: Vec<usize>,
    pub information: Vec<AffectedInformation>,
    pub sites: Vec<String>,
    pub layers: Vec<Layer>,
    pub institutions: Vec<AffectedInstitution>,
}

/// One piece of information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedInformation {
    pub name: String,
    pub class: String,
    /// 影響度 from which risks start; none where its class is not in the model.
    pub importance: Option<u8>,
    pub medical: Answer,
    /// A person entered it.
    pub entered: bool,
    /// The model reaches it from what was entered.
    pub proposed: bool,
}

/// One institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedInstitution {
    pub name: String,
    /// A person entered it.
    pub entered: bool,
}

impl Affected {
    /// The institutions to tell: those that a person entered, else all that use the service.
    pub fn concerned(&self) -> Vec<&str> {
        let is_entered = self.institutions.iter().any(|one| one.entered);
        let list = self.institutions.iter().filter(|one| one.entered || !is_entered);
        list.map(|one| one.name.as_str()).collect()
    }

    /// Information that the model proposes and nobody entered.
    pub fn not_entered(&self) -> Vec<&str> {
        self.information.iter().filter(|one| one.proposed && !one.entered).map(|one| one.name.as_str()).collect()
    }

    /// Information that was entered and the model does not reach from the devices that were.
    pub fn not_reached(&self) -> Vec<&str> {
        self.information.iter().filter(|one| one.entered && !one.proposed).map(|one| one.name.as_str()).collect()
    }
}

/// What an incident reaches. `customers` are the names of all that use the service.
pub fn affected(incident: &Incident, service: &Service, customers: &[String]) -> Affected {
    let system = service.assessment.system;
    let (nodes, mut unknown) = named(&incident.list("nodes"), system.nodes.iter().map(|one| (&one.id, &one.name)));
    let (information, more) =
        named(&incident.list("information"), system.information.iter().map(|one| (&one.id, &one.name)));
    unknown.extend(more);
    let elements = elements(system, nodes);
    let passes = |flow: &Flow| elements.contains(&flow.element);
    let all = &service.assessment.flows.list;
    let carries = |flow: &Flow| match elements.is_empty() {
        true => information.contains(&flow.information),
        false => passes(flow),
    };
    let flows: Vec<usize> = (0..all.len()).filter(|at| carries(&all[*at])).collect();
    let reached: BTreeSet<usize> = flows.iter().map(|at| all[*at].information).collect();
    let either: BTreeSet<usize> = reached.union(&information).copied().collect();
    let layers: BTreeSet<Layer> = flows.iter().map(|at| all[*at].layer).collect();
    Affected {
        unknown,
        elements: elements.iter().map(|element| name(system, *element)).collect(),
        information: either
            .into_iter()
            .map(|at| of_information(system, at, information.contains(&at), reached.contains(&at)))
            .collect(),
        sites: sites(system, &elements, flows.iter().map(|at| &all[*at])),
        layers: layers.into_iter().collect(),
        institutions: institutions(incident, customers),
        flows,
    }
}

/// Only the institutions, which need no model.
pub(super) fn reach_of_institutions(incident: &Incident, customers: &[String]) -> Affected {
    Affected { institutions: institutions(incident, customers), ..Affected::default() }
}

/// Indices of the things named, by id or name; and the names of nothing.
fn named<'m>(
    names: &[String],
    things: impl Iterator<Item = (&'m String, &'m String)>,
) -> (BTreeSet<usize>, Vec<String>) {
    let things: Vec<(String, String)> = things.map(|(id, name)| (folded(id), folded(name))).collect();
    let (mut found, mut unknown) = (BTreeSet::new(), Vec::new());
    for name in names {
        let wanted = folded(name);
        // A name that several things have means all of them.
        let by_id = things.iter().position(|(id, _)| *id == wanted);
        let by_name = things.iter().enumerate().filter(|(_, (_, known))| *known == wanted).map(|(at, _)| at);
        let hits: Vec<usize> = by_id.map_or_else(|| by_name.collect(), |at| vec![at]);
        if hits.is_empty() {
            unknown.push(name.clone());
        }
        found.extend(hits);
    }
    (found, unknown)
}

/// The devices, what runs on them, the links that end at them, and the transports of a medium.
fn elements(system: &SystemFile, mut nodes: BTreeSet<usize>) -> BTreeSet<Element> {
    loop {
        let is_host = |id: &str| nodes.iter().any(|at| system.nodes[*at].id == id);
        let hosted = |at: &usize| system.nodes[*at].host.as_deref().is_some_and(is_host);
        let more: Vec<usize> = (0..system.nodes.len()).filter(|at| !nodes.contains(at) && hosted(at)).collect();
        if more.is_empty() {
            break;
        }
        nodes.extend(more);
    }
    let is_one = |id: &String| nodes.iter().any(|at| system.nodes[*at].id == *id);
    let links = system.links.iter().enumerate().filter(|(_, link)| link.between.iter().any(is_one));
    let transports = system.transports.iter().enumerate().filter(|(_, transport)| is_one(&transport.medium));
    let links = links.map(|(at, _)| Element::Link(at));
    let transports = transports.map(|(at, _)| Element::Transport(at));
    nodes.iter().map(|at| Element::Node(*at)).chain(links).chain(transports).collect()
}

fn name(system: &SystemFile, element: Element) -> String {
    match element {
        Element::Node(at) => system.nodes[at].name.clone(),
        Element::Link(at) => system.links[at].name.clone(),
        Element::Transport(at) => {
            let medium = &system.transports[at].medium;
            let node = system.nodes.iter().find(|node| node.id == *medium);
            format!("{}の搬送", node.map_or(medium, |node| &node.name))
        }
    }
}

fn of_information(system: &SystemFile, at: usize, entered: bool, proposed: bool) -> AffectedInformation {
    let one = &system.information[at];
    let class = system.information_classes.iter().find(|class| class.id == one.class);
    AffectedInformation {
        name: one.name.clone(),
        class: class.map_or(&one.class, |class| &class.name).clone(),
        importance: class.map(|class| class.importance),
        medical: one.medical,
        entered,
        proposed,
    }
}

/// Where the devices stand, with what is around them; without devices, where the flows are.
fn sites<'f>(system: &SystemFile, elements: &BTreeSet<Element>, flows: impl Iterator<Item = &'f Flow>) -> Vec<String> {
    let of_flows = flows.map(|flow| flow.element).filter(|_| elements.is_empty());
    let all: BTreeSet<Element> = elements.iter().copied().chain(of_flows).collect();
    let mut names: Vec<String> = Vec::new();
    for element in all {
        let Element::Node(at) = element else { continue };
        let mut next = system.nodes[at].site.as_ref();
        // A circle of sites is a mistake that the check of the model tells.
        for _ in 0..system.sites.len() {
            let Some(site) = next.and_then(|id| system.sites.iter().find(|site| site.id == *id)) else { break };
            if !names.contains(&site.name) {
                names.push(site.name.clone());
            }
            next = site.within.as_ref();
        }
    }
    names
}

fn institutions(incident: &Incident, customers: &[String]) -> Vec<AffectedInstitution> {
    let entered = incident.list("institutions");
    let is_entered = |name: &String| entered.iter().any(|one| folded(one) == folded(name));
    let of_service = customers.iter().map(|name| AffectedInstitution { name: name.clone(), entered: is_entered(name) });
    let others = entered.iter().filter(|name| !customers.iter().any(|known| folded(known) == folded(name)));
    of_service.chain(others.map(|name| AffectedInstitution { name: name.clone(), entered: true })).collect()
}
