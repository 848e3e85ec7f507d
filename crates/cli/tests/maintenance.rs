//! Maintenance through the binary: what was told and consented to, what keeps it from beginning, and the letters.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::own::write;
use support::{folder_with, json, path, sample, shirube};

const HEADINGS: &str = "番号,状態,件名,保守の種類,内容,対象の医療機関等,影響の及ぶ範囲,開始予定の日時,終わらなかったときに元へ戻す時間の見込み,緊急とする理由,告知・連絡した日,告知・連絡の手段,始めた日時,終えた日時\n";
const CONSENTS: &str =
    "保守の記録,医療機関等,状態,承諾を求めた日,求めた手段,答えのあった日,答えた人,答えの手段,答えを示すもの\n";
const LOG: &str = "日付,台帳,番号,内容,人,結果,備考,証跡\n";

const INSTITUTIONS: &str = "  - { id: 甲, name: 甲医院, kind: institution, institution_kind: clinic }
  - { id: 乙, name: 乙医院, kind: institution, institution_kind: clinic }
";

/// A service of two institutions with one change of a program, told in time.
fn kept(state: &str, reason: &str, started: &str, consents: &str, log: &str) -> tempfile::TempDir {
    let dir = folder_with("");
    let service = fs::read_to_string(dir.path().join("shirube.yaml")).expect("written");
    let service = service.replace("parties:\n", &format!("parties:\n{INSTITUTIONS}"));
    fs::write(dir.path().join("shirube.yaml"), service).expect("written");
    let row = format!(
        "M-1,{state},画面の作り替え,ウ その他のプログラムの改変,欄を加える,甲、乙医院,全体,2026-10-18 22:00,60分,{reason},2026-10-01,電子メール,{started}\n"
    );
    write(&dir, "operations/maintenance-notices.csv", &format!("{HEADINGS}{row}"));
    write(&dir, "operations/maintenance-consents.csv", &format!("{CONSENTS}{consents}"));
    write(&dir, "operations/log.csv", &format!("{LOG}2026-10-01,maintenance-notices,M-1,ask,森 一美,,,\n{log}"));
    dir
}

const YES: &str = "M-1,甲医院,承諾,2026-10-01,電子メール,2026-10-05,事務長,電子メール,メール 2026-10-05\n";
const WAITS: &str = "M-1,乙,回答待ち,2026-10-01,電子メール,,,,\n";
const CONSENTED: &str = "2026-10-05,maintenance-consents,M-1 甲医院,consent,事務長,,,メール 2026-10-05\n";

fn rules(dir: &tempfile::TempDir) -> Vec<String> {
    let checked = json(&["check", path(dir), "--format", "json"]);
    let records = checked["records"].as_array().unwrap_or_else(|| panic!("{checked:#}"));
    let maintenance = records.iter().filter_map(|one| one["rule"].as_str()).filter(|rule| rule.starts_with("maint"));
    maintenance.map(str::to_owned).collect()
}

fn shown(dir: &tempfile::TempDir, on: &str) -> Value {
    json(&["maintenance", "show", path(dir), "M-1", "--on", on, "--format", "json"])
}

