//! An evaluation in tables that a hospital can read.

use shirube_safety::operation::level::{
    ClockState, Clocked, Evaluation, ExcludedInterval, Figure, Graded, History, Month, Period, Remark, Stopped,
};
use shirube_safety::stated::AvailabilityUnit;

/// A table with its title.
#[derive(Debug, Clone)]
pub struct Table {
    pub title: &'static str,
    pub heading: &'static [&'static str],
    pub rows: Vec<Vec<String>>,
}

/// What was found one by one, without what is empty: stops, what is taken off them, responses, updates, earlier results.
pub fn tables(evaluation: &Evaluation) -> Vec<Table> {
    let all = [
        table("停止", &STOPS, evaluation.outages.iter().map(stop)),
        table("算定から除く時間", &EXCLUSIONS, evaluation.exclusions.iter().map(exclusion)),
        table("障害対応時間（通常業務時間で数えた分）", &RESPONSES, evaluation.responses.iter().map(response)),
        table("更新", &UPDATES, evaluation.updates.iter().map(update)),
        table("前の評価", &HISTORY, evaluation.history.iter().map(history)),
    ];
    all.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

fn table(title: &'static str, heading: &'static [&'static str], rows: impl Iterator<Item = Vec<String>>) -> Table {
    Table { title, heading, rows: rows.collect() }
}

/// Headings of [`figures`].
pub const FIGURES: [&str; 8] =
    ["月", "時間帯", "提供時間", "停止時間", "うち除外", "提供停止時間", "稼働率（目標）", "結果"];

/// A row for each month and band, and one for the whole of the period and band.
pub fn figures(period: &Period) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = period.months.iter().flat_map(month).collect();
    rows.extend(period.bands.iter().map(|band| figure("全体", band)));
    rows
}

fn month(month: &Month) -> Vec<Vec<String>> {
    month.bands.iter().map(|band| figure(&month.month, band)).collect()
}

fn figure(month: &str, figure: &Figure) -> Vec<String> {
    let target = figure.target.as_ref().map(|target| format!("（{}%）", target.0)).unwrap_or_default();
    vec![
        month.to_owned(),
        figure.band.term().to_owned(),
        minutes(figure.service_minutes),
        minutes(figure.stop_minutes),
        minutes(figure.excluded()),
        minutes(figure.counted_stop_minutes),
        figure.availability.map_or("－".to_owned(), |reached| format!("{}%{target}", reached.percent())),
        figure.state.term().to_owned(),
    ]
}

/// The misses of a period by one way of counting, with the grade.
pub fn graded(graded: &Graded) -> String {
    let way = match graded.unit {
        AvailabilityUnit::Month => "稼働率を月ごとに数えた",
        AvailabilityUnit::Year => "稼働率を期間の全体で数えた",
    };
    let chosen = if graded.chosen { "（SLAの数え方）" } else { "" };
    let grade = graded.grade.as_ref().map_or("評価なし".to_owned(), |grade| format!("評価{grade}"));
    let counts = graded.counts;
    format!(
        "{way}未達成{chosen}: {}件（稼働率{}件、障害対応時間{}件、更新{}件） {grade}",
        graded.unmet, counts.availability, counts.responses, counts.updates
    )
}

/// `1,234分`.
pub fn minutes(minutes: u64) -> String {
    let digits = minutes.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "分"
}

fn or_blank(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

const STOPS: [&str; 8] = ["番号", "開始", "終了", "長さ", "範囲", "停止に数えるか", "部位", "記録"];

fn stop(stop: &Stopped) -> Vec<String> {
    let end = if stop.open { "未了".to_owned() } else { stop.span.until.to_string() };
    let corrected = if stop.corrected.is_some() { "・訂正あり" } else { "" };
    vec![
        stop.id.clone(),
        stop.span.from.to_string(),
        end,
        minutes(stop.minutes),
        stop.extent.map_or("未記載", |extent| extent.term()).to_owned(),
        if stop.counts { "数える" } else { "数えない" }.to_owned(),
        or_blank(stop.part.as_ref()),
        format!("{}{corrected}", stop.source.term()),
    ]
}

const EXCLUSIONS: [&str; 7] = ["停止", "開始", "長さ", "区分", "事由", "除いたか", "確認"];

fn exclusion(one: &ExcludedInterval) -> Vec<String> {
    let confirmed =
        one.confirmed_on.map(|on| format!("{} {on}", or_blank(one.confirmed_by.as_ref())).trim().to_owned());
    let taken = one.why_not.map_or("除いた".to_owned(), |why| format!("除いていない（{why}）"));
    vec![
        one.outage.clone(),
        one.span.from.to_string(),
        minutes(one.minutes),
        one.class.term().to_owned(),
        one.item.to_owned(),
        taken,
        confirmed.unwrap_or_default(),
    ]
}

const RESPONSES: [&str; 5] = ["番号", "感知又は連絡", "第一次対応まで", "約束", "結果"];

fn response(clock: &Clocked) -> Vec<String> {
    let limit = clock.limit_minutes.map_or("定めなし".to_owned(), minutes);
    vec![clock.id.clone(), clock.start.to_string(), taken(clock, minutes), limit, result(clock)]
}

fn taken(clock: &Clocked, shown: fn(u64) -> String) -> String {
    match (clock.done, clock.state) {
        (Some(_), _) => shown(clock.taken_minutes),
        // Nobody waits for it.
        (None, ClockState::Excused) => "－".to_owned(),
        (None, _) => format!("未了（{}経過）", shown(clock.taken_minutes)),
    }
}

fn result(clock: &Clocked) -> String {
    let reason = clock.reason.as_ref().map(|reason| format!("（{reason}）")).unwrap_or_default();
    format!("{}{reason}", clock.state.term())
}

const UPDATES: [&str; 7] = ["番号", "種類", "対象", "公開", "適用まで", "約束", "結果"];

fn update(clock: &Clocked) -> Vec<String> {
    vec![
        clock.id.clone(),
        or_blank(clock.what.as_ref()),
        or_blank(clock.device.as_ref()),
        clock.start.to_string(),
        taken(clock, hours),
        clock.limit_minutes.map_or("定めなし".to_owned(), hours),
        result(clock),
    ]
}

/// `24時間`, `3時間20分`.
fn hours(all: u64) -> String {
    match (all / 60, all % 60) {
        (0, rest) => minutes(rest),
        (hours, 0) => format!("{hours}時間"),
        (hours, rest) => format!("{hours}時間{rest}分"),
    }
}

const HISTORY: [&str; 4] = ["期間", "未達成", "評価", "出どころ"];

fn history(one: &History) -> Vec<String> {
    vec![
        format!("{}から{}まで", one.from, one.to),
        format!("{}件", one.unmet),
        one.grade.clone().unwrap_or_default(),
        one.origin.term().to_owned(),
    ]
}

/// Where to look, with a colon; empty where it is no place.
pub fn place(remark: &Remark) -> String {
    let field = remark.pointer.as_deref().map(|pointer| pointer.trim_start_matches('/').replace('/', "."));
    match (remark.file, remark.row, field) {
        ("", ..) => String::new(),
        (file, Some(row), _) => format!("{file} {row}行目: "),
        (file, None, Some(field)) if !field.is_empty() => format!("{file}の「{field}」: "),
        (file, ..) => format!("{file}: "),
    }
}
