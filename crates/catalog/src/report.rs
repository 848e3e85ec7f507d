//! What is reported to institutions, from which registers, and on which ways it may go (別紙1 II 6.5).

use std::sync::LazyLock;

use serde::Deserialize;

/// The tables of `catalogs/rules/reports.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRules {
    pub means: Vec<ReportMeans>,
    pub items: Vec<ReportItem>,
    pub events: Vec<ReportEvent>,
    /// What was done with entrusted information, for the report of a month.
    pub handling: Vec<ReportSource>,
}

/// A way on which a report goes.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportMeans {
    /// As the register of reports names it.
    pub option: String,
    /// Anybody can see it there.
    pub public: bool,
    /// What holds personal data may go this way.
    pub protected: bool,
}

/// How often something is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportRhythm {
    Monthly,
    Yearly,
}

/// Something reported each month or year.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportItem {
    pub id: String,
    pub report: ReportRhythm,
    /// As the register of reports names it.
    pub option: String,
    /// May stand where anybody can see it.
    pub public: bool,
}

/// Something reported whenever it happens.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportEvent {
    pub id: String,
    /// As the register of reports names its kind.
    pub option: String,
    pub public: bool,
    pub from: Vec<ReportSource>,
}

/// Entries of a register that a report is made of.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSource {
    pub register: String,
    /// Fields with the day of an entry; the first that is written counts.
    pub when: Vec<String>,
    /// Only entries with one of these options.
    #[serde(default)]
    pub only: Option<ReportOnly>,
    /// An entry that names no institution is about all of them.
    #[serde(default)]
    pub shared_by_all: bool,
    pub fields: Vec<String>,
}

/// Which entries of a register are meant.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportOnly {
    pub field: String,
    pub options: Vec<String>,
}

static RULES: LazyLock<ReportRules> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/reports.json")))
        .expect("the tables of reports can be read")
});

/// What is reported to institutions, and how.
pub fn report_rules() -> &'static ReportRules {
    &RULES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Register, registers};

    fn register(id: &str) -> &'static Register {
        registers().iter().find(|register| register.id == id).unwrap_or_else(|| panic!("{id}"))
    }

    fn options(field: &str) -> Vec<&'static str> {
        let field = register("reports-sent").field(field).expect("a field");
        field.options.iter().map(String::as_str).collect()
    }

    // OPS-064 to OPS-067: the tables name what the registers have, and every choice of the register has its rule.
    #[test]
    fn the_tables_fit_the_registers() {
        let rules = report_rules();
        let means: Vec<&str> = rules.means.iter().map(|means| means.option.as_str()).collect();
        assert_eq!(means, options("means"));
        for item in &rules.items {
            assert!(options("items").contains(&item.option.as_str()), "{}", item.option);
        }
        let kinds: Vec<&str> = ["月次報告", "年次報告"]
            .into_iter()
            .chain(rules.events.iter().map(|event| event.option.as_str()))
            .collect();
        assert_eq!(kinds, options("kind"));
    }

    #[test]
    fn what_is_printed_is_declared_and_names_nobody() {
        let rules = report_rules();
        for source in rules.events.iter().flat_map(|event| &event.from).chain(&rules.handling) {
            let register = register(&source.register);
            for when in &source.when {
                let field = register.field(when).unwrap_or_else(|| panic!("{}.{when}", register.id));
                assert!(field.kind.is_dated(), "{}.{when}", register.id);
            }
            for id in &source.fields {
                let field = register.field(id).unwrap_or_else(|| panic!("{}.{id}", register.id));
                assert!(!field.personal, "{}.{id}", register.id);
            }
            if let Some(only) = &source.only {
                let field = register.field(&only.field).unwrap_or_else(|| panic!("{}.{}", register.id, only.field));
                assert!(only.options.iter().all(|option| field.options.contains(option)), "{}", register.id);
            }
        }
    }
}
