//! Who takes part and who owes what: parts of the 合意事項一覧 (PARTY-001 to -006, tables T-01, T-02, T-10).

use shirube_safety::Service;
use shirube_safety::model::{self, Answer, Relation, Supply};

use super::common::{columns, day, head};
use super::printed;
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};

/// The case of 2.2, the duties of every party, and what they rest on.
pub(super) fn roles(service: &Service, document: &mut Document) {
    let file = &service.files.service;
    let delivery = model::delivery(file, service.assessment.library);
    let case = delivery.case.map_or_else(
        || "ガイドラインの例にない組合せ".to_owned(),
        |case| format!("{} {}、{}", case.section, case.name, case.figure),
    );
    document.blocks.push(Block::Heading { level: 1, text: "提供形態と役割".to_owned() });
    document.blocks.push(Block::Paragraph(format!("提供形態は {}（{case}）です。", delivery.combination)));
    if !delivery.parts.is_empty() {
        document.blocks.push(Block::List(delivery.parts.clone()));
    }
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for of_party in delivery.duties.chunk_by(|a, b| a.party == b.party) {
        let name = file.parties.iter().find(|party| party.id == of_party[0].party);
        let name = name.map_or(&of_party[0].party, |party| &party.name);
        for (at, duty) in of_party.iter().enumerate() {
            let first = (at == 0).then(|| Cell::new(name.clone()).rows(of_party.len()));
            rows.push(first.into_iter().chain([Cell::new(duty.text.clone())]).collect());
        }
    }
    document.blocks.push(Block::Table(Table {
        caption: "役割".to_owned(),
        columns: columns(&[(2.0, Align::Left), (8.0, Align::Left)]),
        head: head(&["組織", "負う義務"]),
        rows,
    }));
    phases(service, document);
    legal(service, document);
}

/// What the provider does in each phase of the life cycle (T-10).
fn phases(service: &Service, document: &mut Document) {
    let phases = &service.assessment.library.provider.phases;
    let cell = |phase: &shirube_catalog::LifeCyclePhase| {
        vec![
            Cell::new(format!("{}\n（{}）", phase.name, phase.section)),
            Cell::new(phase.content.clone()),
            Cell::new(phase.duty.clone()),
        ]
    };
    document.blocks.push(Block::Table(Table {
        caption: "フェーズごとの対象事業者の務め".to_owned(),
        columns: columns(&[(1.8, Align::Left), (3.6, Align::Left), (4.6, Align::Left)]),
        head: head(&["フェーズ", "内容", "務め"]),
        rows: phases.iter().map(cell).collect(),
    }));
}

/// What these duties rest on (T-01).
fn legal(service: &Service, document: &mut Document) {
    let duties = &service.assessment.library.provider.duties;
    let rows = duties.relations.iter().map(|relation| {
        let laws: Vec<String> =
            duties.laws_of(&relation.section).map(|law| format!("{}（{}）", law.name, law.law)).collect();
        vec![
            Cell::new(format!("{} {}", relation.section, relation.title)),
            Cell::new(format!("{} {}", relation.life_cycle, relation.life_cycle_title)),
            Cell::new(relation.text.clone()),
            Cell::new(laws.join("\n")),
        ]
    });
    document.blocks.push(Block::Table(Table {
        caption: "法律関係と果たす場面".to_owned(),
        columns: columns(&[(2.4, Align::Left), (2.8, Align::Left), (4.4, Align::Left), (3.0, Align::Left)]),
        head: head(&["法律関係", "果たす場面", "説明", "関係する法律（条は1.0版当時）"]),
        rows: rows.collect(),
    }));
}

