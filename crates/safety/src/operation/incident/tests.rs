//! Clocks, order and reach of incidents in a small service.

use chrono::NaiveDateTime;
use shirube_catalog::registers;

use super::*;
use crate::model::SystemFile;
use crate::operation::register::{read_entries, read_log};
use crate::stated::ClockTerm;

const LOG: [&str; 8] = ["日付", "台帳", "番号", "内容", "人", "結果", "備考", "証跡"];

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// Records with one incident, and entries of other registers by their fields' ids.
fn records(incident: &[(&str, &str)], others: &[(&str, &[(&str, &str)])], log: &[&[&str]]) -> Records {
    let mut records = Records { registers: registers().to_vec(), ..Records::default() };
    let base: [(&str, &str); 2] = [("number", "J-1"), ("title", "試験")];
    let incident: Vec<(&str, &str)> = base.iter().chain(incident).copied().collect();
    for (id, cells) in std::iter::once(("incidents", incident.as_slice())).chain(others.iter().copied()) {
        let register = registers().iter().find(|register| register.id == id).expect(id);
        let heading = cells.iter().map(|(field, _)| match register.field(field) {
            Some(field) => field.title.clone(),
            None => (*field).to_owned(),
        });
        let rows = vec![heading.collect(), cells.iter().map(|(_, text)| (*text).to_owned()).collect()];
        records.books.push(read_entries(register, &rows, "operations/x.csv").expect("a table"));
    }
    let lines: Vec<Vec<String>> = std::iter::once(row(&LOG)).chain(log.iter().map(|line| row(line))).collect();
    records.log = read_log(registers(), &lines, "operations/log.csv").expect("a log");
    records
}

fn now(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment")
}

fn system() -> SystemFile {
    serde_json::from_value(serde_json::json!({
        "information_classes": [{ "id": "患者", "name": "患者個人情報", "importance": 4 }],
        "information": [
            { "id": "カルテ", "name": "診療録", "class": "患者", "kind": "patient", "medical": "yes" },
            { "id": "設定", "name": "機器の設定", "class": "患者", "kind": "settings", "medical": "no" },
        ],
    }))
    .expect("a system")
}

/// The clocks of one incident, without institutions of their own terms.
fn at(records: &Records, parameters: &Parameters, moment: &str) -> Vec<Clock> {
    let incident = Incident::numbered(records, "J-1").expect("it is there");
    clocks(&incident, &system(), &Affected::default(), parameters, now(moment))
}

fn clock(clocks: &[Clock], id: &str) -> Clock {
    clocks.iter().find(|clock| clock.rule.id == id).expect(id).clone()
}

fn agreed(minutes: u32, hours: u32) -> Parameters {
    let common = ContractTerms { first_report_minutes: Some(minutes), update_hours: Some(hours) };
    Parameters { common, ..Parameters::default() }
}

fn term(json: serde_json::Value) -> Parameters {
    let term: ClockTerm = serde_json::from_value(json).expect("a term");
    Parameters { rules: vec![term], ..Parameters::default() }
}

const LEAK: (&str, &str) = ("kind", "漏洩");
const CARE: (&str, &str) = ("severity", "個人情報の漏洩又はそのおそれがある");
const NO_ATTACK: (&str, &str) = ("cyber_attack", "いいえ");
const ATTACK: (&str, &str) = ("cyber_attack", "はい");

/// OPS-054, OPS-068: minutes and hours go on at night and on holidays, up to and with the minute itself.
#[test]
fn contract_hours_are_counted_to_the_minute() {
    for (found, moment, due, state) in [
        ("2026-10-01 09:00", "2026-10-01 09:10", Some("2026-10-01 09:30"), "あと20分"),
        ("2026-10-01 09:00", "2026-10-01 09:30", Some("2026-10-01 09:30"), "あと0分"),
        ("2026-10-01 09:00", "2026-10-01 09:31", Some("2026-10-01 09:30"), "期限を1分過ぎています"),
        ("2026-12-31 23:45", "2026-12-31 23:50", Some("2027-01-01 00:15"), "あと25分"),
        ("2026-10-01", "2026-10-01 12:00", Some("2026-10-01 00:30"), "期限を11時間30分過ぎています"),
    ] {
        let records = records(&[LEAK, CARE, NO_ATTACK, ("found_at", found)], &[], &[]);
        let first = clock(&at(&records, &agreed(30, 2), moment), "first-report");
        assert_eq!(first.due.map(|due| due.to_string()).as_deref(), due, "{found}");
        assert_eq!(first.state.words(), state, "{found} {moment}");
    }
}

