//! What stands against the clauses that people wrote themselves, told where they wrote it.

use shirube_outline::{ChangeMistake, Composed, Mistake, Spot, judge, outlines};
use shirube_safety::stated::{ClauseChange, ClauseChangeKind};
use shirube_safety::{File, Finding, Place, Service, ServiceFiles, Severity};

use super::{Deliverable, composed, facts, outline, settings};

/// A service with everything to tell of it, also of clauses people wrote themselves.
pub fn judged(files: &ServiceFiles) -> Service<'_> {
    let mut service = Service::new(files);
    let of_clauses = findings(&service);
    service.findings.extend(of_clauses);
    service.findings.sort_by_key(|finding| finding.place.file);
    service
}

/// Changes to the clauses of one document, and where they are written.
struct Written<'a> {
    deliverable: Deliverable,
    file: File,
    /// Place of the list in the file.
    pointer: &'static str,
    changes: &'a [ClauseChange],
}

fn written<'a>(service: &Service<'a>) -> Vec<Written<'a>> {
    let sla = &service.files.sla.clauses;
    let all = [Written { deliverable: Deliverable::Sla, file: File::Sla, pointer: "/clauses", changes: sla }];
    all.into_iter().filter(|written| !written.changes.is_empty()).collect()
}

fn findings(service: &Service) -> Vec<Finding> {
    written(service).iter().flat_map(|written| of(service, written)).collect()
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

fn finding(written: &Written, severity: Severity, rule: &'static str, below: &str, message: String) -> Finding {
    let advice = match rule {
        "clause-changed" => "読み比べて、よければ「見たひな型の指紋」を新しくしてください。",
        _ => "直すまで、この文書は作れません。",
    };
    Finding {
        severity,
        rule,
        place: Place::new(written.file, format!("{}{below}", written.pointer)),
        message,
        advice: advice.to_owned(),
    }
}

fn wrong(written: &Written, mistake: &ChangeMistake) -> Finding {
    let (at, title) = (mistake.change, written.deliverable.title());
    let (below, what) = match mistake.spot {
        Spot::Clause => (format!("/{at}/clause"), "条項の変更".to_owned()),
        Spot::Id => (format!("/{at}/id"), "加える条項の名前".to_owned()),
        Spot::Title => (format!("/{at}/title"), "条項の題".to_owned()),
        Spot::Text(text) => (format!("/{at}/text/{text}"), format!("条項の文（{}番目）", text + 1)),
    };
    let message = format!("{title}の{}番目の変更: {what}に誤りがあります。{}", at + 1, mistake.message);
    finding(written, Severity::Error, "clause-mistake", &below, message)
}

/// The document cannot be made although each change reads well: one takes away what another needs.
fn refused(written: &Written, mistake: &Mistake) -> Finding {
    let named = |change: &ClauseChange| {
        let own = change.id.as_deref().unwrap_or(&change.clause);
        let dropped = change.change == ClauseChangeKind::Drop;
        mistake.place == own || dropped && mistake.message.contains(&format!("「{}」", change.clause))
    };
    let below = written.changes.iter().position(named).map(|at| format!("/{at}/clause")).unwrap_or_default();
    let message = format!("{}の条項「{}」: {}", written.deliverable.title(), mistake.place, mistake.message);
    finding(written, Severity::Error, "clause-mistake", &below, message)
}

fn differing(written: &Written, composed: &Composed) -> Vec<Finding> {
    let finding = |difference: &shirube_outline::Difference| {
        let at = written.changes.iter().position(|change| change.clause == difference.clause)?;
        let message = format!(
            "{}の置き換えた条項「{}」は、ひな型の文が変わっています（今の指紋: {}）。",
            written.deliverable.title(),
            difference.title,
            difference.fingerprint
        );
        Some(finding(written, Severity::Warning, "clause-changed", &format!("/{at}/clause"), message))
    };
    composed.differences.iter().filter_map(finding).collect()
}
