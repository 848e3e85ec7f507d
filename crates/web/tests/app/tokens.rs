//! The page of tokens.

use axum::http::StatusCode;
use chrono::Duration;
use shirube_identity::role::Role;

use crate::fixture::Place;

const PAGE: &str = "/o/a/tokens";

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-editor", "henshu@a", &[Role::Editor]).await;
    place
}

fn secret(page: &str) -> String {
    page.split("class=\"secret\">").nth(1).unwrap_or_else(|| panic!("{page}")).split('<').next().unwrap().to_owned()
}

/// INTEROP-013: a token is shown once, works until it is revoked, and both stand in the trail.
#[tokio::test]
async fn a_token_is_made_shown_once_used_and_revoked() {
    let place = place().await;
    let mut browser = place.signed_in("henshu@a").await;
    let fields =
        [("do", "create"), ("name", "監視"), ("role", "editor"), ("access", "write"), ("expires", "2027-11-20")];
    let made = browser.post(PAGE, &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let token = secret(&made.text);
    assert!(token.starts_with("shb_"));
    let me = place.call(&token, "GET", "/api/v1/me", None).await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.text);
    assert_eq!(me.json()["roles"], serde_json::json!(["editor"]));
    let list = browser.get(PAGE).await;
    assert!(list.text.contains("監視") && !list.text.contains(&token), "{}", list.text);
    assert!(list.text.contains("2026年11月20日(金) 10:00"), "the last use is shown: {}", list.text);
    let id = crate::fixture::value_of(&list.text, "token");
    let revoked = browser.post(PAGE, &[("do", "revoke"), ("token", &id)]).await;
    assert_eq!(revoked.location(), "/o/a/tokens?done=revoked");
    assert_eq!(place.call(&token, "GET", "/api/v1/me", None).await.status, StatusCode::UNAUTHORIZED);
    let entries = place.store.entries("a", &shirube_store::Filter { action: "token", ..Default::default() }).await;
    let actions: Vec<String> = entries.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["token.revoked", "token.created"]);
}

/// INTEROP-013: nobody lends what they do not have, and no token lasts for ever.
#[tokio::test]
async fn a_form_that_asks_for_too_much_makes_no_token() {
    let place = place().await;
    let mut browser = place.signed_in("henshu@a").await;
    let right = [("name", "監視"), ("role", "editor"), ("expires", "2027-11-20"), ("service", "s-a")];
    let wrong = [
        ("name", "", "名前"),
        ("role", "approver", "自分の役割"),
        ("expires", "2027-11-21", "期限"),
        ("expires", "2026-11-20", "期限"),
        ("expires", "", "期限"),
        ("service", "s-b", "サービス"),
    ];
    for (field, value, said) in wrong {
        let fields = right.map(|(name, usual)| (name, if name == field { value } else { usual }));
        let fields: Vec<(&str, &str)> = fields.into_iter().chain([("do", "create")]).collect();
        let answer = browser.post(PAGE, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert!(answer.text.contains(said), "{field}={value}: {}", answer.text);
    }
    assert!(place.store.tokens("a").await.unwrap().is_empty());
}

/// AUTHZ-006: an editor does not revoke another's token; the officer does.
#[tokio::test]
async fn others_tokens_are_revoked_by_those_who_may() {
    let place = place().await;
    place.with_person("a", "p-other", "hoka@a", &[Role::Editor]).await;
    place.with_person("a", "p-sec", "anzen@a", &[Role::SecurityOfficer]).await;
    let token = place.token("a", "p-editor", &[Role::Editor], true).await;
    let id = place.store.tokens("a").await.unwrap()[0].id.clone();
    let fields = [("do", "revoke"), ("token", id.as_str())];
    let mut other = place.signed_in("hoka@a").await;
    assert_eq!(other.post(PAGE, &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.call(&token, "GET", "/api/v1/me", None).await.status, StatusCode::OK);
    let mut officer = place.signed_in("anzen@a").await;
    assert_eq!(officer.post(PAGE, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.call(&token, "GET", "/api/v1/me", None).await.status, StatusCode::UNAUTHORIZED);
}

/// AUTHN-020: a token ends with its time, and with its person.
#[tokio::test]
async fn a_token_ends_with_its_time_and_with_its_person() {
    let place = place().await;
    let token = place.token("a", "p-editor", &[Role::Editor], true).await;
    let second = place.token("a", "p-admin-a", &[Role::Administrator], false).await;
    let mut change = place.store.begin("a").await.unwrap();
    change.set_person_state("p-editor", "disabled", &place.at()).await.unwrap();
    change.about("person/p-editor");
    let event = shirube_store::Event { action: "person.disabled".to_owned(), note: String::new() };
    change.commit("p-admin-a", shirube_trail::Origin::Console, &place.at(), event).await.unwrap();
    assert_eq!(place.call(&token, "GET", "/api/v1/me", None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(place.call(&second, "GET", "/api/v1/me", None).await.status, StatusCode::OK);
    place.world.forward(Duration::days(60));
    assert_eq!(place.call(&second, "GET", "/api/v1/me", None).await.status, StatusCode::UNAUTHORIZED);
}
