//! What is stored of a secret: its SHA-256 digest.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// The SHA-256 digest of a random secret, under which a database finds it without holding it.
///
/// A plain digest is enough, because the secrets are random and too long to be tried; passwords are not, and have
/// [`crate::password::Hash`]. Comparing two of them in the ordinary way tells nothing that helps to make the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The digest of these bytes, for one purpose: a secret of one kind finds nothing among those of another.
    pub(crate) fn of(purpose: &str, secret: &[u8]) -> Self {
        let sha256 = Sha256::new_with_prefix(b"shirube ").chain_update(purpose).chain_update([0]).chain_update(secret);
        Self(sha256.finalize().into())
    }

    /// The digest itself.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What is written is no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("保存された照合値が読めません。64桁の小文字の十六進数のはずです。")]
pub struct FingerprintError;

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| FingerprintError)?;
        bytes.try_into().map(Self).map_err(|_| FingerprintError)
    }
}
