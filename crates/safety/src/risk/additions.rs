//! Scenarios and controls of the service's own, next to those of the guideline (CATALOG-023, CATALOG-024).
//!
//! Their ids begin with `OWN-`, which no entry of a guideline does: nothing embedded can be changed or hidden by them.
//! One counts once a second person approved it, and from its day on; until then it is 案.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{Standing, Viewpoint, same_person, shelf, standing};

use super::{Assessment, ViewpointToken};
use crate::finding::{Findings, Severity};
use crate::model::{Date, reckoned_on};

/// What ids of own scenarios and controls begin with.
pub const OWN: &str = "OWN-";

/// 独自のリスクシナリオ。ガイドラインの例（S01など）に足して用いる。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnScenario {
    /// 「OWN-」で始める。
    #[schemars(regex(pattern = r"^OWN-"))]
    pub id: String,
    /// 何が起こるか。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    #[serde(default)]
    pub release: Option<Release>,
}

/// 独自の対策項目。別紙2の項目に足して用いる。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnControl {
    /// 「OWN-」で始める。
    #[schemars(regex(pattern = r"^OWN-"))]
    pub id: String,
    /// 対策の観点。
    #[schemars(with = "ViewpointToken")]
    pub viewpoint: Viewpoint,
    /// 求めること。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// 対応するリスクシナリオ（S01など、又は「OWN-」で始まるid）。
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// 関係するガイドラインの項目（例: mhlw-6.0/企画管理編.9.②）。
    #[serde(default)]
    pub requirements: Vec<String>,
    /// 版。文を変えるたびに1を足し、前の文をhistoryに残す。
    #[serde(default = "first")]
    #[schemars(range(min = 1, max = 10000))]
    pub revision: u32,
    #[serde(default)]
    pub release: Option<Release>,
    /// これまでの版。
    #[serde(default)]
    pub history: Vec<EarlierText>,
}

fn first() -> u32 {
    1
}

/// 作成・承認と、いつから用いるか。作った人とは別の人が承認するまでは案として扱う。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// 作った人。
    #[schemars(regex(pattern = r"\S"))]
    pub prepared_by: String,
    /// 承認した人。作った人とは別の人。
    #[serde(default)]
    pub approved_by: Option<String>,
    /// 承認した日。
    #[serde(default)]
    pub approved_on: Option<Date>,
    /// 用い始める日。省くと承認した日。
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// 加えた、又は変えた理由。
    #[schemars(regex(pattern = r"\S"))]
    pub reason: String,
}

/// 前の版の文。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierText {
    /// 版。
    #[schemars(range(min = 1, max = 10000))]
    pub revision: u32,
    /// 求めていたこと。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    pub release: Release,
}

impl Release {
    fn on(&self, day: Option<Date>) -> Standing {
        let from = self.effective_from.or(self.approved_on).map(|date| date.to_string()).unwrap_or_default();
        let day = day.map(|date| date.to_string());
        // An approval without a day is none: nobody could say from when the entry counts.
        let approver = self.approved_by.as_deref().filter(|_| self.approved_on.is_some());
        standing(&self.prepared_by, approver, &from, day.as_deref())
    }
}

/// Where an own entry stands on a day.
pub fn release_on(release: Option<&Release>, day: Option<Date>) -> Standing {
    release.map_or(Standing::Draft, |release| release.on(day))
}

impl<'a> Assessment<'a> {
    /// The own control with this id.
    pub fn own_control(&self, id: &str) -> Option<&'a OwnControl> {
        self.decisions.controls.iter().find(|control| control.id == id)
    }
}

/// Holds the own scenarios and controls against each other and against the catalogs.
pub(super) fn check(assessment: &Assessment, at: &mut Findings) {
    let day = reckoned_on(assessment.service);
    let mut taken = HashSet::new();
    for (i, own) in assessment.decisions.scenarios.iter().enumerate() {
        let here = format!("/scenarios/{i}");
        if !taken.insert(own.id.as_str()) {
            twice("リスクシナリオ", &own.id, &here, at);
        }
        released(&own.id, own.release.as_ref(), day, &here, at);
    }
    let mut taken = HashSet::new();
    for (i, own) in assessment.decisions.controls.iter().enumerate() {
        let here = format!("/controls/{i}");
        if !taken.insert(own.id.as_str()) {
            twice("対策項目", &own.id, &here, at);
        }
        released(&own.id, own.release.as_ref(), day, &here, at);
        scenarios(assessment, &own.scenarios, &format!("{here}/scenarios"), at);
        requirements(own, &here, at);
        history(own, &here, at);
    }
    for (i, risk) in assessment.decisions.risks.iter().enumerate() {
        scenarios(assessment, &risk.scenarios, &format!("/risks/{i}/scenarios"), at);
    }
}

