//! `/risks` and `/risks/{number}`: matrix, list, and one risk with its reasons.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use serde::Deserialize;
use shirube_safety::model::Layer;

use super::message::missing;
use super::{Frame, html};
use crate::filter::{Choice, Facet, FilterBar, WORDS, choose};
use crate::query::Query;
use crate::shown::Shown;
use crate::view::{Here, RiskView, Risks};

#[derive(Template)]
#[template(path = "risks.html")]
struct RisksPage<'a> {
    frame: Frame<'a>,
    bar: FilterBar,
    view: &'a Risks,
    rows: Vec<&'a RiskView>,
    /// The cell of the matrix that is chosen.
    cell: Option<(&'a str, &'a str)>,
}

impl RisksPage<'_> {
    fn is_cell(&self, impact: &u8, likelihood: &u8) -> bool {
        self.cell.is_some_and(|(i, l)| i == impact.to_string() && l == likelihood.to_string())
    }
}

#[derive(Template)]
#[template(path = "risk.html")]
struct RiskPage<'a> {
    frame: Frame<'a>,
    risk: &'a RiskView,
    before: Option<&'a RiskView>,
    after: Option<&'a RiskView>,
    /// Trusted: the form to decide, rendered by a template of ours.
    decide: Option<String>,
}

const KEYS: [&str; 10] =
    ["layer", "rank", "state", "treatment", "threat", "impact", "likelihood", "flow", "scenario", WORDS];

pub async fn list(shown: Shown, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse(&shown.base, "/risks", &KEYS, raw.as_deref());
    let view = &shown.site.view.risks;
    let (rows, bar) = choose(&view.list, &facets(view), &query, RiskView::text);
    let cell = query.get("impact").zip(query.get("likelihood"));
    html(RisksPage { frame: Frame::new(&shown, Here::Risks), bar, view, rows, cell })
}

type Test = fn(&RiskView, &str) -> bool;

fn facets(view: &Risks) -> [Facet<RiskView>; 9] {
    let offered = |key, label, choices, holds: Test| Facet { key, label, offered: true, choices, holds };
    let followed = |key, label, holds: Test| Facet { key, label, offered: false, choices: Vec::new(), holds };
    [
        offered(
            "layer",
            "層",
            Layer::ALL.iter().map(|layer| Choice::new(layer.token(), layer.term())).collect(),
            |risk, value| risk.layer.token() == value,
        ),
        offered(
            "rank",
            "レベル",
            view.ranks.iter().map(|rank| Choice::new(rank.rank, rank.rank)).collect(),
            |risk, value| risk.rank().is_some_and(|rank| value.chars().eq([rank])),
        ),
        offered(
            "state",
            "状態",
            vec![Choice::new("proposed", "案"), Choice::new("decided", "決定"), Choice::new("outdated", "要見直し")],
            |risk, value| match value {
                "outdated" => risk.outdated,
                value => value == if risk.is_decided() { "decided" } else { "proposed" },
            },
        ),
        offered(
            "treatment",
            "対応",
            vec![Choice::new("none", "必要だが未定"), Choice::new("some", "あり")],
            |risk, value| match value {
                "none" => risk.untreated,
                "some" => !risk.treatments.is_empty(),
                _ => false,
            },
        ),
        offered(
            "threat",
            "脅威",
            view.threats.iter().map(|(id, name)| Choice::new(id, name)).collect(),
            |risk, value| &*risk.threat_id == value,
        ),
        followed("impact", "影響度", |risk, value| {
            risk.rated.as_ref().is_some_and(|rated| rated.impact.to_string() == value)
        }),
        followed("likelihood", "顕在化率", |risk, value| {
            risk.rated.as_ref().is_some_and(|rated| rated.likelihood.to_string() == value)
        }),
        followed("flow", "情報流", |risk, value| &*risk.flow_number == value),
        followed("scenario", "リスクシナリオ例", |risk, value| risk.scenarios.iter().any(|s| s.id == value)),
    ]
}

/// What the address names. Addresses may have more parts before it.
#[derive(Deserialize)]
pub struct At {
    number: String,
}

pub async fn one(shown: Shown, Path(At { number }): Path<At>) -> Response {
    self::shown(&shown, &number, None)
}

/// The page of a risk, with a form to decide for those who may.
pub fn shown(shown: &Shown, number: &str, decide: Option<String>) -> Response {
    let list = &shown.site.view.risks.list;
    let Some(at) = shown.site.view.risks.position(number) else {
        let text = format!("リスク「{number}」はありません。モデルが変わると、番号が変わることがあります。");
        return missing(shown, &text, ("/risks", "リスクの一覧を見る"));
    };
    html(RiskPage {
        frame: Frame::new(shown, Here::Risks),
        decide,
        risk: &list[at],
        before: at.checked_sub(1).map(|at| &list[at]),
        after: list.get(at + 1),
    })
}
