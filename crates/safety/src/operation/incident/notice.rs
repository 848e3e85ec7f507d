//! 第一報, 続報 and 終報 for one institution: from facts, with what is unknown as unknown (OPS-055, OPS-059).

use super::{Clock, Incident, Worked};
use crate::agreement::Others;
use crate::choice::choice;
use crate::typed::folded;

choice! {
    /// どの段階のお知らせか。
    Stage {
        First = "first", "第一報";
        Update = "update", "続報";
        Final = "final", "終報";
    }
}

/// A notice as data.
#[derive(Debug, Clone)]
pub struct Notice {
    pub stage: Stage,
    /// Whom it is for.
    pub institution: String,
    pub number: String,
    pub title: String,
    pub lines: Vec<NoticeLine>,
    /// By which moment the next one comes, as agreed.
    pub next: Option<String>,
    /// Somebody approved this report for this institution, and it was not sent yet.
    pub is_approved: bool,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    pub title: &'static str,
    /// What is printed.
    pub text: String,
    pub is_unknown: bool,
    /// Names another institution, so its text is not in it.
    pub is_held_back: bool,
}

impl Notice {
    /// Titles of what names another institution.
    pub fn held_back(&self) -> Vec<&'static str> {
        self.lines.iter().filter(|line| line.is_held_back).map(|line| line.title).collect()
    }
}

/// What stands for a fact that is being looked for.
const SOUGHT: &str = "調査中";
/// What stands for a fact that nobody wrote.
const BLANK: &str = "〔未記載〕";
/// What stands for a text that names another institution.
const HELD_BACK: &str = "〔ほかの医療機関等の名前を含むため、載せていません〕";

/// Facts in the order in which an institution needs them: title, field, and what stands there while it is blank.
const FACTS: [(&str, &str, &str); 13] = [
    ("種類", "kind", SOUGHT),
    ("見つけた日時", "found_at", BLANK),
    ("起きた日時", "occurred_at", SOUGHT),
    ("対象の機器", "nodes", SOUGHT),
    ("影響する情報", "information", SOUGHT),
    ("影響の範囲と件数", "range", SOUGHT),
    ("診療などへの影響", "severity", SOUGHT),
    ("拡大を防ぐ措置", "containment", SOUGHT),
    ("代わりの手段", "substitute", BLANK),
    ("復旧の見込み", "outlook", SOUGHT),
    ("復旧した日時", "recovered_at", BLANK),
    ("原因", "cause", SOUGHT),
    ("再発を防ぐ措置", "prevention", SOUGHT),
];

/// Facts that only the last notice has, or that come with the recovery.
fn belongs(field: &str, stage: Stage, is_back: bool) -> bool {
    match field {
        "outlook" => !is_back,
        "recovered_at" => is_back || stage == Stage::Final,
        "prevention" => stage == Stage::Final,
        _ => true,
    }
}

/// The stage that the facts lead to: the last one comes with recovery and cause.
fn reached(incident: &Incident) -> Stage {
    let is_known = incident.at("recovered_at").is_some() && incident.text("cause").is_some();
    match incident.at("first_reported_at") {
        None => Stage::First,
        Some(_) if is_known => Stage::Final,
        Some(_) => Stage::Update,
    }
}

/// The notice for one institution. `others` are the names that must not stand in it.
pub fn notice(worked: &Worked, institution: &str, stage: Option<Stage>, others: &Others) -> Notice {
    let incident = &worked.incident;
    let stage = stage.unwrap_or_else(|| reached(incident));
    let is_back = incident.at("recovered_at").is_some();
    let fact = |&(title, field, blank): &(&'static str, &str, &str)| {
        let text = incident.text(field);
        let is_held_back = text.as_deref().is_some_and(|text| others.find(text).is_some());
        let is_unknown = text.is_none();
        let text = match (text, is_held_back) {
            (_, true) => HELD_BACK.to_owned(),
            (Some(text), false) => text,
            (None, false) => blank.to_owned(),
        };
        NoticeLine { title, text, is_unknown, is_held_back }
    };
    let lines = FACTS.iter().filter(|(_, field, _)| belongs(field, stage, is_back)).map(fact).collect();
    let title = incident.text("title").filter(|title| others.find(title).is_none());
    Notice {
        stage,
        institution: institution.to_owned(),
        number: incident.entry.id.clone(),
        title: title.unwrap_or_else(|| "情報セキュリティ事故".to_owned()),
        lines,
        next: if is_back { None } else { next(worked, institution, stage) },
        is_approved: is_approved(incident, institution, stage),
    }
}

/// When the next one is promised: as many hours after this one as were agreed, if this is not known by a moment.
fn next(worked: &Worked, institution: &str, stage: Stage) -> Option<String> {
    let is_its = |clock: &&Clock| {
        clock.rule.id == "update" && clock.institution.as_deref().is_none_or(|name| name == institution)
    };
    let clock = worked.clocks.iter().filter(is_its).max_by_key(|clock| clock.institution.is_some())?;
    match (stage, clock.length) {
        (Stage::Final, _) | (_, None) => None,
        (_, Some(length)) => Some(format!("このお知らせから{length}以内")),
    }
}

/// Whether a report of this stage was approved for this institution and waits to be sent. What was sent said what was
/// known then, so a notice made after it is a new one.
fn is_approved(incident: &Incident, institution: &str, stage: Stage) -> bool {
    incident.related("reports-sent").iter().any(|report| {
        let is_for = report.values("institutions").iter().any(|name| folded(&name.to_string()) == folded(institution));
        is_for && report.state == "approved" && report.text("stage") == stage.term()
    })
}
