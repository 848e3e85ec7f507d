//! `…/attachments/new` and `POST …/attachments`: a file with what is known of it.

use askama::Template;
use axum::extract::{Multipart, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_store::{Event, NewAttachment, StoreError};

use super::facts::{CONFIDENTIALITY, Facts, Kind, kinds};
use super::file::{LARGEST_FILE_BYTES, accepted, too_large};
use super::{OfService, Subject};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::page::Frame;
use crate::shown::Shown;
use crate::view::Here;

/// Longest upload: a file with its form.
pub const LONGEST_UPLOAD_BYTES: usize = LARGEST_FILE_BYTES + 64 * 1024;

/// Longest field beside the file.
const LONGEST_FIELD_BYTES: usize = 16 * 1024;

#[derive(Template)]
#[template(path = "app/attachment-new.html")]
struct NewPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    subject: Subject,
    about: &'a str,
    /// The file whose place is taken: id and name.
    supersedes: Option<(&'a str, String)>,
    fields: &'a Fields,
    kinds: Vec<Kind>,
    handlings: &'static [(&'static str, &'static str)],
    largest_megabytes: usize,
    today: String,
    mistakes: Vec<String>,
}

/// `GET …/attachments/new`.
pub async fn form(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(of): Path<OfService>,
    RawQuery(raw): RawQuery,
) -> Response {
    // Ids of risks are longer than what filters take.
    let fields = Fields::parse(raw.unwrap_or_default().as_bytes());
    page(&app, &acting, &shown, &of.service, &fields, (StatusCode::OK, Vec::new())).await
}

async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    service: &str,
    fields: &Fields,
    (status, mistakes): (StatusCode, Vec<String>),
) -> Response {
    let about = fields.text("about");
    let old = match fields.text("supersedes") {
        "" => None,
        id => match app.store().attachment_record(&acting.reader.organisation_id, service, id).await {
            Ok(old) => Some((id, old.file_name)),
            Err(error) => return message::missing_or_failed(app, &acting.visitor, &error),
        },
    };
    let Some(subject) = Subject::find(shown, about) else { return crate::app::edit::unclear(acting) };
    with_status(
        status,
        NewPage {
            frame: Frame::new(shown, Here::Evidence),
            csrf: &acting.reader.csrf,
            subject,
            about,
            supersedes: old,
            fields,
            kinds: kinds().collect(),
            handlings: &CONFIDENTIALITY,
            largest_megabytes: LARGEST_FILE_BYTES / 1024 / 1024,
            today: world::day(app.now()),
            mistakes,
        },
    )
}

/// What came with a form that carries a file.
#[derive(Default)]
struct Sent {
    fields: Vec<(String, String)>,
    file_name: String,
    bytes: Vec<u8>,
    /// It was longer than is taken, or cut off.
    broken: bool,
}

async fn read(mut form: Multipart) -> Sent {
    let mut sent = Sent::default();
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return sent,
            Err(_) => break,
        };
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let Ok(bytes) = field.bytes().await else { break };
        match (name.as_str(), file_name) {
            ("file", file_name) => (sent.file_name, sent.bytes) = (file_name.unwrap_or_default(), bytes.to_vec()),
            _ if bytes.len() > LONGEST_FIELD_BYTES => break,
            (name, _) => {
                let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
                sent.fields.push((name.to_owned(), text));
            }
        }
    }
    sent.broken = true;
    sent
}

/// `POST …/attachments`.
pub async fn hand_in(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    form: Multipart,
) -> Response {
    let sent = read(form).await;
    let fields = Fields::from_pairs(sent.fields);
    if fields.raw("csrf") != acting.reader.csrf {
        return match sent.broken {
            true => {
                let next = ("/", "はじめの画面へ");
                let status = StatusCode::PAYLOAD_TOO_LARGE;
                message::message(Some(&acting.visitor), status, "受け付けられませんでした", &too_large(), next)
            }
            false => message::stale_form(),
        };
    }
    let about = fields.text("about");
    let mut mistakes = Vec::new();
    let accepted = match sent.broken {
        true => Err(too_large()),
        false => accepted(&sent.file_name, &sent.bytes),
    };
    let facts = Facts::read(&fields, world::date(app.now()));
    mistakes.extend(accepted.as_ref().err().cloned());
    mistakes.extend(facts.as_ref().err().cloned().into_iter().flatten());
    if let (Ok((name, media_type)), Ok(facts), Some(subject)) = (accepted, facts, Subject::find(&shown, about)) {
        let kept = serde_json::to_string(&facts).unwrap_or_default();
        let supersedes = Some(fields.text("supersedes")).filter(|id| !id.is_empty());
        let id = app.new_id('e');
        let new = NewAttachment {
            id: &id,
            service: &at.service,
            about,
            file_name: &name,
            media_type,
            supersedes,
            facts: &kept,
            bytes: &sent.bytes,
        };
        let action = if supersedes.is_some() { "attachment.replaced" } else { "attachment.added" };
        let note = format!("{name}（{}）\n{}", subject.title, facts.words());
        match keep(&app, &from, &acting, &at, new, Event { action: action.to_owned(), note }).await {
            Ok(()) => return Redirect::to(&format!("{}/attachments/{id}", shown.base)).into_response(),
            Err(StoreError::State { .. }) => mistakes.push(
                "差し替えようとした資料は、もう別のものに差し替えられています。新しいほうを開き、そこから差し替えてください。"
                    .to_owned(),
            ),
            Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
        }
    }
    page(&app, &acting, &shown, &at.service, &fields, (StatusCode::UNPROCESSABLE_ENTITY, mistakes)).await
}

async fn keep(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InService,
    new: NewAttachment<'_>,
    event: Event,
) -> Result<(), StoreError> {
    let mut change = app.store().begin(&at.organisation).await?;
    change.attach(new).await?;
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}
