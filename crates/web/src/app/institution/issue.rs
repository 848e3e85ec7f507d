//! `POST …/institutions/issue`: the pack of documents for one institution or for all of them, each frozen by itself, so
//! that work which was cut off goes on where it ended (AGREE: bulk issue).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_documents::content;
use shirube_documents::deliverable::Deliverable;
use shirube_documents::write::{Format, render};
use shirube_safety::Service;
use shirube_safety::agreement::{Baseline, Others};
use shirube_store::{Document, Event, Files, ForInstitution, StoreError};
use shirube_trail::Origin;

use super::kept::Customer;
use super::{customer, work};
use crate::app::documents::{Cover, cover, finished, not_made, put_on, source};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::jobs::{self, Begun};
use crate::app::revisions::InService;
use crate::app::sign_in::From;
use crate::app::sites::texts;
use crate::app::{App, message};
use crate::shown::Shown;

/// What an institution is handed: to be read and to be filled in.
const FORMATS: [Format; 2] = [Format::Pdf, Format::Xlsx];

/// The documents that are meant for institutions.
const FOR_INSTITUTIONS: [Deliverable; 12] = [
    Deliverable::Letter,
    Deliverable::SummaryClinic,
    Deliverable::Disclosure,
    Deliverable::Sla,
    Deliverable::InstitutionRequests,
    Deliverable::AgreementItems,
    Deliverable::ProvidedInformation,
    Deliverable::ChecklistCyber,
    Deliverable::RoleDivision,
    Deliverable::MdsSds,
    Deliverable::ResponsibilityMatrix,
    Deliverable::LifeCycle,
];

