//! Registers through the binary: declared, kept in tables and one log, checked, due, proved, printed, and exchanged.

mod support;

use std::fs;
use std::process::Command;

use serde_json::Value;
use support::own::{tree, write};
use support::{copy_of_sample, folder_with, json, path, sample, shirube};

/// A register of one's own, so that the tests do not depend on what the embedded ones declare.
const VISITS: &str = "
id: visits
title: 立入りの記録
group: sites
purpose: 誰がいつ立ち入ったかを書きます。
sources: [社内規程 第3条]
entry: 立入り
evidences:
  - { control: 1.5②-1, fresh: { months: 13 } }
fields:
  - { id: number, title: 記録の番号, kind: text, required: true, unique: true }
  - { id: visitor, title: 立ち入った者, kind: person, required: true, personal: true }
  - { id: came_at, title: 立ち入った日時, kind: time, required: true }
  - { id: left_at, title: 退いた日時, kind: time, not_before: came_at, required: [closed] }
  - { id: place, title: 場所, kind: site }
  - { id: purpose, title: 目的, kind: choice, options: [保守, 見学] }
states:
  - { id: inside, title: 立入り中 }
  - { id: closed, title: 退出済み, closed: true }
steps:
  - { id: leave, title: 退出を確かめた, from: [inside], to: closed, requires: [left_at], by: approver, other_than: visitor }
duties:
  - { id: review, title: 記録の点検, per: register, agreed: true, owner: 施設の責任者, evidences: [1.5②-3] }
  - { id: ask, title: 退出を確かめる, per: entry, after: { field: came_at, hours: 24 }, owner: 施設の責任者 }
print: { landscape: true, columns: [number, visitor, came_at, left_at, place] }
";

const HEADINGS: &str = "記録の番号,状態,立ち入った者,立ち入った日時,退いた日時,場所,目的\n";

/// A small service that keeps visits.
fn kept(rows: &str, log: &str) -> tempfile::TempDir {
    let dir = folder_with("sites:\n  - { id: 本社, name: 本社, owner: 自社, side: provider }\n");
    write(&dir, "registers/visits.yaml", VISITS);
    write(&dir, "operations/visits.csv", &format!("{HEADINGS}{rows}"));
    if !log.is_empty() {
        write(&dir, "operations/log.csv", &format!("日付,台帳,番号,内容,人,結果,備考,証跡\n{log}"));
    }
    dir
}

const ONE: &str = "V-1,立入り中,客 一郎,2026-09-30 09:30,,本社,保守\n";

/// What check tells of the records: rule, file, row and column.
fn told(dir: &tempfile::TempDir) -> Vec<String> {
    let checked = json(&["check", path(dir), "--format", "json"]);
    let records = checked["records"].as_array().unwrap_or_else(|| panic!("{checked:#}"));
    records
        .iter()
        .map(|one| format!("{} {} {} {}", text(one, "rule"), text(one, "file"), one["row"], text(one, "column")))
        .collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key}: {value}"))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key}: {value}"))
}

