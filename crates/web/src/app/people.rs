//! `/o/{organisation}/people`: who belongs to the organisation and what they may do.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_identity::role::Role;
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Event, Member, Missing, NewOneTime, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::shell::{Place, Shell, with_status};
use super::sign_in::From;
use super::{App, account, message, permits, second, setup, world};
use crate::page::html;
use crate::query::Query;

/// How long an invitation or a reset can be used.
pub const DAYS_OPEN: i64 = 7;

#[derive(Template)]
#[template(path = "app/people.html")]
struct PeoplePage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    members: Vec<MemberView>,
    fields: &'a Fields,
    roles: &'a [Role],
}

struct MemberView {
    id: String,
    name: String,
    sign_in: String,
    state: &'static str,
    roles: String,
    last: String,
    guest: bool,
}

impl MemberView {
    fn new(member: &Member) -> Self {
        let roles: Vec<&str> =
            member.roles.iter().filter_map(|role| role.parse::<Role>().ok()).map(Role::term).collect();
        Self {
            id: member.person.id.clone(),
            name: member.person.name.clone(),
            sign_in: member.person.sign_in.clone(),
            state: state_term(&member.person.state),
            roles: roles.join("、"),
            last: member.last_success.as_deref().map(world::shown_text).unwrap_or_default(),
            guest: member.is_guest,
        }
    }
}

/// What people call the state of an account.
pub fn state_term(state: &str) -> &'static str {
    match state {
        "invited" => "招待中",
        "active" => "利用中",
        _ => "停止",
    }
}

pub async fn list(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("roles") => "役割を変更しました。",
        Some("stopped") => "利用を停止し、ログインを終わらせました。",
        Some("resumed") => "利用を再開しました。",
        _ => "",
    };
    page(&app, &acting, StatusCode::OK, notice, Vec::new(), &Fields::default()).await
}

pub async fn page(
    app: &App,
    acting: &Acting,
    status: StatusCode,
    notice: &str,
    mistakes: Vec<String>,
    fields: &Fields,
) -> Response {
    let members = match app.store().people(&acting.reader.organisation_id).await {
        Ok(members) => members.iter().map(MemberView::new).collect(),
        Err(error) => return message::failed(app, &error),
    };
    let shell = Shell::acting(acting, Place::People);
    with_status(status, PeoplePage { shell, notice, mistakes, members, fields, roles: &ROLES })
}

#[derive(Template)]
#[template(path = "app/invited.html")]
struct InvitedPage<'a> {
    shell: Shell<'a>,
    name: &'a str,
    sign_in: &'a str,
    address: String,
    days: i64,
    is_reset: bool,
}

