//! The closing pack of one institution: 契約終了時の取決め書 and 返却・消去等の実施報告書 (SLA 6.2(4), LIFE-006 to LIFE-009).
//!
//! They are made from an institution's file, not from a service alone, so they are no [`super::Deliverable`].

use shirube_safety::agreement::{
    Closing, InstitutionFile, KeptRecord, SheetLine, SheetValue, check_end, kept_lines, performance, terms, undone,
    unfilled,
};
use shirube_safety::model::{Date, DateStyle, Flow, Phase};
use shirube_safety::{Service, Severity};

use super::Deliverable;
use super::common::{columns, document, flow_label, head};
use super::confirmation::{IN_WITNESS, signatures};
use super::date::{printed, with_printed_dates};
use crate::content::{Align, Block, Cell, Document, IssueDate, Mark, Page, Status, Table};

/// Names and titles of the papers of a closing pack.
pub const CLOSING_PAPERS: [(&str, &str); 2] =
    [("closing-terms", "契約終了時の取決め書"), ("closing-report", "返却・消去等の実施報告書")];

/// What stands where nobody wrote anything.
const BLANK: &str = "〔未記載〕";

/// What both papers are made of.
struct Paper<'a> {
    service: &'a Service<'a>,
    file: &'a InstitutionFile,
    closing: &'a Closing,
    source: &'a str,
}

/// The papers for an institution; `service` is the service as it is for it.
pub fn closing_papers(service: &Service, file: &InstitutionFile, source: &str) -> [Document; 2] {
    let none = Closing::default();
    let closing = file.closing.as_ref().unwrap_or(&none);
    let paper = Paper { service, file, closing, source };
    [paper.terms(), paper.report()]
}

