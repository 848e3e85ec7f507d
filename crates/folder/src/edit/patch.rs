//! Pieces of a text that are replaced, and everything between them kept.

use super::layout::{line_end, line_start, next_line};

/// Replacements in a text, by byte.
#[derive(Debug, Default)]
pub(super) struct Patches(Vec<(usize, usize, String)>);

impl Patches {
    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.0.push((at, at, text.into()));
    }

    pub fn replace(&mut self, start: usize, end: usize, text: impl Into<String>) {
        self.0.push((start, end, text.into()));
    }

    /// Takes away the lines from that of `start` to that of `end`.
    pub fn remove_lines(&mut self, text: &str, start: usize, end: usize) {
        let (from, to) = (line_start(text, start), next_line(text, end));
        // Without a break at the end of the text, the break before goes with the last line.
        let from = if to == text.len() && !text.ends_with('\n') { break_before(text, from) } else { from };
        self.0.push((from, to, String::new()));
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes back what was added since there were `len`.
    pub fn split_off(&mut self, len: usize) -> Self {
        Self(self.0.split_off(len))
    }

    /// The part of the text with the replacements made; `None` if they contradict each other.
    pub fn applied(mut self, text: &str, from: usize, to: usize) -> Option<String> {
        // Stable: what is inserted at one place keeps its order and stands before what is replaced from there.
        self.0.sort_by_key(|(start, end, _)| (*start, *end != *start));
        let (mut made, mut at) = (String::with_capacity(to - from), from);
        let mut removing = false;
        for (start, end, new) in self.0 {
            let removes = new.is_empty() && end > start;
            if start < at && !(removes && removing) || end > to {
                return None;
            }
            made.push_str(text.get(at..start.max(at))?);
            made.push_str(&new);
            (at, removing) = (end.max(at), removes);
        }
        made.push_str(text.get(at..to)?);
        Some(made)
    }
}

/// End of the line before the one that starts at `start`; `start` itself at the beginning of the text.
pub(super) fn break_before(text: &str, start: usize) -> usize {
    match start.checked_sub(1) {
        Some(end) => line_end(text, line_start(text, end)),
        None => 0,
    }
}

/// Column of a position, 0 for the first.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

/// Whether only blanks stand before a position on its line.
pub(super) fn is_first_on_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].chars().all(|c| c == ' ')
}
