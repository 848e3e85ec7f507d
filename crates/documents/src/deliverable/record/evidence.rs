//! 対策項目ごとの記録: the newest records behind each answer, their age, and what is overdue (EVID-017, EVID-018).

use shirube_catalog::library;
use shirube_safety::operation::register::{ControlEvidence, Source};

use super::RecordHead;
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};
use crate::deliverable::common::{columns, head};

/// The document. It says what there is; whether that is enough, people judge.
pub fn evidence_document(evidence: &[ControlEvidence], made: &RecordHead) -> Document {
    let with_gaps = evidence.iter().filter(|one| !one.gaps().is_empty()).count();
    let mut document = made.paper("evidence", "対策項目ごとの記録".to_owned(), true, with_gaps == 0);
    document.summary.push(("対策項目".to_owned(), format!("{}件", evidence.len())));
    document.notices.push(
        "つけている台帳が裏付ける対策項目だけを載せています。記録があることは、対策項目を満たすことを意味しません。"
            .to_owned(),
    );
    if with_gaps > 0 {
        document.notices.push(format!("確かめる点のある対策項目が{with_gaps}件あるため、「案」です。"));
    }
    document.blocks = match evidence.is_empty() {
        true => vec![Block::Paragraph("対策項目を裏付ける台帳を、まだつけていません。".to_owned())],
        false => vec![Block::Table(table(evidence, made))],
    };
    document.data = vec![data(evidence, made)];
    document
}

fn table(evidence: &[ControlEvidence], made: &RecordHead) -> Table {
    let left = |width| (width, Align::Left);
    Table {
        caption: "対策項目ごとの記録".to_owned(),
        columns: columns(&[left(1.1), left(3.0), left(1.1), left(2.2), left(2.4), left(2.4)]),
        head: head(&["番号", "対策項目（要旨）", "答え", "記録", "最も新しい記録", "確かめる点"]),
        rows: evidence.iter().flat_map(|one| rows(one, made)).collect(),
    }
}

/// One row for each source; what belongs to the control spans them.
fn rows(one: &ControlEvidence, made: &RecordHead) -> Vec<Vec<Cell>> {
    let span = one.sources.len().max(1);
    let text =
        library().provider.controls.iter().find(|control| control.id == one.control).map(|control| &control.text);
    let number = one.control.to_string();
    let answer = match one.answer {
        Some(status) => Cell::new(status.term()),
        None => Cell::new("未回答").mark(Mark::Unanswered),
    };
    let mut told: Vec<String> = one.gaps().iter().map(|gap| gap.term().to_owned()).collect();
    told.extend(one.overdue.iter().map(|due| format!("・{}", due.named())));
    let mark = if told.is_empty() { Mark::None } else { Mark::Finding };
    let mut rows: Vec<Vec<Cell>> =
        one.sources.iter().map(|source| vec![Cell::new(source.title()), newest(source, made)]).collect();
    let own = [Cell::new(&number), Cell::new(text.map_or("", |text| text)).again(&number), answer];
    if let Some(first) = rows.first_mut() {
        let rest = std::mem::take(first);
        let own = own.into_iter().map(|cell| cell.rows(span));
        *first = own.chain(rest).chain([Cell::new(told.join("\n")).rows(span).mark(mark)]).collect();
    }
    rows
}

fn newest(source: &Source, made: &RecordHead) -> Cell {
    let Some((day, strength)) = source.newest else {
        return Cell::new("記録なし").mark(Mark::Unanswered);
    };
    let age = source.age_days(made.on).unwrap_or_default();
    let old = if source.is_old { "\n記録が古い" } else { "" };
    let cell = Cell::new(format!("{}（{age}日前）\n{}{old}", made.day(day), strength.term()));
    if source.is_old { cell.mark(Mark::Finding) } else { cell }
}

fn data(evidence: &[ControlEvidence], made: &RecordHead) -> DataSheet {
    let titles =
        ["対策項目", "答え", "記録", "最も新しい記録", "経過日数", "記録の強さ", "有効とする期間", "確かめる点"];
    let row = |one: &ControlEvidence, source: &Source| {
        let gaps: Vec<&str> = one.gaps().iter().map(|gap| gap.term()).collect();
        vec![
            Value::from(one.control.to_string()),
            Value::from(one.answer.map_or("未回答", |answer| answer.term())),
            Value::from(source.title()),
            Value::from(source.newest.map(|(day, _)| day)),
            source.age_days(made.on).map_or(Value::Empty, |days| Value::Number(days as f64)),
            Value::from(source.newest.map_or("", |(_, strength)| strength.term())),
            Value::from(source.fresh.map(|fresh| fresh.to_string()).unwrap_or_default()),
            Value::from(gaps.join("、")),
        ]
    };
    let rows = evidence.iter().flat_map(|one| one.sources.iter().map(move |source| row(one, source)));
    DataSheet { name: "データ".to_owned(), columns: titles.map(str::to_owned).to_vec(), rows: rows.collect() }
}
