//! 情報流: derived from the model for three phases × three layers (guideline 5.2.1(2)), plus hand-written ones.

use std::collections::HashMap;

use shirube_catalog::Verb;

use super::{
    AtEnd, Environment, Handling, InformationKind, Layer, Link, LinkKind, Node, NodeKind, PartyKind, Phase,
    ServiceFile, StandsFor, SystemFile, WrittenFlow,
};
use crate::choice::choice;

/// What handles the information of a flow: index into the system file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Element {
    Node(usize),
    Link(usize),
    Transport(usize),
}

choice! {
    /// Why a flow exists.
    Origin {
        Handling = "handling", "処理の記載";
        Processing = "processing", "業務で使う機器から派生";
        PlatformLog = "platform-log", "サーバから派生";
        Equipment = "equipment", "ネットワーク機器から派生";
        Link = "link", "接続から派生";
        Transport = "transport", "搬送の記載";
        End = "end", "契約終了時の扱いの記載";
        Written = "written", "手書き";
    }
}

/// One 情報流: one device, one piece of information, one action (FLOW-003, FLOW-004).
#[derive(Debug, Clone)]
pub struct Flow {
    /// Made of the author's own ids, so that it survives edits elsewhere in the model.
    pub id: String,
    /// As printed, e.g. `A-O2`: layer, phase, and place in the table of this revision.
    pub number: String,
    pub layer: Layer,
    pub phase: Phase,
    pub origin: Origin,
    pub element: Element,
    /// `None` for links and transports.
    pub environment: Option<Environment>,
    /// Index of the actor; `None` if no person handles it.
    pub actor: Option<usize>,
    /// Index of the information.
    pub information: usize,
    /// Who, without particle; `None` prints as `—`.
    pub who: Option<String>,
    /// Where, without particle.
    pub place: String,
    /// Which device, medium or link, without particle.
    pub which: String,
    /// What, without particle.
    pub what: String,
    /// How.
    pub how: String,
    /// What the verb does, in the words of the threat rules.
    pub does: Vec<&'static str>,
    /// JSON pointer into `system.yaml` of what the flow comes from.
    pub pointer: String,
}

impl Flow {
    /// The Who cell: `医師が` or `—`.
    pub fn who_cell(&self) -> String {
        self.who.as_ref().map_or_else(|| "—".to_owned(), |who| format!("{who}が"))
    }

    /// The Where cell. What is carried goes along its way (`を`), everything else stands somewhere (`の`).
    pub fn where_cell(&self) -> String {
        let particle = if self.does.contains(&"carry") { "を" } else { "の" };
        format!("{}{particle}", self.place)
    }

    /// The Which cell.
    pub fn which_cell(&self) -> String {
        format!("{}で", self.which)
    }

    /// The What cell: the subject of a passive verb, else its object.
    pub fn what_cell(&self) -> String {
        let particle = if self.how.ends_with("れる") { "が" } else { "を" };
        format!("{}{particle}", self.what)
    }

    /// The whole flow as one Japanese sentence, as the assessment list prints it.
    pub fn sentence(&self) -> String {
        let who = self.who.as_ref().map(|who| format!("{who}が")).unwrap_or_default();
        format!("{who}{}{}{}{}", self.where_cell(), self.which_cell(), self.what_cell(), self.how)
    }

    /// `受付/窓口の医事端末において`.
    pub fn location(&self) -> String {
        format!("{}の{}において", self.place, self.which)
    }
}

/// All flows of a service, numbered, in the order of the guideline's tables.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    pub list: Vec<Flow>,
    by_id: HashMap<String, usize>,
    /// Pointers of flows that repeat an id, with that id.
    pub repeated: Vec<(String, String)>,
    /// Flows the author rejected, with the index of the rejection.
    pub rejected: Vec<(Flow, usize)>,
}

impl Flows {
    pub fn get(&self, id: &str) -> Option<&Flow> {
        self.index(id).map(|at| &self.list[at])
    }

    pub fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }
}

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

