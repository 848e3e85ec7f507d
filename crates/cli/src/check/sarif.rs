//! Findings as SARIF 2.1.0, for continuous integration.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shirube_folder::{Folder, InputError};
use shirube_safety::operation::register::{Mistake, Told};
use shirube_safety::{Finding, Severity};

/// A log with one run.
pub fn log(findings: &[Finding], folder: &Folder, kept: &[Told]) -> Value {
    let rules = findings.iter().map(|finding| finding.rule).chain(kept.iter().map(|told| told.rule));
    let rules: BTreeSet<&str> = rules.collect();
    let results = findings.iter().map(|finding| {
        let (line, column) = folder.position(&finding.place);
        let text = format!("{} {}", finding.message, finding.advice);
        result(finding.rule, level(finding.severity), &text, finding.place.file.name(), line, column)
    });
    let of_records = kept.iter().map(|told| {
        let text = format!("{} {}", told.message, told.advice);
        result(told.rule, level(told.severity), &text, &told.file, told.row, 1)
    });
    run(rules.into_iter(), results.chain(of_records).collect(), true)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Records that could not be read.
pub fn unreadable(mistakes: &[Mistake]) -> Value {
    let results = mistakes.iter().map(|mistake| {
        let column = if mistake.column.is_empty() { String::new() } else { format!("「{}」", mistake.column) };
        let text = format!("{column}{}", mistake.message);
        result("input", "error", &text, &mistake.file, mistake.row, 1)
    });
    run(["input"].into_iter(), results.collect(), false)
}

/// Files that could not be read.
pub fn unusable(errors: &[InputError]) -> Value {
    let results = errors.iter().map(|error| {
        let field = if error.field.is_empty() { String::new() } else { format!("「{}」", error.field) };
        let text = format!("{field}{}", error.message);
        result("input", "error", &text, error.file.name(), error.line, error.column)
    });
    run(["input"].into_iter(), results.collect(), false)
}

fn run<'a>(rules: impl Iterator<Item = &'a str>, results: Vec<Value>, successful: bool) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "shirube",
                "version": env!("CARGO_PKG_VERSION"),
                "language": "ja",
                "rules": rules.map(|rule| json!({ "id": rule })).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": successful }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(rule: &str, level: &str, text: &str, file: &str, line: usize, column: usize) -> Value {
    json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": file },
            "region": { "startLine": line, "startColumn": column },
        } }],
    })
}
