//! 5.1.5(2): what the institution is asked to do.

use super::Judged;
use crate::finding::{Findings, Severity};
use crate::model::Answer;
use crate::risk::{Assessment, RequestStatus, ResidualState};

/// What was refused cannot carry the residual risk: it is evaluated again, and the round before is kept (TREAT-020).
pub(super) fn check(judged: &Judged, at: &mut Findings) {
    let t = judged.treated.treatment;
    if judged.treated.residual() == ResidualState::NotAssessed || !t.earlier.is_empty() {
        return;
    }
    let refused = t.requests.iter().enumerate().filter(|(_, request)| request.status == RequestStatus::Refused);
    for (r, _) in refused {
        at.add(
            Severity::Error,
            "request-refused",
            format!("{}/requests/{r}/status", judged.here),
            format!(
                "対応「{}」で医療機関等へ求めた事項は受けられませんでしたが、残存するリスクは評価し直されていません。",
                t.id
            ),
            "それまでの検討をearlierに移し、この事項がないものとして対策と残存するリスクを改めて書いてください。",
        );
    }
}

/// Whether the institution has to write it into its own rules (TREAT-019).
pub(super) fn counted(assessment: &Assessment, at: &mut Findings) {
    let requests = assessment.treated.iter().flat_map(|treated| &treated.treatment.requests);
    let open = requests.filter(|request| request.rule_book == Answer::Unknown).count();
    if open > 0 {
        at.add(
            Severity::Note,
            "rule-book-open",
            "/treatments",
            format!("医療機関等へ求める事項のうち{open}件は、運用管理規程に定めてもらう必要があるかが未確認です。"),
            "rule_bookに yes か no を書いてください。医療機関等が規程を整えるときの手がかりになります。",
        );
    }
}
