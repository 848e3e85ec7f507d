//! `shirube catalog coverage`: how far an edition is answered, measured and evidenced (CATALOG-027).

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::{Catalog, Entry};
use shirube_folder::carried;
use shirube_safety::Service;
use shirube_safety::coverage::{ANSWERED, Cover, CoverLine, Coverage, EvidenceAge, coverage};
use shirube_safety::migration::CarriedFile;
use shirube_safety::model::{Date, EditionRole, editions_on, reckoned_on};

use super::own::{self, Held};
use super::{certainty, editions};
use crate::args::{CoverageArgs, ListFormat};
use crate::disk;
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &CoverageArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let on = match &args.on {
        Some(day) => day.parse().ok().map(Date),
        None => reckoned_on(&service.files.service),
    };
    let held = Held::picked(own::read(&args.dir)?, on.map(|date| date.to_string()));
    let catalog = editions::held(&held.shelf, &args.edition)?;
    let carried = carried_file(&args.dir, &args.edition)?;
    let age = EvidenceAge { on, months: args.evidence_months };
    let found = coverage(&service, &held.shelf, &args.edition, carried.as_ref(), age)
        .map_err(|error| Failure::input(error.to_string()))?;
    exit::print(&match args.format {
        ListFormat::Csv => {
            certainty::tell(&held.shelf, std::slice::from_ref(&args.edition));
            table::csv(&HEADING, &rows(catalog, &found))
        }
        ListFormat::Json => exit::json(&value(&service, catalog, &found, &held)),
        ListFormat::Table => format!(
            "{}{}{}{}\n{}",
            held.head(),
            editions::certainty_line(catalog),
            roles(&service, on),
            summary(&held, &args.edition, &found),
            table::table(&HEADING, &rows(catalog, &found))
        ),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What people confirmed when they moved to an edition; nothing if they never did.
fn carried_file(dir: &Path, edition: &str) -> Result<Option<CarriedFile>, Failure> {
    let path = dir.join("carried").join(format!("{edition}.yaml"));
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io(&path, "を読めません", &error)),
    };
    let read = carried::read(&bytes);
    read.map(Some).map_err(|error| Failure::input(format!("{}: {error}", path.display())))
}

/// Which edition leads, where more than one is answered (CATALOG-012).
fn roles(service: &Service, on: Option<Date>) -> String {
    if service.files.service.edition_changes.is_empty() {
        return String::new();
    }
    let roles: Vec<String> =
        editions_on(&service.files.service, on).iter().map(|(id, role)| format!("{id}（{}）", role.term())).collect();
    let day = on.map_or_else(|| "日付がないため移行前として".to_owned(), |day| format!("{day}の時点"));
    format!("版（{day}）: {}\n", roles.join("、"))
}

const HEADING: [&str; 9] =
    ["番号", "状態", "決定", "求められること（要旨）", "項目の確かさ", "根拠", "対応", "理由", "元の項目と確かさ"];

fn rows(catalog: &Catalog, found: &Coverage) -> Vec<Vec<String>> {
    let entries = entries(catalog);
    let of_edition = found.lines.iter().map(|line| row(line, entries.get(line.id).copied()));
    of_edition.chain(found.own.iter().map(|line| row(line, None))).collect()
}

fn entries(catalog: &Catalog) -> HashMap<&str, &Entry> {
    catalog.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect()
}

/// `entry` is what the edition has; own controls have none.
fn row(line: &CoverLine, entry: Option<&Entry>) -> Vec<String> {
    let via = line.via.iter().map(|one| {
        let relation = one.relation.map_or("言えない", |relation| relation.term());
        format!("{} {relation}・{}・{}", one.id, one.certainty.term(), one.cover.term())
    });
    let dates =
        [line.evidence_on.map(|on| format!("確認 {on}")), line.evidence_until.map(|until| format!("期限 {until}"))];
    let evidence = line.evidence.iter().map(|text| (*text).to_owned()).chain(dates.into_iter().flatten());
    let settled = !matches!(line.cover, Cover::NoMeasure | Cover::NotLinked | Cover::Unanswered);
    vec![
        line.id.to_owned(),
        line.cover.term().to_owned(),
        match (settled, line.decided) {
            (false, _) => String::new(),
            (true, true) => "決定".to_owned(),
            (true, false) => "案".to_owned(),
        },
        entry.map_or_else(|| line.text.to_owned(), certainty::wording),
        entry.map_or_else(|| "独自の項目".to_owned(), |entry| certainty::of_item(entry.certainty, &entry.added)),
        evidence.collect::<Vec<_>>().join("、"),
        line.treatments.join("、"),
        line.reason.to_owned(),
        via.collect::<Vec<_>>().join(" / "),
    ]
}

fn summary(held: &Held, edition: &str, found: &Coverage) -> String {
    let mut text = match found.age.on {
        Some(on) => format!("根拠は、{on}の時点で{}か月以内に確かめたものを新しいとみます。\n", found.age.months),
        None => "文書の日付がないため、根拠の新しさを確かめられません。--on で日を指定できます。\n".to_owned(),
    };
    if edition != ANSWERED {
        text.push_str(&match &found.way[..] {
            [] => format!("{ANSWERED}から{edition}への対応を収録していないため、答えからたどれません。\n"),
            way => format!(
                "{}答えは{ANSWERED}の対策項目へのもので、つながりを通して示す状態はすべて案です。人が確かめて carried に書いた項目だけが決定です。\n",
                certainty::way_line(&held.shelf, way)
            ),
        });
    }
    text.push('\n');
    for (cover, count) in Coverage::counts(&found.lines) {
        text.push_str(&format!("{}: {count}件\n", cover.term()));
    }
    if !found.own.is_empty() {
        let counts: Vec<String> = Coverage::counts(&found.own)
            .into_iter()
            .map(|(cover, count)| format!("{}{count}件", cover.term()))
            .collect();
        text.push_str(&format!("独自の対策項目: {}\n", counts.join("、")));
    }
    text
}

fn value(service: &Service, catalog: &Catalog, found: &Coverage, held: &Held) -> Value {
    let roles: Vec<Value> = editions_on(&service.files.service, found.age.on)
        .iter()
        .map(|(id, role): &(&str, EditionRole)| json!({ "edition": id, "role": role }))
        .collect();
    let entries = entries(catalog);
    let line = |line: &CoverLine| {
        let mut value = json!(line);
        if let Some(entry) = entries.get(line.id) {
            value["certainty"] = json!(entry.certainty);
            value["text_from"] = json!(entry.text_from);
        }
        value
    };
    json!({
        "edition": catalog.edition.id, "certainty": catalog.certainty(), "note": catalog.edition.note,
        "other_ways": certainty::other_ways(&held.shelf, &found.way),
        "catalogs": match &found.way[..] {
            [] => json!([certainty::edition(catalog)]),
            way => certainty::editions(&held.shelf, way),
        },
        "on": found.age.on, "evidence_months": found.age.months, "way": found.way,
        "editions": roles, "notices": held.notices,
        "counts": Coverage::counts(&found.lines), "lines": found.lines.iter().map(line).collect::<Vec<_>>(),
        "own": { "counts": Coverage::counts(&found.own), "lines": found.own },
    })
}
