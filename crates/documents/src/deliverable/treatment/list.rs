//! The list of one layer, in the columns of 5.2.2.

use shirube_catalog::Viewpoint;
use shirube_safety::Service;
use shirube_safety::model::Layer;
use shirube_safety::risk::{
    Assessment, Measure, MeasureStatus, OWN, Request, RequestStatus, ResidualState, Transfer, TransferKind, Treated,
    TreatmentView, option_term,
};

use super::super::common::{columns, statements};
use super::super::printed;
use super::party;
use crate::content::{Align, Cell, Mark, Table};

/// Layers of the risks that a treatment answers.
pub(super) fn layers_of(assessment: &Assessment, treated: &Treated) -> Vec<Layer> {
    let has =
        |layer: &Layer| treated.risks.iter().any(|&risk| assessment.flow(&assessment.risks[risk]).layer == *layer);
    Layer::ALL.iter().copied().filter(has).collect()
}

/// Treatments of a layer, each with the risks of that layer; `None` for those whose risks are all gone.
pub(super) fn table(service: &Service, layer: Option<Layer>) -> Table {
    let assessment = &service.assessment;
    let of_layer = assessment.treated.iter().filter(|treated| {
        let layers = layers_of(assessment, treated);
        layer.map_or(layers.is_empty(), |layer| layers.contains(&layer))
    });
    Table {
        caption: layer.map_or("リスク対応（リスクがなくなったもの）".to_owned(), |layer| {
            format!("リスク対応（{}）", layer.term())
        }),
        columns: columns(&[
            (3.6, Align::Left),
            (1.0, Align::Center),
            (1.3, Align::Left),
            (4.6, Align::Left),
            (3.4, Align::Left),
            (2.6, Align::Left),
            (0.9, Align::Center),
            (1.1, Align::Center),
            (1.35, Align::Center),
        ]),
        head: vec![
            vec![
                Cell::new("対応するリスク").rows(2),
                Cell::new("対応").rows(2),
                Cell::new("対策の観点").rows(2),
                Cell::new("対象事業者が実施する対策").rows(2),
                Cell::new("医療機関等へ対応を求める事項").rows(2),
                Cell::new("残存するリスク").cols(4),
            ],
            vec![Cell::new("内容"), Cell::new("影響度"), Cell::new("顕在化率"), Cell::new("リスクレベル")],
        ],
        rows: of_layer.flat_map(|treated| rows(service, treated, layer)).collect(),
    }
}

/// Stands above the lists.
pub(super) const STATUS_NOTE: &str =
    "「予定」「実施中」と書いた対策は、まだ終わっていないものです。何も書いていない対策は、実施済みです。";

/// What a treatment answers in a layer: location once, then each risk; equal statements once. No risk of another layer vanishes unsaid.
fn risk_text(assessment: &Assessment, treated: &Treated, layer: Option<Layer>) -> String {
    let of_layer = |at: &usize| Some(assessment.flow(&assessment.risks[*at]).layer) == layer;
    let risks: Vec<usize> = treated.risks.iter().copied().filter(of_layer).collect();
    if risks.is_empty() {
        return "（対応するリスクが今のモデルから生じない）".to_owned();
    }
    let mut text = statements(assessment, &risks);
    let elsewhere: Vec<&str> =
        layers_of(assessment, treated).into_iter().filter(|other| Some(*other) != layer).map(Layer::term).collect();
    if !elsewhere.is_empty() {
        text.push_str(&format!("\n（対応{}は{}の一覧にもある）", treated.treatment.id, elsewhere.join("・")));
    }
    text
}

fn rows(service: &Service, treated: &Treated, layer: Option<Layer>) -> Vec<Vec<Cell>> {
    let assessment = &service.assessment;
    let mut views = treated.views();
    if views.is_empty() {
        views.push(TreatmentView { viewpoint: Viewpoint::Organisational, measures: Vec::new(), requests: Vec::new() });
    }
    let span = views.len();
    let mut rows = Vec::new();
    for (at, view) in views.iter().enumerate() {
        let mut row = Vec::with_capacity(9);
        let mut measures: Vec<String> = view.measures.iter().map(|measure| measure_text(service, measure)).collect();
        if at == 0 {
            let options: Vec<&str> = treated.treatment.options.iter().map(|option| option_term(*option)).collect();
            let again = format!("{}（続き）", treated.treatment.id);
            row.push(Cell::new(risk_text(assessment, treated, layer)).rows(span).again(again));
            let id = &treated.treatment.id;
            row.push(Cell::new(format!("{id}\n{}", options.join("\n"))).rows(span));
            measures.extend(avoidance(assessment, treated));
            measures.extend(transfer(service, treated));
        }
        row.push(Cell::new(view.viewpoint.term()));
        row.push(Cell::new(lines(&measures)));
        row.push(Cell::new(lines(&view.requests.iter().map(|request| request_text(request)).collect::<Vec<_>>())));
        if at == 0 {
            row.extend(residual_cells(assessment, treated).map(|cell| cell.rows(span)));
        }
        rows.push(row);
    }
    rows
}

