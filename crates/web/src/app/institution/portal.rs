//! `/o/{organisation}/portal`: what an institution sees: what was issued to it, item by item, with its own answers and
//! questions. Which institution that is follows from the person who asks, never from the address.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_documents::write::Format;
use shirube_safety::agreement::{AgreementMeans, AgreementStep, Reopened};
use shirube_safety::model::Date;
use shirube_store::{Issued, Missing, StoreError};

use super::agreement::{QuestionView, Wanted, questions};
use super::kept::{Customer, Delivery, Note, Pin, Question, Receipt, Relation, Written};
use super::seen::{self, Group, Seen};
use super::{MEANWHILE, Writing, confirm, customer, fill, pack, step, write};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::From;
use crate::app::{App, documents, message, world};
use crate::page::html;
use crate::query::Query;
use crate::reader::{Action, Resource};

/// Longest text that somebody of an institution may send.
const LONGEST_TEXT_CHARS: usize = 4000;

fn too_long() -> String {
    format!("文は{LONGEST_TEXT_CHARS}文字までで入力してください。長いものは、分けて送ってください。")
}

/// What was issued to the institution last, for one service.
struct Last {
    entry: u64,
    pin: Pin,
    at: String,
    /// Id of the person who issued it.
    by: String,
    /// What stands for the whole issue: the digest that the trail keeps.
    digest: String,
    documents: Vec<Issued>,
}

/// The institution of the person who asks.
async fn own(app: &App, acting: &Acting) -> Result<Customer, StoreError> {
    let institution = acting.reader.institution.as_deref().ok_or(StoreError::Missing(Missing::Institution))?;
    customer(app, &acting.reader.organisation_id, institution).await
}

/// The last issue of each service, by service.
async fn issued(app: &App, acting: &Acting, customer: &Customer) -> Result<Vec<(String, Last)>, StoreError> {
    let all = app.store().issued_to(&acting.reader.organisation_id, &customer.id).await?;
    let mut found: Vec<(String, Last)> = Vec::new();
    // Newest first: the first of a service is its last issue.
    for document in all {
        let entry = document.entry.number;
        match found.iter_mut().find(|(service, _)| *service == document.service) {
            Some((_, last)) if last.entry == entry => last.documents.push(document),
            Some(_) => {}
            None => found.push((document.service.clone(), last(document)?)),
        }
    }
    Ok(found)
}

/// An issue, from the first of its documents.
fn last(document: Issued) -> Result<Last, StoreError> {
    let entry = &document.entry;
    let unsealed = || StoreError::Inconsistent {
        place: "発行した文書".to_owned(),
        log: format!("entry {} has no digest", entry.number),
    };
    let terms = document.institution.as_ref().map_or(0, |institution| institution.terms);
    Ok(Last {
        entry: entry.number,
        pin: Pin { revision: document.revision, terms },
        at: entry.at.clone(),
        by: entry.actor.clone(),
        digest: entry.after.ok_or_else(unsealed)?.to_string(),
        documents: vec![document],
    })
}

#[derive(Template)]
#[template(path = "app/portal-list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    name: String,
    /// Service, its name, and when something was issued last.
    services: Vec<(String, String, String)>,
}

/// `GET /o/{organisation}/portal`: to the only service, or the list of them.
pub async fn list(State(app): State<App>, acting: Acting) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let read = async {
        let customer = own(&app, &acting).await?;
        let issued = issued(&app, &acting, &customer).await?;
        let known = app.store().services(organisation).await?;
        let name = |id: &str| known.iter().find(|service| service.id == id).map(|service| service.name.clone());
        let services: Vec<_> =
            issued.iter().filter_map(|(id, last)| Some((id.clone(), name(id)?, world::shown_text(&last.at)))).collect();
        Ok::<_, StoreError>((customer.facts.name, services))
    };
    match read.await {
        Ok((_, services)) if services.len() == 1 => {
            Redirect::to(&format!("/o/{organisation}/portal/{}", services[0].0)).into_response()
        }
        Ok((name, services)) => html(ListPage { shell: Shell::acting(&acting, Place::Portal), name, services }),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
}

#[derive(Template)]
#[template(path = "app/portal.html")]
struct PortalPage<'a> {
    shell: Shell<'a>,
    notice: &'static str,
    mistakes: Vec<String>,
    name: &'a str,
    service: &'a str,
    service_name: String,
    /// The entry that names the issue.
    entry: u64,
    at: String,
    digest: String,
    documents: Vec<DocumentView>,
    seen: Seen,
    questions: Vec<QuestionView>,
    history: Vec<(String, &'static str, usize, String)>,
    received: Option<String>,
    fields: &'a Fields,
    may_answer: bool,
}

