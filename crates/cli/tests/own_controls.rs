//! Controls and scenarios of a service's own, and whom an answer calls 利用者 (CATALOG-023, -024, -028).

mod support;

use std::fs;

use serde_json::Value;
use support::edited::{Edit, Fires, checked, each_fires, each_is_quiet, edited, found, system};
use support::own::{own_folder, report};
use support::{copy_of_sample, json, path, shirube};

/// CATALOG-023, CATALOG-024: own scenarios and controls are held against each other and the catalogs; what one person
/// alone wrote is 案, and an answer tells which revision it was given to.
#[test]
fn own_controls_are_checked() {
    let sample = checked(&copy_of_sample());
    let rows = [
        ("", "", "", "", ""),
        ("[OWN-S1, S01]", "[OWN-S9, S01]", "scenario-unknown", "error", "「OWN-S9」"),
        ("企画管理編.9.②]", "企画管理編.99.②]", "requirement-unknown", "error", "企画管理編.99.②"),
        (
            "  - id: OWN-1\n",
            "  - { id: OWN-1, viewpoint: physical, text: 別 }\n  - id: OWN-1\n",
            "id-twice",
            "error",
            "OWN-1",
        ),
        ("revision: 2\n    release", "revision: 3\n    release", "own-history-missing", "warning", "第2版"),
        ("{ revision: 1, text", "{ revision: 2, text", "own-history", "error", "OWN-1"),
        ("approved_by: 標 一郎", "approved_by: 灯台　花子", "own-same-person", "warning", "案として扱います"),
        (", approved_by: 標 一郎, approved_on: 2026-11-20", "", "own-unapproved", "warning", "承認がないため案"),
        (
            "reason: 利用が広がった }",
            "effective_from: 2027-04-01, reason: 利用が広がった }",
            "own-not-yet",
            "note",
            "まだ用い始めていません",
        ),
        ("- control: OWN-1", "- control: OWN-9", "control-unknown", "error", "OWN-9"),
        (
            "    revision: 2\n    decided",
            "    revision: 1\n    decided",
            "answer-revision-old",
            "warning",
            "第1版を見たものですが、今は第2版",
        ),
        (
            "    revision: 2\n    decided",
            "    revision: 3\n    decided",
            "answer-revision-unknown",
            "error",
            "第3版はありません",
        ),
        ("    revision: 2\n    decided", "    decided", "answer-revision-missing", "warning", "どの版を見た答えか"),
    ];
    for (find, put, rule, severity, says) in rows {
        let now = checked(&own_folder(find, put));
        if rule.is_empty() {
            for own in
                ["scenario-unknown", "own-unapproved", "own-same-person", "control-unknown", "answer-revision-old"]
            {
                assert_eq!(found(&now, own), found(&sample, own), "a whole entry is quiet ({own})");
            }
            continue;
        }
        let all = found(&now, rule);
        let new: Vec<_> = all.iter().filter(|one| !found(&sample, rule).contains(one)).collect();
        assert!(!new.is_empty(), "{rule}: {now}");
        assert!(
            new.iter().all(|one| one[0] == severity) && new.iter().any(|one| one[2].contains(says)),
            "{rule}: {new:?}"
        );
    }
    let bad = shirube(&["check", path(&own_folder("id: OWN-S1", "id: S01"))]);
    assert!(bad.code == 2 && bad.stderr.contains("「OWN-」で始まる名前"), "{}", bad.stderr);
}

