//! What has to be told beside the figures.

use serde::Serialize;

use super::record::Row;
use crate::choice::choice;
use crate::finding::{Finding, Severity};

choice! {
    /// 指摘の重さ。
    Weight {
        Note = "note", "参考";
        Warning = "warning", "注意";
    }
}

/// Something to tell of a record or of the contract, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    pub weight: Weight,
    pub rule: &'static str,
    /// File of the records, or `sla.yaml`.
    pub file: &'static str,
    /// Row of a list of records.
    pub row: Option<Row>,
    /// Place in `sla.yaml`.
    pub pointer: Option<String>,
    pub message: String,
    pub advice: String,
}

impl Remark {
    pub(super) fn of_row(file: &'static str, row: Row, rule: &'static str, message: String, advice: &str) -> Self {
        Self { weight: Weight::Warning, rule, file, row: Some(row), pointer: None, message, advice: advice.to_owned() }
    }

    pub(super) fn of_terms(weight: Weight, rule: &'static str, pointer: &str, message: String, advice: &str) -> Self {
        Self {
            weight,
            rule,
            file: crate::finding::File::Sla.name(),
            row: None,
            pointer: Some(pointer.to_owned()),
            message,
            advice: advice.to_owned(),
        }
    }
}

impl From<Finding> for Remark {
    fn from(finding: Finding) -> Self {
        let weight = if finding.severity == Severity::Note { Weight::Note } else { Weight::Warning };
        Self {
            weight,
            rule: finding.rule,
            file: finding.place.file.name(),
            row: None,
            pointer: Some(finding.place.pointer),
            message: finding.message,
            advice: finding.advice,
        }
    }
}

/// Where the records stand in a service folder.
pub const OUTAGES: &str = "operations/outages.csv";
/// 算定除外.
pub const EXCLUSIONS: &str = "operations/exclusions.csv";
/// 更新.
pub const UPDATES: &str = "operations/updates.csv";
/// Results of earlier evaluations.
pub const EARLIER: &str = "operations/evaluations.csv";
