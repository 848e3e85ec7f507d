//! Who calls: a token in `Authorization`, never a cookie. The same table of rights decides as for people.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use axum::extract::{FromRequestParts, Path, Request};
use axum::http::header;
use axum::http::request::Parts;
use chrono::{DateTime, Duration, Utc};
use shirube_identity::role::Role;
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::throttle::{self, Throttle};
use shirube_store::ApiToken;

use super::problem::Problem;
use crate::app::guard::{Acting, Visitor};
use crate::app::sign_in::From;
use crate::app::tokens::Scope;
use crate::app::{App, Needs, world};
use crate::reader::{Action, Reader};

/// The token of a request, with what it was made for.
#[derive(Debug, Clone)]
pub struct Bearer {
    pub token: ApiToken,
    pub scope: Scope,
}

/// Finds out who calls, and decides. Puts [`Acting`] and [`Bearer`] into the request.
pub async fn admit(app: &App, needs: Needs, request: Request) -> Result<Request, Problem> {
    let (mut parts, body) = request.into_parts();
    let Ok(from) = From::from_request_parts(&mut parts, app).await;
    let Some((acting, bearer)) = caller(app, &parts).await? else { return Err(refused(app, &from.address)) };
    let at = Path::<HashMap<String, String>>::from_request_parts(&mut parts, &()).await;
    let at = at.map_or_else(|_| HashMap::new(), |Path(at)| at);
    let (Needs::Right(action, resource) | Needs::Service(action, resource)) = needs else {
        return Err(Problem::nothing());
    };
    if !bearer.scope.write && !matches!(action, Action::View | Action::Export) {
        let text = "このトークンは読むためのものです。変更するには、変更もできるトークンを発行してください。";
        return Err(Problem::new("read-only", text));
    }
    if !acting.reader.may(action, resource) {
        return Err(Problem::nothing());
    }
    if matches!(needs, Needs::Service(..)) {
        let service = at.get("service").map_or("", String::as_str);
        if bearer.scope.service.as_deref().is_some_and(|only| only != service) {
            return Err(Problem::nothing());
        }
        app.store().service(&acting.reader.organisation_id, service).await?;
    } else if bearer.scope.service.is_some() && !matches!(action, Action::View) {
        return Err(Problem::nothing());
    }
    parts.extensions.insert(acting);
    parts.extensions.insert(Arc::new(bearer));
    Ok(Request::from_parts(parts, body))
}

/// The person in whose name the token acts, with what both may do: no more than was lent, and no more than the person
/// has today.
async fn caller(app: &App, parts: &Parts) -> Result<Option<(Acting, Bearer)>, Problem> {
    let text = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let secret = text.and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Secret::parse(token.trim(), Purpose::Api)).flatten()
    });
    let Some(secret) = secret else { return Ok(None) };
    let now = app.now();
    let digest = secret.fingerprint(Purpose::Api).to_string();
    let Some(live) = app.store().token(&digest, &world::written(now)).await? else { return Ok(None) };
    let Some(scope) = Scope::read(&live.token.scope) else { return Ok(None) };
    // A write for each call would be one too many; a minute is exact enough.
    let last = live.token.last_used_at.as_deref().and_then(world::read);
    if last.is_none_or(|last| now - last >= Duration::minutes(1)) {
        app.store().touch_token(&live.token.organisation, &live.token.id, &world::written(now)).await?;
    }
    let organisation = app.store().organisation(&live.token.organisation).await?;
    let held: Vec<Role> = live.roles.iter().filter_map(|role| role.parse().ok()).collect();
    let reader = Reader {
        person: live.person.id.clone(),
        name: live.person.name.clone(),
        organisation_id: organisation.id,
        organisation: organisation.name,
        roles: scope.roles().filter(|role| held.contains(role)).collect(),
        // A token stands for no institution: what is for one is not for programs.
        institution: None,
        organisations: Vec::new(),
        csrf: String::new(),
        theme: None,
        put_away: false,
    };
    let visitor = Visitor::of_token(live.person);
    let acting = Acting { visitor: Arc::new(visitor), reader: Arc::new(reader) };
    Ok(Some((acting, Bearer { token: live.token, scope })))
}

/// Tries without a valid token by network address, or with codes that are none by person.
#[derive(Default)]
pub struct Knocks(Mutex<BTreeMap<String, Throttle>>);

/// Addresses that are remembered.
const MOST_ADDRESSES: usize = 10_000;

/// Ten in a row are answered; then a minute is waited. Whoever has a valid token is never kept waiting by others who
/// come from the same address.
fn policy() -> throttle::Policy {
    throttle::Policy {
        waits: Vec::new(),
        failures_to_lock: 10,
        lock: Duration::minutes(1),
        forget: Duration::minutes(10),
    }
}

impl Knocks {
    /// Counts a failure; gives the end of the wait if there is one.
    pub fn count(&self, address: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut kept = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let policy = policy();
        let before = kept.get(address).copied().unwrap_or_default();
        if let throttle::Gate::Wait(until) | throttle::Gate::Locked(until) = before.gate(&policy, now) {
            return Some(until);
        }
        if kept.len() >= MOST_ADDRESSES && !kept.contains_key(address) {
            kept.retain(|_, state| state.last_failure.is_some_and(|last| now - last < policy.forget));
            if kept.len() >= MOST_ADDRESSES {
                kept.clear();
            }
        }
        let failed = before.failed(&policy, now);
        kept.insert(address.to_owned(), failed.throttle);
        None
    }
}

fn refused(app: &App, address: &str) -> Problem {
    if let Some(until) = app.0.knocks.count(address, app.now()) {
        let seconds = (until - app.now()).num_seconds().max(1);
        let text = format!("正しくないトークンが続いたため、{seconds}秒待ってからお試しください。");
        return Problem::new("wait", text).with(header::RETRY_AFTER, seconds.to_string());
    }
    let text = "Authorization: Bearer に続けて、使えるトークンを書いてください。停止されたものと期限の過ぎたものは使えません。";
    Problem::new("unauthorised", text).with(header::WWW_AUTHENTICATE, "Bearer realm=\"shirube\"")
}
