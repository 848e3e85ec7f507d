//! `/`

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, html};
use crate::site::Site;
use crate::view::{Flows, Here, Overview};

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    view: &'a Overview,
    flows: &'a Flows,
}

pub async fn show(State(site): State<Arc<Site>>) -> Response {
    let view = &site.view;
    html(OverviewPage { frame: Frame::new(&view.chrome, Here::Overview), view: &view.overview, flows: &view.flows })
}
