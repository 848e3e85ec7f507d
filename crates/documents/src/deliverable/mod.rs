//! The deliverables: what chapter 5 of the provider guideline asks to be written down, as content trees.

mod agreement;
mod assessment;
mod checklist;
mod classes;
mod clauses;
mod closing;
mod common;
mod configuration;
mod confirmation;
mod conformity;
mod date;
mod decisions;
mod diagram;
mod flows;
mod house;
mod incident;
mod information;
mod iot;
mod life_cycle;
mod matrix;
mod open_diagram;
mod outlined;
mod own_controls;
mod parties;
mod plan;
mod provided;
mod record;
mod requests;
mod responsibility;
mod restated;
mod selection;
mod statutory;
mod supply;
mod treatment;

use std::fmt;
use std::str::FromStr;

use shirube_safety::Service;
use shirube_safety::stated::{DisclosureFile, RulesFile, SlaFile, SupplyFile};

use crate::content::Document;

pub use closing::{CLOSING_PAPERS, closing_papers};
pub use common::flow_label;
pub use confirmation::{Confirmation, Line as ConfirmedLine, Talk as ConfirmedTalk, confirmation};
pub use date::{era, printed};
pub use diagram::{Step, drawing, drawing_at, step_document, step_svg};
pub use house::{LARGEST_LOGO_BYTES, LogoError, logo_text};
pub use incident::{contact_chart, incident_sheet, notice_paper};
pub use life_cycle::phase_documents;
pub use open_diagram::{open_diagram, open_drawing, open_svg};
pub use outlined::{ClauseName, clause_names, composed, judged};
pub use provided::made as made_document;
pub use record::{
    DUTY_COLUMNS, EntryPaper, RecordHead, RegisterPaper, audit_paper, audit_plan, audit_report, audit_section,
    audit_summary, board_document, duties_document, duty_calendar, duty_row, entry_document, evidence_document,
    levels_document, notice_document, register_document, report_document,
};
pub use restated::{How, Place, Restated, Restatement, restated};
pub use selection::{selection, selection_tables};

/// A document that can be made from a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deliverable {
    SystemDiagram,
    Flows,
    RiskAssessment,
    RiskTreatment,
    TreatmentPlan,
    Conformity,
    InstitutionRequests,
    AgreementItems,
    ProvidedInformation,
    LifeCycle,
    Disclosure,
    Sla,
    OperatingRules,
    InstitutionRules,
    Letter,
    SummaryManagement,
    SummaryClinic,
    ChecklistCyber,
    ChecklistMhlw,
    RoleDivision,
    MdsSds,
    ResponsibilityMatrix,
    SupplyReports,
}

impl Deliverable {
    /// All of them, in the order of the work.
    pub const ALL: [Self; 23] = [
        Self::SystemDiagram,
        Self::Flows,
        Self::RiskAssessment,
        Self::RiskTreatment,
        Self::TreatmentPlan,
        Self::Conformity,
        Self::InstitutionRequests,
        Self::AgreementItems,
        Self::ProvidedInformation,
        Self::Disclosure,
        Self::Sla,
        Self::OperatingRules,
        Self::InstitutionRules,
        Self::Letter,
        Self::SummaryManagement,
        Self::SummaryClinic,
        Self::ChecklistCyber,
        Self::ChecklistMhlw,
        Self::RoleDivision,
        Self::MdsSds,
        Self::ResponsibilityMatrix,
        Self::SupplyReports,
        // It is laid over what the others say, so a letter on what changed names them first.
        Self::LifeCycle,
    ];

    /// Those to make for a service when nobody asks for certain ones: documents made of clauses and checklists only once
    /// somebody has stated something for them.
    pub fn begun(service: &Service) -> Vec<Self> {
        let files = service.files;
        let disclosure = files.disclosure != DisclosureFile::default();
        let is_begun = |deliverable: &Self| match deliverable {
            Self::Disclosure | Self::SummaryManagement | Self::SummaryClinic => disclosure,
            Self::ResponsibilityMatrix => !files.supply.tasks.is_empty(),
            Self::SupplyReports => files.supply != SupplyFile::default(),
            Self::Letter => files.disclosure.sender.is_some(),
            Self::Sla => files.sla != SlaFile::default(),
            Self::OperatingRules => files.rules != RulesFile::default(),
            Self::InstitutionRules => files.rules.institution.is_some(),
            Self::ChecklistCyber | Self::ChecklistMhlw | Self::RoleDivision | Self::MdsSds => {
                service.checklists.iter().any(|list| checklist::deliverable(list.kind()) == *deliverable)
            }
            _ => true,
        };
        Self::ALL.into_iter().filter(is_begun).collect()
    }

    /// Whether it is made of clauses.
    pub fn is_clauses(self) -> bool {
        outlined::is_outlined(self)
    }

