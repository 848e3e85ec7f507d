//! `/treatments`: リスク対応一覧.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shirube_safety::model::Answer;

use super::{Frame, html};
use crate::site::Site;
use crate::view::{Here, ResidualView, Treatments};

#[derive(Template)]
#[template(path = "treatments.html")]
struct TreatmentsPage<'a> {
    frame: Frame<'a>,
    view: &'a Treatments,
}

pub async fn show(State(site): State<Arc<Site>>) -> Response {
    html(TreatmentsPage { frame: Frame::new(&site.view.chrome, Here::Treatments), view: &site.view.treatments })
}
