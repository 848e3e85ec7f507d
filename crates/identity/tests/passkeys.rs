//! Passkeys, held against a device that says what it should and one that does not (AUTHN-002).

#[path = "support/device.rs"]
mod device;

use device::{Device, PRESENT, Said, VERIFIED};
use shirube_identity::passkey::{Assertion, Creation, Fault, Passkey, RelyingParty, bytes, challenge};

const ORIGIN: &str = "https://shirube.test:8443";
const ASKED: &[u8] = b"a challenge of ours";

fn party() -> RelyingParty {
    RelyingParty::of(ORIGIN).unwrap()
}

fn create(said: &Said) -> Result<Passkey, Fault> {
    let (client_data, attestation) = (bytes(&said.client_data).unwrap(), bytes(&said.data).unwrap());
    let sent = Creation { client_data: &client_data, attestation: &attestation, transports: "internal,usb,x" };
    Passkey::create(&party(), ASKED, sent)
}

fn confirm(passkey: &Passkey, said: &Said, verified: bool) -> Result<Passkey, Fault> {
    let (client, data) = (bytes(&said.client_data).unwrap(), bytes(&said.data).unwrap());
    let signature = bytes(&said.signature).unwrap();
    let sent = Assertion { client_data: &client, authenticator_data: &data, signature: &signature };
    passkey.confirm(&party(), ASKED, sent, verified)
}

/// AUTHN-002: a passkey that was made is taken when it is used, and goes into the database and back.
#[test]
fn a_passkey_is_made_and_used() {
    let mut device = Device::new(1, ORIGIN);
    let passkey = create(&device.create(ASKED)).unwrap();
    assert_eq!(passkey.transports, ["usb", "internal"]);
    assert!(passkey.verified && !passkey.can_be_copied);
    let kept: Passkey = serde_json::from_str(&serde_json::to_string(&passkey).unwrap()).unwrap();
    assert_eq!(kept, passkey);
    assert_eq!(kept.id(), shirube_identity::passkey::id(&device.credential));
    let used = confirm(&kept, &device.sign(ASKED), true).unwrap();
    assert_eq!(used, passkey, "a device that does not count");
    device.counter = 7;
    let counted = confirm(&used, &device.sign(ASKED), true).unwrap();
    assert_eq!(confirm(&counted, &device.sign(ASKED), true), Err(Fault::Copied), "the same count again");
    device.counter = 8;
    confirm(&counted, &device.sign(ASKED), true).unwrap();
    assert_eq!(challenge(&bytes(&device.sign(ASKED).client_data).unwrap()).as_deref(), Some(ASKED));
}

#[test]
fn what_is_not_for_us_is_not_taken() {
    let device = Device::new(1, ORIGIN);
    let passkey = create(&device.create(ASKED)).unwrap();
    let bent = |bend: fn(&mut Device)| {
        let mut device = Device::new(1, ORIGIN);
        bend(&mut device);
        device
    };
    for (bend, fault) in [
        ((|d| d.origin = "https://shirube.test".to_owned()) as fn(&mut Device), Fault::Origin),
        (|d| d.origin = "https://evil.test:8443".to_owned(), Fault::Origin),
        (|d| d.party = "evil.test".to_owned(), Fault::Party),
        (|d| d.flags = VERIFIED, Fault::Absent),
    ] {
        assert_eq!(create(&bent(bend).create(ASKED)), Err(fault));
        assert_eq!(confirm(&passkey, &bent(bend).sign(ASKED), true), Err(fault));
    }
    assert_eq!(create(&device.create(b"another")), Err(Fault::Challenge));
    assert_eq!(confirm(&passkey, &device.sign(b"another"), true), Err(Fault::Challenge));
    assert_eq!(create(&device.sign(ASKED)), Err(Fault::Kind), "an answer to another question");
    let unverified = bent(|d| d.flags = PRESENT).sign(ASKED);
    assert_eq!(confirm(&passkey, &unverified, true), Err(Fault::Unverified));
    confirm(&passkey, &unverified, false).unwrap();
    let other = Device::new(2, ORIGIN).sign(ASKED);
    assert_eq!(confirm(&passkey, &other, true), Err(Fault::Signature), "another device's key");
    let mut cut = device.sign(ASKED);
    cut.signature = cut.signature[..20].to_owned();
    assert_eq!(confirm(&passkey, &cut, true), Err(Fault::Signature));
    let copied = bent(|d| d.flags = PRESENT | VERIFIED | 0x08).sign(ASKED);
    assert_eq!(confirm(&passkey, &copied, true), Err(Fault::Copied), "what could not be copied cannot become so");
}

/// Every prefix of what a device sends is refused in words and breaks nothing.
#[test]
fn broken_bytes_are_refused() {
    let said = Device::new(1, ORIGIN).create(ASKED);
    let (client, whole) = (bytes(&said.client_data).unwrap(), bytes(&said.data).unwrap());
    for length in 0..whole.len() {
        let sent = Creation { client_data: &client, attestation: &whole[..length], transports: "" };
        assert!(Passkey::create(&party(), ASKED, sent).is_err(), "{length}");
    }
    for length in 0..client.len() {
        let sent = Creation { client_data: &client[..length], attestation: &whole, transports: "" };
        assert!(Passkey::create(&party(), ASKED, sent).is_err(), "{length}");
    }
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 0xff;
        let sent = Creation { client_data: &client, attestation: &bent, transports: "" };
        let _ = Passkey::create(&party(), ASKED, sent);
    }
    let nested = [0x81; 10_000];
    let sent = Creation { client_data: &client, attestation: &nested, transports: "" };
    assert_eq!(Passkey::create(&party(), ASKED, sent), Err(Fault::Unreadable));
    assert_eq!(bytes("a b"), None);
    assert_eq!(bytes(&"A".repeat(100_000)), None);
}

/// Passkeys belong to a name; a bare address has none.
#[test]
fn a_name_is_needed() {
    assert_eq!(party().id(), "shirube.test");
    assert_eq!(RelyingParty::of("http://localhost:8765").unwrap().id(), "localhost");
    for origin in ["http://127.0.0.1:8765", "http://[::1]:8765", "https://", "shirube.test"] {
        assert_eq!(RelyingParty::of(origin), None, "{origin}");
    }
}
