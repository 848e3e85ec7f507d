//! `…/house`: the logo of the organisation, and its look and wording taken over from another of its services.
//!
//! Everything else of `house.yaml` has its forms on `…/model?part=house`.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_documents::deliverable::{LARGEST_LOGO_BYTES, LogoError, logo_text};
use shirube_folder::edit::{Change, Edit, Texts, put_field, way};
use shirube_safety::File;
use shirube_store::StoreError;

use super::edit::unclear;
use super::fields::Fields;
use super::guard::Acting;
use super::revisions::InService;
use super::save::{Saved, Wish, done, replace, save};
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message};
use crate::page::Frame;
use crate::shown::Shown;
use crate::view::Here;

/// Longest upload: a logo with its form.
pub const LONGEST_UPLOAD_BYTES: usize = LARGEST_LOGO_BYTES + 64 * 1024;

#[derive(Template)]
#[template(path = "app/house.html")]
struct HousePage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    /// The picture as an address of its own content.
    logo: Option<String>,
    /// Services of the organisation that have a look: id and name.
    others: Vec<(String, String)>,
    kilobytes: usize,
    mistakes: Vec<String>,
}

/// `GET …/house`.
pub async fn show(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<InService>) -> Response {
    page(&app, &acting, &shown, &at, Vec::new()).await
}

async fn page(app: &App, acting: &Acting, shown: &Shown, at: &InService, mistakes: Vec<String>) -> Response {
    let revision = shown.revision.unwrap_or_default();
    let seen = async {
        let files = app.store().files(&at.organisation, &at.service, revision).await?;
        Ok::<_, StoreError>((texts(&files), others(app, at).await?))
    };
    let (texts, others) = match seen.await {
        Ok(seen) => seen,
        Err(error) => return message::failed(app, &error),
    };
    let read = tokio::task::spawn_blocking(move || shirube_folder::read(&texts).ok()).await.ok().flatten();
    let logo = read.and_then(|folder| folder.files.house.logo);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    with_status(
        status,
        HousePage {
            frame: Frame::new(shown, Here::Model),
            csrf: &acting.reader.csrf,
            revision,
            logo: logo.map(|logo| format!("data:image/png;base64,{}", logo.0.split_whitespace().collect::<String>())),
            others,
            kilobytes: LARGEST_LOGO_BYTES / 1024,
            mistakes,
        },
    )
}

/// Other services of the organisation whose look could be taken over.
async fn others(app: &App, at: &InService) -> Result<Vec<(String, String)>, StoreError> {
    let mut others = Vec::new();
    for service in app.store().services(&at.organisation).await? {
        let Some(revision) = service.revision.filter(|_| service.id != at.service) else { continue };
        let files = app.store().files(&at.organisation, &service.id, revision).await?;
        if files.iter().any(|(name, _)| name == File::House.name()) {
            others.push((service.id, service.name));
        }
    }
    Ok(others)
}

/// What the form with a picture sent.
#[derive(Default)]
struct Upload {
    csrf: String,
    revision: Option<u64>,
    png: Vec<u8>,
}

async fn uploaded(mut form: Multipart) -> Option<Upload> {
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        match name.as_str() {
            "csrf" => upload.csrf = String::from_utf8_lossy(&bytes).into_owned(),
            "revision" => upload.revision = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()),
            "file" => upload.png = bytes.to_vec(),
            _ => {}
        }
    }
    Some(upload)
}

