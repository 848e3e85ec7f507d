//! `/`

use askama::Template;
use axum::response::Response;

use super::{Frame, html};
use crate::shown::Shown;
use crate::view::{Flows, Here, Journey, Overview};

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    view: &'a Overview,
    flows: &'a Flows,
    /// The guide through the first hour, while it is not over and not put away.
    journey: Option<&'a Journey>,
}

pub async fn show(shown: Shown) -> Response {
    let view = &shown.site.view;
    let guided = shown.reader.as_ref().is_some_and(|reader| !reader.put_away);
    html(OverviewPage {
        frame: Frame::new(&shown, Here::Overview),
        view: &view.overview,
        flows: &view.flows,
        journey: Some(&view.journey).filter(|journey| guided && journey.next().is_some()),
    })
}
