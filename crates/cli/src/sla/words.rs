//! An evaluation in words and tables that a hospital can read.

use shirube_safety::operation::level::{
    ClockState, Clocked, Evaluation, ExcludedInterval, Figure, Graded, History, Month, Period, Remark, Stopped, Terms,
};
use shirube_safety::stated::AvailabilityUnit;

use crate::table::table;

/// Whom it is about.
pub struct Head<'h> {
    pub service: &'h str,
    pub institution: Option<&'h str>,
}

pub fn text(head: &Head, terms: &Terms, evaluation: &Evaluation) -> String {
    let about = head
        .institution
        .map_or_else(|| "サービスの全体（どの医療機関等に影響した停止も数えます）".to_owned(), str::to_owned);
    let mut text = format!("{}のサービスレベル\n", head.service);
    text.push_str(&format!("対象: {about}\n期間: {}から{}まで\n", evaluation.from, evaluation.to));
    text.push_str(&format!("稼働率の分母（サービス提供時間）から除く停止: {}\n", terms.reduced_by.term()));
    text.extend(evaluation.periods.iter().map(period));
    text.push_str(&part("停止", &STOPS, evaluation.outages.iter().map(stop)));
    text.push_str(&part("算定から除く時間", &EXCLUSIONS, evaluation.exclusions.iter().map(exclusion)));
    text.push_str(&part(
        "障害対応時間（通常業務時間で数えた分）",
        &RESPONSES,
        evaluation.responses.iter().map(response),
    ));
    text.push_str(&part("更新", &UPDATES, evaluation.updates.iter().map(update)));
    text.push_str(&part("前の評価", &HISTORY, evaluation.history.iter().map(history)));
    text.push_str(&consequences(evaluation));
    text.push_str(&remark_lines(&evaluation.remarks));
    text
}

const FIGURES: [&str; 8] =
    ["月", "時間帯", "提供時間", "停止時間", "うち除外", "提供停止時間", "稼働率（目標）", "結果"];

fn period(period: &Period) -> String {
    let unfinished = if period.complete {
        ""
    } else {
        "（評価期間の一部です。件数と評価は、この期間だけのものです）"
    };
    let mut rows: Vec<Vec<String>> = period.months.iter().flat_map(month).collect();
    rows.extend(period.bands.iter().map(|band| figure("全体", band)));
    let mut text = format!("\n■ {}から{}まで{unfinished}\n", period.from, period.to);
    text.push_str(&table(&FIGURES, &rows));
    text.extend(period.graded.iter().map(graded));
    if period.chosen().is_none() {
        text.push_str("  どちらで数えるかが sla.yaml に書かれていないため、両方を示します。\n");
    }
    text
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

fn graded(graded: &Graded) -> String {
    let way = match graded.unit {
        AvailabilityUnit::Month => "稼働率を月ごとに数えた",
        AvailabilityUnit::Year => "稼働率を期間の全体で数えた",
    };
    let chosen = if graded.chosen { "（SLAの数え方）" } else { "" };
    let grade = graded.grade.as_ref().map_or("評価なし".to_owned(), |grade| format!("評価{grade}"));
    let counts = graded.counts;
    format!(
        "  {way}未達成{chosen}: {}件（稼働率{}件、障害対応時間{}件、更新{}件） {grade}\n",
        graded.unmet, counts.availability, counts.responses, counts.updates
    )
}

/// `1,234分`.
pub fn minutes(minutes: u64) -> String {
    let digits = minutes.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + "分"
}

fn part(title: &str, heading: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() { String::new() } else { format!("\n■ {title}\n{}", table(heading, &rows)) }
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
    let confirmed = one.confirmed_on.map(|on| format!("{} {on}", or_blank(one.confirmed_by.as_ref())));
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

fn consequences(evaluation: &Evaluation) -> String {
    if evaluation.consequences.is_empty() {
        return String::new();
    }
    let mut text = "\n■ 未達成により生じること（サービスレベルマネジメント）\n".to_owned();
    for one in &evaluation.consequences {
        let on = one.on.map(|on| format!(" {on}")).unwrap_or_default();
        text.push_str(&format!("  [{}{on}] {}\n      {}\n", one.kind.term(), one.text, one.because));
    }
    text
}

pub fn remark_lines(remarks: &[Remark]) -> String {
    if remarks.is_empty() {
        return String::new();
    }
    let mut text = "\n■ 確かめること\n".to_owned();
    for remark in remarks {
        let place = place(remark);
        text.push_str(&format!("  [{}] {place}{}\n      {}\n", remark.weight.term(), remark.message, remark.advice));
    }
    text
}

fn place(remark: &Remark) -> String {
    let field = remark.pointer.as_deref().map(|pointer| pointer.trim_start_matches('/').replace('/', "."));
    match (remark.file, remark.row, field) {
        ("", ..) => String::new(),
        (file, Some(row), _) => format!("{file} {row}行目: "),
        (file, None, Some(field)) if !field.is_empty() => format!("{file}の「{field}」: "),
        (file, ..) => format!("{file}: "),
    }
}

/// Headings of the CSV.
pub const CSV: [&str; 15] = [
    "評価期間の始まり",
    "評価期間の終わり",
    "月",
    "時間帯",
    "サービス提供時間（分）",
    "サービス停止時間（分）",
    "事前に合意された事由（分）",
    "制御できない事由（分）",
    "甲の責任に帰する事由（分）",
    "その他（分）",
    "サービス提供停止時間（分）",
    "止まれる時間（分）",
    "稼働率（%）",
    "目標（%）",
    "結果",
];

/// A row for each month and band, and one for the whole of each period and band.
pub fn csv_rows(evaluation: &Evaluation) -> Vec<Vec<String>> {
    let of_period = |period: &Period| -> Vec<Vec<String>> {
        let months = period.months.iter().flat_map(|month| month.bands.iter().map(|band| (month.month.as_str(), band)));
        let all = months.chain(period.bands.iter().map(|band| ("全体", band)));
        all.map(|(month, band)| csv_row(period, month, band)).collect()
    };
    evaluation.periods.iter().flat_map(of_period).collect()
}

fn csv_row(period: &Period, month: &str, figure: &Figure) -> Vec<String> {
    let start = [period.from.to_string(), period.to.to_string(), month.to_owned(), figure.band.term().to_owned()];
    let mut row: Vec<String> = start.into();
    row.extend([figure.service_minutes, figure.stop_minutes].map(|minutes| minutes.to_string()));
    row.extend(figure.excluded_minutes.iter().map(|class| class.minutes.to_string()));
    row.push(figure.counted_stop_minutes.to_string());
    row.push(figure.allowed_stop_minutes.map(|minutes| minutes.to_string()).unwrap_or_default());
    row.push(figure.availability.map(|reached| reached.percent()).unwrap_or_default());
    row.push(figure.target.as_ref().map(|target| target.0.clone()).unwrap_or_default());
    row.push(figure.state.term().to_owned());
    row
}
