//! Documents for machines and differences for people (requirements DOC, INTEROP).

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{copy_of_sample, path, sample, shirube};

fn report(formats: &[&str]) -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    let sample = sample();
    let mut args = vec!["report", sample.to_str().expect("UTF-8"), "--out", path(&out)];
    args.extend(formats.iter().flat_map(|format| ["--format", format]));
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    out
}

fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn documents(dir: &Path) -> Vec<(String, Value)> {
    let files = fs::read_dir(dir).expect("the output folder").map(|entry| entry.expect("readable").file_name());
    let names = files.filter_map(|name| Some(name.to_str()?.strip_suffix(".json")?.to_owned()));
    names
        .map(|name| {
            let value = serde_json::from_str(&read(dir, &format!("{name}.json"))).expect("JSON");
            (name, value)
        })
        .collect()
}

/// DOC-001: every document as JSON and as CSV, with the same rows, and with what says that it is a draft.
#[test]
fn every_document_comes_as_json_and_csv_with_the_same_rows() {
    let out = report(&["json", "csv"]);
    let documents = documents(out.path());
    assert_eq!(documents.len(), 22);
    for (name, document) in documents {
        assert_eq!(document["document"], name.as_str());
        assert!(document["status"] == "draft" && document["meta"]["service"].is_string(), "{name}");
        let sheets = document["sheets"].as_array().expect("sheets");
        for (at, sheet) in sheets.iter().enumerate() {
            let label = sheet["name"].as_str().expect("a name");
            let file = if at == 0 { format!("{name}.csv") } else { format!("{name}-{label}.csv") };
            let text = read(out.path(), &file);
            let text = text.strip_prefix('\u{feff}').expect("spreadsheets recognise UTF-8 by its mark");
            let mut csv = csv::Reader::from_reader(text.as_bytes());
            let heading = csv.headers().expect("a heading").clone();
            let rows: Vec<_> = csv.records().map(|row| row.expect("as many cells as the heading")).collect();
            let expected = sheet["rows"].as_array().expect("rows");
            assert_eq!(rows.len(), expected.len(), "{file}");
            for (row, expected) in rows.iter().zip(expected) {
                for (column, cell) in heading.iter().zip(row) {
                    let expected = match &expected[column] {
                        Value::Null => String::new(),
                        Value::String(text) => text.replace("\r\n", "\n"),
                        other => other.to_string().trim_end_matches(".0").to_owned(),
                    };
                    let cell = cell.strip_prefix('\'').unwrap_or(cell).replace("\r\n", "\n");
                    assert_eq!(cell, expected, "{file} {column}");
                }
            }
        }
    }
}

/// MODEL-016: whatever changes in any file of the folder is told in the words of the guideline, and what touches an
/// agreement is marked.
#[test]
fn diff_tells_every_kind_of_change() {
    let rows: [(&str, &str, &str, &str); 10] = [
        (
            "system.yaml",
            "encryption: yes, wireless_control: mac-filter",
            "encryption: none, wireless_control: mac-filter",
            "暗号化",
        ),
        (
            "system.yaml",
            "    name: 電子カルテサーバ（本番環境）\n",
            "    name: カルテの本番サーバ\n",
            "カルテの本番サーバ",
        ),
        ("shirube.yaml", "name: 日本閉域通信株式会社", "name: 新しい通信株式会社", "新しい通信株式会社"),
        ("shirube.yaml", "    reports: yes\n", "    reports: no\n", "日本閉域通信株式会社"),
        ("shirube.yaml", "editions: [pg-1.0, mhlw-5.0]", "editions: [pg-1.0]", "mhlw-5.0"),
        ("conformity.yaml", "    status: met\n", "    status: partial\n", "一部対応"),
        ("assessment.yaml", "impact: 5", "impact: 4", "リスクレベル"),
        ("assessment.yaml", "status: planned", "status: done", "「予定」から「"),
        (
            "assessment.yaml",
            "  - item: authentication\n    answer: ",
            "  - item: authentication\n    answer: 新しい答え。",
            "「利用者認証」のどう考慮したか",
        ),
        ("conformity.yaml", "    owner: ", "    owner: 新任の", "担当者"),
    ];
    for (file, from, to, says) in rows {
        let (before, after) = (copy_of_sample(), copy_of_sample());
        let text = read(after.path(), file);
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{file} has no more {from:?}");
        fs::write(after.path().join(file), changed).expect("written");
        let ran = shirube(&["diff", path(&before), path(&after)]);
        assert!(
            ran.stdout.contains(says) && !ran.stdout.contains("違いはありません"),
            "{file} {from:?}:\n{}",
            ran.stdout
        );
        let json: Value =
            serde_json::from_str(&shirube(&["diff", path(&before), path(&after), "--format", "json"]).stdout)
                .unwrap_or_else(|error| panic!("{error}"));
        assert!(json["changes"].as_array().is_some_and(|changes| !changes.is_empty()), "{json}");
    }
}
