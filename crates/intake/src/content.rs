//! Whether a text says what an item says, sentence by sentence, held against our own wording of it.
//!
//! Our wording shares no sentence with the original, but it speaks of the same things. A sentence that shares nothing
//! with it came from another cell; a sentence of ours that the text shares nothing with has been cut off.

use crate::fold::{self, Pairs};

/// Our wording of an item, whole and in sentences.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// All of it.
    pub whole: Pairs,
    pieces: Vec<Pairs>,
}

/// Below this share a sentence of the text is not of the item. Of 417 true texts one has such a sentence.
const FOREIGN: f32 = 0.3;
/// Below this share a sentence of ours has no counterpart in the text.
const CUT: f32 = 0.36;
/// Below this likeness the whole says nothing about which item it is. The least likeness of a true text is 0.38.
pub const TELLING: f32 = 0.35;
/// Shorter pieces share too little to tell.
const SHORT: usize = 10;

impl Wording {
    /// Cuts our wording into the parts that a full text must cover.
    pub fn of(text: &str) -> Self {
        let plain = fold::plain(text);
        let breaks = |c: char| c == '。' || c == '\n' || ('①'..='⑳').contains(&c);
        let pieces = plain.split(breaks).flat_map(numbered).filter(|piece| long(piece) && !names_items(piece));
        Self { whole: Pairs::of(text), pieces: pieces.map(Pairs::of).collect() }
    }

    /// What speaks against the text being this item's, and all of it.
    pub fn doubts(&self, text: &str) -> Vec<&'static str> {
        let mut doubts = Vec::new();
        if text.is_empty() || self.whole.is_empty() {
            return doubts;
        }
        let whole = Pairs::of(text);
        if whole.likeness(&self.whole) < TELLING {
            doubts.push("本文が目録の要旨と似ておらず、確かめられません");
        }
        if sentences(text).any(|sentence| Pairs::of(&sentence).covered_by(&self.whole) < FOREIGN) {
            doubts.push("本文に、この項目のものと思えない文が混じっています");
        }
        if self.pieces.iter().any(|piece| piece.covered_by(&whole) < CUT) {
            doubts.push("目録の要旨にあることの一部が本文に見当たらず、途中が切れているおそれがあります");
        }
        doubts
    }
}

/// Sentences and points of a list that are long enough to tell.
pub fn sentences(text: &str) -> impl Iterator<Item = String> {
    let plain = fold::plain(text).replace(" ・", "。").replace("\n", "。");
    plain.split('。').filter(|sentence| long(sentence)).map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn long(piece: &str) -> bool {
    fold::key(piece).chars().count() >= SHORT
}

/// `(1) … (2) …` parted at its numbers.
fn numbered(piece: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = piece;
    while let Some(at) = rest.match_indices('(').map(|(at, _)| at).find(|at| {
        let inside = rest[at + 1..].split_once(')').map_or("", |(inside, _)| inside);
        (1..=2).contains(&inside.len()) && inside.bytes().all(|b| b.is_ascii_digit())
    }) {
        parts.push(&rest[..at]);
        rest = &rest[at + 1..];
    }
    parts.push(rest);
    parts
}

/// `1.14から-6まで`: our way to point at other items differs from the original's.
fn names_items(piece: &str) -> bool {
    piece.chars().filter(char::is_ascii_digit).count() * 4 >= piece.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "鍵の貸出しは台帳に残す。貸し出す相手の氏名と所属を事前に確かめておく。";
    const THEIRS: &str =
        "鍵を貸し出したときは貸出しの台帳に残すこと。貸し出す相手については、氏名と所属を事前に確かめること。";

    #[test]
    fn a_full_text_passes() {
        assert!(Wording::of(OURS).doubts(THEIRS).is_empty());
    }

    #[test]
    fn foreign_and_missing_sentences_show() {
        let wording = Wording::of(OURS);
        let foreign = format!("{THEIRS}無線の電波は暗号で守り、端末を限って接続する。");
        assert!(wording.doubts(&foreign).iter().any(|doubt| doubt.contains("混じって")));
        let cut = &THEIRS[..THEIRS.find('。').unwrap() + '。'.len_utf8()];
        assert!(wording.doubts(cut).iter().any(|doubt| doubt.contains("切れて")));
        assert!(!wording.doubts("無線の電波は暗号で守り、端末を限って接続する。").is_empty());
    }

    #[test]
    fn numbered_points_count_one_by_one() {
        let wording = Wording::of("次を定める。(1) 鍵の貸出しと返却の記録、(2) 無線の電波の届く範囲の点検");
        assert!(wording.doubts("鍵の貸出しと返却の記録を定める。").iter().any(|doubt| doubt.contains("切れて")));
    }
}
