//! Derives the 情報流 from the model for three phases × three layers (guideline 5.2.1(2)).

mod ends;

use std::collections::HashMap;

use shirube_catalog::Verb;

use super::{
    Element, Environment, Flow, Flows, Handling, Layer, Link, Node, NodeKind, Origin, PartyKind, Phase, ServiceFile,
    StandsFor, SystemFile, WrittenFlow, similar,
};

/// Derives the flows. References that lead nowhere are left out here and named by [`super::check`].
pub fn derive(service: &ServiceFile, system: &SystemFile, verbs: &'static [Verb]) -> Flows {
    let maker = Maker::new(service, system, verbs);
    let mut flows = Vec::new();
    maker.derived_from_nodes(&mut flows);
    maker.transports(&mut flows);
    maker.handlings(&mut flows);
    maker.links(&mut flows);
    maker.equipment(&mut flows);
    maker.ends(&mut flows);
    maker.written(&mut flows);
    number(flows, system)
}

/// Sorts by layer and phase, drops repeated flows and those rejected with a reason, and gives numbers.
fn number(mut flows: Vec<Flow>, system: &SystemFile) -> Flows {
    flows.sort_by_key(|flow| (flow.layer, flow.phase)); // Stable: the order of derivation stays within a cell.
    let rejections: HashMap<&str, usize> = system
        .rejected_flows
        .iter()
        .enumerate()
        .filter(|(_, r)| is_given(&r.reason))
        .map(|(at, r)| (r.flow.as_str(), at))
        .collect();
    let mut numbered = Flows::default();
    let mut cell = None;
    let mut count = 0;
    for mut flow in flows {
        if let Some(&rejection) = rejections.get(flow.id.as_str()) {
            numbered.rejected.push((flow, rejection));
            continue;
        }
        if numbered.by_id.contains_key(&flow.id) {
            numbered.repeated.push((flow.pointer, flow.id));
            continue;
        }
        if cell != Some((flow.layer, flow.phase)) {
            cell = Some((flow.layer, flow.phase));
            count = 0;
        }
        count += 1;
        flow.number = format!("{}-{}{count}", flow.layer.letter(), flow.phase.letter());
        numbered.by_id.insert(flow.id.clone(), numbered.list.len());
        numbered.list.push(flow);
    }
    numbered
}

/// What a flow is made from, before names are looked up.
struct Draft<'a> {
    origin: Origin,
    layer: Layer,
    phase: Phase,
    element: Element,
    actor: Option<&'a str>,
    information: usize,
    what: Option<String>,
    how: &'a str,
    pointer: String,
}

struct Maker<'a> {
    service: &'a ServiceFile,
    system: &'a SystemFile,
    verbs: HashMap<&'static str, &'static Verb>,
    sites: HashMap<&'a str, usize>,
    nodes: HashMap<&'a str, usize>,
    links: HashMap<&'a str, usize>,
    actors: HashMap<&'a str, usize>,
    information: HashMap<&'a str, usize>,
    application_provision: Option<usize>,
    platform_log: Option<usize>,
}

fn index<'a, T>(list: &'a [T], id: impl Fn(&'a T) -> &'a str) -> HashMap<&'a str, usize> {
    list.iter().enumerate().map(|(at, item)| (id(item), at)).collect()
}

impl<'a> Maker<'a> {
    fn new(service: &'a ServiceFile, system: &'a SystemFile, verbs: &'static [Verb]) -> Self {
        let standing = |role| system.information.iter().position(|i| i.stands_for == Some(role));
        Self {
            service,
            system,
            verbs: verbs.iter().map(|verb| (verb.text.as_str(), verb)).collect(),
            sites: index(&system.sites, |site| &site.id),
            nodes: index(&system.nodes, |node| &node.id),
            links: index(&system.links, |link| &link.id),
            actors: index(&system.actors, |actor| &actor.id),
            information: index(&system.information, |information| &information.id),
            application_provision: standing(StandsFor::ApplicationProvision),
            platform_log: standing(StandsFor::PlatformLog),
        }
    }

