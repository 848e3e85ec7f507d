//! Names of institutions that use a service, found in what one of them is shown (AUTHZ-002, AGREE-007).
//!
//! A baseline should name nobody, but a measure or a note may. Items lose the names in what people read and in what is
//! compared, so that a name that came or went re-opens nothing; their keys stay, since records name them.

use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;

use super::{ANY, Item};

/// The names, ready to be found.
#[derive(Debug, Clone)]
pub struct Others {
    found: AhoCorasick,
    names: Vec<String>,
}

/// What letters belong to one word with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Kanji,
    Hiragana,
    Katakana,
    Latin,
    Other,
}

impl Script {
    fn of(character: char) -> Self {
        match character {
            '々' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Self::Kanji,
            '\u{3041}'..='\u{309f}' => Self::Hiragana,
            '\u{30a1}'..='\u{30ff}' => Self::Katakana,
            _ if character.is_alphanumeric() => Self::Latin,
            _ => Self::Other,
        }
    }
}

impl Others {
    /// Names of institutions. `kept` are names that must stay what they are (companies, the service): a clinic may be
    /// called like the start of one. What is shorter than three letters is nobody's name.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>, kept: &[&str]) -> Self {
        let is_name = |name: &&str| {
            name.chars().count() > 2 && !ANY.contains(*name) && !kept.iter().any(|kept| kept.contains(*name))
        };
        let names: Vec<String> = names.into_iter().map(str::trim).filter(is_name).map(str::to_owned).collect();
        let found = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names);
        Self { found: found.expect("names of institutions are few enough"), names }
    }

    /// The first name in a text.
    pub fn find(&self, text: &str) -> Option<&str> {
        let found = self.found.find_iter(text).find(|found| stands_alone(text, found.start(), found.end()));
        found.map(|found| self.names[found.pattern().as_usize()].as_str())
    }

    /// A text without the names.
    pub fn replaced(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        self.found.replace_all_with(text, &mut written, |found, name, written| {
            written.push_str(if stands_alone(text, found.start(), found.end()) { ANY } else { name });
            true
        });
        written
    }

    /// Items without the names. Their keys stay: records name them.
    pub(super) fn out_of(&self, items: Vec<Item>) -> Vec<Item> {
        let clean = |mut item: Item| {
            item.title = self.replaced(&item.title);
            item.text = self.replaced(&item.text);
            self.clean(&mut item.facts);
            item
        };
        if self.names.is_empty() { items } else { items.into_iter().map(clean).collect() }
    }

    fn clean(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.replaced(text),
            Value::Array(list) => list.iter_mut().for_each(|inner| self.clean(inner)),
            Value::Object(object) => object.values_mut().for_each(|inner| self.clean(inner)),
            _ => {}
        }
    }
}

/// What follows a name.
const PARTICLES: &str = "のはがをにへとでもや";

/// What may stand before a name, besides a particle, and is no part of it.
const BEFORE: [&str; 6] = ["から", "まで", "より", "では", "でも", "との"];

/// Whether a name that follows hiragana begins there all the same: one of several scripts is hardly the end of another
/// word, and one in hiragana alone is none behind what may stand before a name.
fn begins(text: &str, start: usize, end: usize) -> bool {
    let is_hiragana = |character: char| Script::of(character) == Script::Hiragana;
    let name = &text[start..end];
    let before = &text[..start];
    let stands = |rest: Option<&str>| rest.is_some_and(|rest| !rest.ends_with(is_hiragana));
    let particle = stands(before.strip_suffix(|one: char| PARTICLES.contains(one)));
    let word = BEFORE.iter().any(|word| stands(before.strip_suffix(word)));
    name.starts_with(is_hiragana) && (!name.chars().all(is_hiragana) || particle || word)
}

/// Kinds of bodies whose names stand before that of the institution they run.
const BODIES: [&str; 5] = ["法人", "社団", "財団", "組合", "連合会"];

/// Whether what was found is a name and no part of a longer word: 「みなと」 is none in 「みなとみらい」, and 「青葉医院」
/// is one in 「青葉医院院長」.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    let (first, last) = (text[start..end].chars().next(), text[start..end].chars().next_back());
    let (Some(first), Some(last)) = (first.map(Script::of), last.map(Script::of)) else { return false };
    let joins = |beside: Option<char>, script| script != Script::Other && beside.map(Script::of) == Some(script);
    let of_body = first == Script::Kanji && BODIES.iter().any(|body| text[..start].ends_with(body));
    if joins(before, first) && !of_body && !begins(text, start, end) {
        return false;
    }
    match last {
        Script::Kanji | Script::Other => true,
        Script::Hiragana => after.is_none_or(|after| Script::of(after) != last || PARTICLES.contains(after)),
        Script::Katakana | Script::Latin => !joins(after, last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_are_names() {
        let others = Others::new(
            ["みなと", "青葉医院", "サーバ", "AB1", "湊", "港ソフト", "clinic", "あおば内科"],
            &["港ソフト株式会社"],
        );
        for (text, wanted) in [
            ("みなとの受付", "医療機関等の受付"),
            ("みなとみらい支店", "みなとみらい支店"),
            ("確認表（青葉医院）", "確認表（医療機関等）"),
            ("青葉医院院長", "医療機関等院長"),
            ("新青葉医院", "新青葉医院"),
            ("青葉医院とあおば内科", "医療機関等と医療機関等"),
            ("利用するあおば内科", "利用する医療機関等"),
            ("港湾とみなとの窓口", "港湾と医療機関等の窓口"),
            ("にぎわうみなとの窓口", "にぎわうみなとの窓口"),
            ("港からみなとへ", "港から医療機関等へ"),
            ("医療法人青葉医院", "医療法人医療機関等"),
            ("サーバの記録とサーバー室", "医療機関等の記録とサーバー室"),
            ("AB12とAB1", "AB12と医療機関等"),
            ("湊の窓口", "湊の窓口"),
            ("港ソフト株式会社", "港ソフト株式会社"),
            ("", ""),
        ] {
            assert_eq!(others.replaced(text), wanted);
            assert_eq!(others.find(text).is_some(), text != wanted, "{text}");
        }
    }
}
