//! Who supplies the provider, directly or through others, with what was asked for and reported.

use shirube_catalog::fold;

use super::report::without_names;
use crate::agreement::Others;
use crate::model::{Answer, Layer, Party, PartyKind, Supply, reaches};
use crate::service::ServiceFiles;
use crate::stated::{ReportRequest, SharedTask, SupplierReport, SupplyFile};

/// An organisation that supplies the provider.
#[derive(Debug, Clone)]
pub struct SupplierState<'a> {
    pub party: &'a Party,
    pub supplies: Vec<&'a Supply>,
    /// Whether it has a contract with the provider itself. Whoever supplies a supplier reports to that one (2.2.2).
    pub is_direct: bool,
    /// Newest first.
    pub reports: Vec<&'a SupplierReport>,
    pub requests: Vec<&'a ReportRequest>,
}

impl SupplierState<'_> {
    /// Layers of what it supplies, in the order of the layers.
    pub fn layers(&self) -> Vec<Layer> {
        let has = |layer: &&Layer| self.supplies.iter().any(|supply| supply.layers.contains(layer));
        Layer::ALL.iter().filter(has).copied().collect()
    }

    /// Whether it promised the provider to report.
    pub fn has_promised(&self) -> bool {
        self.is_direct && self.supplies.iter().any(|supply| supply.reports == Answer::Yes)
    }

    /// Requests that nothing answers yet.
    pub fn open_requests(&self) -> impl Iterator<Item = &ReportRequest> {
        self.requests.iter().copied().filter(|request| request.waits_for_report())
    }

    /// Requests whose report has arrived, and nobody has decided on it.
    pub fn undecided_requests(&self) -> impl Iterator<Item = &ReportRequest> {
        self.requests.iter().copied().filter(|request| request.waits_for_decision())
    }
}

/// All suppliers of the provider, in the order of the list of organisations.
pub fn suppliers(files: &ServiceFiles) -> Vec<SupplierState<'_>> {
    let service = &files.service;
    let provider = service.provider.as_str();
    let supplies = |party: &&Party| {
        party.id != provider && party.kind != PartyKind::Institution && reaches(service, &party.id, |to| to == provider)
    };
    let state = |party| of(files, party);
    service.parties.iter().filter(supplies).map(state).collect()
}

fn of<'a>(files: &'a ServiceFiles, party: &'a Party) -> SupplierState<'a> {
    let supplies: Vec<&Supply> =
        files.service.supply_chain.iter().filter(|supply| supply.supplier == party.id).collect();
    let mut reports: Vec<&SupplierReport> =
        files.supply.reports.iter().filter(|report| report.supplier == party.id).collect();
    // Stable: of two from one day, that written later counts as newer.
    reports.reverse();
    reports.sort_by_key(|report| std::cmp::Reverse(report.on));
    SupplierState {
        party,
        is_direct: supplies.iter().any(|supply| supply.customer == files.service.provider),
        supplies,
        reports,
        requests: files.supply.requests.iter().filter(|request| request.supplier == party.id).collect(),
    }
}

/// Whether two reports of one supplier are on the same service. People write its name by hand, and may leave it out.
pub(super) fn same_service(one: Option<&str>, other: Option<&str>) -> bool {
    let bare = |name: &str| fold(name).split_whitespace().collect::<String>();
    one.zip(other).is_none_or(|(one, other)| bare(one) == bare(other))
}

/// Whether no other report of the same supplier on the same service is newer.
pub fn newest(supply: &SupplyFile, report: &SupplierReport) -> bool {
    let place = |one: &SupplierReport| supply.reports.iter().position(|other| other.id == one.id);
    let same = |other: &&SupplierReport| {
        other.supplier == report.supplier && same_service(other.service.as_deref(), report.service.as_deref())
    };
    let newer = |other: &SupplierReport| (other.on, place(other)) > (report.on, place(report));
    !supply.reports.iter().filter(same).any(newer)
}

/// The tasks that a supplier is asked about. `others` are institutions, which no other company is told of.
pub fn asked_tasks(files: &ServiceFiles, supplier: &str, others: &Others) -> Vec<SharedTask> {
    without_names(concerning(files, supplier).into_iter(), others)
}

/// The tasks that a supplier has a part in, and those of the layers it supplies, where it may believe that it has one.
pub(super) fn concerning<'a>(files: &'a ServiceFiles, supplier: &str) -> Vec<&'a SharedTask> {
    let own = suppliers(files).into_iter().find(|one| one.party.id == supplier);
    let layers = own.map(|one| one.layers()).unwrap_or_default();
    let concerns =
        |task: &&SharedTask| layers.contains(&task.layer) || !super::line(task).parts_of(supplier).is_empty();
    files.supply.tasks.iter().filter(concerns).collect()
}
