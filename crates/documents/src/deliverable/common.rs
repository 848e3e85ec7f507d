//! What several deliverables share: cover, notices, marks.

use shirube_catalog::{Certainty, Edition};
use shirube_safety::Service;
use shirube_safety::model::{Binding, Date, Flow, Layer, Preset, editions_on, reckoned_on};
use shirube_safety::risk::{Assessment, Rated, Risk, Signed};

use super::Deliverable;
use super::date::{printed, printed_month};
use crate::content::{Align, Cell, Column, Document, IssueDate, Look, Mark, Meta, Page, Revision, Status, Value};

/// An empty document with its cover.
pub(super) fn document(service: &Service, deliverable: Deliverable, page: Page, source: &str) -> Document {
    Document {
        name: deliverable.name(),
        title: deliverable.title().to_owned(),
        meta: meta(service, deliverable, source),
        page,
        look: look(service, deliverable),
        summary: institutions(service),
        notices: notices(service),
        blocks: Vec::new(),
        data: Vec::new(),
    }
}

/// The look that the service chose for its documents.
fn look(service: &Service, deliverable: Deliverable) -> Look {
    let info = &service.files.service.document;
    Look {
        is_bound: info.binding == Some(Binding::TwoHole),
        is_municipal: info.preset == Some(Preset::Municipal) && deliverable.is_clauses(),
        approval: info.approval_boxes.clone(),
        ..super::house::look(service, deliverable)
    }
}

/// Whom the document is for (DOC-002).
fn institutions(service: &Service) -> Vec<(String, String)> {
    let names: Vec<&str> =
        shirube_safety::model::institutions(&service.files.service).map(|party| party.name.as_str()).collect();
    if names.is_empty() { Vec::new() } else { vec![("対象の医療機関等".to_owned(), names.join("、"))] }
}

/// A document is issued only when somebody dated it and nothing in it is open.
pub(super) fn status(service: &Service) -> Status {
    let dated = service.files.service.document.issued_on.is_some();
    if dated && service.open_points().next().is_none() { Status::Issued } else { Status::Draft }
}

fn meta(service: &Service, deliverable: Deliverable, source: &str) -> Meta {
    let file = &service.files.service;
    let info = &file.document;
    let date = |date: Date| printed(date, info.dates());
    let valid = match (info.valid_from, info.valid_to) {
        (None, None) => None,
        (from, to) => Some(format!(
            "{}から{}",
            from.map(date).unwrap_or_default(),
            to.map(|to| format!("{}まで", date(to))).unwrap_or_default()
        )),
    };
    let status = status(service);
    let provider = file.parties.iter().find(|party| party.id == file.provider);
    Meta {
        service: file.service.name.clone(),
        provider: provider.map_or(&file.provider, |party| &party.name).clone(),
        document_number: number(service, deliverable),
        edition: info.edition.clone(),
        issued_on: info
            .issued_on
            .filter(|_| status == Status::Issued)
            .map(|issued| IssueDate { day: issued.0, printed: date(issued) }),
        valid,
        author: info.author.clone(),
        approver: info.approver.clone(),
        confidentiality: info.confidentiality.clone(),
        status,
        source: source.to_owned(),
        history: info
            .history
            .iter()
            .map(|entry| Revision {
                edition: entry.edition.clone(),
                date: date(entry.on),
                change: entry.change.clone(),
                author: entry.author.clone(),
                approver: entry.approver.clone(),
            })
            .collect(),
    }
}

/// Number of a document: the service's, with the kind of the document behind it.
pub(super) fn number(service: &Service, deliverable: Deliverable) -> Option<String> {
    let number = service.files.service.document.number.as_ref()?;
    Some(format!("{number}-{}", suffix(deliverable)))
}

/// End of a document's number.
fn suffix(deliverable: Deliverable) -> &'static str {
    match deliverable {
        Deliverable::SystemDiagram => "01",
        Deliverable::Flows => "02",
        Deliverable::RiskAssessment => "03",
        Deliverable::RiskTreatment => "04",
        Deliverable::Conformity => "05",
        Deliverable::InstitutionRequests => "06",
        Deliverable::AgreementItems => "07",
        Deliverable::ProvidedInformation => "08",
        Deliverable::TreatmentPlan => "09",
        Deliverable::Disclosure => "10",
        Deliverable::Sla => "11",
        Deliverable::OperatingRules => "12",
        Deliverable::InstitutionRules => "13",
        Deliverable::Letter => "14",
        Deliverable::SummaryManagement => "15",
        Deliverable::SummaryClinic => "16",
        Deliverable::ChecklistCyber => "17",
        Deliverable::ChecklistMhlw => "18",
        Deliverable::RoleDivision => "19",
        Deliverable::MdsSds => "20",
        Deliverable::ResponsibilityMatrix => "21",
        Deliverable::SupplyReports => "22",
        Deliverable::LifeCycle => "23",
    }
}

