//! Signatures of notices to other programs: HMAC-SHA256 over time and body, so that whoever has the secret can tell that
//! a notice is ours, whole, and not an old one sent again.

use std::fmt;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use hmac_sha2::Sha256;

/// A signature as it stands in the header: `v1=` and 64 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature(String);

/// Signs a body sent at this time (seconds since 1970). The key is the text that was shown once.
pub fn sign(secret: &str, timestamp: i64, body: &[u8]) -> Signature {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length is taken");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    Signature(HEXLOWER.encode(&mac.finalize().into_bytes()))
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1={}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf '1700000000.what do ya want for nothing?' | openssl dgst -sha256 -hmac Jefe`
    #[test]
    fn the_signature_is_that_of_another_implementation() {
        let signed = sign("Jefe", 1_700_000_000, b"what do ya want for nothing?");
        assert_eq!(signed.to_string(), "v1=1cdd0650c8be1cb0974b1788d458b1e781206cfef59b85faafc582d2e182c57e");
    }
}
