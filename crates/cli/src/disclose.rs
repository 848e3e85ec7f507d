//! `shirube disclose`: 開示データ for institutions that choose.

use std::path::Path;
use std::process::ExitCode;

use shirube_documents::deliverable::made_document;
use shirube_safety::Service;
use shirube_safety::selection::{Access, DisclosureData, Reach, disclosure_data, names_kept_back};

use crate::agreement;
use crate::args::DiscloseArgs;
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};

pub fn run(args: &DiscloseArgs) -> Result<ExitCode, Failure> {
    let reach = if args.with_nda { Reach::Nda } else { Reach::Open };
    let data = of_folder(&args.dir, reach)?;
    let value = serde_json::to_string_pretty(&data)
        .map_err(|error| Failure::Environment(format!("開示データを書き表せませんでした。{error}")))?;
    let mut batch = Batch::default();
    batch.add(args.out.clone(), (value + "\n").into_bytes());
    batch.write()?;
    exit::print(&format!("{}\n", args.out.display()))?;
    eprintln!("{}", told(&data));
    Ok(ExitCode::SUCCESS)
}

/// 開示データ of a service folder. Names of its institutions, also of those in `institutions`, are not in it.
pub fn of_folder(dir: &Path, reach: Reach) -> Result<DisclosureData, Failure> {
    let read = disk::read(dir)?;
    let names = agreement::institution_names(dir)?;
    let others = names_kept_back(&read.folder.files, names.iter().map(String::as_str));
    let service = Service::new(&read.folder.files);
    let made = |provided: &shirube_safety::Provided| made_document(&service, provided);
    Ok(disclosure_data(&service, &read.source, reach, &others, &made))
}

/// What the provider should know before handing it over.
fn told(data: &DisclosureData) -> String {
    let count = |wanted: &dyn Fn(&[Access]) -> bool| {
        let accesses = data.items.iter().map(|item| item.entries.iter().map(|entry| entry.access).collect::<Vec<_>>());
        accesses.filter(|accesses| wanted(accesses)).count()
    };
    let none = count(&|accesses| accesses.is_empty());
    let undecided = count(&|accesses| accesses.contains(&Access::Undecided));
    let mut told = vec![format!("{}です（表4-1の{}項目）。", data.reach.term(), data.items.len())];
    if none > 0 {
        told.push(format!("{none}項目には、示す資料がありません。"));
    }
    if undecided > 0 {
        let kept = if data.reach == Reach::Open { "その内容は載せていません。" } else { "" };
        told.push(format!("{undecided}項目には、秘密保持契約が要るかどうかを答えていない資料があります。{kept}"));
    }
    if data.document.draft {
        told.push("決まっていないことがあるため、「案」と記しています。".to_owned());
    }
    told.concat()
}
