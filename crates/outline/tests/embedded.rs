//! The outlines of the program are sound without any fact.

use shirube_outline::outlines;

/// DOC-006 to DOC-023, DOC-025, DOC-029, DOC-035: each document has its outline, and none has a mistake.
#[test]
fn every_outline_reads_and_checks() {
    let names: Vec<&str> = outlines().keys().map(String::as_str).collect();
    let expected =
        ["disclosure", "letter", "rules-institution", "rules-provider", "sla", "summary-clinic", "summary-management"];
    assert_eq!(names, expected);
    for (name, outline) in outlines() {
        assert_eq!(outline.id, *name);
    }
}

/// DOC-025: whoever writes a contract is told for every clause what to think of.
#[test]
fn every_clause_of_the_contract_has_its_note_and_its_source() {
    for (_, part) in outlines()["sla"].walk() {
        assert!(!part.note.trim().is_empty() && !part.source.is_empty(), "{}", part.id);
    }
}
