//! Style sheet, mark and the answer to a watchdog.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::assets::{self, MARK};

/// `/assets/{name}`
pub async fn asset(Path(name): Path<String>) -> Response {
    match assets::find(&name) {
        Some(asset) => {
            // Addresses carry a digest of the content, so what a browser kept is never out of date.
            let headers = [
                (header::CONTENT_TYPE, asset.media_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.bytes).into_response()
        }
        None => (StatusCode::NOT_FOUND, "この部品は見つかりませんでした。\n").into_response(),
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
