//! `shirube sla import`: what monitors saw, into the records of outages (SLA-025).

use std::process::ExitCode;

use shirube_exchange::{Merged, Observed, merged, observed};
use shirube_safety::operation::level::OUTAGES;

use crate::args::SlaImportArgs;
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &SlaImportArgs) -> Result<ExitCode, Failure> {
    // The folder has to be one of a service, so that nothing is written beside it.
    disk::read(&args.into)?;
    let name = args.file.display().to_string();
    let told = |faults: Vec<shirube_exchange::Fault>| Failure::Input(faults.iter().map(ToString::to_string).collect());
    let observed = observed(&disk::file(&args.file)?, &name).map_err(told)?;
    let outages = disk::operations(&args.into)?.outages;
    let merged = merged(outages.as_deref(), &observed).map_err(told)?;
    exit::print(&text(&merged, args.write))?;
    if args.write && !(merged.added.is_empty() && merged.ended.is_empty()) {
        let heading: Vec<&str> = merged.heading.iter().map(String::as_str).collect();
        let mut batch = Batch::default();
        batch.add(args.into.join(OUTAGES), table::csv(&heading, &merged.rows).into_bytes());
        batch.write()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(merged: &Merged, is_written: bool) -> String {
    let row = |what: &str, one: &Observed| {
        let until = one.until.map_or("未了".to_owned(), |until| until.to_string());
        vec![what.to_owned(), one.id.clone(), one.part.clone(), one.from.to_string(), until]
    };
    let added = merged.added.iter().map(|one| row("加える", one));
    let rows: Vec<Vec<String>> = added.chain(merged.ended.iter().map(|one| row("終わりを書く", one))).collect();
    let mut text = String::new();
    if !rows.is_empty() {
        text.push_str(&table::table(&["すること", "番号", "部位", "開始", "終了"], &rows));
        text.push('\n');
    }
    text.push_str(&format!(
        "加える停止{}件、終わりを書く停止{}件、すでにある停止{}件\n",
        merged.added.len(),
        merged.ended.len(),
        merged.known
    ));
    if is_written && !rows.is_empty() {
        text.push_str(&format!("{OUTAGES} に書き込みました。範囲（全部停止か一部停止か）は、人が書いてください。\n"));
    } else if !rows.is_empty() {
        text.push_str("まだ書き込んでいません。書き込むには、--write を付けてください。\n");
    }
    text
}
