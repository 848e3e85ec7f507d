//! What stands around the pages that belong to no service.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::guard::{Acting, Visitor};
use crate::assets::{MARK, PASSKEY, SCRIPT, STYLE};
use crate::page::html;
use crate::reader::Reader;

/// Where in the application a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Home,
    People,
    Institutions,
    Selection,
    Duties,
    Portal,
    Rights,
    Trail,
    Settings,
    Review,
    Tokens,
    Webhooks,
    Account,
    Guideline,
    Words,
    Nowhere,
}

/// Frame of a page outside of a service.
pub struct Shell<'a> {
    pub style: &'static str,
    pub mark: &'static str,
    pub script: &'static str,
    /// The script that talks to devices with passkeys, for the pages that need it.
    pub passkey: &'static str,
    pub place: Place,
    /// Whom the reader acts for; none before signing in and on pages about the reader.
    pub reader: Option<&'a Reader>,
    pub visitor: Option<&'a Visitor>,
}

impl<'a> Shell<'a> {
    pub fn new(visitor: Option<&'a Visitor>, place: Place) -> Self {
        Self { style: &STYLE, mark: &MARK, script: &SCRIPT, passkey: &PASSKEY, place, reader: None, visitor }
    }

    pub fn acting(acting: &'a Acting, place: Place) -> Self {
        Self { reader: Some(&acting.reader), ..Self::new(Some(&acting.visitor), place) }
    }

    /// The paper that the reader chose.
    pub fn theme(&self) -> Option<&'static str> {
        self.visitor.and_then(|visitor| visitor.preferences.theme.chosen())
    }

    /// Where the words of the page are explained; nowhere before one acts for an organisation.
    pub fn words(&self) -> Option<String> {
        let reader = self.reader.filter(|_| self.place != Place::Words)?;
        Some(format!("/o/{}/glossary", reader.organisation_id))
    }

    /// What stands in every form of the page.
    pub fn csrf(&self) -> &str {
        self.visitor.map_or("", |visitor| &visitor.csrf)
    }
}

/// A page with another status than 200, if it could be made.
pub fn with_status(status: StatusCode, page: impl askama::Template) -> Response {
    let mut response = html(page);
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response.into_response()
}
