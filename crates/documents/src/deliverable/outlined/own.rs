//! What stands against the clauses that people wrote themselves, told where they wrote it.

use shirube_outline::{ChangeMistake, Composed, Mistake, Spot, judge, outlines};
use shirube_safety::stated::{ClauseChange, ClauseChangeKind};
use shirube_safety::{File, Finding, Place, Service, ServiceFiles, Severity};

use super::{Deliverable, composed, facts, is_outlined, outline, settings};
use crate::deliverable::house;

/// A service with everything to tell of it, also of clauses people wrote themselves.
pub fn judged(files: &ServiceFiles) -> Service<'_> {
    let mut service = Service::new(files);
    let of_look = house::findings(&service);
    let of_clauses = findings(&service);
    service.findings.extend(of_look);
    service.findings.extend(of_clauses);
    service.findings.sort_by_key(|finding| finding.place.file);
    service
}

/// Changes to the clauses of a document, and where they are written.
pub(super) struct List<'a> {
    file: File,
    /// Place of the list in the file.
    pointer: &'static str,
    pub changes: &'a [ClauseChange],
}

/// The lists that change the clauses of a document, in the order in which they are laid over its outline: what the
/// organisation writes everywhere, then what one contract says otherwise.
pub(super) fn lists(files: &ServiceFiles, deliverable: Deliverable) -> Vec<List<'_>> {
    let house = &files.house;
    let list = |file, pointer, changes| List { file, pointer, changes };
    let own = |pointer, changes| list(File::House, pointer, changes);
    match deliverable {
        Deliverable::Disclosure => vec![own("/disclosure", &house.disclosure)],
        Deliverable::Sla => vec![own("/sla", &house.sla), list(File::Sla, "/clauses", &files.sla.clauses)],
        Deliverable::OperatingRules => vec![own("/operating_rules", &house.operating_rules)],
        Deliverable::InstitutionRules => vec![own("/institution_rules", &house.institution_rules)],
        Deliverable::Letter => vec![own("/letter", &house.letter)],
        Deliverable::SummaryManagement => vec![own("/summary_management", &house.summary_management)],
        Deliverable::SummaryClinic => vec![own("/summary_clinic", &house.summary_clinic)],
        _ => Vec::new(),
    }
}

/// All changes to the clauses of one document.
struct Written<'a> {
    deliverable: Deliverable,
    lists: Vec<List<'a>>,
}

impl<'a> Written<'a> {
    /// Every change with the list it stands in and its place there, in the order of the overlay.
    fn changes(&self) -> impl Iterator<Item = (&List<'a>, usize, &'a ClauseChange)> {
        self.lists.iter().flat_map(|list| list.changes.iter().enumerate().map(move |(at, change)| (list, at, change)))
    }

    /// Where a change of the overlay is written: the list, and the place there.
    fn origin(&self, change: usize) -> (&List<'a>, usize) {
        let (list, at, _) = self.changes().nth(change).expect("the overlay was made from these lists");
        (list, at)
    }
}

fn findings(service: &Service) -> Vec<Finding> {
    let written = Deliverable::ALL
        .into_iter()
        .filter(|deliverable| is_outlined(*deliverable))
        .map(|deliverable| Written { deliverable, lists: lists(service.files, deliverable) });
    written.filter(|written| written.changes().next().is_some()).flat_map(|written| of(service, &written)).collect()
}

fn of(service: &Service, written: &Written) -> Vec<Finding> {
    let outline = outline(written.deliverable).and_then(|name| outlines().get(name)).expect("it is made of clauses");
    let overlay = settings(service, written.deliverable).overlay;
    let facts = facts(service, false, Vec::new());
    let mistakes = judge(outline, &overlay, &facts);
    if !mistakes.is_empty() {
        return mistakes.iter().map(|mistake| wrong(written, mistake)).collect();
    }
    match composed(service, written.deliverable, false) {
        Ok(composed) => differing(written, &composed),
        Err(mistakes) => mistakes.iter().map(|mistake| refused(written, mistake)).collect(),
    }
}

fn finding(list: &List, severity: Severity, rule: &'static str, below: &str, message: String) -> Finding {
    let advice = match rule {
        "clause-changed" => "読み比べて、よければ「見たひな型の指紋」を新しくしてください。",
        _ => "直すまで、この文書は作れません。",
    };
    Finding {
        severity,
        rule,
        place: Place::new(list.file, format!("{}{below}", list.pointer)),
        message,
        advice: advice.to_owned(),
    }
}

fn wrong(written: &Written, mistake: &ChangeMistake) -> Finding {
    let ((list, at), title) = (written.origin(mistake.change), written.deliverable.title());
    let (below, what) = match mistake.spot {
        Spot::Clause => (format!("/{at}/clause"), "条項の変更".to_owned()),
        Spot::Id => (format!("/{at}/id"), "加える条項の名前".to_owned()),
        Spot::Title => (format!("/{at}/title"), "条項の題".to_owned()),
        Spot::Text(text) => (format!("/{at}/text/{text}"), format!("条項の文（{}番目）", text + 1)),
    };
    let message = format!("{title}の{}番目の変更: {what}に誤りがあります。{}", at + 1, mistake.message);
    finding(list, Severity::Error, "clause-mistake", &below, message)
}

/// The document cannot be made although each change reads well: one takes away what another needs.
fn refused(written: &Written, mistake: &Mistake) -> Finding {
    let named = |change: &ClauseChange| {
        let own = change.id.as_deref().unwrap_or(&change.clause);
        let dropped = change.change == ClauseChangeKind::Drop;
        mistake.place == own || dropped && mistake.message.contains(&format!("「{}」", change.clause))
    };
    let found = written.changes().find(|(_, _, change)| named(change));
    let (list, below) = match found {
        Some((list, at, _)) => (list, format!("/{at}/clause")),
        None => (written.origin(0).0, String::new()),
    };
    let message = format!("{}の条項「{}」: {}", written.deliverable.title(), mistake.place, mistake.message);
    finding(list, Severity::Error, "clause-mistake", &below, message)
}

fn differing(written: &Written, composed: &Composed) -> Vec<Finding> {
    let told = |difference: &shirube_outline::Difference| {
        let (list, at) = written.origin(difference.change);
        let message = format!(
            "{}の置き換えた条項「{}」は、ひな型の文が変わっています（今の指紋: {}）。",
            written.deliverable.title(),
            difference.title,
            difference.fingerprint
        );
        finding(list, Severity::Warning, "clause-changed", &format!("/{at}/clause"), message)
    };
    composed.differences.iter().map(told).collect()
}
