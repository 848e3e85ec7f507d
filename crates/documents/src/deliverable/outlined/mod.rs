//! Documents made of clauses: サービス仕様適合開示書, SLA, 運用管理規程, letter and summaries, all from the same facts.
//!
//! The wording stands in `catalogs/outlines`; here the facts are gathered and the composed clauses become a content tree.

mod about;
mod context;
mod digits;
mod fit;
mod label;
mod names;
mod overview;
mod own;
mod restated;
mod tree;
mod words;

use std::sync::{Arc, LazyLock};

use schemars::generate::SchemaSettings;
use serde_json::Value as Json;
use shirube_outline::{
    Block, Change, Composed, Facts, Mistake, Overlay, OwnClause, Print, Settings, compose, outlines,
};
use shirube_safety::Service;
use shirube_safety::model::{Answer, Date, DateStyle};
use shirube_safety::stated::{ClauseChange, ClauseChangeKind};

use super::Deliverable;
use super::common;
use super::date::{printed, printed_month};
use crate::content::{Document, Page};
use context::Context;

pub use names::{ClauseName, clause_names};
pub use own::judged;
pub use restated::clauses;

/// The schema of what templates see; made once.
static SCHEMA: LazyLock<Json> = LazyLock::new(|| {
    // As it is written, not as it is read: a field that may be left out is there all the same.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<Context<'static>>().to_value()
});

/// Name of the outline of a deliverable; `None` for those that are no clauses.
fn outline(deliverable: Deliverable) -> Option<&'static str> {
    Some(match deliverable {
        Deliverable::Disclosure => "disclosure",
        Deliverable::Sla => "sla",
        Deliverable::OperatingRules => "rules-provider",
        Deliverable::InstitutionRules => "rules-institution",
        Deliverable::Letter => "letter",
        Deliverable::SummaryManagement => "summary-management",
        Deliverable::SummaryClinic => "summary-clinic",
        _ => return None,
    })
}

/// Whether a deliverable is made of clauses.
pub(super) fn is_outlined(deliverable: Deliverable) -> bool {
    outline(deliverable).is_some()
}

/// Number of a document that has one of its own.
pub(super) fn number(service: &Service, deliverable: Deliverable) -> Option<String> {
    let files = service.files;
    match deliverable {
        Deliverable::Sla => files.sla.number.clone(),
        Deliverable::OperatingRules => files.rules.provider.as_ref()?.number.clone(),
        Deliverable::InstitutionRules => files.rules.institution.as_ref()?.number.clone(),
        other => common::number(service, other),
    }
}

/// Edition of a document that has one of its own, else that of all documents.
pub(super) fn edition(service: &Service, deliverable: Deliverable) -> Option<String> {
    let files = service.files;
    match deliverable {
        Deliverable::Sla => files.sla.editions.last()?.edition.clone(),
        Deliverable::OperatingRules => files.rules.provider.as_ref()?.edition.clone(),
        Deliverable::InstitutionRules => files.rules.institution.as_ref()?.edition.clone(),
        _ => files.service.document.edition.clone(),
    }
}

/// Builds a document made of clauses. `open` makes the copy for anybody.
pub(super) fn build(service: &Service, deliverable: Deliverable, source: &str, open: bool) -> Document {
    let mut document = common::document(service, deliverable, Page::A4_PORTRAIT, source);
    cover(service, deliverable, &mut document);
    match composed(service, deliverable, open) {
        Ok(composed) => tree::fill(&mut document, service, deliverable, &composed),
        Err(mistakes) => tree::refuse(&mut document, &mistakes),
    }
    if document.look.is_municipal {
        digits::widen(&mut document);
    }
    document
}

/// What these documents say of themselves otherwise than those of the service.
fn cover(service: &Service, deliverable: Deliverable, document: &mut Document) {
    let files = service.files;
    let in_force =
        |from: Option<Date>| from.map(|from| format!("{}から", printed(from, files.service.document.dates())));
    let meta = &mut document.meta;
    meta.document_number = number(service, deliverable);
    meta.edition = edition(service, deliverable);
    // Their own clauses say how they came about.
    meta.history.retain(|_| deliverable == Deliverable::Disclosure);
    if deliverable == Deliverable::OperatingRules {
        let rules = files.rules.provider.as_ref();
        meta.valid = in_force(rules.and_then(|rules| rules.effective_from));
        let established = rules.and_then(|rules| rules.established_on);
        let established = established.map(|on| ("制定日".to_owned(), printed(on, files.service.document.dates())));
        document.summary.extend(established);
    }
    if deliverable == Deliverable::InstitutionRules {
        institutions_own(service, document);
    }
}

