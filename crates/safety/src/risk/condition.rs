//! Threat rules made ready to run: every condition becomes a few bit masks.

use std::collections::HashMap;
use std::sync::OnceLock;

use shirube_catalog::{Adjustment, Condition, Outcome, ThreatRule};

use crate::model::{
    Answer, Authentication, Element, Encryption, Entry, Environment, Exposure, Flow, InformationKind, Layer, LinkKind,
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

/// Links after the kinds of nodes, in the order of [`LinkKind`]; a transport comes last.
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

/// The attributes, in the order of [`attributes`].
#[derive(Debug, Clone, Copy)]
enum Ask {
    Layer,
    Phase,
    Environment,
    Handled,
    Element,
    Does,
    Information,
    Place,
    Exposure,
    Authentication,
    Encryption,
    Portability,
    Media,
    Redundancy,
    Entry,
    MalwareProtection,
    Maintenance,
    Backup,
}

const ATTRIBUTES: usize = Ask::Backup as usize + 1;

/// Values of every attribute of one flow, one bit each, in the order of [`attributes`]. Words of a closed set have
/// the bit of their place in the set.
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
        let mut set = |ask: Ask, bit: usize| facts[ask as usize] |= 1 << bit;
        set(Ask::Layer, flow.layer as usize);
        set(Ask::Phase, flow.phase as usize);
        set(Ask::Handled, usize::from(flow.actor.is_none()));
        set(Ask::Information, flow.information_kind(self.system) as usize);
        for bit in flow.does.iter().filter_map(|does| DOES.iter().position(|known| known == does)) {
            set(Ask::Does, bit);
        }
        match flow.element {
            Element::Node(at) => {
                let node = &self.system.nodes[at];
                let (entry, side) = self.sites[at];
                set(Ask::Element, node.kind as usize);
                set(Ask::Environment, node.environment as usize);
                set(Ask::Place, side as usize);
                set(Ask::Entry, entry as usize);
                set(Ask::Exposure, node.exposure as usize);
                set(Ask::Authentication, node.authentication as usize);
                set(Ask::Encryption, node.encryption as usize);
                set(Ask::Portability, node.portability as usize);
                set(Ask::Media, node.removable_media as usize);
                set(Ask::Redundancy, node.redundancy as usize);
                set(Ask::MalwareProtection, node.malware_protection as usize);
                set(Ask::Maintenance, node.maintenance as usize);
                set(Ask::Backup, node.backup as usize);
            }
            Element::Link(at) => {
                let link = &self.system.links[at];
                set(Ask::Element, NodeKind::ALL.len() + link.kind as usize);
                set(Ask::Place, Side::Between as usize);
                set(Ask::Exposure, link.exposure as usize);
                set(Ask::Encryption, link.encryption as usize);
                set(Ask::Redundancy, link.redundancy as usize);
                set(Ask::Maintenance, link.maintenance as usize);
            }
            Element::Transport(at) => {
                set(Ask::Element, NodeKind::ALL.len() + LinkKind::ALL.len());
                set(Ask::Place, Side::Between as usize);
                set(Ask::Portability, Portability::Portable as usize);
                set(Ask::Encryption, self.media[at] as usize);
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

impl Rules {
    /// Whether a rule of this threat makes risks with this id.
    pub(super) fn has(&self, threat: &str, id: &str) -> bool {
        let is = |rule: &CompiledRule| rule.rule.id == id;
        self.by_threat.get(threat).is_some_and(|rules| rules.risks.iter().any(is) || is(&rules.otherwise))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_bit_of_their_place() {
        let table = attributes();
        for (ask, name) in [
            (Ask::Layer, "layer"),
            (Ask::Handled, "handled"),
            (Ask::Element, "element"),
            (Ask::Does, "does"),
            (Ask::Place, "place"),
            (Ask::Media, "media"),
            (Ask::MalwareProtection, "malware-protection"),
            (Ask::Backup, "backup"),
        ] {
            assert_eq!(table[ask as usize].name, name);
        }
        for (at, kind) in LinkKind::ALL.iter().enumerate() {
            assert_eq!(LINKS[at], format!("link-{}", kind.token()));
            assert_eq!(table[Ask::Element as usize].values[NodeKind::ALL.len() + *kind as usize], LINKS[at]);
        }
    }
}