fn notices(service: &Service) -> Vec<String> {
    let mut notices = Vec::new();
    let open: Vec<&str> = service.open_points().map(|point| point.text.as_str()).collect();
    if !open.is_empty() {
        let dated = service.files.service.document.issued_on.is_some();
        let held = if dated { "発行日が書かれていますが、" } else { "" };
        notices.push(format!("{held}次の点が決まっていないため「案」です: {}。", open.join("、")));
    }
    notices.extend(edition_roles(service));
    notices
}

/// Which edition leads on the day of the document, while one gives way to another (CATALOG-012).
fn edition_roles(service: &Service) -> Option<String> {
    let file = &service.files.service;
    let first = file.edition_changes.first()?;
    let Some(day) = reckoned_on(file) else {
        let change = format!("{}から{}への移行を予定しています。", first.replaces, first.edition);
        return Some(format!("{change}この文書には日付がないため、どの版が主となるかは示せません。"));
    };
    let roles: Vec<String> =
        editions_on(file, Some(day)).iter().map(|(id, role)| format!("{id}（{}）", role.term())).collect();
    Some(format!("拠りどころとする版（{}の時点）: {}。", printed(day, file.document.dates()), roles.join("、")))
}

/// Says how far the catalog of an edition was seen.
pub(super) fn edition_notice(service: &Service, edition: &Edition) -> String {
    let certainty = match edition.certainty {
        Certainty::Seen => "",
        _ => "収録は一部だけです。",
    };
    let note = edition.note.as_deref().unwrap_or_default();
    format!(
        "{}{}（{}）によります。文言は要旨で、原文ではありません。{certainty}{note}",
        edition.title,
        edition.edition,
        printed_month(&edition.published, service.files.service.document.dates())
    )
}

/// A text of the guideline with its certainty, unless it was read in the original.
pub(super) fn with_certainty(text: &str, certainty: Certainty) -> String {
    match certainty {
        Certainty::Seen => text.to_owned(),
        _ => format!("{text}（{}）", certainty.term()),
    }
}

/// Summary line on the method of analysis.
pub(super) fn method_line(assessment: &Assessment) -> (String, String) {
    let ranks: Vec<String> = assessment
        .method
        .ranks
        .iter()
        .map(|band| {
            let range =
                if band.from == band.to { band.from.to_string() } else { format!("{}～{}", band.from, band.to) };
            format!("{} {range}: {}", band.rank.0, band.rule.term())
        })
        .collect();
    let source = if assessment.method.id == "pg-1.0" { "表5-2の例" } else { assessment.method.id.as_str() };
    ("リスク分析の方法".to_owned(), format!("{source}。{}。{}。", assessment.method.formula(), ranks.join("／")))
}

/// `A-O2 医療事務が…する`: the number of the diagram and the sentence.
pub fn flow_label(flow: &Flow) -> String {
    format!("{} {}", flow.number, flow.sentence())
}

pub(super) fn columns(widths: &[(f64, Align)]) -> Vec<Column> {
    widths.iter().map(|&(width, align)| Column { width, align }).collect()
}

pub(super) fn head(titles: &[&str]) -> Vec<Vec<Cell>> {
    vec![titles.iter().map(|title| Cell::new(*title)).collect()]
}

/// 影響度, 顕在化率, リスクレベル and 対応要否, marked 案 until a person decided.
pub(super) fn rating_cells(assessment: &Assessment, risk: &Risk) -> [Cell; 4] {
    let Some(rated) = assessment.rated(risk) else {
        return ["未評価", "未評価", "未評価", "未評価"].map(|text| Cell::new(text).mark(Mark::Unanswered));
    };
    let plain = |text: String| match rated.decided {
        true => Cell::new(text),
        false => Cell::new(text).mark(Mark::Proposed),
    };
    [plain(rated.impact.to_string()), plain(rated.likelihood.to_string()), level_cell(rated), plain(needed_text(rated))]
}

