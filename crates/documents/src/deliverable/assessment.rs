//! リスクアセスメント結果一覧 (guideline 5.1.3, 5.2.1(3)), with the proof that no flow × threat is blank.

use std::collections::BTreeMap;

use shirube_safety::Service;
use shirube_safety::model::Layer;
use shirube_safety::risk::{Assessment, Cell as ThreatCell, Reason, Risk, RiskState};

use super::Deliverable;
use super::common::{columns, document, flow_label, layers, method_line, needed_text, rating_cells, signed_text};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::RiskAssessment, Page::A4_LANDSCAPE, source);
    let assessment = &service.assessment;
    let counts = assessment.counts();
    document.summary.extend([
        ("情報流".to_owned(), format!("{}件", counts.flows)),
        (
            "リスク".to_owned(),
            format!("{}件（決定{}件、案{}件）", counts.risks, counts.decided, counts.risks - counts.decided),
        ),
        (
            "脅威の当てはめ".to_owned(),
            format!(
                "{}通り（リスクあり{}、当てはまらない理由あり{}、空白0）",
                counts.cells, counts.cells_with_risks, counts.cells_with_reason
            ),
        ),
        method_line(assessment),
    ]);
    if counts.decided < counts.risks {
        document.notices.push("「案」は規則による提案で、人の決定ではありません。".to_owned());
    }
    document.blocks.push(Block::Heading { level: 1, text: "リスクレベルの分布".to_owned() });
    document.blocks.push(Block::Table(matrix(assessment)));
    for layer in layers(|layer| assessment.risks.iter().any(|risk| assessment.flow(risk).layer == layer)) {
        document
            .blocks
            .push(Block::Heading { level: 1, text: format!("{}提供の情報流に係るリスク", layer.term()) });
        document.blocks.push(Block::Table(list(assessment, layer)));
    }
    document.blocks.push(Block::Heading { level: 1, text: "脅威の当てはめ".to_owned() });
    coverage(assessment, &mut document);
    document.data.push(data(service));
    document
}

/// The 5×5 matrix with value, rank and counts (RISK-008).
fn matrix(assessment: &Assessment) -> Table {
    let method = &assessment.method;
    let counts = assessment.matrix();
    let mut first = vec![Cell::new("影響度＼顕在化率")];
    first.extend(method.likelihood.iter().map(|step| {
        let gloss = step.gloss.as_ref().map(|gloss| format!("\n（{gloss}）")).unwrap_or_default();
        Cell::new(format!("{} {}{gloss}", step.value, step.label))
    }));
    let rows = method.impact.iter().rev().map(|impact| {
        let mut row = vec![Cell::new(format!("{} {}", impact.value, impact.label))];
        row.extend(method.likelihood.iter().map(|likelihood| {
            let value = method.value(impact.value, likelihood.value);
            let rank = method.band(value).map_or('？', |band| band.rank.0);
            let (decided, proposed) = counts[usize::from(impact.value) - 1][usize::from(likelihood.value) - 1];
            let proposed = if proposed > 0 { format!("・案{proposed}件") } else { String::new() };
            let count = if decided > 0 || !proposed.is_empty() {
                format!("\n決定{decided}件{proposed}")
            } else {
                String::new()
            };
            Cell::new(format!("{rank}（{value}）{count}")).mark(Mark::Rank(rank))
        }));
        row
    });
    let mut widths = vec![(1.4, Align::Left)];
    widths.extend(method.likelihood.iter().map(|_| (1.0, Align::Center)));
    Table {
        caption: "リスクレベルの分布".to_owned(),
        columns: columns(&widths),
        head: vec![first],
        rows: rows.collect(),
    }
}

/// The list of one layer, grouped like the guideline's: flow, class, threat, location.
fn list(assessment: &Assessment, layer: Layer) -> Table {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let of_layer: Vec<&Risk> = assessment.risks.iter().filter(|risk| assessment.flow(risk).layer == layer).collect();
    for of_flow in of_layer.chunk_by(|a, b| a.flow == b.flow) {
        let flow = assessment.flow(of_flow[0]);
        let mut first_of_flow = true;
        for of_threat in of_flow.chunk_by(|a, b| a.threat == b.threat) {
            let mut first_of_threat = true;
            for risk in of_threat {
                let mut row = Vec::with_capacity(9);
                if first_of_flow {
                    row.push(Cell::new(flow_label(flow)).rows(of_flow.len()));
                    row.push(Cell::new(assessment.class_name(flow)).rows(of_flow.len()));
                }
                if first_of_threat {
                    row.push(Cell::new(assessment.threats[risk.threat].name.clone()).rows(of_threat.len()));
                }
                if first_of_flow {
                    row.push(Cell::new(flow.location()).rows(of_flow.len()));
                }
                row.push(Cell::new(format!("{} {}", risk.number, risk.text())));
                row.extend(rating_cells(assessment, risk));
                rows.push(row);
                (first_of_flow, first_of_threat) = (false, false);
            }
        }
    }
    Table {
        caption: format!("リスクアセスメント結果（{}）", layer.term()),
        columns: columns(&[
            (3.4, Align::Left),
            (1.7, Align::Left),
            (2.0, Align::Left),
            (1.9, Align::Left),
            (4.8, Align::Left),
            (0.9, Align::Center),
            (1.15, Align::Center),
            (1.4, Align::Center),
            (1.2, Align::Center),
        ]),
        head: vec![
            vec![
                Cell::new("情報流").rows(2),
                Cell::new("分類").rows(2),
                Cell::new("リスク特定").cols(3),
                Cell::new("リスク分析").cols(3),
                Cell::new("リスク評価"),
            ],
            vec![
                Cell::new("関連する脅威"),
                Cell::new("特定したリスク").cols(2),
                Cell::new("影響度"),
                Cell::new("顕在化率"),
                Cell::new("リスクレベル"),
                Cell::new("対応要否"),
            ],
        ],
        rows,
    }
}

