//! 供給網: what suppliers reported upward, laid over the own answers (guideline 2.1, 2.2.2, 2.2.3; PARTY-006, -007).
//!
//! Whoever supplies something to the provider reports two things: how it manages risks, and how it meets what the laws
//! ask for. [`chain`] says of every control of 別紙2 whether the provider does it alone, takes it over from a supplier or
//! shares it, and where the two sides say different things. It corrects nothing: people talk to each other.

mod check;
mod contradiction;
mod outdated;
mod report;
mod suppliers;

use std::collections::HashMap;

use shirube_catalog::{Control, ControlId, Library};

pub use contradiction::{Contradiction, ContradictionKind};
pub use outdated::{Outdated, outdated};
pub use report::{Reported, StatusReport, free_id, records, reported_tasks, status_report};
pub use suppliers::{SupplierState, asked_tasks, newest, suppliers};

use crate::choice::choice;
use crate::conformity::{Conformity, ControlAnswer};
use crate::finding::Finding;
use crate::model::{Layer, PartyKind, ServiceFile};
use crate::service::ServiceFiles;
use crate::stated::{ControlUse, SharedTask, SupplierReport, SupplierStatement, SupplyFile, UseKind};

choice! {
    /// Who meets a control.
    Origin {
        Own = "own", "自社";
        Shared = "shared", "分担";
        Inherited = "inherited", "受け継ぎ";
        Unanswered = "unanswered", "未回答";
    }
}

/// A control with whoever it is taken over from or shared with.
#[derive(Debug, Clone)]
pub struct ControlOrigin<'a> {
    pub control: &'static Control,
    /// Our own answer; none if it only says that there is none yet.
    pub answer: Option<&'a ControlAnswer>,
    pub uses: Vec<Used<'a>>,
    /// What suppliers offer in their newest reports, and nobody took over.
    pub offered: Vec<&'a SupplierStatement>,
}

/// One taking over or sharing, with what the supplier says of it.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// Place in the list of the file.
    pub at: usize,
    pub stated: &'a ControlUse,
    /// The report it rests on: the one named, or else the supplier's newest.
    pub report: Option<&'a SupplierReport>,
    /// What that report says of the control.
    pub statement: Option<&'a SupplierStatement>,
}

impl ControlOrigin<'_> {
    /// Who meets it, by what people wrote.
    pub fn origin(&self) -> Origin {
        let is = |kind| self.uses.iter().any(|used| used.stated.kind == kind);
        match (is(UseKind::Shared), is(UseKind::Inherited), self.answer) {
            (true, _, _) => Origin::Shared,
            (false, true, _) => Origin::Inherited,
            (false, false, Some(_)) => Origin::Own,
            (false, false, None) => Origin::Unanswered,
        }
    }
}

/// A task with every company that has a part in it.
#[derive(Debug, Clone)]
pub struct TaskLine<'a> {
    pub task: &'a SharedTask,
    /// Id of the company, and its parts in the order of [`Part::ALL`].
    pub parts: Vec<(&'a str, Vec<Part>)>,
}

choice! {
    /// 作業への関わり方。
    Part {
        Does = "does", "実施";
        Accountable = "accountable", "責任";
        Supports = "supports", "協力";
        Informed = "informed", "報告を受ける";
    }
}

impl TaskLine<'_> {
    /// Whether somebody does it and somebody answers for it (PARTY-018).
    pub fn is_assigned(&self) -> bool {
        !self.task.does.is_empty() && self.task.accountable.is_some()
    }

    pub fn parts_of(&self, party: &str) -> &[Part] {
        self.parts.iter().find(|(id, _)| *id == party).map_or(&[], |(_, parts)| parts)
    }
}

/// The whole chain as people described it.
#[derive(Debug)]
pub struct Chain<'a> {
    pub suppliers: Vec<SupplierState<'a>>,
    /// All controls of 別紙2, in its order.
    pub controls: Vec<ControlOrigin<'a>>,
    /// In the order of the file.
    pub tasks: Vec<TaskLine<'a>>,
    pub contradictions: Vec<Contradiction>,
    pub findings: Vec<Finding>,
}

/// Lays the reports over the answers and checks them.
pub fn chain<'a>(files: &'a ServiceFiles, conformity: &Conformity<'a>, library: &'static Library) -> Chain<'a> {
    let supply = &files.supply;
    let controls = controls(files, conformity, library);
    let tasks: Vec<TaskLine> = supply.tasks.iter().map(line).collect();
    let mut contradictions = contradiction::of_controls(&files.service, &controls);
    contradictions.extend(contradiction::of_tasks(files));
    let suppliers = suppliers(files);
    let findings = check::check(files, &suppliers, &tasks, &contradictions, library);
    Chain { suppliers, controls, tasks, contradictions, findings }
}

