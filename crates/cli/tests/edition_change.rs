//! From one edition to the next: comparison, tasks, which one leads, what is covered (CATALOG-012, -013, -014, -027).

mod support;

use std::fs;

use serde_json::Value;
use support::edited::{Edit, Fires, checked, each_fires, edited, found, service};
use support::own::{array, own_folder, report, with_links, with_list, write};
use support::{copy_of_sample, json, path, shirube};

const JUDGED: &str = "\
comparisons:
  - from: pg-1.0
    to: pg-1.1
    judgements:
      - { source: 1.1①-1, target: 1.1①-1, class: strengthened, by: 標 一郎, on: 2026-11-20, reason: 求める範囲が広い }
      - { source: 1.1①-1, target: 1.1①-1, class: reworded, by: 港 四郎, on: 2026-11-22, reason: 読み直した }
      - { source: 1.1②-1, class: removed, by: 標 一郎, on: 2026-11-20, reason: 見当たらない }
";

/// CATALOG-013: a proposal is never a judgement; people's judgements come with author, date and reason, the newest in
/// force; nothing is proposed from a link that nobody read.
#[test]
fn editions_are_compared_and_people_judge() {
    let dir = copy_of_sample();
    write(&dir, "catalogs/classification.yaml", JUDGED);
    let proposals = json(&["catalog", "compare", "pg-1.0", "pg-1.1", "--format", "json"]);
    let judged = json(&["catalog", "compare", "pg-1.0", "pg-1.1", "--with", path(&dir), "--format", "json"]);
    assert!(array(&proposals, "lines").iter().all(|line| line["decided"].is_null()), "nothing is judged by a program");
    let mut proposed = 0;
    for line in array(&proposals, "lines") {
        let derived = line["certainty"] == "derived";
        assert!(!derived || line["proposed"].is_null(), "{line}");
        proposed += usize::from(!line["proposed"].is_null());
    }
    assert!(proposed > 10, "{proposed}");
    let line = |source: &str, target: Option<&str>| {
        let all = array(&judged, "lines").iter();
        all.into_iter().find(|line| line["source"] == source && line["target"].as_str() == target).expect("the line")
    };
    let one = line("1.1①-1", Some("1.1①-1"));
    assert_eq!((one["decided"].as_str(), one["judged"].as_array().map(Vec::len)), (Some("reworded"), Some(2)));
    assert_eq!(one["judged"][1]["by"], "港 四郎");
    assert_eq!(
        line("1.1②-1", None)["decided"],
        "removed",
        "a person's word stands though the crosswalk has no such pair"
    );
    let table = shirube(&["catalog", "compare", "pg-1.0", "pg-1.1", "--with", path(&dir)]).stdout;
    assert!(
        table.contains("判断済み: 書き換え（求めることは同じ）1件、なくなった項目1件") && table.contains("案: "),
        "{table}"
    );
    let schema = json(&["schema", "classification"]);
    assert!(schema.to_string().contains("前の版の項目が、後の版でどうなったか"), "{schema}");
}

