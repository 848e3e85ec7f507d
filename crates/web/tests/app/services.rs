//! Services, their revisions and documents.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::Place;

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place.with_person("a", "p-s", "kimeru@a", &[Role::SecurityOfficer]).await;
    place.with_person("a", "p-v", "mitomeru@a", &[Role::Approver, Role::Editor]).await;
    place
}

#[tokio::test]
async fn a_service_is_made_and_its_pages_are_below_its_address() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let made = editor.post("/o/a/services/new", &[("name", "訪問の記録"), ("template", "clinic-ehr")]).await;
    let base = made.location().trim_end_matches('/').to_owned();
    assert!(base.starts_with("/o/a/s/s"), "{}", made.text);
    for page in [
        "/",
        "/diagram",
        "/flows",
        "/risks",
        "/coverage",
        "/treatments",
        "/controls",
        "/statutory",
        "/documents",
        "/revisions",
    ] {
        let answer = editor.get(&format!("{base}{page}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(answer.text.contains("訪問の記録"), "{page}");
        for link in answer.text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let known =
                ["/o/a/", "/assets/", "/account", "#"].iter().any(|start| link.starts_with(start)) || link == "/";
            assert!(known, "{page} leads to {link}");
        }
    }
    let home = editor.get("/o/a/").await;
    assert!(home.text.contains("訪問の記録") && home.text.contains("第1版"), "{}", home.text);
}

/// AUTHZ-006: who made a revision does not approve it; states follow one another.
#[tokio::test]
async fn a_revision_is_checked_and_approved_by_others() {
    let place = place().await;
    let mut approver = place.signed_in("mitomeru@a").await;
    let made = approver.post("/o/a/services/new", &[("name", "訪問の記録"), ("template", "clinic-ehr")]).await;
    let page = format!("{}revisions/1", made.location());
    let early = approver.post(&page, &[("do", "approve"), ("reason", "見た")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut officer = place.signed_in("kimeru@a").await;
    assert_eq!(officer.post(&page, &[("do", "check"), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    let own = approver.post(&page, &[("do", "approve"), ("reason", "見た")]).await;
    assert!(own.text.contains("作った本人は承認できません"), "{}", own.text);
    place.with_person("a", "p-w", "betsu@a", &[Role::Approver]).await;
    let mut other = place.signed_in("betsu@a").await;
    assert_eq!(other.post(&page, &[("do", "approve"), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    assert!(other.get(&page).await.text.contains("承認済"));
    // 106 risks of the example are open: its documents stay drafts, whatever was approved.
    let documents = format!("{}documents", made.location());
    let refused = other.post(&documents, &[("edition", "第1.0版"), ("reason", "初版")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("案のまま"), "{}", refused.text);
}

#[tokio::test]
async fn an_earlier_revision_comes_back_as_a_new_one() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let silent = editor.post("/o/a/s/s-a/revisions/1", &[("do", "restore")]).await;
    assert!(silent.text.contains("理由や確かめた内容を入力してください"));
    let done = editor.post("/o/a/s/s-a/revisions/1", &[("do", "restore"), ("reason", "見直し")]).await;
    assert_eq!(done.location(), "/o/a/s/s-a/revisions?done=restored");
    let list = editor.get("/o/a/s/s-a/revisions").await;
    assert!(list.text.contains("第2版") && list.text.contains("第1版の内容"), "{}", list.text);
}

/// EVID-020: what is taken from the page is what the command line checks, line by line.
#[tokio::test]
async fn the_trail_is_shown_exported_and_whole() {
    let place = place().await;
    place.with_person("a", "p-u", "miru@a", &[Role::Auditor]).await;
    let mut auditor = place.signed_in("miru@a").await;
    let page = auditor.get("/o/a/trail?verify=1").await;
    assert!(page.text.contains("食い違いは見つかりませんでした"), "{}", page.text);
    let taken = auditor.get("/o/a/trail/export").await;
    let lines: Vec<&str> = taken.text.lines().collect();
    let verified = shirube_trail::verify(lines.iter().copied(), &[]).unwrap();
    assert_eq!(verified.head.number as usize, lines.len());
    let last = auditor.get("/o/a/trail").await;
    assert!(last.text.contains("証跡の書き出し"), "taking it is in it");
}
