//! What an organisation sets for signing in, each rule with what follows from it, and the exceptions.

use axum::http::StatusCode;
use chrono::Duration;
use shirube_identity::role::Role;
use shirube_store::Filter;

use crate::fixture::{Answer, Browser, PASSWORD, Place, value_of};

/// The settings as the page has them, with some of them changed.
pub async fn set(browser: &mut Browser<'_>, changes: &[(&str, &str)]) -> Answer {
    let usual = [
        ("idle_minutes", "15"),
        ("longest_hours", "12"),
        ("sessions", "3"),
        ("password_shortest", "8"),
        ("password_kinds", "3"),
        ("password_history", "5"),
        ("password_days", "60"),
        ("review_months", "6"),
        ("unused_days", "90"),
        ("separate_duties", "on"),
        ("reason", "見直し"),
    ];
    let mut fields: Vec<(&str, &str)> = usual.to_vec();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if *value != "off" {
            fields.push((name, value));
        }
    }
    browser.post("/o/a/settings", &fields).await
}

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    place
}

async fn last(place: &Place) -> shirube_trail::Entry {
    place.store.entries("a", &Filter { limit: 1, ..Filter::default() }).await.unwrap().remove(0)
}

#[tokio::test]
async fn settings_are_changed_with_a_reason_and_within_bounds() {
    let place = place().await;
    let mut admin = place.signed_in("admin@a").await;
    for (changes, said) in [
        (&[("idle_minutes", "4")][..], "5から60までの整数"),
        (&[("idle_minutes", "")], "5から60までの整数"),
        (&[("password_shortest", "7")], "8から64までの整数"),
        (&[("password_days", "61")], "0から60までの整数"),
        (&[("password_days", "0")], "全員に二つ目の認証を求めてください"),
        (&[("hours-all", "いつでも")], "読めません"),
        (&[("reason", "")], "変更の理由を入力してください"),
    ] {
        let refused = set(&mut admin, changes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert_eq!(set(&mut admin, &[]).await.location(), "/o/a/settings?done=same");
    let done = set(&mut admin, &[("idle_minutes", "10"), ("separate_duties", "off")]).await;
    assert_eq!(done.location(), "/o/a/settings?done=saved", "{}", done.text);
    let entry = last(&place).await;
    assert_eq!(entry.action, "settings.changed");
    assert!(entry.note.contains("15分→10分") && entry.note.contains("見直し"), "{}", entry.note);
    assert!(entry.after.is_some() && entry.after != entry.before);
    assert!(admin.get("/o/a/settings").await.text.contains("value=\"10\""));
}

/// AUTHN-017, -022: idleness, age and number of sessions follow the organisation's settings.
#[tokio::test]
async fn sessions_follow_the_settings() {
    let place = place().await;
    let mut admin = place.signed_in("admin@a").await;
    set(&mut admin, &[("idle_minutes", "5"), ("longest_hours", "1"), ("sessions", "1")]).await;
    let mut reader = place.signed_in("yomu@a").await;
    place.world.forward(Duration::minutes(4));
    assert_eq!(reader.get("/o/a/").await.status, StatusCode::OK);
    place.world.forward(Duration::minutes(6));
    assert!(reader.get("/o/a/").await.location().starts_with("/sign-in"), "idle");
    let mut long = place.signed_in("yomu@a").await;
    for _ in 0..16 {
        place.world.forward(Duration::minutes(4));
        long.get("/o/a/").await;
    }
    assert!(long.get("/o/a/").await.location().starts_with("/sign-in"), "too old");
    let mut first = place.signed_in("yomu@a").await;
    place.world.forward(Duration::seconds(1));
    let mut second = place.signed_in("yomu@a").await;
    assert!(first.get("/o/a/").await.location().starts_with("/sign-in"), "one at once");
    assert_eq!(second.get("/o/a/").await.status, StatusCode::OK);
}

/// AUTHN-005, -006: longer passwords, and an end of passwords for accounts without a second factor.
#[tokio::test]
async fn passwords_follow_the_settings() {
    let place = place().await;
    let mut admin = place.signed_in("admin@a").await;
    set(&mut admin, &[("password_shortest", "20"), ("password_days", "30")]).await;
    let mut reader = place.signed_in("yomu@a").await;
    let new = "Tomoshibi 34 nami";
    let short = reader.post("/account/password", &[("old", PASSWORD), ("new", new), ("again", new)]).await;
    assert!(short.text.contains("短すぎます"), "{}", short.text);
    assert!(reader.get("/account/password").await.text.contains("20文字以上"));
    let new = "Tomoshibi to 34 nami no oto";
    let done = reader.post("/account/password", &[("old", PASSWORD), ("new", new), ("again", new)]).await;
    assert_eq!(done.location(), "/sign-in?done=password", "{}", done.text);

    place.world.forward(Duration::days(29));
    let mut in_time = place.browser();
    in_time.sign_in("yomu@a", new).await;
    assert_eq!(in_time.get("/o/a/").await.status, StatusCode::OK);
    place.world.forward(Duration::days(2));
    let mut late = place.browser();
    assert_eq!(late.sign_in("yomu@a", new).await.status, StatusCode::SEE_OTHER);
    assert_eq!(late.get("/o/a/").await.location(), "/account/password");
    assert!(late.get("/account/password").await.text.contains("有効期間が過ぎました"));
    late.set_second().await;
    place.world.forward(Duration::minutes(2));
    let mut second = place.browser();
    second.totp = late.totp;
    second.sign_in("yomu@a", new).await;
    assert_eq!(second.finish_second().await.location(), "/");
    assert_eq!(second.get("/o/a/").await.status, StatusCode::OK, "with a second factor it lasts");
}

/// AUTHN-002: an organisation may ask everybody for a second factor.
#[tokio::test]
async fn a_second_factor_can_be_asked_of_all() {
    let place = place().await;
    let mut reader = place.signed_in("yomu@a").await;
    assert_eq!(reader.get("/o/a/").await.status, StatusCode::OK);
    let mut admin = place.signed_in("admin@a").await;
    set(&mut admin, &[("second_for_all", "on"), ("password_days", "0")]).await;
    assert_eq!(reader.get("/o/a/").await.location(), "/account/second", "at once");
    reader.set_second().await;
    assert_eq!(reader.get("/o/a/").await.status, StatusCode::OK);
}

/// AUTHN-016: hours by role in Japanese time; out of them nobody comes in but by an approval, which is logged.
#[tokio::test]
async fn hours_of_signing_in_are_kept() {
    let place = place().await;
    let mut admin = place.signed_in("admin@a").await;
    // It is Friday, ten in the morning in Japan.
    let hours = [("hours-reader", "月-木 09:00-18:00"), ("hours-all", "毎日 09:00-12:00")];
    assert_eq!(set(&mut admin, &hours).await.status, StatusCode::SEE_OTHER);
    let refused = place.browser().sign_in("yomu@a", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("月-木 09:00-18:00"), "{}", refused.text);
    assert_eq!(last(&place).await.action, "sign-in.out-of-hours");
    let wrong = place.browser().sign_in("yomu@a", "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "who does not know the password learns no hours");

    place.with_person("a", "p-s", "kimeru@a", &[Role::SecurityOfficer]).await;
    let mut officer = place.signed_in("kimeru@a").await;
    let address = "/o/a/people/p-r/permits";
    for (fields, said) in [
        (&[("kind", "out-of-hours"), ("hours", "25"), ("reason", "障害対応")][..], "1から24まで"),
        (&[("kind", "out-of-hours"), ("hours", "2"), ("reason", "")], "理由"),
    ] {
        let refused = officer.post(address, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(said), "{}", refused.text);
    }
    let own = [("kind", "out-of-hours"), ("hours", "2"), ("reason", "障害対応")];
    let own = officer.post("/o/a/people/p-s/permits", &own).await;
    assert!(own.text.contains("自分への例外は"), "{}", own.text);
    place.world.forward(Duration::minutes(1));
    let fields = [("kind", "out-of-hours"), ("hours", "2"), ("reason", "障害対応")];
    assert_eq!(officer.post(address, &fields).await.location(), "/o/a/people/p-r");
    let granted = last(&place).await;
    assert_eq!((granted.action.as_str(), granted.actor.as_str()), ("out-of-hours.approved", "p-s"));
    assert_eq!(place.browser().sign_in("yomu@a", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let entry = last(&place).await;
    assert!(entry.note.contains(&format!("承認の記録: {}件目", granted.number)), "{}", entry.note);
    place.world.forward(Duration::hours(3));
    assert_eq!(place.browser().sign_in("yomu@a", PASSWORD).await.status, StatusCode::FORBIDDEN, "over");
}

/// AUTHN-004: a substitute for a lost factor has an approver and an end, is enough for looking, and leaves its trace.
#[tokio::test]
async fn a_substitute_lets_look_and_nothing_else() {
    let place = place().await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place.signed_in("kaku@a").await.set_second().await;
    let mut admin = place.signed_in("admin@a").await;
    let fields = [("kind", "substitute"), ("hours", "24"), ("reason", "社員証で確かめた")];
    let page = admin.post("/o/a/people/p-e/permits", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let code = page.text.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(!admin.get("/o/a/people/p-e").await.text.contains(&code), "shown once");

    for _ in 0..2 {
        let mut lost = place.browser();
        lost.sign_in("kaku@a", PASSWORD).await;
        lost.csrf = value_of(&lost.get("/sign-in/second").await.text, "csrf");
        let answer = lost.post("/sign-in/second", &[("recovery", &code)]).await;
        assert_eq!(answer.location(), "/", "{}", answer.text);
        let home = lost.get("/o/a/").await;
        assert!(home.text.contains("代わりの手段でログインしています"), "{}", home.text);
        assert_eq!(lost.get("/o/a/s/s-a/risks").await.status, StatusCode::OK);
        lost.learn_csrf().await;
        let new = [("do", "new"), ("name", "x")];
        assert_eq!(lost.post("/o/a/services/new", &new).await.status, StatusCode::FORBIDDEN);
        for export in ["/o/a/s/s-a/revisions/1/folder.zip", "/o/a/s/s-a/record?file=system&list=nodes"] {
            assert_eq!(lost.get(export).await.status, StatusCode::FORBIDDEN, "{export}");
        }
        let pass = [("old", PASSWORD), ("new", "x"), ("again", "x")];
        assert_eq!(lost.post("/account/password", &pass).await.status, StatusCode::FORBIDDEN);
        let entry = last(&place).await;
        assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("sign-in.substitute", "p-e"));
        assert_eq!(lost.post("/sign-out", &[]).await.location(), "/sign-in?done=out");
        place.world.forward(Duration::seconds(1));
    }
    place.world.forward(Duration::hours(24));
    let mut late = place.browser();
    late.sign_in("kaku@a", PASSWORD).await;
    late.csrf = value_of(&late.get("/sign-in/second").await.text, "csrf");
    let answer = late.post("/sign-in/second", &[("recovery", &code)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "over");
}

#[tokio::test]
async fn a_substitute_can_be_taken_back() {
    let place = place().await;
    place.signed_in("yomu@a").await.set_second().await;
    let mut admin = place.signed_in("admin@a").await;
    let fields = [("kind", "substitute"), ("hours", "24"), ("reason", "電話で確かめた")];
    let page = admin.post("/o/a/people/p-r/permits", &fields).await;
    let code = page.text.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut lost = place.browser();
    lost.sign_in("yomu@a", PASSWORD).await;
    lost.csrf = value_of(&lost.get("/sign-in/second").await.text, "csrf");
    lost.post("/sign-in/second", &[("recovery", &code)]).await;
    assert_eq!(lost.get("/o/a/").await.status, StatusCode::OK);
    let end = [("do", "end"), ("kind", "substitute"), ("reason", "見つかった")];
    assert_eq!(admin.post("/o/a/people/p-r/permits", &end).await.location(), "/o/a/people/p-r");
    assert!(lost.get("/o/a/").await.location().starts_with("/sign-in"), "at once");
}
