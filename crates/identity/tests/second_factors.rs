//! Second factors: one-time codes, their QR code, recovery codes, and the secrets at rest.

use chrono::{DateTime, TimeDelta, Utc};
use shirube_identity::qr::Qr;
use shirube_identity::recovery::{self, Code};
use shirube_identity::seal::{Key, Keys, SealError, key_id, open, seal};
use shirube_identity::totp::TotpSecret;

/// The secret of the test vectors of RFC 6238.
fn secret() -> TotpSecret {
    TotpSecret::from_bytes(*b"12345678901234567890")
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// AUTHN-002: the vectors of RFC 6238, appendix B, for SHA-1; six digits are the last six of its eight.
#[test]
fn codes_are_those_of_the_rfc() {
    for (seconds, eight_digits) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        let code = &eight_digits[2..];
        assert_eq!(secret().code(time(seconds)).as_deref(), Some(code));
        assert_eq!(secret().verify(code, time(seconds), None), Some(seconds as u64 / 30), "{seconds}");
    }
}

/// AUTHN-002: a code counts one step before and after its own, and once.
#[test]
fn a_code_counts_for_a_while_and_once() {
    let now = time(1_111_111_110);
    let step = 1_111_111_110 / 30;
    for (away, expected) in [(-60, None), (-30, Some(step - 1)), (0, Some(step)), (30, Some(step + 1)), (60, None)] {
        let code = secret().code(now + TimeDelta::seconds(away)).unwrap();
        assert_eq!(secret().verify(&code, now, None), expected, "{away}");
    }
    let code = secret().code(now).unwrap();
    for (last_used, expected) in
        [(Some(step), None), (Some(step + 1), None), (Some(step - 1), Some(step)), (None, Some(step))]
    {
        assert_eq!(secret().verify(&code, now, last_used), expected, "{last_used:?}");
    }
}

/// AUTHN-002: codes are read as people type them; anything else is no code.
#[test]
fn codes_are_read_as_typed() {
    let now = time(1_111_111_109);
    for (code, accepted) in [
        ("081804", true),
        ("081 804", true),
        ("０８１８０４", true),
        (" 081804\u{3000}", true),
        ("81804", false),
        ("0081804", false),
        ("+81804", false),
        ("08180a", false),
        ("", false),
        (&"0".repeat(100_000), false),
    ] {
        assert_eq!(secret().verify(code, now, None).is_some(), accepted, "{code}");
    }
    assert_eq!(secret().verify("081804", time(-1), None), None);
}

