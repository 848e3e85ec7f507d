//! 責任分界表: which company provides which layer, and who does which task (guideline 2.2, 4.2; PARTY-018).

use shirube_safety::Service;
use shirube_safety::chain::{Part, TaskLine, companies, provided_in};
use shirube_safety::model::{Layer, Party};

use super::Deliverable;
use super::common::{columns, document};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::ResponsibilityMatrix, Page::A4_LANDSCAPE, source);
    let companies = companies(service.files);
    let tasks = &service.chain.tasks;
    let open = tasks.iter().filter(|line| !line.is_assigned()).count();
    document.summary.extend([
        ("会社".to_owned(), format!("{}社", companies.len())),
        ("作業".to_owned(), format!("{}件（うち分担の決まっていないもの{open}件）", tasks.len())),
    ]);
    document.blocks.push(Block::Heading { level: 1, text: "層ごとの提供".to_owned() });
    document.blocks.push(Block::Paragraph(
        "A・P・Iは、アプリケーション・プラットフォーム・インフラの層です。1は自ら提供、2はほかの事業者から調達、3は医療機関等が別に契約することを示します。".to_owned(),
    ));
    document.blocks.push(Block::Table(layers(service, &companies)));
    document.blocks.push(Block::Heading { level: 1, text: "作業の分担".to_owned() });
    if tasks.is_empty() {
        document.blocks.push(Block::Paragraph("作業の分担は、まだ書かれていません。".to_owned()));
    } else {
        document.blocks.push(Block::Paragraph(
            "「実施」は作業に当たる会社、「責任」は結果に責任を負う会社、「協力」は頼まれて手を貸す会社、「報告を受ける」は結果の連絡を受ける会社です。".to_owned(),
        ));
        document.blocks.push(Block::Table(table(service, &companies)));
    }
    document.data.push(data(service, &companies));
    document
}

/// Columns of the companies, as wide as there is room.
fn heading(first: &[&str], companies: &[&Party], last: &[&str]) -> Vec<Vec<Cell>> {
    let names = companies.iter().map(|party| party.name.as_str());
    let all = first.iter().copied().chain(names).chain(last.iter().copied());
    vec![all.map(Cell::new).collect()]
}

fn layers(service: &Service, companies: &[&Party]) -> Table {
    let row = |layer: &Layer| {
        let provided = |party: &&Party| {
            let parts = provided_in(&service.files.service, *layer, &party.id);
            Cell::new(if parts.is_empty() { "－".to_owned() } else { parts.join("\n") })
        };
        let first = Cell::new(format!("{}（{}）", layer.term(), layer.letter()));
        std::iter::once(first).chain(companies.iter().map(provided)).collect()
    };
    let mut widths = vec![(1.6, Align::Left)];
    widths.extend(companies.iter().map(|_| (1.4, Align::Center)));
    Table {
        caption: "層ごとの提供".to_owned(),
        columns: columns(&widths),
        head: heading(&["層"], companies, &[]),
        rows: Layer::ALL.iter().map(row).collect(),
    }
}

/// Tasks, layer by layer in the order of the layers.
fn table(service: &Service, companies: &[&Party]) -> Table {
    let mut rows = Vec::new();
    for layer in Layer::ALL {
        let of_layer: Vec<&TaskLine> = service.chain.tasks.iter().filter(|line| line.task.layer == *layer).collect();
        for (at, line) in of_layer.iter().enumerate() {
            let first = (at == 0).then(|| Cell::new(layer.term()).rows(of_layer.len()));
            rows.push(first.into_iter().chain(cells(line, companies)).collect());
        }
    }
    let mut widths = vec![(1.4, Align::Left), (1.0, Align::Left), (2.8, Align::Left)];
    widths.extend(companies.iter().map(|_| (1.3, Align::Center)));
    widths.push((2.0, Align::Left));
    Table {
        caption: "作業の分担".to_owned(),
        columns: columns(&widths),
        head: heading(&["層", "対象", "作業"], companies, &["拠りどころ"]),
        rows,
    }
}

fn cells(line: &TaskLine, companies: &[&Party]) -> Vec<Cell> {
    let task = line.task;
    let note = task.note.as_deref().map(|note| format!("\n{note}")).unwrap_or_default();
    let what = format!("{}{note}", task.what);
    let what = match line.is_assigned() {
        true => Cell::new(what),
        false => Cell::new(format!("{what}\n{}", unassigned(line))).mark(Mark::Finding),
    };
    let mut cells = vec![Cell::new(task.kind.term()), what];
    cells.extend(companies.iter().map(|party| match line.parts_of(&party.id) {
        [] => Cell::new("－"),
        parts => Cell::new(words(parts)),
    }));
    cells.push(Cell::new(task.source.as_deref().unwrap_or("〔未記載〕")));
    cells
}

fn unassigned(line: &TaskLine) -> &'static str {
    match (line.task.does.is_empty(), line.task.accountable.is_none()) {
        (true, true) => "〔実施する会社と責任を負う会社が未記載〕",
        (true, false) => "〔実施する会社が未記載〕",
        _ => "〔責任を負う会社が未記載〕",
    }
}

fn words(parts: &[Part]) -> String {
    parts.iter().map(|part| part.term()).collect::<Vec<_>>().join("・")
}

fn data(service: &Service, companies: &[&Party]) -> DataSheet {
    let mut names = ["作業のid", "層", "対象", "作業"].map(str::to_owned).to_vec();
    names.extend(companies.iter().map(|party| party.name.clone()));
    names.push("拠りどころ".to_owned());
    let row = |line: &TaskLine| {
        let task = line.task;
        let mut row: Vec<Value> =
            [task.id.as_str(), task.layer.term(), task.kind.term(), task.what.as_str()].map(Value::from).to_vec();
        row.extend(companies.iter().map(|party| Value::from(words(line.parts_of(&party.id)).as_str())));
        row.push(task.source.as_deref().unwrap_or_default().into());
        row
    };
    DataSheet { name: "データ".to_owned(), columns: names, rows: service.chain.tasks.iter().map(row).collect() }
}
