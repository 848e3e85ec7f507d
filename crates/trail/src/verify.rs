//! Whether a chain is whole.

use std::fmt;

use crate::chain::seal;
use crate::{Head, Sealed};

/// A chain that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Where it ends.
    pub head: Head,
    /// Times of the first and the last entry; none in an empty chain.
    pub span: Option<(String, String)>,
}

/// A place where the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Line of the file, from 1; 0 for the chain as a whole.
    pub line: usize,
    pub kind: BreakKind,
}

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BreakKind {
    /// The line is no sealed entry.
    Unreadable,
    /// Text or digest was changed, or the entry before is another one.
    Seal,
    /// The numbers have a gap, or an entry stands in another place.
    Number { expected: u64, found: u64 },
    /// The time lies before that of the entry above.
    Time { above: String, found: String },
    /// The chain ends before the entry whose digest was kept, or that entry is another one now.
    Head(Head),
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}行目: ", self.line)?;
        }
        match &self.kind {
            BreakKind::Unreadable => f.write_str("記録として読めません。1行に1件、entryとdigestを持つJSONのはずです。"),
            BreakKind::Seal => {
                f.write_str("ダイジェストが合いません。この記録か、一つ前の記録が、書かれた後に変わっています。")
            }
            BreakKind::Number { expected, found } => {
                write!(f, "番号が{expected}のはずのところに{found}があります。記録が抜けたか、並びが変わっています。")
            }
            BreakKind::Time { above, found } => {
                write!(f, "時刻{found}が、一つ前の記録の時刻{above}より前です。時計か並びを確かめてください。")
            }
            BreakKind::Head(head) => write!(
                f,
                "控えておいた{}件目の記録（{}）が、この中にありません。終わりが切り取られたか、書き換えられています。",
                head.number, head.digest
            ),
        }
    }
}

/// Checks a chain from its first entry on, one line of JSON each, and that each of `kept` is in it.
///
/// All breaks are found at once: after a broken seal the check goes on from the digest that is written.
pub fn verify<'a>(lines: impl IntoIterator<Item = &'a str>, kept: &[Head]) -> Result<Verified, Vec<Break>> {
    let mut walk = Walk::new(kept);
    lines.into_iter().for_each(|line| walk.step(line));
    walk.end()
}

/// The check of [`verify`] line by line, for chains that do not fit into memory.
#[derive(Debug)]
pub struct Walk {
    line: usize,
    head: Head,
    span: Option<(String, String)>,
    missing: Vec<Head>,
    breaks: Vec<Break>,
}

impl Walk {
    /// A check that has seen nothing yet.
    pub fn new(kept: &[Head]) -> Self {
        let mut missing = kept.to_vec();
        missing.retain(|head| *head != Head::EMPTY);
        Self { line: 0, head: Head::EMPTY, span: None, missing, breaks: Vec::new() }
    }

    /// Checks the next line.
    pub fn step(&mut self, text: &str) {
        self.line += 1;
        let line = self.line;
        let read = serde_json::from_str::<Sealed>(text).ok();
        let Some((sealed, entry)) = read.and_then(|sealed| sealed.entry().ok().map(|entry| (sealed, entry))) else {
            self.breaks.push(Break { line, kind: BreakKind::Unreadable });
            return;
        };
        let mut report = |kind| self.breaks.push(Break { line, kind });
        if sealed.digest != seal(self.head.digest, &sealed.entry) {
            report(BreakKind::Seal);
        }
        if entry.number != self.head.number + 1 {
            report(BreakKind::Number { expected: self.head.number + 1, found: entry.number });
        }
        // RFC 3339 in UTC with the same number of digits sorts as text.
        if let Some((_, above)) = self.span.as_ref().filter(|(_, above)| *above > entry.at) {
            report(BreakKind::Time { above: above.clone(), found: entry.at.clone() });
        }
        self.head = Head { number: entry.number, digest: sealed.digest };
        self.missing.retain(|head| *head != self.head);
        self.span = match self.span.take() {
            None => Some((entry.at.clone(), entry.at)),
            Some((first, _)) => Some((first, entry.at)),
        };
    }

