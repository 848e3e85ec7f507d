//! The provider guideline: controls, scenarios, threats and tables.

use serde::{Deserialize, Serialize};

use crate::{
    Anomaly, Certainty, Control, ControlId, DeliveryForms, Edition, LegalDuties, LifeCyclePhase, Method, Modality,
    RuleBookSection, StatutoryItem, StatutoryRow, Viewpoint,
};

/// One edition of the 提供事業者ガイドライン.
#[derive(Debug, Deserialize)]
pub struct ProviderGuideline {
    pub edition: Edition,
    /// 別紙2, in its order.
    pub controls: Vec<Control>,
    pub scenarios: Vec<Scenario>,
    /// Table 5-1.
    pub threats: Vec<Threat>,
    /// Table 5-2, criteria of 5.1.3, table 5-3.
    pub method: Method,
    /// Table 4-1.
    pub provided_information: Vec<ProvidedInformation>,
    /// 2.2.
    pub delivery: DeliveryForms,
    /// Table 3-1, with the laws behind it.
    pub duties: LegalDuties,
    /// 3.2.2 and 3.2.3.
    pub phases: Vec<LifeCyclePhase>,
    /// 5.1.6(2): the sections of a 運用管理規程.
    pub rule_book: Vec<RuleBookSection>,
    /// 5.1.5(1)(イ).
    pub considerations: Vec<Consideration>,
    /// Chapter 6.
    pub statutory: Vec<StatutoryItem>,
    /// 5.2.1(2): what to look at in each cell of phase × layer.
    pub viewpoints: Vec<ViewpointText>,
    /// Damaged or doubtful places of the copy we read.
    pub anomalies: Vec<Anomaly>,
}

/// One 対策項目で対応できるリスクシナリオ例. An example, never exhaustive (5.1.5(1)(ア)).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub id: String,
    pub text: String,
    pub source_line: u32,
    #[serde(default = "seen")]
    pub certainty: Certainty,
    pub note: Option<String>,
}

fn seen() -> Certainty {
    Certainty::Seen
}

/// One requirement of the institutions' guideline.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// e.g. `6.5.C.7`, with the storage condition in brackets where there is one.
    pub id: String,
    pub section: String,
    pub section_title: String,
    pub class: RequirementClass,
    pub item: String,
    pub condition: Option<String>,
    pub text: String,
    pub modality: Modality,
    pub certainty: Certainty,
    pub source_line: u32,
    pub note: Option<String>,
}

/// 区分 of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum RequirementClass {
    C,
    D,
}

impl RequirementClass {
    pub fn term(self) -> &'static str {
        match self {
            Self::C => "C.最低限のガイドライン",
            Self::D => "D.推奨されるガイドライン",
        }
    }
}

/// One of the ten 代表的な脅威 (table 5-1).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// Our code, `TH01` to `TH10`.
    pub id: String,
    pub name: String,
    pub description: String,
}

/// One line of table 4-1.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProvidedInformation {
    pub no: u8,
    pub purpose: Purpose,
    pub item: String,
    /// Place in the サービス仕様適合開示書.
    pub disclosure: String,
    /// Document of ours that holds it.
    pub document: Option<String>,
    /// Heading in that document, if the item is only part of it.
    pub part: Option<String>,
}

/// Why an item of table 4-1 is provided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    Selection,
    Roles,
    Evaluation,
    Assessment,
    Treatment,
    Rules,
    Statutory,
}

impl Purpose {
    pub fn term(self) -> &'static str {
        match self {
            Self::Selection => "外部保存を受託する事業者の選定",
            Self::Roles => "医療機関等との役割分担の明確化",
            Self::Evaluation => "安全管理に係る評価",
            Self::Assessment => "リスクアセスメントの成果物",
            Self::Treatment => "リスク対応の成果物",
            Self::Rules => "運用管理規程に含める事項",
            Self::Statutory => "制度上の要求事項への対応の成果物",
        }
    }
}

/// One of the six 考慮事項.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Consideration {
    pub id: String,
    /// ① to ⑥.
    pub mark: String,
    pub title: String,
    pub question: String,
}

/// What to look at in one cell of layer × phase (FLOW-007).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ViewpointText {
    pub layer: String,
    pub phase: String,
    pub text: String,
}

impl ProviderGuideline {
    /// The control with this id.
    pub fn control(&self, id: ControlId) -> Option<&Control> {
        // 別紙2 is sorted by id, which `self_test` proves.
        self.controls.binary_search_by_key(&id, |control| control.id).ok().map(|at| &self.controls[at])
    }

    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.id == id)
    }

    pub fn threat(&self, id: &str) -> Option<&Threat> {
        self.threats.iter().find(|threat| threat.id == id)
    }

    /// A section of chapter 6 by its number.
    pub fn statutory_item(&self, id: &str) -> Option<&StatutoryItem> {
        self.statutory.iter().find(|item| item.id == id)
    }

    /// A line of chapter 6 by its id, with its section.
    pub fn statutory_row(&self, id: &str) -> Option<(&StatutoryItem, &StatutoryRow)> {
        self.statutory.iter().find_map(|item| Some((item, item.rows.iter().find(|row| row.id == id)?)))
    }

    /// Controls that answer a scenario.
    pub fn controls_against<'a>(&'a self, scenario: &'a str) -> impl Iterator<Item = &'a Control> {
        self.controls.iter().filter(move |control| control.scenario.as_deref() == Some(scenario))
    }

    /// Stops a program whose 別紙2 is not the original's (CATALOG-002): 417 controls in three viewpoints,
    /// 44 大項目 and 86 小項目, in order.
    pub(crate) fn self_test(&self) {
        let per_viewpoint = Viewpoint::ALL
            .map(|viewpoint| self.controls.iter().filter(|control| control.viewpoint() == viewpoint).count());
        let mut middles: Vec<_> = self.controls.iter().map(|control| control.id.middle_item()).collect();
        middles.dedup();
        let mut minors: Vec<_> = self.controls.iter().map(|control| control.id.minor_item()).collect();
        minors.dedup();
        assert_eq!(
            (self.controls.len(), per_viewpoint, middles.len(), minors.len()),
            (417, [153, 41, 223], 44, 86),
            "別紙2の件数が原本と異なる"
        );
        assert!(self.controls.is_sorted_by_key(|control| control.id), "別紙2の順序が原本と異なる");
    }
}
