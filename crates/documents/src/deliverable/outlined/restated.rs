//! Which clauses read differently since an earlier state of the service, and which facts made them so.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use shirube_outline::{Clause, Composed, Mistake, Piece};
use shirube_safety::Service;

use super::super::restated::{How, Place};
use super::{Deliverable, composed, label, values};

/// More reasons than these say nothing more to anybody.
const REASONS: usize = 3;

/// The clauses of a document that read differently. The mistakes are those that keep it from being made.
pub fn clauses(before: &Service, after: &Service, deliverable: Deliverable) -> Result<Vec<Place>, Vec<Mistake>> {
    let (old, new) = (composed(before, deliverable, false)?, composed(after, deliverable, false)?);
    let (old_facts, new_facts) = (values(before), values(after));
    let because = |part: &Of| {
        let clause = part.booked(&new);
        let of = |composed: &Composed| -> BTreeSet<String> {
            let used = composed.used.iter().filter(|(_, clauses)| clauses.contains(clause));
            used.map(|(path, _)| path.clone()).collect()
        };
        let paths: BTreeSet<String> = of(&old).union(&of(&new)).cloned().collect();
        let reasons = paths.iter().filter_map(|path| reason(path, &old_facts, &new_facts));
        let mut reasons: Vec<String> = reasons.collect();
        reasons.dedup();
        reasons.truncate(REASONS);
        reasons
    };
    let (was, is) = (texts(&old), texts(&new));
    let mut places = Vec::new();
    for (id, now) in &is {
        let how = match was.iter().find(|(known, _)| known == id) {
            None => How::Added,
            Some((_, then)) if then.says != now.says => How::Changed,
            Some(_) => continue,
        };
        places.push(Place { place: now.place.clone(), how, because: because(id) });
    }
    let gone = was.iter().filter(|(id, _)| !is.iter().any(|(known, _)| known == id));
    places.extend(gone.map(|(id, then)| Place { place: then.place.clone(), how: How::Removed, because: because(id) }));
    Ok(places)
}

/// A part of a document. A clause may have the name of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Of {
    Preamble,
    Clause(String),
    Supplement,
    Closing,
}

impl Of {
    /// As the composer books what a part used.
    fn booked<'o>(&'o self, composed: &'o Composed) -> &'o str {
        match self {
            Self::Clause(id) => id,
            Self::Supplement => "supplement",
            Self::Preamble | Self::Closing => &composed.id,
        }
    }
}

/// What a clause says, without its number: numbers move when others come and go.
struct Says {
    place: String,
    says: Vec<String>,
}

fn texts(composed: &Composed) -> Vec<(Of, Says)> {
    let numbers: BTreeMap<&str, &str> =
        composed.walk().map(|clause| (clause.reference.as_str(), clause.id.as_str())).collect();
    let of = |clause: &Clause| {
        let titled = match (clause.reference.as_str(), clause.title.as_str()) {
            (reference, "") => reference.to_owned(),
            // A clause without a number is referred to by its title.
            (reference, title) if reference.contains(title) => title.to_owned(),
            (reference, title) => format!("{reference} {title}"),
        };
        let mut says = vec![clause.title.clone()];
        says.extend(clause.body.iter().map(|piece| unnumbered(said(piece), &numbers)));
        (Of::Clause(clause.id.clone()), Says { place: titled, says })
    };
    let around = |of: Of, place: &str, pieces: &[Piece]| {
        let says = pieces.iter().map(|piece| unnumbered(said(piece), &numbers)).collect();
        (of, Says { place: place.to_owned(), says })
    };
    let mut all = vec![around(Of::Preamble, "前文", &composed.preamble)];
    all.extend(composed.walk().map(of));
    all.push(around(Of::Supplement, "附則", &composed.supplement));
    all.push(around(Of::Closing, "末尾", &composed.closing));
    all
}

fn said(piece: &Piece) -> String {
    match piece {
        Piece::Paragraph { text, .. }
        | Piece::Item { text, .. }
        | Piece::Remark(text)
        | Piece::Aligned { text, .. } => text.clone(),
        Piece::Table { caption, head, rows, .. } => {
            let lines = std::iter::once(head).chain(rows).map(|row| row.join("｜"));
            std::iter::once(caption.clone()).chain(lines).collect::<Vec<_>>().join("\n")
        }
    }
}

/// A reference to another clause means the clause, whatever its number is today.
fn unnumbered(text: String, numbers: &BTreeMap<&str, &str>) -> String {
    let mut text = text;
    // Longer numbers first: 1.10 begins with 1.1.
    for (number, id) in numbers.iter().rev().filter(|(number, _)| number.chars().count() > 2) {
        if text.contains(number) {
            text = text.replace(number, &format!("<{id}>"));
        }
    }
    text
}

/// `平日の受付時間: 「9時から17時」から「8時から18時」に`.
fn reason(path: &str, before: &Json, after: &Json) -> Option<String> {
    if label::value(path, before) == label::value(path, after) {
        return None;
    }
    let facts = if label::value(path, after).is_some() { after } else { before };
    let name = label::label(path, facts);
    Some(match (label::said(path, before), label::said(path, after)) {
        (Some(old), Some(new)) if old != new => format!("{name}を「{old}」から「{new}」に改めたため"),
        _ => format!("{name}を改めたため"),
    })
}
