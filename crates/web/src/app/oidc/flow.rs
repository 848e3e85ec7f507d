//! `/sign-in/organisation`: to the provider and back.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Event, Person, StoreError};

use super::provider::{self, Fault};
use super::token::{self, Claims, Wanted};
use crate::app::guard::Visitor;
use crate::app::organisation::{self, Provider};
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::{self, From, Opened, When};
use crate::app::ticket::Ticket;
use crate::app::{App, message, second};
use crate::query::{Query, link};

/// Time to sign in at the provider.
const MINUTES: i64 = 15;
const PURPOSE: &str = "provider";
/// A session that links the two accounts.
pub(super) const LINK: &str = "provider-link";

/// What has to be the same when somebody comes back.
#[derive(Serialize, Deserialize)]
struct Way {
    organisation: String,
    nonce: String,
    verifier: String,
    to: String,
    /// The two accounts are linked, and nobody is let in.
    link: bool,
}

#[derive(Template)]
#[template(path = "app/provider-door.html")]
struct DoorPage<'a> {
    shell: Shell<'a>,
    word: &'a str,
    failed: bool,
    /// Where the provider is, and the address that leads there.
    found: Option<(String, String)>,
}

/// `GET /sign-in/organisation`: by the organisation's word to the name of its provider. One more click leaves, so that
/// everybody sees where to.
pub async fn door(State(app): State<App>, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/sign-in/organisation", &["word", "to"], raw.as_deref());
    let word = query.get("word").unwrap_or_default();
    let found = match find(&app, word).await {
        Ok(found) => found,
        Err(error) => return message::failed(&app, &error),
    };
    let failed = !word.is_empty() && found.is_none();
    let to = sign_in::inside(query.get("to").unwrap_or_default());
    let found = found.map(|(_, provider)| {
        let next = link("/sign-in/organisation/start", &[("word", word), ("to", to)]);
        (host(&provider.issuer).to_owned(), next)
    });
    let status = if failed { StatusCode::NOT_FOUND } else { StatusCode::OK };
    with_status(status, DoorPage { shell: Shell::new(None, Place::Nowhere), word, failed, found })
}

/// The part of an address that people know.
pub(super) fn host(issuer: &str) -> &str {
    issuer.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(issuer)
}

/// The organisation of a word, and its provider.
async fn find(app: &App, word: &str) -> Result<Option<(String, Provider)>, StoreError> {
    let Some(organisation) = app.store().organisation_by_word(&word.to_lowercase()).await? else { return Ok(None) };
    let provider = organisation::settings(app, &organisation).await?.provider;
    Ok(provider.map(|provider| (organisation, provider)))
}

/// `GET /sign-in/organisation/start`: away to the provider.
pub async fn start(
    State(app): State<App>,
    visitor: Option<Extension<Arc<Visitor>>>,
    RawQuery(raw): RawQuery,
) -> Response {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(raw.unwrap_or_default().as_bytes()).into_owned().collect();
    let given = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let linking = visitor
        .as_ref()
        .filter(|visitor| visitor.is_full && app.open_ticket::<()>(LINK, &visitor.session, given("link")).is_some());
    let found = match linking {
        Some(visitor) => {
            let home = visitor.person.organisation.clone();
            organisation::settings(&app, &home).await.map(|set| set.provider.map(|provider| (home, provider)))
        }
        None => find(&app, given("word")).await,
    };
    let (organisation, provider) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return message::nothing(None),
        Err(error) => return message::failed(&app, &error),
    };
    let description = match provider::describe(&app, &provider.issuer).await {
        Ok(description) => description,
        Err(fault) => return failed(StatusCode::BAD_GATEWAY, &fault.to_string()),
    };
    let random = |app: &App| BASE64URL_NOPAD.encode(&app.random::<32>());
    let way = Way {
        organisation,
        nonce: random(&app),
        verifier: random(&app),
        to: sign_in::inside(given("to")).to_owned(),
        link: linking.is_some(),
    };
    let secret = Secret::from_bytes(app.random());
    match app.ticket(PURPOSE, &secret.fingerprint(Purpose::OneTime).to_string(), MINUTES, &way) {
        Ok(state) => {
            let address = address(&app, &description.authorization_endpoint, &provider, &way, &state);
            ([(header::SET_COOKIE, app.set_way(&secret.text(Purpose::OneTime)))], Redirect::to(&address))
                .into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}

fn address(app: &App, endpoint: &str, provider: &Provider, way: &Way, state: &str) -> String {
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(&way.verifier));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client)
        .append_pair("redirect_uri", &app.way_back())
        .append_pair("scope", "openid")
        .append_pair("state", state)
        .append_pair("nonce", &way.nonce)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        .finish();
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{query}")
}