    /// Platform, operation: every production device that people use processes what the application needs;
    /// every production server that the application works on keeps a log of OS and middleware.
    fn derived_from_nodes(&self, flows: &mut Vec<Flow>) {
        let mut by_people = vec![false; self.system.nodes.len()];
        let mut by_itself = vec![false; self.system.nodes.len()];
        for handling in &self.system.handlings {
            if handling.layer != Layer::Application {
                continue;
            }
            for node in handling.nodes.iter().filter_map(|id| self.nodes.get(id.as_str()).copied()) {
                if phase_of(handling, &self.system.nodes[node]) == Phase::Operation {
                    let used = if handling.actor.is_some() { &mut by_people } else { &mut by_itself };
                    used[node] = true;
                }
            }
        }
        let mut push = |at: usize, origin, information, how| {
            flows.extend(self.flow(Draft {
                origin,
                layer: Layer::Platform,
                phase: Phase::Operation,
                element: Element::Node(at),
                actor: None,
                information,
                what: None,
                how,
                pointer: format!("/nodes/{at}"),
            }));
        };
        if let Some(information) = self.application_provision {
            for (at, _) in by_people.iter().enumerate().filter(|(_, used)| **used) {
                push(at, Origin::Processing, information, "処理する");
            }
        }
        if let Some(information) = self.platform_log {
            for (at, node) in self.system.nodes.iter().enumerate() {
                if by_itself[at] && node.kind.is_server() {
                    push(at, Origin::PlatformLog, information, "保存される");
                }
            }
        }
    }

    fn handlings(&self, flows: &mut Vec<Flow>) {
        for (at, handling) in self.system.handlings.iter().enumerate() {
            let Some(&information) = self.information.get(handling.information.as_str()) else {
                continue;
            };
            for node in handling.nodes.iter().filter_map(|id| self.nodes.get(id.as_str()).copied()) {
                let phase = phase_of(handling, &self.system.nodes[node]);
                for how in &handling.how {
                    let flow = self.flow(Draft {
                        origin: Origin::Handling,
                        layer: handling.layer,
                        phase,
                        element: Element::Node(node),
                        actor: handling.actor.as_deref(),
                        information,
                        what: None,
                        how,
                        pointer: format!("/handlings/{at}"),
                    });
                    flows.extend(flow.map(|flow| measured(flow, handling)));
                }
            }
        }
    }

    fn transports(&self, flows: &mut Vec<Flow>) {
        for (at, transport) in self.system.transports.iter().enumerate() {
            let Some(&information) = self.information.get(transport.information.as_str()) else {
                continue;
            };
            flows.extend(self.flow(Draft {
                origin: Origin::Transport,
                layer: Layer::Platform,
                phase: Phase::Operation,
                element: Element::Transport(at),
                actor: Some(&transport.actor),
                information,
                what: None,
                how: &transport.how,
                pointer: format!("/transports/{at}"),
            }));
        }
    }

    /// Infrastructure: what links between sites carry. Links inside a site are covered by its equipment.
    fn links(&self, flows: &mut Vec<Flow>) {
        for (at, link) in self.system.links.iter().enumerate() {
            let mut push = |information, phase, actor| {
                flows.extend(self.flow(Draft {
                    origin: Origin::Link,
                    layer: Layer::Infrastructure,
                    phase,
                    element: Element::Link(at),
                    actor,
                    information,
                    what: None,
                    how: "転送する",
                    pointer: format!("/links/{at}"),
                }));
            };
            match (&link.carries, self.application_provision) {
                (Some(carried), _) => {
                    for carried in carried {
                        if let Some(&information) = self.information.get(carried.information.as_str()) {
                            push(information, carried.phase, carried.actor.as_deref());
                        }
                    }
                }
                (None, Some(information)) if !link.kind.is_local() => {
                    push(information, Phase::Operation, self.carrier_actor(link));
                }
                _ => {}
            }
        }
    }

