use super::*;
use crate::conformity::ConformityFile;

/// Rules and places of what a check tells.
fn told(records: &Records) -> Vec<(&'static str, usize, String)> {
    let known = Known::default();
    check(records, &known).into_iter().map(|told| (told.rule, told.row, told.column)).collect()
}

const HEADINGS: [&str; 7] = ["管理番号", "状態", "管理する者", "使用開始日", "使用期限", "保管場所", "写し"];

/// OPS-014, OPS-015: what is missing, contradictory or not approved is told with its row.
#[test]
fn a_check_names_row_and_column() {
    let good = ["T-1", "使用中", "岸 五郎", "2026-01-01", "2027-01-01", "", ""];
    type Case<'a> = (&'a [[&'a str; 7]], &'a [[&'a str; 6]], &'a [(&'static str, usize, &'static str)]);
    let cases: [Case; 10] = [
        (&[good], &[], &[]),
        (&[["T-1", "", "", "2026-01-01", "", "", ""]], &[], &[("register-required", 2, "管理する者")]),
        (&[["T-1", "", "岸", "2026-02-01", "2026-01-01", "", ""]], &[], &[("register-dates", 2, "使用期限")]),
        (&[["T-1", "", "岸", "2026-02-01", "", "月の裏", ""]], &[], &[("register-reference", 2, "保管場所")]),
        (&[["T-1", "", "岸", "2026-02-01", "", "", "T-9"]], &[], &[("register-reference", 2, "写し")]),
        (&[["T-1", "廃棄済み", "岸", "2026-02-01", "", "", "T-1"]], &[], &[("register-approval", 2, "状態")]),
        (
            &[["T-1", "廃棄待ち", "岸", "2026-02-01", "", "", "T-1"]],
            &[["2026-03-01", "tapes", "T-1", "廃棄した", "港", ""]],
            &[("register-step", 2, "内容"), ("register-state", 2, "状態")],
        ),
        (
            &[["T-1", "廃棄済み", "岸 五郎", "2026-02-01", "", "", "T-1"]],
            &[
                ["2026-03-01", "tapes", "T-1", "使い終えた", "岸", ""],
                ["2026-03-02", "tapes", "T-1", "廃棄した", "岸五郎", ""],
            ],
            &[("register-other-than", 3, "人")],
        ),
        (
            &[["T-1", "廃棄済み", "岸", "2026-02-01", "", "", "T-1"]],
            &[
                ["2026-03-01", "tapes", "T-1", "使い終えた", "岸", ""],
                ["2026-03-02", "tapes", "T-1", "廃棄した", "", ""],
            ],
            &[("register-approval", 3, "人")],
        ),
        (&[good], &[["2026-03-01", "tapes", "T-7", "劣化の確認", "岸", "済"]], &[("register-log-entry", 2, "番号")]),
    ];
    for (table, log, expected) in cases {
        let table: Vec<&[&str]> = table.iter().map(|row| &row[..]).collect();
        let log: Vec<&[&str]> = log.iter().map(|row| &row[..]).collect();
        let expected: Vec<_> = expected.iter().map(|(rule, row, column)| (*rule, *row, (*column).to_owned())).collect();
        assert_eq!(told(&records(&HEADINGS, &table, &log)), expected, "{table:?} {log:?}");
    }
}

/// EVID-017: an answer that claims something is held against the newest record, its age and what is overdue.
#[test]
fn evidence_ages_and_overdue_duties_show_on_their_control() {
    let answers = |status: &str| -> ConformityFile {
        let answers = serde_json::json!({ "answers": [{ "control": "1.5②-1", "status": status, "how": "x" }] });
        serde_json::from_value(answers).expect("answers")
    };
    let gaps = |records: &Records, status: &str, on: &str, control: &str| {
        let all = evidence(records, &answers(status), day(on));
        all.into_iter().find(|one| one.control.to_string() == control).map(|one| one.gaps()).expect("it is there")
    };
    let old = tape("2025-01-31", &[]);
    assert_eq!(gaps(&old, "met", "2026-02-28", "1.5②-1"), []);
    assert_eq!(gaps(&old, "met", "2026-03-01", "1.5②-1"), [Gap::Old]);
    assert_eq!(gaps(&old, "not-applicable", "2026-03-01", "1.5②-1"), [], "it claims nothing");
    assert_eq!(gaps(&old, "met", "2026-03-01", "3.21②-1"), [Gap::Overdue]);
    let fresh = tape("2025-01-31", &[&["2026-03-01", "tapes", "T-1", "劣化の確認", "岸", "済"]]);
    assert_eq!(gaps(&fresh, "met", "2026-03-01", "1.5②-1"), []);
    assert_eq!(gaps(&fresh, "met", "2026-03-01", "3.21②-1"), []);
    let none = records(&HEADINGS, &[], &[]);
    assert_eq!(gaps(&none, "met", "2026-03-01", "1.5②-1"), [Gap::None]);
}

/// EVID-005: closed entries stay for the agreed period; a hold keeps them whatever it is.
#[test]
fn closed_entries_stay_as_long_as_was_agreed() {
    let log: [&[&str]; 2] = [
        &["2026-02-01", "tapes", "T-1", "使い終えた", "岸", ""],
        &["2026-02-28", "tapes", "T-1", "廃棄した", "港", ""],
    ];
    let with = |hold: &str, log: &[&[&str]]| {
        records(
            &["管理番号", "状態", "管理する者", "使用開始日", "保全"],
            &[&["T-1", "廃棄済み", "岸", "2024-01-01", hold]],
            log,
        )
    };
    let until =
        |records: &Records| kept(records, &records.registers[0]).iter().map(|kept| kept.until).collect::<Vec<_>>();
    assert_eq!(until(&with("", &log)), [Until::NotAgreed]);
    let agreed = |mut records: Records| {
        let file =
            serde_json::json!({ "retention": [{ "register": "tapes", "keep": { "years": 5 }, "basis": "契約" }] });
        records.periods = serde_json::from_value(file).expect("periods");
        until(&records)
    };
    assert_eq!(agreed(with("", &log)), [Until::Day(day("2031-02-28"))]);
    assert_eq!(agreed(with("はい", &log)), [Until::Held]);
    assert_eq!(agreed(with("", &[])), [Until::ClosedUnknown]);
}

/// Every mistake of every row comes at once, with what would be right.
#[test]
fn mistakes_are_told_all_at_once() {
    let table = rows(&[
        &["管理番号", "状態", "使用開始日", "使用期眼", ""],
        &["T-1", "使用済", "きのう", "", "余り"],
        &["T-1", "使用中", "令和8年13月1日", "", ""],
        &["", "", "", "", ""],
        &["", "使用中", "2026-01-01", "", ""],
    ]);
    let mistakes = read_entries(&register(), &table, "t.csv").unwrap_err();
    for (row, column, says) in [
        (1, "使用期眼", "「使用期限」ではありませんか"),
        (2, "状態", "書けるのは、使用中、廃棄待ち、廃棄済みです"),
        (2, "使用開始日", "読めません"),
        (2, "", "見出しのない列"),
        (3, "使用開始日", "読めません"),
        (3, "番号", "2行目にもあります"),
        (5, "管理番号", "空です"),
    ] {
        let found =
            mistakes.iter().any(|one| (one.row, one.column.as_str()) == (row, column) && one.message.contains(says));
        assert!(found, "{row} {column} {says}: {mistakes:#?}");
    }
    let lines = rows(&[&LOG_COLUMNS[..6], &["2026-02-30", "テープ", "T-1", "確認", "岸", "よし"]]);
    let mistakes = read_log(&[register()], &lines, "log.csv").unwrap_err();
    let columns: Vec<&str> = mistakes.iter().map(|mistake| mistake.column.as_str()).collect();
    assert_eq!(columns, ["日付", "台帳", "結果"]);
}

/// Extensions add, and never take away; declarations of one's own are held together like the embedded ones.
#[test]
fn own_declarations_are_laid_over_the_embedded_ones() {
    let file = |value: Value| -> RegisterFile { serde_json::from_value(value).expect("a file") };
    let laid_with = |stem: &str, value: Value| laid(&[(stem.to_owned(), file(value))].into());
    let own = declaration();
    let registers = laid_with("tapes", own.clone()).expect("it holds together");
    assert!(registers.iter().any(|register| register.id == "tapes"));
    let longer = json!({ "extends": "media", "options": { "kind": ["MO"] },
        "fields": [{ "id": "shelf", "title": "棚の番号", "kind": "text" }], "print": { "columns": ["shelf"] } });
    let registers = laid_with("media-shelf", longer).expect("it adds");
    let media = registers.iter().find(|register| register.id == "media").expect("it is embedded");
    assert!(media.field("shelf").is_some() && media.print.columns.contains(&"shelf".to_owned()));
    assert!(media.field("kind").is_some_and(|field| field.options.contains(&"MO".to_owned())));
    for (stem, value, pointer) in [
        ("other", own, "/id"),
        ("media-states", json!({ "extends": "media", "states": [{ "id": "x", "title": "x" }] }), "/states"),
        (
            "media-field",
            json!({ "extends": "media", "fields": [{ "id": "kind", "title": "別", "kind": "text" }] }),
            "/fields/0/id",
        ),
        ("media-none", json!({ "extends": "nothing" }), "/extends"),
        ("media-kind", json!({ "extends": "media", "options": { "label": ["x"] } }), "/options/label"),
        ("empty", json!({ "id": "empty" }), ""),
    ] {
        let faults = laid_with(stem, value).unwrap_err();
        assert!(faults[stem].iter().any(|fault| fault.pointer == pointer), "{stem}: {faults:?}");
    }
}

/// What a filled table lacks stays; an empty cell empties; a missing column changes nothing.
#[test]
fn a_filled_table_is_laid_over_what_is_kept() {
    let kept = records(
        &HEADINGS,
        &[&["T-1", "", "岸", "2026-01-01", "2027-01-01", "", ""], &["T-2", "", "岬", "2026-01-01", "", "", ""]],
        &[],
    );
    let register = &kept.registers[0];
    let table =
        rows(&[&["管理番号", "使用開始日", "使用期限"], &["T-1", "2026-01-02", ""], &["T-3", "2026-05-01", ""]]);
    let filled = read_entries(register, &table, "t.csv").expect("a table");
    let taken = take(register, kept.entries("tapes"), &filled);
    let changes: Vec<(&str, &str, &str)> =
        taken.changes.iter().map(|one| (one.column.as_str(), one.before.as_str(), one.after.as_str())).collect();
    assert_eq!(changes, [("使用開始日", "2026-01-01", "2026-01-02"), ("使用期限", "2027-01-01", "")]);
    assert_eq!((taken.added, taken.left), (vec!["T-3".to_owned()], vec!["T-2".to_owned()]));
    assert_eq!(taken.entries[0].text("keeper"), "岸");
    assert_eq!(taken.entries.len(), 3);
}
