//! Findings on `shirube.yaml` and `system.yaml`: references, gaps, contradictions.

mod references;
mod service;
mod system;

use shirube_catalog::Library;

use super::{Flows, ServiceFile, SystemFile};
use crate::finding::Finding;

/// Checks both files. Nothing here stops the assessment: an unfinished model is normal.
pub fn check(service: &ServiceFile, system: &SystemFile, flows: &Flows, library: &'static Library) -> Vec<Finding> {
    let mut findings = Vec::new();
    references::check(service, system, &mut findings);
    service::check(service, library, &mut findings);
    system::check(service, system, flows, library, &mut findings);
    findings
}
