//! Documents: drafts made now, and the frozen copies of what was issued.

use schemars::JsonSchema;
use serde::Serialize;
use shirube_documents::deliverable::Deliverable;
use shirube_documents::write::{Format, render};
use shirube_safety::Service;
use shirube_store::{Event, Issued, Missing, StoreError};

use super::operation::{Call, Nothing};
use super::problem::Problem;
use super::records::encoded;
use super::reply::{Cursor, FileReply, One, Page, Paging};
use crate::app::documents::source;
use crate::app::sites::texts;

const FORMATS: [Format; 6] = [Format::Pdf, Format::Docx, Format::Xlsx, Format::Html, Format::Markdown, Format::Json];

/// 作れる文書。
#[derive(Serialize, JsonSchema)]
pub struct Documents {
    items: Vec<DocumentOut>,
}

/// 作れる文書の一つ。
#[derive(Serialize, JsonSchema)]
pub struct DocumentOut {
    name: &'static str,
    title: &'static str,
    /// 形式ごとの番地。
    href: Vec<String>,
}

pub async fn list(call: Call<Nothing, Nothing>) -> Result<One<Documents>, Problem> {
    let (_, tag) = super::latest(&call).await?;
    let base = format!("/api/v1/services/{}/documents", encoded(call.service()));
    let items = Deliverable::ALL.iter().map(|deliverable| DocumentOut {
        name: deliverable.name(),
        title: deliverable.title(),
        href: FORMATS.iter().map(|format| format!("{base}/{}.{}", deliverable.name(), format.extension())).collect(),
    });
    Ok(One::tagged(Documents { items: items.collect() }, tag))
}

/// What a file name asks for.
fn asked(file: &str) -> Option<(&str, Format)> {
    let (name, extension) = file.rsplit_once('.')?;
    Some((name, FORMATS.into_iter().find(|format| format.extension() == extension)?))
}

pub async fn draft(call: Call<Nothing, Nothing>) -> Result<FileReply, Problem> {
    let (name, format) = asked(call.at("file")).ok_or_else(Problem::nothing)?;
    let deliverable = name.parse::<Deliverable>().map_err(|_| Problem::nothing())?;
    let (_, tag) = super::latest(&call).await?;
    let files = call.app.store().files(call.organisation_id(), call.service(), tag.revision).await?;
    let revision = tag.revision;
    let _turn = call.app.0.makers.acquire().await;
    let made = tokio::task::spawn_blocking(move || {
        let mut folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
        folder.files.service.document.issued_on = None;
        let service = Service::new(&folder.files);
        let source = source(revision, &files.digest().to_string());
        render(&deliverable.build(&service, &source), format).map_err(|error| error.to_string())
    });
    let made = made.await.unwrap_or_else(|error| Err(error.to_string()));
    let bytes = made.map_err(|log| StoreError::Inconsistent { place: "文書".to_owned(), log })?;
    Ok(FileReply { name: call.at("file").to_owned(), media_type: media_type(format), bytes })
}

/// The type without parameters.
fn media_type(format: Format) -> &'static str {
    let whole = format.media_type();
    whole.split(';').next().unwrap_or(whole)
}

/// 発行した文書の写し。
#[derive(Serialize, JsonSchema)]
pub struct IssuedOut {
    /// 発行の番号（証跡の番号）。
    entry: u64,
    revision: u64,
    name: String,
    format: String,
    title: String,
    size: u64,
    /// 写しのダイジェスト（SHA-256）。
    digest: String,
    /// 発行した時（協定世界時）。
    at: String,
    /// 発行した人のid。
    by: String,
    href: String,
}

pub async fn issued(call: Call<Paging, Nothing>) -> Result<Page<IssuedOut>, Problem> {
    let cursor = Cursor::read(call.query.cursor.as_deref())?;
    let all = call.app.store().issued(call.organisation_id(), call.service(), None).await?;
    let base = format!("/api/v1/services/{}/issued", encoded(call.service()));
    let out = |issued: Issued| IssuedOut {
        href: format!("{base}/{}/{}.{}", issued.entry.number, issued.name, issued.format),
        entry: issued.entry.number,
        revision: issued.revision,
        name: issued.name,
        format: issued.format,
        title: issued.title,
        size: issued.size,
        digest: issued.digest.to_string(),
        at: issued.entry.at,
        by: issued.entry.actor,
    };
    Ok(cursor.part(all.into_iter().map(out).collect(), call.query.limit, None, &base, &[]))
}

pub async fn copy(call: Call<Nothing, Nothing>) -> Result<FileReply, Problem> {
    let (name, format) = asked(call.at("file")).ok_or_else(Problem::nothing)?;
    let (store, entry) = (call.app.store(), call.number("entry")?);
    let (issued, bytes) = store.issued_document(call.organisation_id(), entry, name, format.extension()).await?;
    // What was made for one institution is not for programs.
    if issued.service != call.service() || issued.institution.is_some() {
        return Err(StoreError::Missing(Missing::Document).into());
    }
    let mut change = store.begin(call.organisation_id()).await?;
    change.about(&format!("service/{}/revision/{}", call.service(), issued.revision));
    let event = Event { action: "document.taken".to_owned(), note: format!("{}（{}）", issued.title, issued.format) };
    change.commit(&call.acting.reader.person, call.from.origin(), &call.app.at(), event).await?;
    Ok(FileReply { name: call.at("file").to_owned(), media_type: media_type(format), bytes })
}
