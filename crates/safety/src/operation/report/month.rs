//! The report of a month (OPS-064, SLA-018, 別紙1 II 6.5(1)①).

use chrono::{Datelike, NaiveDate};
use shirube_catalog::{ReportRhythm, ReportSource, report_rules};

use super::case::{Case, withheld};
use super::delivery::Ways;
use super::event::owed;
use super::sent::Sent;
use super::timing::{Timing, monthly_due};
use super::whose::Tie;
use super::{BLANK, Column, Content, Levels, Report, Section, Table, columns, texts};
use crate::calendar::end_of_month;
use crate::operation::level::{ConsequenceKind, Evaluation};
use crate::operation::register::Entry;

/// Kind of the report of a month in the register of reports.
pub const MONTHLY: &str = "月次報告";

/// The register of the number of entrusted items and of the use.
const FIGURES: &str = "usage-figures";

/// The report of the month that holds the day.
pub fn monthly(case: &Case, month: NaiveDate) -> Report {
    let from = month.with_day(1).unwrap_or(month);
    let to = end_of_month(from);
    let sent = Sent::of_time(case.records, case.whose, MONTHLY, from, to);
    let levels = case.levels(from, to, 0);
    let shortfall = levels.as_ref().map(|levels| Shortfall::of(case, &levels.evaluation, sent.as_ref(), from, to));
    let mut sections = vec![
        Section::new("受託情報の件数", vec![figures(case, from, &["受託情報の件数"])]),
        Section::new("利用の状況", vec![figures(case, from, &["アクセスの件数", "利用者の数", "利用時間（時間）"])]),
        Section::new("管理指標", vec![of_levels(levels)]),
    ];
    sections.extend(shortfall.as_ref().map(Shortfall::section));
    sections.push(Section::new("受託情報の取扱いの状況", handling(case, from, to)));
    sections.push(Section::new("発生の都度の報告", vec![events(case, from, to)]));
    sections.push(Section::new(
        "務めの実施の状況",
        vec![case.duties(from, to), Content::Duties(case.duty_months(from, to))],
    ));
    let due = case.levels.and_then(|(terms, _)| monthly_due(from, terms.monthly_by?));
    let mut findings: Vec<String> = shortfall.iter().filter_map(Shortfall::finding).collect();
    findings.extend(of_sections(&sections));
    finished(case, MONTHLY, (from, to), (sent, due), sections, findings)
}

/// A regular report with what follows from its entry in the register.
pub(super) fn finished(
    case: &Case,
    kind: &'static str,
    (from, to): (NaiveDate, NaiveDate),
    (sent, due): (Option<Sent>, Option<NaiveDate>),
    sections: Vec<Section>,
    mut findings: Vec<String>,
) -> Report {
    findings.extend(sent.iter().flat_map(|sent| sent.refused.clone()));
    let rhythm = if kind == MONTHLY { ReportRhythm::Monthly } else { ReportRhythm::Yearly };
    let items = report_rules().items.iter().filter(|item| item.report == rhythm);
    let items: Vec<String> = items.map(|item| item.option.clone()).collect();
    let sent_on = sent.as_ref().and_then(|sent| sent.sent_on);
    Report {
        kind,
        about: None,
        institution: case.whose.name.clone(),
        from,
        to,
        until: (case.last(to) < to).then(|| case.last(to)),
        timing: due.map(|due| Timing::new(due, sent_on, case.on)),
        ways: sent.as_ref().map_or_else(|| Ways::of(kind, &items, None), |sent| sent.ways),
        sent,
        sections,
        findings,
    }
}

/// Withheld texts of the tables.
pub(super) fn of_sections(sections: &[Section]) -> Vec<String> {
    let told = |section: &Section| {
        let tables = section.content.iter().filter_map(|content| match content {
            Content::Table(table) => withheld(&table.rows),
            _ => None,
        });
        tables.map(|told| format!("「{}」に、{told}", section.title)).collect::<Vec<_>>()
    };
    sections.iter().flat_map(told).collect()
}

