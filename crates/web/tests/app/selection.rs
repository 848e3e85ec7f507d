//! Choosing a provider in the browser: what providers disclosed side by side, and the data that a provider hands over.

use axum::http::StatusCode;
use shirube_documents::write::archive;
use shirube_identity::role::Role;
use shirube_store::Files;

use crate::fixture::{Answer, Browser, Place, SERVICE_FILES, value_of};

const ADDRESS: &str = "/o/a/selection";
const HAMAKAZE: &[u8] = include_bytes!("../../../../samples/selection/hamakaze.json");
const TOMOSHIBI: &[u8] = include_bytes!("../../../../samples/selection/tomoshibi.json");
const WRITTEN: &str = include_str!("../../../../samples/selection/selection.yaml");
const SAMPLES: [(&str, &[u8]); 3] =
    [("hamakaze.json", HAMAKAZE), ("tomoshibi.json", TOMOSHIBI), ("selection.yaml", WRITTEN.as_bytes())];

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-u", "miru@a", &[Role::Auditor]).await;
    place
}

async fn compared(browser: &mut Browser<'_>, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    browser.upload_files(ADDRESS, fields, "file", files).await
}

/// The part of a page from one heading to the end of its section.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let at = page.find(heading).unwrap_or_else(|| panic!("no 「{heading}」: {page}"));
    page[at..].split("</section>").next().unwrap_or_default()
}

