//! 5.1.5(3): residual risk is evaluated again, and what cannot be accepted goes back (TREAT-020).

use shirube_catalog::{OptionKind, RankBand, RankRule};

use super::Judged;
use super::evaluation::approver;
use crate::finding::{Findings, Severity};
use crate::model::Answer;
use crate::risk::{Assessment, MeasureStatus, RequestStatus, Residual, ResidualState};
use crate::text::nothing;

pub(super) fn check(judged: &Judged, at: &mut Findings) {
    let (id, t) = (&judged.treated.treatment.id, judged.treated.treatment);
    let pointer = format!("{}/residual", judged.here);
    match judged.treated.residual() {
        ResidualState::NotAssessed => at.add(
            Severity::Warning,
            "residual-not-assessed",
            if t.residual.is_some() { &pointer } else { &judged.here },
            format!("対応「{id}」の残存するリスクが評価されていません。"),
            "残らないなら residual に none: true を、残るなら text・impact・likelihood・acceptable を書いてください。",
        ),
        ResidualState::None => grounds(judged, true, &pointer, at),
        ResidualState::Remains { impact, likelihood, .. } => match judged.assessment.band(impact, likelihood) {
            None => at.add(
                Severity::Error,
                "value-outside-scale",
                pointer,
                format!("対応「{id}」の残存するリスクの値が、この方法の尺度にありません。"),
                "影響度と顕在化率を尺度の範囲で書いてください。",
            ),
            Some(band) => {
                let value = judged.assessment.method.value(impact, likelihood);
                values(judged, (impact, likelihood), value, &pointer, at);
                acceptance(judged, band, &pointer, at);
                grounds(judged, judged.worst.is_some_and(|before| value < before.value), &pointer, at);
            }
        },
    }
}

/// What remains against what was there before. While that is only proposed, nothing can be said of it.
fn values(judged: &Judged, (impact, likelihood): (u8, u8), value: u16, pointer: &str, at: &mut Findings) {
    let t = judged.treated.treatment;
    let Some(before) = judged.worst.filter(|before| before.decided) else { return };
    if value > before.value {
        at.add(
            Severity::Error,
            "residual-higher",
            pointer,
            format!("対応「{}」の残存するリスク（{value}）が、対応前より大きくなっています。", t.id),
            "値を確かめてください。",
        );
        return;
    }
    for (key, term, rule, now, was) in [
        ("impact", "影響度", "residual-impact-raised", impact, before.impact),
        ("likelihood", "顕在化率", "residual-likelihood-raised", likelihood, before.likelihood),
    ] {
        if now > was {
            at.add(
                Severity::Error,
                rule,
                format!("{pointer}/{key}"),
                format!("対応「{}」の残存するリスクの{term}（{now}）が、対応前（{was}）より大きくなっています。", t.id),
                "対策で大きくなることはありません。値を確かめてください。",
            );
        }
    }
    let reason = t.residual.as_ref().and_then(|residual| residual.impact_reason.as_ref());
    if impact < before.impact && nothing(reason) {
        at.add(
            Severity::Warning,
            "residual-impact-unreasoned",
            format!("{pointer}/impact"),
            format!("対応「{}」の後の影響度が{}から{impact}に下がる理由がありません。", t.id, before.impact),
            "対策の多くは顕在化率を下げるだけです。被害そのものが小さくなる理由をimpact_reasonに書いてください。",
        );
    }
}

/// Whether somebody accepts what remains, and may.
fn acceptance(judged: &Judged, band: &RankBand, pointer: &str, at: &mut Findings) {
    let (t, rank) = (judged.treated.treatment, band.rank.0);
    let Some(residual) = &t.residual else { return };
    approver(judged.assessment.service, residual.approver.as_ref(), &format!("{pointer}/approver"), at);
    match residual.acceptable {
        Answer::No => at.add(
            Severity::Error,
            "residual-unacceptable",
            pointer,
            format!("対応「{}」の残存するリスクは許容できないと評価されています。", t.id),
            "選択肢と対策を選び直してください。これまでの検討は earlier に移して残します。",
        ),
        Answer::Unknown => at.add(
            Severity::Warning,
            "residual-open",
            pointer,
            format!("対応「{}」の残存するリスク（{rank}）を許容できるかが決まっていません。", t.id),
            "acceptable に yes か no を書いてください。",
        ),
        Answer::Yes if band.rule.binds() => above_criteria(judged, residual, band, pointer, at),
        Answer::Yes => {}
    }
    // What remains is either so small that the criteria ask for nothing, or somebody took it on by name.
    if band.rule != RankRule::None && t.retention.is_none() {
        at.add(
            Severity::Warning,
            "residual-without-retention",
            pointer,
            format!("対応「{}」に残るリスクレベル{rank}のリスクについて、保有の決定がありません。", t.id),
            "残るリスクを承知して引き受けるなら、options に retention を加え、retention に承認者と検討の結果を書いてください。",
        );
    }
}

