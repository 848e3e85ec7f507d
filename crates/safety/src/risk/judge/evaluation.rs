//! 5.1.2 and 5.1.3: the values a person gave, and whether the risk is to be treated.

use shirube_catalog::RankRule;

use super::factors;
use crate::finding::{Findings, Severity};
use crate::model::{Frequency, InformationKind, RoleKind, ServiceFile, Volume};
use crate::risk::{Assessment, Decision};
use crate::text::nothing;

pub(super) fn check(assessment: &Assessment, at: &mut Findings) {
    for (i, decision) in assessment.decisions.decisions.iter().enumerate() {
        let here = format!("/decisions/{i}");
        values(assessment, decision, &here, at);
        needed(assessment, decision, &here, at);
        low_impact(assessment, decision, &here, at);
        factors::check(assessment, decision, &here, at);
        approver(assessment.service, decision.approver.as_ref(), &format!("{here}/approver"), at);
        outdated(assessment, decision, &here, at);
    }
    owners(assessment, at);
}

fn values(assessment: &Assessment, decision: &Decision, here: &str, at: &mut Findings) {
    let (worst_impact, worst_likelihood) = (assessment.method.worst_impact(), assessment.method.worst_likelihood());
    for (key, term, value, worst) in [
        ("impact", "影響度", decision.impact, worst_impact),
        ("likelihood", "顕在化率", decision.likelihood, worst_likelihood),
    ] {
        if !(1..=worst).contains(&value) {
            at.add(
                Severity::Error,
                "value-outside-scale",
                format!("{here}/{key}"),
                format!("{term}{value}は、この方法の尺度（1～{worst}）にありません。"),
                format!("1から{worst}までの値を書いてください。"),
            );
        }
    }
    if let Some(on) = decision.impact_on.as_ref().filter(|on| on.worst() != decision.impact) {
        at.add(
            Severity::Error,
            "impact-mismatch",
            format!("{here}/impact_on"),
            format!(
                "影響度は{}ですが、機密性{}・完全性{}・可用性{}のうち最も大きいものは{}です。",
                decision.impact,
                on.confidentiality,
                on.integrity,
                on.availability,
                on.worst()
            ),
            "影響度は三つを合わせてみます。どちらかを直してください。",
        );
    }
}

fn needed(assessment: &Assessment, decision: &Decision, here: &str, at: &mut Findings) {
    let Some(band) = assessment.band(decision.impact, decision.likelihood) else {
        return;
    };
    let rank = band.rank.0;
    let unreasoned = nothing(decision.needed_reason.as_ref());
    match (band.rule, decision.needed) {
        (RankRule::SeveralMeasures | RankRule::Treat, Some(false))
            if nothing(decision.approver.as_ref()) || unreasoned =>
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
            here,
            format!("リスクレベル{rank}は個別に判断しますが、対応要否が決まっていません。"),
            "needed に true か false を、needed_reason に理由を書いてください。",
        ),
        (RankRule::Judge, Some(_)) | (RankRule::None, Some(true)) if unreasoned => at.add(
            Severity::Warning,
            "needed-without-reason",
            format!("{here}/needed"),
            format!("リスクレベル{rank}の対応要否に理由がありません。"),
            "needed_reason に理由を書いてください。",
        ),
        _ => {}
    }
}

