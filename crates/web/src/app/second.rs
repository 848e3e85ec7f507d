//! `/sign-in/second`: the second factor at the door.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::recovery;
use shirube_identity::throttle::Gate;
use shirube_identity::totp::TotpSecret;
use shirube_store::{Credentials, Event, Person, StoreError};

use super::fields::Fields;
use super::guard::Present;
use super::shell::{Place, Shell, with_status};
use super::sign_in::{self, From, inside};
use super::{App, message};
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/second.html")]
struct SecondPage<'a> {
    shell: Shell<'a>,
    failed: bool,
    has_totp: bool,
    recovery: usize,
    to: &'a str,
}

/// Whether a second factor is set up.
pub fn has_second(credentials: &Credentials) -> bool {
    credentials.totp.is_some() || !credentials.passkeys.is_empty()
}

pub async fn show(State(app): State<App>, Present(visitor): Present, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/sign-in/second", &["to"], raw.as_deref());
    if visitor.is_full {
        return Redirect::to(inside(query.get("to").unwrap_or_default())).into_response();
    }
    page(&app, &visitor, StatusCode::OK, false, query.get("to").unwrap_or_default()).await
}

async fn page(app: &App, visitor: &super::guard::Visitor, status: StatusCode, failed: bool, to: &str) -> Response {
    let credentials = match app.store().credentials(&visitor.person.id).await {
        Ok(credentials) => credentials,
        Err(error) => return message::failed(app, &error),
    };
    let page = SecondPage {
        shell: Shell::new(Some(visitor), Place::Nowhere),
        failed,
        has_totp: credentials.totp.is_some(),
        recovery: left(&credentials),
        to,
    };
    with_status(status, page)
}

pub async fn enter(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let to = fields.text("to");
    if visitor.is_full {
        return Redirect::to(inside(to)).into_response();
    }
    match confirm(&app, &from, &visitor.person, &visitor.session, &fields).await {
        Ok(Some(secret)) => ([(header::SET_COOKIE, app.set_cookie(&secret))], Redirect::to(inside(to))).into_response(),
        Ok(None) => page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, true, to).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// The secret of a whole session, if the factor is right and another try is taken now.
async fn confirm(
    app: &App,
    from: &From,
    person: &Person,
    session: &str,
    fields: &Fields,
) -> Result<Option<String>, StoreError> {
    if sign_in::gate(app, person, "second").await? != Gate::Open {
        return Ok(None);
    }
    let taken = take(app, from, person, session, fields).await?;
    if taken.is_none() {
        sign_in::failed(app, from, person, "second", "sign-in.second-failed").await?;
    }
    Ok(taken)
}

/// Uses the code up and makes the session whole, in one change: a code works once.
async fn take(
    app: &App,
    from: &From,
    person: &Person,
    session: &str,
    fields: &Fields,
) -> Result<Option<String>, StoreError> {
    let mut change = app.store().begin(&person.organisation).await?;
    let (credentials, now) = (change.credentials(&person.id).await?, app.at());
    let recovery = recovery::Code::parse(fields.text("recovery"));
    let taken = match (&recovery, step(app, person, &credentials, fields.text("code"))) {
        (Some(code), _) => change.use_recovery_code(&person.id, &code.fingerprint().to_string(), &now).await,
        (None, Some(step)) => change.use_totp_step(&person.id, step).await,
        (None, None) => return Ok(None),
    };
    match taken {
        Err(StoreError::Used) => return Ok(None),
        taken => taken?,
    }
    sign_in::succeeded(app, &mut change, &person.id, "password").await?;
    sign_in::succeeded(app, &mut change, &person.id, "second").await?;
    let factor = if recovery.is_some() { "recovery" } else { "totp" };
    // A new secret for the whole session: whoever knew the one of the half session has nothing.
    change.end_session(&person.id, session, &now, "completed").await?;
    let cookie = sign_in::open_session(app, &mut change, from, person, "full", &format!("password {factor}")).await?;
    change.about(&format!("person/{}", person.id));
    let means = if recovery.is_some() { "回復用の符号" } else { "認証アプリ" };
    let event = Event { action: "sign-in.succeeded".to_owned(), note: format!("二つ目の認証: {means}") };
    change.commit(&person.id, from.origin(), &now, event).await?;
    Ok(Some(cookie))
}

/// The step of a code that fits now and was not used.
pub fn step(app: &App, person: &Person, credentials: &Credentials, code: &str) -> Option<u64> {
    let kept = credentials.totp.as_ref()?;
    secret(app, person, &kept.secret)?.verify(code, app.now(), Some(kept.last_step))
}

/// The secret behind its seal.
pub fn secret(app: &App, person: &Person, sealed: &str) -> Option<TotpSecret> {
    let opened = app.0.keys.open(sealed, &person.id).ok()?;
    opened.try_into().ok().map(TotpSecret::from_bytes)
}

/// Recovery codes that can still be used.
pub fn left(credentials: &Credentials) -> usize {
    credentials.recovery_codes.iter().filter(|code| code.used_at.is_none()).count()
}
