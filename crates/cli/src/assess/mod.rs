//! `shirube assess`: proposals and decisions on risks.

mod value;

use std::process::ExitCode;

use shirube_safety::Service;
use shirube_safety::risk::{Assessment, Rated, Risk};

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
        ListFormat::Json => exit::json(&value::service(&service)),
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
        state(risk).to_owned(),
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

fn state(risk: &Risk) -> &'static str {
    match (risk.signed().is_some(), risk.outdated) {
        (true, true) => "決定（要見直し）",
        (true, false) => "決定",
        (false, _) => "案",
    }
}

fn needed(rated: Option<Rated>) -> &'static str {
    match rated.and_then(|rated| rated.needed) {
        Some(true) => "要",
        Some(false) => "不要",
        None => "未定",
    }
}
