//! `shirube incident show`: one incident, for people, for programs, and on paper.

use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_documents::deliverable::incident_sheet;
use shirube_safety::Service;
use shirube_safety::operation::incident::{Clock, OrderStep, Worked};

use super::{Kept, around};
use crate::args::{DiffFormat, IncidentShowArgs};
use crate::day::moment_or_now;
use crate::exit::{self, Failure};
use crate::{register, table};

pub fn run(args: &IncidentShowArgs) -> Result<ExitCode, Failure> {
    let now = moment_or_now("--at", args.at.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let incident = kept.incident(&args.number)?;
    let service = Service::new(&kept.read.folder.files);
    let worked = Worked::of(incident, &service, &around(&args.dir, service.files)?, now);
    match &args.out {
        Some(out) => register::write(incident_sheet(&worked, &kept.head(&args.dir, now.date())?), out)?,
        None => exit::print(&match args.format {
            DiffFormat::Table => words(&worked),
            DiffFormat::Json => exit::json(&value(&worked)),
        })?,
    }
    Ok(if worked.is_overdue() { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

fn words(worked: &Worked) -> String {
    let incident = &worked.incident;
    let title = incident.text("title").unwrap_or_default();
    let mut text = format!(
        "{} {title}（{}、{}の時点）\n",
        incident.entry.id,
        incident.state(),
        worked.now.format("%Y-%m-%d %H:%M")
    );
    let steps: Vec<Vec<String>> =
        worked.order.iter().map(|step| vec![step.title.to_owned(), step.state.words()]).collect();
    if !steps.is_empty() {
        text.push_str(&format!("\n{}", table::table(&["することの順", "状況"], &steps)));
    }
    let clock = |clock: &Clock| {
        let due = clock.due.map_or("－".to_owned(), |due| due.to_string());
        vec![clock.rule.title.clone(), clock.whom().to_owned(), due, clock.state.words(), clock.counted.clone()]
    };
    let clocks: Vec<Vec<String>> = worked.clocks.iter().map(clock).collect();
    text.push_str(&format!("\n{}", table::table(&["期限", "相手", "いつまで", "状況", "数え方"], &clocks)));
    text.push_str(&reach(worked));
    let happened = worked
        .timeline
        .iter()
        .map(|one| vec![one.at.to_string(), one.what.clone(), one.by.clone().unwrap_or_default(), one.place.clone()]);
    let happened: Vec<Vec<String>> = happened.collect();
    text.push_str(&format!("\n{}", table::table(&["日時", "出来事と判断", "人", "記録"], &happened)));
    text.push_str(&review(worked));
    text
}

fn listed<'t>(names: impl Iterator<Item = &'t str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "－".to_owned() } else { names.join("、") }
}

fn reach(worked: &Worked) -> String {
    let affected = &worked.affected;
    let information = affected.information.iter().map(|one| one.name.as_str());
    let mut text = format!(
        "\n影響の及ぶもの（構成から求めた案）\n  情報流 {}件\n  機器・接続・搬送 {}\n  場所 {}\n  情報 {}\n  医療機関等 {}\n",
        affected.flows.len(),
        listed(affected.elements.iter().map(String::as_str)),
        listed(affected.sites.iter().map(String::as_str)),
        listed(information),
        listed(affected.institutions.iter().map(|one| one.name.as_str())),
    );
    for (label, names) in [
        ("案にあって、記録にない情報", affected.not_entered()),
        ("記録にあって、案にない情報", affected.not_reached()),
        ("system.yamlにない名前", affected.unknown.iter().map(String::as_str).collect()),
    ] {
        if !names.is_empty() {
            text.push_str(&format!("  {label} {}\n", names.join("、")));
        }
    }
    text
}

fn review(worked: &Worked) -> String {
    let touched = &worked.touched;
    let row = |risk: &shirube_safety::operation::incident::TouchedRisk| {
        let rank = risk.rank.map_or("未評価".to_owned(), |(rank, value)| format!("{rank}（{value}）"));
        vec![risk.number.clone(), rank, risk.threat.clone(), risk.text.clone()]
    };
    let rows: Vec<Vec<String>> = touched.risks.iter().map(row).collect();
    if rows.is_empty() {
        return "\n見直すリスクは、対象の機器か影響する情報を書くと並びます。\n".to_owned();
    }
    format!(
        "\n{}\n働きを確かめる対策項目: {}\n改めるときに合意し直す事項: {}件\n",
        table::table(&["見直すリスク", "レベル", "脅威", "内容"], &rows),
        listed(touched.controls.iter().map(String::as_str)),
        touched.again.len()
    )
}

/// What a list of incidents says of one.
pub fn summary(worked: &Worked) -> Value {
    let next = worked.next().filter(|_| worked.incident.is_open());
    json!({
        "number": worked.incident.entry.id,
        "title": worked.incident.text("title"),
        "state": worked.incident.entry.state,
        "open": worked.incident.is_open(),
        "overdue": worked.is_overdue(),
        "next": next.map(|step| step.id),
        "nearest": worked.nearest().map(clock),
    })
}

fn clock(clock: &Clock) -> Value {
    json!({
        "clock": clock.rule.id,
        "title": clock.rule.title,
        "whom": clock.whom(),
        "institution": clock.institution,
        "state": clock.state.token(),
        "says": clock.state.words(),
        "from": clock.start.map(|at| at.to_string()),
        "length": clock.length.map(|length| length.to_string()),
        "due": clock.due.map(|due| due.to_string()),
        "counted": clock.counted,
        "basis": clock.basis,
        "source": clock.rule.source,
        "certainty": clock.rule.certainty,
    })
}

fn step(step: &OrderStep) -> Value {
    json!({ "id": step.id, "title": step.title, "state": step.state.token(), "says": step.state.words(),
        "register": step.register })
}

fn value(worked: &Worked) -> Value {
    let affected = &worked.affected;
    let information = affected.information.iter().map(|one| {
        json!({ "name": one.name, "class": one.class, "importance": one.importance, "entered": one.entered,
            "proposed": one.proposed })
    });
    let institutions = affected.institutions.iter().map(|one| json!({ "name": one.name, "entered": one.entered }));
    let risks = worked.touched.risks.iter().map(|risk| {
        json!({ "id": risk.id, "number": risk.number, "threat": risk.threat, "text": risk.text,
            "rank": risk.rank.map(|(rank, _)| rank), "value": risk.rank.map(|(_, value)| value), "decided": risk.decided })
    });
    let happened = worked.timeline.iter().map(
        |one| json!({ "at": one.at.to_string(), "what": one.what, "by": one.by, "remark": one.remark, "place": one.place }),
    );
    json!({
        "incident": summary(worked),
        "at": worked.now.format("%Y-%m-%dT%H:%M").to_string(),
        "order": worked.order.iter().map(step).collect::<Vec<_>>(),
        "clocks": worked.clocks.iter().map(clock).collect::<Vec<_>>(),
        "affected": {
            "flows": affected.flows.len(),
            "elements": affected.elements,
            "sites": affected.sites,
            "layers": affected.layers,
            "information": information.collect::<Vec<_>>(),
            "institutions": institutions.collect::<Vec<_>>(),
            "unknown": affected.unknown,
        },
        "timeline": happened.collect::<Vec<_>>(),
        "review": {
            "risks": risks.collect::<Vec<_>>(),
            "controls": worked.touched.controls,
            "again": worked.touched.again,
        },
    })
}
