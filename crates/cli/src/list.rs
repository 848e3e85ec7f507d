//! `shirube list`: lists as workbooks to fill in, and what a workbook that comes back changes in the folder.

use std::process::ExitCode;

use serde_json::json;
use shirube_exchange::{Laid, List, Stamp, lay, origin, read, typed, workbook};
use shirube_folder::edit::{Texts, apply};
use shirube_form::Signer;

use crate::args::{DiffFormat, ListCommand, ListExportArgs, ListImportArgs};
use crate::day::today;
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};

pub fn run(command: &ListCommand) -> Result<ExitCode, Failure> {
    match command {
        ListCommand::Export(args) => export(args),
        ListCommand::Import(args) => import(args),
    }
}

fn list(token: &str) -> Result<List, Failure> {
    token.parse().map_err(|()| {
        let all: Vec<String> = List::ALL.iter().map(|list| format!("{}（{}）", list.token(), list.term())).collect();
        Failure::input(format!("一覧「{token}」はありません。{} のどれかを指定してください。", all.join("、")))
    })
}

fn export(args: &ListExportArgs) -> Result<ExitCode, Failure> {
    let list = list(&args.list)?;
    let texts = disk::texts(&args.dir)?;
    let read = disk::read(&args.dir)?;
    let name = read.folder.files.service.service.name.clone();
    let stamp = Stamp { service: name.clone(), name, revision: None, digest: read.source };
    let bytes = workbook(list, &texts, &stamp).map_err(|error| Failure::input(error.to_string()))?;
    let mut batch = Batch::default();
    batch.add(args.out.clone(), bytes);
    batch.write()?;
    eprintln!("{}を「{}」に書き出しました。", list.term(), args.out.display());
    Ok(ExitCode::SUCCESS)
}

fn import(args: &ListImportArgs) -> Result<ExitCode, Failure> {
    let texts = disk::texts(&args.dir)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let book = read(&disk::file(&args.file)?, &name).map_err(|error| Failure::input(error.to_string()))?;
    let origin = match origin(&book) {
        Some(origin) => origin.map_err(Failure::input)?,
        None => {
            return Err(Failure::input(format!(
                "「{name}」は shirube list export で書き出したブックではありません。手元の台帳は、画面の「Excelで編集する」から、列を確かめて取り込みます。"
            )));
        }
    };
    let (typed, faults) = typed(&book, &origin);
    let today = match &args.on {
        Some(day) => day.clone(),
        None => today().to_string(),
    };
    let signer = Signer { by: args.by.as_deref().unwrap_or("（未指定）"), on: &today };
    let mut laid = lay(&typed, &texts, signer).map_err(Failure::Input)?;
    laid.faults.splice(0..0, faults);
    if !laid.faults.is_empty() {
        let told = laid.faults.iter().map(ToString::to_string);
        let end = format!("{}か所を直してください。何も変更していません。", laid.faults.len());
        return Err(Failure::Input(told.chain([end]).collect()));
    }
    let written = args.write && !laid.edits.is_empty();
    if written {
        if args.by.is_none() {
            return Err(Failure::input("書き込むには、誰が取り込むのかを --by 氏名 で指定してください。"));
        }
        write(args, &texts, &laid)?;
    }
    match args.format {
        DiffFormat::Json => {
            exit::print(&exit::json(&json!({ "changes": laid.changes, "notes": laid.notes, "written": written })))?
        }
        DiffFormat::Table => exit::print(&words(&laid, written))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn write(args: &ListImportArgs, texts: &Texts, laid: &Laid) -> Result<(), Failure> {
    let applied = apply(texts, &laid.edits).map_err(|error| Failure::input(error.to_string()))?;
    let mut batch = Batch::default();
    for file in &applied.changed {
        let bytes = applied.texts.get(file).cloned().unwrap_or_default();
        batch.add(args.dir.join(file.name()), bytes);
    }
    batch.write().map(drop)
}

fn words(laid: &Laid, written: bool) -> String {
    let mut text = String::new();
    for change in &laid.changes {
        text.push_str(&format!("■ {}「{}」（{}）\n", change.kind, change.name, change.effect.term()));
        for cell in &change.cells {
            let shown =
                |text: &str| if text.is_empty() { "記載なし".to_owned() } else { text.replace('\n', "、") };
            let (before, after) = (shown(&cell.before), shown(&cell.after));
            text.push_str(&format!("  {} {}: {before} → {after}\n", cell.address, cell.heading));
        }
    }
    for note in &laid.notes {
        text.push_str(&format!("・{note}\n"));
    }
    text.push_str(&match (laid.changes.len(), written) {
        (0, _) => "変更は0件です。\n".to_owned(),
        (count, true) => format!("{count}件の変更をフォルダに書き込みました。\n"),
        (count, false) => {
            format!("変更は{count}件です。フォルダに書き込むには、--write と --by 氏名 を付けてください。\n")
        }
    });
    text
}