/// `POST …/house/logo`: a picture becomes the logo.
pub async fn put_logo(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    form: Multipart,
) -> Response {
    let Some(upload) = uploaded(form).await else {
        return page(&app, &acting, &shown, &at, vec![format!("選んだファイルは{}", LogoError::TooLarge)]).await;
    };
    if upload.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    let Some(based_on) = upload.revision.filter(|number| *number <= shown.revision.unwrap_or_default()) else {
        return unclear(&acting);
    };
    if upload.png.is_empty() {
        return page(&app, &acting, &shown, &at, vec!["画像を選んでください。".to_owned()]).await;
    }
    let read = tokio::task::spawn_blocking(move || logo_text(&upload.png)).await;
    let logo = match read {
        Ok(Ok(logo)) => logo,
        Ok(Err(error)) => return page(&app, &acting, &shown, &at, vec![format!("選んだファイルは{error}")]).await,
        Err(_) => return page(&app, &acting, &shown, &at, vec!["画像を読めませんでした。".to_owned()]).await,
    };
    let edit = put_field(File::House, way("logo").unwrap_or_default(), logo.0.into());
    let wish = wish(&at, based_on, &acting, &from, "ロゴを選ぶ");
    let saved = save(&app, &wish, &[edit]).await;
    answer(&app, &acting, &shown, &at, saved).await
}

/// `POST …/house`: the logo goes, or the look of another service is taken over.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    let latest = shown.revision.unwrap_or_default();
    let Some(based_on) = fields.text("revision").parse().ok().filter(|number| *number <= latest) else {
        return unclear(&acting);
    };
    let saved = match fields.text("do") {
        "remove" => {
            let edit = Edit { file: File::House, at: way("logo").unwrap_or_default(), change: Change::Remove };
            save(&app, &wish(&at, based_on, &acting, &from, "ロゴを外す"), &[edit]).await
        }
        "copy" => match taken_over(&app, &at, based_on, fields.text("from")).await {
            Ok(Some((ours, name))) => {
                let reason = format!("「{name}」の様式を写す");
                replace(&app, &wish(&at, based_on, &acting, &from, &reason), ours).await
            }
            Ok(None) => {
                let told = vec!["写し元のサービスを選んでください。".to_owned()];
                return page(&app, &acting, &shown, &at, told).await;
            }
            Err(error) => Err(error),
        },
        _ => return unclear(&acting),
    };
    answer(&app, &acting, &shown, &at, saved).await
}

/// The texts of the service with the look of another of the same organisation, and that one's name.
async fn taken_over(
    app: &App,
    at: &InService,
    based_on: u64,
    other: &str,
) -> Result<Option<(Texts, String)>, StoreError> {
    let Some((other, name)) = others(app, at).await?.into_iter().find(|(id, _)| id == other) else {
        return Ok(None);
    };
    let revision = app.store().service(&at.organisation, &other).await?.revision.unwrap_or_default();
    let theirs = texts(&app.store().files(&at.organisation, &other, revision).await?);
    let mut ours = texts(&app.store().files(&at.organisation, &at.service, based_on).await?);
    let Some(house) = theirs.get(&File::House) else { return Ok(None) };
    ours.insert(File::House, house.clone());
    Ok(Some((ours, name)))
}

fn wish<'a>(at: &'a InService, based_on: u64, acting: &'a Acting, from: &From, reason: &'a str) -> Wish<'a> {
    Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason,
    }
}

async fn answer(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &InService,
    saved: Result<Saved, StoreError>,
) -> Response {
    let told = match saved {
        Ok(Saved::Yes { merged, .. }) => {
            return Redirect::to(&format!("{}/model?part=house&done={}", shown.base, done(merged))).into_response();
        }
        Ok(Saved::Unchanged) => vec!["今の内容と同じなので、新しい版は作りません（変更0件）。".to_owned()],
        Ok(Saved::Mistakes(mistakes)) => mistakes.into_iter().map(|mistake| mistake.message).collect(),
        // The text of a picture would tell nobody what stands against it.
        Ok(Saved::Conflicts(_)) => {
            vec![
                "ほかの人も様式を変えました。今の内容を確かめてから、もう一度選んでください。何も変更していません。"
                    .to_owned(),
            ]
        }
        Err(error) => return message::failed(app, &error),
    };
    page(app, acting, shown, at, told).await
}
