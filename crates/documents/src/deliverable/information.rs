//! What the flows carry: information with its class, and the legal facts of its documents (FLOW-013, -014, -018).

use std::collections::BTreeMap;

use shirube_safety::Service;
use shirube_safety::model::{Answer, DocumentKind, Frequency, Information, Volume};

use super::common::{columns, head};
use crate::content::{Align, Block, Cell, DataSheet, Mark, Table, Value};

/// The part 取り扱う情報と文書 of a document.
pub(super) fn blocks(service: &Service) -> Vec<Block> {
    let system = &service.files.system;
    if system.information.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading { level: 1, text: "取り扱う情報と文書".to_owned() }];
    blocks.extend(super::classes::table(service));
    blocks.push(Block::Table(information_table(service)));
    if system.information.iter().any(|information| !information.documents.is_empty()) {
        blocks.push(Block::Table(documents_table(service)));
    }
    blocks
}

fn information_table(service: &Service) -> Table {
    let rows = service.files.system.information.iter().enumerate().map(|(at, information)| {
        vec![
            Cell::new(information.name.clone()),
            Cell::new(class_name(service, information)),
            answer(information.medical, "当たる", "当たらない"),
            Cell::new(information.medical_reason.clone()),
            known(information.volume.term(), information.volume == Volume::Unknown),
            known(information.frequency.term(), information.frequency == Frequency::Unknown),
            Cell::new(flow_numbers(service, |of| of == at)),
        ]
    });
    Table {
        caption: "取り扱う情報".to_owned(),
        columns: columns(&[
            (3.0, Align::Left),
            (2.4, Align::Left),
            (1.2, Align::Center),
            (3.2, Align::Left),
            (0.9, Align::Center),
            (0.9, Align::Center),
            (3.2, Align::Left),
        ]),
        head: head(&["情報", "分類", "医療情報か\n（2.1）", "理由", "量", "頻度", "情報流"]),
        rows: rows.collect(),
    }
}

/// One line for each set of legal facts that a kind of document has.
fn documents_table(service: &Service) -> Table {
    let system = &service.files.system;
    let mut order: Vec<(&DocumentKind, Vec<usize>)> = Vec::new();
    for (at, information) in system.information.iter().enumerate() {
        for document in &information.documents {
            match order.iter_mut().find(|(other, _)| same(other, document)) {
                Some((_, holders)) if holders.last() != Some(&at) => holders.push(at),
                Some(_) => {}
                None => order.push((document, vec![at])),
            }
        }
    }
    order.sort_by(|a, b| a.0.name.cmp(&b.0.name)); // Stable: several lines of one name keep the order of the file.
    let rows = order.iter().map(|(document, holders)| {
        let kept = document.e_document != Answer::No;
        vec![
            Cell::new(document.name.clone()),
            answer(document.e_document, "対象", "対象外"),
            match document.retention_years {
                Some(years) => Cell::new(format!("{years}年")),
                None if kept => unknown(),
                None => Cell::new("―"),
            },
            match document.basis.trim() {
                "" if kept => unknown(),
                "" => Cell::new("―"),
                basis => Cell::new(basis),
            },
            answer(document.signature, "要", "不要"),
            match document.sensitive_kind.filter(|_| document.sensitive == Answer::Yes) {
                Some(kind) => Cell::new(kind.term()),
                None => answer(document.sensitive, "当たる（種類は未確認）", "当たらない"),
            },
            Cell::new(flow_numbers(service, |of| holders.contains(&of))),
        ]
    });
    Table {
        caption: "含まれる文書と法令上の扱い".to_owned(),
        columns: columns(&[
            (3.0, Align::Left),
            (1.3, Align::Center),
            (1.0, Align::Center),
            (3.0, Align::Left),
            (1.0, Align::Center),
            (2.2, Align::Left),
            (3.4, Align::Left),
        ]),
        head: head(&[
            "文書",
            "e-文書法",
            "保存年限",
            "保存の根拠",
            "署名\n（6.3）",
            "注意を要する文書\n（6.4）",
            "情報流",
        ]),
        rows: rows.collect(),
    }
}

