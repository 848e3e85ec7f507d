//! `…/lists`: lists as workbooks to fill in, what a workbook that comes back would change, and lists people already have.

mod foreign;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_exchange::{Fault, Laid, List, RecordChange, Stamp, Typed, lay, read, typed, workbook};
use shirube_store::{Event, Files, StoreError};

pub use self::foreign::map;

use super::edit::ConflictView;
use super::fields::Fields;
use super::guard::Acting;
use super::revisions::InService;
use super::save::{Saved, Wish, done, save as put};
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message, upload, world};
use crate::form::Signer;
use crate::page::Frame;
use crate::query::link;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// Longest upload: the largest workbook that is read, with its form.
pub const LONGEST_UPLOAD_BYTES: usize = 16 * 1024 * 1024 + 64 * 1024;

/// What one must be allowed to change.
fn resource(list: List) -> Resource {
    match list {
        List::Risks | List::Treatments => Resource::Risk,
        List::Controls => Resource::Control,
        List::Assets => Resource::Model,
    }
}

#[derive(Template)]
#[template(path = "app/lists.html")]
struct ListsPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    lists: Vec<(&'static str, &'static str, &'static str)>,
    mistakes: Vec<String>,
}

/// What each list is for.
fn about(list: List) -> &'static str {
    match list {
        List::Assets => "組織、拠点、機器や記憶媒体、接続、人、情報。一つのブックに一覧ごとのシートがあります。",
        List::Risks => "リスクごとの影響度、顕在化率、対応要否と、その理由。",
        List::Treatments => "リスクへの対応、対策、医療機関等へ対応を求める事項、残存するリスク。",
        List::Controls => "別紙2の対策項目への答え、根拠、担当者、予定日。",
    }
}

/// `GET …/lists`.
pub async fn show(acting: Acting, shown: Shown) -> Response {
    page(&acting, &shown, StatusCode::OK, Vec::new())
}

fn page(acting: &Acting, shown: &Shown, status: StatusCode, mistakes: Vec<String>) -> Response {
    let lists = List::ALL.map(|list| (list.token(), list.term(), about(list))).to_vec();
    let frame = Frame::new(shown, Here::Lists);
    with_status(status, ListsPage { frame, csrf: &acting.reader.csrf, lists, mistakes })
}

fn refused(acting: &Acting, shown: &Shown, mistakes: Vec<String>) -> Response {
    page(acting, shown, StatusCode::UNPROCESSABLE_ENTITY, mistakes)
}

#[derive(Deserialize)]
pub struct OneList {
    organisation: String,
    service: String,
    list: String,
}

