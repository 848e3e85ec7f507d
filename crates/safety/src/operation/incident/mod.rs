//! 情報セキュリティ事故, from detection to close: what runs out when, what is affected, what to do next, what to review.
//!
//! Everything follows from the registers and the model, at a moment that is an argument. What follows from the model stands
//! beside what people entered, as 案; what nobody wrote is unknown, never assumed.

mod affected;
mod clock;
mod contact;
mod fact;
mod moment;
mod notice;
mod order;
mod review;
#[cfg(test)]
mod tests;
mod timeline;
mod worked;

use shirube_catalog::Register;

use super::register::{Entry, Records};

use affected::reach_of_institutions;
pub use affected::{Affected, AffectedInformation, AffectedInstitution, affected};
pub use clock::{Clock, ClockState, ContractTerms, Due, Length, Parameters, clocks, nearest};
pub use contact::{Contact, ContactGroup, contacts};
pub use moment::{At, in_words};
pub use notice::{Notice, NoticeLine, Stage, notice};
pub use order::{OrderStep, StepState, order};
pub use review::{Touched, TouchedRisk, touched};
pub use timeline::{Happened, timeline};
pub use worked::{Around, Glance, Worked, glance, overdue};

/// The register of incidents.
pub const INCIDENTS: &str = "incidents";

/// The registers that entries about an incident stand in.
pub const CONCERNED: [&str; 6] =
    [INCIDENTS, "legal-holds", "authority-notices", "reports-sent", "emergencies", "risk-reviews"];

/// One incident with the registers around it.
#[derive(Debug, Clone, Copy)]
pub struct Incident<'a> {
    pub records: &'a Records,
    pub register: &'a Register,
    pub entry: &'a Entry,
}

impl<'a> Incident<'a> {
    /// All incidents, as they stand in the register.
    pub fn all(records: &'a Records) -> Vec<Self> {
        let Some(register) = records.register(INCIDENTS) else { return Vec::new() };
        records.entries(INCIDENTS).iter().map(|entry| Self { records, register, entry }).collect()
    }

    /// The incident of a number.
    pub fn numbered(records: &'a Records, number: &str) -> Option<Self> {
        Self::all(records).into_iter().find(|one| one.entry.id == number)
    }

    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        self.register.state(&self.entry.state).is_none_or(|state| !state.closed)
    }

    /// Whether it turned out to be none.
    pub fn is_dismissed(&self) -> bool {
        self.entry.state == "dismissed"
    }

    /// The name of its state.
    pub fn state(&self) -> &'a str {
        self.register.state(&self.entry.state).map_or(&self.entry.state, |state| &state.title)
    }

    /// What stands in a field; none where nothing does.
    pub fn text(&self, field: &str) -> Option<String> {
        Some(self.entry.text(field)).filter(|text| !text.trim().is_empty())
    }

    /// The values of a field, each as a text.
    pub fn list(&self, field: &str) -> Vec<String> {
        self.entry.values(field).iter().map(ToString::to_string).collect()
    }

    /// What people call a field.
    pub fn title(&self, field: &str) -> &'a str {
        self.register.field(field).map_or("", |field| &field.title)
    }

    /// The moment in a field.
    pub fn at(&self, field: &str) -> Option<At> {
        At::of(self.entry, field)
    }

    /// The entries of another register that say that they belong to it.
    pub fn related(&self, register: &str) -> Vec<&'a Entry> {
        let named: Vec<String> = if register == "legal-holds" { self.list("holds") } else { Vec::new() };
        let is_its = |entry: &&Entry| {
            entry.values("incident").iter().any(|value| value.to_string() == self.entry.id) || named.contains(&entry.id)
        };
        self.records.entries(register).iter().filter(is_its).collect()
    }
}