/// OPS-054: nothing is invented where nobody agreed on a length, and nothing is asked of what concerns no institution.
#[test]
fn lengths_that_nobody_agreed_stay_open() {
    let open = records(&[LEAK, CARE, NO_ATTACK, ("found_at", "2026-10-01 09:00")], &[], &[]);
    let clocks = at(&open, &Parameters::default(), "2027-10-01 09:00");
    for id in ["first-report", "update", "final-report", "prevention"] {
        let clock = clock(&clocks, id);
        assert_eq!((clock.state, clock.due), (ClockState::NotAgreed, None), "{id}");
    }
    let inside = records(
        &[LEAK, CARE, NO_ATTACK, ("found_at", "2026-10-01 09:00"), ("no_report_reason", "試験環境だけ")],
        &[],
        &[],
    );
    let inside = clock(&at(&inside, &agreed(30, 2), "2026-10-02 09:00"), "first-report");
    assert_eq!(inside.state.words(), "当てはまりません（医療機関等に関わらないと判断しました）");
}

/// OPS-054: days of the law run over months and holidays; the day it was found is the first, and its last day counts whole.
#[test]
fn days_run_over_months_and_holidays() {
    for (found, attack, id, due, in_time, too_late) in [
        ("2026-10-01 23:59", NO_ATTACK, "privacy-quick", "2026-10-05 24:00", "2026-10-05 23:59", "2026-10-06 00:00"),
        ("2026-10-01 00:00", NO_ATTACK, "privacy-final", "2026-10-30 24:00", "2026-10-30 23:59", "2026-10-31 00:00"),
        // 大型連休, and a due day on 憲法記念日 that is not moved.
        ("2026-04-29 10:00", NO_ATTACK, "privacy-quick", "2026-05-03 24:00", "2026-05-03 12:00", "2026-05-04 00:00"),
        // The end of February.
        ("2027-01-30 10:00", NO_ATTACK, "privacy-final", "2027-02-28 24:00", "2027-02-28 23:00", "2027-03-01 00:00"),
        ("2028-01-31 10:00", NO_ATTACK, "privacy-final", "2028-02-29 24:00", "2028-02-29 23:00", "2028-03-01 00:00"),
        // 60 days, as somebody may have meant harm.
        ("2026-10-01 10:00", ATTACK, "privacy-final", "2026-11-29 24:00", "2026-11-29 23:59", "2026-11-30 00:00"),
    ] {
        let records = records(&[LEAK, CARE, attack, ("found_at", found)], &[], &[]);
        let before = clock(&at(&records, &Parameters::default(), in_time), id);
        let after = clock(&at(&records, &Parameters::default(), too_late), id);
        assert_eq!(before.due.expect("a day").to_string(), due, "{found} {id}");
        assert_eq!((before.state.token(), after.state.token()), ("running", "overdue"), "{found} {id}");
        assert!(before.basis.contains("原文では未確認"), "{}", before.basis);
    }
}

/// OPS-054: an organisation confirms or changes a length, a unit, and whether the first day counts.
#[test]
fn an_organisation_states_its_own_lengths() {
    let records = records(&[LEAK, CARE, ATTACK, ("found_at", "2026-10-01 10:00")], &[], &[]);
    for (stated, id, due) in [
        (
            serde_json::json!({ "clock": "privacy-quick", "days": 3, "basis": "規程" }),
            "privacy-quick",
            "2026-10-03 24:00",
        ),
        (
            serde_json::json!({ "clock": "privacy-quick", "days": 3, "first_day": false, "basis": "規程" }),
            "privacy-quick",
            "2026-10-04 24:00",
        ),
        (serde_json::json!({ "clock": "authority", "hours": 24, "basis": "規程" }), "authority", "2026-10-02 10:00"),
        (
            serde_json::json!({ "clock": "privacy-final", "days": 30, "wrongful_days": 50, "basis": "規程" }),
            "privacy-final",
            "2026-11-19 24:00",
        ),
    ] {
        let clock = clock(&at(&records, &term(stated.clone()), "2026-10-01 10:00"), id);
        assert_eq!(clock.due.expect("a length").to_string(), due, "{stated}");
        assert_eq!(clock.basis, "自社で確かめ、又は決めた長さ（規程）");
    }
}

/// OPS-056: whether a clock applies is told from facts; a blank fact makes it unknown, with the day it would end.
#[test]
fn what_is_blank_cannot_be_told() {
    let care = ("severity", "医療の提供に支障がある");
    let business = ("severity", "業務に支障がない");
    let found = ("found_at", "2026-10-01 10:00");
    let stop = ("kind", "サービスの停止");
    for (facts, id, state) in [
        (vec![stop, business, NO_ATTACK], "authority", "当てはまりません（種類、重大さなどが当たりません）"),
        (vec![stop, business], "authority", "当てはまるか分かりません（サイバー攻撃（疑いを含む）が空です）"),
        (vec![stop, care], "authority", "〔未定〕長さを決めていません"),
        (vec![stop, NO_ATTACK], "privacy-quick", "当てはまるか分かりません（重大さが空です）"),
        (vec![LEAK, business], "privacy-quick", "当てはまるか分かりません（影響する情報が空です）"),
        (
            vec![LEAK, business, ("information", "機器の設定")],
            "privacy-quick",
            "当てはまりません（種類、重大さなどが当たりません）",
        ),
        (vec![LEAK, business, ("information", "診療録")], "privacy-quick", "あと4日と14時間"),
        (
            vec![LEAK, business, ("information", "知らない情報")],
            "privacy-quick",
            "当てはまるか分かりません（影響する情報が空です）",
        ),
    ] {
        let facts: Vec<(&str, &str)> = facts.into_iter().chain([found]).collect();
        let clock = clock(&at(&records(&facts, &[], &[]), &Parameters::default(), "2026-10-01 10:00"), id);
        assert_eq!(clock.state.words(), state, "{facts:?}");
    }
    let unknown = records(&[LEAK, CARE, found], &[], &[]);
    let short = clock(&at(&unknown, &Parameters::default(), "2026-10-01 10:00"), "privacy-final");
    assert_eq!(short.due.expect("a day").to_string(), "2026-10-30 24:00");
    assert!(short.counted.contains("短い方で数えます"), "{}", short.counted);
}

