//! What stands around every page: the service and the stations of the way of the data.

use shirube_documents::content::Status;
use shirube_documents::deliverable::Deliverable;
use shirube_safety::model::termination_gaps;
use shirube_safety::{File, Service, Severity};

use super::{DocumentView, Treatments, party_name};

/// Where a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    Overview,
    Model,
    Flows,
    Risks,
    Treatments,
    Controls,
    Documents,
    Evidence,
    Lists,
    Institutions,
    Registers,
    Revisions,
    Guideline,
    Words,
    /// On no station, e.g. an address that does not exist.
    Nowhere,
}

/// The frame of every page.
pub struct Chrome {
    pub service: String,
    pub provider: String,
    pub status: &'static str,
    pub draft: bool,
    pub edition: Option<String>,
    /// Editions of the guidelines in force.
    pub guidelines: String,
    pub source: String,
    pub stations: Vec<Station>,
}

/// One station; the order never changes.
pub struct Station {
    pub here: Here,
    pub name: &'static str,
    pub href: &'static str,
    pub open: usize,
    /// What is counted.
    pub open_means: &'static str,
}

impl Chrome {
    pub fn new(service: &Service, source: String, treatments: &Treatments, documents: &[DocumentView]) -> Self {
        // Taken from a document, so that page and paper cannot disagree on 案 or 発行.
        let meta = Deliverable::Flows.build(service, &source).meta;
        let draft = meta.status == Status::Draft;
        let library = service.assessment.library;
        let editions =
            library.editions().into_iter().filter(|edition| service.files.service.editions.contains(&edition.id));
        let guidelines: Vec<String> = editions
            .map(|edition| format!("{} {}（{}）", edition.title, edition.edition, edition.status.term()))
            .collect();
        Self {
            service: service.files.service.service.name.clone(),
            provider: party_name(service, &service.files.service.provider),
            status: meta.status.term(),
            draft,
            edition: meta.edition,
            guidelines: guidelines.join("、"),
            source,
            stations: stations(
                service,
                treatments,
                match (draft, documents.len()) {
                    (false, _) => 0,
                    // Made when somebody asks for them.
                    (true, 0) => Deliverable::begun(service).len(),
                    (true, made) => made,
                },
            ),
        }
    }
}

fn stations(service: &Service, treatments: &Treatments, drafts: usize) -> Vec<Station> {
    let assessment = &service.assessment;
    let counts = assessment.counts();
    let station = |here, name, href, open, open_means| Station { here, name, href, open, open_means };
    let of_model = service.findings.iter().filter(|finding| {
        matches!(finding.place.file, File::Service | File::System) && finding.severity > Severity::Note
    });
    let unended = termination_gaps(assessment.system, &assessment.flows).unended.len();
    vec![
        station(Here::Model, "モデル", "/diagram", of_model.count(), "要対応・注意の指摘"),
        station(Here::Flows, "情報流", "/flows", unended, "契約終了の情報流がない機器・接続"),
        station(Here::Risks, "リスク", "/risks", counts.risks - counts.decided, "案のままのリスク"),
        station(
            Here::Treatments,
            "対応",
            "/treatments",
            treatments.untreated + treatments.untreated_proposed + treatments.not_assessed,
            "対応が未定のリスク（案を含む）と、残存リスクが未評価の対応",
        ),
        station(Here::Controls, "対策項目", "/controls", service.answers.conformity.unanswered(), "未回答の対策項目"),
        station(Here::Documents, "文書", "/documents", drafts, "案の文書"),
    ]
}
