//! `/sign-in`, `/sign-out`: the password (別紙2 3.1, 3.3 on ourselves).

use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, FromRequestParts, RawQuery, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use shirube_identity::hours::Hours;
use shirube_identity::password::{Hash, verify_unknown};
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::sign_in::SignInName;
use shirube_identity::throttle::{self, Gate, Throttle};
use shirube_store::{Change, Event, NewSession, Person, StoreError};
use shirube_trail::Origin;

use super::fields::Fields;
use super::guard::Present;
use super::organisation::{self, OrganisationSettings};
use super::shell::{Place, Shell, with_status};
use super::{App, message, passkey_sign_in, second, world};
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/sign-in.html")]
struct SignInPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    failed: bool,
    name: &'a str,
    to: &'a str,
    passkey: Option<passkey_sign_in::Question>,
}

/// Where a request comes from, for the trail and the list of sessions.
#[derive(Debug, Clone)]
pub struct From {
    pub address: String,
    pub agent: String,
    /// Id of the token, for calls of the API.
    pub token: Option<String>,
}

impl From {
    pub fn origin(&self) -> Origin {
        match &self.token {
            Some(token) => Origin::Api { token: token.clone(), address: self.address.clone() },
            None => Origin::Browser(self.address.clone()),
        }
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
        let token = parts.extensions.get::<Arc<super::api::Bearer>>().map(|bearer| bearer.token.id.clone());
        Ok(Self { address, agent: text("user-agent").chars().take(200).collect(), token })
    }
}

pub async fn show(State(app): State<App>, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/sign-in", &["to", "done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("out") => "ログアウトしました。",
        Some("password") => "パスワードを変えました。新しいパスワードでログインしてください。",
        Some("set") => "パスワードを設定しました。利用できる時間帯にログインしてください。",
        _ => "",
    };
    page(&app, StatusCode::OK, notice, false, "", query.get("to").unwrap_or_default())
}

pub fn page(app: &App, status: StatusCode, notice: &str, failed: bool, name: &str, to: &str) -> Response {
    let shell = Shell::new(None, Place::Nowhere);
    match passkey_sign_in::question(app, "", &[]) {
        Ok(passkey) => with_status(status, SignInPage { shell, notice, failed, name, to, passkey }),
        Err(error) => message::failed(app, &error),
    }
}

pub async fn enter(State(app): State<App>, from: From, fields: Fields) -> Response {
    let (typed, to) = (fields.text("name"), fields.text("to"));
    match attempt(&app, &from, typed, fields.raw("password")).await {
        Ok(Some(person)) => answer(&app, open(&app, &from, &person).await, to),
        Ok(None) => page(&app, StatusCode::UNPROCESSABLE_ENTITY, "", true, typed, to),
        Err(error) => message::failed(&app, &error),
    }
}

/// What the browser gets when somebody proved who they are.
pub fn answer(app: &App, opened: Result<Opened, StoreError>, to: &str) -> Response {
    let wanted = inside(to);
    let (cookie, next) = match opened {
        Ok(Opened::Whole(cookie)) => (cookie, wanted.to_owned()),
        Ok(Opened::Half(cookie)) => (cookie, crate::query::link("/sign-in/second", &[("to", wanted)])),
        Ok(Opened::OutOfHours(hours)) => return message::out_of_hours(&hours),
        Err(error) => return message::failed(app, &error),
    };
    ([(header::SET_COOKIE, cookie)], Redirect::to(&next)).into_response()
}

