//! `shirube catalog migrate`: answers laid beside the items of another edition, for a person to decide.

use std::fs;
use std::io;
use std::process::ExitCode;

use serde_json::json;
use shirube_catalog::shelf;
use shirube_documents::carried;
use shirube_safety::Service;
use shirube_safety::migration::{CarriedFile, Impact, Migration, State, answers_of, impact, migrate};

use super::{answers, editions};
use crate::args::{ListFormat, MigrateArgs};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &MigrateArgs) -> Result<ExitCode, Failure> {
    editions::catalog(&args.to)?;
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let checklist = args.answers.as_deref().map(answers::read).transpose()?;
    let (from, answers) = match &checklist {
        Some(checklist) => (checklist.edition.as_str(), checklist.answers()),
        None => (args.from.as_str(), answers_of(&service, shelf())),
    };
    let migration = migrate(shelf(), from, &args.to, &answers).map_err(|error| Failure::input(error.to_string()))?;
    let impact = impact(&service, &migration);

    // Answers of different editions lead to the same items; each has a file of its own.
    let name = if from == "pg-1.0" { args.to.clone() } else { format!("{from}--{}", args.to) };
    let path = args.dir.join("carried").join(format!("{name}.yaml"));
    let before = match fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::io(&path, "を読めません", &error)),
    };
    let held = before.as_deref().map(carried::read).transpose();
    let held = held.map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    let file = CarriedFile::of(&migration, held.as_ref());
    let bytes = carried::write(&file);
    let changed = before.as_deref() != Some(&bytes[..]);
    if changed {
        let mut batch = Batch::default();
        batch.add(path.clone(), bytes);
        batch.write()?;
    }
    exit::print(&match args.format {
        ListFormat::Json => exit::json(&json!({
            "from": file.from, "to": file.to, "way": file.way, "file": path, "changed": changed,
            "counts": migration.counts(), "impact": impact, "items": file.answers, "withdrawn": file.withdrawn,
        })),
        ListFormat::Csv => table::csv(&HEADING, &rows(&migration)),
        ListFormat::Table => summary(&migration, &impact, &path.display().to_string(), changed),
    })?;
    Ok(ExitCode::SUCCESS)
}

const HEADING: [&str; 5] = ["番号", "状態", "元の項目", "違い", "求められること（要旨）"];

fn rows(migration: &Migration) -> Vec<Vec<String>> {
    let of_items = migration.items.iter().map(|item| {
        vec![
            item.entry.id.clone(),
            item.state.term().to_owned(),
            item.from.iter().map(|(one, _)| one.source.as_str()).collect::<Vec<_>>().join("、"),
            item.difference.clone(),
            item.entry.text.clone(),
        ]
    });
    let of_withdrawn = migration.withdrawn.iter().map(|item| {
        let state = if item.stated { "対応なし" } else { "行き先不明" };
        vec![String::new(), state.to_owned(), item.entry.id.clone(), item.why.clone(), item.entry.text.clone()]
    });
    of_items.chain(of_withdrawn).collect()
}

fn summary(migration: &Migration, impact: &Impact, path: &str, changed: bool) -> String {
    let mut text = format!(
        "{}{}経路: {}\n\n",
        editions::certainty_line(migration.from),
        editions::certainty_line(migration.to),
        migration.way.join(" → ")
    );
    for (state, count) in migration.counts() {
        text.push_str(&format!("{}: {count}件{}\n", state.term(), explained(state)));
    }
    let answered = migration.withdrawn.iter().filter(|item| item.answer.is_some()).count();
    text.push_str(&format!(
        "行き先のない元の項目: {}件（うち回答のあるもの{answered}件）\n",
        migration.withdrawn.len()
    ));
    text.push_str(&format!(
        "\n影響: 見直す回答{}件、うち合意に関わるもの{}件。リスク{}件。文書: {}。\n",
        impact.answers.len(),
        impact.agreements.len(),
        impact.risks.len(),
        if impact.documents.is_empty() { "なし".to_owned() } else { impact.documents.join("、") }
    ));
    text.push_str(
        "移しただけで「対応」になった項目はありません。どの項目も、人が確かめて confirmed に書くまで未回答です。\n",
    );
    text.push_str(&match changed {
        true => format!("引き継ぎの案を「{path}」に書きました。\n"),
        false => format!("「{path}」は前のままで、変わりはありません。\n"),
    });
    text
}

fn explained(state: State) -> &'static str {
    match state {
        State::Carried => "（同じ趣旨と確かめられた項目。前の答えを確かめて使えます）",
        State::Review => "（前の答えと読み比べてください）",
        State::Split => "（前の一つの項目が複数に関わります）",
        State::Unanswered => "（つながる項目に答えがありません）",
        State::New => "（前の版につながる項目がありません）",
    }
}
