//! `/account`: the reader's own password, second factor and sessions.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::password::{self, Context, Hash, Policy};
use shirube_identity::recovery;
use shirube_identity::sign_in::SignInName;
use shirube_identity::throttle::Gate;
use shirube_identity::totp::TotpSecret;
use shirube_store::{Event, Person, SessionLine, StoreError};

use super::fields::Fields;
use super::guard::{Present, Visitor};
use super::organisation;
use super::preferences::Theme;
use super::shell::{Place, Shell, with_status};
use super::sign_in::{self, From};
use super::{App, message, second, world};
use crate::page::html;
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/account.html")]
struct AccountPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    recovery_left: usize,
    has_totp: bool,
    passkeys: usize,
    has_second: bool,
    sessions: Vec<SessionView>,
    last_success: String,
    last_failure: String,
    outside: Vec<String>,
    has_provider: bool,
    themes: [Theme; 3],
}

struct SessionView {
    digest: String,
    since: String,
    seen: String,
    address: String,
    agent: String,
    here: bool,
}

pub async fn show(State(app): State<App>, Present(visitor): Present, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/account", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("session") => "ほかの画面のログインを終わらせました。",
        Some("look") => "画面の見た目を変えました。",
        Some("second") => "二つ目の認証を設定しました。",
        Some("linked") => "組織の認証と結び付けました。次から、組織の認証でログインできます。",
        Some("unlinked") => "組織の認証との結び付きを外しました。",
        _ => "",
    };
    let read = async {
        let credentials = app.store().credentials(&visitor.person.id).await?;
        let sessions = app.store().sessions(&visitor.person.id, 50).await?;
        let settings = organisation::settings(&app, &visitor.person.organisation).await?;
        let outside = app.store().outside_identities(&visitor.person.id).await?;
        Ok::<_, StoreError>((credentials, sessions, settings, outside))
    };
    let (credentials, sessions, settings, outside) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(&app, &error),
    };
    let throttle = credentials.throttles.get("password").cloned().unwrap_or_default();
    html(AccountPage {
        shell: Shell::new(Some(&visitor), Place::Account),
        themes: Theme::ALL,
        notice,
        has_second: second::has_second(&credentials),
        has_totp: credentials.totp.is_some(),
        passkeys: credentials.passkeys.len(),
        recovery_left: second::left(&credentials),
        last_success: previous(&sessions, &visitor).map(world::shown_text).unwrap_or_default(),
        sessions: sessions
            .iter()
            .filter(|line| sign_in::is_live(&app, line, &settings))
            .map(|session| session_view(session, &visitor))
            .collect(),
        has_provider: settings.provider.is_some(),
        outside: outside.into_iter().map(|outside| outside.issuer).collect(),
        last_failure: throttle.last_failure.as_deref().map(world::shown_text).unwrap_or_default(),
    })
}

/// When the reader signed in before this time (AUTHN-015).
fn previous<'a>(sessions: &'a [SessionLine], visitor: &Visitor) -> Option<&'a str> {
    let whole = sessions.iter().filter(|line| line.stage == "full" && line.digest != visitor.session);
    whole.map(|line| line.created_at.as_str()).max()
}

fn session_view(session: &SessionLine, visitor: &Visitor) -> SessionView {
    SessionView {
        digest: session.digest.clone(),
        since: world::shown_text(&session.created_at),
        seen: world::shown_text(&session.seen_at),
        address: session.address.clone(),
        agent: session.agent.clone(),
        here: session.digest == visitor.session,
    }
}

/// `POST /account/sessions`: ends one of the reader's own sessions.
pub async fn end_session(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let ended = async {
        let digest = fields.text("session");
        let (mut change, now) = (app.store().begin(&visitor.person.organisation).await?, app.at());
        match change.end_session(&visitor.person.id, digest, &now, "revoked").await {
            // Already ended, or never one of the reader's.
            Err(StoreError::Missing(_)) => return Ok(()),
            ended => ended?,
        }
        change.about(&format!("person/{}", visitor.person.id));
        let event = Event { action: "session.revoked".to_owned(), note: String::new() };
        change.commit(&visitor.person.id, from.origin(), &now, event).await.map(drop)
    };
    match ended.await {
        Ok(()) => Redirect::to("/account?done=session").into_response(),
        Err(error) => message::failed(&app, &error),
    }
}

#[derive(Template)]
#[template(path = "app/password.html")]
struct PasswordPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    must: bool,
    expired: bool,
    shortest: usize,
    kinds: u8,
}

pub async fn password_form(State(app): State<App>, Present(visitor): Present) -> Response {
    password_page(&app, &visitor, StatusCode::OK, Vec::new()).await
}

