//! リスクアセスメント結果一覧 (guideline 5.1.3, 5.2.1(3)), with the proof that no flow × threat is blank.

use std::collections::BTreeMap;

use shirube_safety::Service;
use shirube_safety::model::{Flow, Layer};
use shirube_safety::risk::{Assessment, Cell as ThreatCell, Decision, Rated, Reason, Risk, RiskState, option_term};

use super::Deliverable;
use super::common::{columns, document, flow_label, layers, method_line, needed_text, rating_cells, signed_values};
use super::matrix::matrix;
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::RiskAssessment, Page::A4_LANDSCAPE, source);
    let assessment = &service.assessment;
    let counts = assessment.counts();
    document.summary.extend([
        ("情報流".to_owned(), format!("{}件", counts.flows)),
        (
            "リスク".to_owned(),
            format!(
                "{}件（決定{}件{}、案{}件）",
                counts.risks,
                counts.decided,
                if counts.outdated > 0 {
                    format!("、うち要見直し{}件", counts.outdated)
                } else {
                    String::new()
                },
                counts.risks - counts.decided
            ),
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
    if counts.outdated > 0 {
        document.notices.push("「要見直し」は、決めた後に前提が変わったものです。".to_owned());
    }
    if counts.decided < counts.risks {
        document.notices.push("「案」は規則による提案で、人の決定ではありません。".to_owned());
    }
    document.blocks.push(Block::Heading { level: 1, text: "リスクレベルの分布".to_owned() });
    document.blocks.push(Block::Table(distribution(assessment)));
    for layer in layers(|layer| assessment.risks.iter().any(|risk| assessment.flow(risk).layer == layer)) {
        document
            .blocks
            .push(Block::Heading { level: 1, text: format!("{}提供の情報流に係るリスク", layer.term()) });
        document.blocks.push(Block::Table(list(assessment, layer)));
        super::decisions::add(service, layer, &mut document);
    }
    document.blocks.push(Block::Heading { level: 1, text: "脅威の当てはめ".to_owned() });
    coverage(service, &mut document);
    taken_out(assessment, &mut document);
    super::iot::add(service, &mut document);
    reviews(service, &mut document);
    document.data.push(data(service));
    document
}

/// How many decided and proposed risks stand in each cell.
fn distribution(assessment: &Assessment) -> Table {
    let counts = assessment.matrix();
    matrix(assessment, "リスクレベルの分布", |impact, likelihood| {
        let (decided, proposed) = counts[impact][likelihood];
        let proposed = if proposed > 0 { format!("・案{proposed}件") } else { String::new() };
        if decided > 0 || !proposed.is_empty() { format!("決定{decided}件{proposed}") } else { String::new() }
    })
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
                    row.push(Cell::new(flow_label(flow)).rows(of_flow.len()).again(format!("{}（続き）", flow.number)));
                    row.push(Cell::new(assessment.class_name(flow)).rows(of_flow.len()));
                }
                if first_of_threat {
                    row.push(Cell::new(assessment.threats[risk.threat].name.clone()).rows(of_threat.len()));
                }
                if first_of_flow {
                    row.push(Cell::new(flow.location()).rows(of_flow.len()));
                }
                row.push(Cell::new(format!("{} {}", risk.number, risk.text())));
                let mut rating = rating_cells(assessment, risk);
                if risk.outdated {
                    rating[2] = Cell::new(format!("{}\n要見直し", rating[2].text)).mark(Mark::Proposed);
                }
                row.extend(rating);
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
fn coverage(service: &Service, document: &mut Document) {
    let assessment = &service.assessment;
    let day = |date| super::printed(date, service.files.service.document.dates());
    let closed = assessment.decisions.identification_closed.as_ref();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (at, flow) in assessment.flows.list.iter().enumerate() {
        let mut row = vec![Cell::new(format!("{} {}の{}", flow.number, flow.place, flow.which))];
        for threat in 0..assessment.threats.len() {
            let (reason, open) = match assessment.cell(at, threat) {
                ThreatCell::Risks(risks) => {
                    row.push(Cell::new(format!("{}件", risks.len())));
                    continue;
                }
                ThreatCell::NotApplicable(reason) => ((*reason).to_owned(), closed.is_none()),
                ThreatCell::Excluded(signed) => {
                    (format!("{}（{}が{}に決定）", signed.reason, signed.by, day(signed.on)), false)
                }
            };
            let number = *reasons.entry(reason.clone()).or_insert_with(|| {
                order.push(reason);
                order.len()
            });
            row.push(if open {
                Cell::new(format!("理由{number}\n案")).mark(Mark::Proposed)
            } else {
                Cell::new(format!("理由{number}"))
            });
        }
        rows.push(row);
    }
    let mut head = vec![Cell::new("情報流")];
    head.extend(assessment.threats.iter().map(|threat| Cell::new(threat.name.clone())));
    let mut widths = vec![(3.4, Align::Left)];
    widths.extend(assessment.threats.iter().map(|_| (1.0, Align::Center)));
    let confirmed = match closed {
        Some(signed) => {
            format!("規則による理由は、{}が{}に確かめました（{}）。", signed.by, day(signed.on), signed.reason)
        }
        None => "「案」の付いた理由は規則によるもので、人が確かめた記録がありません。".to_owned(),
    };
    document.blocks.push(Block::Paragraph(format!(
        "すべての情報流にすべての脅威を当てはめた結果です。件数はリスクの数、「理由」は当てはまらない理由の番号です。{confirmed}"
    )));
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

/// Risks of taking information and devices outside: what the rules on taking out rest on (RISK-023).
fn taken_out(assessment: &Assessment, document: &mut Document) {
    let risks: Vec<&Risk> =
        assessment.risks.iter().filter(|risk| assessment.threats[risk.threat].id == "TH08").collect();
    if risks.is_empty() {
        return;
    }
    document
        .blocks
        .push(Block::Heading { level: 1, text: "情報・機器の持ち出しに係るリスク".to_owned() });
    document.blocks.push(Block::Paragraph(
        "持ち出しに関する方針と手順（別紙2の1.1⑤）を定めるときの根拠になるリスクを、一覧から抜き出したものです。"
            .to_owned(),
    ));
    let rows = risks.into_iter().map(|risk| {
        let [_, _, level, needed] = rating_cells(assessment, risk);
        let location = assessment.flow(risk).location();
        vec![Cell::new(risk.number.clone()), Cell::new(location), Cell::new(risk.text()), level, needed]
    });
    document.blocks.push(Block::Table(Table {
        caption: "持ち出しに係るリスク".to_owned(),
        columns: columns(&[
            (0.9, Align::Center),
            (3.2, Align::Left),
            (5.4, Align::Left),
            (1.2, Align::Center),
            (1.0, Align::Center),
        ]),
        head: super::common::head(&["番号", "場所", "特定したリスク", "リスクレベル", "対応要否"]),
        rows: rows.collect(),
    }));
}

/// The yearly look at the whole (RISK-019).
fn reviews(service: &Service, document: &mut Document) {
    document.blocks.push(Block::Heading { level: 1, text: "見直しの記録".to_owned() });
    let reviews = &service.assessment.decisions.reviews;
    if reviews.is_empty() {
        document.blocks.push(Block::Paragraph("見直しの記録はまだありません。".to_owned()));
        return;
    }
    let day = |date| super::printed(date, service.files.service.document.dates());
    let rows = reviews.iter().map(|review| {
        vec![
            Cell::new(day(review.on)),
            Cell::new(review.cause.term()),
            Cell::new(review.participants.join("\n")),
            Cell::new(review.result.clone()),
            Cell::new(day(review.next_on)),
        ]
    });
    document.blocks.push(Block::Table(Table {
        caption: "見直しの記録".to_owned(),
        columns: columns(&[
            (1.6, Align::Left),
            (1.6, Align::Left),
            (2.2, Align::Left),
            (5.0, Align::Left),
            (1.6, Align::Left),
        ]),
        head: super::common::head(&["見直した日", "きっかけ", "参加した人", "結果", "次の予定"]),
        rows: rows.collect(),
    }));
}

fn because(reasons: &[Reason]) -> String {
    let one = |reason: &Reason| match reason.by {
        0 => reason.text.to_string(),
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
        "対応要否の理由",
        "要因",
        "量",
        "頻度",
        "提供元",
        "位置から示す選択肢",
        "状態",
        "案の影響度",
        "案の顕在化率",
        "決定者",
        "決定日",
        "決定の理由",
        "リスク所有者",
        "未確認の属性",
        "リスクシナリオ例",
        "候補となる対策項目",
    ];
    let rows = assessment.risks.iter().map(|risk| data_row(assessment, risk));
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}

fn data_row(assessment: &Assessment, risk: &Risk) -> Vec<Value> {
    let flow = assessment.flow(risk);
    let rated = assessment.rated(risk);
    let (impact_because, likelihood_because, owner) = match (&risk.state, &risk.proposal) {
        (RiskState::Decided(decision), _) => {
            (decision.impact_reason_of(&risk.id), decision.likelihood_reason_of(&risk.id), decision.owner.clone())
        }
        (RiskState::Proposed, Some(proposal)) => {
            (because(&proposal.impact_because), because(&proposal.likelihood_because), None)
        }
        (RiskState::Proposed, None) => Default::default(),
    };
    let decision = risk.decision();
    let [by, on] = signed_values(risk.signed());
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
        decision.and_then(|decision| decision.needed_reason.clone()).unwrap_or_default().into(),
        decision.map(factors).unwrap_or_default().into(),
        flow.volume.term().into(),
        flow.frequency.term().into(),
        supplier(assessment, flow).unwrap_or_default().into(),
        rated.map(|rated| options(assessment, rated)).unwrap_or_default().into(),
        match (risk.signed().is_some(), risk.outdated) {
            (true, true) => "決定（要見直し）",
            (true, false) => "決定",
            (false, _) => "案",
        }
        .into(),
        number(risk.proposal.as_ref().map(|proposal| proposal.impact.into())),
        number(risk.proposal.as_ref().map(|proposal| proposal.likelihood.into())),
        by,
        on,
        risk.signed().map(|signed| signed.reason.clone()).unwrap_or_default().into(),
        owner.unwrap_or_default().into(),
        risk.unknown.join("、").into(),
        risk.scenarios.join(" ").into(),
        suggested(assessment, risk).into(),
    ]
}

fn factors(decision: &Decision) -> String {
    decision.factors.iter().map(|factor| factor.term()).collect::<Vec<_>>().join("、")
}

fn options(assessment: &Assessment, rated: Rated) -> String {
    let suggestion = assessment.method.suggest(rated.impact, rated.likelihood, false);
    let options = suggestion.into_iter().flat_map(|suggestion| &suggestion.options);
    options.map(|option| option_term(*option)).collect::<Vec<_>>().join("・")
}

/// Name of the party other than the provider that operates what a flow runs on (RISK-022).
fn supplier(assessment: &Assessment, flow: &Flow) -> Option<String> {
    let id = assessment.supplier(flow)?;
    let party = assessment.service.parties.iter().find(|party| party.id == id);
    Some(party.map_or(id, |party| &party.name).to_owned())
}

/// Controls of 別紙2 whose scenario describes the same thing. A suggestion, never a choice.
fn suggested(assessment: &Assessment, risk: &Risk) -> String {
    let provider = &assessment.library.provider;
    let ids = risk.scenarios.iter().flat_map(|scenario| provider.controls_against(scenario));
    ids.map(|control| control.id.to_string()).collect::<Vec<_>>().join(" ")
}