/// `POST /o/{organisation}/people`: invites somebody. The address is shown once, to be handed over apart from the id.
pub async fn invite(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let mut mistakes = Vec::new();
    let organisation = acting.reader.organisation_id.as_str();
    let person = setup::person(&app, &fields, organisation, &mut mistakes);
    let roles = roles(&fields);
    if roles.is_empty() {
        mistakes.push("役割を一つ以上選んでください。".to_owned());
    }
    let (Some(person), true) = (person, mistakes.is_empty()) else {
        return page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, &fields).await;
    };
    let (secret, now) = (Secret::from_bytes(app.random()), app.at());
    let made = async {
        let mut change = app.store().begin(organisation).await?;
        let new = shirube_store::NewPerson { state: "invited", ..setup::new_person(&person) };
        change.add_person(new, &now).await?;
        for role in &roles {
            change.grant(&person.id, role.token(), &acting.reader.person, &now).await?;
        }
        add_one_time(&app, &mut change, &secret, "invitation", &person.id).await?;
        change.about(&format!("person/{}", person.id));
        let note = roles.iter().map(|role| role.term()).collect::<Vec<_>>().join("、");
        let event = Event { action: "person.invited".to_owned(), note };
        change.commit(&acting.reader.person, from.origin(), &now, event).await
    };
    match made.await {
        Ok(_) => invited(&app, &acting, &person.name, &person.sign_in, &secret, false),
        Err(StoreError::Exists(_)) => {
            page(&app, &acting, StatusCode::CONFLICT, "", vec![taken(&person.sign_in)], &fields).await
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// What is said of an id that somebody has or had.
pub fn taken(sign_in: &str) -> String {
    format!("ログインID「{sign_in}」は使われています。一度使われたIDは、利用を終えた後も再び使えません。")
}

/// The roles that are given here. Those of institutions are given where the institution is.
pub const ROLES: [Role; 6] =
    [Role::Administrator, Role::SecurityOfficer, Role::Editor, Role::Approver, Role::Reader, Role::Auditor];

/// The roles of a form.
pub fn roles(fields: &Fields) -> Vec<Role> {
    fields.all("role").filter_map(|role| role.parse().ok()).filter(|role| ROLES.contains(role)).collect()
}

pub async fn add_one_time(
    app: &App,
    change: &mut shirube_store::Change,
    secret: &Secret,
    kind: &str,
    person: &str,
) -> Result<(), StoreError> {
    let new = NewOneTime {
        digest: &secret.fingerprint(Purpose::Invitation).to_string(),
        kind,
        person,
        expires_at: &world::written(app.now() + chrono::Duration::days(DAYS_OPEN)),
    };
    change.create_one_time(new, &app.at()).await
}

pub fn invited(app: &App, acting: &Acting, name: &str, sign_in: &str, secret: &Secret, is_reset: bool) -> Response {
    let address = format!("{}/invitation?token={}", app.0.settings.origin, secret.text(Purpose::Invitation));
    html(InvitedPage { shell: Shell::acting(acting, Place::People), name, sign_in, address, days: DAYS_OPEN, is_reset })
}

#[derive(Deserialize)]
pub struct At {
    pub person: String,
}

#[derive(Template)]
#[template(path = "app/person.html")]
struct PersonPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    member: &'a Member,
    state: &'static str,
    roles: BTreeMap<&'static str, (&'static str, bool)>,
    is_self: bool,
    is_home: bool,
    permits: Vec<permits::PermitView>,
    /// What may be granted has somebody to be granted to.
    has_second: bool,
}

pub async fn one(State(app): State<App>, acting: Acting, Path(At { person }): Path<At>) -> Response {
    match member(&app, &acting, &person).await {
        Ok(Some(member)) => person_page(&app, &acting, StatusCode::OK, Vec::new(), &member).await,
        Ok(None) => message::nothing(Some(&acting.visitor)),
        Err(error) => message::failed(&app, &error),
    }
}

pub async fn person_page(
    app: &App,
    acting: &Acting,
    status: StatusCode,
    mistakes: Vec<String>,
    member: &Member,
) -> Response {
    let is_home = member.person.organisation == acting.reader.organisation_id;
    let read = async {
        let permits = permits::views(app, acting, &member.person.id).await?;
        let credentials = app.store().credentials(&member.person.id).await?;
        let institution = app.store().institution_of(&acting.reader.organisation_id, &member.person.id).await?;
        Ok::<_, StoreError>((permits, is_home && second::has_second(&credentials), institution))
    };
    let (permits, has_second, institution) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let has = |role: &Role| member.roles.iter().any(|token| token == role.token());
    let page = PersonPage {
        shell: Shell::acting(acting, Place::People),
        mistakes,
        member,
        state: state_term(&member.person.state),
        // A role in an institution is given where the institution is; here it can be taken away and given back.
        roles: Role::ALL
            .iter()
            .filter(|role| !role.of_institution() || institution.is_some())
            .map(|role| (role.token(), (role.term(), has(role))))
            .collect(),
        is_self: member.person.id == acting.reader.person,
        is_home,
        permits,
        has_second,
    };
    with_status(status, page)
}

