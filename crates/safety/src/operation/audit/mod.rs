//! Audits: who may audit, what to look at, what was found and what became of it (AUDIT-001 to AUDIT-018).
//!
//! What an auditor did in the audited period is read from the records, never taken from what the auditor says. Samples are
//! drawn by the number of the audit, so that whoever was audited can draw them again. Nothing here judges a control: a
//! certificate or a record stands beside an answer and changes none.

mod certificate;
mod check;
mod finding;
mod independence;
mod paper;
mod summary;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::register::{Entry, Records};
use crate::ServiceFiles;

pub use certificate::{Certificate, Validity, certificates};
pub use check::check;
pub use finding::{Finding, FindingState, findings};
pub use independence::{Independence, Part};
pub use paper::{Item, Sample, Seen, Verdict, checklist, proposed};
pub use summary::{GradeCount, HeldAudit, Summary, summary};

/// The register of audits.
pub const AUDITS: &str = "audits";
/// The register of findings.
pub const FINDINGS: &str = "audit-findings";
/// The register of self-checks: those in charge look at their own work, which is no audit (AUDIT-017).
pub const SELF_CHECKS: &str = "self-checks";
/// The register of certificates.
pub const CERTIFICATES: &str = "certificates";

/// What the provider is called: the id and the name of its party.
pub fn provider_names(files: &ServiceFiles) -> Vec<&str> {
    let service = &files.service;
    let named = service.parties.iter().find(|party| party.id == service.provider).map(|party| party.name.as_str());
    std::iter::once(service.provider.as_str()).chain(named).collect()
}

/// One audit with the period it looks at.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'a> {
    pub entry: &'a Entry,
    pub records: &'a Records,
}

impl<'a> Audit<'a> {
    /// All that are kept.
    pub fn all(records: &'a Records) -> Vec<Self> {
        records.entries(AUDITS).iter().map(|entry| Self { entry, records }).collect()
    }

    /// The first and the last day that are looked at; none while one of them is not written.
    pub fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.entry.day("from_on").zip(self.entry.day("until_on"))
    }

    /// Whether a day is looked at.
    fn covers(&self, day: NaiveDate) -> bool {
        self.period().is_some_and(|(from, until)| (from..=until).contains(&day))
    }

    /// Whether it was held.
    pub fn is_done(&self) -> bool {
        matches!(self.entry.state.as_str(), "done" | "reported" | "finished")
    }

    /// Whether it was given up.
    pub fn is_cancelled(&self) -> bool {
        self.entry.state == "cancelled"
    }

    /// Its findings, the dropped ones among them.
    pub fn findings(&self) -> Vec<Finding<'a>> {
        findings(self.records).into_iter().filter(|one| one.entry.text("audit") == self.entry.id).collect()
    }
}
