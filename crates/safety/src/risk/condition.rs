//! Threat rules made ready to run: every condition becomes a few bit masks.

use std::collections::HashMap;
use std::sync::OnceLock;

use shirube_catalog::{Adjustment, Condition, Outcome, ThreatRule};

use crate::model::{
    Answer, Authentication, Element, Encryption, Entry, Environment, Exposure, Flow, InformationKind, Layer,
    Maintenance, NodeKind, Phase, Portability, Redundancy, RemovableMedia, Side, SystemFile,
};

/// An attribute of a flow that rules may ask for, with every value it can have.
struct Attribute {
    name: &'static str,
    term: &'static str,
    values: Vec<&'static str>,
}

const DOES: [&str; 12] = [
    "view", "operate", "create", "store", "process", "transfer", "carry", "keep", "media-io", "output", "dispose",
    "migrate",
];

const LINKS: [&str; 9] = [
    "link-wired-lan",
    "link-wireless-lan",
    "link-dedicated-line",
    "link-public-network",
    "link-closed-network",
    "link-internet-vpn",
    "link-ipsec-vpn",
    "link-https",
    "transport",
];

const ATTRIBUTES: usize = 18;

/// Values of every attribute of one flow, one bit each, in the order of [`attributes`].
pub(super) type Facts = [u32; ATTRIBUTES];

fn attributes() -> &'static [Attribute; ATTRIBUTES] {
    static ALL: OnceLock<[Attribute; ATTRIBUTES]> = OnceLock::new();
    macro_rules! tokens {
        ($of:ty) => {
            <$of>::ALL.iter().map(|value| value.token()).collect()
        };
    }
    ALL.get_or_init(|| {
        let elements = NodeKind::ALL.iter().map(|kind| kind.token()).chain(LINKS).collect();
        let attribute = |name, term, values| Attribute { name, term, values };
        [
            attribute("layer", "層", tokens!(Layer)),
            attribute("phase", "フェーズ", tokens!(Phase)),
            attribute("environment", "環境", tokens!(Environment)),
            attribute("handled", "扱う者", vec!["person", "device"]),
            attribute("element", "機器・媒体・接続の種類", elements),
            attribute("does", "処理", DOES.to_vec()),
            attribute("information", "情報の種類", tokens!(InformationKind)),
            attribute("place", "場所", tokens!(Side)),
            attribute("exposure", "外部からの届きやすさ", tokens!(Exposure)),
            attribute("authentication", "認証", tokens!(Authentication)),
            attribute("encryption", "暗号化", tokens!(Encryption)),
            attribute("portability", "持ち出し", tokens!(Portability)),
            attribute("media", "外部の媒体", tokens!(RemovableMedia)),
            attribute("redundancy", "冗長化", tokens!(Redundancy)),
            attribute("entry", "入室の制限", tokens!(Entry)),
            attribute("malware-protection", "不正プログラム対策", tokens!(Answer)),
            attribute("maintenance", "保守の契約", tokens!(Maintenance)),
            attribute("backup", "バックアップ", tokens!(Answer)),
        ]
    })
}

fn position(name: &str) -> Option<usize> {
    attributes().iter().position(|attribute| attribute.name == name)
}

/// Reads the attributes of flows from the model.
pub(super) struct FactReader<'a> {
    system: &'a SystemFile,
    /// Entry and side of the site of each node.
    sites: Vec<(Entry, Side)>,
    /// Encryption of the medium of each transport.
    media: Vec<Encryption>,
}

impl<'a> FactReader<'a> {
    pub fn new(system: &'a SystemFile) -> Self {
        let sites: HashMap<&str, _> = system.sites.iter().map(|site| (site.id.as_str(), site)).collect();
        let nodes: HashMap<&str, _> = system.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let site = |id: &Option<String>| id.as_deref().and_then(|id| sites.get(id));
        let medium = |id: &String| nodes.get(id.as_str()).map_or(Encryption::Unknown, |node| node.encryption);
        Self {
            system,
            sites: system
                .nodes
                .iter()
                .map(|node| site(&node.site).map_or((Entry::Unknown, Side::Other), |site| (site.entry, site.side)))
                .collect(),
            media: system.transports.iter().map(|transport| medium(&transport.medium)).collect(),
        }
    }

