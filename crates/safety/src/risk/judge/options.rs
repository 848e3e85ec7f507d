//! 5.1.4: the options chosen for a risk.

use shirube_catalog::OptionKind;

use super::Judged;
use super::evaluation::approver;
use crate::finding::{Findings, Severity};
use crate::risk::{Avoidance, AvoidanceAction, ResidualState, Transfer, option_term};
use crate::text::nothing;

pub(super) fn check(judged: &Judged, at: &mut Findings) {
    let (id, t, here) = (&judged.treated.treatment.id, judged.treated.treatment, &judged.here);
    let chosen = |option| t.options.contains(&option);
    if !chosen(OptionKind::Reduction) && nothing(t.no_reduction_reason.as_ref()) {
        at.add(
            Severity::Error,
            "reduction-first",
            format!("{here}/options"),
            format!("対応「{id}」は低減を選んでいませんが、その理由がありません。"),
            "対応が必要なリスクは、まず低減を検討します。no_reduction_reason に理由を書いてください。",
        );
    }
    transfer(judged, at);
    retention(judged, at);
    avoidance(judged, at);
    for (option, key, written) in [
        (OptionKind::Transfer, "transfer", t.transfer.is_some()),
        (OptionKind::Retention, "retention", t.retention.is_some()),
        (OptionKind::Avoidance, "avoidance", t.avoidance.is_some()),
    ] {
        if written && !chosen(option) {
            let rule = match option {
                OptionKind::Transfer => "transfer-not-chosen",
                OptionKind::Avoidance => "avoidance-not-chosen",
                _ => "retention-not-chosen",
            };
            let term = option_term(option);
            at.add(
                Severity::Error,
                rule,
                format!("{here}/options"),
                format!("対応「{id}」に{term}の記載（{key}）がありますが、選択肢に{term}がありません。"),
                format!("optionsに{key}を加えるか、{key}を外してください。"),
            );
        }
    }
    treats_proposals(judged, at);
}

fn transfer(judged: &Judged, at: &mut Findings) {
    let (id, t, here) = (&judged.treated.treatment.id, judged.treated.treatment, &judged.here);
    if !t.options.contains(&OptionKind::Transfer) {
        return;
    }
    if !t.options.contains(&OptionKind::Reduction) || t.measures.is_empty() {
        at.add(
            Severity::Error,
            "transfer-before-reduction",
            format!("{here}/options"),
            format!("対応「{id}」は、低減の対策がないまま移転を選んでいます。"),
            "移転は、低減した後に残るリスクに使います。先に低減の対策を書いてください。",
        );
    }
    match &t.transfer {
        None => at.add(
            Severity::Error,
            "transfer-incomplete",
            here,
            format!("対応「{id}」の移転の種類・相手方・文書がありません。"),
            format!("transfer に書いてください。{}", Transfer::MONEY_ONLY),
        ),
        Some(Transfer { expires_on: None, .. }) => at.add(
            Severity::Warning,
            "transfer-expiry-missing",
            format!("{here}/transfer"),
            format!("対応「{id}」の移転（保険や契約）の期限がありません。"),
            "expires_on に期限を書いてください。期限のない契約なら、次に見直す日を書きます。",
        ),
        Some(Transfer { expires_on: Some(expires), .. }) => {
            let issued = judged.assessment.service.document.issued_on;
            let day = issued.map_or(t.decided.on, |issued| issued.max(t.decided.on));
            if *expires < day {
                at.add(
                    Severity::Error,
                    "transfer-expired",
                    format!("{here}/transfer/expires_on"),
                    format!("対応「{id}」の移転（保険や契約）の期限{expires}は、{day}にはもう過ぎています。"),
                    "更新した契約の文書と期限を書くか、選択肢を選び直してください。",
                );
            }
        }
    }
}

fn retention(judged: &Judged, at: &mut Findings) {
    let (id, t, here) = (&judged.treated.treatment.id, judged.treated.treatment, &judged.here);
    if let Some(retention) = &t.retention {
        approver(judged.assessment.service, Some(&retention.approver), &format!("{here}/retention/approver"), at);
    }
    if !t.options.contains(&OptionKind::Retention) {
        return;
    }
    if t.retention.is_none() {
        at.add(
            Severity::Error,
            "retention-unapproved",
            here,
            format!("対応「{id}」は保有を選んでいますが、承認者と、ほかの選択肢を検討した記録がありません。"),
            "retention に、何が残るか・承認者・日・検討の結果を書いてください。",
        );
    }
    if judged.treated.residual() == ResidualState::None {
        at.add(
            Severity::Warning,
            "retention-of-nothing",
            format!("{here}/residual"),
            format!("対応「{id}」は保有を選んでいますが、残存するリスクがないとされています。"),
            "残るリスクを書くか、optionsから保有を外してください。",
        );
    }
}

