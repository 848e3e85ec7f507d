//! The items of a sheet as its own table: the columns follow the form, the rows its order.

use shirube_safety::Service;
use shirube_safety::checklist::{Checklist, Line, Tally};
use shirube_safety::model::Date;
use shirube_safety::stated::{BoxMark, ChecklistReply, ChecklistState, Said};

use super::super::common::{columns, head};
use super::super::{Deliverable, printed};
use super::{counts, deliverable};
use crate::content::{Align, Cell, Mark, Table};

/// A column: width, alignment, heading.
type Shape = &'static [(f64, Align, &'static str)];

const CYBER: Shape = &[
    (1.5, Align::Left, "対象"),
    (0.7, Align::Center, "番号"),
    (4.4, Align::Left, "確認する項目"),
    (1.1, Align::Center, "1回目"),
    (1.9, Align::Center, "確認日"),
    (1.9, Align::Center, "目標日"),
    (1.9, Align::Center, "2回目"),
    (1.9, Align::Center, "3回目"),
    (4.4, Align::Left, "備考"),
];
const MHLW: Shape = &[
    (0.7, Align::Center, "No."),
    (0.8, Align::Center, "実施済"),
    (4.6, Align::Left, "項目"),
    (4.6, Align::Left, "実施内容"),
];
const DIVISION: Shape = &[
    (0.9, Align::Center, "番号"),
    (4.2, Align::Left, "項目"),
    (1.5, Align::Center, "行う者"),
    (1.2, Align::Center, "初回の確認"),
    (1.9, Align::Center, "確認日"),
    (1.9, Align::Center, "完了日"),
    (4.6, Align::Left, "備考"),
];
const MDS_SDS: Shape = &[
    (0.9, Align::Center, "番号"),
    (3.2, Align::Left, "領域・設問"),
    (1.1, Align::Center, "答え"),
    (5.2, Align::Left, "内容"),
    (2.8, Align::Left, "備考"),
];

pub(super) fn table(service: &Service, list: &Checklist) -> Table {
    let kind = deliverable(list.kind());
    let (shape, caption) = match kind {
        Deliverable::ChecklistCyber => (CYBER, "確認する項目"),
        Deliverable::ChecklistMhlw => (MHLW, "項目と実施内容"),
        Deliverable::RoleDivision => (DIVISION, "役割の分担"),
        _ => (MDS_SDS, "領域と設問"),
    };
    let widths: Vec<(f64, Align)> = shape.iter().map(|&(width, align, _)| (width, align)).collect();
    let headings: Vec<&str> = shape.iter().map(|&(.., heading)| heading).collect();
    let mut rows = Vec::new();
    for section in list.lines.chunk_by(|a, b| a.asked.group() == b.asked.group()) {
        let text = format!("{}　{}", section[0].asked.group(), counts(Tally::of(section)));
        rows.push(vec![Cell::new(text).cols(shape.len()).mark(Mark::Group)]);
        for together in section.chunk_by(|a, b| a.asked.above() == b.asked.above()) {
            let above = together[0].asked.above();
            if kind == Deliverable::ChecklistCyber {
                rows.extend(cyber(service, above.as_deref(), together));
                continue;
            }
            // An item that only gathers others has no box (DOC-040).
            rows.extend(above.map(|text| {
                let (number, title) = text.split_once(' ').unwrap_or((&text, "（次の項目に分かれる）"));
                vec![Cell::new(number), Cell::new(""), Cell::new(title).cols(shape.len() - 2)]
            }));
            rows.extend(together.iter().map(|line| match kind {
                Deliverable::ChecklistMhlw => mhlw(service, line),
                Deliverable::RoleDivision => division(service, line),
                _ => mds_sds(line),
            }));
        }
    }
    Table { caption: caption.to_owned(), columns: columns(&widths), head: head(&headings), rows }
}

/// Items of one kind of device, which stands once beside them.
fn cyber(service: &Service, device: Option<&str>, lines: &[Line]) -> Vec<Vec<Cell>> {
    let again = |line: &Line, at: usize| {
        let again = line.reply.and_then(|reply| reply.again.get(at));
        Cell::new(again.map_or_else(String::new, |again| format!("{}\n{}", short(again.state), day(service, again.on))))
    };
    let rows = lines.iter().enumerate().map(|(at, line)| {
        let mut row = Vec::with_capacity(CYBER.len());
        row.extend((at == 0).then(|| Cell::new(device.unwrap_or("—")).rows(lines.len())));
        row.extend([
            Cell::new(line.asked.number()),
            Cell::new(line.asked.text()),
            yes_no(line),
            date(service, line.reply.and_then(|reply| reply.confirmed_on)),
            date(service, line.reply.and_then(|reply| reply.target_on)),
            again(line, 0),
            again(line, 1),
            remarks(line, true),
        ]);
        row
    });
    rows.collect()
}