fn same(a: &DocumentKind, b: &DocumentKind) -> bool {
    let facts = |d: &DocumentKind| (d.e_document, d.retention_years, d.signature, d.sensitive, d.sensitive_kind);
    a.name == b.name && a.basis == b.basis && facts(a) == facts(b)
}

fn unknown() -> Cell {
    Cell::new("未確認").mark(Mark::Unanswered)
}

fn known(term: &str, is_unknown: bool) -> Cell {
    if is_unknown { unknown() } else { Cell::new(term) }
}

fn answer(answer: Answer, yes: &str, no: &str) -> Cell {
    match answer {
        Answer::Yes => Cell::new(yes),
        Answer::No => Cell::new(no),
        Answer::Unknown => unknown(),
    }
}

fn class_name(service: &Service, information: &Information) -> String {
    let classes = &service.files.system.information_classes;
    classes.iter().find(|class| class.id == information.class).map_or(&information.class, |class| &class.name).clone()
}

/// Numbers of the flows that carry some information, those of one layer and phase together: `A-O2、4`.
fn flow_numbers(service: &Service, carries: impl Fn(usize) -> bool) -> String {
    let mut cells: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for flow in service.assessment.flows.list.iter().filter(|flow| carries(flow.information)) {
        cells.entry((flow.layer, flow.phase)).or_default().push(&flow.number);
    }
    let short = |numbers: &Vec<&str>| {
        let mut text = numbers[0].to_owned();
        for number in &numbers[1..] {
            text.push('、');
            text.push_str(number.get(3..).unwrap_or(number));
        }
        text
    };
    if cells.is_empty() { "―".to_owned() } else { cells.values().map(short).collect::<Vec<_>>().join("\n") }
}

/// One row for each document of each kind of information; information without documents has one row.
pub(super) fn sheet(service: &Service) -> DataSheet {
    let columns = [
        "ID",
        "情報",
        "分類",
        "重要度",
        "医療機関等の重要度（参考）",
        "種類",
        "医療情報か",
        "理由",
        "医療従事者の指示で作るか",
        "元になった情報",
        "誰の情報か",
        "量",
        "頻度",
        "文書",
        "e-文書法",
        "保存年数",
        "保存の根拠",
        "署名",
        "6.4の文書か",
        "6.4の種類",
    ];
    let mut rows = Vec::new();
    for information in &service.files.system.information {
        let row = information_row(service, information);
        if information.documents.is_empty() {
            let mut row = row.clone();
            row.resize(columns.len(), Value::Empty);
            rows.push(row);
        }
        for document in &information.documents {
            let mut row = row.clone();
            row.extend([
                document.name.as_str().into(),
                document.e_document.term().into(),
                document.retention_years.map_or(Value::Empty, Value::from),
                document.basis.as_str().into(),
                document.signature.term().into(),
                document.sensitive.term().into(),
                document.sensitive_kind.map_or(Value::Empty, |kind| kind.term().into()),
            ]);
            rows.push(row);
        }
    }
    DataSheet { name: "情報".to_owned(), columns: columns.map(str::to_owned).to_vec(), rows }
}

fn information_row(service: &Service, information: &Information) -> Vec<Value> {
    let system = &service.files.system;
    let importance = system.information_classes.iter().find(|class| class.id == information.class);
    let theirs = importance.and_then(|class| class.institution.as_ref()?.importance);
    let origin = information.derived_from.as_ref().and_then(|id| system.information.iter().find(|i| i.id == *id));
    let subjects: Vec<&str> = information.subjects.iter().map(|subject| subject.term()).collect();
    vec![
        information.id.as_str().into(),
        information.name.as_str().into(),
        class_name(service, information).into(),
        importance.map_or(Value::Empty, |class| u32::from(class.importance).into()),
        theirs.map_or(Value::Empty, |importance| u32::from(importance).into()),
        information.kind.term().into(),
        information.medical.term().into(),
        information.medical_reason.as_str().into(),
        information.made_on_instruction.term().into(),
        origin.map_or(Value::Empty, |origin| origin.name.as_str().into()),
        subjects.join("・").into(),
        information.volume.term().into(),
        information.frequency.term().into(),
    ]
}
