//! `shirube agreement --phase`: the checklist of one phase, with how each line stands with an institution.

use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_folder::OfInstitution;
use shirube_safety::Service;
use shirube_safety::agreement::{
    Collected, ContractPhase, ContractState, ItemState, PhaseInstance, PhaseLine, PhaseList, SheetValue, phase_lists,
    states,
};

use super::{Told, ended, lines, token, told};
use crate::args::{ListFormat, PhaseName};
use crate::exit::{self, Failure};
use crate::table;

impl From<PhaseName> for ContractPhase {
    fn from(name: PhaseName) -> Self {
        match name {
            PhaseName::Development => Self::Development,
            PhaseName::Operation => Self::Operation,
            PhaseName::End => Self::End,
            PhaseName::Crisis => Self::Crisis,
        }
    }
}

pub fn show(
    format: ListFormat,
    service: &Service,
    (name, file): (&str, &OfInstitution),
    phase: PhaseName,
) -> Result<ExitCode, Failure> {
    let phase = ContractPhase::from(phase);
    let collected = Collected::new(service).of(&file.file);
    let items = collected.items.items();
    let states = states(items, &file.file);
    let lists = phase_lists(items, Some(&file.file));
    let list = lists.iter().find(|list| list.phase == phase).expect("every phase has a list");
    let instances: Vec<&PhaseInstance> = file.file.contract.phases.iter().filter(|one| one.phase == phase).collect();
    let state = ContractState::of(&file.file);
    let findings = told(name, file, &collected.findings, items);
    let heading = ["項目", "決めること", "いま決めていること", "段階", "根拠"];
    let rows: Vec<Vec<String>> = list.lines.iter().map(|line| row(line, &states)).collect();
    exit::print(&match format {
        ListFormat::Table => text(list, &states, &state, &instances, &findings),
        ListFormat::Csv => table::csv(&heading, &rows),
        ListFormat::Json => exit::json(&json!({
            "id": name,
            "name": file.file.institution.name,
            "contract_state": state,
            "phase": {
                "id": phase,
                "name": phase.term(),
                "section": list.fact().section,
                "duties": list.list.duties,
                "instances": instances,
            },
            "lines": list.lines.iter().map(|line| value(line, &states)).collect::<Vec<_>>(),
            "findings": findings.iter().map(|told| &told.value).collect::<Vec<_>>(),
        })),
    })?;
    Ok(ended(format, &findings))
}

fn text(
    list: &PhaseList,
    states: &[ItemState],
    state: &ContractState,
    instances: &[&PhaseInstance],
    findings: &[Told],
) -> String {
    let mut text = format!("{}（{}）　契約の状態: {}\n", list.phase.term(), list.fact().section, state.shown());
    for one in instances {
        let until = one.until.map(|day| format!("{day}まで")).unwrap_or_else(|| "続いている".to_owned());
        text.push_str(&format!("  ・{}（{}から、{until}）\n", one.what, one.from));
    }
    text.push_str("\n対象事業者の務め\n");
    for duty in &list.list.duties {
        text.push_str(&format!("  ・{}（表3-1 {}）\n", duty.text, duty.legal));
    }
    text.push_str("\n決めること\n");
    for line in &list.lines {
        text.push_str(&format!("  {}  {}\n      {}\n", line.item.id, line.item.text, standing(line, states)));
    }
    text.push_str(&format!(
        "\n{}項目（うち、まだ決めていないもの{}項目）\n{}",
        list.lines.len(),
        list.open(),
        lines(findings)
    ));
    text
}

fn row(line: &PhaseLine, states: &[ItemState]) -> Vec<String> {
    vec![line.item.id.clone(), line.item.text.clone(), said(line), standing(line, states), line.item.basis().join("、")]
}

/// Everything that was written about a line.
fn said(line: &PhaseLine) -> String {
    let items = line.items.iter().filter(|item| !item.text.trim().is_empty());
    let items = items.map(|item| format!("{}: {}", item.key, item.text));
    let sheet = line.sheet.iter().filter_map(|one| Some(format!("{}: {}", one.label, shown(one.value?))));
    items.chain(sheet).collect::<Vec<_>>().join("\n")
}

fn shown(value: SheetValue) -> String {
    match value {
        SheetValue::Text(text) => text.to_owned(),
        SheetValue::Day(day) => day.to_string(),
    }
}

/// How many of its items stand where, and how far the fields of the institution's file are filled in.
fn standing(line: &PhaseLine, states: &[ItemState]) -> String {
    if line.is_open() {
        return "まだ決めていません".to_owned();
    }
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for state in of_line(line, states) {
        match counts.iter_mut().find(|(term, _)| *term == state.term()) {
            Some((_, count)) => *count += 1,
            None => counts.push((state.term(), 1)),
        }
    }
    let mut parts: Vec<String> = counts.into_iter().map(|(term, count)| format!("{term}{count}件")).collect();
    if !line.sheet.is_empty() {
        let filled = line.sheet.iter().filter(|one| one.value.is_some()).count();
        parts.push(format!("ファイルの{}欄のうち{filled}欄を記入", line.sheet.len()));
    }
    parts.join("、")
}

fn of_line<'a>(line: &'a PhaseLine, states: &'a [ItemState<'a>]) -> impl Iterator<Item = &'a ItemState<'a>> {
    states.iter().filter(|state| line.items.iter().any(|item| item.key == state.item.key))
}

fn value(line: &PhaseLine, states: &[ItemState]) -> Value {
    let item = |state: &ItemState| json!({ "key": state.item.key, "title": state.item.title, "text": state.item.text, "step": token(state.step()) });
    let sheet =
        line.sheet.iter().map(|one| json!({ "field": one.field, "label": one.label, "value": one.value.map(shown) }));
    json!({
        "id": line.item.id,
        "text": line.item.text,
        "open": line.is_open(),
        "items": of_line(line, states).map(item).collect::<Vec<_>>(),
        "closing": sheet.collect::<Vec<_>>(),
        "basis": line.item.basis(),
        "documents": line.item.documents,
    })
}
