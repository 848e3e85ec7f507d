//! 第一報, 続報, 終報: what one institution is told, in neutral words (OPS-055).

use shirube_safety::ServiceFiles;
use shirube_safety::operation::incident::Notice;

use super::{BLANK, table};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Value};
use crate::deliverable::RecordHead;
use crate::deliverable::date::with_printed_dates;

/// The letter. It is a draft unless an approved report waits to be sent, and while something had to be held back.
pub fn notice_paper(notice: &Notice, files: &ServiceFiles, head: &RecordHead) -> Document {
    let held_back = notice.held_back();
    let is_whole = notice.is_approved && held_back.is_empty();
    let title = format!("情報セキュリティ事故のお知らせ（{}）", notice.stage.term());
    let mut document = head.paper("incident-notice", title, false, is_whole);
    document.summary = vec![
        ("対象の医療機関等".to_owned(), notice.institution.clone()),
        ("事故番号".to_owned(), notice.number.clone()),
    ];
    if !notice.is_approved {
        let text = "医療機関等への報告の記録に、承認済みで送付を待つこの段階の報告がないため、「案」です。";
        document.notices.push(text.to_owned());
    }
    if !held_back.is_empty() {
        let names = held_back.join("」「");
        document.notices.push(format!("「{names}」は、ほかの医療機関等の名前を含むため、載せていません。"));
    }
    document.blocks = blocks(notice, files, head);
    document.data = vec![data(notice)];
    document
}

fn blocks(notice: &Notice, files: &ServiceFiles, head: &RecordHead) -> Vec<Block> {
    let provider = &files.service.parties;
    let provider = provider.iter().find(|party| party.id == files.service.provider);
    let provider = provider.map_or(&files.service.provider, |party| &party.name);
    let sender = Block::Aligned { align: Align::Right, text: provider.clone() };
    let service = &files.service.service.name;
    let opening = format!(
        "{service}について、「{}」を次のとおりお知らせします。調査中のことは、分かり次第お知らせします。",
        notice.title
    );
    let row = |line: &shirube_safety::operation::incident::NoticeLine| {
        let cell = Cell::new(with_printed_dates(&line.text, head.dates));
        let cell = match (line.is_held_back, line.is_unknown) {
            (true, _) => cell.mark(Mark::Finding),
            (_, true) => cell.mark(Mark::Unanswered),
            _ => cell,
        };
        vec![Cell::new(line.title), cell]
    };
    let mut rows: Vec<Vec<Cell>> = notice.lines.iter().map(row).collect();
    if let Some(next) = &notice.next {
        rows.push(vec![Cell::new("次のお知らせ"), Cell::new(next)]);
    }
    vec![
        Block::Paragraph(format!("{} 御中", notice.institution)),
        sender,
        Block::Paragraph(opening),
        table(notice.stage.term(), &["項目", "内容"], &[2.0, 7.0], rows),
        Block::Heading { level: 1, text: "お問い合わせ先".to_owned() },
        Block::List(desk(files)),
    ]
}

/// One fact a row.
fn data(notice: &Notice) -> DataSheet {
    let rows = notice.lines.iter().map(|line| vec![Value::from(line.title), Value::from(line.text.as_str())]);
    DataSheet {
        name: "データ".to_owned(), columns: vec!["項目".to_owned(), "内容".to_owned()], rows: rows.collect()
    }
}

/// Where an institution reaches the provider, by day and by night.
fn desk(files: &ServiceFiles) -> Vec<String> {
    let contacts = files.sla.contacts.as_ref();
    let emergency = contacts.and_then(|contacts| contacts.emergency.as_ref());
    let text = |text: Option<&String>| text.map_or(BLANK, String::as_str).to_owned();
    vec![
        format!("通常業務時間: {}", text(emergency.and_then(|emergency| emergency.business.as_ref()))),
        format!("その他の時間: {}", text(emergency.and_then(|emergency| emergency.other.as_ref()))),
    ]
}
