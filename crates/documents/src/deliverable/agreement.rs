//! 合意事項一覧: what the provider has to agree with the institution (guideline 5.1.6(1), spec table T-24).

use shirube_catalog::Agreement;
use shirube_safety::Service;
use shirube_safety::conformity::{Answered, ControlStatus};
use shirube_safety::risk::{ResidualState, Treated};

use super::common::{columns, document, edition_notice, head, risk_numbers, signed_text, signed_values};
use super::conformity::status_cell;
use super::{Deliverable, parties};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::AgreementItems, Page::A4_LANDSCAPE, source);
    let retained = retained(service);
    let controls = controls(service);
    let open = controls.iter().filter(|answered| answered.status() == ControlStatus::Unanswered).count();
    document.summary.extend([
        ("引き受けていただく前に説明する、残存するリスク".to_owned(), format!("{}件", retained.len())),
        ("合意などを求める対策項目".to_owned(), format!("{}件（うち未回答{open}件）", controls.len())),
    ]);
    document.notices.push(edition_notice(service, &service.assessment.library.provider.edition));
    parties::roles(service, &mut document);
    parties::relations(service, &mut document);
    document.blocks.push(Block::Heading { level: 1, text: "残存するリスク".to_owned() });
    if retained.is_empty() {
        document.blocks.push(Block::Paragraph("評価の済んだ残存するリスクの記載はありません。".to_owned()));
    } else {
        document.blocks.push(Block::Table(residual_table(service, &retained)));
    }
    document.blocks.push(Block::Heading { level: 1, text: "合意などを求める対策項目".to_owned() });
    document.blocks.push(Block::Table(control_table(service, &controls)));
    // What the document is about is its first sheet of data; who the parties are comes after.
    document.data.insert(0, data(&controls));
    document
}

fn retained<'s, 'a>(service: &'s Service<'a>) -> Vec<&'s Treated<'a>> {
    let remains = |treated: &&Treated| matches!(treated.residual(), ResidualState::Remains { .. });
    service.assessment.treated.iter().filter(remains).collect()
}

fn residual_table(service: &Service, retained: &[&Treated]) -> Table {
    let assessment = &service.assessment;
    let rows = retained.iter().filter_map(|treated| {
        let ResidualState::Remains { text, impact, likelihood } = treated.residual() else { return None };
        let value = assessment.method.value(impact, likelihood);
        let rank = assessment.method.band(value).map_or('？', |band| band.rank.0);
        let retention = match &treated.treatment.retention {
            None => Cell::new("保有の決定なし").mark(Mark::Unanswered),
            Some(retention) => {
                Cell::new(format!("{}\n承認: {}\n検討: {}", retention.what, retention.approver, retention.considered))
            }
        };
        Some(vec![
            Cell::new(format!("{}\n{}", treated.treatment.id, risk_numbers(assessment, &treated.risks))),
            Cell::new(text),
            Cell::new(format!("{rank}（{value}）")).mark(Mark::Rank(rank)),
            retention,
            Cell::new(""),
        ])
    });
    Table {
        caption: "残存するリスク".to_owned(),
        columns: columns(&[
            (1.7, Align::Left),
            (4.2, Align::Left),
            (1.1, Align::Center),
            (4.4, Align::Left),
            (1.6, Align::Left),
        ]),
        head: head(&["リスク", "残存するリスク", "リスクレベル", "保有の決定", "確認欄"]),
        rows: rows.collect(),
    }
}

fn controls<'s, 'a>(service: &'s Service<'a>) -> Vec<&'s Answered<'a>> {
    let wanted = |answered: &&Answered| answered.control.agreement != Agreement::No;
    service.answers.conformity.controls.iter().filter(wanted).collect()
}

fn kind(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Yes => "合意",
        Agreement::Consent => "了承・理解",
        Agreement::No => "",
    }
}

fn control_table(service: &Service, controls: &[&Answered]) -> Table {
    let rows = controls.iter().map(|answered| {
        let control = answered.control;
        let decided = answered.answer.and_then(|answer| answer.decided.as_ref());
        let text = answered.answer.map(|answer| answer.agreement.clone()).unwrap_or_default();
        let agreement = match (text.is_empty(), answered.is_unsigned()) {
            (true, _) => Cell::new("未記載").mark(Mark::Unanswered),
            (false, true) => Cell::new(format!("{text}（案）")).mark(Mark::Proposed),
            (false, false) => Cell::new(text),
        };
        let signed = match decided {
            Some(signed) => Cell::new(signed_text(service, signed)),
            None if answered.is_unsigned() => Cell::new("決定なし").mark(Mark::Unanswered),
            None => Cell::new(""),
        };
        vec![
            Cell::new(control.id.to_string()),
            Cell::new(kind(control.agreement)),
            Cell::new(control.text.clone()),
            status_cell(answered.status(), decided.is_some()),
            agreement,
            signed,
            Cell::new(""),
        ]
    });
    Table {
        caption: "合意などを求める対策項目".to_owned(),
        columns: columns(&[
            (1.1, Align::Center),
            (1.0, Align::Center),
            (5.2, Align::Left),
            (1.0, Align::Center),
            (3.6, Align::Left),
            (1.6, Align::Left),
            (1.2, Align::Left),
        ]),
        head: head(&["番号", "求め", "対策項目（要旨）", "状況", "合意する内容", "決定", "確認欄"]),
        rows: rows.collect(),
    }
}

fn data(controls: &[&Answered]) -> DataSheet {
    let heading = ["番号", "求め", "対策項目（要旨）", "状況", "状態", "合意する内容", "決定者", "決定日"];
    let rows = controls.iter().map(|answered| -> Vec<Value> {
        let state = match (answered.status(), answered.is_unsigned()) {
            (ControlStatus::Unanswered, _) => "未回答",
            (_, true) => "案",
            (_, false) => "決定",
        };
        let [by, on] = signed_values(answered.answer.and_then(|answer| answer.decided.as_ref()));
        vec![
            answered.control.id.to_string().into(),
            kind(answered.control.agreement).into(),
            answered.control.text.as_str().into(),
            answered.status().term().into(),
            state.into(),
            answered.answer.map(|answer| answer.agreement.clone()).unwrap_or_default().into(),
            by,
            on,
        ]
    });
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}
