//! `/sign-in`, `/sign-out`: the password (別紙2 3.1, 3.3 on ourselves).

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, FromRequestParts, RawQuery, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use shirube_identity::password::{Hash, verify_unknown};
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::session::Policy;
use shirube_identity::sign_in::SignInName;
use shirube_identity::throttle::{self, Gate, Throttle};
use shirube_store::{Change, Event, NewSession, Person, StoreError};
use shirube_trail::Origin;

use super::fields::Fields;
use super::guard::Present;
use super::shell::{Place, Shell, with_status};
use super::{App, message, second, world};
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/sign-in.html")]
struct SignInPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    failed: bool,
    name: &'a str,
    to: &'a str,
}

/// Where a request comes from, for the trail and the list of sessions.
#[derive(Debug, Clone)]
pub struct From {
    pub address: String,
    pub agent: String,
}

impl From {
    pub fn origin(&self) -> Origin {
        Origin::Browser(self.address.clone())
    }
}

impl FromRequestParts<App> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_string());
        let proxied = text("x-forwarded-for").rsplit(',').next().unwrap_or_default().trim().to_owned();
        let address = match app.0.settings.behind_proxy && proxied.parse::<std::net::IpAddr>().is_ok() {
            true => proxied,
            false => peer.unwrap_or_default(),
        };
        Ok(Self { address, agent: text("user-agent").chars().take(200).collect() })
    }
}

pub async fn show(State(_): State<App>, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/sign-in", &["to", "done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("out") => "ログアウトしました。",
        Some("password") => "パスワードを変えました。新しいパスワードでログインしてください。",
        _ => "",
    };
    page(StatusCode::OK, notice, false, "", query.get("to").unwrap_or_default())
}

fn page(status: StatusCode, notice: &str, failed: bool, name: &str, to: &str) -> Response {
    with_status(status, SignInPage { shell: Shell::new(None, Place::Nowhere), notice, failed, name, to })
}

pub async fn enter(State(app): State<App>, from: From, fields: Fields) -> Response {
    let (typed, to) = (fields.text("name"), fields.text("to"));
    match attempt(&app, &from, typed, fields.raw("password")).await {
        Ok(Some(person)) => match open(&app, &from, &person).await {
            Ok((cookie, full)) => {
                let wanted = inside(to);
                let next =
                    if full { wanted.to_owned() } else { crate::query::link("/sign-in/second", &[("to", wanted)]) };
                ([(header::SET_COOKIE, cookie)], Redirect::to(&next)).into_response()
            }
            Err(error) => message::failed(&app, &error),
        },
        Ok(None) => page(StatusCode::UNPROCESSABLE_ENTITY, "", true, typed, to),
        Err(error) => message::failed(&app, &error),
    }
}

/// Only addresses of our own: `//elsewhere` and `\elsewhere` would lead away.
pub fn inside(to: &str) -> &str {
    let own = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r', '\t']);
    if own && !to.starts_with("/sign-in") { to } else { "/" }
}

/// Checks name and password. What is wrong is not told apart, neither in words nor in time (AUTHN-010, -011).
async fn attempt(app: &App, from: &From, typed: &str, password: &str) -> Result<Option<Person>, StoreError> {
    let person = match typed.parse::<SignInName>() {
        Ok(name) => app.store().person_by_sign_in(name.as_str()).await?,
        Err(_) => None,
    };
    let person = person.filter(|person| person.state == "active");
    let kept = match &person {
        Some(person) => app.store().credentials(&person.id).await?.password,
        None => None,
    };
    let hash = kept.and_then(|kept| kept.hash.parse::<Hash>().ok());
    let right = verify(app, hash, password).await;
    let Some(person) = person else { return Ok(None) };
    // A try that is not looked at is not counted either: nobody can fill the trail or keep a lock shut by knocking.
    if gate(app, &person, "password").await? != Gate::Open {
        return Ok(None);
    }
    if !right {
        failed(app, from, &person, "password", "sign-in.failed").await?;
        return Ok(None);
    }
    Ok(Some(person))
}

/// A hash takes 19 MiB and a core for a moment: as many at once as there are cores.
pub async fn verify(app: &App, hash: Option<Hash>, password: &str) -> bool {
    let _turn = app.0.makers.acquire().await;
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || verify_unknown(hash.as_ref(), &password)).await.unwrap_or(false)
}

/// Whether another try is taken now.
pub async fn gate(app: &App, person: &Person, kind: &str) -> Result<Gate, StoreError> {
    let credentials = app.store().credentials(&person.id).await?;
    let kept = credentials.throttles.get(kind).map(throttle_of).unwrap_or_default();
    Ok(kept.gate(&throttle::Policy::default(), app.now()))
}

