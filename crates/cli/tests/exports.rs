//! Editions as plain data: JSON, CSV and workbooks (requirements INTEROP, CATALOG).

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::held::{array, editions, export, text};
use support::{copy_of_sample, json, path, shirube};

/// INTEROP-001, INTEROP-008: JSON says its format and version and CSV has the same rows under the same names; both have
/// every item, and both say how sure it is.
#[test]
fn json_and_csv_have_the_same_documented_fields() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let documented =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/exchange.md")).expect("docs");
    for edition in editions() {
        let (json_file, csv_file) = (dir.path().join("edition.json"), dir.path().join("edition.csv"));
        export(&edition, "json", &json_file);
        export(&edition, "csv", &csv_file);
        let value: Value = serde_json::from_slice(&fs::read(&json_file).expect("readable")).expect("JSON");
        assert!(value["format"] == "shirube-catalog" && value["version"] == 1, "{edition}");
        let list = json(&["catalog", "list", &edition, "--format", "json"]);
        assert_eq!(value["partial"], list["certainty"] != "seen", "{edition}");
        assert_eq!((&value["outline"], &value["gaps"]), (&list["outline"], &list["gaps"]), "{edition}");
        let csv = fs::read_to_string(&csv_file).expect("UTF-8");
        let mut reader = csv::Reader::from_reader(csv.strip_prefix('\u{feff}').expect("a mark").as_bytes());
        let heading = reader.headers().expect("a heading").clone();
        for name in &heading {
            assert!(documented.contains(&format!("`{name}`")), "docs/exchange.md does not explain {name}");
        }
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).filter(|row| &row[20] == "item").collect();
        let entries = array(&value, "entries");
        assert_eq!((rows.len(), entries.len()), (array(&list, "entries").len(), rows.len()), "{edition}");
        for ((row, entry), listed) in rows.iter().zip(entries).zip(array(&list, "entries")) {
            for (name, cell) in heading.iter().zip(row) {
                // Spreadsheets would run what begins like a formula.
                let cell = cell.strip_prefix('\'').unwrap_or(cell).replace("\r\n", "\n");
                assert_eq!(cell, text(entry, name), "{edition} {name}");
                if listed.get(name).is_some() {
                    assert_eq!(cell, text(listed, name), "{edition} {name}");
                }
            }
        }
    }
}

/// CATALOG-022: the workbook of a partial edition says so before its first row.
#[test]
fn a_workbook_says_what_it_does_not_hold() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for edition in ["pg-1.0", "mhlw-6.0", "cyber-2026"] {
        let file = dir.path().join(format!("{edition}.xlsx"));
        export(edition, "xlsx", &file);
        let wanted = ["収録は一部又は推定を含みます", "データ", "certainty"];
        let found = support::contained::contained(&file, &wanted);
        let list = json(&["catalog", "list", edition, "--format", "json"]);
        assert_eq!(found.iter().any(|text| text == wanted[0]), list["certainty"] != "seen", "{edition}: {found:?}");
        assert!(found.len() >= 2, "{edition}: a sheet to print and a sheet of data: {found:?}");
    }
}

/// INTEROP-001: official wording goes out only when asked for, and says where it comes from.
#[test]
fn official_wording_is_exported_only_with_the_users_folder() {
    let dir = copy_of_sample();
    let official = dir.path().join("official");
    fs::create_dir_all(&official).expect("made");
    let brought = r#"{"edition":"pg-1.0","source":"手元の写し.txt","sha256":"00","items":[{"id":"1.1①-1","text":"取り込んだ*公式の*文言","confidence":0.95}]}"#;
    fs::write(official.join("pg-1.0.json"), brought).expect("written");
    for (format, escaped) in [
        ("oscal", r"取り込んだ\\*公式の\\*文言"),
        ("json", "取り込んだ*公式の*文言"),
        ("csv", "取り込んだ*公式の*文言"),
    ] {
        for with in [false, true] {
            let out = dir.path().join(format!("out-{format}-{with}"));
            let mut args =
                vec!["catalog", "export", "pg-1.0", "--format", format, "--out", out.to_str().expect("UTF-8")];
            if with {
                args.extend(["--with", path(&dir)]);
            }
            let ran = shirube(&args);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            let file = if format == "oscal" { out.join("catalog.json") } else { out };
            let written = fs::read_to_string(file).expect("UTF-8");
            assert_eq!(written.contains(escaped), with, "{format}");
            assert_eq!(written.contains("手元の写し.txt"), with, "{format}");
        }
    }
}

