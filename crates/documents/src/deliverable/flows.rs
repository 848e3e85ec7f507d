//! 情報流一覧: Who, Where, Which, What, How, by layer and phase (guideline 5.2.1(2)).

use shirube_safety::Service;
use shirube_safety::model::{Flow, Layer, Phase, grid, institutions};

use super::common::{columns, document, head};
use super::date::printed;
use super::{Deliverable, information};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::Flows, Page::A4_LANDSCAPE, source);
    let assessment = &service.assessment;
    let flows = &assessment.flows;
    let cells = grid(assessment.system, flows);
    document.summary.push(("情報流".to_owned(), format!("{}件", flows.list.len())));
    document.summary.push(("人による確認".to_owned(), review(service)));
    document.blocks.push(Block::Heading { level: 1, text: "層とフェーズごとの件数".to_owned() });
    document.blocks.push(Block::Table(overview(&cells)));
    let none = assessment.system.no_environments.iter();
    let reasons: Vec<String> =
        none.map(|none| format!("{}環境の機器はない。理由: {}", none.environment.term(), none.reason)).collect();
    if !reasons.is_empty() {
        document.blocks.push(Block::List(reasons));
    }
    for &layer in Layer::ALL {
        document.blocks.push(Block::Heading { level: 1, text: format!("{}提供における情報流", layer.term()) });
        for cell in cells.iter().filter(|cell| cell.layer == layer) {
            document.blocks.push(Block::Heading { level: 2, text: cell.phase.term().to_owned() });
            let viewpoint = assessment
                .library
                .provider
                .viewpoints
                .iter()
                .find(|viewpoint| viewpoint.layer == layer.token() && viewpoint.phase == cell.phase.token());
            document.blocks.extend(viewpoint.map(|viewpoint| Block::Paragraph(format!("着目点: {}", viewpoint.text))));
            let rows: Vec<&Flow> =
                flows.list.iter().filter(|flow| flow.layer == layer && flow.phase == cell.phase).collect();
            if rows.is_empty() {
                let reason = cell.reason.as_deref().map(|reason| format!("情報流はない。理由: {reason}"));
                let text = reason.unwrap_or_else(|| "情報流が洗い出されていない（理由の記載もない）。".to_owned());
                document.blocks.push(Block::Paragraph(text));
                continue;
            }
            document.blocks.push(Block::Table(table(service, layer, cell.phase, &rows)));
        }
    }
    rejected(service, &mut document);
    document.blocks.extend(information::blocks(service));
    document.data.push(data(service));
    document.data.push(information::sheet(service));
    document
}

/// Who looked at the derived flows, and whether they are still the same (FLOW-002).
fn review(service: &Service) -> String {
    let assessment = &service.assessment;
    let Some(reviewed) = &assessment.system.flows_reviewed else {
        return "記録なし（モデルから導いた案のまま）".to_owned();
    };
    let date = printed(reviewed.on, service.files.service.document.dates());
    let changed = reviewed.digest != assessment.flows.digest(assessment.system);
    format!("{date} {}{}", reviewed.by, if changed { "（その後に変わり、確かめ直していない）" } else { "" })
}

fn overview(cells: &[shirube_safety::model::GridCell]) -> Table {
    let mut head_row = vec![Cell::new("")];
    head_row.extend(Phase::ALL.iter().map(|phase| Cell::new(phase.term())));
    let rows = cells
        .chunks(Phase::ALL.len())
        .map(|row| {
            let mut line = vec![Cell::new(row[0].layer.term())];
            line.extend(row.iter().map(|cell| match (cell.flows, &cell.reason) {
                (0, Some(_)) => Cell::new("なし（理由あり）"),
                (0, None) => Cell::new("未確認").mark(Mark::Unanswered),
                (count, _) => Cell::new(format!("{count}件")),
            }));
            line
        })
        .collect();
    Table {
        caption: "情報流の件数".to_owned(),
        columns: columns(&[(2.0, Align::Left), (1.0, Align::Center), (1.0, Align::Center), (1.0, Align::Center)]),
        head: vec![head_row],
        rows,
    }
}

