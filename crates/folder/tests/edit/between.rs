//! The edits between two folders.

use shirube_folder::edit::{Change, between, way_text};
use shirube_safety::File;

use super::{one, sample};

#[track_caller]
fn check(file: File, before: &str, after: &str, expected: &[&str]) {
    let edits = between(&one(file, before), &one(file, after)).unwrap();
    let said = edits.iter().map(|edit| match &edit.change {
        Change::Put(value) => format!("{} = {value}", way_text(&edit.at)),
        Change::Remove => format!("{} -", way_text(&edit.at)),
    });
    assert_eq!(said.collect::<Vec<_>>(), expected);
}

#[test]
fn only_what_says_something_else_is_an_edit() {
    let sites = "sites:\n- id: a\n  name: A\n  owner: o\n- id: b\n  name: B\n  owner: o\n";
    check(File::System, sites, sites, &[]);
    // Another order, another style, what holds anyway, comments.
    let same = "# c\nsites: [{id: b, owner: o, name: B, entry: unknown}, {id: a, name: 'A', owner: o, country: }]\nnodes: []\n";
    check(File::System, sites, same, &[]);
    check(File::System, sites, &sites.replace("name: B", "name: C"), &["sites/=b/name = \"C\""]);
    check(File::System, sites, &sites.replace("id: b", "id: c"), &["sites/=b/id = \"c\""]);
    check(File::System, sites, "sites:\n- id: b\n  name: B\n  owner: o\n", &["sites/=a -"]);
    check(File::System, sites, "", &["sites/=b -", "sites/=a -"]);
    check(File::System, sites, &format!("{sites}- id: x\n"), &["sites/=x = {\"id\":\"x\"}"]);
}

#[test]
fn words_signatures_and_wholes() {
    let answer = "answers:\n- control: 1.1-1-1\n  evidence: [a, b]\n  decided: {by: x, on: 2026-01-01, reason: r}\n";
    check(
        File::Conformity,
        answer,
        &answer.replace("[a, b]", "[b, c]"),
        &["answers/=1.1-1-1/evidence/=a -", "answers/=1.1-1-1/evidence/=c = \"c\""],
    );
    check(File::Conformity, answer, &answer.replace("1.1-1-1", "1.1①-1"), &["answers/=1.1-1-1/control = \"1.1①-1\""]);
    check(
        File::Conformity,
        answer,
        &answer.replace("by: x", "by: y"),
        &["answers/=1.1-1-1/decided = {\"by\":\"y\",\"on\":\"2026-01-01\",\"reason\":\"r\"}"],
    );
    check(
        File::System,
        "links:\n- id: l\n  between: [a, b]\n",
        "links:\n- id: l\n  between: [b, a]\n",
        &["links/=l/between = [\"b\",\"a\"]"],
    );
    check(File::System, "links:\n- id: l\n", "links:\n- id: l\n  carries: []\n", &["links/=l/carries = []"]);
}

#[test]
fn decisions_are_compared_by_risk() {
    let shared = "decisions:\n- risks: [f/a, f/b]\n  impact: 5\n- risks: [f/c]\n  impact: 3\n";
    let apart = "decisions:\n- risks: [f/c]\n  impact: 3\n- risks: [f/b]\n  impact: 5\n- risks: [f/a]\n  impact: 5\n";
    check(File::Assessment, shared, apart, &[]);
    check(
        File::Assessment,
        shared,
        &apart.replace("[f/b]\n  impact: 5", "[f/b]\n  impact: 4"),
        &["decisions/=f%2Fb/impact = 4"],
    );
    check(File::Assessment, shared, "decisions:\n- risks: [f/a, f/b]\n  impact: 5\n", &["decisions/=f%2Fc -"]);
    let twice = "decisions:\n- risks: [f/a, f/b]\n  impact: 5\n- risks: [f/a]\n  impact: 3\n";
    let edits = between(&one(File::Assessment, shared), &one(File::Assessment, twice)).unwrap();
    assert_eq!(way_text(&edits[0].at), "decisions");
}

#[test]
fn a_folder_differs_in_nothing_from_itself() {
    assert_eq!(between(&sample(), &sample()).unwrap(), []);
}
