use std::collections::BTreeMap;

use chrono::NaiveDate;
use shirube_catalog::registers;

use super::*;
use crate::operation::register::{Book, Records, read_entries, read_log};
use crate::stated::MaintenanceNotice;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn rows(lines: &[&str]) -> Vec<Vec<String>> {
    lines.iter().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn book(id: &str, lines: &[&str]) -> Book {
    let register = registers().iter().find(|one| one.id == id).expect("declared");
    read_entries(register, &rows(lines), &format!("operations/{id}.csv")).expect("it can be read")
}

const HEAD: &str = "番号,状態,件名,保守の種類,対象の医療機関等,開始予定の日時,停止の始め,緊急とする理由,告知・連絡した日,始めた日時,終えた日時";
const CONSENT: &str = "保守の記録,医療機関等,状態,承諾を求めた日,答えのあった日,答えを示すもの,承諾がなくなった日";

fn records(notice: &str, consents: &[&str], log: &[&str]) -> Records {
    let lines: Vec<&str> = [CONSENT].into_iter().chain(consents.iter().copied()).collect();
    let head = "日付,台帳,番号,内容,人,結果,備考,証跡";
    let log: Vec<&str> = [head].into_iter().chain(log.iter().copied()).collect();
    Records {
        registers: registers().to_vec(),
        books: vec![book(NOTICES, &[HEAD, notice]), book(CONSENTS, &lines)],
        log: read_log(registers(), &rows(&log), "operations/log.csv").expect("it can be read"),
        ..Records::default()
    }
}

fn terms(notice: Option<u32>) -> Terms {
    let patch = notice.map(|_| 3);
    Terms::of(
        MaintenanceNotice { notice_days: notice, patch_notice_days: patch, ..MaintenanceNotice::default() },
        BTreeMap::new(),
    )
}

const HURRY: &str = "2026-10-05,maintenance-notices,M-1,hurry,森 一美,,,";

/// OPS-020, T-20: every class, with and without its exceptions, on 2026-10-10.
#[test]
fn each_class_asks_for_what_the_table_says() {
    let asked = "M-1,甲医院,回答待ち,2026-09-20,,,";
    let yes = "M-1,甲医院,承諾,2026-09-20,2026-09-25,メール,";
    let late = "M-1,甲医院,承諾,2026-09-20,2026-10-11,メール,";
    let no = "M-1,甲医院,不承諾,2026-09-20,2026-09-25,,";
    let all = ",甲医院,包括的事前承諾,,2025-04-01,合意書6.5,";
    let ended = ",甲医院,承諾がなくなった,,2025-04-01,合意書6.5,2026-10-01";
    let unproved = ",甲医院,包括的事前承諾,,2025-04-01,,";
    let (a, b, vendor) =
        ("ア パターンファイル・ファームウェア", "イ セキュリティパッチ", "イ 提供元が緊急かつ重要とするパッチ");
    let (c, blanket) = ("ウ その他のプログラムの改変", "ウ 包括的事前承諾の対象");
    let told = "2026-09-20";
    for (kind, told_on, consents, hurried, missing) in [
        (a, "", &[][..], false, &[][..]),
        (vendor, "", &[], false, &[]),
        (b, told, &[], false, &[]),
        (b, "", &[], false, &["告知・連絡した日"]),
        (b, "2026-10-11", &[], false, &["より後です"]),
        (b, "", &[], true, &[]),
        (c, told, &[], false, &["甲医院の承諾がありません（承諾を求めた記録なし）"]),
        (c, told, &[asked], false, &["甲医院の承諾がありません（回答待ち）"]),
        (c, told, &[no], false, &["甲医院の承諾がありません（不承諾）"]),
        (c, told, &[late], false, &["甲医院の承諾がありません（回答待ち）"]),
        (c, told, &[yes], false, &[]),
        (c, told, &[all], false, &["承諾を求めた記録なし"]),
        (c, told, &[], true, &[]),
        (blanket, told, &[all], false, &[]),
        (blanket, "", &[all], false, &["告知・連絡した日"]),
        (blanket, told, &[ended], false, &["承諾を求めた記録なし"]),
        (blanket, told, &[unproved], false, &["承諾を求めた記録なし"]),
        (blanket, told, &[], false, &["承諾を求めた記録なし"]),
        (blanket, told, &[yes], false, &[]),
        (blanket, told, &[all, no], false, &["（不承諾）"]),
    ] {
        let reason = if hurried { "攻撃を受けている" } else { "" };
        let notice = format!("M-1,計画中,件名,{kind},甲医院,2026-10-10 22:00,,{reason},{told_on},,");
        let log: &[&str] = if hurried { &[HURRY] } else { &[] };
        let (records, terms) = (records(&notice, consents, log), terms(None));
        let found = Notice::all(&records, &terms)[0].missing(day("2026-10-10"), &terms);
        let fits = found.len() == missing.len() && found.iter().zip(missing).all(|(found, says)| found.contains(says));
        assert!(fits, "{kind} {told_on} {consents:?} {hurried}: {found:?}");
    }
}

/// OPS-021: a stop is told a week before, counted by days, or as many days as were agreed; in haste no day is late.
#[test]
fn a_stop_is_told_a_week_before() {
    let a = "ア パターンファイル・ファームウェア";
    for (agreed, told, hurried, is_late) in [
        (None, "2026-10-03", false, false),
        (None, "2026-10-04", false, true),
        (None, "2026-10-04", true, false),
        (Some(14), "2026-09-26", false, false),
        (Some(14), "2026-09-27", false, true),
    ] {
        let reason = if hurried { "攻撃を受けている" } else { "" };
        let notice = format!(
            "M-1,告知済み,件名,イ セキュリティパッチ,甲医院,2026-10-10 22:00,2026-10-10 22:00,{reason},{told},,"
        );
        let log: &[&str] = if hurried { &[HURRY] } else { &[] };
        let records = records(&notice, &[], log);
        let terms = terms(agreed);
        let notices = Notice::all(&records, &terms);
        assert_eq!(notices[0].is_late(), is_late, "{agreed:?} {told}");
        let told: Vec<&str> = check(&records, &terms).iter().map(|told| told.rule).collect();
        assert_eq!(told, if is_late { vec!["maintenance-late"] } else { vec![] }, "{agreed:?}");
    }
    // A stop is told even where the class asks for nothing.
    let notice = format!("M-1,計画中,件名,{a},甲医院,2026-10-10 22:00,2026-10-10 22:00,,,,");
    let (records, terms) = (records(&notice, &[], &[]), terms(None));
    let notices = Notice::all(&records, &terms);
    assert_eq!(notices[0].missing(day("2026-10-10"), &terms).len(), 1);
    assert_eq!(notices[0].deadline.as_ref().map(|deadline| deadline.by), Some(day("2026-10-03")));
}

/// OPS-020: what was begun without a consent is told, and so is what was allowed only afterwards.
#[test]
fn what_was_begun_too_early_is_told() {
    let c = "ウ その他のプログラムの改変";
    let begun = format!(
        "M-1,実施済み（報告待ち）,件名,{c},甲医院、乙医院,2026-10-02 22:00,,,2026-09-01,2026-10-02 22:00,2026-10-02 23:00"
    );
    let yes = "M-1,甲医院,承諾,2026-09-01,2026-09-25,メール,";
    let terms = terms(None);
    let told = check(&records(&begun, &[yes], &[]), &terms);
    let rules: BTreeMap<&str, &str> = told.iter().map(|told| (told.rule, told.message.as_str())).collect();
    assert!(rules["maintenance-consent"].contains("乙医院の承諾がありません"), "{rules:?}");
    assert!(!rules["maintenance-consent"].contains("甲医院"), "{rules:?}");
    assert!(rules.contains_key("maintenance-report"), "{rules:?}");
    let hurried = begun.replace(",,,2026-09-01,", ",,攻撃,2026-09-01,");
    let told = check(&records(&hurried, &[yes], &[HURRY]), &terms);
    let rules: Vec<&str> = told.iter().map(|told| told.rule).collect();
    assert_eq!(rules, ["maintenance-hurry", "maintenance-report"]);
    let stranger = check(&records(&begun, &["M-1,丙医院,回答待ち,2026-09-01,,,"], &[]), &terms);
    assert!(stranger.iter().any(|told| told.rule == "maintenance-institution"), "{stranger:?}");
}
