//! `shirube duties`: what is due, by whom, and what is overdue (OPS-077).

use std::process::ExitCode;

use chrono::Months;
use serde_json::{Value, json};
use shirube_documents::deliverable::{DUTY_COLUMNS, RecordHead, duties_document, duty_calendar, duty_row};
use shirube_safety::model::Date;
use shirube_safety::operation::register::{Due, When, due};

use crate::args::{DutiesArgs, DutyFormat};
use crate::day::{day, day_or_today};
use crate::disk;
use crate::exit::{self, Failure};
use crate::{operations, table};

/// So many months ahead, if nobody says until when.
const AHEAD: Months = Months::new(3);

pub fn run(args: &DutiesArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let until = match args.until.as_deref() {
        Some(typed) => day("--until", typed)?,
        None => Date(on.0.checked_add_months(AHEAD).unwrap_or(on.0)),
    };
    if until < on {
        return Err(Failure::input("--until は、--on の日か、その後の日にしてください。"));
    }
    let read = disk::read(&args.dir)?;
    let records = operations::read(&args.dir)?;
    let duties = due(&records, on.0, until.0);
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
    let undated = duties.iter().filter(|due| due.day().is_none()).count();
    if undated > 0 && args.format == DutyFormat::Ics && args.out.is_none() {
        eprintln!("期日の分からない務めが{undated}件あります。カレンダーには入れていません。");
    }
    let overdue = duties.iter().any(Due::is_overdue);
    Ok(if overdue { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

/// Columns a terminal has room for.
const NARROW: [usize; 7] = [0, 1, 2, 3, 4, 5, 7];

fn words(duties: &[Due], on: Date, until: Date) -> String {
    let narrow = |row: Vec<String>| NARROW.iter().map(|at| row[*at].replace('\n', "／")).collect();
    let rows: Vec<Vec<String>> = duties.iter().map(duty_row).map(narrow).collect();
    let count = |is_it: &dyn Fn(&Due) -> bool| duties.iter().filter(|due| is_it(due)).count();
    let overdue = count(&|due| due.is_overdue());
    let undated = count(&|due| due.day().is_none());
    let counts = format!(
        "{on}から{until}まで: 期日を過ぎたもの{overdue}件、これからのもの{}件、期日の分からないもの{undated}件\n",
        duties.len() - overdue - undated
    );
    match rows.is_empty() {
        true => counts,
        false => format!("{}\n{counts}", table::table(&NARROW.map(|at| DUTY_COLUMNS[at]), &rows)),
    }
}

fn value(duties: &[Due], on: Date, until: Date) -> Value {
    let duty = |due: &Due| {
        let (when, at) = match &due.when {
            When::By { at, .. } => ("dated", at.map(|at| at.format("%Y-%m-%dT%H:%M").to_string())),
            When::NotAgreed => ("not-agreed", None),
            When::NoOrigin(_) => ("no-origin", None),
        };
        json!({
            "register": due.register.id,
            "duty": due.duty.id,
            "title": due.duty.title,
            "entry": due.entry.map(|entry| &entry.id),
            "owner": due.owner,
            "when": when,
            "day": due.day().map(|day| day.to_string()),
            "at": at,
            "overdue": due.is_overdue(),
            "state": due.state(),
            "basis": due.basis,
            "last": due.last.map(|day| day.to_string()),
            "evidences": due.duty.evidences.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "source": due.duty.source,
        })
    };
    json!({ "on": on, "until": until, "duties": duties.iter().map(duty).collect::<Vec<_>>() })
}
