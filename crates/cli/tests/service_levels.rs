//! Service levels through the binary: plain files in, figures out.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{copy_of_sample, folder_with, json, path, sample, shirube};

/// Business hours 8:00 to 20:00 on weekdays; a target of 99.9 in them and of 99 beside them.
const SLA: &str = r#"
hours:
  business:
    - { days: 平日, from: "08:00", to: "20:00" }
    - { days: 土曜日、日曜日及び休日 }
first_response_hours: 1
availability:
  - { band: 通常業務時間帯, target: 99.9 }
  - { band: その他の時間帯, target: 99 }
updates:
  - { what: パターンファイル, within: 24時間以内 }
evaluation: { period: 毎年4月1日から翌年3月31日まで, availability_unit: month, unimproved_years: 1 }
"#;

const OUTAGES: &str = "番号,開始,終了,範囲,感知,第一次対応\n";
const EXCLUSIONS: &str = "停止の番号,開始,終了,除外の事由,根拠,甲の確認者,確認日\n";
const UPDATES: &str = "番号,種類,公開,適用\n";

fn folder(sla: &str, files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = folder_with("");
    fs::write(folder.path().join("sla.yaml"), sla).expect("written");
    fs::create_dir(folder.path().join("operations")).expect("made");
    for (name, text) in files {
        fs::write(folder.path().join("operations").join(name), text).expect("written");
    }
    folder
}

fn evaluated(folder: &Path, from: &str, to: &str) -> Value {
    json(&["sla", "evaluate", folder.to_str().expect("UTF-8"), "--from", from, "--to", to, "--format", "json"])
}

fn of_month<'v>(value: &'v Value, month: &str) -> &'v Value {
    let months =
        value["periods"].as_array().expect("periods").iter().flat_map(|period| period["months"].as_array().unwrap());
    months.into_iter().find(|one| one["month"] == month).expect("the month")
}

/// Service, stop and counted minutes, percent and state of business and other time.
fn figures(month: &Value) -> Vec<String> {
    let band = |figure: &Value| {
        format!(
            "{}/{}/{} {} {}",
            figure["service_minutes"],
            figure["stop_minutes"],
            figure["counted_stop_minutes"],
            figure["availability"]["percent"].as_str().unwrap_or("-"),
            figure["state"].as_str().expect("a state"),
        )
    };
    month["bands"].as_array().expect("bands").iter().map(band).collect()
}

