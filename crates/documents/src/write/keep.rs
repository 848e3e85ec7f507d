//! Words that should not be broken over two lines: numbers of risks and controls, names of people.
//!
//! No characters are put into the text for this, so that searching and copying give the plain words.

use super::measure;

/// Part of a text; `keep` says that no line should end inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'t> {
    pub text: &'t str,
    pub keep: bool,
}

/// Longest identifier kept together, in characters; longer ones are names of files and the like.
const ID_MAX: usize = 14;
/// Longest family or given name.
const NAME_MAX: usize = 4;

/// Cuts a text into parts; what is wider than `room` em is not kept together.
pub fn parts(text: &str, room: f64) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while at < text.len() {
        let begins = text[..at].chars().next_back();
        let length = id(&text[at..], begins).or_else(|| name(&text[at..], begins));
        match length.filter(|length| measure::width(&text[at..at + length]) <= room) {
            Some(length) => {
                if plain < at {
                    parts.push(Part { text: &text[plain..at], keep: false });
                }
                parts.push(Part { text: &text[at..at + length], keep: true });
                at += length;
                plain = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if plain < text.len() {
        parts.push(Part { text: &text[plain..], keep: false });
    }
    parts
}

/// Whether a text is nothing but one word to be kept together.
pub fn is_one(text: &str) -> bool {
    matches!(parts(text, f64::MAX).as_slice(), [Part { keep: true, .. }])
}

fn is_circled(character: char) -> bool {
    matches!(character, '①'..='⑳' | '㉑'..='㉟' | '㊱'..='㊿')
}

fn is_of_id(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.') || is_circled(character)
}

/// Length of `R-A54`, `T-P1`, `1.1③-8` and the like.
fn id(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(is_of_id) || !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    let word = &text[..text.find(|character| !is_of_id(character)).unwrap_or(text.len())];
    let word = word.trim_end_matches(['.', '-']);
    let numbered = word.contains(|character: char| character.is_ascii_digit());
    let joined = word.contains('-') || word.contains(is_circled);
    (numbered && joined && word.chars().count() <= ID_MAX).then_some(word.len())
}

fn is_han(character: char) -> bool {
    matches!(character, '々' | '〆' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Length of `灯台 花子`: two short words of Chinese characters with a space between. Of a chain of such words
/// (`技術部 主任 帆足 三郎`) the last two are the name.
fn name(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|character| is_han(character) || character.is_ascii_digit()) {
        return None;
    }
    let family = word(text)?;
    let space = text[family..].chars().next().filter(|character| matches!(character, ' ' | '　'))?.len_utf8();
    let given = word(&text[family + space..])?;
    let length = family + space + given;
    let mut after = text[length..].chars();
    let goes_on =
        after.next().is_some_and(|character| matches!(character, ' ' | '　')) && word(after.as_str()).is_some();
    (!goes_on).then_some(length)
}

/// Length of the word of Chinese characters a text begins with, if it is short enough for a name.
fn word(text: &str) -> Option<usize> {
    let length = text.find(|character| !is_han(character)).unwrap_or(text.len());
    (1..=NAME_MAX).contains(&text[..length].chars().count()).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Vec<&str> {
        let parts = parts(text, 20.0);
        assert_eq!(parts.iter().map(|part| part.text).collect::<String>(), text, "nothing is lost or added");
        parts.into_iter().filter(|part| part.keep).map(|part| part.text).collect()
    }

    #[test]
    fn numbers_and_names_stay_together() {
        for (text, expected) in [
            ("R-A54 アプリケーションが止まり", vec!["R-A54"]),
            ("別紙2 3.4①-1、1.1③-8。", vec!["3.4①-1", "1.1③-8"]),
            ("（T-P1、技術部 主任 帆足 三郎）", vec!["T-P1", "帆足 三郎"]),
            ("決定: 令和8年11月16日 標 一郎", vec!["標 一郎"]),
            ("担当: 灯台 花子が2026年4月1日に", vec!["灯台 花子"]),
            ("TLS 1.2 と ISO-8859 を A-Z で", vec!["ISO-8859"]),
            ("情報 セキュリティ 管理 -2+3", vec![]),
        ] {
            assert_eq!(kept(text), expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_kept() {
        assert_eq!(parts("R-A54", 1.0), [Part { text: "R-A54", keep: false }]);
        assert!(is_one("1.1③-8") && !is_one("R-A54、R-A55"));
    }
}
