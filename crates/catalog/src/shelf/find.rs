//! Full-text search over every edition: folded spellings, ranked.

use std::sync::LazyLock;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

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
    catalog: &'a Catalog,
    entry: &'a Entry,
    id: String,
    title: String,
    text: String,
}

static INDEX: LazyLock<Vec<Folded<'static>>> = LazyLock::new(|| index(shelf()));

fn index(shelf: &Shelf) -> Vec<Folded<'_>> {
    fn folded<'a>(catalog: &'a Catalog, entry: &'a Entry) -> Folded<'a> {
        Folded {
            catalog,
            entry,
            id: fold(&format!("{}/{}", catalog.edition.id, entry.id)),
            title: fold(&[&*entry.part, &*entry.chapter_title, &*entry.section_title, &*entry.title].join("\n")),
            text: fold(&[&*entry.text, &*entry.technical, &*entry.operational, &*entry.sample_rule].join("\n")),
        }
    }
    let mut all = Vec::new();
    for catalog in &shelf.catalogs {
        // Words borrowed from another edition are found there.
        all.extend(
            catalog.entries.iter().filter(|entry| entry.text_from.is_empty()).map(|entry| folded(catalog, entry)),
        );
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
    let whole_id = entry.id.ends_with(word) && entry.id[..entry.id.len() - word.len()].ends_with('/');
    let in_id = u32::from(whole_id) * 100 + u32::from(entry.id.contains(word)) * 20;
    let in_title = u32::from(entry.title.contains(word)) * 10;
    let in_text = entry.text.matches(word).take(5).count() as u32;
    let sum = in_id + in_title + in_text;
    (sum > 0).then_some(sum)
}

/// One spelling for all: NFKC, lower case, hiragana, forms of today, no middle dots.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        match plain(character) {
            Some(character) => fold_one(character, &mut folded),
            // What needs the tables of Unicode may change its neighbours too: the whole text is read again.
            None => {
                folded.clear();
                text.nfkc().for_each(|character| fold_one(character, &mut folded));
                return folded;
            }
        }
    }
    folded
}

/// NFKC of the characters nearly all texts consist of, none of which combines with another. To ask the tables of
/// Unicode for each would take ten times as long.
fn plain(character: char) -> Option<char> {
    match character {
        '\0'..='\u{7f}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '・' | 'ー' | '、'..='】' | '一'..='鿿' => {
            Some(character)
        }
        '\u{3000}' => Some(' '),
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0),
        _ => None,
    }
}

fn fold_one(character: char, folded: &mut String) {
    match character {
        '・' => {}
        'ァ'..='ヶ' => folded.extend(char::from_u32(character as u32 - 0x60)),
        '\0'..='\u{7f}' => folded.push(character.to_ascii_lowercase()),
        'ぁ'..='ゖ' => folded.push(character),
        '一'..='鿿' => folded.push(form_of_today(character)),
        _ => folded.extend(character.to_lowercase().map(form_of_today)),
    }
}

/// The form of today for old forms of characters that laws and names still use.
fn form_of_today(character: char) -> char {
    match character {
        '齋' => '斎',
        '齊' => '斉',
        '髙' => '高',
        '﨑' => '崎',
        '澤' => '沢',
        '濱' => '浜',
        '邊' | '邉' => '辺',
        '國' => '国',
        '學' => '学',
        '醫' => '医',
        '藥' => '薬',
        '體' => '体',
        '證' => '証',
        '總' => '総',
        '關' => '関',
        '續' => '続',
        '變' => '変',
        '檢' => '検',
        '舊' => '旧',
        '號' => '号',
        '據' => '拠',
        '應' => '応',
        '對' => '対',
        other => other,
    }
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

    #[test]
    fn plain_characters_are_those_that_nfkc_leaves_alone_or_makes_narrow() {
        for character in '\0'..=char::MAX {
            if let Some(short) = plain(character) {
                assert!(character.nfkc().eq([short]), "{character:?}");
            }
        }
        let composed = |text: &str| text.nfkc().collect::<String>();
        assert_eq!(fold("か\u{3099}"), fold(&composed("か\u{3099}")), "a mark that combines with the kana before it");
    }
}
