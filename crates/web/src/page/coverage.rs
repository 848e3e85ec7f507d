//! `/coverage`: every threat put to every flow.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, html};
use crate::query::link;
use crate::site::Site;
use crate::view::{Coverage, CoverageCell, Here};

#[derive(Template)]
#[template(path = "coverage.html")]
struct CoveragePage<'a> {
    frame: Frame<'a>,
    view: &'a Coverage,
}

/// Address of the risks of one flow under one threat.
fn risks_of(flow: &str, threat: &str) -> String {
    link("/risks", &[("flow", flow), ("threat", threat)])
}

pub async fn show(State(site): State<Arc<Site>>) -> Response {
    html(CoveragePage { frame: Frame::new(&site.view.chrome, Here::Risks), view: &site.view.coverage })
}
