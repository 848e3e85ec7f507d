//! Edited copies of the sample, and what `check` says of them.

use std::fs;

use serde_json::Value;

use super::{copy_of_sample, path, shirube};

/// One edit of one file: the first occurrence of a text is replaced.
pub struct Edit<'a> {
    pub file: &'static str,
    pub from: &'a str,
    pub to: &'a str,
}

/// An edit of `system.yaml`.
pub const fn system<'a>(from: &'a str, to: &'a str) -> Edit<'a> {
    Edit { file: "system.yaml", from, to }
}

/// An edit of `shirube.yaml`.
pub const fn service<'a>(from: &'a str, to: &'a str) -> Edit<'a> {
    Edit { file: "shirube.yaml", from, to }
}

/// A copy of the sample with some edits.
pub fn edited(edits: &[Edit]) -> tempfile::TempDir {
    let dir = copy_of_sample();
    for edit in edits {
        let file = dir.path().join(edit.file);
        let text = fs::read_to_string(&file).expect("readable");
        assert!(text.contains(edit.from), "{} has no more 「{}」", edit.file, edit.from);
        fs::write(&file, text.replacen(edit.from, edit.to, 1)).expect("written");
    }
    dir
}

/// What `check --format json` says of a folder.
pub fn checked(dir: &tempfile::TempDir) -> Value {
    let ran = shirube(&["check", path(dir), "--format", "json"]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ran.stdout, ran.stderr))
}

/// Severity, field and message of the findings of one rule.
pub fn found(checked: &Value, rule: &str) -> Vec<[String; 3]> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let findings = checked["findings"].as_array().expect("findings");
    let of_rule = findings.iter().filter(|finding| finding["rule"] == rule);
    of_rule.map(|finding| ["severity", "field", "message"].map(|key| text(finding, key))).collect()
}

/// A rule that an edit sets off: once, at this field, in this weight, with these words.
pub struct Fires<'a> {
    /// What the row shows.
    pub why: &'static str,
    pub edits: &'a [Edit<'a>],
    pub rule: &'static str,
    pub severity: &'static str,
    pub field: &'static str,
    pub says: &'static str,
}

/// Each row sets its rule off, once more than the sample as it is.
pub fn each_fires(rows: &[Fires]) {
    let sample = checked(&copy_of_sample());
    for row in rows {
        let before = found(&sample, row.rule);
        let now = found(&checked(&edited(row.edits)), row.rule);
        let new: Vec<_> = now.iter().filter(|finding| !before.contains(finding)).collect();
        let [severity, field, message] = match new[..] {
            [one] => one,
            _ => panic!("{} ({}): one new finding expected\n{now:#?}", row.why, row.rule),
        };
        assert_eq!((severity.as_str(), field.as_str()), (row.severity, row.field), "{}", row.why);
        assert!(message.contains(row.says), "{}: {message}", row.why);
    }
}

/// No row has a finding of its rule.
pub fn each_is_quiet(rows: &[(&str, &[Edit], &str)]) {
    for (why, edits, rule) in rows {
        let now = found(&checked(&edited(edits)), rule);
        assert!(now.is_empty(), "{why} ({rule}): {now:#?}");
    }
}
