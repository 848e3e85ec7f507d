//! What a row of 別紙2 is before anything is inherited or numbered.

use std::borrow::Cow;

use super::token::{self, Digits, Token};
use crate::fold;
use crate::import::Mark;
use crate::lines::{Cell, without_tags};

/// One row in the making: what is printed, nothing inherited yet.
#[derive(Debug, Default)]
pub struct Draft {
    /// Number of the 小項目 and branch, as printed.
    pub minor: u8,
    pub branch: u8,
    /// 大項目 of the viewpoint printed since the row before.
    pub major: Option<(u8, String)>,
    /// `1.1` and title printed since the row before.
    pub middle: Option<(u8, u8, String)>,
    /// Title of the 小項目 printed since the row before, or later as a line of its own.
    pub title: Option<(u8, String)>,
    pub line: usize,
    pub text: String,
    pub mark: Option<Mark>,
    pub scenario: String,
    /// Requirements printed in the row, by index.
    pub cites: Vec<usize>,
    /// Requirements printed in a line of their own below the row.
    pub orphans: Vec<usize>,
    /// 該当なし is printed.
    pub nothing: bool,
    /// The wording was put together from lines.
    pub joined: bool,
    pub repairs: Vec<String>,
    /// Reasons not to be certain, each with the confidence it leaves.
    pub doubts: Vec<(u8, String)>,
}

/// A requirement as printed.
#[derive(Debug, Default)]
pub struct Cite {
    pub section: String,
    pub class: String,
    pub text: String,
    pub line: usize,
}

/// What the assembler is told about the text as a whole.
pub struct Habits<'a> {
    /// Rows are lines: a line with a number has its wording beside it.
    pub rows: bool,
    /// Whether a wording is known to be a scenario.
    pub is_scenario: &'a dyn Fn(&str) -> bool,
}

/// A cell with its meaning.
pub struct Read {
    pub cell: Cell,
    pub token: Token,
}

impl Draft {
    /// Whether nothing was printed in the row after its wording.
    pub fn ends_with_text(&self) -> bool {
        self.mark.is_none() && self.scenario.is_empty() && self.cites.is_empty() && !self.nothing
    }

    /// Takes a number before the wording and a mark behind it, left there by lost separators, out of the wording.
    pub fn tidy(&mut self, digits: Digits) {
        if let Cow::Owned(clean) = without_tags(&self.text) {
            self.text = clean;
            self.repair("変換で入った表示用の記号（<p>等）を除きました");
        }
        let (first, rest) = self.text.split_once(char::is_whitespace).unwrap_or_default();
        if token::id(&fold::plain(first), digits) == Some((self.minor, self.branch)) {
            self.text = rest.trim_start().to_owned();
            self.repair("本文の前に二度印字された番号を除きました");
        }
        for (printed, mark) in [("◎", Mark::Mandatory), ("○", Mark::Recommended), ("〇", Mark::Recommended)] {
            if let Some(text) = self.text.strip_suffix(printed).filter(|text| text.ends_with(char::is_whitespace)) {
                self.text = text.trim_end().to_owned();
                self.mark = self.mark.or(Some(mark));
                self.repair("本文の後ろに付いた区分の印を分けました");
                return;
            }
        }
    }

    /// Notes a reason not to be certain, once.
    pub fn doubt_once(&mut self, confidence: u8, why: &str) {
        if !self.doubts.iter().any(|(_, known)| known == why) {
            self.doubts.push((confidence, why.to_owned()));
        }
    }

    /// Notes a repair, once.
    pub fn repair(&mut self, what: &str) {
        if !self.repairs.iter().any(|known| known == what) {
            self.repairs.push(what.to_owned());
        }
    }
}