/// What became of somebody who proved who they are.
#[derive(Debug)]
pub enum Opened {
    /// Signed in, with the cookie.
    Whole(axum::http::HeaderValue),
    /// A second factor is still to come.
    Half(axum::http::HeaderValue),
    /// Not at this time; the hours.
    OutOfHours(String),
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

/// Opens a session for whoever gave the right password: whole, or half where a second factor is set up.
pub async fn open(app: &App, from: &From, person: &Person) -> Result<Opened, StoreError> {
    if second::has_second(&app.store().credentials(&person.id).await?) {
        let mut change = app.store().begin(&person.organisation).await?;
        let text = admit(app, &mut change, from, person, "password", "").await?;
        commit(app, change, from, person, "sign-in.password", "").await?;
        return Ok(Opened::Half(app.set_cookie(&text)));
    }
    let when = when(app, from, person).await?;
    if let When::Closed(hours) = when {
        return Ok(Opened::OutOfHours(hours));
    }
    let mut change = app.store().begin(&person.organisation).await?;
    succeeded(app, &mut change, &person.id, "password").await?;
    let text = admit(app, &mut change, from, person, "full", "password").await?;
    commit(app, change, from, person, "sign-in.succeeded", when.note()).await?;
    Ok(Opened::Whole(app.set_cookie(&text)))
}

/// Ends a change about a person's own way in.
pub async fn commit(
    app: &App,
    mut change: Change,
    from: &From,
    person: &Person,
    action: &str,
    note: &str,
) -> Result<(), StoreError> {
    change.about(&format!("person/{}", person.id));
    let event = Event { action: action.to_owned(), note: note.to_owned() };
    change.commit(&person.id, from.origin(), &app.at(), event).await.map(drop)
}

/// Whether somebody may come in now (AUTHN-016).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    Open,
    /// Out of hours, by the approval of this entry.
    Approved(String),
    /// Out of hours; the hours in words.
    Closed(String),
}

impl When {
    /// What the trail says of it.
    pub fn note(&self) -> &str {
        if let Self::Approved(note) = self { note } else { "" }
    }
}

/// Holds the time against the hours of the person's roles, and leaves an entry when nobody approved another time.
pub async fn when(app: &App, from: &From, person: &Person) -> Result<When, StoreError> {
    let settings = organisation::settings(app, &person.organisation).await?;
    let memberships = app.store().memberships(&person.id).await?;
    let home = memberships.iter().find(|membership| membership.organisation.id == person.organisation);
    let roles: Vec<_> = home.iter().flat_map(|home| home.roles.iter().filter_map(|role| role.parse().ok())).collect();
    if settings.allow(&roles, app.now()) {
        return Ok(When::Open);
    }
    if let Some(permit) = app.store().permits_of(&person.id, super::permits::OUT_OF_HOURS, &app.at()).await?.first() {
        return Ok(When::Approved(format!("時間外。承認の記録: {}件目", permit.entry)));
    }
    let hours: Vec<String> = settings.hours_of(&roles).iter().map(Hours::to_string).collect();
    let change = app.store().begin(&person.organisation).await?;
    commit(app, change, from, person, "sign-in.out-of-hours", "").await?;
    Ok(When::Closed(hours.join("、")))
}

/// Opens a session and ends the oldest ones over the limit (AUTHN-022). Gives the secret for the cookie.
pub async fn admit(
    app: &App,
    change: &mut Change,
    from: &From,
    person: &Person,
    stage: &str,
    factors: &str,
) -> Result<String, StoreError> {
    let settings = organisation::settings(app, &person.organisation).await?;
    let (live, now) = (live_sessions(app, person, &settings).await?, app.at());
    // The policy counts the one that is to come itself.
    let surplus = if stage == "full" { settings.session_policy().surplus(live.len()) } else { 0 };
    for digest in live.iter().rev().take(surplus) {
        match change.end_session(&person.id, digest, &now, "too-many").await {
            // Somebody ended it meanwhile.
            Err(StoreError::Missing(_)) => {}
            ended => ended?,
        }
    }
    open_session(app, change, from, person, stage, factors).await
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

/// Digests of the person's whole sessions that still count, newest first.
async fn live_sessions(app: &App, person: &Person, settings: &OrganisationSettings) -> Result<Vec<String>, StoreError> {
    let lines = app.store().sessions(&person.id, 50).await?;
    let live = lines.into_iter().filter(|line| line.stage == "full" && is_live(app, line, settings));
    Ok(live.map(|line| line.digest).collect())
}

/// Whether a session still counts now.
pub fn is_live(app: &App, line: &shirube_store::SessionLine, settings: &OrganisationSettings) -> bool {
    let times = world::read(&line.created_at).zip(world::read(&line.seen_at));
    let standing = times.map(|(created, seen)| settings.session_policy().standing(created, seen, app.now()));
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
