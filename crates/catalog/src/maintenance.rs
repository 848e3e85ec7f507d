//! Which maintenance needs a notice or a consent before, and a report after (別紙1 II 6.5(3)).

use std::sync::LazyLock;

use serde::Deserialize;

/// The tables of `catalogs/rules/maintenance.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceRules {
    pub stop: StopRule,
    pub kinds: Vec<MaintenanceKind>,
}

impl MaintenanceRules {
    /// The kind that an entry of the register names.
    pub fn kind(&self, category: &str) -> Option<&MaintenanceKind> {
        self.kinds.iter().find(|kind| kind.category == category)
    }
}

/// How long before a stop people are told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopRule {
    /// Of the guideline's example, for contracts without a number of their own.
    pub notice_days: u32,
    /// How the days are counted, in words.
    pub counted: String,
    pub note: String,
    pub source: String,
}

/// One kind of maintenance.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceKind {
    /// As the register `maintenance-notices` offers it.
    pub category: String,
    /// ア, イ or ウ.
    pub class: String,
    pub before: BeforeWork,
    /// A comprehensive consent that was given before stands for a consent.
    #[serde(default)]
    pub blanket: bool,
    pub report: bool,
    pub note: String,
    pub source: String,
}

/// What is needed before the work begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BeforeWork {
    None,
    Notice,
    Consent,
}

impl BeforeWork {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::None => "不要",
            Self::Notice => "告知",
            Self::Consent => "承諾",
        }
    }
}

static RULES: LazyLock<MaintenanceRules> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/maintenance.json")))
        .expect("the rules of maintenance can be read")
});

/// The rules of maintenance.
pub fn maintenance_rules() -> &'static MaintenanceRules {
    &RULES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, registers};

    /// The rules know every kind that the register offers and no other, and its duty counts the same days.
    #[test]
    fn the_rules_fit_the_register() {
        let register = registers().iter().find(|one| one.id == "maintenance-notices").expect("it is declared");
        let offered = &register.field("category").expect("it is declared").options;
        let known: Vec<&String> = maintenance_rules().kinds.iter().map(|kind| &kind.category).collect();
        assert_eq!(offered.iter().collect::<Vec<_>>(), known);
        let bound = register.duty("stop-notice").and_then(|duty| duty.before.as_ref()).expect("it is declared");
        assert_eq!(bound.span, Some(Span::Days(maintenance_rules().stop.notice_days)));
    }
}