/// The text that the page carries to its next form, as a browser reads it.
fn kept(page: &str) -> String {
    let value = value_of(page, "kept");
    value.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

/// PARTY-013: two sets of data stand beside each other, the criteria first; what is missing, expired and to be asked is
/// told; nothing of it is kept, and an auditor may do it.
#[tokio::test]
async fn data_of_providers_stand_side_by_side_and_nothing_is_kept() {
    let place = place().await;
    let mut auditor = place.signed_in("miru@a").await;
    let form = auditor.get(ADDRESS).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text.contains("保存しません"), "{}", form.text);
    assert!(auditor.get("/o/a/").await.text.contains("href=\"/o/a/selection\""));
    let before = place.store.head("a").await.unwrap().number;

    let page = compared(&mut auditor, &[("format", "")], &SAMPLES[..2]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let criteria = section(&page.text, "外部保存を受託する事業者の選定基準");
    assert_eq!(criteria.matches("<tr>").count(), 5, "a head and four criteria: {criteria}");
    assert!(criteria.contains("情報セキュリティ基本方針、医療情報取扱規程"), "{criteria}");
    assert!(criteria.contains("data-label=\"ともしび診療クラウド\""), "{criteria}");
    assert!(page.text.find("選定基準（表4-1").unwrap() < page.text.find("共通理解のための情報").unwrap());
    let missing = section(&page.text, ">足りないもの</h2>");
    assert_eq!(missing.matches("<th scope=\"row\"").count(), 2, "{missing}");
    assert!(missing.contains("<span class=\"mark unanswered\">"), "{missing}");
    let asked = section(&page.text, ">尋ねること</h2>");
    assert!(
        asked.contains("readonly") && asked.contains("有効期限が過ぎています。更新の状況をお知らせください。"),
        "{asked}"
    );
    // It is compared today, 20 November 2026.
    let expired = section(&page.text, ">有効期限の過ぎた認証</h2>");
    assert_eq!(expired.matches("期限切れ").count(), 1, "{expired}");
    assert!(expired.contains("「ともしび診療クラウド」の"), "{expired}");
    assert!(section(&page.text, ">確かめること").contains("ガイドラインの版が違います"));
    assert!(page.text.contains("保存していません"));
    assert_eq!(place.store.head("a").await.unwrap().number, before, "nothing is written, not even to the trail");
}

/// PARTY-013: with a `selection.yaml`, alone or all in one archive, questions and judgements of one's own stand there, and
/// findings tell the line.
#[tokio::test]
async fn what_people_wrote_stands_beside_it_and_an_archive_is_the_same() {
    let place = place().await;
    let mut auditor = place.signed_in("miru@a").await;
    let single = compared(&mut auditor, &[], &SAMPLES).await;
    assert_eq!(single.status, StatusCode::OK, "{}", single.text);
    let in_folder = SAMPLES.map(|(name, bytes)| (format!("選定/{name}"), bytes));
    let hidden = ("__MACOSX/選定/._hamakaze.json", &b"\0\x05"[..]);
    let packed = archive(in_folder.iter().map(|(name, bytes)| (name.as_str(), *bytes)).chain([hidden])).unwrap();
    let together = compared(&mut auditor, &[], &[("選定.zip", &packed)]).await;
    assert_eq!(together.status, StatusCode::OK, "{}", together.text);
    for page in [&single.text, &together.text] {
        assert!(page.contains("電子カルテのクラウドサービスの選定"), "{page}");
        assert!(section(page, ">自院で尋ねること</h2>").contains("移行（必須）"), "{page}");
        assert!(
            section(page, "選定基準（表4-1").contains("<span class=\"mark finding\">食い違いあり</span>"),
            "{page}"
        );
        assert!(section(page, ">確かめること").contains("selection.yaml 17行目: "), "{page}");
    }
    let source = |page: &str| page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(source(&single.text), source(&together.text));
}

/// Documents are made of the chosen files, and of those that the page carried.
#[tokio::test]
async fn the_comparison_is_taken_as_a_document() {
    let place = place().await;
    let mut auditor = place.signed_in("miru@a").await;
    let page = compared(&mut auditor, &[], &SAMPLES).await;
    let kept = kept(&page.text);
    for (format, magic) in [("pdf", &b"%PDF-"[..]), ("xlsx", b"PK\x03\x04"), ("docx", b"PK\x03\x04"), ("html", b"<!")] {
        let chosen = compared(&mut auditor, &[("format", format)], &SAMPLES).await;
        let carried = compared(&mut auditor, &[("format", format), ("kept", &kept)], &[]).await;
        for answer in [&chosen, &carried] {
            assert_eq!(answer.status, StatusCode::OK, "{format}: {}", answer.text);
            assert!(answer.bytes.starts_with(magic), "{format}");
            assert!(answer.header("content-disposition").starts_with("attachment"), "{format}");
        }
        assert_eq!(chosen.bytes, carried.bytes, "{format}");
    }
    let broken = compared(&mut auditor, &[("format", "pdf"), ("kept", "[{")], &[]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.text.contains("もう一度選んでください"), "{}", broken.text);
    let unknown = compared(&mut auditor, &[("format", "exe")], &SAMPLES).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Every mistake of every file is told at once, each with the name of its file.
#[tokio::test]
async fn mistakes_of_all_files_are_told_at_once() {
    let place = place().await;
    let mut auditor = place.signed_in("miru@a").await;
    let half = &HAMAKAZE[..HAMAKAZE.len() / 2];
    let long = vec![b' '; 2 * 1024 * 1024 + 1];
    let wrong: [(&str, &[u8]); 5] = [
        ("途中.json", half),
        ("別物.json", b"{\"a\": 1}"),
        ("長い.json", &long),
        ("開示書.pdf", b"%PDF-1.7"),
        ("selection.yaml", b"selection: { title: x }\ncandidates: [{ nam: y }]\n"),
    ];
    let page = compared(&mut auditor, &[("format", "pdf")], &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
    for said in [
        "途中.json ",
        "別物.json 1行目: 開示データではありません",
        "「長い.json」は大きすぎます。一つのファイルは2MBまでです。",
        "「開示書.pdf」は、並べられるファイルではありません",
        "selection.yaml 2行目",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }

    // Files that are right by themselves, and do not fit together.
    let renamed: [(&str, &[u8]); 3] = [("hamakaze.json", HAMAKAZE), ("tomo.json", TOMOSHIBI), SAMPLES[2]];
    let page = compared(&mut auditor, &[], &renamed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "の「ともしび診療クラウド」: 開示データ「tomoshibi.json」がありません",
        "「tomo.json」は、selection.yamlのどの候補のものでもありません",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    let page = compared(&mut auditor, &[], &[]).await;
    assert!(page.text.contains("開示データ（.json）を選んでください。"), "{}", page.text);
}

/// Six are the most, and a form that is too long is refused in a sentence.
#[tokio::test]
async fn too_many_and_too_long_are_told() {
    let place = place().await;
    let mut auditor = place.signed_in("miru@a").await;
    let names: Vec<String> = (1..=7).map(|number| format!("{number}.json")).collect();
    let seven: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), HAMAKAZE)).collect();
    let page = compared(&mut auditor, &[], &seven).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("開示データは6件までです。7件選ばれています。"), "{}", page.text);
    let six = compared(&mut auditor, &[], &seven[..6]).await;
    assert_eq!(six.status, StatusCode::OK, "{}", six.text);
    assert!(six.text.contains("はまかぜカルテ（株式会社はまかぜソフト） 6"), "{}", six.text);
    let twice = compared(&mut auditor, &[], &[seven[0], seven[0]]).await;
    assert!(twice.text.contains("「1.json」という名前のファイルが二つあります"), "{}", twice.text);
    let long = vec![b' '; 15 * 1024 * 1024];
    let page = compared(&mut auditor, &[], &[("長い.json", &long)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text.contains("合計が大きすぎる"), "{}", page.text);
}

/// DOC-004, AUTHZ-002: the open data of a service hold nothing that needs a secrecy agreement and name no institution; they
/// can be laid side by side as they are.
#[tokio::test]
async fn a_provider_takes_the_open_data_of_a_service() {
    let place = place().await;
    place.with_institution("a", "i-minato", "湊クリニック", "s-a").await;
    let shown = "document: 安全管理体制図";
    let files = SERVICE_FILES.map(|(name, text)| {
        (name.to_owned(), text.replacen(shown, &format!("{shown}（湊クリニック、あおば内科クリニックに提示）"), 1))
    });
    let mut change = place.store.begin("a").await.unwrap();
    change.add_revision("s-a", Some(1), &Files::new(files).unwrap()).await.unwrap();
    place.commit(change, "revision.created").await;
    let mut auditor = place.signed_in("miru@a").await;
    let documents = auditor.get("/o/a/s/s-a/documents").await;
    assert!(documents.text.contains("href=\"/o/a/s/s-a/disclosure-data\""), "{}", documents.text);
    let data = auditor.get("/o/a/s/s-a/disclosure-data").await;
    assert_eq!(data.status, StatusCode::OK, "{}", data.text);
    assert!(data.header("content-disposition").starts_with("attachment"));
    let value = data.json();
    assert_eq!(value["reach"], "open");
    assert_eq!(value["document"]["draft"], true, "nothing was issued yet");
    assert!(value["source"].as_str().unwrap().starts_with("第2版 "), "{}", value["source"]);
    let page = compared(&mut auditor, &[], &[("自社.json", &data.bytes), ("hamakaze.json", HAMAKAZE)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("秘密保持契約を結んだうえで開示"), "{}", page.text);
    let secrets = [
        "個人データの安全管理に関する実績の説明書",
        "脆弱性診断報告書",
        "指摘の詳細は来社して閲覧",
        "テープ搬送手順書",
    ];
    for secret in secrets {
        assert!(SERVICE_FILES.iter().any(|(_, text)| text.contains(secret)), "{secret} is in the sample");
        assert!(!data.text.contains(secret) && !page.text.contains(secret), "{secret}");
    }
    assert!(data.text.contains("安全管理体制図（医療機関等、医療機関等に提示）"), "{}", data.text);
    for institution in ["あおば内科", "湊クリニック"] {
        assert!(!data.text.contains(institution), "{institution}");
    }
    assert!(data.text.contains("情報セキュリティ基本方針"), "{}", data.text);
}

/// The data of a revision are 案 until its documents are issued, and then bear that day.
#[tokio::test]
async fn data_of_an_issued_revision_bear_the_day_of_the_issue() {
    let place = crate::issuing::place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let address = "/o/a/s/s-done/disclosure-data";
    let before = editor.get(address).await.json();
    assert_eq!((&before["document"]["draft"], before["document"].get("issued_on")), (&serde_json::json!(true), None));
    for (from, to) in [("draft", "checked"), ("checked", "approved"), ("approved", "issued")] {
        let mut change = place.store.begin("a").await.unwrap();
        change.set_revision_state("s-done", 1, from, to).await.unwrap();
        place.commit(change, "revision.changed").await;
    }
    let issued = editor.get(address).await.json();
    assert_eq!(issued["document"], serde_json::json!({ "issued_on": "2026-11-20", "draft": false }));
}
