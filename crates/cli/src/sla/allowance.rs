//! `shirube sla allowance`: how long the service may stand still without missing its targets (SLA-040).

use std::process::ExitCode;

use chrono::Datelike;
use serde_json::json;
use shirube_safety::calendar::years;
use shirube_safety::operation::level::{Allowance, allowances};

use crate::args::{ListFormat, SlaAllowanceArgs};
use crate::day::day_or_today;
use crate::disk;
use crate::exit::{self, Failure};
use crate::table;
use shirube_documents::level::minutes;

pub fn run(args: &SlaAllowanceArgs) -> Result<ExitCode, Failure> {
    let from = day_or_today("--from", args.from.as_deref())?.0;
    if !years().contains(&from.year()) || !years().contains(&(from.year() + 1)) {
        return Err(Failure::input(format!(
            "祝日を計算できるのは、{}年から{}年までです。--from を、その間の日にしてください。",
            years().start(),
            years().end()
        )));
    }
    let first = from.with_day(1).unwrap_or(from);
    let read = disk::read(&args.dir)?;
    let own = super::institution(&args.dir, args.institution.as_deref())?;
    let terms = super::terms(&read, own.as_ref())?;
    let all = allowances(&terms, first);
    if all.is_empty() {
        return Err(Failure::input(
            "sla.yaml の availability に、稼働率の目標値がありません。時間帯ごとに書いてください。",
        ));
    }
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    exit::print(&match args.format {
        ListFormat::Table => {
            let start =
                format!("{}年{}月からの12か月（合意された停止は引いていません）\n", first.year(), first.month());
            start + &table::table(&HEADING, &rows) + &warnings(&all)
        }
        ListFormat::Csv => table::csv(&HEADING, &rows),
        ListFormat::Json => exit::json(&json!({ "from": first.to_string(), "allowances": all })),
    })?;
    Ok(ExitCode::SUCCESS)
}

const HEADING: [&str; 7] =
    ["時間帯", "目標", "1年の時間", "1年に止まれる時間", "最も短い月", "その月の時間", "その月に止まれる時間"];

fn row(one: &Allowance) -> Vec<String> {
    vec![
        one.band.term().to_owned(),
        format!("{}%", one.target.0),
        minutes(one.year_minutes),
        minutes(one.year_allowed),
        one.month.clone(),
        minutes(one.month_minutes),
        minutes(one.month_allowed),
    ]
}

/// The guideline's example counts on recovery within about half a day.
fn warnings(all: &[Allowance]) -> String {
    let warning = |one: &Allowance| {
        let what = match (one.half_day_breaks_year, one.half_day_breaks_month) {
            (true, _) => "1年の目標",
            (false, true) => "月の目標",
            (false, false) => return None,
        };
        let (band, target) = (one.band.term(), &one.target.0);
        Some(format!(
            "  {band}の{target}%は、半日の停止が1回あると、{what}に達しません。復旧にかかる時間を見込んで、守れる目標かを確かめてください。\n"
        ))
    };
    let warnings: String = all.iter().filter_map(warning).collect();
    if warnings.is_empty() { warnings } else { format!("\n確かめること\n{warnings}") }
}
