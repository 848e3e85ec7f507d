//! Official texts through the front door: import, overlay, old checklists (requirements CATALOG).
//!
//! The wording of the guidelines stands in no file of this repository, so the texts read here are made of the catalog's
//! own wording, laid out as the official table is. `crates/intake/tests` damages such texts in every way.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json as value};
use support::{copy_of_sample, json, path, shirube};

/// 大項目 1.1 as CSV: heading, merged cells printed once, one mark lost.
fn table() -> String {
    let list = json(&["catalog", "list", "--format", "json"]);
    let mut csv = String::from("大項目,小項目,No.,内容,区分,対策項目で対応できるリスクシナリオ例,項番,区分,内容\r\n");
    let (mut middle, mut minor) = (String::new(), String::new());
    let controls = list["controls"].as_array().expect("controls").iter();
    for control in controls.filter(|control| control["middle"] == "1.1") {
        let text = |key: &str| control[key].as_str().unwrap_or_default().to_owned();
        let (group, branch) = text("id").trim_start_matches("1.1").split_once('-').map(own).expect("an id");
        let first = |cell: String, last: &mut String| {
            let shown = if cell == *last { String::new() } else { cell.clone() };
            *last = cell;
            shown
        };
        let cells = [
            first(format!("1.1. {}", text("middle_title")), &mut middle),
            first(format!("{group}{}", text("minor_title")), &mut minor),
            format!("{group}-{branch}"),
            text("text").replace("する。", "することとする。"),
            if text("id") == "1.1①-1" { String::new() } else { text("kubun").replace("unknown", "") },
        ];
        csv.push_str(&cells.map(|cell| format!("\"{cell}\"")).join(","));
        csv.push_str(",,,,\r\n");
    }
    csv
}

fn own((group, branch): (&str, &str)) -> (String, String) {
    (group.to_owned(), branch.to_owned())
}

fn written(dir: &tempfile::TempDir, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let file = dir.path().join(name);
    fs::write(&file, text).expect("written");
    file
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// CATALOG-011, CATALOG-004, CATALOG-022: the wording comes with its ids, a lost mark stays unknown, every line is
/// accounted for, and what is missing is said.
#[test]
fn a_table_is_taken_in_with_an_account_of_every_line() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (file, out) = (written(&dir, "別紙2.csv", table()), dir.path().join("out.json"));
    let ran = shirube(&["catalog", "import", utf8(&file), "--as", "pg-1.0", "--out", utf8(&out)]);
    assert_eq!(ran.code, 1, "382 controls are not in it: {}", ran.stderr);
    for words in ["pg-1.0として読みました", "項目: 35件", "見つからないもの", "行: 36行"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    let read: Value = serde_json::from_str(&fs::read_to_string(&out).expect("written")).expect("JSON");
    let items = read["items"].as_array().expect("items");
    assert_eq!((read["edition"].as_str(), items.len()), (Some("pg-1.0"), 35));
    for key in ["id", "titles", "text", "kubun", "scenario", "mhlw", "confidence", "repairs"] {
        assert!(items.iter().all(|item| item.get(key).is_some()), "{key}");
    }
    assert_eq!((&items[0]["id"], &items[0]["kubun"]), (&value!("1.1①-1"), &value!("unknown")));
    assert!(items[1]["text"].as_str().is_some_and(|text| !text.is_empty()));
    let lines = &read["lines"];
    let count = |key: &str| lines[key].as_u64().expect("a number");
    assert_eq!(count("total"), count("empty") + count("used") + count("unused"));
}

/// The wording lives in the user's folder; `show` and `search` find it there and say where it came from.
#[test]
fn the_wording_stays_in_the_folder_of_its_owner() {
    let dir = copy_of_sample();
    let file = written(&dir, "別紙2.csv", table());
    let ran = shirube(&["catalog", "import", utf8(&file), "--as", "pg-1.0", "--into", path(&dir)]);
    assert!(ran.code == 1 && ran.stdout.contains("pg-1.0.json"), "{}{}", ran.stdout, ran.stderr);
    let shown = shirube(&["catalog", "show", "1.1①-2", "--with", path(&dir)]);
    assert!(shown.stdout.contains("公式の文言: ") && shown.stdout.contains("別紙2.csv"), "{}", shown.stdout);
    assert!(!shirube(&["catalog", "show", "1.1①-2"]).stdout.contains("公式の文言"));
    let found = shirube(&["catalog", "search", "こととする", "--with", path(&dir)]);
    assert!(found.code == 0 && found.stdout.contains("pg-1.0/1.1"), "{}", found.stdout);
    assert_eq!(shirube(&["catalog", "search", "ことゝする"]).code, 1);

    fs::write(dir.path().join("official/pg-1.0.json"), "{").expect("written");
    let broken = shirube(&["catalog", "show", "1.1①-2", "--with", path(&dir)]);
    assert!(broken.code == 2 && broken.stderr.contains("pg-1.0.json"), "{}", broken.stderr);
}

/// What cannot be read is refused with a sentence, and nothing is written.
#[test]
fn what_is_no_guideline_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let out = dir.path().join("out.json");
    let (table, other) = (written(&dir, "表.csv", table()), written(&dir, "手紙.txt", "拝啓 お元気ですか。\n"));
    let (empty, binary) = (written(&dir, "空.txt", ""), written(&dir, "写真.txt", [0xff, 0xd8, 0xff, 0xe0, 0x00]));
    let rows: [(&Path, &str, &str); 6] = [
        (&table, "pg-9.9", "版「pg-9.9」はありません"),
        (&other, "pg-1.0", "手紙.txt"),
        (&empty, "pg-1.0", "空です"),
        (&binary, "pg-1.0", "写真.txt"),
        (dir.path(), "pg-1.0", "フォルダです"),
        (&dir.path().join("ない.csv"), "pg-1.0", "見つかりません"),
    ];
    for (file, edition, says) in rows {
        let ran = shirube(&["catalog", "import", utf8(file), "--as", edition, "--out", utf8(&out)]);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{}: {}", file.display(), ran.stderr);
        assert!(!out.exists(), "nothing half-done");
    }
    let ran = shirube(&["catalog", "import", utf8(&table), "--as", "pg-1.0", "--into", path(&dir)]);
    assert!(ran.code == 2 && ran.stderr.contains("shirube.yaml"), "{}", ran.stderr);
}