/// Flow × threat: the number of risks, or the number of the reason (RISK-002).
fn coverage(assessment: &Assessment, document: &mut Document) {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (at, flow) in assessment.flows.list.iter().enumerate() {
        let mut row = vec![Cell::new(format!("{} {}の{}", flow.number, flow.place, flow.which))];
        for threat in 0..assessment.threats.len() {
            let reason = match assessment.cell(at, threat) {
                ThreatCell::Risks(risks) => {
                    row.push(Cell::new(format!("{}件", risks.len())));
                    continue;
                }
                ThreatCell::NotApplicable(reason) => (*reason).to_owned(),
                ThreatCell::Excluded(signed) => format!("{}（{}が{}に決定）", signed.reason, signed.by, signed.on),
            };
            let number = *reasons.entry(reason.clone()).or_insert_with(|| {
                order.push(reason);
                order.len()
            });
            row.push(Cell::new(format!("理由{number}")));
        }
        rows.push(row);
    }
    let mut head = vec![Cell::new("情報流")];
    head.extend(assessment.threats.iter().map(|threat| Cell::new(threat.name.clone())));
    let mut widths = vec![(3.4, Align::Left)];
    widths.extend(assessment.threats.iter().map(|_| (1.0, Align::Center)));
    document.blocks.push(Block::Paragraph(
        "すべての情報流にすべての脅威を当てはめた結果です。件数はリスクの数、「理由」は当てはまらない理由の番号です。"
            .to_owned(),
    ));
    document.blocks.push(Block::Table(Table {
        caption: "脅威の当てはめ".to_owned(),
        columns: columns(&widths),
        head: vec![head],
        rows,
    }));
    document.blocks.push(Block::Table(Table {
        caption: "当てはまらない理由".to_owned(),
        columns: columns(&[(0.6, Align::Center), (8.0, Align::Left)]),
        head: super::common::head(&["番号", "理由"]),
        rows: order
            .iter()
            .enumerate()
            .map(|(at, reason)| vec![Cell::new(format!("理由{}", at + 1)), Cell::new(reason.clone())])
            .collect(),
    }));
}

fn because(reasons: &[Reason]) -> String {
    let one = |reason: &Reason| match reason.by {
        0 => reason.text.clone(),
        by => format!("{}（{by:+}）", reason.text),
    };
    reasons.iter().map(one).collect::<Vec<_>>().join("")
}

fn data(service: &Service) -> DataSheet {
    let assessment = &service.assessment;
    let heading = [
        "番号",
        "ID",
        "層",
        "フェーズ",
        "情報流番号",
        "情報流",
        "分類",
        "関連する脅威",
        "場所",
        "特定したリスク",
        "損なわれる性質",
        "影響度",
        "影響度の理由",
        "顕在化率",
        "顕在化率の理由",
        "値",
        "リスクレベル",
        "対応要否",
        "状態",
        "決定者・決定日",
        "リスク所有者",
        "未確認の属性",
        "リスクシナリオ例",
        "候補となる対策項目",
    ];
    let rows = assessment.risks.iter().map(|risk| data_row(service, risk));
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}

fn data_row(service: &Service, risk: &Risk) -> Vec<Value> {
    let assessment = &service.assessment;
    let flow = assessment.flow(risk);
    let rated = assessment.rated(risk);
    let (impact_because, likelihood_because, owner) = match (&risk.state, &risk.proposal) {
        (RiskState::Decided(decision), _) => {
            (decision.impact_reason.clone(), decision.likelihood_reason.clone(), decision.owner.clone())
        }
        (RiskState::Proposed, Some(proposal)) => {
            (because(&proposal.impact_because), because(&proposal.likelihood_because), None)
        }
        (RiskState::Proposed, None) => Default::default(),
    };
    let number = |value: Option<u32>| value.map_or(Value::Empty, Value::from);
    let properties: Vec<&str> = risk.properties.iter().map(|property| property.term()).collect();
    vec![
        risk.number.as_str().into(),
        risk.id.as_str().into(),
        flow.layer.term().into(),
        flow.phase.term().into(),
        flow.number.as_str().into(),
        flow.sentence().into(),
        assessment.class_name(flow).into(),
        assessment.threats[risk.threat].name.as_str().into(),
        flow.location().into(),
        risk.text().into(),
        properties.join("、").into(),
        number(rated.map(|rated| rated.impact.into())),
        impact_because.into(),
        number(rated.map(|rated| rated.likelihood.into())),
        likelihood_because.into(),
        number(rated.map(|rated| rated.value.into())),
        rated.map(|rated| rated.rank.to_string()).unwrap_or_default().into(),
        rated.map(|rated| needed_text(rated).replace('\n', " ")).unwrap_or_default().into(),
        if risk.signed().is_some() { "決定" } else { "案" }.into(),
        risk.signed().map(|signed| signed_text(service, signed)).unwrap_or_default().into(),
        owner.unwrap_or_default().into(),
        risk.unknown.join("、").into(),
        risk.scenarios.join(" ").into(),
        suggested(assessment, risk).into(),
    ]
}

/// Controls of 別紙2 whose scenario describes the same thing. A suggestion, never a choice.
fn suggested(assessment: &Assessment, risk: &Risk) -> String {
    let provider = &assessment.library.provider;
    let ids = risk.scenarios.iter().flat_map(|scenario| provider.controls_against(scenario));
    ids.map(|control| control.id.to_string()).collect::<Vec<_>>().join(" ")
}
