//! `/o/{organisation}/selection`: what several providers disclosed side by side, what is missing, and what to ask
//! (PARTY-013, PARTY-014).
//!
//! Nothing is kept, not even that somebody compared: what a hospital thinks of choosing is its own. So that documents can
//! be taken without choosing the files again, the page carries them back in its own form; they are read anew each time.

mod input;
mod sent;
mod view;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use shirube_documents::deliverable;
use shirube_documents::write::{Format, render};
use shirube_safety::model::Date;
use shirube_safety::selection::{Selection, SelectionInfo};

use self::input::Input;
use self::sent::{Form, LONGEST_FILE_MEGABYTES, MOST, Sent};
use self::view::Compared;
use super::documents::{FORMATS, file, format_name, not_made};
use super::guard::Acting;
use super::shell::{Place, Shell, with_status};
use super::{App, message, world};

pub use self::sent::LONGEST_UPLOAD_BYTES;

/// So many mistakes are listed; the rest is counted.
const LISTED: usize = 100;

#[derive(Template)]
#[template(path = "app/selection.html")]
struct SelectionPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    compared: Option<Compared>,
    /// The files as the page carries them; none if they are too long for it.
    kept: Option<String>,
    formats: [Format; 4],
    most: usize,
    megabytes: usize,
}

/// `GET …/selection`.
pub async fn show(acting: Acting) -> Response {
    page(&acting, StatusCode::OK, Vec::new(), None)
}

fn page(
    acting: &Acting,
    status: StatusCode,
    mut mistakes: Vec<String>,
    compared: Option<(Compared, Option<String>)>,
) -> Response {
    if mistakes.len() > LISTED {
        let more = mistakes.len() - LISTED;
        mistakes.truncate(LISTED);
        mistakes.push(format!("ほかに{more}件あります。"));
    }
    let (compared, kept) = compared.map_or((None, None), |(compared, kept)| (Some(compared), kept));
    let page = SelectionPage {
        shell: Shell::acting(acting, Place::Selection),
        mistakes,
        compared,
        kept,
        formats: FORMATS,
        most: MOST,
        megabytes: LONGEST_FILE_MEGABYTES,
    };
    with_status(status, page)
}

/// What a form asked for, made.
enum Made {
    Mistakes(Vec<String>),
    Page(Box<Compared>, Option<String>),
    Document(Format, Vec<u8>),
}

/// `POST …/selection`: the comparison as a page or as a document.
pub async fn compare(State(app): State<App>, acting: Acting, form: Multipart) -> Response {
    let Some(form) = sent::read(form).await else {
        let told = format!(
            "送られたファイルの合計が大きすぎるか、途中で切れました。開示データは{MOST}件まで、一つのファイルは{LONGEST_FILE_MEGABYTES}MBまでです。"
        );
        return page(&acting, StatusCode::PAYLOAD_TOO_LARGE, vec![told], None);
    };
    if form.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    let info = SelectionInfo {
        title: "示されたものの比較".to_owned(),
        institution: acting.reader.organisation.clone(),
        by: acting.reader.name.clone(),
        on: Some(Date(world::date(app.now()))),
        ..SelectionInfo::default()
    };
    let _turn = app.0.makers.acquire().await;
    let made = tokio::task::spawn_blocking(move || made(form, info)).await;
    match made.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(Made::Page(compared, kept)) => page(&acting, StatusCode::OK, Vec::new(), Some((*compared, kept))),
        Ok(Made::Document(format, bytes)) => {
            file(&format!("事業者選定の比較表.{}", format.extension()), format.media_type(), bytes)
        }
        Ok(Made::Mistakes(mistakes)) => page(&acting, StatusCode::UNPROCESSABLE_ENTITY, mistakes, None),
        Err(error) => message::failed(&app, &not_made(error)),
    }
}

/// Reads the files and makes what is wanted; the error is for the log.
fn made(form: Form, info: SelectionInfo) -> Result<Made, String> {
    let format = match wanted(&form.format) {
        Ok(format) => format,
        Err(told) => return Ok(Made::Mistakes(vec![told])),
    };
    let (files, input) = match read(form, info) {
        Ok(read) => read,
        Err(mistakes) => return Ok(Made::Mistakes(mistakes)),
    };
    let Some(format) = format else {
        return Ok(Made::Page(Box::new(view::compared(&input)), sent::carried(&files)));
    };
    let selection = Selection::new(&input.file, &input.data);
    let document = deliverable::selection(&selection, &input.source);
    Ok(Made::Document(format, render(&document, format).map_err(|error| error.to_string())?))
}

fn wanted(format: &str) -> Result<Option<Format>, String> {
    if format.is_empty() {
        return Ok(None);
    }
    let known = FORMATS.into_iter().find(|known| known.extension() == format);
    known.map(Some).ok_or_else(|| "受け取るものを、一覧から選び直してください。".to_owned())
}

/// The files that were chosen or, without any, those that the page carried.
fn read(form: Form, info: SelectionInfo) -> Result<(Vec<Sent>, Input), Vec<String>> {
    let chosen = match form.kept.as_str() {
        kept if form.files.is_empty() && !kept.is_empty() => sent::brought_back(kept)
            .ok_or_else(|| vec!["画面に残したファイルを読めませんでした。もう一度選んでください。".to_owned()])?,
        _ => form.files,
    };
    let (files, mut mistakes) = sent::opened(chosen);
    if files.is_empty() && !mistakes.is_empty() {
        return Err(mistakes);
    }
    match input::read(&files, info) {
        Ok(input) if mistakes.is_empty() => Ok((files, input)),
        Ok(_) => Err(mistakes),
        Err(more) => {
            mistakes.extend(more);
            Err(mistakes)
        }
    }
}
