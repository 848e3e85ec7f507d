//! `shirube sla report`: reports to institutions (provider guideline, 別紙1 II 6.5).

use std::path::Path;
use std::process::ExitCode;

use chrono::{Datelike, Days, Months, NaiveDate};
use shirube_documents::content::Document;
use shirube_documents::deliverable::{RecordHead, report_document};
use shirube_documents::write::Format;
use shirube_folder::OfInstitution;
use shirube_safety::Service;
use shirube_safety::agreement::Baseline;
use shirube_safety::calendar::years;
use shirube_safety::model::Date;
use shirube_safety::operation::level::{ByInstitution, OUTAGES, Records};
use shirube_safety::operation::register;
use shirube_safety::operation::report::{Case, Report, Whose, event, monthly, yearly};

use super::evaluate;
use crate::args::SlaReportArgs;
use crate::day::day_or_today;
use crate::disk::{self, Batch, ReadFolder};
use crate::exit::{self, Failure};
use crate::{agreement, operations, report};

/// What was asked for.
enum Asked {
    /// The first day of a month.
    Month(NaiveDate),
    Year(i32),
    /// Id of a register, and what it calls an entry.
    Event(String, String),
}

/// What all reports of a folder are made from.
struct Kept {
    read: ReadFolder,
    records: register::Records,
    /// None where nobody keeps the records of outages.
    levels: Option<Records>,
    source: String,
    on: Date,
}

pub fn run(args: &SlaReportArgs) -> Result<ExitCode, Failure> {
    let asked = asked(args)?;
    let formats = formats(&args.format)?;
    let on = day_or_today("--on", args.on.as_deref())?;
    let read = disk::read(&args.dir)?;
    let institutions = agreement::asked_for(&args.dir, std::slice::from_ref(&args.institution))?;
    let kept = Kept {
        records: operations::read(&args.dir)?,
        levels: args.dir.join(OUTAGES).exists().then(|| evaluate::records(&args.dir)).transpose()?,
        source: operations::source(&args.dir, &read.source)?,
        read,
        on,
    };
    let (mut batch, mut findings) = (Batch::default(), Vec::new());
    for (name, own) in &institutions {
        let found = kept.report(&args.dir, name, own, &asked)?;
        findings.extend(found.report.findings.iter().map(|finding| format!("{name}: {finding}")));
        for made in report::single(found.document, &formats, false)? {
            let ending = Path::new(&made.name).extension().map(|ending| ending.to_string_lossy().into_owned());
            let file = format!("{}.{}", file_stem(&asked, &found.report), ending.unwrap_or_default());
            batch.add(args.out.join(name).join(file), made.bytes);
        }
    }
    let written = batch.write()?;
    exit::print(&written.iter().map(|path| format!("{}\n", path.display())).collect::<String>())?;
    for finding in &findings {
        eprintln!("届ける前に直すこと: {finding}");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::FINDINGS) })
}

/// A report with its paper.
struct Found {
    report: Report,
    document: Document,
}

impl Kept {
    fn report(&self, dir: &Path, name: &str, own: &OfInstitution, asked: &Asked) -> Result<Found, Failure> {
        let files = &self.read.folder.files;
        let laid = Baseline::new(&Service::new(files)).lay(&own.file);
        let terms = self.levels.as_ref().map(|_| super::terms(&self.read, Some(own))).transpose()?;
        let by_institution = self.levels.as_ref().map(ByInstitution::new);
        let others = evaluate::others(dir, &self.read, own)?;
        let drawn = files.service.parties.iter().filter(|party| party.name == own.file.institution.name);
        let known = drawn.map(|party| party.id.as_str()).chain([name]);
        let whose = Whose::new(&own.file.institution.name, known, others.clone());
        let contract = &own.file.contract;
        let case = Case {
            files: &laid.files,
            records: &self.records,
            levels: terms.as_ref().zip(by_institution.as_ref()),
            whose: &whose,
            institution: name,
            begins: contract.starts_on.map(|day| day.0),
            ends: contract.ends_on.map(|day| day.0),
            on: self.on.0,
        };
        let found = made(&case, own, asked).map_err(|told| Failure::input(format!("{name}: {told}")))?;
        let head = RecordHead::new(&laid.files, &disk::laid_source(&self.source, &own.file.laid_text()), self.on.0);
        let document = report_document(&found, &head);
        // Texts that no rule of the report left out: better no report than one that tells of somebody else.
        if document.texts().any(|text| whose.names_another(&text)) {
            return Err(Failure::input(format!(
                "{name}: ほかの医療機関等の名前が残るため、報告を作りませんでした。サービスと台帳の名前の欄に、医療機関等の名前を書いていないかを確かめてください。"
            )));
        }
        Ok(Found { report: found, document })
    }
}

