//! 対策項目への答え: every control of 別紙2 and every item of chapter 6 has a status (TREAT-010, INST-001).

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{Agreement, Control, ControlId, Kubun, Library, StatutoryItem, StatutoryRow};

use crate::choice::choice;
use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{Answer, Date};
use crate::risk::{Assessment, Signed};

/// 対策項目と制度上の要求事項への答え。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConformityFile {
    /// 別紙2の対策項目への答え。書かれていない項目は「未回答」。
    #[serde(default)]
    pub answers: Vec<ControlAnswer>,
    /// 第6章（制度上の要求事項）への答え。
    #[serde(default)]
    pub statutory: Vec<StatutoryAnswer>,
}

choice! {
    /// 対策項目の状況。
    ControlStatus {
        Met = "met", "対応";
        Partial = "partial", "一部対応";
        Alternative = "alternative", "代替";
        Planned = "planned", "対応予定";
        NotApplicable = "not-applicable", "対象外";
        Unanswered = "unanswered", "未回答";
    }
}

/// 対策項目への答え。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlAnswer {
    /// 対策項目の番号（例: 3.4①-14 又は 3.4-1-14）。
    pub control: String,
    pub status: ControlStatus,
    /// どのように満たすか。
    #[serde(default)]
    pub how: String,
    /// 当てはまる範囲。
    #[serde(default)]
    pub scope: String,
    /// 例外。
    #[serde(default)]
    pub exceptions: String,
    /// 根拠となる資料や記録。
    #[serde(default)]
    pub evidence: Vec<String>,
    /// 担当者。
    #[serde(default)]
    pub owner: String,
    /// 関係するリスクのid。
    #[serde(default)]
    pub risks: Vec<String>,
    /// 対象外・代替とする理由。
    #[serde(default)]
    pub reason: String,
    /// 対応予定日。
    #[serde(default)]
    pub due: Option<Date>,
    /// 医療機関等と合意する内容。
    #[serde(default)]
    pub agreement: String,
    #[serde(default)]
    pub decided: Option<Signed>,
}

/// 制度上の要求事項への答え。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatutoryAnswer {
    /// 節（6.1～6.5）。
    pub item: String,
    /// 節の中の行（statutoryの一覧の項目名）。節全体への答えなら省く。
    #[serde(default)]
    pub row: Option<String>,
    /// 行の保存場所（一覧の見出しのとおり）。
    #[serde(default)]
    pub place: Option<String>,
    pub status: ControlStatus,
    /// 説明。
    #[serde(default)]
    pub how: String,
    #[serde(default)]
    pub evidence: Vec<String>,
    /// 医療機関等に説明したか。
    #[serde(default)]
    pub explained: Answer,
    /// 対象外とする理由。
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub due: Option<Date>,
    #[serde(default)]
    pub decided: Option<Signed>,
}

/// A control with its answer.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    pub control: &'static Control,
    pub answer: Option<&'a ControlAnswer>,
}

impl Answered<'_> {
    /// 未回答 is what nobody has answered; it never looks like anything else.
    pub fn status(&self) -> ControlStatus {
        self.answer.map_or(ControlStatus::Unanswered, |answer| answer.status)
    }
}

/// A section or line of chapter 6 with its answer.
#[derive(Debug, Clone, Copy)]
pub struct StatutoryState<'a> {
    pub item: &'static StatutoryItem,
    /// `None` for the section as a whole.
    pub row: Option<&'static StatutoryRow>,
    pub answer: Option<&'a StatutoryAnswer>,
}

impl StatutoryState<'_> {
    pub fn status(&self) -> ControlStatus {
        self.answer.map_or(ControlStatus::Unanswered, |answer| answer.status)
    }
}

/// All answers laid over all lists.
#[derive(Debug)]
pub struct Conformity<'a> {
    /// 417, in the order of 別紙2.
    pub controls: Vec<Answered<'a>>,
    pub statutory: Vec<StatutoryState<'a>>,
    pub findings: Vec<Finding>,
}

