//! `shirube diff`: what changed between two folders, in the guideline's words.

use std::process::ExitCode;

use serde_json::json;
use shirube_safety::{Service, diff};

use crate::args::{DiffArgs, DiffFormat};
use crate::disk;
use crate::exit::{self, Failure};

pub fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let (before, after) = (disk::read(&args.before)?, disk::read(&args.after)?);
    let changes = diff(&Service::new(&before.folder.files), &Service::new(&after.folder.files));
    let reopened = changes.iter().filter(|change| change.reopens_agreement).count();
    if args.format == DiffFormat::Json {
        exit::print(&exit::json(&json!({ "changes": changes, "reopens_agreement": reopened })))?;
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
    exit::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