// SLA-035: vectors anybody can compute by hand. June 2026 has 22 weekdays: 15840 minutes of business, 27360 others.
#[test]
fn stops_are_split_excluded_and_cut_as_agreed() {
    let agreed = "S,2026-06-10 10:00,2026-06-10 12:00,maintenance,計画書,事務長,2026-06-12\n";
    let carrier = "S,2026-06-10 10:00,2026-06-10 12:00,通信回線業者の障害,報告書,事務長,2026-06-12\n";
    for (what, outages, exclusions, business, other) in [
        ("nothing", "", "", "15840/0/0 100.00 met", "27360/0/0 100.00 met"),
        // SLA-008: from Tuesday 19:50 to 20:10, and over midnight into Saturday.
        (
            "bands",
            "S,2026-06-09 19:50,2026-06-09 20:10,全部停止,2026-06-09 19:50,2026-06-09 19:55\n",
            "",
            "15840/10/10 99.93 met",
            "27360/10/10 99.96 met",
        ),
        (
            "midnight",
            "S,2026-06-12 19:44,2026-06-13 00:30,全部停止,2026-06-12 19:44,2026-06-12 19:45\n",
            "",
            "15840/16/16 99.89 unmet",
            "27360/270/270 99.01 met",
        ),
        // SLA-008: what overlaps counts once.
        (
            "overlap",
            "S,2026-06-10 10:00,2026-06-10 10:10,全部停止,2026-06-10 10:00,2026-06-10 10:01\nT,2026-06-10 10:05,2026-06-10 10:15,全部停止,2026-06-10 10:05,2026-06-10 10:06\n",
            "",
            "15840/15/15 99.90 met",
            "27360/0/0 100.00 met",
        ),
        // SLA-010: 16 of 15840 are 99.8989…%.
        (
            "cut",
            "S,2026-06-10 10:00:59,2026-06-10 10:15:01,全部停止,2026-06-10 10:00,2026-06-10 10:01\n",
            "",
            "15840/16/16 99.89 unmet",
            "27360/0/0 100.00 met",
        ),
        // SLA-006, SLA-007, SLA-009: an agreed stop leaves the denominator, one of the carrier does not.
        (
            "agreed",
            "S,2026-06-10 10:00,2026-06-10 12:00,全部停止,,\n",
            agreed,
            "15720/120/0 100.00 met",
            "27360/0/0 100.00 met",
        ),
        (
            "carrier",
            "S,2026-06-10 10:00,2026-06-10 12:00,全部停止,,\n",
            carrier,
            "15840/120/0 100.00 met",
            "27360/0/0 100.00 met",
        ),
        (
            "unconfirmed",
            "S,2026-06-10 10:00,2026-06-10 12:00,全部停止,2026-06-10 10:00,2026-06-10 10:01\n",
            carrier.replace("事務長,2026-06-12", ",").as_str(),
            "15840/120/120 99.24 unmet",
            "27360/0/0 100.00 met",
        ),
        (
            "no evidence",
            "S,2026-06-10 10:00,2026-06-10 12:00,全部停止,2026-06-10 10:00,2026-06-10 10:01\n",
            carrier.replace("報告書", "").as_str(),
            "15840/120/120 99.24 unmet",
            "27360/0/0 100.00 met",
        ),
        // SLA-009: without a number of the load nothing can be above it.
        (
            "load",
            "S,2026-06-10 10:00,2026-06-10 12:00,全部停止,2026-06-10 10:00,2026-06-10 10:01\n",
            carrier.replace("通信回線業者の障害", "load").as_str(),
            "15840/120/120 99.24 unmet",
            "27360/0/0 100.00 met",
        ),
        // A stop that goes on counts to the end.
        (
            "open",
            "S,2026-06-30 19:50,,全部停止,2026-06-30 19:50,2026-06-30 19:55\n",
            "",
            "15840/10/10 99.93 met",
            "27360/240/240 99.12 met",
        ),
        (
            "slow",
            "S,2026-06-10 10:00,2026-06-10 12:00,応答の低下,2026-06-10 10:00,2026-06-10 10:01\n",
            "",
            "15840/0/0 100.00 met",
            "27360/0/0 100.00 met",
        ),
    ] {
        let files =
            [("outages.csv", format!("{OUTAGES}{outages}")), ("exclusions.csv", format!("{EXCLUSIONS}{exclusions}"))];
        let folder = folder(SLA, &files);
        let value = evaluated(folder.path(), "2026-06-01", "2026-06-30");
        assert_eq!(figures(of_month(&value, "2026-06")), [business, other], "{what}");
    }
}

// SLA-013 to SLA-015, SLA-019, SLA-020, SLA-035: both sides of every border of the grades, and what follows.
#[test]
fn the_number_of_misses_gives_the_grade() {
    for (late, grade, code) in [(0, "A", 0), (1, "B", 1), (10, "B", 1), (11, "C", 1), (20, "C", 1), (21, "D", 1)] {
        let mut updates = UPDATES.to_owned() + "期限内,パターンファイル,2025-04-10 06:00,2025-04-11 06:00\n";
        for at in 0..late {
            updates.push_str(&format!("U-{at},パターンファイル,2025-05-{:02} 06:00,2025-07-01 06:01\n", at + 1));
        }
        let folder = folder(SLA, &[("outages.csv", OUTAGES.to_owned()), ("updates.csv", updates)]);
        let value = evaluated(folder.path(), "2025-04-01", "2026-03-31");
        let graded = &value["periods"][0]["graded"];
        for graded in graded.as_array().expect("both ways") {
            assert_eq!((&graded["unmet"], &graded["grade"]), (&late.into(), &grade.into()), "{late}");
        }
        assert_eq!(graded[0]["chosen"], true);
        let rights = value["consequences"].as_array().expect("a list").iter().filter(|one| one["kind"] == "right");
        let rows: Vec<i64> = rights.map(|one| one["row"].as_i64().expect("a row")).collect();
        assert_eq!(rows.contains(&4), grade == "D", "{late}: {rows:?}");
        let ran = shirube(&["sla", "evaluate", path(&folder), "--from", "2025-04-01", "--to", "2026-03-31"]);
        assert_eq!(ran.code, code, "{}", ran.stdout);
        assert!(ran.stdout.contains(&format!("評価{grade}")), "{}", ran.stdout);
    }
}

