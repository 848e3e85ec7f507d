//! The flows of information through the front door: derived, reviewed, described, ended (requirements FLOW).

mod support;

use std::fs;

use serde_json::Value;
use support::edited::{Edit, Fires, checked, each_fires, each_is_quiet, edited, found, service, system};
use support::{copy_of_sample, folder_with, path, shirube};

fn flows(dir: &tempfile::TempDir) -> Value {
    let ran = shirube(&["flows", path(dir), "--format", "json"]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.stderr))
}

fn flow(value: &Value, id: &str) -> Option<Value> {
    value["flows"].as_array().expect("flows").iter().find(|flow| flow["id"] == id).cloned()
}

/// A document as Markdown.
fn markdown(dir: &tempfile::TempDir, document: &str) -> String {
    let out = dir.path().join("out");
    let folder = path(dir);
    let out_path = out.to_str().expect("UTF-8");
    let ran = shirube(&["report", folder, "--out", out_path, "--doc", document, "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(out.join(format!("{document}.md"))).expect("written")
}

/// FLOW-001: a transport of media and a line of a network are the same kind of thing.
#[test]
fn transports_and_networks_are_flows_alike() {
    let value = flows(&copy_of_sample());
    for origin in ["link", "transport", "handling"] {
        let of_origin = value["flows"].as_array().expect("flows").iter().find(|flow| flow["origin"] == origin);
        let keys: Vec<&String> = of_origin.and_then(Value::as_object).expect("a flow").keys().collect();
        assert!(["who", "where", "which", "what", "how"].iter().all(|key| keys.iter().any(|k| k == key)), "{origin}");
    }
}

const REJECTED: &str = "A-O:医療事務:医事端末:患者情報:閲覧・操作する";
const REJECTION: Edit = system(
    "handlings:\n",
    "rejected_flows:\n  - { flow: 'A-O:医療事務:医事端末:患者情報:閲覧・操作する', reason: 使っていない, by: 帆足 三郎, on: 2026-11-20 }\nhandlings:\n",
);

/// FLOW-002: derived flows are candidates until somebody has looked, and again after a change.
#[test]
fn derived_flows_are_reviewed_by_a_person() {
    let unreviewed = edited(&[system("flows_reviewed:\n  by:", "x_reviewed:\n  by:")]);
    assert_eq!(shirube(&["check", path(&unreviewed)]).code, 2, "the edit below must remove the whole record");
    let text = fs::read_to_string(copy_of_sample().path().join("system.yaml")).expect("readable");
    let from = text.find("flows_reviewed:").expect("the record");
    let to = from + text[from..].find("\n\n").expect("its end");
    fs::write(unreviewed.path().join("system.yaml"), format!("{}{}", &text[..from], &text[to..])).expect("written");
    let now = checked(&unreviewed);
    assert_eq!(found(&now, "flows-not-reviewed").len(), 1);
    assert!(markdown(&unreviewed, "flows").contains("記録なし（モデルから導いた案のまま）"));

    // The advice names what to write; with it the finding is gone.
    let digest = flows(&unreviewed)["digest"].as_str().expect("a digest").to_owned();
    let advice = now["findings"].as_array().expect("findings").iter().find(|f| f["rule"] == "flows-not-reviewed");
    assert!(advice.and_then(|f| f["advice"].as_str()).is_some_and(|advice| advice.contains(&digest)));
    each_is_quiet(&[
        ("reviewed and unchanged", &[], "flows-not-reviewed"),
        ("reviewed and unchanged", &[], "flows-changed-since"),
        (
            "another order is no change",
            &[
                system("  - { id: 患者, name: 患者, party: 患者 }\n", ""),
                system(
                    "\ninformation_classes:\n",
                    "  - { id: 患者, name: 患者, party: 患者 }\n\ninformation_classes:\n",
                ),
            ],
            "flows-changed-since",
        ),
    ]);
    for (why, edit) in [
        ("another flow", system("how: [出力する]", "how: [出力する, 閲覧・操作する]")),
        ("another class", system("importance: 3, reason: 失われる", "importance: 4, reason: 失われる")),
        ("another name", system("name: 医師/代行入力者等", "name: 医師")),
        ("another place", system("    kind: terminal\n    site: 受付\n", "    kind: terminal\n    site: 診察室\n")),
        (
            "another amount",
            system(
                "    medical_reason: 患者を識別でき、受診や問診の内容を含む。\n    volume: medium",
                "    medical_reason: 患者を識別でき、受診や問診の内容を含む。\n    volume: large",
            ),
        ),
    ] {
        let now = checked(&edited(&[edit]));
        assert_eq!(found(&now, "flows-changed-since").len(), 1, "{why}");
    }
}

/// FLOW-002: a flow is rejected by somebody, for a reason.
#[test]
fn a_rejected_flow_has_a_reason_and_a_name() {
    let rejected = edited(&[REJECTION]);
    assert!(flow(&flows(&rejected), REJECTED).is_none());
    assert!(found(&checked(&rejected), "reason-unsigned").is_empty());
    assert!(markdown(&rejected, "flows").contains("令和8年11月20日 帆足 三郎"));

    let empty = edited(&[REJECTION, system("reason: 使っていない", "reason: ''")]);
    let ran = shirube(&["check", path(&empty)]);
    assert!(
        ran.code == 2 && ran.stderr.contains("rejected_flows[1].reason") && ran.stderr.contains("空"),
        "{}",
        ran.stderr
    );

    let blank = edited(&[REJECTION, system("reason: 使っていない", "reason: '　'")]);
    assert!(flow(&flows(&blank), REJECTED).is_some(), "a blank is no reason: the flow and its risks stay");
    assert_eq!(found(&checked(&blank), "reason-blank").len(), 1);
    let unsigned = edited(&[REJECTION, system(", by: 帆足 三郎, on: 2026-11-20", "")]);
    assert_eq!(found(&checked(&unsigned), "reason-unsigned").len(), 1);
}

/// FLOW-003: a flow names the company that provides its layer, the institutions, and its environment.
#[test]
fn a_flow_names_its_provider_and_institution() {
    let dir = copy_of_sample();
    let value = flows(&dir);
    for flow in value["flows"].as_array().expect("flows") {
        assert_eq!(
            (flow["provider"].as_str(), flow["institution"][0].as_str()),
            (Some("対象事業者"), Some("医療機関"))
        );
    }
    let csv = shirube(&["flows", path(&dir), "--format", "csv"]).stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].contains("\"環境\"") && lines[0].contains("\"提供する事業者\",\"医療機関等\""), "{}", lines[0]);
    assert!(
        lines[1].contains("\"本番\"") && lines[1].contains("\"株式会社みおつくし\",\"あおば内科クリニック\""),
        "{}",
        lines[1]
    );
}

