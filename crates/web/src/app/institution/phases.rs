//! `…/institutions/{institution}/phases`: what is settled for each phase of the contract, and the papers at its end
//! (LIFE-001 to -003, LIFE-006).

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde::Deserialize;
use shirube_documents::deliverable::{closing_papers, phase_documents};
use shirube_documents::write::{Format, archive, render};
use shirube_safety::agreement::{
    ContractState, InstitutionFile, Item, PhaseLine, PhaseList, SheetLine, SheetValue, phase_lists, undone, unfilled,
};
use shirube_safety::model::Date;
use shirube_store::{Missing, StoreError};
use shirube_trail::Digest;

use super::issue::{named, others};
use super::kept::{Customer, Pin};
use super::pack::{answered, index_line, portable, taken};
use super::{customer, seen, work};
use crate::app::documents::{FORMATS, not_made, source};
use crate::app::guard::Acting;
use crate::app::sign_in::From;
use crate::app::{App, message};
use crate::page::Frame;
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    institution: String,
}

#[derive(Template)]
#[template(path = "app/phases.html")]
struct PhasesPage<'a> {
    frame: Frame<'a>,
    notice: &'static str,
    id: &'a str,
    name: &'a str,
    state: String,
    ends_on: Option<Date>,
    /// Fields of the sheet that nobody filled in, and what is not done yet, by their labels.
    unfilled: Vec<String>,
    undone: Vec<String>,
    is_begun: bool,
    is_closed: bool,
    phases: Vec<PhaseView>,
    may_edit: bool,
    may_export: bool,
}

struct PhaseView {
    token: &'static str,
    name: String,
    content: String,
    is_open: bool,
    duties: Vec<DutyView>,
    lines: Vec<LineView>,
    open: usize,
}

struct DutyView {
    text: String,
    tasks: String,
    sources: String,
}

struct LineView {
    text: String,
    basis: String,
    /// What is settled: its title, the word and the mark of where it stands.
    items: Vec<(String, &'static str, &'static str)>,
    /// Fields of the institution's own sheet with what stands there.
    sheet: Vec<(String, Option<String>)>,
    documents: String,
}

/// How many items a line names before the rest is counted.
const NAMED: usize = 6;

impl LineView {
    fn named(&self) -> &[(String, &'static str, &'static str)] {
        &self.items[..self.items.len().min(NAMED)]
    }

    fn more(&self) -> usize {
        self.items.len().saturating_sub(NAMED)
    }
}

/// The institution, if it uses the service.
async fn user(app: &App, at: &At) -> Result<Customer, StoreError> {
    let customer = customer(app, &at.organisation, &at.institution).await?;
    match customer.relations.contains_key(&at.service) {
        true => Ok(customer),
        false => Err(StoreError::Missing(Missing::Institution)),
    }
}

/// `GET …/phases`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let made = async {
        let customer = user(&app, &at).await?;
        let phases = phases(&app, &at, &shown, &customer).await?;
        Ok::<_, StoreError>((customer, phases))
    };
    let (customer, phases) = match made.await {
        Ok(made) => made,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let file = customer.file(&at.service);
    let closing = file.closing.clone().unwrap_or_default();
    let names = |lines: Vec<(String, String)>| lines.into_iter().map(|(_, name)| name).collect();
    crate::page::html(PhasesPage {
        frame: Frame::new(&shown, Here::Institutions),
        notice: if query.get("done").is_some() { "記録しました。" } else { "" },
        id: &customer.id,
        name: &customer.facts.name,
        state: ContractState::of(&file).shown(),
        ends_on: file.contract.ends_on,
        unfilled: names(unfilled(&closing)),
        undone: names(undone(&closing)),
        is_begun: file.closing.is_some(),
        is_closed: closing.closed.is_some(),
        phases,
        may_edit: acting.reader.may(Action::Edit, Resource::Agreement),
        may_export: acting.reader.may(Action::Export, Resource::Agreement),
    })
}

/// What a line of the sheet is called where the others are not beside it.
fn label(line: SheetLine) -> String {
    format!("{}の{}", line.group, line.label)
}

fn stands(value: SheetValue) -> String {
    match value {
        SheetValue::Text(text) => text.to_owned(),
        SheetValue::Day(day) => day.to_string(),
    }
}

/// The checklists with where each item stands with the institution.
async fn phases(app: &App, at: &At, shown: &Shown, customer: &Customer) -> Result<Vec<PhaseView>, StoreError> {
    let revision = shown.revision.unwrap_or_default();
    let (number, terms) = customer.relations[&at.service].today();
    let pin = Pin { revision, terms: number };
    let seen = seen::seen(app, (&at.organisation, &at.service), customer, pin).await?;
    let stand: BTreeMap<String, (&'static str, &'static str)> = seen
        .groups
        .iter()
        .flat_map(|group| &group.items)
        .map(|item| (item.key.clone(), (item.term, item.mark())))
        .collect();
    let (facts, file) = (customer.facts.clone(), customer.file(&at.service));
    work::worked(app, (&at.organisation, &at.service), [revision].into(), move |lists| {
        let collected = lists.of(revision, &facts, &terms)?;
        Ok(views(collected.items.items(), &file, &stand))
    })
    .await
}

