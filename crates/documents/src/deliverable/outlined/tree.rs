//! Composed clauses as a content tree: headings, numbered paragraphs, tables, and what stands around them.

use shirube_outline::{Align as Side, Clause, Composed, Missing, Mistake, Piece, Style, Why};
use shirube_safety::Service;
use shirube_safety::model::RoleKind;
use shirube_safety::stated::HouseTerm;

use super::fit::{Elastic, fit};
use super::{Deliverable, label, values, words};
use crate::content::{Align, Block, Cell, Column, DataSheet, Document, Form, Letters, Mark, Status, Table, Value};

/// Requirement of the guideline for each content that a 運用管理規程 must have.
const MANDATORY: &str = "T-09 ";

pub fn fill(document: &mut Document, service: &Service, deliverable: Deliverable, composed: &Composed) {
    document.title.clone_from(&composed.title);
    let brief = is_brief(deliverable);
    (document.look.form, document.look.letters) = form(deliverable);
    if document.look.form == Form::Letter {
        // Its first lines say to whom it goes.
        document.summary.clear();
    }
    if deliverable == Deliverable::OperatingRules {
        hold_back(document, composed);
    }
    for difference in &composed.differences {
        document.notices.push(format!(
            "置き換えた条項「{}」は、ひな型の文が変わっています。読み比べて、よければ条項の変更の「見たひな型の指紋」を{}にしてください。",
            difference.title, difference.fingerprint
        ));
    }
    let missing = missing(service, composed);
    if !missing.is_empty() && brief {
        let named: Vec<&str> = missing.iter().map(|line| line.what.as_str()).collect();
        document.notices.push(format!("未記載が{}か所あります: {}。", named.len(), first_of(&named)));
    } else if !missing.is_empty() {
        document.summary.push(("未記載".to_owned(), format!("{}か所（次の表のとおり）", missing.len())));
        document.blocks.push(Block::Table(missing_table(service, &missing)));
    }
    if !brief {
        document.blocks.push(Block::Contents);
    }
    let mut pen = Pen { style: composed.style, blocks: &mut document.blocks, elastic: Vec::new() };
    pen.pieces(&composed.preamble);
    composed.clauses.iter().for_each(|clause| pen.clause(clause));
    if !composed.supplement.is_empty() {
        pen.blocks.push(Block::Heading { level: 1, text: "附則".to_owned() });
        pen.pieces(&composed.supplement);
    }
    pen.pieces(&composed.closing);
    for annex in &composed.annexes {
        pen.blocks.push(Block::PageBreak);
        pen.clause(annex);
    }
    let elastic = pen.elastic;
    if let Some(pages) = pages(deliverable) {
        fit(document, &elastic, pages);
    }
    if !brief {
        glossary(document, deliverable, composed, &service.files.house.terms);
    }
    document.data.push(sources(composed));
    document.data.push(texts(composed));
}

/// Says why a document could not be made.
pub fn refuse(document: &mut Document, mistakes: &[Mistake]) {
    document.meta.status = Status::Draft;
    document.meta.issued_on = None;
    document.notices.push("条項に誤りがあるため、この文書は作れません。".to_owned());
    document.blocks.push(Block::List(mistakes.iter().map(ToString::to_string).collect()));
}

/// One to three pages, without contents and appendix.
fn is_brief(deliverable: Deliverable) -> bool {
    matches!(deliverable, Deliverable::Letter | Deliverable::SummaryManagement | Deliverable::SummaryClinic)
}

fn form(deliverable: Deliverable) -> (Form, Letters) {
    match deliverable {
        Deliverable::Letter => (Form::Letter, Letters::Normal),
        Deliverable::SummaryManagement => (Form::Sheet, Letters::Normal),
        Deliverable::SummaryClinic => (Form::Sheet, Letters::Large),
        _ => (Form::Report, Letters::Normal),
    }
}

/// How many pages a summary may have.
fn pages(deliverable: Deliverable) -> Option<usize> {
    match deliverable {
        Deliverable::SummaryManagement => Some(1),
        Deliverable::SummaryClinic => Some(2),
        _ => None,
    }
}

/// The first few of several names, and how many more there are.
fn first_of(named: &[&str]) -> String {
    const FEW: usize = 4;
    match named {
        [first @ .., _, _] if first.len() >= FEW => {
            format!("{} ほか{}か所", named[..FEW].join("、"), named.len() - FEW)
        }
        _ => named.join("、"),
    }
}

