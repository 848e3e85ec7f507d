//! `/healthz`, `/readyz`, `/metrics`: for whoever looks after the machine. Nothing here tells of a customer.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use shirube_store::StoreError;

use super::App;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    /// As it stands in the list of routes: no ids of anybody.
    route: String,
    status: u16,
}

/// What is counted.
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Histogram,
    failures: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let (answered, failures) = (Family::default(), Counter::default());
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 14));
        let mut registry = Registry::with_prefix("shirube");
        registry.register("http_requests", "Requests answered", answered.clone());
        registry.register_with_unit("http_request", "Time to answer", Unit::Seconds, seconds.clone());
        registry.register("store_failures", "Times the database did not do what was asked", failures.clone());
        Self { registry, answered, seconds, failures }
    }
}

impl Metrics {
    /// Counts what the database could not do, and says it in the log.
    pub fn failed(&self, error: &StoreError) {
        match error {
            StoreError::Unavailable { log } | StoreError::Inconsistent { log, .. } => {
                self.failures.inc();
                tracing::error!(target: "shirube", %log, "store");
            }
            _ => {}
        }
    }
}

/// Counts and times every request.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let (took, status) = (started.elapsed(), response.status().as_u16());
    tracing::info!(target: "shirube", %method, %route, status, milliseconds = took.as_millis() as u64, "request");
    app.0.metrics.seconds.observe(took.as_secs_f64());
    app.0.metrics.answered.get_or_create(&Answered { method, route, status }).inc();
    response
}

/// `/healthz`: the process answers.
pub async fn health() -> &'static str {
    "ok\n"
}

/// `/readyz`: the database answers too.
pub async fn ready(State(app): State<App>) -> Response {
    match app.store().ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            app.0.metrics.failed(&error);
            (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()
        }
    }
}

/// `/metrics` in the text format of OpenMetrics, for programs on this machine.
pub async fn metrics(State(app): State<App>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let forwarded = request.headers().contains_key("x-forwarded-for");
    if forwarded || peer.is_some_and(|peer| !peer.is_loopback()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut text = String::new();
    match text::encode(&mut text, &app.0.metrics.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