    pub fn facts(&self, flow: &Flow) -> Facts {
        let mut facts = [0; ATTRIBUTES];
        let mut set = |name: &str, value: &str| {
            let at = position(name).expect("an attribute of the table");
            let values = &attributes()[at].values;
            facts[at] |= values.iter().position(|known| *known == value).map_or(0, |bit| 1 << bit);
        };
        set("layer", flow.layer.token());
        set("phase", flow.phase.token());
        set("handled", if flow.actor.is_some() { "person" } else { "device" });
        set("element", flow.element.token(self.system));
        set("information", flow.information_kind(self.system).token());
        for does in &flow.does {
            set("does", does);
        }
        match flow.element {
            Element::Node(at) => {
                let node = &self.system.nodes[at];
                let (entry, side) = self.sites[at];
                set("environment", node.environment.token());
                set("place", side.token());
                set("entry", entry.token());
                set("exposure", node.exposure.token());
                set("authentication", node.authentication.token());
                set("encryption", node.encryption.token());
                set("portability", node.portability.token());
                set("media", node.removable_media.token());
                set("redundancy", node.redundancy.token());
                set("malware-protection", node.malware_protection.token());
                set("maintenance", node.maintenance.token());
                set("backup", node.backup.token());
            }
            Element::Link(at) => {
                let link = &self.system.links[at];
                set("place", Side::Between.token());
                set("exposure", link.exposure.token());
                set("encryption", link.encryption.token());
                set("redundancy", link.redundancy.token());
                set("maintenance", link.maintenance.token());
            }
            Element::Transport(at) => {
                set("place", Side::Between.token());
                set("portability", Portability::Portable.token());
                set("encryption", self.media[at].token());
            }
        }
        facts
    }
}

/// A condition as masks.
#[derive(Debug, Default)]
pub(super) struct Test {
    is: Vec<(usize, u32)>,
    any: Vec<Test>,
    not: Option<Box<Test>>,
}

impl Test {
    pub fn holds(&self, facts: &Facts) -> bool {
        self.is.iter().all(|(at, mask)| facts[*at] & mask != 0)
            && (self.any.is_empty() || self.any.iter().any(|test| test.holds(facts)))
            && !self.not.as_ref().is_some_and(|test| test.holds(facts))
    }

    /// Terms of the attributes this test asks for that nobody has confirmed on a flow.
    fn unknown(&self, facts: &Facts, found: &mut Vec<&'static str>) {
        for &(at, _) in &self.is {
            let attribute = &attributes()[at];
            let unknown = attribute.values.iter().position(|value| *value == "unknown");
            if unknown.is_some_and(|bit| facts[at] & (1 << bit) != 0) && !found.contains(&attribute.term) {
                found.push(attribute.term);
            }
        }
        let inner = self.any.iter().chain(self.not.as_deref());
        inner.for_each(|test| test.unknown(facts, found));
    }
}

/// A factor with its test.
#[derive(Debug)]
pub(super) struct Move {
    pub when: Test,
    pub by: i8,
    pub because: &'static str,
}

/// A rule with its tests.
#[derive(Debug)]
pub(super) struct CompiledRule {
    pub rule: &'static ThreatRule,
    pub when: Test,
    pub likelihood: Vec<Move>,
    pub impact: Vec<Move>,
}

impl CompiledRule {
    /// Attributes that would move the 顕在化率, had somebody confirmed them.
    pub fn unknown(&self, facts: &Facts) -> Vec<&'static str> {
        let mut found = Vec::new();
        self.likelihood.iter().for_each(|factor| factor.when.unknown(facts, &mut found));
        found
    }
}

