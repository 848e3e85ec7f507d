//! When a document is issued, and what keeps it 案 (requirements DOC).

#[path = "support/decided.rs"]
mod decided;
mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::edited::{checked, service};
use support::said::{CONFORMITY, Case, SERVICE, SYSTEM, each_fires, holds, markdown, of_rule};
use support::sample;

/// DOC-002: an issued document is complete and consistent, and names the institutions.
#[test]
fn an_issued_document_is_complete() {
    holds(&markdown(&sample(), "flows", &[]), &["対象の医療機関等", "あおば内科クリニック"]);
    let issued = "  valid_from: 2026-12-01\n  issued_on: 2026-12-01\n";
    each_fires(&[
        Case {
            rule: "document-incomplete",
            severity: "error",
            says: "文書番号・承認がありません",
            edits: &[
                service("  number: MO-SEC-2026\n", ""),
                service("  approver: 代表取締役 標 一郎\n", ""),
                service("  valid_from: 2026-12-01\n", issued),
            ],
        },
        Case {
            rule: "document-dates",
            severity: "error",
            says: "適用終了日（2026-01-01）が適用開始日（2026-12-01）より前",
            edits: &[service("  valid_from: 2026-12-01\n", "  valid_from: 2026-12-01\n  valid_to: 2026-01-01\n")],
        },
        Case {
            rule: "history-mismatch",
            severity: "warning",
            says: "版は「第1.0版」ですが、改訂履歴の最後は「第0.9版」",
            edits: &[service("  edition: 第0.9版\n", "  edition: 第1.0版\n")],
        },
        Case {
            rule: "issue-blocked",
            severity: "warning",
            says: "「案」のままです: ",
            edits: &[service("  valid_from: 2026-12-01\n", issued)],
        },
    ]);
}

/// The same as a folder.
fn decided() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in decided::decided() {
        fs::write(dir.path().join(name), text).expect("written");
    }
    dir
}

/// JSON is YAML too.
fn write(dir: &Path, file: &str, value: &Value) {
    fs::write(dir.join(file), serde_json::to_string_pretty(value).expect("JSON")).expect("written");
}

fn change(dir: &Path, file: &str, with: impl Fn(&mut Value)) {
    let mut value = serde_json::from_str(&fs::read_to_string(dir.join(file)).expect("readable")).expect("JSON");
    with(&mut value);
    write(dir, file, &value);
}

/// DOC-002, INST-001, PARTY-009, TREAT-010: one open point is enough to keep every document 案, and the cover names it.
#[test]
fn one_open_point_keeps_every_document_a_draft() {
    let done = decided();
    let checks = checked(&done);
    assert_eq!(checks["open"], json!([]));
    assert!(of_rule(&checks, "issue-blocked").is_empty());
    let cover = markdown(done.path(), "flows", &[]);
    assert!(!cover.contains("「案」") && cover.contains("令和8年12月1日"), "{cover}");

    type Change = fn(&mut Value);
    let points: [(&str, &str, Change, &str); 9] = [
        (
            "risk-undecided",
            "assessment.yaml",
            |v| drop(v["decisions"][0]["risks"].as_array_mut().unwrap().pop()),
            "1件は案のまま",
        ),
        (
            "consideration-unanswered",
            "assessment.yaml",
            |v| drop(v["considerations"].as_array_mut().unwrap().pop()),
            "考慮事項6件のうち1件は未回答",
        ),
        (
            "control-unanswered",
            CONFORMITY,
            |v| drop(v["answers"].as_array_mut().unwrap().pop()),
            "対策項目417件のうち1件は未回答",
        ),
        (
            "control-unsigned",
            CONFORMITY,
            |v| v["answers"][0]["decided"] = Value::Null,
            "対策項目の答え1件に決めた人がいない",
        ),
        (
            "statutory-unanswered",
            CONFORMITY,
            |v| drop(v["statutory"].as_array_mut().unwrap().pop()),
            "制度上の要求事項31行のうち1行は未回答",
        ),
        (
            "statutory-unsigned",
            CONFORMITY,
            |v| v["statutory"][0]["decided"] = Value::Null,
            "制度上の要求事項の答え1件に決めた人がいない",
        ),
        ("role-missing", SERVICE, |v| drop(v["roles"].as_array_mut().unwrap().pop()), "責任者4名のうち1名が未定"),
        ("errors", SERVICE, |v| v["document"]["number"] = Value::Null, "要対応の指摘が1件"),
        (
            "risk-untreated",
            "assessment.yaml",
            |v| {
                let last = v["decisions"][0]["risks"].as_array_mut().unwrap().pop().unwrap();
                let mut worse = v["decisions"][0].clone();
                worse["risks"] = json!([last]);
                worse["impact"] = json!(5);
                worse["likelihood"] = json!(5);
                v["decisions"].as_array_mut().unwrap().push(worse);
            },
            "対応が要るのに対応のないリスクが1件",
        ),
    ];
    for (rule, file, open, says) in points {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for name in [SERVICE, SYSTEM, "assessment.yaml", CONFORMITY] {
            fs::copy(done.path().join(name), dir.path().join(name)).expect("copied");
        }
        change(dir.path(), file, open);
        let checks = checked(&dir);
        let points = checks["open"].as_array().expect("open points");
        assert!(points.iter().any(|point| point["rule"] == rule), "{rule}: {points:?}");
        assert!(of_rule(&checks, "issue-blocked")[0][1].contains(says), "{rule}");
        for document in ["flows", "provided-information"] {
            holds(&markdown(dir.path(), document, &[]), &["「案」", says]);
        }
    }
}