fn table(service: &Service, layer: Layer, phase: Phase, flows: &[&Flow]) -> Table {
    let rows = flows
        .iter()
        .map(|flow| {
            vec![
                Cell::new(flow.number.clone()),
                Cell::new(flow.who_cell()),
                Cell::new(flow.where_cell()),
                Cell::new(flow.which_cell()),
                Cell::new(flow.what_cell()),
                Cell::new(format!("{}{}", flow.how, status(service, flow))),
                Cell::new(service.assessment.class_name(flow)),
            ]
        })
        .collect();
    Table {
        caption: format!("{}・{}", layer.term(), phase.term()),
        columns: columns(&[
            (0.8, Align::Center),
            (2.0, Align::Left),
            (2.4, Align::Left),
            (2.6, Align::Left),
            (3.6, Align::Left),
            (2.2, Align::Left),
            (2.2, Align::Left),
        ]),
        head: head(&[
            "番号",
            "Who\n（誰が）",
            "Where\n（どこの/どこを）",
            "Which\n（どの機器で/どの媒体で）",
            "What\n（何を/何が）",
            "How\n（どうするか/どうされるか）",
            "分類",
        ]),
        rows,
    }
}

/// What a treatment decided about the flow itself.
fn status(service: &Service, flow: &Flow) -> String {
    let avoided = service.assessment.avoided(flow);
    avoided.map(|avoidance| format!("\n（リスク回避により{}）", avoidance.action.term())).unwrap_or_default()
}

fn rejected(service: &Service, document: &mut Document) {
    let flows = &service.assessment.flows;
    if flows.rejected.is_empty() {
        return;
    }
    document.blocks.push(Block::Heading { level: 1, text: "採らない情報流と理由".to_owned() });
    let rows = flows.rejected.iter().map(|(flow, at)| {
        let rejected = &service.assessment.system.rejected_flows[*at];
        let date = rejected.on.map(|on| printed(on, service.files.service.document.dates()));
        let decided: Vec<&str> = [date.as_deref(), rejected.by.as_deref()].into_iter().flatten().collect();
        let decided = match decided.as_slice() {
            [] => Cell::new("未記載").mark(Mark::Unanswered),
            parts => Cell::new(parts.join(" ")),
        };
        vec![Cell::new(flow.sentence()), Cell::new(rejected.reason.clone()), decided]
    });
    document.blocks.push(Block::Table(Table {
        caption: "採らない情報流".to_owned(),
        columns: columns(&[(3.0, Align::Left), (2.0, Align::Left), (1.2, Align::Left)]),
        head: head(&["モデルから導かれた情報流", "採らない理由", "決めた日・人"]),
        rows: rows.collect(),
    }));
}

fn data(service: &Service) -> DataSheet {
    let assessment = &service.assessment;
    let heading = [
        "番号",
        "ID",
        "層",
        "フェーズ",
        "環境",
        "Who",
        "Where",
        "Which",
        "What",
        "How",
        "分類",
        "医療情報か",
        "量",
        "頻度",
        "提供する事業者",
        "医療機関等",
        "由来",
        "文",
    ];
    let party = |id: &str| service.files.service.parties.iter().find(|party| party.id == id);
    let users: Vec<&str> = institutions(&service.files.service).map(|party| party.name.as_str()).collect();
    let users = users.join("、");
    let rows = assessment.flows.list.iter().map(|flow| -> Vec<Value> {
        vec![
            flow.number.as_str().into(),
            flow.id.as_str().into(),
            flow.layer.term().into(),
            flow.phase.term().into(),
            flow.environment.map_or(Value::Empty, |environment| environment.term().into()),
            flow.who_cell().into(),
            flow.where_cell().into(),
            flow.which_cell().into(),
            flow.what_cell().into(),
            flow.how.as_str().into(),
            assessment.class_name(flow).into(),
            assessment.system.information[flow.information].medical.term().into(),
            flow.volume.term().into(),
            flow.frequency.term().into(),
            {
                let id = flow.provider(&service.files.service);
                party(id).map_or(id, |party| &party.name).into()
            },
            users.as_str().into(),
            flow.origin.term().into(),
            flow.sentence().into(),
        ]
    });
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}
