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

/// Due days that are counted at most.
pub(super) const MOST_DUE: u32 = 20_000;

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
    overdue: usize,
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
    let mut days: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for due in app.store().due_until(&at.organisation, "9999", MOST_DUE).await? {
        if due.service == at.service {
            days.entry(due.register).or_default().push(due.day);
        }
    }
    let mut groups: BTreeMap<RegisterGroup, Vec<RegisterView>> = BTreeMap::new();
    for register in &ledger.registers {
        let days = days.get(&register.id).map_or(&[][..], Vec::as_slice);
        let view = RegisterView {
            id: register.id.clone(),
            title: register.title.clone(),
            purpose: register.purpose.clone(),
            entries: sizes.get(&register.id).copied().unwrap_or_default(),
            overdue: days.iter().filter(|day| **day < today).count(),
            next: days.iter().find(|day| **day >= today).cloned().unwrap_or_default(),
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
