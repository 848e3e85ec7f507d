//! リスク対応計画: everything that is promised and not done yet, in the order of its dates (guideline 5.1.5, DOC-001).

use shirube_safety::Service;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::Date;
use shirube_safety::risk::{Measure, MeasureStatus, RequestStatus};

use super::Deliverable;
use super::common::{columns, day, document, head, risk_numbers};
use super::date::printed;
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

/// One thing to do.
struct Task {
    due: Option<Date>,
    kind: &'static str,
    /// Number of the risks, the control, the section or the consideration it belongs to.
    of: String,
    text: String,
    /// Name of the organisation that acts.
    actor: String,
    owner: Option<String>,
    /// People, equipment and money that it takes; empty where nobody said.
    resources: String,
    status: &'static str,
}

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::TreatmentPlan, Page::A4_LANDSCAPE, source);
    let mut tasks = measures(service);
    tasks.extend(requests(service));
    tasks.extend(controls(service));
    tasks.extend(statutory(service));
    tasks.extend(considerations(service));
    // Stable: within a day the order of the lists stays; what has no date comes first, because it needs one.
    tasks.sort_by_key(|task| task.due);
    let undated = tasks.iter().filter(|task| task.due.is_none()).count();
    let unowned = tasks.iter().filter(|task| task.owner.is_none()).count();
    document.summary.push(("計画に残る事項".to_owned(), format!("{}件", tasks.len())));
    document.summary.push(("うち期限が決まっていないもの".to_owned(), format!("{undated}件")));
    document.summary.push(("うち担当者が決まっていないもの".to_owned(), format!("{unowned}件")));
    document.blocks.push(Block::Paragraph(
        "決めた対策と約束のうち、まだ終わっていないものを、期限の早い順に並べています。期限の定まらないものは先頭に置きます。"
            .to_owned(),
    ));
    if tasks.is_empty() {
        document.blocks.push(Block::Paragraph("残っている事項の記載はありません。".to_owned()));
    } else {
        document.blocks.push(Block::Table(table(service, &tasks)));
    }
    document.data.push(data(&tasks));
    document
}

fn provider(service: &Service) -> String {
    let file = &service.files.service;
    party(service, &file.provider)
}

fn party(service: &Service, id: &str) -> String {
    let found = service.files.service.parties.iter().find(|party| party.id == id);
    found.map_or(id, |party| &party.name).to_owned()
}

