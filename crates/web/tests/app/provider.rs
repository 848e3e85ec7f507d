//! Signing in through a provider of identities, with one on this machine that does as it is told (AUTHN-021). The browser
//! test does the same with a provider that others made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use chrono::Duration;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shirube_identity::role::Role;
use shirube_store::Filter;

use crate::fixture::{Answer, Browser, ORIGIN, PASSWORD, Place};

/// A provider and what it hands out.
#[derive(Clone)]
struct Provider {
    issuer: String,
    /// Codes with their tokens and the challenge that their verifier has to fit.
    codes: Arc<Mutex<BTreeMap<String, (String, String)>>>,
}

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

fn signed(header: &Value, claims: &Value, seed: u8) -> String {
    let message = format!("{}.{}", text(header.to_string()), text(claims.to_string()));
    format!("{message}.{}", text(key(seed).sign(message.as_bytes())))
}

impl Provider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self { issuer: format!("http://{}", listener.local_addr().unwrap()), codes: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/jwks", get(keys))
            .route("/token", post(exchange))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn host(&self) -> String {
        self.issuer.split("://").nth(1).unwrap().to_owned()
    }

    /// Lets somebody in, as the provider would after asking for a password.
    fn let_in(&self, away: &BTreeMap<String, String>, code: &str, token: String) {
        let challenge = away["code_challenge"].clone();
        self.codes.lock().unwrap().insert(code.to_owned(), (token, challenge));
    }

    fn claims(&self, place: &Place, away: &BTreeMap<String, String>, subject: &str) -> Value {
        let now = chrono::DateTime::parse_from_rfc3339(&place.at()).unwrap().timestamp();
        json!({
            "iss": self.issuer, "aud": "shirube", "sub": subject, "nonce": away["nonce"],
            "iat": now, "exp": now + 300, "amr": ["pwd"],
        })
    }
}

async fn describe(State(provider): State<Provider>) -> String {
    let issuer = &provider.issuer;
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
    })
    .to_string()
}

async fn keys() -> String {
    let key = json!({
        "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "k1",
        "x": text(key(1).public_key().as_ref()),
    });
    json!({ "keys": [{ "kty": "new", "kid": "k0" }, key] }).to_string()
}

