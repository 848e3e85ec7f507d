//! サービスレベルマネジメント: what follows from a miss (別紙1 II 7.2). A right that has arisen is told, never exercised.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use super::availability::{Band, Reached};
use super::clock::{ClockState, Clocked};
use super::evaluate::{History, Month, Period};
use super::terms::{ReportDay, Terms};
use crate::calendar::end_of_month;
use crate::choice::choice;
use crate::model::Date;

choice! {
    /// 帰結の種類。
    ConsequenceKind {
        Duty = "duty", "すること";
        Right = "right", "できるようになったこと";
        Upcoming = "upcoming", "このままなら起こること";
    }
}

/// Something that follows, by a row of the table of 7.2.
#[derive(Debug, Clone, Serialize)]
pub struct Consequence {
    /// Number of the row.
    pub row: u8,
    pub kind: ConsequenceKind,
    /// Day by which it is to be done, or on which it arises.
    pub on: Option<Date>,
    pub text: String,
    /// What it rests on.
    pub because: String,
}

/// What the consequences are read from.
pub(super) struct Case<'a> {
    pub terms: &'a Terms,
    /// All months that are known, in order.
    pub months: &'a [&'a Month],
    pub clocks: &'a [&'a Clocked],
    pub periods: &'a [Period],
    pub history: &'a [History],
    pub shown_from: NaiveDate,
}

const RIGHT: &str = "医療機関等は、損害賠償を請求し、又は利用契約の解除を申し入れることができます（自動では起こりません。根拠を見て医療機関等が選びます）。";

/// Something that can be short month after month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Availability(Band),
    Response,
    Update(String),
}

impl Item {
    fn term(&self) -> String {
        match self {
            Self::Availability(band) => format!("{}の稼働率", band.term()),
            Self::Response => "障害対応時間".to_owned(),
            Self::Update(what) => format!("{what}の更新"),
        }
    }
}

/// A month, and for each item that was looked at in it why it is short, or that it is not.
type OfMonth = (NaiveDate, BTreeMap<Item, Option<String>>);

pub(super) fn consequences(case: &Case) -> Vec<Consequence> {
    let months = by_month(case);
    let mut found = shortfalls(case, &months);
    found.extend(unimproved(case, &months));
    found.extend(by_grade(case));
    found
}

fn by_month(case: &Case) -> Vec<OfMonth> {
    let mut months: BTreeMap<NaiveDate, BTreeMap<Item, Option<String>>> = BTreeMap::new();
    for month in case.months {
        let first = month.from.0.with_day(1).unwrap_or(month.from.0);
        let items = months.entry(first).or_default();
        for figure in &month.bands {
            let why = match (figure.state, figure.availability, &figure.target) {
                (Reached::Met, ..) => None,
                (Reached::Unmet, Some(reached), Some(target)) => {
                    Some(format!("{}%（目標{}%、停止{}分）", reached.percent(), target.0, figure.counted_stop_minutes))
                }
                _ => continue,
            };
            put(items, Item::Availability(figure.band), why);
        }
    }
    for (at, clock) in case.clocks.iter().enumerate() {
        let Some(decided) = clock.decided else { continue };
        let why = match clock.state {
            ClockState::Met => None,
            ClockState::Unmet => Some(format!("「{}」", clock.id)),
            _ => continue,
        };
        let day = decided.day();
        let Some(items) = months.get_mut(&day.with_day(1).unwrap_or(day)) else { continue };
        put(items, item(case, at), why);
    }
    months.into_iter().collect()
}

fn item(case: &Case, at: usize) -> Item {
    let clock = case.clocks[at];
    let is_update =
        case.terms.updates.iter().any(|term| Some(&term.what) == clock.what.as_ref()) && clock.device.is_some();
    if is_update { Item::Update(clock.what.clone().unwrap_or_default()) } else { Item::Response }
}

/// An item is short in a month if any of it is.
fn put(items: &mut BTreeMap<Item, Option<String>>, item: Item, why: Option<String>) {
    let known = items.entry(item).or_default();
    *known = match (known.take(), why) {
        (Some(before), Some(more)) => Some(format!("{before}、{more}")),
        (before, more) => before.or(more),
    };
}