fn controls<'a>(
    files: &'a ServiceFiles,
    conformity: &Conformity<'a>,
    library: &'static Library,
) -> Vec<ControlOrigin<'a>> {
    let supply = &files.supply;
    let mut uses: HashMap<ControlId, Vec<Used>> = HashMap::new();
    for (at, stated) in supply.uses.iter().enumerate() {
        let Some(control) = known(&stated.control, library) else { continue };
        uses.entry(control.id).or_default().push(used(supply, at, stated));
    }
    let mut offered: HashMap<ControlId, Vec<&SupplierStatement>> = HashMap::new();
    for statement in &supply.statements {
        let is_newest = report(supply, &statement.report).is_some_and(|report| newest(supply, report));
        let Some(control) = known(&statement.control, library).filter(|_| is_newest) else { continue };
        offered.entry(control.id).or_default().push(statement);
    }
    let one = |answered: &crate::conformity::Answered<'a>| {
        let id = answered.control.id;
        let uses = uses.remove(&id).unwrap_or_default();
        let is_used = |statement: &&SupplierStatement| {
            let from = report(supply, &statement.report).map(|report| &report.supplier);
            uses.iter().any(|used| Some(&used.stated.supplier) == from)
        };
        let mut offered = offered.remove(&id).unwrap_or_default();
        offered.retain(|statement| !is_used(statement) && contradiction::offers(statement));
        ControlOrigin { control: answered.control, answer: answered.given(), uses, offered }
    };
    conformity.controls.iter().map(one).collect()
}

fn used<'a>(supply: &'a SupplyFile, at: usize, stated: &'a ControlUse) -> Used<'a> {
    let control: Option<ControlId> = stated.control.parse().ok();
    let report = match &stated.report {
        Some(id) => report(supply, id),
        None => {
            let newest = supply.reports.iter().filter(|one| one.supplier == stated.supplier && newest(supply, one));
            // A supplier may report on several services: the report that speaks of the control counts.
            newest.max_by_key(|one| (statement(supply, one, control).is_some(), one.on))
        }
    };
    let statement = report.and_then(|report| statement(supply, report, control));
    Used { at, stated, report, statement }
}

/// What a report says of a control.
fn statement<'a>(
    supply: &'a SupplyFile,
    report: &SupplierReport,
    control: Option<ControlId>,
) -> Option<&'a SupplierStatement> {
    supply.statements.iter().find(|one| one.report == report.id && one.control.parse().ok() == control)
}

fn report<'a>(supply: &'a SupplyFile, id: &str) -> Option<&'a SupplierReport> {
    supply.reports.iter().find(|report| report.id == id)
}

/// A control of 別紙2 by its number as people write it.
fn known(number: &str, library: &'static Library) -> Option<&'static Control> {
    let id: ControlId = number.parse().ok()?;
    library.provider.controls.iter().find(|control| control.id == id)
}

fn line(task: &SharedTask) -> TaskLine<'_> {
    let mut parts: Vec<(&str, Vec<Part>)> = Vec::new();
    let roles = [
        (Part::Does, task.does.iter().collect::<Vec<_>>()),
        (Part::Accountable, task.accountable.iter().collect()),
        (Part::Supports, task.supports.iter().collect()),
        (Part::Informed, task.informed.iter().collect()),
    ];
    for (part, of) in roles {
        for party in of {
            match parts.iter_mut().find(|(id, _)| *id == party.as_str()) {
                Some((_, known)) => known.push(part),
                None => parts.push((party, vec![part])),
            }
        }
    }
    TaskLine { task, parts }
}

/// Companies that have a column in the matrix: whoever provides something or has a part in a task, and the institution.
/// The provider comes first, the institution last.
pub fn companies(files: &ServiceFiles) -> Vec<&crate::model::Party> {
    let service = &files.service;
    let takes_part = |party: &&crate::model::Party| {
        party.id == service.provider
            || party.kind == PartyKind::Institution
            || party.takes_part(service)
            || files.supply.tasks.iter().any(|task| !line(task).parts_of(&party.id).is_empty())
    };
    let mut companies: Vec<_> = service.parties.iter().filter(takes_part).collect();
    companies.sort_by_key(|party| (party.id != service.provider, party.kind == PartyKind::Institution));
    companies
}

/// What a company provides in a layer: the form (`A1`), and what it is where it is only part of the layer.
pub fn provided_in(service: &ServiceFile, layer: Layer, party: &str) -> Vec<String> {
    let parts = service.delivery.parts().filter(|part| part.layer == layer && part.party == party);
    let said = |part: crate::model::Part| {
        let code = format!("{}{}", layer.letter(), part.form.token());
        part.what.map_or(code.clone(), |what| format!("{code} {what}"))
    };
    parts.map(said).collect()
}