/// AUTHN-002: what an app reads, and what a person types who cannot scan.
#[test]
fn the_secret_reaches_the_app() {
    let name = "Y.Tanigawa@example.jp".parse().unwrap();
    assert_eq!(
        secret().uri(&name),
        "otpauth://totp/Shirube:y.tanigawa%40example.jp?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Shirube"
    );
    assert_eq!(secret().text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    assert_eq!(format!("{:?}", secret()), "TotpSecret(…)");
    let qr = secret().qr(&name).unwrap();
    assert!(qr.svg("\"<QR>").contains("aria-label=\"&quot;&lt;QR>\""));
}

/// The modules of a path `M{x} {y}h{run}v1h-{run}z…`.
fn black(qr: &Qr) -> Vec<(i32, i32)> {
    let runs = qr.path.split('M').skip(1).map(|run| {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        (x.parse::<i32>().unwrap(), y.parse::<i32>().unwrap(), length.parse::<i32>().unwrap())
    });
    runs.flat_map(|(x, y, length)| (x..x + length).map(move |x| (x, y))).collect()
}

/// AUTHN-002: the picture has the finders in three corners and four white modules around, as readers need them.
#[test]
fn the_qr_code_is_drawn_whole() {
    let qr = Qr::of("otpauth://totp/Shirube:a?secret=GEZDGNBVGY3TQOJQ&issuer=Shirube").unwrap();
    let black = black(&qr);
    let inside = 4..qr.side - 4;
    assert!(black.iter().all(|(x, y)| inside.contains(x) && inside.contains(y)));
    for (left, top) in [(4, 4), (qr.side - 11, 4), (4, qr.side - 11)] {
        for y in 0..7 {
            for x in 0..7 {
                let ring = x == 0 || x == 6 || y == 0 || y == 6;
                let heart = (2..5).contains(&x) && (2..5).contains(&y);
                assert_eq!(black.contains(&(left + x, top + y)), ring || heart, "{left} {top} {x} {y}");
            }
        }
    }
    assert!(Qr::of(&"x".repeat(3000)).is_err());
}

/// AUTHN-004: ten recovery codes without signs that are mixed up, all different, made of all the random bits.
#[test]
fn recovery_codes_are_easy_to_type() {
    let mut random = [0; recovery::RANDOM_BYTES];
    (0u8..).zip(&mut random).for_each(|(n, byte)| *byte = n.wrapping_mul(151).wrapping_add(43));
    let codes = recovery::codes(&random);
    let texts: std::collections::BTreeSet<String> = codes.iter().map(Code::text).collect();
    assert_eq!((codes.len(), texts.len()), (recovery::COUNT, recovery::COUNT));
    for text in &texts {
        assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        assert!(!text.contains(['0', 'O', '1', 'I']), "{text}");
    }
    for byte in 0..random.len() {
        for bit in 0..8 {
            let mut other = random;
            other[byte] ^= 1 << bit;
            let changed = recovery::codes(&other);
            let differ: Vec<usize> = (0..codes.len()).filter(|code| codes[*code] != changed[*code]).collect();
            assert_eq!(differ, [byte / 10]);
        }
    }
    assert_eq!(recovery::codes(&[0; recovery::RANDOM_BYTES])[0].text(), "2222-2222-2222-2222");
    assert_eq!(recovery::codes(&[255; recovery::RANDOM_BYTES])[0].text(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
}

/// AUTHN-004: recovery codes are read as people copy them from paper.
#[test]
fn recovery_codes_are_read_as_typed() {
    let code = Code::parse("ABCD-EFGH-JKLM-NP23").unwrap();
    for text in [
        "abcdefghjklmnp23",
        "ABCD EFGH JKLM NP23",
        "ＡＢＣＤ－ＥＦＧＨ－ＪＫＬＭ－ＮＰ２３",
        "abcdーefghーjklmーnp23",
        " ABCD‐EFGH–JKLM—NP23\n",
    ] {
        let read = Code::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(read.fingerprint(), code.fingerprint());
    }
    for text in ["", "ABCD-EFGH-JKLM-NP2", "ABCD-EFGH-JKLM-NP234", "ABCD-EFGH-JKLM-NP20", "ABCD-EFGH-JKLM-NPあ3"] {
        assert!(Code::parse(text).is_none(), "{text}");
    }
    assert!(Code::parse(&"-".repeat(100_000)).is_none());
    assert_eq!(format!("{code:?}"), "Code(…)");
}

fn key(byte: u8) -> Key {
    Key::from_bytes([byte; 32])
}

/// EVID-019: a sealed secret opens with its key, for its context, unchanged; otherwise not.
#[test]
fn sealed_secrets_open_only_where_they_belong() {
    let text = seal(&key(1), [9; 12], b"secret bytes", "totp/person-1").unwrap();
    assert_eq!(open(&key(1), &text, "totp/person-1").unwrap(), b"secret bytes");
    assert_eq!(open(&key(1), &text, "totp/person-2"), Err(SealError::Broken));
    assert_eq!(open(&key(2), &text, "totp/person-1"), Err(SealError::Key(key(1).id())));
    assert_eq!(key_id(&text), Some(key(1).id().as_str()));
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(open(&key(1), &changed, "totp/person-1").is_err(), "{changed}");
    }
    for end in 0..text.len() {
        assert!(open(&key(1), &text[..end], "totp/person-1").is_err(), "{end}");
    }
    for text in ["", "v1", "v1..", "v2.0123456789abcdef.AAAA", "v1.0123456789abcdeg.AAAA", "v1.0123456789abcdef.A.A"] {
        assert_eq!(open(&key(1), text, ""), Err(SealError::Shape), "{text}");
    }
}

/// EVID-019: AES-256-GCM as OpenSSL computes it (the text comes from there), so that what is sealed outlives a library.
#[test]
fn sealing_is_plain_aes_gcm() {
    let text = seal(&key(1), [9; 12], b"secret bytes", "totp/person-1").unwrap();
    assert_eq!(text, "v1.87d7d5da611728d2.CQkJCQkJCQkJCQkJt2pEvKtEJqMGIC88x7usxMngGDU7P3rRTJf-3Q");
}

/// EVID-019: keys are changed one after the other; old texts still open and say that they should be sealed again.
#[test]
fn keys_can_be_changed() {
    let old = seal(&key(1), [9; 12], b"x", "c").unwrap();
    let keys = Keys::new(key(2), vec![key(1)]);
    assert_eq!(keys.open(&old, "c").unwrap(), b"x");
    assert!(keys.is_outdated(&old));
    let new = keys.seal([8; 12], b"x", "c").unwrap();
    assert!(!keys.is_outdated(&new));
    assert_eq!(keys.open(&new, "c").unwrap(), b"x");
    assert_eq!(Keys::new(key(2), vec![]).open(&old, "c"), Err(SealError::Key(key(1).id())));
    assert!(!format!("{keys:?}").contains("1, 1"));
}
