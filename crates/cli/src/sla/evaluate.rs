//! `shirube sla evaluate`.

use std::path::Path;
use std::process::ExitCode;

use chrono::{Datelike, NaiveDate};
use shirube_documents::deliverable::{RecordHead, levels_document};
use shirube_documents::level::{Head, csv, json};
use shirube_exchange::read_operations;
use shirube_folder::OfInstitution;
use shirube_safety::ServiceFiles;
use shirube_safety::agreement::Others;
use shirube_safety::calendar::years;
use shirube_safety::model::PartyKind;
use shirube_safety::operation::level::{Asked, ByInstitution, Evaluation, OUTAGES, Records, evaluate};
use shirube_safety::operation::report::Whose;

use super::words::{remark_lines, text};
use crate::agreement;
use crate::args::{ListFormat, SlaEvaluateArgs};
use crate::day::day;
use crate::disk::{self, ReadFolder};
use crate::exit::{self, Failure};
use crate::{operations, register};

pub fn run(args: &SlaEvaluateArgs) -> Result<ExitCode, Failure> {
    let (from, to) = days(args)?;
    let read = disk::read(&args.dir)?;
    let own = super::institution(&args.dir, args.institution.as_deref())?;
    let (from, to, begins) = within_contract(from, to, own.as_ref())?;
    let terms = super::terms(&read, own.as_ref())?;
    let records = records(&args.dir)?;
    let asked = Asked { from, to, institution: args.institution.as_deref(), begins };
    let evaluation = evaluate(&terms, &ByInstitution::new(&records), asked);
    let head = Head {
        service: &read.folder.files.service.service.name,
        institution: own.as_ref().map(|own| own.file.institution.name.as_str()),
    };
    let others = own.as_ref().map(|own| others(&args.dir, &read, own)).transpose()?;
    let clean = |text: String| match &others {
        Some(others) => others.replaced(&text),
        None => text,
    };
    if let Some(out) = &args.out {
        let source = operations::source(&args.dir, &read.source)?;
        let made = RecordHead::new(&read.folder.files, &source, evaluation.to.0);
        let shown = match (&others, &own) {
            (Some(others), Some(own)) => {
                let name = own.file.institution.name.as_str();
                Whose::new(name, [], others.clone()).evaluation(evaluation.clone())
            }
            _ => evaluation.clone(),
        };
        register::write(levels_document(&head, &terms, &shown, &made), out)?;
        return Ok(ended(&evaluation));
    }
    exit::print(&clean(match args.format {
        ListFormat::Table => text(&head, &terms, &evaluation),
        ListFormat::Csv => String::from_utf8_lossy(&csv(&evaluation)).into_owned(),
        ListFormat::Json => json(&head, args.institution.as_deref(), &terms, &evaluation),
    }))?;
    if args.format == ListFormat::Csv {
        // A table for other programs holds no remarks, but whoever sees the code must learn why.
        eprint!("{}", clean(remark_lines(&evaluation.remarks)));
    }
    Ok(ended(&evaluation))
}

fn ended(evaluation: &Evaluation) -> ExitCode {
    match evaluation.is_unmet() || evaluation.is_remarked() {
        true => ExitCode::from(exit::FINDINGS),
        false => ExitCode::SUCCESS,
    }
}

fn days(args: &SlaEvaluateArgs) -> Result<(NaiveDate, NaiveDate), Failure> {
    let (from, to) = (day("--from", &args.from)?.0, day("--to", &args.to)?.0);
    if to < from {
        return Err(Failure::input("--to は、--from と同じ日か、より後の日にしてください。"));
    }
    let known = years();
    if !known.contains(&from.year()) || !known.contains(&to.year()) {
        return Err(Failure::input(format!(
            "祝日を計算できるのは、{}年から{}年までです。--from と --to を、その間の日にしてください。",
            known.start(),
            known.end()
        )));
    }
    Ok((from, to))
}

/// A contract that began or ended within the days bounds them.
fn within_contract(
    from: NaiveDate,
    to: NaiveDate,
    own: Option<&OfInstitution>,
) -> Result<(NaiveDate, NaiveDate, Option<NaiveDate>), Failure> {
    let Some(contract) = own.map(|own| &own.file.contract) else { return Ok((from, to, None)) };
    let begins = contract.starts_on.map(|day| day.0);
    let end = contract.ends_on.map_or(to, |day| day.0.min(to));
    if begins.is_some_and(|begins| begins > to) || end < from {
        return Err(Failure::input(
            "指定された期間は、この医療機関等の契約の期間の外です。--from と --to を確かめてください。",
        ));
    }
    Ok((from, end, begins))
}

pub fn records(dir: &Path) -> Result<Records, Failure> {
    let files = disk::operations(dir)?;
    if files.outages.is_none() {
        return Err(Failure::input(format!(
            "「{}」がありません。停止の記録を置いてください。停止がなかったときは、見出しの行だけのファイルを置きます。",
            dir.join(OUTAGES).display()
        )));
    }
    let institutions: Vec<String> = disk::institutions(dir)?.into_keys().collect();
    read_operations(&files, &institutions)
        .map_err(|faults| Failure::Input(faults.iter().map(ToString::to_string).collect()))
}

/// Names that must not stand in what is shown of one institution.
pub fn others(dir: &Path, read: &ReadFolder, own: &OfInstitution) -> Result<Others, Failure> {
    let ServiceFiles { service, .. } = &read.folder.files;
    let own = own.file.institution.name.as_str();
    let (institutions, companies): (Vec<_>, Vec<_>) =
        service.parties.iter().partition(|party| party.kind == PartyKind::Institution);
    let names = agreement::institution_names(dir)?;
    let drawn = institutions.iter().map(|party| party.name.as_str());
    let names = names.iter().map(String::as_str).chain(drawn).filter(|name| *name != own);
    let mut kept: Vec<&str> = companies.iter().map(|party| party.name.as_str()).collect();
    kept.extend([service.service.name.as_str(), own]);
    Ok(Others::new(names, &kept))
}
