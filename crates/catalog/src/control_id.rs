//! Ids of controls, as the guideline prints them (`3.4①-14`) or in ASCII (`3.4-1-14`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Names one control of 別紙2 inside an edition: 大項目 `major.middle`, 小項目, branch.
///
/// The No. column of the guideline restarts in every 小項目, so only the whole is unique (CATALOG-003).
/// A `ControlId` is well formed, no more; [`crate::ProviderGuideline::control`] tells whether it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlId {
    pub major: u8,
    pub middle: u8,
    /// 1 for ①, up to 20.
    pub minor: u8,
    pub branch: u8,
}

/// Why a text is no control id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlIdError {
    /// The text does not have the shape of an id.
    #[error("「{0}」は対策項目の番号として読めません。「3.4①-14」又は「3.4-1-14」のように書いてください")]
    Shape(String),
    /// The id names an edition that has no such list.
    #[error("「{0}」の版「{1}」には対策項目の一覧がありません。版を付けるなら「pg-1.0/3.4①-14」のように書いてください")]
    Edition(String, String),
}

const CIRCLED_ONE: u32 = '①' as u32;

impl ControlId {
    /// ASCII spelling, for file names, URLs and keyboards without circled digits.
    pub fn ascii(self) -> String {
        format!("{}.{}-{}-{}", self.major, self.middle, self.minor, self.branch)
    }

    /// The 大項目, e.g. `3.4`.
    pub fn middle_item(self) -> String {
        format!("{}.{}", self.major, self.middle)
    }

    /// The 小項目, e.g. `3.4①`.
    pub fn minor_item(self) -> String {
        format!("{}.{}{}", self.major, self.middle, circled(self.minor))
    }
}

fn circled(number: u8) -> char {
    char::from_u32(CIRCLED_ONE + u32::from(number) - 1).unwrap_or('？')
}

impl fmt::Display for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.minor_item(), self.branch)
    }
}

impl FromStr for ControlId {
    type Err = ControlIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = || ControlIdError::Shape(text.to_owned());
        let bare = match text.split_once('/') {
            Some(("pg-1.0", bare)) => bare,
            Some((edition, _)) => {
                return Err(ControlIdError::Edition(text.to_owned(), edition.to_owned()));
            }
            None => text,
        };
        // Circled digits become `-1` first: NFKC would turn ① into a bare 1 and glue it to the 大項目.
        let spelled: String = bare
            .trim()
            .chars()
            .flat_map(|c| match (c as u32).checked_sub(CIRCLED_ONE) {
                Some(offset @ 0..20) => format!("-{}", offset + 1).chars().collect::<Vec<_>>(),
                _ => vec![c],
            })
            .collect();
        let spelled: String = spelled.nfkc().collect();
        let parts: Vec<u8> =
            spelled.split(['.', '-']).map(|part| part.parse().map_err(|_| shape())).collect::<Result<_, _>>()?;
        match parts[..] {
            [major, middle, minor @ 1..=20, branch] if spelled.matches('.').count() == 1 => {
                Ok(Self { major, middle, minor, branch })
            }
            _ => Err(shape()),
        }
    }
}

impl<'de> Deserialize<'de> for ControlId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for ControlId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CATALOG-003: both spellings, with and without the edition, name the same control.
    #[test]
    fn every_spelling_of_an_id_is_read() {
        for text in ["3.4①-14", "3.4-1-14", "pg-1.0/3.4①-14", "３．４①－１４", " 3.4①-14 "] {
            let id: ControlId = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(id.to_string(), "3.4①-14");
            assert_eq!(id.ascii(), "3.4-1-14");
        }
    }

    #[test]
    fn what_is_no_id_is_named_in_the_message() {
        for text in ["", "3.4", "3.4①", "3-4-1-14", "3.4.1.14", "x.4①-1", "3.4①-999"] {
            let error = text.parse::<ControlId>().unwrap_err();
            assert_eq!(error, ControlIdError::Shape(text.to_owned()));
        }
        assert!(matches!("mhlw-5.0/3.4①-1".parse::<ControlId>(), Err(ControlIdError::Edition(..))));
    }
}
