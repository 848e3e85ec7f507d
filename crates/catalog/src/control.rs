//! A control of 別紙2: what it asks, how strongly, of whom.

use serde::{Deserialize, Deserializer, Serialize};

use crate::ControlId;

/// One 対策項目 of 別紙2.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    pub id: ControlId,
    /// Number of the 大項目, e.g. `3.4`.
    pub middle: String,
    pub middle_title: String,
    pub minor_title: String,
    pub kubun: Kubun,
    /// Scenario it answers, e.g. `S01`.
    #[serde(deserialize_with = "empty_is_none")]
    pub scenario: Option<String>,
    #[serde(deserialize_with = "yes_or_no")]
    pub scenario_certain: bool,
    /// Ids of `mhlw-5.0` requirements.
    #[serde(deserialize_with = "words")]
    pub requirements: Vec<String>,
    /// How sure the requirements are.
    pub link: Link,
    pub agreement: Agreement,
    #[serde(deserialize_with = "flags")]
    pub flags: Vec<Flag>,
    /// Line of the copy we read.
    pub source_line: String,
    /// What is asked, in our words.
    pub text: String,
    pub modality: Modality,
    pub actor: Responsible,
    /// Typical evidence.
    pub evidence: Vec<String>,
    /// Doubt about the original.
    pub note: Option<String>,
}

impl Control {
    /// 人的・組織的, 物理的 or 技術的: the first number of its id.
    pub fn viewpoint(&self) -> Viewpoint {
        match self.id.major {
            1 => Viewpoint::Organisational,
            2 => Viewpoint::Physical,
            _ => Viewpoint::Technical,
        }
    }
}

/// The three 対策の観点 of 5.1.5(1)(ア).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Viewpoint {
    Organisational,
    Physical,
    Technical,
}

impl Viewpoint {
    pub const ALL: [Self; 3] = [Self::Organisational, Self::Physical, Self::Technical];

    pub fn term(self) -> &'static str {
        match self {
            Self::Organisational => "人的・組織的対策",
            Self::Physical => "物理的対策",
            Self::Technical => "技術的対策",
        }
    }
}

/// 区分 of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Kubun {
    /// 遵守事項 of the two former guidelines.
    #[serde(rename = "◎")]
    Mandatory,
    /// 推奨事項 of the former guideline for information processors.
    #[serde(rename = "○")]
    Recommended,
    /// The mark is lost in the copy we read.
    #[serde(rename = "")]
    Unknown,
}

impl Kubun {
    /// The mark as printed; `不明` where it is lost.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Mandatory => "◎",
            Self::Recommended => "○",
            Self::Unknown => "不明",
        }
    }
}

/// The power of the control's own sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// ～すること
    Must,
    /// 望ましい
    Should,
    /// Both in one control.
    Mixed,
    /// An example, neither duty nor recommendation.
    Example,
}

impl Modality {
    pub fn term(self) -> &'static str {
        match self {
            Self::Must => "必須の表現",
            Self::Should => "望ましい",
            Self::Mixed => "必須と「望ましい」が混在",
            Self::Example => "例示",
        }
    }
}

/// Who has to act for a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Responsible {
    Provider,
    WithInstitution,
}

impl Responsible {
    pub fn term(self) -> &'static str {
        match self {
            Self::Provider => "対象事業者",
            Self::WithInstitution => "対象事業者と医療機関等",
        }
    }
}

/// Whether the control's text demands an agreement with the institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    Yes,
    /// Consent or understanding is needed without the word 合意.
    Consent,
    No,
}

/// How exactly the copy shows which requirements belong to a control (CATALOG-008, -009).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// Same row.
    Row,
    /// Only the group of the 小項目 can be read.
    Group,
    /// The place is damaged.
    Unreadable,
    /// The original says there is no counterpart.
    None,
}

impl Link {
    pub fn term(self) -> &'static str {
        match self {
            Self::Row => "行の対応を確認",
            Self::Group => "小項目の範囲で対応（行は不確か）",
            Self::Unreadable => "判読できない",
            Self::None => "該当なし",
        }
    }
}

/// What else a control touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    RuleBook,
    Training,
    Periodic,
    Ledger,
    Notice,
    /// A subcontractor, an agency that sends staff, a data centre, a supplier.
    Subcontractor,
    Record,
}

impl Flag {
    pub fn term(self) -> &'static str {
        match self {
            Self::RuleBook => "運用管理規程",
            Self::Training => "教育・周知",
            Self::Periodic => "定期",
            Self::Ledger => "台帳",
            Self::Notice => "通知・報告",
            Self::Subcontractor => "再委託先・他の事業者",
            Self::Record => "記録",
        }
    }
}

fn empty_is_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Some(String::deserialize(from)?).filter(|text| !text.is_empty()))
}

fn yes_or_no<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    match String::deserialize(from)?.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(serde::de::Error::custom(format!("`{other}` is neither yes nor no"))),
    }
}

fn words<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(String::deserialize(from)?.split_whitespace().map(str::to_owned).collect())
}

fn flags<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Flag>, D::Error> {
    let text = String::deserialize(from)?;
    text.split_whitespace()
        .map(|word| Flag::deserialize(serde::de::value::StrDeserializer::<D::Error>::new(word)))
        .collect()
}