/// `—` says that nothing is done from this viewpoint; it is never an empty cell.
fn lines(texts: &[String]) -> String {
    if texts.is_empty() { "—".to_owned() } else { texts.join("\n") }
}

/// A measure with who does it, the controls it serves, and how far it is unless it is done.
fn measure_text(service: &Service, measure: &Measure) -> String {
    let mut notes = Vec::new();
    notes.extend(measure.actor.as_ref().map(|actor| format!("実施: {}", party(service, actor))));
    let (own, annex): (Vec<&str>, Vec<&str>) =
        measure.controls.iter().map(String::as_str).partition(|id| id.starts_with(OWN));
    if !annex.is_empty() {
        notes.push(format!("別紙2 {}", annex.join("、")));
    }
    if !own.is_empty() {
        notes.push(format!("独自 {}", own.join("、")));
    }
    let notes = if notes.is_empty() { String::new() } else { format!("（{}）", notes.join("。")) };
    format!("{}{notes}{}", measure.text, progress(service, measure))
}

/// `（予定、令和9年3月31日まで、担当 灯台 花子）`; nothing for what is done.
fn progress(service: &Service, measure: &Measure) -> String {
    let state = match measure.status {
        Some(MeasureStatus::Done) => return String::new(),
        Some(open) => open.term(),
        None => "状況の記載なし",
    };
    let due = measure.due.map(|due| format!("{}まで", printed(due, service.files.service.document.dates())));
    let owner = measure.owner.as_ref().map(|owner| format!("担当 {owner}"));
    let parts: Vec<String> = std::iter::once(state.to_owned()).chain(due).chain(owner).collect();
    format!("（{}）", parts.join("、"))
}

fn request_text(request: &Request) -> String {
    let refused = if request.status == RequestStatus::Refused { "（受けられないとの返答）" } else { "" };
    format!("{}{refused}", request.text)
}

fn avoidance(assessment: &Assessment, treated: &Treated) -> Option<String> {
    let avoidance = treated.treatment.avoidance.as_ref()?;
    let flow = assessment.flows.get(&avoidance.flow).map_or(&avoidance.flow, |flow| &flow.number);
    let instead = avoidance.replacement.as_ref().map(|new| format!("（代わり: {new}）")).unwrap_or_default();
    Some(format!("回避: 情報流{flow}を{}する。{instead}", avoidance.action.term()))
}

fn transfer(service: &Service, treated: &Treated) -> Option<String> {
    let transfer = treated.treatment.transfer.as_ref()?;
    let day = |date| printed(date, service.files.service.document.dates());
    let until = transfer.expires_on.map(|date| format!("、{}まで", day(date))).unwrap_or_default();
    let note = if transfer.kind == TransferKind::Insurance { Transfer::MONEY_ONLY } else { "" };
    let to = party(service, &transfer.party);
    Some(format!("移転（{}）。移転先: {to}、{}{until}。{note}", transfer.kind.term(), transfer.document))
}

/// Text, 影響度, 顕在化率 and level of what remains; none, assessed and not assessed look different.
fn residual_cells(assessment: &Assessment, treated: &Treated) -> [Cell; 4] {
    let plans = if treated.counts_on_plans() { "\n（対策の完了後）" } else { "" };
    match treated.residual() {
        ResidualState::None => [format!("—{plans}"), "—".into(), "—".into(), "—".into()].map(Cell::new),
        ResidualState::NotAssessed => {
            ["未評価", "未評価", "未評価", "未評価"].map(|text| Cell::new(text).mark(Mark::Unanswered))
        }
        ResidualState::Remains { text, impact, likelihood } => {
            let band = assessment.band(impact, likelihood);
            let value = assessment.method.value(impact, likelihood);
            let level = band.map_or("尺度の外".to_owned(), |band| format!("{}（{value}）", band.rank.0));
            let above = match (band.is_some_and(|band| band.rule.binds()), &treated.treatment.retention) {
                (true, Some(_)) => "\n基準を超える保有",
                (true, None) => "\n基準を超える（保有の決定なし）",
                (false, _) => "",
            };
            [
                Cell::new(format!("{text}{plans}{}", retention_text(treated))),
                Cell::new(impact.to_string()),
                Cell::new(likelihood.to_string()),
                Cell::new(format!("{level}{above}")).mark(Mark::Rank(band.map_or('？', |band| band.rank.0))),
            ]
        }
    }
}

fn retention_text(treated: &Treated) -> String {
    let retention = treated.treatment.retention.as_ref();
    retention.map(|r| format!("\n（保有の承認: {}）", r.approver)).unwrap_or_default()
}