/// DOC-038: number, box, what is done.
fn mhlw(service: &Service, line: &Line) -> Vec<Cell> {
    let mark = line.reply.and_then(ChecklistReply::box_mark).map(BoxMark::term);
    let boxed = match (mark, line.is_open()) {
        (Some(mark), false) => Cell::new(mark),
        (Some(mark), true) => Cell::new(format!("{mark}\n未回答")).mark(Mark::Unanswered),
        (None, _) if line.proposal.state.is_some() => Cell::new("未回答\n案: ■").mark(Mark::Proposed),
        (None, _) => Cell::new("未回答").mark(Mark::Unanswered),
    };
    let text = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let reply = line.reply;
    let mut parts: Vec<String> = Vec::new();
    match line.said() {
        Said::NotDone { target: None } => parts.push("未実施".to_owned()),
        Said::NotDone { target: Some(target) } => parts.push(format!("未実施（目標日: {}）", day(service, target))),
        Said::NotApplicable { reason } => parts.push(format!("対象外: {}", reason.unwrap_or("理由の記載なし"))),
        Said::Done { content: None } => parts.push("実施内容の記載なし".to_owned()),
        Said::Done { .. } | Said::Open => {}
    }
    parts.extend(reply.and_then(|reply| text(&reply.content)));
    parts.extend(reply.and_then(|reply| text(&reply.note)));
    let cell = with_facts(line, parts);
    vec![Cell::new(line.asked.number()), boxed, Cell::new(line.asked.text()), cell]
}

fn division(service: &Service, line: &Line) -> Vec<Cell> {
    let who = match line.reply.and_then(|reply| reply.who) {
        Some(who) => Cell::new(who.term()),
        None => Cell::new("未回答").mark(Mark::Unanswered),
    };
    vec![
        Cell::new(line.asked.number()),
        Cell::new(line.asked.text()),
        who,
        yes_no(line),
        date(service, line.reply.and_then(|reply| reply.confirmed_on)),
        date(service, line.reply.and_then(|reply| reply.completed_on)),
        remarks(line, true),
    ]
}

fn mds_sds(line: &Line) -> Vec<Cell> {
    let content = line.reply.and_then(|reply| reply.content.clone()).into_iter().collect();
    vec![
        Cell::new(line.asked.number()),
        Cell::new(line.asked.text()),
        yes_no(line),
        with_facts(line, content),
        remarks(line, false),
    ]
}

/// はい, いいえ, 対象外; 未回答 with what the facts would say.
fn yes_no(line: &Line) -> Cell {
    match line.reply.and_then(|reply| reply.state) {
        Some(state) => Cell::new(short(state)),
        None => match line.proposal.state {
            Some(state) => Cell::new(format!("未回答\n案: {}", short(state))).mark(Mark::Proposed),
            None => Cell::new("未回答").mark(Mark::Unanswered),
        },
    }
}

pub(super) fn short(state: ChecklistState) -> &'static str {
    match state {
        ChecklistState::Done => "はい",
        ChecklistState::NotDone => "いいえ",
        ChecklistState::NotApplicable => "対象外",
    }
}

/// What belongs to an answer, and the facts while there is none.
fn remarks(line: &Line, with_content: bool) -> Cell {
    let Some(reply) = line.reply else {
        return if with_content { with_facts(line, Vec::new()) } else { Cell::new("") };
    };
    let texts = [
        ("", reply.content.as_ref().filter(|_| with_content)),
        ("理由: ", reply.reason.as_ref()),
        ("", reply.note.as_ref()),
    ];
    let parts = texts
        .into_iter()
        .filter_map(|(label, text)| text.filter(|text| !text.trim().is_empty()).map(|text| format!("{label}{text}")));
    let parts: Vec<String> = parts.collect();
    if with_content { with_facts(line, parts) } else { Cell::new(parts.join("\n")) }
}

/// Texts of people, then what the facts say.
fn with_facts(line: &Line, mut parts: Vec<String>) -> Cell {
    let facts = &line.proposal.facts;
    if facts.is_empty() {
        return Cell::new(parts.join("\n"));
    }
    parts.push(format!("事実（案）: {}", facts.join("\n")));
    Cell::new(parts.join("\n")).mark(Mark::Proposed)
}

fn date(service: &Service, date: Option<Date>) -> Cell {
    Cell::new(date.map_or_else(String::new, |date| day(service, date)))
}

fn day(service: &Service, date: Date) -> String {
    printed(date, service.files.service.document.dates())
}
