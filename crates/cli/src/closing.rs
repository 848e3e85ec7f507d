//! `shirube report --closing`: the closing pack of each institution whose contract ends, with an index of what is in it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sha2::{Digest, Sha256};
use shirube_documents::deliverable::closing_papers;
use shirube_documents::write::Format;
use shirube_folder::OfInstitution;
use shirube_safety::Service;
use shirube_safety::agreement::Baseline;

use crate::agreement;
use crate::args::ReportArgs;
use crate::disk::{self, Batch, ReadFolder};
use crate::exit::{self, Failure};
use crate::report::{self, Made};

/// What the index is called.
const INDEX: &str = "一覧.txt";
const HEAD: &str = "契約終了の文書の一覧\r\n\r\n符号（SHA-256）は、受け取ったファイルが作られたときのままかを確かめるためのものです。\r\n\r\n";

pub fn run(args: &ReportArgs, packs: &[(&Path, PathBuf)]) -> Result<ExitCode, Failure> {
    let usual = [Format::Pdf, Format::Docx];
    let formats = report::chosen(&args.format, &usual, |name| match name {
        "csv" | "oscal" => Err(format!("契約終了の文書（--closing）は、{name}では作れません")),
        name => name.parse::<Format>().map_err(|error| error.to_string()),
    })?;
    for (dir, out) in packs {
        for path in pack(dir, out, &args.institution, &formats)? {
            exit::print(&format!("{}\n", path.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The packs of one service; every institution that cannot have one is told at once, before anything is made.
fn pack(dir: &Path, out: &Path, names: &[String], formats: &[Format]) -> Result<Vec<PathBuf>, Failure> {
    let read = disk::read(dir)?;
    let files = ending(dir, names)?;
    let service = Service::new(&read.folder.files);
    let baseline = Baseline::new(&service);
    let mut batch = Batch::default();
    for (name, file) in &files {
        let laid = baseline.lay(&file.file);
        let papers = closing_papers(&laid.service(), &file.file, &source(&read, file)).to_vec();
        let made = papers.into_iter().map(|paper| report::single(paper, formats, false));
        let made: Vec<Made> = made.collect::<Result<Vec<_>, Failure>>()?.into_iter().flatten().collect();
        batch.add(out.join(name).join(INDEX), index(&made, &file.file.institution.name).into_bytes());
        for one in made {
            batch.add(out.join(name).join(one.name), one.bytes);
        }
    }
    batch.write()
}

/// The institutions that were asked for, each with a day on which its contract ends. `all` stands for those that have one.
fn ending(dir: &Path, names: &[String]) -> Result<Vec<(String, OfInstitution)>, Failure> {
    let files = agreement::asked_for(dir, names)?;
    let all = names.iter().any(|name| name == "all");
    let (ending, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(_, file)| file.file.contract.ends_on.is_some());
    let named: Vec<String> = others
        .iter()
        .filter(|(name, _)| names.contains(name))
        .map(|(name, file)| {
            format!(
                "「{}」（{}）に契約の終わる日がありません。契約終了の文書は、contractのends_onに終わる日を書いてから作れます。",
                agreement::path(name),
                file.file.institution.name
            )
        })
        .collect();
    match (named.is_empty(), ending.is_empty() && all) {
        (false, _) => Err(Failure::Input(named)),
        (true, true) => Err(Failure::input("契約の終わる日（contractのends_on）が書かれた医療機関等がありません。")),
        (true, false) => Ok(ending),
    }
}

/// What is settled and done for the end is part of what the papers are made of.
fn source(read: &ReadFolder, file: &OfInstitution) -> String {
    disk::laid_source(&read.source, &file.file.closing_text())
}

fn index(made: &[Made], institution: &str) -> String {
    let line = |one: &Made| {
        let digest: String = Sha256::digest(&one.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}\t{}\t{}バイト\tSHA-256 {digest}\r\n", one.name, one.title, one.bytes.len())
    };
    let lines: String = made.iter().map(line).collect();
    format!("\u{feff}{institution} 御中\r\n{HEAD}{lines}")
}
