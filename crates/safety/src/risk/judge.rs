//! Rules of evaluation and treatment (guideline 5.1.3 to 5.1.5), as findings on people's decisions.

use std::collections::BTreeSet;

use shirube_catalog::{ControlId, OptionKind, RankRule, Viewpoint};

use super::{Assessment, Decision, Rated, Residual, ResidualState, Treated};
use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{Answer, Frequency, InformationKind, Volume};

/// Judges what people decided, and counts what nobody has decided.
pub fn judge(assessment: &Assessment) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Assessment, list: &mut findings };
    open_points(assessment, &mut at);
    for (i, decision) in assessment.decisions.decisions.iter().enumerate() {
        evaluation(assessment, i, decision, &mut at);
    }
    for treated in &assessment.treated {
        treatment(assessment, treated, &mut at);
    }
    untreated(assessment, &mut at);
    findings
}

/// What stays 案, and whether anyone looked beyond the ten threats (RISK-003).
fn open_points(assessment: &Assessment, at: &mut Findings) {
    let counts = assessment.counts();
    let open = counts.risks - counts.decided;
    if open > 0 {
        at.add(
            Severity::Warning,
            "risk-undecided",
            "/decisions",
            format!("{}件のリスクのうち{open}件は案のままで、人の決定がありません。", counts.risks),
            "shirube assess で案を確かめ、影響度・顕在化率・理由・決めた人と日を decisions に書いてください。",
        );
    }
    if assessment.decisions.threats_reviewed.is_none() {
        at.add(
            Severity::Warning,
            "threats-not-reviewed",
            "",
            "代表的な十の脅威のほかに脅威がないかを検討した記録がありません。",
            "十の脅威はすべてを網羅するものではありません。検討した人・日・結果を threats_reviewed に書いてください。",
        );
    }
    for (i, own) in assessment.decisions.threats.iter().enumerate() {
        if assessment.library.provider.threat(&own.id).is_some() {
            at.add(
                Severity::Error,
                "threat-reserved",
                format!("/threats/{i}/id"),
                format!("「{}」は代表的な脅威のidです。", own.id),
                "独自の脅威のidは「OWN-」で始めてください。",
            );
        }
    }
}

/// 5.1.2 and 5.1.3 on one decision.
fn evaluation(assessment: &Assessment, i: usize, decision: &Decision, at: &mut Findings) {
    let here = format!("/decisions/{i}");
    let (worst_impact, worst_likelihood) = (assessment.method.worst_impact(), assessment.method.worst_likelihood());
    for (key, term, value, worst) in [
        ("impact", "影響度", decision.impact, worst_impact),
        ("likelihood", "顕在化率", decision.likelihood, worst_likelihood),
    ] {
        if value > worst {
            at.add(
                Severity::Error,
                "value-outside-scale",
                format!("{here}/{key}"),
                format!("{term}{value}は、この方法の尺度（1～{worst}）にありません。"),
                format!("1から{worst}までの値を書いてください。"),
            );
        }
    }
    let Some(band) = assessment.band(decision.impact, decision.likelihood) else {
        return;
    };
    let rank = band.rank.0;
    match (band.rule, decision.needed) {
        (RankRule::SeveralMeasures | RankRule::Treat, Some(false))
            if decision.approver.is_none() || decision.needed_reason.is_none() =>
        {
            at.add(
                Severity::Error,
                "needed-against-criteria",
                format!("{here}/needed"),
                format!("リスクレベル{rank}は「{}」ですが、対応要否が「不要」です。", band.rule.term()),
                "「要」にするか、承認者（approver）と理由（needed_reason）を書いてください。",
            )
        }
        (RankRule::Judge, None) => at.add(
            Severity::Warning,
            "needed-open",
            here.clone(),
            format!("リスクレベル{rank}は個別に判断しますが、対応要否が決まっていません。"),
            "needed に true か false を、needed_reason に理由を書いてください。",
        ),
        (RankRule::Judge, Some(_)) if decision.needed_reason.is_none() => at.add(
            Severity::Warning,
            "needed-without-reason",
            format!("{here}/needed"),
            format!("リスクレベル{rank}の対応要否に理由がありません。"),
            "needed_reason に理由を書いてください。",
        ),
        _ => {}
    }
    low_impact(assessment, decision, &here, at);
}

