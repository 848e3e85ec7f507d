//! `…/start`: the first hour with a service, step by step, and the overview with the next step on top.

use askama::Template;
use axum::response::Response;

use super::guard::Acting;
use crate::page::{Frame, html};
use crate::shown::Shown;
use crate::view::{Here, Journey};

#[derive(Template)]
#[template(path = "app/start.html")]
struct StartPage<'a> {
    frame: Frame<'a>,
    journey: &'a Journey,
    csrf: &'a str,
    /// Id of the service.
    service: &'a str,
    put_away: bool,
    /// The reader may write what the steps ask for.
    writes: bool,
}

pub async fn show(acting: Acting, shown: Shown) -> Response {
    let service = shown.service();
    html(StartPage {
        frame: Frame::new(&shown, Here::Overview),
        journey: &shown.site.view.journey,
        csrf: &acting.reader.csrf,
        service,
        put_away: acting.visitor.preferences.without_guide.contains(service),
        writes: acting.reader.may(crate::reader::Action::Edit, crate::reader::Resource::Model),
    })
}
