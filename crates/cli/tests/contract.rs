//! The command line of design.md: every command, its formats and its exit codes.

mod support;

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use support::{copy_of_sample, json, path, sample, shirube};

#[test]
fn init_makes_a_folder_that_check_can_read() {
    for template in ["blank", "clinic-ehr"] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = dir.path().join("新しいサービス");
        let folder = folder.to_str().expect("UTF-8");
        let made = shirube(&["init", folder, "--template", template]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        let checked = shirube(&["check", folder]);
        assert_eq!(checked.code, 1, "findings, but nothing unusable: {}", checked.stderr);
    }
}

/// MODEL-018, FLOW-017: flows as table, CSV and JSON.
#[test]
fn flows_come_as_table_csv_and_json() {
    let sample = sample();
    let sample = sample.to_str().expect("UTF-8");
    let value = json(&["flows", sample, "--format", "json"]);
    assert_eq!(value["flows"].as_array().map(Vec::len), Some(59));
    assert_eq!(value["flows"][0]["number"], "A-D1");
    let csv = shirube(&["flows", sample, "--format", "csv"]);
    assert!(csv.stdout.starts_with("\u{feff}\"番号\"") && csv.stdout.contains("\r\n"), "BOM and CRLF for spreadsheets");
    assert_eq!(csv.stdout.matches("\r\n").count(), 60);
    let table = shirube(&["flows", sample]);
    assert_eq!((table.code, table.stdout.lines().count()), (0, 63));
}

/// RISK-025: every risk, and every reason for none.
#[test]
fn assess_lists_every_risk_and_every_reason() {
    let sample = sample();
    let value = json(&["assess", sample.to_str().expect("UTF-8"), "--format", "json"]);
    let count = |key: &str| value["counts"][key].as_u64().expect("a count") as usize;
    assert_eq!(count("cells"), count("cells_with_risks") + count("cells_with_reason"));
    assert_eq!(value["risks"].as_array().map(Vec::len), Some(count("risks")));
    assert_eq!(value["not_applicable"].as_array().map(Vec::len), Some(count("cells_with_reason")));
    for none in value["not_applicable"].as_array().expect("a list") {
        assert!(none["reason"].as_str().is_some_and(|reason| !reason.trim().is_empty()));
    }
    let ids: BTreeSet<&str> =
        value["risks"].as_array().expect("a list").iter().filter_map(|risk| risk["id"].as_str()).collect();
    assert_eq!(ids.len(), count("risks"), "ids are unique");
}

#[test]
fn check_speaks_to_people_and_to_machines() {
    let sample = sample();
    let sample = sample.to_str().expect("UTF-8");
    let human = shirube(&["check", sample]);
    assert!(human.stdout.contains("[注意]") && human.stdout.contains("行目"), "{}", human.stdout);
    let value = json(&["check", sample, "--format", "json"]);
    assert_eq!(value["usable"], true);
    let sarif = json(&["check", sample, "--format", "sarif"]);
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), value["findings"].as_array().expect("findings").len());
    for result in results {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().is_some_and(|line| line >= 1), "{result}");
    }
}

/// RISK-016, RISK-020: risk ids survive edits elsewhere in the model, and decisions whose risk is gone are reported.
#[test]
fn decisions_survive_edits_and_orphans_are_reported() {
    let dir = copy_of_sample();
    let decided = |dir: &tempfile::TempDir| -> BTreeSet<String> {
        let value = json(&["assess", path(dir), "--format", "json"]);
        let risks = value["risks"].as_array().expect("risks");
        let decided = risks.iter().filter(|risk| risk["state"] == "decided");
        decided.map(|risk| risk["id"].as_str().expect("an id").to_owned()).collect()
    };
    let before = decided(&dir);
    assert!(!before.is_empty());

    // A new device in front of all others, with a new handling, shifts numbers but no id.
    let system = dir.path().join("system.yaml");
    let text = fs::read_to_string(&system).expect("readable");
    let grown = text
        .replacen("nodes:\n", "nodes:\n  - { id: 新端末, name: 新端末, kind: terminal, site: 受付, environment: production }\n", 1)
        .replacen("handlings:\n", "handlings:\n  - { layer: application, actor: 医療事務, nodes: [新端末], information: 患者情報, how: [閲覧・操作する] }\n", 1);
    fs::write(&system, grown).expect("written");
    assert_eq!(decided(&dir), before);

    // Without its handling the risk is gone; the decision is not lost in silence.
    let shrunk: String =
        text.lines().filter(|line| !line.contains("nodes: [医事端末]")).map(|line| format!("{line}\n")).collect();
    fs::write(&system, shrunk).expect("written");
    let findings = json(&["check", path(&dir), "--format", "json"]);
    let orphans = findings["findings"].as_array().expect("findings").iter().filter(|f| f["rule"] == "decision-orphan");
    assert!(orphans.count() >= 4);
}

