//! 5.1.2 and 5.1.3: the values a person gave, and whether the risk is to be treated.

use shirube_catalog::RankRule;

use super::factors;
use crate::finding::{Findings, Severity};
use crate::model::{Frequency, InformationKind, RoleKind, ServiceFile, Volume};
use crate::risk::{Assessment, Decision, Risk};
use crate::text::nothing;

pub(super) fn check(assessment: &Assessment, at: &mut Findings) {
    for (i, decision) in assessment.decisions.decisions.iter().enumerate() {
        let here = format!("/decisions/{i}");
        own_values(decision, &here, at);
        for setting in settings(decision, &here) {
            values(assessment, decision, &setting, at);
            needed(assessment, decision, &setting, at);
            low_impact(assessment, &setting, at);
        }
        properties(decision, &here, at);
        factors::check(assessment, decision, &here, at);
        approver(assessment.service, decision.approver.as_ref(), &format!("{here}/approver"), at);
        outdated(assessment, decision, &here, at);
    }
    owners(assessment, at);
}

/// One pair of values of a decision, with the risks it is for (RISK-017).
struct Setting<'a> {
    /// Pointer to where it is written.
    here: String,
    /// Of a single risk.
    own: bool,
    impact: u8,
    likelihood: u8,
    risks: Vec<&'a str>,
}

/// The values of all, then those of single risks.
fn settings<'a>(decision: &'a Decision, here: &str) -> Vec<Setting<'a>> {
    let own = |risk: &&str| decision.each.iter().any(|own| own.risk == *risk);
    let risks: Vec<&str> = decision.risks.iter().map(String::as_str).filter(|risk| !own(risk)).collect();
    let (impact, likelihood) = (decision.impact, decision.likelihood);
    let common = Setting { here: here.to_owned(), own: false, impact, likelihood, risks };
    let own = decision.each.iter().enumerate().map(|(at, own)| {
        let (impact, likelihood) = decision.values_of(&own.risk);
        Setting { here: format!("{here}/each/{at}"), own: true, impact, likelihood, risks: vec![own.risk.as_str()] }
    });
    std::iter::once(common).chain(own).collect()
}

/// Values of single risks belong to a risk of the decision, each once.
fn own_values(decision: &Decision, here: &str, at: &mut Findings) {
    for (k, own) in decision.each.iter().enumerate() {
        let (rule, message) = if !decision.risks.contains(&own.risk) {
            ("each-elsewhere", format!("eachのリスク「{}」は、この決定のrisksにありません。", own.risk))
        } else if decision.each[..k].iter().any(|before| before.risk == own.risk) {
            ("each-twice", format!("eachに、リスク「{}」が二度書かれています。先に書かれたものを採ります。", own.risk))
        } else {
            continue;
        };
        let advice = "risksに挙げたリスクを、一度だけ書いてください。";
        at.add(Severity::Error, rule, format!("{here}/each/{k}/risk"), message, advice);
    }
}

fn values(assessment: &Assessment, decision: &Decision, setting: &Setting, at: &mut Findings) {
    let here = &setting.here;
    let (worst_impact, worst_likelihood) = (assessment.method.worst_impact(), assessment.method.worst_likelihood());
    for (key, term, value, common, worst) in [
        ("impact", "影響度", setting.impact, decision.impact, worst_impact),
        ("likelihood", "顕在化率", setting.likelihood, decision.likelihood, worst_likelihood),
    ] {
        // What a single risk takes over from all is told there.
        let taken_over = setting.own && value == common;
        if !taken_over && !(1..=worst).contains(&value) {
            at.add(
                Severity::Error,
                "value-outside-scale",
                format!("{here}/{key}"),
                format!("{term}{value}は、この方法の尺度（1～{worst}）にありません。"),
                format!("1から{worst}までの値を書いてください。"),
            );
        }
    }
}

/// The 影響度 is the worst of the three properties.
fn properties(decision: &Decision, here: &str, at: &mut Findings) {
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

fn needed(assessment: &Assessment, decision: &Decision, setting: &Setting, at: &mut Findings) {
    let here = &setting.here;
    if setting.risks.is_empty() {
        return;
    }
    let Some(band) = assessment.band(setting.impact, setting.likelihood) else {
        return;
    };
    let rank = band.rank.0;
    let pointer = |key: &str| if setting.own { here.clone() } else { format!("{here}/{key}") };
    let unreasoned = nothing(decision.needed_reason.as_ref());
    match (band.rule, decision.needed) {
        (RankRule::SeveralMeasures | RankRule::Treat, Some(false))
            if nothing(decision.approver.as_ref()) || unreasoned =>
        {
            at.add(
                Severity::Error,
                "needed-against-criteria",
                pointer("needed"),
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
            pointer("needed"),
            format!("リスクレベル{rank}の対応要否に理由がありません。"),
            "needed_reason に理由を書いてください。",
        ),
        _ => {}
    }
}

/// 5.1.2: patients' information handled often and in mass has the greatest impact (RISK-009).
fn low_impact(assessment: &Assessment, setting: &Setting, at: &mut Findings) {
    let massive = setting.risks.iter().filter_map(|id| assessment.risk(id)).any(|risk| {
        let flow = assessment.flow(risk);
        flow.information_kind(assessment.system) == InformationKind::Patient
            && flow.volume == Volume::Large
            && flow.frequency == Frequency::Frequent
    });
    if massive && setting.impact < assessment.method.worst_impact() {
        at.add(
            Severity::Warning,
            "impact-low",
            format!("{}/impact", setting.here),
            format!("患者個人情報を頻繁かつ大量に扱う情報流で、影響度が{}です。", setting.impact),
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
    let of = |risk: &Risk| decision.values_of(&risk.id);
    let mut levels: Vec<String> = Vec::new();
    for (impact, likelihood) in risks().map(of) {
        let level = level(impact, likelihood);
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    let decided = levels.join("・");
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
    let higher: Vec<String> = risks()
        .filter_map(|risk| {
            let proposal = risk.proposal.as_ref()?;
            let proposed = assessment.method.value(proposal.impact, proposal.likelihood);
            let (impact, likelihood) = of(risk);
            let on_scale = assessment.band(impact, likelihood).is_some();
            (on_scale && proposed > assessment.method.value(impact, likelihood))
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
