//! 務めの予定表: what is overdue, what comes, and of what nobody can say when (OPS-077).

use shirube_safety::operation::register::{Due, When};

use super::{BLANK, RecordHead};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};
use crate::deliverable::common::{columns, head};

/// Headings of the flat table.
pub const DUTY_COLUMNS: [&str; 9] =
    ["期日", "状況", "台帳", "対象", "務め", "担当", "期日の根拠", "前回", "よりどころ"];

/// The document of the duties as of a day. It is a draft while a period or an origin is unknown.
pub fn duties_document(duties: &[Due], made: &RecordHead) -> Document {
    let (dated, undated): (Vec<&Due>, Vec<&Due>) = duties.iter().partition(|due| due.day().is_some());
    let (overdue, coming): (Vec<&Due>, Vec<&Due>) = dated.into_iter().partition(|due| due.is_overdue());
    let mut document = made.paper("duties", "務めの予定表".to_owned(), true, undated.is_empty());
    let count = |list: &[&Due]| format!("{}件", list.len());
    document.summary.push(("期日を過ぎたもの".to_owned(), count(&overdue)));
    document.summary.push(("これからのもの".to_owned(), count(&coming)));
    if !undated.is_empty() {
        document.summary.push(("期日の分からないもの".to_owned(), count(&undated)));
        document.notices.push(format!(
            "期日の分からない務めが{}件あるため、「案」です。双方で決める周期は、決めてから operations/periods.yaml に書きます。",
            undated.len()
        ));
    }
    for (title, list) in [("期日を過ぎたもの", overdue), ("これからのもの", coming), ("期日の分からないもの", undated)]
    {
        if !list.is_empty() {
            document.blocks.push(Block::Heading { level: 1, text: title.to_owned() });
            document.blocks.push(Block::Table(table(title, &list, made)));
        }
    }
    if duties.is_empty() {
        document.blocks.push(Block::Paragraph("この期間に期日のある務めはありません。".to_owned()));
    }
    document.data = vec![DataSheet {
        name: "データ".to_owned(),
        columns: DUTY_COLUMNS.map(str::to_owned).to_vec(),
        rows: duties.iter().map(values).collect(),
    }];
    document
}

fn table(title: &str, duties: &[&Due], made: &RecordHead) -> Table {
    let row = |due: &&Due| {
        let day = match &due.when {
            When::By { day, at, .. } => {
                let time = at.map(|at| format!(" {}", at.format("%H:%M"))).unwrap_or_default();
                Cell::new(format!("{}{time}", made.day(*day)))
            }
            _ => Cell::new(due.state()).mark(Mark::Unanswered),
        };
        let owner = match &due.owner {
            Some(owner) => Cell::new(owner),
            None => Cell::new(BLANK).mark(Mark::Unanswered),
        };
        vec![
            day,
            Cell::new(&due.register.title),
            Cell::new(due.entry.map_or("（台帳全体）", |entry| &entry.id)),
            Cell::new(&due.duty.title),
            owner,
            Cell::new(&due.basis),
            Cell::new(due.last.map_or("記録なし".to_owned(), |day| made.day(day))),
        ]
    };
    let left = |width| (width, Align::Left);
    Table {
        caption: title.to_owned(),
        columns: columns(&[left(1.6), left(1.8), left(1.4), left(2.2), left(1.4), left(2.6), left(1.4)]),
        head: head(&["期日", "台帳", "対象", "務め", "担当", "期日の根拠", "前回"]),
        rows: duties.iter().map(row).collect(),
    }
}

fn values(due: &Due) -> Vec<Value> {
    let mut row: Vec<Value> = duty_row(due).into_iter().map(Value::from).collect();
    row[0] = due.day().into();
    row
}

/// A duty as texts under [`DUTY_COLUMNS`].
pub fn duty_row(due: &Due) -> Vec<String> {
    vec![
        due.day().map(|day| day.to_string()).unwrap_or_default(),
        due.state(),
        due.register.title.clone(),
        due.entry.map(|entry| entry.id.clone()).unwrap_or_default(),
        due.duty.title.clone(),
        due.owner.clone().unwrap_or_else(|| BLANK.to_owned()),
        due.basis.clone(),
        due.last.map(|day| day.to_string()).unwrap_or_default(),
        due.duty.source.clone().unwrap_or_default(),
    ]
}
