//! Threat rules and verbs: our own data that turn a flow into risks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One rule of `catalogs/rules/threats.yaml`.
///
/// For a flow and a threat, every risk rule that matches gives a risk. If none matches, the first
/// `none` rule that matches gives the reason; if that fails too, the `otherwise` rule of the threat does.
#[derive(Debug, Clone, Deserialize)]
pub struct ThreatRule {
    /// Part of every risk id it makes; never changed once published.
    pub id: String,
    /// Code of the threat, e.g. `TH05`.
    pub threat: String,
    /// True for the rule that speaks when no other rule of the threat does.
    #[serde(default)]
    pub otherwise: bool,
    #[serde(default)]
    pub when: Condition,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a rule says of a flow it matches.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// The threat leads to this risk.
    Risk {
        /// `{information}`, `{which}`, `{place}` and `{layer}` are filled from the flow.
        statement: String,
        properties: Vec<Property>,
        /// 別紙2 scenarios that describe the same thing; they lead to suggested controls.
        #[serde(default)]
        scenarios: Vec<String>,
        likelihood: LikelihoodRule,
        /// Moves the 影響度 away from the importance of the information.
        #[serde(default)]
        impact: Vec<Adjustment>,
    },
    /// The threat does not apply, and why.
    None {
        #[serde(rename = "none")]
        reason: String,
    },
}

/// How the 顕在化率 is proposed (5.1.2).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LikelihoodRule {
    pub base: u8,
    /// Why the base is what it is.
    pub because: String,
    #[serde(default)]
    pub adjust: Vec<Adjustment>,
}

/// One factor that raises (positive) or lowers (negative) a value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    pub when: Condition,
    pub by: i8,
    pub because: String,
}

/// A condition on a flow's attributes.
///
/// Every attribute named must have one of the values given, at least one of `any` must hold (if there
/// are any), and `not` must not.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Condition {
    #[serde(default)]
    pub any: Vec<Condition>,
    #[serde(default)]
    pub not: Option<Box<Condition>>,
    #[serde(flatten)]
    pub is: BTreeMap<String, Vec<String>>,
}

/// A property that a risk harms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    Confidentiality,
    Integrity,
    Availability,
    Authenticity,
    Readability,
    Preservation,
}

impl Property {
    pub fn term(self) -> &'static str {
        match self {
            Self::Confidentiality => "機密性",
            Self::Integrity => "完全性",
            Self::Availability => "可用性",
            Self::Authenticity => "真正性",
            Self::Readability => "見読性",
            Self::Preservation => "保存性",
        }
    }
}

/// A verb of the How column (FLOW-005).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// As printed, e.g. `作成や保存される`.
    pub text: String,
    /// What it does, in the words of the rules' attribute `does`.
    pub does: Vec<String>,
    /// Participle for 契約終了 rows, e.g. `作成や保存された`; `None` when nothing stays behind.
    pub left: Option<String>,
}
