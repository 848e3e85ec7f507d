//! Documents made of clauses through the binary: the same text in every format, contents and lists that are real.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use shirube_documents::deliverable::Deliverable;
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

/// DOC-003: PDF, Word and Excel hold the same sentences, whatever document is made of clauses.
#[test]
fn every_format_says_the_same() {
    let sample = sample();
    let made = Deliverable::ALL.into_iter().filter(|deliverable| deliverable.is_clauses()).map(Deliverable::name);
    let docs: Vec<&str> = made.collect();
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
        for format in ["html", "md"] {
            let text = fs::read_to_string(out.path().join(format!("{name}.{format}"))).expect("readable");
            // Neither the signs that keep a text from becoming markup, nor the texts that need them.
            let text = text.replace('\\', "");
            let plain = all.iter().filter(|sentence| !sentence.contains(['<', '>', '&', '\'', '"']));
            let lacking: Vec<_> = plain.filter(|sentence| !text.contains(*sentence)).collect();
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
    for name in ["sla.yaml", "disclosure.yaml", "rules.yaml", "checklists.yaml", "supply.yaml"] {
        fs::remove_file(folder.path().join(name)).expect("removed");
    }
    let out = report(path(&folder), &[], &["md"]);
    let names = fs::read_dir(out.path()).expect("readable").map(|entry| entry.expect("an entry").file_name());
    let documents = names.filter(|name| name.to_str().is_some_and(|name| name.ends_with(".md"))).count();
    assert_eq!(documents, 10);
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

fn pages(pdf: &Path) -> usize {
    let output = Command::new("pdfinfo").arg(pdf).output().expect("poppler-utils is there");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let pages = said.lines().find_map(|line| line.strip_prefix("Pages:")).map(str::trim);
    pages.and_then(|pages| pages.parse().ok()).unwrap_or_else(|| panic!("{said}"))
}

/// The pages that LibreOffice makes of a Word file.
fn pages_in_word(docx: &Path) -> usize {
    let out = tempfile::tempdir().expect("a temporary folder");
    let profile = format!("-env:UserInstallation=file://{}/profile", path(&out));
    let mut office = Command::new("soffice");
    office.args([profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir", path(&out)]).arg(docx);
    assert!(office.output().expect("LibreOffice is there").status.success());
    pages(&out.path().join(docx.file_name().expect("a file")).with_extension("pdf"))
}

/// The sample with texts many times as long.
fn swollen() -> tempfile::TempDir {
    let folder = copy_of_sample();
    let file = folder.path().join("assessment.yaml");
    let text = fs::read_to_string(&file).expect("readable");
    let longer = "長い文でも一枚に収まり、入らない分は数で示されることを確かめるための文を添える。".repeat(9);
    let text = text.replace("。, status:", &format!("。{longer}, status:"));
    let text = text.replace("。, rule_book:", &format!("。{longer}, rule_book:"));
    let text = text.replace("。, impact:", &format!("。{longer}, impact:"));
    fs::write(file, text).expect("written");
    folder
}

/// DOC-001, DOC-003: the summaries keep to one page and to two, in PDF and in Word, whatever the facts; what does not
/// fit is counted.
#[test]
fn summaries_keep_to_their_pages() {
    let sample = sample();
    let swollen = swollen();
    for (folder, is_sample) in [(sample.to_str().expect("UTF-8"), true), (path(&swollen), false)] {
        let out = report(folder, &["summary-management", "summary-clinic", "letter"], &["pdf", "docx", "md"]);
        for (name, wanted) in [("summary-management", 1), ("summary-clinic", 2), ("letter", 1)] {
            assert_eq!(pages(&out.path().join(format!("{name}.pdf"))), wanted, "{name}, sample: {is_sample}");
            let word = pages_in_word(&out.path().join(format!("{name}.docx")));
            assert_eq!(word, wanted, "{name} in Word, sample: {is_sample}");
        }
        let text = fs::read_to_string(out.path().join("summary-management.md")).expect("readable");
        assert!(text.contains("このほか"), "{text}");
        assert_eq!(text.contains('…'), !is_sample, "{text}");
    }
}

/// DOC-002: a letter has the order of a Japanese business letter, and each line its side.
#[test]
fn a_letter_is_laid_out_as_one() {
    let folder =
        edited(&[Edit {
            file: "disclosure.yaml", from: "sender:\n", to: "sender:\n  addressee: 院長 青葉 一子\n"
        }]);
    let out = report(path(&folder), &["letter"], &["html", "pdf", "docx"]);
    let html = fs::read_to_string(out.path().join("letter.html")).expect("readable");
    let places: Vec<usize> = [
        "<p class=\"aligned right\">MO-SEC",
        "<p class=\"aligned left\">あおば内科クリニック</p>",
        "院長 青葉 一子 様",
        "<p class=\"aligned right\">株式会社みおつくし</p>",
        "安全管理に関する資料の送付について",
        "拝啓",
        "<p class=\"aligned right\">敬具</p>",
        "<p class=\"aligned center\">記</p>",
        "<p class=\"aligned right\">以上</p>",
    ]
    .map(|text| html.find(text).unwrap_or_else(|| panic!("{text}: {html}")))
    .into();
    assert!(places.is_sorted(), "{places:?}");
    assert!(!html.contains("御中"), "one honorific is enough");
    let word = out.path().join("letter.docx");
    assert_eq!(contained(&word, &["w:jc w:val=\"right\"", "w:jc w:val=\"center\""]).len(), 2);
}

/// DOC-001: a municipal hospital's preset makes 例規 of the documents; two holes and the 決裁欄 are there when asked for.
#[test]
fn a_preset_makes_municipal_rules() {
    let preset = "preset: municipal\n  binding: two-hole\n  approval_boxes: [起案, 課長, 部長]";
    let folder = edited(&[Edit { file: "shirube.yaml", from: "dates: era", to: preset }]);
    let out = report(path(&folder), &["operating-rules"], &["html", "docx", "md", "xlsx"]);
    let text = fs::read_to_string(out.path().join("operating-rules.md")).expect("readable");
    for said in ["第１条（", "第１章", "第12条", "令和９年４月１日", "第６条"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("第1条"), "{text}");
    let html = fs::read_to_string(out.path().join("operating-rules.html")).expect("readable");
    assert!(html.contains("margin: 25mm 17mm 25mm 30mm"), "{html}");
    assert!(html.contains("<th scope=\"col\">起案</th><th scope=\"col\">課長</th>"), "{html}");
    // 30 mm in twentieths of a point.
    let word = contained(&out.path().join("operating-rules.docx"), &["w:left=\"1701\"", "decimalFullWidth", "起案"]);
    assert_eq!(word.len(), 3, "{word:?}");
    assert_eq!(contained(&out.path().join("operating-rules.xlsx"), &["起案", "部長"]).len(), 2);
}

/// DOC-001: the preset of providers writes western years, and somebody's own choice of dates wins over any preset.
#[test]
fn dates_follow_the_preset_unless_somebody_chose() {
    for (chosen, said) in [
        ("preset: provider", "2027年4月1日"),
        ("preset: provider\n  dates: era", "令和9年4月1日"),
        ("preset: municipal\n  dates: western", "2027年４月１日"),
    ] {
        let folder = edited(&[Edit { file: "shirube.yaml", from: "dates: era", to: chosen }]);
        let out = report(path(&folder), &["operating-rules"], &["md"]);
        let text = fs::read_to_string(out.path().join("operating-rules.md")).expect("readable");
        assert!(text.contains(said), "{chosen}: {text}");
    }
}