// SLA-020, SLA-022, SLA-034: C twice in a row gives a right, as an option; once only tells of it.
#[test]
fn a_second_c_in_a_row_gives_a_right() {
    let year = |year: i32| -> String {
        (0..11)
            .map(|at| format!("U-{year}-{at},パターンファイル,{year}-05-{:02} 06:00,{year}-07-01 06:00\n", at + 1))
            .collect()
    };
    let earlier = "始まりの日,終わりの日,未達成の件数,評価\n2024-04-01,2025-03-31,12,C\n".to_owned();
    let none = "始まりの日,終わりの日,未達成の件数,評価\n".to_owned();
    for (what, updates, evaluations, kind) in [
        ("computed", UPDATES.to_owned() + &year(2024) + &year(2025), none.clone(), "right"),
        ("recorded", UPDATES.to_owned() + &year(2025), earlier, "right"),
        ("unknown", UPDATES.to_owned() + &year(2025), none, "upcoming"),
    ] {
        let files = [("outages.csv", OUTAGES.to_owned()), ("updates.csv", updates), ("evaluations.csv", evaluations)];
        let value = evaluated(folder(SLA, &files).path(), "2025-04-01", "2026-03-31");
        let third =
            value["consequences"].as_array().expect("a list").iter().find(|one| one["row"] == 3).expect("row 3");
        assert_eq!((&third["kind"], &third["on"]), (&kind.into(), &"2026-04-01".into()), "{what}");
    }
}

// SLA-012: business minutes from whichever came first; Saturday and Sunday do not count.
#[test]
fn the_first_response_is_counted_in_business_time() {
    let heading = "番号,開始,終了,範囲,感知,連絡,第一次対応\n";
    for (clock, minutes, state) in [
        ("2026-06-10 10:05,2026-06-10 10:02,2026-06-10 11:02", 60, "met"),
        ("2026-06-10 10:05,2026-06-10 10:02,2026-06-10 11:02:01", 61, "unmet"),
        // Friday evening to Monday morning.
        ("2026-06-12 19:30,,2026-06-15 08:30", 60, "met"),
        ("2026-06-12 19:30,,2026-06-15 08:31", 61, "unmet"),
        ("2026-06-13 12:00,,2026-06-13 18:00", 0, "met"),
        ("2026-06-30 19:30,,", 30, "pending"),
    ] {
        let row = format!("S,2026-06-10 10:00,2026-06-10 10:00,応答の低下,{clock}\n");
        let value =
            evaluated(folder(SLA, &[("outages.csv", heading.to_owned() + &row)]).path(), "2026-06-01", "2026-06-30");
        let response = &value["responses"][0];
        assert_eq!((&response["taken_minutes"], &response["state"]), (&minutes.into(), &state.into()), "{clock}");
    }
}

