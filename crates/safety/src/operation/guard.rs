//! What stands against a step beyond the state of its entry: rules that look into other records.
//!
//! A declaration names its guard; whoever records steps asks here and needs to know no register by name.

use chrono::NaiveDate;
use shirube_catalog::StepGuard;

use super::maintenance::{CONSENTS, Notice, Terms};
use super::register::{Entry, Records};

/// Registers that a guard looks into beside the entry's own.
pub fn reads(guard: StepGuard) -> &'static [&'static str] {
    match guard {
        StepGuard::Maintenance => &[CONSENTS],
    }
}

/// What stands against taking a guarded step with an entry on a day, in sentences; nothing if it may be taken.
///
/// `records` holds what [`reads`] names, and the log of the entry.
pub fn against(guard: StepGuard, entry: &Entry, on: NaiveDate, records: &Records, terms: &Terms) -> Vec<String> {
    match guard {
        StepGuard::Maintenance => {
            let started = entry.day("started_at").unwrap_or(on);
            Notice::of(entry, records, terms).missing(started, terms)
        }
    }
}
