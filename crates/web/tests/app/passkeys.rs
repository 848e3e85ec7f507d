//! Passkeys: made on a person's own page, used at the door alone or after the password.

use axum::http::StatusCode;
use chrono::Duration;
use serde_json::Value;
use shirube_identity::role::Role;
use shirube_store::Filter;

use crate::device::{Device, PRESENT, Said};
use crate::fixture::{Answer, Browser, ORIGIN, PASSWORD, Place, value_of};

/// What a page asks the browser for.
fn question(page: &Answer) -> Value {
    let found = page.text.split("data-options=\"").nth(1).unwrap_or_else(|| panic!("no question: {}", page.text));
    let text = found.split('"').next().unwrap();
    serde_json::from_str(&text.replace("&#34;", "\"").replace("&quot;", "\"")).unwrap()
}

fn challenge(question: &Value) -> Vec<u8> {
    data_encoding::BASE64URL_NOPAD.decode(question["challenge"].as_str().unwrap().as_bytes()).unwrap()
}

/// Makes a passkey on the page for that.
async fn add(browser: &mut Browser<'_>, device: &Device, label: &str, password: &str) -> Answer {
    let page = browser.get("/account/passkeys").await;
    let said = device.create(&challenge(&question(&page)));
    send_new(browser, &said, label, password).await
}

async fn send_new(browser: &mut Browser<'_>, said: &Said, label: &str, password: &str) -> Answer {
    let fields = [
        ("do", "add"),
        ("label", label),
        ("password", password),
        ("client_data", &said.client_data),
        ("attestation", &said.data),
        ("transports", "usb"),
    ];
    browser.post("/account/passkeys", &fields).await
}

async fn send(browser: &mut Browser<'_>, address: &str, device: &Device, said: &Said, user: &str) -> Answer {
    let credential = data_encoding::BASE64URL_NOPAD.encode(&device.credential);
    let user = data_encoding::BASE64URL_NOPAD.encode(user.as_bytes());
    let fields = [
        ("credential", credential.as_str()),
        ("client_data", &said.client_data),
        ("authenticator_data", &said.data),
        ("signature", &said.signature),
        ("user", &user),
    ];
    browser.post(address, &fields).await
}

/// Uses a passkey at the door, without name and password.
async fn come_in(browser: &mut Browser<'_>, device: &Device, user: &str) -> Answer {
    let said = device.sign(&challenge(&question(&browser.get("/sign-in").await)));
    send(browser, "/sign-in/passkey", device, &said, user).await
}

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    place.with_person("a", "p-s", "kimeru@a", &[Role::SecurityOfficer]).await;
    place
}

/// AUTHN-002: a passkey with which the device knows its owner is two factors by itself; it is one after the password too.
#[tokio::test]
async fn a_passkey_opens_the_door_alone_or_after_the_password() {
    let place = place().await;
    let mut browser = place.browser();
    browser.sign_in("kimeru@a", PASSWORD).await;
    assert_eq!(browser.get("/o/a/").await.location(), "/account/second", "the role asks for a second factor");
    browser.learn_csrf().await;
    let device = Device::new(1, ORIGIN);
    let page = add(&mut browser, &device, "青い鍵", PASSWORD).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.text.matches("<li>").count(), 10, "recovery codes, since there were none: {}", page.text);
    assert_eq!(browser.get("/o/a/").await.status, StatusCode::OK, "a passkey is a second factor");
    let list = browser.get("/account/passkeys").await;
    assert!(list.text.contains("青い鍵") && list.text.contains("これだけでログインできます"), "{}", list.text);

    let mut alone = place.browser();
    let answer = come_in(&mut alone, &device, "p-s").await;
    assert_eq!(answer.location(), "/", "{}", answer.text);
    assert_eq!(alone.get("/o/a/").await.status, StatusCode::OK);

    place.world.forward(Duration::seconds(1));
    let mut after = place.browser();
    assert!(after.sign_in("kimeru@a", PASSWORD).await.location().starts_with("/sign-in/second"));
    let page = after.get("/sign-in/second").await;
    after.csrf = value_of(&page.text, "csrf");
    let asked = question(&page);
    assert_eq!(asked["allowCredentials"].as_array().unwrap().len(), 1);
    let touched = Device { flags: PRESENT, ..Device::new(1, ORIGIN) };
    let half = after.cookie.clone();
    let answer = send(&mut after, "/sign-in/second/passkey", &touched, &touched.sign(&challenge(&asked)), "").await;
    assert_eq!(answer.location(), "/", "{}", answer.text);
    assert_ne!(after.cookie, half, "the secret of half a session is worth nothing");
    assert_eq!(after.get("/o/a/").await.status, StatusCode::OK);

    let entries = place.store.entries("a", &Filter { actor: "p-s", ..Filter::default() }).await.unwrap();
    assert!(entries[0].note.contains("パスキー「青い鍵」"), "{:?}", entries[0]);
    assert!(entries.iter().any(|entry| entry.action == "passkey.added"));
}