/// A 運用管理規程 is issued only with all that the guideline wants in it (DOC-029).
fn hold_back(document: &mut Document, composed: &Composed) {
    let is_mandatory = |clause: &Clause| clause.requirements.iter().any(|id| id.starts_with(MANDATORY));
    let incomplete = |clause: &&Clause| {
        is_mandatory(clause)
            && (!clause.says_something() && clause.clauses.is_empty()
                || composed.missing.iter().any(|missing| missing.clause == clause.id))
    };
    let mut named: Vec<String> =
        composed.walk().filter(incomplete).map(|clause| format!("{}（{}）", clause.reference, clause.title)).collect();
    named.extend(composed.left_out.iter().filter(|left| left.why == Why::Dropped).map(|left| left.title.clone()));
    if !named.is_empty() {
        document.meta.status = Status::Draft;
        document.meta.issued_on = None;
        let what = named.join("、");
        document.notices.push(format!("必ず定める内容に未記載があるため、発行できません: {what}。"));
    }
}

/// A fact nobody has written, with every place that asks for it.
struct Line {
    what: String,
    places: Vec<String>,
    owner: Option<String>,
}

fn missing(service: &Service, composed: &Composed) -> Vec<Line> {
    if composed.missing.is_empty() {
        return Vec::new();
    }
    let facts = values(service);
    let mut lines: Vec<(&str, Line)> = Vec::new();
    for Missing { path, reference, title, owner, .. } in &composed.missing {
        let place = match reference.as_str() {
            "" => title.clone(),
            reference if reference.contains(title.as_str()) || title.is_empty() => reference.to_owned(),
            reference => format!("{reference} {title}"),
        };
        match lines.iter_mut().find(|(known, _)| known == path) {
            Some((_, line)) if !line.places.contains(&place) => line.places.push(place),
            Some(_) => {}
            None => {
                lines.push((path, Line { what: label::label(path, &facts), places: vec![place], owner: owner.clone() }))
            }
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

fn missing_table(service: &Service, lines: &[Line]) -> Table {
    let row = |line: &Line| {
        vec![
            Cell::new(line.what.clone()).mark(Mark::Unanswered),
            Cell::new(line.places.join("\n")),
            Cell::new(line.owner.as_deref().map(|owner| owner_text(service, owner)).unwrap_or_default()),
        ]
    };
    Table {
        caption: "未記載の一覧".to_owned(),
        columns: [3.0, 4.0, 3.0].map(|width| Column { width, align: Align::Left }).into(),
        head: vec![["書かれていないこと", "箇所", "担当"].map(Cell::new).into()],
        rows: lines.iter().map(row).collect(),
    }
}

/// `運用管理責任者（運用部長 港 四郎）`.
fn owner_text(service: &Service, owner: &str) -> String {
    if owner == "institution" {
        return "医療機関等".to_owned();
    }
    let Some(role) = RoleKind::ALL.iter().find(|role| role.token() == owner) else { return owner.to_owned() };
    let holder = service.files.service.roles.iter().find(|holder| holder.role == *role);
    holder.map_or_else(|| role.term().to_owned(), |holder| format!("{}（{}）", role.term(), holder.name))
}

/// Writes blocks in the style of a document.
struct Pen<'b> {
    style: Style,
    blocks: &'b mut Vec<Block>,
    elastic: Vec<Elastic>,
}

impl Pen<'_> {
    fn clause(&mut self, clause: &Clause) {
        let mut body = &clause.body[..];
        if clause.title.is_empty() {
            // The number stands before the first sentence.
            if let Some((Piece::Paragraph { text, .. }, rest)) = body.split_first() {
                self.numbered(1, &clause.label, text);
                body = rest;
            }
        } else {
            let level = clause.depth.min(6) as u8;
            self.blocks.push(Block::Heading { level, text: heading(self.style, clause) });
        }
        self.pieces(body);
        clause.clauses.iter().for_each(|clause| self.clause(clause));
    }

    fn numbered(&mut self, depth: u8, label: &str, text: &str) {
        if label.is_empty() {
            self.blocks.push(Block::Paragraph(text.to_owned()));
        } else {
            self.blocks.push(Block::Numbered { depth, label: label.to_owned(), text: text.to_owned() });
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Paragraph { label, text } => self.numbered(0, label, text),
                Piece::Item { depth, label, text } => self.numbered(*depth as u8, label, text),
                Piece::Remark(text) => self.blocks.push(Block::Paragraph(text.clone())),
                Piece::Aligned { align, text } => {
                    let align = match align {
                        Side::Left => Align::Left,
                        Side::Center => Align::Center,
                        Side::Right => Align::Right,
                    };
                    self.blocks.push(Block::Aligned { align, text: text.clone() });
                }
                Piece::Table { caption, head, widths, rows, stands_empty, limit } => {
                    if let Some((limit, total)) = limit.clone().filter(|_| !stands_empty) {
                        self.elastic.push(Elastic { at: self.blocks.len(), limit, total });
                    }
                    self.blocks.push(Block::Table(table(caption, head, widths, rows, *stands_empty)));
                }
            }
        }
    }
}

