//! The duties as an address that a calendar reads by itself: a secret of one person for one organisation.
//!
//! Whoever knows the address reads what the person may see, as long as the person may see it. It is kept as a digest
//! among what is handed over, and holds until the person makes a new one or takes it back.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Days;
use shirube_identity::rights::may;
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Event, NewOneTime, StoreError};
use shirube_trail::Digest;

use super::duties::calendar_of;
use crate::app::fields::Fields;
use crate::app::guard::{Acting, held};
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::query::Query;
use crate::reader::{Action, Resource};

/// What the address is among the things that are handed over.
pub const KIND: &str = "calendar";

/// How long an address holds at most.
const MOST_DAYS: u64 = 5 * 366;

#[derive(Template)]
#[template(path = "app/duty-feed.html")]
struct FeedPage<'a> {
    shell: Shell<'a>,
    org: &'a str,
    notice: &'static str,
    /// Since when there is an address.
    since: Option<String>,
    /// The address, where it was just made.
    address: Option<String>,
}

/// `GET /o/{organisation}/duties/feed`.
pub async fn show(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/duties/feed", &["done"], raw.as_deref());
    let notice = if query.get("done").is_some() {
        "止めました。前の番地では、もう読めません。"
    } else {
        ""
    };
    page(&app, &acting, notice, None).await
}

async fn page(app: &App, acting: &Acting, notice: &'static str, address: Option<String>) -> Response {
    let org = acting.reader.organisation_id.as_str();
    let open = match app.store().open_one_times(org).await {
        Ok(open) => open,
        Err(error) => return message::failed(app, &error),
    };
    let is_own = |one: &&shirube_store::OneTime| one.kind == KIND && one.person == acting.reader.person;
    let since = open.iter().find(is_own).map(|one| world::shown_text(&one.created_at));
    let shell = Shell::acting(acting, Place::Duties);
    with_status(StatusCode::OK, FeedPage { shell, org, notice, since, address })
}

/// `POST /o/{organisation}/duties/feed`: a new address in place of the old one, or none any more.
pub async fn change(State(app): State<App>, from: From, acting: Acting, sent: Fields) -> Response {
    let org = acting.reader.organisation_id.as_str();
    let secret = (sent.text("do") == "make").then(|| Secret::from_bytes(app.random()));
    let changed = async {
        let (mut change, now) = (app.store().begin(org).await?, app.at());
        change.void_one_times(&acting.reader.person, KIND, &now).await?;
        if let Some(secret) = &secret {
            let new = NewOneTime {
                digest: &secret.fingerprint(Purpose::Calendar).to_string(),
                kind: KIND,
                person: &acting.reader.person,
                expires_at: &world::written(app.now() + Days::new(MOST_DAYS)),
            };
            change.create_one_time(new, &now).await?;
        }
        let action = if secret.is_some() { "calendar.created" } else { "calendar.revoked" };
        let event = Event { action: action.to_owned(), note: String::new() };
        change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
    };
    if let Err(error) = changed.await {
        return message::failed(&app, &error);
    }
    match secret {
        Some(secret) => {
            let origin = &app.0.settings.origin;
            let address = format!("{origin}/calendar/{}.ics", secret.text(Purpose::Calendar));
            page(&app, &acting, "", Some(address)).await
        }
        None => Redirect::to(&format!("/o/{org}/duties/feed?done=revoked")).into_response(),
    }
}

/// `GET /calendar/{feed}`: the days for a calendar. Whoever guesses is made to wait.
pub async fn read(State(app): State<App>, from: From, Path(feed): Path<String>, headers: HeaderMap) -> Response {
    match made(&app, &feed).await {
        Ok(Some(bytes)) => answer(&headers, bytes),
        Ok(None) => match app.0.knocks.count(&from.address, app.now()) {
            Some(until) => {
                let seconds = (until - app.now()).num_seconds().max(1).to_string();
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    [(header::RETRY_AFTER, seconds)],
                    "しばらく待ってからお試しください。\n",
                )
                    .into_response()
            }
            None => (StatusCode::NOT_FOUND, "この番地のカレンダーはありません。\n").into_response(),
        },
        Err(error) => message::failed(&app, &error),
    }
}

fn answer(headers: &HeaderMap, bytes: Vec<u8>) -> Response {
    let tag = format!("\"{}\"", Digest::of(&bytes));
    let fresh = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if asked.split(',').any(|one| one.trim().trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, fresh).into_response();
    }
    (fresh, [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], bytes).into_response()
}

/// The calendar behind a secret; none for a secret that opens nothing, or whose person may not see the duties now.
async fn made(app: &App, feed: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let text = feed.strip_suffix(".ics").unwrap_or(feed);
    let Some(secret) = Secret::parse(text, Purpose::Calendar) else { return Ok(None) };
    let digest = secret.fingerprint(Purpose::Calendar).to_string();
    let Some(found) = app.store().one_time(&digest).await? else { return Ok(None) };
    if found.kind != KIND || found.used_at.is_some() || found.expires_at <= app.at() {
        return Ok(None);
    }
    if app.store().person(&found.person).await?.state != "active" {
        return Ok(None);
    }
    let memberships = app.store().memberships(&found.person).await?;
    let Some(membership) = memberships.iter().find(|one| one.organisation.id == found.organisation) else {
        return Ok(None);
    };
    if !may(&held(membership), Action::View, Resource::Register) {
        return Ok(None);
    }
    calendar_of(app, &found.organisation, &membership.organisation.name).await.map(Some)
}