fn made(case: &Case, own: &OfInstitution, asked: &Asked) -> Result<Report, String> {
    let (from, to) = match asked {
        Asked::Event(register, id) => return event(case, register, id),
        Asked::Month(first) => (*first, shirube_safety::calendar::end_of_month(*first)),
        Asked::Year(year) => year_of(*year, own),
    };
    let begins_later = case.begins.is_some_and(|begins| begins > to);
    if begins_later || case.ends.is_some_and(|ends| ends < from) {
        return Err("この期間は、契約の期間の外です。期間と、医療機関等のファイルの契約を確かめてください。".to_owned());
    }
    if from > case.on {
        return Err(format!("{from}からの期間は、基準日（{}）の後です。", case.on));
    }
    Ok(match asked {
        Asked::Month(first) => monthly(case, *first),
        _ => yearly(case, from, to),
    })
}

/// First and last day of the year that begins in a year of the calendar.
fn year_of(year: i32, own: &OfInstitution) -> (NaiveDate, NaiveDate) {
    let month = u32::from(own.file.institution.fiscal_year_from.unwrap_or(4));
    let from = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
    let to = from.checked_add_months(Months::new(12)).and_then(|next| next.checked_sub_days(Days::new(1)));
    (from, to.unwrap_or(from))
}

fn asked(args: &SlaReportArgs) -> Result<Asked, Failure> {
    let time = &args.time;
    if let Some(typed) = &time.month {
        let wrong = || {
            Failure::input(format!("--month の「{typed}」は月として読めません。「2026-09」のように書いてください。"))
        };
        let first: NaiveDate = format!("{typed}-01").parse().map_err(|_| wrong())?;
        known_year("--month", first.year())?;
        return Ok(Asked::Month(first));
    }
    if let Some(year) = time.year {
        known_year("--year", year)?;
        known_year("--year", year + 1)?;
        return Ok(Asked::Year(year));
    }
    let typed = time.event.as_deref().unwrap_or_default();
    let (register, id) =
        typed.split_once(':').filter(|(register, id)| !register.is_empty() && !id.is_empty()).ok_or_else(|| {
            Failure::input(format!(
                "--event の「{typed}」は読めません。台帳のidと番号を「outages:S-2026-002」のように書いてください。"
            ))
        })?;
    Ok(Asked::Event(register.to_owned(), id.to_owned()))
}

fn known_year(option: &str, year: i32) -> Result<(), Failure> {
    let known = years();
    if known.contains(&year) {
        return Ok(());
    }
    Err(Failure::input(format!(
        "{option} は、祝日を計算できる{}年から{}年までの間にしてください。",
        known.start(),
        known.end()
    )))
}

fn formats(typed: &[String]) -> Result<Vec<Format>, Failure> {
    if typed.is_empty() {
        return Ok(vec![Format::Pdf, Format::Docx, Format::Xlsx]);
    }
    let mut formats = Vec::new();
    for name in typed.iter().flat_map(|typed| typed.split(',')) {
        formats.push(name.trim().parse::<Format>().map_err(|error| Failure::input(error.to_string()))?);
    }
    Ok(formats)
}

/// `monthly-report-2026-09`, `yearly-report-2026`, `event-report-outages-S-1`.
fn file_stem(asked: &Asked, report: &Report) -> String {
    match asked {
        Asked::Month(_) => format!("monthly-report-{}", report.from.format("%Y-%m")),
        Asked::Year(year) => format!("yearly-report-{year}"),
        Asked::Event(register, id) => {
            let plain = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
            format!("event-report-{register}-{}", id.chars().map(plain).collect::<String>())
        }
    }
}
