//! `shirube incident`: what runs out when, what is affected, what to do next, and the papers of an incident.

mod notice;
mod show;

use std::path::Path;
use std::process::ExitCode;

use chrono::NaiveDateTime;
use serde_json::json;
use shirube_documents::deliverable::{RecordHead, contact_chart};
use shirube_safety::operation::incident::{Around, Incident, Worked, contacts, overdue};
use shirube_safety::operation::register::Records;
use shirube_safety::{Service, ServiceFiles};

use crate::args::{DiffFormat, IncidentCommand, IncidentContactsArgs, IncidentListArgs};
use crate::day::{day_or_today, moment_or_now};
use crate::disk::{self, ReadFolder};
use crate::exit::{self, Failure};
use crate::{agreement, operations, register, table};

pub fn run(command: &IncidentCommand) -> Result<ExitCode, Failure> {
    match command {
        IncidentCommand::List(args) => list(args),
        IncidentCommand::Show(args) => show::run(args),
        IncidentCommand::Notice(args) => notice::run(args),
        IncidentCommand::Contacts(args) => chart(args),
    }
}

/// A folder with its records.
struct Kept {
    read: ReadFolder,
    records: Records,
}

impl Kept {
    fn read(dir: &Path) -> Result<Self, Failure> {
        Ok(Self { read: disk::read(dir)?, records: operations::read(dir)? })
    }

    fn head(&self, dir: &Path, on: chrono::NaiveDate) -> Result<RecordHead, Failure> {
        Ok(RecordHead::new(&self.read.folder.files, &operations::source(dir, &self.read.source)?, on))
    }

    /// The incident of a number.
    fn incident(&self, number: &str) -> Result<Incident<'_>, Failure> {
        Incident::numbered(&self.records, number).ok_or_else(|| {
            let known: Vec<&str> = Incident::all(&self.records).into_iter().map(|one| one.entry.id.as_str()).collect();
            Failure::input(match known.is_empty() {
                true => format!(
                    "事故番号「{number}」はありません。{}/incidents.csvに、まだ何も書かれていません。",
                    operations::OPERATIONS
                ),
                false => format!("事故番号「{number}」はありません。あるのは、{}です。", known.join("、")),
            })
        })
    }
}

/// What the service and its institutions say of the lengths.
fn around(dir: &Path, files: &ServiceFiles) -> Result<Around, Failure> {
    let institutions = agreement::institution_files(dir)?;
    Ok(Around::new(files, institutions.iter().map(|(name, file)| (name.as_str(), file.overlay.sla.as_ref()))))
}

fn list(args: &IncidentListArgs) -> Result<ExitCode, Failure> {
    let now = moment_or_now("--at", args.at.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let service = Service::new(&kept.read.folder.files);
    let around = around(&args.dir, service.files)?;
    let all = Incident::all(&kept.records).into_iter();
    let all: Vec<Worked> = all.map(|incident| Worked::of(incident, &service, &around, now)).collect();
    exit::print(&match args.format {
        DiffFormat::Table => words(&all, now),
        DiffFormat::Json => exit::json(&json!({
            "at": now.format("%Y-%m-%dT%H:%M").to_string(),
            "incidents": all.iter().map(show::summary).collect::<Vec<_>>(),
        })),
    })?;
    Ok(if overdue(&all) > 0 { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

fn words(all: &[Worked], now: NaiveDateTime) -> String {
    let row = |worked: &Worked| {
        let next = worked.next().filter(|_| worked.incident.is_open());
        let clock = worked.nearest().map(|clock| {
            let due = clock.due.map(|due| due.to_string()).unwrap_or_default();
            format!("{} {due}（{}）", clock.rule.title, clock.state.words())
        });
        vec![
            worked.incident.entry.id.clone(),
            worked.incident.state().to_owned(),
            worked.incident.text("title").unwrap_or_default(),
            next.map_or("－", |step| step.title).to_owned(),
            clock.unwrap_or_else(|| "－".to_owned()),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let open = all.iter().filter(|one| one.incident.is_open()).count();
    let counts = format!(
        "{}の時点: 対応中{open}件、期限を過ぎたもののある事故{}件\n",
        now.format("%Y-%m-%d %H:%M"),
        overdue(all)
    );
    match rows.is_empty() {
        true => format!("事故の記録はありません。\n{counts}"),
        false => {
            format!("{}\n{counts}", table::table(&["番号", "状態", "件名", "次にすること", "最も近い期限"], &rows))
        }
    }
}

fn chart(args: &IncidentContactsArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let files = &kept.read.folder.files;
    let groups = contacts(files, &kept.records);
    let page = files.sla.pages.as_ref().and_then(|pages| pages.status.as_deref());
    register::write(contact_chart(&groups, page, &kept.head(&args.dir, on.0)?), &args.out)?;
    Ok(ExitCode::SUCCESS)
}
