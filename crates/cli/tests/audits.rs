//! Audits through the binary: independence, papers, a working paper that comes back, and what may be shown of them.

mod support;

use std::fs;
use std::process::Command;

use support::{copy_of_sample, json, path, sample, shirube};

/// Lays one change over a file of a copy of the sample.
fn changed(file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let dir = copy_of_sample();
    let file = dir.path().join(file);
    let text = fs::read_to_string(&file).expect("readable");
    assert!(text.contains(from), "{text}");
    fs::write(&file, text.replace(from, to)).expect("written");
    dir
}

fn rules(dir: &tempfile::TempDir) -> Vec<String> {
    let checked = json(&["check", path(dir), "--format", "json"]);
    let records = checked["records"].as_array().unwrap_or_else(|| panic!("{checked:#}"));
    records.iter().filter_map(|one| one["rule"].as_str()).map(str::to_owned).collect()
}

/// AUDIT-001: the records of the period tell who took part, whatever stands in the plan.
#[test]
fn an_auditor_who_did_the_work_is_found() {
    let sample = json(&["audit", "list", sample().to_str().expect("UTF-8"), "--on", "2026-10-01", "--format", "json"]);
    assert_eq!(sample["audits"][0]["contradicted"], false, "{sample:#}");
    assert_eq!(sample["audits"][0]["internal"], true);
    let dir = changed("operations/audits.csv", "磯 十和", "港 四郎");
    let ran = shirube(&["audit", "list", path(&dir), "--on", "2026-10-01"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let list = json(&["audit", "list", path(&dir), "--on", "2026-10-01", "--format", "json"]);
    let parts = list["audits"][0]["took_part"].as_array().expect("a list");
    assert!(parts.iter().any(|part| part["register"] == "media" && part["on"] == "2025-12-24"), "{parts:#?}");
    assert!(rules(&dir).contains(&"audit-independence".to_owned()));
    // Who says that they took part is believed, and nothing stands against it; the report says so.
    let told = changed(
        "operations/audits.csv",
        "\"磯 十和\",\"株式会社みおつくし\",\"はい\"",
        "\"港 四郎\",\"株式会社みおつくし\",\"いいえ\"",
    );
    assert!(!rules(&told).contains(&"audit-independence".to_owned()));
    let file = told.path().join("報告.md");
    let ran = shirube(&[
        "audit",
        "report",
        path(&told),
        "A-2025-01",
        "--on",
        "2026-10-01",
        "--out",
        file.to_str().expect("UTF-8"),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = fs::read_to_string(file).expect("written");
    assert!(text.contains("いいえ（携わる者による評価）") && text.contains("棚卸"), "{text}");
}

/// AUDIT-002, AUDIT-004: plan, working paper and report come in every format, and the same audit gives the same bytes.
#[test]
fn the_papers_come_in_every_format() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let (sample, number) = (sample(), "A-2025-01");
    let sample = sample.to_str().expect("UTF-8");
    for paper in ["plan", "paper", "report"] {
        for ending in ["pdf", "docx", "xlsx", "html", "md", "csv", "json"] {
            // A paper to fill in has no table for machines.
            if paper != "report" && ["csv", "json"].contains(&ending) {
                continue;
            }
            let made = |name: &str| {
                let file = out.path().join(format!("{name}-{paper}.{ending}"));
                let args =
                    ["audit", paper, sample, number, "--on", "2026-10-01", "--out", file.to_str().expect("UTF-8")];
                let ran = shirube(&args);
                assert_eq!(ran.code, 0, "{paper} {ending}: {}", ran.stderr);
                fs::read(file).expect("written")
            };
            let first = made("a");
            if ["xlsx", "docx"].contains(&ending) {
                assert!(first == made("b"), "{paper} {ending}");
            }
        }
    }
    let report = fs::read_to_string(out.path().join("a-report.md")).expect("written");
    assert!(report.contains("色のあせた札") && report.contains("是正中"), "{report}");
    let paper = fs::read_to_string(out.path().join("a-paper.md")).expect("written");
    assert!(paper.contains("監査番号「A-2025-01」から決まる順") && paper.contains("媒体管理台帳"), "{paper}");
    let unknown =
        shirube(&["audit", "plan", sample, "A-9", "--out", out.path().join("x.pdf").to_str().expect("UTF-8")]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("A-2025-01、A-2026-01"), "{}", unknown.stderr);
}

/// AUDIT-014, AUDIT-015: a filled working paper becomes proposals once; its mistakes come all at once and nothing is taken.
#[test]
fn a_filled_working_paper_becomes_proposals() {
    let dir = copy_of_sample();
    let file = dir.path().join("調書.xlsx");
    let file = file.to_str().expect("UTF-8");
    let ran = shirube(&["audit", "paper", path(&dir), "A-2025-01", "--on", "2026-10-01", "--out", file]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let fill = |control: &str, cells: &str| {
        let script = format!(
            "import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\nfor row in book['監査調書'].iter_rows(min_row=2):\n    if row[0].value == '{control}':\n        row[6].value, row[7].value, row[8].value = {cells}\nbook.save(sys.argv[1])"
        );
        assert!(
            Command::new("python3").args(["-c", &script, file]).status().expect("Python 3").success(),
            "install openpyxl"
        );
    };
    let take = |more: &[&str]| {
        shirube(&[&["audit", "take", path(&dir), "A-2025-01", file, "--on", "2026-02-09"][..], more].concat())
    };
    let empty = take(&[]);
    assert_eq!(empty.code, 2);
    assert!(empty.stderr.contains("「結果」がどの行にも書かれていません"), "{}", empty.stderr);
    fill("1.5②-2", "'指摘あり', None, None");
    fill("1.5②-3", "None, None, '札がない'");
    let wrong = take(&["--write"]);
    assert_eq!(wrong.code, 2);
    for says in ["指摘の内容を書いてください", "のどれかを選んでください", "所見を書いた行では"]
    {
        assert!(wrong.stderr.contains(says), "{says}: {}", wrong.stderr);
    }
    fill("1.5②-2", "'指摘あり', '経過を見る', '置き場所の図が古い'");
    fill("1.5②-3", "'確かめた', None, None");
    let found = |dir: &tempfile::TempDir| {
        json(&["audit", "list", path(dir), "--on", "2026-10-01", "--format", "json"])["findings"].clone()
    };
    let before = found(&dir);
    let looked = take(&[]);
    assert!(looked.stdout.contains("案を加える: A-2025-01-03 1.5②-2") && found(&dir) == before, "{}", looked.stdout);
    assert_eq!(take(&["--write"]).code, 0);
    let after = found(&dir);
    assert_eq!(after[2]["state"], "proposed", "{after:#}");
    assert!(take(&["--write"]).stdout.contains("加える指摘の案0件"));
    // A proposal is no finding: the number in the register of audits still fits.
    assert!(!rules(&dir).contains(&"audit-count".to_owned()));
    let other = shirube(&["audit", "take", path(&dir), "A-2026-01", file]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("監査「A-2025-01」の調書です"), "{}", other.stderr);
}

/// AUDIT-010, AUDIT-017, AUDIT-018: the summary names nobody and no weak point, tells expired certificates, and keeps
/// self-checks apart.
#[test]
fn the_summary_names_nobody() {
    let dir = copy_of_sample();
    let head = "番号,名称,状態,種類,適用範囲,登録番号,受託した情報の入口から出口まで,有効期間の初め,有効期間の終わり\n";
    let row = "C-1,情報セキュリティの認証,有効,ISMS（JIS Q 27001）,開発と運用,IS 1,すべて含む,2023-10-01,2026-09-30\n";
    fs::write(dir.path().join("operations/certificates.csv"), format!("{head}{row}")).expect("written");
    let file = dir.path().join("要約.md");
    let summary = |from: &str| {
        let args = [
            "audit",
            "summary",
            path(&dir),
            "--from",
            from,
            "--to",
            "2026-03-31",
            "--on",
            "2026-10-01",
            "--out",
            file.to_str().expect("UTF-8"),
        ];
        let ran = shirube(&args);
        (ran.code, fs::read_to_string(&file).unwrap_or_default())
    };
    let (code, text) = summary("2025-04-01");
    assert_eq!(code, 0);
    for says in ["2件", "効果を検証済み1件", "是正中1件", "期限切れ", "自己点検を0件", "済んだことを意味しません"]
    {
        assert!(text.contains(says), "{says}: {text}");
    }
    for hidden in ["磯 十和", "岸 五郎", "札", "媒体"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert_eq!(summary("2026-04-01").0, 2);
    let ran = shirube(&["audit", "list", path(&dir), "--on", "2026-10-01"]);
    assert_eq!((ran.code, ran.stdout.contains("期限切れ")), (1, true), "{}", ran.stdout);
    // No answer changed because of a certificate.
    let with = json(&["check", path(&dir), "--format", "json"]);
    let without = json(&["check", sample().to_str().expect("UTF-8"), "--format", "json"]);
    assert_eq!(with["findings"], without["findings"]);
}