/// OPS-020, T-20: each institution is named with what it said; the work may not begin while one of them has not consented.
#[test]
fn a_change_of_a_program_waits_for_every_institution() {
    let dir = kept("承諾待ち", "", ",", &format!("{YES}{WAITS}"), CONSENTED);
    let one = shown(&dir, "2026-10-10");
    assert_eq!((one["may_start"].as_bool(), one["class"].as_str()), (Some(false), Some("ウ")), "{one:#}");
    let consents: Vec<(&str, &str)> = one["institutions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["institution"].as_str().expect("a name"), one["consent"].as_str().expect("a word")))
        .collect();
    assert_eq!(consents, [("甲医院", "consented"), ("乙医院", "waiting")]);
    assert_eq!(one["missing"].as_array().map(Vec::len), Some(1));
    assert!(one["missing"][0].as_str().is_some_and(|text| text.contains("乙医院")), "{one:#}");
    // Before the day of the work nothing is wrong yet; on that day it is.
    for (on, code) in [("2026-10-10", 0), ("2026-10-18", 1)] {
        let ran = shirube(&["maintenance", "list", path(&dir), "--on", on]);
        assert_eq!(ran.code, code, "{on}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("2件のうち1件"), "{}", ran.stdout);
    }
    assert_eq!(rules(&dir), [] as [&str; 0]);
}

/// OPS-020: what was begun without a consent is a finding, unless a hurry was allowed with its reason before.
#[test]
fn what_was_begun_without_a_consent_is_found() {
    let done = "2026-10-18 22:00,2026-10-18 23:00";
    let end = "2026-10-18,maintenance-notices,M-1,start,森 一美,,,\n2026-10-18,maintenance-notices,M-1,do,森 一美,,,\n";
    let early = kept("実施済み（報告待ち）", "", done, &format!("{YES}{WAITS}"), &format!("{CONSENTED}{end}"));
    assert_eq!(rules(&early), ["maintenance-consent", "maintenance-report"]);
    let ran = shirube(&["check", path(&early)]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("乙医院の承諾がありません"), "{}", ran.stdout);
    for (day, found) in
        [("2026-10-17", vec!["maintenance-report"]), ("2026-10-19", vec!["maintenance-hurry", "maintenance-report"])]
    {
        let hurry = format!("{day},maintenance-notices,M-1,hurry,浜 二郎,,,\n");
        let log = format!("{CONSENTED}{hurry}{end}");
        let dir = kept("実施済み（報告待ち）", "攻撃を受けている", done, &format!("{YES}{WAITS}"), &log);
        assert_eq!(rules(&dir), found, "{day}");
    }
}

/// OPS-019, OPS-067: a letter holds the facts of one institution; one that names another is not made.
#[test]
fn a_letter_names_no_other_institution() {
    let dir = kept("承諾待ち", "", ",", &format!("{YES}{WAITS}"), CONSENTED);
    let out = dir.path().join("手紙");
    let out_text = out.to_str().expect("UTF-8");
    let letters = |name: &str, out: &str| {
        shirube(&[
            "maintenance",
            "notice",
            path(&dir),
            "M-1",
            "--institution",
            name,
            "--on",
            "2026-10-10",
            "--out",
            out,
        ])
    };
    let all = letters("all", out_text);
    assert_eq!(all.code, 0, "{}", all.stderr);
    for file in ["保守のお知らせ_甲医院.pdf", "保守についての承諾のお願い_乙医院.pdf"] {
        assert!(Path::new(&out).join(file).is_file(), "{file}: {}", all.stdout);
    }
    for (name, own, other, says) in
        [("甲", "甲医院", "乙医院", "ご承知おき"), ("乙医院", "乙医院", "甲医院", "承諾しない")]
    {
        for ending in ["md", "html", "xlsx", "docx", "pdf"] {
            let file = dir.path().join(format!("一通.{ending}"));
            let ran = letters(name, file.to_str().expect("UTF-8"));
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            if ["md", "html"].contains(&ending) {
                let text = fs::read_to_string(&file).expect("written");
                assert!(text.contains(own) && text.contains(says) && !text.contains(other), "{name}: {text}");
            }
        }
    }
    let unknown = letters("丙医院", out_text);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("対象は、甲医院、乙医院です"), "{}", unknown.stderr);
    let file = dir.path().join("operations/maintenance-notices.csv");
    let named = fs::read_to_string(&file).expect("written").replace("欄を加える", "乙医院の求めで欄を加える");
    fs::write(&file, named).expect("written");
    let refused = letters("all", out_text);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("甲医院へのお知らせは作れません。「内容」に、ほかの医療機関等（乙医院）"),
        "{}",
        refused.stderr
    );
}

/// OPS-019, OPS-021: the sample was told in time, waits for one consent, and prints its board.
#[test]
fn the_sample_waits_for_a_consent() {
    let sample = sample();
    let sample = sample.to_str().expect("UTF-8");
    let all = json(&["maintenance", "list", sample, "--on", "2026-10-01", "--format", "json"]);
    let states: Vec<(&str, bool)> = all["maintenance"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["number"].as_str().expect("a number"), one["may_start"].as_bool().expect("yes or no")))
        .collect();
    assert_eq!(states, [("M-2026-03", true), ("M-2026-04", false)]);
    assert_eq!(all["maintenance"][1]["deadline"]["by"], "2026-10-04");
    let out = tempfile::tempdir().expect("a temporary folder");
    let file = out.path().join("一覧.md");
    let ran = shirube(&["maintenance", "list", sample, "--on", "2026-10-01", "--out", file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = fs::read_to_string(file).expect("written");
    assert!(text.contains("回答待ち") && text.contains("外に出さないでください"), "{text}");
    let unknown = shirube(&["maintenance", "show", sample, "M-9"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("M-2026-03、M-2026-04"), "{}", unknown.stderr);
}
