//! Pages that only say what is wrong with an address.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Frame, html};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    frame: Frame<'a>,
    title: &'a str,
    text: &'a str,
    /// Where to go instead.
    next: (&'a str, &'a str),
}

pub fn message(shown: &Shown, status: StatusCode, title: &str, text: &str, next: (&str, &str)) -> Response {
    let mut response = html(MessagePage { frame: Frame::new(shown, Here::Nowhere), title, text, next });
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// 404 with a sentence about what is missing and a page that lists what exists.
pub fn missing(shown: &Shown, text: &str, next: (&str, &str)) -> Response {
    message(shown, StatusCode::NOT_FOUND, "見つかりませんでした", text, next)
}

/// Any other address.
pub async fn nothing_here(shown: Shown) -> Response {
    let text = "この番地の画面はありません。番地が正しいか確かめるか、左の一覧から選んでください。";
    missing(&shown, text, ("/", "全体の様子に戻る"))
}

/// Any method but GET and HEAD.
pub async fn method_not_allowed(shown: Shown) -> Response {
    let text = "ここは閲覧専用の見本です。見ることだけができ、変更は受け付けません。";
    message(&shown, StatusCode::METHOD_NOT_ALLOWED, "変更はできません", text, ("/", "全体の様子に戻る"))
}
