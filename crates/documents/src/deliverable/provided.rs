//! 情報提供項目一覧: table 4-1 as a checklist of what the institution gets (DOC-005, DOC-012, PARTY-013).

use shirube_safety::model::{Answer, Date, RoleHolder, RoleKind};
use shirube_safety::{Provided, Service};

use super::common::{columns, day, document, head, number};
use super::{Deliverable, printed};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::ProvidedInformation, Page::A4_LANDSCAPE, source);
    let lines: Vec<Line> = service.provided.iter().map(|provided| line(service, provided)).collect();
    let open = lines.iter().filter(|line| line.document.is_none()).count();
    document
        .summary
        .push(("情報提供すべき項目".to_owned(), format!("{}件（うち資料のないもの{open}件）", lines.len())));
    document.blocks.push(Block::Table(Table {
        caption: "情報提供すべき項目".to_owned(),
        columns: columns(&[
            (0.5, Align::Center),
            (1.8, Align::Left),
            (2.8, Align::Left),
            (3.0, Align::Left),
            (2.6, Align::Left),
            (1.2, Align::Center),
            (1.3, Align::Left),
            (1.3, Align::Left),
        ]),
        head: head(&["No.", "目的", "項目", "資料", "開示方法・条件・範囲", "秘密保持契約", "開示日", "受領確認"]),
        rows: lines.iter().map(|line| cells(service, line)).collect(),
    }));
    roles(service, &mut document);
    certifications(service, &mut document);
    document.data.push(data(&lines));
    document
}

struct Line {
    no: u8,
    purpose: &'static str,
    item: &'static str,
    /// What there is; `None` if nothing.
    document: Option<String>,
    /// `None` where nobody named the item.
    disclosure: Option<String>,
    nda: Option<Answer>,
    disclosed: Option<Date>,
    acknowledged: Option<Date>,
}

/// What people named comes first; what Shirube makes counts once it has content.
fn line(service: &Service, provided: &Provided) -> Line {
    let named = provided.named;
    let shown = named.map(|named| named.shown()).filter(|shown| !shown.is_empty());
    Line {
        no: provided.item.no,
        purpose: provided.item.purpose.term(),
        item: &provided.item.item,
        document: shown.or_else(|| made(service, provided)),
        disclosure: named.map(|named| named.disclosure.trim().to_owned()).filter(|text| !text.is_empty()),
        nda: named.map(|named| named.nda),
        disclosed: named.and_then(|named| named.disclosed_on),
        acknowledged: named.and_then(|named| named.acknowledged_on),
    }
}

/// Title, heading, number, edition and state of a document of ours.
pub fn made(service: &Service, provided: &Provided) -> Option<String> {
    let made = provided.made.filter(|made| !made.empty)?;
    let deliverable: Deliverable = made.document.parse().ok()?;
    let info = &service.files.service.document;
    let of_edition = [number(service, deliverable), info.edition.clone()].into_iter().flatten().collect::<Vec<_>>();
    let part = made.part.map(|part| format!("の「{part}」")).unwrap_or_default();
    let reference = if of_edition.is_empty() { String::new() } else { format!("（{}）", of_edition.join(" ")) };
    let draft = service.open_points().next().is_some() || info.issued_on.is_none();
    Some(format!("{}{part}{reference}{}", deliverable.title(), if draft { "案" } else { "" }))
}

fn cells(service: &Service, line: &Line) -> Vec<Cell> {
    let dates = service.files.service.document.dates();
    let date = |date: Option<Date>| Cell::new(date.map(|date| printed(date, dates)).unwrap_or_default());
    let unanswered = |text: &str| Cell::new(text).mark(Mark::Unanswered);
    let there = line.document.is_some();
    let disclosure = match &line.disclosure {
        Some(text) => Cell::new(text.clone()),
        None if there => unanswered("未記載"),
        None => Cell::new(""),
    };
    let nda = match line.nda {
        Some(Answer::Yes) => Cell::new("要る"),
        Some(Answer::No) => Cell::new("要らない"),
        Some(Answer::Unknown) => unanswered("未確認"),
        None => Cell::new(""),
    };
    vec![
        Cell::new(line.no.to_string()),
        Cell::new(line.purpose),
        Cell::new(line.item),
        line.document.as_ref().map_or_else(|| unanswered("資料なし"), |text| Cell::new(text.clone())),
        disclosure,
        nda,
        date(line.disclosed),
        date(line.acknowledged),
    ]
}

/// The four responsible roles (PARTY-009).
fn roles(service: &Service, document: &mut Document) {
    let file = &service.files.service;
    document.blocks.push(Block::Heading { level: 1, text: "安全管理の責任者".to_owned() });
    let rows = RoleKind::ALL.iter().map(|kind| {
        let holder = file.roles.iter().find(|role| role.role == *kind);
        let mut row = vec![Cell::new(kind.term())];
        match holder {
            None => {
                row.push(Cell::new("未定").mark(Mark::Unanswered));
                row.extend(std::iter::repeat_n(Cell::new(""), 5));
            }
            Some(holder) => row.extend(holder_cells(holder)),
        }
        row
    });
    document.blocks.push(Block::Table(Table {
        caption: "安全管理の責任者".to_owned(),
        columns: columns(&[
            (1.6, Align::Left),
            (2.0, Align::Left),
            (3.4, Align::Left),
            (2.2, Align::Left),
            (1.2, Align::Left),
            (2.0, Align::Left),
            (2.2, Align::Left),
        ]),
        head: head(&["役割", "役職・氏名", "職務", "任命・解任", "任期", "緊急時の代行", "資格・経験"]),
        rows: rows.collect(),
    }));
}

fn holder_cells(holder: &RoleHolder) -> [Cell; 6] {
    let asked = |text: &String| match text.trim() {
        "" => Cell::new("未記載").mark(Mark::Unanswered),
        text => Cell::new(text),
    };
    // Only the system administrator has to show a qualification.
    let qualification = match holder.role {
        RoleKind::SystemAdministrator => asked(&holder.qualification),
        _ if holder.qualification.trim().is_empty() => Cell::new("—"),
        _ => Cell::new(holder.qualification.clone()),
    };
    [
        asked(&holder.name),
        asked(&holder.duties),
        asked(&holder.appointment),
        asked(&holder.period),
        asked(&holder.deputy),
        qualification,
    ]
}

/// Certifications, and what they do not prove (guideline 4.4).
fn certifications(service: &Service, document: &mut Document) {
    let file = &service.files.service;
    if file.certifications.is_empty() {
        return;
    }
    document.blocks.push(Block::Heading { level: 1, text: "第三者認証など".to_owned() });
    let rows = file.certifications.iter().map(|certification| {
        let expires = certification.expires_on.map(|date| printed(date, file.document.dates()));
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
    let heading = ["No.", "目的", "項目", "資料", "開示方法・条件・範囲", "秘密保持契約", "開示日", "受領確認"];
    let rows = lines.iter().map(|line| -> Vec<Value> {
        vec![
            u32::from(line.no).into(),
            line.purpose.into(),
            line.item.into(),
            line.document.clone().unwrap_or_default().into(),
            line.disclosure.clone().unwrap_or_default().into(),
            line.nda.map(Answer::term).unwrap_or_default().into(),
            day(line.disclosed),
            day(line.acknowledged),
        ]
    });
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}
