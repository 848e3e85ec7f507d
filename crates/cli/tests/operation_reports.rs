//! Reports to institutions through the binary: facts of one institution, the figures of `sla evaluate`, the ways they may
//! go.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::contained::contained;
use support::own::write;
use support::{folder_with, json, path, shirube};

const SLA: &str = r#"
hours:
  business:
    - { days: 平日, from: "08:00", to: "20:00" }
    - { days: 土曜日、日曜日及び休日 }
first_response_hours: 1
availability:
  - { band: 通常業務時間帯, target: 99.9 }
  - { band: その他の時間帯, target: 99 }
evaluation: { period: 毎年4月1日から翌年3月31日まで, availability_unit: month, unimproved_years: 1 }
reports: { monthly_by: 翌月10日, yearly_by: 4月末日 }
"#;

const OUTAGES: &str = "番号,開始,終了,医療機関等,原因,範囲,感知,第一次対応\n\
    S-1,2026-06-10 10:00,2026-06-10 10:20,湊,湊クリニックのルータの故障,全部停止,2026-06-10 10:00,2026-06-10 10:01\n\
    S-2,2026-06-11 10:00,2026-06-11 10:17,,データベースの切替えの失敗,全部停止,2026-06-11 10:00,2026-06-11 10:09\n\
    S-3,2026-06-12 10:00,2026-06-12 10:01,,青葉医院と湊クリニックで同時に起きた,全部停止,2026-06-12 10:00,2026-06-12 10:01\n";

const FIGURES: &str = "対象の月,医療機関等,数えたもの,内訳,数,数え方,数えた者\n\
    2026-06-01,青葉,受託情報の件数,,12345,月末の文書の数,岸 五郎\n\
    2026-06-01,湊,受託情報の件数,,98765,月末の文書の数,岸 五郎\n\
    2026-06-01,青葉,アクセスの件数,医師,4321,ログの件数,岸 五郎\n";

const VIEWING: &str = "申請番号,状態,申請者,申請日,医療機関等,閲覧する場合,見ざるを得ない理由,見る情報,範囲と件数,見る者,使うID,与える権限,見始めた日時,見終えた日時,実際に見た情報\n\
    V-1,閲覧済み（確認待ち）,岸 五郎,2026-06-20,青葉、湊,障害への対応,切替えの確認,,湊クリニックの3件と青葉医院の2件,岸 五郎,,参照,2026-06-20 10:00,2026-06-20 10:30,三件\n\
    V-2,閲覧済み（確認待ち）,岸 五郎,2026-06-21,青葉,動作確認,画面の確認,,見本の1件,岸 五郎,,参照,2026-06-21 10:00,2026-06-21 10:30,一件\n\
    V-3,閲覧済み（確認待ち）,岸 五郎,2026-06-22,湊,動作確認,別の画面の確認,,見本の7件,岸 五郎,,参照,2026-06-22 10:00,2026-06-22 10:30,七件\n";

const SENT: &str = "報告番号,種類,医療機関等,対象期間の初め,対象期間の終わり,報告する事項,達しなかった項目の理由と改善策,個人情報を含む,届ける方法,作成した者\n";

/// Two institutions, their records, and the reports in the register.
fn folder(sent: &str) -> tempfile::TempDir {
    let folder = folder_with("");
    fs::write(folder.path().join("sla.yaml"), SLA).expect("written");
    for (name, text) in [
        ("institutions/青葉.yaml", "institution: { name: 青葉医院, kind: clinic }\n"),
        ("institutions/湊.yaml", "institution: { name: 湊クリニック, kind: clinic }\n"),
        ("operations/outages.csv", OUTAGES),
        ("operations/usage-figures.csv", FIGURES),
        ("operations/data-viewing.csv", VIEWING),
        ("operations/reports-sent.csv", &format!("{SENT}{sent}")),
    ] {
        write(&folder, name, text);
    }
    folder
}

/// Makes a report of 青葉 as Markdown: exit code, what it says, what is told beside it.
fn made(folder: &tempfile::TempDir, what: [&str; 2]) -> (i32, String, String) {
    let out = tempfile::tempdir().expect("a folder");
    let ran = shirube(&[
        "sla",
        "report",
        path(folder),
        what[0],
        what[1],
        "--institution",
        "青葉",
        "--on",
        "2026-07-15",
        "--format",
        "md",
        "--out",
        path(&out),
    ]);
    let text = files(&out.path().join("青葉")).first().map(|file| fs::read_to_string(file).expect("a text"));
    (ran.code, text.unwrap_or_default(), ran.stderr)
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    files.sort();
    files
}