    /// The people of the carrier that operates a link (MODEL-006).
    fn carrier_actor(&self, link: &Link) -> Option<&'a str> {
        let operator = link.operator.as_deref()?;
        let party = self.service.parties.iter().find(|party| party.id == operator)?;
        if party.kind != PartyKind::Carrier {
            return None;
        }
        self.system.actors.iter().find(|actor| actor.party == party.id).map(|actor| actor.id.as_str())
    }

    /// Infrastructure, operation: network equipment passes on what the application needs.
    fn equipment(&self, flows: &mut Vec<Flow>) {
        let Some(information) = self.application_provision else {
            return;
        };
        for (at, node) in self.system.nodes.iter().enumerate() {
            if node.kind == NodeKind::NetworkEquipment {
                flows.extend(self.flow(Draft {
                    origin: Origin::Equipment,
                    layer: Layer::Infrastructure,
                    phase: Phase::Operation,
                    element: Element::Node(at),
                    actor: None,
                    information,
                    what: None,
                    how: "転送される",
                    pointer: format!("/nodes/{at}"),
                }));
            }
        }
    }

    fn written(&self, flows: &mut Vec<Flow>) {
        for (at, written) in self.system.flows.iter().enumerate() {
            flows.extend(self.written_flow(at, written));
        }
    }

    fn written_flow(&self, at: usize, written: &'a WrittenFlow) -> Option<Flow> {
        let information = *self.information.get(written.information.as_str())?;
        let element = match (self.nodes.get(written.element.as_str()), self.links.get(written.element.as_str())) {
            (Some(&node), _) => Element::Node(node),
            (None, Some(&link)) => Element::Link(link),
            (None, None) => return None,
        };
        let mut flow = self.flow(Draft {
            origin: Origin::Written,
            layer: written.layer,
            phase: written.phase,
            element,
            actor: written.actor.as_deref(),
            information,
            what: written.what.clone(),
            how: &written.how,
            pointer: format!("/flows/{at}"),
        })?;
        flow.id = written.id.clone();
        if let Some(place) = &written.place {
            flow.place = place.clone();
        }
        Some(flow)
    }

    /// Looks up the names. `None` if the actor is not in the list.
    fn flow(&self, draft: Draft<'a>) -> Option<Flow> {
        let actor = match draft.actor {
            Some(id) => Some(*self.actors.get(id)?),
            None => None,
        };
        let information = &self.system.information[draft.information];
        let (element_id, place, which, environment) = self.names(draft.element, draft.layer);
        let id = format!(
            "{}-{}:{}{element_id}:{}:{}",
            draft.layer.letter(),
            draft.phase.letter(),
            draft.actor.map(|actor| format!("{actor}:")).unwrap_or_default(),
            information.id,
            draft.how
        );
        Some(Flow {
            id,
            number: String::new(),
            layer: draft.layer,
            phase: draft.phase,
            origin: draft.origin,
            element: draft.element,
            environment,
            actor,
            information: draft.information,
            who: actor.map(|at| self.system.actors[at].name.clone()),
            place,
            which,
            what: draft.what.unwrap_or_else(|| information.name.clone()),
            how: draft.how.to_owned(),
            does: self.does(draft.how),
            volume: information.volume,
            frequency: information.frequency,
            pointer: draft.pointer,
        })
    }

    /// Id, place, name and environment of an element as a layer sees it.
    fn names(&self, element: Element, layer: Layer) -> (&'a str, String, String, Option<Environment>) {
        match element {
            Element::Node(at) => {
                let node = &self.system.nodes[at];
                let site = node.site.as_deref().and_then(|id| self.sites.get(id));
                let place = site.map_or("設置場所未定", |&at| &self.system.sites[at].name).to_owned();
                let which = match (&node.name_on_platform, layer) {
                    (Some(name), Layer::Platform) => name.clone(),
                    _ => node.name.clone(),
                };
                (&node.id, place, which, Some(node.environment))
            }
            Element::Link(at) => {
                let link = &self.system.links[at];
                (&link.id, self.place_of_link(link), link.name.clone(), None)
            }
            Element::Transport(at) => {
                let transport = &self.system.transports[at];
                let ends = [&transport.from, &transport.to].map(|id| self.end_name(id));
                let place = transport.place.clone().unwrap_or_else(|| format!("{}と{}間", ends[0], ends[1]));
                let medium = self.nodes.get(transport.medium.as_str());
                let which = medium.map_or(transport.medium.as_str(), |&at| &self.system.nodes[at].name);
                (&transport.id, place, which.to_owned(), None)
            }
        }
    }

    fn place_of_link(&self, link: &Link) -> String {
        link.place.clone().unwrap_or_else(|| match &link.between[..] {
            [a, b] => format!("{}と{}間", self.end_name(a), self.end_name(b)),
            _ => link.name.clone(),
        })
    }

    /// Name of a site, or of the site a node stands in.
    fn end_name(&self, id: &str) -> String {
        let of_node = || self.nodes.get(id).and_then(|&at| self.system.nodes[at].site.as_deref());
        let site = self.sites.get(id).or_else(|| self.sites.get(of_node()?));
        site.map_or(id, |&at| &self.system.sites[at].name).to_owned()
    }

    /// What a verb does. A verb outside the list is judged by what it contains.
    fn does(&self, how: &str) -> Vec<&'static str> {
        if let Some(verb) = self.verbs.get(how) {
            return verb.does.iter().map(String::as_str).collect();
        }
        similar(how)
    }
}

fn phase_of(handling: &Handling, node: &Node) -> Phase {
    handling.phase.unwrap_or(match node.environment {
        Environment::Production => Phase::Operation,
        Environment::Development | Environment::Test => Phase::Development,
    })
}

/// The flow with the amount that its handling names.
fn measured(flow: Flow, handling: &Handling) -> Flow {
    Flow {
        volume: handling.volume.unwrap_or(flow.volume),
        frequency: handling.frequency.unwrap_or(flow.frequency),
        ..flow
    }
}

/// Whether a reason says anything.
pub(super) fn is_given(reason: &str) -> bool {
    !reason.trim().is_empty()
}
