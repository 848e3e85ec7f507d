//! Lists through Excel: out, filled in by another program, looked at, taken in; and lists people already have.

use std::process::Command;

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::{Answer, Browser, Place};

const HERE: &str = "/o/a/s/s-a/lists";

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "henshu@a", &[Role::Editor]).await;
    place
}

/// Writes cells with openpyxl, as `SHEET!ADDRESS=TEXT`.
pub(crate) fn filled(bytes: &[u8], edits: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../exchange/tests/peers/save_again.py");
    let done = Command::new("python3").arg(script).arg(&file).args(edits).status();
    assert!(done.expect("Python 3 with openpyxl").success());
    std::fs::read(file).unwrap()
}

async fn hand_in(browser: &mut Browser<'_>, name: &str, bytes: &[u8]) -> Answer {
    browser.upload_file(HERE, &[], ("file", name), bytes).await
}

/// The value of a hidden field, as the browser sends it back.
fn hidden(page: &str, name: &str) -> String {
    let value = crate::fixture::value_of(page, name);
    value.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

/// INTEROP-001: a list goes out, comes back unchanged, comes back filled in, and is saved with its reason; the trail
/// says that it went out.
#[tokio::test]
async fn a_list_goes_out_and_comes_back() {
    let place = place().await;
    let mut browser = place.signed_in("henshu@a").await;
    assert!(browser.get(HERE).await.text.contains("対策項目一覧"));
    let book = browser.get(&format!("{HERE}/controls")).await;
    assert_eq!(book.status, StatusCode::OK);
    assert!(book.headers["content-disposition"].to_str().unwrap().contains("1%E7%89%88.xlsx"));

    let same = hand_in(&mut browser, "一覧.xlsx", &book.bytes).await;
    assert_eq!(same.status, StatusCode::OK, "{}", same.text);
    assert!(same.text.contains("変更0件"), "{}", same.text);

    // Column M holds the owner of a control.
    let edited = filled(&book.bytes, &["対策項目一覧!M2=運用部 灯台", "対策項目一覧!M3=運用部 岬"]);
    let look = hand_in(&mut browser, "一覧.xlsx", &edited).await;
    assert!(look.text.contains("対策項目一覧!M2") && look.text.contains("運用部 灯台"), "{}", look.text);
    let rows = hidden(&look.text, "~rows");
    let nameless = browser.post(&format!("{HERE}/save"), &[("~rows", &rows)]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let saved = browser.post(&format!("{HERE}/save"), &[("~rows", &rows), ("~why", "担当を決めた")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let files = place.store.files("a", "s-a", 2).await.unwrap();
    let (_, text) = files.iter().find(|(name, _)| *name == "conformity.yaml").unwrap();
    assert!(text.contains("運用部 灯台") && text.contains("運用部 岬"));
    let filter = shirube_store::Filter { limit: 9, ..Default::default() };
    let actions = place.store.entries("a", &filter).await.unwrap().into_iter().map(|entry| entry.action);
    assert!(actions.collect::<Vec<_>>().contains(&"list.exported".to_owned()));

    // The first workbook again, after somebody saved: what differs is merged or named.
    let late = filled(&book.bytes, &["対策項目一覧!M2=営業部"]);
    let look = hand_in(&mut browser, "一覧.xlsx", &late).await;
    let rows = hidden(&look.text, "~rows");
    let met = browser.post(&format!("{HERE}/save"), &[("~rows", &rows), ("~why", "担当の変更")]).await;
    assert_eq!(met.status, StatusCode::CONFLICT, "{}", met.text);
    assert!(met.text.contains("営業部") && met.text.contains("運用部 灯台"), "{}", met.text);
}

/// Each bad cell stands with its address, and nothing is saved.
#[tokio::test]
async fn bad_cells_are_named_and_nothing_is_saved() {
    let place = place().await;
    let mut browser = place.signed_in("henshu@a").await;
    let book = browser.get(&format!("{HERE}/controls")).await.bytes;
    let edited = filled(&book, &["対策項目一覧!F2=できた", "対策項目一覧!K3=未定"]);
    let look = hand_in(&mut browser, "一覧.xlsx", &edited).await;
    assert_eq!(look.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(look.text.contains("対策項目一覧!F2") && look.text.contains("対策項目一覧!K3"), "{}", look.text);
    assert!(!look.text.contains("件を取り込む"));
    assert_eq!(place.store.service("a", "s-a").await.unwrap().revision, Some(1));
}

/// What is no table, or belongs elsewhere, is refused with a sentence.
#[tokio::test]
async fn what_cannot_be_taken_in_is_told() {
    let place = place().await;
    place.with_organisation("b").await;
    place.with_person("b", "p-b", "henshu@b", &[Role::Editor]).await;
    let theirs = place.signed_in("henshu@b").await.get("/o/b/s/s-b/lists/controls").await.bytes;
    let mut browser = place.signed_in("henshu@a").await;
    for (name, bytes, told) in [
        ("空.csv", &b" "[..], "空のファイルです"),
        ("古い.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "パスワード付き"),
        ("絵.png", b"\x89PNG\r\n\x1a\n\0", "でも CSV でもありません"),
        ("壊れた.xlsx", b"PK\x03\x04zzzz", "壊れていて"),
        ("一行.csv", "名称\n".as_bytes(), "表が見つかりません"),
        ("よその.xlsx", &theirs, "別のサービスから"),
    ] {
        let refused = hand_in(&mut browser, name, bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text.contains(told), "{name}: {}", refused.text);
    }
}

/// A ledger that people have comes in through a mapping they confirm, with everything that is left out told.
#[tokio::test]
async fn a_ledger_comes_in_through_a_mapping() {
    let place = place().await;
    let mut browser = place.signed_in("henshu@a").await;
    let ledger = "拠点台帳（令和８年度）,,,\r\n拠点名,管理会社,出入り,電話番号\r\n港の倉庫,対象事業者,きびしい,045-000-0000\r\n\
                  岬の倉庫,知らない会社,,\r\n合計,2,,\r\n";
    let (cp932, _, broken) = encoding_rs::SHIFT_JIS.encode(ledger);
    assert!(!broken);
    let page = hand_in(&mut browser, "拠点.csv", &cp932).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let (book, first, height) =
        (hidden(&page.text, "~book"), hidden(&page.text, "~first"), hidden(&page.text, "~height"));
    let asked = |doing: &'static str, why: &'static str| {
        vec![
            ("~revision", "1"),
            ("~book", book.as_str()),
            ("~first", first.as_str()),
            ("~height", height.as_str()),
            ("~target", "sites"),
            ("~sheet", "0"),
            ("column-A", "name"),
            ("column-B", "owner"),
            ("column-C", "entry"),
            ("all-side", "provider"),
            ("~do", doing),
            ("~why", why),
        ]
    };
    let own = format!("{HERE}/own");
    let guessed = browser.post(&own, &asked("guess", "")).await;
    assert!(guessed.text.contains("見出しは2行目"), "{}", guessed.text);
    let look = browser.post(&own, &asked("look", "")).await;
    for part in ["D列", "電話番号", "合計の行です", "見出しより上の行です", "きびしい", "知らない会社"]
    {
        assert!(look.text.contains(part), "{part}: {}", look.text);
    }
    assert_eq!(place.store.service("a", "s-a").await.unwrap().revision, Some(1));
    let saved = browser.post(&own, &asked("save", "台帳から移した")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let files = place.store.files("a", "s-a", 2).await.unwrap();
    let (_, text) = files.iter().find(|(name, _)| *name == "system.yaml").unwrap();
    assert!(text.contains("港の倉庫") && !text.contains("岬の倉庫"));
}
