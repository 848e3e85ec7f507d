//! The pages: one module each, a template and what answers its address.

pub mod controls;
pub mod coverage;
pub mod diagram;
pub mod documents;
pub mod files;
pub mod flows;
pub mod message;
pub mod overview;
pub mod risks;
pub mod statutory;
pub mod treatments;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::assets::{MARK, STYLE};
use crate::view::{Chrome, Here};

/// What the layout of every page needs.
struct Frame<'a> {
    chrome: &'a Chrome,
    here: Here,
    style: &'static str,
    mark: &'static str,
}

impl<'a> Frame<'a> {
    fn new(chrome: &'a Chrome, here: Here) -> Self {
        Self { chrome, here, style: &STYLE, mark: &MARK }
    }
}

/// Renders a page. A template can only fail by a bug, which must not show a half page.
fn html(page: impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "画面を作れませんでした。").into_response(),
    }
}
