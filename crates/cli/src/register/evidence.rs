//! `shirube evidence`: what records stand behind the answer to each control, how old they are, and what is overdue.

use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::ControlId;
use shirube_documents::deliverable::{RecordHead, evidence_document};
use shirube_safety::model::Date;
use shirube_safety::operation::register::{ControlEvidence, Gap, Records, Source, evidence};

use crate::args::{DiffFormat, EvidenceArgs};
use crate::day::day_or_today;
use crate::disk;
use crate::exit::{self, Failure};
use crate::{operations, table};

pub fn run(args: &EvidenceArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let read = disk::read(&args.dir)?;
    let records = operations::read(&args.dir)?;
    let mut all = evidence(&records, &read.folder.files.conformity, on.0);
    if let Some(typed) = &args.control {
        let control = control(typed, &records)?;
        all.retain(|one| one.control == control);
    }
    match &args.out {
        Some(out) => {
            let head = RecordHead::new(&read.folder.files, &operations::source(&args.dir, &read.source)?, on.0);
            super::write(evidence_document(&all, &head), out)?;
        }
        None => exit::print(&match args.format {
            DiffFormat::Table => words(&all, on),
            DiffFormat::Json => {
                exit::json(&json!({ "on": on, "controls": all.iter().map(|one| value(one, on)).collect::<Vec<_>>() }))
            }
        })?,
    }
    let has_gaps = all.iter().any(|one| !one.gaps().is_empty());
    Ok(if has_gaps { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

/// The control that somebody named; it must be one that a register is evidence for, kept or not.
fn control(typed: &str, records: &Records) -> Result<ControlId, Failure> {
    let unknown = || {
        Failure::input(format!(
            "--control の「{typed}」は、対策項目の番号ではありません。「1.5②-1」のように書いてください。"
        ))
    };
    let control: ControlId = typed.trim().parse().map_err(|_| unknown())?;
    let proves = |register: &shirube_catalog::Register| {
        let of_duties = register.duties.iter().flat_map(|duty| &duty.evidences);
        register.evidences.iter().map(|one| &one.control).chain(of_duties).any(|one| *one == control)
    };
    let registers: Vec<&shirube_catalog::Register> =
        records.registers.iter().filter(|register| proves(register)).collect();
    if registers.is_empty() {
        return Err(Failure::input(format!("対策項目{control}を裏付ける台帳はありません。")));
    }
    if registers.iter().all(|register| !records.is_kept(&register.id)) {
        let names: Vec<&str> = registers.iter().map(|register| register.title.as_str()).collect();
        eprintln!("対策項目{control}を裏付ける台帳（{}）を、まだつけていません。", names.join("、"));
    }
    Ok(control)
}

fn words(all: &[ControlEvidence], on: Date) -> String {
    let row = |one: &ControlEvidence| {
        let newest = one.newest();
        let gaps: Vec<&str> = one.gaps().iter().map(|gap| gap.term()).collect();
        vec![
            one.control.to_string(),
            one.answer.map_or("未回答", |answer| answer.term()).to_owned(),
            newest.map(|(day, _)| day.to_string()).unwrap_or_else(|| "記録なし".to_owned()),
            newest.map(|(day, _)| format!("{}日", (on.0 - day).num_days())).unwrap_or_default(),
            newest.map(|(_, strength)| strength.term().to_owned()).unwrap_or_default(),
            gaps.join("、"),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let mut text = match rows.is_empty() {
        true => "示す記録はありません。台帳は operations に置きます。\n".to_owned(),
        false => table::table(&["対策項目", "答え", "新しい記録", "古さ", "強さ", "確かめる点"], &rows),
    };
    for one in all.iter().filter(|one| !one.gaps().is_empty()) {
        text.push_str(&format!("\n{}\n", one.control));
        text.extend(reasons(one, on).iter().map(|reason| format!("  ・{reason}\n")));
    }
    let with_gaps = all.iter().filter(|one| !one.gaps().is_empty()).count();
    text.push_str(&format!("\n{on}の時点: 対策項目{}件、確かめる点のあるもの{with_gaps}件\n", all.len()));
    text
}

/// What stands against the answer, in sentences.
fn reasons(one: &ControlEvidence, on: Date) -> Vec<String> {
    let gaps = one.gaps();
    let mut reasons = Vec::new();
    for source in &one.sources {
        if let (true, Some(days)) = (source.is_old && gaps.contains(&Gap::Old), source.age_days(on.0)) {
            let fresh = source.fresh.map(|fresh| fresh.to_string()).unwrap_or_default();
            reasons.push(format!("{}: 最も新しい記録が{days}日前です（{fresh}より古い記録）。", source.title()));
        }
        if gaps.contains(&Gap::None) && source.newest.is_none() && source.fresh.is_some() {
            reasons.push(format!("{}: 実施していると答えていますが、記録がありません。", source.title()));
        }
    }
    let overdue = one.overdue.iter().filter_map(|due| Some((due.named(), due.day()?)));
    reasons.extend(overdue.map(|(named, day)| format!("{named}: {day}の期日を過ぎています。")));
    reasons
}

fn value(one: &ControlEvidence, on: Date) -> Value {
    let source = |source: &Source| {
        json!({
            "register": source.register.id,
            "duty": source.duty,
            "newest": source.newest.map(|(day, _)| day.to_string()),
            "age_days": source.age_days(on.0),
            "strength": source.newest.map(|(_, strength)| strength.token()),
            "fresh": source.fresh.map(|fresh| fresh.to_string()),
            "old": source.is_old,
        })
    };
    json!({
        "control": one.control.to_string(),
        "answer": one.answer,
        "newest": one.newest().map(|(day, _)| day.to_string()),
        "sources": one.sources.iter().map(source).collect::<Vec<_>>(),
        "overdue": one.overdue.iter().map(|due| json!({
            "register": due.register.id,
            "duty": due.duty.id,
            "entry": due.entry.map(|entry| &entry.id),
            "day": due.day().map(|day| day.to_string()),
        })).collect::<Vec<_>>(),
        "gaps": one.gaps().iter().map(|gap| gap.token()).collect::<Vec<_>>(),
        "told": reasons(one, on),
    })
}
