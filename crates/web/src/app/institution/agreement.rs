//! `/o/{organisation}/s/{service}/institutions`: how far explanation and agreement on a service have come with each
//! institution, and one institution item by item.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_safety::agreement::{AgreementMeans, AgreementStep, Contract, Overlay, STEPS, UseForm, step_term};
use shirube_safety::risk::RequestStatus;
use shirube_store::{Issued, Missing, StoreError};

use super::kept::{Customer, Delivery, Pin, Relation, Terms};
use super::list::{PAGE, paged};
use super::seen::{self, Seen};
use super::work::{self, Stood};
use super::{MEANWHILE, Writing, customer, step, terms, write};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::revisions::{InService, state_term};
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::page::Frame;
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "app/agreements.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    steps: [&'static str; 6],
    rows: Vec<Row>,
    /// Institutions to be asked again, over all pages.
    asked: usize,
    unanswered: usize,
    found: usize,
    all: usize,
    query: Query,
    page: usize,
    pages: usize,
    page_size: usize,
    revision: u64,
    csrf: String,
    may_issue: bool,
    may_export: bool,
}

struct Row {
    id: String,
    name: String,
    kind: &'static str,
    stood: Arc<Stood>,
    /// What it was handed last: the revision and where that stands.
    handed: Option<(u64, &'static str)>,
}

/// What an overview can be narrowed to: token and the words people read.
const SHOWN: [(&str, &str); 8] = [
    ("again", "合意し直すもの"),
    ("open", "合意がそろっていないもの"),
    ("disagreed", "不合意があるもの"),
    ("provisional", "評価し直すもの"),
    ("questions", "質問が届いているもの"),
    ("unconfirmed", "受領の返事がないもの"),
    ("unhanded", "文書を発行していないもの"),
    ("over", "契約が終わったもの"),
];

/// Where documents of an issue stand.
fn delivered(stood: &Stood, entry: u64) -> &'static str {
    stood.delivery.filter(|(issue, _)| *issue == entry).map_or("発行済", |(_, state)| state.term())
}

fn is_shown(row: &Row, wanted: &str) -> bool {
    let stood = &row.stood;
    if stood.is_over != (wanted == "over") {
        return false;
    }
    match wanted {
        "again" => !stood.again.reopened.is_empty(),
        "open" => stood.counts[3] < stood.counts.iter().sum(),
        "disagreed" => stood.counts[4] > 0,
        "provisional" => stood.provisional + stood.errors > 0,
        "questions" => stood.unanswered > 0,
        "unconfirmed" => row.handed.is_some_and(|(_, state)| state != Delivery::Confirmed.term()),
        "unhanded" => row.handed.is_none(),
        _ => true,
    }
}

impl OverviewPage<'_> {
    fn choices(&self) -> &'static [(&'static str, &'static str)] {
        &SHOWN
    }

    fn is_narrowed(&self, token: &str) -> bool {
        self.query.get("show") == Some(token)
    }
}