/// `GET …/lists/{list}`: a list of the latest revision as a workbook.
pub async fn take(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<OneList>,
) -> Response {
    let list = at.list.parse::<List>().ok().filter(|list| acting.reader.may(Action::Export, resource(*list)));
    let Some(list) = list else { return message::nothing(Some(&acting.visitor)) };
    let revision = shown.revision.unwrap_or_default();
    let taken = async {
        let files = app.store().files(&at.organisation, &at.service, revision).await?;
        let name = shown.site.view.chrome.service.clone();
        let stamp =
            Stamp { service: at.service.clone(), name, revision: Some(revision), digest: files.digest().to_string() };
        let made = tokio::task::spawn_blocking(move || workbook(list, &texts(&files), &stamp)).await;
        let failed = |log: String| StoreError::Inconsistent { place: list.term().to_owned(), log };
        let bytes = made.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
        let mut change = app.store().begin(&at.organisation).await?;
        change.about(&format!("service/{}/revision/{revision}", at.service));
        let event = Event { action: "list.exported".to_owned(), note: list.term().to_owned() };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok::<_, StoreError>(bytes)
    };
    match taken.await {
        Ok(bytes) => {
            let name = format!("{}_第{revision}版.xlsx", list.term());
            let headers = [
                (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
                (header::CONTENT_DISPOSITION, crate::page::documents::disposition(&name)),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// `POST …/lists`: shows what a workbook of ours would change; a table of somebody else's goes to the mapping.
pub async fn upload(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    form: Multipart,
) -> Response {
    let Some(upload) = upload::read(form, "file").await else {
        let text = "ファイルが大きすぎるか、途中で切れました（上限16MB）。何も変更していません。";
        let next = ("/", "はじめの画面へ");
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return message::message(Some(&acting.visitor), status, "受け付けられませんでした", text, next);
    };
    if upload.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    if upload.bytes.is_empty() {
        return refused(&acting, &shown, vec!["ファイルを選んでください。".to_owned()]);
    }
    let name = upload.name.clone();
    let opened = tokio::task::spawn_blocking(move || read(&upload.bytes, &upload.name)).await;
    let book = match opened {
        Ok(Ok(book)) => book,
        Ok(Err(error)) => return refused(&acting, &shown, vec![error.to_string()]),
        Err(_) => return refused(&acting, &shown, vec![format!("「{name}」を読めませんでした。")]),
    };
    match shirube_exchange::origin(&book) {
        None => foreign::begin(&app, &acting, &shown, &at, book).await,
        Some(Err(told)) => refused(&acting, &shown, vec![told]),
        Some(Ok(origin)) => {
            let (typed, faults) = typed(&book, &origin);
            look(&app, &acting, &shown, &at, typed, faults).await
        }
    }
}

/// The files that a workbook came from, or why it cannot be taken in.
async fn base(app: &App, acting: &Acting, at: &InService, typed: &Typed) -> Result<Result<Files, String>, StoreError> {
    let origin = &typed.origin;
    if !acting.reader.may(Action::Import, resource(origin.list)) {
        return Ok(Err(format!("{}を取り込む権限がありません。", origin.list.term())));
    }
    if origin.service != at.service {
        return Ok(Err(
            "別のサービスから書き出したブックです。書き出したサービスの画面で取り込んでください。".to_owned()
        ));
    }
    let latest = app.store().service(&at.organisation, &at.service).await?.revision.unwrap_or(0);
    let Some(revision) = origin.revision.filter(|revision| (1..=latest).contains(revision)) else {
        return Ok(Err(
            "ブックがどの版から書き出されたのか分かりません。書き出し直して、書き写してください。".to_owned()
        ));
    };
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    match files.digest().to_string() == origin.digest {
        true => Ok(Ok(files)),
        false => {
            Ok(Err("ブックの中の照合の値が、書き出した版と合いません。書き出し直して、書き写してください。".to_owned()))
        }
    }
}

async fn laid(app: &App, acting: &Acting, files: Files, typed: Typed) -> Result<Laid, Vec<String>> {
    let (by, on) = (acting.reader.name.clone(), world::day(app.now()));
    let work = move || lay(&typed, &texts(&files), Signer { by: &by, on: &on });
    let laid = tokio::task::spawn_blocking(work).await;
    laid.unwrap_or_else(|_| Err(vec!["ブックの内容を確かめられませんでした。何も変更していません。".to_owned()]))
}

#[derive(Template)]
#[template(path = "app/list-preview.html")]
struct PreviewPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    title: &'static str,
    revision: u64,
    changes: Vec<RecordChange>,
    cells: usize,
    faults: Vec<Fault>,
    notes: Vec<String>,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
    /// What is laid again when it is saved.
    kept: String,
    why: &'a str,
}

/// Shows what the rows would change.
async fn look(app: &App, acting: &Acting, shown: &Shown, at: &InService, typed: Typed, faults: Vec<Fault>) -> Response {
    let (list, revision) = (typed.origin.list, typed.origin.revision.unwrap_or_default());
    let files = match base(app, acting, at, &typed).await {
        Ok(Ok(files)) => files,
        Ok(Err(told)) => return refused(acting, shown, vec![told]),
        Err(error) => return message::failed(app, &error),
    };
    let mut laid = match laid(app, acting, files, typed).await {
        Ok(laid) => laid,
        Err(told) => return refused(acting, shown, told),
    };
    laid.faults.splice(0..0, faults);
    preview(acting, shown, (list, revision), laid, Told::default())
}

/// What a page has to say besides the changes.
#[derive(Default)]
struct Told<'a> {
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
    why: &'a str,
}

/// Longest text of rows that comes back through the form: the form writes a character of Japanese with nine.
const LONGEST_KEPT_BYTES: usize = 1_100_000;

fn preview(acting: &Acting, shown: &Shown, (list, revision): (List, u64), laid: Laid, told: Told) -> Response {
    let kept = laid.kept.as_ref().and_then(|kept| serde_json::to_string(kept).ok()).unwrap_or_default();
    let mut mistakes = told.mistakes;
    if kept.len() > LONGEST_KEPT_BYTES {
        mistakes.push("一度に変えるところが多すぎます。いくつかのブックに分けて取り込んでください。".to_owned());
    }
    let status = match (laid.faults.is_empty() && mistakes.is_empty(), told.conflicts.is_empty()) {
        (_, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    with_status(
        status,
        PreviewPage {
            frame: Frame::new(shown, Here::Lists),
            csrf: &acting.reader.csrf,
            title: list.term(),
            revision,
            cells: laid.changes.iter().map(|change| change.cells.len()).sum(),
            changes: laid.changes,
            faults: laid.faults,
            notes: laid.notes,
            mistakes,
            conflicts: told.conflicts,
            kept: if kept.len() > LONGEST_KEPT_BYTES { String::new() } else { kept },
            why: told.why,
        },
    )
}

/// `POST …/lists/save`: takes in what was shown, all or nothing.
pub async fn save(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    let Ok(typed) = serde_json::from_str::<Typed>(fields.raw("~rows")) else { return super::edit::unclear(&acting) };
    let (list, revision) = (typed.origin.list, typed.origin.revision.unwrap_or_default());
    let files = match base(&app, &acting, &at, &typed).await {
        Ok(Ok(files)) => files,
        Ok(Err(told)) => return refused(&acting, &shown, vec![told]),
        Err(error) => return message::failed(&app, &error),
    };
    let laid = match laid(&app, &acting, files, typed).await {
        Ok(laid) => laid,
        Err(told) => return refused(&acting, &shown, told),
    };
    let why = fields.text("~why");
    let mut told = Told { why, ..Told::default() };
    if why.is_empty() {
        told.mistakes.push("変更の理由を入力してください。履歴に残ります。".to_owned());
    }
    if !laid.faults.is_empty() || !told.mistakes.is_empty() {
        return preview(&acting, &shown, (list, revision), laid, told);
    }
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on: revision,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: why,
    };
    match put(&app, &wish, &laid.edits).await {
        Ok(Saved::Yes { merged, .. }) => {
            return Redirect::to(&link(&format!("{}/lists", shown.base), &[("done", done(merged))])).into_response();
        }
        Ok(Saved::Unchanged) => {
            told.mistakes.push("今の内容と同じなので、新しい版は作りません（変更0件）。".to_owned())
        }
        Ok(Saved::Mistakes(mistakes)) => told.mistakes.extend(mistakes.into_iter().map(|mistake| mistake.message)),
        Ok(Saved::Conflicts(conflicts)) => told.conflicts = conflicts.into_iter().map(ConflictView::new).collect(),
        Err(error) => return message::failed(&app, &error),
    }
    preview(&acting, &shown, (list, revision), laid, told)
}
