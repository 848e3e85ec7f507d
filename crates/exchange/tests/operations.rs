//! Records of operation as people and monitors write them.

use encoding_rs::SHIFT_JIS;
use shirube_exchange::{OperationFiles, merged, observed, read_operations};
use shirube_safety::operation::level::{Affected, Extent, Records, Source};

fn outages(text: &str) -> OperationFiles {
    OperationFiles { outages: Some(text.as_bytes().to_vec()), ..OperationFiles::default() }
}

fn read(files: &OperationFiles) -> Result<Records, Vec<String>> {
    let known = ["aoba".to_owned(), "minato".to_owned()];
    read_operations(files, &known).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

const OUTAGES: &str = "番号,開始,終了,医療機関等,範囲,重大な支障,感知,記録した者\r\n\
    A-1,2026-04-01 10:30:15,2026/4/1 11:00,,全部停止,,2026-04-01T01:31:00Z,監視\r\n\
    ,,,,,,,\r\n\
    A-2,2026-04-02 10:30,,aoba、minato,一部,いいえ,,\r\n";

/// One row of each file, in any of the encodings of offices and by Japanese or English headings.
#[test]
fn records_are_read_as_offices_write_them() {
    let english = OUTAGES.replacen(
        "番号,開始,終了,医療機関等,範囲,重大な支障,感知,記録した者",
        "ID,from,until,institutions,extent,hinders,detected,source",
        1,
    );
    for bytes in [
        OUTAGES.as_bytes().to_vec(),
        format!("\u{feff}{OUTAGES}").into_bytes(),
        SHIFT_JIS.encode(OUTAGES).0.into_owned(),
        english.into_bytes(),
    ] {
        let records = read(&OperationFiles { outages: Some(bytes), ..OperationFiles::default() }).unwrap();
        let [one, two] = &records.outages[..] else { panic!("{records:?}") };
        assert_eq!(
            (one.id.as_str(), one.row, one.extent, one.source),
            ("A-1", 2, Some(Extent::Whole), Source::Monitor)
        );
        assert_eq!(
            (one.from.to_string().as_str(), one.until),
            ("2026-04-01 10:30:15", "2026-04-01 11:00".parse().ok())
        );
        assert_eq!((one.detected, &one.affected), ("2026-04-01 10:31".parse().ok(), &Affected::All));
        assert_eq!((two.row, two.until, two.hinders), (4, None, Some(false)));
        assert_eq!(two.affected, Affected::Some(vec!["aoba".to_owned(), "minato".to_owned()]));
    }
}

/// Every bad cell, with its file, row and column, what stands there and what would be right.
#[test]
fn all_mistakes_are_told_at_once() {
    let bad = OperationFiles {
        outages: Some(
            "番号,開始,終了,医療機関等,範囲,初動の人\nA-1,きのう,2026-04-01,aobo,半分,x\n,2026-04-01 10:00,,,,\n"
                .into(),
        ),
        exclusions: Some("停止の番号,開始,除外の事由\nA-1,2026-04-01 10:00,停電\n".into()),
        updates: Some("番号,種類,公開,適用,報告日\nU-1,,2026-02-30 10:00,,2月30日\n".into()),
        evaluations: Some("始まりの日,終わりの日,未達成の件数,評価\n2025-04-01,2026-03-31,三,B\n".into()),
    };
    let told = read(&bad).unwrap_err();
    for part in [
        "operations/outages.csv 1行目（F列）: 見出し「初動の人」の列は読めません",
        "operations/outages.csv 2行目「開始」（B列）: 「きのう」は日時として読めません。「2026-04-01 10:30」のように",
        "operations/outages.csv 2行目「終了」（C列）: 「2026-04-01」は日時",
        "operations/outages.csv 2行目「医療機関等」（D列）: institutions/aobo.yaml がありません。institutionsのファイルの名前を書いてください（あるのは、aoba、minatoです）",
        "operations/outages.csv 2行目「範囲」（E列）: 「半分」は読めません。全部停止、一部停止、応答の低下のどれか",
        "operations/outages.csv 3行目「番号」（A列）: 書かれていません",
        "operations/exclusions.csv: 見出しの行に「終了」がありません",
        "operations/exclusions.csv 2行目「除外の事由」（C列）: 「停電」は算定除外事項にありません",
        "電力供給業者の障害（power）",
        "operations/updates.csv 2行目「種類」（B列）: 書かれていません",
        "operations/updates.csv 2行目「公開」（C列）: 「2026-02-30 10:00」は日時",
        "operations/updates.csv 2行目「報告日」（E列）: 「2月30日」は日付",
        "operations/evaluations.csv 2行目「未達成の件数」（C列）: 「三」は件数として",
    ] {
        assert!(told.iter().any(|one| one.contains(part)), "{part}\n{told:#?}");
    }
}

/// What rows mean together is asked once all of them can be read.
#[test]
fn rows_that_contradict_each_other_are_told() {
    let mut files = outages(
        "番号,開始,終了,感知,第一次対応\nA-1,2026-04-01 10:00,2026-04-01 09:00,,\nA-1,2026-04-01 10:00,2026-04-01 11:00,2026-04-01 10:05,2026-04-01 10:00\n",
    );
    files.exclusions = Some(
        "停止の番号,開始,終了,除外の事由\nA-9,2026-04-01 10:00,2026-04-01 11:00,power\nA-1,2026-05-01 10:00,2026-05-01 11:00,power\n".into(),
    );
    let told = read(&files).unwrap_err();
    for part in [
        "outages.csv 2行目: 「終了」（2026-04-01 09:00）が「開始」（2026-04-01 10:00）より前です",
        "outages.csv 3行目: 停止の番号「A-1」は、2行目にもあります",
        "outages.csv 3行目: 「第一次対応」（2026-04-01 10:00）が",
        "exclusions.csv 2行目: 停止「A-9」が operations/outages.csv にありません",
        "exclusions.csv 3行目: 停止「A-1」の時間と重なっていません",
    ] {
        assert!(told.iter().any(|one| one.contains(part)), "{part}\n{told:#?}");
    }
}

const FIRING: &str = r#"{ "version": "4", "status": "firing", "receiver": "x", "alerts": [
    { "status": "firing", "labels": { "alertname": "画面", "instance": "ehr-1" }, "annotations": {},
      "startsAt": "2026-04-01T01:30:15.5Z", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "9f86d081" } ] }"#;

