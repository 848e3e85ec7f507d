//! One entry of a register on paper: everything that is written of it, and who did what when, approvals included.

use shirube_catalog::{Register, StepBy};
use shirube_safety::operation::register::{Act, Entry, LogLine, NUMBER, STATE};

use super::RecordHead;
use super::register::{cell, is_missing, value};
use crate::content::{Align, Block, Cell, DataSheet, Document, Table};
use crate::deliverable::common::{columns, head};

/// What is printed of one entry.
#[derive(Debug, Clone, Copy)]
pub struct EntryPaper<'a> {
    pub register: &'a Register,
    pub entry: &'a Entry,
    /// What was done with it, in the order of the days.
    pub lines: &'a [LogLine],
}

/// Headings of what was done.
const DONE_COLUMNS: [&str; 6] = ["行った日", "したこと", "人", "結果", "備考", "証跡"];

/// The document. It is a draft while something is empty that has to be written.
pub fn entry_document(paper: EntryPaper, made: &RecordHead) -> Document {
    let EntryPaper { register, entry, .. } = paper;
    let missing = register.fields.iter().filter(|field| is_missing(field, entry)).count();
    let title = format!("{} {}", register.title, entry.id);
    let mut document = made.paper("register-entry", title, false, missing == 0);
    document.summary.push((STATE.to_owned(), paper.state().to_owned()));
    if entry.hold {
        document.summary.push(("保全".to_owned(), "調査や争いのために残しています".to_owned()));
    }
    if !register.sources.is_empty() {
        document.summary.push(("よりどころ".to_owned(), register.sources.join("、")));
    }
    if missing > 0 {
        document.notices.push(format!("書いていない欄が{missing}か所あるため、「案」です。"));
    }
    document.blocks.push(Block::Table(paper.values(made)));
    document.blocks.push(Block::Heading { level: 1, text: "行ったことと承認".to_owned() });
    if paper.lines.is_empty() {
        document.blocks.push(Block::Paragraph("手続や務めの記録は、まだありません。".to_owned()));
    } else {
        document.blocks.push(Block::Table(paper.done(made)));
    }
    document.data = vec![paper.data(), paper.log()];
    document
}

impl EntryPaper<'_> {
    fn state(&self) -> &str {
        self.register.state(&self.entry.state).map_or(&self.entry.state, |state| &state.title)
    }

    fn values(&self, made: &RecordHead) -> Table {
        // Where a field is what tells entries apart, it says the same.
        let is_said = self.register.key().is_some_and(|key| self.entry.text(&key.id) == self.entry.id);
        let number = (!is_said).then(|| vec![Cell::new(NUMBER), Cell::new(&self.entry.id)]);
        let fields = self.register.fields.iter();
        let rows = fields.map(|field| vec![Cell::new(&field.title), cell(field, self.entry, made)]);
        Table {
            caption: self.register.entry.clone(),
            columns: columns(&[(1.6, Align::Left), (4.4, Align::Left)]),
            head: head(&["欄", "内容"]),
            rows: number.into_iter().chain(rows).collect(),
        }
    }

    /// What was done is called, with the mark of an approval.
    fn called(&self, line: &LogLine) -> String {
        match &line.act {
            Act::Step(id) => self.register.step(id).map_or(id.clone(), |step| match step.by {
                StepBy::Anyone => step.title.clone(),
                by => format!("{}（{}）", step.title, by.term()),
            }),
            Act::Duty(id) => self.register.duty(id).map_or(id.clone(), |duty| duty.title.clone()),
        }
    }

    /// A step is done or not done; only a duty comes out in one way or the other.
    fn came_out(line: &LogLine) -> &'static str {
        match line.act {
            Act::Step(_) => "",
            Act::Duty(_) => line.outcome.term(),
        }
    }

    fn row(&self, line: &LogLine, day: String) -> [String; 6] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let came_out = Self::came_out(line).to_owned();
        [day, self.called(line), text(&line.person), came_out, text(&line.remark), text(&line.evidence)]
    }

    fn done(&self, made: &RecordHead) -> Table {
        let row = |line: &LogLine| self.row(line, made.day(line.on)).iter().map(Cell::new).collect();
        let widths = [1.6, 1.8, 1.3, 0.9, 2.0, 1.8].map(|width| (width, Align::Left));
        Table {
            caption: "行ったことと承認".to_owned(),
            columns: columns(&widths),
            head: head(&DONE_COLUMNS),
            rows: self.lines.iter().map(row).collect(),
        }
    }

    fn data(&self) -> DataSheet {
        let titles = self.register.fields.iter().map(|field| field.title.clone());
        let values = self.register.fields.iter().map(|field| value(field, self.entry));
        DataSheet {
            name: "データ".to_owned(),
            columns: [NUMBER.to_owned(), STATE.to_owned()].into_iter().chain(titles).collect(),
            rows: vec![[self.entry.id.as_str().into(), self.state().into()].into_iter().chain(values).collect()],
        }
    }

    fn log(&self) -> DataSheet {
        let row = |line: &LogLine| {
            let mut row: Vec<_> = self.row(line, String::new()).into_iter().map(Into::into).collect();
            row[0] = Some(line.on).into();
            row
        };
        DataSheet {
            name: "行ったこと".to_owned(),
            columns: DONE_COLUMNS.map(str::to_owned).to_vec(),
            rows: self.lines.iter().map(row).collect(),
        }
    }
}
