//! `/sign-in/second`: the second factor at the door.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::recovery;
use shirube_identity::throttle::Gate;
use shirube_identity::totp::TotpSecret;
use shirube_store::{Credentials, Person, StoreError};

use super::fields::Fields;
use super::guard::Present;
use super::shell::{Place, Shell, with_status};
use super::sign_in::{self, From, Opened, When, inside};
use super::{App, message, passkey_sign_in, passkeys, permits};
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/second.html")]
struct SecondPage<'a> {
    shell: Shell<'a>,
    failed: bool,
    has_totp: bool,
    recovery: usize,
    passkey: Option<passkey_sign_in::Question>,
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

pub async fn page(app: &App, visitor: &super::guard::Visitor, status: StatusCode, failed: bool, to: &str) -> Response {
    let read = async {
        let credentials = app.store().credentials(&visitor.person.id).await?;
        let known: Vec<_> = credentials.passkeys.iter().filter_map(passkeys::read).collect();
        let passkey = match known.is_empty() {
            true => None,
            false => passkey_sign_in::question(app, &visitor.session, &known)?,
        };
        Ok::<_, StoreError>((credentials, passkey))
    };
    let (credentials, passkey) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let page = SecondPage {
        shell: Shell::new(Some(visitor), Place::Nowhere),
        failed,
        has_totp: credentials.totp.is_some(),
        recovery: left(&credentials),
        passkey,
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
        Ok(Some(opened)) => sign_in::answer(&app, Ok(opened), to),
        Ok(None) => page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, true, to).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// What became of the session, if the factor is right and another try is taken now.
async fn confirm(
    app: &App,
    from: &From,
    person: &Person,
    session: &str,
    fields: &Fields,
) -> Result<Option<Opened>, StoreError> {
    if sign_in::gate(app, person, "second").await? != Gate::Open {
        return Ok(None);
    }
    let taken = take(app, from, person, session, fields).await?;
    if taken.is_none() {
        sign_in::failed(app, from, person, "second", "sign-in.second-failed").await?;
    }
    Ok(taken)
}

/// What somebody has beside the password.
enum Factor {
    Totp(u64),
    Recovery(recovery::Code),
    /// A substitute that was approved, by the number of its entry (AUTHN-004).
    Substitute(u64),
}

impl Factor {
    fn token(&self) -> &'static str {
        match self {
            Self::Totp(_) => "totp",
            Self::Recovery(_) => "recovery",
            Self::Substitute(_) => "substitute",
        }
    }

    fn note(&self) -> String {
        match self {
            Self::Totp(_) => "二つ目の認証: 認証アプリ".to_owned(),
            Self::Recovery(_) => "二つ目の認証: 回復用の符号".to_owned(),
            Self::Substitute(entry) => format!("二つ目の認証の代わりの手段。承認の記録: {entry}件目"),
        }
    }
}

/// Uses the code up and makes the session whole, in one change: a code works once.
async fn take(
    app: &App,
    from: &From,
    person: &Person,
    session: &str,
    fields: &Fields,
) -> Result<Option<Opened>, StoreError> {
    let credentials = app.store().credentials(&person.id).await?;
    let factor = match recovery::Code::parse(fields.text("recovery")) {
        Some(code) => match permits::substitute(app, person, &code).await? {
            Some(entry) => Factor::Substitute(entry),
            None => Factor::Recovery(code),
        },
        None => match step(app, person, &credentials, fields.text("code")) {
            Some(step) => Factor::Totp(step),
            None => return Ok(None),
        },
    };
    let when = sign_in::when(app, from, person).await?;
    if let When::Closed(hours) = when {
        return Ok(Some(Opened::OutOfHours(hours)));
    }
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    let used = match &factor {
        Factor::Totp(step) => change.use_totp_step(&person.id, *step).await,
        Factor::Recovery(code) => change.use_recovery_code(&person.id, &code.fingerprint().to_string(), &now).await,
        Factor::Substitute(_) => Ok(()),
    };
    match used {
        Err(StoreError::Used) => return Ok(None),
        used => used?,
    }
    sign_in::succeeded(app, &mut change, &person.id, "password").await?;
    sign_in::succeeded(app, &mut change, &person.id, "second").await?;
    // A new secret for the whole session: whoever knew the one of the half session has nothing.
    change.end_session(&person.id, session, &now, "completed").await?;
    let factors = format!("password {}", factor.token());
    let secret = sign_in::admit(app, &mut change, from, person, "full", &factors).await?;
    let action = if matches!(factor, Factor::Substitute(_)) { "sign-in.substitute" } else { "sign-in.succeeded" };
    let note = [factor.note().as_str(), when.note()].join("。").trim_end_matches('。').to_owned();
    sign_in::commit(app, change, from, person, action, &note).await?;
    Ok(Some(Opened::Whole(app.set_cookie(&secret))))
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