/// `POST …/institutions/issue`.
pub async fn issue(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    match begun(&app, &from, &acting, &shown, &at, &fields).await {
        Ok(Ok(job)) => Redirect::to(&format!("{}/jobs/{job}", shown.base)).into_response(),
        Ok(Err(told)) => {
            let next = (&*format!("{}/institutions", shown.base), "医療機関等との合意へ戻る");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            message::message(Some(&acting.visitor), status, "発行できませんでした", &told, next)
        }
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn begun(
    app: &App,
    from: &From,
    acting: &Acting,
    shown: &Shown,
    at: &InService,
    fields: &Fields,
) -> Result<Result<String, String>, StoreError> {
    let number = shown.revision.unwrap_or_default();
    if fields.text("edition").is_empty() || fields.text("reason").is_empty() {
        return Ok(Err("文書の版数と、発行の理由を入力してください。何も発行していません。".to_owned()));
    }
    let Some(cover) = cover(app, at, number, fields, true).await? else {
        return Ok(Err(format!(
            "第{number}版は承認されていません。承認してから発行してください。何も発行していません。"
        )));
    };
    if let Some(job) = jobs::running(app, &at.organisation, &at.service, "packs", number).await? {
        let text = format!(
            "この版の文書を、いま発行しています（{}/jobs/{job}）。終わってから、もう一度お試しください。",
            shown.base
        );
        return Ok(Err(text));
    }
    let customers = wanted(app, at, number, fields).await?;
    if customers.is_empty() {
        return Ok(Err("発行先がありません。発行済みか、発行先が選ばれていません。".to_owned()));
    }
    let files = app.store().files(&at.organisation, &at.service, number).await?;
    let begun = jobs::begin(app, from, acting, (&at.service, number), "packs", customers.len()).await?;
    let note = format!("{} {}", fields.text("edition"), fields.text("reason"));
    let names = work::names(app, &at.organisation).await?;
    let work = Issuing {
        app: app.clone(),
        begun: begun.clone(),
        revision: number,
        cover,
        note,
        origin: from.origin(),
        names: Arc::new(names),
        again: fields.has("again"),
    };
    jobs::run(app, begun.clone(), async move { work.all(Arc::new(files), customers).await });
    Ok(Ok(begun.id))
}

/// Those who are to get documents: the ones that were chosen, or all. Whoever has them of this revision and with these
/// differences does not get them twice, unless that is asked for.
async fn wanted(app: &App, at: &InService, number: u64, fields: &Fields) -> Result<Vec<Customer>, StoreError> {
    let last = app.store().last_issued_to(&at.organisation, &at.service).await?;
    let mut ids: Vec<String> = fields.all("institution").map(str::to_owned).collect();
    if fields.has("all") {
        ids = work::users(app, &at.organisation, &at.service).await?;
    }
    ids.sort();
    ids.dedup();
    let mut customers = Vec::new();
    for id in ids {
        let customer = customer(app, &at.organisation, &id).await?;
        let has = has(&last, &customer, &at.service, number);
        let Some(relation) = customer.relations.get(&at.service) else { continue };
        // After the end of a contract nobody gets documents but by being chosen.
        let is_left_out = fields.has("all") && relation.is_over();
        if !is_left_out && (!has || fields.has("again")) {
            customers.push(customer);
        }
    }
    Ok(customers)
}

/// Whether an institution has the documents of a revision, with what is different for it today.
fn has(last: &BTreeMap<String, (u64, u64, u64)>, customer: &Customer, service: &str, number: u64) -> bool {
    last.get(&customer.id).is_some_and(|(revision, laid, _)| *revision == number && *laid == customer.laid(service))
}

struct Issuing {
    app: App,
    begun: Begun,
    revision: u64,
    cover: Cover,
    note: String,
    origin: Origin,
    /// Names of all institutions.
    names: Arc<Vec<String>>,
    /// Whoever has the documents gets them once more.
    again: bool,
}

/// What became of one institution.
enum Became {
    Issued,
    /// Somebody else was quicker.
    HadThem,
    Held(String),
}

/// Names of institutions that got nothing, by what stands against it.
type Held = BTreeMap<String, Vec<String>>;

impl Issuing {
    /// One institution after the other; what is done stays done when the work is stopped or cut off, and what is wrong
    /// with one keeps nothing from the others.
    async fn all(self, files: Arc<Files>, customers: Vec<Customer>) -> Result<Option<jobs::Outcome>, StoreError> {
        let (mut done, mut seen, mut held) = (0, 0, Held::new());
        for (step, customer) in customers.iter().enumerate() {
            let says = format!("{}（{}件目）", customer.facts.name, step + 1);
            if !self.begun.step(&self.app, step as u64, &says).await? {
                break;
            }
            seen += 1;
            match self.one(Arc::clone(&files), &customer.id).await {
                Ok(Became::Issued) => done += 1,
                Ok(Became::HadThem) => {}
                Ok(Became::Held(why)) => held.entry(why).or_default().push(customer.facts.name.clone()),
                Err(error @ StoreError::Unavailable { .. }) => return Err(error),
                Err(error) => {
                    self.app.0.metrics.failed(&error);
                    held.entry(error.to_string()).or_default().push(customer.facts.name.clone());
                }
            }
        }
        let left = customers.len() - seen;
        Ok(Some(jobs::Outcome { says: told(done, left, &held), is_whole: left == 0, result: None }))
    }

    /// The institution as it is now: the work may have gone on for long.
    async fn one(&self, files: Arc<Files>, id: &str) -> Result<Became, StoreError> {
        let customer = customer(&self.app, &self.begun.organisation, id).await?;
        let issued = self.app.store().issued_to(&self.begun.organisation, id).await?;
        let last = issued.iter().find(|document| document.service == self.begun.service);
        let laid = last.and_then(|last| Some((last.revision, last.institution.as_ref()?.terms)));
        if !self.again && laid == Some((self.revision, customer.laid(&self.begun.service))) {
            return Ok(Became::HadThem);
        }
        match self.made(files, &customer).await? {
            Ok(documents) if documents.is_empty() => Ok(Became::Held("発行する文書がありません。".to_owned())),
            Ok(documents) => self.commit(&customer, &documents).await.map(|()| Became::Issued),
            Err(open) => Ok(Became::Held(open.join(" "))),
        }
    }

    /// The pack of one institution, or what keeps it from being more than drafts.
    async fn made(
        &self,
        files: Arc<Files>,
        customer: &Customer,
    ) -> Result<Result<Vec<Document>, Vec<String>>, StoreError> {
        let _turn = self.app.0.makers.acquire().await;
        let (customer, cover, revision) = (customer.clone(), self.cover.clone(), self.revision);
        let (service, names) = (self.begun.service.clone(), Arc::clone(&self.names));
        let made = tokio::task::spawn_blocking(move || pack(&files, (&customer, &service), &names, revision, &cover));
        made.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)
    }

    async fn commit(&self, customer: &Customer, documents: &[Document]) -> Result<(), StoreError> {
        let institution = ForInstitution { id: customer.id.clone(), terms: customer.laid(&self.begun.service) };
        let mut change = self.app.store().begin(&self.begun.organisation).await?;
        change.issue_to(&institution, &self.begun.service, self.revision, documents).await?;
        let event = Event { action: "document.issued".to_owned(), note: self.note.clone() };
        change.commit(&self.begun.person, self.origin.clone(), &self.app.at(), event).await.map(drop)
    }
}

fn pack(
    files: &Files,
    (customer, service): (&Customer, &str),
    names: &[String],
    revision: u64,
    cover: &Cover,
) -> Result<Result<Vec<Document>, Vec<String>>, String> {
    let folder = shirube_folder::read(&texts(files)).map_err(|errors| errors[0].to_string())?;
    let base = Service::new(&folder.files);
    let own = customer.file(service);
    let mut laid = Baseline::new(&base).lay(&own);
    put_on(&mut laid.files, cover);
    let service = laid.service();
    let wanted: Vec<Deliverable> =
        Deliverable::begun(&service).into_iter().filter(|deliverable| FOR_INSTITUTIONS.contains(deliverable)).collect();
    let laid_digest = work::laid_digest(&files.digest().to_string(), &own);
    let documents = match finished(&service, &wanted, &source(revision, &laid_digest)) {
        Ok(documents) => documents,
        Err(open) => return Ok(Err(open)),
    };
    if let Some(told) = named(&others(&base, names, &customer.facts.name), &documents) {
        return Ok(Err(vec![told]));
    }
    let mut all = Vec::new();
    for document in &documents {
        for format in FORMATS {
            all.push(Document {
                name: document.name.to_string(),
                format: format.extension().to_owned(),
                title: document.title.clone(),
                bytes: render(document, format).map_err(|error| error.to_string())?,
            });
        }
    }
    Ok(Ok(all))
}

/// The names of all institutions but one's own.
pub(super) fn others(base: &Service, names: &[String], own: &str) -> Others {
    let kept: Vec<&str> = work::kept_names(base).chain([own]).collect();
    Others::new(names.iter().map(String::as_str).filter(|name| *name != own), &kept)
}

/// What is told if another institution is named in one of the documents, be it in what only workbooks hold.
pub(super) fn named(others: &Others, documents: &[content::Document]) -> Option<String> {
    documents.iter().find_map(|document| {
        let name = document.texts().find_map(|text| others.find(&text).map(str::to_owned))?;
        let title = &document.title;
        Some(format!("「{title}」に、ほかの医療機関等の名称「{name}」が書かれています。基準の文から外してください。"))
    })
}

/// How the work ended, for the page that waits for it.
fn told(done: usize, left: usize, held: &Held) -> String {
    let mut said = format!("{done}件の医療機関等に発行しました。");
    if left > 0 {
        said.push_str(&format!("止めたため、{left}件は発行していません。もう一度発行すると、残りを発行します。"));
    }
    for (why, names) in held {
        said.push_str(&format!("発行していないもの{}件（{}）: {why}", names.len(), names.join("、")));
    }
    said
}

#[cfg(test)]
mod tests {
    use shirube_documents::content::{DataSheet, Look, Meta, Page, Value};

    use super::*;

    fn document(notice: &str, data: &str) -> content::Document {
        content::Document {
            name: "sample",
            title: "見本".to_owned(),
            meta: Meta::default(),
            page: Page::A4_PORTRAIT,
            look: Look::default(),
            summary: Vec::new(),
            notices: vec![notice.to_owned()],
            blocks: Vec::new(),
            data: vec![DataSheet {
                name: "データ".to_owned(),
                columns: vec!["内容".to_owned()],
                rows: vec![vec![Value::from(data)]],
            }],
        }
    }

    /// AUTHZ-002: another institution is found whatever signs its name has and wherever it stands.
    #[test]
    fn names_of_others_are_found_wherever_they_stand() {
        let others = Others::new(["A&B内科", "林_薬局"], &["湊クリニック"]);
        for (notice, data, wanted) in [
            ("A&B内科の窓口", "", Some("A&B内科")),
            ("", "A&B内科の窓口", Some("A&B内科")),
            ("", "林_薬局", Some("林_薬局")),
            ("湊クリニックの窓口", "湊クリニック", None),
        ] {
            let told = named(&others, &[document("", ""), document(notice, data)]);
            let wanted = wanted.map(|name| {
                format!("「見本」に、ほかの医療機関等の名称「{name}」が書かれています。基準の文から外してください。")
            });
            assert_eq!(told, wanted);
        }
    }
}