/// CATALOG-013: every class of change can be stored; what does not fit together is named with its line, all at once.
#[test]
fn judgements_are_checked() {
    let dir = copy_of_sample();
    for (class, ends) in [
        ("unchanged", "source: 1.1①-1, target: 1.1①-1"),
        ("renumbered", "source: 1.1①-1, target: 1.1①-2"),
        ("reworded", "source: 1.1①-1, target: 1.1①-1"),
        ("strengthened", "source: 1.1①-1, target: 1.1①-1"),
        ("weakened", "source: 1.1①-1, target: 1.1①-1"),
        ("new", "target: 1.1①-1"),
        ("removed", "source: 1.1①-1"),
    ] {
        let judgement = format!(
            "comparisons:\n  - from: pg-1.0\n    to: pg-1.1\n    judgements:\n      - {{ {ends}, class: {class}, by: 標 一郎, on: 2026-11-20, reason: 試験 }}\n"
        );
        write(&dir, "catalogs/classification.yaml", &judgement);
        let value = json(&["catalog", "compare", "pg-1.0", "pg-1.1", "--with", path(&dir), "--format", "json"]);
        assert_eq!(value["counts"]["judged"][class], 1, "{class}");
    }
    let wrong = "comparisons:\n  - from: pg-1.0\n    to: pg-9\n    judgements:\n      - { source: 9.9①-1, class: removed, by: a, on: 2026-11-20, reason: b }\n      - { source: 1.1①-1, target: x, class: new, by: a, on: 2026-11-20, reason: b }\n";
    write(&dir, "catalogs/classification.yaml", wrong);
    let ran = shirube(&["catalog", "compare", "pg-1.0", "pg-1.1", "--with", path(&dir)]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    for words in [
        "3行目「comparisons[1].to」: 版「pg-9」",
        "5行目",
        "「9.9①-1」は、pg-1.0にありません",
        "6行目",
        "「新しい項目」という判断の番号がそろっていません",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert_eq!(checked(&dir)["catalogs"]["problems"].as_array().map(Vec::len), Some(3));
    write(
        &dir,
        "catalogs/classification.yaml",
        "comparisons:\n  - { from: pg-1.0, to: pg-1.1, judgements: [{ class: odd, by: '', on: x }] }\n",
    );
    let ran = shirube(&["catalog", "compare", "pg-1.0", "pg-1.1", "--with", path(&dir)]);
    assert!(ran.code == 2 && ran.stderr.lines().count() >= 4, "{}", ran.stderr);
}

const CHANGE: &str = "\
editions: [pg-1.0, mhlw-5.0]
edition_changes:
  - { edition: pg-1.1, replaces: pg-1.0, from: 2026-11-01, leads_from: 2027-04-01, by: 標 一郎, on: 2026-10-20, reason: 契約の更新に合わせる }
";

fn change<'a>(put: &'a str) -> [Edit<'a>; 1] {
    [service("editions: [pg-1.0, mhlw-5.0]\n", put)]
}

/// CATALOG-014: one task for each thing a change of edition touches, of every kind, with the owner of its answer and
/// the day the service set; nothing is made up where nobody stated it.
#[test]
fn a_change_of_edition_opens_tasks() {
    let dir = edited(&change(CHANGE));
    let impact = json(&["catalog", "impact", path(&dir), "--to", "pg-1.1", "--format", "json"]);
    let tasks = array(&impact, "tasks");
    for kind in
        ["service", "answer", "flow", "risk", "treatment", "agreement", "rule-section", "sla-clause", "document"]
    {
        assert!(tasks.iter().any(|task| task["kind"] == kind), "{kind}: {}", impact["counts"]);
    }
    let mut seen = std::collections::BTreeSet::new();
    for task in tasks {
        assert!(seen.insert((task["kind"].to_string(), task["id"].to_string())), "one task for one thing: {task}");
        assert_eq!(task["due"], "2027-04-01", "the day the new edition leads");
    }
    let answer = tasks.iter().find(|task| task["kind"] == "answer" && task["id"] == "1.1①-1").expect("the answer");
    assert_eq!((answer["owner"].as_str(), answer["certainty"].as_str()), (Some("浜 六花"), Some("partial")));
    for clause in ["2.4", "3.5"] {
        assert!(tasks.iter().any(|task| task["kind"] == "sla-clause" && task["id"] == clause), "{clause}");
    }
    assert!(tasks.iter().any(|task| task["kind"] == "flow" && task["owner"].is_null()), "nobody is made up");
    let other = json(&["catalog", "impact", path(&copy_of_sample()), "--to", "pg-1.1", "--format", "json"]);
    assert_eq!(other["due"], "2023-07-07", "without a decision, the day the edition came into force");
    let set = json(&["catalog", "impact", path(&dir), "--to", "pg-1.1", "--due", "2027-01-31", "--format", "json"]);
    assert_eq!(set["due"], "2027-01-31");
    let csv = shirube(&["catalog", "impact", path(&dir), "--to", "pg-1.1", "--format", "csv"]).stdout;
    let read = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes()).into_records().count();
    assert_eq!(read, tasks.len());
    let brought = with_links();
    let open = json(&["catalog", "impact", path(&brought), "--to", "own-aoba", "--format", "json"]);
    assert!(open["due"].is_null() && array(&open, "tasks").iter().all(|task| task["due"].is_null()), "{}", open["due"]);
}

