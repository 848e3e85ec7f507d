//! What an answer must carry, the same for controls and for chapter 6 (TREAT-010, INST-001).

use shirube_catalog::{Agreement, Control, Kubun, Library};

use super::answer::{ConformityFile, ControlAnswer, ControlStatus, StatutoryAnswer};
use super::{status, statutory};
use crate::finding::{Findings, Severity};
use crate::model::{Answer, Date};
use crate::risk::{Assessment, Signed};

/// What every answer has, whatever it answers.
struct Basics<'a> {
    /// What is answered, as the messages name it.
    label: String,
    status: ControlStatus,
    how: &'a str,
    reason: &'a str,
    due: Option<Date>,
    evidence: &'a [String],
    /// What would be evidence.
    evidence_advice: String,
    decided: Option<&'a Signed>,
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

impl Basics<'_> {
    fn check(&self, here: &str, at: &mut Findings) {
        let label = &self.label;
        let mut say =
            |severity, rule, message: String, advice: &str| at.add(severity, rule, here, message, advice.to_owned());
        let missing = match self.status {
            ControlStatus::NotApplicable if blank(self.reason) => Some((
                "reason-missing",
                format!("{label}は「該当なし」ですが、理由がありません。"),
                "reasonに理由を書いてください。",
            )),
            ControlStatus::Alternative if blank(self.reason) => Some((
                "reason-missing",
                format!("{label}は「代替策」ですが、理由がありません。"),
                "reasonに、代わりの対策で足りる理由を書いてください。",
            )),
            ControlStatus::Planned if self.due.is_none() => Some((
                "due-missing",
                format!("{label}は「対応予定」ですが、予定日がありません。"),
                "dueに日付を書いてください（例: 2027-03-31）。",
            )),
            _ => None,
        };
        if let Some((rule, message, advice)) = missing {
            say(Severity::Error, rule, message, advice);
        }
        let explains = matches!(self.status, ControlStatus::Met | ControlStatus::Partial | ControlStatus::Alternative);
        if explains && blank(self.how) {
            let message = format!("{label}は「{}」ですが、どのように満たすかがありません。", self.status.term());
            say(Severity::Error, "how-missing", message, "howに内容を書いてください。");
        }
        if self.status == ControlStatus::Met && self.evidence.iter().all(|text| blank(text)) {
            let message = format!("{label}は「対応済」ですが、根拠となる資料や記録がありません。");
            say(Severity::Warning, "evidence-missing", message, &self.evidence_advice);
        }
        if self.status != ControlStatus::Unanswered && self.decided.is_none() {
            let message = format!("{label}の答えに、決めた人と日がありません。");
            say(Severity::Note, "answer-unsigned", message, "decidedに書くまでは案として扱います。");
        }
    }
}

/// An answer to a control.
pub(super) fn control(
    answer: &ControlAnswer,
    control: &Control,
    assessment: &Assessment,
    here: &str,
    at: &mut Findings,
) {
    let id = control.id;
    Basics {
        label: id.to_string(),
        status: answer.status,
        how: &answer.how,
        reason: &answer.reason,
        due: answer.due,
        evidence: &answer.evidence,
        evidence_advice: format!("例: {}。", control.evidence.join("、")),
        decided: answer.decided.as_ref(),
    }
    .check(here, at);
    status::check(answer, control, here, at);
    evidence_dates(answer, here, at);
    let duty = control.kubun == Kubun::Mandatory && answer.status == ControlStatus::NotApplicable;
    if duty && !blank(&answer.reason) && answer.risks.is_empty() && blank(&answer.scope) {
        let message = format!("区分◎の{id}が「該当なし」です。");
        let advice = "当てはまらないことを示す設計上の事実（scope）か、関係するリスク（risks）を書いてください。";
        at.add(Severity::Warning, "mandatory-excluded", here, message, advice);
    }
    let settled = !matches!(
        answer.status,
        ControlStatus::Unanswered | ControlStatus::NotApplicable | ControlStatus::NotMet | ControlStatus::NotAdopted
    );
    if settled && control.agreement != Agreement::No && blank(&answer.agreement) {
        let message = format!("{id}は医療機関等との合意などを求める項目ですが、合意する内容がありません。");
        at.add(Severity::Warning, "agreement-missing", here, message, "agreementに、合意する内容を書いてください。");
    }
    risks(&id.to_string(), answer, assessment, here, at);
}