/// The rules of an institution are its own: its name, its head, its day. What a provider hands over is a proposal.
fn institutions_own(service: &Service, document: &mut Document) {
    let files = service.files;
    let rules = files.rules.institution.as_ref();
    let names: Vec<&str> =
        shirube_safety::model::institutions(&files.service).map(|party| party.name.as_str()).collect();
    let from = rules.and_then(|rules| rules.effective_from);
    document.summary.clear();
    document.notices = vec![format!(
        "この規程は、{}が用意した案です。内容を確かめ、医療機関等の規程として定めてください。",
        std::mem::take(&mut document.meta.provider)
    )];
    if rules.is_some_and(|rules| rules.size.is_none()) {
        document.notices.push("医療機関等の規模が書かれていないため、規模を問わない条だけを載せています。".to_owned());
    }
    let meta = &mut document.meta;
    meta.service = names.join("、");
    meta.author = None;
    meta.approver = rules.and_then(|rules| rules.head.clone());
    meta.valid = from.map(|from| format!("{}から", printed(from, files.service.document.dates())));
}

/// The clauses of a document with their facts, or what stands against it.
pub fn composed(service: &Service, deliverable: Deliverable, open: bool) -> Result<Composed, Vec<Mistake>> {
    let outline = outline(deliverable).and_then(|name| outlines().get(name));
    let outline = outline.unwrap_or_else(|| panic!("{deliverable} has an outline"));
    let settings = settings(service, deliverable);
    let composed = compose(outline, &facts(service, open, Vec::new()), &settings)?;
    if deliverable != Deliverable::SummaryClinic {
        return Ok(composed);
    }
    // It explains the words it uses, which are known once it stands.
    let terms = words::used(&composed, &service.files.house.terms);
    compose(outline, &facts(service, open, terms), &settings)
}

fn facts<'a>(service: &'a Service<'a>, open: bool, terms: Vec<context::Word<'a>>) -> Facts {
    let context = about::context(service, open, terms);
    let value = serde_json::to_value(&context).expect("facts become JSON");
    Facts::new(&value, &SCHEMA)
}

/// The facts as they are, for whoever names them.
fn values(service: &Service) -> Json {
    serde_json::to_value(about::context(service, false, Vec::new())).expect("facts become JSON")
}

fn settings(service: &Service, deliverable: Deliverable) -> Settings {
    let files = service.files;
    let dates = files.service.document.dates();
    let changes = own::lists(files, deliverable).into_iter().flat_map(|list| list.changes.iter().map(change));
    let overlay = Overlay { changes: changes.collect() };
    let sizes = match (deliverable, files.rules.institution.as_ref().and_then(|rules| rules.size)) {
        // Items of class A are for all.
        (Deliverable::InstitutionRules, Some(size)) => vec!["A".to_owned(), size.token().to_owned()],
        // What is for one size only may contradict what is for another.
        (Deliverable::InstitutionRules, None) => vec!["A".to_owned()],
        _ => Vec::new(),
    };
    Settings { overlay, sizes, print: Print { date: Arc::new(move |text| date(text, dates)) } }
}

/// `2026-04-01`, or a month such as `2020-08`.
fn date(text: &str, style: DateStyle) -> Option<String> {
    match text.parse() {
        Ok(day) => Some(printed(Date(day), style)),
        Err(_) => format!("{text}-01").parse::<chrono::NaiveDate>().ok().map(|_| printed_month(text, style)),
    }
}

fn change(change: &ClauseChange) -> Change {
    let clause = change.clause.clone();
    let body = || change.text.iter().map(|text| Block::Text(text.clone())).collect::<Vec<_>>();
    match change.change {
        ClauseChangeKind::Drop => Change::Drop { clause },
        ClauseChangeKind::Replace => {
            Change::Replace { clause, title: change.title.clone(), body: body(), seen: change.seen.clone() }
        }
        ClauseChangeKind::Insert => {
            let id = change.id.clone().unwrap_or_else(|| format!("{clause}-own"));
            let title = change.title.clone().unwrap_or_default();
            let own = OwnClause { id, title, body: body() };
            Change::Insert { after: clause, clause: own, keeps_numbers: change.keeps_numbers == Answer::Yes }
        }
    }
}
