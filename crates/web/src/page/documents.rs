//! `/documents` and the files themselves.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::message::missing;
use super::{Frame, html};
use crate::shown::Shown;
use crate::view::{DocumentView, Here};

#[derive(Template)]
#[template(path = "documents.html")]
struct DocumentsPage<'a> {
    frame: Frame<'a>,
    documents: &'a [DocumentView],
}

pub async fn list(shown: Shown) -> Response {
    html(DocumentsPage { frame: Frame::new(&shown, Here::Documents), documents: &shown.site.view.documents })
}

/// What the address names. Addresses may have more parts before it.
#[derive(Deserialize)]
pub struct At {
    file: String,
}

/// Always as an attachment: a document never runs as a page of this site.
pub async fn download(shown: Shown, Path(At { file: name }): Path<At>) -> Response {
    let Some(file) = shown.site.files.iter().find(|file| file.name == name) else {
        let text = format!("文書「{name}」はありません。");
        return missing(&shown, &text, ("/documents", "文書の一覧を見る"));
    };
    let headers =
        [(header::CONTENT_TYPE, file.media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition(&file.name))];
    (headers, file.bytes.clone()).into_response()
}

/// RFC 6266: a name in any script, percent-encoded, with an ASCII stand-in for old programs.
pub fn disposition(name: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "-._".contains(*c);
    let ascii: String = name.chars().map(|c| if plain(&c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| if plain(&char::from(byte)) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn japanese_names_survive() {
        assert_eq!(disposition("flows.xlsx"), "attachment; filename=\"flows.xlsx\"; filename*=UTF-8''flows.xlsx");
        assert_eq!(
            disposition("一覧\".pdf"),
            "attachment; filename=\"___.pdf\"; filename*=UTF-8''%E4%B8%80%E8%A6%A7%22.pdf"
        );
    }
}
