//! `house.yaml`: the organisation's own look and wording, laid over the program's outlines.
//!
//! It holds nothing about the service, so the same file can lie beside each service of an organisation, and a new
//! version of the program overwrites none of it.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::ClauseChange;

/// 自社の様式。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct HouseFile {
    /// 線の色（16進数で6桁。「#」は付けない）。
    #[serde(default)]
    pub color: Option<HouseColor>,
    /// 各ページの上に置く文。
    #[serde(default)]
    #[schemars(length(max = 60))]
    pub header: Option<String>,
    /// 各ページの下に置く文。
    #[serde(default)]
    #[schemars(length(max = 60))]
    pub footer: Option<String>,
    /// ロゴの高さ（ミリメートル）。
    #[serde(default)]
    #[schemars(range(min = 5, max = 25))]
    pub logo_height: Option<u8>,
    /// ロゴの画像（PNG）。
    #[serde(default)]
    pub logo: Option<PngText>,
    /// サービス仕様適合開示書の文の変更。
    #[serde(default)]
    pub disclosure: Vec<ClauseChange>,
    /// サービスレベル合意書の条項の変更。
    #[serde(default)]
    pub sla: Vec<ClauseChange>,
    /// 対象事業者の運用管理規程の条の変更。
    #[serde(default)]
    pub operating_rules: Vec<ClauseChange>,
    /// 医療機関等の運用管理規程の条の変更。
    #[serde(default)]
    pub institution_rules: Vec<ClauseChange>,
    /// 送付状の文の変更。
    #[serde(default)]
    pub letter: Vec<ClauseChange>,
    /// 安全管理のまとめ（経営層向け）の文の変更。
    #[serde(default)]
    pub summary_management: Vec<ClauseChange>,
    /// 「安全にお使いいただくために」（院長・事務長の皆様へ）の文の変更。
    #[serde(default)]
    pub summary_clinic: Vec<ClauseChange>,
    /// 自社の言葉の説明。
    #[serde(default)]
    pub terms: Vec<HouseTerm>,
}

/// 自社の言葉。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseTerm {
    /// 言葉（用語集にある言葉なら、その説明の代わりになる）。
    #[schemars(regex(pattern = r"\S"))]
    pub term: String,
    /// 読みがな。
    #[serde(default)]
    pub reading: Option<String>,
    /// ほかの書き方。
    #[serde(default)]
    pub also: Vec<String>,
    /// 説明。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// 例。
    #[serde(default)]
    pub example: Option<String>,
}

/// A colour as six hexadecimal digits, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HouseColor(String);

const COLOR: &str = r"^#?[0-9A-Fa-f]{6}$";

impl HouseColor {
    /// Six digits without the sign before them.
    pub fn digits(&self) -> String {
        self.0.trim_start_matches('#').to_ascii_uppercase()
    }

    /// How it stands out against white paper: 1 not at all, 21 as black does (WCAG 2.2, contrast ratio).
    pub fn contrast(&self) -> f64 {
        let digits = self.digits();
        let linear = |at: usize| {
            let part = u8::from_str_radix(&digits[at..at + 2], 16).map_or(0.0, |part| f64::from(part) / 255.0);
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        1.05 / (0.2126 * linear(0) + 0.7152 * linear(2) + 0.0722 * linear(4) + 0.05)
    }
}

impl<'de> Deserialize<'de> for HouseColor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.strip_prefix('#').unwrap_or(&text);
        if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            Ok(Self(text))
        } else {
            Err(serde::de::Error::custom("not a colour"))
        }
    }
}

impl JsonSchema for HouseColor {
    fn schema_name() -> Cow<'static, str> {
        "HouseColor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": COLOR, "description": "色（例: 1F4E79）" })
    }
}

/// A picture in PNG, in Base64 as files and the database hold it. Whether it is one shows when it is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PngText(pub String);

impl JsonSchema for PngText {
    fn schema_name() -> Cow<'static, str> {
        "PngText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "contentEncoding": "base64",
            "contentMediaType": "image/png",
            "description": "PNGの画像（Base64）",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_knows_how_it_stands_out_on_paper() {
        for (written, least, most) in [("000000", 20.9, 21.0), ("#ffffff", 1.0, 1.01), ("1F4E79", 8.0, 9.0)] {
            let contrast = serde_json::from_value::<HouseColor>(written.into()).unwrap().contrast();
            assert!((least..=most).contains(&contrast), "{written}: {contrast}");
        }
    }
}