/// CATALOG-015, CATALOG-016, CATALOG-017: answers of an old checklist become proposals. Weaker means are never 対応, an
/// answer that nothing applies is a candidate with its sentence, and what contradicts is told.
#[test]
fn old_answers_become_proposals_and_nothing_more() {
    let dir = copy_of_sample();
    let answer = |number: &str, question: &str, done: &str, text: &str| value!({ "number": number, "question": question, "done": done, "text": text, "confidence": 1.0 });
    let flag = |number: &str, kind: &str, message: &str| value!({ "number": number, "flags": [{ "kind": kind, "message": message }] });
    let file = value!({
        "edition": "mhlw-3.0",
        "answers": [
            answer("1-2", "組織的.2", "■", "入退管理簿（様式3）に毎日記録し、月末に責任者が見る。"),
            answer("1-3", "組織的.3", "■", "実施している。"),
            answer("3-8(3)", "技術的.8.(3)", "■", "WPA/TKIPを使用。"),
            answer("7-8", "改造と保守.8", "□", "リモートメンテナンスは行っていない。"),
        ],
        "evidence": {
            "answers": [
                flag("1-3", "bare", "根拠が書かれていません。"),
                flag("3-8(3)", "weaker-means", "TKIPは破られた方式です。"),
                flag("7-8", "not-applicable", "リモートメンテナンスは行っていない。"),
            ],
            "contradictions": [],
        },
    });
    let file = written(&dir, "回答.json", file.to_string());
    let run =
        || json(&["catalog", "migrate", path(&dir), "--answers", utf8(&file), "--to", "mhlw-5.0", "--format", "json"]);
    let first = run();
    let leading = |id: &str| -> Vec<Value> {
        let items = first["items"].as_array().expect("items").iter();
        let of_items = items.flat_map(|item| item["from"].as_array().into_iter().flatten());
        of_items.filter(|from| from["id"] == format!("mhlw-3.0/{id}")).cloned().collect()
    };
    let status = |id: &str| -> Vec<Value> { leading(id).iter().map(|from| from["answer"]["status"].clone()).collect() };
    assert!(status("組織的.2").iter().all(|status| status == "met") && !status("組織的.2").is_empty());
    for id in ["組織的.3", "技術的.8.(3)"] {
        assert!(!status(id).is_empty() && status(id).iter().all(|status| status == "unanswered"), "{id}");
        assert!(leading(id).iter().all(|from| from["answer"]["notes"][0].is_string()), "{id} says why");
    }
    let absent = leading("改造と保守.8");
    assert!(absent.iter().all(|from| from["answer"]["status"] == "not-applicable"), "{absent:?}");
    assert!(absent.iter().all(|from| from["answer"]["reason"] == "リモートメンテナンスは行っていない。"));
    assert!(first["items"].as_array().expect("items").iter().all(|item| item["confirmed"].is_null()));
    assert!(dir.path().join("carried/mhlw-3.0--mhlw-5.0.yaml").exists());
    assert_eq!(run()["changed"], false, "a second run changes nothing");

    let both =
        shirube(&["catalog", "migrate", path(&dir), "--answers", utf8(&file), "--from", "pg-1.0", "--to", "pg-1.1"]);
    assert!(both.code == 2 && both.stderr.contains("一緒に使えません"), "{}", both.stderr);
    let none = written(&dir, "なし.json", r#"{ "edition": "mhlw-3.0", "answers": [] }"#);
    let ran = shirube(&["catalog", "migrate", path(&dir), "--answers", utf8(&none), "--to", "mhlw-5.0"]);
    assert!(ran.code == 2 && ran.stderr.contains("回答がありません"), "{}", ran.stderr);
}
