//! Recovery codes: what a person types when the second factor is lost. Each works once.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::fingerprint::Fingerprint;

/// How many codes a person gets at a time.
pub const COUNT: usize = 10;
/// How many random bytes they are made of.
pub const RANDOM_BYTES: usize = COUNT * CODE_BYTES;

const CODE_BYTES: usize = 10;
const GROUP: usize = 4;
/// 32 signs, none of which is taken for another on paper: no 0 and O, no 1 and I.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const SIGN_BITS: usize = 5;
const SIGNS_OF_CODE: usize = CODE_BYTES * 8 / SIGN_BITS;

/// One code: 80 random bits, written in four groups of four.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Code(String);

/// Makes the codes from random bytes.
pub fn codes(random: &[u8; RANDOM_BYTES]) -> Vec<Code> {
    random.chunks_exact(CODE_BYTES).map(Code::of).collect()
}

impl Code {
    fn of(bytes: &[u8]) -> Self {
        let number = bytes.iter().fold(0u128, |number, byte| number << 8 | u128::from(*byte));
        let sign = |place: usize| SIGNS[(number >> (place * SIGN_BITS)) as usize % SIGNS.len()] as char;
        Self((0..SIGNS_OF_CODE).rev().map(sign).collect())
    }

    /// Reads what a person typed: full-width or half-width, any case, with or without hyphens and spaces.
    pub fn parse(text: &str) -> Option<Self> {
        let between = |c: &char| c.is_whitespace() || "-‐‑‒–—―−ー_.".contains(*c);
        // Longer texts are none, and need no work.
        let signs = text.nfkc().take(8 * SIGNS_OF_CODE).filter(|character| !between(character));
        let code: String = signs.map(|character| character.to_ascii_uppercase()).collect();
        let well_formed = code.len() == SIGNS_OF_CODE && code.bytes().all(|byte| SIGNS.contains(&byte));
        well_formed.then_some(Self(code))
    }

    /// What is stored.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of("recovery", self.0.as_bytes())
    }

    /// As it is shown, once: `ABCD-EFGH-JKLM-NPQR`.
    pub fn text(&self) -> String {
        let groups: Vec<String> =
            self.0.as_bytes().chunks(GROUP).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        groups.join("-")
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}
