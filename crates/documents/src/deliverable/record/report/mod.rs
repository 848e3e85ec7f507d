//! 月次報告書, 年次報告書 and 都度の報告: a report to one institution on paper (OPS-064 to OPS-067).

mod levels;

pub use levels::levels_document;
use shirube_safety::operation::report::{BLANK, Content, DutyMonth, Report, Section, Table as Written};

use super::RecordHead;
use crate::chart::{Bars, Chart};
use crate::content::{Align, Block, Cell, Column, Document, Mark, Status, Table};
use crate::deliverable::common::head;
use crate::deliverable::date::{printed_month, with_printed_dates};

/// The document. It is a draft until somebody approved it in the register of reports.
pub fn report_document(report: &Report, made: &RecordHead) -> Document {
    let approved = report.sent.as_ref().is_some_and(|sent| sent.approved);
    let is_whole = approved && report.findings.is_empty();
    let mut document = made.paper(name(report), title(report, made), false, is_whole);
    document.summary.splice(0..0, summary(report, made));
    document.notices = notices(report);
    document.meta.status = if is_whole { Status::Issued } else { Status::Draft };
    document.blocks = report.sections.iter().enumerate().flat_map(|(at, one)| section(at, one, made)).collect();
    document
}

fn name(report: &Report) -> &'static str {
    match report.kind {
        "月次報告" => "monthly-report",
        "年次報告" => "yearly-report",
        _ => "event-report",
    }
}

fn title(report: &Report, made: &RecordHead) -> String {
    let month = report.from.format("%Y-%m").to_string();
    match report.kind {
        "月次報告" => format!("月次報告書（{}）", printed_month(&month, made.dates)),
        "年次報告" => format!("年次報告書（{}から1年）", printed_month(&month, made.dates)),
        "その他" => "発生した事柄の報告".to_owned(),
        kind => format!("{kind}の報告"),
    }
}

fn summary(report: &Report, made: &RecordHead) -> Vec<(String, String)> {
    let mut summary = vec![("宛先".to_owned(), format!("{} 御中", report.institution))];
    summary.extend(report.about.iter().map(|about| ("対象の記録".to_owned(), about.clone())));
    let days = match report.from == report.to {
        true => made.day(report.from),
        false => format!("{}から{}まで", made.day(report.from), made.day(report.to)),
    };
    let until = report.until.map(|until| format!("（{}までの記録による）", made.day(until))).unwrap_or_default();
    summary.push(("対象の期間".to_owned(), format!("{days}{until}")));
    let state = match &report.sent {
        Some(sent) => format!("{}（報告番号 {}）", sent.state, sent.number),
        None => "案（台帳に報告の記録がありません）".to_owned(),
    };
    summary.push(("状態".to_owned(), state));
    summary.push(("届けてよい方法".to_owned(), ways(report)));
    if let Some(timing) = report.timing {
        summary.push(("報告の期日".to_owned(), format!("{}（{}）", made.day(timing.due), timing.state())));
    }
    summary
}

fn ways(report: &Report) -> String {
    let options = report.ways.options().join("、");
    match report.sent.as_ref().and_then(|sent| sent.personal_data) {
        Some(true) => format!("{options}（個人情報を含みます）"),
        Some(false) => options,
        None => format!("{options}（個人情報を含むときは、書面又は暗号化した電子メールに限ります）"),
    }
}

fn notices(report: &Report) -> Vec<String> {
    let mut notices = Vec::new();
    if !report.sent.as_ref().is_some_and(|sent| sent.approved) {
        notices.push("台帳で承認されていないため、「案」です。承認してから届けます。".to_owned());
    }
    notices.extend(report.findings.iter().map(|finding| format!("届ける前に直すこと: {finding}")));
    notices.push(format!("{BLANK}は、記録がないことを示します。行っていないことを意味するとは限りません。"));
    notices
}

fn section(at: usize, section: &Section, made: &RecordHead) -> Vec<Block> {
    let mut blocks = vec![Block::Heading { level: 1, text: format!("{}　{}", at + 1, section.title) }];
    for content in &section.content {
        match content {
            Content::Text(text) => blocks.push(Block::Paragraph(with_printed_dates(text, made.dates))),
            Content::Missing(why) => blocks.push(Block::Paragraph(format!("{BLANK}　{why}"))),
            Content::Table(table) => blocks.push(Block::Table(written(table, made))),
            Content::Levels(found) => blocks.extend(levels::blocks(found, made)),
            Content::Duties(months) => blocks.extend(duties(months, made)),
        }
    }
    blocks
}

fn written(table: &Written, made: &RecordHead) -> Table {
    let titles: Vec<(&str, bool)> =
        table.columns.iter().map(|column| (column.title.as_str(), column.is_number)).collect();
    set(&table.title, &titles, &table.rows, made)
}

/// A table: numbers at the right, columns as wide as what they hold.
fn set(title: &str, titles: &[(&str, bool)], rows: &[Vec<String>], made: &RecordHead) -> Table {
    let column = |(at, (title, is_number)): (usize, &(&str, bool))| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(String::as_str).chain([*title]);
        let longest = cells.map(|text| with_printed_dates(text, made.dates).lines().map(room).max().unwrap_or(0)).max();
        let width = longest.unwrap_or(0).clamp(7, 36);
        Column { width: width as f64, align: if *is_number { Align::Right } else { Align::Left } }
    };
    let names: Vec<&str> = titles.iter().map(|(title, _)| *title).collect();
    Table {
        caption: title.to_owned(),
        columns: titles.iter().enumerate().map(column).collect(),
        head: head(&names),
        rows: rows.iter().map(|row| row.iter().map(|text| cell(text, made)).collect()).collect(),
    }
}

/// Room that a line takes: a letter of Japanese has the width of two digits.
fn room(line: &str) -> usize {
    line.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

fn cell(text: &str, made: &RecordHead) -> Cell {
    let mark = if text == BLANK { Mark::Unanswered } else { Mark::None };
    Cell::new(with_printed_dates(text, made.dates)).mark(mark)
}

/// What was done and overdue by month: the table, and the chart of it where there is more than one month.
fn duties(months: &[DutyMonth], made: &RecordHead) -> Vec<Block> {
    const TITLE: &str = "月ごとの務め（期日を過ぎたものは、月末に、今の記録による）";
    let row =
        |one: &DutyMonth| vec![printed_month(&one.month, made.dates), one.done.to_string(), one.overdue.to_string()];
    let rows: Vec<Vec<String>> = months.iter().map(row).collect();
    let titles = [("月", false), ("行った回数", true), ("期日を過ぎたもの", true)];
    let mut blocks = vec![Block::Table(set(TITLE, &titles, &rows, made))];
    let bars = |name: &str, count: fn(&DutyMonth) -> usize| Bars {
        name: name.to_owned(),
        values: months.iter().map(|one| Some((count(one) as f64, count(one).to_string()))).collect(),
    };
    let chart = Chart {
        title: "月ごとの務め".to_owned(),
        unit: "件",
        axis_from: 0.0,
        groups: months.iter().map(|one| one.month.clone()).collect(),
        bars: vec![bars("行った回数", |one| one.done), bars("期日を過ぎたもの", |one| one.overdue)],
        limits: None,
    };
    if months.len() > 1 {
        blocks.extend(chart.figure().map(Block::Figure));
    }
    blocks
}
