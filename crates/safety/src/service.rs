//! One service folder, read: the files and everything that follows from them.

use std::sync::LazyLock;

use shirube_catalog::library;

use crate::agreement::ANY;
use crate::chain::{self, Chain};
use crate::checklist::{self, Checklist};
use crate::conformity::{Conformity, ConformityFile, conformity};
use crate::finding::Finding;
use crate::model::{self, PartyKind, ServiceFile, SystemFile};
use crate::open::{self, OpenPoint};
use crate::provided::{self, Provided};
use crate::risk::{Assessment, AssessmentFile, ConsiderationState, Rules, assess, considerations, judge};
use crate::stated::{self, ChecklistsFile, DisclosureFile, HouseFile, RulesFile, SlaFile, SupplyFile};

/// The files of a service folder, parsed.
#[derive(Debug, Clone)]
pub struct ServiceFiles {
    pub service: ServiceFile,
    pub system: SystemFile,
    pub assessment: AssessmentFile,
    pub conformity: ConformityFile,
    pub sla: SlaFile,
    pub disclosure: DisclosureFile,
    pub rules: RulesFile,
    pub checklists: ChecklistsFile,
    pub supply: SupplyFile,
    pub house: HouseFile,
}

impl ServiceFiles {
    /// A copy for anybody: what needs a secrecy agreement, or may need one, is not in it (DOC-004).
    pub fn open_copy(&self) -> Self {
        let mut open = self.clone();
        for item in open.service.selection.iter_mut().filter(|item| !item.is_open()) {
            item.document = "個別に開示".to_owned();
            item.text.clear();
        }
        // Checklists are made with one institution each.
        open.checklists = ChecklistsFile::default();
        // What suppliers reported was reported to us.
        open.supply = SupplyFile { tasks: open.supply.tasks, ..SupplyFile::default() };
        // Who our customers are is theirs to tell.
        for party in open.service.parties.iter_mut().filter(|party| party.kind == PartyKind::Institution) {
            party.name = ANY.to_owned();
        }
        open.service.document.confidentiality = Some("公開".to_owned());
        open
    }
}

/// The threat rules of the program. They are part of it, so a rule that does not compile is a bug.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    Rules::new(&library().threat_rules)
        .unwrap_or_else(|error| panic!("the embedded threat rules are unusable: {error}"))
});

/// What follows from the files: flows, risks, answers, findings.
pub struct Service<'a> {
    pub files: &'a ServiceFiles,
    pub assessment: Assessment<'a>,
    pub answers: Answers<'a>,
    /// Who does what along the supply chain, and what suppliers reported.
    pub chain: Chain<'a>,
    /// Checklists with what the facts say of each of their items.
    pub checklists: Vec<Checklist<'a>>,
    /// What there is for each item of table 4-1.
    pub provided: Vec<Provided<'a>>,
    /// Every kind of open point, also those with nothing open.
    pub points: Vec<OpenPoint>,
    /// Everything to tell, in the order of the files.
    pub findings: Vec<Finding>,
}

/// Answers to what the guideline asks of every provider.
pub struct Answers<'a> {
    pub conformity: Conformity<'a>,
    pub considerations: Vec<ConsiderationState<'a>>,
}

impl<'a> Service<'a> {
    /// Works everything out. Never fails: what is missing becomes a finding.
    pub fn new(files: &'a ServiceFiles) -> Self {
        let library = library();
        let flows = model::derive(&files.service, &files.system, &library.verbs);
        let mut findings = model::check(&files.service, &files.system, &flows, library);
        let assessment = assess(&files.service, &files.system, &files.assessment, flows, &RULES, library);
        findings.extend(assessment.findings.iter().cloned());
        findings.extend(judge(&assessment));
        let considerations = considerations(&assessment);
        findings.extend(considerations.iter().flat_map(|state| state.findings.iter().cloned()));
        let conformity = conformity(&files.conformity, &assessment, library);
        findings.extend(conformity.findings.iter().cloned());
        let provided = provided::provided(&assessment, &conformity);
        findings.extend(provided::check(&provided));
        findings.extend(stated::check(&files.sla));
        findings.extend(stated::check_clocks(&files.rules));
        let chain = chain::chain(files, &conformity, library);
        findings.extend(chain.findings.iter().cloned());
        let answers = Answers { conformity, considerations };
        let checklists = checklist::checklists(files, &assessment, &answers.conformity, &mut findings);
        let mut service =
            Self { files, assessment, answers, chain, checklists, provided, points: Vec::new(), findings };
        service.points = open::all(&service);
        service.findings.extend(open::issue_blocked(&service));
        // Stable: findings of one file keep the order in which the checks speak.
        service.findings.sort_by_key(|finding| finding.place.file);
        service
    }

    /// What people have not decided. While there is any, every document is 案.
    pub fn open_points(&self) -> impl Iterator<Item = &OpenPoint> {
        self.points.iter().filter(|point| point.open > 0)
    }
}