/// Why nobody came in.
fn failed(status: StatusCode, why: &str) -> Response {
    let text = format!(
        "{why}もう一度お試しください。続くときは、ログインIDとパスワードでログインし、組織の管理者に知らせてください。"
    );
    message::message(None, status, "組織の認証でログインできませんでした", &text, ("/sign-in", "ログインの画面へ"))
}

/// `GET /sign-in/organisation/back`: what the provider says.
pub async fn back(
    State(app): State<App>,
    from: From,
    headers: HeaderMap,
    visitor: Option<Extension<Arc<Visitor>>>,
    RawQuery(raw): RawQuery,
) -> Response {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(raw.unwrap_or_default().as_bytes()).into_owned().collect();
    let given = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let cookie = app.way(&headers).and_then(|text| Secret::parse(&text, Purpose::OneTime));
    let holder = cookie.map(|secret| secret.fingerprint(Purpose::OneTime).to_string()).unwrap_or_default();
    let ticket = given("state").and_then(|state| app.open_ticket::<Way>(PURPOSE, &holder, state));
    let Some(ticket) = ticket.filter(|_| !holder.is_empty()) else {
        return failed(StatusCode::FORBIDDEN, "この画面から始めたログインではないか、時間がたちすぎました。");
    };
    let arrived = arrive(&app, &ticket.body, given("iss"), given("code")).await;
    let drop_way = [(header::SET_COOKIE, app.drop_way())];
    let response = match arrived {
        Ok(Ok(arrived)) => {
            let visitor = visitor.map(|Extension(visitor)| visitor);
            let entered = enter(&app, &from, &ticket, &arrived, visitor.as_deref()).await;
            entered.unwrap_or_else(|error| message::failed(&app, &error))
        }
        Ok(Err(why)) => match refused(&app, &from, &ticket.body.organisation, &why).await {
            Ok(()) => failed(StatusCode::FORBIDDEN, &format!("{why}。")),
            Err(error) => message::failed(&app, &error),
        },
        Err(error) => message::failed(&app, &error),
    };
    (axum::response::AppendHeaders(drop_way), response).into_response()
}

/// Who came, as the provider says.
struct Arrived {
    issuer: String,
    subject: String,
    /// The provider asked for two factors, and the organisation takes its word.
    has_second: bool,
}

/// Changes the code for a token and believes it, or says why not.
async fn arrive(
    app: &App,
    way: &Way,
    issuer: Option<&str>,
    code: Option<&str>,
) -> Result<Result<Arrived, String>, StoreError> {
    let Some(provider) = organisation::settings(app, &way.organisation).await?.provider else {
        return Ok(Err("組織の認証の設定がなくなりました".to_owned()));
    };
    // Another provider could answer in the place of ours (RFC 9207).
    if issuer.is_some_and(|issuer| issuer != provider.issuer) {
        return Ok(Err("別の認証サーバからの答えです".to_owned()));
    }
    let Some(code) = code else {
        return Ok(Err("認証サーバでのログインが取りやめになりました".to_owned()));
    };
    let Some(secret) = app.provider_secret(&way.organisation, &provider) else {
        return Ok(Err("組織の認証の設定を開けません".to_owned()));
    };
    let fault = |fault: Fault| fault.to_string().trim_end_matches('。').to_owned();
    let asked = async {
        let description = provider::describe(app, &provider.issuer).await.map_err(fault)?;
        let token = provider::exchange(app, &description, &provider, &secret, code, &way.verifier).await;
        let keys = provider::keys(app, &description).await.map_err(fault)?;
        let wanted = Wanted { issuer: &provider.issuer, client: &provider.client, nonce: &way.nonce, now: app.now() };
        let claims: Claims = token::read(&token.map_err(fault)?, &keys, &wanted).map_err(|why| why.to_string())?;
        let subject = claims.text(&provider.claim);
        let subject = subject.ok_or_else(|| format!("認証の結果に「{}」がありません", provider.claim))?;
        Ok(Arrived {
            issuer: provider.issuer.clone(),
            subject: subject.to_owned(),
            has_second: !provider.second_by.is_empty() && claims.was_by(&provider.second_by),
        })
    };
    Ok(asked.await)
}