/// Every organisation with what it supplies to whom.
pub(super) fn relations(service: &Service, document: &mut Document) {
    let relations = model::relations(&service.files.service);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for of_party in relations.chunk_by(|a, b| std::ptr::eq(a.party, b.party)) {
        for (at, relation) in of_party.iter().enumerate() {
            let mut row = Vec::new();
            if at == 0 {
                row.extend(party_cells(service, relation).map(|cell| cell.rows(of_party.len())));
            }
            row.extend(supply_cells(service, relation));
            rows.push(row);
        }
    }
    document.blocks.push(Block::Heading { level: 1, text: "関係する組織と調達の関係".to_owned() });
    document.blocks.push(Block::Table(Table {
        caption: "関係する組織と調達の関係".to_owned(),
        columns: columns(&[
            (2.4, Align::Left),
            (1.7, Align::Left),
            (1.2, Align::Center),
            (2.2, Align::Left),
            (2.6, Align::Left),
            (1.7, Align::Left),
            (2.4, Align::Left),
            (1.8, Align::Left),
            (1.1, Align::Center),
        ]),
        head: head(&["組織", "種類", "対象事業者か", "提供先", "提供するもの", "層", "契約", "期間", "報告の約束"]),
        rows,
    }));
    document.data.push(data(service, &relations));
}

/// Kind of a party, and for institutions which of the kinds of 1.1.2.
fn kind(relation: &Relation) -> String {
    let party = relation.party;
    match party.institution_kind {
        Some(kind) => format!("{}（{}）", party.kind.term(), kind.term()),
        None => party.kind.term().to_owned(),
    }
}

fn party_cells(service: &Service, relation: &Relation) -> [Cell; 3] {
    let scope = match relation.party.scope_term(&service.files.service) {
        "" => Cell::new("—"),
        "未定" => Cell::new("未定").mark(Mark::Unanswered),
        term => Cell::new(term),
    };
    [Cell::new(relation.party.name.clone()), Cell::new(kind(relation)), scope]
}

fn supply_cells(service: &Service, relation: &Relation) -> [Cell; 6] {
    let Some(supply) = relation.supply else { return std::array::from_fn(|_| Cell::new("—")) };
    let unknown = |text: &str| Cell::new(text).mark(Mark::Unanswered);
    let contract = match &supply.contract {
        Some(contract) if supply.is_contracted() => Cell::new(contract.clone()),
        _ => unknown("未記載"),
    };
    let reports = match supply.reports {
        Answer::Unknown => unknown(Answer::Unknown.term()),
        answer => Cell::new(answer.term()),
    };
    let layers = supply.layer_terms();
    [
        Cell::new(relation.customer.unwrap_or_default()),
        Cell::new(supply.service.clone()),
        if layers.is_empty() { unknown("未記載") } else { Cell::new(layers) },
        contract,
        Cell::new(period(service, supply)),
        reports,
    ]
}

fn period(service: &Service, supply: &Supply) -> String {
    let dates = service.files.service.document.dates();
    let from = supply.start.map(|date| format!("{}から", printed(date, dates)));
    let to = supply.end.map(|date| format!("{}まで", printed(date, dates)));
    [from, to].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn data(service: &Service, relations: &[Relation]) -> DataSheet {
    let heading = [
        "組織",
        "種類",
        "対象事業者か（2.1）",
        "そう答えた理由",
        "提供先",
        "提供するもの",
        "層",
        "契約",
        "開始日",
        "終了日",
        "報告の約束",
    ];
    let rows = relations.iter().map(|relation| -> Vec<Value> {
        let scope = relation.party.scope.as_ref();
        let supply = |of: &dyn Fn(&Supply) -> String| -> Value { relation.supply.map(of).unwrap_or_default().into() };
        vec![
            relation.party.name.as_str().into(),
            kind(relation).into(),
            relation.party.scope_term(&service.files.service).into(),
            scope.map(|scope| scope.reason.clone()).unwrap_or_default().into(),
            relation.customer.unwrap_or_default().into(),
            supply(&|supply| supply.service.clone()),
            supply(&|supply| supply.layer_terms()),
            supply(&|supply| supply.contract.clone().unwrap_or_default()),
            day(relation.supply.and_then(|supply| supply.start)),
            day(relation.supply.and_then(|supply| supply.end)),
            supply(&|supply| supply.reports.term().to_owned()),
        ]
    });
    let name = "データ（組織）".to_owned();
    DataSheet { name, columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}
