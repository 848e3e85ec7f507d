//! `/flows`: 情報流一覧.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use shirube_safety::model::{Layer, Phase};

use super::{Frame, html};
use crate::filter::{Choice, Facet, FilterBar, WORDS, choose};
use crate::query::Query;
use crate::shown::Shown;
use crate::view::{FlowView, Flows, Here};

#[derive(Template)]
#[template(path = "flows.html")]
struct FlowsPage<'a> {
    frame: Frame<'a>,
    bar: FilterBar,
    view: &'a Flows,
    sections: Vec<Section<'a>>,
}

/// The flows of one layer and phase.
struct Section<'a> {
    layer: Layer,
    phase: Phase,
    anchor: String,
    /// What to look at here.
    viewpoint: &'a str,
    flows: Vec<&'a FlowView>,
    /// Set when the cell is empty even without filters.
    nothing: Option<&'a str>,
}

pub async fn show(shown: Shown, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse(&shown.base, "/flows", &["layer", "phase", "end", WORDS], raw.as_deref());
    let view = &shown.site.view.flows;
    let (rows, bar) = choose(&view.list, &facets(), &query, |flow| &flow.text);
    let sections = sections(view, &rows, bar.active.is_empty());
    html(FlowsPage { frame: Frame::new(&shown, Here::Flows), bar, view, sections })
}

fn facets() -> [Facet<FlowView>; 3] {
    [
        Facet {
            key: "layer",
            label: "層",
            offered: true,
            choices: Layer::ALL.iter().map(|layer| Choice::new(layer.token(), layer.term())).collect(),
            holds: |flow, value| flow.layer.token() == value,
        },
        Facet {
            key: "phase",
            label: "フェーズ",
            offered: true,
            choices: Phase::ALL.iter().map(|phase| Choice::new(phase.token(), phase.term())).collect(),
            holds: |flow, value| flow.phase.token() == value,
        },
        Facet {
            key: "end",
            label: "契約終了",
            offered: true,
            choices: vec![Choice::new("none", "扱いが未定の機器・接続")],
            holds: |flow, value| value == "none" && flow.unended,
        },
    ]
}

fn sections<'a>(view: &'a Flows, rows: &[&'a FlowView], unfiltered: bool) -> Vec<Section<'a>> {
    let cells = view.grid.iter().flat_map(|row| &row.cells);
    let sections = cells.map(|cell| Section {
        layer: cell.layer,
        phase: cell.phase,
        anchor: cell.anchor(),
        viewpoint: &cell.viewpoint,
        flows: rows.iter().copied().filter(|flow| flow.layer == cell.layer && flow.phase == cell.phase).collect(),
        nothing: (cell.flows == 0).then(|| cell.reason.as_deref().unwrap_or_default()),
    });
    sections.filter(|section| unfiltered || !section.flows.is_empty()).collect()
}
