//! Passwords: what may be one (AUTHN-005 to -007), and how it is kept (AUTHN-012).
//!
//! A password is normalised by NFKC before anything else, here and when it is verified: a person who types full-width
//! letters on one keyboard and half-width ones on another has typed the same. Capitals and spaces count as typed.

mod common;
mod hash;
mod pattern;
mod policy;
mod weakness;

pub use hash::{Hash, HashError, SALT_BYTES, hash, verify, verify_unknown};
pub use policy::{LONGEST, Policy, PolicyFault, SHORTEST};
pub use weakness::{Context, Source, Weakness, check};

use unicode_normalization::UnicodeNormalization;

/// The password as it is judged and hashed.
fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// The password as it is compared with words: without capitals and spaces.
fn folded(password: &str) -> String {
    normalised(password).to_lowercase().chars().filter(|character| !character.is_whitespace()).collect()
}
