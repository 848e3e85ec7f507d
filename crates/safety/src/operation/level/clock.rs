//! Clocks that run from an event to what has to follow: first responses in business time, updates in hours.

use serde::Serialize;

use super::record::{Extent, Outage, Row, Update};
use super::remark::{OUTAGES, Remark, UPDATES};
use super::stop::Judged;
use super::terms::{Terms, UpdateTerm};
use crate::calendar::{BusinessTime, Minute, Span};
use crate::choice::choice;

choice! {
    /// 期限に間に合ったかどうか。
    ClockState {
        Met = "met", "期限内";
        Unmet = "unmet", "期限超過";
        Pending = "pending", "未了";
        Excused = "excused", "対象外";
        NoLimit = "no-limit", "期限の定めなし";
    }
}

/// A clock as it ran.
#[derive(Debug, Clone, Serialize)]
pub struct Clocked {
    pub id: String,
    /// What was stopped, or the kind of update.
    pub what: Option<String>,
    /// Where the update had to be applied.
    pub device: Option<String>,
    pub start: Minute,
    /// None while it runs.
    pub done: Option<Minute>,
    /// What passed until then, or until the end of what was asked for: business time for responses.
    pub taken_minutes: u64,
    pub limit_minutes: Option<u64>,
    pub state: ClockState,
    /// Why it is not held against the limit.
    pub reason: Option<String>,
    /// When the result was certain: what decides the month it is counted in.
    pub decided: Option<Minute>,
    #[serde(skip)]
    pub row: Row,
}

/// The clock of the first response to an outage (別紙1 II 6.3(2)); none if it started later than the end.
pub(super) fn response(
    judged: &Judged,
    terms: &Terms,
    business: &BusinessTime,
    end: Minute,
    remarks: &mut Vec<Remark>,
) -> Option<Clocked> {
    let outage = judged.outage;
    let known = outage.detected.into_iter().chain(outage.contacted).min();
    let start = known.unwrap_or(outage.from).floor();
    if start >= end {
        return None;
    }
    let done = outage.responded.map(crate::calendar::Moment::ceil).filter(|done| *done <= end);
    let taken = business.minutes(Span::new(start, done.unwrap_or(end)));
    let mut clock = Clocked {
        id: outage.id.clone(),
        what: outage.part.clone(),
        device: None,
        start,
        done,
        taken_minutes: taken,
        limit_minutes: terms.response_minutes,
        state: ClockState::NoLimit,
        reason: None,
        decided: None,
        row: outage.row,
    };
    if let Some(reason) = excused(judged) {
        clock.state = ClockState::Excused;
        clock.reason = Some(reason.to_owned());
        clock.decided = Some(start);
        return Some(clock);
    }
    let Some(limit) = terms.response_minutes else { return Some(clock) };
    (clock.state, clock.decided) = match done {
        _ if taken > limit => (ClockState::Unmet, business.after(start, limit)),
        Some(done) => (ClockState::Met, Some(done)),
        None => (ClockState::Pending, None),
    };
    remarks.extend(unclear(outage, known.is_none(), done.is_none(), clock.state, end));
    Some(clock)
}

/// Why a response is not asked for.
fn excused(judged: &Judged) -> Option<&'static str> {
    if judged.outage.extent == Some(Extent::Part) && !judged.outage.is_stop() {
        return Some("重大な支障を及ぼさない一部停止");
    }
    (!judged.span.is_empty() && judged.left().minutes() == 0).then_some("算定除外事項による停止")
}

fn unclear(outage: &Outage, no_start: bool, no_end: bool, state: ClockState, end: Minute) -> Option<Remark> {
    let told = |message: String, advice| Some(Remark::of_row(OUTAGES, outage.row, "level-response", message, advice));
    let is_over = outage.until.is_some_and(|until| until.ceil() <= end);
    if no_end && is_over && state == ClockState::Unmet {
        return told(
            format!("障害「{}」の第一次対応の時刻がないため、期限を超えたものとして数えました。", outage.id),
            "第一次対応をした時刻を書いてください。",
        );
    }
    no_start.then(|| {
        Remark::of_row(
            OUTAGES,
            outage.row,
            "level-response",
            format!("障害「{}」を感知した時刻も連絡を受けた時刻もないため、始まりの時刻から数えました。", outage.id),
            "感知した時刻か、連絡を受けた時刻を書いてください。早い方から数えます。",
        )
    })
}