/// A risk that the criteria want treated is not acceptable by a word; it takes somebody's name, and stays visible.
fn above_criteria(judged: &Judged, residual: &Residual, band: &RankBand, pointer: &str, at: &mut Findings) {
    let (t, rank) = (judged.treated.treatment, band.rank.0);
    if nothing(residual.approver.as_ref()) || t.retention.is_none() {
        at.add(
            Severity::Error,
            "residual-above-criteria",
            pointer,
            format!(
                "対応「{}」に残るリスクレベル{rank}は「{}」とされる高さですが、許容できるとされています。",
                t.id,
                band.rule.term()
            ),
            "対策を選び直すか、管理責任者の承認（residualのapprover）と保有の決定（retention）を書いてください。",
        );
    } else {
        at.add(
            Severity::Warning,
            "residual-above-criteria",
            pointer,
            format!("対応「{}」では、基準を超えるリスクレベル{rank}のリスクを承認の上で保有しています。", t.id),
            "医療機関等に説明し、次の見直しで下げられないかを確かめてください。",
        );
    }
}

/// What a lower residual risk rests on.
fn grounds(judged: &Judged, lower: bool, pointer: &str, at: &mut Findings) {
    let (id, t) = (&judged.treated.treatment.id, judged.treated.treatment);
    let other = [OptionKind::Avoidance, OptionKind::Transfer].iter().any(|option| t.options.contains(option));
    let asked = t.requests.iter().any(|request| request.status != RequestStatus::Refused);
    if !lower || other {
        return;
    }
    if t.measures.is_empty() && !asked {
        at.add(
            Severity::Error,
            "residual-without-measure",
            pointer,
            format!(
                "対応「{id}」には対策も医療機関等へ求める事項もないのに、残存するリスクが対応前より小さくなっています。"
            ),
            "保有だけでは、リスクは小さくなりません。対策を書くか、対応前と同じ値を書いてください。",
        );
    }
    let open = |status| matches!(status, Some(MeasureStatus::Planned | MeasureStatus::InProgress));
    if !t.measures.is_empty() && t.measures.iter().all(|measure| open(measure.status)) {
        at.add(
            Severity::Warning,
            "residual-counts-on-plans",
            pointer,
            format!("対応「{id}」の残存するリスクは、まだ終わっていない対策だけを前提に評価されています。"),
            "対策を終えるまでは、対応前のリスクが続きます。一覧には「（対策の完了後）」と示します。",
        );
    }
}

/// One risk cannot remain in two ways.
pub(super) fn twice(assessment: &Assessment, at: &mut Findings) {
    for treated in &assessment.treated {
        let state = treated.residual();
        for (r, id) in treated.treatment.risks.iter().enumerate() {
            let Some(risk) = assessment.risk_index(id) else { continue };
            let first = assessment.treatments_of(risk).find(|other| other.residual() != ResidualState::NotAssessed);
            let Some(first) = first.filter(|first| first.at < treated.at) else { continue };
            if state == ResidualState::NotAssessed || same(first.residual(), state) {
                continue;
            }
            at.add(
                Severity::Error,
                "risk-treated-twice",
                format!("/treatments/{}/risks/{r}", treated.at),
                format!(
                    "リスク{}の残存するリスクが、対応「{}」と「{}」で食い違っています。",
                    assessment.risks[risk].number, first.treatment.id, treated.treatment.id
                ),
                "二つの対応を合わせた後に残るリスクを、両方に同じ値で書いてください。",
            );
        }
    }
}

fn same(one: ResidualState, other: ResidualState) -> bool {
    let values = |state| match state {
        ResidualState::Remains { impact, likelihood, .. } => Some((impact, likelihood)),
        ResidualState::None | ResidualState::NotAssessed => None,
    };
    values(one) == values(other)
}