pub async fn member(app: &App, acting: &Acting, person: &str) -> Result<Option<Member>, StoreError> {
    let members = app.store().people(&acting.reader.organisation_id).await?;
    Ok(members.into_iter().find(|member| member.person.id == person))
}

/// `POST /o/{organisation}/people/{person}`: roles, stop, resume, reset.
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
    let mistakes = refusals(&app, &acting, &member, &fields).await;
    match mistakes {
        Ok(mistakes) if !mistakes.is_empty() => {
            return person_page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, mistakes, &member).await;
        }
        Ok(_) => {}
        Err(error) => return message::failed(&app, &error),
    }
    let done = match fields.text("do") {
        "roles" => set_roles(&app, &from, &acting, &member, &fields).await.map(|()| "roles"),
        "stop" => set_state(&app, &from, &acting, &member, &fields, "disabled").await.map(|()| "stopped"),
        "resume" => set_state(&app, &from, &acting, &member, &fields, "active").await.map(|()| "resumed"),
        "reset" => return reset(&app, &from, &acting, &member, &fields).await,
        _ => return message::nothing(Some(&acting.visitor)),
    };
    match done {
        Ok(done) => {
            let next = format!("/o/{}/people?done={done}", acting.reader.organisation_id);
            Redirect::to(&next).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// Nobody changes their own rights, and the last administrator stays (AUTHZ-006).
async fn refusals(app: &App, acting: &Acting, member: &Member, fields: &Fields) -> Result<Vec<String>, StoreError> {
    let mut mistakes = Vec::new();
    if member.person.id == acting.reader.person {
        mistakes.push("自分の役割と状態は、自分では変更できません。ほかの管理者に頼んでください。".to_owned());
    }
    if fields.text("reason").is_empty() {
        mistakes.push("理由を入力してください。証跡に残ります。".to_owned());
    }
    if matches!(fields.text("do"), "stop" | "resume" | "reset")
        && member.person.organisation != acting.reader.organisation_id
    {
        mistakes
            .push("この人のログインIDは、別の組織が管理しています。この組織での役割だけを変更できます。".to_owned());
    }
    let wanted: Vec<Role> = fields.all("role").filter_map(|role| role.parse().ok()).collect();
    let both = wanted.iter().any(|role| role.of_institution()) && wanted.iter().any(|role| !role.of_institution());
    if fields.text("do") == "roles" && both {
        mistakes.push(
            "医療機関等の役割と、この組織の役割は、一人が同時に持てません。見える範囲が混ざるためです。どちらかを外してください。"
                .to_owned(),
        );
    }
    let administrates = |member: &Member| {
        member.person.state == "active" && member.roles.iter().any(|role| role == Role::Administrator.token())
    };
    let keeps = fields.text("do") == "roles" && fields.all("role").any(|role| role == Role::Administrator.token());
    let loses = matches!(fields.text("do"), "roles" | "stop") && administrates(member) && !keeps;
    if loses {
        let others = app.store().people(&acting.reader.organisation_id).await?;
        let left = others.iter().filter(|other| other.person.id != member.person.id && administrates(other)).count();
        if left == 0 {
            mistakes
                .push("管理者が一人もいなくなるため、変更できません。先に別の人を管理者にしてください。".to_owned());
        }
    }
    Ok(mistakes)
}

async fn set_roles(
    app: &App,
    from: &From,
    acting: &Acting,
    member: &Member,
    fields: &Fields,
) -> Result<(), StoreError> {
    let institution = app.store().institution_of(&acting.reader.organisation_id, &member.person.id).await?;
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    let wanted: Vec<Role> = fields.all("role").filter_map(|role| role.parse().ok()).collect();
    // What goes, goes first: nobody is on two sides in between.
    let (kept, gone): (Vec<&Role>, Vec<&Role>) = Role::ALL.iter().partition(|role| wanted.contains(role));
    for role in gone.into_iter().chain(kept) {
        let (has, wants) = (member.roles.iter().any(|token| token == role.token()), wanted.contains(role));
        match (has, wants) {
            (false, true) if !role.of_institution() => {
                change.grant(&member.person.id, role.token(), &acting.reader.person, &now).await.map(drop)?
            }
            (false, true) => {
                // Only for the institution that the person stood for already.
                let institution = institution.as_deref().ok_or(StoreError::Missing(Missing::Institution))?;
                let by = &acting.reader.person;
                change.grant_for(&member.person.id, role.token(), institution, by, &now).await.map(drop)?
            }
            (true, false) => change.revoke(&member.person.id, role.token(), &now).await?,
            _ => {}
        }
    }
    change.about(&format!("person/{}", member.person.id));
    let terms: Vec<&str> = wanted.iter().map(|role| role.term()).collect();
    let note = format!("役割: {}。理由: {}", terms.join("、"), fields.text("reason"));
    let event = Event { action: "person.roles-changed".to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
}

async fn set_state(
    app: &App,
    from: &From,
    acting: &Acting,
    member: &Member,
    fields: &Fields,
    state: &str,
) -> Result<(), StoreError> {
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    change.set_person_state(&member.person.id, state, &now).await?;
    change.about(&format!("person/{}", member.person.id));
    let action = if state == "disabled" { "person.disabled" } else { "person.resumed" };
    let event = Event { action: action.to_owned(), note: fields.text("reason").to_owned() };
    change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
}

/// A new address to set a password with; the old password and the second factor stop working at once (AUTHN-009).
async fn reset(app: &App, from: &From, acting: &Acting, member: &Member, fields: &Fields) -> Response {
    let (secret, now) = (Secret::from_bytes(app.random()), app.at());
    let organisation = acting.reader.organisation_id.as_str();
    let done = async {
        let unusable = account::hashed(app, &Secret::from_bytes(app.random()).text(Purpose::OneTime)).await;
        let mut change = app.store().begin(organisation).await?;
        take_away(&mut change, &member.person.id, &unusable, &now, Factors::All).await?;
        add_one_time(app, &mut change, &secret, "reset", &member.person.id).await?;
        change.about(&format!("person/{}", member.person.id));
        let note = format!("本人確認の方法と理由: {}", fields.text("reason"));
        let event = Event { action: "person.reset".to_owned(), note };
        change.commit(&acting.reader.person, from.origin(), &now, event).await
    };
    match done.await {
        Ok(_) => invited(app, acting, &member.person.name, &member.person.sign_in, &secret, true),
        Err(error) => message::failed(app, &error),
    }
}

/// What stops working beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factors {
    /// Everything: the person proves themselves anew.
    All,
    /// Nothing: only passwords are known to others.
    Kept,
}

/// Makes what a person signed in with unusable and ends all sessions.
pub async fn take_away(
    change: &mut shirube_store::Change,
    person: &str,
    unusable: &str,
    now: &str,
    factors: Factors,
) -> Result<(), StoreError> {
    let credentials = change.credentials(person).await?;
    // The former passwords stay in the history: none of them comes back.
    let kept = 1 + u32::try_from(credentials.password_history.len()).unwrap_or(u32::MAX);
    change.set_password(person, unusable, now, true, kept).await?;
    if factors == Factors::All {
        if credentials.totp.is_some() || credentials.pending_totp.is_some() {
            change.remove_totp(person).await?;
        }
        for passkey in &credentials.passkeys {
            change.remove_passkey(person, &passkey.id).await?;
        }
        change.set_recovery_codes(person, &[]).await?;
        change.unlink_outside(person).await?;
    }
    change.end_all_sessions(person, None, now, "reset").await?;
    // Whoever got hold of something may have the address of the calendar too.
    change.void_one_times(person, super::register::feed::KIND, now).await?;
    change.void_one_times(person, "reset", now).await.map(drop)
}
