//! Incidents through the binary: the sample's closed and open one, their clocks, papers, and what goes wrong.

mod support;

use std::fs;
use std::process::Command;

use serde_json::Value;
use support::own::write;
use support::{copy_of_sample, folder_with, json, path, sample, shirube};

const OPEN: &str = "J-2026-002";
const CLOSED: &str = "J-2026-001";

fn folder() -> String {
    sample().to_str().expect("UTF-8").to_owned()
}

fn show(dir: &str, number: &str, at: &str) -> Value {
    json(&["incident", "show", dir, number, "--at", at, "--format", "json"])
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key}: {value}"))
}

fn clock<'v>(shown: &'v Value, id: &str) -> &'v Value {
    list(shown, "clocks").iter().find(|clock| clock["clock"] == id).unwrap_or_else(|| panic!("{id}: {shown:#}"))
}

fn names(values: &[Value]) -> Vec<&str> {
    values.iter().filter_map(|value| value["name"].as_str()).collect()
}

/// OPS-054, OPS-055, OPS-068: each clock of the open incident with its end and what it rests on; late ones end with 1.
#[test]
fn the_clocks_of_the_open_incident_run() {
    let folder = folder();
    for (at, code, update) in [
        ("2026-09-30T21:30", 0, "あと0分"),
        ("2026-09-30T21:31", 1, "期限を1分過ぎています"),
        ("2026-10-01T09:30", 1, "期限を12時間過ぎています"),
    ] {
        let ran = shirube(&["incident", "show", &folder, OPEN, "--at", at]);
        assert_eq!(ran.code, code, "{at}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(update), "{at}: {}", ran.stdout);
        assert_eq!(shirube(&["incident", "list", &folder, "--at", at]).code, code, "{at}");
    }
    let shown = show(&folder, OPEN, "2026-10-01T09:30");
    for (id, state, due) in [
        ("first-report", "done", Some("2026-09-30 17:50")),
        ("update", "overdue", Some("2026-09-30 21:30")),
        ("authority", "not-agreed", None),
        ("privacy-quick", "running", Some("2026-10-04 24:00")),
        ("privacy-final", "running", Some("2026-11-28 24:00")),
        ("final-report", "not-agreed", None),
        ("prevention", "not-agreed", None),
    ] {
        let clock = clock(&shown, id);
        assert_eq!((clock["state"].as_str(), clock["due"].as_str()), (Some(state), due), "{clock}");
    }
    assert_eq!(clock(&shown, "privacy-quick")["certainty"], "derived");
    assert!(clock(&shown, "privacy-final")["counted"].as_str().is_some_and(|text| text.contains("長い方")));
}

/// OPS-054: nothing of the law's lengths is fixed: a file states another, and a mistake in it is told with its line.
#[test]
fn an_organisation_changes_the_lengths() {
    let dir = copy_of_sample();
    let rules = fs::read_to_string(dir.path().join("rules.yaml")).expect("rules.yaml");
    let put = |clocks: &str| {
        write(
            &dir,
            "rules.yaml",
            &rules.replacen("incident:\n  rec", &format!("incident:\n  clocks:\n{clocks}  rec"), 1),
        )
    };
    put(
        "    - { clock: privacy-quick, days: 3, first_day: false, basis: 規程 }\n    - { clock: prevention, days: 14, basis: 運用連絡会 }\n",
    );
    let shown = show(path(&dir), OPEN, "2026-10-01T09:30");
    assert_eq!(clock(&shown, "privacy-quick")["due"], "2026-10-03 24:00");
    assert_eq!(clock(&shown, "prevention")["due"], "2026-10-14 24:00");
    put("    - { clock: prevention, days: 14, hours: 2, basis: 規程 }\n");
    let told = shirube(&["check", path(&dir)]);
    assert!(told.stdout.contains("hoursとdaysのどちらか一つ"), "{}", told.stdout);
}

/// OPS-054: contracts of single institutions have their own hours, and only theirs.
#[test]
fn a_contract_has_its_own_hours() {
    let dir = copy_of_sample();
    write(
        &dir,
        "institutions/minato.yaml",
        "institution: { name: みなと整形外科, kind: clinic }\noverlay: { sla: { incident: { first_report_minutes: 10 } } }\n",
    );
    write(&dir, "institutions/aoba.yaml", "institution: { name: あおば内科クリニック, kind: clinic }\n");
    let incidents = fs::read_to_string(dir.path().join("operations/incidents.csv")).expect("incidents.csv");
    let both = incidents
        .replace("\"あおば内科クリニック\",\"医事端末1台", "\"あおば内科クリニック;みなと整形外科\",\"医事端末1台");
    assert_ne!(both, incidents);
    write(&dir, "operations/incidents.csv", &both);
    let shown = show(path(&dir), OPEN, "2026-10-01T09:30");
    let first: Vec<(Option<&str>, Option<&str>, Option<&str>)> = list(&shown, "clocks")
        .iter()
        .filter(|clock| clock["clock"] == "first-report")
        .map(|clock| (clock["institution"].as_str(), clock["due"].as_str(), clock["says"].as_str()))
        .collect();
    assert_eq!(
        first,
        [
            (None, Some("2026-09-30 17:50"), Some("済 2026-09-30 17:38")),
            (Some("みなと整形外科"), Some("2026-09-30 17:30"), Some("済 2026-09-30 17:38（期限の後）")),
        ]
    );
}

/// OPS-054: what the model reaches stands beside what was entered; risks and controls to review follow.
#[test]
fn the_model_proposes_what_is_affected() {
    let shown = show(&folder(), OPEN, "2026-10-01T09:30");
    let affected = &shown["affected"];
    let information = list(affected, "information");
    assert!(
        !information.is_empty() && information.iter().all(|one| one["entered"] == false && one["proposed"] == true)
    );
    let elements: Vec<&str> = list(affected, "elements").iter().filter_map(Value::as_str).collect();
    assert!(elements.contains(&"医事端末"), "{elements:?}");
    assert_eq!(list(affected, "sites"), ["受付/窓口", "医療機関内"]);
    assert_eq!(names(list(affected, "institutions")), ["あおば内科クリニック"]);
    let risks = list(&shown["review"], "risks");
    let values: Vec<u64> = risks.iter().filter_map(|risk| risk["value"].as_u64()).collect();
    assert!(!values.is_empty() && values.is_sorted_by(|one, other| one >= other), "{values:?}");
    for risk in risks {
        let threat = risk["threat"].as_str().expect("a threat");
        let of_kind = ["高度サイバー攻撃", "情報の改竄・破壊", "医療情報システム等の停止", "技術的脆弱性の混入"];
        assert!(of_kind.contains(&threat), "{risk}");
    }
    assert!(!list(&shown["review"], "controls").is_empty());
    assert!(!list(&shown["review"], "again").is_empty());
}

/// EVID-015: the next step of the open incident, and every moment of the closed one in one line.
#[test]
fn the_order_and_the_timeline_follow_from_the_registers() {
    let open = show(&folder(), OPEN, "2026-10-01T09:30");
    let states: Vec<(&str, &str)> = list(&open, "order")
        .iter()
        .map(|step| (step["id"].as_str().expect("id"), step["state"].as_str().expect("state")))
        .collect();
    assert_eq!(states[0], ("hold", "done"));
    assert_eq!(open["incident"]["next"], "authority", "{states:?}");
    let closed = show(&folder(), CLOSED, "2026-10-01T09:30");
    assert_eq!((&closed["incident"]["open"], &closed["incident"]["nearest"]), (&Value::Bool(false), &Value::Null));
    let timeline = list(&closed, "timeline");
    let at: Vec<&str> = timeline.iter().filter_map(|one| one["at"].as_str()).collect();
    assert!(at.is_sorted(), "{at:?}");
    for what in ["見つけた日時", "確保した", "復旧した日時", "医療機関等が再発防止策に合意した", "保全の解除を認めた"]
    {
        assert!(timeline.iter().any(|one| one["what"] == what), "{what}: {timeline:?}");
    }
}

/// OPS-055: a notice says what is known and what is not, names no other institution, and is 案 until it was approved.
#[test]
fn notices_come_from_facts() {
    let dir = copy_of_sample();
    let out = dir.path().join("お知らせ");
    let notice = |dir: &tempfile::TempDir, number: &str, stage: Option<&str>| {
        let out = out.to_str().expect("UTF-8");
        let mut args = vec!["incident", "notice", path(dir), number, "--institution", "all"];
        args.extend(["--at", "2026-10-01T09:30", "--out", out, "--format", "md"]);
        args.extend(stage.into_iter().flat_map(|stage| ["--stage", stage]));
        let ran = shirube(&args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        (fs::read_to_string(ran.stdout.lines().next().expect("a file")).expect("written"), ran.stderr)
    };
    let (text, _) = notice(&dir, OPEN, None);
    for says in ["（続報）", "あおば内科クリニック 御中", "調査中", "端末を院内のネットワークから外し", "2時間以内"]
    {
        assert!(text.contains(says), "{says}: {text}");
    }
    for hidden in ["港 四郎", "医事課の職員", "再発を防ぐ措置"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert!(text.contains("「案」です"), "what was sent is not what is known now: {text}");
    let (text, _) = notice(&dir, OPEN, Some("final"));
    assert!(text.contains("（終報）") && text.contains("再発を防ぐ措置"), "{text}");
    let sent = fs::read_to_string(dir.path().join("operations/reports-sent.csv")).expect("reports-sent.csv");
    let waiting = sent.replace("送付済み（受取りの確認待ち）", "承認済み（送付待ち）");
    assert_ne!(waiting, sent);
    write(&dir, "operations/reports-sent.csv", &waiting);
    let (text, _) = notice(&dir, OPEN, None);
    assert!(!text.contains("「案」です"), "it waits to be sent: {text}");
    let (text, _) = notice(&dir, CLOSED, None);
    assert!(text.contains("（終報）") && text.contains("切替えの試験を半年ごとに行う"), "{text}");

    write(&dir, "institutions/minato.yaml", "institution: { name: みなと整形外科, kind: clinic }\n");
    let incidents = fs::read_to_string(dir.path().join("operations/incidents.csv")).expect("incidents.csv");
    write(&dir, "operations/incidents.csv", &incidents.replace("医事端末1台。", "医事端末1台とみなと整形外科の1台。"));
    let (text, told) = notice(&dir, OPEN, None);
    assert!(!text.contains("みなと整形外科"), "{text}");
    assert!(told.contains("「影響の範囲と件数」は、ほかの医療機関等の名前を含む"), "{told}");
}

/// OPS-056, OPS-057: one page with everybody; what a document named is dated and to be checked, and an own entry replaces it.
#[test]
fn the_chart_of_contacts_is_made_for_the_wall() {
    let dir = copy_of_sample();
    let made = |name: &str| {
        let out = dir.path().join(name);
        let ran =
            shirube(&["incident", "contacts", path(&dir), "--on", "2026-10-01", "--out", out.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        fs::read(out).expect("written")
    };
    let text = String::from_utf8(made("連絡先.md")).expect("UTF-8");
    for says in ["03-0000-0119", "03-0000-0201", "03-3595-2430", "03-5978-7509", "2017-05の文書の番号", "未確認"]
    {
        assert!(text.contains(says), "{says}: {text}");
    }
    made("連絡先.pdf");
    let info = Command::new("pdfinfo").arg(dir.path().join("連絡先.pdf")).output().expect("poppler-utils is there");
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).map(str::trim);
    assert_eq!(pages, Some("1"), "it hangs on a wall: {info}");
    let contacts = fs::read_to_string(dir.path().join("operations/emergency-contacts.csv")).expect("contacts");
    let own = "\"C-09\",\"有効\",\"情報処理推進機構 情報セキュリティ安心相談窓口\",\"相談窓口\",\"\",\"\",\"\",\"技術の相談\",\"通常業務時間\",\"03-0000-0999\",\"\",\"自社で確認\",\"2026-09-30\"\n";
    write(&dir, "operations/emergency-contacts.csv", &format!("{contacts}{own}"));
    let text = String::from_utf8(made("連絡先2.md")).expect("UTF-8");
    assert!(text.contains("03-0000-0999") && !text.contains("03-5978-7509"), "{text}");
}

/// OPS-054: the sheet comes in every format; what is wrong is told.
#[test]
fn the_sheet_comes_in_every_format() {
    let dir = copy_of_sample();
    for ending in ["pdf", "docx", "xlsx", "html", "md", "json", "csv"] {
        let out = dir.path().join(format!("対応票.{ending}"));
        let args = ["incident", "show", path(&dir), CLOSED, "--at", "2026-10-01T09:30", "--out"];
        let ran = shirube(&[&args[..], &[out.to_str().expect("UTF-8")]].concat());
        assert_eq!(ran.code, 0, "{ending}: {}", ran.stderr);
        assert!(fs::metadata(&out).is_ok_and(|file| file.len() > 500), "{ending}");
    }
    for (args, says) in [
        (
            vec!["incident", "show", path(&dir), "J-9"],
            "事故番号「J-9」はありません。あるのは、J-2026-001、J-2026-002です。",
        ),
        (vec!["incident", "list", path(&dir), "--at", "きのう"], "--at の「きのう」は日時として読めません"),
        (
            vec!["incident", "notice", path(&dir), OPEN, "--institution", "よその病院", "--out", "x"],
            "影響が及ぶ医療機関等にありません。あるのは、あおば内科クリニックです。",
        ),
    ] {
        let ran = shirube(&args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
    let empty = folder_with("sites: []\n");
    let ran = shirube(&["incident", "list", path(&empty)]);
    assert_eq!((ran.code, ran.stdout.contains("事故の記録はありません。")), (0, true), "{}", ran.stderr);
}

/// OPS-015: the records of the sample's incidents hold together.
#[test]
fn the_records_of_the_sample_hold_together() {
    let checked = json(&["check", &folder(), "--format", "json"]);
    assert_eq!(list(&checked, "records"), &[] as &[Value]);
}
