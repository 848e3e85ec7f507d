//! One incident with everything that follows from it, for whoever shows it.

use chrono::NaiveDateTime;

use super::ContractTerms;
use super::{
    Affected, Clock, Happened, Incident, OrderStep, Parameters, Touched, affected, clocks, nearest, order,
    reach_of_institutions, timeline, touched,
};
use crate::service::{Service, ServiceFiles};
use crate::stated::SlaFile;

/// Whom and by which lengths, the same for all incidents of a service.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Names of all institutions that use the service.
    pub customers: Vec<String>,
    pub parameters: Parameters,
}

impl Around {
    /// What the files of a service say. `institutions` are those that use it, each with what its contract says otherwise;
    /// while there are none, the one that the service is drawn with stands for them.
    pub fn new<'o>(
        files: &ServiceFiles,
        institutions: impl IntoIterator<Item = (&'o str, Option<&'o SlaFile>)>,
    ) -> Self {
        let rules = files.rules.incident.as_ref().map_or_else(Vec::new, |incident| incident.clocks.clone());
        let common = ContractTerms::of(&files.sla);
        let terms = |own: Option<&SlaFile>| own.map_or(common, |own| ContractTerms::of(own).or(common));
        let own: Vec<(String, ContractTerms)> =
            institutions.into_iter().map(|(name, own)| (name.to_owned(), terms(own))).collect();
        let mut customers: Vec<String> = own.iter().map(|(name, _)| name.clone()).collect();
        if customers.is_empty() {
            customers.extend(crate::model::institutions(&files.service).map(|party| party.name.clone()));
        }
        Self { customers, parameters: Parameters { rules, common, own } }
    }
}

/// One incident at a moment.
#[derive(Debug)]
pub struct Worked<'a> {
    pub incident: Incident<'a>,
    pub now: NaiveDateTime,
    pub affected: Affected,
    pub clocks: Vec<Clock>,
    pub order: Vec<OrderStep>,
    pub timeline: Vec<Happened>,
    pub touched: Touched,
}

impl<'a> Worked<'a> {
    pub fn of(incident: Incident<'a>, service: &Service, around: &Around, now: NaiveDateTime) -> Self {
        let affected = affected(&incident, service, &around.customers);
        let clocks = clocks(&incident, service.assessment.system, &affected, &around.parameters, now);
        let touched = touched(&incident, service, &affected);
        Self { order: order(&incident), timeline: timeline(&incident), incident, now, affected, clocks, touched }
    }

    /// What to do next.
    pub fn next(&self) -> Option<&OrderStep> {
        self.order.iter().find(|step| step.state.is_open())
    }

    /// The clock that runs out next, or ran out first.
    pub fn nearest(&self) -> Option<&Clock> {
        nearest(&self.clocks).filter(|_| self.incident.is_open())
    }

    /// Whether somebody is waiting for something that is late.
    pub fn is_overdue(&self) -> bool {
        self.incident.is_open() && self.clocks.iter().any(Clock::is_overdue)
    }
}

/// How many incidents have something late.
pub fn overdue(all: &[Worked]) -> usize {
    all.iter().filter(|one| one.is_overdue()).count()
}

/// What a list says of an incident, without working the service out.
#[derive(Debug)]
pub struct Glance {
    pub next: Option<OrderStep>,
    /// The clock that runs out next, or ran out first; none for what is closed.
    pub nearest: Option<Clock>,
}

/// An incident at a glance: its institutions are those that were entered, else all.
pub fn glance(incident: &Incident, files: &ServiceFiles, around: &Around, now: NaiveDateTime) -> Glance {
    if !incident.is_open() {
        return Glance { next: None, nearest: None };
    }
    let affected = reach_of_institutions(incident, &around.customers);
    let clocks = clocks(incident, &files.system, &affected, &around.parameters, now);
    let next = order(incident).into_iter().find(|step| step.state.is_open());
    Glance { next, nearest: nearest(&clocks).cloned() }
}
