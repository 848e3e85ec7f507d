//! Treatment of risks, through the front door.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::faults::{Texts, decided, edit, folder, seeded};
use support::{path, shirube};

fn report(texts: &Texts, name: &str) -> String {
    let (dir, out) = (folder(texts), tempfile::tempdir().expect("a temporary folder"));
    let ran = shirube(&["report", path(&dir), "--out", path(&out), "--doc", name, "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(out.path().join(format!("{name}.md"))).expect("written")
}

fn assessed(texts: &Texts) -> Value {
    let dir = folder(texts);
    let ran = shirube(&["assess", path(&dir), "--format", "json"]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ran.stdout, ran.stderr))
}

fn treatment<'v>(value: &'v Value, id: &str) -> &'v Value {
    let all = value["treatments"].as_array().expect("treatments");
    all.iter().find(|treatment| treatment["id"] == id).expect("the treatment")
}

fn show(id: &str) -> Value {
    let ran = shirube(&["catalog", "show", id, "--format", "json"]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr))
}

const TAPPING: &str = "I-O:DC有線LAN:提供情報:転送される/TH02/tapping";

/// TREAT-001, TREAT-003, TREAT-005, TREAT-006, TREAT-007: the options chosen, and what each of them takes.
#[test]
fn faults_in_options_are_named() {
    seeded("options");
}

/// TREAT-004, TREAT-008, TREAT-009: measures counted per risk, their dates, actors and viewpoints.
#[test]
fn faults_in_measures_are_named() {
    seeded("measures");
}

/// TREAT-019, TREAT-020, TREAT-021, TREAT-029: what remains, what it rests on, and requests that were refused.
#[test]
fn faults_in_residual_risks_are_named() {
    seeded("residual");
}

/// TREAT-012 to -018: the six considerations, held against the model.
#[test]
fn faults_in_considerations_are_named() {
    seeded("considerations");
}

/// TREAT-010, TREAT-011: answers to controls, 未対応 and 不採用 among them.
#[test]
fn faults_in_answers_to_controls_are_named() {
    seeded("controls");
}

/// TREAT-002, T-07: the options that a place in the matrix suggests, and the legend of table 5-3.
#[test]
fn options_are_suggested_by_the_place_in_the_matrix() {
    let suggested = |impact: u8, likelihood: u8| {
        let mut texts = decided();
        edit(&mut texts, "assessment.yaml", "# R-I1\n", "impact: 5", &format!("impact: {impact}"));
        edit(&mut texts, "assessment.yaml", "# R-I1\n", "likelihood: 3", &format!("likelihood: {likelihood}"));
        let value = assessed(&texts);
        let risk = value["risks"].as_array().expect("risks").iter().find(|risk| risk["id"] == TAPPING);
        risk.expect("the risk")["suggested_options"].clone()
    };
    assert_eq!(suggested(5, 5), json!(["avoidance", "reduction"]));
    assert_eq!(suggested(5, 3), json!(["reduction"]));
    assert_eq!(suggested(1, 1), json!(["retention"]));
    let value = assessed(&decided());
    assert_eq!(treatment(&value, "T-P1")["residual"]["suggested_options"], json!(["transfer", "retention"]));
    let markdown = report(&decided(), "risk-treatment");
    assert!(markdown.contains("リスク共有") && markdown.contains("リスク受容"));
}

/// TREAT-006: the note on what an insurance covers stands with every insurance.
#[test]
fn an_insurance_is_printed_with_its_limit() {
    let mut texts = decided();
    let insured = "options: [reduction, transfer]\n    transfer: { kind: insurance, party: 損害保険会社, document: 証券1号, expires_on: 2027-03-31 }";
    edit(&mut texts, "assessment.yaml", "- id: T-I1\n", "options: [reduction]", insured);
    let markdown = report(&texts, "risk-treatment");
    assert!(markdown.contains("損害保険会社、証券1号、令和9年3月31日まで"), "{markdown}");
    assert!(markdown.contains("保険で備えられるのは金銭の損失だけ"));
    assert!(!report(&decided(), "risk-treatment").contains("金銭の損失だけ"));
}

