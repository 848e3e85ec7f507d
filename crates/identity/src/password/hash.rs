//! Argon2id hashes (RFC 9106) as PHC strings.

use std::fmt;
use std::str::FromStr;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use super::normalised;
use super::policy::{LONGEST, LONGEST_TYPED};

/// How much salt a hash takes.
pub const SALT_BYTES: usize = 16;

/// What OWASP asks for at least: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// More than this is not ours: whoever writes to the database must not be able to use up the machine's memory.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 8;

/// The hash of a password that nobody knows, made with the parameters above: 32 bytes of digest that were drawn, not
/// computed.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$b3bAB3Hx+f9M6yHml2a0lw$+nkPSlwfsaFvFaczoI5gPpbpgT33y9PcRjRbkRR+pvc";

/// The salted hash of a password. Debug and errors do not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Hash(String);

/// Why there is no hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    #[error("パスワードが長すぎます。{LONGEST}文字以内にしてください。")]
    TooLong,
    #[error("保存されているパスワードの照合値が読めません。パスワードを再発行してください。")]
    Unreadable,
    #[error("パスワードを処理できませんでした。しばらくしてからもう一度お試しください。")]
    Failed,
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password that [`super::check`] has let through, with a salt that is new each time. Takes tens of
/// milliseconds on purpose: run it where nothing else waits.
pub fn hash(password: &str, salt: [u8; SALT_BYTES]) -> Result<Hash, HashError> {
    let password = bounded(password).ok_or(HashError::TooLong)?;
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| HashError::Failed)?;
    Ok(Hash(hash.to_string()))
}

/// Whether this is the password. Takes as long as [`hash()`].
pub fn verify(hash: &Hash, password: &str) -> bool {
    // Too long for any account alike, so leaving at once tells nothing.
    let Some(password) = bounded(password) else { return false };
    let Ok(hash) = PasswordHash::new(&hash.0) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// [`verify`] for an account that may not be there: it takes the same time and says no (AUTHN-011).
pub fn verify_unknown(hash: Option<&Hash>, password: &str) -> bool {
    let matches = verify(hash.unwrap_or(&Hash::decoy()), password);
    matches && hash.is_some()
}

fn bounded(password: &str) -> Option<String> {
    let password = (password.len() <= LONGEST_TYPED).then(|| normalised(password))?;
    (password.chars().count() <= LONGEST).then_some(password)
}

impl Hash {
    /// A hash that stands in where there is no account, so that a try takes the same time (AUTHN-011).
    pub fn decoy() -> Self {
        Self(DECOY.to_owned())
    }

    /// The PHC string, for storing.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the hash was made with other parameters than those of today: hash again at the next sign-in.
    pub fn needs_rehash(&self) -> bool {
        let today = |hash: &PasswordHash| {
            let params = Params::try_from(hash).ok()?;
            Some(params.m_cost() == MEMORY_KIB && params.t_cost() == PASSES && params.p_cost() == LANES)
        };
        PasswordHash::new(&self.0).ok().and_then(|hash| today(&hash)) != Some(true)
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let hash = PasswordHash::new(text).map_err(|_| HashError::Unreadable)?;
        let params = Params::try_from(&hash).map_err(|_| HashError::Unreadable)?;
        let ours = hash.algorithm == Algorithm::Argon2id.ident()
            && hash.version == Some(Version::V0x13.into())
            && hash.salt.is_some()
            && hash.hash.is_some()
            && params.m_cost() <= MOST_MEMORY_KIB
            && params.t_cost() <= MOST_PASSES
            && params.p_cost() <= MOST_LANES;
        if ours { Ok(Self(text.to_owned())) } else { Err(HashError::Unreadable) }
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(…)")
    }
}
