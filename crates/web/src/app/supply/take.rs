//! `POST …/supply/take`: a report that arrived becomes records of `supply.yaml`. What is there already stays.

use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use shirube_documents::write::unpack;
use shirube_exchange::{read, read_report};
use shirube_folder::edit::{Texts, take_report};
use shirube_oscal::{ReadReport, read_report_document};
use shirube_safety::chain::{StatusReport, records, status_report, suppliers};
use shirube_safety::model::Date;
use shirube_safety::selection::names_kept_back;
use shirube_safety::stated::ReportMeans;
use shirube_safety::{File, Service};
use shirube_store::StoreError;

use super::{Told, page};
use crate::app::documents::not_made;
use crate::app::edit::unclear;
use crate::app::guard::Acting;
use crate::app::institution::customer_names;
use crate::app::revisions::InService;
use crate::app::save::{Saved, Wish, done, save};
use crate::app::sign_in::From;
use crate::app::sites::texts;
use crate::app::{App, message, world};
use crate::shown::Shown;

/// Longest upload: a folder, a workbook or a document of OSCAL, with its form.
pub const LONGEST_UPLOAD_BYTES: usize = 16 * 1024 * 1024 + 64 * 1024;

/// What the form sent.
#[derive(Default)]
struct Upload {
    csrf: String,
    revision: Option<u64>,
    supplier: String,
    name: String,
    bytes: Vec<u8>,
}

/// The fields of the form; none if it is longer than is taken, or was cut off.
async fn uploaded(mut form: Multipart) -> Option<Upload> {
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "csrf" => upload.csrf = text(),
            "revision" => upload.revision = text().parse().ok(),
            "supplier" => upload.supplier = text(),
            "file" => (upload.name, upload.bytes) = (file, bytes.to_vec()),
            _ => {}
        }
    }
    Some(upload)
}

/// `POST …/supply/take`.
pub async fn take(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    form: Multipart,
) -> Response {
    let Some(upload) = uploaded(form).await else { return message::too_long(LONGEST_UPLOAD_BYTES) };
    if upload.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    let Some(based_on) = upload.revision.filter(|number| *number <= shown.revision.unwrap_or_default()) else {
        return unclear(&acting);
    };
    match taken(&app, &from, &acting, &at, based_on, upload).await {
        Ok(Ok((merged, _, left))) if left.is_empty() => {
            Redirect::to(&format!("{}/supply?done={}", shown.base, done(merged))).into_response()
        }
        // What was not taken over, or looks odd, stands on no other page, so it is told here and now.
        Ok(Ok((_, revision, left))) => {
            let notice = "報告を取り込みました。確かめることがあります。";
            page(&app, &acting, &shown, &at, Told { notice, left, revision: Some(revision), ..Told::default() }).await
        }
        Ok(Err(mistakes)) => page(&app, &acting, &shown, &at, Told { mistakes, ..Told::default() }).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// Whether it was merged with somebody else's change, the new revision, and what was left out; or what stands against it.
async fn taken(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InService,
    based_on: u64,
    upload: Upload,
) -> Result<Result<(bool, u64, Vec<String>), Vec<String>>, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, based_on).await?;
    let names = customer_names(app, &at.organisation).await?;
    let (supplier, today) = (upload.supplier.clone(), Date(world::date(app.now())));
    let reported = tokio::task::spawn_blocking(move || {
        let folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
        if !suppliers(&folder.files).iter().any(|one| one.party.id == supplier) {
            return Ok(Err(vec!["報告した会社を選んでください。".to_owned()]));
        }
        Ok(arrived(&upload.name, &upload.bytes).map(|(report, means, mut left)| {
            let others = names_kept_back(&folder.files, names.iter().map(String::as_str));
            let mut report = report.with_own_tasks(&folder.files, &supplier, &others);
            if report.on.is_none() {
                // Which report is the newest is told by days. A folder has none that is that of the report.
                if means != ReportMeans::Folder {
                    left.push(format!("報告に日付がないため、届いた日（{today}）を報告の日とします。"));
                }
                report.on = Some(today);
            }
            let mut reported = records(&folder.files, &supplier, means, report);
            reported.left.splice(0..0, left);
            reported
        }))
    });
    let reported = match reported.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)? {
        Ok(reported) => reported,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: &format!("報告「{}」を取り込む", reported.report.id),
    };
    Ok(match save(app, &wish, &take_report(&reported)).await? {
        Saved::Yes { merged, revision, .. } => Ok((merged, revision, reported.left)),
        Saved::Unchanged => Err(vec!["今の内容と同じなので、新しい版は作りません（変更0件）。".to_owned()]),
        Saved::Mistakes(mistakes) => Err(mistakes.into_iter().map(|mistake| mistake.message).collect()),
        Saved::Conflicts(_) => {
            Err(vec!["ほかの人も報告を取り込みました。今の内容を確かめてから、もう一度取り込んでください。".to_owned()])
        }
    })
}

/// The report behind a file, by what it is: OSCAL, a workbook, or the files of a service as an archive.
fn arrived(name: &str, bytes: &[u8]) -> Result<(StatusReport, ReportMeans, Vec<String>), Vec<String>> {
    let of = |extension: &str| name.to_lowercase().ends_with(extension);
    if bytes.is_empty() {
        return Err(vec!["届いた報告のファイルを選んでください。".to_owned()]);
    }
    if of(".json") {
        let ReadReport { report, left } =
            read_report_document(bytes).map_err(|error| vec![format!("「{name}」は、{error}")])?;
        return Ok((report, ReportMeans::Oscal, left));
    }
    if of(".zip") {
        return folder(bytes).map(|report| (report, ReportMeans::Folder, Vec::new()));
    }
    let book = read(bytes, name).map_err(|error| vec![error.to_string()])?;
    match read_report(&book) {
        None => Err(vec![format!(
            "「{name}」は、報告用のExcelではありません。この画面で書き出したブックに書いてもらってください。"
        )]),
        Some(Err(faults)) => Err(faults.iter().map(ToString::to_string).collect()),
        Some(Ok(report)) => Ok((report, ReportMeans::Workbook, Vec::new())),
    }
}

/// The report that follows from a supplier's own files.
fn folder(bytes: &[u8]) -> Result<StatusReport, Vec<String>> {
    let unpacked = unpack(bytes, |name| File::of_path(name).is_some()).map_err(|error| vec![error.to_string()])?;
    let texts: Texts =
        unpacked.into_iter().filter_map(|(name, text)| Some((File::of_path(&name)?, text.into_bytes()))).collect();
    if !texts.contains_key(&File::Service) {
        return Err(vec![format!(
            "{} が入っていません。サービスのフォルダのZIPを選んでください。",
            File::Service.name()
        )]);
    }
    let folder = shirube_folder::read(&texts)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<String>>())?;
    // Whoever sent its whole folder to us keeps nothing back; what is ours is not named in it.
    Ok(status_report(&Service::new(&folder.files), "", &names_kept_back(&folder.files, [])))
}
