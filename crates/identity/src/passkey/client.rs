//! What the browser says of itself (`clientDataJSON`).

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{Fault, LONGEST_BYTES, bytes};

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

fn read(json: &[u8]) -> Result<ClientData, Fault> {
    if json.len() > LONGEST_BYTES {
        return Err(Fault::Unreadable);
    }
    serde_json::from_slice(json).map_err(|_| Fault::Unreadable)
}

/// The challenge that an answer is to. Whether it was ours, and is still open, is for the caller to find out first.
pub fn challenge(client_data: &[u8]) -> Option<Vec<u8>> {
    bytes(&read(client_data).ok()?.challenge)
}

pub(super) fn check(json: &[u8], kind: &str, challenge: &[u8], origin: &str) -> Result<(), Fault> {
    let said = read(json)?;
    if said.kind != kind {
        return Err(Fault::Kind);
    }
    if challenge.is_empty() || bytes(&said.challenge).as_deref() != Some(challenge) {
        return Err(Fault::Challenge);
    }
    if said.origin != origin || said.cross_origin {
        return Err(Fault::Origin);
    }
    Ok(())
}

/// What the device signs.
pub(super) fn signed(authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [authenticator_data, Sha256::digest(client_data).as_slice()].concat()
}
