//! Full-text search over every edition: folded spellings, ranked.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Serialize;

use super::fold::{ENTRY_END, Searched, TEXT_END, fold};
use super::{Catalog, Entry, Shelf, shelf};
use crate::Certainty;

/// An entry that holds every word searched for.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// With its edition.
    pub id: String,
    pub title: String,
    pub text: String,
    pub certainty: Certainty,
    /// That a user brought the entry; empty for what is embedded.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub added: String,
    /// Higher stands first.
    pub score: u32,
}

/// What of one entry is searched, folded once.
struct Folded<'a> {
    /// Id, titles and texts.
    texts: [Cow<'a, str>; 3],
    catalog: &'a Catalog,
    entry: &'a Entry,
}

/// The index of the embedded shelf, which was folded when the program was built.
static INDEX: LazyLock<Vec<Folded<'static>>> = LazyLock::new(|| {
    let packed = include_str!(concat!(env!("OUT_DIR"), "/index.txt")).split_terminator(ENTRY_END).map(|entry| {
        let mut texts = entry.splitn(3, TEXT_END);
        std::array::from_fn(|_| Cow::Borrowed(texts.next().unwrap_or_default()))
    });
    searched(shelf()).zip(packed).map(|((catalog, entry), texts)| Folded { texts, catalog, entry }).collect()
});

/// Every entry that is searched. Words borrowed from another edition are found there.
fn searched(shelf: &Shelf) -> impl Iterator<Item = (&Catalog, &Entry)> {
    shelf.catalogs.iter().flat_map(|catalog| {
        let entries = catalog.entries.iter().filter(|entry| entry.text_from.is_empty());
        entries.map(move |entry| (catalog, entry))
    })
}

fn index(shelf: &Shelf) -> Vec<Folded<'_>> {
    let mut all = Vec::new();
    for (catalog, entry) in searched(shelf) {
        let searched = Searched {
            edition: &catalog.edition.id,
            id: &entry.id,
            titles: [&entry.part, &entry.chapter_title, &entry.section_title, &entry.title],
            texts: [&entry.text, &entry.technical, &entry.operational, &entry.sample_rule],
        };
        all.push(Folded { texts: searched.folded().map(Cow::Owned), catalog, entry });
    }
    all
}

/// Entries that hold all of `words`, the best first; the newest editions first among equals.
///
/// Case, the width of characters, katakana and hiragana, and old and new forms of characters do not matter.
pub fn find(words: &[String]) -> Vec<Found> {
    ranked(&INDEX, words)
}

/// The same over a shelf that is not the embedded one.
pub fn find_on(shelf: &Shelf, words: &[String]) -> Vec<Found> {
    ranked(&index(shelf), words)
}

fn ranked(index: &[Folded], words: &[String]) -> Vec<Found> {
    let words: Vec<String> =
        words.iter().flat_map(|text| text.split_whitespace()).map(fold).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u32, &Folded)> =
        index.iter().filter_map(|entry| Some((score(entry, &words)?, entry))).collect();
    let newest = |entry: &Folded| (entry.catalog.edition.published.clone(), entry.catalog.edition.id.clone());
    found.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| newest(y).cmp(&newest(x))));
    let shown = found.into_iter().map(|(score, folded)| Found {
        id: format!("{}/{}", folded.catalog.edition.id, folded.entry.id),
        title: if folded.entry.title.is_empty() { &folded.entry.chapter_title } else { &folded.entry.title }.clone(),
        text: folded.entry.text.clone(),
        certainty: folded.entry.certainty,
        added: folded.entry.added.clone(),
        score,
    });
    shown.collect()
}

/// `None` if a word is nowhere. An id counts most, then a title, then how often the text says it.
fn score(entry: &Folded, words: &[String]) -> Option<u32> {
    words.iter().map(|word| of_word(entry, word)).sum()
}

fn of_word(entry: &Folded, word: &str) -> Option<u32> {
    let [id, title, text] = &entry.texts;
    let whole_id = id.strip_suffix(word).is_some_and(|before| before.ends_with('/'));
    let in_id = u32::from(whole_id) * 100 + u32::from(id.contains(word)) * 20;
    let in_title = u32::from(title.contains(word)) * 10;
    let in_text = text.matches(word).take(5).count() as u32;
    let sum = in_id + in_title + in_text;
    (sum > 0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_index_is_that_of_the_shelf() {
        let said = |index: &[Folded]| -> Vec<(String, [String; 3])> {
            index.iter().map(|one| (one.entry.id.clone(), one.texts.clone().map(Cow::into_owned))).collect()
        };
        assert_eq!(said(&INDEX), said(&index(shelf())));
    }
}
