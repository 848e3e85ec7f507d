//! Style sheet, mark and the answer to a watchdog.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};

use super::message::missing;
use crate::assets::{self, MARK};
use crate::site::Site;

/// `/assets/{name}`
pub async fn asset(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    match assets::find(&name) {
        Some(asset) => {
            // Addresses carry a digest of the content, so what a browser kept is never out of date.
            let headers = [
                (header::CONTENT_TYPE, asset.media_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.bytes).into_response()
        }
        None => missing(&site, "この部品はありません。", ("/", "全体の様子に戻る")),
    }
}

/// Browsers ask for it unasked.
pub async fn favicon() -> Redirect {
    Redirect::to(&MARK)
}

/// `/healthz`
pub async fn health() -> &'static str {
    "ok\n"
}
