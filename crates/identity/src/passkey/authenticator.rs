//! What the device says (WebAuthn, 6.1).

use ciborium::Value;
use sha2::{Digest as _, Sha256};

use super::{Fault, LONGEST_BYTES, LONGEST_ID_BYTES};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const CAN_BE_COPIED: u8 = 0x08;
const IS_COPIED: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;

pub(super) struct Data {
    party: [u8; 32],
    is_present: bool,
    pub(super) is_verified: bool,
    pub(super) can_be_copied: bool,
    pub(super) is_copied: bool,
    pub(super) counter: u32,
    pub(super) made: Option<Made>,
}

/// A credential that was made just now.
pub(super) struct Made {
    pub(super) credential: Vec<u8>,
    pub(super) key: Value,
}

impl Data {
    /// Out of the map in which it comes when a credential was made.
    pub(super) fn of_attestation(bytes: &[u8]) -> Result<Self, Fault> {
        let Value::Map(map) = cbor(&mut &bytes[..])? else { return Err(Fault::Unreadable) };
        let found = map.into_iter().find(|(name, _)| name.as_text() == Some("authData"));
        let Some((_, Value::Bytes(data))) = found else { return Err(Fault::Unreadable) };
        Self::read(&data)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let (party, rest) = bytes.split_first_chunk::<32>().ok_or(Fault::Unreadable)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or(Fault::Unreadable)?;
        let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Fault::Unreadable)?;
        let has = |flag| flags & flag != 0;
        if has(IS_COPIED) && !has(CAN_BE_COPIED) {
            return Err(Fault::Unreadable);
        }
        Ok(Self {
            party: *party,
            is_present: has(PRESENT),
            is_verified: has(VERIFIED),
            can_be_copied: has(CAN_BE_COPIED),
            is_copied: has(IS_COPIED),
            counter: u32::from_be_bytes(*counter),
            made: if has(HAS_CREDENTIAL) { Some(made(rest)?) } else { None },
        })
    }

    /// Meant for us, by somebody who was there.
    pub(super) fn check(&self, party: &str) -> Result<(), Fault> {
        let wanted: [u8; 32] = Sha256::digest(party).into();
        match self {
            _ if self.party != wanted => Err(Fault::Party),
            _ if !self.is_present => Err(Fault::Absent),
            _ => Ok(()),
        }
    }
}

fn made(bytes: &[u8]) -> Result<Made, Fault> {
    // The model of the device, which we do not ask for, stands before the length of the id.
    let rest = bytes.get(16..).ok_or(Fault::Unreadable)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Fault::Unreadable)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > LONGEST_ID_BYTES || length > rest.len() {
        return Err(Fault::Unreadable);
    }
    let (credential, mut rest) = rest.split_at(length);
    Ok(Made { credential: credential.to_vec(), key: cbor(&mut rest)? })
}

/// One value; what stands behind it is left.
fn cbor(bytes: &mut &[u8]) -> Result<Value, Fault> {
    if bytes.len() > LONGEST_BYTES {
        return Err(Fault::Unreadable);
    }
    ciborium::de::from_reader_with_recursion_limit(bytes, 8).map_err(|_| Fault::Unreadable)
}
