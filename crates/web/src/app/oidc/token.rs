//! The token that says who came. Its form and claims are read by `jsonwebtoken`, its signature by `ring`.

use std::sync::Once;

use chrono::{DateTime, Utc};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey, Validation, decode, decode_header};
use ring::signature::{
    self as signatures, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use signature::Verifier;

/// Clocks differ by so many seconds.
const LEEWAY: i64 = 60;

/// What the token is held against.
pub struct Wanted<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    pub now: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
pub struct Claims {
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    iat: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    azp: Option<String>,
    aud: Value,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    #[error("認証の結果を読めませんでした")]
    Unreadable,
    #[error("認証の結果の署名の方式には対応していません")]
    Algorithm,
    #[error("認証の結果に署名した鍵が、認証サーバの鍵の一覧にありません")]
    Key,
    #[error("認証の結果の署名か宛先が合いません")]
    NotForUs,
    #[error("認証の結果の期限が過ぎているか、時刻が合いません")]
    Time,
    #[error("別のログインのための認証の結果です")]
    Nonce,
}

/// Reads a token and believes it only if everything fits.
pub fn read(token: &str, keys: &[Jwk], wanted: &Wanted<'_>) -> Result<Claims, Distrust> {
    install();
    let header = decode_header(token).map_err(|_| Distrust::Unreadable)?;
    // Secrets we share with the provider sign nothing here: whoever reads our settings could make tokens.
    if matches!(header.alg, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
        return Err(Distrust::Algorithm);
    }
    let mut signing = keys.iter().filter(|key| !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption)));
    let key = match &header.kid {
        Some(kid) => signing.find(|key| key.common.key_id.as_ref() == Some(kid)),
        None if keys.len() == 1 => signing.next(),
        None => None,
    };
    let key = DecodingKey::from_jwk(key.ok_or(Distrust::Key)?).map_err(|_| Distrust::Key)?;
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[wanted.issuer]);
    validation.set_audience(&[wanted.client]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The clock is the application's: held against it below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = decode::<Claims>(token, &key, &validation).map_err(|_| Distrust::NotForUs)?.claims;
    check(&claims, wanted)?;
    Ok(claims)
}

fn check(claims: &Claims, wanted: &Wanted<'_>) -> Result<(), Distrust> {
    let several = claims.aud.as_array().is_some_and(|audience| audience.len() > 1);
    let party = claims.azp.as_deref();
    if party.is_some_and(|party| party != wanted.client) || (several && party.is_none()) {
        return Err(Distrust::NotForUs);
    }
    let now = wanted.now.timestamp();
    let early = claims.iat.max(claims.nbf.unwrap_or(i64::MIN)) > now.saturating_add(LEEWAY);
    if early || claims.exp.saturating_add(LEEWAY) <= now {
        return Err(Distrust::Time);
    }
    if claims.nonce.as_deref() != Some(wanted.nonce) {
        return Err(Distrust::Nonce);
    }
    Ok(())
}

impl Claims {
    /// A claim that names the person.
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.more.get(claim).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Whether the provider says that one of these ways was used (`acr`, `amr`).
    pub fn was_by(&self, ways: &[String]) -> bool {
        let is = |found: &Value| found.as_str().is_some_and(|found| ways.iter().any(|way| way == found));
        let used = self.more.get("amr").and_then(Value::as_array);
        self.more.get("acr").is_some_and(is) || used.is_some_and(|used| used.iter().any(is))
    }
}

/// Signatures are checked by `ring`, which is in the program for TLS; the library's own choice would bring `rsa` with
/// its open advisory.
fn install() {
    static ONCE: Once = Once::new();
    static RING: CryptoProvider =
        CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };
    // Somebody else's provider would be as good; there is nobody else in this program.
    ONCE.call_once(|| {
        let _ = CryptoProvider::install_default(&RING);
    });
}

fn signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    Err(ErrorKind::InvalidAlgorithm.into())
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    Ok(Box::new(Ring { algorithm: *algorithm, key: key.clone() }))
}

struct Ring {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for Ring {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Ring {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> Result<(), signature::Error> {
        let fits = match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => rsa(self.algorithm)
                .is_some_and(|kind| RsaPublicKeyComponents { n, e }.verify(kind, message, signed).is_ok()),
            DecodingKeyKind::SecretOrDer(point) => curve(self.algorithm)
                .is_some_and(|kind| UnparsedPublicKey::new(kind, point).verify(message, signed).is_ok()),
        };
        if fits { Ok(()) } else { Err(signature::Error::new()) }
    }
}

fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&signatures::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&signatures::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&signatures::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&signatures::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&signatures::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&signatures::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn curve(algorithm: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    match algorithm {
        Algorithm::ES256 => Some(&signatures::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Some(&signatures::ECDSA_P384_SHA384_FIXED),
        Algorithm::EdDSA => Some(&signatures::ED25519),
        _ => None,
    }
}
