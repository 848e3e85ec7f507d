//! 医療機関等へ対応を求める事項, in words for people who are not engineers (guideline 5.1.5(2), TREAT-019).

use shirube_safety::Service;
use shirube_safety::model::Answer;
use shirube_safety::risk::Request;

use super::Deliverable;
use super::common::{columns, document, head, statements};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::InstitutionRequests, Page::A4_PORTRAIT, source);
    let list = requests(service);
    let in_rules = list.iter().filter(|(_, request)| request.rule_book == Answer::Yes).count();
    document.summary.push(("お願いする事項".to_owned(), format!("{}件", list.len())));
    document.summary.push(("うち、貴院の運用管理規程に定めていただく事項".to_owned(), format!("{in_rules}件")));
    let provider = &document.meta.provider;
    document.blocks.push(Block::Paragraph(format!(
        "{provider}が提供する「{}」を安全にお使いいただくために、医療機関等の皆様にお願いする事項です。安全管理は、弊社の対策と皆様の運用の両方で成り立ちます。",
        document.meta.service
    )));
    if list.is_empty() {
        document.blocks.push(Block::Paragraph("現在、お願いする事項の記載はありません。".to_owned()));
    } else {
        document.blocks.push(Block::Table(table(service, &list)));
    }
    document.blocks.extend(super::classes::questions(service));
    document.data.push(data(service, &list));
    document
}

/// Requests with the numbers of the risks they answer.
fn requests<'a>(service: &Service<'a>) -> Vec<(Vec<usize>, &'a Request)> {
    let treated = service.assessment.treated.iter();
    treated
        .flat_map(|treated| treated.treatment.requests.iter().map(|request| (treated.risks.clone(), request)))
        .collect()
}

fn table(service: &Service, list: &[(Vec<usize>, &Request)]) -> Table {
    let rows = list.iter().enumerate().map(|(at, (risks, request))| {
        let rule_book = match request.rule_book {
            Answer::Yes => Cell::new("要"),
            Answer::No => Cell::new("—"),
            Answer::Unknown => Cell::new("未確認").mark(Mark::Unanswered),
        };
        vec![
            Cell::new((at + 1).to_string()),
            Cell::new(match &request.rule_item {
                Some(item) => format!("{}\n規程の文例: {item}", request.text),
                None => request.text.clone(),
            }),
            Cell::new(request.viewpoint.term().trim_end_matches("対策")),
            Cell::new(statements(&service.assessment, risks)),
            rule_book,
            Cell::new(request.status.term()),
        ]
    });
    Table {
        caption: "お願いする事項".to_owned(),
        columns: columns(&[
            (0.5, Align::Center),
            (3.9, Align::Left),
            (1.5, Align::Left),
            (4.6, Align::Left),
            (0.9, Align::Center),
            (0.9, Align::Center),
        ]),
        head: head(&["No.", "お願いする内容", "観点", "防ぎたいこと", "規程への記載", "状況"]),
        rows: rows.collect(),
    }
}

fn data(service: &Service, list: &[(Vec<usize>, &Request)]) -> DataSheet {
    let heading =
        ["No.", "お願いする内容", "観点", "リスク番号", "リスクID", "運用管理規程への記載", "規程の文例", "状況"];
    let rows = list.iter().enumerate().map(|(at, (risks, request))| -> Vec<Value> {
        let pick = |of: fn(&shirube_safety::risk::Risk) -> String| -> Value {
            risks.iter().map(|&risk| of(&service.assessment.risks[risk])).collect::<Vec<_>>().join(" ").into()
        };
        vec![
            (at + 1).into(),
            request.text.as_str().into(),
            request.viewpoint.term().into(),
            pick(|risk| risk.number.clone()),
            pick(|risk| risk.id.clone()),
            request.rule_book.term().into(),
            request.rule_item.clone().unwrap_or_default().into(),
            request.status.term().into(),
        ]
    });
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}
