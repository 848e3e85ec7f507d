//! Inviting, changing rights, stopping, resetting.

use axum::http::StatusCode;
use chrono::Duration;
use shirube_identity::role::Role;

use crate::fixture::{PASSWORD, Place, value_of};

fn token(page: &str) -> String {
    page.split("/invitation?token=").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// AUTHN-008, -019: the invited set a password of their own by an address that works once; ids are never given twice.
#[tokio::test]
async fn an_invitation_is_accepted_once() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    let mut admin = place.signed_in("admin@a").await;
    let invite = [("name", "浜 六花"), ("sign_in", "Hama.Rikka"), ("mail", ""), ("role", "reader")];
    let page = admin.post("/o/a/people", &invite).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let token = token(&page.text);

    assert_eq!(place.browser().sign_in("hama.rikka", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut new = place.browser();
    let address = format!("/invitation?token={token}");
    let page = new.get(&address).await;
    assert!(page.text.contains("浜　六花"), "{}", page.text);
    let fields = [("token", token.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(new.post_bare("/invitation", &fields).await.location(), "/");
    assert_eq!(new.get("/o/a/").await.status, StatusCode::OK);
    assert_eq!(new.get("/o/a/people").await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.browser().get(&address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.browser().post_bare("/invitation", &fields).await.status, StatusCode::NOT_FOUND);

    let again = admin.post("/o/a/people", &invite).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("利用を終えた後も再び使えません"), "{}", again.text);
}

#[tokio::test]
async fn an_invitation_ends_after_a_week() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    let mut admin = place.signed_in("admin@a").await;
    let invite = [("name", "浜 六花"), ("sign_in", "hama"), ("role", "reader")];
    let token = token(&admin.post("/o/a/people", &invite).await.text);
    place.world.forward(Duration::days(8));
    assert_eq!(place.browser().get(&format!("/invitation?token={token}")).await.status, StatusCode::NOT_FOUND);
}

/// AUTHZ-006: nobody changes their own rights, and an organisation keeps an administrator.
#[tokio::test]
async fn rights_are_changed_by_others_with_a_reason() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    let mut admin = place.signed_in("admin@a").await;
    let own = admin.post("/o/a/people/p-admin-a", &[("do", "roles"), ("role", "approver"), ("reason", "x")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text.contains("自分では変更できません"));
    let silent = admin.post("/o/a/people/p-r", &[("do", "roles"), ("role", "editor")]).await;
    assert!(silent.text.contains("理由を入力してください"), "{}", silent.text);
    let done = admin.post("/o/a/people/p-r", &[("do", "roles"), ("role", "editor"), ("reason", "担当替え")]).await;
    assert_eq!(done.location(), "/o/a/people?done=roles", "{}", done.text);
    assert_eq!(place.store.member("a", "p-r").await.unwrap().roles, ["editor"]);
    let entry = &place.store.entries("a", &shirube_store::Filter { limit: 1, ..Default::default() }).await.unwrap()[0];
    assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("person.roles-changed", "p-admin-a"));
    assert!(entry.note.contains("担当替え"));
}

/// AUTHN-020: who is stopped is out at once.
#[tokio::test]
async fn stopping_ends_the_sessions() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    let mut reader = place.signed_in("yomu@a").await;
    let mut admin = place.signed_in("admin@a").await;
    admin.post("/o/a/people/p-r", &[("do", "stop"), ("reason", "退職")]).await;
    assert!(reader.get("/o/a/").await.location().starts_with("/sign-in"));
    assert_eq!(place.browser().sign_in("yomu@a", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// AUTHN-009: a reset takes password and second factor away and leaves an address that works once.
#[tokio::test]
async fn a_reset_leads_to_a_new_password() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-o", "kimeru@a", &[Role::SecurityOfficer]).await;
    place.signed_in("kimeru@a").await;
    let mut admin = place.signed_in("admin@a").await;
    let page = admin.post("/o/a/people/p-o", &[("do", "reset"), ("reason", "社員証で確かめた")]).await;
    let token = token(&page.text);
    assert_eq!(place.browser().sign_in("kimeru@a", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = "Tomoshibi to 34 nami";
    let mut browser = place.browser();
    let fields = [("token", token.as_str()), ("password", new), ("again", new)];
    assert_eq!(browser.post_bare("/invitation", &fields).await.location(), "/");
    assert_eq!(browser.get("/o/a/").await.location(), "/account/second", "the second factor is set up anew");
    let page = browser.get("/account").await;
    assert!(!value_of(&page.text, "csrf").is_empty());
}