fn resolved() -> String {
    FIRING.replace("0001-01-01T00:00:00Z", "2026-04-01T11:02:00+09:00")
}

/// SLA-025: a notice that comes again adds nothing; the one of the end closes what was open, and what people wrote stays.
#[test]
fn notices_are_taken_once() {
    let took =
        |file: Option<&[u8]>, notice: &str| merged(file, &observed(notice.as_bytes(), "通知.json").unwrap()).unwrap();
    let first = took(None, FIRING);
    assert_eq!((first.added.len(), first.ended.len(), first.known), (1, 0, 0));
    let csv = |merged: &shirube_exchange::Merged| {
        let lines = std::iter::once(&merged.heading).chain(&merged.rows).map(|row| row.join(","));
        lines.collect::<Vec<_>>().join("\n").into_bytes()
    };
    let again = took(Some(&csv(&first)), FIRING);
    assert_eq!((again.added.len(), again.ended.len(), again.known), (0, 0, 1));
    let noted = String::from_utf8(csv(&first)).unwrap().replace("監視,,", "監視,,人が書いた");
    let ended = took(Some(noted.as_bytes()), &resolved());
    assert_eq!((ended.added.len(), ended.ended.len(), ended.known), (0, 1, 0));
    let bytes = csv(&ended);
    assert!(String::from_utf8(bytes.clone()).unwrap().contains("人が書いた"));
    let records = read(&OperationFiles { outages: Some(bytes.clone()), ..OperationFiles::default() }).unwrap();
    let [outage] = &records.outages[..] else { panic!("{records:?}") };
    assert_eq!((outage.source, outage.part.as_deref()), (Source::Monitor, Some("画面 ehr-1")));
    assert_eq!(outage.from.to_string(), "2026-04-01 10:30:15.500");
    assert_eq!(outage.until, "2026-04-01 11:02".parse().ok());
    let known = took(Some(&bytes), &format!("[{FIRING},{}]", resolved()));
    assert_eq!((known.added.len(), known.ended.len(), known.known), (0, 0, 1));
}

#[test]
fn runs_of_down_are_stops() {
    let table = "時刻,対象,状態\n2026-04-01 10:00,画面,up\n2026-04-01 10:10,画面,down\n2026-04-01 10:05,画面,down\n\
        2026-04-01 10:15,画面,UP\n2026-04-01 10:00,閉域網,停止\n2026-04-01 10:20,画面,異常\n";
    let found = observed(table.as_bytes(), "監視.csv").unwrap();
    let told: Vec<String> = found
        .iter()
        .map(|one| format!("{} {} {:?}", one.part, one.from, one.until.map(|until| until.to_string())))
        .collect();
    assert_eq!(
        told,
        [
            "閉域網 2026-04-01 10:00 None",
            "画面 2026-04-01 10:05 Some(\"2026-04-01 10:15\")",
            "画面 2026-04-01 10:20 None"
        ]
    );
    for (text, part) in [
        ("{ \"alerts\": [ { \"fingerprint\": \"x\" } ] }", "通知（alerts に startsAt"),
        (FIRING.replace("2026-04-01T01:30:15.5Z", "昨日").as_str(), "通知.json alerts[0]: 「昨日」は日時"),
        ("時刻,対象,状態\n2026-04-01 10:00,画面,不明\n", "「不明」は読めません。up、downのどれか"),
    ] {
        let told: Vec<String> =
            observed(text.as_bytes(), "通知.json").unwrap_err().iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|one| one.contains(part)), "{part}: {told:?}");
    }
}
