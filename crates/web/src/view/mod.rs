//! What pages show, as owned values worked out once from a [`Service`].

mod attached;
mod card;
mod chrome;
mod control;
mod coverage;
mod diagram;
mod document;
mod flow;
mod journey;
mod open;
mod overview;
mod recorded;
mod relation;
mod risk;
mod shade;
mod shared;
mod statutory;
mod treatment;

use shirube_documents::deliverable::printed;
use shirube_folder::Folder;
use shirube_safety::Service;
use shirube_safety::risk::Signed;
use shirube_safety::stated::HouseTerm;

pub use attached::{AttachedView, about, attach_href, replace_href};
pub use card::{CardKind, CardView};
pub use chrome::{Chrome, Here};
pub use control::{ControlView, agreement_term};
pub use coverage::{Coverage, CoverageCell};
pub use diagram::{Chosen, Diagram, Element, drawn};
pub use document::DocumentView;
pub use flow::{FlowView, Flows};
pub use journey::Journey;
pub use open::href as open_href;
pub use overview::Overview;
pub use recorded::RecordedView;
pub use risk::{ReasonView, RiskView, Risks};
pub use shade::Level;
pub use statutory::Statutory;
pub use treatment::{ResidualView, Treatments};

use crate::site::Download;

/// All of it.
pub struct View {
    pub chrome: Chrome,
    pub overview: Overview,
    pub journey: Journey,
    pub diagram: Diagram,
    pub flows: Flows,
    pub risks: Risks,
    pub coverage: Coverage,
    pub treatments: Treatments,
    /// In the order of 別紙2.
    pub controls: Vec<ControlView>,
    pub statutory: Statutory,
    pub documents: Vec<DocumentView>,
    /// Words that the organisation explains itself.
    pub terms: Vec<HouseTerm>,
}

impl View {
    pub fn new(folder: &Folder, service: &Service, source: String, downloads: &[Download]) -> Self {
        let documents = document::documents(downloads);
        let risks = Risks::new(service);
        let treatments = Treatments::new(service);
        Self {
            chrome: Chrome::new(service, source, &treatments, &documents),
            overview: Overview::new(folder, service),
            journey: Journey::new(service),
            diagram: Diagram::new(service),
            flows: Flows::new(service, &risks.list),
            coverage: Coverage::new(service),
            controls: control::controls(service),
            statutory: Statutory::new(service),
            treatments,
            risks,
            documents,
            terms: folder.files.house.terms.clone(),
        }
    }
}

/// Who decided something, when and why.
pub struct SignedView {
    pub by: String,
    pub on: String,
    pub reason: String,
}

impl SignedView {
    fn new(service: &Service, signed: &Signed) -> Self {
        Self {
            by: signed.by.clone(),
            on: printed(signed.on, service.files.service.document.dates()),
            reason: signed.reason.clone(),
        }
    }
}

/// Name of a party, or its id where no party has it.
fn party_name(service: &Service, id: &str) -> String {
    let party = service.files.service.parties.iter().find(|party| party.id == id);
    party.map_or(id, |party| &party.name).to_owned()
}
