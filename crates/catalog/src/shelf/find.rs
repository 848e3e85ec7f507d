//! Full-text search over every edition: folded spellings, ranked.

use std::sync::LazyLock;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::{Catalog, Entry, shelf};

/// An entry that holds every word searched for.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// With its edition.
    pub id: String,
    pub title: String,
    pub text: String,
    /// Higher stands first.
    pub score: u32,
}

/// What of one entry is searched, folded once.
struct Folded {
    catalog: &'static Catalog,
    entry: &'static Entry,
    id: String,
    title: String,
    text: String,
}

static INDEX: LazyLock<Vec<Folded>> = LazyLock::new(|| {
    let folded = |catalog: &'static Catalog, entry: &'static Entry| Folded {
        catalog,
        entry,
        id: fold(&format!("{}/{}", catalog.edition.id, entry.id)),
        title: fold(&[&*entry.part, &*entry.chapter_title, &*entry.section_title, &*entry.title].join("\n")),
        text: fold(&[&*entry.text, &*entry.technical, &*entry.operational, &*entry.sample_rule].join("\n")),
    };
    // Words borrowed from another edition are found there.
    let own = |entry: &&Entry| entry.text_from.is_empty();
    let of_catalog =
        |catalog: &'static Catalog| catalog.entries.iter().filter(own).map(move |entry| folded(catalog, entry));
    shelf().catalogs.iter().flat_map(of_catalog).collect()
});

/// Entries that hold all of `words`, the best first; the newest editions first among equals.
///
/// Case, the width of characters, katakana and hiragana, and old and new forms of characters do not matter.
pub fn find(words: &[String]) -> Vec<Found> {
    let words: Vec<String> =
        words.iter().flat_map(|text| text.split_whitespace()).map(fold).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u32, &Folded)> =
        INDEX.iter().filter_map(|entry| Some((score(entry, &words)?, entry))).collect();
    let newest = |entry: &Folded| (entry.catalog.edition.published.clone(), entry.catalog.edition.id.clone());
    found.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| newest(y).cmp(&newest(x))));
    let shown = found.into_iter().map(|(score, folded)| Found {
        id: format!("{}/{}", folded.catalog.edition.id, folded.entry.id),
        title: if folded.entry.title.is_empty() { &folded.entry.chapter_title } else { &folded.entry.title }.clone(),
        text: folded.entry.text.clone(),
        score,
    });
    shown.collect()
}

/// `None` if a word is nowhere. An id counts most, then a title, then how often the text says it.
fn score(entry: &Folded, words: &[String]) -> Option<u32> {
    words.iter().map(|word| of_word(entry, word)).sum()
}

fn of_word(entry: &Folded, word: &str) -> Option<u32> {
    let whole_id = entry.id.ends_with(word) && entry.id[..entry.id.len() - word.len()].ends_with('/');
    let in_id = u32::from(whole_id) * 100 + u32::from(entry.id.contains(word)) * 20;
    let in_title = u32::from(entry.title.contains(word)) * 10;
    let in_text = entry.text.matches(word).take(5).count() as u32;
    let sum = in_id + in_title + in_text;
    (sum > 0).then_some(sum)
}

/// Old forms of characters that laws and names still use, with the forms of today.
const FORMS: [(char, char); 24] = [
    ('齋', '斎'),
    ('齊', '斉'),
    ('髙', '高'),
    ('﨑', '崎'),
    ('澤', '沢'),
    ('濱', '浜'),
    ('邊', '辺'),
    ('邉', '辺'),
    ('國', '国'),
    ('學', '学'),
    ('醫', '医'),
    ('藥', '薬'),
    ('體', '体'),
    ('證', '証'),
    ('總', '総'),
    ('關', '関'),
    ('續', '続'),
    ('變', '変'),
    ('檢', '検'),
    ('舊', '旧'),
    ('號', '号'),
    ('據', '拠'),
    ('應', '応'),
    ('對', '対'),
];

/// One spelling for all: NFKC, lower case, hiragana, forms of today, no middle dots.
pub fn fold(text: &str) -> String {
    let one = |character: char| match character {
        'ァ'..='ヶ' => char::from_u32(character as u32 - 0x60).unwrap_or(character),
        other => FORMS.iter().find(|(old, _)| *old == other).map_or(other, |(_, new)| *new),
    };
    text.nfkc().flat_map(char::to_lowercase).map(one).filter(|c| !matches!(c, '・' | '\u{3000}')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet() {
        for (one, other) in [
            ("パスワード", "ぱすわーど"),
            ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
            ("ＴＬＳ", "tls"),
            ("齋藤", "斎藤"),
            ("⾼", "高"),
            ("アクセス・ログ", "アクセスログ"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
    }
}
