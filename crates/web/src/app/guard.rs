//! Who asks, and whether they may: runs before every page of the application.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::role::{Action, Role};
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::session::Standing;
use shirube_store::{Event, Membership, Missing, Person, Session, StoreError};

use super::fields::Fields;
use super::organisation::OrganisationSettings;
use super::preferences::Preferences;
use super::sign_in::From;
use super::sites::Key;
use super::{App, Needs, message, world};
use crate::reader::Reader;
use crate::shown::{Made, Shown};

/// Longest form that is read. The longest one of ours pastes a table of some thousand rows.
const LONGEST_FORM_BYTES: usize = 4 * 1024 * 1024;

/// A route as the guard sees it.
#[derive(Clone)]
pub struct Gate {
    pub app: App,
    pub needs: Needs,
    /// Programs bring a token and are told in JSON; people bring a cookie and are shown a page.
    pub is_api: bool,
}

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub person: Person,
    /// Digest of the secret, which names the session.
    pub session: String,
    pub csrf: String,
    /// Both factors were given, or one is enough.
    pub is_full: bool,
    /// Somebody else knows the password.
    pub must_change: bool,
    /// The password was too old when the session began (AUTHN-006).
    pub has_expired: bool,
    /// The roles, or what the organisation has set, ask for a second factor.
    pub must_have_second: bool,
    /// They do, and there is none yet.
    pub needs_second: bool,
    /// Let in by a substitute for a lost factor: may look and nothing else (AUTHN-004).
    pub is_lowered: bool,
    /// The organisation that the session acts for.
    pub acts_for: String,
    pub preferences: Preferences,
    pub memberships: Vec<Membership>,
}

impl Visitor {
    /// Id and name of every organisation in which the person holds roles.
    pub fn organisations(&self) -> Vec<(String, String)> {
        let named = |m: &Membership| (m.organisation.id.clone(), m.organisation.name.clone());
        self.memberships.iter().map(named).collect()
    }

    /// Whoever a token acts for. It has no session, and forms are not for it.
    pub fn of_token(person: Person) -> Self {
        Self {
            person,
            session: String::new(),
            csrf: String::new(),
            is_full: true,
            must_change: false,
            has_expired: false,
            must_have_second: false,
            needs_second: false,
            is_lowered: false,
            acts_for: String::new(),
            preferences: Preferences::default(),
            memberships: Vec::new(),
        }
    }
}

/// What handlers get to know about the request: who, for which organisation.
#[derive(Debug, Clone)]
pub struct Acting {
    pub visitor: Arc<Visitor>,
    pub reader: Arc<Reader>,
}

/// Decides, and gives the page what it needs: [`Visitor`], [`Acting`], [`Fields`], [`Shown`].
pub async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    if gate.is_api {
        return match super::api::admit(&gate.app, gate.needs, request).await {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.answered(&gate.app),
        };
    }
    match admit(&gate, request).await {
        Ok(request) => next.run(request).await,
        Err(response) => *response,
    }
}

async fn admit(gate: &Gate, request: Request) -> Result<Request, Box<Response>> {
    let app = &gate.app;
    let (mut parts, body) = request.into_parts();
    let visitor = visitor(app, &parts).await.map_err(|error| Box::new(message::failed(app, &error)))?.map(Arc::new);
    let writes = !matches!(parts.method, Method::GET | Method::HEAD);
    if writes && !comes_from_us(app, &parts) {
        return Err(Box::new(message::foreign()));
    }
    let acting = match gate.needs {
        Needs::Nothing => None,
        Needs::Stage => {
            visitor.as_ref().ok_or_else(|| Box::new(to_sign_in(&parts)))?;
            None
        }
        Needs::Person | Needs::Right(..) | Needs::Service(..) => {
            let visitor = visitor.as_ref().ok_or_else(|| Box::new(to_sign_in(&parts)))?;
            if let Some(elsewhere) = unfinished(visitor, &parts) {
                return Err(Box::new(elsewhere));
            }
            if visitor.is_lowered && (writes || !only_looks(gate.needs)) {
                return Err(Box::new(message::lowered(visitor)));
            }
            acting(app, gate.needs, visitor, &mut parts).await?
        }
    };
    let body = match writes && is_form(&parts) {
        true => {
            let bytes = axum::body::to_bytes(body, LONGEST_FORM_BYTES).await;
            let bytes = bytes.map_err(|_| Box::new(message::too_long(LONGEST_FORM_BYTES)))?;
            let fields = Fields::parse(&bytes);
            // Forms before signing in know no session, even if the browser still has one; `Origin` holds for them.
            let known = visitor.as_ref().filter(|_| gate.needs != Needs::Nothing);
            if known.is_some_and(|visitor| fields.raw("csrf") != visitor.csrf) {
                return Err(Box::new(message::stale_form()));
            }
            parts.extensions.insert(fields);
            Body::empty()
        }
        false => body,
    };
    if let Some(acting) = acting {
        parts.extensions.insert(acting);
    }
    if let Some(visitor) = visitor {
        parts.extensions.insert(visitor);
    }
    Ok(Request::from_parts(parts, body))
}