    /// What was found, once there are no more lines.
    pub fn end(mut self) -> Result<Verified, Vec<Break>> {
        self.breaks.extend(self.missing.iter().map(|head| Break { line: 0, kind: BreakKind::Head(*head) }));
        if self.breaks.is_empty() { Ok(Verified { head: self.head, span: self.span }) } else { Err(self.breaks) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, Entry, Origin};

    fn entry(at: u64) -> Entry {
        Entry {
            number: 0,
            at: format!("2026-11-22T00:00:{at:02}.000Z"),
            actor: "p-1".into(),
            origin: Origin::Browser("192.0.2.7".into()),
            action: "answer.changed".into(),
            object: format!("service/s-1/answer/{at}"),
            before: None,
            after: Some(Digest::of(&[at as u8])),
            note: "点検の結果を書いた。".into(),
        }
    }

    fn chain(length: u64) -> (Vec<String>, Vec<Head>) {
        let (mut lines, mut heads) = (Vec::new(), vec![Head::EMPTY]);
        for at in 1..=length {
            let sealed = Sealed::after(heads[heads.len() - 1], entry(at));
            heads.push(sealed.head(at));
            lines.push(serde_json::to_string(&sealed).unwrap());
        }
        (lines, heads)
    }

    fn breaks(lines: &[String], kept: &[Head]) -> Vec<Break> {
        verify(lines.iter().map(String::as_str), kept).err().unwrap_or_default()
    }

    #[test]
    fn a_whole_chain_holds_and_says_where_it_ends() {
        let (lines, heads) = chain(9);
        let verified = verify(lines.iter().map(String::as_str), &heads).unwrap();
        assert_eq!(verified.head, heads[9]);
        assert_eq!(verified.span.unwrap().1, "2026-11-22T00:00:09.000Z");
        assert_eq!(verify([], &[]).unwrap(), Verified { head: Head::EMPTY, span: None });
    }

    /// EVID-004: a changed, lost, doubled or moved entry shows, wherever it stands.
    #[test]
    fn every_single_change_shows() {
        let (lines, heads) = chain(9);
        for at in 0..9 {
            let with = |change: &dyn Fn(&mut Vec<String>)| {
                let mut changed = lines.clone();
                change(&mut changed);
                breaks(&changed, &heads[9..])
            };
            assert!(!with(&|lines| lines[at] = lines[at].replace("点検", "検査")).is_empty(), "text {at}");
            assert!(!with(&|lines| drop(lines.remove(at))).is_empty(), "lost {at}");
            assert!(!with(&|lines| lines.insert(at, lines[at].clone())).is_empty(), "doubled {at}");
            if at > 0 {
                assert!(!with(&|lines| lines.swap(at - 1, at)).is_empty(), "moved {at}");
            }
        }
    }

    #[test]
    fn an_end_that_was_cut_off_shows_only_beside_a_head_kept_outside() {
        let (lines, heads) = chain(9);
        assert_eq!(breaks(&lines[..7], &[]), []);
        assert_eq!(breaks(&lines[..7], &heads[9..]), [Break { line: 0, kind: BreakKind::Head(heads[9]) }]);
    }

    #[test]
    fn a_chain_forged_anew_from_a_place_on_shows_beside_a_head_kept_outside() {
        let (_, heads) = chain(9);
        let mut head = heads[4];
        let (mut lines, _) = chain(4);
        for at in 5..=9 {
            let sealed = Sealed::after(head, Entry { note: "書き換え".into(), ..entry(at) });
            head = sealed.head(at);
            lines.push(serde_json::to_string(&sealed).unwrap());
        }
        assert_eq!(breaks(&lines, &[]), []);
        assert_eq!(breaks(&lines, &heads[9..]).len(), 1);
    }

    #[test]
    fn all_breaks_are_told_at_once_with_their_lines() {
        let (mut lines, _) = chain(9);
        lines[2] = lines[2].replace("点検", "検査");
        lines[5] = "{}".into();
        let told: Vec<(usize, BreakKind)> = breaks(&lines, &[]).into_iter().map(|b| (b.line, b.kind)).collect();
        assert_eq!(
            told,
            [
                (3, BreakKind::Seal),
                (6, BreakKind::Unreadable),
                (7, BreakKind::Seal),
                (7, BreakKind::Number { expected: 6, found: 7 })
            ]
        );
    }

    #[test]
    fn a_clock_that_went_back_shows() {
        let first = Sealed::after(Head::EMPTY, entry(5));
        let second = Sealed::after(first.head(1), entry(4));
        let lines = [first, second].map(|sealed| serde_json::to_string(&sealed).unwrap());
        assert!(matches!(breaks(&lines, &[])[..], [Break { line: 2, kind: BreakKind::Time { .. } }]));
    }
}
