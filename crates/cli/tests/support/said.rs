//! What rules say after an edit of the sample, and what documents say.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::edited::{Edit, checked, edited, found};
use super::{copy_of_sample, shirube};

/// A rule, and an edit of the sample after which it says something that it does not say of the sample itself.
pub struct Case<'a> {
    pub rule: &'a str,
    pub severity: &'a str,
    pub says: &'a str,
    pub edits: &'a [Edit<'a>],
}

/// Every rule speaks after its edit, and not before.
pub fn each_fires(cases: &[Case]) {
    let quiet = checked(&copy_of_sample());
    for Case { rule, severity, says, edits } in cases {
        let said = of_rule(&checked(&edited(edits)), rule);
        let fits = said.iter().any(|[weight, message]| weight == severity && message.contains(says));
        assert!(fits, "{rule} should say 「{says}」 ({severity}): {said:#?}");
        assert!(
            !of_rule(&quiet, rule).iter().any(|[_, message]| message.contains(says)),
            "{rule} speaks of the sample"
        );
    }
}

/// Severity and message of the findings of a rule.
pub fn of_rule(checked: &Value, rule: &str) -> Vec<[String; 2]> {
    found(checked, rule).into_iter().map(|[severity, _, message]| [severity, message]).collect()
}

/// A document of a folder in Markdown, as people read it.
pub fn markdown(dir: &Path, document: &str, more: &[&str]) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let (dir, to) = (dir.to_str().expect("UTF-8"), out.path().to_str().expect("UTF-8"));
    let mut args = vec!["report", dir, "--out", to, "--doc", document, "--format", "md"];
    args.extend(more);
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = fs::read_to_string(out.path().join(format!("{document}.md"))).expect("written");
    // What Markdown would take for its own is escaped; people read it without.
    text.replace('\\', "")
}

/// A text must hold all of these.
pub fn holds(text: &str, facts: &[&str]) {
    for fact in facts {
        assert!(text.contains(fact), "「{fact}」がありません:\n{text}");
    }
}

pub const SERVICE: &str = "shirube.yaml";
pub const SYSTEM: &str = "system.yaml";
pub const CONFORMITY: &str = "conformity.yaml";