/// The rules of one threat.
#[derive(Debug)]
pub(super) struct ThreatRules {
    pub risks: Vec<CompiledRule>,
    pub reasons: Vec<(Test, &'static str)>,
    pub otherwise: CompiledRule,
}

/// The rules of one threat while they are gathered.
#[derive(Default)]
struct Parts {
    risks: Vec<CompiledRule>,
    reasons: Vec<(Test, &'static str)>,
    otherwise: Option<CompiledRule>,
}

/// All rules, by threat code.
#[derive(Debug)]
pub struct Rules {
    pub(super) by_threat: HashMap<&'static str, ThreatRules>,
}

/// Why a set of threat rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("rule `{rule}` asks for `{attribute}`, which flows do not have")]
    Attribute { rule: String, attribute: String },
    #[error("rule `{rule}` asks for `{attribute}: {value}`, which is no value of it")]
    Value { rule: String, attribute: String, value: String },
    #[error("threat `{0}` needs exactly one rule with `otherwise: true` that makes a risk")]
    Otherwise(String),
    #[error("rule `{0}` stands twice")]
    Twice(String),
}

impl Rules {
    /// Compiles rules and proves that every threat has a last resort, so that no cell can stay blank.
    pub fn new(rules: &'static [ThreatRule]) -> Result<Self, RuleError> {
        let mut ids = std::collections::HashSet::new();
        let mut parts: HashMap<&str, Parts> = HashMap::new();
        for rule in rules {
            if !ids.insert(&rule.id) {
                return Err(RuleError::Twice(rule.id.clone()));
            }
            let when = test(&rule.id, &rule.when)?;
            let Parts { risks, reasons, otherwise } = parts.entry(&rule.threat).or_default();
            match &rule.outcome {
                Outcome::None { reason } => reasons.push((when, reason)),
                Outcome::Risk { likelihood, impact, .. } => {
                    let compiled = CompiledRule {
                        rule,
                        when,
                        likelihood: moves(&rule.id, &likelihood.adjust)?,
                        impact: moves(&rule.id, impact)?,
                    };
                    match (rule.otherwise, &otherwise) {
                        (true, Some(_)) => return Err(RuleError::Otherwise(rule.threat.clone())),
                        (true, None) => *otherwise = Some(compiled),
                        (false, _) => risks.push(compiled),
                    }
                }
            }
        }
        let by_threat = parts
            .into_iter()
            .map(|(threat, Parts { risks, reasons, otherwise })| match otherwise {
                Some(otherwise) => Ok((threat, ThreatRules { risks, reasons, otherwise })),
                None => Err(RuleError::Otherwise(threat.to_owned())),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { by_threat })
    }
}

fn moves(rule: &str, adjustments: &'static [Adjustment]) -> Result<Vec<Move>, RuleError> {
    let made = |a: &'static Adjustment| Ok(Move { when: test(rule, &a.when)?, by: a.by, because: &a.because });
    adjustments.iter().map(made).collect()
}

fn test(rule: &str, condition: &Condition) -> Result<Test, RuleError> {
    let mut made = Test::default();
    for (name, wanted) in &condition.is {
        let attribute = || name.clone();
        let at =
            position(name).ok_or_else(|| RuleError::Attribute { rule: rule.to_owned(), attribute: attribute() })?;
        let mut mask = 0;
        for value in wanted {
            let bit = attributes()[at].values.iter().position(|known| known == value).ok_or_else(|| {
                RuleError::Value { rule: rule.to_owned(), attribute: attribute(), value: value.clone() }
            })?;
            mask |= 1 << bit;
        }
        made.is.push((at, mask));
    }
    made.any = condition.any.iter().map(|inner| test(rule, inner)).collect::<Result<_, _>>()?;
    made.not = condition.not.as_ref().map(|inner| test(rule, inner).map(Box::new)).transpose()?;
    Ok(made)
}
