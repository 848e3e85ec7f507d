use chrono::NaiveDate;
use shirube_catalog::registers;

use super::*;
use crate::conformity::ConformityFile;
use crate::operation::register::{Book, read_entries, read_log};

fn rows(lines: &[String]) -> Vec<Vec<String>> {
    lines.iter().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn book(id: &str, lines: &[&str]) -> Book {
    let register = registers().iter().find(|one| one.id == id).expect("declared");
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    read_entries(register, &rows(&lines), &format!("operations/{id}.csv")).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

const AUDIT: &str = "監査番号,状態,件名,監査する者,監査する者の所属,対象の業務に携わっていない,対象期間の初め,対象期間の終わり,確かめる対策項目,実施日,指摘の件数";
const FOUND: &str =
    "指摘番号,状態,監査の記録,指摘を受けた日,区分,指摘の内容,関わる対策項目,担当者,効果を確かめた者,是正の期限";
const MEDIA: &str = "管理番号,状態,種類,管理する者,使用開始日";

fn records(audits: &[&str], found: &[&str], media: &[&str], log: &[&str]) -> Records {
    let table = |id: &str, head: &str, rows: &[&str]| book(id, &[&[head], rows].concat());
    let head = "日付,台帳,番号,内容,人,結果,備考,証跡";
    let log: Vec<String> = [head].iter().chain(log).map(|line| (*line).to_owned()).collect();
    Records {
        registers: registers().to_vec(),
        books: vec![table("media", MEDIA, media), table(AUDITS, AUDIT, audits), table(FINDINGS, FOUND, found)],
        log: read_log(registers(), &rows(&log), "operations/log.csv").unwrap_or_else(|wrong| panic!("{wrong:?}")),
        ..Records::default()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

const TAPE: &str = "T-1,使用中,磁気テープ,岸 五郎,2026-05-01";

/// AUDIT-001: whoever stands in the records of the period took part, whatever was declared.
#[test]
fn an_auditor_who_took_part_is_found_in_the_records() {
    let counted = "2026-06-25,media,,stocktaking,港 四郎,済,,";
    for (auditor, party, from, controls, declared, log, parts, is_told) in [
        ("森 一美", "自社", "2026-04-01", "", "はい", counted, 0, false),
        ("港 四郎", "自社", "2026-04-01", "", "はい", counted, 1, true),
        ("港　四郎", "自社", "2026-04-01", "", "はい", counted, 1, true),
        ("港 四郎", "自社", "2026-07-01", "", "はい", counted, 0, false),
        ("港 四郎", "自社", "2026-04-01", "3.4", "はい", counted, 0, false),
        ("港 四郎", "自社", "2026-04-01", "1.5②-1", "はい", counted, 1, true),
        ("岸 五郎", "自社", "2026-04-01", "", "はい", counted, 1, true),
        ("岸 五郎", "自社", "2026-04-01", "", "いいえ", counted, 1, false),
    ] {
        let audit = format!("A-1,計画,内部監査,{auditor},{party},{declared},{from},2026-09-30,{controls},,");
        let records = records(&[&audit], &[], &[TAPE], &[log]);
        let audits = Audit::all(&records);
        let found = audits[0].independence(&["自社"]);
        assert_eq!(found.took_part().len(), parts, "{auditor} {from} {controls}: {found:?}");
        let told: Vec<&str> = check(&records, &["自社"]).iter().map(|told| told.rule).collect();
        assert_eq!(told.contains(&"audit-independence"), is_told, "{auditor} {declared}");
    }
}

/// AUDIT-015: the same number draws the same records, another number others, and only those of the period.
#[test]
fn samples_are_drawn_by_the_number_of_the_audit() {
    let tapes: Vec<String> = (1..=20).map(|at| format!("T-{at},使用中,磁気テープ,岸 五郎,2026-05-{at:02}")).collect();
    let mut tapes: Vec<&str> = tapes.iter().map(String::as_str).collect();
    tapes.push("M-99,使用中,磁気テープ,岸 五郎,2025-05-01");
    let drawn = |number: &str| {
        let audit = format!("{number},計画,内部監査,森 一美,自社,はい,2026-04-01,2026-09-30,1.5②-1,,");
        let records = records(&[&audit], &[], &tapes, &[]);
        let items = checklist(&Audit::all(&records)[0], &ConformityFile::default());
        assert_eq!((items.len(), items[0].population, items[0].samples.len()), (1, 20, 3), "{items:?}");
        items[0].samples.iter().filter_map(|sample| sample.entry.clone()).collect::<Vec<_>>()
    };
    assert_eq!(drawn("A-1"), drawn("A-1"));
    assert_ne!(drawn("A-1"), drawn("A-2"));
    assert!(!drawn("A-1").contains(&"M-99".to_owned()));
}

/// AUDIT-014: repeated findings are marked, the verifier is another person, and a day that went by is told.
#[test]
fn findings_are_followed_to_their_end() {
    let audits = [
        "A-1,完了,内部監査,森 一美,自社,はい,2025-04-01,2025-09-30,,2025-10-10,1",
        "A-2,実施済み（報告待ち）,内部監査,森 一美,自社,はい,2026-04-01,2026-09-30,,2026-10-10,1",
    ];
    let found = [
        "F-1,効果を検証済み,A-1,2025-10-10,改善が望ましい,台帳の抜け,1.5②-1,岸 五郎,岸 五郎,2025-12-01",
        "F-2,是正中,A-2,2026-10-10,直すことが要る,台帳の抜け,1.5-2-1,岸 五郎,,2026-11-01",
        "F-3,案（決める前）,A-2,2026-10-10,経過を見る,札の色,1.5②-2,,,",
    ];
    let records = records(&audits, &found, &[], &[]);
    let told: Vec<&str> = check(&records, &["自社"]).iter().map(|told| told.rule).collect();
    assert_eq!(told, ["audit-verifier", "audit-repeated"]);
    let all = findings(&records);
    assert_eq!(all[1].earlier.as_deref(), Some("F-1"));
    assert!(!all[1].is_overdue(day("2026-11-01")) && all[1].is_overdue(day("2026-11-02")));
    // Proposals are no findings, and another time has none.
    let year = summary(&records, &["自社"], day("2026-04-01"), day("2027-03-31"));
    assert_eq!((year.held.len(), year.held[0].findings, year.held[0].open, year.repeated), (1, 1, 1, 1));
    assert_eq!(year.grades.iter().map(|grade| grade.all).sum::<usize>(), 1);
    assert_eq!(summary(&records, &["自社"], day("2024-04-01"), day("2025-03-31")).held, []);
}

/// What came back with findings becomes proposals, once.
#[test]
fn a_filled_paper_becomes_proposals() {
    let audits = ["A-2,計画,内部監査,森 一美,自社,はい,2026-04-01,2026-09-30,,,"];
    let there = ["A-2-01,案（決める前）,A-2,2026-10-10,経過を見る,札の色,1.5②-2,,,"];
    let seen = |control: &str, verdict, remark: &str| Seen {
        control: control.parse().expect("a control"),
        verdict,
        grade: Some("経過を見る".to_owned()),
        remark: remark.to_owned(),
        looked_at: String::new(),
    };
    let records = records(&audits, &there, &[], &[]);
    let audit = Audit::all(&records)[0];
    let seen = [
        seen("1.5②-1", Verdict::Finding, "台帳の抜け"),
        seen("1.5②-2", Verdict::Finding, "札の色"),
        seen("1.5②-3", Verdict::Confirmed, ""),
    ];
    let made = proposed(&audit, &seen, day("2026-10-10"));
    let ids: Vec<(&str, &str)> = made.iter().map(|entry| (entry.id.as_str(), entry.state.as_str())).collect();
    assert_eq!(ids, [("A-2-02", "proposed")]);
}

/// AUDIT-018: a certificate ends on its day, and is told before.
#[test]
fn a_certificate_ends_on_its_day() {
    let head = "番号,名称,状態,有効期間の初め,有効期間の終わり,効力を失った日";
    for (on, state, ended, validity) in [
        ("2026-10-01", "有効", "", Validity::Valid),
        ("2027-01-02", "有効", "", Validity::EndsSoon),
        ("2027-03-31", "有効", "", Validity::EndsSoon),
        ("2027-04-01", "有効", "", Validity::Expired),
        ("2024-03-31", "有効", "", Validity::NotYet),
        ("2026-10-01", "一時停止", "", Validity::Suspended),
        ("2026-10-01", "期限切れ・返上・取消し", "2026-09-30", Validity::Expired),
        ("2026-10-01", "審査中", "", Validity::NotYet),
    ] {
        let row = format!("C-1,ISMS,{state},2024-04-01,2027-03-31,{ended}");
        let records = Records {
            registers: registers().to_vec(),
            books: vec![book(CERTIFICATES, &[head, &row])],
            ..Records::default()
        };
        assert_eq!(certificates(&records, day(on))[0].validity, validity, "{on} {state}");
    }
}