/// AUTHN-001: what does not fit opens nothing, and a stranger learns nothing from it (AUTHN-011).
#[tokio::test]
async fn what_does_not_fit_opens_nothing() {
    let place = place().await;
    let mut browser = place.signed_in("yomu@a").await;
    let device = Device::new(1, ORIGIN);
    add(&mut browser, &device, "鍵", PASSWORD).await;

    let mut stranger = place.browser();
    let asked = challenge(&question(&stranger.get("/sign-in").await));
    let unknown =
        send(&mut stranger, "/sign-in/passkey", &Device::new(9, ORIGIN), &Device::new(9, ORIGIN).sign(&asked), "")
            .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bend = |bend: fn(&mut Device)| {
        let mut device = Device::new(1, ORIGIN);
        bend(&mut device);
        device
    };
    for (what, device, user) in [
        ("another site", bend(|d| d.origin = "https://evil.test".to_owned()), ""),
        ("a passkey of another site", bend(|d| d.party = "evil.test".to_owned()), ""),
        ("nobody was asked for a PIN", bend(|d| d.flags = PRESENT), ""),
        ("another person's handle", bend(|_| {}), "p-s"),
    ] {
        place.world.forward(Duration::minutes(31));
        let mut browser = place.browser();
        let answer = come_in(&mut browser, &device, user).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(browser.cookie.is_none(), "{what}");
        let neutral = |text: &str| text.split("data-options").next().unwrap().to_owned();
        assert_eq!(neutral(&answer.text), neutral(&unknown.text), "{what}");
    }
    place.world.forward(Duration::minutes(31));
    let mut once = place.browser();
    let asked = challenge(&question(&once.get("/sign-in").await));
    let said = device.sign(&asked);
    assert_eq!(send(&mut once, "/sign-in/passkey", &device, &said, "p-r").await.location(), "/");
    let again = send(&mut place.browser(), "/sign-in/passkey", &device, &said, "p-r").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "an answer works once");
    let late = challenge(&question(&place.browser().get("/sign-in").await));
    place.world.forward(Duration::minutes(16));
    let answer = send(&mut place.browser(), "/sign-in/passkey", &device, &device.sign(&late), "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "too late");
    let own = device.sign(b"not a question of ours");
    place.world.forward(Duration::minutes(31));
    let answer = send(&mut place.browser(), "/sign-in/passkey", &device, &own, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// A passkey of one person is no second factor for another one's password, nor is an answer given in another session.
#[tokio::test]
async fn the_second_factor_is_the_persons_own() {
    let place = place().await;
    let (mine, theirs) = (Device::new(1, ORIGIN), Device::new(2, ORIGIN));
    add(&mut place.signed_in("yomu@a").await, &mine, "私の", PASSWORD).await;
    let mut other = place.browser();
    other.sign_in("kimeru@a", PASSWORD).await;
    other.learn_csrf().await;
    add(&mut other, &theirs, "別の", PASSWORD).await;

    let mut half = place.browser();
    half.sign_in("yomu@a", PASSWORD).await;
    let page = half.get("/sign-in/second").await;
    half.csrf = value_of(&page.text, "csrf");
    let asked = challenge(&question(&page));
    let stolen = send(&mut half, "/sign-in/second/passkey", &theirs, &theirs.sign(&asked), "").await;
    assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(half.get("/o/a/").await.location(), "/sign-in/second");
    place.world.forward(Duration::minutes(1));
    let mut elsewhere = place.browser();
    elsewhere.sign_in("yomu@a", PASSWORD).await;
    elsewhere.csrf = value_of(&elsewhere.get("/sign-in/second").await.text, "csrf");
    let carried = send(&mut elsewhere, "/sign-in/second/passkey", &mine, &mine.sign(&asked), "").await;
    assert_eq!(carried.status, StatusCode::UNPROCESSABLE_ENTITY, "the question was put to another session");
    let alone = send(&mut place.browser(), "/sign-in/passkey", &mine, &mine.sign(&asked), "").await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY, "and not to whoever comes without a password");
}

/// Who finds an open screen neither adds nor removes a passkey; whose role needs a second factor keeps one.
#[tokio::test]
async fn passkeys_change_with_the_password() {
    let place = place().await;
    let mut browser = place.browser();
    browser.sign_in("kimeru@a", PASSWORD).await;
    browser.learn_csrf().await;
    let device = Device::new(1, ORIGIN);
    let refused = add(&mut browser, &device, "鍵", "wrong").await;
    assert!(refused.text.contains("今のパスワードが違います"), "{}", refused.text);
    place.world.forward(Duration::minutes(1));
    let nameless = add(&mut browser, &device, "", PASSWORD).await;
    assert!(nameless.text.contains("機器の呼び名を入力してください"), "{}", nameless.text);
    let elsewhere = Device { origin: "https://evil.test".to_owned(), ..Device::new(1, ORIGIN) };
    let refused = add(&mut browser, &elsewhere, "鍵", PASSWORD).await;
    assert!(refused.text.contains("ほかのサイトの画面"), "{}", refused.text);
    let said = device.create(&challenge(&question(&browser.get("/account/passkeys").await)));
    assert_eq!(send_new(&mut browser, &said, "鍵", PASSWORD).await.status, StatusCode::OK);
    let twice = send_new(&mut browser, &said, "もう一つ", PASSWORD).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let known = add(&mut browser, &device, "同じ鍵", PASSWORD).await;
    assert!(known.text.contains("すでに登録されています"), "{}", known.text);
    place.with_person("a", "p-t", "betsu@a", &[Role::Reader]).await;
    let mut thief = place.signed_in("betsu@a").await;
    let taken = add(&mut thief, &device, "人の鍵", PASSWORD).await;
    assert!(taken.text.contains("すでに登録されています"), "an id belongs to one person: {}", taken.text);

    let id = shirube_identity::passkey::id(&device.credential);
    let last = browser.post("/account/passkeys", &[("do", "remove"), ("passkey", &id), ("password", PASSWORD)]).await;
    assert!(last.text.contains("最後の二つ目の認証です"), "{}", last.text);
    let second = Device::new(3, ORIGIN);
    assert_eq!(add(&mut browser, &second, "予備", PASSWORD).await.location(), "/account/passkeys?done=added");
    let gone = browser.post("/account/passkeys", &[("do", "remove"), ("passkey", &id), ("password", PASSWORD)]).await;
    assert_eq!(gone.location(), "/account/passkeys?done=removed", "{}", gone.text);
    assert_eq!(come_in(&mut place.browser(), &device, "p-s").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(come_in(&mut place.browser(), &second, "p-s").await.location(), "/");
}

/// AUTHN-009: a reset takes passkeys away too; AUTHN-020: who is stopped does not come in by one.
#[tokio::test]
async fn a_reset_and_a_stop_end_passkeys() {
    let place = place().await;
    let device = Device::new(1, ORIGIN);
    add(&mut place.signed_in("yomu@a").await, &device, "鍵", PASSWORD).await;
    let mut admin = place.signed_in("admin@a").await;
    admin.post("/o/a/people/p-r", &[("do", "stop"), ("reason", "休職")]).await;
    assert_eq!(come_in(&mut place.browser(), &device, "p-r").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    admin.post("/o/a/people/p-r", &[("do", "resume"), ("reason", "復職")]).await;
    assert_eq!(come_in(&mut place.browser(), &device, "p-r").await.location(), "/");
    admin.post("/o/a/people/p-r", &[("do", "reset"), ("reason", "機器をなくした")]).await;
    assert_eq!(come_in(&mut place.browser(), &device, "p-r").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(place.store.credentials("p-r").await.unwrap().passkeys.is_empty());
}