/// Sorts by layer and phase, drops rejected and repeated flows, and gives numbers.
fn number(mut flows: Vec<Flow>, system: &SystemFile) -> Flows {
    flows.sort_by_key(|flow| (flow.layer, flow.phase)); // Stable: the order of derivation stays within a cell.
    let rejections: HashMap<&str, usize> =
        system.rejected_flows.iter().enumerate().map(|(at, r)| (r.flow.as_str(), at)).collect();
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
                    flows.extend(self.flow(Draft {
                        origin: Origin::Handling,
                        layer: handling.layer,
                        phase,
                        element: Element::Node(node),
                        actor: handling.actor.as_deref(),
                        information,
                        what: None,
                        how,
                        pointer: format!("/handlings/{at}"),
                    }));
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

    /// Termination: what the author said happens at the end of the contract.
    fn ends(&self, flows: &mut Vec<Flow>) {
        for (at, handling) in self.system.handlings.iter().enumerate() {
            self.end_of_handling(at, handling, flows);
        }
        for (at, node) in self.system.nodes.iter().enumerate() {
            self.end_of_element(Element::Node(at), &node.at_end, &format!("/nodes/{at}"), flows);
        }
        for (at, link) in self.system.links.iter().enumerate() {
            self.end_of_element(Element::Link(at), &link.at_end, &format!("/links/{at}"), flows);
        }
    }

    fn end_of_handling(&self, at: usize, handling: &'a Handling, flows: &mut Vec<Flow>) {
        let Some(end) = &handling.at_end else { return };
        let Some(&information) = self.information.get(handling.information.as_str()) else {
            return;
        };
        let left = handling.how.iter().find_map(|how| self.verbs.get(how.as_str())?.left.as_deref());
        let name = &self.system.information[information].name;
        let what = end.what.clone().unwrap_or_else(|| format!("{}{name}", left.unwrap_or_default()));
        for node in handling.nodes.iter().filter_map(|id| self.nodes.get(id.as_str()).copied()) {
            flows.extend(self.flow(Draft {
                origin: Origin::End,
                layer: handling.layer,
                phase: Phase::Termination,
                element: Element::Node(node),
                actor: end.actor.as_deref(),
                information,
                what: Some(what.clone()),
                how: &end.how,
                pointer: format!("/handlings/{at}/at_end"),
            }));
        }
    }

    fn end_of_element(&self, element: Element, ends: &'a [AtEnd], pointer: &str, flows: &mut Vec<Flow>) {
        for (at, end) in ends.iter().enumerate() {
            let Some(&information) = self.information.get(end.information.as_str()) else {
                continue;
            };
            flows.extend(self.flow(Draft {
                origin: Origin::End,
                layer: end.layer,
                phase: Phase::Termination,
                element,
                actor: end.actor.as_deref(),
                information,
                what: end.what.clone(),
                how: &end.how,
                pointer: format!("{pointer}/at_end/{at}"),
            }));
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

/// What a free verb does, judged by the words it contains; empty if nothing is recognised.
pub(crate) fn similar(how: &str) -> Vec<&'static str> {
    const STEMS: [(&str, &str); 16] = [
        ("閲覧", "view"),
        ("参照", "view"),
        ("操作", "operate"),
        ("更新", "operate"),
        ("入力", "operate"),
        ("作成", "create"),
        ("登録", "create"),
        ("保存", "store"),
        ("処理", "process"),
        ("転送", "transfer"),
        ("送", "transfer"),
        ("搬", "carry"),
        ("保管", "keep"),
        ("印刷", "output"),
        ("廃棄", "dispose"),
        ("移管", "migrate"),
    ];
    let mut does: Vec<&str> = STEMS.iter().filter(|(stem, _)| how.contains(stem)).map(|(_, does)| *does).collect();
    does.dedup();
    does
}

fn phase_of(handling: &Handling, node: &Node) -> Phase {
    handling.phase.unwrap_or(match node.environment {
        Environment::Production => Phase::Operation,
        Environment::Development | Environment::Test => Phase::Development,
    })
}

impl Element {
    /// The word of the threat rules' attribute `element`.
    pub(crate) fn token(self, system: &SystemFile) -> &'static str {
        match self {
            Self::Node(at) => system.nodes[at].kind.token(),
            Self::Link(at) => match system.links[at].kind {
                LinkKind::WiredLan => "link-wired-lan",
                LinkKind::WirelessLan => "link-wireless-lan",
                LinkKind::DedicatedLine => "link-dedicated-line",
                LinkKind::PublicNetwork => "link-public-network",
                LinkKind::ClosedNetwork => "link-closed-network",
                LinkKind::InternetVpn => "link-internet-vpn",
                LinkKind::IpsecVpn => "link-ipsec-vpn",
                LinkKind::Https => "link-https",
            },
            Self::Transport(_) => "transport",
        }
    }

    /// The author's id of the element.
    pub fn id(self, system: &SystemFile) -> &str {
        match self {
            Self::Node(at) => &system.nodes[at].id,
            Self::Link(at) => &system.links[at].id,
            Self::Transport(at) => &system.transports[at].id,
        }
    }
}

impl Flow {
    /// The kind of information, for rules.
    pub(crate) fn information_kind(&self, system: &SystemFile) -> InformationKind {
        system.information[self.information].kind
    }
}