/// 5.1.2: patients' information handled often and in mass has the greatest impact (RISK-009).
fn low_impact(assessment: &Assessment, decision: &Decision, here: &str, at: &mut Findings) {
    let massive = decision.risks.iter().filter_map(|id| assessment.risk(id)).any(|risk| {
        let information = &assessment.system.information[assessment.flow(risk).information];
        information.kind == InformationKind::Patient
            && information.volume == Volume::Large
            && information.frequency == Frequency::Frequent
    });
    if massive && decision.impact < assessment.method.worst_impact() {
        at.add(
            Severity::Warning,
            "impact-low",
            format!("{here}/impact"),
            format!("患者個人情報を頻繁かつ大量に扱う情報流で、影響度が{}です。", decision.impact),
            "影響度はきわめて大きいとみるのが通例です。低くみる根拠が理由に書かれているか確かめてください。",
        );
    }
}

/// 5.1.4 and 5.1.5 on one treatment.
fn treatment(assessment: &Assessment, treated: &Treated, at: &mut Findings) {
    let here = format!("/treatments/{}", treated.at);
    let worst = treated
        .risks
        .iter()
        .filter_map(|&risk| assessment.rated(&assessment.risks[risk]))
        .max_by_key(|rated| (rated.value, rated.impact));
    options(assessment, treated, worst, &here, at);
    measures(assessment, treated, worst, &here, at);
    residual(assessment, treated, worst, &here, at);
}

fn options(assessment: &Assessment, treated: &Treated, worst: Option<Rated>, here: &str, at: &mut Findings) {
    let (id, t) = (&treated.treatment.id, treated.treatment);
    let chosen = |option| t.options.contains(&option);
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    if !chosen(OptionKind::Reduction) && blank(&t.no_reduction_reason) {
        at.add(
            Severity::Error,
            "reduction-first",
            format!("{here}/options"),
            format!("対応「{id}」は低減を選んでいませんが、その理由がありません。"),
            "対応が必要なリスクは、まず低減を検討します。no_reduction_reason に理由を書いてください。",
        );
    }
    if chosen(OptionKind::Transfer) {
        if !chosen(OptionKind::Reduction) || t.measures.is_empty() {
            at.add(
                Severity::Error,
                "transfer-before-reduction",
                format!("{here}/options"),
                format!("対応「{id}」は、低減の対策がないまま移転を選んでいます。"),
                "移転は、低減した後に残るリスクに使います。先に低減の対策を書いてください。",
            );
        }
        if t.transfer.is_none() {
            at.add(
                Severity::Error,
                "transfer-incomplete",
                here,
                format!("対応「{id}」の移転の種類・相手方・文書がありません。"),
                "transfer に書いてください。保険で備えられるのは金銭の損失だけです。",
            );
        }
    }
    if chosen(OptionKind::Retention) && t.retention.is_none() {
        at.add(
            Severity::Error,
            "retention-unapproved",
            here,
            format!("対応「{id}」は保有を選んでいますが、承認者と、ほかの選択肢を検討した記録がありません。"),
            "retention に、何が残るか・承認者・日・検討の結果を書いてください。",
        );
    }
    if chosen(OptionKind::Avoidance) {
        match &t.avoidance {
            None => at.add(
                Severity::Error,
                "avoidance-incomplete",
                here,
                format!("対応「{id}」は回避を選んでいますが、どの情報流をやめるか又は替えるかがありません。"),
                "avoidance に、情報流のidと、廃止（abolish）か変更（replace）かを書いてください。",
            ),
            Some(avoidance) if assessment.flows.get(&avoidance.flow).is_none() => at.add(
                Severity::Warning,
                "flow-gone",
                format!("{here}/avoidance/flow"),
                format!("回避の対象の情報流「{}」は、今のモデルにありません。", avoidance.flow),
                "すでに廃止してモデルから外したのであれば、この対応の残存するリスクを確かめてください。",
            ),
            Some(_) => {}
        }
    }
    let extreme = worst.is_some_and(|rated| {
        rated.impact == assessment.method.worst_impact() && rated.likelihood == assessment.method.worst_likelihood()
    });
    if extreme && !chosen(OptionKind::Avoidance) && blank(&t.avoidance_considered) {
        at.add(
            Severity::Error,
            "avoidance-not-considered",
            here,
            format!("対応「{id}」のリスクは影響度・顕在化率がともにきわめて高いのに、回避を検討した記録がありません。"),
            "回避を選ぶか、検討した結果を avoidance_considered に書いてください。",
        );
    }
}

