//! `shirube house`: the organisation's own look and wording.

use std::process::ExitCode;

use serde_json::json;
use shirube_documents::deliverable::{Deliverable, LARGEST_LOGO_BYTES, LogoError, clause_names, logo_text};
use shirube_folder::edit::{apply, put_field, way};
use shirube_safety::File;

use crate::args::{ClausesArgs, HouseCommand, ListFormat, LogoArgs};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(command: &HouseCommand) -> Result<ExitCode, Failure> {
    match command {
        HouseCommand::Clauses(args) => clauses(args),
        HouseCommand::Logo(args) => logo(args),
    }
}

fn clauses(args: &ClausesArgs) -> Result<ExitCode, Failure> {
    // As the field of house.yaml is written, too.
    let wanted = args.document.replace('_', "-");
    let made = || Deliverable::ALL.into_iter().filter(|deliverable| deliverable.is_clauses());
    let Some(deliverable) = made().find(|deliverable| deliverable.name() == wanted) else {
        let all: Vec<String> = made().map(|one| format!("{}（{}）", one.name(), one.title())).collect();
        return Err(Failure::input(format!(
            "条項でできた文書に「{}」はありません。{}のどれかを指定してください。",
            args.document,
            all.join("、")
        )));
    };
    let clauses = clause_names(deliverable);
    let text = match args.format {
        ListFormat::Json => exit::json(&json!(
            clauses
                .iter()
                .map(|clause| json!({
                    "clause": clause.id,
                    "title": clause.title,
                    "depth": clause.depth,
                    "optional": clause.optional,
                    "fingerprint": clause.fingerprint,
                }))
                .collect::<Vec<_>>()
        )),
        format => {
            let heading = ["条項の名前", "題", "省けるか", "ひな型の指紋"];
            let rows = clauses.into_iter().map(|clause| {
                let may = if clause.optional { "省ける" } else { "" };
                let indent = if format == ListFormat::Table { "　".repeat(clause.depth) } else { String::new() };
                vec![clause.id, format!("{indent}{}", clause.title), may.to_owned(), clause.fingerprint]
            });
            let rows: Vec<Vec<String>> = rows.collect();
            if format == ListFormat::Csv { table::csv(&heading, &rows) } else { table::table(&heading, &rows) }
        }
    };
    exit::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn logo(args: &LogoArgs) -> Result<ExitCode, Failure> {
    let texts = disk::texts(&args.dir)?;
    if !texts.contains_key(&File::Service) {
        return Err(Failure::input(format!(
            "「{}」に shirube.yaml がありません。サービスのフォルダを指定してください。",
            args.dir.display()
        )));
    }
    let place = |error: &dyn std::fmt::Display| Failure::input(format!("「{}」は{error}", args.file.display()));
    if disk::is_larger(&args.file, LARGEST_LOGO_BYTES as u64) {
        return Err(place(&LogoError::TooLarge));
    }
    let bytes = disk::file(&args.file)?;
    let logo = logo_text(&bytes).map_err(|error| place(&error))?;
    let at = way("logo").expect("the name of a field is a way");
    let edit = put_field(File::House, at, logo.0.into());
    let applied = apply(&texts, &[edit]).map_err(|error| Failure::input(error.to_string()))?;
    let mut batch = Batch::default();
    for file in &applied.changed {
        batch.add(args.dir.join(file.name()), applied.texts.get(file).cloned().unwrap_or_default());
    }
    batch.write()?;
    eprintln!(
        "「{}」を house.yaml に書き込みました（{} kB。上限は{} kB）。",
        args.file.display(),
        bytes.len().div_ceil(1024),
        LARGEST_LOGO_BYTES / 1024
    );
    Ok(ExitCode::SUCCESS)
}
