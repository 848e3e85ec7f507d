//! `/o/{organisation}/rights`: who may do what, as the one table says it (AUTHZ-003).

use askama::Template;
use axum::response::Response;
use shirube_identity::rights::{Right, rights};
use shirube_identity::role::Role;

use super::guard::Acting;
use super::shell::{Place, Shell};
use crate::page::html;

#[derive(Template)]
#[template(path = "app/rights.html")]
struct RightsPage<'a> {
    shell: Shell<'a>,
    roles: &'a [Role],
    rights: Vec<Right>,
}

pub async fn show(acting: Acting) -> Response {
    html(RightsPage { shell: Shell::acting(&acting, Place::Rights), roles: Role::ALL, rights: rights().collect() })
}