fn measures(assessment: &Assessment, treated: &Treated, worst: Option<Rated>, here: &str, at: &mut Findings) {
    let (id, t) = (&treated.treatment.id, treated.treatment);
    if t.options.contains(&OptionKind::Reduction) && t.measures.is_empty() {
        at.add(
            Severity::Error,
            "measure-missing",
            here,
            format!("対応「{id}」は低減を選んでいますが、対象事業者が実施する対策がありません。"),
            "measures に、観点と内容を書いてください。",
        );
    }
    let several = worst.is_some_and(|rated| rated.rule == RankRule::SeveralMeasures);
    if several && t.measures.len() < 2 {
        let rank = worst.map_or('?', |rated| rated.rank);
        at.add(
            Severity::Error,
            "measures-too-few",
            format!("{here}/measures"),
            format!("リスクレベル{rank}には複数の対策が要りますが、対応「{id}」の対策は{}件です。", t.measures.len()),
            "異なる観点の対策を組み合わせてください。",
        );
    }
    let viewpoints: BTreeSet<Viewpoint> = t.measures.iter().map(|measure| measure.viewpoint).collect();
    if viewpoints.len() == 1 && t.single_viewpoint_reason.is_none() {
        let only = viewpoints.first().map_or("", |viewpoint| viewpoint.term());
        let with_request = if t.requests.iter().any(|request| !viewpoints.contains(&request.viewpoint)) {
            "別の観点は、医療機関等へ求める事項だけです。"
        } else {
            ""
        };
        at.add(
            Severity::Warning,
            "single-viewpoint",
            format!("{here}/measures"),
            format!("対応「{id}」で対象事業者が実施する対策は{only}だけです。{with_request}"),
            "ほかの観点の対策を加えるか、足りる理由を single_viewpoint_reason に書いてください。",
        );
    }
    for (m, measure) in t.measures.iter().enumerate() {
        for (c, text) in measure.controls.iter().enumerate() {
            control(assessment, text, format!("{here}/measures/{m}/controls/{c}"), at);
        }
        if let Some(actor) = &measure.actor
            && !assessment.service.parties.iter().any(|party| &party.id == actor)
        {
            at.add(
                Severity::Error,
                "reference-missing",
                format!("{here}/measures/{m}/actor"),
                format!("「{actor}」は組織（parties）の一覧にありません。"),
                "shirube.yaml の parties に加えるか、正しいidに直してください。",
            );
        }
    }
}

/// A control id that does not exist is named.
fn control(assessment: &Assessment, text: &str, pointer: String, at: &mut Findings) {
    let message = match text.parse::<ControlId>() {
        Ok(id) if assessment.library.provider.control(id).is_some() => return,
        Ok(id) => format!("対策項目「{id}」は、別紙2にありません。"),
        Err(error) => format!("{error}。"),
    };
    at.add(Severity::Error, "control-unknown", pointer, message, "shirube catalog search で番号を確かめてください。");
}

