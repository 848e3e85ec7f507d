//! IoT機器: each with what its maker says of it and the risks found there (別紙2 3.7⑤, RISK-024).

use shirube_safety::Service;
use shirube_safety::model::{Element, MakerSecurity};
use shirube_safety::risk::Risk;

use super::common::{columns, head, rating_cells};
use super::printed;
use crate::content::{Align, Block, Cell, Document, Mark, Table};

pub(super) fn add(service: &Service, document: &mut Document) {
    let assessment = &service.assessment;
    let devices = service.files.system.iot_devices(&assessment.flows);
    if devices.is_empty() {
        return;
    }
    document.blocks.push(Block::Heading { level: 1, text: "IoT機器の分析".to_owned() });
    document.blocks.push(Block::Paragraph(
        "医療情報を扱うIoT機器ごとに、製造販売業者のセキュリティの資料と、そこから分析したリスクを抜き出したものです（別紙2の3.7⑤）。"
            .to_owned(),
    ));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for device in devices {
        let here = |risk: &&Risk| assessment.flow(risk).element == Element::Node(device);
        let risks: Vec<&Risk> = assessment.risks.iter().filter(here).collect();
        let node = &service.files.system.nodes[device];
        for (at, risk) in risks.iter().enumerate() {
            let mut row = Vec::with_capacity(6);
            if at == 0 {
                row.push(Cell::new(node.name.clone()).rows(risks.len()));
                row.push(maker(service, node.maker_security.as_ref()).rows(risks.len()));
            }
            let [_, _, level, needed] = rating_cells(assessment, risk);
            row.extend([Cell::new(risk.number.clone()), Cell::new(risk.text()), level, needed]);
            rows.push(row);
        }
    }
    document.blocks.push(Block::Table(Table {
        caption: "IoT機器の分析".to_owned(),
        columns: columns(&[
            (2.0, Align::Left),
            (3.0, Align::Left),
            (0.9, Align::Center),
            (5.0, Align::Left),
            (1.2, Align::Center),
            (1.0, Align::Center),
        ]),
        head: head(&["機器", "製造販売業者の資料", "番号", "特定したリスク", "リスクレベル", "対応要否"]),
        rows,
    }));
}

fn maker(service: &Service, maker: Option<&MakerSecurity>) -> Cell {
    let Some(maker) = maker.filter(|maker| !maker.document.trim().is_empty()) else {
        return Cell::new("資料なし").mark(Mark::Unanswered);
    };
    let dates = service.files.service.document.dates();
    let received = match maker.received_on {
        Some(on) => format!("{}に受領", printed(on, dates)),
        None => "受け取った日は未確認".to_owned(),
    };
    let found = Some(maker.findings.trim().to_owned()).filter(|found| !found.is_empty());
    let lines = [Some(maker.document.clone()), Some(received), found];
    Cell::new(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}
