//! Identification, analysis and evaluation of risks, through the front door.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::faults::{Texts, decided, edit, folder, seeded};
use support::models::model;
use support::{path, shirube};

fn json(texts: &Texts, args: &[&str]) -> Value {
    let dir = folder(texts);
    let mut all = vec![args[0], path(&dir)];
    all.extend(&args[1..]);
    let ran = shirube(&all);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ran.stdout, ran.stderr))
}

fn assessed(texts: &Texts) -> Value {
    json(texts, &["assess", "--format", "json"])
}

fn list<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is a list"))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is a text: {value}"))
}

/// A document as Markdown.
fn markdown(texts: &Texts, name: &str) -> String {
    let (dir, out) = (folder(texts), tempfile::tempdir().expect("a temporary folder"));
    let ran = shirube(&["report", path(&dir), "--out", path(&out), "--doc", name, "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    std::fs::read_to_string(out.path().join(format!("{name}.md"))).expect("written")
}

/// Number of risks by 影響度 and 顕在化率 that the proposals give.
fn proposed(value: &Value) -> BTreeMap<(u64, u64), usize> {
    let mut counts = BTreeMap::new();
    for proposal in list(value, "risks").iter().map(|risk| &risk["proposal"]).filter(|proposal| !proposal.is_null()) {
        let step = |key: &str| proposal[key].as_u64().expect("a value");
        *counts.entry((step("impact"), step("likelihood"))).or_default() += 1;
    }
    counts
}

/// RISK-002, RISK-003, RISK-004, RISK-005: own threats and risks, exclusions, and what closes identification.
#[test]
fn faults_in_identification_are_named() {
    seeded("identification");
}

/// RISK-009, RISK-010, RISK-013: blank reasons, values, factors, 対応要否 against the criteria, approvers and owners.
#[test]
fn faults_in_analysis_and_evaluation_are_named() {
    seeded("evaluation");
}

/// RISK-011, RISK-012: a method of one's own gives every pair exactly one rank, by product or by matrix.
#[test]
fn faults_in_a_declared_method_are_named() {
    seeded("method");
}

/// FLOW-016, RISK-018, RISK-019, RISK-020: decisions whose facts moved, days out of order, and the yearly review.
#[test]
fn what_has_to_be_looked_at_again_is_named() {
    seeded("review");
}

/// RISK-001, T-04: the ten threats with their names, in order.
#[test]
fn the_ten_threats_have_their_names() {
    let value = assessed(&decided());
    let found: Vec<(&str, &str)> = list(&value, "threats").iter().map(|t| (text(t, "id"), text(t, "name"))).collect();
    let names = [
        "不正な閲覧・操作",
        "ネットワーク上の盗聴・なりすまし",
        "高度サイバー攻撃",
        "情報の窃取・漏洩",
        "情報の改竄・破壊",
        "医療情報システム等の停止",
        "技術的脆弱性の混入",
        "機器や記憶媒体の持ち出し時の紛失・盗難",
        "施設への物理的侵入",
        "災害等",
    ];
    let ids: Vec<String> = (1..=10).map(|at| format!("TH{at:02}")).collect();
    let expected: Vec<(&str, &str)> = ids.iter().map(String::as_str).zip(names).collect();
    assert_eq!(found, expected);
}

/// RISK-006, RISK-007, RISK-012, T-05, T-06: labels, all 25 cells, and what each rank asks for.
#[test]
fn the_matrix_is_that_of_table_5_2() {
    let value = assessed(&decided());
    let method = &value["method_of_analysis"];
    let labels = |key: &str| -> Vec<&str> { list(method, key).iter().map(|step| text(step, "label")).collect() };
    assert_eq!(labels("impact"), ["きわめて小さい", "小さい", "中程度", "大きい", "きわめて大きい"]);
    assert_eq!(labels("likelihood"), ["きわめて低い", "低い", "中程度", "高い", "きわめて高い"]);
    let rank = |product: u64| {
        let within = |band: &&Value| (band["from"].as_u64()..=band["to"].as_u64()).contains(&Some(product));
        let bands: Vec<&str> = list(method, "ranks").iter().filter(within).map(|band| text(band, "rank")).collect();
        assert_eq!(bands.len(), 1, "{product}");
        bands[0]
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (impact, likelihood) in (1..=5).flat_map(|impact| (1..=5).map(move |likelihood| (impact, likelihood))) {
        *counts.entry(rank(impact * likelihood)).or_default() += 1;
    }
    assert_eq!(counts, BTreeMap::from([("S", 3), ("A", 7), ("B", 7), ("C", 7), ("D", 1)]));
    let rules: Vec<&str> = list(method, "ranks").iter().map(|band| text(band, "rule")).collect();
    assert_eq!(rules, ["several-measures", "treat", "judge", "judge", "none"]);
}

/// RISK-011: rules and 重要度 are written in five steps and are read on the declared scale.
#[test]
fn proposals_are_read_on_other_scales() {
    let declared = |steps: u8, ranks: &str| {
        let mut texts = decided();
        texts.insert("assessment.yaml", String::new());
        let scale: Vec<String> = (1..=steps).map(|value| format!("{{ value: {value}, label: 段{value} }}")).collect();
        let scale = scale.join(", ");
        let method =
            format!("risk_method: {{ id: 自社法, impact: [{scale}], likelihood: [{scale}], ranks: [{ranks}] }}\n");
        edit(&mut texts, "shirube.yaml", "document:\n", "document:\n", &format!("{method}document:\n"));
        texts
    };
    let five = proposed(&assessed(&{
        let mut texts = decided();
        texts.insert("assessment.yaml", String::new());
        texts
    }));
    let small = "{ rank: S, from: 9, to: 9, rule: several-measures }, { rank: A, from: 6, to: 8, rule: treat }, { rank: B, from: 1, to: 5, rule: judge }";
    let value = assessed(&declared(3, small));
    let three = proposed(&value);
    assert!(three.keys().all(|(impact, likelihood)| *impact <= 3 && *likelihood <= 3));
    assert!(three.contains_key(&(3, 2)) && three.contains_key(&(2, 2)), "the middle stays the middle: {three:?}");
    let read = list(&value, "risks").iter().any(|risk| risk["proposal"].to_string().contains("読み替えた"));
    assert!(read, "the reasons say so");
    let large = "{ rank: S, from: 60, to: 100, rule: several-measures }, { rank: A, from: 30, to: 59, rule: treat }, { rank: B, from: 1, to: 29, rule: judge }";
    let ten = proposed(&assessed(&declared(10, large)));
    assert!(ten.contains_key(&(10, 6)), "{ten:?}");
    assert_eq!(five.values().sum::<usize>(), ten.values().sum::<usize>());
}

/// RISK-011: ranks may come from a table instead of the product, and print as their place.
#[test]
fn ranks_may_come_from_a_matrix() {
    let mut texts = decided();
    let scale = |name: &str| {
        format!("  {name}: [{{ value: 1, label: 小 }}, {{ value: 2, label: 中 }}, {{ value: 3, label: 大 }}]\n")
    };
    let method = format!(
        "risk_method:\n  id: 表による方法\n{}{}  ranks: [{{ rank: H, rule: treat }}, {{ rank: M, rule: judge }}, {{ rank: L, rule: none }}]\n  matrix: [[L, L, M], [L, M, H], [M, H, H]]\n",
        scale("impact"),
        scale("likelihood")
    );
    texts.insert("assessment.yaml", String::new());
    edit(&mut texts, "shirube.yaml", "document:\n", "document:\n", &format!("{method}document:\n"));
    let value = assessed(&texts);
    assert_eq!(value["method"], "表による方法");
    let ranks = ["L", "L", "M", "L", "M", "H", "M", "H", "H"];
    for risk in list(&value, "risks") {
        let cell = (risk["impact"].as_u64().expect("rated") - 1) * 3 + risk["likelihood"].as_u64().expect("rated") - 1;
        let expected = ranks[usize::try_from(cell).expect("small")];
        assert_eq!(text(risk, "rank"), expected);
        assert_eq!(risk["value"], ["L", "M", "H"].iter().position(|rank| *rank == expected).expect("a rank") + 1);
    }
    assert!(markdown(&texts, "risk-assessment").contains("の表から求めるレベル"));
}

/// RISK-011: a value that is no step of the scale is named and prints as 未評価; no document fails.
#[test]
fn a_value_outside_the_scale_stops_nothing() {
    let mut texts = decided();
    edit(&mut texts, "assessment.yaml", "# R-I1\n", "impact: 5", "impact: 6");
    edit(&mut texts, "assessment.yaml", "# R-I1\n", "likelihood: 3", "likelihood: 2");
    for name in ["risk-assessment", "risk-treatment", "agreement-items", "institution-requests"] {
        assert!(!markdown(&texts, name).is_empty());
    }
    assert!(markdown(&texts, "risk-assessment").contains("未評価"));
    let value = assessed(&texts);
    let risk = list(&value, "risks")
        .iter()
        .find(|risk| text(risk, "id").ends_with("/TH02/tapping") && risk["state"] == "decided");
    assert_eq!(risk.expect("the decided risk")["rank"], Value::Null);
}

/// RISK-008: inherent and residual risks are counted in two matrices.
#[test]
fn inherent_and_residual_risks_have_their_matrices() {
    let mut texts = decided();
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/guideline-example/assessment.yaml");
    texts.insert("assessment.yaml", std::fs::read_to_string(example).expect("the guideline's example"));
    let value = assessed(&texts);
    assert_eq!(value["matrix"][4][2]["decided"], 13);
    assert_eq!(value["residual_matrix"][2][1], 1, "T-P2 leaves 3 × 2");
    assert_eq!(value["residuals"], serde_json::json!({ "none": 4, "not_assessed": 1, "untreated": 7 }));
    assert!(markdown(&texts, "risk-treatment").contains("残存するリスクの分布"));
}

/// RISK-005, RISK-022, RISK-025: what a risk touches, for machines.
#[test]
fn a_risk_names_its_owner_components_parties_and_supplier() {
    let mut texts = decided();
    let own = "risks: [{ id: halt, flow: 'I-O:DC有線LAN:提供情報:転送される', threat: TH06, statement: 止まる。, properties: [availability] }]\ndecisions:\n";
    edit(&mut texts, "assessment.yaml", "decisions:\n", "decisions:\n", own);
    let value = assessed(&texts);
    let find = |end: &str| list(&value, "risks").iter().find(|risk| text(risk, "id").ends_with(end)).expect("a risk");
    assert_eq!(find("/TH06/halt")["properties"], serde_json::json!(["availability"]));
    let decided = find("医事端末:患者情報:閲覧・操作する/TH01/wrong-person");
    assert_eq!(decided["owner"], "運用部長 港 四郎");
    assert_eq!(decided["components"], serde_json::json!(["医事端末"]));
    assert!(list(decided, "parties").contains(&"医療機関".into()));
    assert!(list(decided, "treated_by").contains(&"T-A1".into()));
    assert_eq!((&decided["measures"], &decided["viewpoints"]), (&1.into(), &serde_json::json!(["technical"])));
    let supplied: BTreeSet<&str> = list(&value, "risks").iter().filter_map(|risk| risk["supplier"].as_str()).collect();
    assert!(supplied.contains("通信回線事業者"), "{supplied:?}");
}

/// RISK-016: every scenario of 別紙2 belongs to a rule, so that its controls can be suggested.
#[test]
fn every_scenario_has_a_home() {
    let library = shirube_catalog::library();
    let named: BTreeSet<&String> = library
        .threat_rules
        .iter()
        .filter_map(|rule| match &rule.outcome {
            shirube_catalog::Outcome::Risk { scenarios, .. } => Some(scenarios),
            shirube_catalog::Outcome::None { .. } => None,
        })
        .flatten()
        .collect();
    let homeless: Vec<&str> = library
        .provider
        .scenarios
        .iter()
        .filter(|scenario| !named.contains(&scenario.id))
        .map(|scenario| scenario.id.as_str())
        .collect();
    assert!(homeless.is_empty(), "{homeless:?}");
    assert_eq!(list(&assessed(&decided()), "scenarios").len(), library.provider.scenarios.len());
}

/// RISK-019, RISK-023: the list carries the reviews and the risks of taking things out.
#[test]
fn the_assessment_list_carries_reviews_and_what_is_taken_out() {
    let markdown = markdown(&decided(), "risk-assessment");
    assert!(markdown.contains("見直しの記録") && markdown.contains("対応の進み具合と残るリスクを確かめ"));
    assert!(markdown.contains("情報・機器の持ち出しに係るリスク"));
}

/// FLOW-016: the basis of a decision is written once; when the facts move, the decision prints 要見直し.
#[test]
fn a_decision_is_outdated_when_its_facts_move() {
    let mut texts = decided();
    let basis = text(&list(&assessed(&texts), "decisions")[0], "basis").to_owned();
    let put = format!("    basis: {basis}\n    owner");
    edit(&mut texts, "assessment.yaml", "# R-A1\n", "    owner", &put);
    let outdated = |texts: &Texts| assessed(texts)["counts"]["outdated"].clone();
    assert_eq!(outdated(&texts), 0);
    assert!(!markdown(&texts, "risk-assessment").contains("要見直し"));
    edit(&mut texts, "system.yaml", "id: 医事端末", "exposure: internal", "exposure: internet");
    assert_eq!(outdated(&texts), 1);
    assert!(markdown(&texts, "risk-assessment").contains("要見直し"));
}

/// RISK-002, RISK-015: over models of many shapes and scales, every flow × threat has exactly one cell, no proposal
/// leaves its scale, and nothing proposed prints as decided or without the 案 of a draft.
#[test]
fn no_cell_is_blank_and_no_proposal_is_a_decision() {
    for seed in 0..8 {
        let texts = model(seed);
        let value = assessed(&texts);
        let flows = json(&texts, &["flows", "--format", "json"]);
        let flows: BTreeSet<&str> = list(&flows, "flows").iter().map(|flow| text(flow, "id")).collect();
        let pair = |value: &Value| (text(value, "flow").to_owned(), text(value, "threat").to_owned());
        let with: BTreeSet<_> = list(&value, "risks").iter().map(pair).collect();
        let without: Vec<_> = list(&value, "not_applicable").iter().map(pair).collect();
        let reasons: BTreeSet<_> = without.iter().cloned().collect();
        assert_eq!(reasons.len(), without.len(), "seed {seed}: a reason stands once");
        assert!(with.is_disjoint(&reasons), "seed {seed}");
        let threats = list(&value, "threats").len();
        assert_eq!(with.len() + reasons.len(), flows.len() * threats, "seed {seed}: no blank cell");
        assert!(with.iter().chain(&reasons).all(|(flow, _)| flows.contains(flow.as_str())), "seed {seed}");

        let method = &value["method_of_analysis"];
        let steps = |key: &str| list(method, key).len() as u64;
        for ((impact, likelihood), _) in proposed(&value) {
            assert!((1..=steps("impact")).contains(&impact) && (1..=steps("likelihood")).contains(&likelihood));
        }
        for risk in list(&value, "risks") {
            assert!(risk["rank"].is_string(), "seed {seed}: every proposal has a rank: {risk}");
            assert_eq!((&risk["state"], &risk["decided"]), (&"proposed".into(), &Value::Null));
        }
        if with.is_empty() {
            continue;
        }
        // The folder is dated, so only what is open keeps it a draft.
        let document = markdown(&texts, "risk-assessment");
        assert!(document.lines().next().is_some_and(|title| title.contains("案")), "seed {seed}: {}", &document[..60]);
        let rows = document.lines().filter(|line| line.contains("| R-") || line.contains(" R-"));
        let open = rows.filter(|row| !row.contains('案')).collect::<Vec<_>>();
        assert!(open.is_empty(), "seed {seed}: {open:?}");
    }
}

/// RISK-002, RISK-005, FLOW-016: over models of many shapes, ids are unique and stay the same when the devices, links
/// and handlings of the model are written in another order; so does what is said of each risk.
#[test]
fn ids_are_unique_and_survive_another_order() {
    for seed in 0..6 {
        let texts = model(seed);
        let known = assessed(&texts);
        let mut other = texts.clone();
        for list in ["nodes", "links", "information", "handlings"] {
            reversed(&mut other, list);
        }
        assert_ne!(texts["system.yaml"], other["system.yaml"], "seed {seed}");
        let other = assessed(&other);
        // Numbers and the order of the lists follow the file; ids and what they stand for do not.
        let facts = |value: &Value| -> BTreeMap<String, Value> {
            let risks = list(value, "risks").iter().map(|risk| {
                let mut facts = risk.clone();
                let object = facts.as_object_mut().expect("an object");
                ["number", "flow_number"].iter().for_each(|key| drop(object.remove(*key)));
                (text(risk, "id").to_owned(), facts)
            });
            risks.collect()
        };
        let of_first = facts(&known);
        assert_eq!(of_first.len(), list(&known, "risks").len(), "seed {seed}: an id stands twice");
        assert_eq!(of_first, facts(&other), "seed {seed}");
        let pairs = |value: &Value| -> BTreeSet<(String, String)> {
            let without = list(value, "not_applicable").iter();
            without.map(|cell| (text(cell, "flow").to_owned(), text(cell, "threat").to_owned())).collect()
        };
        assert_eq!(pairs(&known), pairs(&other), "seed {seed}");
    }
}

/// Turns the entries of one list of `system.yaml` around.
fn reversed(texts: &mut Texts, list: &str) {
    let system = texts.get_mut("system.yaml").expect("a model");
    let lines: Vec<&str> = system.lines().collect();
    let start = lines.iter().position(|line| *line == format!("{list}:")).expect("the list") + 1;
    let end = (start..lines.len()).find(|at| !lines[*at].starts_with(' ')).unwrap_or(lines.len());
    let entries = lines[start..end].iter().rev();
    let all = lines[..start].iter().chain(entries).chain(&lines[end..]);
    *system = all.map(|line| format!("{line}\n")).collect();
}