/// The coverage of 1.1①-1 with the first answer of the sample edited.
fn covered(find: &str, put: &str, more: &[&str]) -> Value {
    let dir = edited(&[Edit { file: "conformity.yaml", from: find, to: put }]);
    let usual = ["catalog", "coverage", path(&dir), "--format", "json"];
    let value = json(&[&usual[..], more].concat());
    array(&value, "lines").iter().find(|line| line["id"] == "1.1①-1").expect("the control").clone()
}

/// CATALOG-027: each control stands in one class, by its answer, its evidence and the dates of that.
#[test]
fn coverage_tells_what_stands_behind_each_control() {
    let evidence = "    evidence: [アクセス管理規程 第2.1版]\n";
    let with = |line: &str| format!("{evidence}    {line}\n");
    let day: &[&str] = &["--on", "2026-12-01"];
    let rows: [(&str, String, &[&str], &str); 11] = [
        (evidence, with("evidence_on: 2026-01-15"), day, "evidenced"),
        (evidence, with("evidence_on: 2025-11-30"), day, "evidence-outdated"),
        (evidence, with("evidence_on: 2025-12-01"), day, "evidenced"),
        (
            evidence,
            with("evidence_on: 2026-01-15"),
            &["--on", "2026-12-01", "--evidence-months", "6"],
            "evidence-outdated",
        ),
        (evidence, with("evidence_until: 2026-11-30"), day, "evidence-outdated"),
        (evidence, with("evidence_until: 2026-12-01"), day, "evidenced"),
        (evidence, evidence.to_owned(), day, "evidence-undated"),
        (evidence, String::new(), day, "no-evidence"),
        ("    status: met\n", "    status: planned\n    due: 2027-03-31\n".to_owned(), day, "planned"),
        ("    status: met\n", "    status: not-applicable\n    reason: 当てはまらない\n".to_owned(), day, "excluded"),
        ("    status: met\n", "    status: not-applicable\n".to_owned(), day, "excluded-unexplained"),
    ];
    for (find, put, more, expected) in rows {
        assert_eq!(covered(find, &put, more)["cover"], expected, "{put:?} {more:?}");
    }
    assert_eq!(covered("    status: met\n", "    status: not-met\n    reason: まだ\n", day)["cover"], "not-done");
    assert_eq!(covered("- control: 1.1①-1\n", "- control: 9.9①-1\n", day)["cover"], "no-measure");
    let excluded = covered("    status: met\n", "    status: not-applicable\n    reason: 当てはまらない\n", day);
    assert_eq!(excluded["reason"], "当てはまらない");
    let table = shirube(&["catalog", "coverage", path(&copy_of_sample())]);
    assert!(table.code == 0 && table.stdout.contains("答えも対策もなし: "), "{}", table.stderr);
    let value = json(&["catalog", "coverage", path(&copy_of_sample()), "--format", "json"]);
    let sum: u64 = value["counts"].as_object().expect("counts").values().filter_map(Value::as_u64).sum();
    assert_eq!((sum, array(&value, "lines").len()), (417, 417), "every control stands in one class");
}

