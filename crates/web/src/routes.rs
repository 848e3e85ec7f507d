//! Addresses and what answers them.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::middleware::from_fn;
use axum::routing::get;
use axum::{Extension, Router};
use tokio::net::TcpListener;

use crate::guideline;
use crate::headers::protect;
use crate::page;
use crate::shown::Shown;
use crate::site::Site;
use crate::words;

/// All pages of a site. Every address answers GET and HEAD, nothing else.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(page::overview::show))
        .route("/diagram", get(page::diagram::show))
        .route("/flows", get(page::flows::show))
        .route("/risks", get(page::risks::list))
        .route("/risks/{number}", get(page::risks::one))
        .route("/coverage", get(page::coverage::show))
        .route("/treatments", get(page::treatments::show))
        .route("/controls", get(page::controls::list))
        .route("/controls/{id}", get(page::controls::one))
        .route("/catalog", get(guideline::list))
        .route("/catalog/search", get(guideline::search))
        .route("/catalog/compare", get(guideline::compare))
        .route("/catalog/{edition}", get(guideline::one))
        .route("/catalog/{edition}/{id}", get(guideline::item))
        .route("/glossary", get(words::show))
        .route("/statutory", get(page::statutory::show))
        .route("/documents", get(page::documents::list))
        .route("/documents/{file}", get(page::documents::download))
        .route("/assets/{name}", get(page::files::asset))
        .route("/favicon.ico", get(page::files::favicon))
        .route("/healthz", get(page::files::health))
        .method_not_allowed_fallback(page::message::method_not_allowed)
        .fallback(page::message::nothing_here)
        .layer(Extension(Shown {
            site,
            base: "".into(),
            reader: None,
            revision: None,
            state: "",
            done: None,
            attached: std::sync::Arc::from([]),
            recorded: std::sync::Arc::from([]),
            made: None,
            today: None,
            views: Arc::new([]),
        }))
        .layer(from_fn(protect))
}

/// Serves the site until `shutdown` comes, then finishes the requests under way.
pub async fn serve<F>(listener: TcpListener, site: Arc<Site>, shutdown: F) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    axum::serve(listener, router(site)).with_graceful_shutdown(shutdown).await
}
