//! 5.1.5(1): the measures of the provider.

use std::collections::BTreeSet;

use shirube_catalog::{ControlId, OptionKind, RankRule, Viewpoint};

use super::Judged;
use crate::finding::{Findings, Severity};
use crate::model::PartyKind;
use crate::risk::{Assessment, Measure, MeasureStatus, OWN};
use crate::text::nothing;

pub(super) fn check(judged: &Judged, at: &mut Findings) {
    let (id, t, here) = (&judged.treated.treatment.id, judged.treated.treatment, &judged.here);
    if t.options.contains(&OptionKind::Reduction) && t.measures.is_empty() {
        at.add(
            Severity::Error,
            "measure-missing",
            here,
            format!("対応「{id}」は低減を選んでいますが、対象事業者が実施する対策がありません。"),
            "measures に、観点と内容を書いてください。",
        );
    }
    too_few(judged, at);
    single_viewpoint(judged, at);
    for (m, measure) in t.measures.iter().enumerate() {
        let here = format!("{here}/measures/{m}");
        one(judged, measure, &here, at);
        for (c, text) in measure.controls.iter().enumerate() {
            control(judged.assessment, text, format!("{here}/controls/{c}"), at);
        }
    }
}

/// Several measures are counted over all treatments of a risk; each shortage is told once, at its first treatment.
fn too_few(judged: &Judged, at: &mut Findings) {
    let assessment = judged.assessment;
    let short = judged.treated.risks.iter().find_map(|&risk| {
        let rated = assessment.rated(&assessment.risks[risk])?;
        let first = assessment.treatments_of(risk).next().is_some_and(|first| first.at == judged.treated.at);
        let count = assessment.defence(risk).measures.len();
        (rated.rule == RankRule::SeveralMeasures && first && count < 2).then_some((risk, rated.rank, count))
    });
    if let Some((risk, rank, count)) = short {
        at.add(
            Severity::Error,
            "measures-too-few",
            format!("{}/measures", judged.here),
            format!(
                "リスクレベル{rank}には複数の対策が要りますが、リスク{}への対策は、対応「{}」を含めて{count}件です。",
                assessment.risks[risk].number, judged.treated.treatment.id
            ),
            "異なる観点の対策を組み合わせてください。同じ文の対策は一つと数えます。",
        );
    }
}

fn single_viewpoint(judged: &Judged, at: &mut Findings) {
    let (id, t) = (&judged.treated.treatment.id, judged.treated.treatment);
    let own: BTreeSet<Viewpoint> = t.measures.iter().map(|measure| measure.viewpoint).collect();
    if own.len() != 1 || !nothing(t.single_viewpoint_reason.as_ref()) {
        return;
    }
    let assessment = judged.assessment;
    // Another treatment of the same risk may bring the other viewpoint, or the reason why one is enough.
    let helped = |risk: usize| {
        let reasoned =
            assessment.treatments_of(risk).any(|treated| !nothing(treated.treatment.single_viewpoint_reason.as_ref()));
        reasoned || assessment.defence(risk).viewpoints.len() > 1
    };
    if !judged.treated.risks.is_empty() && judged.treated.risks.iter().all(|&risk| helped(risk)) {
        return;
    }
    let only = own.first().map_or("", |viewpoint| viewpoint.term());
    let with_request = if t.requests.iter().any(|request| !own.contains(&request.viewpoint)) {
        "別の観点は、医療機関等へ求める事項だけです。"
    } else {
        ""
    };
    at.add(
        Severity::Warning,
        "single-viewpoint",
        format!("{}/measures", judged.here),
        format!("対応「{id}」で対象事業者が実施する対策は{only}だけです。{with_request}"),
        "ほかの観点の対策を加えるか、足りる理由を single_viewpoint_reason に書いてください。",
    );
}

fn one(judged: &Judged, measure: &Measure, here: &str, at: &mut Findings) {
    let id = &judged.treated.treatment.id;
    let service = judged.assessment.service;
    if measure.status == Some(MeasureStatus::Planned) && measure.due.is_none() {
        at.add(
            Severity::Error,
            "measure-due-missing",
            format!("{here}/due"),
            format!("対応「{id}」の予定の対策（{}）に、期限がありません。", short(&measure.text)),
            "dueに日付を書いてください（例: 2027-03-31）。",
        );
    }
    let overdue = measure.due.zip(service.document.issued_on).filter(|(due, issued)| due < issued);
    if let Some((due, issued)) = overdue.filter(|_| measure.status.is_some_and(|s| s != MeasureStatus::Done)) {
        at.add(
            Severity::Warning,
            "measure-overdue",
            format!("{here}/due"),
            format!(
                "対応「{id}」の対策（{}）の期限{due}は、発行日{issued}より前ですが、まだ終わっていません。",
                short(&measure.text)
            ),
            "終わっていればstatusをdoneに、遅れていれば期限を見直してください。",
        );
    }
    let Some(actor) = &measure.actor else { return };
    match service.parties.iter().find(|party| &party.id == actor) {
        None => at.add(
            Severity::Error,
            "reference-missing",
            format!("{here}/actor"),
            format!("「{actor}」は組織（parties）の一覧にありません。"),
            "shirube.yaml の parties に加えるか、正しいidに直してください。",
        ),
        Some(party) if party.kind == PartyKind::Institution => at.add(
            Severity::Error,
            "measure-by-institution",
            format!("{here}/actor"),
            format!(
                "対応「{id}」の対策（{}）を実施するのが医療機関等（{}）になっています。",
                short(&measure.text),
                party.name
            ),
            "医療機関等に求める事項は、measuresではなくrequestsに書いてください。",
        ),
        Some(_) => {}
    }
}

/// The beginning of a text, for a message.
fn short(text: &str) -> String {
    let cut: String = text.trim_end_matches('。').chars().take(24).collect();
    if cut.chars().count() < text.trim_end_matches('。').chars().count() { format!("{cut}…") } else { cut }
}

/// A control id that does not exist is named.
fn control(assessment: &Assessment, text: &str, pointer: String, at: &mut Findings) {
    if text.starts_with(OWN) {
        if assessment.own_control(text).is_none() {
            let message = format!("独自の対策項目「{text}」は、controlsにありません。");
            let advice = "controlsに書いたidと同じ綴りで書いてください。";
            at.add(Severity::Error, "control-unknown", pointer, message, advice);
        }
        return;
    }
    let message = match text.parse::<ControlId>() {
        Ok(id) if assessment.library.provider.control(id).is_some() => return,
        Ok(id) => format!("対策項目「{id}」は、別紙2にありません。"),
        Err(error) => format!("{error}。"),
    };
    at.add(Severity::Error, "control-unknown", pointer, message, "shirube catalog search で番号を確かめてください。");
}

/// What is not written of measures, one line each (TREAT-008).
pub(super) fn counted(assessment: &Assessment, at: &mut Findings) {
    let measures = || assessment.treated.iter().flat_map(|treated| &treated.treatment.measures);
    let mut tell = |rule, count: usize, what: &str, advice: &str| {
        if count > 0 {
            let message = format!("{what}が書かれていない対策が{count}件あります。");
            at.add(Severity::Note, rule, "/treatments", message, advice);
        }
    };
    let count = measures().filter(|measure| measure.status.is_none()).count();
    tell("measure-status-missing", count, "状況（status）", "実施済・実施中・予定のどれかを書いてください。");
    let count = measures().filter(|measure| nothing(measure.owner.as_ref())).count();
    tell("measure-owner-missing", count, "担当者（owner）", "担当する人を書いてください。対応計画に載ります。");
}
