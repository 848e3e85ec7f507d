//! `shirube flows`: the 情報流 of a service.

use std::process::ExitCode;

use serde_json::json;
use shirube_safety::Service;
use shirube_safety::model::Flow;

use crate::args::{FlowsArgs, ListFormat};
use crate::exit::{self, Failure};
use crate::{disk, table};

pub fn run(args: &FlowsArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let flows = &service.assessment.flows.list;
    let heading = ["番号", "層", "フェーズ", "Who", "Where", "Which", "What", "How", "分類", "ID"];
    let rows = || -> Vec<Vec<String>> { flows.iter().map(|flow| row(&service, flow)).collect() };
    exit::print(&match args.format {
        ListFormat::Table => table::table(&heading, &rows()),
        ListFormat::Csv => table::csv(&heading, &rows()),
        ListFormat::Json => {
            exit::json(&json!({ "flows": flows.iter().map(|flow| value(&service, flow)).collect::<Vec<_>>() }))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn row(service: &Service, flow: &Flow) -> Vec<String> {
    vec![
        flow.number.clone(),
        flow.layer.term().to_owned(),
        flow.phase.term().to_owned(),
        flow.who_cell(),
        flow.where_cell(),
        flow.which_cell(),
        flow.what_cell(),
        flow.how.clone(),
        service.assessment.class_name(flow).to_owned(),
        flow.id.clone(),
    ]
}

fn value(service: &Service, flow: &Flow) -> serde_json::Value {
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
        "information": service.assessment.system.information[flow.information].id,
        "sentence": flow.sentence(),
    })
}
