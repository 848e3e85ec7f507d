//! `shirube incident notice`: what each institution is told, from facts.

use std::process::ExitCode;

use shirube_documents::deliverable::notice_paper;
use shirube_documents::write::Format;
use shirube_safety::Service;
use shirube_safety::agreement::Others;
use shirube_safety::model::PartyKind;
use shirube_safety::operation::incident::{Stage, Worked, notice};
use shirube_safety::typed::folded;

use super::{Kept, around};
use crate::args::{IncidentNoticeArgs, StageName};
use crate::day::moment_or_now;
use crate::disk::Batch;
use crate::exit::{self, Failure};
use crate::report;

pub fn run(args: &IncidentNoticeArgs) -> Result<ExitCode, Failure> {
    let now = moment_or_now("--at", args.at.as_deref())?;
    let formats = report::chosen(&args.format, &[Format::Pdf, Format::Docx], |name| {
        name.parse::<Format>().map_err(|error| error.to_string())
    })?;
    let kept = Kept::read(&args.dir)?;
    let incident = kept.incident(&args.number)?;
    let files = &kept.read.folder.files;
    let service = Service::new(files);
    let around = around(&args.dir, service.files)?;
    let worked = Worked::of(incident, &service, &around, now);
    let names = asked(&worked, &args.institution)?;
    let head = kept.head(&args.dir, now.date())?;
    let stage = args.stage.map(|stage| match stage {
        StageName::First => Stage::First,
        StageName::Update => Stage::Update,
        StageName::Final => Stage::Final,
    });
    let mut batch = Batch::default();
    for name in &names {
        let others = around.customers.iter().map(String::as_str).filter(|other| other != name);
        let companies = files.service.parties.iter().filter(|party| party.kind != PartyKind::Institution);
        let mut stays: Vec<&str> = companies.map(|party| party.name.as_str()).collect();
        stays.extend([files.service.service.name.as_str(), name.as_str()]);
        let notice = notice(&worked, name, stage, &Others::new(others, &stays));
        if !notice.held_back().is_empty() {
            let fields = notice.held_back().join("」「");
            eprintln!("{name}へのお知らせの「{fields}」は、ほかの医療機関等の名前を含むため、載せていません。");
        }
        let folder = args.out.join(name.replace(['/', '\\'], "／"));
        for made in report::single(notice_paper(&notice, files, &head), &formats, false)? {
            batch.add(folder.join(made.name), made.bytes);
        }
    }
    for path in batch.write()? {
        exit::print(&format!("{}\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Whom the notices are for.
fn asked(worked: &Worked, typed: &str) -> Result<Vec<String>, Failure> {
    let concerned: Vec<String> = worked.affected.concerned().into_iter().map(str::to_owned).collect();
    if typed == "all" {
        return match concerned.is_empty() {
            true => Err(Failure::input(
                "影響の及ぶ医療機関等がありません。事故の記録に、影響する医療機関等を書いてください。",
            )),
            false => Ok(concerned),
        };
    }
    match concerned.iter().find(|name| folded(name) == folded(typed)) {
        Some(name) => Ok(vec![name.clone()]),
        None => Err(Failure::input(format!(
            "--institution の「{typed}」は、この事故の影響が及ぶ医療機関等にありません。あるのは、{}です。",
            concerned.join("、")
        ))),
    }
}
