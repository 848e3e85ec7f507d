//! `shirube catalog compare`: what became of each entry of an edition, with the judgements of people (CATALOG-013).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::Shelf;
use shirube_folder as folder;
use shirube_safety::comparison::{ClassificationFile, Comparison, EntryChange, Pairing, compare, problems};

use super::own::Held;
use super::{certainty, editions};
use crate::args::{CompareArgs, ListFormat};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &CompareArgs) -> Result<ExitCode, Failure> {
    let held = Held::of(&args.own)?;
    let file = match &args.own.with {
        Some(dir) => judgements(dir, &held.shelf)?,
        None => ClassificationFile::default(),
    };
    let (from, to) = (editions::held(&held.shelf, &args.from)?, editions::held(&held.shelf, &args.to)?);
    if from.edition.id == to.edition.id {
        return Err(Failure::input(format!(
            "「{}」を同じ版と比べることはできません。違う版を二つ指定してください。",
            args.from
        )));
    }
    let found = compare(&held.shelf, &args.from, &args.to, &file).map_err(|error| {
        Failure::input(match error {
            shirube_safety::migration::MigrationError::NoWay { from, to } => {
                format!("「{from}」から「{to}」への対応関係を収録していないため、比べられません。catalog add --crosswalk で加えられます。")
            }
            other => other.to_string(),
        })
    })?;
    exit::print(&match args.format {
        ListFormat::Csv => {
            certainty::tell(&held.shelf, &found.way);
            table::csv(&HEADING, &rows(&found))
        }
        ListFormat::Json => exit::json(&value(&found, &held)),
        ListFormat::Table => {
            format!(
                "{}{}{}{}{}\n{}",
                held.head(),
                editions::certainty_line(found.from),
                editions::certainty_line(found.to),
                certainty::way_line(&held.shelf, &found.way),
                summary(&found),
                table::table(&HEADING, &rows(&found))
            )
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The judgements of a folder. Everything wrong with the file is told at once.
pub fn judgements(dir: &Path, shelf: &Shelf) -> Result<ClassificationFile, Failure> {
    let path = dir.join("catalogs").join("classification.yaml");
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ClassificationFile::default()),
        Err(error) => return Err(Failure::io(&path, "を読めません", &error)),
    };
    let sentences = |errors: Vec<folder::InputError>| Failure::Input(errors.iter().map(ToString::to_string).collect());
    let read = folder::read_classification(&bytes).map_err(sentences)?;
    let wrong: Vec<_> =
        problems(&read.file, shelf).into_iter().map(|(pointer, message)| read.error(&pointer, message)).collect();
    if wrong.is_empty() { Ok(read.file) } else { Err(sentences(wrong)) }
}

const HEADING: [&str; 7] = ["前の版", "後の版", "判断", "判断した人と日", "案", "対応の確かさ", "理由"];

fn rows(found: &Comparison) -> Vec<Vec<String>> {
    found.lines.iter().map(row).collect()
}

fn row(line: &Pairing) -> Vec<String> {
    let decided = line.decided();
    let reason = match decided {
        Some(judgement) => judgement.reason.clone(),
        None => line.because.clone(),
    };
    vec![
        line.source.unwrap_or("―").to_owned(),
        line.target.unwrap_or("―").to_owned(),
        decided.map_or("未判断", |judgement| judgement.class.term()).to_owned(),
        decided.map(|judgement| format!("{} {}", judgement.by, judgement.on)).unwrap_or_default(),
        line.proposed.map_or_else(|| "なし（読み比べが要る）".to_owned(), |change| format!("案: {}", change.term())),
        line.certainty.term().to_owned(),
        reason,
    ]
}

/// How many are judged as what; proposals are counted apart from judgements.
fn counts(found: &Comparison) -> (BTreeMap<EntryChange, usize>, BTreeMap<EntryChange, usize>, usize) {
    let (mut judged, mut proposed, mut open) = (BTreeMap::new(), BTreeMap::new(), 0);
    for line in &found.lines {
        match (line.decided(), line.proposed) {
            (Some(judgement), _) => *judged.entry(judgement.class).or_default() += 1,
            (None, Some(change)) => *proposed.entry(change).or_default() += 1,
            (None, None) => open += 1,
        }
    }
    (judged, proposed, open)
}

fn summary(found: &Comparison) -> String {
    let (judged, proposed, open) = counts(found);
    let list = |counts: &BTreeMap<EntryChange, usize>| {
        let all: Vec<String> = counts.iter().map(|(change, count)| format!("{}{count}件", change.term())).collect();
        if all.is_empty() { "なし".to_owned() } else { all.join("、") }
    };
    format!(
        "判断済み: {}\n未判断（案のあるもの）: {}\n未判断（案のないもの）: {open}件\n案は対応表から作ったもので、判断ではありません。読み比べた人が catalogs/classification.yaml に書きます。\n",
        list(&judged),
        list(&proposed)
    )
}

fn value(found: &Comparison, held: &Held) -> Value {
    let (judged, proposed, open) = counts(found);
    let lines: Vec<Value> = found
        .lines
        .iter()
        .map(|line| {
            let mut value = json!(line);
            value["decided"] = json!(line.decided().map(|judgement| judgement.class));
            value
        })
        .collect();
    json!({
        "from": found.from.edition.id, "to": found.to.edition.id, "way": found.way,
        "other_ways": certainty::other_ways(&held.shelf, &found.way),
        "catalogs": certainty::editions(&held.shelf, &found.way), "notices": held.notices,
        "counts": { "judged": judged, "proposed": proposed, "open": open }, "lines": lines,
    })
}
