//! Answers of the API: what is sent, and how the reference describes it. Both come from the same type.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::problem::{FieldError, Problem};
use super::tag::Tag;

/// What the reference says of an answer.
pub struct Answer {
    pub statuses: Vec<(u16, &'static str)>,
    pub media_types: Vec<&'static str>,
    /// None for files.
    pub schema: Option<Value>,
    pub headers: Vec<&'static str>,
}

/// What a handler gives back.
pub trait Reply: Send + 'static {
    fn respond(self) -> Response;
    fn answer(generator: &mut SchemaGenerator) -> Answer;
}

/// One thing, with the revision it belongs to where it belongs to one.
pub struct One<T> {
    pub value: T,
    pub tag: Option<Tag>,
}

impl<T> One<T> {
    pub fn plain(value: T) -> Self {
        Self { value, tag: None }
    }

    pub fn tagged(value: T, tag: Tag) -> Self {
        Self { value, tag: Some(tag) }
    }
}

impl<T: Serialize + JsonSchema + Send + 'static> Reply for One<T> {
    fn respond(self) -> Response {
        json(StatusCode::OK, &self.value, self.tag.as_ref())
    }

    fn answer(generator: &mut SchemaGenerator) -> Answer {
        let schema = generator.subschema_for::<T>().to_value();
        Answer {
            statuses: vec![(200, "読めました。")],
            media_types: JSON.to_vec(),
            schema: Some(schema),
            headers: vec!["ETag"],
        }
    }
}

/// What became of a change.
pub struct Written<T> {
    pub value: T,
    pub tag: Option<Tag>,
    /// Address of what was made.
    pub location: Option<String>,
}

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Written<T> {
    fn respond(self) -> Response {
        let status = if self.location.is_some() { StatusCode::CREATED } else { StatusCode::OK };
        let mut response = json(status, &self.value, self.tag.as_ref());
        if let Some(location) = self.location.and_then(|location| location.parse().ok()) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }

    fn answer(generator: &mut SchemaGenerator) -> Answer {
        Answer {
            statuses: vec![(200, "変更しました。"), (201, "作りました。")],
            headers: vec!["ETag", "Location"],
            ..One::<T>::answer(generator)
        }
    }
}

/// Part of a list.
#[derive(Serialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// 続きを読むときに`cursor`に渡す値。最後まで読んだらnull。
    pub next: Option<String>,
    #[serde(skip)]
    pub tag: Option<Tag>,
    /// Address of the next part.
    #[serde(skip)]
    pub link: Option<String>,
}

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Page<T> {
    fn respond(self) -> Response {
        let mut response = json(StatusCode::OK, &self, self.tag.as_ref());
        if let Some(link) = self.link.and_then(|link| format!("<{link}>; rel=\"next\"").parse().ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }

    fn answer(generator: &mut SchemaGenerator) -> Answer {
        Answer { headers: vec!["ETag", "Link"], ..One::<Self>::answer(generator) }
    }
}

/// A file.
pub struct FileReply {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// What files are.
const MEDIA_TYPES: [&str; 8] = [
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/html",
    "text/markdown",
    "application/json",
    "application/yaml",
    "application/zip",
];

impl Reply for FileReply {
    fn respond(self) -> Response {
        let name = crate::page::documents::disposition(&self.name);
        let headers = [(header::CONTENT_TYPE, self.media_type.to_owned()), (header::CONTENT_DISPOSITION, name)];
        (headers, self.bytes).into_response()
    }

    fn answer(_: &mut SchemaGenerator) -> Answer {
        Answer {
            statuses: vec![(200, "ファイルの内容です。")],
            media_types: MEDIA_TYPES.to_vec(),
            schema: None,
            headers: vec!["Content-Disposition"],
        }
    }
}

const JSON: [&str; 1] = ["application/json"];

fn json(status: StatusCode, value: &impl Serialize, tag: Option<&Tag>) -> Response {
    let body = serde_json::to_vec(value).expect("values of the API are JSON");
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(tag) = tag.and_then(|tag| tag.to_string().parse().ok()) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// How much of a list is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// 一度に返す数の上限。
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// 前の答えの`next`。省くと始めから。
    #[schemars(regex(pattern = r"^[0-9]{1,9}\.[0-9]{1,9}$"))]
    pub cursor: Option<String>,
}

/// Entries of a list without a wish.
pub const USUAL: u32 = 50;

/// A part of a list that stands in memory. The cursor holds the revision, so that the parts fit together even if
/// somebody saves in between.
pub struct Cursor {
    pub revision: Option<u64>,
    offset: usize,
}

impl Cursor {
    pub fn read(cursor: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = cursor else { return Ok(Self { revision: None, offset: 0 }) };
        let parsed = text.split_once('.').and_then(|(revision, offset)| {
            Some(Self { revision: Some(revision.parse().ok()?), offset: offset.parse().ok()? })
        });
        parsed.ok_or_else(unknown_cursor)
    }

    /// The part of `all` from here on.
    pub fn part<T>(
        &self,
        all: Vec<T>,
        limit: Option<u32>,
        tag: Option<Tag>,
        path: &str,
        query: &[(&str, &str)],
    ) -> Page<T> {
        let limit = limit.unwrap_or(USUAL) as usize;
        let more = all.len() > self.offset.saturating_add(limit);
        let revision = tag.as_ref().map_or(0, |tag| tag.revision);
        let next = more.then(|| format!("{revision}.{}", self.offset + limit));
        let items = all.into_iter().skip(self.offset).take(limit).collect();
        let link = next.as_ref().map(|next| linked(path, next, limit, query));
        Page { items, next, tag, link }
    }
}

/// The address of the next part.
pub fn linked(path: &str, next: &str, limit: usize, query: &[(&str, &str)]) -> String {
    let limit = limit.to_string();
    let mut pairs: Vec<(&str, &str)> = query.to_vec();
    pairs.extend([("limit", limit.as_str()), ("cursor", next)]);
    crate::query::link(path, &pairs)
}

pub fn unknown_cursor() -> Problem {
    Problem::unreadable(vec![FieldError::of("cursor", "前の答えの next の値をそのまま書いてください。")])
}