struct DocumentView {
    title: String,
    /// Format in words, and the end of its address.
    files: Vec<(&'static str, String)>,
}

impl PortalPage<'_> {
    /// Items that wait for an answer of the institution.
    fn open(&self) -> usize {
        self.seen.groups.iter().flat_map(|group| &group.items).filter(|item| is_open(item.step)).count()
    }

    fn groups(&self) -> &[Group] {
        &self.seen.groups
    }

    /// Whether something of a group was chosen: it must not be sent unseen.
    fn is_chosen(&self, group: &Group) -> bool {
        group.is_chosen(self.fields)
    }

    fn reopened(&self) -> &[Reopened] {
        &self.seen.reopened
    }
}

/// Whether an item waits for an answer of the institution.
fn is_open(step: Option<AgreementStep>) -> bool {
    !matches!(step, Some(AgreementStep::Agreed | AgreementStep::Disagreed))
}

/// What a person of the institution looks at.
struct Opened {
    customer: Customer,
    service_name: String,
    last: Last,
}

impl Opened {
    fn relation(&self, service: &str) -> Relation {
        self.customer.relations.get(service).cloned().unwrap_or_default()
    }
}

async fn opened(app: &App, acting: &Acting, service: &str) -> Result<Opened, StoreError> {
    let customer = own(app, acting).await?;
    let issued = issued(app, acting, &customer).await?;
    let last = issued.into_iter().find(|(known, _)| known == service).map(|(_, last)| last);
    let last = last.ok_or(StoreError::Missing(Missing::Service))?;
    let service = app.store().service(&acting.reader.organisation_id, service).await?;
    Ok(Opened { customer, service_name: service.name, last })
}

/// `GET /o/{organisation}/portal/{service}`.
pub async fn show(State(app): State<App>, acting: Acting, Path(at): Path<At>, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("step") => "お答えを記録しました。",
        Some("asked") => "質問を送りました。答えは、この画面に表示されます。",
        Some("received") => "受け取ったことを記録しました。",
        _ => "",
    };
    match opened(&app, &acting, &at.service).await {
        Ok(opened) => page(&app, &acting, &at, &opened, notice, Vec::new(), &Fields::default()).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn page(
    app: &App,
    acting: &Acting,
    at: &At,
    opened: &Opened,
    notice: &'static str,
    mistakes: Vec<String>,
    fields: &Fields,
) -> Response {
    let seen = match seen::seen(app, (&at.organisation, &at.service), &opened.customer, opened.last.pin).await {
        Ok(seen) => seen,
        Err(error) => return message::failed(app, &error),
    };
    let relation = opened.relation(&at.service);
    let received = relation.receipts.iter().rev();
    let received = received.filter(|one| one.what.issue == opened.last.entry && one.what.state == Delivery::Confirmed);
    let history = relation.steps.iter().rev().map(|kept| {
        let record = &kept.what.record;
        (world::shown_day(&record.on.to_string()), record.step.term(), record.items.len(), seen::between(record))
    });
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = PortalPage {
        shell: Shell::acting(acting, Place::Portal),
        notice,
        mistakes,
        name: &opened.customer.facts.name,
        service: &at.service,
        service_name: opened.service_name.clone(),
        entry: opened.last.entry,
        at: world::shown_text(&opened.last.at),
        digest: opened.last.digest.clone(),
        documents: views(&opened.last.documents),
        seen,
        questions: questions(&relation),
        history: history.collect(),
        received: received.map(|one| format!("{} {}", world::shown_day(&one.what.on), one.what.by)).next(),
        fields,
        may_answer: acting.reader.may(Action::Edit, Resource::Portal),
    };
    with_status(status, page)
}

fn views(issued: &[Issued]) -> Vec<DocumentView> {
    let mut views: Vec<DocumentView> = Vec::new();
    for document in issued {
        let known = match document.format.as_str() {
            "pdf" => "PDF",
            "xlsx" => "Excel",
            "docx" => "Word",
            _ => "ファイル",
        };
        let file = (known, format!("{}.{}", document.name, document.format));
        match views.iter_mut().find(|view| view.title == document.title) {
            Some(view) => view.files.push(file),
            None => views.push(DocumentView { title: document.title.clone(), files: vec![file] }),
        }
    }
    views
}

/// `POST /o/{organisation}/portal/{service}`: an answer to items, a question, or that the documents were received.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let opened = match opened(&app, &acting, &at.service).await {
        Ok(opened) => opened,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let wanted = if fields.text("issue") != opened.last.entry.to_string() {
        // Nobody answers to something newer than what they read.
        Ok(Err(vec![
            "画面を開いた後に、新しい文書が発行されました。新しい内容を確かめてから、もう一度お答えください。"
                .to_owned(),
        ]))
    } else {
        match fields.text("do") {
            "answer" => answer(&app, &acting, &at, &opened, &fields).await,
            "ask" => ask(&app, &acting, &at, &opened, &fields).await,
            "received" => Ok(Ok(received(&app, &acting, &at, &opened))),
            _ => Ok(Err(vec!["フォームの内容を読めませんでした。もう一度お試しください。".to_owned()])),
        }
    };
    let mistakes = match wanted {
        Ok(Ok(wanted)) => {
            let writing = Writing { acting: &acting, from: &from, action: wanted.action, note: wanted.note };
            match write(&app, &writing, &opened.customer, &wanted.records).await {
                Ok(true) => {
                    let to = format!("/o/{}/portal/{}?done={}", at.organisation, at.service, wanted.done);
                    return Redirect::to(&to).into_response();
                }
                Ok(false) => {
                    let told = vec![MEANWHILE.to_owned()];
                    return match self::opened(&app, &acting, &at.service).await {
                        Ok(opened) => page(&app, &acting, &at, &opened, "", told, &fields).await,
                        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
                    };
                }
                Err(error) => return message::failed(&app, &error),
            }
        }
        Ok(Err(mistakes)) => mistakes,
        Err(error) => return message::failed(&app, &error),
    };
    page(&app, &acting, &at, &opened, "", mistakes, &fields).await
}