/// CATALOG-027: other editions are reached over the crosswalk, say so with its certainty, and count nothing as decided
/// that no person confirmed; own controls stand beside the guideline's.
#[test]
fn coverage_of_other_editions_shows_the_way() {
    let dir = copy_of_sample();
    for edition in ["mhlw-5.0", "mhlw-6.0", "pg-1.1", "mhlw-7.0"] {
        let value = json(&["catalog", "coverage", path(&dir), "--edition", edition, "--format", "json"]);
        let listed = json(&["catalog", "list", edition, "--format", "json"]);
        assert_eq!(array(&value, "lines").len(), array(&listed, "entries").len(), "{edition}");
        assert!(array(&value, "way").len() >= 2, "{edition}");
        let mut linked = 0;
        for line in array(&value, "lines") {
            let via = array(line, "via");
            assert_eq!(line["decided"], false, "{edition}: {line}");
            assert_eq!(via.is_empty(), line["cover"] == "not-linked", "{edition}: {line}");
            assert!(via.iter().all(|one| one["certainty"].is_string()), "{line}");
            linked += usize::from(!via.is_empty());
        }
        assert!(linked > 0, "{edition}");
    }
    json(&["catalog", "migrate", path(&dir), "--to", "pg-1.1", "--format", "json"]);
    let file = dir.path().join("carried/pg-1.1.yaml");
    let text = fs::read_to_string(&file).expect("written");
    let word = "  confirmed:\n    status: met\n    how: 規程で定めた。\n    evidence: [規程]\n    by: 標 一郎\n    on: 2026-11-20\n    reason: 読み比べた。\n";
    fs::write(&file, text.replacen("- id: 1.1①-2\n", &format!("{word}- id: 1.1①-2\n"), 1)).expect("written");
    let value =
        json(&["catalog", "coverage", path(&dir), "--edition", "pg-1.1", "--on", "2026-12-01", "--format", "json"]);
    let decided: Vec<&Value> = array(&value, "lines").iter().filter(|line| line["decided"] == true).collect();
    assert_eq!(decided.len(), 1, "{decided:?}");
    assert_eq!((decided[0]["id"].as_str(), decided[0]["cover"].as_str()), (Some("1.1①-1"), Some("evidenced")));

    let alone = with_list();
    let value = json(&["catalog", "coverage", path(&alone), "--edition", "own-aoba", "--format", "json"]);
    assert!(array(&value, "way").is_empty() && array(&value, "lines").iter().all(|line| line["cover"] == "not-linked"));
    let own = json(&["catalog", "coverage", path(&own_folder("", "")), "--format", "json"]);
    assert_eq!(array(&own["own"], "lines")[0]["id"], "OWN-1");
    assert_eq!(array(&own, "lines").len(), 417, "own controls are not counted as the guideline's");
}

/// CATALOG-012: a further edition is answered in parallel from one day and leads from another; check, coverage and the
/// documents say what leads on the day of the documents.
#[test]
fn an_edition_leads_from_its_day() {
    let dated = |day: &str| service_dated(day);
    for (day, leading, other) in [
        ("2026-10-31", "pg-1.0（主）", "pg-1.1（これから）"),
        ("2026-11-01", "pg-1.0（主）", "pg-1.1（並行）"),
        ("2027-04-01", "pg-1.1（主）", "pg-1.0（置き換え済み）"),
    ] {
        let dir = dated(day);
        let said = found(&checked(&dir), "edition-leading");
        assert!(said.len() == 1 && said[0][2].contains(leading) && said[0][2].contains(other), "{day}: {said:?}");
        let ahead = found(&checked(&dir), "edition-ahead");
        assert_eq!(!ahead.is_empty(), leading.starts_with("pg-1.1"), "{day}: {ahead:?}");
        let coverage = shirube(&["catalog", "coverage", path(&dir)]).stdout;
        assert!(coverage.contains(leading) && coverage.contains(other), "{day}: {coverage}");
        let printed = report(&dir, "conformity");
        assert!(printed.contains(leading), "{day}");
    }
    let wrong = |find: &str, put: &str| -> &'static str { CHANGE.replacen(find, put, 1).leak() };
    let unknown = change(wrong("edition: pg-1.1", "edition: pg-9.9"));
    let replaces = change(wrong("replaces: pg-1.0", "replaces: mhlw-4.0"));
    let dates = change(wrong("leads_from: 2027-04-01", "leads_from: 2026-10-01"));
    each_fires(&[
        Fires {
            why: "an edition nobody knows",
            edits: &unknown,
            rule: "edition-unknown",
            severity: "warning",
            field: "edition_changes[1].edition",
            says: "pg-9.9",
        },
        Fires {
            why: "it replaces what is not in force",
            edits: &replaces,
            rule: "edition-replaces",
            severity: "error",
            field: "edition_changes[1].replaces",
            says: "mhlw-4.0",
        },
        Fires {
            why: "it leads before it begins",
            edits: &dates,
            rule: "edition-dates",
            severity: "error",
            field: "edition_changes[1].leads_from",
            says: "pg-1.1",
        },
    ]);
}

/// The sample with a change of edition, and a day of its documents.
fn service_dated(day: &str) -> tempfile::TempDir {
    let dir = edited(&change(CHANGE));
    let file = dir.path().join("shirube.yaml");
    let text = fs::read_to_string(&file).expect("readable");
    let dated: Vec<String> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("issued_on:"))
        .map(|line| match line.trim_start().starts_with("valid_from:") {
            true => format!("  valid_from: {day}"),
            false => line.to_owned(),
        })
        .collect();
    fs::write(&file, dated.join("\n")).expect("written");
    dir
}