impl Paper<'_> {
    /// 契約終了時の取決め書.
    fn terms(&self) -> Document {
        let open = unfilled(self.closing).len();
        let mistakes = mistakes(self.file);
        let agreed = self.closing.agreed.as_ref();
        // It is to be signed: it need not be agreed yet to be more than 案, but what it says must be able to be.
        let is_whole = open == 0 && mistakes.is_empty();
        let mut document = self.paper(0, is_whole.then(|| agreed.map(|agreed| agreed.on)));
        if let Some(agreed) = agreed {
            let people = format!("{}（甲 {}、乙 {}）", self.day(agreed.on), agreed.with, agreed.by);
            document.summary.push(("取決めに合意した日".to_owned(), people));
        }
        if open > 0 {
            document.notices.push(format!(
                "決まっていない事項が{open}件あるため「案」です。契約の終わる日の前に、すべてを決めます。"
            ));
        }
        document.notices.extend(mistakes.iter().map(|told| with_printed_dates(told, self.dates())));
        document.blocks.push(Block::Paragraph(format!(
            "{}（以下「甲」という。）と{}（以下「乙」という。）は、{}の利用契約の終了に当たり、甲が乙に預けた情報の返却、移管及び消去等を、次のとおり取り決める。",
            self.file.institution.name, document.meta.provider, document.meta.service
        )));
        document.blocks.push(heading("取り決める事項"));
        document.blocks.push(Block::Table(self.sheet("取り決める事項", &terms(self.closing))));
        self.kept(&mut document, false);
        self.flows(&mut document);
        self.sign(&mut document, IN_WITNESS);
        document
    }

    /// 返却・消去等の実施報告書.
    fn report(&self) -> Document {
        let closing = self.closing;
        let mistakes = mistakes(self.file);
        let unsettled = unfilled(closing).len();
        let open = undone(closing).len();
        let has_proof = closing.proof.iter().any(|name| !name.trim().is_empty());
        let is_whole = open == 0 && has_proof && mistakes.is_empty() && unsettled == 0;
        let closed = closing.closed.as_ref().filter(|_| is_whole);
        let mut document = self.paper(1, closed.map(|closed| Some(closed.on)));
        if let Some(closed) = &closing.closed {
            let text = format!("{} {}（{}）", self.day(closed.on), closed.by, closed.reason.trim_end_matches('。'));
            document.summary.push(("契約終了フェーズを閉じた記録".to_owned(), text));
        } else {
            document.notices.push("契約終了フェーズがまだ閉じていないため、「案」です。".to_owned());
        }
        if unsettled > 0 {
            document.notices.push(format!("取決めに、決まっていない事項が{unsettled}件あります。"));
        }
        if open > 0 {
            document.notices.push(format!("まだ書かれていない実施の記録が{open}件あります。"));
        }
        if !has_proof {
            document.notices.push("行ったことを示すものが、まだ書かれていません。".to_owned());
        }
        document.notices.extend(mistakes.iter().map(|told| with_printed_dates(told, self.dates())));
        document.blocks.push(Block::Paragraph(format!(
            "{}（以下「乙」という。）は、{}（以下「甲」という。）との{}の利用契約の終了に当たり、取決めに従って次のとおり行ったことを報告する。",
            document.meta.provider, self.file.institution.name, document.meta.service
        )));
        document.blocks.push(heading("行ったこと"));
        document.blocks.push(Block::Table(self.sheet("行ったこと", &performance(closing))));
        self.means(&mut document);
        document.blocks.push(heading("行ったことを示すもの"));
        document.blocks.push(match has_proof {
            true => Block::List(closing.proof.clone()),
            false => Block::Paragraph(BLANK.to_owned()),
        });
        self.kept(&mut document, true);
        self.flows(&mut document);
        self.sign(&mut document, "甲は、乙から以上の報告を受け、記載のとおり行われたことを確認する。");
        document
    }

    /// A paper with its cover; with a day or without one it is more than a draft.
    fn paper(&self, at: usize, issued: Option<Option<Date>>) -> Document {
        let (name, title) = CLOSING_PAPERS[at];
        let mut document = document(self.service, Deliverable::LifeCycle, Page::A4_PORTRAIT, self.source);
        document.name = name;
        title.clone_into(&mut document.title);
        // The numbers, the people and the history of the service's documents are not those of a paper between these two.
        document.meta.document_number = None;
        document.meta.edition = None;
        (document.meta.author, document.meta.approver, document.meta.valid) = (None, None, None);
        document.meta.history.clear();
        document.meta.status = if issued.is_some() { Status::Issued } else { Status::Draft };
        document.meta.issued_on = issued.flatten().map(|date| IssueDate { day: date.0, printed: self.day(date) });
        // What is open about the service is not open between these two.
        document.notices.clear();
        document.summary = vec![("対象の医療機関等".to_owned(), self.file.institution.name.clone())];
        let contract = &self.file.contract;
        document.summary.extend(contract.document.iter().map(|name| ("利用契約".to_owned(), name.clone())));
        let ends_on = contract.ends_on.map_or(BLANK.to_owned(), |date| self.day(date));
        document.summary.push(("契約の終わる日".to_owned(), ends_on));
        document
    }

    fn day(&self, date: Date) -> String {
        printed(date, self.dates())
    }

    fn dates(&self) -> DateStyle {
        self.service.files.service.document.dates()
    }

    fn value(&self, value: Option<SheetValue>) -> Cell {
        match value {
            Some(SheetValue::Text(text)) => Cell::new(text),
            Some(SheetValue::Day(date)) => Cell::new(self.day(date)),
            None => Cell::new(BLANK).mark(Mark::Unanswered),
        }
    }

    /// Lines under what they belong to.
    fn sheet(&self, caption: &str, lines: &[SheetLine]) -> Table {
        let mut rows = Vec::new();
        for of_group in lines.chunk_by(|a, b| a.group == b.group) {
            for (at, line) in of_group.iter().enumerate() {
                let group = (at == 0).then(|| Cell::new(line.group).rows(of_group.len()));
                let value = match (line.field, self.closing.kept.as_deref()) {
                    ("kept", Some([_, ..])) => Cell::new("残す（次の表のとおり）"),
                    _ => self.value(line.value),
                };
                let own = [Cell::new(line.label), value];
                rows.push(group.into_iter().chain(own).collect());
            }
        }
        Table {
            caption: caption.to_owned(),
            columns: columns(&[(2.2, Align::Left), (3.2, Align::Left), (5.6, Align::Left)]),
            head: head(&["区分", "事項", "内容"]),
            rows,
        }
    }

    /// How it was done: what was settled is what the report says was kept to.
    fn means(&self, document: &mut Document) {
        const SHOWN: [&str; 9] = [
            "return/range",
            "return/count",
            "return/format",
            "return/method",
            "migration/to",
            "erasure/range",
            "erasure/programs",
            "erasure/method",
            "backups/method",
        ];
        let lines: Vec<SheetLine> =
            terms(self.closing).into_iter().filter(|line| SHOWN.contains(&line.field)).collect();
        document.blocks.push(heading("取り決めた範囲と方法"));
        document.blocks.push(Block::Table(self.sheet("取り決めた範囲と方法", &lines)));
    }

    /// What the provider keeps afterwards, and until when (LIFE-009).
    fn kept(&self, document: &mut Document, is_report: bool) {
        document.blocks.push(heading("契約の後も残す記録"));
        let kept = match &self.closing.kept {
            None => return document.blocks.push(Block::Paragraph(BLANK.to_owned())),
            Some(kept) if kept.is_empty() => {
                return document.blocks.push(Block::Paragraph("契約の後に残す記録はない。".to_owned()));
            }
            Some(kept) => kept,
        };
        document.blocks.push(Block::Table(Table {
            caption: "契約の後も残す記録".to_owned(),
            columns: columns(&[(2.6, Align::Left), (2.6, Align::Left), (4.8, Align::Left)]),
            head: head(&["記録", "事項", "内容"]),
            rows: kept.iter().flat_map(|one| self.kept_rows(one, is_report)).collect(),
        }));
        document.blocks.push(Block::Paragraph("乙は、残す期限が過ぎた記録を速やかに削除する。".to_owned()));
    }

    fn kept_rows(&self, kept: &KeptRecord, is_report: bool) -> Vec<Vec<Cell>> {
        let mut lines: Vec<(&str, Cell)> =
            kept_lines(kept).into_iter().map(|line| (line.label, self.value(line.value))).collect();
        if let Some(deleted_on) = kept.deleted_on.filter(|_| is_report) {
            lines.push(("削除した日", Cell::new(self.day(deleted_on))));
        }
        let count = lines.len();
        let row = |(at, (label, value)): (usize, (&str, Cell))| {
            let what = (at == 0).then(|| Cell::new(kept.what.clone()).rows(count));
            what.into_iter().chain([Cell::new(label), value]).collect()
        };
        lines.into_iter().enumerate().map(row).collect()
    }

    /// The flows of the end: where information goes when it is returned, moved and erased.
    fn flows(&self, document: &mut Document) {
        document.blocks.push(heading("契約終了フェーズの情報流"));
        let flows: Vec<&Flow> =
            self.service.assessment.flows.list.iter().filter(|flow| flow.phase == Phase::Termination).collect();
        document.blocks.push(match flows.is_empty() {
            true => Block::Paragraph("契約終了フェーズの情報流は、洗い出されていない。".to_owned()),
            false => Block::List(flows.iter().map(|flow| flow_label(flow)).collect()),
        });
    }

    fn sign(&self, document: &mut Document, words: &str) {
        document.blocks.push(heading("記名押印"));
        document.blocks.push(Block::Paragraph(words.to_owned()));
        let table = signatures(&self.file.institution.name, &document.meta.provider);
        document.blocks.push(Block::Table(table));
    }
}

/// What stands against the order of things; what is only missing is counted elsewhere.
fn mistakes(file: &InstitutionFile) -> Vec<String> {
    const MISSING: [&str; 3] = ["closing-unfilled", "closed-undone", "closed-without-proof"];
    let errors = check_end(file).into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.filter(|finding| !MISSING.contains(&finding.rule)).map(|finding| finding.message).collect()
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 1, text: text.to_owned() }
}