/// `GET …/institutions`.
pub async fn overview(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/institutions", &["q", "show", "page"], raw.as_deref());
    let read = async {
        let roster = work::roster(&app, &at.organisation).await?;
        let revision = shown.revision.unwrap_or_default();
        let stood = work::all(&app, (&at.organisation, &at.service), revision, &roster).await?;
        Ok::<_, StoreError>((roster, stood, app.store().last_issued_to(&at.organisation, &at.service).await?))
    };
    let (roster, stood, last) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(&app, &error),
    };
    let row = |(id, stood): (String, Arc<Stood>)| {
        let facts = roster.facts.get(&id)?;
        let handed = last.get(&id).map(|(revision, _, entry)| (*revision, delivered(&stood, *entry)));
        Some(Row { name: facts.name.clone(), kind: facts.kind.term(), id, stood, handed })
    };
    let mut rows: Vec<Row> = stood.into_iter().filter_map(row).collect();
    let all = rows.len();
    let asked = rows.iter().filter(|row| is_shown(row, "again")).count();
    let goes_on = rows.iter().filter(|row| !row.stood.is_over);
    let unanswered = goes_on.map(|row| row.stood.unanswered).sum();
    rows.retain(|row| {
        query.get("q").is_none_or(|wanted| row.name.contains(wanted))
            && is_shown(row, query.get("show").unwrap_or_default())
    });
    rows.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    let (found, page, pages) = paged(&mut rows, &query);
    let frame = Frame::new(&shown, Here::Institutions);
    let steps = STEPS.map(step_term);
    crate::page::html(OverviewPage {
        frame,
        steps,
        rows,
        asked,
        unanswered,
        found,
        all,
        query,
        page,
        pages,
        page_size: PAGE,
        revision: shown.revision.unwrap_or_default(),
        csrf: acting.reader.csrf.clone(),
        may_issue: is_ready(&shown) && acting.reader.may(Action::Issue, Resource::Agreement),
        may_export: !last.is_empty() && acting.reader.may(Action::Export, Resource::Agreement),
    })
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    institution: String,
}

#[derive(Template)]
#[template(path = "app/agreement.html")]
struct AgreementPage<'a> {
    frame: Frame<'a>,
    notice: &'static str,
    mistakes: Vec<String>,
    csrf: &'a str,
    id: &'a str,
    name: &'a str,
    contract: Contract,
    /// Answers to controls that are this institution's own: number and status.
    own: Vec<(String, &'static str)>,
    /// Whether something is promised to this institution alone.
    has_sla: bool,
    seen: Seen,
    pin: Pin,
    fields: &'a Fields,
    today: String,
    reader: &'a str,
    questions: Vec<QuestionView>,
    issues: Vec<IssueView>,
    may_edit: bool,
    may_issue: bool,
    may_export: bool,
}

/// Documents that were issued together.
struct IssueView {
    entry: u64,
    revision: u64,
    at: String,
    note: String,
    documents: usize,
    /// What became of them: state, day, person, note.
    receipts: Vec<(&'static str, String, String, String)>,
}

pub(super) struct QuestionView {
    pub number: u64,
    pub title: String,
    pub text: String,
    pub by: String,
    pub at: String,
    pub answers: Vec<(String, String, String)>,
}

/// Questions with their answers, newest first.
pub(super) fn questions(relation: &Relation) -> Vec<QuestionView> {
    let one = |question: &super::kept::Kept<super::kept::Question>| QuestionView {
        number: question.number,
        title: question.what.title.clone(),
        text: question.what.text.clone(),
        by: question.what.by.clone(),
        at: world::shown_text(&question.at),
        answers: relation
            .answers
            .iter()
            .filter(|answer| answer.what.question == question.number)
            .map(|answer| (answer.what.text.clone(), answer.what.by.clone(), world::shown_text(&answer.at)))
            .collect(),
    };
    relation.questions.iter().rev().map(one).collect()
}

impl AgreementPage<'_> {
    fn steps(&self) -> &'static [AgreementStep] {
        AgreementStep::ALL
    }

    fn means(&self) -> &'static [AgreementMeans] {
        AgreementMeans::ALL
    }

    fn forms(&self) -> &'static [UseForm] {
        UseForm::ALL
    }

    /// Whether something of a group was chosen: it must not be sent unseen.
    fn is_chosen(&self, group: &seen::Group) -> bool {
        group.is_chosen(self.fields)
    }

    /// What was typed into a form that is shown again.
    fn typed(&self, form: &str, name: &str) -> &str {
        if self.fields.text("do") == form { self.fields.text(name) } else { "" }
    }

    /// The same for a form of which there are several, each about something.
    fn typed_about(&self, form: &str, about: impl std::fmt::Display, name: &str) -> &str {
        let about = about.to_string();
        let own = ["request", "treatment", "question"].iter().any(|key| self.fields.text(key) == about);
        if own { self.typed(form, name) } else { "" }
    }

    /// What was typed into the form of the contract, or what is kept.
    fn contracted<'s>(&'s self, name: &str, kept: &'s Option<String>) -> &'s str {
        if self.fields.text("do") == "contract" { self.fields.text(name) } else { kept.as_deref().unwrap_or_default() }
    }

    fn deliveries(&self) -> &'static [Delivery] {
        &Delivery::ALL
    }

    /// What an institution can reply.
    fn replies(&self) -> [RequestStatus; 3] {
        [RequestStatus::Accepted, RequestStatus::Refused, RequestStatus::Done]
    }

    fn is_form(&self, form: &UseForm) -> bool {
        self.contract.form == Some(*form)
    }

    fn day(&self, day: &Option<shirube_safety::model::Date>) -> String {
        day.map(|day| day.to_string()).unwrap_or_default()
    }
}

