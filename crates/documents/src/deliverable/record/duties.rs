//! 務めの予定表: what is overdue, what comes, and of what nobody can say when (OPS-077).

use shirube_safety::operation::duty::{Duty, Whence};

use super::RecordHead;
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};
use crate::deliverable::common::{columns, head};

/// What stands where nobody is named.
const NOBODY: &str = "担当を決めていません";

/// Headings of the flat table.
pub const DUTY_COLUMNS: [&str; 9] =
    ["期日", "状況", "台帳など", "対象", "務め", "担当", "期日の根拠", "前回", "よりどころ"];

/// The document of the duties as of a day. It is a draft while a period or an origin is unknown.
pub fn duties_document(duties: &[Duty], made: &RecordHead) -> Document {
    let (dated, undated): (Vec<&Duty>, Vec<&Duty>) = duties.iter().partition(|due| due.day.is_some());
    let (overdue, coming): (Vec<&Duty>, Vec<&Duty>) = dated.into_iter().partition(|due| due.is_overdue);
    let mut document = made.paper("duties", "務めの予定表".to_owned(), true, undated.is_empty());
    let count = |list: &[&Duty]| format!("{}件", list.len());
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

fn table(title: &str, duties: &[&Duty], made: &RecordHead) -> Table {
    let row = |due: &&Duty| {
        let owner = match &due.owner {
            Some(owner) => Cell::new(owner),
            None => Cell::new(NOBODY).mark(Mark::Unanswered),
        };
        vec![
            day(due, made),
            Cell::new(&due.of),
            Cell::new(object(due)),
            Cell::new(&due.title),
            owner,
            Cell::new(&due.basis),
            Cell::new(last(due, made)),
        ]
    };
    let left = |width| (width, Align::Left);
    Table {
        caption: title.to_owned(),
        columns: columns(&[left(1.6), left(1.8), left(1.4), left(2.2), left(1.4), left(2.6), left(1.4)]),
        head: head(&["期日", "台帳など", "対象", "務め", "担当", "期日の根拠", "前回"]),
        rows: duties.iter().map(row).collect(),
    }
}

/// The day with the moment or what is to be told of a day off, or why there is no day.
fn day(due: &Duty, made: &RecordHead) -> Cell {
    let Some(day) = due.day else { return Cell::new(&due.state).mark(Mark::Unanswered) };
    let time = due.at.map(|at| format!(" {}", at.format("%H:%M"))).unwrap_or_default();
    let off = due.off.map(|off| format!("\n{}", off.told(|day| made.day(day)))).unwrap_or_default();
    Cell::new(format!("{}{time}{off}", made.day(day)))
}

/// What the duty is about; a register as a whole has no name of its own.
fn object(due: &Duty) -> &str {
    match (&due.whence, due.object.as_str()) {
        (Whence::Register { .. }, "") => "（台帳全体）",
        (_, object) => object,
    }
}

/// When it was last done. Of what other files state, nobody writes that down.
fn last(due: &Duty, made: &RecordHead) -> String {
    match (&due.whence, due.last) {
        (_, Some(day)) => made.day(day),
        (Whence::Register { .. }, None) => "記録なし".to_owned(),
        _ => String::new(),
    }
}

fn values(due: &Duty) -> Vec<Value> {
    let mut row: Vec<Value> = duty_row(due).into_iter().map(Value::from).collect();
    row[0] = due.day.into();
    row
}

/// A duty as texts under [`DUTY_COLUMNS`].
pub fn duty_row(due: &Duty) -> Vec<String> {
    let off = due.off.map(|off| off.to_string()).unwrap_or_default();
    let state = [due.state.as_str(), off.as_str()];
    vec![
        due.day.map(|day| day.to_string()).unwrap_or_default(),
        state.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"),
        due.of.clone(),
        due.object.clone(),
        due.title.clone(),
        due.owner.clone().unwrap_or_else(|| NOBODY.to_owned()),
        due.basis.clone(),
        due.last.map(|day| day.to_string()).unwrap_or_default(),
        due.source.clone().unwrap_or_default(),
    ]
}
