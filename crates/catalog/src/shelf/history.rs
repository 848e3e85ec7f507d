//! What was published when, what replaced it, and the dates that lie ahead.

use serde::{Deserialize, Serialize};

use super::Shelf;
use crate::{Certainty, Flag};

/// One published edition (facts/editions, CATALOG-001).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct HistoryEntry {
    pub id: String,
    pub guideline: String,
    /// As printed, e.g. `第6.0版`.
    pub edition: String,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty if unknown.
    pub date: String,
    pub in_force_from: String,
    pub in_force_to: String,
    pub issuer: String,
    #[serde(rename = "what_changed_own_words")]
    pub what_changed: String,
    /// Id of what replaced it; empty for the newest and where it is not known.
    pub superseded_by_id: String,
    pub source: String,
    pub certainty: Certainty,
}

impl HistoryEntry {
    /// Whether the edition is in force on a day (`YYYY-MM-DD`); `None` where its dates do not tell.
    ///
    /// A date that names only a month decides nothing within that month.
    pub fn in_force_on(&self, day: &str) -> Option<bool> {
        if self.in_force_from.is_empty() {
            return None;
        }
        let began = reached(&self.in_force_from, day)?;
        let ended = if self.in_force_to.is_empty() { false } else { reached(&self.in_force_to, day)? };
        Some(began && !ended)
    }
}

/// Whether `day` is on or after `date`; `None` if `date` names only the month or year that `day` lies in.
fn reached(date: &str, day: &str) -> Option<bool> {
    if date.len() == day.len() {
        return Some(day >= date);
    }
    let part = day.get(..date.len())?;
    if part == date { None } else { Some(part > date) }
}

/// A law, notice or standard that the documents cite (T-31).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Law {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub in_force_from: String,
    pub issuer: String,
    pub articles: String,
    pub about: String,
    /// Places that cite it, separated by `; `.
    pub cited_by: String,
    pub source: String,
    pub certainty: Certainty,
    pub note: String,
}

/// One change of an edition with what it touches (CATALOG-019).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Change {
    pub id: String,
    pub edition: String,
    pub volume: String,
    pub section: Option<String>,
    pub item: Option<String>,
    /// Other volumes that the same change concerns.
    pub also: Vec<String>,
    pub topic: String,
    pub title: String,
    pub change: String,
    pub concerns: Vec<String>,
    /// What a provider has that must be looked at again.
    pub touches: Vec<String>,
    pub certainty: Certainty,
    pub source: String,
    pub note: Option<String>,
}

/// A date that a document sets for the future (CATALOG-026).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Milestone {
    pub id: String,
    pub title: String,
    /// `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    /// As the document says it.
    pub date_text: String,
    pub what: String,
    pub concerns: Vec<String>,
    pub refs: Vec<String>,
    pub warn_months_before: Option<u32>,
    pub certainty: Certainty,
    pub source: String,
    pub note: Option<String>,
}

/// A place of a provider's papers that a change of edition touches (CATALOG-014).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EditionChangePlace {
    pub kind: PlaceKind,
    /// Number of the clause, item or content.
    pub id: String,
    pub title: String,
    pub why: String,
    /// Only if a control with one of these flags is touched.
    #[serde(default)]
    pub flags: Vec<Flag>,
    /// Only if the new edition belongs to one of these guidelines, e.g. `mhlw`.
    #[serde(default)]
    pub editions: Vec<String>,
    pub certainty: Certainty,
}

/// In which paper a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    Sla,
    Disclosure,
    RuleSection,
}

impl Shelf {
    /// Editions of all guidelines that are, or may be, in force on a day (`YYYY-MM-DD`).
    pub fn in_force_on<'a>(&'a self, day: &'a str) -> impl Iterator<Item = (&'a HistoryEntry, bool)> {
        self.history.iter().filter_map(move |entry| match entry.in_force_on(day) {
            Some(true) => Some((entry, true)),
            None if !entry.in_force_from.is_empty() => Some((entry, false)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_decides_nothing_within_itself() {
        let entry = |from: &str, to: &str| HistoryEntry {
            in_force_from: from.to_owned(),
            in_force_to: to.to_owned(),
            ..HistoryEntry::default()
        };
        for (from, to, day, expected) in [
            ("2023-05-31", "2026-06-29", "2023-05-30", Some(false)),
            ("2023-05-31", "2026-06-29", "2023-05-31", Some(true)),
            ("2023-05-31", "2026-06-29", "2026-06-29", Some(false)),
            ("2020-08", "2023-07-07", "2020-08-15", None),
            ("2020-08", "2023-07-07", "2020-09-01", Some(true)),
            ("2026-06-29", "", "2026-11-22", Some(true)),
            ("", "", "2026-11-22", None),
        ] {
            assert_eq!(entry(from, to).in_force_on(day), expected, "{from} {to} {day}");
        }
    }
}
