//! Public keys as devices give them (COSE, RFC 9053), and their signatures.

use ciborium::Value;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde::{Deserialize, Serialize};

use super::{Fault, bytes, text};

/// A public key of one of the kinds that devices use; its parts in Base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "algorithm")]
pub(super) enum Key {
    #[serde(rename = "ES256")]
    P256 { point: String },
    #[serde(rename = "ES384")]
    P384 { point: String },
    #[serde(rename = "EdDSA")]
    Ed25519 { point: String },
    #[serde(rename = "RS256")]
    Rsa { modulus: String, exponent: String },
}

impl Key {
    /// The algorithms a browser is asked for, the one most devices have first.
    pub(super) fn from_cose(value: &Value) -> Result<Self, Fault> {
        let Value::Map(map) = value else { return Err(Fault::Unreadable) };
        let part = |label: i64| map.iter().find(|(name, _)| *name == Value::from(label)).map(|(_, value)| value);
        let number = |label| part(label).and_then(Value::as_integer).and_then(|n| i64::try_from(n).ok());
        let piece = |label, length: usize| {
            let found = part(label).and_then(Value::as_bytes);
            found.filter(|bytes| bytes.len() == length).ok_or(Fault::Unreadable)
        };
        // The kind of key, its algorithm and its curve have to fit.
        match (number(1), number(3), number(-1)) {
            (Some(2), Some(-7), Some(1)) => Ok(Self::P256 { point: point(piece(-2, 32)?, piece(-3, 32)?) }),
            (Some(2), Some(-35), Some(2)) => Ok(Self::P384 { point: point(piece(-2, 48)?, piece(-3, 48)?) }),
            (Some(1), Some(-8), Some(6)) => Ok(Self::Ed25519 { point: text(piece(-2, 32)?) }),
            (Some(3), Some(-257), None) => {
                let modulus = part(-1).and_then(Value::as_bytes).ok_or(Fault::Unreadable)?;
                let exponent = part(-2).and_then(Value::as_bytes).ok_or(Fault::Unreadable)?;
                Ok(Self::Rsa { modulus: text(modulus), exponent: text(exponent) })
            }
            _ => Err(Fault::Algorithm),
        }
    }

    pub(super) fn verify(&self, message: &[u8], signed: &[u8]) -> Result<(), Fault> {
        let read = |text: &str| bytes(text).ok_or(Fault::Unreadable);
        let plain = |algorithm: &'static dyn VerificationAlgorithm, point: &str| {
            UnparsedPublicKey::new(algorithm, read(point)?).verify(message, signed).map_err(|_| Fault::Signature)
        };
        match self {
            Self::P256 { point } => plain(&signature::ECDSA_P256_SHA256_ASN1, point),
            Self::P384 { point } => plain(&signature::ECDSA_P384_SHA384_ASN1, point),
            Self::Ed25519 { point } => plain(&signature::ED25519, point),
            Self::Rsa { modulus, exponent } => {
                let key = RsaPublicKeyComponents { n: read(modulus)?, e: read(exponent)? };
                let algorithm = &signature::RSA_PKCS1_2048_8192_SHA256;
                key.verify(algorithm, message, signed).map_err(|_| Fault::Signature)
            }
        }
    }
}

/// A point of a curve, as both coordinates behind the sign for that.
fn point(x: &[u8], y: &[u8]) -> String {
    text(&[&[4], x, y].concat())
}