/// The person whose session the cookie names, if it is still alive.
async fn visitor(app: &App, parts: &Parts) -> Result<Option<Visitor>, StoreError> {
    let secret = app.cookie(&parts.headers).and_then(|text| Secret::parse(&text, Purpose::Session));
    let Some(secret) = secret else { return Ok(None) };
    let digest = secret.fingerprint(Purpose::Session).to_string();
    let Some(session) = app.store().session(&digest).await? else { return Ok(None) };
    let home = OrganisationSettings::read(&session.home_settings)?;
    let (now, policy) = (app.now(), home.session_policy());
    let times = world::read(&session.created_at).zip(world::read(&session.seen_at));
    let Some((created, seen)) = times else { return Ok(None) };
    let live = session.ended_at.is_none()
        && session.person.state == "active"
        && policy.standing(created, seen, now) == Standing::Live;
    if !live {
        return Ok(None);
    }
    // A write for each page would be one too many; a minute is exact enough for a quarter of an hour.
    if now - seen >= chrono::Duration::minutes(1) {
        app.store().touch_session(&digest, &world::written(now)).await?;
    }
    Ok(Some(who(session, digest, &home, created)))
}

fn who(
    session: Session,
    digest: String,
    home: &OrganisationSettings,
    created: chrono::DateTime<chrono::Utc>,
) -> Visitor {
    let used = |factor: &str| session.factors.split(' ').any(|used| used == factor);
    let has_second = session.second_factors > 0;
    let set = session.password_set_at.as_deref().and_then(world::read);
    let expires = set.and_then(|set| home.password_policy().expires(set, has_second));
    let must_have_second = home.second_for_all || roles(&session.memberships).any(Role::privileged);
    Visitor {
        session: digest,
        csrf: session.csrf.clone(),
        is_full: session.stage == "full",
        must_change: session.must_change,
        preferences: Preferences::read(session.preferences.as_deref()),
        // Only whoever came by the password has to mind it, and only at the door: nobody loses a form over it.
        has_expired: used("password") && expires.is_some_and(|end| end <= created),
        needs_second: must_have_second && !has_second && !used("provider-second"),
        must_have_second,
        is_lowered: used("substitute"),
        acts_for: session.organisation,
        person: session.person,
        memberships: session.memberships,
    }
}

/// What a substitute for a lost factor is enough for.
fn only_looks(needs: Needs) -> bool {
    match needs {
        Needs::Right(action, _) | Needs::Service(action, _) => action == Action::View,
        _ => true,
    }
}

/// Nothing that changes anything is taken from a page that is not ours.
fn comes_from_us(app: &App, parts: &Parts) -> bool {
    let text = |name| parts.headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let same_site = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let ours = text("origin").is_some_and(|origin| origin == app.0.settings.origin);
    same_site && ours
}

fn is_form(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.split(';').next().unwrap_or("").trim() == "application/x-www-form-urlencoded")
}

/// To the page for signing in, and from there back to where the reader wanted to go.
fn to_sign_in(parts: &Parts) -> Response {
    let wanted = parts.uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let back = if parts.method == Method::GET { wanted } else { "/" };
    match back {
        "/" => Redirect::to("/sign-in").into_response(),
        _ => Redirect::to(&crate::query::link("/sign-in", &[("to", back)])).into_response(),
    }
}

/// What has to be done before anything else: the second factor, a password of one's own, a second factor for those
/// whose rights ask for one.
fn unfinished(visitor: &Visitor, parts: &Parts) -> Option<Response> {
    let to = |address| Some(Redirect::to(address).into_response());
    if !visitor.is_full {
        return to("/sign-in/second");
    }
    if parts.uri.path().starts_with("/account") {
        return None;
    }
    if visitor.must_change || visitor.has_expired {
        return to("/account/password");
    }
    if visitor.needs_second { to("/account/second") } else { None }
}

fn roles(memberships: &[Membership]) -> impl Iterator<Item = Role> {
    memberships.iter().flat_map(|membership| membership.roles.iter().filter_map(|role| role.parse().ok()))
}

/// The roles that count in an organisation. Whoever stands for an institution has no other, and nobody stands for none.
pub fn held(membership: &Membership) -> Vec<Role> {
    let roles = membership.roles.iter().filter_map(|role| role.parse().ok());
    roles.filter(|role: &Role| role.of_institution() == membership.institution.is_some()).collect()
}