/// The clock of an update (別紙1 II 5.2(3)①); none if it was released later than the end.
pub(super) fn update(update: &Update, terms: &Terms, end: Minute, remarks: &mut Vec<Remark>) -> Option<Clocked> {
    let start = update.released.floor();
    if start >= end {
        return None;
    }
    let term = term(update, terms);
    if term.is_none() {
        remarks.push(unknown(update, terms));
    }
    let due = update.due.map(crate::calendar::Moment::floor);
    let by_term = term
        .and_then(|term| term.minutes)
        .and_then(|minutes| Some(Minute(start.0.checked_add(i64::try_from(minutes).ok()?)?)));
    let due = due.or(by_term);
    let done = update.applied.map(crate::calendar::Moment::ceil).filter(|done| *done <= end);
    let (mut state, decided) = match (due, done) {
        (None, _) => (ClockState::NoLimit, None),
        (Some(due), Some(done)) if done <= due => (ClockState::Met, Some(done)),
        (Some(due), None) if due >= end => (ClockState::Pending, None),
        (Some(due), _) => (ClockState::Unmet, Some(due)),
    };
    if due.is_none() && term.is_some() {
        remarks.push(no_limit(update));
    }
    let reason = update.reason.clone().filter(|_| state == ClockState::Unmet);
    match (&reason, update.reported_on) {
        (Some(_), Some(_)) => state = ClockState::Excused,
        (Some(_), None) => remarks.push(unreported(update)),
        (None, _) => {}
    }
    Some(Clocked {
        id: update.id.clone(),
        what: Some(term.map_or(&update.what, |term| &term.what).clone()),
        device: update.device.clone(),
        start,
        done,
        taken_minutes: Span::new(start, done.unwrap_or(end)).minutes(),
        limit_minutes: due.map(|due| Span::new(start, due).minutes()),
        state,
        reason,
        decided,
        row: update.row,
    })
}

/// The row of the contract that is meant: its words, or its number from 1.
fn term<'t>(update: &Update, terms: &'t Terms) -> Option<&'t UpdateTerm> {
    let by_number = || terms.updates.get(update.what.parse::<usize>().ok()?.checked_sub(1)?);
    terms.updates.iter().find(|term| term.what == update.what).or_else(by_number)
}

fn unknown(update: &Update, terms: &Terms) -> Remark {
    let known: Vec<&str> = terms.updates.iter().map(|term| term.what.as_str()).collect();
    let known = if known.is_empty() { "（なし）".to_owned() } else { format!("「{}」", known.join("」「")) };
    let message = format!("更新「{}」の種類「{}」は、sla.yaml の更新の期限にありません。", update.id, update.what);
    let mut remark = Remark::of_row(UPDATES, update.row, "level-update", message, "");
    remark.advice = format!("期限のある種類の名前か、その行の番号を書いてください。あるのは{known}です。");
    remark
}

fn no_limit(update: &Update) -> Remark {
    Remark::of_row(
        UPDATES,
        update.row,
        "level-update",
        format!("更新「{}」の種類の期限は、時間で書かれていないため、遅れたかどうかを計算していません。", update.id),
        "「期限」の列に、この更新の期限の日時を書いてください。",
    )
}

fn unreported(update: &Update) -> Remark {
    Remark::of_row(
        UPDATES,
        update.row,
        "level-update",
        format!("更新「{}」には、遅れた理由がありますが、報告した日がないため、期限超過として数えました。", update.id),
        "代わりの措置を医療機関等に報告した日を書くと、件数に数えません。",
    )
}
