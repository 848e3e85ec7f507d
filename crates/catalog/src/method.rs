//! Scales, ranks and criteria of a risk analysis (guideline table 5-2 and 5.1.3).

use std::collections::BTreeSet;

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
    /// How much the criterion asks for; a graver rank may not ask for less.
    fn demand(self) -> u8 {
        match self {
            Self::SeveralMeasures => 3,
            Self::Treat => 2,
            Self::Judge => 1,
            Self::None => 0,
        }
    }

    /// Whether risks of the rank must be treated.
    pub fn binds(self) -> bool {
        matches!(self, Self::SeveralMeasures | Self::Treat)
    }

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
///
/// Where a matrix gives the ranks, the value of a rank is its place from the lowest (1), and both ends are that value.
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

/// Which options fit a place in the matrix (TREAT-002).
///
/// Figure 5-2 of the guideline is a picture that was not seen; the embedded table is derived from the text of 5.1.4.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// True for what remains after a treatment, false for the risk before it.
    #[serde(default)]
    pub after: bool,
    /// Lowest and highest 影響度; any while left out.
    #[serde(default)]
    pub impact: Option<[u8; 2]>,
    /// Lowest and highest 顕在化率; any while left out.
    #[serde(default)]
    pub likelihood: Option<[u8; 2]>,
    /// Criteria of the rank; any while empty.
    #[serde(default)]
    pub rules: Vec<RankRule>,
    pub options: Vec<OptionKind>,
    /// Why, as people read it.
    pub because: String,
}

/// A way to analyse risks: two scales, what their values give together, and what each rank asks for.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Name under which documents cite the method.
    pub id: String,
    pub impact: Scale,
    pub likelihood: Scale,
    /// Highest rank first.
    pub ranks: Vec<RankBand>,
    /// Ranks by 影響度 (outer) and 顕在化率 (inner), lowest first. While it is empty, the product decides.
    #[serde(default)]
    pub matrix: Vec<Vec<Rank>>,
    #[serde(default)]
    pub options: Vec<TreatmentOption>,
    /// First match wins.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
}

/// Why a method cannot be used (RISK-011).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    #[error("尺度「{0}」の値は1から順に1ずつ増やしてください（例: 1, 2, 3, 4, 5）")]
    Scale(&'static str),
    #[error("ランク「{0}」が二度書かれています。ランクごとに別の文字にしてください")]
    Letter(char),
    #[error(
        "ランク{higher}の扱い（{asked}）が、それより低いランク{lower}の扱いより軽くなっています。高いランクほど重い扱いにしてください"
    )]
    Rule { higher: char, lower: char, asked: &'static str },
    #[error("ランク{0}のfromがtoより大きくなっています。fromに小さい値、toに大きい値を書いてください")]
    Reversed(char),
    #[error("ランク{lower}が{higher}より先に書かれています。ranksは値の大きい順に並べてください")]
    Order { higher: char, lower: char },
    #[error("値{value}がランク{first}と{second}の両方に入ります。ranksのfromとtoが重ならないようにしてください")]
    Twice { value: u16, first: char, second: char },
    #[error(
        "影響度{impact}×顕在化率{likelihood}＝{value}がどのランクにも入りません。ranksのfromとtoを見直してください"
    )]
    Unranked { impact: u8, likelihood: u8, value: u16 },
    #[error(
        "matrixは影響度の段の数（{rows}）だけの行と、顕在化率の段の数（{columns}）だけの列が要ります。{place}を見直してください"
    )]
    Size { rows: usize, columns: usize, place: String },
    #[error("matrixの影響度{impact}・顕在化率{likelihood}の「{rank}」が、ranksにありません")]
    Unknown { impact: u8, likelihood: u8, rank: char },
    #[error("matrixの影響度{impact}・顕在化率{likelihood}のランクが、影響度か顕在化率の一つ低い欄より低くなっています")]
    Falls { impact: u8, likelihood: u8 },
    #[error("ランク{0}にfromとtoがありません。matrixを書かないときは、ランクごとに値の範囲を書いてください")]
    Range(char),
}

