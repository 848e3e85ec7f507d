//! `/o/{organisation}/tokens`: tokens by which programs call the API (INTEROP-013).

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use shirube_identity::role::{Role, may_lend};
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{ApiToken, Event, NewToken, Service, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::shell::{Place, Shell, with_status};
use super::sign_in::From;
use super::{App, message, world};
use crate::page::html;
use crate::query::Query;
use crate::reader::{Action, Resource};

/// Longest life of a token.
const MOST_DAYS: u64 = 365;

/// What a token may be used for. It never does more than its person may at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    roles: Vec<String>,
    /// Whether it may change anything, or only read.
    pub write: bool,
    /// The only service it is for; none for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

impl Scope {
    /// What is stored; none for what cannot be read, so that it allows nothing.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn roles(&self) -> impl Iterator<Item = Role> {
        self.roles.iter().filter_map(|role| role.parse().ok())
    }
}

#[derive(Template)]
#[template(path = "app/tokens.html")]
struct TokensPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    tokens: Vec<TokenView>,
    fields: &'a Fields,
    /// What can be lent: the reader's own roles.
    roles: &'a [Role],
    services: Vec<Service>,
    may_create: bool,
    first_day: String,
    last_day: String,
}

struct TokenView {
    id: String,
    name: String,
    person: String,
    scope: String,
    made: String,
    expires: String,
    used: String,
    /// What became of it, if it can no longer be used.
    ended: Option<&'static str>,
    may_revoke: bool,
}

pub async fn list(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = query.get("done").map_or("", |_| "トークンを停止しました。");
    page(&app, &acting, StatusCode::OK, notice, Vec::new(), &Fields::default()).await
}

async fn page(
    app: &App,
    acting: &Acting,
    status: StatusCode,
    notice: &str,
    mistakes: Vec<String>,
    fields: &Fields,
) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let read = async {
        let names = app.store().names(organisation).await?;
        let services = app.store().services(organisation).await?;
        Ok::<_, StoreError>((app.store().tokens(organisation).await?, names, services))
    };
    let (tokens, names, services) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let view = |token: &ApiToken| view(app, acting, token, &names, &services);
    let page = TokensPage {
        shell: Shell::acting(acting, Place::Tokens),
        notice,
        mistakes,
        tokens: tokens.iter().map(view).collect(),
        fields,
        roles: &acting.reader.roles,
        may_create: acting.reader.may(Action::Create, Resource::Token),
        first_day: (world::date(app.now()) + Days::new(1)).to_string(),
        last_day: (world::date(app.now()) + Days::new(MOST_DAYS)).to_string(),
        services,
    };
    with_status(status, page)
}

fn view(
    app: &App,
    acting: &Acting,
    token: &ApiToken,
    names: &BTreeMap<String, String>,
    services: &[Service],
) -> TokenView {
    let ended = match &token.revoked_at {
        Some(_) => Some("停止"),
        None if token.expires_at <= app.at() => Some("期限切れ"),
        None => None,
    };
    let mine = token.person == acting.reader.person;
    TokenView {
        id: token.id.clone(),
        name: token.name.clone(),
        person: names.get(&token.person).unwrap_or(&token.person).clone(),
        scope: Scope::read(&token.scope).map_or_else(|| "なし".to_owned(), |scope| said(&scope, services)),
        made: world::shown_text(&token.created_at),
        expires: world::shown_text(&token.expires_at),
        used: token.last_used_at.as_deref().map(world::shown_text).unwrap_or_default(),
        may_revoke: ended.is_none() && (mine || acting.reader.may(Action::Revoke, Resource::Token)),
        ended,
    }
}

/// A scope in words.
fn said(scope: &Scope, services: &[Service]) -> String {
    let roles: Vec<&str> = scope.roles().map(Role::term).collect();
    let way = if scope.write { "読む・変更する" } else { "読むだけ" };
    let service = scope.service.as_ref().map_or_else(
        || "すべてのサービス".to_owned(),
        |id| services.iter().find(|service| service.id == *id).map_or(id, |service| &service.name).clone(),
    );
    format!("{}、{way}、{service}", roles.join("・"))
}

#[derive(Template)]
#[template(path = "app/token.html")]
struct TokenPage<'a> {
    shell: Shell<'a>,
    name: &'a str,
    secret: String,
    scope: String,
    expires: String,
    origin: &'a str,
}

/// `POST /o/{organisation}/tokens`: makes a token, or revokes one. One's own can always be revoked.
pub async fn change(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    match fields.text("do") {
        "create" if acting.reader.may(Action::Create, Resource::Token) => create(&app, &from, &acting, &fields).await,
        "revoke" => revoke(&app, &from, &acting, fields.text("token")).await,
        "create" => message::nothing(Some(&acting.visitor)),
        _ => {
            let mistakes = vec!["何をするのかが分かりませんでした。この画面からもう一度お試しください。".to_owned()];
            page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, &fields).await
        }
    }
}

