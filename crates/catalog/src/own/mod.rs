//! Lists that users bring: further editions, rows of partial ones, lists and crosswalks of their own (CATALOG-011,
//! CATALOG-023, CATALOG-024).
//!
//! They stand next to what is embedded and never in its place. Each keeps every revision it ever had; a revision
//! counts from the day it takes effect, and only once a second person approved it. Until then it is 案 and says so.

mod merge;

use serde::{Deserialize, Serialize};

use crate::{Certainty, Entry, Mapping, fold};

pub use merge::{Notice, OwnShelf, Pick};

/// What ids of lists begin with that are the user's own and no edition of a guideline.
pub const OWN_PREFIX: &str = "own-";

/// A list of items: `catalogs/EDITION.json` of a service folder.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OwnList {
    /// e.g. `own-hospital-a`, or the edition whose missing rows these are.
    pub edition: String,
    /// Name of the list; empty where the edition is one we know.
    #[serde(default)]
    pub title: String,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, if stated.
    #[serde(default)]
    pub published: String,
    pub revisions: Vec<Revision<Entry>>,
}

/// Links between two editions: `catalogs/crosswalks/FROM--TO.json`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCrosswalk {
    pub from: String,
    pub to: String,
    pub revisions: Vec<Revision<Mapping>>,
}

/// The whole of a list at one time. It is never changed; a correction is a further revision.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Revision<T> {
    /// From 1.
    pub no: u32,
    pub prepared_by: String,
    pub prepared_on: String,
    pub reason: String,
    /// Name and SHA-256 of the file it was read from.
    pub source: String,
    pub sha256: String,
    /// SHA-256 of the rows, so that a later edit of them is noticed.
    pub content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
    pub rows: Vec<T>,
}

/// A second person's word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub by: String,
    pub on: String,
    /// First day on which the revision counts.
    pub effective_from: String,
}

/// Where a revision stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody but its author stands behind it.
    Draft,
    /// Approved, but its day has not come.
    Coming,
    InForce,
}

impl Standing {
    pub fn term(self) -> &'static str {
        match self {
            Self::Draft => "案（承認前）",
            Self::Coming => "承認済み（適用前）",
            Self::InForce => "適用中",
        }
    }
}

/// Whether two texts name one person: spaces and the width of characters make no other.
pub fn same_person(one: &str, other: &str) -> bool {
    let name = |text: &str| -> String { fold(text).chars().filter(|c| !c.is_whitespace()).collect() };
    name(one) == name(other)
}

/// Where something stands that one person prepared and another approves, on a day; without a day, its date is not
/// looked at.
pub fn standing(prepared_by: &str, approved_by: Option<&str>, effective_from: &str, on: Option<&str>) -> Standing {
    match approved_by.filter(|by| !by.trim().is_empty()) {
        None => Standing::Draft,
        Some(by) if same_person(by, prepared_by) => Standing::Draft,
        Some(_) if on.is_some_and(|on| on < effective_from) => Standing::Coming,
        Some(_) => Standing::InForce,
    }
}

impl<T> Revision<T> {
    pub fn standing(&self, on: Option<&str>) -> Standing {
        let approved = self.approved.as_ref();
        let from = approved.map_or("", |approval| &approval.effective_from);
        standing(&self.prepared_by, approved.map(|approval| approval.by.as_str()), from, on)
    }

    /// `第2版（適用中、…）`: what stands beside everything that is shown of it.
    pub fn line(&self, on: Option<&str>) -> String {
        let approved = match &self.approved {
            Some(approval) => format!("、承認 {} {}、{}から", approval.by, approval.on, approval.effective_from),
            None => String::new(),
        };
        format!(
            "第{}版 {}（作成 {} {}{approved}。{}）",
            self.no,
            self.standing(on).term(),
            self.prepared_by,
            self.prepared_on,
            self.reason.trim_end_matches('。')
        )
    }
}

/// The revision that counts on a day: the newest in force, else the newest of all.
pub fn counting<'a, T>(revisions: &'a [Revision<T>], on: Option<&str>) -> Option<&'a Revision<T>> {
    let in_force = revisions.iter().rev().find(|revision| revision.standing(on) == Standing::InForce);
    in_force.or(revisions.last())
}

/// Whether a text can be the id of an edition: it names a file, too.
pub fn is_edition_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.ends_with(|c: char| c != '.' && c != '-');
    starts && text.len() <= 60 && text.chars().all(plain) && !text.contains("--") && !text.contains("..")
}

impl Certainty {
    /// Every value, the surest first.
    pub const ALL: [Self; 3] = [Self::Seen, Self::Partial, Self::Derived];

    /// The word that files hold.
    pub fn token(self) -> &'static str {
        match self {
            Self::Derived => "derived",
            Self::Partial => "partial",
            Self::Seen => "seen",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CATALOG-024: one's own approval is none, however the name is spelt, and a day decides from when on.
    #[test]
    fn only_another_person_approves() {
        for (approver, from, on, expected) in [
            (None, "", Some("2026-12-01"), Standing::Draft),
            (Some(" "), "2026-01-01", None, Standing::Draft),
            (Some("標　一郎"), "2026-01-01", None, Standing::Draft),
            (Some("標一郎"), "2026-01-01", Some("2026-12-01"), Standing::Draft),
            (Some("港 四郎"), "2026-12-01", Some("2026-11-30"), Standing::Coming),
            (Some("港 四郎"), "2026-12-01", Some("2026-12-01"), Standing::InForce),
            (Some("港 四郎"), "2026-12-01", None, Standing::InForce),
        ] {
            assert_eq!(standing("標 一郎", approver, from, on), expected, "{approver:?} {from} {on:?}");
        }
    }

    #[test]
    fn ids_of_editions_name_files() {
        for good in ["own-a", "mhlw-5.1", "own-hospital-2"] {
            assert!(is_edition_id(good), "{good}");
        }
        for bad in ["", "../x", "own-a/b", "OWN-a", "own--a", "a..b", "own-", "病院", "-a", ".a"] {
            assert!(!is_edition_id(bad), "{bad}");
        }
    }
}
