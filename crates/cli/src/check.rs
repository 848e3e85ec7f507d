//! `shirube check`: what is missing, contradictory or against a rule.

mod sarif;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;
use shirube_catalog::{Notice, OwnShelf};
use shirube_documents::deliverable::judged;
use shirube_folder::{Folder, InputError};
use shirube_safety::model::{self, ModelStep, StepState, reckoned_on};
use shirube_safety::operation::register::{self, Mistake, Told};
use shirube_safety::operation::{audit, maintenance};
use shirube_safety::{File, Finding, Service, Severity};

use crate::args::{CheckArgs, CheckFormat, FailOn};
use crate::catalog::compare::judgements;
use crate::catalog::own::{self, Held};
use crate::disk::{self, ReadFolder};
use crate::exit::{self, Failure};
use crate::operations;

pub fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let read = match disk::read_or_errors(&args.dir)? {
        Ok(read) => read,
        Err(errors) => return unusable(args.format, &errors),
    };
    let kept = match kept(&args.dir, &read)? {
        Ok(kept) => kept,
        Err(mistakes) => return unreadable(args.format, &mistakes),
    };
    let service = judged(&read.folder.files);
    let findings = &service.findings;
    let own = Brought::of(&args.dir, &service)?;
    exit::print(&match args.format {
        CheckFormat::Human => human(&service, &read.folder, &kept, &own),
        CheckFormat::Json => exit::json(&json!({
            "usable": true,
            "steps": steps(&service).iter().map(step_value).collect::<Vec<_>>(),
            "open": service.open_points().collect::<Vec<_>>(),
            "findings": values(findings, &read.folder),
            "records": kept,
            "catalogs": { "problems": own.problems, "notices": own.notices },
        })),
        CheckFormat::Sarif => {
            // These files have no place in the results, but whoever sees the exit code must learn why.
            eprint!("{}", own.text());
            exit::json(&sarif::log(findings, &read.folder, &kept))
        }
    })?;
    let limit = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
    };
    let fails = findings.iter().any(|finding| finding.severity >= limit)
        || kept.iter().any(|told| told.severity >= limit)
        || !own.problems.is_empty()
        || limit == Severity::Warning && own.notices.iter().any(|notice| notice.attention);
    Ok(if fails { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

/// What the records of daily work leave to be told; without records nothing.
fn kept(dir: &Path, read: &ReadFolder) -> Result<Result<Vec<Told>, Vec<Mistake>>, Failure> {
    let records = match operations::read_or_mistakes(dir)? {
        Ok(records) => records,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    if records.books.is_empty() && records.log.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let mut told = register::check(&records, &operations::known(dir, &read.folder.files)?);
    told.extend(maintenance::check(&records, &operations::maintenance_terms(dir, &read.folder.files)?));
    told.extend(audit::check(&records, &audit::provider_names(&read.folder.files)));
    Ok(Ok(told))
}

/// Records that cannot be read: every mistake, and exit code 2.
fn unreadable(format: CheckFormat, mistakes: &[Mistake]) -> Result<ExitCode, Failure> {
    match format {
        CheckFormat::Human => return Err(Failure::Input(operations::told(mistakes))),
        CheckFormat::Json => {
            let error = |mistake: &Mistake| {
                let (file, line, field) = (&mistake.file, mistake.row, &mistake.column);
                json!({ "file": file, "line": line, "column": 1, "field": field, "message": mistake.message })
            };
            let errors: Vec<_> = mistakes.iter().map(error).collect();
            exit::print(&exit::json(&json!({ "usable": false, "errors": errors })))?;
        }
        CheckFormat::Sarif => exit::print(&exit::json(&sarif::unreadable(mistakes)))?,
    }
    Ok(ExitCode::from(exit::INPUT))
}

/// What the folder brings in lists of its own (CATALOG-011, CATALOG-024).
struct Brought {
    /// Files that cannot be used.
    problems: Vec<String>,
    notices: Vec<Notice>,
}

impl Brought {
    fn of(dir: &Path, service: &Service) -> Result<Self, Failure> {
        let on = reckoned_on(&service.files.service).map(|date| date.to_string());
        let (own, mut problems) = match own::read(dir) {
            Ok(own) => (own, Vec::new()),
            Err(Failure::Input(sentences)) => (OwnShelf::default(), sentences),
            Err(other) => return Err(other),
        };
        let held = if own.is_empty() { Held::embedded() } else { Held::picked(own, on) };
        if let Err(Failure::Input(sentences)) = judgements(dir, &held.shelf) {
            problems.extend(sentences);
        }
        Ok(Self { problems, notices: held.notices })
    }

    fn text(&self) -> String {
        if self.problems.is_empty() && self.notices.is_empty() {
            return String::new();
        }
        let problems = self.problems.iter().map(|problem| format!("  [{}] {problem}\n", Severity::Error.term()));
        let notices = self.notices.iter().map(|notice| {
            let severity = if notice.attention { Severity::Warning } else { Severity::Note };
            format!("  [{}] {}\n", severity.term(), notice.text)
        });
        format!("加えた一覧（catalogs）\n{}", problems.chain(notices).collect::<String>())
    }
}

/// Input that cannot be read: every mistake, and exit code 2.
fn unusable(format: CheckFormat, errors: &[InputError]) -> Result<ExitCode, Failure> {
    match format {
        CheckFormat::Human => return Err(Failure::Input(disk::told(errors))),
        CheckFormat::Json => {
            let errors: Vec<_> = errors
                .iter()
                .map(|error| {
                    let (file, line, column) = (error.file.name(), error.line, error.column);
                    json!({ "file": file, "line": line, "column": column, "field": error.field, "message": error.message })
                })
                .collect();
            exit::print(&exit::json(&json!({ "usable": false, "errors": errors })))?;
        }
        CheckFormat::Sarif => exit::print(&exit::json(&sarif::unusable(errors)))?,
    }
    Ok(ExitCode::from(exit::INPUT))
}

fn values(findings: &[Finding], folder: &Folder) -> Vec<serde_json::Value> {
    let value = |finding: &Finding| {
        let (line, column) = folder.position(&finding.place);
        json!({
            "severity": finding.severity,
            "rule": finding.rule,
            "file": finding.place.file.name(),
            "line": line,
            "column": column,
            "field": folder.field(finding),
            "message": finding.message,
            "advice": finding.advice,
        })
    };
    findings.iter().map(value).collect()
}

fn step_value(step: &ModelStep) -> serde_json::Value {
    let counts: serde_json::Map<_, _> =
        step.counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
    let open: Vec<_> = step.open.iter().map(|(rule, count)| json!({ "rule": rule, "count": count })).collect();
    json!({ "step": step.label, "title": step.title, "state": step.state, "counts": counts, "open": open })
}

fn steps(service: &Service) -> [ModelStep; 5] {
    model::steps(service.assessment.system, service.assessment.flows.list.len(), &service.findings)
}

/// The steps of the model, one line each, and where to go on.
fn steps_text(service: &Service) -> String {
    let steps = steps(service);
    let mut text = String::from("\nモデルの手順\n");
    for step in &steps {
        let counts: Vec<String> = step.counts.iter().map(|(name, count)| format!("{name}{count}")).collect();
        let open: usize = step.open.iter().map(|(_, count)| count).sum();
        let open = if open == 0 { String::new() } else { format!("、残る指摘{open}件") };
        let state = format!("［{}］", step.state.term());
        text.push_str(&format!("  {} {state} {}（{}{open}）\n", step.label, step.title, counts.join("、")));
    }
    if let Some(next) = steps.iter().find(|step| step.state != StepState::Complete) {
        text.push_str(&format!("  次は{}「{}」です。\n", next.label, next.title));
    }
    text
}

/// The records' findings, file by file.
fn kept_text(kept: &[Told]) -> String {
    let mut by_file: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for told in kept {
        by_file.entry(&told.file).or_default().push(told);
    }
    let line = |told: &&Told| {
        let column = if told.column.is_empty() { String::new() } else { format!(" {}", told.column) };
        let head = format!("  [{}] {}行目{column}: {}\n", told.severity.term(), told.row, told.message);
        format!("{head}         → {}\n", told.advice)
    };
    let file = |(file, told): (&&str, &Vec<&Told>)| format!("{file}\n{}", told.iter().map(line).collect::<String>());
    by_file.iter().map(file).collect()
}

fn human(service: &Service, folder: &Folder, kept: &[Told], own: &Brought) -> String {
    let mut text = String::new();
    let mut by_file: BTreeMap<File, Vec<&Finding>> = BTreeMap::new();
    for finding in &service.findings {
        by_file.entry(finding.place.file).or_default().push(finding);
    }
    for (file, findings) in &by_file {
        text.push_str(&format!("{}\n", file.name()));
        for finding in findings {
            let (line, _) = folder.position(&finding.place);
            let field = folder.field(finding);
            let field = if field.is_empty() { String::new() } else { format!(" {field}") };
            text.push_str(&format!("  [{}] {line}行目{field}: {}\n", finding.severity.term(), finding.message));
            text.push_str(&format!("         → {}\n", finding.advice));
        }
    }
    text.push_str(&kept_text(kept));
    text.push_str(&own.text());
    text.push_str(&steps_text(service));
    let open: Vec<String> = service.open_points().map(|point| format!("  ・{}\n", point.text)).collect();
    if !open.is_empty() {
        text.push_str(&format!("\n決まっていないもの（残っているあいだ、文書は「案」です）\n{}", open.concat()));
    }
    let severities = service.findings.iter().map(|finding| finding.severity);
    let severities: Vec<Severity> = severities.chain(kept.iter().map(|told| told.severity)).collect();
    let count = |severity| severities.iter().filter(|found| **found == severity).count();
    let counts = service.assessment.counts();
    text.push_str(&format!(
        "\n情報流{}件、リスク{}件（決定{}件、案{}件）、対策項目{}件（未回答{}件）\n要対応{}件、注意{}件、参考{}件\n",
        counts.flows,
        counts.risks,
        counts.decided,
        counts.risks - counts.decided,
        service.answers.conformity.controls.len(),
        service.answers.conformity.unanswered(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
    ));
    text
}