impl Method {
    /// Everything that keeps the method from giving every pair of values exactly one rank, or from falling with them.
    pub fn check(&self) -> Vec<MethodError> {
        let mut errors = Vec::new();
        for (name, scale) in [("影響度", &self.impact), ("顕在化率", &self.likelihood)] {
            let counts_up = scale.iter().zip(1..).all(|(factor, value)| factor.value == value);
            if scale.is_empty() || !counts_up {
                errors.push(MethodError::Scale(name));
            }
        }
        self.check_ranks(&mut errors);
        if !errors.is_empty() {
            return errors; // What a pair of values gives cannot be told without scales and ranks.
        }
        if self.matrix.is_empty() {
            self.check_products(&mut errors)
        } else {
            self.check_matrix(&mut errors)
        }
        errors
    }

    fn check_ranks(&self, errors: &mut Vec<MethodError>) {
        let mut letters = BTreeSet::new();
        errors
            .extend(self.ranks.iter().filter(|band| !letters.insert(band.rank)).map(|b| MethodError::Letter(b.rank.0)));
        for pair in self.ranks.windows(2) {
            let (higher, lower) = (&pair[0], &pair[1]);
            if higher.rule.demand() < lower.rule.demand() {
                let asked = higher.rule.term();
                errors.push(MethodError::Rule { higher: higher.rank.0, lower: lower.rank.0, asked });
            }
        }
        if !self.matrix.is_empty() {
            return; // The matrix gives the ranks; their values are only places.
        }
        for band in &self.ranks {
            match (band.from, band.to) {
                (0, 0) => errors.push(MethodError::Range(band.rank.0)),
                (from, to) if from > to => errors.push(MethodError::Reversed(band.rank.0)),
                _ => {}
            }
        }
        for pair in self.ranks.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            if first.from <= second.to && second.from <= first.to {
                let value = first.from.max(second.from);
                errors.push(MethodError::Twice { value, first: first.rank.0, second: second.rank.0 });
            } else if first.to < second.from {
                errors.push(MethodError::Order { higher: second.rank.0, lower: first.rank.0 });
            }
        }
    }

    /// The first product without a rank; one gap usually leaves out many.
    fn check_products(&self, errors: &mut Vec<MethodError>) {
        let pairs = self.pairs().map(|(impact, likelihood)| (impact, likelihood, self.value(impact, likelihood)));
        let unranked = pairs.filter(|&(_, _, value)| self.band(value).is_none()).max_by_key(|&(_, _, value)| value);
        errors.extend(unranked.map(|(impact, likelihood, value)| MethodError::Unranked { impact, likelihood, value }));
    }

    fn check_matrix(&self, errors: &mut Vec<MethodError>) {
        let (rows, columns) = (self.impact.len(), self.likelihood.len());
        if self.matrix.len() != rows {
            errors.push(MethodError::Size {
                rows, columns, place: format!("行の数（今は{}）", self.matrix.len())
            });
        }
        for (impact, row) in self.matrix.iter().enumerate().filter(|(_, row)| row.len() != columns) {
            let place = format!("影響度{}の行（今は{}列）", impact + 1, row.len());
            errors.push(MethodError::Size { rows, columns, place });
        }
        if !errors.is_empty() {
            return;
        }
        for (impact, likelihood) in self.pairs() {
            let rank = self.matrix[usize::from(impact) - 1][usize::from(likelihood) - 1];
            if self.level(rank) == 0 {
                errors.push(MethodError::Unknown { impact, likelihood, rank: rank.0 });
            }
        }
        for (impact, likelihood) in self.pairs() {
            let here = self.value(impact, likelihood);
            let lower = |i: u8, l: u8| i > 0 && l > 0 && self.value(i, l) > here;
            if here > 0 && (lower(impact - 1, likelihood) || lower(impact, likelihood - 1)) {
                errors.push(MethodError::Falls { impact, likelihood });
            }
        }
    }

    /// Every pair of 影響度 and 顕在化率.
    pub fn pairs(&self) -> impl Iterator<Item = (u8, u8)> + '_ {
        self.impact.iter().flat_map(|impact| self.likelihood.iter().map(move |step| (impact.value, step.value)))
    }

    /// Place of a rank from the lowest (1); 0 for a letter that is none.
    fn level(&self, rank: Rank) -> u16 {
        let place = self.ranks.iter().rev().position(|band| band.rank == rank);
        place.map_or(0, |place| place as u16 + 1)
    }

    /// 影響度×顕在化率; where a matrix gives the ranks, the place of its rank from the lowest.
    pub fn value(&self, impact: u8, likelihood: u8) -> u16 {
        if self.matrix.is_empty() {
            return u16::from(impact) * u16::from(likelihood);
        }
        let row = impact.checked_sub(1).and_then(|at| self.matrix.get(usize::from(at)));
        let rank = row.and_then(|row| row.get(usize::from(likelihood.checked_sub(1)?)));
        rank.map_or(0, |rank| self.level(*rank))
    }

    /// The band a value falls into; `None` for values no pair reaches.
    pub fn band(&self, value: u16) -> Option<&RankBand> {
        self.ranks.iter().find(|band| (band.from..=band.to).contains(&value))
    }

    /// The band of a pair of values; `None` when one of them is no step of its scale.
    pub fn band_of(&self, impact: u8, likelihood: u8) -> Option<&RankBand> {
        let on = |scale: &Scale, value| scale.iter().any(|step| step.value == value);
        let both = on(&self.impact, impact) && on(&self.likelihood, likelihood);
        both.then(|| self.band(self.value(impact, likelihood))).flatten()
    }

    /// Options that fit a place in the matrix; `None` outside of it or where nothing is said of it.
    pub fn suggest(&self, impact: u8, likelihood: u8, after: bool) -> Option<&Suggestion> {
        let rule = self.band_of(impact, likelihood)?.rule;
        let within = |range: Option<[u8; 2]>, value| range.is_none_or(|[from, to]| (from..=to).contains(&value));
        self.suggestions.iter().find(|suggestion| {
            suggestion.after == after
                && within(suggestion.impact, impact)
                && within(suggestion.likelihood, likelihood)
                && (suggestion.rules.is_empty() || suggestion.rules.contains(&rule))
        })
    }

    /// How the values come about, for the cover of a list.
    pub fn formula(&self) -> String {
        let (impact, likelihood) = (self.worst_impact(), self.worst_likelihood());
        if self.matrix.is_empty() {
            format!("影響度（1～{impact}）×顕在化率（1～{likelihood}）")
        } else {
            format!("影響度（1～{impact}）と顕在化率（1～{likelihood}）の表から求めるレベル")
        }
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

/// Steps of the scale in which rules and 重要度 are written: that of table 5-2.
pub const RULE_STEPS: u8 = 5;

/// A value of five steps on a scale of `steps`: both ends stay ends, what lies between is rounded up from the half.
pub fn scaled(value: u8, steps: u8) -> u8 {
    let (value, last) = (u16::from(value.clamp(1, RULE_STEPS)) - 1, u16::from(RULE_STEPS) - 1);
    let span = u16::from(steps.max(1)) - 1;
    1 + ((2 * value * span + last) / (2 * last)) as u8
}

/// A move of five steps on a scale of `steps`; what moves at all moves at least one step.
pub fn scaled_move(by: i8, steps: u8) -> i8 {
    let last = i16::from(RULE_STEPS) - 1;
    let span = i16::from(steps.max(1)) - 1;
    let moved = (2 * i16::from(by.unsigned_abs()) * span + last) / (2 * last);
    i16::from(by.signum()).saturating_mul(moved.max(1)).clamp(-100, 100) as i8
}

fn label(scale: &Scale, value: u8) -> &str {
    scale.iter().find(|factor| factor.value == value).map_or("", |factor| &factor.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_steps_read_on_other_scales_keep_their_ends_and_their_order() {
        for steps in 1..=20 {
            let read: Vec<u8> = (1..=RULE_STEPS).map(|value| scaled(value, steps)).collect();
            assert_eq!((read[0], read[4]), (1, steps));
            assert!(read.is_sorted(), "{read:?}");
        }
        assert_eq!([3, 10, 5].map(|steps| scaled(3, steps)), [2, 6, 3]);
        assert_eq!([3, 10, 5].map(|steps| scaled_move(-1, steps)), [-1, -2, -1]);
    }
}