/// Understanding, agreement or objection to items, as they were issued.
async fn answer(
    app: &App,
    acting: &Acting,
    at: &At,
    opened: &Opened,
    fields: &Fields,
) -> Result<Result<Wanted, Vec<String>>, StoreError> {
    use AgreementStep::{Agreed, Disagreed, Explained};
    let chosen = fill::chosen(&[Explained, Agreed, Disagreed], AgreementStep::token, fields.text("step"));
    let Some(chosen) = chosen else { return Ok(Err(vec!["お答えを選んでください。".to_owned()])) };
    if fields.text("note").chars().count() > LONGEST_TEXT_CHARS {
        return Ok(Err(vec![too_long()]));
    }
    if chosen == Agreed && !fields.has("sure") {
        let told = "合意は契約上の約束になります。文書を確かめ、「確かめました」に印を付けてください。";
        return Ok(Err(vec![told.to_owned()]));
    }
    let names = app.store().names(&at.organisation).await?;
    let taking = step::Taking {
        step: chosen,
        items: fields.all("item").map(str::to_owned).collect(),
        kinds: fields.all("kind").map(str::to_owned).collect(),
        on: Date(world::date(app.now())),
        by: names.get(&opened.last.by).unwrap_or(&opened.last.by).clone(),
        with: Some(acting.reader.name.clone()),
        means: Some(AgreementMeans::Portal),
        evidence: vec![format!("発行した文書（符号 {}）", opened.last.digest.clone())],
        note: fill::text(fields, "note"),
    };
    let note = format!("{}: {}", opened.customer.facts.name, chosen.term());
    let place = (at.organisation.as_str(), at.service.as_str());
    let records = step::take(app, place, &opened.customer, opened.last.pin, taking).await?;
    Ok(records.map(|records| Wanted { records, action: "agreement.step", note, done: "step" }))
}

/// A question about an item, or about the whole.
async fn ask(
    app: &App,
    acting: &Acting,
    at: &At,
    opened: &Opened,
    fields: &Fields,
) -> Result<Result<Wanted, Vec<String>>, StoreError> {
    let Some(text) = fill::text(fields, "text") else {
        return Ok(Err(vec!["質問を入力してください。".to_owned()]));
    };
    if text.chars().count() > LONGEST_TEXT_CHARS {
        return Ok(Err(vec![too_long()]));
    }
    let item = fill::text(fields, "about");
    let title = match &item {
        None => "全体について".to_owned(),
        Some(key) => {
            let place = (at.organisation.as_str(), at.service.as_str());
            let seen = seen::seen(app, place, &opened.customer, opened.last.pin).await?;
            let mut items = seen.groups.into_iter().flat_map(|group| group.items);
            match items.find(|item| item.key == *key) {
                Some(item) => item.title,
                None => return Ok(Err(vec!["質問する事項を、一覧から選んでください。".to_owned()])),
            }
        }
    };
    let question = Question { item, title, text, by: acting.reader.name.clone() };
    let records = vec![Written::new(&opened.customer.id, Some(&at.service), &Note::Question(&question))];
    let note = format!("{}: {}", opened.customer.facts.name, question.title);
    Ok(Ok(Wanted { records, action: "agreement.question", note, done: "asked" }))
}

