//! What a request is shown, and to whom.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::reader::Reader;
use crate::site::Site;
use crate::view::{AttachedView, RecordedView};

/// A service as a site, below which address it stands, and who reads it. The router or the guard of the application
/// puts it into the request.
#[derive(Clone)]
pub struct Shown {
    pub site: Arc<Site>,
    /// What all addresses of the service begin with; empty for the site of one service.
    pub base: Arc<str>,
    /// None on the read-only site.
    pub reader: Option<Arc<Reader>>,
    /// Number of the revision; none on the read-only site.
    pub revision: Option<u64>,
    /// Where the revision stands, e.g. `下書き`.
    pub state: &'static str,
    /// What became of the save that led here; see `app::save::done`.
    pub done: Option<&'static str>,
    /// Evidence that was handed in, where the page shows it and the reader may see it.
    pub attached: Arc<[AttachedView]>,
    /// What the registers say to the control that the page shows.
    pub recorded: Arc<[RecordedView]>,
    /// When and by whom the revision was made, if it is the latest.
    pub made: Option<Made>,
    /// The day it is, in the application.
    pub today: Option<chrono::NaiveDate>,
    /// Conditions that the reader keeps for the list that is shown.
    pub views: Arc<[Kept]>,
}

/// Conditions of a list under a name.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: String,
    pub name: String,
    pub href: String,
    pub on: bool,
}

/// When and by whom a revision was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// E.g. `10:32`, in Japan.
    pub time: String,
    /// Whether the reader made it and may take it back.
    pub mine: bool,
}

impl Shown {
    /// Id of the service in the application; empty on the read-only site.
    pub fn service(&self) -> &str {
        self.base.rsplit_once("/s/").map_or("", |(_, id)| id)
    }
}

impl<S: Sync> FromRequestParts<S> for Shown {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let shown = parts.extensions.get::<Self>().cloned();
        shown.ok_or_else(|| (axum::http::StatusCode::NOT_FOUND, "見つかりません。\n").into_response())
    }
}
