//! Documents made of clauses through the binary: the same text in every format, contents and lists that are real.

mod support;

use std::fs;

use serde_json::Value;
use support::contained::contained;
use support::edited::{Edit, edited};
use support::{copy_of_sample, path, sample, shirube};

fn report(folder: &str, docs: &[&str], formats: &[&str]) -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    let mut args = vec!["report", folder, "--out", path(&out)];
    args.extend(docs.iter().flat_map(|doc| ["--doc", doc]));
    args.extend(formats.iter().flat_map(|format| ["--format", format]));
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    out
}

/// The sentences of a document, from its data.
fn sentences(out: &tempfile::TempDir, name: &str) -> Vec<String> {
    let text = fs::read_to_string(out.path().join(format!("{name}.json"))).expect("the data of the document");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let sheets = document["sheets"].as_array().expect("sheets");
    let clauses = sheets.iter().find(|sheet| sheet["name"] == "条文").expect("the sheet of clauses");
    let rows = clauses["rows"].as_array().expect("rows").iter();
    rows.filter_map(|row| row["文"].as_str())
        .filter(|text| !text.contains('\n') && text.chars().count() > 12)
        .map(str::to_owned)
        .collect()
}

/// DOC-003: PDF, Word and Excel hold the same sentences.
#[test]
fn every_format_says_the_same() {
    let sample = sample();
    let docs = ["operating-rules", "letter"];
    let out = report(sample.to_str().expect("UTF-8"), &docs, &["pdf", "docx", "xlsx", "html", "md", "json"]);
    for name in docs {
        let all = sentences(&out, name);
        assert!(all.len() > 2, "{name}: {}", all.len());
        // One in five is enough to tell, and keeps the arguments short.
        let some: Vec<&str> = all.iter().step_by(5).map(String::as_str).collect();
        for format in ["pdf", "docx", "xlsx"] {
            let file = out.path().join(format!("{name}.{format}"));
            let found = contained(&file, &some);
            let lacking: Vec<_> = some.iter().filter(|text| !found.iter().any(|found| found == *text)).collect();
            assert!(lacking.is_empty(), "{name}.{format} lacks {lacking:#?}");
        }
    }
}

/// DOC-001: contents are a field with links, items are lists of Word's own, and headings lead the bookmarks of the PDF.
#[test]
fn contents_and_lists_are_real() {
    let sample = sample();
    let out = report(sample.to_str().expect("UTF-8"), &["operating-rules"], &["docx", "html"]);
    let word = out.path().join("operating-rules.docx");
    let marks = ["TOC \\o", "_Toc", "w:numPr", "w:startOverride", "aiueoFullWidth"];
    let found = contained(&word, &marks);
    for mark in marks {
        assert!(found.iter().any(|known| known == mark), "{mark}: {found:?}");
    }
    let html = fs::read_to_string(out.path().join("operating-rules.html")).expect("readable");
    let anchor = html.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor}");
}

/// The files of what is stated are optional, and what nobody stated makes no document unasked.
#[test]
fn what_nobody_stated_makes_no_document_unasked() {
    let folder = copy_of_sample();
    for name in ["sla.yaml", "disclosure.yaml", "rules.yaml", "checklists.yaml"] {
        fs::remove_file(folder.path().join(name)).expect("removed");
    }
    let out = report(path(&folder), &[], &["md"]);
    let names = fs::read_dir(out.path()).expect("readable").map(|entry| entry.expect("an entry").file_name());
    let documents = names.filter(|name| name.to_str().is_some_and(|name| name.ends_with(".md"))).count();
    assert_eq!(documents, 9);
    let out = report(path(&folder), &["sla"], &["md"]);
    let text = fs::read_to_string(out.path().join("sla.md")).expect("readable");
    assert!(text.contains("未記載"));
}

/// Mistakes in the three files come with their lines, like those in the others.
#[test]
fn mistakes_in_what_is_stated_have_their_lines() {
    for (file, from, to, says) in [
        ("sla.yaml", "target: 99.95", "target: 199", "百分率"),
        ("sla.yaml", "from: \"08:00\"", "from: \"25:00\"", "時刻"),
        ("disclosure.yaml", "as_of: 2026-11-16", "as_of: 2026-13-16", "日付"),
        ("rules.yaml", "  approver: ", "  aprover: ", "approver"),
    ] {
        let dir = edited(&[Edit { file, from, to }]);
        let ran = shirube(&["check", path(&dir)]);
        assert_eq!(ran.code, 2, "{file}: {}", ran.stdout);
        assert!(
            ran.stderr.contains(file) && ran.stderr.contains("行目") && ran.stderr.contains(says),
            "{}",
            ran.stderr
        );
    }
}

/// DOC-033, AGREE-011: what changes in what was stated is told in words, and re-opens what was agreed.
#[test]
fn changes_of_what_is_stated_are_told() {
    let changed = edited(&[Edit { file: "sla.yaml", from: "target: 99.95", to: "target: 99.5" }]);
    let sample = sample();
    let ran = shirube(&["diff", sample.to_str().expect("UTF-8"), path(&changed)]);
    assert!(ran.stdout.contains("サービスレベル合意書の") && ran.stdout.contains("99.5"), "{}", ran.stdout);
}
