//! `/statutory`: chapter 6, asked of every provider alike.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, html};
use crate::site::Site;
use crate::view::{Here, Statutory};

#[derive(Template)]
#[template(path = "statutory.html")]
struct StatutoryPage<'a> {
    frame: Frame<'a>,
    view: &'a Statutory,
}

pub async fn show(State(site): State<Arc<Site>>) -> Response {
    html(StatutoryPage { frame: Frame::new(&site.view.chrome, Here::Controls), view: &site.view.statutory })
}
