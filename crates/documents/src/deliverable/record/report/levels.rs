//! Service levels on paper: the tables of the evaluation, and charts of what stands in them.

use shirube_safety::operation::level::{
    Band, ClockState, Clocked, Evaluation, Figure as Reached, Month, Period, Terms,
};
use shirube_safety::operation::report::Levels;

use super::{RecordHead, set};
use crate::chart::{Bars, Chart, Limits};
use crate::content::{Block, Document};
use crate::deliverable::date::{printed_month, with_printed_dates};
use crate::level::{FIGURES, Head, figures, graded, minutes, place, tables};

/// Most events in one chart; the table holds all.
const MOST_BARS: usize = 12;

/// The service levels of a report.
pub(super) fn blocks(levels: &Levels, made: &RecordHead) -> Vec<Block> {
    let mut blocks =
        vec![Block::Paragraph(format!("稼働率の分母（サービス提供時間）から除く停止: {}", levels.reduced_by))];
    blocks.extend(evaluated(&levels.evaluation, made));
    blocks.extend(left(&levels.so_far, made));
    blocks.extend(charts(&levels.so_far, &levels.evaluation));
    blocks.extend(years(&levels.years, made));
    blocks
}

/// The evaluation as a paper of its own (サービスレベル実績書).
pub fn levels_document(head: &Head, terms: &Terms, evaluation: &Evaluation, made: &RecordHead) -> Document {
    let title = "サービスレベル実績書".to_owned();
    let mut document = made.paper("service-levels", title, false, !evaluation.is_remarked());
    let days = format!("{}から{}まで", made.day(evaluation.from.0), made.day(evaluation.to.0));
    let by = "稼働率の分母から除く停止".to_owned();
    let facts = [("対象", head.about().to_owned()), ("対象の期間", days), (&by, terms.reduced_by.term().to_owned())];
    document.summary.splice(0..0, facts.map(|(label, value)| (label.to_owned(), value)));
    if evaluation.is_remarked() {
        document.notices.push("確かめることが残っているため、「案」です。".to_owned());
    }
    document.blocks = evaluated(evaluation, made);
    document.blocks.extend(left(evaluation, made));
    document.blocks.extend(charts(evaluation, evaluation));
    document.blocks.extend(consequences(evaluation, made));
    document.blocks.extend(remarks(evaluation, made));
    document
}

/// The same figures, in the same words, as on the command line and the page.
fn evaluated(evaluation: &Evaluation, made: &RecordHead) -> Vec<Block> {
    let mut blocks: Vec<Block> = evaluation.periods.iter().flat_map(|one| period(one, made)).collect();
    for part in tables(evaluation) {
        let titles: Vec<(&str, bool)> = part.heading.iter().map(|title| (*title, is_length(title))).collect();
        blocks.push(Block::Table(set(part.title, &titles, &part.rows, made)));
    }
    blocks
}

fn is_length(title: &str) -> bool {
    ["長さ", "第一次対応まで", "約束", "適用まで", "未達成"].contains(&title)
}

fn period(period: &Period, made: &RecordHead) -> Vec<Block> {
    let part = if period.complete { "" } else { "（評価期間の一部）" };
    let title = format!("{}から{}まで{part}", made.day(period.from.0), made.day(period.to.0));
    let titles: Vec<(&str, bool)> =
        FIGURES.iter().enumerate().map(|(at, title)| (*title, (2..7).contains(&at))).collect();
    let mut rows = figures(period);
    rows.iter_mut().filter_map(|row| row.first_mut()).for_each(|month| *month = printed_month(month, made.dates));
    let mut blocks = vec![Block::Table(set(&title, &titles, &rows, made))];
    blocks.push(Block::List(period.graded.iter().map(graded).collect()));
    blocks
}

