//! `…/confirmation/{format}`: what was agreed with one institution, as a paper to sign, with the questions and answers on
//! the way. It says itself why it is a draft still. The provider's is about the revision it looks at, the institution's own
//! about what was issued to it last.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use shirube_documents::deliverable::{Confirmation, ConfirmedLine, ConfirmedTalk, confirmation};
use shirube_documents::write::{Format, render};
use shirube_safety::agreement::AgreementStep;
use shirube_store::{Missing, StoreError};

use super::agreement::questions;
use super::kept::{Customer, Pin};
use super::seen::{self, Seen};
use super::{customer, pack, step};
use crate::app::documents::{file, not_made};
use crate::app::guard::Acting;
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::shown::Shown;

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    institution: String,
    format: String,
}

/// What people call the paper.
pub const TITLE: &str = "合意確認書";

/// The format that an address asks for: what can be signed, and what can be edited.
pub fn asked(format: &str) -> Option<Format> {
    format.parse().ok().filter(|format| matches!(format, Format::Pdf | Format::Docx))
}

/// `GET …/institutions/{institution}/confirmation/{format}`.
pub async fn of_provider(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
) -> Response {
    let Some(format) = asked(&at.format) else { return message::nothing(Some(&acting.visitor)) };
    let place = (at.organisation.as_str(), at.service.as_str());
    let made = async {
        let customer = customer(&app, &at.organisation, &at.institution).await?;
        let relation = customer.relations.get(&at.service).ok_or(StoreError::Missing(Missing::Institution))?;
        let pin = Pin { revision: shown.revision.unwrap_or_default(), terms: relation.today().0 };
        let is_approved = super::agreement::is_ready(&shown);
        let bytes = made(&app, place, &customer, (pin, is_approved), Vec::new(), format).await?;
        let object = format!("service/{}/institution/{}", at.service, at.institution);
        pack::taken(&app, &from, &acting, &object, TITLE).await?;
        Ok(bytes)
    };
    match made.await {
        Ok(bytes) => file(&format!("{TITLE}.{}", format.extension()), format.media_type(), bytes),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// The document in a format; whether the revision was approved decides with the rest whether it is a draft.
pub async fn made(
    app: &App,
    (organisation, service): (&str, &str),
    customer: &Customer,
    (pin, is_approved): (Pin, bool),
    basis: Vec<(String, String)>,
    format: Format,
) -> Result<Vec<u8>, StoreError> {
    // What was settled about something newer is not what this paper is about.
    let (customer, later) = until(customer, service, pin);
    let seen = seen::seen(app, (organisation, service), &customer, pin).await?;
    let said =
        Confirmation { later, is_approved, ..said(&customer, service, &seen, pin, basis, world::date(app.now())) };
    let _turn = app.0.makers.acquire().await;
    let bytes =
        tokio::task::spawn_blocking(move || render(&confirmation(&said), format).map_err(|error| error.to_string()));
    bytes.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)
}

/// The institution as far as it settled what stood at a pin, and how many items were spoken about since.
fn until(customer: &Customer, service: &str, pin: Pin) -> (Customer, usize) {
    let mut customer = customer.clone();
    let Some(relation) = customer.relations.get_mut(service) else { return (customer, 0) };
    let newer = step::newer(relation, pin);
    let known = relation.clone();
    relation.steps.retain(|step| !known.is_newer(step.what.pin, pin));
    for step in &mut relation.steps {
        step.what.record.items.retain(|key| !newer.contains(key));
    }
    (customer, newer.len())
}

fn said(
    customer: &Customer,
    service: &str,
    seen: &Seen,
    pin: Pin,
    basis: Vec<(String, String)>,
    on: chrono::NaiveDate,
) -> Confirmation {
    let lines = |wanted: &dyn Fn(Option<AgreementStep>) -> bool| {
        let groups = seen.groups.iter();
        let items = groups.flat_map(|group| group.items.iter().map(|item| (group.kind.term(), item)));
        let line = |(kind, item): (&str, &seen::ItemView)| ConfirmedLine {
            kind: kind.to_owned(),
            title: item.title.clone(),
            text: item.text.clone(),
            step: item.term.to_owned(),
            on: item.on,
            between: item.between.clone(),
            note: item.changed.clone().unwrap_or_else(|| item.note.clone()),
        };
        items.filter(|(_, item)| wanted(item.step)).map(line).collect::<Vec<_>>()
    };
    let relation = customer.relations.get(service).cloned().unwrap_or_default();
    let talks = questions(&relation).into_iter().rev().map(|talk| ConfirmedTalk {
        about: talk.title,
        question: talk.text,
        asked: format!("{} {}", talk.by, talk.at),
        answers: talk.answers.into_iter().map(|(text, by, at)| (text, format!("{by} {at}"))).collect(),
    });
    Confirmation {
        service: seen.service.clone(),
        provider: seen.provider.clone(),
        institution: customer.facts.name.clone(),
        contract: relation.then(pin.terms).contract.document,
        basis,
        on,
        source: format!("第{}版", pin.revision),
        agreed: lines(&|step| step == Some(AgreementStep::Agreed)),
        open: lines(&|step| step.is_some_and(|step| step != AgreementStep::Agreed)),
        later: 0,
        is_approved: false,
        unspoken: lines(&|step| step.is_none()).len(),
        talks: talks.collect(),
    }
}