fn views(
    items: &[Item],
    file: &InstitutionFile,
    stand: &BTreeMap<String, (&'static str, &'static str)>,
) -> Vec<PhaseView> {
    let lists = phase_lists(items, Some(file));
    let view = |list: PhaseList| PhaseView {
        token: list.phase.token(),
        name: list.phase.term().to_owned(),
        content: list.fact().content.clone(),
        is_open: file.contract.phases.iter().any(|one| one.phase == list.phase && one.until.is_none()),
        open: list.open(),
        duties: list
            .list
            .duties
            .iter()
            .map(|duty| DutyView {
                text: duty.text.clone(),
                tasks: duty.tasks.join("、"),
                sources: duty.sources.join("、"),
            })
            .collect(),
        lines: list.lines.iter().map(|line| line_view(line, stand)).collect(),
    };
    lists.into_iter().map(view).collect()
}

fn line_view(line: &PhaseLine, stand: &BTreeMap<String, (&'static str, &'static str)>) -> LineView {
    LineView {
        text: line.item.text.clone(),
        basis: line.item.basis().join("、"),
        items: line
            .items
            .iter()
            .map(|item| {
                let (term, mark) = stand.get(&item.key).copied().unwrap_or(("未提示", "unanswered"));
                (item.title.clone(), term, mark)
            })
            .collect(),
        sheet: line.sheet.iter().map(|line| (label(*line), line.value.map(stands))).collect(),
        documents: phase_documents(line).join("、"),
    }
}

/// `GET …/closing.zip`: the papers at the end of the contract, with an index of their digests.
pub async fn closing(State(app): State<App>, from: From, acting: Acting, shown: Shown, Path(at): Path<At>) -> Response {
    let made = async {
        let customer = user(&app, &at).await?;
        if customer.file(&at.service).contract.ends_on.is_none() {
            return Ok(Err("契約終了時の文書は、契約の終わる日を記録してから作れます。".to_owned()));
        }
        let bytes = match papers(&app, &at, &shown, &customer).await? {
            Ok(bytes) => bytes,
            Err(told) => return Ok(Err(told)),
        };
        let object = format!("service/{}/institution/{}", at.service, at.institution);
        taken(&app, &from, &acting, &object, "契約終了時の文書").await?;
        Ok::<_, StoreError>(Ok(bytes))
    };
    match made.await {
        Ok(Ok(bytes)) => answered("契約終了時の文書.zip", bytes),
        Ok(Err(told)) => message::message(
            Some(&acting.visitor),
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            "まだ作れません",
            &told,
            (&format!("{}/institutions/{}/phases", shown.base, at.institution), "契約のフェーズと終了へ戻る"),
        ),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// The archive, or why it is held back.
async fn papers(app: &App, at: &At, shown: &Shown, customer: &Customer) -> Result<Result<Vec<u8>, String>, StoreError> {
    let revision = shown.revision.unwrap_or_default();
    let terms = customer.relations[&at.service].today().1;
    let (facts, file) = (customer.facts.clone(), customer.file(&at.service));
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let digest = Digest::of(format!("{}{}", files.digest(), file.closing_text()).as_bytes());
    let source = source(revision, &digest.to_string());
    let names = work::names(app, &at.organisation).await?;
    let _turn = app.0.makers.acquire().await;
    work::worked(app, (&at.organisation, &at.service), [revision].into(), move |lists| {
        let laid = lists.laid(revision, &facts, &terms)?;
        let service = laid.service();
        let papers = closing_papers(&service, &file, &source);
        if let Some(told) = named(&others(&service, &names, &facts.name), &papers) {
            return Ok(Err(told));
        }
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for paper in papers {
            for format in FORMATS.into_iter().filter(|format| *format != Format::Html) {
                let bytes = render(&paper, format).map_err(|error| not_made(error.to_string()))?;
                files.push((format!("{}.{}", portable(&paper.title), format.extension()), bytes));
            }
        }
        let index: String =
            files.iter().map(|(name, bytes)| index_line(name, bytes.len() as u64, &Digest::of(bytes))).collect();
        let index = format!("\u{feff}{}\r\n\r\n{index}", facts.name);
        let all = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        archive(all.chain([("一覧.txt", index.as_bytes())])).map(Ok).map_err(|error| not_made(error.to_string()))
    })
    .await
}