impl<'a> Conformity<'a> {
    /// How many controls have each status.
    pub fn counts(&self) -> BTreeMap<ControlStatus, usize> {
        let mut counts: BTreeMap<_, _> = ControlStatus::ALL.iter().map(|status| (*status, 0)).collect();
        for answered in &self.controls {
            *counts.entry(answered.status()).or_default() += 1;
        }
        counts
    }

    /// How many controls nobody has answered.
    pub fn unanswered(&self) -> usize {
        self.counts()[&ControlStatus::Unanswered]
    }

    pub fn answer(&self, id: ControlId) -> Option<&Answered<'a>> {
        self.controls.iter().find(|answered| answered.control.id == id)
    }
}

/// Lays the answers over the lists and checks them.
pub fn conformity<'a>(file: &'a ConformityFile, assessment: &Assessment, library: &'static Library) -> Conformity<'a> {
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Conformity, list: &mut findings };
    let mut answers: HashMap<ControlId, &ControlAnswer> = HashMap::new();
    for (i, answer) in file.answers.iter().enumerate() {
        let here = format!("/answers/{i}");
        let Some(control) = named(answer, library, &here, &mut at) else {
            continue;
        };
        if answers.insert(control.id, answer).is_some() {
            at.add(
                Severity::Error,
                "answer-twice",
                here.clone(),
                format!("対策項目{}への答えが二度書かれています。", control.id),
                "一つにまとめてください。後のものを採ります。",
            );
        }
        check(answer, control, assessment, &here, &mut at);
    }
    let controls: Vec<_> = library
        .provider
        .controls
        .iter()
        .map(|control| Answered { control, answer: answers.get(&control.id).copied() })
        .collect();
    let statutory = statutory(file, library, &mut at);
    let conformity = Conformity { controls, statutory, findings: Vec::new() };
    open_points(&conformity, &mut at);
    Conformity { findings, ..conformity }
}

