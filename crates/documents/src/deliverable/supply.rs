//! 委託先などの報告一覧: what suppliers reported, what is taken over from them, and what does not fit (guideline 2.2.2).
//!
//! It is for the provider itself and its auditors: what suppliers reported was reported to the provider.

use shirube_safety::Service;
use shirube_safety::chain::{ControlOrigin, Origin, SupplierState, Used, newest, outdated};
use shirube_safety::model::{Date, party_name, reckoned_on};
use shirube_safety::stated::{ReportRequest, SupplierReport};

use super::common::{columns, day, document, head, signed_because};
use super::{Deliverable, printed};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::SupplyReports, Page::A4_LANDSCAPE, source);
    let chain = &service.chain;
    let count = |origin| chain.controls.iter().filter(|line| line.origin() == origin).count();
    document.summary.extend([
        ("提供を受けている会社".to_owned(), format!("{}社", chain.suppliers.len())),
        (
            "対策項目の受け継ぎ方".to_owned(),
            Origin::ALL
                .iter()
                .map(|origin| format!("{}{}件", origin.term(), count(*origin)))
                .collect::<Vec<_>>()
                .join("、"),
        ),
        ("食い違い".to_owned(), format!("{}件", chain.contradictions.len())),
    ]);
    suppliers(service, &mut document);
    differences(service, &mut document);
    uses(service, &mut document);
    reports(service, &mut document);
    requests(service, &mut document);
    document.data.push(data(service));
    document
}

fn heading(document: &mut Document, text: &str) {
    document.blocks.push(Block::Heading { level: 1, text: text.to_owned() });
}

fn plain(document: &mut Document, text: &str) {
    document.blocks.push(Block::Paragraph(text.to_owned()));
}

fn date(service: &Service, date: Option<Date>) -> String {
    date.map_or("〔未記載〕".to_owned(), |date| printed(date, service.files.service.document.dates()))
}

fn suppliers(service: &Service, document: &mut Document) {
    heading(document, "提供を受けている会社");
    if service.chain.suppliers.is_empty() {
        return plain(document, "ほかの会社から提供を受けているものは、書かれていません。");
    }
    let row = |supplier: &SupplierState| {
        let layers: Vec<&str> = supplier.layers().iter().map(|layer| layer.term()).collect();
        let supplies: Vec<&str> = supplier.supplies.iter().map(|supply| supply.service.as_str()).collect();
        let promised = match (supplier.is_direct, supplier.has_promised()) {
            (false, _) => "契約の相手に報告",
            (true, true) => "あり",
            (true, false) => "なし又は未定",
        };
        let last = match supplier.reports.first() {
            Some(report) => Cell::new(format!("{}\n{}", date(service, report.on), report.id)),
            None if supplier.is_direct => Cell::new("報告なし").mark(Mark::Unanswered),
            None => Cell::new("－"),
        };
        let until = supplier.reports.first().map(|report| date(service, report.valid_until));
        let open = supplier.open_requests().count();
        vec![
            Cell::new(supplier.party.name.clone()),
            Cell::new(supplies.join("\n")),
            Cell::new(if layers.is_empty() { "〔未記載〕".to_owned() } else { layers.join("\n") }),
            Cell::new(promised),
            last,
            Cell::new(until.unwrap_or_else(|| "－".to_owned())),
            Cell::new(if open == 0 { "－".to_owned() } else { format!("{open}件") }),
        ]
    };
    document.blocks.push(Block::Table(Table {
        caption: "提供を受けている会社".to_owned(),
        columns: columns(&[
            (2.2, Align::Left),
            (2.4, Align::Left),
            (1.5, Align::Left),
            (1.3, Align::Center),
            (2.2, Align::Left),
            (1.5, Align::Left),
            (1.1, Align::Center),
        ]),
        head: head(&["会社", "提供するもの", "層", "報告の約束", "最新の報告", "有効期限", "返事待ちの依頼"]),
        rows: service.chain.suppliers.iter().map(row).collect(),
    }));
}

