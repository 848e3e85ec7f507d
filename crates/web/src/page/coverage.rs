//! `/coverage`: every threat put to every flow.

use askama::Template;
use axum::response::Response;

use super::{Frame, html};
use crate::query::link;
use crate::shown::Shown;
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

pub async fn show(shown: Shown) -> Response {
    html(CoveragePage { frame: Frame::new(&shown, Here::Risks), view: &shown.site.view.coverage })
}