    /// Name on the command line and stem of the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::SystemDiagram => "system-diagram",
            Self::Flows => "flows",
            Self::RiskAssessment => "risk-assessment",
            Self::RiskTreatment => "risk-treatment",
            Self::TreatmentPlan => "treatment-plan",
            Self::Conformity => "conformity",
            Self::InstitutionRequests => "institution-requests",
            Self::AgreementItems => "agreement-items",
            Self::ProvidedInformation => "provided-information",
            Self::LifeCycle => "life-cycle",
            Self::Disclosure => "disclosure",
            Self::Sla => "sla",
            Self::OperatingRules => "operating-rules",
            Self::InstitutionRules => "institution-rules",
            Self::Letter => "letter",
            Self::SummaryManagement => "summary-management",
            Self::SummaryClinic => "summary-clinic",
            Self::ChecklistCyber => "checklist-cyber",
            Self::ChecklistMhlw => "checklist-mhlw-3.0",
            Self::RoleDivision => "role-division",
            Self::MdsSds => "mds-sds",
            Self::ResponsibilityMatrix => "responsibility-matrix",
            Self::SupplyReports => "supply-reports",
        }
    }

    /// Title as printed.
    pub fn title(self) -> &'static str {
        match self {
            Self::SystemDiagram => "全体構成図",
            Self::Flows => "情報流一覧",
            Self::RiskAssessment => "リスクアセスメント結果一覧",
            Self::RiskTreatment => "リスク対応一覧",
            Self::TreatmentPlan => "リスク対応計画",
            Self::Conformity => "対策項目対応表",
            Self::InstitutionRequests => "医療機関等へ対応を求める事項",
            Self::AgreementItems => "合意事項一覧",
            Self::ProvidedInformation => "情報提供項目一覧",
            Self::LifeCycle => "フェーズごとの合意事項確認表",
            Self::Disclosure => "サービス仕様適合開示書",
            Self::Sla => "サービスレベル合意書",
            Self::OperatingRules => "運用管理規程",
            Self::InstitutionRules => "医療機関等の運用管理規程",
            Self::Letter => "送付状",
            Self::ChecklistCyber => "サイバーセキュリティ対策チェックリスト",
            Self::ChecklistMhlw => "最低限のガイドライン遵守チェックリスト",
            Self::RoleDivision => "役割分担等に関する確認表",
            Self::MdsSds => "医療情報セキュリティ開示書（MDS/SDS）の答え",
            Self::ResponsibilityMatrix => "責任分界表",
            Self::SupplyReports => "委託先などの報告一覧",
            Self::SummaryManagement => "安全管理のまとめ（経営層向け）",
            Self::SummaryClinic => "安全にお使いいただくために（院長・事務長の皆様へ）",
        }
    }

    /// Builds the document.
    ///
    /// `source` is the short content hash of the service folder; it is printed so that a document can be
    /// made again and compared.
    pub fn build(self, service: &Service, source: &str) -> Document {
        match self {
            Self::SystemDiagram => diagram::build(service, source),
            Self::Flows => flows::build(service, source),
            Self::RiskAssessment => assessment::build(service, source),
            Self::RiskTreatment => treatment::build(service, source),
            Self::TreatmentPlan => plan::build(service, source),
            Self::Conformity => conformity::build(service, source),
            Self::InstitutionRequests => requests::build(service, source),
            Self::AgreementItems => agreement::build(service, source),
            Self::ProvidedInformation => provided::build(service, source),
            Self::ResponsibilityMatrix => responsibility::build(service, source),
            Self::SupplyReports => supply::build(service, source),
            Self::LifeCycle => life_cycle::build(service, source),
            Self::Disclosure
            | Self::Sla
            | Self::OperatingRules
            | Self::InstitutionRules
            | Self::Letter
            | Self::SummaryManagement
            | Self::SummaryClinic => outlined::build(service, self, source, false),
            Self::ChecklistCyber | Self::ChecklistMhlw | Self::RoleDivision | Self::MdsSds => {
                checklist::build(service, self, source)
            }
        }
    }
}

/// サービス仕様適合開示書 for anybody: without what needs a secrecy agreement (DOC-004).
pub fn open_disclosure(service: &Service, source: &str) -> Document {
    outlined::build(service, Deliverable::Disclosure, source, true)
}

impl fmt::Display for Deliverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A document name that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("文書「{found}」はありません。{list}のどれかを指定してください")]
pub struct UnknownDeliverable {
    found: String,
    list: String,
}

impl FromStr for Deliverable {
    type Err = UnknownDeliverable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|deliverable| deliverable.name() == text || deliverable.title() == text);
        found.ok_or_else(|| UnknownDeliverable { found: text.to_owned(), list: Self::ALL.map(Self::name).join("、") })
    }
}
