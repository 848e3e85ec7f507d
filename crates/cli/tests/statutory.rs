//! Answers to chapter 6 (requirements INST).

mod support;

use std::fs;

use support::edited::checked;
use support::said::{CONFORMITY, holds, markdown, of_rule};
use support::{copy_of_sample, json, shirube};

/// INST-001: an answer to chapter 6 carries what an answer to a control carries, and fits the model.
#[test]
fn answers_to_chapter_six_are_checked_like_controls() {
    let dir = copy_of_sample();
    let answer = |text: &str| {
        fs::write(dir.path().join(CONFORMITY), format!("statutory:\n  - {{ {text} }}\n")).expect("written");
        checked(&dir)
    };
    for (text, rule) in [
        ("item: '6.1', status: met", "how-missing"),
        ("item: '6.1', status: met, how: 国内に置く", "evidence-missing"),
        ("item: '6.1', status: met, how: 国内に置く", "answer-unsigned"),
        ("item: '6.4', status: planned, how: 決める", "due-missing"),
        ("item: '6.4', status: alternative, how: 別に扱う", "reason-missing"),
        ("item: '6.4', status: not-applicable", "reason-missing"),
        ("item: '6.2', row: 6.2-b3, status: partial", "how-missing"),
        ("item: '6.2', row: 6.2-z9, status: met", "statutory-unknown"),
        ("item: '6.1', status: met, how: 国内, explained: yes, explained_to: 誰か", "reference-missing"),
        ("item: '6.1', status: met, how: 国内, explained: yes", "statutory-explained-when"),
        ("item: '6.1', status: met, how: 国内", "statutory-unexplained"),
        ("item: '6.2', status: not-applicable, reason: 保存しない", "statutory-contradiction"),
        ("item: '6.3', status: not-applicable, reason: 署名しない", "statutory-contradiction"),
        ("item: '6.5', status: not-applicable, reason: 外に置かない", "statutory-contradiction"),
    ] {
        assert!(!of_rule(&answer(text), rule).is_empty(), "{text}: {rule}");
    }
    let whole = "item: '6.1', status: met, how: 国内に置く, evidence: [一覧], explained: yes, explained_on: 2026-11-01, \
                 explained_to: 医療機関, decided: { by: 標 一郎, on: 2026-11-16, reason: 確かめた }";
    let checks = answer(whole);
    for rule in
        ["how-missing", "evidence-missing", "answer-unsigned", "statutory-contradiction", "statutory-unexplained"]
    {
        assert!(of_rule(&checks, rule).is_empty(), "{rule}");
    }
    holds(&markdown(dir.path(), "conformity", &[]), &["説明: はい（令和8年11月1日、あおば内科クリニック）"]);
    // A document with a signature is no contradiction once the reason speaks of it.
    let checks = answer("item: '6.3', status: not-applicable, reason: 処方箋には紙に押印する");
    assert!(of_rule(&checks, "statutory-contradiction").is_empty());
}

/// INST-004, T-12: lines have ids, a section settles its lines, and places where nothing is kept do not apply.
#[test]
fn lines_of_chapter_six_can_be_found_and_settled() {
    let shown = shirube(&["catalog", "show", "6.2"]);
    assert_eq!((shown.code, shown.stdout.matches("\n  6.2-").count()), (0, 24), "{}", shown.stdout);
    let row = shirube(&["catalog", "show", "6.2-a6"]);
    holds(&row.stdout, &["相互認証", "ネットワークを通じて医療機関等の外部に保存する場合"]);
    let list = json(&["catalog", "list", "--format", "json"]);
    assert_eq!(list["statutory"].as_array().map(Vec::len), Some(5));

    let dir = copy_of_sample();
    let unanswered = |text: &str| -> u64 {
        fs::write(dir.path().join(CONFORMITY), text).expect("written");
        let open = checked(&dir)["open"].clone();
        let points = open.as_array().expect("open points");
        points
            .iter()
            .find(|point| point["rule"] == "statutory-unanswered")
            .map_or(0, |p| p["open"].as_u64().expect("n"))
    };
    assert_eq!(unanswered("statutory: []\n"), 31, "the optional line is not counted");
    let section = "statutory: [{ item: '6.3', status: not-applicable, reason: 処方箋には紙に押印する }]\n";
    assert_eq!(unanswered(section), 31 - 4, "the section and its three lines");
    holds(&markdown(dir.path(), "conformity", &[]), &["節の答えによる: 処方箋には紙に押印する"]);
    let by_id = "statutory: [{ item: '6.2', row: 6.2-a1, status: met }, { item: '6.2', row: (3) 更新履歴の保存, status: met }]\n";
    assert_eq!(unanswered(by_id), 31 - 2, "by id or by title");
    let storage = "statutory: []\nstorage: { places: [institution], reason: 院内のサーバにだけ保存する }\n";
    assert_eq!(unanswered(storage), 31 - 5, "the five lines on keeping outside");
    let checks = checked(&dir);
    let said = of_rule(&checks, "statutory-contradiction");
    assert!(said.iter().any(|[_, message]| message.contains("医療機関等の外部で医療情報を保存します")), "{said:?}");
}
