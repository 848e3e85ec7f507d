//! The lists that go to the institution, through the front door: their columns, one row for each flow, and chapter 6
//! beside them (RISK-014, RISK-017, RISK-021, TREAT-023, TREAT-024).

mod support;

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use support::contained::contained;
use support::edited::{checked, found};
use support::faults::{Texts, decided, edit, folder};
use support::{path, shirube};

fn report(texts: &Texts, name: &str) -> String {
    let (dir, out) = (folder(texts), tempfile::tempdir().expect("a temporary folder"));
    let ran = shirube(&["report", path(&dir), "--out", path(&out), "--doc", name, "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(out.path().join(format!("{name}.md"))).expect("written").replace('\\', "")
}

fn assessed(texts: &Texts) -> Value {
    let ran = shirube(&["assess", path(&folder(texts)), "--format", "json"]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ran.stdout, ran.stderr))
}

fn risks(value: &Value) -> &[Value] {
    value["risks"].as_array().expect("risks")
}

/// The rows of the first table under a caption, cell by cell, with the heading row first.
fn table(markdown: &str, caption: &str) -> Vec<Vec<String>> {
    let under = markdown.split(&format!("**{caption}**")).nth(1).unwrap_or_else(|| panic!("no table {caption}"));
    let lines = under.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    lines.enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| cells(line)).collect()
}

const LAYERS: [&str; 3] = ["アプリケーション", "プラットフォーム", "インフラ"];

/// RISK-014: one list for each layer with exactly the columns of the guideline, every flow of the layer in it, the
/// letter of the rank in its cell and the value behind it.
#[test]
fn the_assessment_list_has_the_columns_of_the_guideline() {
    let texts = decided();
    let markdown = report(&texts, "risk-assessment");
    let value = assessed(&texts);
    for layer in LAYERS {
        let rows = table(&markdown, &format!("リスクアセスメント結果（{layer}）"));
        // 特定したリスク has two columns under one heading: where, and what.
        let heading = [
            "情報流",
            "分類",
            "リスク特定 / 関連する脅威",
            "リスク特定 / 特定したリスク",
            "リスク特定 / 特定したリスク",
            "リスク分析 / 影響度",
            "リスク分析 / 顕在化率",
            "リスク分析 / リスクレベル",
            "リスク評価 / 対応要否",
        ];
        assert_eq!(rows[0], heading);
        let number = |risk: &Value| risk["number"].as_str().expect("a number").to_owned();
        let letter = ["A", "P", "I"][LAYERS.iter().position(|name| *name == layer).expect("a layer")];
        let of_layer = risks(&value).iter().filter(|risk| number(risk).starts_with(&format!("R-{letter}")));
        let expected: Vec<(String, String)> = of_layer
            .map(|risk| {
                let open = if risk["state"] == "decided" { "" } else { "<br>案" };
                let (rank, value) = (risk["rank"].as_str().expect("a rank"), &risk["value"]);
                (number(risk), format!("{rank}（{value}）{open}"))
            })
            .collect();
        let found: Vec<(String, String)> = rows[1..]
            .iter()
            .map(|row| (row[4].split(' ').next().expect("a number").to_owned(), row[7].replace("**", "")))
            .collect();
        assert_eq!(found, expected, "{layer}");
    }
}

/// RISK-014: the same headings stand in the workbook.
#[test]
fn the_workbook_has_the_same_columns() {
    let (dir, out) = (folder(&decided()), tempfile::tempdir().expect("a temporary folder"));
    let args = ["report", path(&dir), "--out", path(&out), "--doc", "risk-assessment", "--format", "xlsx"];
    assert_eq!(shirube(&args).code, 0);
    let words = [
        "情報流",
        "分類",
        "リスク特定",
        "関連する脅威",
        "特定したリスク",
        "リスク分析",
        "影響度",
        "顕在化率",
        "リスクレベル",
        "リスク評価",
        "対応要否",
    ];
    let found = contained(&out.path().join("risk-assessment.xlsx"), &words);
    assert_eq!(found, words, "as they stand in the shared texts");
}

/// Three risks of one kind on different flows, decided in one entry.
fn bulk(each: &str) -> (Texts, Vec<String>) {
    let mut texts = decided();
    let value = assessed(&texts);
    let alike = |risk: &&Value| {
        let id = risk["id"].as_str().expect("an id");
        risk["state"] == "proposed" && id.ends_with("/TH10/disaster")
    };
    let ids = risks(&value).iter().filter(alike).take(3).map(|risk| risk["id"].as_str().expect("an id").to_owned());
    let ids: Vec<String> = ids.collect();
    assert_eq!(ids.len(), 3, "the sample has three of a kind");
    let list = ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ");
    let each = each.replace("{1}", &ids[1]).replace("{2}", &ids[2]);
    let entry = format!(
        "decisions:
  - risks: [{list}]
    statement: まとめて書いた文。
    impact: 5
    impact_reason: 患者の情報である
    likelihood: 2
    likelihood_reason: まれである
    each: [{each}]
    owner: 運用部長 港 四郎
    decided: {{ by: 標 一郎, on: 2026-11-16, reason: まとめて決めた }}
"
    );
    edit(&mut texts, "assessment.yaml", "decisions:\n", "decisions:\n", &entry);
    (texts, ids)
}

