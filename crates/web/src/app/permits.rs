//! Exceptions for one person with an end: signing in out of hours (AUTHN-016), and a substitute for a lost second factor
//! (AUTHN-004).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Duration;
use shirube_identity::recovery::{self, Code};
use shirube_store::{Event, Member, Permit, Person, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::people::{At, member, person_page};
use super::shell::{Place, Shell};
use super::sign_in::From;
use super::{App, message, world};
use crate::page::html;

pub const OUT_OF_HOURS: &str = "out-of-hours";
pub const SUBSTITUTE: &str = "substitute";

/// Longest that an exception may hold.
const LONGEST_HOURS: i64 = 24;

/// An exception as a page shows it.
pub struct PermitView {
    pub kind: String,
    pub term: &'static str,
    pub until: String,
    pub granted_by: String,
}

/// What people call it.
pub fn term(kind: &str) -> &'static str {
    if kind == SUBSTITUTE { "二つ目の認証の代わりの手段" } else { "時間外のログイン" }
}

/// The exceptions of a person that hold now.
pub async fn views(app: &App, acting: &Acting, person: &str) -> Result<Vec<PermitView>, StoreError> {
    let organisation = &acting.reader.organisation_id;
    let names = app.store().names(organisation).await?;
    let permits = app.store().permits(organisation, &app.at()).await?;
    let view = |permit: Permit| PermitView {
        term: term(&permit.kind),
        until: world::shown_text(&permit.until),
        granted_by: names.get(&permit.granted_by).cloned().unwrap_or(permit.granted_by),
        kind: permit.kind,
    };
    Ok(permits.into_iter().filter(|permit| permit.person == person).map(view).collect())
}

/// The entry that approved a substitute, if this is its code and its time.
pub async fn substitute(app: &App, person: &Person, code: &Code) -> Result<Option<u64>, StoreError> {
    let digest = code.fingerprint().to_string();
    let held = app.store().permits_of(&person.id, SUBSTITUTE, &app.at()).await?;
    Ok(held.into_iter().find(|permit| permit.digest == digest).map(|permit| permit.entry))
}

#[derive(Template)]
#[template(path = "app/substitute.html")]
struct SubstitutePage<'a> {
    shell: Shell<'a>,
    member: &'a Member,
    code: String,
    until: String,
}

/// `POST /o/{organisation}/people/{person}/permits`: grants or ends one, by somebody else than who it is for.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    Path(At { person }): Path<At>,
    fields: Fields,
) -> Response {
    let member = match member(&app, &acting, &person).await {
        Ok(Some(member)) => member,
        Ok(None) => return message::nothing(Some(&acting.visitor)),
        Err(error) => return message::failed(&app, &error),
    };
    let wanted = match wanted(&acting, &member, &fields) {
        Ok(wanted) => wanted,
        Err(mistakes) => {
            return person_page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, mistakes, &member).await;
        }
    };
    let done = match wanted {
        Wanted::Grant(kind, hours) => grant(&app, &from, &acting, &member, &fields, kind, hours).await,
        Wanted::End(kind) => end(&app, &from, &acting, &member, &fields, kind).await,
    };
    match done {
        Ok(Some(page)) => page,
        Ok(None) => {
            let next = format!("/o/{}/people/{}", acting.reader.organisation_id, member.person.id);
            Redirect::to(&next).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}

enum Wanted {
    Grant(&'static str, i64),
    End(&'static str),
}

fn wanted(acting: &Acting, member: &Member, fields: &Fields) -> Result<Wanted, Vec<String>> {
    let mut mistakes = Vec::new();
    if member.person.id == acting.reader.person {
        mistakes
            .push("自分への例外は、自分では認められません。ほかの管理者か安全管理責任者に頼んでください。".to_owned());
    }
    if member.is_guest {
        mistakes.push("この人のログインIDは、別の組織が管理しています。その組織に頼んでください。".to_owned());
    }
    if fields.text("reason").is_empty() {
        mistakes.push("理由と、本人であることの確かめ方を入力してください。証跡に残ります。".to_owned());
    }
    let kind = if fields.text("kind") == SUBSTITUTE { SUBSTITUTE } else { OUT_OF_HOURS };
    if fields.text("do") == "end" {
        return if mistakes.is_empty() { Ok(Wanted::End(kind)) } else { Err(mistakes) };
    }
    let hours = fields.text("hours").parse::<i64>().unwrap_or(0);
    if !(1..=LONGEST_HOURS).contains(&hours) {
        mistakes.push(format!(
            "認める時間「{}」は使えません。1から{LONGEST_HOURS}までの時間数を入力してください。",
            fields.text("hours")
        ));
    }
    if mistakes.is_empty() { Ok(Wanted::Grant(kind, hours)) } else { Err(mistakes) }
}

async fn grant(
    app: &App,
    from: &From,
    acting: &Acting,
    member: &Member,
    fields: &Fields,
    kind: &'static str,
    hours: i64,
) -> Result<Option<Response>, StoreError> {
    let code = recovery::codes(&app.random()).first().cloned().filter(|_| kind == SUBSTITUTE);
    let mut change = app.store().begin(&acting.reader.organisation_id).await?;
    let (person, now, until) = (&member.person.id, app.at(), app.now() + Duration::hours(hours));
    let digest = code.as_ref().map(|code| code.fingerprint().to_string()).unwrap_or_default();
    change.permit(person, kind, &digest, &acting.reader.person, &now, &world::written(until)).await?;
    change.about(&format!("person/{person}"));
    let action = if kind == SUBSTITUTE { "substitute.granted" } else { "out-of-hours.approved" };
    let note = format!("{}まで。{}", world::shown(until), fields.text("reason"));
    let event = Event { action: action.to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &now, event).await?;
    let shell = Shell::acting(acting, Place::People);
    Ok(code.map(|code| html(SubstitutePage { shell, member, code: code.text(), until: world::shown(until) })))
}

async fn end(
    app: &App,
    from: &From,
    acting: &Acting,
    member: &Member,
    fields: &Fields,
    kind: &'static str,
) -> Result<Option<Response>, StoreError> {
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    match change.end_permits(&member.person.id, kind, &now).await {
        Err(StoreError::Missing(_)) => return Ok(None),
        ended => ended?,
    }
    if kind == SUBSTITUTE {
        change.end_all_sessions(&member.person.id, None, &now, "substitute-ended").await?;
    }
    change.about(&format!("person/{}", member.person.id));
    let action = if kind == SUBSTITUTE { "substitute.ended" } else { "out-of-hours.ended" };
    let event = Event { action: action.to_owned(), note: fields.text("reason").to_owned() };
    change.commit(&acting.reader.person, from.origin(), &now, event).await?;
    Ok(None)
}