fn named(answer: &ControlAnswer, library: &'static Library, here: &str, at: &mut Findings) -> Option<&'static Control> {
    let (message, found) = match answer.control.parse::<ControlId>() {
        Ok(id) => (format!("対策項目「{id}」は、別紙2にありません。"), library.provider.control(id)),
        Err(error) => (format!("{error}。"), None),
    };
    if found.is_none() {
        let advice = "shirube catalog list で番号を確かめてください。";
        at.add(Severity::Error, "control-unknown", format!("{here}/control"), message, advice);
    }
    found
}

fn check(answer: &ControlAnswer, control: &Control, assessment: &Assessment, here: &str, at: &mut Findings) {
    let id = control.id;
    let blank = |text: &str| text.trim().is_empty();
    let mut error = |rule, message: String, advice: &str| at.add(Severity::Error, rule, here, message, advice);
    match answer.status {
        ControlStatus::NotApplicable if blank(&answer.reason) => {
            error(
                "reason-missing",
                format!("{id}は「対象外」ですが、理由がありません。"),
                "reasonに理由を書いてください。",
            );
        }
        ControlStatus::Alternative if blank(&answer.reason) => {
            error(
                "reason-missing",
                format!("{id}は「代替」ですが、理由がありません。"),
                "reasonに、代わりの対策で足りる理由を書いてください。",
            );
        }
        ControlStatus::Planned if answer.due.is_none() => {
            error(
                "due-missing",
                format!("{id}は「対応予定」ですが、予定日がありません。"),
                "dueに日付を書いてください（例: 2027-03-31）。",
            );
        }
        _ => {}
    }
    let explains = matches!(answer.status, ControlStatus::Met | ControlStatus::Partial | ControlStatus::Alternative);
    if explains && blank(&answer.how) {
        let message = format!("{id}は「{}」ですが、どのように満たすかがありません。", answer.status.term());
        at.add(Severity::Error, "how-missing", here, message, "howに内容を書いてください。");
    }
    if answer.status == ControlStatus::Met && answer.evidence.is_empty() {
        let message = format!("{id}は「対応」ですが、根拠となる資料や記録がありません。");
        at.add(Severity::Warning, "evidence-missing", here, message, format!("例: {}。", control.evidence.join("、")));
    }
    let duty = control.kubun == Kubun::Mandatory && answer.status == ControlStatus::NotApplicable;
    if duty && !blank(&answer.reason) && answer.risks.is_empty() && blank(&answer.scope) {
        let message = format!("区分◎の{id}が「対象外」です。");
        let advice = "当てはまらないことを示す設計上の事実（scope）か、関係するリスク（risks）を書いてください。";
        at.add(Severity::Warning, "mandatory-excluded", here, message, advice);
    }
    let settled = !matches!(answer.status, ControlStatus::Unanswered | ControlStatus::NotApplicable);
    if settled && control.agreement != Agreement::No && blank(&answer.agreement) {
        let message = format!("{id}は医療機関等との合意などを求める項目ですが、合意する内容がありません。");
        at.add(Severity::Warning, "agreement-missing", here, message, "agreementに、合意する内容を書いてください。");
    }
    if answer.status != ControlStatus::Unanswered && answer.decided.is_none() {
        let message = format!("{id}の答えに、決めた人と日がありません。");
        at.add(Severity::Note, "answer-unsigned", here, message, "decidedに書くまでは案として扱います。");
    }
    for (r, risk) in answer.risks.iter().enumerate().filter(|(_, risk)| assessment.risk(risk).is_none()) {
        let message = format!("{id}が挙げるリスク「{risk}」は、今のモデルからは生じません。");
        at.add(
            Severity::Warning,
            "risk-gone",
            format!("{here}/risks/{r}"),
            message,
            "モデルの変更でなくなったのかを確かめてください。",
        );
    }
}

fn statutory<'a>(file: &'a ConformityFile, library: &'static Library, at: &mut Findings) -> Vec<StatutoryState<'a>> {
    let mut used = vec![false; file.statutory.len()];
    let mut states = Vec::new();
    for item in &library.provider.statutory {
        let rows = std::iter::once(None).chain(item.rows.iter().map(Some));
        for row in rows {
            let fits = |answer: &StatutoryAnswer| {
                answer.item == item.id
                    && match (row, &answer.row) {
                        (None, None) => true,
                        (Some(row), Some(name)) => {
                            row.item == *name && answer.place.as_deref().is_none_or(|place| place == row.place)
                        }
                        _ => false,
                    }
            };
            let found = file.statutory.iter().position(fits);
            if let Some(found) = found {
                used[found] = true;
            }
            states.push(StatutoryState { item, row, answer: found.map(|found| &file.statutory[found]) });
        }
    }
    for (i, answer) in file.statutory.iter().enumerate() {
        let here = format!("/statutory/{i}");
        if !used[i] {
            let row = answer.row.as_ref().map(|row| format!("の「{row}」")).unwrap_or_default();
            let message = format!("第6章の確認項目{}{row}は一覧にないか、二度書かれています。", answer.item);
            at.add(
                Severity::Error,
                "statutory-unknown",
                here.clone(),
                message,
                "itemは6.1～6.5、rowとplaceは一覧の見出しのとおりに書いてください。",
            );
        }
        let unreasoned = answer.status == ControlStatus::NotApplicable && answer.reason.trim().is_empty();
        if unreasoned {
            let message = format!("第6章の{}は「対象外」ですが、理由がありません。", answer.item);
            at.add(Severity::Error, "reason-missing", here, message, "reasonに理由を書いてください。");
        }
    }
    states
}

/// What nobody has answered.
fn open_points(conformity: &Conformity, at: &mut Findings) {
    let (all, open) = (conformity.controls.len(), conformity.unanswered());
    if open > 0 {
        at.add(
            Severity::Warning,
            "control-unanswered",
            "/answers",
            format!("対策項目{all}件のうち{open}件が未回答です。"),
            "全項目について対応を確かめることが求められています（5.1.5(1)(ア)）。答えるまで、対応は確認されたことになりません。",
        );
    }
    let open = conformity.statutory.iter().filter(|state| state.status() == ControlStatus::Unanswered).count();
    if open > 0 {
        at.add(
            Severity::Warning,
            "statutory-unanswered",
            "/statutory",
            format!("第6章（制度上の要求事項）の確認行{}件のうち{open}件が未回答です。", conformity.statutory.len()),
            "リスクの大小にかかわらず、すべての対象事業者に一律に求められます。",
        );
    }
}