/// 5.1.2: patients' information handled often and in mass has the greatest impact (RISK-009).
fn low_impact(assessment: &Assessment, decision: &Decision, here: &str, at: &mut Findings) {
    let massive = decision.risks.iter().filter_map(|id| assessment.risk(id)).any(|risk| {
        let flow = assessment.flow(risk);
        flow.information_kind(assessment.system) == InformationKind::Patient
            && flow.volume == Volume::Large
            && flow.frequency == Frequency::Frequent
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

/// Who takes on what the criteria would not is the 管理責任者 (RISK-013).
pub(super) fn approver(service: &ServiceFile, approver: Option<&String>, pointer: &str, at: &mut Findings) {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let Some(text) = approver.map(|text| bare(text)) else { return };
    let responsible = service.roles.iter().filter(|role| role.role == RoleKind::FinalResponsible);
    let names: Vec<String> = responsible.map(|role| bare(&role.name)).filter(|name| !name.is_empty()).collect();
    if !names.is_empty() && !names.iter().any(|name| text.contains(name) || name.contains(&text)) {
        at.add(
            Severity::Warning,
            "approver-unknown",
            pointer,
            format!("承認者「{}」は、管理責任者として書かれた人ではありません。", approver.map_or("", String::as_str)),
            "管理責任者の承認を受け、shirube.yamlのrolesに書いた役職と氏名のとおりに書いてください。",
        );
    }
}

/// FLOW-016: a decision outlives its facts only where somebody looks at it again.
fn outdated(assessment: &Assessment, decision: &Decision, here: &str, at: &mut Findings) {
    let risks = || decision.risks.iter().filter_map(|id| assessment.risk(id));
    let level = |impact, likelihood| {
        let rank = assessment.band(impact, likelihood).map_or('？', |band| band.rank.0);
        format!("{rank}（{}）", assessment.method.value(impact, likelihood))
    };
    let decided = level(decision.impact, decision.likelihood);
    let (by, on) = (&decision.decided.by, decision.decided.on);
    if risks().any(|risk| risk.outdated) {
        let now: Vec<String> = risks()
            .take(5)
            .map(|risk| match &risk.proposal {
                Some(proposal) => format!("{}の案は{}", risk.number, level(proposal.impact, proposal.likelihood)),
                None => risk.number.clone(),
            })
            .collect();
        let more = if risks().count() > now.len() { "など" } else { "" };
        at.add(
            Severity::Warning,
            "decision-outdated",
            format!("{here}/basis"),
            format!("{by}さんが{on}に{decided}と決めた前提が変わりました（今、{}{more}）。", now.join("、")),
            "情報流・機器・分類の変更を確かめて見直し、決めた日とbasisを改めてください。今のbasisは shirube assess --format json で分かります。",
        );
    }
    if decision.basis.is_some() {
        return;
    }
    let value = assessment.method.value(decision.impact, decision.likelihood);
    let higher: Vec<String> = risks()
        .filter_map(|risk| {
            let proposal = risk.proposal.as_ref()?;
            let proposed = assessment.method.value(proposal.impact, proposal.likelihood);
            let on_scale = assessment.band(decision.impact, decision.likelihood).is_some();
            (on_scale && proposed > value)
                .then(|| format!("{}の案は今{}", risk.number, level(proposal.impact, proposal.likelihood)))
        })
        .collect();
    if let Some(first) = higher.first() {
        let more =
            if higher.len() > 1 { format!("（ほか{}件も同じ）", higher.len() - 1) } else { String::new() };
        at.add(
            Severity::Note,
            "decision-lower",
            here,
            format!("{first}ですが、{by}さんによる{on}の決定は{decided}です{more}。"),
            "前提が変わっていないかを確かめてください。確かめた前提をbasisに写すと、次からは変わったときにだけ知らせます。",
        );
    }
}

/// RISK-005: every risk to be treated has somebody who answers for it.
fn owners(assessment: &Assessment, at: &mut Findings) {
    let without = assessment.risks.iter().filter(|risk| {
        let needed = assessment.rated(risk).is_some_and(|rated| rated.needed == Some(true));
        needed && risk.decision().is_some_and(|decision| nothing(decision.owner.as_ref()))
    });
    let count = without.count();
    if count > 0 {
        at.add(
            Severity::Warning,
            "risk-owner-missing",
            "/decisions",
            format!("対応が「要」の決定のうち、リスク{count}件にリスク所有者が書かれていません。"),
            "ownerに、そのリスクに責任を持つ人（役職と氏名）を書いてください。",
        );
    }
}

/// Decided risks that need treatment and have none.
pub(super) fn untreated(assessment: &Assessment, at: &mut Findings) {
    for (i, decision) in assessment.decisions.decisions.iter().enumerate() {
        for (r, id) in decision.risks.iter().enumerate() {
            let Some(index) = assessment.risk_index(id) else { continue };
            let risk = &assessment.risks[index];
            let Some(rated) = assessment.rated(risk) else { continue };
            if rated.needed != Some(true) || assessment.treatments_of(index).next().is_some() {
                continue;
            }
            at.add(
                if rated.rule.binds() { Severity::Error } else { Severity::Warning },
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