/// What stands in the way of counting is told with its place, and nothing is computed.
#[test]
fn unusable_input_is_refused_with_all_its_mistakes() {
    let days = ["--from", "2026-06-01", "--to", "2026-06-30"];
    let told = |folder: &tempfile::TempDir, days: [&str; 4]| {
        let ran = shirube(&[&["sla", "evaluate", path(folder)][..], &days].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        ran.stderr
    };
    let none = [("outages.csv", OUTAGES.to_owned())];
    for (sla, parts) in [
        (SLA.replace("平日,", "診療日,"), vec!["sla.yaml", "曜日の「診療日」を読み取れませんでした"]),
        (SLA.replace("その他の時間帯", "夜"), vec!["時間帯「夜」を読み取れませんでした"]),
        (
            SLA.replace("    - { days: 土曜日、日曜日及び休日 }\n", ""),
            vec!["土曜日、日曜日、休日の業務時間が、どの行にもありません"],
        ),
        (SLA.replace("first_response", "closing: x\nfirst_response"), vec!["closing"]),
    ] {
        let stderr = told(&folder(&sla, &none), days);
        assert!(parts.iter().all(|part| stderr.contains(part)), "{parts:?}: {stderr}");
    }
    let bad = folder(
        SLA,
        &[("outages.csv", format!("{OUTAGES}S,あす,きのう,,,\n")), ("updates.csv", format!("{UPDATES}U,,x,\n"))],
    );
    let stderr = told(&bad, days);
    assert_eq!(stderr.lines().count(), 4, "{stderr}");
    for (swapped, part) in [
        (["--from", "2026-06-30", "--to", "2026-06-01"], "より後の日"),
        (["--from", "1999-01-01", "--to", "1999-12-31"], "2007年から2099年まで"),
    ] {
        assert!(told(&folder(SLA, &none), swapped).contains(part));
    }
    let empty = folder(SLA, &[]);
    assert!(told(&empty, days).contains("見出しの行だけのファイル"));
}

/// SLA-038, SLA-018: the half year of the sample, as the example says it was.
#[test]
fn the_sample_has_its_half_year() {
    let value = evaluated(&sample(), "2026-04-01", "2026-09-30");
    let june = of_month(&value, "2026-06");
    assert_eq!((&june["bands"][0]["counted_stop_minutes"], &june["bands"][0]["state"]), (&22.into(), &"unmet".into()));
    let july = of_month(&value, "2026-07");
    assert_eq!((&july["bands"][0]["stop_minutes"], &july["bands"][0]["counted_stop_minutes"]), (&45.into(), &7.into()));
    let graded = value["periods"][0]["graded"].as_array().expect("both ways");
    let told: Vec<String> =
        graded.iter().map(|one| format!("{} {} {}", one["unit"], one["counts"], one["grade"])).collect();
    assert_eq!(
        told,
        [
            r#""month" {"availability":1,"responses":1,"updates":1} "B""#,
            r#""year" {"availability":0,"responses":1,"updates":1} "B""#
        ]
    );
    assert_eq!(value["periods"][0]["complete"], false);
    let first = &value["consequences"][0];
    assert_eq!((&first["row"], &first["on"]), (&1.into(), &"2026-07-10".into()));
    let ran =
        shirube(&["sla", "evaluate", sample().to_str().expect("UTF-8"), "--from", "2026-04-01", "--to", "2026-09-30"]);
    assert_eq!(ran.code, 1);
    for part in
        ["稼働率を月ごとに数えた未達成（SLAの数え方）: 3件", "通信回線業者の障害", "2026年6月の通常業務時間帯の稼働率"]
    {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
}

/// One institution is shown its own stops by its own promises, and the name of no other.
#[test]
fn an_institution_sees_its_own() {
    let outages = "番号,開始,終了,医療機関等,原因,範囲,感知,第一次対応\n\
        S-1,2026-06-10 10:00,2026-06-10 10:20,湊,湊クリニックのルータの故障,全部停止,2026-06-10 10:00,2026-06-10 10:01\n\
        S-2,2026-06-11 10:00,2026-06-11 10:10,,青葉医院と湊クリニックで同時に起きた,全部停止,2026-06-11 10:00,2026-06-11 10:01\n";
    let folder = folder(SLA, &[("outages.csv", outages.to_owned())]);
    fs::create_dir(folder.path().join("institutions")).expect("made");
    let own = "overlay:\n  sla:\n    availability:\n      - { band: 通常業務時間帯, target: 99.95 }\n";
    for (name, file) in [
        ("青葉", format!("institution: {{ name: 青葉医院, kind: clinic }}\n{own}")),
        ("湊", "institution: { name: 湊クリニック, kind: clinic }\n".to_owned()),
    ] {
        fs::write(folder.path().join(format!("institutions/{name}.yaml")), file).expect("written");
    }
    for (name, counted, state, other) in [("青葉", 10, "unmet", "湊"), ("湊", 30, "unmet", "青葉")] {
        let args =
            ["sla", "evaluate", path(&folder), "--from", "2026-06-01", "--to", "2026-06-30", "--institution", name];
        let value = json(&[&args[..], &["--format", "json"]].concat());
        let business = &of_month(&value, "2026-06")["bands"][0];
        assert_eq!((&business["counted_stop_minutes"], &business["state"]), (&counted.into(), &state.into()), "{name}");
        for format in ["table", "csv", "json"] {
            let ran = shirube(&[&args[..], &["--format", format]].concat());
            assert!(
                !ran.stdout.contains(other) && !ran.stderr.contains(other),
                "{format}: {}{}",
                ran.stdout,
                ran.stderr
            );
        }
    }
    let ran = shirube(&[
        "sla",
        "evaluate",
        path(&folder),
        "--from",
        "2026-06-01",
        "--to",
        "2026-06-30",
        "--institution",
        "林",
    ]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
}

// SLA-040
#[test]
fn the_allowance_says_what_half_a_day_breaks() {
    let folder = folder(&SLA.replace("target: 99 }", "target: 90 }"), &[]);
    let args = ["sla", "allowance", path(&folder), "--from", "2026-04-15"];
    let value = json(&[&args[..], &["--format", "json"]].concat());
    let shown: Vec<String> = value["allowances"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            format!("{} {} {} {}", one["year_minutes"], one["year_allowed"], one["month"], one["half_day_breaks_year"])
        })
        .collect();
    // 2026-04 to 2027-03 has 244 weekdays without holidays; 365 days are 525600 minutes.
    // May has as few of them as February, June as little other time: the first of both is told.
    assert_eq!(shown, [r#"175680 175 "2026-05" true"#, r#"349920 34992 "2026-06" false"#]);
    let ran = shirube(&args);
    assert!(ran.code == 0 && ran.stdout.contains("通常業務時間帯の99.9%は、半日の停止が1回あると"), "{}", ran.stdout);
}

// SLA-025
#[test]
fn what_a_monitor_saw_comes_in_once() {
    let folder = copy_of_sample();
    let notice = folder.path().join("通知.json");
    let text = r#"{ "alerts": [ { "labels": { "alertname": "=画面" }, "startsAt": "2026-09-25T10:30:00+09:00", "endsAt": "2026-09-25T10:33:00+09:00", "fingerprint": "ab12" } ] }"#;
    fs::write(&notice, text).expect("written");
    let outages = folder.path().join("operations/outages.csv");
    let before = fs::read(&outages).expect("read");
    let run = |more: &[&str]| {
        let args = ["sla", "import", notice.to_str().expect("UTF-8"), "--into", path(&folder)];
        shirube(&[&args[..], more].concat())
    };
    let ran = run(&[]);
    assert!(
        ran.code == 0 && ran.stdout.contains("加える停止1件") && ran.stdout.contains("まだ書き込んでいません"),
        "{}",
        ran.stdout
    );
    assert_eq!(fs::read(&outages).expect("read"), before);
    assert!(run(&["--write"]).stdout.contains("書き込みました"));
    let after = fs::read(&outages).expect("read");
    assert!(run(&["--write"]).stdout.contains("加える停止0件、終わりを書く停止0件、すでにある停止1件"));
    assert_eq!(fs::read(&outages).expect("read"), after);
    let value = evaluated(folder.path(), "2026-04-01", "2026-09-30");
    let stops = value["outages"].as_array().expect("a list");
    let added = stops.iter().find(|one| one["id"] == "am-ab12-202609251030").expect("taken in");
    assert_eq!((&added["minutes"], &added["source"], &added["extent"]), (&3.into(), &"monitor".into(), &Value::Null));
    assert_eq!(stops.len(), 13);
}