/// `GET …/institutions/{institution}`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("step") => "記録しました。",
        Some("terms") => "違いを保存しました。発行済みの文書は変わりません。必要に応じて発行し直してください。",
        Some("contract") => "契約を保存しました。",
        Some("promoted") => "基準に取り込みました。サービスの新しい版ができています。",
        Some("promoted-beside") => {
            "基準に取り込み、サービスの新しい版ができています。その間に変わった、この医療機関等だけの評価は残しています。基準と見比べてください。"
        }
        Some("answer") => "答えを送りました。",
        Some("receipt") => "送付の記録を加えました。",
        _ => "",
    };
    match relation(&app, &at).await {
        Ok(customer) => page(&app, &acting, &shown, &at, &customer, notice, Vec::new(), &Fields::default()).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// The institution, if it uses the service.
async fn relation(app: &App, at: &At) -> Result<Customer, StoreError> {
    let customer = customer(app, &at.organisation, &at.institution).await?;
    let uses = customer.relations.contains_key(&at.service);
    if uses { Ok(customer) } else { Err(StoreError::Missing(Missing::Institution)) }
}

#[expect(clippy::too_many_arguments, reason = "a page and all that it shows")]
async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &At,
    customer: &Customer,
    notice: &'static str,
    mistakes: Vec<String>,
    fields: &Fields,
) -> Response {
    let relation = &customer.relations[&at.service];
    let pin = Pin { revision: shown.revision.unwrap_or_default(), terms: relation.today().0 };
    let seen = match seen::seen(app, (&at.organisation, &at.service), customer, pin).await {
        Ok(seen) => seen,
        Err(error) => return message::failed(app, &error),
    };
    let issued = match app.store().issued_to(&at.organisation, &customer.id).await {
        Ok(issued) => issued,
        Err(error) => return message::failed(app, &error),
    };
    let Terms { contract, overlay: Overlay { answers: own, sla, .. }, .. } = relation.today().1;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = AgreementPage {
        frame: Frame::new(shown, Here::Institutions),
        notice,
        mistakes,
        csrf: &acting.reader.csrf,
        id: &customer.id,
        name: &customer.facts.name,
        own: own.into_iter().map(|answer| (answer.control, answer.status.term())).collect(),
        has_sla: sla.is_some(),
        contract,
        seen,
        pin,
        fields,
        today: world::day(app.now()),
        reader: &acting.reader.name,
        questions: questions(relation),
        issues: issues(&issued, &at.service, relation),
        may_issue: is_ready(shown) && acting.reader.may(Action::Issue, Resource::Agreement),
        may_export: acting.reader.may(Action::Export, Resource::Agreement),
        may_edit: acting.reader.may(Action::Edit, Resource::Agreement),
    };
    with_status(status, page)
}

/// Whether documents of the revision may be issued: it was approved.
pub(super) fn is_ready(shown: &Shown) -> bool {
    [APPROVED, ISSUED].map(state_term).contains(&shown.state)
}