const OWN: &str =
    "{ risk: \"{1}\", impact: 4, reason: 写しが別にある }, { risk: \"{2}\", likelihood: 4, reason: 川に近い }";

/// RISK-017: one entry decides several flows, each with its own values and reasons; the list keeps a row for each.
#[test]
fn one_entry_decides_several_flows_with_values_of_their_own() {
    let (texts, ids) = bulk(OWN);
    let (before, after) = (assessed(&decided()), assessed(&texts));
    assert_eq!(risks(&before).len(), risks(&after).len(), "no risk is lost or merged");
    let of = |id: &String| risks(&after).iter().find(|risk| risk["id"] == **id).expect("the risk");
    let values: Vec<(&Value, &Value, &Value)> =
        ids.iter().map(of).map(|risk| (&risk["impact"], &risk["likelihood"], &risk["rank"])).collect();
    let expected = [(5, 2, "A"), (4, 2, "B"), (5, 4, "S")];
    for (found, (impact, likelihood, rank)) in values.iter().zip(expected) {
        assert_eq!(*found, (&impact.into(), &likelihood.into(), &rank.into()));
    }
    assert!(ids.iter().all(|id| of(id)["state"] == "decided" && of(id)["statement"] == "まとめて書いた文。"));
    let markdown = report(&texts, "risk-assessment");
    let rows = LAYERS
        .iter()
        .flat_map(|layer| table(&markdown, &format!("リスクアセスメント結果（{layer}）")))
        .filter(|row| row.get(4).is_some_and(|cell| cell.ends_with("まとめて書いた文。")))
        .count();
    assert_eq!(rows, 3, "a row for each flow");
    let flows: BTreeSet<&str> = ids.iter().map(|id| of(id)["flow"].as_str().expect("a flow")).collect();
    assert_eq!(flows.len(), 3);
    let (dir, out) = (folder(&texts), tempfile::tempdir().expect("a temporary folder"));
    let args = ["report", path(&dir), "--out", path(&out), "--doc", "risk-assessment", "--format", "csv"];
    assert_eq!(shirube(&args).code, 0);
    let data = fs::read_to_string(out.path().join("risk-assessment.csv")).expect("written");
    assert!(data.contains("患者の情報である。ただし、写しが別にある") && data.contains("まれである。ただし、川に近い"));
}

/// RISK-017: each value of its own is judged like any other, and belongs to a risk of the entry, once.
#[test]
fn values_of_single_risks_are_judged() {
    let rows: [(&str, &str, &str, &str); 5] = [
        (OWN, "needed-open", "decisions[1].each[1]", "リスクレベルB"),
        ("{ risk: X, impact: 4, reason: r }", "each-elsewhere", "decisions[1].each[1].risk", "「X」"),
        (
            "{ risk: \"{1}\", impact: 4, reason: r }, { risk: \"{1}\", impact: 3, reason: r }",
            "each-twice",
            "decisions[1].each[2].risk",
            "二度",
        ),
        ("{ risk: \"{1}\", impact: 6, reason: r }", "value-outside-scale", "decisions[1].each[1].impact", "影響度6"),
        ("{ risk: \"{1}\", likelihood: 1, reason: r }", "decision-lower", "decisions[1]", "の決定は"),
    ];
    let sound = checked(&folder(&decided()));
    for (each, rule, field, says) in rows {
        let known = found(&sound, rule);
        let told = found(&checked(&folder(&bulk(each).0)), rule);
        let new: Vec<_> = told.iter().filter(|finding| !known.contains(finding)).collect();
        let told = new.iter().any(|[_, place, message]| place == field && message.contains(says));
        assert!(told, "{rule} at {field}: {new:#?}");
    }
    let common = checked(&folder(&bulk("").0));
    for rule in ["needed-open", "each-elsewhere", "each-twice", "value-outside-scale"] {
        assert_eq!(found(&common, rule), found(&sound, rule), "{rule}: nothing of its own, nothing to tell");
    }
    let ran = shirube(&["check", path(&folder(&bulk("{ risk: \"{1}\", impact: 4 }").0))]);
    assert!(ran.code == 2 && ran.stderr.contains("reason"), "a value of its own needs its reason: {}", ran.stderr);
}