fn avoidance(judged: &Judged, at: &mut Findings) {
    let (id, t, here) = (&judged.treated.treatment.id, judged.treated.treatment, &judged.here);
    let method = &judged.assessment.method;
    let extreme = judged
        .worst
        .is_some_and(|rated| rated.impact == method.worst_impact() && rated.likelihood == method.worst_likelihood());
    if !t.options.contains(&OptionKind::Avoidance) {
        if extreme && nothing(t.avoidance_considered.as_ref()) {
            at.add(
                Severity::Error,
                "avoidance-not-considered",
                here,
                format!(
                    "対応「{id}」のリスクは影響度・顕在化率がともにきわめて高いのに、回避を検討した記録がありません。"
                ),
                "回避を選ぶか、検討した結果を avoidance_considered に書いてください。",
            );
        }
        return;
    }
    let Some(avoidance) = &t.avoidance else {
        at.add(
            Severity::Error,
            "avoidance-incomplete",
            here,
            format!("対応「{id}」は回避を選んでいますが、どの情報流をやめるか又は替えるかがありません。"),
            "avoidance に、情報流のidと、廃止（abolish）か変更（replace）かを書いてください。",
        );
        return;
    };
    avoided_flow(judged, avoidance, at);
}

fn avoided_flow(judged: &Judged, avoidance: &Avoidance, at: &mut Findings) {
    let (id, here, assessment) = (&judged.treated.treatment.id, &judged.here, judged.assessment);
    let treated =
        judged.treated.risks.iter().any(|&risk| assessment.flow(&assessment.risks[risk]).id == avoidance.flow);
    if assessment.flows.get(&avoidance.flow).is_none() {
        at.add(
            Severity::Warning,
            "flow-gone",
            format!("{here}/avoidance/flow"),
            format!("回避の対象の情報流「{}」は、今のモデルにありません。", avoidance.flow),
            "すでに廃止してモデルから外したのであれば、この対応の残存するリスクを確かめてください。",
        );
    } else if !treated {
        at.add(
            Severity::Error,
            "avoidance-elsewhere",
            format!("{here}/avoidance/flow"),
            format!(
                "対応「{id}」は情報流「{}」を回避しますが、対応するリスクはどれもその情報流のものではありません。",
                avoidance.flow
            ),
            "リスクの生じる情報流のidを書いてください。",
        );
    }
    if avoidance.action == AvoidanceAction::Replace && nothing(avoidance.replacement.as_ref()) {
        at.add(
            Severity::Error,
            "replacement-missing",
            format!("{here}/avoidance/replacement"),
            format!("対応「{id}」は情報流を別のものに変更しますが、何に替えるかがありません。"),
            "replacementに、代わりの情報流のid又は手段を書いてください。",
        );
    } else if avoidance.replacement.as_ref().is_some_and(|new| *new == avoidance.flow) {
        at.add(
            Severity::Error,
            "replacement-same",
            format!("{here}/avoidance/replacement"),
            format!("対応「{id}」の代わりの情報流が、回避する情報流と同じです。"),
            "代わりの情報流のid又は手段を書いてください。",
        );
    }
}

/// A treatment answers decided risks; a proposal is no ground to build on.
fn treats_proposals(judged: &Judged, at: &mut Findings) {
    let assessment = judged.assessment;
    for (r, id) in judged.treated.treatment.risks.iter().enumerate() {
        let Some(risk) = assessment.risk(id).filter(|risk| risk.signed().is_none()) else { continue };
        at.add(
            Severity::Warning,
            "treatment-before-decision",
            format!("{}/risks/{r}", judged.here),
            format!(
                "対応「{}」のリスク{}（{}）は、影響度と顕在化率がまだ案のままです。",
                judged.treated.treatment.id,
                risk.number,
                risk.text().trim_end_matches('。')
            ),
            "先にdecisionsでリスクの分析と評価を決めてください。",
        );
    }
}