/// What may still be lost under the target, month by month and in the year so far.
fn left(so_far: &Evaluation, made: &RecordHead) -> Option<Block> {
    let row = |name: &str, figure: &Reached| {
        let allowed = figure.allowed_stop_minutes?;
        let rest = match allowed.checked_sub(figure.counted_stop_minutes) {
            Some(rest) => minutes(rest),
            None => format!("超過 {}", minutes(figure.counted_stop_minutes - allowed)),
        };
        let lengths = [minutes(allowed), minutes(figure.counted_stop_minutes), rest];
        Some([name.to_owned(), figure.band.term().to_owned()].into_iter().chain(lengths).collect::<Vec<String>>())
    };
    let of_period = |period: &Period| {
        let months = period.months.iter().flat_map(|month| month.bands.iter().map(|band| (month.month.clone(), band)));
        let whole = format!("{}から", made.day(period.from.0));
        let all = months.chain(period.bands.iter().map(|band| (whole.clone(), band)));
        all.filter_map(|(name, figure)| row(&printed_month(&name, made.dates), figure)).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = so_far.periods.iter().flat_map(of_period).collect();
    let titles = [("月", false), ("時間帯", false), ("止まれる時間", true), ("提供停止時間", true), ("残り", true)];
    (!rows.is_empty())
        .then(|| Block::Table(set("目標のもとで止まれる時間（評価期間の初めから）", &titles, &rows, made)))
}

/// Charts of the months of a year so far, and of the responses of the time itself.
fn charts(so_far: &Evaluation, evaluation: &Evaluation) -> Vec<Block> {
    let months: Vec<&Month> = so_far.periods.iter().flat_map(|period| &period.months).collect();
    let bands = [Band::Business, Band::Other, Band::Whole];
    let by_band = bands.into_iter().flat_map(|band| [availability(&months, band), allowance(&months, band)]);
    let all = by_band.chain([responses(&evaluation.responses)]);
    all.filter_map(|chart| chart.figure()).map(Block::Figure).collect()
}

fn of_band(month: &Month, band: Band) -> Option<&Reached> {
    month.bands.iter().find(|figure| figure.band == band)
}

fn percent(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// Availability against its target; the axis is cut where all of it lies near 100.
fn availability(months: &[&Month], band: Band) -> Chart {
    let value = |month: &&Month| {
        let text = of_band(month, band)?.availability?.percent();
        Some((percent(&text)?, format!("{text}%")))
    };
    let values: Vec<Option<(f64, String)>> = months.iter().map(value).collect();
    let limits: Vec<Option<f64>> =
        months.iter().map(|month| percent(&of_band(month, band)?.target.as_ref()?.0)).collect();
    let heights = values.iter().flatten().map(|(height, _)| *height);
    let lowest = heights.chain(limits.iter().flatten().copied()).fold(100.0, f64::min);
    Chart {
        title: format!("{}の月ごとの稼働率", band.term()),
        unit: "%",
        axis_from: start(lowest),
        groups: names(months),
        bars: vec![Bars { name: "稼働率".to_owned(), values }],
        limits: Some(Limits { name: "目標".to_owned(), values: limits }),
    }
}

/// A round percentage well below the lowest value.
fn start(lowest: f64) -> f64 {
    let steps = [(99.0, 10.0), (90.0, 1.0)];
    let near = steps.iter().find(|(from, _)| lowest > *from);
    near.map_or(0.0, |(_, unit)| ((lowest * unit).floor() - 1.0) / unit)
}

fn names(months: &[&Month]) -> Vec<String> {
    months.iter().map(|month| month.month.clone()).collect()
}

/// Lost minutes against what may be lost.
fn allowance(months: &[&Month], band: Band) -> Chart {
    let value = |month: &&Month| {
        let figure = of_band(month, band)?;
        figure.allowed_stop_minutes?;
        Some((figure.counted_stop_minutes as f64, minutes(figure.counted_stop_minutes)))
    };
    let limit = |month: &&Month| of_band(month, band)?.allowed_stop_minutes.map(|minutes| minutes as f64);
    Chart {
        title: format!("{}の提供停止時間と、目標のもとで止まれる時間", band.term()),
        unit: "分",
        axis_from: 0.0,
        groups: names(months),
        bars: vec![Bars { name: "提供停止時間".to_owned(), values: months.iter().map(value).collect() }],
        limits: Some(Limits { name: "止まれる時間".to_owned(), values: months.iter().map(limit).collect() }),
    }
}

/// The slowest responses against what was promised.
fn responses(clocks: &[Clocked]) -> Chart {
    let mut shown: Vec<&Clocked> = clocks.iter().filter(|clock| clock.state != ClockState::Excused).collect();
    shown.sort_by_key(|clock| std::cmp::Reverse(clock.taken_minutes));
    let more = if shown.len() > MOST_BARS { format!("（長い方から{MOST_BARS}件）") } else { String::new() };
    shown.truncate(MOST_BARS);
    let value = |clock: &&Clocked| Some((clock.taken_minutes as f64, minutes(clock.taken_minutes)));
    Chart {
        title: format!("障害対応時間{more}"),
        unit: "分",
        axis_from: 0.0,
        groups: shown.iter().map(|clock| clock.id.clone()).collect(),
        bars: vec![Bars { name: "第一次対応まで".to_owned(), values: shown.iter().map(value).collect() }],
        limits: Some(Limits {
            name: "約束".to_owned(),
            values: shown.iter().map(|clock| clock.limit_minutes.map(|limit| limit as f64)).collect(),
        }),
    }
}

/// Years of evaluation beside each other (SLA-034).
fn years(years: &[Period], made: &RecordHead) -> Vec<Block> {
    if years.len() < 2 {
        return Vec::new();
    }
    let row = |period: &Period| {
        let days = format!("{}から{}まで", made.day(period.from.0), made.day(period.to.0));
        let part = if period.complete { "" } else { "（一部）" };
        let reached = period.bands.iter().filter_map(|figure| {
            let reached = figure.availability?.percent();
            Some(format!("{} {reached}%", figure.band.term()))
        });
        let chosen = period.chosen().or(period.graded.first());
        let counts = chosen.map(|one| one.counts);
        let count = |of: fn(shirube_safety::operation::level::Counts) -> u32| {
            counts.map(|counts| of(counts).to_string()).unwrap_or_default()
        };
        let grade = chosen.and_then(|one| one.grade.clone()).unwrap_or_else(|| "評価なし".to_owned());
        let [stops, answers, updates] =
            [count(|one| one.availability), count(|one| one.responses), count(|one| one.updates)];
        vec![format!("{days}{part}"), reached.collect::<Vec<_>>().join("\n"), stops, answers, updates, grade]
    };
    let titles = [
        ("評価期間", false),
        ("稼働率", false),
        ("稼働率の未達成", true),
        ("応答の未達成", true),
        ("更新の未達成", true),
        ("評価", false),
    ];
    let rows: Vec<Vec<String>> = years.iter().map(row).collect();
    vec![Block::Table(set("評価期間ごとの推移", &titles, &rows, made))]
}

fn consequences(evaluation: &Evaluation, made: &RecordHead) -> Option<Block> {
    let row = |one: &shirube_safety::operation::level::Consequence| {
        let on = one.on.map(|on| on.to_string()).unwrap_or_default();
        vec![one.kind.term().to_owned(), on, one.text.clone(), one.because.clone()]
    };
    let rows: Vec<Vec<String>> = evaluation.consequences.iter().map(row).collect();
    let titles = [("区分", false), ("日", false), ("内容", false), ("根拠", false)];
    (!rows.is_empty()).then(|| Block::Table(set("未達成により生じること", &titles, &rows, made)))
}

fn remarks(evaluation: &Evaluation, made: &RecordHead) -> Vec<Block> {
    if evaluation.remarks.is_empty() {
        return Vec::new();
    }
    let told = evaluation.remarks.iter().map(|one| {
        let text = format!("［{}］{}{}{}", one.weight.term(), place(one), one.message, one.advice);
        with_printed_dates(&text, made.dates)
    });
    vec![Block::Heading { level: 1, text: "確かめること".to_owned() }, Block::List(told.collect())]
}
