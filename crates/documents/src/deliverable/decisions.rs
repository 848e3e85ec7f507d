//! 決定の理由: why people gave risks their values, why a risk needs no treatment, and where they left the proposal
//! (RISK-009, RISK-010).

use shirube_safety::Service;
use shirube_safety::model::Layer;
use shirube_safety::risk::{Assessment, Decision, Risk};

use super::common::{columns, head, needed_text, risk_numbers, signed_because};
use crate::content::{Align, Block, Cell, Document, Mark, Table};

/// What risks of one row have in common.
struct Key<'d> {
    decision: &'d Decision,
    values: (u8, u8),
    /// Of the 影響度 and of the 顕在化率.
    reasons: [String; 2],
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.decision, other.decision) && self.values == other.values && self.reasons == other.reasons
    }
}

/// Adds the reasons of the decisions on the risks of a layer, one row for each decision.
pub(super) fn add(service: &Service, layer: Layer, document: &mut Document) {
    let assessment = &service.assessment;
    let mut groups: Vec<(Key, Vec<usize>)> = Vec::new();
    for (at, risk) in assessment.risks.iter().enumerate() {
        if assessment.flow(risk).layer != layer {
            continue;
        }
        let Some(decision) = risk.decision() else { continue };
        let key = Key {
            decision,
            values: decision.values_of(&risk.id),
            reasons: [decision.impact_reason_of(&risk.id), decision.likelihood_reason_of(&risk.id)],
        };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, risks)) => risks.push(at),
            None => groups.push((key, vec![at])),
        }
    }
    if groups.is_empty() {
        return;
    }
    let rows = groups.iter().map(|(key, risks)| row(service, key, risks)).collect();
    document.blocks.push(Block::Table(Table {
        caption: format!("決定の理由（{}）", layer.term()),
        columns: columns(&[
            (2.0, Align::Left),
            (1.2, Align::Center),
            (4.0, Align::Left),
            (4.0, Align::Left),
            (3.2, Align::Left),
            (2.6, Align::Left),
            (3.0, Align::Left),
        ]),
        head: head(&[
            "リスク",
            "リスクレベル",
            "影響度の理由",
            "顕在化率の前提",
            "対応要否とその理由",
            "案との違い",
            "決定",
        ]),
        rows,
    }));
}

fn row(service: &Service, key: &Key, risks: &[usize]) -> Vec<Cell> {
    let (assessment, decision) = (&service.assessment, key.decision);
    let [impact_reason, likelihood_reason] = &key.reasons;
    let rated = risks.iter().find_map(|&at| assessment.rated(&assessment.risks[at]));
    let level = match rated {
        Some(rated) => Cell::new(format!("{}（{}）", rated.rank, rated.value)).mark(Mark::Rank(rated.rank)),
        None => Cell::new("未評価").mark(Mark::Unanswered),
    };
    let mut needed = vec![rated.map(needed_text).unwrap_or_default()];
    needed.extend(decision.needed_reason.clone());
    needed.extend(decision.approver.as_ref().map(|approver| format!("承認: {approver}")));
    let mut signed = vec![signed_because(service, &decision.decided)];
    signed.extend(decision.owner.as_ref().map(|owner| format!("リスク所有者: {owner}")));
    vec![
        Cell::new(risk_numbers(assessment, risks)),
        level,
        Cell::new(format!("{}: {impact_reason}", key.values.0)),
        Cell::new(format!("{}: {likelihood_reason}", key.values.1)),
        Cell::new(needed.join("\n")),
        Cell::new(difference(assessment, key.values, risks)),
        Cell::new(signed.join("\n")),
    ]
}

/// Where the values differ from those the rules propose; risks with the same proposal stand together.
fn difference(assessment: &Assessment, decided: (u8, u8), risks: &[usize]) -> String {
    let proposed = |risk: &Risk| risk.proposal.as_ref().map(|proposal| (proposal.impact, proposal.likelihood));
    let mut groups: Vec<((u8, u8), Vec<usize>)> = Vec::new();
    for &at in risks {
        let Some(values) = proposed(&assessment.risks[at]) else { continue };
        if values == decided {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == values) {
            Some((_, same)) => same.push(at),
            None => groups.push((values, vec![at])),
        }
    }
    if groups.is_empty() {
        return "案のとおり".to_owned();
    }
    let lines = groups.iter().map(|((impact, likelihood), same)| {
        let of =
            if same.len() == risks.len() { String::new() } else { format!("{}: ", risk_numbers(assessment, same)) };
        let moved = |name: &str, proposed: u8, value: u8| {
            (proposed != value).then(|| format!("{name}は案の{proposed}を{value}とした"))
        };
        let moves = [moved("影響度", *impact, decided.0), moved("顕在化率", *likelihood, decided.1)];
        format!("{of}{}", moves.into_iter().flatten().collect::<Vec<_>>().join("、"))
    });
    lines.collect::<Vec<_>>().join("\n")
}