/// Contradictions, and references that are older than what they are used for.
fn differences(service: &Service, document: &mut Document) {
    heading(document, "食い違いと、古くなった参照");
    let on = reckoned_on(&service.files.service);
    let outdated = outdated(service.files, &service.chain, on);
    if on.is_none() {
        plain(document, "この文書には日付がないため、有効期限を過ぎたかどうかは確かめていません。");
    }
    let contradictions = service.chain.contradictions.iter();
    let mut rows: Vec<Vec<Cell>> = contradictions
        .map(|one| {
            vec![
                Cell::new(one.kind.term()).mark(Mark::Finding),
                Cell::new(one.about.clone()),
                Cell::new(one.text.clone()),
            ]
        })
        .collect();
    rows.extend(outdated.into_iter().map(|one| {
        vec![
            Cell::new("古くなった参照").mark(Mark::Finding),
            Cell::new(one.control.unwrap_or(one.report)),
            Cell::new(one.text),
        ]
    }));
    if rows.is_empty() {
        return plain(document, "見つかった食い違いと、古くなった参照はありません。");
    }
    document.blocks.push(Block::Table(Table {
        caption: "食い違いと、古くなった参照".to_owned(),
        columns: columns(&[(2.2, Align::Left), (1.8, Align::Left), (8.0, Align::Left)]),
        head: head(&["種類", "項目・作業・報告", "内容"]),
        rows,
    }));
}

/// Controls that somebody else meets, wholly or in part.
fn uses(service: &Service, document: &mut Document) {
    heading(document, "受け継ぐ対策項目と、分担する対策項目");
    let lines: Vec<(&ControlOrigin, &Used)> =
        service.chain.controls.iter().flat_map(|line| line.uses.iter().map(move |used| (line, used))).collect();
    if lines.is_empty() {
        return plain(document, "受け継ぐ、又は分担すると書かれた対策項目はありません。");
    }
    let rows = lines.into_iter().map(|(line, used)| row(service, line, used)).collect();
    document.blocks.push(Block::Table(Table {
        caption: "受け継ぐ対策項目と、分担する対策項目".to_owned(),
        columns: columns(&[
            (1.1, Align::Left),
            (1.1, Align::Center),
            (2.0, Align::Left),
            (2.6, Align::Left),
            (1.2, Align::Center),
            (3.0, Align::Left),
            (2.0, Align::Left),
        ]),
        head: head(&["番号", "受け継ぎ方", "相手", "自社で行うこと", "報告の状況", "報告の内容", "拠りどころの報告"]),
        rows,
    }));
}

fn row(service: &Service, line: &ControlOrigin, used: &Used) -> Vec<Cell> {
    let status = match used.statement {
        Some(statement) => Cell::new(format!("{}\n{}", statement.status.term(), statement.by.term())),
        None => Cell::new("報告なし").mark(Mark::Unanswered),
    };
    let said = used.statement.map(|statement| {
        let how = statement.how.clone();
        let customer = statement.customer.as_ref().map(|text| format!("利用する側: {text}"));
        how.into_iter().chain(customer).collect::<Vec<_>>().join("\n")
    });
    let signed = match &used.stated.decided {
        Some(_) => Cell::new(used.stated.kind.term()),
        None => Cell::new(format!("{}\n案", used.stated.kind.term())).mark(Mark::Proposed),
    };
    let report = used.report.map(|report| format!("{}\n{}", report.id, report.editions.join("、")));
    vec![
        Cell::new(line.control.id.to_string()),
        signed,
        Cell::new(name(service, &used.stated.supplier)),
        Cell::new(used.stated.ours.as_deref().unwrap_or("－")),
        status,
        Cell::new(said.unwrap_or_default()),
        Cell::new(report.unwrap_or_else(|| "－".to_owned())),
    ]
}

fn name<'s>(service: &'s Service, id: &'s str) -> &'s str {
    party_name(&service.files.service, id)
}

