//! What is due over all services: from registers, files and contracts, on the page, and as an address for calendars.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::{Answer, Browser, Place};
use crate::forms::change;

const FEED: &str = "/o/a/duties/feed";

fn seen(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
    }
}

async fn office() -> Place {
    let place = Place::new().await;
    for id in ["a", "b"] {
        place.with_organisation(id).await;
        place.with_person(id, &format!("p-{id}"), &format!("kaku@{id}"), &[Role::Editor]).await;
    }
    place
}

/// Writes a certificate with its last day into the service.
async fn certified(browser: &mut Browser<'_>, day: &str) {
    let fields = [("name", "試験の認証"), ("expires_on", day), ("~why", "更新")];
    let saved = change(browser, "/o/a/s/s-a/record?file=shirube&list=certifications", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
}

/// OPS-077: days that files state stand beside those of the registers, with what kind of day off they fall on.
#[tokio::test]
async fn days_of_files_stand_beside_those_of_registers() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    certified(&mut editor, "2026-12-05").await;
    let page = editor.get("/o/a/duties").await;
    seen(&page, &["有効期限の前の更新", "試験の認証", "2026-12-05", "土曜日。前の営業日は2026-12-04"]);
    seen(&page, &["担当を決めていません", ">「認証の有効期限」<"]);
    seen(&editor.get("/o/a/duties?year=2026").await, &["2026年度（4月から翌年3月まで）", "2026-12-05"]);
    let next = editor.get("/o/a/duties?year=2027").await;
    assert!(!next.text.contains("2026-12-05"), "{}", next.text);
}

/// The address in the page that made it.
fn address(made: &Answer) -> String {
    let address = made.text.split("<code class=\"secret\">").nth(1).expect("an address").split('<').next().unwrap();
    address.split_once("/calendar/").map(|(_, feed)| format!("/calendar/{feed}")).unwrap()
}

/// OPS-077, AUTHZ-001: a calendar reads the days by an address of one person, as long as that person may, and is told
/// when nothing changed.
#[tokio::test]
async fn a_calendar_reads_what_its_person_may_see() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    certified(&mut editor, "2026-12-05").await;
    seen(&editor.get(FEED).await, &["番地は、まだ作っていません"]);
    let made = editor.post(FEED, &[("do", "make")]).await;
    let first = address(&made);
    assert!(!editor.get(FEED).await.text.contains(&first), "it is shown once");

    let mut anybody = place.browser();
    let read = anybody.get(&first).await;
    assert_eq!((read.status, read.header("content-type")), (StatusCode::OK, "text/calendar; charset=utf-8"));
    seen(&read, &["BEGIN:VCALENDAR", "DTSTART;VALUE=DATE:20261205"]);
    let tag = read.header("etag").to_owned();
    let same = anybody
        .send(axum::http::Method::GET, &first, axum::body::Body::empty(), &[("if-none-match", tag.as_str())])
        .await;
    assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""));

    let second = address(&editor.post(FEED, &[("do", "make")]).await);
    assert_eq!(anybody.get(&first).await.status, StatusCode::NOT_FOUND);
    assert_eq!(anybody.get(&second).await.status, StatusCode::OK);
    let mut taking = place.store.begin("a").await.unwrap();
    taking.revoke("p-a", Role::Editor.token(), &place.at()).await.unwrap();
    place.commit(taking, "role.revoked").await;
    assert_eq!(anybody.get(&second).await.status, StatusCode::NOT_FOUND, "whoever may not see it reads nothing");
}

/// An address is taken back, and whoever guesses is made to wait; making and taking are in the trail.
#[tokio::test]
async fn an_address_is_taken_back_and_guesses_wait() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let made = address(&editor.post(FEED, &[("do", "make")]).await);
    assert_eq!(editor.post(FEED, &[("do", "revoke")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(editor.get("/o/a/duties.ics").await.status, StatusCode::OK);
    let entries =
        place.store.entries("a", &shirube_store::Filter { limit: 1_000, ..Default::default() }).await.unwrap();
    for action in ["calendar.created", "calendar.revoked", "duties.taken"] {
        assert!(entries.iter().any(|entry| entry.action == action), "{action}");
    }
    let mut anybody = place.browser();
    for _ in 0..10 {
        assert_eq!(anybody.get(&made).await.status, StatusCode::NOT_FOUND);
    }
    let refused = anybody.get(&made).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    assert!(!refused.header("retry-after").is_empty());
}