/// 5.1.5(3): residual risk is evaluated again, and what cannot be accepted goes back (TREAT-020).
fn residual(assessment: &Assessment, treated: &Treated, worst: Option<Rated>, here: &str, at: &mut Findings) {
    let (id, t) = (&treated.treatment.id, treated.treatment);
    let pointer = format!("{here}/residual");
    match treated.residual() {
        ResidualState::NotAssessed => at.add(
            Severity::Warning,
            "residual-not-assessed",
            if t.residual.is_some() { pointer } else { here.to_owned() },
            format!("対応「{id}」の残存するリスクが評価されていません。"),
            "残らないなら residual に none: true を、残るなら text・impact・likelihood・acceptable を書いてください。",
        ),
        ResidualState::None => {}
        ResidualState::Remains { impact, likelihood, .. } => {
            let Some(band) = assessment.band(impact, likelihood) else {
                at.add(
                    Severity::Error,
                    "value-outside-scale",
                    pointer,
                    format!("対応「{id}」の残存するリスクの値が、この方法の尺度にありません。"),
                    "影響度と顕在化率を尺度の範囲で書いてください。",
                );
                return;
            };
            remaining(assessment, treated, worst, impact, likelihood, band.rank.0, &pointer, at);
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn remaining(
    assessment: &Assessment,
    treated: &Treated,
    worst: Option<Rated>,
    impact: u8,
    likelihood: u8,
    rank: char,
    pointer: &str,
    at: &mut Findings,
) {
    let (id, t) = (&treated.treatment.id, treated.treatment);
    let value = assessment.method.value(impact, likelihood);
    if worst.is_some_and(|rated| rated.decided && value > rated.value) {
        at.add(
            Severity::Error,
            "residual-higher",
            pointer,
            format!("対応「{id}」の残存するリスク（{value}）が、対応前より大きくなっています。"),
            "値を確かめてください。",
        );
    }
    match t.residual.as_ref().map(|residual: &Residual| residual.acceptable) {
        Some(Answer::No) => at.add(
            Severity::Error,
            "residual-unacceptable",
            pointer,
            format!("対応「{id}」の残存するリスクは許容できないと評価されています。"),
            "選択肢と対策を選び直してください。これまでの検討は earlier に移して残します。",
        ),
        Some(Answer::Unknown) | None => at.add(
            Severity::Warning,
            "residual-open",
            pointer,
            format!("対応「{id}」の残存するリスク（{rank}）を許容できるかが決まっていません。"),
            "acceptable に yes か no を書いてください。",
        ),
        Some(Answer::Yes) => {}
    }
    // What remains is either so small that the criteria ask for nothing, or somebody took it on by name.
    let small = assessment.method.band(value).is_some_and(|band| band.rule == RankRule::None);
    if !small && t.retention.is_none() {
        at.add(
            Severity::Warning,
            "residual-without-retention",
            pointer,
            format!("対応「{id}」に残るリスクレベル{rank}のリスクについて、保有の決定がありません。"),
            "残るリスクを承知して引き受けるなら、options に retention を加え、retention に承認者と検討の結果を書いてください。",
        );
    }
}

/// Decided risks that need treatment and have none.
fn untreated(assessment: &Assessment, at: &mut Findings) {
    let mut treated = vec![false; assessment.risks.len()];
    assessment.treated.iter().flat_map(|t| &t.risks).for_each(|&risk| treated[risk] = true);
    for (i, decision) in assessment.decisions.decisions.iter().enumerate() {
        for (r, id) in decision.risks.iter().enumerate() {
            let Some(at_risk) = assessment.risk_index(id) else {
                continue;
            };
            let risk = &assessment.risks[at_risk];
            let Some(rated) = assessment.rated(risk) else {
                continue;
            };
            if treated[at_risk] || rated.needed != Some(true) {
                continue;
            }
            let severity = match rated.rule {
                RankRule::SeveralMeasures | RankRule::Treat => Severity::Error,
                _ => Severity::Warning,
            };
            at.add(
                severity,
                "risk-untreated",
                format!("/decisions/{i}/risks/{r}"),
                format!(
                    "対応が「要」のリスク{}（{}、リスクレベル{}）に対応がありません。",
                    risk.number,
                    risk.text().trim_end_matches('。'),
                    rated.rank
                ),
                "treatments に、選択肢と対策を書いてください。",
            );
        }
    }
}
