//! `…/risks/{number}` in the application: the reasons of every number, and the form to decide beside them.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use shirube_folder::edit::Step;
use shirube_folder::edit::way_text;

use super::edit::{self, At, Target, html, panel};
use super::guard::Acting;
use super::preview::Preview;
use super::{App, message};
use crate::form::{Choice, Form};
use crate::page;
use crate::reader::{Action, Resource};
use crate::shown::Shown;

/// The form of a record as a part of another page.
#[derive(Template)]
#[template(path = "app/record-form.html")]
struct FormPart<'a> {
    form: Form<'a>,
    action: String,
    revision: u64,
    to: String,
    why: &'a str,
    offers: Vec<(String, Vec<Choice>)>,
    sharing: Vec<&'a str>,
    also: bool,
    csrf: &'a str,
    preview: Option<Preview>,
}

#[derive(Deserialize)]
pub struct Named {
    pub organisation: String,
    pub service: String,
    number: String,
}

/// The page, with a form to decide for those who may.
pub async fn page(app: &App, acting: &Acting, shown: Shown, named: Named) -> Response {
    let may = acting.reader.may(Action::Edit, Resource::Risk);
    let Some(position) = shown.site.view.risks.position(&named.number).filter(|_| may) else {
        return page::risks::shown(&shown, &named.number, None);
    };
    let risk = &shown.site.view.risks.list[position];
    let way = way_text(&[Step::Key("decisions".to_owned()), Step::Item(risk.id.as_str().into())]);
    let Some(target) = Target::parse("assessment", Some(&way), None) else {
        return page::risks::shown(&shown, &named.number, None);
    };
    let at = At { organisation: named.organisation, service: named.service };
    let revision = shown.revision.unwrap_or_default();
    let opened = match edit::opened(app, &at, revision, &target).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return page::risks::shown(&shown, &named.number, None),
        Err(error) => return message::failed(app, &error),
    };
    let Some(mut form) = opened.form(&target) else { return page::risks::shown(&shown, &named.number, None) };
    if let Some(suggestion) = panel::suggestion(&shown, &target, None) {
        form.suggest(&suggestion);
    }
    let list = &shown.site.view.risks.list;
    let number = |id: &String| list.iter().find(|risk| risk.id == *id).map(|risk| risk.number.as_str());
    let part = FormPart {
        action: target.href(&shown.base),
        revision,
        to: format!("{}/risks/{}", shown.base, risk.number),
        why: "",
        offers: html::offers(&form),
        form,
        sharing: opened.sharing.iter().filter_map(number).collect(),
        also: false,
        csrf: &acting.reader.csrf,
        preview: None,
    };
    page::risks::shown(&shown, &named.number, part.render().ok())
}

/// A field on the page; the template calls it.
fn field_html(field: &crate::form::Field) -> html::FieldHtml<'_> {
    html::shown(field)
}
