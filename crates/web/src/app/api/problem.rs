//! What went wrong, as `application/problem+json` (RFC 9457): a sentence for people, a code for programs.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use shirube_folder::edit::Conflict;
use shirube_store::StoreError;

use crate::app::App;

/// Why a request was not carried out. Nothing of it was kept.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Problem(Box<Told>);

/// 要求のとおりにできなかった理由。
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ProblemDetails")]
struct Told {
    /// 問題の種類の番地。説明のページの見出しを指す。
    #[serde(rename = "type")]
    kind: String,
    /// 問題の種類の名前。
    title: &'static str,
    /// HTTPの状態番号。
    status: u16,
    /// 何が起き、どうすればよいか。
    detail: String,
    /// 直す場所ごとの説明。
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// 同じ所を変えた人がいるときの、三つの値。
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conflicts: Vec<ConflictOut>,
    #[serde(skip)]
    store: Option<StoreError>,
    #[serde(skip)]
    headers: Vec<(header::HeaderName, String)>,
}

/// 直す場所。`pointer`か`parameter`のどちらかがある。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldError {
    /// 本文の中の場所（JSON Pointer）。
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// 番地の「?」より後の項目の名前。
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    pub detail: String,
}

/// 二人が同じ所を変えたときの値。
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConflictOut {
    /// 場所の名前。
    place: String,
    /// 元にした版の値。
    base: String,
    /// 送られた値。
    ours: String,
    /// 今の版の値。
    theirs: String,
}

impl From<Conflict> for ConflictOut {
    fn from(conflict: Conflict) -> Self {
        Self { place: conflict.place, base: conflict.base, ours: conflict.ours, theirs: conflict.theirs }
    }
}

/// Codes and titles, as the reference lists them.
pub const KINDS: [(&str, &str, u16); 14] = [
    ("bad-request", "読めない要求です", 400),
    ("unauthorised", "トークンが必要です", 401),
    ("read-only", "トークンでは変更できません", 403),
    ("not-found", "見つかりません", 404),
    ("method", "この番地では使えない操作です", 405),
    ("conflict", "今の状態ではできません", 409),
    ("changed", "ほかの人が変更しました", 412),
    ("too-long", "送られた内容が大きすぎます", 413),
    ("media-type", "内容の形式が違います", 415),
    ("mistakes", "内容に誤りがあります", 422),
    ("match-required", "元にした版の指定が必要です", 428),
    ("wait", "しばらく待ってください", 429),
    ("failed", "処理できませんでした", 500),
    ("unavailable", "データベースを利用できません", 503),
];

impl Problem {
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        let (code, title, status) = KINDS.into_iter().find(|(known, ..)| *known == code).unwrap_or(KINDS[12]);
        Self(Box::new(Told {
            kind: format!("/reference/api#problem-{code}"),
            title,
            status,
            detail: detail.into(),
            errors: Vec::new(),
            conflicts: Vec::new(),
            store: None,
            headers: Vec::new(),
        }))
    }

    /// What is not there, or not for this token: nobody can tell which.
    pub fn nothing() -> Self {
        Self::new("not-found", "この番地のものはありません。番地と、トークンに渡した役割を確かめてください。")
    }

    pub fn mistakes(errors: Vec<FieldError>) -> Self {
        let text = "内容に誤りがあるため、何も変更していません。errors の場所を直してください。";
        Self::new("mistakes", text).at(errors)
    }

    pub fn unreadable(errors: Vec<FieldError>) -> Self {
        Self::new("bad-request", "要求を読めませんでした。errors の場所を直してください。").at(errors)
    }

    pub fn conflicts(conflicts: Vec<Conflict>) -> Self {
        let text = "元にした版より後に、ほかの人が同じ所を変えています。何も変更していません。conflicts を見て、今の版を読み直してください。";
        let mut problem = Self::new("changed", text);
        problem.0.conflicts = conflicts.into_iter().map(ConflictOut::from).collect();
        problem
    }

    fn at(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    fn because(mut self, error: StoreError) -> Self {
        self.0.store = Some(error);
        self
    }

    /// The answer, after what the database could not do was counted.
    pub fn answered(self, app: &App) -> Response {
        if let Some(error) = &self.0.store {
            app.0.metrics.failed(error);
        }
        self.into_response()
    }

    pub fn with(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }
}

impl FieldError {
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), parameter: None, detail: detail.into() }
    }

    pub fn of(parameter: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: None, parameter: Some(parameter.into()), detail: detail.into() }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Missing(_) => return Self::nothing().because(error),
            StoreError::Unavailable { .. } => "unavailable",
            StoreError::ChangedMeanwhile { .. } => "changed",
            StoreError::Exists(_) | StoreError::State { .. } | StoreError::Used => "conflict",
            StoreError::Id(_) | StoreError::File { .. } => "mistakes",
            _ => "failed",
        };
        let text = format!("{error}何も変更していません。");
        Self::new(code, text).because(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).expect("texts are JSON");
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        for (name, value) in self.0.headers {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