/// `第1条（目的）`, `1.1 目的`; a document without numbers has its titles alone.
fn heading(style: Style, clause: &Clause) -> String {
    match (style, clause.depth) {
        _ if clause.label.is_empty() => clause.title.clone(),
        (Style::Rules, 2) => format!("{}（{}）", clause.label, clause.title),
        _ => format!("{} {}", clause.label, clause.title),
    }
}

fn table(caption: &str, head: &[String], widths: &[f64], rows: &[Vec<String>], stands_empty: bool) -> Table {
    let row = |row: &Vec<String>| -> Vec<Cell> {
        if stands_empty {
            return vec![Cell::new(row[0].clone()).cols(head.len().max(1))];
        }
        row.iter().map(|cell| Cell::new(cell.clone())).collect()
    };
    Table {
        caption: caption.to_owned(),
        columns: widths.iter().map(|width| Column { width: *width, align: Align::Left }).collect(),
        head: vec![head.iter().map(Cell::new).collect()],
        rows: rows.iter().map(row).collect(),
    }
}

/// The words of the document, with an example where its readers are no engineers (GLOSS-002).
fn glossary(document: &mut Document, deliverable: Deliverable, composed: &Composed, own: &[HouseTerm]) {
    let words = words::used(composed, own);
    if words.is_empty() {
        return;
    }
    let with_examples = deliverable != Deliverable::OperatingRules;
    let row = |word: &super::context::Word| {
        let text = match word.example {
            example if with_examples && !example.is_empty() => format!("{}\n例: {example}", word.text),
            _ => word.text.to_owned(),
        };
        vec![Cell::new(word.term), Cell::new(text)]
    };
    document.blocks.push(Block::PageBreak);
    document.blocks.push(Block::Heading { level: 1, text: "用語の説明".to_owned() });
    // Explanations speak to the reader, whatever the voice of the document, and bind nobody.
    document
        .blocks
        .push(Block::Paragraph("読む方の参考のために付けたもので、この文書の定めではありません。".to_owned()));
    document.blocks.push(Block::Table(Table {
        caption: "用語の説明".to_owned(),
        columns: [2.0, 7.0].map(|width| Column { width, align: Align::Left }).into(),
        head: vec![["言葉", "意味"].map(Cell::new).into()],
        rows: words.iter().map(row).collect(),
    }));
}

/// For the author: which clause answers what, and what to think of. Never printed.
fn sources(composed: &Composed) -> DataSheet {
    let columns = ["番号", "条項", "名前", "典拠", "要求事項", "考え方", "省けるか", "担当"];
    let row = |clause: &Clause| -> Vec<Value> {
        vec![
            clause.reference.as_str().into(),
            clause.title.as_str().into(),
            clause.id.as_str().into(),
            clause.source.as_str().into(),
            clause.requirements.join("、").into(),
            clause.note.trim().into(),
            if clause.optional { "省ける" } else { "" }.into(),
            clause.owner.clone().unwrap_or_default().into(),
        ]
    };
    let mut rows: Vec<Vec<Value>> = composed.walk().map(row).collect();
    rows.extend(composed.left_out.iter().map(|left| {
        let why = match left.why {
            Why::Dropped => "省いた",
            Why::NotApplicable => "当てはまらない",
            Why::OtherSize => "ほかの規模の医療機関等のもの",
        };
        let cells = [why, &left.title, &left.clause, "", "", "", "", ""];
        cells.into_iter().map(Value::from).collect()
    }));
    DataSheet {
        name: "条項と典拠（起案者用）".to_owned(), columns: columns.map(str::to_owned).to_vec(), rows
    }
}

/// The clauses as records: one text a row, with the facts behind nothing.
fn texts(composed: &Composed) -> DataSheet {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut add = |reference: &str, title: &str, pieces: &[Piece]| {
        for piece in pieces {
            let (label, text) = match piece {
                Piece::Paragraph { label, text } | Piece::Item { label, text, .. } => (label.as_str(), text.clone()),
                Piece::Remark(text) | Piece::Aligned { text, .. } => ("", text.clone()),
                Piece::Table { caption, head, rows, .. } => {
                    let lines = std::iter::once(head).chain(rows).map(|row| row.join("｜"));
                    ("", std::iter::once(caption.clone()).chain(lines).collect::<Vec<_>>().join("\n"))
                }
            };
            rows.push(vec![reference.into(), title.into(), label.into(), text.into()]);
        }
    };
    add("", "前文", &composed.preamble);
    composed.walk().for_each(|clause| add(&clause.reference, &clause.title, &clause.body));
    add("", "附則", &composed.supplement);
    add("", "署名", &composed.closing);
    DataSheet {
        name: "条文".to_owned(), columns: ["番号", "条項", "項・号", "文"].map(str::to_owned).to_vec(), rows
    }
}
