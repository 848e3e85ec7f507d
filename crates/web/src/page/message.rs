//! Pages that only say what is wrong with an address.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Frame, html};
use crate::site::Site;
use crate::view::{Chrome, Here};

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    frame: Frame<'a>,
    title: &'a str,
    text: &'a str,
    /// Where to go instead.
    next: (&'a str, &'a str),
}

fn message(chrome: &Chrome, status: StatusCode, title: &str, text: &str, next: (&str, &str)) -> Response {
    let mut response = html(MessagePage { frame: Frame::new(chrome, Here::Nowhere), title, text, next });
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// 404 with a sentence about what is missing and a page that lists what exists.
pub fn missing(site: &Site, text: &str, next: (&str, &str)) -> Response {
    message(&site.view.chrome, StatusCode::NOT_FOUND, "見つかりませんでした", text, next)
}

/// Any other address.
pub async fn nothing_here(State(site): State<Arc<Site>>) -> Response {
    let text = "この番地の画面はありません。番地が正しいか確かめるか、左の一覧から選んでください。";
    missing(&site, text, ("/", "全体の様子に戻る"))
}

/// Any method but GET and HEAD.
pub async fn method_not_allowed(State(site): State<Arc<Site>>) -> Response {
    let text = "ここは閲覧専用の見本です。見ることだけができ、変更は受け付けません。";
    message(&site.view.chrome, StatusCode::METHOD_NOT_ALLOWED, "変更はできません", text, ("/", "全体の様子に戻る"))
}