/// RISK-003: an own threat is put to every flow, and a person may exclude a pair with a reason.
#[test]
fn own_threats_and_exclusions_are_part_of_the_coverage() {
    let dir = copy_of_sample();
    let assessment = "
threats:
  - { id: OWN-AI, name: 生成AIへの入力, otherwise: 生成AIを使う処理がない。 }
risks:
  - { id: prompt, flow: 'A-O:医療事務:医事端末:患者情報:閲覧・操作する', threat: OWN-AI, statement: 患者個人情報が生成AIに入力され、外部に残る。 }
not_applicable:
  - flow: 'A-O:医療事務:医事端末:患者情報:閲覧・操作する'
    threat: TH03
    decided: { by: 標 一郎, on: 2026-11-16, reason: 閉域網の中だけで使うため }
  - flow: 'A-O:医療事務:医事端末:患者情報:閲覧・操作する'
    threat: TH10
    decided: { by: 標 一郎, on: 2026-11-16, reason: 災害時は紙の運用に切り替えると合意しているため }
";
    fs::write(dir.path().join("assessment.yaml"), assessment).expect("written");
    let value = json(&["assess", path(&dir), "--format", "json"]);
    assert_eq!(value["counts"]["cells"], 59 * 11);
    let own =
        value["risks"].as_array().expect("risks").iter().find(|risk| risk["threat"] == "OWN-AI").expect("the own risk");
    assert_eq!((own["state"].as_str(), &own["impact"]), (Some("proposed"), &Value::Null));
    let excluded = value["not_applicable"].as_array().expect("a list").iter().filter(|none| !none["decided"].is_null());
    assert_eq!(excluded.count(), 1, "the closed network is no reason (note 19)");
    let findings = json(&["check", path(&dir), "--format", "json"]);
    assert!(findings["findings"].as_array().expect("findings").iter().any(|f| f["rule"] == "closed-network-reason"));
}

/// RISK-011: another method is used when it is sound, and named when it is not.
#[test]
fn another_method_of_analysis_can_be_declared() {
    let dir = copy_of_sample();
    let service = dir.path().join("shirube.yaml");
    let text = fs::read_to_string(&service).expect("readable");
    let step = |value: u8| format!("{{ value: {value}, label: 段{value} }}");
    let scale: Vec<String> = (1..=3).map(step).collect();
    let method = |ranks: &str| {
        format!(
            "{text}\nrisk_method:\n  id: 自社法1\n  impact: [{0}]\n  likelihood: [{0}]\n  ranks: [{ranks}]\n",
            scale.join(", ")
        )
    };
    let whole = "{ rank: H, from: 6, to: 9, rule: treat }, { rank: M, from: 3, to: 5, rule: judge }, { rank: L, from: 1, to: 2, rule: none }";
    fs::write(&service, method(whole)).expect("written");
    let value = json(&["assess", path(&dir), "--format", "json"]);
    assert_eq!(value["method"], "自社法1");
    fs::write(&service, method("{ rank: H, from: 6, to: 9, rule: treat }")).expect("written");
    let ran = shirube(&["check", path(&dir)]);
    assert!(ran.stdout.contains("がどのランクにも入りません"), "{}", ran.stdout);
}

/// MODEL-013, FLOW-016: the difference of two versions in the domain's words.
#[test]
fn diff_speaks_the_language_of_the_guideline() {
    let (before, after) = (copy_of_sample(), copy_of_sample());
    let same = shirube(&["diff", path(&before), path(&after)]);
    assert_eq!((same.code, same.stdout.as_str()), (0, "違いはありません。\n"));
    let system = after.path().join("system.yaml");
    let text = fs::read_to_string(&system).expect("readable");
    let moved = text.replacen(
        "    name: 電子カルテサーバ（本番環境）\n    kind: server\n    site: DC\n",
        "    name: 電子カルテサーバ（本番環境）\n    kind: server\n    site: 遠隔地\n",
        1,
    );
    assert_ne!(moved, text, "the sample still has the server");
    fs::write(&system, moved).expect("written");
    let ran = shirube(&["diff", path(&before), path(&after)]);
    assert!(
        ran.stdout.contains(
            "機器や記憶媒体「電子カルテサーバ（本番環境）」の置かれた拠点が「対象事業者DC」から「遠隔地」に変わる。"
        ),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("医療機関等と合意した内容の見直し"));
}

