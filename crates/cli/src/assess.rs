//! `shirube assess`: proposals and decisions on risks.

use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_safety::Service;
use shirube_safety::risk::{Assessment, Cell, Rated, Reason, Risk};

use crate::args::{AssessArgs, ListFormat};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &AssessArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let text = match args.format {
        ListFormat::Table => table::table(&HEADING, &rows(&service.assessment)),
        ListFormat::Csv => table::csv(&HEADING, &rows(&service.assessment)),
        ListFormat::Json => exit::json(&value(&service)),
    };
    match &args.out {
        None => exit::print(&text)?,
        Some(path) => {
            let mut batch = Batch::default();
            batch.add(path.clone(), text.into_bytes());
            batch.write()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

const HEADING: [&str; 10] =
    ["番号", "状態", "リスクレベル", "影響度", "顕在化率", "対応要否", "脅威", "場所", "特定したリスク", "ID"];

fn rows(assessment: &Assessment) -> Vec<Vec<String>> {
    assessment.risks.iter().map(|risk| row(assessment, risk)).collect()
}

fn row(assessment: &Assessment, risk: &Risk) -> Vec<String> {
    let rated = assessment.rated(risk);
    let number = |of: fn(Rated) -> u8| rated.map_or("未評価".to_owned(), |rated| of(rated).to_string());
    vec![
        risk.number.clone(),
        if risk.signed().is_some() { "決定" } else { "案" }.to_owned(),
        rated.map_or("未評価".to_owned(), |rated| format!("{}（{}）", rated.rank, rated.value)),
        number(|rated| rated.impact),
        number(|rated| rated.likelihood),
        needed(rated).to_owned(),
        assessment.threats[risk.threat].name.clone(),
        assessment.flow(risk).location(),
        risk.text().to_owned(),
        risk.id.clone(),
    ]
}

fn needed(rated: Option<Rated>) -> &'static str {
    match rated.and_then(|rated| rated.needed) {
        Some(true) => "要",
        Some(false) => "不要",
        None => "未定",
    }
}

fn value(service: &Service) -> Value {
    let assessment = &service.assessment;
    let counts = assessment.counts();
    json!({
        "method": assessment.method.id,
        "counts": {
            "flows": counts.flows,
            "risks": counts.risks,
            "decided": counts.decided,
            "proposed": counts.risks - counts.decided,
            "cells": counts.cells,
            "cells_with_risks": counts.cells_with_risks,
            "cells_with_reason": counts.cells_with_reason,
        },
        "risks": assessment.risks.iter().map(|risk| risk_value(assessment, risk)).collect::<Vec<_>>(),
        "not_applicable": not_applicable(assessment),
    })
}

fn reasons(reasons: &[Reason]) -> Vec<Value> {
    reasons.iter().map(|reason| json!({ "by": reason.by, "text": reason.text })).collect()
}

fn risk_value(assessment: &Assessment, risk: &Risk) -> Value {
    let rated = assessment.rated(risk);
    let flow = assessment.flow(risk);
    json!({
        "id": risk.id,
        "number": risk.number,
        "state": if risk.signed().is_some() { "decided" } else { "proposed" },
        "flow": flow.id,
        "flow_number": flow.number,
        "layer": flow.layer,
        "phase": flow.phase,
        "class": assessment.class_name(flow),
        "threat": assessment.threats[risk.threat].id,
        "threat_name": assessment.threats[risk.threat].name,
        "location": flow.location(),
        "statement": risk.text(),
        "properties": risk.properties,
        "impact": rated.map(|rated| rated.impact),
        "likelihood": rated.map(|rated| rated.likelihood),
        "value": rated.map(|rated| rated.value),
        "rank": rated.map(|rated| rated.rank),
        "needed": rated.and_then(|rated| rated.needed),
        "decided": risk.signed(),
        "proposal": risk.proposal.as_ref().map(|proposal| json!({
            "impact": proposal.impact,
            "impact_because": reasons(&proposal.impact_because),
            "likelihood": proposal.likelihood,
            "likelihood_because": reasons(&proposal.likelihood_because),
        })),
        "unknown": risk.unknown,
        "scenarios": risk.scenarios,
    })
}

/// Every pair of flow and threat without a risk, with its reason.
fn not_applicable(assessment: &Assessment) -> Vec<Value> {
    let mut list = Vec::new();
    for (at, flow) in assessment.flows.list.iter().enumerate() {
        for (threat, name) in assessment.threats.iter().enumerate() {
            let (reason, by) = match assessment.cell(at, threat) {
                Cell::Risks(_) => continue,
                Cell::NotApplicable(reason) => (*reason, None),
                Cell::Excluded(signed) => (signed.reason.as_str(), Some(signed)),
            };
            list.push(json!({ "flow": flow.id, "threat": name.id, "reason": reason, "decided": by }));
        }
    }
    list
}
