//! `document` in `shirube.yaml`: what stands on the cover of every document (DOC-002).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Date;
use crate::choice::choice;

/// 文書の表紙に載せる事柄（DOC-002）。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentInfo {
    /// 文書番号の前半（文書の種類が後に付く）。
    #[serde(default)]
    pub number: Option<String>,
    /// 版数（例: 第1.0版）。
    #[serde(default)]
    pub edition: Option<String>,
    /// 発行日。空のあいだは案として扱う。
    #[serde(default)]
    pub issued_on: Option<Date>,
    /// 適用開始日。
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// 適用終了日。
    #[serde(default)]
    pub valid_to: Option<Date>,
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub approver: Option<String>,
    /// 取扱区分（例: 社外秘）。
    #[serde(default)]
    pub confidentiality: Option<String>,
    /// 日付の書き方。
    #[serde(default)]
    pub dates: DateStyle,
    /// 改訂履歴。
    #[serde(default)]
    pub history: Vec<HistoryEntry>,
}

choice! {
    /// 日付の書き方。
    DateStyle {
        Era = "era", "和暦";
        Western = "western", "西暦";
    }
}

#[expect(clippy::derivable_impls, reason = "the macro derives for every choice, and most have no default")]
impl Default for DateStyle {
    fn default() -> Self {
        Self::Era
    }
}

/// 改訂履歴の一行。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    pub edition: String,
    pub on: Date,
    pub change: String,
    pub author: String,
    pub approver: String,
}
