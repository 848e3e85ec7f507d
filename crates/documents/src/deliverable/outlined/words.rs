//! The words of a document that want explaining, with what they mean.

use shirube_catalog::{Term, glossary};
use shirube_outline::{Composed, Piece};

use super::context::Word;

/// The words of the glossary that a document uses, in the order of the glossary.
pub fn used(document: &Composed) -> Vec<Word<'static>> {
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
    let found = found(text);
    let terms = glossary().terms.iter().filter(|term| found.contains(&term.id.as_str()));
    terms.map(|term| Word { term: &term.term, text: term.text.trim(), example: term.example.trim() }).collect()
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

/// Ids of the words that occur, longest spelling first: what a longer word contains is not meant by it.
fn found(mut text: String) -> Vec<&'static str> {
    let mut spellings: Vec<(&'static str, &'static Term)> =
        glossary().terms.iter().flat_map(|term| term.spellings().map(move |spelling| (spelling, term))).collect();
    spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.chars().count()));
    let mut found = Vec::new();
    for (spelling, term) in spellings {
        let places: Vec<usize> =
            text.match_indices(spelling).map(|(at, _)| at).filter(|at| is_word(&text, *at, spelling)).collect();
        if places.is_empty() {
            continue;
        }
        found.push(term.id.as_str());
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
