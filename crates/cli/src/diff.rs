//! `shirube diff`: what changed between two folders, in the guideline's words, and which documents it makes untrue.

use std::process::ExitCode;

use serde_json::json;
use shirube_documents::deliverable::{Restatement, restated};
use shirube_safety::{Change, Service, diff};

use crate::args::{DiffArgs, DiffFormat};
use crate::disk;
use crate::exit::{self, Failure};

pub fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let (before, after) = (disk::read(&args.before)?, disk::read(&args.after)?);
    let (before, after) = (Service::new(&before.folder.files), Service::new(&after.folder.files));
    if !args.documents {
        let changes = diff(&before, &after);
        return printed(args.format, &changes, None);
    }
    let restatement = restated(&before, &after);
    printed(args.format, &restatement.changes, Some(&restatement))
}

fn printed(format: DiffFormat, changes: &[Change], documents: Option<&Restatement>) -> Result<ExitCode, Failure> {
    let reopened = changes.iter().filter(|change| change.reopens_agreement).count();
    if format == DiffFormat::Json {
        let mut value = json!({ "changes": changes, "reopens_agreement": reopened });
        if let Some(restatement) = documents {
            value["documents"] = json!(restatement.documents);
            value["letter"] = json!(restatement.sentences());
        }
        exit::print(&exit::json(&value))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for of_kind in changes.chunk_by(|a, b| a.kind == b.kind) {
        text.push_str(&format!("■ {}\n", of_kind[0].kind.term()));
        for change in of_kind {
            let mark = if change.reopens_agreement { "◇" } else { "・" };
            text.push_str(&format!("  {mark}{}\n", change.text));
        }
    }
    text.push_str(&match changes.len() {
        0 => "違いはありません。\n".to_owned(),
        count => format!("\n変更は{count}件です。◇の{reopened}件は、医療機関等と合意した内容の見直しが要るか確かめてください（3.2.1）。\n"),
    });
    text.push_str(&documents.map(documents_text).unwrap_or_default());
    exit::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn documents_text(restatement: &Restatement) -> String {
    if restatement.documents.is_empty() {
        return "\n要見直しの文書はありません。\n".to_owned();
    }
    let mut text = "\n要見直しの文書\n".to_owned();
    for document in &restatement.documents {
        text.push_str(&format!("■ {}（{}か所）\n", document.title, document.places.len()));
        for place in &document.places {
            text.push_str(&format!("  ・{}［{}］\n", place.place, place.how.term()));
            text.extend(place.because.iter().map(|because| format!("      {because}\n")));
        }
    }
    text.push_str("\n相手に伝える文（案）\n");
    text.extend(restatement.sentences().iter().map(|sentence| format!("  {sentence}\n")));
    text
}