pub(super) fn of_levels(levels: Option<Levels>) -> Content {
    match levels {
        Some(levels) => Content::Levels(Box::new(levels)),
        None => Content::Missing(
            "停止の記録（台帳 outages）がないため、稼働率と障害対応時間を計算していません。".to_owned(),
        ),
    }
}

/// The rows of the register of figures for the month.
fn figures(case: &Case, month: NaiveDate, wanted: &[&str]) -> Content {
    let Some(register) = case.records.register(FIGURES) else { return Content::Missing(String::new()) };
    let is_it = |entry: &&Entry| {
        let of_month = entry.day("month").is_some_and(|day| day.with_day(1) == Some(month));
        of_month && case.whose.tie(register, entry) == Tie::Own && wanted.contains(&entry.text("figure").as_str())
    };
    let entries: Vec<&Entry> = case.records.entries(FIGURES).iter().filter(is_it).collect();
    if entries.is_empty() {
        let told = format!("この月の{}の記録が、「{}」にありません。", wanted.join("、"), register.title);
        return Content::Missing(told);
    }
    let row = |entry: &&Entry| {
        let breakdown = entry.text("breakdown");
        let breakdown = if breakdown.is_empty() { "全体".to_owned() } else { case.whose.shown(&breakdown) };
        let state = register.state(&entry.state).map_or(String::new(), |state| state.title.clone());
        let way = case.whose.shown(&entry.text("way"));
        vec![entry.text("figure"), breakdown, grouped(&entry.text("count")), way, state]
    };
    let columns = columns(&[("数えたもの", false), ("内訳", false), ("数", true), ("数え方", false), ("状態", false)]);
    Content::Table(Table { title: wanted.join("・"), columns, rows: entries.iter().map(row).collect() })
}

/// `12,345`; what is no whole number stays.
fn grouped(number: &str) -> String {
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let digits = number.as_bytes().rchunks(3).rev().map(|part| String::from_utf8_lossy(part).into_owned());
    digits.collect::<Vec<_>>().join(",")
}

/// Whether the month fell short, and what somebody wrote about it.
struct Shortfall {
    unmet: Vec<String>,
    written: Option<String>,
}

impl Shortfall {
    fn of(case: &Case, evaluation: &Evaluation, sent: Option<&Sent>, from: NaiveDate, to: NaiveDate) -> Self {
        let short = evaluation.consequences.iter().filter(|one| one.row == 1 && one.kind == ConsequenceKind::Duty);
        let written = sent.and_then(|sent| sent.shortfall.clone());
        Self {
            unmet: short.map(|one| one.because.clone()).collect(),
            written: written.or_else(|| reviewed(case, from, to)),
        }
    }

    fn section(&self) -> Section {
        let content = match (self.unmet.is_empty(), &self.written) {
            (true, _) => vec![Content::Text("計算した範囲に、達しなかった項目はありません。".to_owned())],
            (false, written) => {
                let rows = self.unmet.iter().map(|one| vec![one.clone()]).collect();
                let columns = texts(&["達しなかった項目"]);
                let written = match written {
                    Some(written) => Content::Text(format!("理由と改善策: {written}")),
                    None => Content::Missing("理由と改善策が、まだ書かれていません。".to_owned()),
                };
                vec![Content::Table(Table { title: "達しなかった項目".to_owned(), columns, rows }), written]
            }
        };
        Section::new("未達成の理由と改善策", content)
    }

    fn finding(&self) -> Option<String> {
        let is_missing = !self.unmet.is_empty() && self.written.as_ref().is_none_or(|text| text == super::WITHHELD);
        is_missing.then(|| {
            "達しなかった項目がありますが、理由と改善策が書かれていません。台帳 reports-sent のこの月の月次報告の「達しなかった項目の理由と改善策」か、service-level-reviews の「話し合った内容」と「改善すること」に書いてください。".to_owned()
        })
    }
}

