//! `/treatments`: リスク対応一覧.

use askama::Template;
use axum::response::Response;
use shirube_safety::model::Answer;

use super::{Frame, html};
use crate::shown::Shown;
use crate::view::{Here, ResidualView, Treatments};

#[derive(Template)]
#[template(path = "treatments.html")]
struct TreatmentsPage<'a> {
    frame: Frame<'a>,
    view: &'a Treatments,
}

pub async fn show(shown: Shown) -> Response {
    html(TreatmentsPage { frame: Frame::new(&shown, Here::Treatments), view: &shown.site.view.treatments })
}
