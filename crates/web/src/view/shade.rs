//! Risk levels as pages draw them.

use shirube_catalog::Method;
use shirube_safety::risk::{Assessment, Rated};

/// A リスクレベル with its letter, value and shade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    pub rank: char,
    pub value: u16,
    /// Class of the style sheet, from the gravest (`shade-0`) on.
    pub shade: &'static str,
    /// False while it is 案.
    pub decided: bool,
}

const SHADES: [&str; 5] = ["shade-0", "shade-1", "shade-2", "shade-3", "shade-4"];

/// Shade of a rank: its place among the ranks of the method in force, which need not be S to D.
pub fn shade(method: &Method, rank: char) -> &'static str {
    let place = method.ranks.iter().position(|band| band.rank.0 == rank);
    SHADES[place.unwrap_or(SHADES.len() - 1).min(SHADES.len() - 1)]
}

impl Level {
    pub fn of(assessment: &Assessment, rated: Rated) -> Self {
        Self {
            rank: rated.rank,
            value: rated.value,
            shade: shade(&assessment.method, rated.rank),
            decided: rated.decided,
        }
    }

    /// Level of a pair of values somebody decided.
    pub fn decided(assessment: &Assessment, impact: u8, likelihood: u8) -> Option<Self> {
        let band = assessment.band(impact, likelihood)?;
        Some(Self {
            rank: band.rank.0,
            value: assessment.method.value(impact, likelihood),
            shade: shade(&assessment.method, band.rank.0),
            decided: true,
        })
    }
}
