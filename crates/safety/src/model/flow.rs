//! 情報流: who handles what information where, by which device and how (guideline 5.2.1(2)).

use std::collections::HashMap;

use super::{
    Environment, Frequency, InformationKind, Layer, NodeKind, Party, PartyKind, Phase, ServiceFile, SystemFile, Volume,
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
    /// Of the handling, or of the information in general (FLOW-013).
    pub volume: Volume,
    pub frequency: Frequency,
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
    pub(super) by_id: HashMap<String, usize>,
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

    /// Layers in which an element handles information; what it is made for while it handles none (MODEL-009).
    pub fn layers(&self, system: &SystemFile, element: Element) -> Vec<Layer> {
        let has = |layer| self.list.iter().any(|flow| flow.element == element && flow.layer == layer);
        let found: Vec<Layer> = Layer::ALL.iter().copied().filter(|layer| has(*layer)).collect();
        let connects = match element {
            Element::Node(at) => system.nodes[at].kind == NodeKind::NetworkEquipment,
            Element::Link(_) => true,
            Element::Transport(_) => false,
        };
        if found.is_empty() && connects { vec![Layer::Infrastructure] } else { found }
    }

    /// A value that changes whenever a flow, its class or its amount does; the order of the flows is nothing.
    pub fn digest(&self, system: &SystemFile) -> String {
        let class = |flow: &Flow| {
            let id = &system.information[flow.information].class;
            let importance = system.information_classes.iter().find(|class| class.id == *id).map(|c| c.importance);
            format!("{id}\u{1f}{}", importance.unwrap_or_default())
        };
        let mut lines: Vec<String> = self
            .list
            .iter()
            .map(|flow| {
                let environment = flow.environment.map_or("", Environment::token);
                let amount = [flow.volume.token(), flow.frequency.token()].join("\u{1f}");
                [flow.id.as_str(), &flow.sentence(), environment, &class(flow), &amount].join("\u{1f}")
            })
            .collect();
        lines.sort_unstable();
        fnv(lines.iter().flat_map(|line| line.bytes().chain([0x1e])))
    }
}

/// FNV-1a: tells a changed list from an unchanged one. It guards against oversight, not against forgery.
pub(crate) fn fnv(bytes: impl Iterator<Item = u8>) -> String {
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{:012x}", hash >> 16)
}

/// Whom a flow belongs to (FLOW-003).
impl Flow {
    /// The party that provides the layer of the flow.
    pub fn provider<'a>(&self, service: &'a ServiceFile) -> &'a str {
        &service.delivery.of(self.layer).party
    }
}

/// The institutions that use the service.
pub fn institutions(service: &ServiceFile) -> impl Iterator<Item = &Party> {
    service.parties.iter().filter(|party| party.kind == PartyKind::Institution)
}

impl Element {
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
