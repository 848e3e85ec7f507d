//! Editions of guidelines.

use serde::{Deserialize, Serialize};

/// One edition of one guideline.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Edition {
    /// e.g. `pg-1.0`.
    pub id: String,
    pub title: String,
    /// As printed, e.g. `第1.0版`.
    pub edition: String,
    pub issuers: Vec<String>,
    /// Year and month, `2020-08`.
    pub published: String,
    pub status: EditionStatus,
    pub superseded_by: Option<String>,
    /// Whether the embedded content covers the edition.
    pub certainty: Certainty,
    /// What is missing or doubtful, in Japanese.
    pub note: Option<String>,
}

/// Whether an edition is the one to follow today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditionStatus {
    /// 現行
    InForce,
    /// 旧版
    Superseded,
}

impl EditionStatus {
    pub fn term(self) -> &'static str {
        match self {
            Self::InForce => "現行",
            Self::Superseded => "旧版",
        }
    }
}

/// How sure we are of a statement about a guideline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Inferred, not read in the original.
    #[default]
    Derived,
    /// Read in part, or in a damaged copy.
    Partial,
    /// Read in the original.
    Seen,
}

impl Certainty {
    pub fn term(self) -> &'static str {
        match self {
            Self::Derived => "推定（原文では未確認）",
            Self::Partial => "一部のみ確認",
            Self::Seen => "原文で確認",
        }
    }
}
