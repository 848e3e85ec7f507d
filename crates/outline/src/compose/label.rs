//! Numbers of clauses, and the places that refer to them.

use super::{CLOSE, OPEN, Work};
use crate::composed::{Clause, Piece};
use crate::mistake::Mistake;
use crate::number::{self, Counter, Numbered};
use crate::outline::Style;

/// Stand as the reference of a clause until it is numbered: it was put in, or has a number of its own.
pub(super) const INSERTED: &str = "\u{E002}";
pub(super) const FIXED: &str = "\u{E003}";

/// A clause with a number of its own, or without any: others then call it by its title.
fn fixed(style: Style, clause: &Clause, depth: usize, above: &str) -> Numbered {
    let reference = match clause.label.as_str() {
        "" => format!("「{}」", clause.title),
        label if depth == 1 || style == Style::Rules => label.to_owned(),
        label => format!("{above}{label}"),
    };
    Numbered { label: clause.label.clone(), reference }
}

impl Work<'_> {
    /// `別紙1`; what stands below is numbered as in a chapter.
    pub(super) fn number_annexes(&mut self, annexes: &mut [Clause]) {
        for (at, annex) in annexes.iter_mut().enumerate() {
            annex.label = format!("別紙{}", at + 1);
            annex.reference.clone_from(&annex.label);
            self.references.insert(annex.id.clone(), annex.label.clone());
            self.number(&mut annex.clauses, 2, &annex.label);
        }
    }

    pub(super) fn number(&mut self, clauses: &mut [Clause], depth: usize, above: &str) {
        self.number_with(clauses, depth, above, &mut Counter::default());
    }

    pub(super) fn number_with(&mut self, clauses: &mut [Clause], depth: usize, above: &str, counter: &mut Counter) {
        // Articles count through all chapters of the document.
        let mut articles = Counter::default();
        for clause in clauses {
            let numbered = if clause.reference == FIXED {
                fixed(self.style, clause, depth, above)
            } else {
                number::clause(self.style, depth, counter.next(clause.reference == INSERTED), above)
            };
            clause.label = numbered.label;
            clause.reference.clone_from(&numbered.reference);
            self.references.insert(clause.id.clone(), numbered.reference.clone());
            let above = numbered.reference;
            match (self.style, depth) {
                (Style::Rules, 1) => self.number_with(&mut clause.clauses, 2, &above, &mut articles),
                (Style::Rules, 2) => {
                    let mut counter = Counter::default();
                    for piece in &mut clause.body {
                        if let Piece::Paragraph { label, .. } = piece {
                            *label = number::clause(Style::Rules, 3, counter.next(false), "").label;
                        }
                    }
                    self.number_with(&mut clause.clauses, 3, &above, &mut counter);
                }
                _ => self.number(&mut clause.clauses, depth + 1, &above),
            }
        }
    }

    pub(super) fn resolve(&mut self, clauses: &mut [Clause]) {
        for clause in clauses {
            self.resolve_text(&clause.id, &mut clause.title);
            for piece in &mut clause.body {
                self.resolve_piece(&clause.id, piece);
            }
            self.resolve(&mut clause.clauses);
        }
    }

    pub(super) fn resolve_piece(&mut self, place: &str, piece: &mut Piece) {
        match piece {
            Piece::Paragraph { text, .. }
            | Piece::Item { text, .. }
            | Piece::Remark(text)
            | Piece::Aligned { text, .. } => self.resolve_text(place, text),
            Piece::Table { caption, head, rows, .. } => {
                self.resolve_text(place, caption);
                head.iter_mut().chain(rows.iter_mut().flatten()).for_each(|cell| self.resolve_text(place, cell));
            }
        }
    }

    pub(super) fn resolve_text(&mut self, place: &str, text: &mut String) {
        while let Some(start) = text.find(OPEN) {
            let end = text[start..].find(CLOSE).map_or(text.len(), |end| start + end);
            let clause = text[start + OPEN.len_utf8()..end].to_owned();
            let number = self.references.get(&clause).cloned();
            if number.is_none() {
                let message = format!("「{clause}」を引いていますが、その条項には文がありません。");
                self.mistakes.push(Mistake::new(place, message));
            }
            text.replace_range(start..(end + CLOSE.len_utf8()).min(text.len()), &number.unwrap_or_default());
        }
    }
}
