//! リスク対応一覧 (guideline 5.1.5(4), 5.2.2).

use shirube_catalog::Viewpoint;
use shirube_safety::Service;
use shirube_safety::model::Layer;
use shirube_safety::risk::{
    Assessment, ConsiderationState, Residual, ResidualState, Treated, TreatmentView, option_term,
};

use super::Deliverable;
use super::common::{columns, document, head, layers, method_line, signed_text};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::RiskTreatment, Page::A4_LANDSCAPE, source);
    let assessment = &service.assessment;
    let untreated = untreated(assessment);
    let not_assessed = assessment.treated.iter().filter(|t| t.residual() == ResidualState::NotAssessed).count();
    document.summary.extend([
        ("対応".to_owned(), format!("{}件", assessment.treated.len())),
        ("対応が要で、対応のないリスク（決定済み）".to_owned(), format!("{}件", untreated.len())),
        ("残存するリスクが未評価の対応".to_owned(), format!("{not_assessed}件")),
        method_line(assessment),
    ]);
    for layer in layers(|layer| assessment.treated.iter().any(|treated| layer_of(assessment, treated) == Some(layer))) {
        document
            .blocks
            .push(Block::Heading { level: 1, text: format!("{}提供に係るリスクへの対応", layer.term()) });
        document.blocks.push(Block::Table(list(service, layer)));
    }
    if !untreated.is_empty() {
        document.blocks.push(Block::Heading { level: 1, text: "対応が決まっていないリスク".to_owned() });
        document.blocks.push(Block::Table(open_table(assessment, &untreated)));
    }
    document
        .blocks
        .push(Block::Heading { level: 1, text: "医療情報システム等特有の考慮事項".to_owned() });
    document.blocks.push(Block::Table(considerations(service)));
    document.data.push(data(service));
    document
}

/// The layer of a treatment: that of its first risk.
fn layer_of(assessment: &Assessment, treated: &Treated) -> Option<Layer> {
    treated.risks.first().map(|&risk| assessment.flow(&assessment.risks[risk]).layer)
}

/// Decided risks that need treatment and have none.
fn untreated(assessment: &Assessment) -> Vec<usize> {
    let mut treated = vec![false; assessment.risks.len()];
    assessment.treated.iter().flat_map(|t| &t.risks).for_each(|&risk| treated[risk] = true);
    let open = assessment.risks.iter().enumerate().filter(|(at, risk)| {
        let rated = assessment.rated(risk);
        !treated[*at] && rated.is_some_and(|rated| rated.decided && rated.needed == Some(true))
    });
    open.map(|(at, _)| at).collect()
}

/// What a treatment answers: location once, then each risk.
fn risk_text(assessment: &Assessment, treated: &Treated) -> String {
    let mut lines = Vec::new();
    let mut location = String::new();
    for &at in &treated.risks {
        let risk = &assessment.risks[at];
        let here = assessment.flow(risk).location();
        if here != location {
            lines.push(here.clone());
            location = here;
        }
        lines.push(format!("{} {}", risk.number, risk.text()));
    }
    if lines.is_empty() {
        "（対応するリスクが今のモデルから生じない）".to_owned()
    } else {
        lines.join("\n")
    }
}

fn list(service: &Service, layer: Layer) -> Table {
    let assessment = &service.assessment;
    let of_layer = assessment.treated.iter().filter(|treated| layer_of(assessment, treated) == Some(layer));
    Table {
        caption: format!("リスク対応（{}）", layer.term()),
        columns: columns(&[
            (3.2, Align::Left),
            (0.9, Align::Center),
            (1.4, Align::Left),
            (4.6, Align::Left),
            (3.6, Align::Left),
            (2.4, Align::Left),
            (0.9, Align::Center),
            (1.1, Align::Center),
            (1.35, Align::Center),
        ]),
        head: vec![
            vec![
                Cell::new("対応するリスク").rows(2),
                Cell::new("対応").rows(2),
                Cell::new("対策の観点").rows(2),
                Cell::new("対象事業者が実施する対策").rows(2),
                Cell::new("医療機関等へ対応を求める事項").rows(2),
                Cell::new("残存するリスク").cols(4),
            ],
            vec![Cell::new("内容"), Cell::new("影響度"), Cell::new("顕在化率"), Cell::new("リスクレベル")],
        ],
        rows: of_layer.flat_map(|treated| rows(assessment, treated)).collect(),
    }
}

