//! The state of a service in OSCAL: what it is, what it does, what was assessed, what is open.
//!
//! Nothing is added to what the folder states. Where OSCAL demands a field that a service does not state, the field
//! says so; what nobody has answered is `unanswered`, never implemented, and what nobody has decided is a proposal.

mod assessment_results;
mod component_definition;
mod parts;
mod poam;
mod risk;
mod scope;
mod security_plan;

use shirube_catalog::{library, shelf};
use shirube_safety::Service;

use self::scope::Scope;
pub(crate) use self::scope::status_token;
use crate::{OscalFile, catalog, profile};

/// Component definition, system security plan, assessment results and plan of action of a service, with the catalog
/// and the profiles they refer to. `source` is the short content hash of the service folder.
///
/// A plan of action without an item is not allowed in OSCAL: where nothing is open, there is none.
pub fn service(service: &Service, source: &str) -> Vec<OscalFile> {
    let scope = Scope::new(service, source);
    let mut files = Vec::new();
    if let Some(catalog) = shelf().catalog(&library().provider.edition.id) {
        files.push(OscalFile { name: "catalog.json", bytes: catalog::file(catalog, None) });
        files.extend(profile::files(catalog));
    }
    files.push(OscalFile { name: "component-definition.json", bytes: component_definition::file(&scope) });
    files.push(OscalFile { name: "system-security-plan.json", bytes: security_plan::file(&scope) });
    files.push(OscalFile { name: "assessment-results.json", bytes: assessment_results::file(&scope) });
    files.extend(poam::file(&scope).map(|bytes| OscalFile { name: "plan-of-action-and-milestones.json", bytes }));
    files
}
