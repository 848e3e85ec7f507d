//! `/diagram`: 全体構成図, with one flow drawn strong if asked.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;

use super::{Frame, html};
use crate::query::Query;
use crate::shown::Shown;
use crate::view::{FlowView, Flows, Here};

#[derive(Template)]
#[template(path = "diagram.html")]
struct DiagramPage<'a> {
    frame: Frame<'a>,
    /// Trusted: our own writer's output, which escapes every text of the model.
    svg: &'a str,
    flows: &'a Flows,
    chosen: Option<&'a FlowView>,
    /// A number that was asked for and does not exist.
    unknown: Option<&'a str>,
    empty: bool,
}

pub async fn show(shown: Shown, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse(&shown.base, "/diagram", &["flow"], raw.as_deref());
    let view = &shown.site.view;
    let asked = query.get("flow");
    let at = asked.and_then(|number| view.flows.position(number));
    let chosen = at.map(|at| &view.flows.list[at]);
    html(DiagramPage {
        frame: Frame::new(&shown, Here::Model),
        svg: match (at, chosen) {
            (Some(at), Some(flow)) => view.diagram.highlighting(at, &flow.number),
            _ => view.diagram.plain(),
        },
        flows: &view.flows,
        chosen,
        unknown: asked.filter(|_| chosen.is_none()),
        empty: view.diagram.is_empty(),
    })
}
