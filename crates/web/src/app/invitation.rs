//! `/invitation`: somebody who was invited, or whose password was reset, sets a password of their own.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::password::Policy;
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Event, OneTime, Person, StoreError};

use super::fields::Fields;
use super::shell::{Place, Shell, with_status};
use super::sign_in::{self, From, Opened};
use super::{App, account, message, organisation, setup};
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/invitation.html")]
struct InvitationPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    token: &'a str,
    organisation: &'a str,
    person: &'a Person,
    is_reset: bool,
}

struct Open {
    one_time: OneTime,
    person: Person,
    organisation: String,
}

/// What the token opens, if it is not used up or too old.
async fn find(app: &App, token: &str) -> Result<Option<Open>, StoreError> {
    let Some(secret) = Secret::parse(token, Purpose::Invitation) else { return Ok(None) };
    let digest = secret.fingerprint(Purpose::Invitation).to_string();
    let Some(one_time) = app.store().one_time(&digest).await? else { return Ok(None) };
    if one_time.used_at.is_some() || one_time.expires_at <= app.at() {
        return Ok(None);
    }
    let person = app.store().person(&one_time.person).await?;
    if person.state == "disabled" {
        return Ok(None);
    }
    let organisation = app.store().organisation(&one_time.organisation).await?.name;
    Ok(Some(Open { one_time, person, organisation }))
}

fn gone() -> Response {
    let text = "この番地は、すでに使われたか、期限を過ぎています。組織の管理者に、新しい番地を頼んでください。";
    message::message(None, StatusCode::NOT_FOUND, "使えない番地です", text, ("/sign-in", "ログインの画面へ"))
}

pub async fn show(State(app): State<App>, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/invitation", &["token"], raw.as_deref());
    let token = query.get("token").unwrap_or_default();
    match find(&app, token).await {
        Ok(Some(open)) => page(StatusCode::OK, Vec::new(), token, &open),
        Ok(None) => gone(),
        Err(error) => message::failed(&app, &error),
    }
}

fn page(status: StatusCode, mistakes: Vec<String>, token: &str, open: &Open) -> Response {
    let page = InvitationPage {
        shell: Shell::new(None, Place::Nowhere),
        mistakes,
        token,
        organisation: &open.organisation,
        person: &open.person,
        is_reset: open.one_time.kind == "reset",
    };
    with_status(status, page)
}

pub async fn accept(State(app): State<App>, from: From, fields: Fields) -> Response {
    let token = fields.text("token");
    let open = match find(&app, token).await {
        Ok(Some(open)) => open,
        Ok(None) => return gone(),
        Err(error) => return message::failed(&app, &error),
    };
    let policy = match organisation::settings(&app, &open.person.organisation).await {
        Ok(settings) => settings.password_policy(),
        Err(error) => return message::failed(&app, &error),
    };
    let mut mistakes = Vec::new();
    setup::check_password(&policy, &fields, Some(&open.person), &[&open.organisation], &mut mistakes);
    if !mistakes.is_empty() {
        return page(StatusCode::UNPROCESSABLE_ENTITY, mistakes, token, &open);
    }
    match take(&app, &from, &open, &policy, fields.raw("password")).await {
        Ok(true) => match sign_in::open(&app, &from, &open.person).await {
            Ok(Opened::OutOfHours(_)) => Redirect::to("/sign-in?done=set").into_response(),
            opened => sign_in::answer(&app, opened, "/"),
        },
        Ok(false) => gone(),
        Err(error) => message::failed(&app, &error),
    }
}

/// Uses the token up, sets the password and lets the person in, in one change.
async fn take(app: &App, from: &From, open: &Open, policy: &Policy, password: &str) -> Result<bool, StoreError> {
    let person = &open.person;
    let hash = account::hashed(app, password).await;
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    match change.use_one_time(&open.one_time.digest, &open.one_time.kind, &now).await {
        Err(StoreError::Used) => return Ok(false),
        used => used?,
    };
    change.set_password(&person.id, &hash, &now, false, account::keep(policy)).await?;
    change.set_person_state(&person.id, "active", &now).await?;
    change.end_all_sessions(&person.id, None, &now, "password-set").await?;
    change.about(&format!("person/{}", person.id));
    let action = if open.one_time.kind == "reset" { "password.reset-used" } else { "invitation.accepted" };
    change.commit(&person.id, from.origin(), &now, Event { action: action.to_owned(), note: String::new() }).await?;
    Ok(true)
}
