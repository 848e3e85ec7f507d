//! `shirube duties`: what is due, by whom, and what is overdue (OPS-077).

use std::process::ExitCode;

use chrono::{Months, NaiveDate};
use serde_json::{Value, json};
use shirube_documents::deliverable::{DUTY_COLUMNS, RecordHead, duties_document, duty_calendar, duty_row};
use shirube_safety::ServiceFiles;
use shirube_safety::model::Date;
use shirube_safety::operation::duty::{Duty, FiscalYear, Whence, days_off, in_order, of_institution, of_service};
use shirube_safety::operation::register::due;

use crate::args::{DutiesArgs, DutyFormat};
use crate::day::{day, day_or_today};
use crate::disk;
use crate::exit::{self, Failure};
use crate::{agreement, operations, table};

/// So many months ahead, if nobody says until when.
const AHEAD: Months = Months::new(3);

pub fn run(args: &DutiesArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let year = args.fiscal_year.map(|year| fiscal_year(year, on)).transpose()?;
    let until = match (&year, args.until.as_deref()) {
        (Some(year), _) => Date(year.last),
        (None, Some(typed)) => day("--until", typed)?,
        (None, None) => Date(on.0.checked_add_months(AHEAD).unwrap_or(on.0)),
    };
    if until < on {
        return Err(Failure::input("--until は、--on の日か、その後の日にしてください。"));
    }
    let read = disk::read(&args.dir)?;
    let duties = all(args, &read.folder.files, on.0, until.0)?;
    let duties: Vec<Duty> = duties.into_iter().filter(|duty| is_in(duty, year)).collect();
    let head = RecordHead::new(&read.folder.files, &operations::source(&args.dir, &read.source)?, on.0);
    match &args.out {
        Some(out) => super::write(duties_document(&duties, &head), out)?,
        None => exit::print(&match args.format {
            DutyFormat::Table => words(&duties, on, until),
            DutyFormat::Csv => table::csv(&DUTY_COLUMNS, &duties.iter().map(duty_row).collect::<Vec<_>>()),
            DutyFormat::Json => exit::json(&value(&duties, on, until)),
            DutyFormat::Ics => String::from_utf8_lossy(&duty_calendar(&duties, &head)).into_owned(),
        })?,
    }
    let undated = duties.iter().filter(|due| due.day.is_none()).count();
    if undated > 0 && args.format == DutyFormat::Ics && args.out.is_none() {
        eprintln!("期日の分からない務めが{undated}件あります。カレンダーには入れていません。");
    }
    let overdue = duties.iter().any(|due| due.is_overdue);
    Ok(if overdue { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

/// Columns a terminal has room for.
const NARROW: [usize; 7] = [0, 1, 2, 3, 4, 5, 7];

fn words(duties: &[Duty], on: Date, until: Date) -> String {
    let narrow = |row: Vec<String>| NARROW.iter().map(|at| row[*at].replace('\n', "／")).collect();
    let rows: Vec<Vec<String>> = duties.iter().map(duty_row).map(narrow).collect();
    let count = |is_it: &dyn Fn(&Duty) -> bool| duties.iter().filter(|due| is_it(due)).count();
    let overdue = count(&|due| due.is_overdue);
    let undated = count(&|due| due.day.is_none());
    let counts = format!(
        "{on}から{until}まで: 期日を過ぎたもの{overdue}件、これからのもの{}件、期日の分からないもの{undated}件\n",
        duties.len() - overdue - undated
    );
    match rows.is_empty() {
        true => counts,
        false => format!("{}\n{counts}", table::table(&NARROW.map(|at| DUTY_COLUMNS[at]), &rows)),
    }
}

fn value(duties: &[Duty], on: Date, until: Date) -> Value {
    let duty = |due: &Duty| {
        let mut value = json!({
            "of": due.of,
            "object": due.object,
            "title": due.title,
            "owner": due.owner,
            "when": when(due),
            "day": due.day.map(|day| day.to_string()),
            "at": due.at.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()),
            "overdue": due.is_overdue,
            "state": due.state,
            "off": due.off.map(|off| off.to_string()),
            "basis": due.basis,
            "last": due.last.map(|day| day.to_string()),
            "source": due.source,
        });
        for (key, said) in whence(due) {
            value[key] = said;
        }
        value
    };
    json!({ "on": on, "until": until, "duties": duties.iter().map(duty).collect::<Vec<_>>() })
}

/// Why there is a day, or none.
fn when(due: &Duty) -> &'static str {
    match (&due.whence, due.day) {
        (_, Some(_)) => "dated",
        (Whence::Register { is_open: true, .. }, None) => "not-agreed",
        (_, None) => "no-origin",
    }
}

fn whence(due: &Duty) -> Vec<(&'static str, Value)> {
    match &due.whence {
        Whence::Register { register, entry, duty, evidences, .. } => vec![
            ("register", json!(register)),
            ("duty", json!(duty)),
            ("entry", json!(entry)),
            ("evidences", json!(evidences)),
        ],
        Whence::File(place) => vec![("file", json!(place.file.name())), ("pointer", json!(place.pointer))],
        Whence::Institution { field } => vec![("institution", json!(due.object)), ("field", json!(field))],
    }
}

/// Everything that is due: by the registers, by the other files, and by the contracts with institutions.
fn all(args: &DutiesArgs, files: &ServiceFiles, on: NaiveDate, until: NaiveDate) -> Result<Vec<Duty>, Failure> {
    let records = operations::read(&args.dir)?;
    let mut all: Vec<Duty> = due(&records, on, until).iter().map(Duty::from).collect();
    all.extend(of_service(files, on, records.is_kept("certificates")));
    for one in agreement::institutions(&args.dir)?.values() {
        let file = &one.file;
        all.extend(of_institution(&file.institution.name, &file.contract, file.closing.as_ref(), on));
    }
    Ok(in_order(all, on, until, &days_off(files)))
}

/// The fiscal year that was asked for, unless it was over before the day.
fn fiscal_year(year: i32, on: Date) -> Result<FiscalYear, Failure> {
    let found = FiscalYear::of(year).filter(|found| found.last >= on.0);
    found.ok_or_else(|| {
        Failure::input(format!(
            "--fiscal-year の「{year}」は、{on}より前に終わった年度か、読めない年度です。2026年度なら2026と書き、終わった年度は --on にその年度の日を書いてください。"
        ))
    })
}

/// Whether a duty belongs to the year: its day lies in it, was missed before, or is not known.
fn is_in(duty: &Duty, year: Option<FiscalYear>) -> bool {
    let Some(year) = year else { return true };
    duty.is_overdue || duty.day.is_none_or(|day| year.contains(day))
}
