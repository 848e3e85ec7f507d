//! Signing in, as 別紙2 3.1 and 3.3 ask of others.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use chrono::Duration;
use shirube_identity::role::Role;
use shirube_store::Filter;

use crate::fixture::{PASSWORD, Place};

async fn actions(place: &Place, organisation: &str) -> Vec<String> {
    let filter = Filter { limit: 100, ..Filter::default() };
    place.store.entries(organisation, &filter).await.unwrap().into_iter().map(|entry| entry.action).collect()
}

/// AUTHN-018: nothing can sign in at first; the printed token makes one organisation with one administrator, once.
#[tokio::test]
async fn the_first_administrator_comes_by_the_token_that_was_printed() {
    let place = Place::new().await;
    let mut browser = place.browser();
    assert_eq!(browser.get("/setup").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/setup?token=AAAA").await.status, StatusCode::NOT_FOUND);
    let address = format!("/setup?token={}", place.setup);
    assert_eq!(browser.get(&address).await.status, StatusCode::OK);
    let fields = |password| {
        vec![
            ("token", place.setup.as_str()),
            ("organisation", "みなとソフト"),
            ("kind", "provider"),
            ("name", "港 四郎"),
            ("sign_in", "minato.shiro"),
            ("mail", ""),
            ("password", password),
            ("again", password),
        ]
    };
    let weak = browser.post_bare("/setup", &fields("Password1!")).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.text.contains("多くの人が使うパスワード"), "{}", weak.text);
    assert!(weak.text.contains("みなとソフト"), "what was typed stays");
    assert_eq!(browser.post_bare("/setup", &fields(PASSWORD)).await.location(), "/");
    assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND, "the token is used up");
    let organisation = place.store.organisations().await.unwrap().remove(0);
    assert!(actions(&place, &organisation).await.contains(&"organisation.created".to_owned()));
}

/// AUTHN-001: without signing in there is a way to the door and nothing else.
#[tokio::test]
async fn a_stranger_is_led_to_the_door_and_back_to_where_he_wanted_to_go() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    let mut browser = place.browser();
    let away = browser.get("/o/a/s/s-a/risks?rank=S").await;
    assert_eq!(away.location(), "/sign-in?to=%2Fo%2Fa%2Fs%2Fs-a%2Frisks%3Frank%3DS");
    let fields = [("name", "yomu@a"), ("password", PASSWORD), ("to", "/o/a/s/s-a/risks?rank=S")];
    assert_eq!(browser.post_bare("/sign-in", &fields).await.location(), "/o/a/s/s-a/risks?rank=S");
    for elsewhere in ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"] {
        let fields = [("name", "yomu@a"), ("password", PASSWORD), ("to", elsewhere)];
        assert_eq!(place.browser().post_bare("/sign-in", &fields).await.location(), "/", "{elsewhere}");
    }
}

/// AUTHN-011: the page does not tell a wrong password from an id that nobody has.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_id_read_the_same() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    let mut said = Vec::new();
    for name in ["admin@a", "nobody@a"] {
        let answer = place.browser().sign_in(name, "wrong").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        // The question to a passkey is another one each time.
        let (before, question) = answer.text.split_once("data-options=\"").unwrap();
        let (_, after) = question.split_once('"').unwrap();
        said.push(format!("{before}{after}").replace(name, "…"));
    }
    assert_eq!(said[0], said[1]);
}

