//! `shirube catalog migrate`: answers laid beside the items of another edition, for a person to decide.

use std::fs;
use std::io;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::{Certainty, Shelf, counting};
use shirube_folder::carried;
use shirube_safety::Service;
use shirube_safety::migration::{
    CarriedAnswer, CarriedFile, Impact, MigratedItem, Migration, State, answers_of, impact, migrate,
};
use shirube_safety::model::reckoned_on;

use super::own::{self, Held};
use super::{answers, certainty, editions};
use crate::args::{ListFormat, MigrateArgs};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &MigrateArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let on = reckoned_on(&service.files.service).map(|date| date.to_string());
    let brought = Held::picked(own::read(&args.dir)?, on);
    let shelf = &*brought.shelf;
    editions::held(shelf, &args.to)?;
    let checklist = args.answers.as_deref().map(answers::read).transpose()?;
    let (from, answers) = match &checklist {
        Some(checklist) => (checklist.edition.as_str(), checklist.answers()),
        None => (args.from.as_str(), answers_of(&service, shelf)),
    };
    let migration = migrate(shelf, from, &args.to, &answers).map_err(|error| Failure::input(error.to_string()))?;
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
    let mut file = CarriedFile::of(&migration, held.as_ref());
    file.lists = lists(&brought, &file.way);
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
            "other_ways": certainty::other_ways(shelf, &file.way), "catalogs": certainty::editions(shelf, &file.way),
            "counts": migration.counts(), "impact": impact, "items": items(&migration, &file),
            "withdrawn": file.withdrawn, "notices": brought.notices, "lists": file.lists,
        })),
        ListFormat::Csv => {
            certainty::tell(shelf, &file.way);
            table::csv(&HEADING, &rows(&migration))
        }
        ListFormat::Table => {
            brought.head()
                + &seen_before(&brought, &file)
                + &summary(shelf, &migration, &impact, &path.display().to_string(), changed)
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Items whose answer was given to an earlier revision of a user's list than the one that counts now.
fn seen_before(brought: &Held, file: &CarriedFile) -> String {
    let now = brought.own.list(&file.to).and_then(|list| counting(&list.revisions, brought.on.as_deref()));
    let Some(now) = now else { return String::new() };
    let old = |answer: &&CarriedAnswer| {
        answer.confirmed.as_ref().is_some_and(|word| word.revision.is_some_and(|seen| seen < now.no))
    };
    let ids: Vec<&str> = file.answers.iter().filter(old).map(|answer| answer.id.as_str()).collect();
    match &ids[..] {
        [] => String::new(),
        ids => {
            format!("前の版を読んで答えた項目が{}件あります（今は第{}版）: {}。\n", ids.len(), now.no, ids.join("、"))
        }
    }
}

/// Revisions of the user's lists that were laid out, so that an old answer tells what it was given to.
fn lists(brought: &Held, way: &[String]) -> Vec<String> {
    let on = brought.on.as_deref();
    let of = |edition: &String| {
        let revision = counting(&brought.own.list(edition)?.revisions, on)?;
        Some(format!("{edition} 第{}版（{}）", revision.no, revision.standing(on).term()))
    };
    way.iter().filter_map(of).collect()
}

/// The items with what the new edition asks, and how surely that is known.
fn items(migration: &Migration, file: &CarriedFile) -> Vec<Value> {
    let item = |(answer, item): (&CarriedAnswer, &MigratedItem)| {
        let mut value = json!(answer);
        value["text"] = json!(item.entry.text);
        value["text_from"] = json!(item.entry.text_from);
        value["certainty"] = json!(item.entry.certainty);
        value["note"] = json!(item.entry.note);
        value
    };
    file.answers.iter().zip(&migration.items).map(item).collect()
}

const HEADING: [&str; 7] =
    ["番号", "状態", "元の項目", "つながりの確かさ", "違い", "求められること（要旨）", "項目の確かさ"];

fn rows(migration: &Migration) -> Vec<Vec<String>> {
    let of_items = migration.items.iter().map(|item| {
        vec![
            item.entry.id.clone(),
            item.state.term().to_owned(),
            item.from.iter().map(|(one, _)| one.source.as_str()).collect::<Vec<_>>().join("、"),
            // In the order of the items before.
            item.from.iter().map(|(one, _)| one.certainty.term()).collect::<Vec<_>>().join("、"),
            item.difference.clone(),
            certainty::wording(item.entry),
            certainty::of_item(item.entry.certainty, &item.entry.added),
        ]
    });
    let of_withdrawn = migration.withdrawn.iter().map(|item| {
        vec![
            String::new(),
            item.certainty.map_or("行き先不明", certainty::without).to_owned(),
            item.entry.id.clone(),
            item.certainty.map_or("つながり不明", |certainty| certainty.term()).to_owned(),
            item.why.clone(),
            certainty::wording(item.entry),
            certainty::of_item(item.entry.certainty, &item.entry.added),
        ]
    });
    of_items.chain(of_withdrawn).collect()
}

fn summary(shelf: &Shelf, migration: &Migration, impact: &Impact, path: &str, changed: bool) -> String {
    let mut text = format!(
        "{}{}{}\n",
        editions::certainty_line(migration.from),
        editions::certainty_line(migration.to),
        certainty::way_line(shelf, &migration.way)
    );
    for (state, count) in migration.counts() {
        text.push_str(&format!("{}: {count}件{}\n", state.term(), explained(state)));
    }
    let answered = migration.withdrawn.iter().filter(|item| item.answer.is_some()).count();
    text.push_str(&format!(
        "行き先のない元の項目: {}件（うち回答のあるもの{answered}件）\n",
        migration.withdrawn.len()
    ));
    text.push_str(&withdrawn(migration));
    text.push_str(&format!(
        "\n影響: 見直す回答{}件、うち合意に関わるもの{}件。リスク{}件。文書: {}。\n",
        impact.answers.len(),
        impact.agreements.len(),
        impact.risks.len(),
        if impact.documents.is_empty() { "なし".to_owned() } else { impact.documents.join("、") }
    ));
    text.push_str(
        "移しただけで「対応済」になった項目はありません。どの項目も、人が確かめて confirmed に書くまで未回答です。\n",
    );
    text.push_str(&match changed {
        true => format!("引き継ぎの案を「{path}」に書きました。\n"),
        false => format!("「{path}」は前のままで、変わりはありません。\n"),
    });
    text
}

/// How many old items lead nowhere, and how surely.
fn withdrawn(migration: &Migration) -> String {
    let count =
        |certainty: Option<Certainty>| migration.withdrawn.iter().filter(|item| item.certainty == certainty).count();
    let kinds = Certainty::ALL.map(|certainty| (certainty::without(certainty), count(Some(certainty))));
    let all = kinds.into_iter().chain([("行き先不明", count(None))]);
    all.filter(|(_, count)| *count > 0).map(|(state, count)| format!("  {state}: {count}件\n")).collect()
}

fn explained(state: State) -> &'static str {
    match state {
        State::Carried => "（同じ趣旨と確かめられた項目。前の答えを確かめて使えます）",
        State::Review => "（前の答えと読み比べてください）",
        State::Split => "（前の一つの項目が複数に関わります）",
        State::Unanswered => "（つながる項目に答えがありません）",
        State::New => "（つながる元の項目を収録していません。新しいとは限りません）",
    }
}