/// What both sides said about the time, if they reviewed it.
fn reviewed(case: &Case, from: NaiveDate, to: NaiveDate) -> Option<String> {
    const REVIEWS: &str = "service-level-reviews";
    let register = case.records.register(REVIEWS)?;
    let covers = |entry: &&Entry| {
        let starts = entry.day("from_on").is_some_and(|day| day <= from);
        let ends = entry.day("until_on").is_some_and(|day| to <= day);
        starts && ends && case.whose.tie(register, entry) == Tie::Own
    };
    let found = case.records.entries(REVIEWS).iter().filter(covers).find_map(|entry| {
        let (discussed, improvement) = (entry.text("discussion"), entry.text("improvement"));
        (!discussed.is_empty() && !improvement.is_empty()).then(|| format!("{discussed}\n{improvement}"))
    });
    found.map(|text| case.whose.shown(&text))
}

/// What was done with entrusted information (SLA 6.2(1)).
fn handling(case: &Case, from: NaiveDate, to: NaiveDate) -> Vec<Content> {
    let rules = &report_rules().handling;
    let count = |source: &ReportSource| -> Vec<String> {
        let title = case.records.register(&source.register).map_or("", |register| &register.title);
        let count = match case.records.is_kept(&source.register) {
            true => case.entries(source, from, to).len().to_string(),
            false => BLANK.to_owned(),
        };
        vec![title.to_owned(), count, undated(case, source)]
    };
    let columns = columns(&[("台帳", false), ("この月の件数", true), ("日時の書かれていない記録", true)]);
    let title = "取扱いの記録の件数".to_owned();
    let mut content = vec![Content::Table(Table { title, columns, rows: rules.iter().map(count).collect() })];
    content.extend(rules.iter().filter_map(|source| listed(case, source, from, to)));
    content
}

/// Entries of the institution that nobody can place in time, unless they are over.
fn undated(case: &Case, source: &ReportSource) -> String {
    let (Some(register), true) = (case.records.register(&source.register), case.records.is_kept(&source.register))
    else {
        return BLANK.to_owned();
    };
    let is_open = |entry: &&Entry| register.state(&entry.state).is_some_and(|state| !state.closed);
    let is_it = |entry: &&Entry| {
        super::case::day(source, entry).is_none() && is_open(entry) && case.tie(source, register, entry).is_some()
    };
    case.records.entries(&source.register).iter().filter(is_it).count().to_string()
}

fn listed(case: &Case, source: &ReportSource, from: NaiveDate, to: NaiveDate) -> Option<Content> {
    let register = case.records.register(&source.register)?;
    let found = case.entries(source, from, to);
    if found.is_empty() {
        return None;
    }
    let is_shared = found.iter().any(|(.., tie)| *tie == Tie::Shared);
    let fields: Vec<_> = source.fields.iter().filter_map(|id| register.field(id)).collect();
    let titles = ["日", "番号"].into_iter().chain(fields.iter().map(|field| field.title.as_str()));
    let row = |(day, entry, tie): &(NaiveDate, &Entry, Tie)| {
        let shared = if *tie == Tie::Shared { "※" } else { "" };
        let start = [day.to_string(), format!("{}{shared}", case.number(entry))];
        start.into_iter().chain(fields.iter().map(|field| case.shown(field, entry))).collect()
    };
    let note =
        if is_shared { "（※は、ほかの医療機関等の分を含むことがある記録）" } else { "" };
    Some(Content::Table(Table {
        title: format!("{}{note}", register.title),
        columns: titles.map(Column::of_text).collect(),
        rows: found.iter().map(row).collect(),
    }))
}

/// Events of the month with how far their reports have come (OPS-066).
fn events(case: &Case, from: NaiveDate, to: NaiveDate) -> Content {
    let owed = owed(case, from, to);
    if owed.is_empty() {
        return Content::Text("この月の、発生の都度に報告する事柄は、台帳にありません。".to_owned());
    }
    let row = |one: &super::Owed| vec![one.on.to_string(), one.kind.to_owned(), one.number.clone(), one.state()];
    let columns = texts(&["日", "報告の種類", "記録の番号", "報告の状態"]);
    Content::Table(Table {
        title: "発生の都度の報告".to_owned(), columns, rows: owed.iter().map(row).collect()
    })
}