/// CATALOG-003, CATALOG-007: entries by either spelling, crosswalk in both directions, search.
#[test]
fn the_catalog_can_be_listed_shown_and_searched() {
    for id in ["3.4①-14", "3.4-1-14", "pg-1.0/3.4①-14"] {
        let shown = shirube(&["catalog", "show", id]);
        assert!(shown.code == 0 && shown.stdout.contains("pg-1.0/3.4①-14（3.4-1-14）"), "{}", shown.stderr);
    }
    let requirement = shirube(&["catalog", "show", "mhlw-5.0/6.5.C.8"]);
    assert!(requirement.stdout.contains("関連する対策項目: 3.4②-1"), "{}", requirement.stdout);
    let list = json(&["catalog", "list", "--format", "json"]);
    assert_eq!(list["controls"].as_array().map(Vec::len), Some(417));
    let found = shirube(&["catalog", "search", "ログ", "改竄"]);
    assert!(found.code == 0 && found.stdout.contains("3.4②-1"), "{}", found.stdout);
    let nothing = shirube(&["catalog", "search", "量子もつれ"]);
    assert!(nothing.code == 1 && nothing.stderr.contains("量子もつれ"));
}

/// T-09, T-40, CATALOG-022: the contents of a 運用管理規程 can be shown, and an entry that the copy of the original
/// damaged shows what is known of the damage.
#[test]
fn the_catalog_shows_the_rule_book_and_notes_on_the_original() {
    let all = shirube(&["catalog", "show", "5.1.6"]).stdout;
    assert_eq!(all.matches("運用管理規程の節: 5.1.6(2)").count(), 10, "{all}");
    let one = shirube(&["catalog", "show", "5.1.6(2)(ケ)"]).stdout;
    assert!(
        one.contains("監査の記録の残し方") && one.contains("対策項目: 1.5③-1") && one.contains("表4-1: 17番"),
        "{one}"
    );
    assert_eq!(json(&["catalog", "show", "5.1.6", "--format", "json"])["rule_book"].as_array().map(Vec::len), Some(10));
    let shown = |id: &str| shirube(&["catalog", "show", id]).stdout;
    assert!(shown("1.12①-9").contains("原文について（2）: 別紙2 1.12"));
    assert!(shown("mhlw-5.0/6.4.C.1").contains("原文について（9）"));
    assert!(!shown("1.10①-1").contains("原文について"), "nothing is known against it");
    assert_eq!(shown("pg-1.0").matches("原文について（").count(), 29);
    assert_eq!(json(&["catalog", "show", "1.3②-1", "--format", "json"])["anomalies"][0]["no"], 4);
}

#[test]
fn every_file_has_a_schema_that_the_sample_fits() {
    for name in ["shirube", "system", "assessment", "conformity"] {
        let schema = json(&["schema", name]);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["additionalProperties"], false);
    }
}

/// DOC-001, DOC-003: one command gives every document, and the same input gives the same bytes.
#[test]
fn report_writes_every_document_and_the_same_bytes_again() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let made: Vec<Vec<(String, Vec<u8>)>> = ["a", "b"]
        .map(|name| {
            let out = out.path().join(name);
            let ran =
                shirube(&[std::ffi::OsStr::new("report"), sample().as_os_str(), "--out".as_ref(), out.as_os_str()]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            let mut files: Vec<_> = fs::read_dir(&out)
                .expect("the output folder")
                .map(|entry| {
                    let entry = entry.expect("readable");
                    (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("readable"))
                })
                .collect();
            files.sort();
            files
        })
        .into();
    assert_eq!(made[0].len(), 22 * 4 + 2, "twenty-two documents in four formats, and the diagram as SVG and PNG");
    for (first, second) in made[0].iter().zip(&made[1]) {
        assert!(first == second, "{} differs from run to run", first.0);
    }
}

#[test]
fn the_diagram_comes_as_svg_pdf_and_png() {
    let out = tempfile::tempdir().expect("a temporary folder");
    for (name, magic) in [("図.svg", &b"<"[..]), ("図.pdf", b"%PDF-"), ("図.png", b"\x89PNG")] {
        let file = out.path().join(name);
        let ran = shirube(&["diagram".as_ref(), sample().as_os_str(), "--out".as_ref(), file.as_os_str()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(fs::read(&file).expect("written").starts_with(magic), "{name}");
    }
}

#[test]
fn demo_writes_the_example_and_its_documents() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("見本");
    let ran = shirube(&["demo".as_ref(), "--no-serve".as_ref(), "--dir".as_ref(), folder.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(folder.join("clinic-ehr/system.yaml").exists());
    assert!(folder.join("documents/risk-assessment.pdf").exists());
}
