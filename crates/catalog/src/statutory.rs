//! Chapter 6: what laws and ministries ask of every provider alike, and the lines that answer it (table T-12).

use serde::{Deserialize, Serialize};

/// One section of chapter 6, the same for every provider (INST-001).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatutoryItem {
    /// e.g. `6.2`.
    pub id: String,
    pub title: String,
    pub asks: String,
    pub rows: Vec<StatutoryRow>,
}

/// A line that must be answered under a section (INST-004).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatutoryRow {
    /// Ours, e.g. `6.2-a1`; answers name the line by it.
    pub id: String,
    /// 真正性, 見読性, 保存性 or 電子署名.
    pub group: String,
    pub storage: Storage,
    pub clause: String,
    pub item: String,
    /// The guideline's form has no such line; we add it because 別紙2 cites the clause.
    #[serde(default)]
    pub optional: bool,
}

/// Where the records are kept that a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Storage {
    /// The line is not about keeping records.
    None,
    /// Wherever they are kept.
    Common,
    /// In the institution.
    Institution,
    /// Outside it, reached by network.
    OutsideByNetwork,
}

impl Storage {
    /// The heading of the form.
    pub fn term(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Common => "保存する場所について共通",
            Self::Institution => "医療機関等に保存する場合",
            Self::OutsideByNetwork => "ネットワークを通じて医療機関等の外部に保存する場合",
        }
    }
}
