//! Who owes what: delivery forms (2.2), legal duties (table 3-1) and the phases of the life cycle (3.2).

use serde::{Deserialize, Serialize};

use crate::Certainty;

/// Delivery forms of 2.2.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryForms {
    pub forms: Vec<FormMeaning>,
    pub cases: Vec<DeliveryCase>,
    pub duties: DutyTexts,
}

/// What the digit of `A1`, `P2`, `I3` means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormMeaning {
    pub digit: u8,
    pub meaning: String,
    pub certainty: Certainty,
}

/// A combination the guideline names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryCase {
    /// e.g. `["A1", "P1", "I2"]`.
    pub forms: [String; 3],
    pub section: String,
    pub figure: String,
    pub name: String,
    pub certainty: Certainty,
}

/// Sentences of the duties; `{layer}`, `{layers}` and `{party}` stand for what the service says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyTexts {
    /// Of the contracting provider, for what it provides itself.
    pub own: String,
    /// Of the contracting provider, for a supplier it chooses.
    pub select: String,
    /// Of the contracting provider, for what others supply to it.
    pub include: String,
    /// Of the contracting provider, for what the institution contracts separately.
    pub separate: String,
    /// Of the provider the institution contracts separately.
    pub independent: String,
    /// Of every supplier: both parts of a report (2.1).
    pub report: String,
}

/// Table 3-1 and the laws to explain it with.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LegalDuties {
    pub relations: Vec<LegalRelation>,
    pub laws: Vec<LegalFact>,
}

impl LegalDuties {
    /// The row of table 3-1 that names this section on either side.
    pub fn relation(&self, section: &str) -> Option<&LegalRelation> {
        self.relations.iter().find(|relation| relation.section == section || relation.life_cycle == section)
    }

    /// Laws behind a section.
    pub fn laws_of<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a LegalFact> {
        self.laws.iter().filter(move |law| law.section == section)
    }
}

/// One row of table 3-1: a legal relation and the section of the life cycle that carries it out.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LegalRelation {
    /// e.g. `3.1.2`.
    pub section: String,
    pub title: String,
    /// e.g. `3.2.1`.
    pub life_cycle: String,
    pub life_cycle_title: String,
    /// What it means, in our words.
    pub text: String,
}

/// A duty that a law names.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LegalFact {
    pub section: String,
    pub name: String,
    /// Law and article, as numbered when the edition was published.
    pub law: String,
    pub text: String,
}

/// One phase of the life cycle, or the state of crisis that may come over any of them.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LifeCyclePhase {
    pub id: String,
    pub name: String,
    pub section: String,
    pub content: String,
    /// What the provider has to do in it.
    pub duty: String,
    pub certainty: Certainty,
}
