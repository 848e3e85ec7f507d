//! What the guidelines say, as data with certainty.
//!
//! The crate embeds the files of `catalogs/` and gives them types. It knows no service, no risk and no
//! document, reads nothing at run time and never guesses: what was not seen in the original says so.

mod anomaly;
mod checklist;
mod control;
mod control_id;
mod duty;
mod edition;
mod explanation;
mod glossary;
mod holiday;
mod incident;
mod life_cycle;
mod maintenance;
mod method;
mod own;
mod provider;
mod register;
mod report;
mod rule_book;
mod rules;
mod search;
mod service_level;
mod shelf;
mod statutory;

use std::sync::LazyLock;

use serde::Deserialize;

pub use anomaly::Anomaly;
pub use checklist::{ChecklistRules, ProposalRule, SharedUse, checklist_rules};
pub use control::{Agreement, Control, Flag, Kubun, Link, Modality, Responsible, Viewpoint};
pub use control_id::{ControlId, ControlIdError};
pub use duty::{
    DeliveryCase, DeliveryForms, DutyTexts, FormMeaning, LegalDuties, LegalFact, LegalRelation, LifeCyclePhase,
};
pub use edition::{Certainty, Edition, EditionStatus};
pub use explanation::{Explanation, Explanations, GroupExplanation, explanations};
pub use glossary::{Differing, Glossary, Term, TermKind, glossary};
pub use holiday::{Equinox, HolidayRule, HolidayRules, Substitutes, holiday_rules};
pub use incident::{
    AgreedClock, AuthorityContact, AuthorityContacts, AuthorityNotice, ClockEnd, ClockStart, IncidentClock,
    IncidentFacts, IncidentKind, IncidentRules, Longer, authority_contacts, incident_rules,
};
pub use life_cycle::{PhaseChecklist, PhaseDuty, PhaseItem, life_cycle};
pub use maintenance::{BeforeWork, MaintenanceKind, MaintenanceRules, StopRule, maintenance_rules};
pub use method::{
    Factor, Method, MethodError, OptionKind, RULE_STEPS, Rank, RankBand, RankRule, Scale, Suggestion, TreatmentOption,
    scaled, scaled_move,
};
pub use own::{
    Approval, Notice, OWN_PREFIX, OwnCrosswalk, OwnList, OwnShelf, Pick, Revision, Standing, counting, is_edition_id,
    same_person, standing,
};
pub use provider::{
    Consideration, ProvidedInformation, ProviderGuideline, Purpose, Requirement, RequirementClass, Scenario, Threat,
    ViewpointText,
};
pub use register::{
    Bound, DutyPer, Evidenced, Fault, FieldKind, RESERVED_IDS, RESERVED_TITLES, Register, RegisterDuty, RegisterField,
    RegisterGroup, RegisterPrint, RegisterState, RegisterStep, Required, Retention, Span, StepBy, StepGuard, registers,
};
pub use report::{
    ReportEvent, ReportItem, ReportMeans, ReportOnly, ReportRhythm, ReportRules, ReportSource, report_rules,
};
pub use rule_book::{RuleBookContent, RuleBookSection, RuleSource};
pub use rules::{Adjustment, Condition, LikelihoodRule, Outcome, Property, ThreatRule, Verb};
pub use search::Hit;
pub use service_level::{ExclusionClass, ExclusionItem, GradeRow, ServiceLevelRules, service_level_rules};
pub use shelf::*;
pub use statutory::{StatutoryItem, StatutoryRow, Storage};

/// Everything embedded in the program.
#[derive(Debug, Deserialize)]
pub struct Library {
    /// 提供事業者ガイドライン 1.0 (`pg-1.0`).
    pub provider: ProviderGuideline,
    /// 医療情報システムの安全管理に関するガイドライン 5 (`mhlw-5.0`), as far as 別紙2 cites it.
    pub institution: InstitutionGuideline,
    /// Which threats apply to which flows. Ours, not the guideline's.
    pub threat_rules: Vec<ThreatRule>,
    /// Verbs of 情報流 and what they do with information.
    pub verbs: Vec<Verb>,
}

/// The guideline of the institutions' side.
#[derive(Debug, Deserialize)]
pub struct InstitutionGuideline {
    pub edition: Edition,
    pub requirements: Vec<Requirement>,
}

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let library: Library = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/library.json")))
        .unwrap_or_else(|error| panic!("the embedded catalog does not fit its types: {error}"));
    library.provider.self_test();
    library
});

/// The embedded library.
///
/// Panics when the counts of 別紙2 are not those of the original (CATALOG-002): a program with a
/// damaged catalog must not run.
pub fn library() -> &'static Library {
    &LIBRARY
}

impl Library {
    /// The editions with embedded content, oldest first.
    pub fn editions(&self) -> [&Edition; 2] {
        [&self.institution.edition, &self.provider.edition]
    }

    /// The requirement with this id, with or without `mhlw-5.0/` and with or without its condition.
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        let bare = id.strip_prefix("mhlw-5.0/").unwrap_or(id);
        let all = &self.institution.requirements;
        all.iter().find(|requirement| requirement.id == bare).or_else(|| {
            let mut short = all.iter().filter(|r| r.id.split('[').next() == Some(bare));
            match (short.next(), short.next()) {
                (Some(only), None) => Some(only),
                _ => None,
            }
        })
    }

    /// The controls that cite a requirement: the crosswalk read backwards (CATALOG-007).
    pub fn controls_for<'a>(&'a self, requirement: &'a Requirement) -> impl Iterator<Item = &'a Control> {
        self.provider.controls.iter().filter(|control| control.requirements.contains(&requirement.id))
    }
}
