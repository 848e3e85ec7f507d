//! 情報セキュリティ事故: which clocks run, which threats a kind of incident is about, and whom documents name as contacts.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::Certainty;

/// The tables of `catalogs/rules/incident.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentRules {
    pub clocks: Vec<IncidentClock>,
    pub kinds: Vec<IncidentKind>,
}

/// A time within which somebody has to be told something.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentClock {
    /// Never changed once published: organisations name it in `rules.yaml`.
    pub id: String,
    pub title: String,
    pub whom: String,
    /// Whose duty it is.
    pub duty: String,
    /// Any of these makes it run; none: it always does.
    #[serde(default)]
    pub applies: Vec<IncidentFacts>,
    pub from: ClockStart,
    /// None: nobody knows until the organisation says so.
    #[serde(default)]
    pub days: Option<u32>,
    #[serde(default)]
    pub longer: Option<Longer>,
    /// Where the length stands, if the agreement with institutions states it.
    #[serde(default)]
    pub agreed: Option<AgreedClock>,
    /// Whether the day it begins is the first one counted.
    #[serde(default)]
    pub first_day: bool,
    pub until: ClockEnd,
    /// It begins anew with every notice until the service is back.
    #[serde(default)]
    pub while_open: bool,
    pub source: String,
    pub certainty: Certainty,
}

/// Facts of an incident that all have to be there.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentFacts {
    /// One of these kinds.
    #[serde(default)]
    pub kind: Vec<String>,
    #[serde(default)]
    pub severity: Vec<String>,
    #[serde(default)]
    pub cyber_attack: Option<bool>,
    /// 医療情報 is among what is affected.
    #[serde(default)]
    pub medical: Option<bool>,
    /// Institutions are concerned.
    #[serde(default)]
    pub institutions: Option<bool>,
}

/// More days in certain cases.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Longer {
    pub days: u32,
    pub when: Vec<IncidentFacts>,
    /// The case, in words.
    pub because: String,
}

/// The moment from which a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ClockStart {
    #[serde(rename = "found_at")]
    Found,
    /// The last notice to institutions.
    #[serde(rename = "last-notice")]
    LastNotice,
    #[serde(rename = "recovered_at")]
    Recovered,
}

impl ClockStart {
    /// What people call the moment.
    pub fn term(self) -> &'static str {
        match self {
            Self::Found => "見つけた日時",
            Self::LastNotice => "最後に知らせた日時",
            Self::Recovered => "復旧した日時",
        }
    }

    /// What people call its day.
    pub fn day_term(self) -> &'static str {
        match self {
            Self::Found => "見つけた日",
            Self::LastNotice => "最後に知らせた日",
            Self::Recovered => "復旧した日",
        }
    }
}

/// Which length of `sla.yaml` a clock has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgreedClock {
    FirstReport,
    Update,
}

/// The fact by which a clock has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockEnd {
    FirstReport,
    Recovery,
    AuthorityTold,
    PrivacyQuick,
    PrivacyFinal,
    FinalReport,
    Prevention,
}

/// A kind of incident, as the register offers it, with the threats whose risks are to be looked at again.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentKind {
    pub kind: String,
    /// Ids of table 5-1.
    pub threats: Vec<String>,
}

/// Authorities and offices that documents name, as of their own dates (`catalogs/mhlw-5.2/contacts.yaml`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityContacts {
    pub notice: AuthorityNotice,
    pub contacts: Vec<AuthorityContact>,
}

/// The notice by which authorities are told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityNotice {
    pub number: String,
    pub date: String,
    pub title: String,
    pub role: String,
    pub source: String,
    pub certainty: Certainty,
}

/// One office.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityContact {
    pub name: String,
    pub role: String,
    pub phone: Option<String>,
    /// Date of the document that names it.
    pub dated: Option<String>,
    /// When somebody found it still to be right.
    pub checked: Option<String>,
    pub source: String,
    pub certainty: Certainty,
    pub note: String,
}

static RULES: LazyLock<IncidentRules> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/incident.json")))
        .unwrap_or_else(|error| panic!("the embedded rules of incidents do not fit their types: {error}"))
});

static CONTACTS: LazyLock<AuthorityContacts> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/contacts.json")))
        .unwrap_or_else(|error| panic!("the embedded contacts do not fit their types: {error}"))
});

/// Clocks and kinds of incidents.
pub fn incident_rules() -> &'static IncidentRules {
    &RULES
}

/// Offices that documents name, to be checked before use.
pub fn authority_contacts() -> &'static AuthorityContacts {
    &CONTACTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{library, registers};

    /// What the rules name is there: options of the register, threats, other fields.
    #[test]
    fn rules_name_what_the_register_and_the_guideline_have() {
        let register = registers().iter().find(|register| register.id == "incidents").expect("incidents");
        let options = |field: &str| &register.field(field).expect(field).options;
        let rules = incident_rules();
        let kinds: Vec<&String> = rules.kinds.iter().map(|kind| &kind.kind).collect();
        assert_eq!(kinds, options("kind").iter().collect::<Vec<_>>());
        for threat in rules.kinds.iter().flat_map(|kind| &kind.threats) {
            assert!(library().provider.threats.iter().any(|known| known.id == *threat), "{threat}");
        }
        let longer = rules.clocks.iter().filter_map(|clock| clock.longer.as_ref()).flat_map(|longer| &longer.when);
        for facts in rules.clocks.iter().flat_map(|clock| &clock.applies).chain(longer) {
            assert!(facts.kind.iter().all(|kind| options("kind").contains(kind)), "{facts:?}");
            assert!(facts.severity.iter().all(|one| options("severity").contains(one)), "{facts:?}");
        }
    }

    /// OPS-057: numbers only as the documents print them, and nobody has checked them for the user.
    #[test]
    fn contacts_of_authorities_are_dated_and_unchecked() {
        let contacts = &authority_contacts().contacts;
        let phones: Vec<&str> = contacts.iter().filter_map(|contact| contact.phone.as_deref()).collect();
        assert_eq!(phones, ["03-3595-2430", "03-5978-7509"]);
        assert!(contacts.iter().all(|contact| contact.checked.is_none()));
        assert!(contacts.iter().filter(|contact| contact.phone.is_some()).all(|contact| contact.dated.is_some()));
    }
}
