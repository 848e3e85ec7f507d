//! A device that makes and uses passkeys, as far as a server sees it.

use ciborium::Value;
use data_encoding::BASE64URL_NOPAD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};

/// A device with one key. What it says can be bent.
pub struct Device {
    pub key: Ed25519KeyPair,
    pub credential: Vec<u8>,
    pub origin: String,
    pub party: String,
    pub flags: u8,
    pub counter: u32,
}

pub const PRESENT: u8 = 0x01;
pub const VERIFIED: u8 = 0x04;

/// What a browser sends, in Base64.
pub struct Said {
    pub client_data: String,
    /// The attestation, or the device's data.
    pub data: String,
    pub signature: String,
}

impl Device {
    pub fn new(seed: u8, origin: &str) -> Self {
        let party = origin.split("://").nth(1).unwrap().split(':').next().unwrap().to_owned();
        Self {
            key: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap(),
            credential: vec![seed; 40],
            origin: origin.to_owned(),
            party,
            flags: PRESENT | VERIFIED,
            counter: 0,
        }
    }

    fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        let challenge = BASE64URL_NOPAD.encode(challenge);
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{}","crossOrigin":false}}"#, self.origin)
            .into_bytes()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let head = Sha256::digest(&self.party).to_vec();
        [head, vec![self.flags | more], self.counter.to_be_bytes().to_vec()].concat()
    }

    /// Makes its passkey.
    pub fn create(&self, challenge: &[u8]) -> Said {
        let key = Value::Map(vec![
            (Value::from(1), Value::from(1)),
            (Value::from(3), Value::from(-8)),
            (Value::from(-1), Value::from(6)),
            (Value::from(-2), Value::Bytes(self.key.public_key().as_ref().to_vec())),
        ]);
        let mut data = self.data(0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).unwrap().to_be_bytes());
        data.extend(&self.credential);
        ciborium::into_writer(&key, &mut data).unwrap();
        let attestation = Value::Map(vec![
            (Value::from("fmt"), Value::from("none")),
            (Value::from("attStmt"), Value::Map(Vec::new())),
            (Value::from("authData"), Value::Bytes(data)),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&attestation, &mut bytes).unwrap();
        Said {
            client_data: BASE64URL_NOPAD.encode(&self.client_data("webauthn.create", challenge)),
            data: BASE64URL_NOPAD.encode(&bytes),
            signature: String::new(),
        }
    }

    /// Uses its passkey.
    pub fn sign(&self, challenge: &[u8]) -> Said {
        let (client, data) = (self.client_data("webauthn.get", challenge), self.data(0));
        let message = [data.as_slice(), Sha256::digest(&client).as_slice()].concat();
        Said {
            client_data: BASE64URL_NOPAD.encode(&client),
            data: BASE64URL_NOPAD.encode(&data),
            signature: BASE64URL_NOPAD.encode(self.key.sign(&message).as_ref()),
        }
    }
}