/// Row 1: reason and way to improve, with the report of the month.
fn shortfalls(case: &Case, months: &[OfMonth]) -> Vec<Consequence> {
    let shown = months.iter().filter(|(month, _)| end_of_month(*month) >= case.shown_from);
    let of_month = |(month, items): &OfMonth| {
        let due = case.terms.monthly_by.and_then(|by| report_day(*month, by));
        let short = items.iter().filter_map(|(item, why)| Some((item, why.as_ref()?)));
        let one = |(item, why): (&Item, &String)| Consequence {
            row: 1,
            kind: ConsequenceKind::Duty,
            on: due.map(Date),
            text: format!(
                "対象事業者は、{}月の月次の報告で、{}が約束に達しなかった理由を報告し、改善策を示します。",
                month.month(),
                item.term()
            ),
            because: format!("{}年{}月の{} {why}", month.year(), month.month(), item.term()),
        };
        short.map(one).collect::<Vec<_>>()
    };
    shown.flat_map(of_month).collect()
}

fn report_day(month: NaiveDate, by: ReportDay) -> Option<NaiveDate> {
    let next = month.checked_add_months(Months::new(1))?;
    match by {
        ReportDay::Day(day) => next.with_day(day),
        ReportDay::Last => Some(end_of_month(next)),
    }
}

/// Row 2: short from the first report on, in no month reached again, for so many years.
fn unimproved(case: &Case, months: &[OfMonth]) -> Vec<Consequence> {
    let Some(years) = case.terms.unimproved_years else { return Vec::new() };
    let mut runs: BTreeMap<&Item, (NaiveDate, NaiveDate)> = BTreeMap::new();
    for (month, items) in months {
        for (item, why) in items {
            match why {
                Some(_) => runs.entry(item).or_insert((*month, *month)).1 = *month,
                // A month in which nothing was due neither ends a run nor goes on with it.
                None => {
                    runs.remove(item);
                }
            }
        }
    }
    let one = |(item, (first, last)): (&Item, (NaiveDate, NaiveDate))| {
        let reported = first.checked_add_months(Months::new(1))?;
        let arises = reported.checked_add_months(Months::new(years.checked_mul(12)?))?;
        let has_arisen = last.checked_add_months(Months::new(1))? >= arises;
        let (kind, text) = match has_arisen {
            true => (ConsequenceKind::Right, RIGHT.to_owned()),
            false => (ConsequenceKind::Upcoming, upcoming(years)),
        };
        Some(Consequence { row: 2, kind, on: Some(Date(arises)), text, because: short_since(item, first, last) })
    };
    runs.into_iter().filter_map(one).collect()
}

fn upcoming(years: u32) -> String {
    format!(
        "最初の報告から{years}年の間改善されなければ、医療機関等は、損害賠償の請求又は利用契約の解除の申入れができるようになります。"
    )
}

fn short_since(item: &Item, first: NaiveDate, last: NaiveDate) -> String {
    let month = |day: NaiveDate| format!("{}年{}月", day.year(), day.month());
    if first == last {
        return format!("{}は、{}に約束に達しませんでした。", item.term(), month(first));
    }
    format!("{}は、{}から{}まで、約束に達した月がありません。", item.term(), month(first), month(last))
}

/// Rows 3 and 4: what the grades of whole periods bring.
fn by_grade(case: &Case) -> Vec<Consequence> {
    let before = case.history.iter().map(|one| (one.from, one.to, one.grade.clone(), false));
    let shown = case.periods.iter().filter(|period| period.complete);
    let shown = shown.filter_map(|period| Some((period.from, period.to, period.chosen()?.grade.clone(), true)));
    let all: Vec<(Date, Date, Option<String>, bool)> = before.chain(shown).collect();
    let mut found = Vec::new();
    for (at, (from, to, grade, is_shown)) in all.iter().enumerate() {
        let follows = |earlier: &Date| earlier.0.succ_opt() == Some(from.0);
        let before = at.checked_sub(1).map(|at| &all[at]).filter(|(_, to, ..)| follows(to));
        let was_c = before.is_some_and(|(_, _, grade, _)| grade.as_deref() == Some("C"));
        let span = format!("{from}から{to}まで");
        let mut add = |row, kind, text: &str, because: String| {
            found.push(Consequence { row, kind, on: to.0.succ_opt().map(Date), text: text.to_owned(), because });
        };
        match grade.as_deref() {
            _ if !is_shown => {}
            Some(now @ ("C" | "D")) if was_c => {
                add(3, ConsequenceKind::Right, RIGHT, format!("前の評価がCで、{span}の評価も{now}です。"));
            }
            Some("C") => add(
                3,
                ConsequenceKind::Upcoming,
                "続く1回の評価で改善しなければ、医療機関等は、損害賠償の請求又は利用契約の解除の申入れができるようになります。",
                format!("{span}の評価がCです。{}", if before.is_none() { "その前の評価は分かりません。" } else { "" }),
            ),
            _ => {}
        }
        if *is_shown && grade.as_deref() == Some("D") {
            add(4, ConsequenceKind::Right, RIGHT, format!("{span}の評価がDです。"));
        }
    }
    found
}
