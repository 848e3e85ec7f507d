//! `…/registers`: the registers of a service, by groups, with what is due in each.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use shirube_catalog::RegisterGroup;
use shirube_store::StoreError;

use super::ledger::Ledger;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::{App, message, world};
use crate::page::{Frame, html};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "app/registers.html")]
struct RegistersPage<'a> {
    frame: Frame<'a>,
    groups: Vec<GroupView>,
}

struct GroupView {
    id: String,
    title: &'static str,
    registers: Vec<RegisterView>,
}

struct RegisterView {
    id: String,
    title: String,
    purpose: String,
    entries: u64,
    overdue: u64,
    /// The next day of a duty.
    next: String,
}

/// `GET …/registers`.
pub async fn list(State(app): State<App>, _acting: Acting, shown: Shown, Path(at): Path<InService>) -> Response {
    match groups(&app, &at, shown.revision.unwrap_or_default()).await {
        Ok(groups) => html(&RegistersPage { frame: Frame::new(&shown, Here::Registers), groups }).into_response(),
        Err(error) => message::failed(&app, &error),
    }
}

async fn groups(app: &App, at: &InService, revision: u64) -> Result<Vec<GroupView>, StoreError> {
    let ledger = Ledger::read(app, at, revision).await?;
    let ids: Vec<&str> = ledger.registers.iter().map(|register| register.id.as_str()).collect();
    let sizes = app.store().register_sizes(&at.organisation, &at.service, &ids).await?;
    let today = world::day(app.now());
    let counts = app.store().due_counts(&at.organisation, &today).await?;
    let counts: Vec<_> = counts.into_iter().filter(|count| count.service == at.service).collect();
    let mut groups: BTreeMap<RegisterGroup, Vec<RegisterView>> = BTreeMap::new();
    for register in &ledger.registers {
        let counts = counts.iter().filter(|count| count.register == register.id);
        let view = RegisterView {
            id: register.id.clone(),
            title: register.title.clone(),
            purpose: register.purpose.clone(),
            entries: sizes.get(&register.id).copied().unwrap_or_default(),
            overdue: counts.clone().map(|count| count.overdue).sum(),
            next: counts.filter_map(|count| count.next.clone()).min().unwrap_or_default(),
        };
        groups.entry(register.group).or_default().push(view);
    }
    let view = |(group, registers): (RegisterGroup, Vec<RegisterView>)| GroupView {
        id: format!("{group:?}").to_lowercase(),
        title: group.term(),
        registers,
    };
    Ok(groups.into_iter().map(view).collect())
}
