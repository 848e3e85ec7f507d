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
    /// 体裁。
    #[serde(default)]
    pub preset: Option<Preset>,
    /// 日付の書き方（空なら、体裁に合わせる）。
    #[serde(default)]
    pub dates: Option<DateStyle>,
    /// とじ方。
    #[serde(default)]
    pub binding: Option<Binding>,
    /// 決裁欄に並べる役職（空なら、決裁欄を付けない）。
    #[serde(default)]
    pub approval_boxes: Vec<String>,
    /// 改訂履歴。
    #[serde(default)]
    pub history: Vec<HistoryEntry>,
}

impl DocumentInfo {
    /// How dates are written: as somebody said, else as the preset has it, else by era.
    pub fn dates(&self) -> DateStyle {
        self.dates.unwrap_or(match self.preset {
            Some(Preset::Provider) => DateStyle::Western,
            Some(Preset::Municipal) | None => DateStyle::Era,
        })
    }
}

choice! {
    /// 体裁。
    Preset {
        Provider = "provider", "提供事業者の文書（西暦、半角の数字）";
        Municipal = "municipal", "自治体の例規（和暦、一桁は全角の数字、明朝11ポイント）";
    }
}

choice! {
    /// とじ方。
    Binding {
        TwoHole = "two-hole", "二穴でとじる（左の余白を30mmとする）";
    }
}

choice! {
    /// 日付の書き方。
    DateStyle {
        Era = "era", "和暦";
        Western = "western", "西暦";
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
