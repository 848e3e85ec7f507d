//! What stands around a page about guidelines and words: a service, or an organisation of the application.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::app::{Acting, Place, Shell};
use crate::page::{Frame, html};
use crate::shown::Shown;
use crate::view::Here;

/// Where the reader came from, so that the page keeps the frame they know.
pub enum Around {
    Service(Box<Shown>),
    Organisation(Acting),
}

#[derive(Template)]
#[template(path = "around.html")]
struct InService<'a> {
    frame: Frame<'a>,
    title: &'a str,
    /// Trusted: our own template, which escapes every text.
    body: String,
}

#[derive(Template)]
#[template(path = "app/around.html")]
struct InOrganisation<'a> {
    shell: Shell<'a>,
    title: &'a str,
    /// Trusted: our own template, which escapes every text.
    body: String,
}

/// Which of the two subjects a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Guideline,
    Words,
}

impl Around {
    /// What addresses of the pages begin with; empty on the read-only site.
    pub fn base(&self) -> String {
        match self {
            Self::Service(shown) => shown.base.to_string(),
            Self::Organisation(acting) => format!("/o/{}", acting.reader.organisation_id),
        }
    }

    /// Address of the list of words.
    pub fn words(&self) -> String {
        let organisation = match self {
            Self::Service(shown) => shown.reader.as_ref().map(|reader| &reader.organisation_id),
            Self::Organisation(acting) => Some(&acting.reader.organisation_id),
        };
        organisation.map_or_else(|| "/glossary".to_owned(), |id| format!("/o/{id}/glossary"))
    }

    /// The service, if there is one around.
    pub fn service(&self) -> Option<&Shown> {
        match self {
            Self::Service(shown) => Some(shown),
            Self::Organisation(_) => None,
        }
    }

    /// The page with its frame.
    pub fn page(&self, subject: Subject, status: StatusCode, title: &str, body: &impl Template) -> Response {
        let Ok(body) = body.render() else {
            return (StatusCode::INTERNAL_SERVER_ERROR, "画面を作れませんでした。").into_response();
        };
        let mut response = match self {
            Self::Service(shown) => {
                let here = if subject == Subject::Words { Here::Words } else { Here::Guideline };
                html(InService { frame: Frame::new(shown, here), title, body })
            }
            Self::Organisation(acting) => {
                let place = if subject == Subject::Words { Place::Words } else { Place::Guideline };
                html(InOrganisation { shell: Shell::acting(acting, place), title, body })
            }
        };
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }

    /// 404 with a sentence about what is missing.
    pub fn missing(&self, subject: Subject, text: &str, next: (&str, &str)) -> Response {
        let body = MissingBody { text, href: format!("{}{}", self.base(), next.0), next: next.1 };
        self.page(subject, StatusCode::NOT_FOUND, "見つかりませんでした", &body)
    }
}

#[derive(Template)]
#[template(path = "around-missing.html")]
struct MissingBody<'a> {
    text: &'a str,
    href: String,
    next: &'a str,
}

impl<S: Sync> FromRequestParts<S> for Around {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if let Some(shown) = parts.extensions.get::<Shown>() {
            return Ok(Self::Service(Box::new(shown.clone())));
        }
        let acting = parts.extensions.get::<Acting>().cloned();
        acting.map(Self::Organisation).ok_or_else(|| StatusCode::NOT_FOUND.into_response())
    }
}
