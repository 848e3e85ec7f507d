//! The method of risk analysis in force: table 5-2 unless the service declares its own (RISK-011).

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{
    Factor, Library, Method, MethodError, OptionKind, Rank, RankBand, RankRule, Scale, Suggestion, scaled,
};

use super::ServiceFile;
use crate::choice::choice;

/// リスク分析の方法（5.1.2、5.1.3）。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MethodSpec {
    /// 方法の名前と版。文書に載る。
    #[schemars(regex(pattern = r"\S"))]
    pub id: String,
    /// 影響度の尺度。小さい順。
    pub impact: Vec<Step>,
    /// 顕在化率の尺度。小さい順。
    pub likelihood: Vec<Step>,
    /// ランク。高い順。matrixを書かないときは、影響度×顕在化率の値の範囲（fromとto）も書く。
    pub ranks: Vec<Band>,
    /// 積の代わりに表でランクを決めるとき、影響度の小さい行から順に、顕在化率の小さい順のランクを並べる。
    #[serde(default)]
    pub matrix: Vec<Vec<String>>,
    /// 位置ごとに示す選択肢（図5-2に当たる）。省くと、収録している表を使う。
    #[serde(default)]
    pub suggestions: Vec<SuggestionSpec>,
}

/// 尺度の一段。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[schemars(range(min = 1, max = 20))]
    pub value: u8,
    #[schemars(regex(pattern = r"\S"))]
    pub label: String,
    #[serde(default)]
    pub gloss: Option<String>,
}

/// ランクと、その扱い。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// 一文字（例: S）。
    #[schemars(length(min = 1, max = 1), regex(pattern = r"\S"))]
    pub rank: String,
    /// 最も小さい値。matrixを書くときは省く。
    #[serde(default)]
    pub from: u16,
    /// 最も大きい値。matrixを書くときは省く。
    #[serde(default)]
    pub to: u16,
    #[schemars(with = "CriterionToken")]
    pub rule: RankRule,
}

choice! {
    /// ランクの扱い（リスク基準）。
    CriterionToken {
        SeveralMeasures = "several-measures", "複数の対策による対応が必須";
        Treat = "treat", "対応が必須";
        Judge = "judge", "個別に判断";
        None = "none", "対応は不要";
    }
}

/// 位置に応じて示す選択肢。初めに当てはまるものを示す。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionSpec {
    /// 対応の後に残るリスクについてか。
    #[serde(default)]
    pub after: bool,
    /// 影響度の範囲（例: [4, 5]）。
    #[serde(default)]
    pub impact: Option<[u8; 2]>,
    /// 顕在化率の範囲。
    #[serde(default)]
    pub likelihood: Option<[u8; 2]>,
    /// ランクの扱い。
    #[serde(default)]
    #[schemars(with = "Vec<CriterionToken>")]
    pub rules: Vec<RankRule>,
    /// 示す選択肢。
    #[schemars(length(min = 1), with = "Vec<OptionToken>")]
    pub options: Vec<OptionKind>,
    /// 示す理由。
    #[schemars(regex(pattern = r"\S"))]
    pub because: String,
}

choice! {
    /// リスク対応の選択肢（表5-3）。
    OptionToken {
        Reduction = "reduction", "低減";
        Avoidance = "avoidance", "回避";
        Transfer = "transfer", "移転";
        Retention = "retention", "保有";
    }
}

/// The word of an option as the treatment list prints it.
pub fn option_term(option: OptionKind) -> &'static str {
    match option {
        OptionKind::Reduction => OptionToken::Reduction,
        OptionKind::Avoidance => OptionToken::Avoidance,
        OptionKind::Transfer => OptionToken::Transfer,
        OptionKind::Retention => OptionToken::Retention,
    }
    .term()
}

/// The method of a service.
///
/// Fails with everything that keeps the declared method from being used; then the default is in force.
pub fn method_of(service: &ServiceFile, library: &'static Library) -> Result<Cow<'static, Method>, Vec<MethodError>> {
    let Some(spec) = &service.risk_method else {
        return Ok(Cow::Borrowed(&library.provider.method));
    };
    let method = declared(spec, &library.provider.method);
    let errors = method.check();
    if errors.is_empty() { Ok(Cow::Owned(method)) } else { Err(errors) }
}

fn declared(spec: &MethodSpec, default: &Method) -> Method {
    let scale = |steps: &[Step]| -> Scale {
        let factor = |step: &Step| Factor { value: step.value, label: step.label.clone(), gloss: step.gloss.clone() };
        steps.iter().map(factor).collect()
    };
    let letter = |text: &String| Rank(text.chars().next().unwrap_or('?'));
    let band = |(place, band): (usize, &Band)| {
        // A matrix gives ranks, not values: what counts is the place of the rank from the lowest.
        let level = (spec.ranks.len() - place) as u16;
        let (from, to) = if spec.matrix.is_empty() { (band.from, band.to) } else { (level, level) };
        RankBand { rank: letter(&band.rank), from, to, rule: band.rule }
    };
    let (impact, likelihood) = (scale(&spec.impact), scale(&spec.likelihood));
    Method {
        id: spec.id.clone(),
        suggestions: suggestions(spec, default),
        impact,
        likelihood,
        ranks: spec.ranks.iter().enumerate().map(band).collect(),
        matrix: spec.matrix.iter().map(|row| row.iter().map(letter).collect()).collect(),
        options: default.options.clone(),
    }
}

/// The declared suggestions; else the embedded ones, read on the declared scales.
fn suggestions(spec: &MethodSpec, default: &Method) -> Vec<Suggestion> {
    if spec.suggestions.is_empty() {
        let read = |range: Option<[u8; 2]>, steps: &[Step]| {
            range.map(|range| range.map(|value| scaled(value, steps.len().min(20) as u8)))
        };
        return default
            .suggestions
            .iter()
            .map(|suggestion| Suggestion {
                impact: read(suggestion.impact, &spec.impact),
                likelihood: read(suggestion.likelihood, &spec.likelihood),
                ..suggestion.clone()
            })
            .collect();
    }
    let own = |own: &SuggestionSpec| Suggestion {
        after: own.after,
        impact: own.impact,
        likelihood: own.likelihood,
        rules: own.rules.clone(),
        options: own.options.clone(),
        because: own.because.clone(),
    };
    spec.suggestions.iter().map(own).collect()
}
