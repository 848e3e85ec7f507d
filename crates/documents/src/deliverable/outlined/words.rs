//! The words of a document that want explaining, with what they mean.

use shirube_catalog::glossary;
use shirube_outline::{Composed, Piece};
use shirube_safety::stated::HouseTerm;

use super::context::Word;

/// A word that can be explained.
struct Known<'t> {
    word: Word<'t>,
    spellings: Vec<&'t str>,
}

/// The words of the glossary, with those an organisation explains itself in their place or behind them.
fn known(own: &[HouseTerm]) -> Vec<Known<'_>> {
    fn of(term: &HouseTerm) -> Known<'_> {
        let example = term.example.as_deref().unwrap_or_default().trim();
        let spellings = std::iter::once(&term.term).chain(&term.also).map(|text| text.trim());
        Known {
            word: Word { term: term.term.trim(), text: term.text.trim(), example },
            spellings: spellings.filter(|text| !text.is_empty()).collect(),
        }
    }
    let mut rest: Vec<&HouseTerm> = own.iter().collect();
    let mut all = Vec::new();
    for term in &glossary().terms {
        let mut known = Known {
            word: Word { term: &term.term, text: term.text.trim(), example: term.example.trim() },
            spellings: term.spellings().collect(),
        };
        if let Some(at) = rest.iter().position(|own| own.term.trim() == term.term) {
            let other = of(rest.remove(at));
            known.word = other.word;
            known.spellings.extend(other.spellings);
        }
        all.push(known);
    }
    // A word of the organisation's own may be another spelling in the glossary.
    let own: Vec<Known> = rest.into_iter().map(of).collect();
    let claimed: Vec<&str> = own.iter().flat_map(|known| known.spellings.iter().copied()).collect();
    all.iter_mut().for_each(|known| known.spellings.retain(|spelling| !claimed.contains(spelling)));
    all.extend(own);
    all
}

/// The words that a document uses and that can be explained, in the order of the glossary; an organisation's `own` come
/// in the place of the glossary's, or behind them (GLOSS-002, GLOSS-006).
pub fn used<'t>(document: &Composed, own: &'t [HouseTerm]) -> Vec<Word<'t>> {
    let mut text = String::new();
    let mut add = |piece: &str| {
        text.push_str(piece);
        text.push('\n');
    };
    document
        .preamble
        .iter()
        .chain(&document.supplement)
        .chain(&document.closing)
        .for_each(|piece| said(piece, &mut add));
    for clause in document.walk() {
        add(&clause.title);
        clause.body.iter().for_each(|piece| said(piece, &mut add));
    }
    let known = known(own);
    let found = found(text, &known);
    known.into_iter().zip(found).filter_map(|(known, found)| found.then_some(known.word)).collect()
}

fn said(piece: &Piece, add: &mut impl FnMut(&str)) {
    match piece {
        Piece::Paragraph { text, .. }
        | Piece::Item { text, .. }
        | Piece::Remark(text)
        | Piece::Aligned { text, .. } => add(text),
        Piece::Table { caption, head, rows, .. } => {
            add(caption);
            head.iter().chain(rows.iter().flatten()).for_each(|cell| add(cell));
        }
    }
}

/// Which of the words occur, longest spelling first: what a longer word contains is not meant by it.
fn found(mut text: String, known: &[Known]) -> Vec<bool> {
    let mut spellings: Vec<(&str, usize)> = known
        .iter()
        .enumerate()
        .flat_map(|(at, known)| known.spellings.iter().map(move |spelling| (*spelling, at)))
        .collect();
    spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.chars().count()));
    let mut found = vec![false; known.len()];
    for (spelling, word) in spellings {
        let places: Vec<usize> =
            text.match_indices(spelling).map(|(at, _)| at).filter(|at| is_word(&text, *at, spelling)).collect();
        found[word] |= !places.is_empty();
        for at in places.into_iter().rev() {
            text.replace_range(at..at + spelling.len(), "\u{0}");
        }
    }
    found
}

/// Letters of the Latin alphabet and katakana run on: what stands inside of them is another word.
fn is_word(text: &str, at: usize, spelling: &str) -> bool {
    let same = |inner: Option<char>, outer: Option<char>| match (inner, outer) {
        (Some(inner), Some(outer)) => {
            let latin = inner.is_ascii_alphanumeric() && outer.is_ascii_alphanumeric();
            let katakana = |letter: char| ('ァ'..='ヺ').contains(&letter) || letter == 'ー';
            latin || katakana(inner) && katakana(outer)
        }
        _ => false,
    };
    let before = text[..at].chars().next_back();
    let behind = text[at + spelling.len()..].chars().next();
    !same(spelling.chars().next(), before) && !same(spelling.chars().next_back(), behind)
}
