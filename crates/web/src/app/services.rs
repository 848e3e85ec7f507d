//! `/o/{organisation}/services/new`: a new service, from a template.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_folder::edit::{Edit, Step, apply, put_field};
use shirube_safety::File;
use shirube_store::{Event, Files, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::shell::{Place, Shell, with_status};
use super::sign_in::From;
use super::sites::texts;
use super::{App, message};

/// What a new service can begin with.
#[derive(Debug, Clone)]
pub struct Template {
    pub name: &'static str,
    pub title: &'static str,
    pub files: &'static [(&'static str, &'static str)],
}

#[derive(askama::Template)]
#[template(path = "app/new-service.html")]
struct NewPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    fields: &'a Fields,
    templates: &'a [Template],
}

pub async fn form(State(app): State<App>, acting: Acting) -> Response {
    page(&app, &acting, StatusCode::OK, Vec::new(), &Fields::default())
}

fn page(app: &App, acting: &Acting, status: StatusCode, mistakes: Vec<String>, fields: &Fields) -> Response {
    let shell = Shell::acting(acting, Place::Home);
    with_status(status, NewPage { shell, mistakes, fields, templates: &app.0.settings.templates })
}

pub async fn create(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let name = fields.text("name");
    let mut mistakes = Vec::new();
    if name.is_empty() || name.chars().count() > 100 {
        mistakes.push("サービスの名称を100文字までで入力してください。".to_owned());
    }
    let template = app.0.settings.templates.iter().find(|template| template.name == fields.text("template"));
    let Some(template) = template.filter(|_| mistakes.is_empty()) else {
        if template.is_none() {
            mistakes.push("ひな型を選んでください。".to_owned());
        }
        return page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, mistakes, &fields);
    };
    match made(&app, &from, &acting, name, template).await {
        Ok(id) => Redirect::to(&format!("/o/{}/s/{id}/", acting.reader.organisation_id)).into_response(),
        Err(error) => message::failed(&app, &error),
    }
}

pub async fn made(
    app: &App,
    from: &From,
    acting: &Acting,
    name: &str,
    template: &Template,
) -> Result<String, StoreError> {
    let files = template.files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let files = Files::new(files)?;
    let step = |key: &str| Step::Key(key.to_owned());
    let named: Vec<Edit> = vec![put_field(File::Service, vec![step("service"), step("name")], name.into())];
    let applied = apply(&texts(&files), &named);
    let applied =
        applied.map_err(|error| StoreError::Inconsistent { place: "ひな型".to_owned(), log: error.to_string() })?;
    let files =
        applied.texts.iter().map(|(file, bytes)| (file.name().to_owned(), String::from_utf8_lossy(bytes).into_owned()));
    let files = Files::new(files.collect::<Vec<_>>())?;
    let id = app.new_id('s');
    let mut change = app.store().begin(&acting.reader.organisation_id).await?;
    change.open_service(&id, name).await?;
    change.add_revision(&id, None, &files).await?;
    let event = Event { action: "service.created".to_owned(), note: format!("{}から作成", template.title) };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
    Ok(id)
}
