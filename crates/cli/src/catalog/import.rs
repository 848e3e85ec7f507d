//! `shirube catalog import`: official wording from the document that the user holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_intake::{Evidence, Import, Known, ProblemKind, appraise, pairs, read_with};

use super::{editions, overlay};
use crate::args::{ImportArgs, ImportFormat};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};

pub fn run(args: &ImportArgs) -> Result<ExitCode, Failure> {
    editions::catalog(&args.edition)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = disk::file(&args.file)?;
    let known = Known::embedded(&args.edition);
    let mut import =
        read_with(&bytes, &name, &args.edition, &known).map_err(|error| Failure::input(format!("{error}。")))?;
    if let Some(path) = &args.pairs {
        pair(&mut import, path, &known)?;
    }
    let evidence = appraise(&import.answers);
    let value = value(&import, &evidence);
    let mut batch = Batch::default();
    if let Some(out) = &args.out {
        batch.add(out.clone(), exit::json(&value).into_bytes());
    }
    if let Some(dir) = &args.into {
        batch
            .add(overlay::place(dir, &args.edition)?, exit::json(&overlay::value(&import, &name, &bytes)).into_bytes());
    }
    let written = batch.write()?;
    exit::print(&match args.format {
        ImportFormat::Json => exit::json(&value),
        ImportFormat::Table => {
            let paths = written.iter().map(|path| format!("「{}」に書きました。\n", path.display()));
            format!("{}{}", report(&import, &evidence), paths.collect::<String>())
        }
    })?;
    let clean = import.problems.is_empty() && import.items.iter().all(|item| item.confidence.is_certain());
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(exit::FINDINGS) })
}

/// What a person says about which answer belongs to which question.
fn pair(import: &mut Import, path: &Path, known: &Known) -> Result<(), Failure> {
    let at = |message: String| Failure::input(format!("{}: {message}。", path.display()));
    let text = String::from_utf8(disk::file(path)?).map_err(|_| at("文字コードがUTF-8ではありません".to_owned()))?;
    let pairs = pairs(&text).map_err(|error| at(error.to_string()))?;
    import
        .repair(&pairs, known)
        .map_err(|errors| Failure::Input(errors.iter().map(|error| format!("{}: {error}。", path.display())).collect()))
}

fn value(import: &Import, evidence: &Evidence) -> Value {
    let mut value = json!(import);
    if !import.answers.is_empty() {
        value["evidence"] = json!(evidence);
    }
    value
}

/// What was taken, repaired, missing and doubtful, line by line.
fn report(import: &Import, evidence: &Evidence) -> String {
    let certain = import.items.iter().filter(|item| item.confidence.is_certain()).count();
    let lines = &import.lines;
    let mut text = format!(
        "{}として読みました（{}）。\n項目: {}件（確かに読めたもの{certain}件、確かめていただきたいもの{}件）\n",
        import.edition,
        import.form.term(),
        import.items.len(),
        import.items.len() - certain,
    );
    if !import.answers.is_empty() {
        let paired = import.answers.iter().filter(|answer| answer.question.is_some()).count();
        text.push_str(&format!("回答: {}件（項目と対応したもの{paired}件）\n", import.answers.len()));
    }
    text.push_str(&format!(
        "行: {}行（空{}行、使った行{}行、使わなかった行{}行）\n",
        lines.total, lines.empty, lines.used, lines.unused
    ));
    text.push_str(&repairs(import));
    for kind in [ProblemKind::Missing, ProblemKind::Doubtful, ProblemKind::Unplaced] {
        let of_kind: Vec<_> = import.problems.iter().filter(|problem| problem.kind == kind).collect();
        if !of_kind.is_empty() {
            text.push_str(&format!("\n{}（{}件）\n", kind.term(), of_kind.len()));
        }
        for problem in of_kind {
            let line = problem.line.map(|line| format!("{line}行目: ")).unwrap_or_default();
            text.push_str(&format!("  {line}{}\n", problem.message));
        }
    }
    if !import.unused.is_empty() {
        text.push_str("\n使わなかった行\n");
    }
    for unused in &import.unused {
        let rows = if unused.from == unused.to {
            format!("{}行目", unused.from)
        } else {
            format!("{}～{}行目", unused.from, unused.to)
        };
        text.push_str(&format!("  {rows}: {}（「{}」…）\n", unused.reason, unused.begins));
    }
    text.push_str(&appraised(evidence));
    text.push('\n');
    text
}

/// Equal repairs come once, with the items they were made to.
fn repairs(import: &Import) -> String {
    let mut by_sentence: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in &import.items {
        item.repairs.iter().for_each(|repair| by_sentence.entry(repair).or_default().push(&item.id));
    }
    for answer in &import.answers {
        answer.repairs.iter().for_each(|repair| by_sentence.entry(repair).or_default().push(&answer.number));
    }
    if by_sentence.is_empty() {
        return String::new();
    }
    let lines =
        by_sentence.iter().map(|(sentence, ids)| format!("  {sentence}（{}件）: {}\n", ids.len(), ids.join("、")));
    format!("\n直したこと\n{}", lines.collect::<String>())
}

fn appraised(evidence: &Evidence) -> String {
    let mut text = String::new();
    if !evidence.answers.is_empty() {
        text.push_str("\n回答について知っておくこと（どれも、そのまま「対応済」にはなりません）\n");
    }
    for answer in &evidence.answers {
        let question = answer.question.as_deref().unwrap_or("対応する項目なし");
        for flag in &answer.flags {
            text.push_str(&format!("  {}（{question}）: {}。{}\n", answer.number, flag.kind.term(), flag.message));
        }
    }
    if !evidence.contradictions.is_empty() {
        text.push_str("\n同じことへの食い違う回答\n");
    }
    for found in &evidence.contradictions {
        let said = |answers: &[(String, String)]| {
            answers.iter().map(|(number, text)| format!("{number}「{text}」")).collect::<Vec<_>>().join("、")
        };
        text.push_str(&format!("  {}: {} と {}。{}\n", found.fact, said(&found.no), said(&found.yes), found.reason));
    }
    text
}