async fn refused(app: &App, from: &From, organisation: &str, why: &str) -> Result<(), StoreError> {
    let mut change = app.store().begin(organisation).await?;
    change.about(&format!("organisation/{organisation}"));
    let event = Event { action: "sign-in.provider-failed".to_owned(), note: why.to_owned() };
    change.commit("provider", from.origin(), &app.at(), event).await.map(drop)
}

/// Links, or lets in whoever is linked.
async fn enter(
    app: &App,
    from: &From,
    ticket: &Ticket<Way>,
    arrived: &Arrived,
    visitor: Option<&Visitor>,
) -> Result<Response, StoreError> {
    let way = &ticket.body;
    if way.link {
        return match visitor.filter(|visitor| visitor.is_full && visitor.person.organisation == way.organisation) {
            Some(visitor) => link_accounts(app, from, ticket, arrived, &visitor.person).await,
            None => Ok(failed(StatusCode::FORBIDDEN, "結び付ける前にログインが終わりました。")),
        };
    }
    let linked = app.store().person_outside(&arrived.issuer, &arrived.subject).await?;
    let person = match linked {
        Some(id) => Some(app.store().person(&id).await?),
        None => None,
    };
    // The provider of one organisation speaks for nobody of another.
    let person = person.filter(|person| person.organisation == way.organisation && person.state == "active");
    let Some(person) = person else {
        refused(app, from, &way.organisation, "利用者と結び付いていない").await?;
        let text = "認証サーバの利用者が、この画面の利用者とまだ結び付いていません。一度ログインIDとパスワードでログインし、「自分の設定」で結び付けてください。";
        let next = ("/sign-in", "ログインの画面へ");
        return Ok(message::message(None, StatusCode::FORBIDDEN, "結び付いた利用者がいません", text, next));
    };
    let opened = open(app, from, ticket, &person, arrived.has_second).await?;
    Ok(match opened {
        Some(opened) => sign_in::answer(app, Ok(opened), &way.to),
        None => failed(StatusCode::FORBIDDEN, "この答えは、すでに使われました。"),
    })
}

async fn open(
    app: &App,
    from: &From,
    ticket: &Ticket<Way>,
    person: &Person,
    has_second: bool,
) -> Result<Option<Opened>, StoreError> {
    let is_half = !has_second && second::has_second(&app.store().credentials(&person.id).await?);
    let when = if is_half { When::Open } else { sign_in::when(app, from, person).await? };
    if let When::Closed(hours) = when {
        return Ok(Some(Opened::OutOfHours(hours)));
    }
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    match ticket.spend(&mut change, &now).await {
        Err(StoreError::Used) => return Ok(None),
        spent => spent?,
    }
    if is_half {
        let secret = sign_in::admit(app, &mut change, from, person, "password", "provider").await?;
        sign_in::commit(app, change, from, person, "sign-in.provider", "").await?;
        return Ok(Some(Opened::Half(app.set_cookie(&secret))));
    }
    sign_in::succeeded(app, &mut change, &person.id, "password").await?;
    let factors = if has_second { "provider provider-second" } else { "provider" };
    let secret = sign_in::admit(app, &mut change, from, person, "full", factors).await?;
    let said = if has_second { "組織の認証（二つの要素）" } else { "組織の認証" };
    sign_in::commit(app, change, from, person, "sign-in.succeeded", &format!("{said}{}", when.note())).await?;
    Ok(Some(Opened::Whole(app.set_cookie(&secret))))
}

async fn link_accounts(
    app: &App,
    from: &From,
    ticket: &Ticket<Way>,
    arrived: &Arrived,
    person: &Person,
) -> Result<Response, StoreError> {
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    let linked = async {
        ticket.spend(&mut change, &now).await?;
        change.link_outside(&person.id, &arrived.issuer, &arrived.subject, &now).await
    };
    match linked.await {
        Err(StoreError::Used) => return Ok(failed(StatusCode::FORBIDDEN, "この答えは、すでに使われました。")),
        Err(StoreError::Exists(_)) => {
            let text = "認証サーバのこの利用者は、すでに別の人と結び付いています。組織の管理者に知らせてください。";
            let next = ("/account", "自分の設定へ");
            return Ok(message::message(None, StatusCode::CONFLICT, "結び付けられませんでした", text, next));
        }
        linked => linked?,
    }
    sign_in::commit(app, change, from, person, "outside.linked", host(&arrived.issuer)).await?;
    Ok(Redirect::to("/account?done=linked").into_response())
}