fn twice(what: &str, id: &str, here: &str, at: &mut Findings) {
    at.add(
        Severity::Error,
        "id-twice",
        format!("{here}/id"),
        format!("独自の{what}のid「{id}」が、前にもあります。後のものは採りません。"),
        "どちらかを別のidにしてください。",
    );
}

fn released(id: &str, release: Option<&Release>, day: Option<Date>, here: &str, at: &mut Findings) {
    let own = release.and_then(|release| Some((release, release.approved_by.as_deref()?)));
    if let Some((_, by)) = own.filter(|(release, by)| same_person(&release.prepared_by, by)) {
        at.add(
            Severity::Warning,
            "own-same-person",
            format!("{here}/release/approved_by"),
            format!("「{id}」を作った人と承認した人が同じ（{by}）です。案として扱います。"),
            "作った人とは別の人が確かめ、承認した人として書いてください。",
        );
        return;
    }
    let (severity, rule, message, advice) = match release_on(release, day) {
        Standing::InForce => return,
        Standing::Draft => (
            Severity::Warning,
            "own-unapproved",
            format!("「{id}」は、別の人の承認がないため案です。"),
            "releaseに、作った人（prepared_by）、承認した人（approved_by）、承認した日（approved_on）、理由（reason）を書いてください。",
        ),
        Standing::Coming => (
            Severity::Note,
            "own-not-yet",
            format!("「{id}」は、文書の日には、まだ用い始めていません。"),
            "用い始める日（effective_from）と文書の日（document）を確かめてください。",
        ),
    };
    at.add(severity, rule, format!("{here}/release"), message, advice);
}

fn scenarios(assessment: &Assessment, ids: &[String], here: &str, at: &mut Findings) {
    let own = |id: &str| assessment.decisions.scenarios.iter().any(|own| own.id == id);
    for (i, id) in ids.iter().enumerate() {
        if assessment.library.provider.scenario(id).is_none() && !own(id) {
            at.add(
                Severity::Error,
                "scenario-unknown",
                format!("{here}/{i}"),
                format!("リスクシナリオ「{id}」はありません。"),
                "S01などガイドラインの例の番号か、scenariosに書いた「OWN-」で始まるidを書いてください。",
            );
        }
    }
}

fn requirements(own: &OwnControl, here: &str, at: &mut Findings) {
    for (i, id) in own.requirements.iter().enumerate() {
        if shelf().entry(id).is_none() {
            at.add(
                Severity::Error,
                "requirement-unknown",
                format!("{here}/requirements/{i}"),
                format!("項目「{id}」は収録していません。"),
                "版を付けた番号（例: mhlw-6.0/企画管理編.9.②）を書いてください。番号は shirube catalog search で探せます。",
            );
        }
    }
}

/// The earlier texts must be there, each once: an old answer points at one of them.
fn history(own: &OwnControl, here: &str, at: &mut Findings) {
    let kept: HashSet<u32> = own.history.iter().map(|earlier| earlier.revision).collect();
    let missing: Vec<String> =
        (1..own.revision).filter(|no| !kept.contains(no)).take(20).map(|no| no.to_string()).collect();
    if !missing.is_empty() {
        at.add(
            Severity::Warning,
            "own-history-missing",
            format!("{here}/history"),
            format!(
                "「{}」は第{}版ですが、前の版（第{}版）の文が残っていません。",
                own.id,
                own.revision,
                missing.join("・")
            ),
            "historyに前の版の文を戻してください。前の版を見て答えた記録が、何に答えたのか分からなくなります。",
        );
    }
    if kept.len() < own.history.len() || kept.iter().any(|no| *no >= own.revision) {
        at.add(
            Severity::Error,
            "own-history",
            format!("{here}/history"),
            format!("「{}」の前の版の番号が重なるか、今の版（第{}版）より前ではありません。", own.id, own.revision),
            "historyの版の番号を、1から今の版の前まで、一つずつにしてください。",
        );
    }
}