/// Whether the visitor may, in the organisation that the address names. What one may not see does not exist.
async fn acting(
    app: &App,
    needs: Needs,
    visitor: &Arc<Visitor>,
    parts: &mut Parts,
) -> Result<Option<Acting>, Box<Response>> {
    let (Needs::Right(action, resource) | Needs::Service(action, resource)) = needs else { return Ok(None) };
    let named = Path::<HashMap<String, String>>::from_request_parts(parts, &()).await;
    let named = named.map_or_else(|_| HashMap::new(), |Path(named)| named);
    let organisation = named.get("organisation").map_or("", String::as_str);
    let Some(membership) = visitor.memberships.iter().find(|m| m.organisation.id == organisation) else {
        return Err(Box::new(message::nothing(Some(visitor))));
    };
    let reader = Arc::new(Reader {
        person: visitor.person.id.clone(),
        name: visitor.person.name.clone(),
        organisation_id: membership.organisation.id.clone(),
        organisation: membership.organisation.name.clone(),
        roles: held(membership),
        institution: membership.institution.clone(),
        csrf: visitor.csrf.clone(),
        organisations: visitor.organisations(),
        theme: visitor.preferences.theme.chosen(),
        put_away: named.get("service").is_some_and(|id| visitor.preferences.without_guide.contains(id)),
    });
    if !reader.may(action, resource) {
        return Err(Box::new(message::nothing(Some(visitor))));
    }
    if visitor.acts_for != organisation {
        switch(app, visitor, organisation, parts).await.map_err(|error| Box::new(message::failed(app, &error)))?;
    }
    if matches!(needs, Needs::Service(..)) {
        let service = named.get("service").map_or("", String::as_str);
        let revision = named.get("revision").and_then(|text| text.parse().ok());
        let shown = shown(app, organisation, service, revision, &reader).await;
        let shown = shown.map_err(|error| Box::new(message::missing_or_failed(app, visitor, &error)))?;
        let query = crate::query::Query::parse("", "", &["done"], parts.uri.query());
        let done = ["saved", "merged"].into_iter().find(|known| query.get("done") == Some(known));
        parts.extensions.insert(Shown { done, ..shown });
    }
    Ok(Some(Acting { visitor: Arc::clone(visitor), reader }))
}

/// Lets the session act for another organisation of the person. Its trail says who came in and from where, as that of
/// the home organisation does at sign-in.
async fn switch(app: &App, visitor: &Visitor, organisation: &str, parts: &mut Parts) -> Result<(), StoreError> {
    let Ok(from) = From::from_request_parts(parts, app).await;
    let mut change = app.store().begin(organisation).await?;
    change.switch_session(&visitor.session).await?;
    change.about(&format!("person/{}", visitor.person.id));
    let event = Event { action: "session.switched".to_owned(), note: String::new() };
    change.commit(&visitor.person.id, from.origin(), &app.at(), event).await.map(drop)
}

/// A revision of a service as a site, from what is kept or worked out now.
pub async fn shown(
    app: &App,
    organisation: &str,
    service: &str,
    revision: Option<u64>,
    reader: &Arc<Reader>,
) -> Result<Shown, StoreError> {
    let head = app.store().service(organisation, service).await?;
    let latest = head.revision.ok_or(StoreError::Missing(Missing::Revision))?;
    let number = revision.unwrap_or(latest);
    let mut made_then = None;
    let state = match head.latest.filter(|_| number == latest) {
        Some(newest) => {
            let mine = newest.author == reader.person
                && latest > 1
                && newest.state == shirube_store::DRAFT
                && reader.may(crate::reader::Action::Restore, crate::reader::Resource::Revision);
            made_then = Some(Made { time: world::shown_time(&newest.at), mine });
            newest.state
        }
        None => app.store().revision(organisation, service, number).await?.state,
    };
    let key = Key { organisation: organisation.to_owned(), service: service.to_owned(), revision: number };
    let site = app.0.sites.get(key, async || app.store().files(organisation, service, number).await).await?;
    let base = format!("/o/{organisation}/s/{service}");
    Ok(Shown {
        site,
        base: base.into(),
        reader: Some(Arc::clone(reader)),
        revision: Some(number),
        state: super::revisions::state_term(&state),
        done: None,
        attached: Arc::from([]),
        recorded: Arc::from([]),
        made: made_then,
        today: Some(world::date(app.now())),
        views: Arc::new([]),
    })
}

impl<S: Sync> FromRequestParts<S> for Acting {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| StatusCode::NOT_FOUND.into_response())
    }
}

/// Somebody with a session, whatever they may do.
#[derive(Debug, Clone)]
pub struct Present(pub Arc<Visitor>);

impl<S: Sync> FromRequestParts<S> for Present {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let found = parts.extensions.get::<Arc<Visitor>>().cloned();
        found.map(Self).ok_or_else(|| Redirect::to("/sign-in").into_response())
    }
}
