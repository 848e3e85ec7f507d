//! The clauses of a document by the names that changes to them use.

use shirube_outline::{Part, fingerprint, outlines};

use super::{Deliverable, outline};

/// A clause of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseName {
    pub id: String,
    /// As the outline has it; facts may stand in it as `{{ … }}`.
    pub title: String,
    /// 0 for a chapter or an annex.
    pub depth: usize,
    /// Whether a contract may do without.
    pub optional: bool,
    /// Stands for its wording; see [`shirube_outline::fingerprint`].
    pub fingerprint: String,
}

/// Every clause of a document, annexes last; nothing for a document that is not made of clauses.
pub fn clause_names(deliverable: Deliverable) -> Vec<ClauseName> {
    let Some(outline) = outline(deliverable).and_then(|name| outlines().get(name)) else { return Vec::new() };
    let mut all = Vec::new();
    gather(&outline.parts, 0, &mut all);
    gather(&outline.annexes, 0, &mut all);
    all
}

fn gather(parts: &[Part], depth: usize, all: &mut Vec<ClauseName>) {
    for part in parts {
        all.push(ClauseName {
            id: part.id.clone(),
            title: part.title.clone(),
            depth,
            optional: part.optional,
            fingerprint: fingerprint(part),
        });
        gather(&part.parts, depth + 1, all);
    }
}