/// OPS-002, OPS-014: every embedded register is listed, shown, and given as an empty form.
#[test]
fn every_embedded_register_has_its_form() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let all = json(&["register", "list", "--format", "json"]);
    for register in list(&all, "registers") {
        let id = text(register, "id");
        let shown = shirube(&["register", "show", id]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        for field in list(register, "fields") {
            assert!(shown.stdout.contains(text(field, "title")), "{id}: {field}");
        }
        let file = out.path().join(format!("{id}.xlsx"));
        let ran = shirube(&["register", "template", id, "--out", file.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(fs::metadata(&file).expect("written").len() > 1000);
    }
    let unknown = shirube(&["register", "show", "mediaa"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("「mediaa」という台帳はありません"), "{}", unknown.stderr);
}

/// OPS-002, OPS-005, OPS-077: the sample keeps its media; one check is overdue on 2026-10-01, and nothing else is wrong.
#[test]
fn the_sample_keeps_its_media() {
    let sample = sample();
    let sample = sample.to_str().expect("UTF-8");
    let checked = json(&["check", sample, "--format", "json"]);
    assert_eq!(list(&checked, "records"), &[] as &[Value]);
    let duties = json(&["duties", sample, "--on", "2026-10-01", "--until", "2027-01-31", "--format", "json"]);
    let overdue: Vec<(&str, &str, &str)> = list(&duties, "duties")
        .iter()
        .filter(|duty| duty["overdue"] == true)
        .map(|duty| (text(duty, "entry"), text(duty, "duty"), text(duty, "day")))
        .collect();
    assert_eq!(overdue, [("USB-07", "condition", "2026-09-15")]);
    let next = list(&duties, "duties").iter().find(|duty| duty["duty"] == "stocktaking").expect("it is listed");
    assert_eq!((text(next, "day"), next["last"].as_str()), ("2027-01-01", Some("2026-09-28")), "{next}");
}

/// OPS-077: overdue duties end with 1, none with 0; the days come as table, CSV, JSON and papers.
#[test]
fn duties_come_in_every_form() {
    let dir = kept(ONE, "");
    for (on, code, says) in [("2026-10-01", 0, "これからのもの1件"), ("2026-10-02", 1, "期日を過ぎたもの1件")]
    {
        let ran = shirube(&["duties", path(&dir), "--on", on]);
        assert_eq!(ran.code, code, "{on}: {}", ran.stderr);
        assert!(ran.stdout.contains(says), "{on}: {}", ran.stdout);
        assert!(ran.stdout.contains("周期をまだ決めていません"), "no period is invented: {}", ran.stdout);
    }
    let csv = shirube(&["duties", path(&dir), "--on", "2026-10-01", "--format", "csv"]).stdout;
    assert!(csv.starts_with("\u{feff}\"期日\"") && csv.contains("\"2026-10-01\""), "{csv}");
    for ending in ["pdf", "xlsx", "docx", "html", "md", "json", "csv"] {
        let file = dir.path().join(format!("予定表.{ending}"));
        let ran = shirube(&["duties", path(&dir), "--on", "2026-10-01", "--out", file.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(file.is_file(), "{ending}");
    }
    let paper = fs::read_to_string(dir.path().join("予定表.md")).expect("written");
    assert!(paper.contains("退出を確かめる") && paper.contains("期日の分からないもの"), "{paper}");
    for (args, says) in [
        (["--on", "2026-10-01", "--until", "2026-09-01"], "--until は"),
        (["--on", "きのう", "--until", "2026-09-01"], "--on の"),
    ] {
        let ran = shirube(&[&["duties", path(&dir)][..], &args].concat());
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
}

/// OPS-077: calendars take the days in; the same duty keeps its identifier when the file is made again.
#[test]
fn duties_go_into_calendars() {
    let dir = kept(ONE, "");
    write(
        &dir,
        "operations/periods.yaml",
        "duties:\n  - { register: visits, duty: review, every: { months: 1 }, from: 2026-08-31, basis: 合意 }\n",
    );
    let made =
        |on: &str| shirube(&["duties", path(&dir), "--on", on, "--until", "2026-12-31", "--format", "ics"]).stdout;
    let file = dir.path().join("務め.ics");
    let script = "import sys, json, icalendar\n\
        calendar = icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())\n\
        print(json.dumps([[str(e['UID']), str(e['DTSTART'].dt), str(e['SUMMARY']), str(e['DTSTAMP'].dt)[:10]] for e in calendar.walk('VEVENT')]))";
    let read = |ics: &str| -> Vec<[String; 4]> {
        fs::write(&file, ics).expect("written");
        let ran = Command::new("python3").args(["-c", script]).arg(&file).output().expect("Python 3");
        let errors = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "install the PyPI package icalendar\n{errors}");
        serde_json::from_slice(&ran.stdout).expect("JSON")
    };
    let (first, again) = (read(&made("2026-09-20")), read(&made("2026-10-01")));
    let days: Vec<&str> = first.iter().map(|event| event[1].as_str()).collect();
    assert_eq!(days, ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-30", "2026-12-31"]);
    assert!(first[1][2].contains("立入りの記録「V-1」 退出を確かめる（09:30まで）"), "{first:?}");
    assert!(first.iter().all(|event| event[3] == "2026-09-20") && again.iter().all(|event| event[3] == "2026-10-01"));
    let ids = |events: &[[String; 4]]| events.iter().map(|event| event[0].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&again), "the day that is overdue is the same");
    let distinct: std::collections::BTreeSet<String> = ids(&first).into_iter().collect();
    assert_eq!(distinct.len(), first.len());
}

/// OPS-014, OPS-015: what is missing, contradictory or not approved is told by check with file, row and column.
#[test]
fn check_names_file_row_and_column() {
    let closed = "V-1,退出済み,客 一郎,2026-09-30 09:30,2026-09-30 10:30,本社,保守\n";
    for (rows, log, expected) in [
        (ONE, "", &[][..]),
        ("V-1,,,2026-09-30,,,\n", "", &["register-required operations/visits.csv 2 立ち入った者"][..]),
        ("V-1,,客,2026-09-30,,月,\n", "", &["register-reference operations/visits.csv 2 場所"]),
        (closed, "", &["register-approval operations/visits.csv 2 状態"]),
        (closed, "2026-09-30,visits,V-1,退出を確かめた,岸,,,\n", &[]),
        (closed, "2026-09-30,立入りの記録,V-1,leave,客　一郎,,,\n", &["register-other-than operations/log.csv 2 人"]),
        (closed, "2026-09-30,visits,V-1,退出を確かめた,,,,\n", &["register-approval operations/log.csv 2 人"]),
        (ONE, "2026-09-30,visits,V-9,退出を確かめる,岸,済,,\n", &["register-log-entry operations/log.csv 2 番号"]),
        (
            "V-1,退出済み,客,2026-09-30 10:00,2026-09-30 09:59,,\n",
            "2026-09-30,visits,V-1,退出を確かめた,岸,,,\n",
            &["register-dates operations/visits.csv 2 退いた日時"],
        ),
    ] {
        assert_eq!(told(&kept(rows, log)), expected, "{rows}{log}");
    }
    let dir = kept(closed, "");
    let human = shirube(&["check", path(&dir)]);
    assert!(human.stdout.contains("operations/visits.csv\n  [要対応] 2行目 状態: "), "{}", human.stdout);
    assert_eq!(human.code, 1);
    let sarif = json(&["check", path(&dir), "--format", "sarif"]);
    let results = list(&sarif["runs"][0], "results");
    let place = &results.iter().find(|one| one["ruleId"] == "register-approval").expect("a result")["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "operations/visits.csv");
    assert_eq!(place["physicalLocation"]["region"]["startLine"], 2);
}

/// What cannot be read ends with 2, every mistake of every file at once, each with its place and what would be right.
#[test]
fn mistakes_come_all_at_once() {
    let dir = kept("V-1,いる,客,きのう,,,\nV-1,,客,2026-10-01,,,遊び\n", "2026-13-01,visit,V-1,見た,,,,\n");
    write(
        &dir,
        "operations/periods.yaml",
        "duties:\n  - { register: visits, duty: reviw, every: { months: 1 }, basis: 合意 }\n",
    );
    write(&dir, "operations/visit.csv", "番号\n");
    for command in [&["check", path(&dir)][..], &["duties", path(&dir)], &["evidence", path(&dir)]] {
        let ran = shirube(command);
        assert_eq!(ran.code, 2, "{command:?} {}", ran.stdout);
        for says in [
            "operations/visits.csv 2行目「状態」: 「いる」という状態はありません。書けるのは、立入り中、退出済みです。",
            "operations/visits.csv 2行目「立ち入った日時」: 「きのう」は日時として読めません。",
            "operations/visits.csv 3行目「目的」: 「遊び」は選べません。選べるのは、保守、見学です。",
            "operations/visits.csv 3行目「番号」: 「V-1」は、2行目にもあります。",
            "operations/log.csv 2行目「日付」",
            "operations/log.csv 2行目「台帳」: 「visit」という台帳はありません。",
            "operations/periods.yaml 2行目「duties[1].duty」: 「reviw」という務めはありません。務めのidは、review、askです。",
            "operations/visit.csv 1行目: 「visit」という台帳はありません。",
        ] {
            assert!(ran.stderr.contains(says), "{says}\n{}", ran.stderr);
        }
    }
    let machine = json(&["check", path(&dir), "--format", "json"]);
    assert_eq!(machine["usable"], false);
    assert!(list(&machine, "errors").iter().any(|error| error["file"] == "operations/log.csv" && error["line"] == 2));
}

/// Declarations of one's own are refused with line and what would be right; extensions add, and never take away.
#[test]
fn own_declarations_are_checked_like_the_embedded_ones() {
    let good = kept(ONE, "");
    let longer = "extends: media\noptions: { kind: [MO] }\nfields:\n  - { id: shelf, title: 棚の番号, kind: text }\n";
    write(&good, "registers/media-shelf.yaml", longer);
    let media = json(&["register", "list", path(&good), "--format", "json"]);
    let media = list(&media, "registers").iter().find(|one| one["id"] == "media").expect("it is embedded").clone();
    assert!(list(&media, "fields").iter().any(|field| field["id"] == "shelf"), "{media}");
    for (file, declaration, says) in [
        ("visits", VISITS.replace("kind: site }", "kind: sight }"), "registers/visits.yaml 15行目「fields[5].kind」"),
        ("visits", VISITS.replace("per: entry,", "per: entry, wile: [x],"), "「wile」という項目はありません"),
        (
            "visits",
            VISITS.replace("to: closed", "to: gone"),
            "registers/visits.yaml 21行目「steps[1].to」: 「gone」という状態はありません",
        ),
        ("visits", VISITS.replace("1.5②-3", "9.9①-9"), "対策項目「9.9①-9」は、別紙2にありません"),
        (
            "media-more",
            "extends: media\nstates:\n  - { id: x, title: x }\n".to_owned(),
            "registers/media-more.yaml 2行目「states」: 追加では",
        ),
        ("visits", VISITS.replace("{ months: 13 }", "{ months: 13, days: 1 }"), "期間は、単位を一つだけ書いてください"),
        ("media-more", "extends: medium\n".to_owned(), "「medium」という台帳はありません"),
        ("log", VISITS.replace("id: visits", "id: log"), "ほかの記録のファイルの名前です"),
    ] {
        let dir = kept(ONE, "");
        write(&dir, &format!("registers/{file}.yaml"), &declaration);
        let ran = shirube(&["check", path(&dir)]);
        assert_eq!(ran.code, 2, "{says}: {}", ran.stdout);
        assert!(ran.stderr.contains(says), "{says}\n{}", ran.stderr);
    }
}

/// EVID-016 to EVID-018: what stands behind an answer, how old it is, and what is overdue.
#[test]
fn evidence_shows_records_their_age_and_what_is_missing() {
    let answered = "answers:\n  - { control: 1.5②-1, status: met, how: 台帳につけている。 }\n";
    let evidence = |dir: &tempfile::TempDir, on: &str| {
        let value = json(&["evidence", path(dir), "--on", on, "--control", "1.5②-1", "--format", "json"]);
        let control = list(&value, "controls").first().unwrap_or_else(|| panic!("{value}")).clone();
        let gaps =
            list(&control, "gaps").iter().map(|gap| gap.as_str().expect("a word").to_owned()).collect::<Vec<_>>();
        (control["newest"].as_str().map(str::to_owned), gaps)
    };
    let dir = kept(ONE, "");
    write(&dir, "conformity.yaml", answered);
    assert_eq!(evidence(&dir, "2027-10-31"), (Some("2026-09-30".to_owned()), vec![]));
    assert_eq!(evidence(&dir, "2027-11-01"), (Some("2026-09-30".to_owned()), vec!["old-record".to_owned()]));
    let empty = kept("", "");
    write(&empty, "conformity.yaml", answered);
    assert_eq!(evidence(&empty, "2026-10-01"), (None, vec!["no-record".to_owned()]));
    for (on, code) in [("2027-10-31", 0), ("2027-11-01", 1)] {
        assert_eq!(shirube(&["evidence", path(&dir), "--on", on, "--control", "1.5②-1"]).code, code, "{on}");
    }
    let file = dir.path().join("記録.md");
    let ran = shirube(&["evidence", path(&dir), "--on", "2027-11-01", "--out", file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let paper = fs::read_to_string(file).expect("written");
    assert!(paper.contains("立入りの記録") && paper.contains("397日前") && paper.contains("記録が古い"), "{paper}");
    let unknown = shirube(&["evidence", path(&dir), "--control", "1.5"]);
    assert_eq!(unknown.code, 2);
}

/// OPS-014: a register on paper shows what is missing as such, and leaves out what names people for institutions.
#[test]
fn a_register_is_printed() {
    let dir = kept("V-1,,客 一郎,2026-09-30 09:30,,本社,保守\nV-2,,,2026-10-01 10:00,,,\n", "");
    for ending in ["pdf", "xlsx", "docx", "html", "md", "csv", "json"] {
        let file = dir.path().join(format!("台帳.{ending}"));
        let ran = shirube(&[
            "register",
            "print",
            "visits",
            path(&dir),
            "--on",
            "2026-10-01",
            "--out",
            file.to_str().expect("UTF-8"),
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(file.is_file(), "{ending}");
    }
    let paper = fs::read_to_string(dir.path().join("台帳.md")).expect("written").replace('\\', "");
    assert!(paper.contains("客 一郎") && paper.contains("〔未記載〕") && paper.contains("【案】"), "{paper}");
    assert!(paper.contains("令和8年9月30日 09:30"), "{paper}");
    let file = dir.path().join("写し.csv");
    let args =
        ["register", "print", "立入りの記録", path(&dir), "--for-institution", "--out", file.to_str().expect("UTF-8")];
    assert_eq!(shirube(&args).code, 0);
    let copy = fs::read_to_string(&file).expect("written");
    assert!(copy.contains("V-1") && !copy.contains("客 一郎") && !copy.contains("立ち入った者"), "{copy}");
    let ran = shirube(&["register", "print", "visits", path(&dir), "--out", "台帳.doc"]);
    assert_eq!(ran.code, 2);
    let rows = |more: &[&str]| {
        let shown = json(&[&["register", "show", "visits", path(&dir), "--format", "json"][..], more].concat());
        list(&shown, "entries").iter().map(|entry| text(entry, "id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&[]), ["V-1", "V-2"]);
    assert_eq!(rows(&["--find", "客"]), ["V-1"]);
    assert_eq!(rows(&["--state", "退出済み"]), [] as [&str; 0]);
}

/// OPS-002: the form goes out, other programs fill it, and what it would change is shown before it is written.
#[test]
fn a_filled_workbook_is_taken_in() {
    let dir = kept(ONE, "");
    let book = dir.path().join("立入り.xlsx");
    let book = book.to_str().expect("UTF-8");
    assert_eq!(shirube(&["register", "template", "visits", path(&dir), "--out", book]).code, 0);
    let fill = |cells: &str| {
        let script = format!(
            "import sys, datetime, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\nsheet = book['立入りの記録']\n\
             assert sheet.freeze_panes == 'B2' and sheet.print_title_rows == '$1:$1'\n\
             assert len(sheet.data_validations.dataValidation) == 3\n\
             assert isinstance(sheet['D2'].value, str) and isinstance(sheet['E2'].value, datetime.datetime)\n\
             assert '［日時］' in ''.join(str(row[1].value) for row in book['説明'].iter_rows(min_row=3))\n{cells}\nbook.save(sys.argv[1])\n"
        );
        let ran = Command::new("python3").args(["-c", &script, book]).output().expect("Python 3");
        assert!(ran.status.success(), "install the PyPI package openpyxl\n{}", String::from_utf8_lossy(&ran.stderr));
    };
    fill(
        "sheet['H2'] = '見学'\nsheet['C3'] = 'V-2'\nsheet['D3'] = '客 二郎'\nsheet['E3'] = datetime.datetime(2026, 10, 1, 8, 5)",
    );
    let before = tree(dir.path());
    let shown = shirube(&["register", "take", "visits", path(&dir), book]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.stdout.contains("加える: V-2\n") && shown.stdout.contains("変える: V-1 目的: 保守 → 見学"),
        "{}",
        shown.stdout
    );
    assert_eq!(tree(dir.path()), before, "nothing is written yet");
    assert_eq!(shirube(&["register", "take", "visits", path(&dir), book, "--write"]).code, 0);
    let entries = json(&["register", "show", "visits", path(&dir), "--format", "json"]);
    assert_eq!(entries["entries"][1]["values"]["came_at"][0], "2026-10-01 08:05");
    let again = shirube(&["register", "take", "visits", path(&dir), book, "--write"]);
    assert_eq!(again.stdout, "変わるところはありません。\n");
    fill("sheet['B3'] = 'いる'");
    let wrong = shirube(&["register", "take", "visits", path(&dir), book, "--write"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("立入り.xlsx 3行目「状態」"), "{}", wrong.stderr);
    let other = shirube(&["register", "take", "media", path(&dir), book]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("「visits」のものです"), "{}", other.stderr);
}

/// Tables are read as offices save them: UTF-8 with and without a mark, Shift_JIS, and workbooks.
#[test]
fn tables_are_read_as_offices_save_them() {
    let entries = |dir: &tempfile::TempDir| {
        json(&["register", "show", "visits", path(dir), "--format", "json"])["entries"].clone()
    };
    let plain = kept(ONE, "");
    let expected = entries(&plain);
    assert_eq!(expected[0]["values"]["visitor"][0], "客 一郎");
    let file = plain.path().join("operations/visits.csv");
    fs::write(&file, format!("\u{feff}{HEADINGS}{ONE}").replace('\n', "\r\n")).expect("written");
    assert_eq!(entries(&plain), expected);
    let script = "import sys\ntext = open(sys.argv[1], encoding='utf-8-sig').read()\nopen(sys.argv[1], 'w', encoding='cp932').write(text)";
    assert!(Command::new("python3").args(["-c", script]).arg(&file).status().expect("Python 3").success());
    assert_eq!(entries(&plain), expected);
    let book = plain.path().join("operations/visits.xlsx");
    assert_eq!(
        shirube(&["register", "template", "visits", path(&plain), "--out", book.to_str().expect("UTF-8")]).code,
        0
    );
    let two = shirube(&["check", path(&plain)]);
    assert_eq!(two.code, 2);
    assert!(two.stderr.contains("operations/visits.xlsx 1行目: 「visits.csv」もあります"), "{}", two.stderr);
    fs::remove_file(file).expect("removed");
    assert_eq!(entries(&plain), expected);
}

/// A folder without records behaves as before; a table without rows and files of others in `operations` say nothing.
#[test]
fn a_folder_without_records_says_nothing_of_them() {
    let dir = copy_of_sample();
    fs::remove_dir_all(dir.path().join("operations")).expect("removed");
    let with = json(&["check", sample().to_str().expect("UTF-8"), "--format", "json"]);
    assert_eq!(json(&["check", path(&dir), "--format", "json"]), with);
    assert_eq!(shirube(&["duties", path(&dir), "--on", "2026-10-01"]).code, 0);
    let evidence = shirube(&["evidence", path(&dir), "--on", "2026-10-01"]);
    assert_eq!((evidence.code, evidence.stdout.contains("示す記録はありません")), (0, true), "{}", evidence.stdout);
    write(&dir, "operations/outages.csv", "番号,開始,終了\n");
    write(&dir, "operations/メモ.txt", "x");
    assert_eq!(json(&["check", path(&dir), "--format", "json"]), with);
}
