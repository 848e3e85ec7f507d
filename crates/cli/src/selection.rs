//! `shirube selection`: what several providers disclose side by side, what is missing, and what to ask them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shirube_documents::content::DataSheet;
use shirube_documents::deliverable;
use shirube_documents::write::Format;
use shirube_folder::selection::{OfSelection, read_disclosure_data, read_selection};
use shirube_safety::selection::{
    CellState, DisclosureData, Reach, Row, Selection, SelectionFile, SelectionInfo, SideCell, Told,
};
use shirube_safety::{File, Finding, Severity};

use crate::args::{ListFormat, SelectionArgs};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::{disclose, report, table};

pub fn run(args: &SelectionArgs) -> Result<ExitCode, Failure> {
    let formats = formats(&args.doc_format)?;
    let input = input(&args.files)?;
    let selection = Selection::new(&input.file, &input.data);
    match &args.out {
        Some(out) => {
            let (formats, sheets) = formats;
            let document = deliverable::selection(&selection, &input.source);
            let mut batch = Batch::default();
            for file in report::single(document, &formats, sheets)? {
                batch.add(out.join(file.name), file.bytes);
            }
            let written = batch.write()?;
            exit::print(&written.iter().map(|path| format!("{}\n", path.display())).collect::<String>())?;
            eprint!("{}", findings(&selection, &input));
        }
        None => exit::print(&match args.format {
            ListFormat::Table => text(&selection, &input),
            ListFormat::Csv => csv(&deliverable::selection(&selection, &input.source).data),
            ListFormat::Json => exit::json(&value(&selection, &input)),
        })?,
    }
    // A table for other programs holds no findings, but whoever sees the code must learn why.
    if args.out.is_none() && args.format == ListFormat::Csv {
        eprint!("{}", findings(&selection, &input));
    }
    let fails = selection.findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if fails { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

fn formats(names: &[String]) -> Result<(Vec<Format>, bool), Failure> {
    let usual = [Format::Xlsx, Format::Docx, Format::Pdf, Format::Html];
    let (sheets, others): (Vec<String>, Vec<String>) = names.iter().cloned().partition(|name| name == "csv");
    if others.is_empty() && !sheets.is_empty() {
        return Ok((Vec::new(), true));
    }
    let parse = |name: &str| {
        let unknown = || {
            format!(
                "比較表の形式に「{name}」はありません。xlsx、docx、pdf、html、md、csv、json のどれかを指定してください"
            )
        };
        name.parse::<Format>().map_err(|_| unknown())
    };
    let formats = report::chosen(&others, &usual, parse)?;
    Ok((formats, !sheets.is_empty()))
}

/// What was named on the command line, read.
struct Input {
    file: SelectionFile,
    /// What each candidate handed over, in the order of the file.
    data: Vec<Option<DisclosureData>>,
    /// Short hash of all that was read.
    source: String,
    /// The file that people wrote, with its name; none where only data were named.
    written: Option<(String, OfSelection)>,
}

fn input(files: &[PathBuf]) -> Result<Input, Failure> {
    let is_written =
        |path: &&PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml") && !path.is_dir();
    match (files.iter().find(is_written), files) {
        (None, all) => of_data(all),
        (Some(_), [only]) => of_file(only),
        (Some(path), _) => Err(Failure::input(format!(
            "「{}」は、ほかのファイルと一緒に指定できません。開示データは、その中のcandidatesのfileに書いてください。",
            path.display()
        ))),
    }
}

/// Everything that `selection.yaml` names; every mistake of every file is told at once.
fn of_file(path: &Path) -> Result<Input, Failure> {
    let bytes = disk::file(path)?;
    let shown = path.display().to_string();
    let named = |told: String| told.replacen(File::Selection.name(), &shown, 1);
    let read = read_selection(&bytes)
        .map_err(|errors| Failure::Input(disk::told(&errors).into_iter().map(named).collect()))?;
    let dir = path.parent().unwrap_or(Path::new("."));
    let (mut data, mut mistakes, mut hash) = (Vec::new(), Vec::new(), Sha256::new().chain_update(&bytes));
    for (at, candidate) in read.file.candidates.iter().enumerate() {
        let Some(file) = candidate.file.as_deref().filter(|file| !file.trim().is_empty()) else {
            data.push(None);
            continue;
        };
        match one(&dir.join(file.trim()), &mut hash) {
            Ok(one) => data.push(Some(one)),
            Err(Failure::Input(told)) => {
                let (line, _) = read.position(&format!("/candidates/{at}/file"));
                mistakes
                    .extend(told.into_iter().map(|told| format!("{shown} {line}行目の「{}」: {told}", candidate.name)));
            }
            Err(failure) => return Err(failure),
        }
    }
    if !mistakes.is_empty() {
        return Err(Failure::Input(mistakes));
    }
    let file = read.file.clone();
    Ok(Input { file, data, source: digits(hash), written: Some((shown, read)) })
}

/// Data alone, in the order in which they were named.
fn of_data(paths: &[PathBuf]) -> Result<Input, Failure> {
    let (mut data, mut mistakes, mut hash) = (Vec::new(), Vec::new(), Sha256::new());
    for path in paths {
        match one(path, &mut hash) {
            Ok(one) => data.push(one),
            Err(Failure::Input(told)) => mistakes.extend(told),
            Err(failure) => return Err(failure),
        }
    }
    if !mistakes.is_empty() {
        return Err(Failure::Input(mistakes));
    }
    let selection = SelectionInfo { title: "示されたものの比較".to_owned(), ..SelectionInfo::default() };
    let file = SelectionFile::of_data(selection, &data);
    Ok(Input { file, data: data.into_iter().map(Some).collect(), source: digits(hash), written: None })
}

/// One provider's data: a file, or a service folder as everybody may see it.
fn one(path: &Path, hash: &mut Sha256) -> Result<DisclosureData, Failure> {
    if path.is_dir() {
        let data = disclose::of_folder(path, Reach::Open).map_err(|failure| in_folder(path, failure))?;
        hash.update(&data.source);
        return Ok(data);
    }
    let bytes = disk::file(path)?;
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(&bytes);
    let shown = path.display().to_string();
    read_disclosure_data(&bytes).map_err(|errors| {
        let told = disk::told(&errors).into_iter();
        Failure::Input(told.map(|told| told.replacen(File::DisclosureData.name(), &shown, 1)).collect())
    })
}

/// Several folders have files of the same name.
fn in_folder(path: &Path, failure: Failure) -> Failure {
    match failure {
        Failure::Input(told) => {
            Failure::Input(told.into_iter().map(|told| format!("「{}」の{told}", path.display())).collect())
        }
        other => other,
    }
}

fn digits(hash: Sha256) -> String {
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// A terminal is narrow: so many characters of what is shown.
const SHOWN: usize = 18;

fn text(selection: &Selection, input: &Input) -> String {
    let mut heading = vec!["番号", "比べること"];
    heading.extend(selection.candidates.iter().map(|candidate| candidate.entry.name.as_str()));
    let row = |row: &Row| {
        let mut cells = vec![row.key(), cut(row.title)];
        cells.extend(row.cells.iter().map(brief));
        cells
    };
    let rows: Vec<Vec<String>> = selection.rows.iter().map(row).collect();
    let mut text = table::table(&heading, &rows);
    text.push_str(&findings(selection, input));
    for candidate in selection.candidates.iter().filter(|candidate| !candidate.questions.is_empty()) {
        text.push_str(&format!("\n「{}」に尋ねること\n", candidate.entry.name));
        text.extend(candidate.questions.iter().map(|question| format!("  ・{question}\n")));
    }
    text
}

fn cut(text: &str) -> String {
    let line = text.trim().replace('\n', " ");
    let cut: String = line.chars().take(SHOWN).collect();
    if cut.len() < line.len() { cut + "…" } else { cut }
}

fn brief(cell: &SideCell) -> String {
    let verdict = cell.verdict.map(|(verdict, _)| format!("【{}】", verdict.term())).unwrap_or_default();
    let what = match cell.state {
        CellState::Shown => {
            let told = cell.told.iter().find(|told| told.state == CellState::Shown);
            told.map(|told| cut(if told.document.is_empty() { &told.text } else { &told.document })).unwrap_or_default()
        }
        state => format!("（{}）", state.term()),
    };
    what + &verdict
}

fn findings(selection: &Selection, input: &Input) -> String {
    let line = |finding: &Finding| {
        let place = match &input.written {
            Some((name, read)) => format!(" {name} {}行目:", read.position(&finding.place.pointer).0),
            None => String::new(),
        };
        format!("  [{}]{place} {}\n      {}\n", finding.severity.term(), finding.message, finding.advice)
    };
    let lines: String = selection.findings.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("\n確かめること\n{lines}") }
}

fn csv(sheets: &[DataSheet]) -> String {
    let first = sheets.first().map(shirube_documents::write::csv).unwrap_or_default();
    String::from_utf8_lossy(&first).into_owned()
}

fn value(selection: &Selection, input: &Input) -> Value {
    let info = &selection.file.selection;
    let candidate = |(at, candidate): (usize, &shirube_safety::selection::Candidate)| {
        json!({
            "name": candidate.entry.name,
            "provider": candidate.data.map(|data| &data.provider),
            "service": candidate.data.map(|data| &data.service.name),
            "source": candidate.data.map(|data| &data.source),
            "draft": candidate.data.map(|data| data.document.draft),
            "missing": selection.missing(at).map(Row::key).collect::<Vec<_>>(),
            "questions": candidate.questions,
        })
    };
    json!({
        "title": info.title,
        "on": info.on,
        "source": input.source,
        "candidates": selection.candidates.iter().enumerate().map(candidate).collect::<Vec<_>>(),
        "rows": selection.rows.iter().map(row_value).collect::<Vec<_>>(),
        "findings": selection.findings.iter().map(|finding| finding_value(finding, input)).collect::<Vec<_>>(),
        "decision": selection.file.decision,
    })
}

fn row_value(row: &Row) -> Value {
    let told = |told: &Told| {
        json!({
            "origin": told.origin.token(), "state": told.state.token(), "document": told.document, "text": told.text,
            "conditions": told.conditions, "on": told.on,
        })
    };
    let cell = |cell: &SideCell| {
        json!({
            "state": cell.state.token(),
            "told": cell.told.iter().map(told).collect::<Vec<_>>(),
            "differs": cell.differs,
            "judgement": cell.verdict.map(|(verdict, _)| verdict),
            "reason": cell.verdict.map(|(_, reason)| reason),
        })
    };
    json!({
        "key": row.key(), "title": row.title, "must": row.must,
        "cells": row.cells.iter().map(cell).collect::<Vec<_>>(),
    })
}

fn finding_value(finding: &Finding, input: &Input) -> Value {
    let place = input.written.as_ref().map(|(_, read)| read.position(&finding.place.pointer));
    json!({
        "severity": finding.severity, "rule": finding.rule, "line": place.map(|(line, _)| line),
        "message": finding.message, "advice": finding.advice,
    })
}
