//! Small secrets at rest, such as those of second factors (EVID-019): AES-256-GCM, on the e-Government list.
//!
//! A sealed text is `v1.KEY.DATA`: the id of the key, so that keys can be changed one after the other, then nonce and
//! ciphertext. The context (what the secret is, and whose) is not in the text but is checked on opening, so that nobody
//! who can write to the database moves one person's secret to another.

use std::fmt;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use data_encoding::BASE64URL_NOPAD;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::fingerprint::Fingerprint;

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;
const ID_DIGITS: usize = 16;

/// A key of 32 bytes, kept apart from what it seals.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// Takes bytes from a source fit for keys.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Names the key without telling anything of it.
    pub fn id(&self) -> String {
        let mut id = Fingerprint::of("seal key", &self.0).to_string();
        id.truncate(ID_DIGITS);
        id
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

/// Why a sealed text was not opened, or a secret not sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("暗号化された値の形が違います。保存されている内容を控えと照らし合わせてください。")]
    Shape,
    #[error("この値を暗号化した鍵（{0}）が見つかりません。以前の鍵も設定してください。")]
    Key(String),
    #[error("暗号化された値を復号できません。書き換えられたか、別の場所から移された値です。")]
    Broken,
    #[error("値が長すぎるため暗号化できません。")]
    TooLong,
}

/// Seals a secret for one context. The nonce must be new for every call with the same key; random bytes are.
pub fn seal(key: &Key, nonce: [u8; NONCE_BYTES], plain: &[u8], context: &str) -> Result<String, SealError> {
    let head = format!("{VERSION}.{}", key.id());
    let bound = bound(&head, context);
    let payload = Payload { msg: plain, aad: bound.as_bytes() };
    let ciphertext = key.cipher().encrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::TooLong)?;
    let data = [nonce.as_slice(), &ciphertext].concat();
    Ok(format!("{head}.{}", BASE64URL_NOPAD.encode(&data)))
}

/// Opens a sealed text with the key that sealed it, for the context it was sealed for.
pub fn open(key: &Key, text: &str, context: &str) -> Result<Vec<u8>, SealError> {
    let id = key_id(text).ok_or(SealError::Shape)?;
    if id != key.id() {
        return Err(SealError::Key(id.to_owned()));
    }
    let (head, data) = text.rsplit_once('.').ok_or(SealError::Shape)?;
    let data = BASE64URL_NOPAD.decode(data.as_bytes()).map_err(|_| SealError::Shape)?;
    let (nonce, ciphertext) = data.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Shape)?;
    let bound = bound(head, context);
    let payload = Payload { msg: ciphertext, aad: bound.as_bytes() };
    key.cipher().decrypt(&Nonce::from(*nonce), payload).map_err(|_| SealError::Broken)
}

fn bound(head: &str, context: &str) -> String {
    format!("{head}\n{context}")
}

/// The id of the key that a text needs, if it has the form of a sealed text.
pub fn key_id(text: &str) -> Option<&str> {
    let mut parts = text.split('.');
    let (version, id, _) = (parts.next()?, parts.next()?, parts.next()?);
    let well_formed = id.len() == ID_DIGITS && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (version == VERSION && well_formed && parts.next().is_none()).then_some(id)
}

/// The key in use, and those before it that old texts still need.
#[derive(Debug, Clone)]
pub struct Keys {
    current: Key,
    former: Vec<Key>,
}

impl Keys {
    /// What is sealed from now on is sealed with `current`.
    pub fn new(current: Key, former: Vec<Key>) -> Self {
        Self { current, former }
    }

    /// Seals with the key in use.
    pub fn seal(&self, nonce: [u8; NONCE_BYTES], plain: &[u8], context: &str) -> Result<String, SealError> {
        seal(&self.current, nonce, plain, context)
    }

    /// Opens with whichever key the text names.
    pub fn open(&self, text: &str, context: &str) -> Result<Vec<u8>, SealError> {
        let id = key_id(text).ok_or(SealError::Shape)?;
        let key = std::iter::once(&self.current).chain(&self.former).find(|key| key.id() == id);
        open(key.ok_or_else(|| SealError::Key(id.to_owned()))?, text, context)
    }

    /// Whether the text should be sealed again because its key is no longer the one in use.
    pub fn is_outdated(&self, text: &str) -> bool {
        key_id(text) != Some(&self.current.id())
    }
}
