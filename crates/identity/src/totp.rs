//! One-time codes by time (RFC 6238), as authenticator apps make them: SHA-1, six digits, 30 seconds.
//!
//! These are the values that every app knows; some take others silently for these.

use std::fmt;

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Totp};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::qr::{Qr, TooLong};
use crate::sign_in::SignInName;

const ISSUER: &str = "Shirube";
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
/// One step before and after: clocks of telephones differ, and people type slowly.
const SKEW: u16 = 1;

/// The secret that a person's app and we share: 20 random bytes, as long as the digest (RFC 4226).
///
/// It is stored sealed ([`crate::seal`]); [`TotpSecret::bytes`] is what goes in there.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// Takes bytes from a source fit for keys.
    pub fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The bytes, for sealing.
    pub fn bytes(&self) -> &[u8; 20] {
        &self.0
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.0)
            .build_noncompliant()
    }

    /// The secret for typing into an app, in groups of four.
    pub fn text(&self) -> String {
        let base32 = self.totp().secret().to_base32();
        let groups: Vec<String> =
            base32.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        groups.join(" ")
    }

    /// The address that an app reads from the QR code.
    pub fn uri(&self, name: &SignInName) -> String {
        // A sign-in name has no character that would need to be written in another way, but `@`.
        let account = name.as_str().replace('@', "%40");
        format!("otpauth://totp/{ISSUER}:{account}?secret={}&issuer={ISSUER}", self.totp().secret().to_base32())
    }

    /// The QR code of [`TotpSecret::uri`].
    pub fn qr(&self, name: &SignInName) -> Result<Qr, TooLong> {
        Qr::of(&self.uri(name))
    }

    /// The step whose code this is, or `None` if the code is wrong, too old, or used before.
    ///
    /// Keep the step, and give it as `last_used` the next time: a code that somebody looked at over a shoulder is worth
    /// nothing then, nor is any code before it.
    pub fn verify(&self, code: &str, now: DateTime<Utc>, last_used: Option<u64>) -> Option<u64> {
        let seconds = u64::try_from(now.timestamp()).ok()?;
        // Full-width digits and a space in the middle are how people copy codes.
        let code: String = code.nfkc().take(32).filter(|character| !character.is_whitespace()).collect();
        let step = self.totp().check(&code, seconds)?;
        last_used.is_none_or(|last| step > last).then_some(step)
    }

    /// The code at a time. Tests and the first-time check of an operator's clock need it; no page shows it.
    pub fn code(&self, now: DateTime<Utc>) -> Option<String> {
        Some(self.totp().generate(u64::try_from(now.timestamp()).ok()?).to_string())
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}