/// CATALOG-023, CATALOG-024: own controls stand in a section of their own of the 対策項目対応表, with the text an old
/// answer was given to; measures can name them, and a change of them is told.
#[test]
fn own_controls_are_printed_apart() {
    let current = report(&own_folder("", ""), "conformity");
    let (annex, own) = current.split_once("独自の対策項目（ガイドラインの項目ではありません）").expect("a section");
    assert!(own.contains("OWN-1") && own.contains("生成AIに医療情報を入力しない") && !annex.contains("OWN-1"));
    assert!(own.contains("OWN-S1 診療録の一部を外部の生成AIに貼り付ける") && own.contains("承認: 標 一郎"));
    let old = report(&own_folder("    revision: 2\n    decided", "    revision: 1\n    decided"), "conformity");
    assert!(old.contains("第1版（「生成AIを使わない。」）への答え"), "an old answer shows what it was given to");
    assert!(!report(&copy_of_sample(), "conformity").contains("独自の対策項目（"), "no section without own controls");

    let measured = own_folder("", "");
    let file = measured.path().join("assessment.yaml");
    let text = fs::read_to_string(&file).expect("readable");
    let at = text.find("controls: [\"3.").expect("a measure names controls") + "controls: [".len();
    fs::write(&file, format!("{}OWN-1, OWN-9, {}", &text[..at], &text[at..])).expect("written");
    assert!(found(&checked(&measured), "control-unknown").iter().any(|one| one[2].contains("「OWN-9」")));
    assert!(report(&measured, "risk-treatment").contains("独自 OWN-1"));

    let changes = json(&[
        "diff",
        path(&own_folder("", "")),
        path(&own_folder("status: met", "status: partial")),
        "--format",
        "json",
    ]);
    assert!(changes.to_string().contains("OWN-1が「対応済」から「一部対応」に変わる"), "{changes}");
}

/// CATALOG-028: 利用者 covers four kinds of people unless an answer says which; what it says is held against the model,
/// and printed.
#[test]
fn whom_users_means_is_said_and_checked() {
    let actors = json(&["flows", path(&copy_of_sample()), "--format", "json"]);
    assert!(actors.to_string().contains("I-O"), "the sample has flows");
    let users = |line: &str| -> String { format!("  - control: 1.1①-1\n    {line}\n") };
    let edit = |text: &'static str| Edit { file: "conformity.yaml", from: "  - control: 1.1①-1\n", to: text };
    let kind = system("actors:\n", "actors:\n  - { id: 開発者, name: 開発者, party: 対象事業者, kind: developer }\n");
    let developer: &'static str = users("users: [developer]").leak();
    let institution: &'static str = users("users: [institution]").leak();
    let gone: &'static str = users("users_by_flow: [{ flow: 存在しない, users: [institution] }]").leak();
    each_fires(&[
        Fires {
            why: "nobody of the model is a developer",
            edits: &[edit(developer)],
            rule: "users-absent",
            severity: "warning",
            field: "answers[1].users[1]",
            says: "開発に当たる者",
        },
        Fires {
            why: "the flow does not exist",
            edits: &[edit(gone)],
            rule: "flow-gone",
            severity: "warning",
            field: "answers[1].users_by_flow[1].flow",
            says: "存在しない",
        },
    ]);
    each_is_quiet(&[
        ("a developer of the model", &[edit(developer), kind], "users-absent"),
        ("people of the institution are known by their organisation", &[edit(institution)], "users-absent"),
    ]);
    let flow = people_flow();
    let mismatch = users(&format!("users_by_flow: [{{ flow: \"{flow}\", users: [administrator] }}]"));
    let dir = edited(&[Edit { file: "conformity.yaml", from: "  - control: 1.1①-1\n", to: &mismatch }]);
    assert_eq!(found(&checked(&dir), "users-flow").len(), 1, "who acts in the flow is not among those named");
    let printed = report(&edited(&[edit(institution)]), "conformity");
    assert!(printed.contains("利用者: 医療機関等の利用者"), "printed with the answer");
    assert!(printed.contains("運用・開発に当たる者と管理者を含みます"), "the meaning without a choice is told");
}

/// A flow in which somebody of the institution acts.
fn people_flow() -> String {
    let flows = json(&["flows", path(&copy_of_sample()), "--format", "json"]);
    let all = flows.as_array().or(flows["flows"].as_array()).expect("flows");
    let clinic = |flow: &&Value| flow["who"].as_str().is_some_and(|who| who.contains("医師") || who.contains("看護師"));
    all.iter().find(clinic).expect("a flow with a person")["id"].as_str().expect("an id").to_owned()
}
