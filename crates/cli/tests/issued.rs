//! When a document is issued, and what keeps it 案 (requirements DOC).

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::edited::{checked, service};
use support::said::{CONFORMITY, Case, SERVICE, SYSTEM, each_fires, holds, markdown, of_rule};
use support::{folder_with, path, sample};

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

/// A folder in which everything is decided: one server, all its risks rated, all questions answered.
fn decided() -> tempfile::TempDir {
    let dir = folder_with(
        "
sites: [{ id: 拠点, name: 拠点, owner: 自社, side: provider, country: 日本, entry: controlled }]
nodes:
  - { id: サーバ, name: サーバ, kind: server, site: 拠点, environment: production, at_end_none: 廃棄しない試験用 }
actors: [{ id: 要員, name: 要員, party: 自社 }, { id: 職員, name: 職員, party: 院 }]
information_classes: [{ id: 分類, name: 分類, importance: 1 }]
information: [{ id: 情報, name: 情報, class: 分類, kind: application-provision, medical: no, medical_reason: 試験 }]
handlings: [{ layer: application, actor: 要員, nodes: [サーバ], information: 情報, how: [閲覧する] }]
",
    );
    let signed = json!({ "by": "標", "on": "2026-11-16", "reason": "確かめた" });
    let role = |role: &str| json!({ "role": role, "name": "標", "duties": "d", "appointment": "a", "period": "p", "deputy": "d", "qualification": "q" });
    let roles = ["final-responsible", "system-administrator", "operation-manager", "privacy-officer"].map(role);
    write(
        dir.path(),
        SERVICE,
        &json!({
            "service": { "name": "試験" },
            "provider": "自社",
            "editions": ["pg-1.0", "mhlw-5.0"],
            "parties": [
                { "id": "自社", "name": "自社", "kind": "provider", "scope": {
                    "direct_contract": "yes", "supplies_resources": "no", "receives_by_patient_instruction": "no",
                    "receives_from_patients_only": "no", "reason": "契約がある" } },
                { "id": "院", "name": "院", "kind": "institution", "institution_kind": "clinic" },
            ],
            "delivery": {
                "application": { "form": "1", "party": "自社" },
                "platform": { "form": "1", "party": "自社" },
                "infrastructure": { "form": "1", "party": "自社" },
            },
            "roles": roles,
            "document": {
                "number": "N", "edition": "第1版", "issued_on": "2026-12-01", "valid_from": "2026-12-01",
                "author": "標", "approver": "標",
                "history": [{ "edition": "第1版", "on": "2026-12-01", "change": "作成", "author": "標", "approver": "標" }],
            },
        }),
    );
    let assessed = support::json(&["assess", path(&dir), "--format", "json"]);
    let risks: Vec<&Value> = assessed["risks"].as_array().expect("risks").iter().map(|risk| &risk["id"]).collect();
    assert!(!risks.is_empty());
    let catalog = support::json(&["catalog", "list", "--format", "json"]);
    let considerations =
        ["authentication", "log-retention", "network-path", "wireless-lan", "small-media", "continuity"];
    write(
        dir.path(),
        "assessment.yaml",
        &json!({
            "threats_reviewed": signed,
            "decisions": [{
                "risks": risks, "impact": 1, "impact_reason": "小さい", "likelihood": 1, "likelihood_reason": "低い",
                "decided": signed,
            }],
            "considerations": considerations.map(|item| json!({
                "item": item, "answer": "そうしている", "decided": signed, "continuity":
                (item == "continuity").then(|| json!({ "disaster_stop": "紙で続ける", "mass_demand": "増やす",
                    "restart_with_loss": "突き合わせる" })) })),
        }),
    );
    // The person has seen the flows, and the grounds of the decision as they are.
    let findings = checked(&dir)["findings"].clone();
    let review = findings.as_array().expect("findings").iter().find(|f| f["rule"] == "flows-not-reviewed");
    let advice = review.and_then(|finding| finding["advice"].as_str()).expect("an advice");
    let digest = advice.split("digest: ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a digest");
    let system = fs::read_to_string(dir.path().join(SYSTEM)).expect("readable");
    let seen = format!("{system}flows_reviewed: {{ by: 標, on: 2026-11-16, flows: 1, digest: \"{digest}\" }}\n");
    fs::write(dir.path().join(SYSTEM), seen).expect("written");
    let basis = support::json(&["assess", path(&dir), "--format", "json"])["decisions"][0]["basis"].clone();
    change(dir.path(), "assessment.yaml", |v| v["decisions"][0]["basis"] = basis.clone());
    let answer = |key: &str, id: &Value| json!({ key: id, "status": "met", "how": "そうしている", "evidence": ["記録"], "decided": signed });
    let mut statutory = Vec::new();
    for item in catalog["statutory"].as_array().expect("chapter 6") {
        statutory.push(answer("item", &item["id"]));
        for row in item["rows"].as_array().expect("rows") {
            let mut of_row = answer("row", &row["id"]);
            of_row["item"] = item["id"].clone();
            statutory.push(of_row);
        }
    }
    let controls = catalog["controls"].as_array().expect("controls").iter().map(|control| {
        let mut answer = answer("control", &control["id"]);
        answer["agreement"] = json!("合意した");
        answer
    });
    write(dir.path(), CONFORMITY, &json!({ "answers": controls.collect::<Vec<_>>(), "statutory": statutory }));
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
