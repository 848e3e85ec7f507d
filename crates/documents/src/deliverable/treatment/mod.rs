//! リスク対応一覧 (guideline 5.1.5(4), 5.2.2).

mod considerations;
mod data;
mod list;
mod reasons;

use shirube_safety::Service;
use shirube_safety::risk::{Assessment, ResidualState, option_term};

use super::Deliverable;
use super::common::{columns, document, head, layers, method_line};
use super::matrix::matrix;
use crate::content::{Align, Block, Cell, Document, Mark, Page, Table};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::RiskTreatment, Page::A4_LANDSCAPE, source);
    let assessment = &service.assessment;
    let untreated: Vec<usize> = assessment.untreated().collect();
    let not_assessed = assessment.treated.iter().filter(|t| t.residual() == ResidualState::NotAssessed).count();
    document.summary.extend([
        ("対応".to_owned(), format!("{}件", assessment.treated.len())),
        ("対応が要で、対応のないリスク（決定済み）".to_owned(), format!("{}件", untreated.len())),
        ("残存するリスクが未評価の対応".to_owned(), format!("{not_assessed}件")),
        method_line(assessment),
    ]);
    let heading = |text: String| Block::Heading { level: 1, text };
    if assessment.treated.iter().any(|treated| !treated.treatment.measures.is_empty()) {
        document.blocks.push(Block::Paragraph(list::STATUS_NOTE.to_owned()));
    }
    for layer in layers(|layer| assessment.treated.iter().any(|t| list::layers_of(assessment, t).contains(&layer))) {
        document.blocks.push(heading(format!("{}提供に係るリスクへの対応", layer.term())));
        document.blocks.push(Block::Table(list::table(service, Some(layer))));
    }
    if assessment.treated.iter().any(|treated| treated.risks.is_empty()) {
        document.blocks.push(heading("リスクがモデルからなくなった対応".to_owned()));
        document.blocks.push(Block::Table(list::table(service, None)));
    }
    if let Some(reasons) = reasons::table(service) {
        document.blocks.push(heading("対応の理由と経過".to_owned()));
        document.blocks.push(Block::Table(reasons));
    }
    if !untreated.is_empty() {
        document.blocks.push(heading("対応が決まっていないリスク".to_owned()));
        document.blocks.push(Block::Table(open_table(assessment, &untreated)));
    }
    if !assessment.treated.is_empty() {
        document.blocks.push(heading("残存するリスクの分布".to_owned()));
        residuals(assessment, &mut document);
    }
    document.blocks.push(heading("医療情報システム等特有の考慮事項".to_owned()));
    document.blocks.push(Block::Table(considerations::table(service)));
    document.blocks.push(heading("対応の選択肢".to_owned()));
    document.blocks.push(Block::Table(options(assessment)));
    document.data.push(data::sheet(service));
    document
}

/// Name of a party, or its id where no party has it.
fn party(service: &Service, id: &str) -> String {
    let found = service.files.service.parties.iter().find(|party| party.id == id);
    found.map_or(id, |party| &party.name).to_owned()
}

fn open_table(assessment: &Assessment, open: &[usize]) -> Table {
    let rows = open.iter().map(|&at| {
        let risk = &assessment.risks[at];
        let rated = assessment.rated(risk);
        let rank = rated.map_or('？', |rated| rated.rank);
        vec![
            Cell::new(risk.number.clone()),
            Cell::new(assessment.flow(risk).location()),
            Cell::new(risk.text()),
            Cell::new(rated.map(|rated| format!("{rank}（{}）", rated.value)).unwrap_or_default())
                .mark(Mark::Rank(rank)),
            Cell::new("対応が未定").mark(Mark::Unanswered),
        ]
    });
    Table {
        caption: "対応が決まっていないリスク".to_owned(),
        columns: columns(&[
            (0.9, Align::Center),
            (3.0, Align::Left),
            (5.0, Align::Left),
            (1.1, Align::Center),
            (1.2, Align::Center),
        ]),
        head: head(&["番号", "場所", "特定したリスク", "リスクレベル", "対応"]),
        rows: rows.collect(),
    }
}

/// Where the risks stand after their treatment (RISK-008).
fn residuals(assessment: &Assessment, document: &mut Document) {
    let counts = assessment.residuals();
    let treated: usize = counts.matrix.iter().flatten().sum::<usize>() + counts.none + counts.not_assessed;
    document.blocks.push(Block::Paragraph(format!(
        "対応のあるリスク{treated}件のうち、残存なしは{}件、未評価は{}件です。ほかに、対応が要で対応のないリスクが{}件あります。一つのリスクに二つ以上の対応があるときは、最も高く残るものを数えます。",
        counts.none, counts.not_assessed, counts.untreated
    )));
    let count = |impact: usize, likelihood: usize| match counts.matrix[impact][likelihood] {
        0 => String::new(),
        count => format!("{count}件"),
    };
    document.blocks.push(Block::Table(matrix(assessment, "残存するリスクの分布", count)));
}

/// Table 5-3 with what each option means (T-07), and which one a place in the matrix suggests (TREAT-002).
fn options(assessment: &Assessment) -> Table {
    let method = &assessment.method;
    let rows = method.options.iter().map(|option| {
        let synonym = option.synonym.as_ref().map(|name| format!("\n（{name}）")).unwrap_or_default();
        let suggested = method.suggestions.iter().filter(|suggestion| suggestion.options.contains(&option.id));
        let suggested: Vec<String> = suggested
            .map(|suggestion| {
                let when = if suggestion.after { "対応の後" } else { "対応の前" };
                format!("{when}: {}", suggestion.because)
            })
            .collect();
        vec![
            Cell::new(option_term(option.id)),
            Cell::new(format!("{}{synonym}", option.name)),
            Cell::new(option.description.clone()),
            Cell::new(if suggested.is_empty() { "—".to_owned() } else { suggested.join("\n") }),
        ]
    });
    Table {
        caption: "対応の選択肢".to_owned(),
        columns: columns(&[(0.9, Align::Center), (1.8, Align::Left), (4.6, Align::Left), (4.8, Align::Left)]),
        head: head(&["一覧の語", "選択肢", "意味", "位置から示す目安"]),
        rows: rows.collect(),
    }
}