/// What cannot be exported is said, with what can.
#[test]
fn what_cannot_be_exported_is_said() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let out = dir.path().join("out");
    let out = out.to_str().expect("UTF-8");
    let rows: [(&[&str], i32, &str); 4] = [
        (&["catalog", "export", "mhlw-99", "--format", "json", "--out", out], 2, "版「mhlw-99」はありません"),
        (&["catalog", "export", "mhlw-5.1", "--format", "json", "--out", out], 2, "名前だけを知っています"),
        (&["catalog", "export", "pg-1.0", "--format", "docx", "--out", out], 2, "oscal"),
        (&["catalog", "export", "pg-1.0", "--format", "csv"], 2, "--out"),
    ];
    for (args, code, says) in rows {
        let ran = shirube(args);
        assert!(ran.code == code && ran.stderr.contains(says), "{args:?}: {} {}", ran.code, ran.stderr);
    }
    assert!(!Path::new(out).exists());
}

/// CATALOG-011, INTEROP-001, INTEROP-008: what was exported as CSV or JSON is read back as a user's own list, nothing is
/// lost on the way, and an export of that list says that a user brought it.
#[test]
fn an_exported_edition_comes_back_as_a_list_of_the_users_own() {
    for format in ["csv", "json"] {
        let dir = copy_of_sample();
        let file = dir.path().join(format!("exported.{format}"));
        export("mhlw-7.0", format, &file);
        let signed = ["--by", "標 一郎", "--on", "2026-11-20", "--reason", "書き出したものを読み戻す"];
        let add = ["catalog", "add", file.to_str().expect("UTF-8"), "--into", path(&dir), "--edition", "own-back"];
        let ran = shirube(&[&add[..], &["--title", "読み戻した一覧"], &signed].concat());
        assert!(ran.code < 2, "{format}: {}{}", ran.stdout, ran.stderr);
        let approve =
            ["catalog", "approve", path(&dir), "--edition", "own-back", "--by", "港 四郎", "--on", "2026-11-21"];
        assert_eq!(shirube(&approve).code, 0, "{format}");
        let as_list = |edition: &str, with: &[&str]| -> Value {
            let out = dir.path().join(format!("{edition}-again.json"));
            let out = out.to_str().expect("UTF-8");
            let ran = shirube(&[&["catalog", "export", edition, "--format", "json", "--out", out], with].concat());
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            serde_json::from_slice(&fs::read(out).expect("readable")).expect("JSON")
        };
        let (before, after) = (as_list("mhlw-7.0", &[]), as_list("own-back", &["--with", path(&dir)]));
        assert_eq!(array(&before, "entries").len(), array(&after, "entries").len(), "{format}");
        for (before, after) in array(&before, "entries").iter().zip(array(&after, "entries")) {
            for (name, value) in before.as_object().expect("an item") {
                assert!(name == "edition" || value == &after[name], "{format} {name}: {value} and {}", after[name]);
            }
            assert!(text(after, "added").contains("利用者"), "{after}");
        }
        assert_eq!(after["wording"]["kind"], "brought");
        let out = dir.path().join("oscal");
        let folder = out.to_str().expect("UTF-8");
        let oscal = ["catalog", "export", "own-back", "--format", "oscal", "--out", folder, "--with", path(&dir)];
        assert_eq!(shirube(&oscal).code, 0);
        let catalog = fs::read_to_string(out.join("catalog.json")).expect("a catalog");
        assert!(catalog.contains("\"brought\"") && !catalog.contains("own-summary"), "{format}");
    }
}
