//! The supply chain through the router: what suppliers reported, taken in and held against the own answers.

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::{Event, Files};
use shirube_trail::Origin;

use crate::fixture::{Answer, Browser, Place, SERVICE_FILES, value_of};

const HERE: &str = "/o/a/s/s-a/supply";
const SUPPLY: &str = include_str!("../../../../samples/clinic-ehr/supply.yaml");

/// The worked example with its supply chain.
async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place.with_person("a", "p-u", "miru@a", &[Role::Auditor]).await;
    let files = SERVICE_FILES.iter().copied().chain([("supply.yaml", SUPPLY)]);
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut change = place.store.begin("a").await.unwrap();
    change.add_revision("s-a", Some(1), &Files::new(files).unwrap()).await.unwrap();
    let event = Event { action: "revision.created".to_owned(), note: "分担".to_owned() };
    change.commit("p-e", Origin::Console, &place.at(), event).await.unwrap();
    place
}

async fn sent(editor: &mut Browser<'_>, supplier: &str, name: &str, bytes: &[u8]) -> Answer {
    let revision = value_of(&editor.get(HERE).await.text, "revision");
    let fields = [("revision", revision.as_str()), ("supplier", supplier)];
    editor.upload_file(&format!("{HERE}/take"), &fields, ("file", name), bytes).await
}

/// PARTY-006, PARTY-007: suppliers with their newest reports; a report goes out as OSCAL, comes in again, and contradicts.
#[tokio::test]
async fn reports_come_in_and_are_held_against_the_own_answers() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let page = editor.get(HERE).await.text;
    for said in ["日本閉域通信株式会社", "通信回線事業者-2026-03-25", "分担 2件", "見つかっていません"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let report = editor.get(&format!("{HERE}/report/report.json?until=2027-03-31")).await;
    assert_eq!(report.status, StatusCode::OK);
    let taken = sent(&mut editor, "通信回線事業者", "報告.json", &report.bytes).await;
    // It is another company's: that is told beside what was taken.
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    assert!(taken.text.contains("報告書にある会社の名前は「株式会社みおつくし」です"), "{}", taken.text);
    let page = editor.get(HERE).await.text;
    assert_eq!(value_of(&taken.text, "revision"), value_of(&page, "revision"), "the page is that of what was saved");
    // The report is of the own service, whose provider patches the servers itself.
    assert!(page.contains("「サーバのOSへのパッチの適用」は、分担表では株式会社みおつくしが行いますが、日本閉域通信株式会社も自分が行うと報告しています"), "{page}");
    let files = editor.get("/o/a/s/s-a/model?part=supply").await.text;
    assert!(files.contains("通信回線事業者-2026-03-25"), "what was there stays: {files}");
}

/// Every way in, and everything that is no report, told in a sentence; an auditor looks and changes nothing.
#[tokio::test]
async fn what_is_no_report_changes_nothing() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let blank = editor.get(&format!("{HERE}/workbook?supplier=%E6%90%AC%E9%80%81%E6%A5%AD%E8%80%85")).await;
    assert_eq!(blank.status, StatusCode::OK);
    assert!(blank.bytes.starts_with(b"PK"));
    let zip = shirube_documents::write::archive([("conformity.yaml", &b"answers: []"[..])]).unwrap();
    let wrong = shirube_documents::write::archive([("shirube.yaml", &b"service: 1"[..])]).unwrap();
    for (supplier, name, bytes, said) in [
        ("", "r.json", &b"{}"[..], "報告した会社を選んでください"),
        ("搬送業者", "r.json", b"{", "JSONとして読めません"),
        ("搬送業者", "r.json", b"{}", "component-definition でも"),
        ("搬送業者", "r.zip", &zip, "shirube.yaml が入っていません"),
        ("搬送業者", "r.zip", &wrong, "shirube.yaml 1行目"),
        ("搬送業者", "r.xlsx", &blank.bytes, "何も書かれていません"),
        ("搬送業者", "r.xlsx", b"x", "r.xlsx"),
        ("搬送業者", "", b"", "ファイルを選んでください"),
    ] {
        let refused = sent(&mut editor, supplier, name, bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.text);
        assert!(refused.text.contains(said), "{name}: {said}: {}", refused.text);
    }
    let own = SERVICE_FILES.map(|(name, text)| (name, text.as_bytes()));
    let folder = shirube_documents::write::archive(own).unwrap();
    let taken = sent(&mut editor, "搬送業者", "folder.zip", &folder).await;
    assert!(taken.text.contains("報告を取り込みました"), "{}", taken.text);
    let missing = editor.get(&format!("{HERE}/workbook?supplier=x")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let mut auditor = place.signed_in("miru@a").await;
    let page = auditor.get(HERE).await;
    assert!(page.status == StatusCode::OK && !page.text.contains("届いた報告を取り込む"), "{}", page.text);
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}
