//! Lists people already have: headings found, columns proposed, everything that is left out told.

mod support;

use shirube_exchange::{Effect, Guess, guess, read, take};
use shirube_folder::edit::apply;
use shirube_safety::File;
use support::sample;

fn goes(guess: &Guess) -> Vec<(&str, Option<&str>)> {
    guess.columns.iter().map(|column| (column.heading.as_str(), column.field.as_deref())).collect()
}

/// Titles above, headings in one or two rows, remarks in them, letters of any width: the columns are found.
#[test]
fn headings_are_found_and_columns_proposed() {
    let texts = sample("clinic-ehr");
    for (target, table, first, height, expected) in [
        (
            "sites",
            "拠点台帳,,\n作成 令和８年４月,,\n拠点名,管理者 ※1,電話\n港,対象事業者,045\n",
            2,
            1,
            vec![("拠点名", Some("name")), ("管理者 ※1", Some("owner")), ("電話", None)],
        ),
        (
            "answers",
            "対策項目チェックリスト,,,\nＮｏ．,回答,,備考\n,対応状況,担当,\n1.1①-1,○,総務,あり\n",
            1,
            2,
            vec![
                ("Ｎｏ．", Some("control")),
                ("回答 / 対応状況", Some("status")),
                ("回答 / 担当", Some("owner")),
                ("備考", Some("how")),
            ],
        ),
    ] {
        let book = read(table.as_bytes(), "台帳.csv").unwrap();
        let guess = guess(&book, target, None, &texts).unwrap();
        assert_eq!((guess.first, guess.height), (first, height), "{target}: {:?}", goes(&guess));
        assert_eq!(goes(&guess), expected, "{target}");
    }
}

/// Marks and days are read as people write them; totals, remarks, unknown numbers and bad cells are told with a reason.
#[test]
fn a_checklist_comes_in_and_what_is_left_out_is_told() {
    let texts = sample("clinic-ehr");
    let table = "項番,対応状況,期限,担当部署,上長印\n\
                 １．１①－１,△,R9.4.1,システム課,印\n\
                 9.9-9,○,,,\n\
                 1.1①-2,ほぼ,,総務課,\n\
                 項番,対応状況,期限,担当部署,上長印\n\
                 ※ 令和8年度の点検,,,,\n\
                 合計,2,,,\n";
    let book = read(table.as_bytes(), "点検.csv").unwrap();
    let guess = guess(&book, "answers", None, &texts).unwrap();
    let taken = take(&book, &guess, &texts).unwrap();
    let told: Vec<String> =
        taken.losses.iter().map(|loss| format!("{} {} {}", loss.address, loss.found, loss.reason)).collect();
    for part in ["E列 上長印", "9.9-9", "B4 ほぼ", "5行", "注の行です", "合計の行です"] {
        assert!(told.iter().any(|told| told.contains(part)), "{part}: {told:#?}");
    }
    let after = apply(&texts, &taken.edits).unwrap().texts;
    let folder = shirube_folder::read(&after).unwrap();
    let answer = folder.files.conformity.answers.iter().find(|answer| answer.control == "1.1①-1").unwrap();
    assert_eq!((answer.status.token(), answer.owner.as_str()), ("partial", "システム課"));
    assert_eq!(answer.due.unwrap().0.to_string(), "2027-04-01");
    // Whoever decided did not decide on this.
    assert!(answer.decided.is_none());
    assert!(taken.changes.iter().all(|change| change.effect == Effect::Changed));
}

/// What is there already changes nothing, and two columns into one field are refused.
#[test]
fn the_same_again_is_no_change() {
    let texts = sample("clinic-ehr");
    let book = read("名称,管理する組織\n待合室,医療機関\n".as_bytes(), "拠点.csv").unwrap();
    let mut guess = guess(&book, "sites", None, &texts).unwrap();
    let taken = take(&book, &guess, &texts).unwrap();
    assert_eq!((taken.changes.len(), taken.same, taken.edits.len()), (0, 1, 0), "{:?}", taken.losses);
    guess.columns[1].field = Some("name".to_owned());
    assert!(take(&book, &guess, &texts).unwrap_err()[0].contains("どちらも「名称」"));
    assert!(texts.contains_key(&File::System));
}
