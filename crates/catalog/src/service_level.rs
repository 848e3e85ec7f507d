//! Tables by which service levels are judged: what is not counted, and which grade a number of misses gives (別紙1 II 7.1).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The tables of `catalogs/rules/service-levels.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevelRules {
    pub exclusions: Vec<ExclusionItem>,
    /// Those of the guideline's example, for contracts without their own.
    pub grades: Vec<GradeRow>,
}

/// One 算定除外事項.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionItem {
    /// E.g. `maintenance`; never changed once published.
    pub id: String,
    pub class: ExclusionClass,
    pub text: String,
    /// Unusable until the contract says from which load on it holds.
    #[serde(default)]
    pub needs_load_limit: bool,
}

/// The four classes of 算定除外事項, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExclusionClass {
    Agreed,
    Uncontrollable,
    Institution,
    Other,
}

impl ExclusionClass {
    pub const ALL: [Self; 4] = [Self::Agreed, Self::Uncontrollable, Self::Institution, Self::Other];

    pub fn term(self) -> &'static str {
        match self {
            Self::Agreed => "事前に合意された事由",
            Self::Uncontrollable => "制御できない事由",
            Self::Institution => "甲の責任に帰する事由",
            Self::Other => "その他、乙の責めに帰すべからざる事由",
        }
    }
}

/// A grade and the numbers of misses it stands for; without `to` there is no end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeRow {
    pub grade: String,
    pub from: u32,
    #[serde(default)]
    pub to: Option<u32>,
}

static RULES: LazyLock<ServiceLevelRules> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/service-levels.json")))
        .expect("the tables of service levels can be read")
});

/// The tables by which service levels are judged.
pub fn service_level_rules() -> &'static ServiceLevelRules {
    &RULES
}
