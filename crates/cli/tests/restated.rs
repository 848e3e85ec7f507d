//! Own clauses are judged where they are written, and a change tells which documents it makes untrue.

mod support;

use std::fs;

use serde_json::Value;
use support::edited::{Edit, checked, edited, found};
use support::{copy_of_sample, path, sample, shirube};

/// A copy of the sample whose contract changes clauses of its own.
fn with_clauses(clauses: &str) -> tempfile::TempDir {
    let folder = copy_of_sample();
    let file = folder.path().join("sla.yaml");
    let text = fs::read_to_string(&file).expect("readable");
    fs::write(&file, format!("{text}\nclauses:\n{clauses}")).expect("written");
    folder
}

/// DOC-025: every mistake in a clause of one's own is a finding in Japanese, with file, place and line.
#[test]
fn mistakes_in_own_clauses_are_findings() {
    for (clause, field, says) in [
        ("  - { change: drop, clause: no-such-clause }\n", "clauses[1].clause", "no-such-clause"),
        ("  - { change: drop, clause: purpose }\n", "clauses[1].clause", "省けない"),
        (
            "  - { change: insert, clause: purpose, id: scope-own, title: 特約, text: [\"{{ service.name 特約\"] }\n",
            "clauses[1].text[1]",
            "波括弧",
        ),
        (
            "  - { change: insert, clause: purpose, id: own, title: 特約, text: [ある。, \"{{ sla.suport.hours }}\"] }\n",
            "clauses[1].text[2]",
            "sla.suport",
        ),
        (
            "  - { change: insert, clause: purpose, id: own, title: 特約, text: [\"{{ ref('nowhere') }}による。\"] }\n",
            "clauses[1].text[1]",
            "nowhere",
        ),
        (
            "  - { change: insert, clause: purpose, id: own, title: 特約, text: [\"{{ service.name | upside }}\"] }\n",
            "clauses[1].text[1]",
            "upside",
        ),
    ] {
        let folder = with_clauses(clause);
        let told = checked(&folder);
        let mistakes = found(&told, "clause-mistake");
        assert_eq!(mistakes.len(), 1, "{clause}: {told:#}");
        let [severity, at, message] = &mistakes[0];
        assert_eq!((severity.as_str(), at.as_str()), ("error", field), "{message}");
        assert!(message.contains(says), "{message}");
        let findings = told["findings"].as_array().expect("findings");
        let finding = findings.iter().find(|finding| finding["rule"] == "clause-mistake").expect("it was found");
        assert_eq!(finding["file"], "sla.yaml");
        assert!(finding["line"].as_u64().is_some_and(|line| line > 50), "{finding}");
        assert_eq!(shirube(&["check", path(&folder)]).code, 1);
    }
}

/// DOC-025, DOC-026: sound changes are no findings, and an outline that has moved on since is told.
#[test]
fn sound_changes_pass_and_old_readings_are_told() {
    let sound = with_clauses(
        "  - { change: insert, clause: purpose, id: own, title: 特約, text: [\"{{ service.name }}の特約は、{{ ref('purpose') }}による。\"] }\n",
    );
    let told = checked(&sound);
    assert!(found(&told, "clause-mistake").is_empty() && found(&told, "clause-changed").is_empty(), "{told:#}");
    let old =
        with_clauses("  - { change: replace, clause: purpose, text: [目的を改める。], seen: \"0000000000000000\" }\n");
    let changed = found(&checked(&old), "clause-changed");
    assert_eq!(changed.len(), 1);
    assert!(changed[0][0] == "warning" && changed[0][2].contains("指紋"), "{changed:?}");
}

fn difference(after: &tempfile::TempDir) -> Value {
    let before = sample();
    let ran = shirube(&["diff", before.to_str().expect("UTF-8"), path(after), "--documents", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

fn document<'v>(difference: &'v Value, name: &str) -> Option<&'v Value> {
    difference["documents"].as_array().expect("documents").iter().find(|document| document["name"] == name)
}

/// DOC-033, LIFE-005: one fact changed marks each clause that used it, with the fact as the reason, and nothing else.
#[test]
fn a_changed_fact_marks_the_clauses_that_used_it() {
    let after = edited(&[Edit { file: "sla.yaml", from: "target: 99.95", to: "target: 99.5" }]);
    let difference = difference(&after);
    let sla = document(&difference, "sla").expect("the contract reads differently");
    let places = sla["places"].as_array().expect("places");
    assert!((1..6).contains(&places.len()), "{sla:#}");
    let reasons: Vec<&str> = places
        .iter()
        .flat_map(|place| place["because"].as_array().expect("reasons"))
        .filter_map(Value::as_str)
        .collect();
    assert!(reasons.iter().any(|reason| reason.contains("99.95") && reason.contains("99.5")), "{reasons:?}");
    for untouched in ["operating-rules", "institution-rules", "risk-assessment", "system-diagram", "conformity"] {
        assert!(document(&difference, untouched).is_none(), "{untouched}: {difference:#}");
    }
    let letter = difference["letter"].as_array().expect("sentences");
    assert_eq!(letter.len(), 5, "{letter:?}");
    let text: String = letter.iter().filter_map(Value::as_str).collect();
    assert!(text.contains("サービスレベル合意書") && text.contains("99.95"), "{text}");
}

/// DOC-002: the same facts make no document untrue, and there is nothing to write.
#[test]
fn the_same_facts_mark_nothing() {
    let difference = difference(&copy_of_sample());
    assert_eq!(difference["documents"].as_array().map(Vec::len), Some(0), "{difference:#}");
    assert_eq!(difference["letter"].as_array().map(Vec::len), Some(0));
}

/// LIFE-005: a document of tables names the table that changed.
#[test]
fn a_changed_answer_marks_the_list_of_controls() {
    let sample = sample();
    let text = fs::read_to_string(sample.join("conformity.yaml")).expect("readable");
    let how = text.lines().find_map(|line| line.trim().strip_prefix("how: ")).expect("an answer");
    let after = edited(&[Edit { file: "conformity.yaml", from: how, to: "見直した答え。" }]);
    let difference = difference(&after);
    let list = document(&difference, "conformity").expect("the list reads differently");
    assert!(!list["places"][0]["because"].as_array().expect("reasons").is_empty(), "{list:#}");
}