fn stated(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn measures(service: &Service) -> Vec<Task> {
    let open = service.assessment.treated.iter().flat_map(|treated| {
        let of_treatment = treated.treatment.measures.iter();
        of_treatment
            .filter(|measure| measure.status != Some(MeasureStatus::Done))
            .map(move |measure| (treated, measure))
    });
    open.map(|(treated, measure)| Task {
        due: measure.due,
        kind: "対策",
        of: format!("{}（{}）", treated.treatment.id, risk_numbers(&service.assessment, &treated.risks)),
        text: measure.text.clone(),
        actor: measure.actor.as_ref().map_or_else(|| provider(service), |id| party(service, id)),
        owner: measure.owner.clone(),
        resources: resources(measure),
        status: measure.status.map_or("未定", MeasureStatus::term),
    })
    .collect()
}

/// What a measure takes: people and equipment as written, then money.
fn resources(measure: &Measure) -> String {
    let money = |(label, yen): (&str, u64)| (yen > 0).then(|| format!("{label}{}円", thousands(yen)));
    let costs = measure.cost.map(|cost| [("初期", cost.initial), ("年額", cost.yearly)]);
    let costs = costs.into_iter().flatten().filter_map(money);
    measure.resources.clone().into_iter().chain(costs).collect::<Vec<_>>().join("\n")
}

/// `1,200,000`.
fn thousands(yen: u64) -> String {
    let digits = yen.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Requests that the institution has not answered yet: to be brought forward by the provider.
fn requests(service: &Service) -> Vec<Task> {
    let open = service.assessment.treated.iter().flat_map(|treated| {
        let of_treatment = treated.treatment.requests.iter();
        of_treatment
            .filter(|request| matches!(request.status, RequestStatus::Proposed | RequestStatus::Refused))
            .map(move |request| (treated, request))
    });
    open.map(|(treated, request)| Task {
        due: None,
        kind: "お願いする事項",
        of: format!("{}（{}）", treated.treatment.id, risk_numbers(&service.assessment, &treated.risks)),
        text: request.text.clone(),
        actor: "医療機関等".to_owned(),
        owner: None,
        resources: String::new(),
        status: request.status.term(),
    })
    .collect()
}

fn is_open(status: ControlStatus) -> bool {
    matches!(status, ControlStatus::Planned | ControlStatus::Partial)
}

fn controls(service: &Service) -> Vec<Task> {
    let answers =
        service.answers.conformity.controls.iter().filter_map(|answered| Some((answered.control, answered.answer?)));
    let open = answers.filter(|(_, answer)| is_open(answer.status));
    open.map(|(control, answer)| Task {
        due: answer.due,
        kind: "対策項目",
        of: control.id.to_string(),
        text: stated(&answer.exceptions).or_else(|| stated(&answer.how)).unwrap_or_else(|| control.text.clone()),
        actor: provider(service),
        owner: stated(&answer.owner),
        resources: String::new(),
        status: answer.status.term(),
    })
    .collect()
}

fn statutory(service: &Service) -> Vec<Task> {
    let states = service.answers.conformity.statutory.iter().filter_map(|state| Some((state, state.answer?)));
    let open = states.filter(|(_, answer)| is_open(answer.status));
    open.map(|(state, answer)| Task {
        due: answer.due,
        kind: "制度上の要求事項",
        of: state.item.id.clone(),
        text: stated(&answer.how).unwrap_or_else(|| state.row.map_or(&state.item.title, |row| &row.item).clone()),
        actor: provider(service),
        owner: None,
        resources: String::new(),
        status: answer.status.term(),
    })
    .collect()
}

fn considerations(service: &Service) -> Vec<Task> {
    let states = service.answers.considerations.iter().filter_map(|state| Some((state, state.answer?)));
    let open = states.filter_map(|(state, answer)| Some((state, answer, answer.planned_on?)));
    open.map(|(state, answer, planned_on)| Task {
        due: Some(planned_on),
        kind: "考慮事項",
        of: format!("{} {}", state.item.mark, state.item.title),
        text: answer.answer.clone(),
        actor: provider(service),
        owner: None,
        resources: String::new(),
        status: "予定",
    })
    .collect()
}

fn table(service: &Service, tasks: &[Task]) -> Table {
    let style = service.files.service.document.dates();
    let open = |value: Option<String>| match value {
        Some(text) => Cell::new(text),
        None => Cell::new("未定").mark(Mark::Unanswered),
    };
    let rows = tasks.iter().enumerate().map(|(at, task)| {
        vec![
            Cell::new((at + 1).to_string()),
            open(task.due.map(|due| printed(due, style))),
            Cell::new(task.text.clone()),
            Cell::new(task.kind),
            Cell::new(task.of.clone()),
            Cell::new(task.actor.clone()),
            open(task.owner.clone()),
            Cell::new(if task.resources.is_empty() { "—" } else { &task.resources }),
            Cell::new(task.status),
        ]
    });
    Table {
        caption: "残っている事項".to_owned(),
        columns: columns(&[
            (0.5, Align::Center),
            (1.4, Align::Left),
            (4.6, Align::Left),
            (1.2, Align::Left),
            (2.2, Align::Left),
            (1.5, Align::Left),
            (1.1, Align::Left),
            (1.4, Align::Left),
            (0.9, Align::Center),
        ]),
        head: head(&["No.", "期限", "内容", "種類", "リスク・項目", "実施する組織", "担当", "資源", "状況"]),
        rows: rows.collect(),
    }
}

fn data(tasks: &[Task]) -> DataSheet {
    let columns = ["期限", "種類", "リスク・項目", "内容", "実施する組織", "担当", "資源", "状況"];
    let rows = tasks.iter().map(|task| {
        let owner: Value = task.owner.clone().unwrap_or_default().into();
        vec![
            day(task.due),
            task.kind.into(),
            task.of.as_str().into(),
            task.text.as_str().into(),
            task.actor.as_str().into(),
            owner,
            task.resources.as_str().into(),
            task.status.into(),
        ]
    });
    DataSheet { name: "データ".to_owned(), columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
}