/// FLOW-004: several devices and several verbs in one entry are rows of their own, with the right particles.
#[test]
fn one_row_for_each_device_and_verb() {
    let value = flows(&edited(&[system(
        "nodes: [プリンタ], information: レセプト, how: [出力する]",
        "nodes: [プリンタ, 医事端末], information: レセプト, how: [出力する, 閲覧・操作する]",
    )]));
    let of = |node: &str| {
        value["flows"]
            .as_array()
            .expect("flows")
            .iter()
            .filter(|f| f["element"] == node && f["information"] == "レセプト")
            .count()
    };
    assert_eq!((of("プリンタ"), of("医事端末")), (2, 2));
    let stored =
        value["flows"].as_array().expect("flows").iter().find(|flow| flow["how"] == "作成や保存される").cloned();
    assert!(stored.expect("a store")["what"].as_str().is_some_and(|what| what.ends_with('が')));
}

/// FLOW-005: editors are offered the verbs, others stay allowed, and what cannot be read is answered with the list.
#[test]
fn verbs_are_offered_and_others_allowed() {
    let schema: Value = serde_json::from_str(&shirube(&["schema", "system"]).stdout).expect("JSON");
    let how = &schema["$defs"]["Handling"]["properties"]["how"]["items"]["examples"];
    let offered: Vec<&str> = how.as_array().expect("examples").iter().filter_map(Value::as_str).collect();
    for verb in [
        "閲覧・操作する",
        "媒体入出力する",
        "作成や保存される",
        "保存される",
        "処理する",
        "搬送する",
        "保管する",
        "入出力される",
        "転送する",
        "転送される",
        "廃棄もしくは移管する",
        "出力する",
    ] {
        assert!(offered.contains(&verb), "{verb}");
    }
    let strange = checked(&edited(&[system("how: [出力する]", "how: [ながめる]")]));
    let advice =
        strange["findings"].as_array().expect("findings").iter().find(|finding| finding["rule"] == "verb-unknown");
    assert!(advice.and_then(|f| f["advice"].as_str()).is_some_and(|advice| advice.contains("入出力される")));
    each_is_quiet(&[("a verb of one's own", &[system("how: [出力する]", "how: [帳票を印刷する]")], "verb-unknown")]);
}

