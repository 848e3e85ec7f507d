//! Passkeys (WebAuthn level 3): what a browser brings when one is made and when one is used, held against what was asked.
//!
//! The attestation is not looked at: we ask for none, since who made the device decides nothing here. Everything comes
//! as bytes of a stranger, is bounded, and is read before anything of it is believed.

mod authenticator;
mod client;
mod key;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use authenticator::Data;
use key::Key;

pub use client::challenge;

/// Longer pieces are not read; real ones have some hundred bytes.
const LONGEST_BYTES: usize = 16 * 1024;
/// The longest id of a credential (WebAuthn, 6.1.2).
const LONGEST_ID_BYTES: usize = 1023;

/// Who asks: the origin of our pages, and the host in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    origin: String,
    id: String,
}

impl RelyingParty {
    /// From an origin such as `https://shirube.example.jp` or `http://localhost:8765`.
    ///
    /// Passkeys belong to a name. Browsers make none for a bare address such as `127.0.0.1`.
    pub fn of(origin: &str) -> Option<Self> {
        let (_, authority) = origin.split_once("://")?;
        let host = authority.split(':').next()?;
        let is_number = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let is_address = is_number || authority.starts_with('[');
        (!is_address).then(|| Self { origin: origin.to_owned(), id: host.to_owned() })
    }

    /// The name passkeys belong to.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Why a passkey was not made or not taken. The text is for whoever holds it; a page for strangers tells none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("ブラウザから届いた内容を読めませんでした。もう一度お試しください。")]
    Unreadable,
    #[error("別の操作のための応答が届きました。画面を読み込み直して、もう一度お試しください。")]
    Kind,
    #[error("画面を開いてから時間がたったか、すでに使われた応答です。画面を読み込み直して、もう一度お試しください。")]
    Challenge,
    #[error("ほかのサイトの画面で作られた応答です。番地を確かめてください。")]
    Origin,
    #[error("このサイトのための応答ではありません。")]
    Party,
    #[error("機器に触れるなどの、本人がいることの確認がありませんでした。")]
    Absent,
    #[error("機器が、暗証番号や指紋などで本人を確かめませんでした。確かめる設定のある機器をお使いください。")]
    Unverified,
    #[error("この機器の署名の方式には対応していません。別の機器をお使いください。")]
    Algorithm,
    #[error("署名が合いません。")]
    Signature,
    #[error(
        "署名の回数が前より進んでいません。鍵が複製された疑いがあります。このパスキーを外し、登録し直してください。"
    )]
    Copied,
}

/// A passkey of a person, as it is kept. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The id that the device gave it, in Base64.
    pub credential: String,
    key: Key,
    counter: u32,
    /// The device asked for a PIN, a finger or a face when it was made.
    pub verified: bool,
    /// It may be copied to other devices of the person, by the device's maker.
    pub can_be_copied: bool,
    pub is_copied: bool,
    /// How the browser may reach it, as the browser said.
    pub transports: Vec<String>,
}

/// What a browser brings when a passkey was made.
#[derive(Debug, Clone, Copy)]
pub struct Creation<'a> {
    pub client_data: &'a [u8],
    pub attestation: &'a [u8],
    pub transports: &'a str,
}

/// What a browser brings when a passkey was used.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    pub client_data: &'a [u8],
    pub authenticator_data: &'a [u8],
    pub signature: &'a [u8],
}

/// Reads Base64 as browsers and our script write it.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    (text.len() <= LONGEST_BYTES * 2).then(|| BASE64URL_NOPAD.decode(text.as_bytes()).ok()).flatten()
}

/// Writes bytes as our script reads them.
pub fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// The id under which a credential is kept: as long as any other, whatever the device chose.
pub fn id(credential: &[u8]) -> String {
    Fingerprint::of("passkey", credential).to_string()
}

impl Passkey {
    /// Takes a new passkey that answers this challenge.
    pub fn create(party: &RelyingParty, challenge: &[u8], sent: Creation<'_>) -> Result<Self, Fault> {
        client::check(sent.client_data, "webauthn.create", challenge, &party.origin)?;
        let data = Data::of_attestation(sent.attestation)?;
        data.check(&party.id)?;
        let made = data.made.ok_or(Fault::Unreadable)?;
        Ok(Self {
            credential: text(&made.credential),
            key: Key::from_cose(&made.key)?,
            counter: data.counter,
            verified: data.is_verified,
            can_be_copied: data.can_be_copied,
            is_copied: data.is_copied,
            transports: transports(sent.transports),
        })
    }

    /// The id under which it is kept.
    pub fn id(&self) -> String {
        id(&bytes(&self.credential).unwrap_or_default())
    }

    /// Takes an answer to this challenge, and gives the passkey as it is to be kept from now on. `verified`: the device
    /// has to have asked for a PIN, a finger or a face, since nothing else is asked for.
    pub fn confirm(
        &self,
        party: &RelyingParty,
        challenge: &[u8],
        sent: Assertion<'_>,
        verified: bool,
    ) -> Result<Self, Fault> {
        client::check(sent.client_data, "webauthn.get", challenge, &party.origin)?;
        let data = Data::read(sent.authenticator_data)?;
        data.check(&party.id)?;
        if verified && !data.is_verified {
            return Err(Fault::Unverified);
        }
        self.key.verify(&client::signed(sent.authenticator_data, sent.client_data), sent.signature)?;
        let counts = data.counter != 0 || self.counter != 0;
        if counts && data.counter <= self.counter {
            return Err(Fault::Copied);
        }
        if data.can_be_copied != self.can_be_copied {
            return Err(Fault::Copied);
        }
        Ok(Self { counter: data.counter, is_copied: data.is_copied, ..self.clone() })
    }
}

/// The ways that browsers name; others are left out.
fn transports(text: &str) -> Vec<String> {
    const KNOWN: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];
    KNOWN.iter().filter(|known| text.split(',').any(|said| said.trim() == **known)).map(|s| (*s).to_owned()).collect()
}
