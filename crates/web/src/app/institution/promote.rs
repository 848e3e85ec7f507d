//! `…/institutions/{institution}/promote`: what was evaluated for one institution becomes that of the baseline, after
//! somebody has seen what that changes for all (AGREE-007).

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_catalog::OptionKind;
use shirube_folder::edit::put_record;
use shirube_folder::said;
use shirube_safety::File;
use shirube_safety::agreement::{Overlay, Reopened, reopened};
use shirube_safety::risk::{RequestStatus, Treatment};
use shirube_store::{Missing, StoreError};

use super::kept::{Customer, Note, Terms, Written};
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
    /// What changes for all institutions.
    changes: Vec<Reopened>,
    mistakes: Vec<String>,
    why: &'a str,
}

/// What the baseline's treatment becomes: it keeps what it is, with what was evaluated for the institution. What the
/// institution refused is refused in the baseline then: what remains was rated without it.
fn composed(base: Option<&Treatment>, own: &Treatment, terms: &Terms) -> Treatment {
    let Some(base) = base else { return own.clone() };
    let mut new = base.clone();
    new.residual.clone_from(&own.residual);
    new.retention.clone_from(&own.retention);
    new.options.retain(|option| *option != OptionKind::Retention);
    if own.retention.is_some() {
        new.options.push(OptionKind::Retention);
    }
    new.decided.clone_from(&own.decided);
    for (at, request) in new.requests.iter_mut().enumerate() {
        let name = format!("{}-{}", base.id, at + 1);
        let replies = &terms.overlay.requests;
        if replies.iter().any(|reply| reply.request == name && reply.reply == RequestStatus::Refused) {
            request.status = RequestStatus::Refused;
        }
    }
    new
}

/// The treatment of the baseline, as its file has it.
async fn of_baseline(app: &App, at: &At, revision: u64, id: &str) -> Result<Option<Treatment>, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let folder = shirube_folder::read(&texts(&files)).map_err(|errors| work::unreadable(&errors[0]))?;
    Ok(folder.files.assessment.treatments.into_iter().find(|known| known.id == id))
}

/// The treatment of an institution's own.
async fn own(app: &App, at: &At, id: &str) -> Result<(Customer, Treatment), StoreError> {
    let customer = customer(app, &at.organisation, &at.institution).await?;
    let relation = customer.relations.get(&at.service).ok_or(StoreError::Missing(Missing::Institution))?;
    let found = relation.today().1.overlay.treatments.into_iter().find(|own| own.id == id);
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
    let page = PromotePage { frame, csrf, id, name, treatment: &own.id, revision, changes, mistakes, why };
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
    let terms = customer.relations.get(&at.service).map(|relation| relation.today().1).unwrap_or_default();
    let (facts, own) = (customer.facts.clone(), composed(base.as_ref(), own, &terms));
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
    let latest = shown.revision.unwrap_or_default();
    // What was shown is what becomes the baseline's: nothing may have been saved since.
    let based_on = fields.text("revision").parse().ok().filter(|number| *number == latest);
    let mistakes = match (fill::text(&fields, "why"), based_on) {
        (None, _) => vec!["基準に取り込む理由を入力してください。履歴に残ります。".to_owned()],
        (_, None) => vec![
            "この画面を開いた後に、新しい版が保存されました。下の内容を確かめてから、もう一度お試しください。"
                .to_owned(),
        ],
        (Some(_), Some(based_on)) => {
            let base = match of_baseline(&app, &at, based_on, &own.id).await {
                Ok(base) => base,
                Err(error) => return message::failed(&app, &error),
            };
            let terms = customer.relations.get(&at.service).map(|relation| relation.today().1).unwrap_or_default();
            let own = composed(base.as_ref(), &own, &terms);
            let record = said(serde_json::to_value(&own).unwrap_or_default()).unwrap_or_default();
            let edit = put_record(File::Assessment, "treatments", vec![own.id.clone()], record);
            let wish = Wish {
                organisation: &at.organisation,
                service: &at.service,
                based_on,
                actor: &acting.reader.person,
                origin: from.origin(),
                reason: why,
            };
            match save(&app, &wish, &[edit]).await {
                Ok(Saved::Yes { .. } | Saved::Unchanged) => return taken(&app, &from, &acting, &shown, &at, own).await,
                Ok(Saved::Mistakes(mistakes)) => mistakes.into_iter().map(|mistake| mistake.message).collect(),
                Ok(Saved::Conflicts(_)) => {
                    vec!["ほかの人が同じ対応を変えました。今の内容を確かめてから、もう一度お試しください。".to_owned()]
                }
                Err(error) => return message::failed(&app, &error),
            }
        }
    };
    page(&app, &acting, &shown, &at, (&customer, &own), mistakes, why).await
}

/// Takes the own treatment away: the baseline's says the same now.
async fn taken(app: &App, from: &From, acting: &Acting, shown: &Shown, at: &At, own: Treatment) -> Response {
    let done = async {
        let customer = customer(app, &at.organisation, &at.institution).await?;
        let relation = customer.relations.get(&at.service).ok_or(StoreError::Missing(Missing::Institution))?;
        let (_, mut terms) = relation.today();
        terms.overlay.treatments.retain(|known| known.id != own.id);
        let note = format!("{}: {}を基準に取り込んだ", customer.facts.name, own.id);
        let writing = Writing { acting, from, action: "agreement.terms", note };
        let records = [Written::new(&customer.id, Some(&at.service), &Note::Terms(&terms))];
        write(app, &writing, &customer, &records).await
    };
    match done.await {
        // Whoever wrote meanwhile keeps the own treatment, which says the same.
        Ok(_) => Redirect::to(&format!("{}/institutions/{}?done=promoted", shown.base, at.institution)).into_response(),
        Err(error) => message::failed(app, &error),
    }
}