async fn create(app: &App, from: &From, acting: &Acting, fields: &Fields) -> Response {
    let services = match app.store().services(&acting.reader.organisation_id).await {
        Ok(services) => services,
        Err(error) => return message::failed(app, &error),
    };
    let (scope, expires) = match wanted(app, acting, fields, &services) {
        Ok(wanted) => wanted,
        Err(mistakes) => return page(app, acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, fields).await,
    };
    let secret = Secret::from_bytes(app.random());
    match made(app, from, acting, fields.text("name"), &scope, &expires, &services, &secret).await {
        Ok(()) => html(TokenPage {
            shell: Shell::acting(acting, Place::Tokens),
            name: fields.text("name"),
            secret: secret.text(Purpose::Api),
            scope: said(&scope, &services),
            expires: world::shown_text(&expires),
            origin: &app.0.settings.origin,
        }),
        Err(error) => message::failed(app, &error),
    }
}

/// What the form asks for, or all that is wrong with it.
fn wanted(app: &App, acting: &Acting, fields: &Fields, services: &[Service]) -> Result<(Scope, String), Vec<String>> {
    let mut mistakes = Vec::new();
    let name = fields.text("name");
    if name.is_empty() || name.chars().count() > 100 {
        mistakes.push("トークンの名前を100文字までで入力してください。使うプログラムが分かる名前にします。".to_owned());
    }
    let roles: Vec<Role> = fields.all("role").filter_map(|role| role.parse().ok()).collect();
    if !may_lend(&acting.reader.roles, &roles) {
        mistakes.push("渡す役割を、自分の役割の中から一つ以上選んでください。".to_owned());
    }
    let service = Some(fields.text("service")).filter(|service| !service.is_empty());
    if service.is_some_and(|wanted| services.iter().all(|service| service.id != wanted)) {
        mistakes.push("サービスを一覧から選んでください。".to_owned());
    }
    let today = world::date(app.now());
    let day = fields.text("expires").parse::<NaiveDate>().ok();
    let day = day.filter(|day| today < *day && *day <= today + Days::new(MOST_DAYS));
    if day.is_none() {
        let last = world::shown_day(&(today + Days::new(MOST_DAYS)).to_string());
        mistakes.push(format!("期限を、明日から{last}までの日で入力してください。期限のないトークンは作れません。"));
    }
    let (Some(day), true) = (day, mistakes.is_empty()) else { return Err(mistakes) };
    let scope = Scope {
        roles: roles.iter().map(|role| role.token().to_owned()).collect(),
        write: fields.says("access", "write"),
        service: service.map(str::to_owned),
    };
    // To the end of the day as it is in Japan.
    let end = day.and_hms_opt(14, 59, 59).map(|end| world::written(end.and_utc())).unwrap_or_default();
    Ok((scope, end))
}

#[expect(clippy::too_many_arguments, reason = "all of them are what a token is made of")]
async fn made(
    app: &App,
    from: &From,
    acting: &Acting,
    name: &str,
    scope: &Scope,
    expires: &str,
    services: &[Service],
    secret: &Secret,
) -> Result<(), StoreError> {
    let id = app.new_id('t');
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    let new = NewToken {
        id: &id,
        digest: &secret.fingerprint(Purpose::Api).to_string(),
        person: &acting.reader.person,
        name,
        scope: &serde_json::to_string(scope).expect("words are JSON"),
        expires_at: expires,
    };
    change.create_token(new, &now).await?;
    let note = format!("{name}（{}、{}まで）", said(scope, services), world::shown_text(expires));
    let event = Event { action: "token.created".to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
}

async fn revoke(app: &App, from: &From, acting: &Acting, id: &str) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let revoked = async {
        let tokens = app.store().tokens(organisation).await?;
        let token = tokens.iter().find(|token| token.id == id);
        let allowed = |token: &&ApiToken| {
            token.person == acting.reader.person || acting.reader.may(Action::Revoke, Resource::Token)
        };
        let Some(token) = token.filter(allowed) else {
            return Err(StoreError::Missing(shirube_store::Missing::Token));
        };
        let (mut change, now) = (app.store().begin(organisation).await?, app.at());
        match change.revoke_token(&token.id, &now).await {
            // Somebody else was quicker: it is as it should be.
            Err(StoreError::Missing(_)) => return Ok(()),
            revoked => revoked?,
        }
        let event = Event { action: "token.revoked".to_owned(), note: token.name.clone() };
        change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
    };
    match revoked.await {
        Ok(()) => Redirect::to(&format!("/o/{organisation}/tokens?done=revoked")).into_response(),
        Err(error) => message::missing_or_failed(app, &acting.visitor, &error),
    }
}
