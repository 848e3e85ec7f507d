//! What is asked of a provider: its description, its keys, and the token for a code.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::http::{Request, StatusCode, header};
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::organisation::Provider;
use crate::app::{App, OutgoingError};

/// How long a description is used again.
const MINUTES: i64 = 10;

/// What a provider says of itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Description {
    pub issuer: String,
    pub authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// Descriptions that were read lately: strangers at the door do not make us ask again each time.
#[derive(Debug, Default)]
pub struct Known(Mutex<HashMap<String, (DateTime<Utc>, Description)>>);

/// Why a provider's answer is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    #[error("認証サーバの番地「{0}」が読めません。「https://login.example.jp」のように書いてください。")]
    Address(String),
    #[error("認証サーバの「{place}」の答えが、{status}でした。番地と登録の内容を確かめてください。")]
    Status { place: String, status: StatusCode },
    #[error("認証サーバの「{0}」の答えを読めませんでした。OpenID Connectの認証サーバの番地かを確かめてください。")]
    Unreadable(String),
    #[error("認証サーバは自分を「{found}」と名乗りました。設定の「{wanted}」と同じにしてください。")]
    Issuer { found: String, wanted: String },
}

/// Reads what a provider says of itself.
pub async fn describe(app: &App, issuer: &str) -> Result<Description, Fault> {
    let now = app.now();
    let known = app.0.providers.0.lock().ok().and_then(|known| known.get(issuer).cloned());
    if let Some((_, description)) = known.filter(|(at, _)| now - *at < Duration::minutes(MINUTES)) {
        return Ok(description);
    }
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let description: Description = get(app, &address).await?;
    if description.issuer != issuer {
        return Err(Fault::Issuer { found: description.issuer, wanted: issuer.to_owned() });
    }
    if let Ok(mut known) = app.0.providers.0.lock() {
        known.insert(issuer.to_owned(), (now, description.clone()));
    }
    Ok(description)
}

/// The keys with which a provider signs. Those of kinds we do not know are left out.
pub async fn keys(app: &App, description: &Description) -> Result<Vec<Jwk>, Fault> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<serde_json::Value>,
    }
    let set: Set = get(app, &description.jwks_uri).await?;
    Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

/// The token that says who came, for a code.
pub async fn exchange(
    app: &App,
    description: &Description,
    provider: &Provider,
    secret: &str,
    code: &str,
    verifier: &str,
) -> Result<String, Fault> {
    #[derive(Deserialize)]
    struct Tokens {
        id_token: String,
    }
    let place = description.token_endpoint.as_str();
    let back = app.way_back();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", back.as_str()),
        ("code_verifier", verifier),
    ];
    let request = request(description, provider, secret, &fields).map_err(|_| Fault::Address(place.to_owned()))?;
    let tokens: Tokens = ask(app, place, request).await?;
    Ok(tokens.id_token)
}

/// The form for the token, with who we are in the way the provider takes.
fn request(
    description: &Description,
    provider: &Provider,
    secret: &str,
    fields: &[(&str, &str)],
) -> Result<Request<Vec<u8>>, axum::http::Error> {
    let methods = &description.token_endpoint_auth_methods_supported;
    let says = |method: &str| methods.iter().any(|known| known == method);
    // Without a word on it, the first is what every provider takes.
    let in_header = methods.is_empty() || says("client_secret_basic") || !says("client_secret_post");
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let mut request = Request::post(&description.token_endpoint)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json");
    if in_header {
        let pair = format!("{}:{}", escaped(&provider.client), escaped(secret));
        request = request.header(header::AUTHORIZATION, format!("Basic {}", BASE64.encode(pair.as_bytes())));
    } else {
        form.append_pair("client_id", &provider.client).append_pair("client_secret", secret);
    }
    request.body(form.finish().into_bytes())
}

async fn get<T: DeserializeOwned>(app: &App, address: &str) -> Result<T, Fault> {
    let request = Request::get(address).header(header::ACCEPT, "application/json").body(Vec::new());
    ask(app, address, request.map_err(|_| Fault::Address(address.to_owned()))?).await
}

async fn ask<T: DeserializeOwned>(app: &App, place: &str, request: Request<Vec<u8>>) -> Result<T, Fault> {
    let answer = app.outgoing().send(request).await?;
    if answer.status() != StatusCode::OK {
        return Err(Fault::Status { place: place.to_owned(), status: answer.status() });
    }
    serde_json::from_slice(answer.body()).map_err(|_| Fault::Unreadable(place.to_owned()))
}

/// As RFC 6749, 2.3.1 wants names and secrets in a header.
fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