fn received(app: &App, acting: &Acting, at: &At, opened: &Opened) -> Wanted {
    let receipt = Receipt {
        issue: opened.last.entry,
        state: Delivery::Confirmed,
        on: world::day(app.now()),
        by: acting.reader.name.clone(),
        note: String::new(),
    };
    let records = vec![Written::new(&opened.customer.id, Some(&at.service), &Note::Receipt(&receipt))];
    let note = format!("{}: 受領", opened.customer.facts.name);
    Wanted { records, action: "agreement.receipt", note, done: "received" }
}

#[derive(Deserialize)]
pub struct DocumentAt {
    organisation: String,
    service: String,
    entry: u64,
    file: String,
}

/// `GET …/portal/{service}/issued/{entry}/{file}`: a frozen copy that was issued to this institution.
pub async fn document(State(app): State<App>, from: From, acting: Acting, Path(at): Path<DocumentAt>) -> Response {
    let asked = at.file.rsplit_once('.').and_then(|(name, extension)| Some((name, extension.parse::<Format>().ok()?)));
    let Some((name, format)) = asked else { return message::nothing(Some(&acting.visitor)) };
    let read = async {
        let customer = own(&app, &acting).await?;
        let found = app.store().issued_document(&at.organisation, at.entry, name, format.extension()).await?;
        let is_own = found.0.institution.as_ref().is_some_and(|institution| institution.id == customer.id);
        if !is_own || found.0.service != at.service {
            return Err(StoreError::Missing(Missing::Document));
        }
        let object = format!("service/{}/institution/{}", at.service, customer.id);
        pack::taken(&app, &from, &acting, &object, &found.0.title).await?;
        Ok(found)
    };
    match read.await {
        Ok((issued, bytes)) => {
            let name = format!("{}.{}", pack::portable(&issued.title), issued.format);
            documents::file(&name, format.media_type(), bytes)
        }
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

#[derive(Deserialize)]
pub struct ConfirmationAt {
    organisation: String,
    service: String,
    format: String,
}

/// `GET …/portal/{service}/confirmation/{format}`: what was agreed about what was issued, ready to be signed.
pub async fn confirmation(
    State(app): State<App>,
    from: From,
    acting: Acting,
    Path(at): Path<ConfirmationAt>,
) -> Response {
    let Some(format) = confirm::asked(&at.format) else { return message::nothing(Some(&acting.visitor)) };
    let made = async {
        let opened = opened(&app, &acting, &at.service).await?;
        let place = (at.organisation.as_str(), at.service.as_str());
        let issued = world::shown_text(&opened.last.at);
        let basis = vec![(format!("{issued}に発行した文書"), opened.last.digest.clone())];
        let bytes = confirm::made(&app, place, &opened.customer, (opened.last.pin, true), basis, format).await?;
        let object = format!("service/{}/institution/{}", at.service, opened.customer.id);
        pack::taken(&app, &from, &acting, &object, confirm::TITLE).await?;
        Ok::<_, StoreError>(bytes)
    };
    match made.await {
        Ok(bytes) => documents::file(&format!("{}.{}", confirm::TITLE, format.extension()), format.media_type(), bytes),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// `GET …/portal/{service}/pack.zip`: all that was issued last.
pub async fn pack(State(app): State<App>, from: From, acting: Acting, Path(at): Path<At>) -> Response {
    let read = async {
        let opened = opened(&app, &acting, &at.service).await?;
        let bytes = pack::packed(&app, &at.organisation, &opened.last.documents).await?;
        let object = format!("service/{}/institution/{}", at.service, opened.customer.id);
        pack::taken(&app, &from, &acting, &object, pack::PACK).await?;
        Ok::<_, StoreError>((opened.customer.facts.name, bytes))
    };
    match read.await {
        Ok((name, bytes)) => pack::answered(&format!("{}.zip", pack::portable(&name)), bytes),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}