/// What each of the newest reports says on its two parts.
fn reports(service: &Service, document: &mut Document) {
    heading(document, "最新の報告の内容");
    let supply = &service.files.supply;
    let latest: Vec<&SupplierReport> = supply.reports.iter().filter(|report| newest(supply, report)).collect();
    if latest.is_empty() {
        return plain(document, "受け取った報告はありません。");
    }
    let text = |text: &Option<String>| match text {
        Some(text) => Cell::new(text.clone()),
        None => Cell::new("〔未記載〕").mark(Mark::Unanswered),
    };
    let row = |report: &&SupplierReport| {
        let about = [Some(name(service, &report.supplier)), report.service.as_deref(), report.document.as_deref()];
        let below = match report.subcontractors.is_empty() {
            true => "〔未記載〕".to_owned(),
            false => report.subcontractors.join("\n"),
        };
        vec![
            Cell::new(about.into_iter().flatten().collect::<Vec<_>>().join("\n")),
            text(&report.risk_management),
            text(&report.statutory),
            Cell::new(below),
        ]
    };
    document.blocks.push(Block::Table(Table {
        caption: "最新の報告の内容".to_owned(),
        columns: columns(&[(2.4, Align::Left), (3.8, Align::Left), (3.8, Align::Left), (2.0, Align::Left)]),
        head: head(&[
            "会社・サービス・報告書",
            "リスクマネジメントの実施状況",
            "制度上の要求事項への対応状況",
            "さらに使っている会社",
        ]),
        rows: latest.iter().map(row).collect(),
    }));
}

fn requests(service: &Service, document: &mut Document) {
    heading(document, "報告の依頼");
    let requests = &service.files.supply.requests;
    if requests.is_empty() {
        return plain(document, "報告を依頼した記録はありません。");
    }
    let row = |request: &ReportRequest| {
        let state = match request.outcome {
            Some(outcome) if !request.is_open() => Cell::new(outcome.term()),
            Some(outcome) => Cell::new(outcome.term()).mark(Mark::Finding),
            None if request.waits_for_decision() => Cell::new("判断待ち").mark(Mark::Unanswered),
            None => Cell::new("返事待ち").mark(Mark::Unanswered),
        };
        let reminders: Vec<String> = request.reminders.iter().map(|day| date(service, Some(*day))).collect();
        let decided = request.decided.as_ref().map(|signed| signed_because(service, signed));
        vec![
            Cell::new(name(service, &request.supplier)),
            Cell::new(format!("{}\n{}", date(service, Some(request.on)), request.by)),
            Cell::new(request.asks.as_deref().unwrap_or("リスクマネジメントの実施状況、制度上の要求事項への対応状況")),
            Cell::new(date(service, request.due)),
            Cell::new(if reminders.is_empty() { "－".to_owned() } else { reminders.join("\n") }),
            state,
            Cell::new(decided.unwrap_or_else(|| "－".to_owned())),
        ]
    };
    document.blocks.push(Block::Table(Table {
        caption: "報告の依頼".to_owned(),
        columns: columns(&[
            (2.0, Align::Left),
            (1.8, Align::Left),
            (3.0, Align::Left),
            (1.4, Align::Left),
            (1.4, Align::Left),
            (1.0, Align::Center),
            (2.8, Align::Left),
        ]),
        head: head(&["相手", "依頼", "求めた事柄", "期限", "催促", "結果", "決めた人・理由"]),
        rows: requests.iter().map(row).collect(),
    }));
}

/// Every control with who meets it.
fn data(service: &Service) -> DataSheet {
    let names =
        ["番号", "受け継ぎ方", "自社の答え", "相手", "報告", "報告の版", "報告の状況", "誰が行うか", "根拠の有効期限"];
    let mut rows = Vec::new();
    for line in &service.chain.controls {
        let own = line.answer.map_or("未回答", |answer| answer.status.term());
        let start = [line.control.id.to_string(), line.origin().term().to_owned(), own.to_owned()];
        let start: Vec<Value> = start.iter().map(|text| Value::from(text.as_str())).collect();
        if line.uses.is_empty() {
            rows.push(start.into_iter().chain((0..6).map(|_| Value::Empty)).collect());
            continue;
        }
        for used in &line.uses {
            let mut row = start.clone();
            row.push(name(service, &used.stated.supplier).into());
            row.push(used.report.map_or("", |report| report.id.as_str()).into());
            row.push(used.report.map(|report| report.editions.join("、")).unwrap_or_default().as_str().into());
            row.push(used.statement.map_or("", |one| one.status.term()).into());
            row.push(used.statement.map_or("", |one| one.by.term()).into());
            row.push(day(used.statement.and_then(|one| one.evidence_until)));
            rows.push(row);
        }
    }
    DataSheet { name: "対策項目".to_owned(), columns: names.map(str::to_owned).to_vec(), rows }
}
