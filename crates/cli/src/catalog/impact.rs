//! `shirube catalog impact`: one task for everything that a change of edition touches (CATALOG-014).

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde_json::json;
use shirube_safety::Service;
use shirube_safety::migration::{Task, TaskKind, answers_of, due_of, migrate, tasks};

use super::own::Held;
use super::{certainty, editions};
use crate::args::{ImpactArgs, ListFormat};
use crate::disk;
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &ImpactArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let held = Held::in_folder(&args.dir, None)?;
    editions::held(&held.shelf, &args.to)?;
    let answers = answers_of(&service, &held.shelf);
    let migration =
        migrate(&held.shelf, "pg-1.0", &args.to, &answers).map_err(|error| Failure::input(error.to_string()))?;
    let due = args.due.clone().or_else(|| due_of(&service, &held.shelf, &args.to));
    let changes = &service.files.service.edition_changes;
    let decided = changes.iter().any(|change| change.edition == args.to && change.leads_from.is_some());
    // Nobody set the day: it is that of publication, which need not be the day from which the edition counts.
    let estimated = due.is_some() && args.due.is_none() && !decided;
    let tasks = tasks(&service, &migration, &held.shelf, due.as_deref());
    exit::print(&match args.format {
        ListFormat::Csv => {
            certainty::tell(&held.shelf, &migration.way);
            table::csv(&HEADING, &rows(&tasks))
        }
        ListFormat::Json => exit::json(&json!({
            "from": "pg-1.0", "to": args.to, "way": migration.way, "due": due, "due_estimated": estimated,
            "other_ways": certainty::other_ways(&held.shelf, &migration.way),
            "catalogs": certainty::editions(&held.shelf, &migration.way), "notices": held.notices,
            "counts": counts(&tasks), "tasks": tasks,
        })),
        ListFormat::Table => {
            let counts: Vec<String> =
                counts(&tasks).iter().map(|(kind, count)| format!("{}{count}件", kind.term())).collect();
            let due = match &due {
                Some(day) if estimated => format!("期限は{day}です（{}が公表された日をあてた推定）", args.to),
                Some(day) => format!("期限は{day}です"),
                None => {
                    "期限は決まっていません（shirube.yamlのedition_changesのleads_fromか、--due で決めます）".to_owned()
                }
            };
            format!(
                "{}{}{}{}見直す事柄: {}。{due}。\n\n{}",
                held.head(),
                editions::certainty_line(migration.from),
                editions::certainty_line(migration.to),
                certainty::way_line(&held.shelf, &migration.way),
                counts.join("、"),
                table::table(&HEADING, &rows(&tasks))
            )
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn counts(tasks: &[Task]) -> BTreeMap<TaskKind, usize> {
    let mut counts = BTreeMap::new();
    tasks.iter().for_each(|task| *counts.entry(task.kind).or_default() += 1);
    counts
}

const HEADING: [&str; 8] = ["種類", "番号", "何を", "担当", "期限", "なぜ", "関わる元の項目", "つながりの確かさ"];

fn rows(tasks: &[Task]) -> Vec<Vec<String>> {
    let row = |task: &Task| {
        vec![
            task.kind.term().to_owned(),
            task.id.clone(),
            task.title.clone(),
            task.owner.clone().unwrap_or_else(|| "未定".to_owned()),
            task.due.clone().unwrap_or_else(|| "未定".to_owned()),
            task.why.clone(),
            task.because.join("、"),
            task.certainty.map_or("つながり不明", |certainty| certainty.term()).to_owned(),
        ]
    };
    tasks.iter().map(row).collect()
}
