//! Scales, ranks and criteria of a risk analysis (guideline table 5-2 and 5.1.3).

use serde::{Deserialize, Serialize};

/// One step of a scale.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// 1 is the lowest.
    pub value: u8,
    /// e.g. `きわめて大きい`.
    pub label: String,
    /// Explanation in brackets, e.g. `頻繁に起こる`.
    pub gloss: Option<String>,
}

/// 影響度 or 顕在化率, lowest first.
pub type Scale = Vec<Factor>;

/// Letter of a リスクレベル. The guideline has S, A, B, C, D.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Rank(pub char);

/// What the criteria say of a rank (5.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RankRule {
    /// 複数の対策による対応が必須
    SeveralMeasures,
    /// 対応が必須
    Treat,
    /// 個別に判断
    Judge,
    /// 対応不要
    None,
}

impl RankRule {
    pub fn term(self) -> &'static str {
        match self {
            Self::SeveralMeasures => "複数の対策による対応が必須",
            Self::Treat => "対応が必須",
            Self::Judge => "リスクレベルの高いものを優先し、個別に判断",
            Self::None => "対応は不要",
        }
    }
}

/// The values that make up one rank, both ends included.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RankBand {
    pub rank: Rank,
    pub from: u16,
    pub to: u16,
    pub rule: RankRule,
}

/// One of the four リスク対応の選択肢 (table 5-3).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TreatmentOption {
    pub id: OptionKind,
    pub name: String,
    pub synonym: Option<String>,
    pub description: String,
}

/// Exactly the four options (TREAT-001).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptionKind {
    /// 低減
    Reduction,
    /// 回避
    Avoidance,
    /// 移転
    Transfer,
    /// 保有
    Retention,
}

/// A way to analyse risks: two scales, their product, and what each rank asks for.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Name under which documents cite the method.
    pub id: String,
    pub impact: Scale,
    pub likelihood: Scale,
    /// Highest rank first.
    pub ranks: Vec<RankBand>,
    #[serde(default)]
    pub options: Vec<TreatmentOption>,
}

/// Why a method cannot be used (RISK-011).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    #[error("尺度「{0}」の値は1から順に1ずつ増やしてください（例: 1, 2, 3, 4, 5）")]
    Scale(&'static str),
    #[error(
        "影響度{impact}×顕在化率{likelihood}＝{value}がどのランクにも入りません。ranksのfromとtoを見直してください"
    )]
    Unranked { impact: u8, likelihood: u8, value: u16 },
    #[error("値{value}がランク{first}と{second}の両方に入ります。ranksのfromとtoが重ならないようにしてください")]
    Twice { value: u16, first: char, second: char },
    #[error("ランク{lower}が、より小さい値のランクより低い扱いになっています。ranksは値の大きい順に並べてください")]
    Order { lower: char },
}

impl Method {
    /// Proves that every reachable value has exactly one rank and that ranks fall with the value.
    pub fn check(&self) -> Result<(), MethodError> {
        for (name, scale) in [("影響度", &self.impact), ("顕在化率", &self.likelihood)] {
            let counts_up = scale.iter().zip(1..).all(|(factor, value)| factor.value == value);
            if scale.is_empty() || !counts_up {
                return Err(MethodError::Scale(name));
            }
        }
        if let Some(pair) = self.ranks.windows(2).find(|pair| pair[0].from <= pair[1].to) {
            let overlap = pair[0].from <= pair[1].to && pair[1].from <= pair[0].to;
            return Err(if overlap {
                MethodError::Twice { value: pair[0].from, first: pair[0].rank.0, second: pair[1].rank.0 }
            } else {
                MethodError::Order { lower: pair[1].rank.0 }
            });
        }
        for impact in &self.impact {
            for likelihood in &self.likelihood {
                let value = self.value(impact.value, likelihood.value);
                if self.band(value).is_none() {
                    let (impact, likelihood) = (impact.value, likelihood.value);
                    return Err(MethodError::Unranked { impact, likelihood, value });
                }
            }
        }
        Ok(())
    }

    /// 影響度×顕在化率.
    pub fn value(&self, impact: u8, likelihood: u8) -> u16 {
        u16::from(impact) * u16::from(likelihood)
    }

    /// The band a value falls into; `None` for values no product reaches.
    pub fn band(&self, value: u16) -> Option<&RankBand> {
        self.ranks.iter().find(|band| (band.from..=band.to).contains(&value))
    }

    /// The step of the 影響度 scale with this value.
    pub fn impact_label(&self, value: u8) -> &str {
        label(&self.impact, value)
    }

    /// The step of the 顕在化率 scale with this value.
    pub fn likelihood_label(&self, value: u8) -> &str {
        label(&self.likelihood, value)
    }

    /// The highest value of the 影響度 scale.
    pub fn worst_impact(&self) -> u8 {
        self.impact.last().map_or(0, |factor| factor.value)
    }

    /// The highest value of the 顕在化率 scale.
    pub fn worst_likelihood(&self) -> u8 {
        self.likelihood.last().map_or(0, |factor| factor.value)
    }
}

fn label(scale: &Scale, value: u8) -> &str {
    scale.iter().find(|factor| factor.value == value).map_or("", |factor| &factor.label)
}
