//! An address of the API: one line in the list of routes, from which handler, checks and reference are made.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::door::Bearer;
use super::input::Checker;
use super::problem::{FieldError, Problem};
use super::reply::{Answer, Reply};
use super::tag::Tag;
use crate::app::App;
use crate::app::guard::Acting;
use crate::app::routes::{Needs, Route};
use crate::app::sign_in::From;

/// No parameters, or no body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What people and programs are told of an operation.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub id: &'static str,
    pub summary: &'static str,
    pub note: &'static str,
    /// Asks for `If-Match`.
    pub matches: bool,
    /// May be against the present state.
    pub conflicts: bool,
    pub longest: usize,
}

/// Longest body of most operations.
const LONGEST_BYTES: usize = 4 * 1024 * 1024;

impl About {
    pub const fn new(id: &'static str, summary: &'static str) -> Self {
        Self { id, summary, note: "", matches: false, conflicts: false, longest: LONGEST_BYTES }
    }

    pub const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    pub const fn matches(self) -> Self {
        Self { matches: true, ..self }
    }

    pub const fn conflicts(self) -> Self {
        Self { conflicts: true, ..self }
    }

    pub const fn longest(self, longest: usize) -> Self {
        Self { longest, ..self }
    }
}

/// An operation with its types, as the reference needs them.
#[derive(Clone, Copy)]
pub struct Operation {
    pub about: About,
    pub parameters: fn() -> Value,
    /// The body; none for operations that take none.
    pub body: Option<fn(&mut SchemaGenerator) -> Value>,
    pub answer: fn(&mut SchemaGenerator) -> Answer,
}

/// A request that was let in and read.
pub struct Call<Q, B> {
    pub app: App,
    pub from: From,
    pub acting: Acting,
    pub bearer: Arc<Bearer>,
    pub query: Q,
    pub body: B,
    at: BTreeMap<String, String>,
    matched: Option<Tag>,
}

impl<Q, B> Call<Q, B> {
    pub fn organisation_id(&self) -> &str {
        &self.acting.reader.organisation_id
    }

    /// A part of the address.
    pub fn at(&self, name: &str) -> &str {
        self.at.get(name).map_or("", String::as_str)
    }

    pub fn service(&self) -> &str {
        self.at("service")
    }

    /// A number in the address. What is none names nothing.
    pub fn number(&self, name: &str) -> Result<u64, Problem> {
        self.at(name).parse().ok().filter(|number| *number > 0).ok_or_else(Problem::nothing)
    }

    /// The revision the program has seen.
    pub fn matched(&self) -> Result<&Tag, Problem> {
        self.matched.as_ref().ok_or_else(|| Problem::new("match-required", "If-Match を付けてください。"))
    }
}

/// One line of the list of routes.
pub fn api<Q, B, T, F, Fut>(method: &'static str, path: &'static str, needs: Needs, about: About, handler: F) -> Route
where
    Q: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    T: Reply,
    F: Fn(Call<Q, B>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    let has_body = TypeId::of::<B>() != TypeId::of::<Nothing>();
    let operation = Operation {
        about,
        parameters: super::input::inlined::<Q>,
        body: has_body.then_some(|generator| generator.subschema_for::<B>().to_value()),
        answer: T::answer,
    };
    let checks: Arc<(OnceLock<Checker>, OnceLock<Checker>)> = Arc::default();
    let run = move |State(app): State<App>, request: Request| {
        let (checks, handler) = (Arc::clone(&checks), handler.clone());
        async move {
            let query = checks.0.get_or_init(Checker::of::<Q>);
            let body = has_body.then(|| checks.1.get_or_init(Checker::of::<B>));
            let done = match read::<Q, B>(&app, about, query, body, request).await {
                Ok(call) => handler(call).await,
                Err(problem) => Err(problem),
            };
            match done {
                Ok(reply) => reply.respond(),
                Err(problem) => problem.answered(&app),
            }
        }
    };
    Route { method, path, needs, operation: Some(operation), handler: on(filter(method), run) }
}

fn filter(method: &str) -> MethodFilter {
    match method {
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

async fn read<Q: DeserializeOwned, B: DeserializeOwned>(
    app: &App,
    about: About,
    query: &Checker,
    body: Option<&Checker>,
    request: Request,
) -> Result<Call<Q, B>, Problem> {
    let (mut parts, sent) = request.into_parts();
    let Ok(from) = From::from_request_parts(&mut parts, app).await;
    let bearer = parts.extensions.get::<Arc<Bearer>>().cloned();
    let (Some(acting), Some(bearer)) = (parts.extensions.get::<Acting>().cloned(), bearer) else {
        return Err(Problem::nothing());
    };
    let at = Path::<BTreeMap<String, String>>::from_request_parts(&mut parts, &()).await;
    let at = at.map_err(|_| Problem::nothing())?.0;
    let parameters = query.parameters(parts.uri.query().unwrap_or_default()).map_err(Problem::unreadable)?;
    let typed = |error: serde_json::Error| Problem::new("bad-request", format!("要求を読めませんでした（{error}）。"));
    let query = serde_json::from_value(parameters).map_err(typed)?;
    let matched = if about.matches { Some(Tag::required(&parts.headers)?) } else { None };
    let body = match body {
        Some(checker) => json(&parts.headers, sent, about.longest, checker).await?,
        None => Value::Object(serde_json::Map::new()),
    };
    let body = serde_json::from_value(body).map_err(typed)?;
    Ok(Call { app: app.clone(), from, acting, bearer, query, body, at, matched })
}

/// The body as JSON that fits its schema.
async fn json(
    headers: &HeaderMap,
    sent: axum::body::Body,
    longest: usize,
    checker: &Checker,
) -> Result<Value, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        let text = "Content-Type は application/json にしてください。";
        return Err(Problem::new("media-type", text));
    }
    let too_long = || Problem::new("too-long", format!("本文は{}MBまでにしてください。", longest / 1024 / 1024));
    let bytes = axum::body::to_bytes(sent, longest).await.map_err(|_| too_long())?;
    let value = serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("{}行目の{}文字目", error.line(), error.column());
        Problem::unreadable(vec![FieldError::at("", format!("本文が{place}でJSONとして読めなくなります。"))])
    })?;
    match checker.mistakes(&value) {
        errors if errors.is_empty() => Ok(value),
        errors => Err(Problem::mistakes(errors)),
    }
}

/// Tells which methods an address has, for the others.
pub fn wrong_method(methods: &[&'static str]) -> MethodRouter<App> {
    let mut allow: Vec<&str> = methods.to_vec();
    if allow.contains(&"GET") {
        allow.push("HEAD");
    }
    let allow = allow.join(", ");
    MethodRouter::new().fallback(move || {
        let text = format!("この番地で使えるのは {allow} です。");
        let problem = Problem::new("method", text).with(header::ALLOW, allow.clone());
        async move { problem.into_response() }
    })
}

/// Nothing is there.
pub fn nowhere() -> Response {
    Problem::nothing().into_response()
}
