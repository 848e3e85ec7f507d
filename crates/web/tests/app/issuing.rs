//! Documents from the approved revision to the frozen copy, through the router.

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::{Event, Files};
use shirube_trail::Origin;

use crate::decided::decided;
use crate::fixture::{Answer, Browser, Place};
use crate::forms::change;

pub const BASE: &str = "/o/a/s/s-done";

/// A service in which everything is decided, with people who check, approve and read.
pub async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place.with_person("a", "p-s", "kimeru@a", &[Role::SecurityOfficer]).await;
    place.with_person("a", "p-v", "mitomeru@a", &[Role::Approver]).await;
    let mut change = place.store.begin("a").await.unwrap();
    change.open_service("s-done", "試験").await.unwrap();
    // Written before the day it is here: a history does not run backwards.
    let files = decided().into_iter().map(|(name, text)| (name, text.replace("2026-12-01", "2026-11-16")));
    change.add_revision("s-done", None, &Files::new(files).unwrap()).await.unwrap();
    let event = Event { action: "service.created".to_owned(), note: String::new() };
    change.commit("p-e", Origin::Console, &place.at(), event).await.unwrap();
    place
}

/// Looks at the page of a job until it is over.
pub async fn over(browser: &mut Browser<'_>, begun: &Answer) -> Answer {
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    assert!(begun.location().contains("/jobs/"), "{}", begun.location());
    loop {
        let page = browser.get(begun.location()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        if !page.text.contains("data-progress") {
            return page;
        }
        tokio::task::yield_now().await;
    }
}

/// DOC-002, EVID-003: an approved revision is issued as frozen copies; later revisions leave them as they are, and the
/// page says what is no longer true.
#[tokio::test]
async fn issued_documents_stay_as_they_are() {
    let place = place().await;
    let mut officer = place.signed_in("kimeru@a").await;
    let mut approver = place.signed_in("mitomeru@a").await;
    let revision = format!("{BASE}/revisions/1");
    let documents = format!("{BASE}/documents");
    let issue = [("edition", "第1.0版"), ("reason", "初版")];
    let early = approver.post(&documents, &issue).await;
    assert!(early.text.contains("第1版は承認されていません"), "{}", early.text);
    assert_eq!(officer.post(&revision, &[("do", "check"), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    let home = approver.get("/o/a/").await;
    assert!(home.text.contains("第1版を承認する"), "{}", home.text);
    assert_eq!(approver.post(&revision, &[("do", "approve"), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    let begun = approver.post(&documents, &issue).await;
    let page = over(&mut approver, &begun).await;
    assert!(page.text.contains("発行しました。"), "{}", page.text);
    let listed = approver.get(&documents).await;
    assert!(listed.text.contains("第1.0版 初版") && listed.text.contains("今の内容と同じ"), "{}", listed.text);
    let start = format!("href=\"{BASE}/issued/");
    let links =
        listed.text.split(&start).skip(1).map(|rest| format!("{BASE}/issued/{}", rest.split('"').next().unwrap()));
    let links: Vec<String> = links.collect();
    let flows = links.iter().find(|link| link.ends_with("/flows.html")).unwrap();
    let frozen = approver.get(flows).await;
    assert!(frozen.text.contains("第1.0版") && !frozen.text.contains("「案」"), "{}", frozen.text);
    assert!(links.iter().any(|link| link.ends_with(".pdf")) && links.iter().any(|link| link.ends_with(".xlsx")));

    let mut editor = place.signed_in("kaku@a").await;
    let service = format!("{BASE}/record?file=shirube&at=service");
    let saved = change(&mut editor, &service, &[("name", "改めた名称"), ("~why", "改称")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let node = [("name", "増えた機器"), ("kind", "terminal"), ("environment", "production"), ("~why", "増設")];
    let saved = change(&mut editor, &format!("{BASE}/record?file=system&list=nodes"), &node).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let listed = editor.get(&documents).await;
    assert!(listed.text.contains("件の文書が、今の内容と違います。"), "{}", listed.text);
    // It stands among the drafts first.
    let diagram = listed.text.split("<th scope=\"row\">全体構成図").nth(2).unwrap_or_default();
    assert!(diagram.starts_with("<br><span class=\"mark unanswered\">要見直し</span>"), "{}", listed.text);
    let since = editor.get(&format!("{documents}/since/1")).await;
    assert!(
        since.text.contains("増えた機器") && since.text.contains(&format!("{BASE}/model?part=system")),
        "{}",
        since.text
    );
    assert!(editor.get("/o/a/").await.text.contains("第1版から発行した文書。その後に変更があります"));
    let again = editor.get(flows).await;
    assert_eq!(again.bytes, frozen.bytes, "the copy is what was issued");
    place.with_person("a", "p-u", "miru@a", &[Role::Auditor]).await;
    let mut auditor = place.signed_in("miru@a").await;
    let trail = auditor.get("/o/a/trail").await;
    assert!(trail.text.contains("文書の発行") && trail.text.contains("文書の受け取り"), "{}", trail.text);
}

/// DOC-001: drafts are made behind the page, all in one archive; who may not take drafts gets none.
#[tokio::test]
async fn all_drafts_come_in_one_archive_or_are_stopped() {
    let place = place().await;
    place.with_person("a", "p-y", "yomu@a", &[Role::Reader]).await;
    let mut editor = place.signed_in("kaku@a").await;
    let all = format!("{BASE}/documents/all");
    let begun = editor.post(&all, &[]).await;
    let mut reader = place.signed_in("yomu@a").await;
    assert_eq!(reader.post(&all, &[]).await.status, StatusCode::NOT_FOUND);
    let page = over(&mut editor, &begun).await;
    let archive = format!("{}/documents.zip", begun.location());
    assert!(page.text.contains(&archive), "{}", page.text);
    assert_eq!(reader.get(&archive).await.status, StatusCode::NOT_FOUND);
    let taken = editor.get(&archive).await;
    assert_eq!(taken.headers["content-type"], "application/zip");
    assert!(taken.bytes.starts_with(b"PK") && taken.bytes.windows(9).any(|part| part == b"flows.pdf"));

    let begun = editor.post(&all, &[]).await;
    let mut officer = place.signed_in("kimeru@a").await;
    assert_eq!(officer.post(begun.location(), &[]).await.status, StatusCode::NOT_FOUND, "it is not theirs");
    assert_eq!(editor.post(begun.location(), &[]).await.status, StatusCode::SEE_OTHER);
    let page = over(&mut editor, &begun).await;
    assert!(page.text.contains("止めました。何も残していません。"), "{}", page.text);
    assert_eq!(editor.get(&format!("{}/documents.zip", begun.location())).await.status, StatusCode::NOT_FOUND);
}

/// A draft can be read in the browser; it runs nothing there.
#[tokio::test]
async fn a_draft_is_read_as_a_page() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let page = editor.get(&format!("{BASE}/documents/flows.html/view")).await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!page.headers.contains_key("content-disposition") && page.text.contains("案"));
    assert_eq!(editor.get(&format!("{BASE}/documents/flows.pdf/view")).await.status, StatusCode::NOT_FOUND);
}

/// EVID-018: from a control that a document cites one comes to its page, and from there to its records.
#[tokio::test]
async fn a_document_leads_to_its_controls_and_they_to_their_records() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let page = editor.get(&format!("{BASE}/documents/conformity.html/view")).await;
    let link = format!("<a href=\"{BASE}/controls/1.5-2-1\">1.5②-1</a>");
    assert!(page.text.contains(&link), "{}", page.text);
    let control = editor.get(&format!("{BASE}/controls/1.5-2-1")).await;
    assert!(control.text.contains(&format!("href=\"{BASE}/registers/media?state=all\"")), "{}", control.text);
    let handed = editor.get(&format!("{BASE}/documents/conformity.html")).await;
    assert!(!handed.text.contains("href=\"/o/"), "what is handed out has no addresses of the server");
}
