//! `/statutory`: chapter 6, asked of every provider alike.

use askama::Template;
use axum::response::Response;

use super::{Frame, html};
use crate::shown::Shown;
use crate::view::{Here, Statutory};

#[derive(Template)]
#[template(path = "statutory.html")]
struct StatutoryPage<'a> {
    frame: Frame<'a>,
    view: &'a Statutory,
}

pub async fn show(shown: Shown) -> Response {
    html(StatutoryPage { frame: Frame::new(&shown, Here::Controls), view: &shown.site.view.statutory })
}
