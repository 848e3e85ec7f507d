//! 情報提供項目一覧: table 4-1 as a checklist of what the institution gets (DOC-005, PARTY-013).

use shirube_safety::Service;

use super::common::{columns, document, head};
use super::{Deliverable, printed};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::ProvidedInformation, Page::A4_PORTRAIT, source);
    let lines = lines(service);
    let open = lines.iter().filter(|line| line.document.is_none()).count();
    document
        .summary
        .push(("情報提供すべき項目".to_owned(), format!("{}件（うち資料のないもの{open}件）", lines.len())));
    let rows = lines.iter().map(|line| {
        let missing = || Cell::new("資料なし").mark(Mark::Unanswered);
        vec![
            Cell::new(line.no.to_string()),
            Cell::new(line.purpose),
            Cell::new(line.item),
            line.document.as_ref().map_or_else(missing, |text| Cell::new(text.clone())),
            Cell::new(line.disclosure.clone()),
            Cell::new(line.disclosed.clone()),
            Cell::new(line.acknowledged.clone()),
        ]
    });
    document.blocks.push(Block::Table(Table {
        caption: "情報提供すべき項目".to_owned(),
        columns: columns(&[
            (0.5, Align::Center),
            (1.8, Align::Left),
            (2.8, Align::Left),
            (2.6, Align::Left),
            (2.2, Align::Left),
            (1.2, Align::Left),
            (1.2, Align::Left),
        ]),
        head: head(&["No.", "目的", "項目", "資料", "開示方法・条件・範囲", "開示日", "受領確認"]),
        rows: rows.collect(),
    }));
    roles(service, &mut document);
    document.data.push(data(&lines));
    document
}

struct Line<'a> {
    no: u8,
    purpose: &'static str,
    item: &'a str,
    document: Option<String>,
    disclosure: String,
    disclosed: String,
    acknowledged: String,
}

/// What the service itself makes counts as present; the rest has to be named by people.
fn lines(service: &Service) -> Vec<Line<'static>> {
    let dates = service.files.service.document.dates;
    let library = service.assessment.library;
    let items = library.provider.provided_information.iter();
    items
        .map(|item| {
            let named = service.files.service.selection.iter().find(|named| named.item == item.no);
            let made = item.document.as_deref().and_then(|name| name.parse::<Deliverable>().ok());
            let date = |date: Option<shirube_safety::model::Date>| date.map(|d| printed(d, dates)).unwrap_or_default();
            Line {
                no: item.no,
                purpose: item.purpose.term(),
                item: &item.item,
                document: named
                    .map(|named| named.document.clone())
                    .or_else(|| made.map(|made| made.title().to_owned())),
                disclosure: named.map(|named| named.disclosure.clone()).unwrap_or_default(),
                disclosed: date(named.and_then(|named| named.disclosed_on)),
                acknowledged: date(named.and_then(|named| named.acknowledged_on)),
            }
        })
        .collect()
}

/// The four responsible roles and the certifications (PARTY-009, guideline 4.4).
fn roles(service: &Service, document: &mut Document) {
    let file = &service.files.service;
    document.blocks.push(Block::Heading { level: 1, text: "安全管理の責任者".to_owned() });
    let rows = shirube_safety::model::RoleKind::ALL.iter().map(|kind| {
        let holder = file.roles.iter().find(|role| role.role == *kind);
        let mut row = vec![Cell::new(kind.term())];
        match holder {
            None => row.extend(["未定", "", "", ""].map(|text| {
                let cell = Cell::new(text);
                if text.is_empty() { cell } else { cell.mark(Mark::Unanswered) }
            })),
            Some(role) => row.extend(
                [&role.name, &role.duties, &role.appointment, &role.deputy].map(|text| Cell::new(text.clone())),
            ),
        }
        row
    });
    document.blocks.push(Block::Table(Table {
        caption: "安全管理の責任者".to_owned(),
        columns: columns(&[
            (1.6, Align::Left),
            (2.0, Align::Left),
            (3.4, Align::Left),
            (2.4, Align::Left),
            (2.0, Align::Left),
        ]),
        head: head(&["役割", "役職・氏名", "職務", "任命・解任", "緊急時の代行"]),
        rows: rows.collect(),
    }));
    if file.certifications.is_empty() {
        return;
    }
    document.blocks.push(Block::Heading { level: 1, text: "第三者認証など".to_owned() });
    let rows = file.certifications.iter().map(|certification| {
        let expires = certification.expires_on.map(|date| printed(date, file.document.dates));
        vec![
            Cell::new(certification.name.clone()),
            Cell::new(certification.scope.clone()),
            Cell::new(certification.number.clone()),
            Cell::new(expires.unwrap_or_default()),
        ]
    });
    document.blocks.push(Block::Table(Table {
        caption: "第三者認証など".to_owned(),
        columns: columns(&[(2.4, Align::Left), (3.6, Align::Left), (2.0, Align::Left), (2.0, Align::Left)]),
        head: head(&["名称", "適用範囲", "番号", "有効期限"]),
        rows: rows.collect(),
    }));
    document.blocks.push(Block::Paragraph(
        "認証の取得をもって、ガイドラインが求める安全管理の水準を満たすことにはなりません（4.4）。".to_owned(),
    ));
}

fn data(lines: &[Line]) -> DataSheet {
    let heading = ["No.", "目的", "項目", "資料", "開示方法・条件・範囲", "開示日", "受領確認"];
    let rows = lines.iter().map(|line| -> Vec<Value> {
        vec![
            u32::from(line.no).into(),
            line.purpose.into(),
            line.item.into(),
            line.document.clone().unwrap_or_default().into(),
            line.disclosure.clone().into(),
            line.disclosed.clone().into(),
            line.acknowledged.clone().into(),
        ]
    });
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}