/// RISK-021: the lines of chapter 6 are the same for a service with risks, without, and with risks that need nothing.
#[test]
fn chapter_6_is_never_scored_away() {
    let lines = |texts: &Texts| -> BTreeSet<String> {
        let markdown = report(texts, "conformity");
        let part = markdown.split("## 制度上の要求事項（第6章）").nth(1).expect("chapter 6");
        let part = part.split("\n## ").next().expect("the part");
        let rows = part.lines().filter(|line| line.starts_with("| 6."));
        rows.map(|line| line.split('|').nth(1).expect("a number").trim().to_owned()).collect()
    };
    let open = |texts: &Texts| {
        let checked = checked(&folder(texts));
        let points = checked["open"].as_array().expect("points").clone();
        points.into_iter().find(|point| point["rule"] == "statutory-unanswered").expect("open")["total"].clone()
    };
    let all = decided();
    let expected = lines(&all);
    for item in ["6.1", "6.2", "6.3", "6.4", "6.5", "6.2-a1", "6.2-c2"] {
        assert!(expected.contains(item), "{item}: {expected:?}");
    }
    let mut undecided = decided();
    undecided.insert("assessment.yaml", String::new());
    let mut nothing = undecided.clone();
    nothing.insert("system.yaml", String::new());
    let mut harmless = undecided.clone();
    let method = "risk_method:
  id: 何も要らない方法
  impact: [{ value: 1, label: 小 }, { value: 2, label: 大 }]
  likelihood: [{ value: 1, label: 小 }, { value: 2, label: 大 }]
  ranks: [{ rank: D, from: 1, to: 4, rule: none }]
document:
";
    edit(&mut harmless, "shirube.yaml", "document:\n", "document:\n", method);
    let harmless_risks = assessed(&harmless);
    assert!(risks(&harmless_risks).iter().all(|risk| risk["needed"] == false), "no risk needs treatment");
    assert!(risks(&assessed(&nothing)).is_empty());
    for texts in [&undecided, &nothing, &harmless] {
        assert_eq!(lines(texts), expected);
        assert_eq!(open(texts), open(&all), "each still has to be answered");
    }
}

/// TREAT-023: the list of treatments names the option and the measures of each, the edition, who approves it and who
/// decided, and is an item of what is provided to the institution.
#[test]
fn the_treatment_list_states_option_measures_edition_and_approver() {
    let texts = decided();
    let markdown = report(&texts, "risk-treatment");
    for line in ["| 版 | 第0.9版 |", "| 承認 | 代表取締役 標 一郎 |", "| 文書番号 | MO-SEC-2026-04 |"]
    {
        assert!(markdown.contains(line), "{line}");
    }
    let rows: Vec<Vec<String>> =
        LAYERS.iter().flat_map(|layer| table(&markdown, &format!("リスク対応（{layer}）"))).collect();
    let value = assessed(&texts);
    let terms = [("avoidance", "回避"), ("reduction", "低減"), ("transfer", "移転"), ("retention", "保有")];
    for treatment in value["treatments"].as_array().expect("treatments") {
        let id = treatment["id"].as_str().expect("an id");
        let own: Vec<&Vec<String>> = rows.iter().filter(|row| row[1].starts_with(&format!("{id}<br>"))).collect();
        assert!(!own.is_empty(), "{id} is not in the list");
        for option in treatment["options"].as_array().expect("options") {
            let term = terms.iter().find(|(token, _)| option == token).expect("an option").1;
            assert!(own.iter().all(|row| row[1].contains(term)), "{id}: {term}");
        }
        for measure in treatment["measures"].as_array().expect("measures") {
            let text = measure["text"].as_str().expect("a text").replace('\\', "");
            assert!(own.iter().any(|row| row[3].contains(text.trim_end_matches('。'))), "{id}: {text}");
        }
        assert!(markdown.contains(treatment["decided"]["by"].as_str().expect("a name")), "{id}");
    }
    assert!(report(&texts, "provided-information").contains("リスク対応一覧（MO-SEC-2026-04 第0.9版）"));
}

/// TREAT-024: the plan holds every measure that is not done with its day, owner, people and money, and how far it is;
/// what is done leaves the plan.
#[test]
fn the_plan_has_owners_dates_resources_and_progress() {
    let mut texts = decided();
    let more = "owner: 灯台 花子, resources: 運用部2名と静脈認証装置3台, cost: { initial: 1200000, yearly: 90000 }";
    edit(&mut texts, "assessment.yaml", "- id: T-A1\n", "owner: 灯台 花子", more);
    let row = |texts: &Texts| {
        let plan = report(texts, "treatment-plan");
        let rows = table(&plan, "残っている事項");
        let heading = ["No.", "期限", "内容", "種類", "リスク・項目", "実施する組織", "担当", "資源", "状況"];
        assert_eq!(rows[0], heading);
        rows.into_iter().find(|row| row[4].starts_with("T-A1") && row[3] == "対策")
    };
    let planned = row(&texts).expect("the planned measure");
    let resources = "運用部2名と静脈認証装置3台<br>初期1,200,000円<br>年額90,000円";
    assert_eq!(planned[1], "令和9年3月31日");
    assert_eq!(planned[5..], ["株式会社みおつくし", "灯台 花子", resources, "予定"]);
    edit(&mut texts, "assessment.yaml", "- id: T-A1\n", "status: planned", "status: in-progress");
    assert_eq!(row(&texts).expect("still open")[8], "実施中");
    edit(&mut texts, "assessment.yaml", "- id: T-A1\n", "status: in-progress", "status: done");
    assert_eq!(row(&texts), None, "what is done is no plan");
    let mut unknown = decided();
    edit(&mut unknown, "assessment.yaml", "- id: T-A1\n", ", due: 2027-03-31", "");
    assert_eq!(row(&unknown).expect("still open")[1], "未定");
}