fn level_cell(rated: Rated) -> Cell {
    let text = format!("{}（{}）", rated.rank, rated.value);
    if rated.decided {
        Cell::new(text).mark(Mark::Rank(rated.rank))
    } else {
        Cell::new(format!("{text}\n案")).mark(Mark::Proposed)
    }
}

/// 対応要否 as printed.
pub(super) fn needed_text(rated: Rated) -> String {
    let word = match rated.needed {
        Some(true) => "要",
        Some(false) => "不要",
        None => "未定",
    };
    if rated.decided { word.to_owned() } else { format!("{word}\n案") }
}

/// `2026年11月16日 帆足 三郎`.
pub(super) fn signed_text(service: &Service, signed: &Signed) -> String {
    format!("{} {}", printed(signed.on, service.files.service.document.dates()), signed.by)
}

/// `令和8年11月16日 標 一郎（見直した上で決めた）`.
pub(super) fn signed_because(service: &Service, signed: &Signed) -> String {
    format!("{}（{}）", signed_text(service, signed), signed.reason.trim_end_matches('。'))
}

/// Who decided and on which day, for a data sheet.
pub(super) fn signed_values(signed: Option<&Signed>) -> [Value; 2] {
    match signed {
        Some(signed) => [signed.by.as_str().into(), Value::Date(signed.on.0)],
        None => [Value::Empty, Value::Empty],
    }
}

/// A day for a data sheet.
pub(super) fn day(date: Option<Date>) -> Value {
    date.map(|date| date.0).into()
}

/// Numbers of risks; of three and more in a row only the first and the last.
pub(super) fn risk_numbers(assessment: &Assessment, risks: &[usize]) -> String {
    let mut sorted = risks.to_vec();
    sorted.sort_unstable();
    let number = |at: usize| assessment.risks[at].number.as_str();
    // Risks of one layer are numbered in their order, but other layers may lie between them.
    let parse = |at: usize| -> Option<(&str, usize)> {
        let digits = number(at).find(|character: char| character.is_ascii_digit())?;
        Some((&number(at)[..digits], number(at)[digits..].parse().ok()?))
    };
    let follows = |a: &usize, b: &usize| match (parse(*a), parse(*b)) {
        (Some((layer, a)), Some((other, b))) => layer == other && a + 1 == b,
        _ => false,
    };
    let runs = sorted.chunk_by(follows).map(|run| match run {
        [first, .., last] if run.len() > 2 => format!("{}～{}", number(*first), number(*last)),
        few => few.iter().map(|&at| number(at)).collect::<Vec<_>>().join("、"),
    });
    runs.collect::<Vec<_>>().join("、")
}

/// What risks say, one paragraph for each sentence: risks with the same sentence stand together below it.
pub(super) fn statements(assessment: &Assessment, risks: &[usize]) -> String {
    let mut said: Vec<(String, Vec<usize>)> = Vec::new();
    for &at in risks {
        let risk = &assessment.risks[at];
        let open = if risk.signed().is_none() { "（案）" } else { "" };
        let text = format!("{}{open}", risk.text());
        match said.iter_mut().find(|(known, _)| *known == text) {
            Some((_, same)) => same.push(at),
            None => said.push((text, vec![at])),
        }
    }
    let mut lines = Vec::new();
    let mut location = String::new();
    for (text, same) in said {
        if let [at] = same[..] {
            let here = assessment.flow(&assessment.risks[at]).location();
            if here != location {
                lines.push(here.clone());
                location = here;
            }
            lines.push(format!("{} {text}", assessment.risks[at].number));
        } else {
            lines.push(format!("{}: {text}", risk_numbers(assessment, &same)));
            let mut places: Vec<String> = Vec::new();
            for &at in &same {
                let place = assessment.flow(&assessment.risks[at]).location();
                let place = place.strip_suffix("において").unwrap_or(&place).to_owned();
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            lines.push(format!("（{}において）", places.join("、")));
            location.clear();
        }
    }
    lines.join("\n")
}

/// Layers that have anything to show.
pub(super) fn layers<'a>(has: impl Fn(Layer) -> bool + 'a) -> impl Iterator<Item = Layer> + 'a {
    Layer::ALL.iter().copied().filter(move |layer| has(*layer))
}
