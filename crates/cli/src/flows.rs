//! `shirube flows`: the 情報流 of a service.

use std::process::ExitCode;

use serde_json::json;
use shirube_safety::Service;
use shirube_safety::model::{Flow, institutions};

use crate::args::{FlowsArgs, ListFormat};
use crate::exit::{self, Failure};
use crate::{disk, table};

pub fn run(args: &FlowsArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let flows = &service.assessment.flows.list;
    let digest = service.assessment.flows.digest(service.assessment.system);
    let heading = [
        "番号",
        "層",
        "フェーズ",
        "環境",
        "Who",
        "Where",
        "Which",
        "What",
        "How",
        "分類",
        "提供する事業者",
        "医療機関等",
        "ID",
    ];
    let narrow = ["番号", "層", "フェーズ", "Who", "Where", "Which", "What", "How", "分類", "ID"];
    let rows = || -> Vec<Vec<String>> { flows.iter().map(|flow| row(&service, flow)).collect() };
    exit::print(&match args.format {
        ListFormat::Table => {
            // A terminal is narrow: what is the same in most rows stays out.
            let kept = |row: Vec<String>| {
                heading.iter().zip(row).filter(|(name, _)| narrow.contains(name)).map(|(_, cell)| cell).collect()
            };
            let rows: Vec<Vec<String>> = rows().into_iter().map(kept).collect();
            format!("{}\n情報流{}件、要約値 {digest}\n", table::table(&narrow, &rows), flows.len())
        }
        ListFormat::Csv => table::csv(&heading, &rows()),
        ListFormat::Json => {
            let values: Vec<_> = flows.iter().map(|flow| value(&service, flow)).collect();
            exit::json(&json!({ "digest": digest, "flows": values }))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn row(service: &Service, flow: &Flow) -> Vec<String> {
    let file = &service.files.service;
    let provider = flow.provider(file);
    let name = file.parties.iter().find(|party| party.id == provider).map_or(provider, |party| &party.name);
    let users: Vec<&str> = institutions(file).map(|party| party.name.as_str()).collect();
    vec![
        flow.number.clone(),
        flow.layer.term().to_owned(),
        flow.phase.term().to_owned(),
        flow.environment.map_or("", |environment| environment.term()).to_owned(),
        flow.who_cell(),
        flow.where_cell(),
        flow.which_cell(),
        flow.what_cell(),
        flow.how.clone(),
        service.assessment.class_name(flow).to_owned(),
        name.to_owned(),
        users.join("、"),
        flow.id.clone(),
    ]
}

fn value(service: &Service, flow: &Flow) -> serde_json::Value {
    let users: Vec<&str> = institutions(&service.files.service).map(|party| party.id.as_str()).collect();
    let information = &service.assessment.system.information[flow.information];
    json!({
        "id": flow.id,
        "number": flow.number,
        "layer": flow.layer,
        "phase": flow.phase,
        "environment": flow.environment,
        "origin": flow.origin,
        "who": flow.who_cell(),
        "where": flow.where_cell(),
        "which": flow.which_cell(),
        "what": flow.what_cell(),
        "how": flow.how,
        "class": service.assessment.class_name(flow),
        "element": flow.element.id(service.assessment.system),
        "information": information.id,
        "medical": information.medical,
        "volume": flow.volume,
        "frequency": flow.frequency,
        "provider": flow.provider(&service.files.service),
        "institution": users,
        "sentence": flow.sentence(),
    })
}
