//! `…/institutions/{institution}/promote`: what was evaluated for one institution becomes that of the baseline, after
//! somebody has seen what that changes for all (AGREE-007).

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_folder::edit::treatment;
use shirube_safety::agreement::{Overlay, Reopened, promoted, reopened};
use shirube_safety::risk::Treatment;
use shirube_store::{Missing, StoreError};

use super::kept::{Customer, Note, Relation, Terms, Written, same};
use super::{Writing, customer, fill, work, write};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::save::{Saved, Wish, save};
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::sites::texts;
use crate::app::{App, message};
use crate::page::Frame;
use crate::query::Query;
use crate::shown::Shown;
use crate::view::Here;

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    institution: String,
}

#[derive(Template)]
#[template(path = "app/promote.html")]
struct PromotePage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    id: &'a str,
    name: &'a str,
    treatment: &'a str,
    revision: u64,
    /// Number of the record with what is different.
    terms: u64,
    /// What changes for all institutions.
    changes: Vec<Reopened>,
    mistakes: Vec<String>,
    why: &'a str,
}

/// The treatment of the baseline, as its file has it.
async fn of_baseline(app: &App, at: &At, revision: u64, id: &str) -> Result<Option<Treatment>, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let folder = shirube_folder::read(&texts(&files)).map_err(|errors| work::unreadable(&errors[0]))?;
    Ok(folder.files.assessment.treatments.into_iter().find(|known| known.id == id))
}

/// What is different for the institution, with the number of its record.
fn today(customer: &Customer, at: &At) -> (u64, Terms) {
    customer.relations.get(&at.service).map(Relation::today).unwrap_or_default()
}

/// The treatment of an institution's own.
async fn own(app: &App, at: &At, id: &str) -> Result<(Customer, Treatment), StoreError> {
    let customer = customer(app, &at.organisation, &at.institution).await?;
    let found = today(&customer, at).1.overlay.treatments.into_iter().find(|own| own.id == id);
    Ok((customer, found.ok_or(StoreError::Missing(Missing::Institution))?))
}

/// `GET …/promote?treatment=…`: what it would change.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse("", "/", &["treatment"], raw.as_deref());
    match own(&app, &at, query.get("treatment").unwrap_or_default()).await {
        Ok((customer, own)) => page(&app, &acting, &shown, &at, (&customer, &own), Vec::new(), "").await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &At,
    (customer, own): (&Customer, &Treatment),
    mistakes: Vec<String>,
    why: &str,
) -> Response {
    let revision = shown.revision.unwrap_or_default();
    let changes = match changes(app, at, revision, customer, own).await {
        Ok(changes) => changes,
        Err(error) => return message::failed(app, &error),
    };
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let frame = Frame::new(shown, Here::Institutions);
    let (csrf, id, name) = (&acting.reader.csrf, &customer.id, &customer.facts.name);
    let (treatment, terms) = (&own.id, today(customer, at).0);
    let page = PromotePage { frame, csrf, id, name, treatment, revision, terms, changes, mistakes, why };
    with_status(status, page)
}

/// What the items of an institution without differences would be, beside what they are.
async fn changes(
    app: &App,
    at: &At,
    revision: u64,
    customer: &Customer,
    own: &Treatment,
) -> Result<Vec<Reopened>, StoreError> {
    let base = of_baseline(app, at, revision, &own.id).await?;
    let own = promoted(base.as_ref(), own, &today(customer, at).1.overlay.requests);
    let facts = customer.facts.clone();
    work::worked(app, (&at.organisation, &at.service), [revision].into(), move |lists| {
        let overlay = Overlay { treatments: vec![own], ..Overlay::default() };
        let before = lists.of(revision, &facts, &Terms::default())?;
        let after = lists.of(revision, &facts, &Terms { overlay, ..Terms::default() })?;
        Ok(reopened(before.items.items(), after.items.items()))
    })
    .await
}

/// `POST …/promote`: a new revision with the treatment; the institution has no own one any more.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let (customer, own) = match own(&app, &at, fields.text("treatment")).await {
        Ok(found) => found,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let why = fields.text("why");
    let revision = shown.revision.unwrap_or_default();
    let mut mistakes = against(&fields, revision, today(&customer, &at).0);
    if mistakes.is_empty() {
        let wish = Wish {
            organisation: &at.organisation,
            service: &at.service,
            based_on: revision,
            actor: &acting.reader.person,
            origin: from.origin(),
            reason: why,
        };
        mistakes = match saved(&app, &at, &wish, (&customer, &own)).await {
            Ok(mistakes) if mistakes.is_empty() => return taken(&app, &from, &acting, &shown, &at, &own).await,
            Ok(mistakes) => mistakes,
            Err(error) => return message::failed(&app, &error),
        };
    }
    page(&app, &acting, &shown, &at, (&customer, &own), mistakes, why).await
}

/// What stands against it: what was shown is what becomes the baseline's, so nothing may have been saved since.
fn against(fields: &Fields, revision: u64, terms: u64) -> Vec<String> {
    let mut mistakes = Vec::new();
    if fill::text(fields, "why").is_none() {
        mistakes.push("基準に取り込む理由を入力してください。履歴に残ります。".to_owned());
    }
    if fields.text("revision") != revision.to_string() {
        let told = "この画面を開いた後に、新しい版が保存されました。下の内容を確かめてから、もう一度お試しください。";
        mistakes.push(told.to_owned());
    }
    if fields.text("terms") != terms.to_string() {
        let told = "この画面を開いた後に、この医療機関等だけの違いが変わりました。下の内容を確かめてから、もう一度お試しください。";
        mistakes.push(told.to_owned());
    }
    mistakes
}

/// Saves the baseline with the treatment; gives what stands against that.
async fn saved(
    app: &App,
    at: &At,
    wish: &Wish<'_>,
    (customer, own): (&Customer, &Treatment),
) -> Result<Vec<String>, StoreError> {
    let base = of_baseline(app, at, wish.based_on, &own.id).await?;
    let new = promoted(base.as_ref(), own, &today(customer, at).1.overlay.requests);
    Ok(match save(app, wish, &[treatment(&own.id, &new)]).await? {
        Saved::Yes { .. } | Saved::Unchanged => Vec::new(),
        Saved::Mistakes(mistakes) => mistakes.into_iter().map(|mistake| mistake.message).collect(),
        Saved::Conflicts(_) => {
            vec!["ほかの人が同じ対応を変えました。今の内容を確かめてから、もう一度お試しください。".to_owned()]
        }
    })
}

/// Takes the own treatment away: the baseline's says the same now. One that somebody changed meanwhile stays.
async fn taken(app: &App, from: &From, acting: &Acting, shown: &Shown, at: &At, own: &Treatment) -> Response {
    let done = async {
        let customer = customer(app, &at.organisation, &at.institution).await?;
        let (_, mut terms) = today(&customer, at);
        let before = terms.overlay.treatments.len();
        terms.overlay.treatments.retain(|known| !same(known, own));
        if terms.overlay.treatments.len() == before {
            return Ok(false);
        }
        let note = format!("{}: {}を基準に取り込んだ", customer.facts.name, own.id);
        let writing = Writing { acting, from, action: "agreement.terms", note };
        let records = [Written::new(&customer.id, Some(&at.service), &Note::Terms(&terms))];
        write(app, &writing, &customer, &records).await
    };
    let done = match done.await {
        Ok(true) => "promoted",
        Ok(false) => "promoted-beside",
        Err(error) => return message::failed(app, &error),
    };
    Redirect::to(&format!("{}/institutions/{}?done={done}", shown.base, at.institution)).into_response()
}
