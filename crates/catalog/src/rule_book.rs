//! What a 運用管理規程 has to hold (guideline 5.1.6(2), table T-09).

use serde::{Deserialize, Serialize};

use crate::ControlId;

/// One of the sections (ア) to (コ).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBookSection {
    /// ア to コ.
    pub id: String,
    pub title: String,
    /// Number in table 4-1.
    pub provided: u8,
    /// Place in the サービス仕様適合開示書.
    pub disclosure: String,
    pub contents: Vec<RuleBookContent>,
}

/// One thing that has to stand in a section.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBookContent {
    /// Ours, e.g. `ア-1`.
    pub id: String,
    /// In our words.
    pub text: String,
    /// The guideline only calls it desirable.
    #[serde(default)]
    pub desirable: bool,
    /// Controls of 別紙2 that ask for words on it.
    pub controls: Vec<ControlId>,
    /// Parts of a service's description that it is written from.
    pub sources: Vec<RuleSource>,
}

/// A part of a service's description that feeds the 運用管理規程.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleSource {
    /// What is named for the institution's choice (table 4-1).
    Selection,
    Roles,
    SupplyChain,
    Information,
    Nodes,
    Media,
    Documents,
    /// Measures that answer risks and have to be operated.
    Measures,
    /// The answer to consideration ⑥.
    Continuity,
    Requests,
}

impl RuleSource {
    pub fn term(self) -> &'static str {
        match self {
            Self::Selection => "情報提供項目",
            Self::Roles => "責任者",
            Self::SupplyChain => "調達・再委託の関係",
            Self::Information => "情報の分類",
            Self::Nodes => "機器",
            Self::Media => "記憶媒体と搬送",
            Self::Documents => "構成に関する資料",
            Self::Measures => "リスクへの対策（運用手順の要るもの）",
            Self::Continuity => "事業継続の答え（考慮事項⑥）",
            Self::Requests => "医療機関等へ対応を求める事項",
        }
    }
}

impl RuleBookSection {
    /// `5.1.6(2)(ア)`.
    pub fn reference(&self) -> String {
        format!("5.1.6(2)({})", self.id)
    }
}
