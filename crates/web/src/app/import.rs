//! `POST …/import`: the files of a service folder, as a new revision through the same door as forms.

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_documents::write::unpack;
use shirube_folder::edit::{Conflict, Texts};
use shirube_safety::File;
use shirube_store::StoreError;

use super::guard::Acting;
use super::register::own::{self, Considered, Standing, Wanted};
use super::revisions::{self, InService};
use super::save::{Saved, Wish, replace};
use super::sign_in::From;
use super::sites::texts;
use super::{App, message};
use crate::shown::Shown;

/// Longest upload: a folder is a few hundred kilobytes.
pub const LONGEST_UPLOAD_BYTES: usize = 16 * 1024 * 1024;

/// What the form sent.
#[derive(Default)]
struct Upload {
    csrf: String,
    revision: u64,
    reason: String,
    archive: Vec<u8>,
}

pub async fn upload(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    form: Multipart,
) -> Response {
    let Some(upload) = read(form).await else { return message::too_long(LONGEST_UPLOAD_BYTES) };
    if upload.csrf != acting.visitor.csrf {
        return message::stale_form();
    }
    match import(&app, &from, &acting, &at, &upload).await {
        Ok(Ok(next)) => Redirect::to(&format!("{}/revisions?done={next}", shown.base)).into_response(),
        Ok(Err(mistakes)) => {
            revisions::list_page(&app, &shown, &at, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, None).await
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// The fields of the form; none if it is longer than is taken, or was cut off.
async fn read(mut form: Multipart) -> Option<Upload> {
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "csrf" => upload.csrf = text(),
            "revision" => upload.revision = text().parse().unwrap_or(0),
            "reason" => upload.reason = text(),
            "archive" => upload.archive = bytes.to_vec(),
            _ => {}
        }
    }
    Some(upload)
}

/// The address part that says what was done, or what stands against it.
async fn import(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InService,
    upload: &Upload,
) -> Result<Result<&'static str, Vec<String>>, StoreError> {
    let refuse = |text: &str| Ok(Err(vec![text.to_owned()]));
    if upload.reason.is_empty() {
        return refuse("取り込む理由を入力してください。履歴に残ります。");
    }
    let base = texts(&app.store().files(&at.organisation, &at.service, upload.revision).await?);
    let taken = match unpack(&upload.archive, |name| File::of_path(name).is_some() || declaration(name).is_some()) {
        Ok(taken) => taken,
        Err(error) => return refuse(&error.to_string()),
    };
    if taken.is_empty() {
        let names: Vec<&str> = File::ALL.iter().map(|file| file.name()).collect();
        return refuse(&format!("{} のどれも入っていません。", names.join("、")));
    }
    let declared: Wanted =
        taken.iter().filter_map(|(name, text)| Some((declaration(name)?.to_owned(), Some(text.clone())))).collect();
    // What stands against the declarations is told before anything is taken in.
    let declared = match registers(app, at, upload.revision, declared).await? {
        Ok(declared) => declared,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    // Files that are not in the archive stay as they are.
    let mut ours: Texts = base.clone();
    ours.extend(taken.into_iter().filter_map(|(name, text)| Some((File::of_path(&name)?, text.into_bytes()))));
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on: upload.revision,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: &upload.reason,
    };
    let saved = replace(app, &wish, ours).await?;
    let is_taken = matches!(saved, Saved::Yes { .. } | Saved::Unchanged);
    if let Some((standing, new)) = declared.as_ref().filter(|_| is_taken) {
        standing.keep(app, from, acting, new).await?;
    }
    Ok(match saved {
        Saved::Yes { .. } => Ok("imported"),
        Saved::Unchanged if declared.is_some() => Ok("imported"),
        Saved::Unchanged => Err(vec!["今の内容と同じなので、新しい版は作りません（変更0件）。".to_owned()]),
        Saved::Mistakes(mistakes) => Err(mistakes.into_iter().map(|mistake| mistake.message).collect()),
        Saved::Conflicts(conflicts) => Err(conflicts.iter().map(said).collect()),
    })
}

/// The stem of a declaration of one's own register.
fn declaration(path: &str) -> Option<&str> {
    let mut steps = path.rsplit('/');
    let stem = steps.next()?.strip_suffix(".yaml")?;
    (steps.next() == Some("registers")).then_some(stem)
}

/// What the declarations change; none if there are none, or they are the same as those that hold.
async fn registers(
    app: &App,
    at: &InService,
    revision: u64,
    wanted: Wanted,
) -> Result<Result<Option<(Standing, Considered)>, Vec<String>>, StoreError> {
    let held = own::texts(app, at).await?;
    let is_new =
        |name: &String, text: &Option<String>| held.get(name).map(Vec::as_slice) != text.as_deref().map(str::as_bytes);
    let wanted: Wanted = wanted.into_iter().filter(|(name, text)| is_new(name, text)).collect();
    if wanted.is_empty() {
        return Ok(Ok(None));
    }
    let standing = Standing::read(app, at, revision).await?;
    Ok(standing.consider(&wanted).map(|new| Some((standing, new))))
}

fn said(conflict: &Conflict) -> String {
    format!(
        "{}は、ほかの人も変えています。前の値「{}」、取り込む値「{}」、今の値「{}」。何も取り込んでいません。",
        conflict.place, conflict.base, conflict.ours, conflict.theirs
    )
}
