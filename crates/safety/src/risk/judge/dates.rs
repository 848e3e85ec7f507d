//! Days: nothing is decided after it was issued, and the whole is looked at again every year (RISK-019).

use crate::finding::{Findings, Severity};
use crate::model::Date;
use crate::risk::Assessment;

pub(super) fn check(assessment: &Assessment, at: &mut Findings) {
    if let Some(issued) = assessment.service.document.issued_on {
        after_issue(assessment, issued, at);
    }
    reviews(assessment, at);
}

fn after_issue(assessment: &Assessment, issued: Date, at: &mut Findings) {
    let file = assessment.decisions;
    let decisions = file.decisions.iter().enumerate();
    let decisions = decisions.map(|(i, decision)| (format!("/decisions/{i}/decided/on"), "決定", decision.decided.on));
    let treatments = file.treatments.iter().enumerate().flat_map(|(i, t)| {
        let retained = t.retention.as_ref().map(|r| (format!("/treatments/{i}/retention/on"), "保有の承認", r.on));
        [Some((format!("/treatments/{i}/decided/on"), "対応の決定", t.decided.on)), retained].into_iter().flatten()
    });
    for (pointer, what, on) in decisions.chain(treatments).filter(|(_, _, on)| *on > issued) {
        at.add(
            Severity::Error,
            "decided-after-issue",
            pointer,
            format!("{what}の日（{on}）が、文書の発行日（{issued}）より後になっています。"),
            "決めてから発行します。どちらかの日付を直してください。",
        );
    }
}

fn reviews(assessment: &Assessment, at: &mut Findings) {
    let reviews = &assessment.decisions.reviews;
    let Some((last, review)) = reviews.iter().enumerate().max_by_key(|(_, review)| review.on) else {
        // Before a first issue there is nothing to look back on yet.
        let issued = assessment.service.document.issued_on.is_some();
        at.add(
            if issued { Severity::Warning } else { Severity::Note },
            "review-missing",
            "/reviews",
            "リスクマネジメントの見直しの記録がありません。",
            "年に1回以上、妥当性と有効性を見直します。日・きっかけ・参加した人・結果・次の予定をreviewsに書いてください。",
        );
        return;
    };
    if review.next_on <= review.on {
        at.add(
            Severity::Error,
            "review-order",
            format!("/reviews/{last}/next_on"),
            format!("次に見直す日（{}）が、見直した日（{}）より後になっていません。", review.next_on, review.on),
            "日付を直してください。",
        );
    }
    let issued = assessment.service.document.issued_on.filter(|issued| *issued > review.next_on);
    if let Some(issued) = issued {
        at.add(
            Severity::Warning,
            "review-overdue",
            format!("/reviews/{last}/next_on"),
            format!("次の見直しの予定日（{}）が、文書の発行日（{issued}）にはもう過ぎています。", review.next_on),
            "見直して、その記録をreviewsに加えてください。",
        );
    }
}
