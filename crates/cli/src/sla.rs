//! `shirube sla`: service levels from plain records (provider guideline, 別紙1 II 6.3(2) and 7).

mod allowance;
mod evaluate;
mod import;
mod report;
mod words;

use std::path::Path;
use std::process::ExitCode;

use shirube_folder::OfInstitution;
use shirube_safety::agreement::Baseline;
use shirube_safety::operation::level::Terms;
use shirube_safety::stated::SlaFile;
use shirube_safety::{Finding, Service};

use crate::agreement;
use crate::args::SlaCommand;
use crate::disk::ReadFolder;
use crate::exit::Failure;

pub fn run(command: &SlaCommand) -> Result<ExitCode, Failure> {
    match command {
        SlaCommand::Evaluate(args) => evaluate::run(args),
        SlaCommand::Report(args) => report::run(args),
        SlaCommand::Allowance(args) => allowance::run(args),
        SlaCommand::Import(args) => import::run(args),
    }
}

/// The file of an institution that was asked for.
fn institution(dir: &Path, name: Option<&str>) -> Result<Option<OfInstitution>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let mut files = agreement::asked_for(dir, &[name.to_owned()])?;
    // `all` stands for several elsewhere; figures are those of one.
    let wrong = || Failure::input("--institution には、一つの医療機関等のファイルの名前を指定してください。");
    files.remove(name).map(Some).ok_or_else(wrong)
}

/// The promises to the institution, or those of the service.
fn terms(read: &ReadFolder, institution: Option<&OfInstitution>) -> Result<Terms, Failure> {
    let files = &read.folder.files;
    let laid = institution.map(|one| Baseline::new(&Service::new(files)).lay(&one.file));
    let sla: &SlaFile = laid.as_ref().map_or(&files.sla, |laid| &laid.files.sla);
    Terms::read(sla).map_err(|findings| Failure::Input(findings.iter().map(|finding| told(read, finding)).collect()))
}

fn told(read: &ReadFolder, finding: &Finding) -> String {
    let (line, _) = read.folder.position(&finding.place);
    let place = format!("{} {line}行目「{}」", finding.place.file.name(), read.folder.field(finding));
    format!("{place}: {}{}", finding.message, finding.advice)
}