/// OPS-055: the interval of further notices begins anew with each, and ends with the recovery.
#[test]
fn notices_are_repeated_until_the_service_is_back() {
    let facts = [LEAK, CARE, ATTACK, ("found_at", "2026-10-01 09:00"), ("first_reported_at", "2026-10-01 09:20")];
    let sent: &[(&str, &[(&str, &str)])] =
        &[("reports-sent", &[("number", "H-1"), ("incident", "J-1"), ("sent_on", "2026-10-01"), ("stage", "続報")])];
    let log: &[&[&str]] = &[&["2026-10-01 11:00", "reports-sent", "H-1", "送った", "岸", "", "", ""]];
    for (others, log, moment, state) in [
        (&[][..], &[][..], "2026-10-01 11:00", "あと20分"),
        (sent, log, "2026-10-01 12:00", "あと1時間"),
        (sent, log, "2026-10-01 13:01", "期限を1分過ぎています"),
    ] {
        let update = clock(&at(&records(&facts, others, log), &agreed(30, 2), moment), "update");
        assert_eq!(update.state.words(), state, "{moment}");
    }
    let back: Vec<(&str, &str)> = facts.iter().copied().chain([("recovered_at", "2026-10-01 12:30")]).collect();
    let update = clock(&at(&records(&back, &[], &[]), &agreed(30, 2), "2026-10-02 09:00"), "update");
    assert_eq!(update.state.words(), "済 2026-10-01 12:30");
    let late = clock(&at(&records(&facts, &[], &[]), &agreed(10, 2), "2026-10-02 09:00"), "first-report");
    assert_eq!(late.state.words(), "済 2026-10-01 09:20（期限の後）");
}

/// EVID-015, OPS-036: logs come first whatever else is done, and a suspect of the staff loses access before anything goes on.
#[test]
fn preservation_comes_first() {
    let facts = [
        ("kind", "漏洩、要員の違反の疑い"),
        CARE,
        NO_ATTACK,
        ("found_at", "2026-10-01 09:00"),
        ("containment", "止めた"),
    ];
    let hold = |state: &'static str| -> Vec<(&'static str, &'static str)> {
        vec![("number", "K-1"), ("incident", "J-1"), ("状態", state), ("held_at", "2026-10-01 09:40")]
    };
    let next = |records: &Records| {
        let incident = Incident::numbered(records, "J-1").expect("it is there");
        order(&incident).iter().find(|step| step.state.is_open()).map(|step| step.id)
    };
    assert_eq!(next(&records(&facts, &[], &[])), Some("hold"));
    assert_eq!(next(&records(&facts, &[("legal-holds", &hold("指示済み"))], &[])), Some("hold"));
    assert_eq!(next(&records(&facts, &[("legal-holds", &hold("保全中"))], &[])), Some("staff"));
    let stopped: Vec<(&str, &str)> =
        facts.iter().copied().chain([("access_stopped_at", "2026-10-01 09:10"), ("tampering_check", "なし")]).collect();
    assert_eq!(next(&records(&stopped, &[("legal-holds", &hold("残っていなかった"))], &[])), Some("first-report"));
}

/// The moments of all registers stand in one line; what is to come is not among them.
#[test]
fn the_timeline_is_one() {
    let facts = [LEAK, ("found_at", "2026-10-01 09:00"), ("report_by", "2026-10-01 09:30")];
    let hold: &[(&str, &str)] = &[("number", "K-1"), ("incident", "J-1"), ("held_at", "2026-10-01 09:40")];
    let log: &[&[&str]] = &[&["2026-10-01 09:35", "legal-holds", "K-1", "確保した", "岸", "", "写し2本", ""]];
    let records = records(&facts, &[("legal-holds", hold)], log);
    let line: Vec<String> = timeline(&Incident::numbered(&records, "J-1").expect("it is there"))
        .iter()
        .map(|one| format!("{} {}", one.at, one.what))
        .collect();
    assert_eq!(line, ["2026-10-01 09:00 見つけた日時", "2026-10-01 09:35 確保した", "2026-10-01 09:40 確保した日時"]);
}