/// Counts a failure in the trail of the organisation that keeps the account.
pub async fn failed(app: &App, from: &From, person: &Person, kind: &str, action: &str) -> Result<(), StoreError> {
    let mut change = app.store().begin(&person.organisation).await?;
    let credentials = change.credentials(&person.id).await?;
    let kept = credentials.throttles.get(kind).map(throttle_of).unwrap_or_default();
    let failed = kept.failed(&throttle::Policy::default(), app.now());
    change.set_throttle(&person.id, kind, &row_of(&failed.throttle)).await?;
    let (action, note) = match failed.has_locked {
        true => ("sign-in.locked", "続けて失敗したため、しばらく受け付けないようにした。"),
        false => (action, ""),
    };
    change.about(&format!("person/{}", person.id));
    let event = Event { action: action.to_owned(), note: note.to_owned() };
    change.commit(&person.id, from.origin(), &app.at(), event).await.map(drop)
}

/// Forgets failures and remembers when it went well.
pub async fn succeeded(app: &App, change: &mut Change, person: &str, kind: &str) -> Result<(), StoreError> {
    let credentials = change.credentials(person).await?;
    let kept = credentials.throttles.get(kind).map(throttle_of).unwrap_or_default();
    change.set_throttle(person, kind, &row_of(&kept.succeeded(app.now()))).await
}

fn throttle_of(row: &shirube_store::Throttle) -> Throttle {
    let time = |text: &Option<String>| text.as_deref().and_then(world::read);
    Throttle {
        failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
        last_failure: time(&row.last_failure),
        last_success: time(&row.last_success),
        locked_until: time(&row.locked_until),
    }
}

fn row_of(throttle: &Throttle) -> shirube_store::Throttle {
    let text = |time: Option<DateTime<Utc>>| time.map(world::written);
    shirube_store::Throttle {
        failures: u64::from(throttle.failures),
        last_failure: text(throttle.last_failure),
        last_success: text(throttle.last_success),
        locked_until: text(throttle.locked_until),
    }
}

/// Opens a session and ends the oldest ones over the limit (AUTHN-022). Gives the cookie and whether it is whole.
pub async fn open(app: &App, from: &From, person: &Person) -> Result<(axum::http::HeaderValue, bool), StoreError> {
    let full = !second::has_second(&app.store().credentials(&person.id).await?);
    let live = live_sessions(app, person).await?;
    let mut change = app.store().begin(&person.organisation).await?;
    if full {
        succeeded(app, &mut change, &person.id, "password").await?;
    }
    let now = app.at();
    let surplus = Policy::default().surplus(live.len() + 1);
    for digest in live.iter().rev().take(surplus) {
        change.end_session(&person.id, digest, &now, "too-many").await?;
    }
    let (stage, factors) = if full { ("full", "password") } else { ("password", "") };
    let text = open_session(app, &mut change, from, person, stage, factors).await?;
    let action = if full { "sign-in.succeeded" } else { "sign-in.password" };
    change.about(&format!("person/{}", person.id));
    let event = Event { action: action.to_owned(), note: String::new() };
    change.commit(&person.id, from.origin(), &now, event).await?;
    Ok((app.set_cookie(&text), full))
}

/// Opens a session with a secret of its own, and gives the secret.
pub async fn open_session(
    app: &App,
    change: &mut Change,
    from: &From,
    person: &Person,
    stage: &str,
    factors: &str,
) -> Result<String, StoreError> {
    let secret = Secret::from_bytes(app.random());
    let session = NewSession {
        digest: &secret.fingerprint(Purpose::Session).to_string(),
        person: &person.id,
        organisation: &person.organisation,
        stage,
        factors,
        csrf: &Secret::from_bytes(app.random()).text(Purpose::OneTime),
        agent: &from.agent,
        address: &from.address,
    };
    change.open_session(session, &app.at()).await?;
    Ok(secret.text(Purpose::Session))
}

/// Digests of the person's sessions that still count, newest first.
async fn live_sessions(app: &App, person: &Person) -> Result<Vec<String>, StoreError> {
    let lines = app.store().sessions(&person.id, 50).await?;
    let live = lines.into_iter().filter(|line| is_live(app, line));
    Ok(live.map(|line| line.digest).collect())
}

/// Whether a session still counts now.
pub fn is_live(app: &App, line: &shirube_store::SessionLine) -> bool {
    let times = world::read(&line.created_at).zip(world::read(&line.seen_at));
    let standing = times.map(|(created, seen)| Policy::default().standing(created, seen, app.now()));
    line.ended_at.is_none() && standing == Some(shirube_identity::session::Standing::Live)
}

pub async fn leave(State(app): State<App>, from: From, Present(visitor): Present) -> Response {
    match end(&app, &from, &visitor.person, &visitor.session).await {
        Ok(()) => {
            let clear = (header::HeaderName::from_static("clear-site-data"), "\"cache\"".parse().expect("is ASCII"));
            let headers = [(header::SET_COOKIE, app.drop_cookie()), clear];
            (axum::response::AppendHeaders(headers), Redirect::to("/sign-in?done=out")).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}

async fn end(app: &App, from: &From, person: &Person, session: &str) -> Result<(), StoreError> {
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    change.end_session(&person.id, session, &now, "signed-out").await?;
    change.about(&format!("person/{}", person.id));
    let event = Event { action: "sign-out".to_owned(), note: String::new() };
    change.commit(&person.id, from.origin(), &now, event).await.map(drop)
}