/// TREAT-004, TREAT-022: a treatment over two layers stands in both lists, each with the risks of its layer.
#[test]
fn a_treatment_over_two_layers_stands_in_both_lists() {
    let mut texts = decided();
    let other = "A-O:医療事務:医事端末:患者情報:閲覧・操作する/TH01/wrong-person";
    edit(&mut texts, "assessment.yaml", "- id: T-I1\n", "tapping\"]", &format!("tapping\", \"{other}\"]"));
    let markdown = report(&texts, "risk-treatment");
    let part = |from: &str, to: &str| {
        let rest = markdown.split(from).nth(1).unwrap_or_else(|| panic!("{from}"));
        rest.split(to).next().expect("a part").to_owned()
    };
    let application = part("アプリケーション提供に係るリスクへの対応", "プラットフォーム提供に係るリスクへの対応");
    let infrastructure = part("インフラ提供に係るリスクへの対応", "対応が決まっていないリスク");
    assert!(application.contains("対応T-I1はインフラの一覧にもある"), "{application}");
    assert!(infrastructure.contains("対応T-I1はアプリケーションの一覧にもある"));
    assert!(application.matches("本来の利用者でない者が").count() >= 2, "T-A1 and T-I1 answer it");
    assert!(!infrastructure.contains("本来の利用者でない者が"));
}

/// TREAT-005, TREAT-022: treatments whose risks are gone are listed, not dropped.
#[test]
fn a_treatment_without_risks_is_not_dropped() {
    let mut texts = decided();
    edit(&mut texts, "assessment.yaml", "- id: T-I1\n", "/TH02/tapping", "/TH02/gone");
    assert!(report(&texts, "risk-treatment").contains("リスクがモデルからなくなった対応"));
}

/// TREAT-008, TREAT-020, TREAT-021, TREAT-026, TREAT-028: treatments for machines, with the state of what remains.
#[test]
fn treatments_are_complete_for_machines() {
    let mut texts = decided();
    edit(
        &mut texts,
        "assessment.yaml",
        "- id: T-I1\n",
        "status: done",
        "cost: { initial: 100, yearly: 20 }, evidence: [手順書], status: done",
    );
    let value = assessed(&texts);
    let tap = treatment(&value, "T-I1");
    assert_eq!(tap["measures"][0]["cost"], json!({ "initial": 100, "yearly": 20 }));
    assert_eq!(tap["measures"][0]["evidence"], json!(["手順書"]));
    assert_eq!(tap["measures"][0]["actor"], "対象事業者");
    assert_eq!(tap["residual"]["state"], "none");
    let kept = treatment(&value, "T-P1");
    assert_eq!((&kept["residual"]["state"], &kept["residual"]["value"]), (&json!("remains"), &json!(5)));
    assert_eq!(kept["retention"]["approver"], "代表取締役 標 一郎");
    let planned = treatment(&value, "T-A1");
    assert_eq!(planned["residual"]["counts_on_plans"], true);
    assert_eq!(planned["measures"][0]["procedure_needed"], "yes");
    assert_eq!(planned["requests"][0]["rule_book"], "yes");
    assert_eq!(value["considerations"].as_array().map(Vec::len), Some(6));
    assert!(report(&texts, "risk-treatment").contains("（対策の完了後）"));
}

/// TREAT-029: a risk kept above the criteria stays visible as such.
#[test]
fn retention_above_the_criteria_stays_visible() {
    let mut texts = decided();
    let values = "impact: 5, likelihood: 1, acceptable: yes";
    let above = "impact: 5, likelihood: 3, acceptable: yes, approver: 代表取締役 標 一郎";
    edit(&mut texts, "assessment.yaml", "- id: T-P1\n", values, above);
    assert!(report(&texts, "risk-treatment").contains("基準を超える保有"));
}

/// TREAT-012, T-08: the six considerations with their titles.
#[test]
fn the_six_considerations_are_printed() {
    let markdown = report(&decided(), "risk-treatment");
    for title in
        ["利用者認証", "ログの保存期間", "ネットワーク経路", "端末接続制限", "小型半導体メモリ", "事業継続計画の策定"]
    {
        assert!(markdown.contains(&format!("{title}における考慮事項")) || markdown.contains(title), "{title}");
    }
}

/// TREAT-025, CATALOG-007: clauses of the institution's guideline that nothing supports are listed; the catalogue
/// tells the controls of a clause.
#[test]
fn clauses_without_support_are_listed() {
    let markdown = report(&decided(), "conformity").replace('\\', "");
    let section = markdown.split("医療機関等の要求事項への支え").last().expect("the section");
    assert!(section.contains("| 6.9.C.1 |"), "nobody answered its controls: {section}");
    assert!(!section.contains("| 6.5.C.7 |"), "3.4①-1 is met");
    let requirement = show("6.5.C.7");
    let controls = requirement["controls"].as_array().expect("controls");
    assert!(controls.iter().any(|control| control["id"] == "3.4①-1"), "{requirement}");
}
