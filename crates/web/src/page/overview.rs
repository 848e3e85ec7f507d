//! `/`

use askama::Template;
use axum::response::Response;

use super::{Frame, html};
use crate::shown::Shown;
use crate::view::{Flows, Here, Overview};

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    view: &'a Overview,
    flows: &'a Flows,
}

pub async fn show(shown: Shown) -> Response {
    let view = &shown.site.view;
    html(OverviewPage { frame: Frame::new(&shown, Here::Overview), view: &view.overview, flows: &view.flows })
}