/// FLOW-006, FLOW-007: each of the nine cells has flows or a reason; what to look at is said.
#[test]
fn every_cell_has_flows_or_a_reason() {
    let dir = folder_with(
        "sites: [{ id: 本社, name: 本社, owner: 自社, side: provider, country: 日本 }]\n\
         nodes: [{ id: サーバ, name: サーバ, kind: server, site: 本社, environment: production }]\n\
         no_flows: [{ layer: application, phase: development, reason: 開発は委託先が行う, by: 標 一郎, on: 2026-11-01 }]\n",
    );
    let empty = checked(&dir);
    assert_eq!(found(&empty, "cell-empty").len(), 8);
    let advice: Vec<&str> = empty["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|f| f["rule"] == "cell-empty")
        .filter_map(|f| f["advice"].as_str())
        .collect();
    assert!(
        advice.iter().any(|advice| advice.contains("稼働状況の監視")),
        "the viewpoint of infrastructure in operation: {advice:?}"
    );
    let text = markdown(&copy_of_sample(), "flows");
    assert_eq!(text.matches("着目点: ").count(), 9, "a viewpoint under each heading");
    each_fires(&[Fires {
        why: "a reason although there are flows",
        edits: &[system(
            "handlings:\n",
            "no_flows: [{ layer: platform, phase: operation, reason: なし, by: 標 一郎, on: 2026-11-01 }]\nhandlings:\n",
        )],
        rule: "cell-contradiction",
        severity: "warning",
        field: "no_flows",
        says: "プラットフォームの運用フェーズ",
    }]);
    let folder = folder_with("no_flows: [{ layer: application, phase: development, reason: '' }]\n");
    assert_eq!(shirube(&["check", path(&folder)]).code, 2, "an empty reason is unusable");
}

/// FLOW-008, FLOW-009, FLOW-015: classes stay apart, are never fewer than two, and are not lowered.
#[test]
fn classes_are_kept_apart_and_not_lowered() {
    each_fires(&[
        Fires {
            why: "FLOW-008: settings in the class of patients",
            edits: &[system("name: 機器の設定情報, class: 設定等", "name: 機器の設定情報, class: 患者")],
            rule: "class-mixed",
            severity: "warning",
            field: "information[16].class",
            says: "機器の設定情報",
        },
        Fires {
            why: "FLOW-015: anonymised, and thought less important",
            edits: &[system(
                "\nhandlings:\n",
                "  - { id: 研究用, name: 研究用の診療情報, class: 設定等, kind: other, medical: no, medical_reason: 氏名を除いた, derived_from: 診療記録, subjects: [anonymised] }\n\nhandlings:\n",
            )],
            rule: "class-lowered",
            severity: "error",
            field: "information[17].class",
            says: "匿名化した情報ですが、重要度が下げられています（3＜5）",
        },
    ]);
    let other: [Edit; 2] = [
        service("  application: { form: \"1\", party: 対象事業者 }", "  application: { form: \"3\", party: 他社 }"),
        system("class: 提供情報, kind: application-provision, stands_for", "class: 提供情報, kind: other, stands_for"),
    ];
    each_is_quiet(&[
        ("FLOW-009: a platform provider with its two classes", &other, "minimum-classes"),
        (
            "FLOW-015: the dead in the class of the living",
            &[system(
                "\nhandlings:\n",
                "  - { id: 故人, name: 死者の診療録, class: 患者, kind: patient, medical: yes, derived_from: 診療記録, subjects: [deceased] }\n\nhandlings:\n",
            )],
            "class-lowered",
        ),
    ]);
    let one_class = folder_with(
        "sites: [{ id: 本社, name: 本社, owner: 自社, side: provider, country: 日本 }]\n\
         nodes: [{ id: サーバ, name: サーバ, kind: server, site: 本社, environment: production }]\n\
         information_classes: [{ id: 全部, name: 全部, importance: 3 }]\n\
         information: [{ id: 全部, name: 全部, class: 全部, kind: application-provision, stands_for: application-provision }]\n",
    );
    assert!(found(&checked(&one_class), "minimum-classes").is_empty(), "its own application it knows");
    let text = fs::read_to_string(one_class.path().join("shirube.yaml")).expect("readable");
    let text = text.replace("application: { form: \"1\", party: 自社 }", "application: { form: \"3\", party: 他社 }");
    let text =
        text.replace("kind: provider }\n", "kind: provider }\n  - { id: 他社, name: 他社, kind: linked-provider }\n");
    fs::write(one_class.path().join("shirube.yaml"), text).expect("written");
    assert_eq!(found(&checked(&one_class), "minimum-classes").len(), 1);
}

/// FLOW-011: information that is left in a layer has an end in that layer, or a reason.
#[test]
fn what_is_stored_has_an_end_in_its_layer() {
    const STORE: &str = "nodes: [カルテ本番], information: 診療記録, how: [作成や保存される], at_end: {}";
    each_fires(&[Fires {
        why: "patients' records of the application, although the platform has an end",
        edits: &[system(STORE, "nodes: [カルテ本番], information: 診療記録, how: [作成や保存される]")],
        rule: "termination-stored",
        severity: "warning",
        field: "handlings[6]",
        says: "「電子カルテサーバ（本番環境）」（対象事業者DC）に残る「オーダ/検査結果/診療録/診療諸記録等」（アプリケーション）",
    }]);
    each_is_quiet(&[
        ("the example", &[], "termination-stored"),
        (
            "a reason for leaving it",
            &[system(
                STORE,
                "nodes: [カルテ本番], information: 診療記録, how: [作成や保存される], at_end_none: 次の契約に引き継ぐ",
            )],
            "termination-stored",
        ),
    ]);
}

/// FLOW-012: what a supplier provides has flows, and they are asked of the supplier.
#[test]
fn flows_of_suppliers_are_asked_for() {
    each_fires(&[
        Fires {
            why: "a platform bought from a company that only has a site in the model",
            edits: &[
                service(
                    "  platform:\n    form: \"1\"\n    party: 対象事業者\n",
                    "  platform:\n    form: \"2\"\n    party: クラウド社\n",
                ),
                service(
                    "  - id: 患者\n",
                    "  - { id: クラウド社, name: 仮想基盤株式会社, kind: subcontractor }\n  - id: 患者\n",
                ),
                system(
                    "\nnodes:\n",
                    "  - { id: 雲, name: 仮想基盤DC, owner: クラウド社, side: provider, country: 日本, entry: controlled }\n\nnodes:\n",
                ),
            ],
            rule: "supplier-without-flow",
            severity: "warning",
            field: "delivery.platform",
            says: "「仮想基盤株式会社」が提供するプラットフォームの情報流がありません",
        },
        Fires {
            why: "a layer of a supply without flows",
            edits: &[service("    layers: [infrastructure]\n", "    layers: [infrastructure, platform]\n")],
            rule: "supplier-without-flow",
            severity: "warning",
            field: "supply_chain[1]",
            says: "日本閉域通信株式会社",
        },
    ]);
    each_is_quiet(&[("the carrier and the transporter have their flows", &[], "supplier-without-flow")]);
}

/// FLOW-013: amount and frequency are those of the handling where it says so, and they move the impact.
#[test]
fn amount_and_frequency_belong_to_the_flow() {
    const STORE: &str = "nodes: [カルテ本番], information: 診療記録, how: [作成や保存される], at_end: {}";
    const ID: &str = "A-O:カルテ本番:診療記録:作成や保存される";
    let small = edited(&[
        system(
            STORE,
            "nodes: [カルテ本番], information: 診療記録, how: [作成や保存される], volume: small, frequency: rare, at_end: {}",
        ),
        system("name: 患者個人情報, importance: 5", "name: 患者個人情報, importance: 4"),
    ]);
    let whole = edited(&[system("name: 患者個人情報, importance: 5", "name: 患者個人情報, importance: 4")]);
    let (before, after) = (flow(&flows(&whole), ID).expect("the store"), flow(&flows(&small), ID).expect("the store"));
    assert_eq!((before["volume"].as_str(), after["volume"].as_str()), (Some("large"), Some("small")));
    assert_eq!(after["frequency"], "rare");
    let reasons = |dir: &tempfile::TempDir| {
        let ran = shirube(&["assess", path(dir), "--format", "json"]);
        let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let risks = value["risks"].as_array().expect("risks").clone();
        let of_flow = risks.into_iter().filter(|risk| risk.to_string().contains(ID));
        of_flow.filter(|risk| risk.to_string().contains("頻繁に、大量に扱う。")).count()
    };
    assert!(reasons(&whole) > 0);
    assert_eq!(reasons(&small), 0);
}

/// FLOW-014: the legal facts of documents are asked for, printed, and data.
#[test]
fn the_legal_facts_of_documents_are_kept_and_printed() {
    each_fires(&[
        Fires {
            why: "no retention period",
            edits: &[system(
                "name: 診療に関する諸記録, e_document: yes, retention_years: 3",
                "name: 診療に関する諸記録, e_document: yes",
            )],
            rule: "document-incomplete",
            severity: "note",
            field: "information[3].documents[2]",
            says: "法定の保存年数が未確認です",
        },
        Fires {
            why: "one of the documents of 6.4, but not which",
            edits: &[system(
                "basis: 薬剤師法第27条ほか, signature: yes, sensitive: no",
                "basis: 薬剤師法第27条ほか, signature: yes, sensitive: yes",
            )],
            rule: "document-incomplete",
            severity: "note",
            field: "information[6].documents[1]",
            says: "6.4の文書の種類",
        },
    ]);
    each_is_quiet(&[(
        "outside the law on e-documents there is no period to state",
        &[system(
            "e_document: unknown, retention_years: 3, basis: 保険医療機関及び保険医療養担当規則第9条, signature: no",
            "e_document: no, signature: no",
        )],
        "document-incomplete",
    )]);
    let dir = edited(&[system(
        "basis: 薬剤師法第27条ほか, signature: yes, sensitive: no",
        "basis: 薬剤師法第27条ほか, signature: yes, sensitive: yes, sensitive_kind: fee-calculation",
    )]);
    let text = markdown(&dir, "flows");
    let row =
        text.lines().find(|line| line.contains("処方箋") && line.contains("薬剤師法")).expect("a row for the document");
    assert!(
        row.contains("3年") && row.contains("要") && row.contains("診療報酬の算定に要る文書") && row.contains("A-O7"),
        "{row}"
    );
}

/// FLOW-018: whether information is 医療情報 has a reason, and cannot contradict what the information is.
#[test]
fn what_is_medical_information_is_decided_with_a_reason() {
    each_fires(&[
        Fires {
            why: "no reason",
            edits: &[system("    medical_reason: 診療の記録そのもの。\n", "")],
            rule: "medical-reason",
            severity: "note",
            field: "information[3]",
            says: "医療情報に当たるとした理由",
        },
        Fires {
            why: "patients' information that is said to be none",
            edits: &[system(
                "    medical: yes\n    medical_reason: 診療の記録そのもの。",
                "    medical: no\n    medical_reason: 診療の記録そのもの。",
            )],
            rule: "medical-contradiction",
            severity: "error",
            field: "information[3].medical",
            says: "患者個人情報ですが、医療情報に当たらない",
        },
        Fires {
            why: "made by a nursing-care company on instruction",
            edits: &[system(
                "name: アプリケーションのログ, class: ログ, kind: log, medical: no",
                "name: 介護記録, class: ログ, kind: other, medical: no, made_on_instruction: yes",
            )],
            rule: "medical-contradiction",
            severity: "error",
            field: "information[7].medical",
            says: "医療従事者の指示で作る情報",
        },
        Fires {
            why: "the question is put where a nursing-care company uses the service",
            edits: &[
                service("institution_kind: clinic", "institution_kind: nursing-care"),
                system(
                    "name: アプリケーションのログ, class: ログ, kind: log",
                    "name: 介護記録, class: ログ, kind: other",
                ),
            ],
            rule: "instruction-unknown",
            severity: "note",
            field: "information[7]",
            says: "介護記録",
        },
    ]);
    let text = markdown(&copy_of_sample(), "flows");
    assert!(text.lines().any(|line| line.contains("アプリケーションのログ") && line.contains("当たらない")), "{text}");
}
