//! What is due through the binary: registers, answers, certificates, supply and contracts in one list, with days off and
//! fiscal years; one entry of a register on paper.

mod support;

use std::fs;

use serde_json::Value;
use support::own::write;
use support::{copy_of_sample, json, path, shirube};

fn duties<'v>(value: &'v Value, of: &str) -> Vec<&'v Value> {
    let all = value["duties"].as_array().unwrap_or_else(|| panic!("{value:#}"));
    all.iter().filter(|duty| duty["of"] == of).collect()
}

/// OPS-077: what files state is due beside the registers, each with what it follows from, and nothing is invented.
#[test]
fn days_of_files_stand_beside_those_of_registers() {
    let dir = copy_of_sample();
    let asked = ["duties", path(&dir), "--on", "2027-06-01", "--until", "2028-06-30", "--format", "json"];
    let all = json(&asked);
    let certificates = duties(&all, "認証");
    let days: Vec<&str> = certificates.iter().filter_map(|duty| duty["day"].as_str()).collect();
    assert_eq!(days, ["2027-09-30", "2028-03-31"], "{certificates:#?}");
    assert_eq!(certificates[0]["object"], "プライバシーマーク");
    assert_eq!(certificates[0]["owner"], Value::Null, "nobody is named, so nobody is");
    assert!(certificates[0]["basis"].as_str().is_some_and(|basis| basis.contains("shirube.yaml")));
    assert!(!duties(&all, "媒体管理台帳").is_empty(), "those of the registers are there as well");

    // Where the register of certificates is kept, it has their days.
    let heading = "名称,種類,取得した事業者,認証・評価した機関,適用範囲,更新の担当者\n";
    let row = "プライバシーマーク,プライバシーマーク,自社,審査機関,全社,岸 五郎\n";
    write(&dir, "operations/certificates.csv", &format!("番号,{heading}C-1,{row}"));
    assert!(duties(&json(&asked), "認証").is_empty());
}

/// OPS-077: a contract is due until it has ended, what was settled for its end until it is done.
#[test]
fn contracts_are_due_by_their_days() {
    let dir = copy_of_sample();
    let terms = |contract: &str, closing: &str| {
        let head = "institution: { name: 港診療所, kind: clinic }\n";
        write(&dir, "institutions/minato.yaml", &format!("{head}contract: {contract}\n{closing}"));
    };
    let today = ["duties", path(&dir), "--on", "2026-10-01", "--until", "2027-12-31", "--format", "json"];
    let titles = || {
        let all = json(&today);
        let contracts = duties(&all, "契約");
        let said = |duty: &&Value| format!("{} {} {}", duty["day"], duty["title"], duty["overdue"]);
        contracts.iter().map(said).collect::<Vec<_>>()
    };
    terms("{ renews_on: 2027-03-31 }", "");
    assert_eq!(titles(), ["\"2027-03-31\" \"契約の更新\" false"]);
    let closing = "closing:\n  return: { due: 2026-09-15, done_on: 2026-09-14 }\n  erasure: { due: 2026-09-30 }\n";
    terms("{ renews_on: 2027-03-31, ends_on: 2026-08-31 }", closing);
    assert_eq!(titles(), ["\"2026-09-30\" \"受託した情報とプログラム等の消去\" true"]);
}

/// OPS-077: a fiscal year has the days from April to March; a day off is told with the working day before and stays.
#[test]
fn a_fiscal_year_and_its_days_off() {
    let dir = copy_of_sample();
    let asked = ["duties", path(&dir), "--on", "2026-10-01", "--fiscal-year", "2027", "--format", "json"];
    let year = json(&asked);
    let days = year["duties"].as_array().expect("duties").iter();
    let days: Vec<&str> =
        days.filter(|duty| duty["overdue"] == false).filter_map(|duty| duty["day"].as_str()).collect();
    assert!(!days.is_empty() && days.iter().all(|day| ("2027-04-01"..="2028-03-31").contains(day)), "{days:?}");
    let off = year["duties"].as_array().expect("duties").iter().find(|duty| duty["off"].is_string());
    if let Some(off) = off {
        assert!(off["off"].as_str().is_some_and(|told| told.contains("前の営業日は")), "{off}");
    }
    let over = shirube(&["duties", path(&dir), "--on", "2026-10-01", "--fiscal-year", "2025"]);
    assert_eq!(over.code, 2);
    assert!(over.stderr.contains("--fiscal-year の「2025」"), "{}", over.stderr);
}

/// OPS-014: one entry is printed with what was done with it and who did it.
#[test]
fn one_entry_is_printed_with_its_history() {
    let dir = copy_of_sample();
    let shown = json(&["register", "show", "media", path(&dir), "--format", "json"]);
    let log = fs::read_to_string(dir.path().join("operations/log.csv")).expect("the log");
    let line = log.lines().find(|line| line.contains("新しい媒体に写した")).expect("a medium was copied");
    let cells: Vec<&str> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
    assert!(shown.to_string().contains(cells[2]), "{shown}");
    let out = dir.path().join("記録.md");
    let out = out.to_str().expect("UTF-8");
    let ran =
        shirube(&["register", "print", "media", path(&dir), "--entry", cells[2], "--on", "2026-10-01", "--out", out]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let paper = fs::read_to_string(out).expect("written");
    for text in [cells[2], "新しい媒体に写した", cells[4], "行ったことと承認"] {
        assert!(paper.contains(text), "{text}: {paper}");
    }
    let ran = shirube(&["register", "print", "media", path(&dir), "--entry", "T-0", "--out", out]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--entry の「T-0」は、「媒体管理台帳」にありません"), "{}", ran.stderr);
}