fn rows(assessment: &Assessment, treated: &Treated) -> Vec<Vec<Cell>> {
    let mut views = treated.views();
    if views.is_empty() {
        views.push(TreatmentView { viewpoint: Viewpoint::Organisational, measures: Vec::new(), requests: Vec::new() });
    }
    let span = views.len();
    let mut rows = Vec::new();
    for (at, view) in views.iter().enumerate() {
        let mut row = Vec::with_capacity(9);
        if at == 0 {
            let options: Vec<&str> = treated.treatment.options.iter().map(|option| option_term(*option)).collect();
            row.push(Cell::new(risk_text(assessment, treated)).rows(span));
            row.push(Cell::new(options.join("\n")).rows(span));
        }
        row.push(Cell::new(view.viewpoint.term()));
        row.push(Cell::new(measures_text(view)));
        row.push(Cell::new(lines(view.requests.iter().map(|request| request.text.as_str()))));
        if at == 0 {
            row.extend(residual_cells(assessment, treated).map(|cell| cell.rows(span)));
        }
        rows.push(row);
    }
    rows
}

/// `—` says that nothing is done from this viewpoint; it is never an empty cell.
fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<&str> = texts.collect();
    if texts.is_empty() { "—".to_owned() } else { texts.join("\n") }
}

fn measures_text(view: &TreatmentView) -> String {
    let one = |measure: &&shirube_safety::risk::Measure| {
        let controls = if measure.controls.is_empty() {
            String::new()
        } else {
            format!("（別紙2 {}）", measure.controls.join("、"))
        };
        format!("{}{controls}", measure.text)
    };
    let texts: Vec<String> = view.measures.iter().map(one).collect();
    lines(texts.iter().map(String::as_str))
}

/// Text, 影響度, 顕在化率 and level of what remains; none, assessed and not assessed look different.
fn residual_cells(assessment: &Assessment, treated: &Treated) -> [Cell; 4] {
    match treated.residual() {
        ResidualState::None => ["—", "—", "—", "—"].map(Cell::new),
        ResidualState::NotAssessed => {
            ["未評価", "未評価", "未評価", "未評価"].map(|text| Cell::new(text).mark(Mark::Unanswered))
        }
        ResidualState::Remains { text, impact, likelihood } => {
            let value = assessment.method.value(impact, likelihood);
            let rank = assessment.method.band(value).map_or('？', |band| band.rank.0);
            [
                Cell::new(format!("{text}{}", retention_text(treated))),
                Cell::new(impact.to_string()),
                Cell::new(likelihood.to_string()),
                Cell::new(format!("{rank}（{value}）")).mark(Mark::Rank(rank)),
            ]
        }
    }
}

fn retention_text(treated: &Treated) -> String {
    let retention = treated.treatment.retention.as_ref();
    retention.map(|r| format!("\n（保有の承認: {}）", r.approver)).unwrap_or_default()
}

fn open_table(assessment: &Assessment, open: &[usize]) -> Table {
    let rows = open.iter().map(|&at| {
        let risk = &assessment.risks[at];
        let rated = assessment.rated(risk);
        let rank = rated.map_or('？', |rated| rated.rank);
        vec![
            Cell::new(risk.number.clone()),
            Cell::new(assessment.flow(risk).location()),
            Cell::new(risk.text()),
            Cell::new(rated.map(|rated| format!("{rank}（{}）", rated.value)).unwrap_or_default())
                .mark(Mark::Rank(rank)),
            Cell::new("対応が未定").mark(Mark::Unanswered),
        ]
    });
    Table {
        caption: "対応が決まっていないリスク".to_owned(),
        columns: columns(&[
            (0.9, Align::Center),
            (3.0, Align::Left),
            (5.0, Align::Left),
            (1.1, Align::Center),
            (1.2, Align::Center),
        ]),
        head: head(&["番号", "場所", "特定したリスク", "リスクレベル", "対応"]),
        rows: rows.collect(),
    }
}