async fn password_page(app: &App, visitor: &Visitor, status: StatusCode, mistakes: Vec<String>) -> Response {
    let policy = match organisation::settings(app, &visitor.person.organisation).await {
        Ok(settings) => settings.password_policy(),
        Err(error) => return message::failed(app, &error),
    };
    let page = PasswordPage {
        shell: Shell::new(Some(visitor), Place::Account),
        mistakes,
        must: visitor.must_change,
        expired: visitor.has_expired,
        shortest: policy.shortest,
        kinds: policy.kinds,
    };
    with_status(status, page)
}

/// Why a new password is not taken. `former` are the hashes that may not come again (AUTHN-005, -007).
pub fn weaknesses(
    policy: &Policy,
    person: &Person,
    words: &[&str],
    former: &[&str],
    current: Option<&str>,
    candidate: &str,
) -> Vec<String> {
    let former: Vec<Hash> = former.iter().filter_map(|hash| hash.parse().ok()).collect();
    let context =
        Context { sign_in: &person.sign_in, name: &person.name, mail: &person.mail, words, current, former: &former };
    let checked = password::check(policy, candidate, &context);
    checked.map_or_else(|list| list.iter().map(ToString::to_string).collect(), |()| Vec::new())
}

pub async fn change_password(
    State(app): State<App>,
    from: From,
    Present(visitor): Present,
    fields: Fields,
) -> Response {
    match set_password(&app, &from, &visitor, &fields).await {
        Ok(mistakes) if mistakes.is_empty() => {
            let headers = [(header::SET_COOKIE, app.drop_cookie())];
            (headers, Redirect::to("/sign-in?done=password")).into_response()
        }
        Ok(mistakes) => password_page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, mistakes).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// Sets a new password and ends all sessions: whoever knew the old one is out.
async fn set_password(app: &App, from: &From, visitor: &Visitor, fields: &Fields) -> Result<Vec<String>, StoreError> {
    let person = &visitor.person;
    let (old, new, again) = (fields.raw("old"), fields.raw("new"), fields.raw("again"));
    let credentials = app.store().credentials(&person.id).await?;
    let policy = organisation::settings(app, &person.organisation).await?.password_policy();
    if sign_in::gate(app, person, "change").await? != Gate::Open {
        return Ok(vec!["続けて失敗したため、しばらく変更できません。時間をおいてからお試しください。".to_owned()]);
    }
    let kept = credentials.password.as_ref().and_then(|kept| kept.hash.parse::<Hash>().ok());
    let known = sign_in::verify(app, kept, old).await;
    if !known {
        sign_in::failed(app, from, person, "change", "password.change-failed").await?;
        return Ok(vec!["今のパスワードが違います。".to_owned()]);
    }
    let mut mistakes = Vec::new();
    if new != again {
        mistakes.push("新しいパスワードと、確かめのためのパスワードが違います。".to_owned());
    }
    let organisations: Vec<&str> = visitor.memberships.iter().map(|m| m.organisation.name.as_str()).collect();
    let former = credentials.password.iter().map(|kept| kept.hash.as_str());
    let former: Vec<&str> = former.chain(credentials.password_history.iter().map(String::as_str)).collect();
    mistakes.extend(weaknesses(&policy, person, &organisations, &former, Some(old), new));
    if !mistakes.is_empty() {
        return Ok(mistakes);
    }
    let hash = hashed(app, new).await;
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    change.set_password(&person.id, &hash, &now, false, keep(&policy)).await?;
    sign_in::succeeded(app, &mut change, &person.id, "change").await?;
    change.end_all_sessions(&person.id, None, &now, "password-changed").await?;
    change.about(&format!("person/{}", person.id));
    let event = Event { action: "password.changed".to_owned(), note: String::new() };
    change.commit(&person.id, from.origin(), &now, event).await?;
    Ok(Vec::new())
}

/// How many passwords are kept, the one in force included.
pub fn keep(policy: &Policy) -> u32 {
    u32::try_from(policy.history).unwrap_or(u32::MAX)
}

/// The hash of a password, made on a thread of its own.
pub async fn hashed(app: &App, password: &str) -> String {
    let (password, salt) = (password.to_owned(), app.random());
    let _turn = app.0.makers.acquire().await;
    let made = tokio::task::spawn_blocking(move || password::hash(&password, salt)).await;
    let made = made.expect("hashing does not panic").expect("the password was checked and is not too long");
    made.as_str().to_owned()
}

#[derive(Template)]
#[template(path = "app/second-setup.html")]
struct SetupPage<'a> {
    shell: Shell<'a>,
    failed: bool,
    /// The secret as text to type, and as a picture.
    secret: String,
    picture: String,
    picture_size: i32,
}

#[derive(Template)]
#[template(path = "app/second-start.html")]
struct StartPage<'a> {
    shell: Shell<'a>,
    has_totp: bool,
    passkeys: usize,
    must: bool,
}

