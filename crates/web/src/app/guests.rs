//! `/join`: somebody who has an account in one organisation takes roles in another one.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::role::Role;
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Event, GuestInvitation, Organisation, StoreError};

use super::fields::Fields;
use super::guard::{Acting, Present};
use super::people::{DAYS_OPEN, page, roles};
use super::shell::{Place, Shell};
use super::sign_in::From;
use super::{App, message, world};
use crate::page::html;
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/guest-invited.html")]
struct InvitedPage<'a> {
    shell: Shell<'a>,
    address: String,
    roles: String,
    days: i64,
}

fn terms(roles: &[Role]) -> String {
    roles.iter().map(|role| role.term()).collect::<Vec<_>>().join("、")
}

/// `POST /o/{organisation}/people/guests`: makes an address for somebody who has an account elsewhere. Who that is shows
/// when it is used: an organisation does not get to know who has accounts in others.
pub async fn invite(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let roles = roles(&fields);
    let mut mistakes = Vec::new();
    if roles.is_empty() {
        mistakes.push("役割を一つ以上選んでください。".to_owned());
    }
    if fields.text("reason").is_empty() {
        mistakes.push("招く相手と理由を入力してください。証跡に残ります。".to_owned());
    }
    if !mistakes.is_empty() {
        return page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, &Fields::default()).await;
    }
    let secret = Secret::from_bytes(app.random());
    let made = async {
        let digest = secret.fingerprint(Purpose::Invitation).to_string();
        let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
        let until = world::written(app.now() + chrono::Duration::days(DAYS_OPEN));
        let tokens: Vec<&str> = roles.iter().map(|role| role.token()).collect();
        change.invite_guest(&digest, &tokens.join(" "), &acting.reader.person, &now, &until).await?;
        let note = format!("役割: {}。{}", terms(&roles), fields.text("reason"));
        let event = Event { action: "guest.invited".to_owned(), note };
        change.commit(&acting.reader.person, from.origin(), &now, event).await
    };
    match made.await {
        Ok(_) => html(InvitedPage {
            shell: Shell::acting(&acting, Place::People),
            address: format!("{}/join?token={}", app.0.settings.origin, secret.text(Purpose::Invitation)),
            roles: terms(&roles),
            days: DAYS_OPEN,
        }),
        Err(error) => message::failed(&app, &error),
    }
}

struct Open {
    digest: String,
    invitation: GuestInvitation,
    organisation: Organisation,
    roles: Vec<Role>,
}

/// What the token opens, if it is not used up or too old and whoever made it still may.
async fn find(app: &App, token: &str) -> Result<Option<Open>, StoreError> {
    let Some(secret) = Secret::parse(token, Purpose::Invitation) else { return Ok(None) };
    let digest = secret.fingerprint(Purpose::Invitation).to_string();
    let Some(invitation) = app.store().guest_invitation(&digest).await? else { return Ok(None) };
    if invitation.used_at.is_some() || invitation.expires_at <= app.at() {
        return Ok(None);
    }
    let by = app.store().member(&invitation.organisation, &invitation.created_by).await;
    let still = by
        .is_ok_and(|by| by.person.state == "active" && by.roles.iter().any(|role| role == Role::Administrator.token()));
    if !still {
        return Ok(None);
    }
    let organisation = app.store().organisation(&invitation.organisation).await?;
    let roles = invitation.roles.split(' ').filter_map(|role| role.parse().ok()).collect();
    Ok(Some(Open { digest, invitation, organisation, roles }))
}

fn gone() -> Response {
    let text = "この番地は、すでに使われたか、期限を過ぎています。招いた組織の管理者に、新しい番地を頼んでください。";
    message::message(None, StatusCode::NOT_FOUND, "使えない番地です", text, ("/", "はじめの画面へ"))
}

#[derive(Template)]
#[template(path = "app/join.html")]
struct JoinPage<'a> {
    shell: Shell<'a>,
    organisation: &'a str,
    roles: String,
    token: &'a str,
}

pub async fn show(State(app): State<App>, Present(visitor): Present, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/join", &["token"], raw.as_deref());
    let token = query.get("token").unwrap_or_default();
    match find(&app, token).await {
        Ok(Some(open)) => html(JoinPage {
            shell: Shell::new(Some(&visitor), Place::Nowhere),
            organisation: &open.organisation.name,
            roles: terms(&open.roles),
            token,
        }),
        Ok(None) => gone(),
        Err(error) => message::failed(&app, &error),
    }
}

/// `POST /join`.
pub async fn accept(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let open = match find(&app, fields.text("token")).await {
        Ok(Some(open)) => open,
        Ok(None) => return gone(),
        Err(error) => return message::failed(&app, &error),
    };
    let taken = async {
        let (mut change, now) = (app.store().begin(&open.organisation.id).await?, app.at());
        change.use_guest_invitation(&open.digest, &now).await?;
        for role in &open.roles {
            change.admit(&visitor.person.id, role.token(), &open.invitation.created_by, &now).await?;
        }
        change.about(&format!("person/{}", visitor.person.id));
        let event = Event { action: "guest.joined".to_owned(), note: format!("役割: {}", terms(&open.roles)) };
        change.commit(&visitor.person.id, from.origin(), &now, event).await
    };
    match taken.await {
        Ok(_) => Redirect::to(&format!("/o/{}/", open.organisation.id)).into_response(),
        Err(StoreError::Used) => gone(),
        Err(error @ StoreError::TwoSides) => {
            let (told, next) = (error.to_string(), ("/", "はじめの画面へ"));
            message::message(Some(&visitor), StatusCode::CONFLICT, "参加できません", &told, next)
        }
        Err(error) => message::failed(&app, &error),
    }
}