/// The six considerations with answers and what the model shows (TREAT-012).
fn considerations(service: &Service) -> Table {
    let row = |state: &ConsiderationState| {
        let answer = match state.answer {
            None => Cell::new("未回答").mark(Mark::Unanswered),
            Some(answer) => {
                let planned = answer
                    .planned_on
                    .map(|date| format!("\n実施予定: {}", super::printed(date, service.files.service.document.dates)));
                let continuity = answer.continuity.as_ref().map(|c| {
                    format!("\n停止: {}\n殺到: {}\n復旧: {}", c.disaster_stop, c.mass_demand, c.restart_with_loss)
                });
                Cell::new(format!(
                    "{}{}{}\n（{}）",
                    answer.answer,
                    planned.unwrap_or_default(),
                    continuity.unwrap_or_default(),
                    signed_text(service, &answer.decided)
                ))
            }
        };
        let found: Vec<&str> = state
            .findings
            .iter()
            .filter(|finding| finding.rule != "consideration-unanswered")
            .map(|finding| finding.message.as_str())
            .collect();
        let found = if found.is_empty() { Cell::new("—") } else { Cell::new(found.join("\n")).mark(Mark::Finding) };
        vec![Cell::new(state.item.mark.clone()), Cell::new(state.item.title.clone()), answer, found]
    };
    Table {
        caption: "特有の考慮事項".to_owned(),
        columns: columns(&[(0.5, Align::Center), (2.4, Align::Left), (4.6, Align::Left), (4.2, Align::Left)]),
        head: head(&["", "考慮事項", "どう考慮したか", "モデルから確認できなかったこと"]),
        rows: service.answers.considerations.iter().map(row).collect(),
    }
}

fn data(service: &Service) -> DataSheet {
    let assessment = &service.assessment;
    let heading = [
        "対応ID",
        "リスク番号",
        "リスクID",
        "場所",
        "特定したリスク",
        "影響度",
        "顕在化率",
        "リスクレベル",
        "選択肢",
        "対策の観点",
        "対象事業者が実施する対策",
        "対策の状況",
        "期限",
        "担当者",
        "対策項目",
        "医療機関等へ対応を求める事項",
        "残存の状態",
        "残存するリスク",
        "残存 影響度",
        "残存 顕在化率",
        "残存 リスクレベル",
        "許容",
        "決定者・決定日",
    ];
    let mut rows = Vec::new();
    for treated in &assessment.treated {
        for &at in &treated.risks {
            for view in treated.views() {
                rows.push(data_row(service, treated, at, &view));
            }
        }
    }
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows }
}

fn data_row(service: &Service, treated: &Treated, at: usize, view: &TreatmentView) -> Vec<Value> {
    let assessment = &service.assessment;
    let treatment = treated.treatment;
    let risk = &assessment.risks[at];
    let rated = assessment.rated(risk);
    let join = |texts: Vec<String>| Value::from(texts.join("\n"));
    let options: Vec<&str> = treatment.options.iter().map(|option| option_term(*option)).collect();
    let statuses = view.measures.iter().map(|m| m.status.map_or("未記載", |status| status.term()).to_owned()).collect();
    let dues = view.measures.iter().filter_map(|measure| measure.due.map(|due| due.to_string())).collect();
    let owners = view.measures.iter().filter_map(|measure| measure.owner.clone()).collect();
    let controls = view.measures.iter().flat_map(|measure| measure.controls.clone()).collect();
    let (state, text, impact, likelihood) = match treated.residual() {
        ResidualState::NotAssessed => ("未評価", "", None, None),
        ResidualState::None => ("なし", "", None, None),
        ResidualState::Remains { text, impact, likelihood } => ("あり", text, Some(impact), Some(likelihood)),
    };
    let rank = impact.zip(likelihood).and_then(|(i, l)| assessment.band(i, l)).map(|band| band.rank.0.to_string());
    let number = |value: Option<u8>| value.map_or(Value::Empty, |value| Value::from(u32::from(value)));
    let acceptable = treatment.residual.as_ref().map(|residual: &Residual| residual.acceptable.term());
    vec![
        treatment.id.as_str().into(),
        risk.number.as_str().into(),
        risk.id.as_str().into(),
        assessment.flow(risk).location().into(),
        risk.text().into(),
        number(rated.map(|rated| rated.impact)),
        number(rated.map(|rated| rated.likelihood)),
        rated.map(|rated| rated.rank.to_string()).unwrap_or_default().into(),
        options.join("・").into(),
        view.viewpoint.term().into(),
        join(view.measures.iter().map(|measure| measure.text.clone()).collect()),
        join(statuses),
        join(dues),
        join(owners),
        join(controls),
        join(view.requests.iter().map(|request| request.text.clone()).collect()),
        state.into(),
        text.into(),
        number(impact),
        number(likelihood),
        rank.unwrap_or_default().into(),
        acceptable.unwrap_or_default().into(),
        signed_text(service, &treatment.decided).into(),
    ]
}