/// Somebody whose session still lives may sign in again in the same browser, as another person, for one.
#[tokio::test]
async fn signing_in_again_in_the_same_browser_works() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    place.with_person("a", "p-q", "kiku@a", &[Role::Reader]).await;
    let mut browser = place.signed_in("yomu@a").await;
    assert_eq!(browser.sign_in("kiku@a", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/account").await.text.contains("kiku@a"));
}

/// AUTHN-010: after five failures the right password is no better than a wrong one, for half an hour.
#[tokio::test]
async fn failures_lock_and_the_lock_ends() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    for _ in 0..5 {
        place.world.forward(Duration::seconds(30));
        assert_eq!(place.browser().sign_in("yomu@a", "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    place.world.forward(Duration::minutes(10));
    assert_eq!(place.browser().sign_in("yomu@a", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(actions(&place, "a").await.contains(&"sign-in.locked".to_owned()));
    place.world.forward(Duration::minutes(31));
    let mut browser = place.browser();
    assert_eq!(browser.sign_in("yomu@a", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // AUTHN-015
    assert!(browser.get("/account").await.text.contains("でのログインが失敗しています"));
}

/// AUTHN-002: whoever may let others in, decide or approve goes no further without a second factor.
#[tokio::test]
async fn privileged_people_need_a_second_factor_and_its_codes_work_once() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    let mut browser = place.browser();
    browser.sign_in("admin@a", PASSWORD).await;
    assert_eq!(browser.get("/o/a/people").await.location(), "/account/second");
    let recovery = browser.set_second().await;
    assert_eq!(recovery.len(), 10);
    assert_eq!(browser.get("/o/a/people").await.status, StatusCode::OK);

    place.world.forward(Duration::minutes(1));
    let code = browser.totp.as_ref().unwrap().code(shirube_web::app::World::now(&place.world)).unwrap();
    let mut again = place.browser();
    assert_eq!(again.sign_in("admin@a", PASSWORD).await.location(), "/sign-in/second?to=%2F");
    assert_eq!(again.get("/o/a/people").await.location(), "/sign-in/second", "half a session opens nothing");
    again.csrf = crate::fixture::value_of(&again.get("/sign-in/second").await.text, "csrf");
    let before = again.cookie.clone();
    assert_eq!(again.post("/sign-in/second", &[("code", &code)]).await.location(), "/");
    assert_ne!(again.cookie, before, "the secret of half a session is worth nothing");
    assert_eq!(again.get("/o/a/people").await.status, StatusCode::OK);

    for (field, value, taken) in
        [("code", code.as_str(), false), ("recovery", &recovery[0], true), ("recovery", &recovery[0], false)]
    {
        place.world.forward(Duration::minutes(2));
        let mut other = place.browser();
        other.sign_in("admin@a", PASSWORD).await;
        other.csrf = crate::fixture::value_of(&other.get("/sign-in/second").await.text, "csrf");
        let answer = other.post("/sign-in/second", &[(field, value)]).await;
        assert_eq!(answer.status == StatusCode::SEE_OTHER, taken, "{field} {value}: {}", answer.text);
    }
}

/// AUTHN-017, -022: sessions end by idleness, by age, by signing out and by too many of them.
#[tokio::test]
async fn sessions_end() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    let mut browser = place.signed_in("yomu@a").await;
    place.world.forward(Duration::minutes(14));
    assert_eq!(browser.get("/o/a/").await.status, StatusCode::OK);
    place.world.forward(Duration::minutes(14));
    assert_eq!(browser.get("/o/a/").await.status, StatusCode::OK, "reading keeps it alive");
    place.world.forward(Duration::minutes(16));
    assert!(browser.get("/o/a/").await.location().starts_with("/sign-in"));

    let mut long = place.signed_in("yomu@a").await;
    for _ in 0..73 {
        place.world.forward(Duration::minutes(10));
        long.get("/o/a/").await;
    }
    assert!(long.get("/o/a/").await.location().starts_with("/sign-in"), "twelve hours are the longest");

    let mut out = place.signed_in("yomu@a").await;
    let cookie = out.cookie.clone();
    assert_eq!(out.post("/sign-out", &[]).await.location(), "/sign-in?done=out");
    out.cookie = cookie;
    assert!(out.get("/o/a/").await.location().starts_with("/sign-in"), "the old secret is dead");

    let mut first = place.signed_in("yomu@a").await;
    for _ in 0..3 {
        place.world.forward(Duration::seconds(1));
        place.signed_in("yomu@a").await;
    }
    assert!(first.get("/o/a/").await.location().starts_with("/sign-in"), "three at once are the most");
}

/// AUTHN-005, -007: a new password is judged, the old one is asked for, and all sessions end.
#[tokio::test]
async fn a_password_is_changed_with_the_old_one_and_ends_all_sessions() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    let mut browser = place.signed_in("yomu@a").await;
    let new = "Tomoshibi to 34 nami";
    for (old, new, again, said) in [
        ("wrong", new, new, "今のパスワードが違います"),
        (PASSWORD, "Ab1", "Ab1", "短すぎます"),
        (PASSWORD, new, "other", "確かめのためのパスワードが違います"),
        (PASSWORD, PASSWORD, PASSWORD, "今のパスワードとほとんど同じ"),
    ] {
        place.world.forward(Duration::minutes(1));
        let answer = browser.post("/account/password", &[("old", old), ("new", new), ("again", again)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    place.world.forward(Duration::minutes(1));
    let cookie = browser.cookie.clone();
    let done = browser.post("/account/password", &[("old", PASSWORD), ("new", new), ("again", new)]).await;
    assert_eq!(done.location(), "/sign-in?done=password", "{}", done.text);
    browser.cookie = cookie;
    assert!(browser.get("/o/a/").await.location().starts_with("/sign-in"));
    assert_eq!(place.browser().sign_in("yomu@a", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    place.world.forward(Duration::minutes(1));
    assert_eq!(place.browser().sign_in("yomu@a", new).await.status, StatusCode::SEE_OTHER);
}

/// Forms are taken only from our own pages.
#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    let mut browser = place.signed_in("yomu@a").await;
    let entries = actions(&place, "a").await.len();
    assert_eq!(browser.post_bare("/sign-out", &[]).await.status, StatusCode::FORBIDDEN, "no token");
    assert_eq!(browser.post_bare("/sign-out", &[("csrf", "x")]).await.status, StatusCode::FORBIDDEN, "wrong token");
    let csrf = browser.csrf.clone();
    let body = format!("csrf={csrf}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    for headers in [
        vec![form],
        vec![form, ("origin", "https://evil.test")],
        vec![form, ("origin", "null")],
        vec![form, ("origin", crate::fixture::ORIGIN), ("sec-fetch-site", "cross-site")],
    ] {
        let answer = browser.send(Method::POST, "/sign-out", Body::from(body.clone()), &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(actions(&place, "a").await.len(), entries, "nothing was done");
    assert_eq!(browser.get("/o/a/").await.status, StatusCode::OK);
}

/// AUTHN-017, -023: what every answer says to the browser; nothing is remembered once it is closed.
#[tokio::test]
async fn cookies_and_headers_are_strict() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    let answer = place.browser().sign_in("admin@a", PASSWORD).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-shirube=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "gone with the browser: {cookie}");
    let page = place.browser().get("/sign-in").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
}