/// `GET /account/second`: what a second factor is, and the step to begin.
pub async fn second_form(State(app): State<App>, Present(visitor): Present) -> Response {
    match app.store().credentials(&visitor.person.id).await {
        Ok(credentials) => html(StartPage {
            shell: Shell::new(Some(&visitor), Place::Account),
            has_totp: credentials.totp.is_some(),
            passkeys: credentials.passkeys.len(),
            must: visitor.needs_second,
        }),
        Err(error) => message::failed(&app, &error),
    }
}

/// `POST /account/second`: a secret, sealed and not yet in force. One that is in force is not replaced: whoever found
/// an open screen could put in their own.
pub async fn second_start(State(app): State<App>, from: From, Present(visitor): Present) -> Response {
    match prepare_second(&app, &from, &visitor.person).await {
        Ok(Some(secret)) => setup_page(&visitor, StatusCode::OK, &secret, false),
        Ok(None) => Redirect::to("/account").into_response(),
        Err(error) => message::failed(&app, &error),
    }
}

async fn prepare_second(app: &App, from: &From, person: &Person) -> Result<Option<TotpSecret>, StoreError> {
    let credentials = app.store().credentials(&person.id).await?;
    if credentials.totp.is_some() {
        return Ok(None);
    }
    let waiting = credentials.pending_totp.and_then(|sealed| second::secret(app, person, &sealed));
    if let Some(secret) = waiting {
        return Ok(Some(secret));
    }
    let secret = TotpSecret::from_bytes(app.random());
    let sealed = app.0.keys.seal(app.random(), secret.bytes(), &person.id);
    let sealed =
        sealed.map_err(|error| StoreError::Inconsistent { place: "鍵".to_owned(), log: error.to_string() })?;
    let mut change = app.store().begin(&person.organisation).await?;
    change.set_totp(&person.id, &sealed).await?;
    change.about(&format!("person/{}", person.id));
    let event = Event { action: "second-factor.prepared".to_owned(), note: String::new() };
    change.commit(&person.id, from.origin(), &app.at(), event).await?;
    Ok(Some(secret))
}

fn setup_page(visitor: &Visitor, status: StatusCode, secret: &TotpSecret, failed: bool) -> Response {
    let name = visitor.person.sign_in.parse::<SignInName>();
    let picture = name.ok().and_then(|name| secret.qr(&name).ok());
    let page = SetupPage {
        shell: Shell::new(Some(visitor), Place::Account),
        failed,
        secret: secret.text(),
        picture_size: picture.as_ref().map_or(0, |picture| picture.side),
        picture: picture.map(|picture| picture.path).unwrap_or_default(),
    };
    with_status(status, page)
}

#[derive(Template)]
#[template(path = "app/recovery.html")]
struct RecoveryPage<'a> {
    shell: Shell<'a>,
    codes: Vec<String>,
}

/// The codes, shown once.
pub fn recovery_page(visitor: &Visitor, codes: &[recovery::Code]) -> Response {
    let shell = Shell::new(Some(visitor), Place::Account);
    html(RecoveryPage { shell, codes: codes.iter().map(recovery::Code::text).collect() })
}

/// `POST /account/second/confirm`: the first code puts the secret in force and gives the recovery codes, shown once.
pub async fn second_confirm(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    match confirmed(&app, &from, &visitor.person, fields.text("code")).await {
        Ok(Confirmed::Yes(codes)) => recovery_page(&visitor, &codes),
        Ok(Confirmed::Wrong(secret)) => setup_page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &secret, true),
        Ok(Confirmed::NothingWaits) => Redirect::to("/account/second").into_response(),
        Err(error) => message::failed(&app, &error),
    }
}

enum Confirmed {
    Yes(Vec<recovery::Code>),
    Wrong(TotpSecret),
    NothingWaits,
}

async fn confirmed(app: &App, from: &From, person: &Person, code: &str) -> Result<Confirmed, StoreError> {
    let credentials = app.store().credentials(&person.id).await?;
    let waiting = credentials.pending_totp.and_then(|sealed| second::secret(app, person, &sealed));
    let Some(secret) = waiting else { return Ok(Confirmed::NothingWaits) };
    let Some(step) = secret.verify(code, app.now(), None) else { return Ok(Confirmed::Wrong(secret)) };
    let codes = recovery::codes(&app.random());
    let digests: Vec<String> = codes.iter().map(|code| code.fingerprint().to_string()).collect();
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    change.confirm_totp(&person.id, step, &now).await?;
    change.set_recovery_codes(&person.id, &digests).await?;
    change.about(&format!("person/{}", person.id));
    let event = Event { action: "second-factor.set".to_owned(), note: "認証アプリ".to_owned() };
    change.commit(&person.id, from.origin(), &now, event).await?;
    Ok(Confirmed::Yes(codes))
}
