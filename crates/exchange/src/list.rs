//! Which lists there are.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A list that travels as one workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    Risks,
    Treatments,
    Controls,
    Assets,
}

impl List {
    pub const ALL: [Self; 4] = [Self::Assets, Self::Risks, Self::Treatments, Self::Controls];

    /// As addresses and commands name it.
    pub fn token(self) -> &'static str {
        match self {
            Self::Risks => "risks",
            Self::Treatments => "treatments",
            Self::Controls => "controls",
            Self::Assets => "assets",
        }
    }

    pub fn term(self) -> &'static str {
        match self {
            Self::Risks => "リスク一覧",
            Self::Treatments => "リスク対応一覧",
            Self::Controls => "対策項目一覧",
            Self::Assets => "資産一覧",
        }
    }
}

impl FromStr for List {
    type Err = ();

    fn from_str(token: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|list| list.token() == token).ok_or(())
    }
}