const APPROVED: &str = "approved";
const ISSUED: &str = "issued";

/// The issues of a service to one institution, newest first.
fn issues(issued: &[Issued], service: &str, relation: &Relation) -> Vec<IssueView> {
    let groups = issued.chunk_by(|one, other| one.entry.number == other.entry.number);
    let own = groups.filter(|group| group[0].service == service);
    let receipts = |entry: u64| {
        let own = relation.receipts.iter().filter(move |kept| kept.what.issue == entry).map(|kept| &kept.what);
        own.map(|one| (one.state.term(), world::shown_day(&one.on), one.by.clone(), one.note.clone())).collect()
    };
    own.map(|group| IssueView {
        entry: group[0].entry.number,
        revision: group[0].revision,
        at: world::shown_text(&group[0].entry.at),
        note: group[0].entry.note.clone(),
        documents: group.len(),
        receipts: receipts(group[0].entry.number),
    })
    .collect()
}

/// What a form about one institution and service led to.
pub(super) struct Wanted {
    pub records: Vec<super::kept::Written>,
    pub action: &'static str,
    pub note: String,
    /// What the next page is told.
    pub done: &'static str,
}

/// `POST …/institutions/{institution}`.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let customer = match relation(&app, &at).await {
        Ok(customer) => customer,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let latest = shown.revision.unwrap_or_default();
    let place = (at.organisation.as_str(), at.service.as_str());
    let pin = pin(&fields, latest).filter(|pin| {
        let relation = &customer.relations[&at.service];
        pin.terms <= relation.today().0 && relation.terms_number(pin.terms) == pin.terms
    });
    let wanted = match (fields.text("do"), pin) {
        (_, None) => {
            Ok(Err(vec!["画面を読み込み直してから、もう一度お試しください。何も保存していません。".to_owned()]))
        }
        ("step", Some(pin)) => step::taken(&app, place, &customer, pin, &fields).await,
        ("contract", Some(pin)) => Ok(terms::contract(&customer, &at.service, pin, &fields)),
        ("reply", Some(pin)) => terms::reply(&app, place, &customer, pin, &fields).await,
        ("residual", Some(pin)) => terms::residual(&app, place, &customer, pin, &fields).await,
        ("baseline", Some(pin)) => Ok(terms::back_to_baseline(&customer, &at.service, pin, &fields)),
        ("receipt", Some(_)) => step::receipt(&app, place, &customer, &acting.reader.name, &fields).await,
        ("answer", Some(_)) => Ok(step::answer(&customer, &at.service, &acting.reader.name, &fields)),
        _ => Ok(Err(vec!["フォームの内容を読めませんでした。もう一度お試しください。".to_owned()])),
    };
    let mistakes = match wanted {
        Ok(Ok(wanted)) => {
            let writing = Writing { acting: &acting, from: &from, action: wanted.action, note: wanted.note };
            match write(&app, &writing, &customer, &wanted.records).await {
                Ok(true) => {
                    let to = format!("{}/institutions/{}?done={}", shown.base, at.institution, wanted.done);
                    return Redirect::to(&to).into_response();
                }
                Ok(false) => {
                    let told = vec![MEANWHILE.to_owned()];
                    return match self::relation(&app, &at).await {
                        Ok(customer) => page(&app, &acting, &shown, &at, &customer, "", told, &fields).await,
                        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
                    };
                }
                Err(error) => return message::failed(&app, &error),
            }
        }
        Ok(Err(mistakes)) => mistakes,
        Err(error) => return message::failed(&app, &error),
    };
    page(&app, &acting, &shown, &at, &customer, "", mistakes, &fields).await
}

/// What the page showed that the form stood on.
fn pin(fields: &Fields, latest: u64) -> Option<Pin> {
    let revision = fields.text("revision").parse().ok().filter(|number| (1..=latest).contains(number))?;
    Some(Pin { revision, terms: fields.text("terms").parse().ok()? })
}
