//! 制度上の要求事項（第6章）, the second part of the 対策項目対応表 (INST-001, INST-004).

use shirube_safety::Service;
use shirube_safety::conformity::{StatutoryAnswer, StatutoryState};

use super::common::{columns, day, head, signed_because, signed_values};
use super::conformity::status_cell;
use super::printed;
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};

pub(super) fn add(service: &Service, document: &mut Document) {
    document.blocks.push(Block::Heading { level: 1, text: "制度上の要求事項（第6章）".to_owned() });
    if let Some(storage) = &service.files.conformity.storage {
        let places: Vec<&str> = storage.places.iter().map(|place| place.term()).collect();
        document.blocks.push(Block::Paragraph(format!(
            "電子データを保存する場所: {}（{}）",
            places.join("、"),
            storage.reason
        )));
    }
    document.blocks.push(Block::Table(table(service)));
    document.data.push(data(service));
}

fn table(service: &Service) -> Table {
    let mut rows = Vec::new();
    for of_item in service.answers.conformity.statutory.chunk_by(|a, b| a.item.id == b.item.id) {
        let item = of_item[0].item;
        rows.push(vec![Cell::new(format!("{} {}", item.id, item.title)).cols(6).mark(Mark::Group)]);
        rows.extend(of_item.iter().map(|state| row(service, state)));
    }
    Table {
        caption: "制度上の要求事項".to_owned(),
        columns: columns(&[
            (0.9, Align::Center),
            (1.4, Align::Left),
            (4.8, Align::Left),
            (1.1, Align::Center),
            (4.4, Align::Left),
            (3.4, Align::Left),
        ]),
        head: head(&["番号", "区分", "確かめること", "状況", "説明・理由・予定", "根拠・医療機関等への説明"]),
        rows,
    }
}

/// Id of a line; that of the section for the section itself.
fn id<'s>(state: &'s StatutoryState) -> &'s str {
    state.row.map_or(&state.item.id, |row| &row.id)
}

fn row(service: &Service, state: &StatutoryState) -> Vec<Cell> {
    let (group, asks) = match state.row {
        None => ("節の全体".to_owned(), state.item.asks.clone()),
        Some(row) => {
            let optional =
                if row.optional { "（様式にはないが、別紙2が引く項目。任意）" } else { "" };
            let place = row.storage.term();
            let place = if place.is_empty() { String::new() } else { format!("\n{place}") };
            (format!("{}\n{}", row.group, row.clause), format!("{}{optional}{place}", row.item))
        }
    };
    let evidence = state.answer.map(|answer| evidence(service, answer)).unwrap_or_default();
    vec![
        Cell::new(id(state)),
        Cell::new(group),
        Cell::new(asks),
        status_cell(state.status(), state.is_decided()),
        Cell::new(how(service, state)),
        Cell::new(evidence),
    ]
}

fn how(service: &Service, state: &StatutoryState) -> String {
    let Some(answer) = state.answer else { return state.verdict.map(|verdict| verdict.text()).unwrap_or_default() };
    let due = answer.due.map(|due| printed(due, service.files.service.document.dates())).unwrap_or_default();
    let parts = [("", answer.how.as_str()), ("理由: ", answer.reason.as_str()), ("予定: ", due.as_str())];
    let lines = parts.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(label, text)| format!("{label}{text}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn evidence(service: &Service, answer: &StatutoryAnswer) -> String {
    let mut lines = answer.evidence.clone();
    lines.push(format!("説明: {}", explained(service, answer)));
    if let Some(signed) = &answer.decided {
        lines.push(format!("決定: {}", signed_because(service, signed)));
    }
    lines.join("\n")
}

/// Whether it was explained to the institution, when and to whom.
fn explained(service: &Service, answer: &StatutoryAnswer) -> String {
    let file = &service.files.service;
    let on = answer.explained_on.map(|on| printed(on, file.document.dates()));
    let facts: Vec<String> = on.into_iter().chain(told(service, answer)).collect();
    let facts = if facts.is_empty() { String::new() } else { format!("（{}）", facts.join("、")) };
    format!("{}{facts}", answer.explained.term())
}

/// Name of the party it was explained to.
fn told(service: &Service, answer: &StatutoryAnswer) -> Option<String> {
    let id = answer.explained_to.as_ref()?;
    let party = service.files.service.parties.iter().find(|party| party.id == *id);
    Some(party.map_or(id, |party| &party.name).clone())
}

fn data(service: &Service) -> DataSheet {
    let heading = [
        "番号",
        "節",
        "区分",
        "保存する場所",
        "厚労省5版の要求",
        "確かめること",
        "任意",
        "状況",
        "説明",
        "理由",
        "予定日",
        "根拠",
        "医療機関等への説明",
        "説明した日",
        "説明した相手",
        "決定者",
        "決定日",
        "決定の理由",
    ];
    let rows = service.answers.conformity.statutory.iter().map(|state| -> Vec<Value> {
        let row = state.row;
        let answer = |of: &dyn Fn(&StatutoryAnswer) -> String| state.answer.map(of).unwrap_or_default();
        let reason = state.verdict.map_or_else(|| answer(&|answer| answer.reason.clone()), |verdict| verdict.text());
        let signed = state.answer.and_then(|answer| answer.decided.as_ref());
        let [by, on] = signed_values(signed);
        vec![
            id(state).into(),
            format!("{} {}", state.item.id, state.item.title).into(),
            row.map_or("節の全体", |row| row.group.as_str()).into(),
            row.map_or("", |row| row.storage.term()).into(),
            row.map_or("", |row| row.clause.as_str()).into(),
            row.map_or(state.item.asks.as_str(), |row| row.item.as_str()).into(),
            if state.is_optional() { "任意" } else { "" }.into(),
            state.status().term().into(),
            answer(&|answer| answer.how.clone()).into(),
            reason.into(),
            day(state.answer.and_then(|answer| answer.due)),
            answer(&|answer| answer.evidence.join("、")).into(),
            answer(&|answer| answer.explained.term().to_owned()).into(),
            day(state.answer.and_then(|answer| answer.explained_on)),
            answer(&|answer| told(service, answer).unwrap_or_default()).into(),
            by,
            on,
            signed.map(|signed| signed.reason.clone()).unwrap_or_default().into(),
        ]
    });
    let name = "データ（第6章）".to_owned();
    DataSheet { name, columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}
