//! 確認表: every item of a sheet with what people answered and, where nobody did, what the facts say (DOC-038 to -040).
//!
//! An item nobody answered is 未回答. The facts of the service stand beside it as a proposal with its reason, and stay
//! one until a person writes the reply.

mod check;
mod fact;
mod lines;
mod shared;

use shirube_catalog::{Certainty, Relation, checklist_rules, shelf};

use crate::conformity::{Conformity, ControlStatus};
use crate::finding::{File, Finding, Findings};
use crate::risk::Assessment;
use crate::service::ServiceFiles;
use crate::stated::{ChecklistKind, ChecklistReply, ChecklistSheet, ChecklistState, ChecklistsFile, Said};

pub use lines::Asked;

/// A sheet with all its items.
#[derive(Debug)]
pub struct Checklist<'a> {
    pub sheet: &'a ChecklistSheet,
    pub lines: Vec<Line<'a>>,
}

/// An item of a sheet.
#[derive(Debug)]
pub struct Line<'a> {
    pub asked: Asked<'a>,
    pub reply: Option<&'a ChecklistReply>,
    /// What the facts say while nobody answered.
    pub proposal: Proposal,
}

/// Facts that say something to an item, and what follows from them.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Proposal {
    /// Sentences, each with where the fact stands.
    pub facts: Vec<String>,
    /// What the reply would be; `None` where the facts do not settle it.
    pub state: Option<ChecklistState>,
    /// Of the table that joins facts and item.
    pub certainty: Option<Certainty>,
}

/// How many items of a sheet have each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub items: usize,
    pub done: usize,
    pub not_done: usize,
    pub not_applicable: usize,
    pub open: usize,
}

impl Line<'_> {
    pub fn said(&self) -> Said<'_> {
        self.reply.map_or(Said::Open, ChecklistReply::said)
    }

    pub fn is_open(&self) -> bool {
        matches!(self.said(), Said::Open)
    }
}

impl Tally {
    pub fn of<'l, 'a: 'l>(lines: impl IntoIterator<Item = &'l Line<'a>>) -> Self {
        let mut tally = Self::default();
        for line in lines {
            tally.items += 1;
            match line.said() {
                Said::Open => tally.open += 1,
                Said::Done { .. } => tally.done += 1,
                Said::NotDone { .. } => tally.not_done += 1,
                Said::NotApplicable { .. } => tally.not_applicable += 1,
            }
        }
        tally
    }
}

impl Checklist<'_> {
    pub fn kind(&self) -> ChecklistKind {
        self.sheet.list
    }

    pub fn tally(&self) -> Tally {
        Tally::of(&self.lines)
    }

    /// Whether nothing is open and somebody stands behind it.
    pub fn is_complete(&self) -> bool {
        let signed = self.sheet.confirmed_by.as_ref().is_some_and(|name| !name.trim().is_empty());
        signed && self.sheet.confirmed_on.is_some() && self.lines.iter().all(|line| !line.is_open())
    }
}

/// Numbers and texts of all that the sheets of a file ask, each once.
pub fn items(file: &ChecklistsFile) -> Vec<(String, String)> {
    let mut items: Vec<(String, String)> = Vec::new();
    for asked in file.sheets.iter().flat_map(|sheet| lines::asked(file, sheet)) {
        if !items.iter().any(|(known, _)| *known == asked.id()) {
            items.push((asked.id(), asked.text().replace('\n', " ")));
        }
    }
    items
}

/// Works out every sheet of the file, and tells what stands against it.
///
/// The shelf of editions is read only for a file that has sheets.
pub(crate) fn checklists<'a>(
    files: &'a ServiceFiles,
    assessment: &Assessment,
    conformity: &Conformity,
    findings: &mut Vec<Finding>,
) -> Vec<Checklist<'a>> {
    let file = &files.checklists;
    let mut at = Findings { file: File::Checklists, list: findings };
    let facts = fact::Facts { files, assessment, conformity };
    let made: Vec<Checklist> = file.sheets.iter().map(|sheet| checklist(files, sheet, &facts)).collect();
    check::check(files, &made, &mut at);
    shared::check(file, &made, &facts, &mut at);
    made
}

fn checklist<'a>(files: &'a ServiceFiles, sheet: &'a ChecklistSheet, facts: &fact::Facts) -> Checklist<'a> {
    let file = &files.checklists;
    let lines = lines::asked(file, sheet).into_iter().map(|asked| {
        let reply = file.replies.iter().find(|reply| reply.sheet == sheet.id && reply.item == asked.id());
        let open = reply.is_none_or(|reply| reply.state.is_none());
        let proposal = if open { propose(sheet.list, &asked, facts) } else { Proposal::default() };
        Line { asked, reply, proposal }
    });
    Checklist { sheet, lines: lines.collect() }
}

/// What the facts say to an item.
fn propose(kind: ChecklistKind, asked: &Asked, facts: &fact::Facts) -> Proposal {
    if matches!(asked, Asked::Own(_)) {
        return Proposal::default();
    }
    let mut proposal = match kind {
        ChecklistKind::MhlwThird => from_crosswalk(&asked.id(), facts),
        _ => Proposal::default(),
    };
    for rule in checklist_rules().of(&format!("{}/{}", kind.token(), asked.id())) {
        proposal.facts.extend(rule.facts.iter().flat_map(|name| facts.told(name)));
        proposal.facts.extend(rule.controls.iter().map(|id| facts.control(*id)));
        proposal.certainty = Some(rule.certainty.min(proposal.certainty.unwrap_or(Certainty::Seen)));
        let covered = rule.relation == Relation::Subset && rule.controls.iter().all(|id| facts.is_met(*id));
        proposal.state = covered.then_some(ChecklistState::Done).or(proposal.state);
    }
    proposal
}

/// The third edition's checklist has a crosswalk of its own to 別紙2.
fn from_crosswalk(item: &str, facts: &fact::Facts) -> Proposal {
    let walk = shelf().crosswalks().iter().find(|walk| walk.from == "mhlw-3.0" && walk.to == "pg-1.0");
    let links = walk.into_iter().flat_map(|walk| &walk.links).filter(|link| link.source == item);
    let mut proposal = Proposal::default();
    for link in links {
        let Ok(id) = link.target.parse() else { continue };
        proposal.facts.push(facts.control(id));
        proposal.certainty = Some(link.certainty.min(proposal.certainty.unwrap_or(Certainty::Seen)));
        let covers = matches!(link.relation, Relation::Equal | Relation::Equivalent | Relation::Subset);
        if covers && facts.is_met(id) {
            proposal.state = Some(ChecklistState::Done);
        }
    }
    proposal
}

/// Whether an answer to a control stands: met, and somebody decided.
fn stands(conformity: &Conformity, id: shirube_catalog::ControlId) -> bool {
    let answered = conformity.answer(id);
    answered.is_some_and(|answered| answered.status() == ControlStatus::Met && !answered.is_unsigned())
}
