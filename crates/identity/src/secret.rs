//! Random secrets that people and programs carry: sessions, invitations, one-time tokens, API tokens.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::fingerprint::Fingerprint;

/// What a secret is for. One kind is never accepted as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The cookie of a session.
    Session,
    /// The link by which a person enters for the first time.
    Invitation,
    /// A link or code for one step: the first administrator, a reset.
    OneTime,
    /// A token by which programs call the API.
    Api,
    /// The code with which a supplier hands in a report.
    Report,
    /// The address under which a calendar reads what is due.
    Calendar,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Invitation => "invitation",
            Self::OneTime => "one-time",
            Self::Api => "api",
            Self::Report => "report",
            Self::Calendar => "calendar",
        }
    }

    /// What stands before the text. API tokens end up in files, where scanners for leaked secrets look for this.
    fn prefix(self) -> &'static str {
        match self {
            Self::Api => "shb_",
            Self::Session | Self::Invitation | Self::OneTime | Self::Report | Self::Calendar => "",
        }
    }
}

/// 32 random bytes. Only the person has the text; we keep the [`Fingerprint`].
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Takes bytes from a source fit for keys.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The text for the cookie, link or header; shown once. Letters, digits, `-` and `_` only.
    pub fn text(&self, purpose: Purpose) -> String {
        format!("{}{}", purpose.prefix(), BASE64URL_NOPAD.encode(&self.0))
    }

    /// Reads a text again; `None` if it is none of this purpose. Anything but the exact form is refused.
    pub fn parse(text: &str, purpose: Purpose) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.strip_prefix(purpose.prefix())?.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// What is stored and searched for.
    pub fn fingerprint(&self, purpose: Purpose) -> Fingerprint {
        Fingerprint::of(purpose.name(), &self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