const REASON: &str = "R-1,月次報告,青葉,2026-06-01,2026-06-30,受託情報の件数；利用の状況；管理指標；未達成の理由と改善策,切替えの手順を改めた,いいえ,電子メール,岸 五郎\n";

// OPS-064, OPS-066: what the records say of this institution stands in the report, and says where nothing is recorded.
#[test]
fn a_month_holds_the_records_of_its_institution() {
    let (code, text, told) = made(&folder(REASON), ["--month", "2026-06"]);
    for fact in [
        "青葉医院 御中",
        "12,345",
        "4,321",
        "医師",
        "見本の1件",
        "切替えの手順を改めた",
        "案",
        "報告の期日",
        "動作確認での情報の参照の結果",
        "報告の記録がありません",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    for stranger in ["湊", "98765", "98,765", "ルータ", "見本の7件", "V-3", "岸"] {
        assert!(!text.contains(stranger), "{stranger}: {text}");
    }
    assert!(text.contains("〔未記載〕"), "{text}");
    // One entry names both, and its text the other: the report says that something is left out.
    assert!(text.contains("〔ほかの医療機関等についての記述があるため、載せていません〕"), "{text}");
    assert!(code == 1 && told.contains("受託情報の取扱いの状況"), "{code} {told}");
}

// SLA-018: a month that fell short needs its reason and a way to improve.
#[test]
fn a_shortfall_asks_for_its_reason() {
    const MISSING: &str = "達しなかった項目がありますが、理由と改善策が書かれていません";
    let (code, text, told) = made(&folder(""), ["--month", "2026-06"]);
    assert!(code == 1 && told.contains(MISSING) && text.contains("理由と改善策が、まだ書かれていません"), "{told}");
    let (_, text, told) = made(&folder(REASON), ["--month", "2026-06"]);
    assert!(!told.contains(MISSING) && text.contains("切替えの手順を改めた"), "{told}");
    let (_, text, told) = made(&folder(""), ["--month", "2026-05"]);
    assert!(!told.contains(MISSING) && text.contains("達しなかった項目はありません"), "{told}");
}

// OPS-064: the figures are those of `sla evaluate`.
#[test]
fn figures_are_those_of_the_evaluation() {
    let folder = folder(REASON);
    let days = ["--from", "2026-06-01", "--to", "2026-06-30", "--institution", "青葉", "--format", "json"];
    let value = json(&[&["sla", "evaluate", path(&folder)][..], &days].concat());
    let (_, text, _) = made(&folder, ["--month", "2026-06"]);
    let text = text.replace('\\', "");
    for figure in value["periods"][0]["months"][0]["bands"].as_array().expect("bands") {
        let percent = figure["availability"]["percent"].as_str().expect("a share");
        let line = text.lines().find(|line| line.contains(&format!("{percent}%（")));
        let line = line.unwrap_or_else(|| panic!("{percent}: {text}"));
        let minutes = figure["counted_stop_minutes"].as_u64().expect("minutes");
        assert!(line.contains(&format!("{minutes}分")), "{line}");
    }
    assert_eq!(value["periods"][0]["months"][0]["bands"][0]["counted_stop_minutes"], 18);
}

// AUTHZ-002: no name of another institution in any format, of any report, and none of its numbers.
#[test]
fn no_format_names_another() {
    let (folder, out) = (folder(REASON), tempfile::tempdir().expect("a folder"));
    for what in
        [["--month", "2026-06"], ["--year", "2026"], ["--event", "data-viewing:V-1"], ["--event", "outages:S-3"]]
    {
        let ran = shirube(&[
            "sla",
            "report",
            path(&folder),
            what[0],
            what[1],
            "--institution",
            "青葉",
            "--on",
            "2026-07-15",
            "--out",
            path(&out),
            "--format",
            "pdf,docx,xlsx,html",
        ]);
        assert!([0, 1].contains(&ran.code), "{what:?}: {}", ran.stderr);
    }
    let made = files(&out.path().join("青葉"));
    assert_eq!(made.len(), 16, "{made:?}");
    for file in &made {
        assert_eq!(
            contained(file, &["湊クリニック", "98,765", "98765", "青葉医院"]),
            ["青葉医院"],
            "{}",
            file.display()
        );
    }
    let month = made.iter().find(|file| file.ends_with("monthly-report-2026-06.pdf")).expect("the month");
    assert_eq!(contained(month, &["12,345", "99.88", "縦軸は"]).len(), 3);
}

// OPS-066: an event is told from its entry; what is another's is refused.
#[test]
fn an_event_is_told_from_its_entry() {
    let folder = folder("");
    let (code, text, told) = made(&folder, ["--event", "outages:S-2"]);
    assert!(code == 0 && text.contains("データベースの切替えの失敗"), "{told}{text}");
    assert!(text.contains("サービスの停止の経緯の報告") && text.contains("Webへの掲載"), "{text}");
    let (_, text, _) = made(&folder, ["--event", "data-viewing:V-2"]);
    assert!(text.contains("動作確認での情報の参照の結果の報告") && !text.contains("Webへの掲載"), "{text}");
    for (event, reason) in [
        ("outages:S-1", "青葉医院についての記録ではありません"),
        ("outages:S-9", "「S-9」はありません"),
        ("media:T-1", "「T-1」はありません"),
        ("outages", "「outages:S-2026-002」のように"),
    ] {
        let (code, _, told) = made(&folder, ["--event", event]);
        assert!(code == 2 && told.contains(reason), "{event}: {told}");
    }
}

// OPS-065, SLA-034: the five items of the year, and none is claimed without a record.
#[test]
fn a_year_has_its_five_items() {
    let folder = folder("");
    write(
        &folder,
        "operations/training.csv",
        "番号,題目,状態,扱う事柄,予定日,対象とする者,講師・担当,実施日,使った教材,出席者の名簿,出席した人数,欠席した者への対応,理解の確認方法,結果の概要\n\
         E-1,媒体の扱い,完了,媒体・機器の取扱いと持出し,2026-05-10,全員,渚 六郎,2026-05-12,教材A,名簿A,12,なし,小テスト,全員が理解した\n",
    );
    write(
        &folder,
        "operations/certificates.csv",
        "番号,名称,状態,種類,取得した事業者,登録番号,認証・評価した機関,適用範囲,有効期間の初め,有効期間の終わり,更新の担当者\n\
         C-1,ISMSの認証,有効,ISMS（JIS Q 27001）,自社,N-1,審査機関,本社,2025-01-01,2027-12-31,渚 六郎\n\
         C-0,古い認証,期限切れ・返上・取消し,その他,自社,N-0,審査機関,本社,2020-01-01,2022-12-31,渚 六郎\n",
    );
    let (_, text, told) = made(&folder, ["--year", "2026"]);
    for fact in [
        "法令・ガイドラインの遵守の状況",
        "ISMSの認証",
        "監査の計画・実施簿」をつけていません",
        "媒体の扱い",
        "経営の状況の資料",
    ] {
        assert!(text.contains(fact), "{fact}: {told}{text}");
    }
    for left_out in ["古い認証", "渚", "遵守しています"] {
        assert!(!text.contains(left_out), "{left_out}: {text}");
    }
}

// OPS-067: the check refuses a way that is not open to a report, and one report of the figures of several.
#[test]
fn a_wrong_way_is_refused() {
    for (sent, rules) in [
        (REASON.replace(",電子メール,", ",Webへの掲載,"), &["report-delivery"][..]),
        (REASON.replace("いいえ,電子メール", "はい,電子メール"), &["report-delivery"]),
        (REASON.replace(",青葉,", ",青葉、湊,"), &["report-shared"]),
        (REASON.replace("いいえ,電子メール", "はい,暗号化した電子メール"), &[]),
        (REASON.to_owned(), &[]),
    ] {
        let folder = folder(&sent);
        let checked = json(&["check", path(&folder), "--format", "json"]);
        let records = checked["records"].as_array().expect("records");
        let rule = |one: &&serde_json::Value| one["rule"].as_str().is_some_and(|rule| rule.starts_with("report-"));
        let found: Vec<&str> = records.iter().filter(rule).filter_map(|one| one["rule"].as_str()).collect();
        assert_eq!(found, rules, "{sent}");
        let (code, _, told) = made(&folder, ["--month", "2026-05"]);
        assert_eq!(code, 0, "another month: {told}");
    }
}

// SLA-038: lateness against the agreed day.
#[test]
fn lateness_is_told() {
    let (_, text, _) = made(&folder(""), ["--month", "2026-05"]);
    assert!(text.contains("まだ届けていません（期日から35日過ぎています）"), "{text}");
}

#[test]
fn what_cannot_be_made_is_told() {
    let folder = folder("");
    for (what, reason) in [
        (["--month", "2026-9x"], "月として読めません"),
        (["--month", "2026-08"], "基準日（2026-07-15）の後です"),
        (["--year", "1900"], "祝日を計算できる"),
    ] {
        let (code, text, told) = made(&folder, what);
        assert!(code == 2 && text.is_empty() && told.contains(reason), "{what:?}: {told}");
    }
}
