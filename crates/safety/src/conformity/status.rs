//! 未対応, 不採用 and 代替策: what the 区分 of a control allows, and what it takes (TREAT-010, TREAT-011).

use shirube_catalog::{Control, Kubun};

use super::answer::{ControlAnswer, ControlStatus};
use crate::finding::{Findings, Severity};
use crate::text::is_blank;

pub(super) fn check(answer: &ControlAnswer, control: &Control, here: &str, at: &mut Findings) {
    let (id, term) = (control.id, answer.status.term());
    let open = matches!(answer.status, ControlStatus::NotMet | ControlStatus::NotAdopted);
    if open && is_blank(&answer.reason) {
        at.add(
            Severity::Error,
            "reason-missing",
            here,
            format!("{id}は「{term}」ですが、理由がありません。"),
            "reasonに理由を書いてください。",
        );
    }
    // A ◎ control may wait for a day, be met in another way or be out of place; it may not be left. Where the mark is
    // lost, nobody knows.
    if open && control.kubun != Kubun::Recommended {
        let rule = if answer.status == ControlStatus::NotMet { "mandatory-not-met" } else { "mandatory-not-adopted" };
        let severity = if control.kubun == Kubun::Mandatory { Severity::Error } else { Severity::Warning };
        let message = format!("区分{}の{id}が「{term}」です。", control.kubun.mark());
        let advice = "対応の予定日（planned）、代わりの対策（alternative）、当てはまらない理由（not-applicable）のどれかに改めてください。";
        at.add(severity, rule, here, message, advice);
    }
    let linked = !answer.risks.is_empty() || !is_blank(&answer.scope);
    if answer.status == ControlStatus::Alternative && !linked {
        at.add(
            Severity::Warning,
            "alternative-unlinked",
            here,
            format!("{id}は「代替策」ですが、どのリスク又は設計に基づくのかがありません。"),
            "関係するリスク（risks）か、代わりの対策が及ぶ範囲（scope）を書いてください。",
        );
    }
}
