//! What both sides agreed on about notices, and what institutions are called.

use std::collections::BTreeMap;

use shirube_catalog::maintenance_rules;

use crate::ServiceFiles;
use crate::stated::MaintenanceNotice;
use crate::typed::folded;

/// Days and names that the rules need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Days before a stop.
    pub stop_days: u32,
    /// Where the days before a stop come from.
    pub stop_basis: String,
    /// Agreed days before a patch; none if nothing was agreed.
    pub patch_days: Option<u32>,
    /// Agreed days before another change; none if nothing was agreed.
    pub change_days: Option<u32>,
    /// Kinds of maintenance that a comprehensive consent is for, as the agreement states them.
    pub blanket: Vec<String>,
    /// Names of institutions by their ids and names, folded.
    names: BTreeMap<String, String>,
}

impl Terms {
    pub fn new(files: &ServiceFiles) -> Self {
        let named = crate::model::institutions(&files.service)
            .flat_map(|party| [(folded(&party.id), party.name.clone()), (folded(&party.name), party.name.clone())]);
        Self::of(files.sla.maintenance.clone().unwrap_or_default(), named.collect())
    }

    pub(super) fn of(agreed: MaintenanceNotice, names: BTreeMap<String, String>) -> Self {
        let stop = &maintenance_rules().stop;
        Self {
            stop_days: agreed.notice_days.unwrap_or(stop.notice_days),
            stop_basis: match agreed.notice_days {
                Some(_) => "サービスレベル合意書で決めた日数".to_owned(),
                None => format!("{}の例", stop.source),
            },
            patch_days: agreed.patch_notice_days,
            change_days: agreed.notice_days,
            blanket: agreed.blanket_consent.unwrap_or_default(),
            names,
        }
    }

    /// With institutions that have a file or an agreement of their own.
    pub fn also(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names.extend(names.into_iter().map(|name| (folded(&name), name)));
        self
    }

    /// What an institution is called; as it was written, if the service does not know it.
    pub fn name(&self, written: &str) -> String {
        self.names.get(&folded(written)).cloned().unwrap_or_else(|| written.trim().to_owned())
    }

    /// Every institution of the service.
    pub fn institutions(&self) -> impl Iterator<Item = &String> {
        let mut names: Vec<&String> = self.names.values().collect();
        names.sort();
        names.dedup();
        names.into_iter()
    }
}