/// An answer to a control of the service's own.
pub(super) fn own(answer: &ControlAnswer, assessment: &Assessment, here: &str, at: &mut Findings) {
    Basics {
        label: answer.control.clone(),
        status: answer.status,
        how: &answer.how,
        reason: &answer.reason,
        due: answer.due,
        evidence: &answer.evidence,
        evidence_advice: "確かめられる資料や記録の名前をevidenceに書いてください。".to_owned(),
        decided: answer.decided.as_ref(),
    }
    .check(here, at);
    evidence_dates(answer, here, at);
    risks(&answer.control, answer, assessment, here, at);
}

/// Dates of evidence that cannot both be true.
fn evidence_dates(answer: &ControlAnswer, here: &str, at: &mut Findings) {
    let (on, until) = (answer.evidence_on, answer.evidence_until);
    if (on.is_some() || until.is_some()) && answer.evidence.iter().all(|text| blank(text)) {
        let message = format!("{}に根拠の日付がありますが、根拠（evidence）がありません。", answer.control);
        at.add(Severity::Warning, "evidence-date-alone", here, message, "根拠となる資料や記録を書いてください。");
    }
    if let (Some(on), Some(until)) = (on, until)
        && until < on
    {
        at.add(
            Severity::Warning,
            "evidence-expired",
            format!("{here}/evidence_until"),
            format!("{}の根拠は、確かめた日（{on}）に有効期限（{until}）が過ぎています。", answer.control),
            "新しい根拠に改めるか、日付を確かめてください。",
        );
    }
}

fn risks(id: &str, answer: &ControlAnswer, assessment: &Assessment, here: &str, at: &mut Findings) {
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

/// Every answer to chapter 6, and what was told the institution.
pub(super) fn statutory(file: &ConformityFile, assessment: &Assessment, library: &'static Library, at: &mut Findings) {
    let mut told = Told::default();
    for (i, answer) in file.statutory.iter().enumerate() {
        let here = format!("/statutory/{i}");
        let label = statutory::label(answer, library);
        let examples = "確かめられる資料や記録の名前をevidenceに書いてください（例: 機能の仕様書、設定書、契約書）。";
        Basics {
            label: format!("第6章の{label}"),
            status: answer.status,
            how: &answer.how,
            reason: &answer.reason,
            due: answer.due,
            evidence: &answer.evidence,
            evidence_advice: examples.to_owned(),
            decided: answer.decided.as_ref(),
        }
        .check(&here, at);
        told.see(answer, label);
        let party = answer.explained_to.as_ref();
        if let Some(party) = party.filter(|id| !assessment.service.parties.iter().any(|known| known.id == **id)) {
            at.add(
                Severity::Error,
                "reference-missing",
                format!("{here}/explained_to"),
                format!("「{party}」は組織（parties）の一覧にありません。"),
                "説明した相手の組織のidを書いてください。",
            );
        }
    }
    told.report(at);
}

/// Lines by what is known of their explanation; one finding for each kind, not for each line.
#[derive(Default)]
struct Told {
    not_yet: Vec<String>,
    when_unknown: Vec<String>,
}

impl Told {
    fn see(&mut self, answer: &StatutoryAnswer, label: String) {
        match answer.explained {
            _ if answer.status == ControlStatus::Unanswered => {}
            Answer::Yes if answer.explained_on.is_none() || answer.explained_to.is_none() => {
                self.when_unknown.push(label);
            }
            Answer::Yes => {}
            Answer::No | Answer::Unknown => self.not_yet.push(label),
        }
    }

    fn report(&self, at: &mut Findings) {
        let mut say = |rule, lines: &[String], what: &str, advice: &str| {
            if !lines.is_empty() {
                let message = format!("第6章の答えのうち{}件は、{what}（{}）。", lines.len(), lines.join("、"));
                at.add(Severity::Note, rule, "/statutory", message, advice);
            }
        };
        say(
            "statutory-unexplained",
            &self.not_yet,
            "医療機関等に説明したことが確認できませんでした",
            "説明したら、explained: yes とし、説明した日（explained_on）と相手（explained_to）を書いてください。",
        );
        say(
            "statutory-explained-when",
            &self.when_unknown,
            "医療機関等に説明したとありますが、説明した日又は相手が書かれていません",
            "explained_onに日付、explained_toに相手の組織のidを書いてください。",
        );
    }
}
