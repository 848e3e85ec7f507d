//! Passwords that everybody tries first, and what people make of them.
//!
//! `lists/common.bin` holds the words as the first bytes of their digests, sorted; `lists/make-common-passwords` says
//! where they come from. A password counts as one of them when a word is left after taking away what people add: signs
//! and digits around it, look-alikes in it (`p@ssw0rd`), the same word again.

use sha2::{Digest as _, Sha256};

use super::pattern::weight;

const LIST: &[u8] = include_bytes!("../../lists/common.bin");
const DIGEST_BYTES: usize = 5;
/// Shorter ones are not in the list.
const SHORTEST_WORD: usize = 4;
/// What is added around a word is taken for decoration up to this weight; more of it is a password by itself.
const DECORATION: usize = 5;
/// Bounds on the work; what is longer on either side is a password by itself.
const LONGEST_DECORATION: usize = 24;
/// Longer ones are not in the list, not even said twice.
const LONGEST_WORD: usize = 64;

/// Whether the folded password is a common one or a variation of one.
pub fn is_common(folded: &str) -> bool {
    let text: Vec<char> = folded.chars().collect();
    is_decorated_word(&text) || is_decorated_word(&text.iter().rev().copied().collect::<Vec<_>>())
}

fn is_decorated_word(text: &[char]) -> bool {
    let decoration = |text: &mut dyn Iterator<Item = &char>| {
        text.take(LONGEST_DECORATION).take_while(|character| !character.is_alphabetic()).count()
    };
    let before = decoration(&mut text.iter());
    let after = decoration(&mut text.iter().rev());
    let before: Vec<usize> = (0..=before).map(|end| weight(&text[..end])).collect();
    let after: Vec<usize> = (0..=after).map(|length| weight(&text[text.len() - length..])).collect();
    before.iter().enumerate().any(|(start, added)| {
        after.iter().enumerate().any(|(length, more)| {
            let word = text.get(start..text.len() - length).unwrap_or_default();
            added + more <= DECORATION && (SHORTEST_WORD..=LONGEST_WORD).contains(&word.len()) && is_word(word)
        })
    })
}

fn is_word(word: &[char]) -> bool {
    let (half, other) = word.split_at(word.len() / 2);
    spellings(word).iter().any(|spelling| is_listed(spelling)) || half == other && is_decorated_word(half)
}

/// The word as it stands, and with look-alikes read as letters; `1` and `!` may stand for two of them.
fn spellings(word: &[char]) -> [String; 3] {
    [word.iter().collect(), read(word, 'i'), read(word, 'l')]
}

/// A folded password with look-alikes read as letters.
pub fn letters(folded: &str) -> String {
    read(&folded.chars().collect::<Vec<_>>(), 'i')
}

fn read(word: &[char], one: char) -> String {
    let letter = |character: &char| match character {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        other => *other,
    };
    word.iter().map(letter).collect()
}

fn is_listed(word: &str) -> bool {
    let digest = Sha256::digest(word);
    let entries = LIST.as_chunks::<DIGEST_BYTES>().0;
    entries.binary_search_by(|entry| entry.as_slice().cmp(&digest[..DIGEST_BYTES])).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list is searched by halves, so it has to be sorted (AUTHN-005).
    #[test]
    fn the_list_is_sorted_and_whole() {
        let (entries, rest) = LIST.as_chunks::<DIGEST_BYTES>();
        assert!(rest.is_empty() && entries.len() > 10_000);
        assert!(entries.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
