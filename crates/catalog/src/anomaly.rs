//! Damaged or doubtful places of the copies we read, as notes on the entries they touch (table T-40, CATALOG-022).

use serde::{Deserialize, Serialize};

use crate::Library;

/// A damaged or doubtful place of the original.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Anomaly {
    /// Number in table T-40.
    pub no: u8,
    #[serde(rename = "where")]
    pub place: String,
    pub what: String,
    pub handling: String,
    /// Entries that carry the note: an id, what ids begin with, a range `1.1④-1~5`, or `edition/*`. Without an edition
    /// it is `pg-1.0`.
    #[serde(default)]
    pub entries: Vec<String>,
}

impl Anomaly {
    /// Whether the note belongs to an entry of an edition.
    pub fn stands_on(&self, edition: &str, id: &str) -> bool {
        self.entries.iter().any(|entry| {
            let qualified = entry.split_once('/');
            let (of, pattern) = qualified.unwrap_or(("pg-1.0", entry));
            of == edition && (pattern == "*" || covers(pattern, id, qualified.is_some()))
        })
    }
}

/// `3.4②` covers `3.4②-1`, and `6.4` of another edition covers `6.4.C.1`; `1.1` never covers `1.10①-1`.
fn covers(pattern: &str, id: &str, dotted: bool) -> bool {
    if let Some((first, last)) = pattern.split_once('~') {
        let number = |text: &str| text.parse::<u8>().ok();
        let parts = first.rsplit_once('-').zip(id.rsplit_once('-'));
        return parts.is_some_and(|((stem, from), (group, at))| {
            let range = number(from).zip(number(last));
            stem == group && range.zip(number(at)).is_some_and(|((from, last), at)| (from..=last).contains(&at))
        });
    }
    id.strip_prefix(pattern).is_some_and(|rest| match rest.chars().next() {
        None | Some('-' | '[' | '①'..='⑳') => true,
        Some('.') => dotted,
        Some(_) => false,
    })
}

impl Library {
    /// The notes that belong to an entry, in the order of table T-40.
    pub fn anomalies_of<'a>(&'a self, edition: &'a str, id: &'a str) -> impl Iterator<Item = &'a Anomaly> {
        self.provider.anomalies.iter().filter(move |anomaly| anomaly.stands_on(edition, id))
    }
}