async fn exchange(State(provider): State<Provider>, headers: HeaderMap, body: String) -> axum::response::Response {
    let sent: BTreeMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let known = format!("Basic {}", BASE64.encode(b"shirube:geheim+%26"));
    let found = provider.codes.lock().unwrap().remove(&sent["code"]);
    let is_known = headers.get("authorization").is_some_and(|sent| sent.to_str().unwrap() == known);
    match found {
        Some((token, challenge)) if is_known && challenge == text(Sha256::digest(&sent["code_verifier"])) => {
            assert_eq!(sent["redirect_uri"], format!("{ORIGIN}/sign-in/organisation/back"));
            json!({ "access_token": "x", "token_type": "Bearer", "id_token": token }).to_string().into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Sets the provider up for organisation `a`.
async fn set(browser: &mut Browser<'_>, issuer: &str, changes: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("issuer", issuer),
        ("client", "shirube"),
        ("secret", "geheim &"),
        ("word", "Minato"),
        ("claim", "sub"),
        ("second_by", ""),
        ("reason", "認証をまとめる"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    browser.post("/o/a/settings/provider", &fields).await
}

/// Goes to the provider, and gives what it is told.
async fn away(browser: &mut Browser<'_>, start: &str) -> BTreeMap<String, String> {
    let answer = browser.get(start).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let query = answer.location().split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Comes back from the provider with a code.
async fn back(browser: &mut Browser<'_>, away: &BTreeMap<String, String>, code: &str) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("state", &away["state"])
        .append_pair("code", code)
        .finish();
    browser.get(&format!("/sign-in/organisation/back?{query}")).await
}

const START: &str = "/sign-in/organisation/start?word=minato";

async fn place() -> (Place, Provider) {
    let provider = Provider::start().await;
    let place = Place::reaching(vec![provider.host()]).await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    (place, provider)
}

/// Links the reader's account with `subject` at the provider.
async fn link(place: &Place, provider: &Provider, subject: &str) {
    let mut reader = place.signed_in("yomu@a").await;
    let page = reader.post("/account/outside", &[("password", PASSWORD)]).await;
    let next = page.text.split("href=\"/sign-in/organisation/start").nth(1).unwrap_or_else(|| panic!("{}", page.text));
    let next = format!("/sign-in/organisation/start{}", next.split('"').next().unwrap().replace("&#38;", "&"));
    let way = away(&mut reader, &next).await;
    let header = json!({ "alg": "EdDSA", "kid": "k1" });
    provider.let_in(&way, "link", signed(&header, &provider.claims(place, &way, subject), 1));
    let done = back(&mut reader, &way, "link").await;
    assert_eq!(done.location(), "/account?done=linked", "{}", done.text);
}

/// AUTHN-021: linked once with the password, a person comes in through the provider; sessions and the trail are as ever.
#[tokio::test]
async fn a_linked_person_comes_in_through_the_provider() {
    let (place, provider) = place().await;
    let mut admin = place.signed_in("admin@a").await;
    let saved = set(&mut admin, &provider.issuer, &[]).await;
    assert_eq!(saved.location(), "/o/a/settings?done=provider", "{}", saved.text);
    let settings = place.store.settings("a").await.unwrap();
    assert!(!settings.contains("geheim"), "the secret is sealed: {settings}");

    let door = place.browser().get("/sign-in/organisation?word=minato").await;
    assert!(door.text.contains(&format!("{}へ進む", provider.host())), "{}", door.text);
    let unknown = place.browser().get("/sign-in/organisation?word=nowhere").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    let header = json!({ "alg": "EdDSA", "kid": "k1" });
    let mut browser = place.browser();
    let way = away(&mut browser, START).await;
    assert_eq!((way["response_type"].as_str(), way["code_challenge_method"].as_str()), ("code", "S256"));
    provider.let_in(&way, "c", signed(&header, &provider.claims(&place, &way, "u-1"), 1));
    let stranger = back(&mut browser, &way, "c").await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    assert!(stranger.text.contains("まだ結び付いていません"), "{}", stranger.text);

    link(&place, &provider, "u-1").await;
    place.world.forward(Duration::seconds(1));
    let mut browser = place.browser();
    let way = away(&mut browser, &format!("{START}&to=%2Fo%2Fa%2Frights")).await;
    provider.let_in(&way, "c", signed(&header, &provider.claims(&place, &way, "u-1"), 1));
    let done = back(&mut browser, &way, "c").await;
    assert_eq!(done.location(), "/o/a/rights", "{}", done.text);
    assert_eq!(browser.get("/o/a/").await.status, StatusCode::OK);
    let entry = place.store.entries("a", &Filter { limit: 1, ..Filter::default() }).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("sign-in.succeeded", "p-r"));
    assert!(entry.note.contains("組織の認証"), "{}", entry.note);

    // The answer was for one way, by one browser, once.
    provider.let_in(&way, "c", signed(&header, &provider.claims(&place, &way, "u-1"), 1));
    let again = back(&mut browser, &way, "c").await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "{}", again.text);
    let mut other = place.browser();
    let theirs = away(&mut other, START).await;
    provider.let_in(&theirs, "d", signed(&header, &provider.claims(&place, &theirs, "u-1"), 1));
    let mut thief = place.browser();
    away(&mut thief, START).await;
    assert_eq!(back(&mut thief, &theirs, "d").await.status, StatusCode::FORBIDDEN, "another browser's way");
    assert_eq!(back(&mut place.browser(), &theirs, "d").await.status, StatusCode::FORBIDDEN, "nobody's way");
    place.world.forward(Duration::minutes(16));
    assert_eq!(back(&mut other, &theirs, "d").await.status, StatusCode::FORBIDDEN, "too late");
}

/// AUTHN-021: a token that was not made for us, now, by the provider, lets nobody in.
#[tokio::test]
async fn a_token_that_does_not_fit_lets_nobody_in() {
    let (place, provider) = place().await;
    set(&mut place.signed_in("admin@a").await, &provider.issuer, &[]).await;
    link(&place, &provider, "u-1").await;
    let header = json!({ "alg": "EdDSA", "kid": "k1" });
    type Bend = fn(&mut Value);
    let bends: [(&str, Value, u8, Bend); 12] = [
        ("another issuer", header.clone(), 1, |c| c["iss"] = json!("https://evil.test")),
        ("another client", header.clone(), 1, |c| c["aud"] = json!("other")),
        ("several clients and none it is for", header.clone(), 1, |c| c["aud"] = json!(["shirube", "other"])),
        ("for another party", header.clone(), 1, |c| c["azp"] = json!("other")),
        ("another way", header.clone(), 1, |c| c["nonce"] = json!("other")),
        ("no nonce", header.clone(), 1, |c| drop(c.as_object_mut().unwrap().remove("nonce"))),
        ("over", header.clone(), 1, |c| c["exp"] = json!(c["iat"].as_i64().unwrap() - 61)),
        ("not yet", header.clone(), 1, |c| c["iat"] = json!(c["iat"].as_i64().unwrap() + 120)),
        ("no end", header.clone(), 1, |c| drop(c.as_object_mut().unwrap().remove("exp"))),
        ("another key", header.clone(), 2, |_| {}),
        ("an unknown key", json!({ "alg": "EdDSA", "kid": "k2" }), 1, |_| {}),
        ("no signature", json!({ "alg": "none" }), 1, |_| {}),
    ];
    for (what, header, seed, bend) in bends {
        let mut browser = place.browser();
        let way = away(&mut browser, START).await;
        let mut claims = provider.claims(&place, &way, "u-1");
        bend(&mut claims);
        provider.let_in(&way, "c", signed(&header, &claims, seed));
        let answer = back(&mut browser, &way, "c").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
        assert!(browser.cookie.is_none(), "{what}");
    }
    let mut browser = place.browser();
    let way = away(&mut browser, START).await;
    assert_eq!(back(&mut browser, &way, "no such code").await.status, StatusCode::FORBIDDEN);
    let entry = place.store.entries("a", &Filter { limit: 1, ..Filter::default() }).await.unwrap().remove(0);
    assert_eq!(entry.action, "sign-in.provider-failed");
}

/// AUTHN-002, -021: the provider's word on the second factor counts only if the organisation says so; else it is asked here.
#[tokio::test]
async fn the_second_factor_is_asked_here_unless_the_organisation_trusts_the_provider() {
    let (place, provider) = place().await;
    let mut admin = place.signed_in("admin@a").await;
    set(&mut admin, &provider.issuer, &[]).await;
    link(&place, &provider, "u-1").await;
    place.world.forward(Duration::seconds(1));
    let mut reader = place.signed_in("yomu@a").await;
    reader.set_second().await;
    place.world.forward(Duration::minutes(2));
    let header = json!({ "alg": "EdDSA", "kid": "k1" });
    let come = async |amr: Value| {
        let mut browser = place.browser();
        let way = away(&mut browser, START).await;
        let mut claims = provider.claims(&place, &way, "u-1");
        claims["amr"] = amr;
        provider.let_in(&way, "c", signed(&header, &claims, 1));
        back(&mut browser, &way, "c").await.location().to_owned()
    };
    assert!(come(json!(["pwd", "mfa"])).await.starts_with("/sign-in/second"));
    let saved = set(&mut admin, &provider.issuer, &[("second_by", "mfa"), ("secret", "")]).await;
    assert_eq!(saved.location(), "/o/a/settings?done=provider", "the secret stays: {}", saved.text);
    assert!(come(json!(["pwd"])).await.starts_with("/sign-in/second"));
    assert_eq!(come(json!(["pwd", "mfa"])).await, "/");
}

/// What cannot work is said before it is saved, and an address or a name never stands for a person.
#[tokio::test]
async fn a_provider_is_looked_at_before_it_is_taken() {
    let (place, provider) = place().await;
    let mut admin = place.signed_in("admin@a").await;
    let issuer = provider.issuer.clone();
    for (issuer, changes, said) in [
        ("https://login.example.jp", &[][..], "通信してよい相手に入っていません"),
        ("login.example.jp", &[], "認証サーバの番地「login.example.jp」は使えません"),
        (&issuer, &[("client", "")], "クライアントIDを入力してください"),
        (&issuer, &[("secret", "")], "クライアントの秘密の値を入力してください"),
        (&issuer, &[("word", "みなと")], "ログインの言葉「みなと」は使えません"),
        (&issuer, &[("claim", "email")], "後で別の人のものになる"),
        (&issuer, &[("reason", "")], "変更の理由を入力してください"),
        (&format!("{issuer}/other"), &[], "の答えが"),
    ] {
        let refused = set(&mut admin, issuer, changes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{issuer} {changes:?}");
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert_eq!(set(&mut admin, &issuer, &[]).await.status, StatusCode::SEE_OTHER);
    let gone = [("do", "remove"), ("reason", "使わない")];
    assert_eq!(admin.post("/o/a/settings/provider", &gone).await.location(), "/o/a/settings?done=provider");
    assert_eq!(place.browser().get(START).await.status, StatusCode::NOT_FOUND);
}
