//! Pages that say why there is nothing else to see.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use shirube_store::StoreError;

use super::App;
use super::guard::Visitor;
use super::shell::{Place, Shell, with_status};

#[derive(Template)]
#[template(path = "app/message.html")]
struct MessagePage<'a> {
    shell: Shell<'a>,
    title: &'a str,
    text: &'a str,
    next: (&'a str, &'a str),
}

/// A page of one message.
pub fn message(visitor: Option<&Visitor>, status: StatusCode, title: &str, text: &str, next: (&str, &str)) -> Response {
    with_status(status, MessagePage { shell: Shell::new(visitor, Place::Nowhere), title, text, next })
}

const HOME: (&str, &str) = ("/", "はじめの画面へ");

/// What does not exist, or is not for this reader: nobody can tell which.
pub fn nothing(visitor: Option<&Visitor>) -> Response {
    let text = "この番地の画面はありません。番地が正しいか、見る権限があるかを確かめてください。";
    message(visitor, StatusCode::NOT_FOUND, "見つかりませんでした", text, HOME)
}

/// The database could not do it.
pub fn failed(app: &App, error: &StoreError) -> Response {
    app.0.metrics.failed(error);
    let (status, text) = match error {
        StoreError::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
        StoreError::Missing(_) => return nothing(None),
        StoreError::ChangedMeanwhile { .. } | StoreError::Exists(_) => (StatusCode::CONFLICT, error.to_string()),
        StoreError::Id(_) | StoreError::File { .. } => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    };
    message(None, status, "処理できませんでした", &format!("{text}何も変更していません。"), HOME)
}

/// The same, where a missing thing is the usual case.
pub fn missing_or_failed(app: &App, visitor: &Visitor, error: &StoreError) -> Response {
    match error {
        StoreError::Missing(_) => nothing(Some(visitor)),
        _ => failed(app, error),
    }
}

/// A form that was opened in another session.
pub fn stale_form() -> Response {
    let text = "画面を開いた後にログインし直したため、この画面からは送れません。前の画面に戻り、読み込み直してから、もう一度お試しください。何も変更していません。";
    message(None, StatusCode::FORBIDDEN, "受け付けられませんでした", text, HOME)
}

/// A form that another site sent.
pub fn foreign() -> Response {
    let text = "ほかのサイトの画面から送られた操作は受け付けません。何も変更していません。";
    message(None, StatusCode::FORBIDDEN, "受け付けられませんでした", text, HOME)
}

/// A form longer than is taken there.
pub fn too_long(longest_bytes: usize) -> Response {
    let text = format!(
        "送られた内容が大きすぎるか、途中で切れました（上限{}MB）。分けて送ってください。何も変更していません。",
        longest_bytes / (1024 * 1024)
    );
    message(None, StatusCode::PAYLOAD_TOO_LARGE, "受け付けられませんでした", &text, HOME)
}

/// Somebody who was let in by a substitute for a lost factor wants to do more than look.
pub fn lowered(visitor: &Visitor) -> Response {
    let text = "なくした二つ目の認証の代わりの手段でログインしているため、見ることだけができます。変更や書き出しは、二つ目の認証を設定し直してからにしてください。何も変更していません。";
    message(Some(visitor), StatusCode::FORBIDDEN, "今は見ることだけができます", text, HOME)
}

/// A right person at a wrong time (AUTHN-016).
pub fn out_of_hours(hours: &str) -> Response {
    let text = format!(
        "今は、組織が決めた利用できる時間帯（{hours}）ではありません。急ぎのときは、組織の管理者か安全管理責任者に、時間外のログインの承認を頼んでください。"
    );
    message(None, StatusCode::FORBIDDEN, "ログインできる時間帯ではありません", &text, ("/sign-in", "ログインの画面へ"))
}
