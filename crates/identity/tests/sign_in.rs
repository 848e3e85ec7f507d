//! Signing in: names, throttles, sessions, secrets, hours.

use chrono::{DateTime, TimeDelta, Utc};
use shirube_identity::hours::{Hours, HoursError};
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::session::{self, Standing};
use shirube_identity::sign_in::{PersonName, PersonNameError, SignInName, SignInNameError};
use shirube_identity::throttle::{Gate, Policy, Throttle};
use shirube_identity::{Fingerprint, fingerprint::FingerprintError};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    at("2026-11-24T03:00:00Z")
}

/// AUTHN-019: one name for one account, however it is typed.
#[test]
fn sign_in_names_are_one_however_typed() {
    for (typed, name) in [
        ("tanigawa", "tanigawa"),
        ("  Tanigawa ", "tanigawa"),
        ("Ｔａｎｉｇａｗａ．Ｙ", "tanigawa.y"),
        ("y_tanigawa-2@Example.JP", "y_tanigawa-2@example.jp"),
        ("０４２", "042"),
    ] {
        assert_eq!(typed.parse::<SignInName>().unwrap().as_str(), name);
    }
    for (typed, error) in [
        ("", SignInNameError::Length(0)),
        ("ab", SignInNameError::Length(2)),
        (&"a".repeat(65), SignInNameError::Length(65)),
        ("谷川", SignInNameError::Character('谷')),
        // A Cyrillic letter that looks like a Latin one.
        ("tanig\u{430}wa", SignInNameError::Character('\u{430}')),
        ("a b c", SignInNameError::Blank),
        ("abc\u{200B}d", SignInNameError::Blank),
        ("abc\0", SignInNameError::Blank),
        (".abc", SignInNameError::Edge),
        ("abc@", SignInNameError::Edge),
    ] {
        let found = typed.parse::<SignInName>().unwrap_err();
        assert!(found.to_string().ends_with('。'));
        assert_eq!(found, error, "{typed}");
    }
}

/// AUTHN-001: a person's name stays as the person writes it.
#[test]
fn names_of_people_keep_their_characters() {
    for (typed, name) in [
        ("髙﨑  𠮷郎", "髙﨑\u{3000}𠮷郎"),
        // A compatibility ideograph, which NFC would replace, and a base character with its variation selector.
        ("\u{FA19}山 太郎", "\u{FA19}山\u{3000}太郎"),
        ("葛\u{E0100}城 花子", "葛\u{E0100}城\u{3000}花子"),
        // Kana with a combining mark, as some keyboards send it.
        ("か\u{3099}く", "がく"),
        ("Yukie\u{3000}Tanigawa", "Yukie\u{3000}Tanigawa"),
        (" Yukie  Tanigawa ", "Yukie Tanigawa"),
        ("O'Brien", "O'Brien"),
    ] {
        assert_eq!(typed.parse::<PersonName>().unwrap().as_str(), name);
    }
    for (typed, error) in [
        (" \u{3000}", PersonNameError::Empty),
        (&"あ".repeat(65), PersonNameError::TooLong(65)),
        ("谷川\u{202E}太郎", PersonNameError::Invisible),
        ("谷川\u{7}", PersonNameError::Invisible),
    ] {
        assert_eq!(typed.parse::<PersonName>(), Err(error), "{typed}");
    }
}

/// AUTHN-010: each failure makes the next try wait longer; the fifth locks for half an hour and says so once.
#[test]
fn failures_wait_and_then_lock() {
    let policy = Policy::default();
    let mut throttle = Throttle::default();
    let mut now = noon();
    for (failure, wait) in [(1, 1), (2, 2), (3, 5), (4, 10)] {
        assert_eq!(throttle.gate(&policy, now), Gate::Open);
        let failed = throttle.failed(&policy, now);
        assert!(!failed.has_locked);
        throttle = failed.throttle;
        assert_eq!(throttle.failures, failure);
        let until = now + TimeDelta::seconds(wait);
        assert_eq!(throttle.gate(&policy, now), Gate::Wait(until));
        assert_eq!(throttle.gate(&policy, until - TimeDelta::milliseconds(1)), Gate::Wait(until));
        now = until;
    }
    let failed = throttle.failed(&policy, now);
    assert!(failed.has_locked);
    let until = now + TimeDelta::minutes(30);
    assert_eq!(failed.throttle.gate(&policy, now), Gate::Locked(until));
    assert_eq!(failed.throttle.gate(&policy, until - TimeDelta::milliseconds(1)), Gate::Locked(until));
    assert_eq!(failed.throttle.gate(&policy, until), Gate::Open);

    // A second request that was under way at the same time neither tells again nor makes the lock longer.
    let again = failed.throttle.failed(&policy, now + TimeDelta::seconds(1));
    assert!(!again.has_locked);
    assert_eq!(again.throttle.locked_until, Some(until));

    // After the lock, counting begins anew.
    let after = failed.throttle.failed(&policy, until);
    assert_eq!((after.throttle.failures, after.throttle.locked_until, after.has_locked), (1, None, false));
    assert_eq!(failed.throttle.released().gate(&policy, now), Gate::Open);
}

/// AUTHN-010, AUTHN-015: a success forgets the failures, but not when they were.
#[test]
fn a_success_begins_anew_and_remembers() {
    let policy = Policy::default();
    let failed = Throttle::default().failed(&policy, noon()).throttle;
    let later = noon() + TimeDelta::minutes(1);
    let succeeded = failed.succeeded(later);
    assert_eq!((succeeded.failures, succeeded.gate(&policy, later)), (0, Gate::Open));
    assert_eq!((succeeded.last_failure, succeeded.last_success), (Some(noon()), Some(later)));
}

/// AUTHN-010: failures far apart never lock; failures within the time always do.
#[test]
fn old_failures_are_forgotten() {
    let policy = Policy::default();
    for (apart, locks) in [(TimeDelta::hours(25), false), (TimeDelta::hours(23), true)] {
        let mut throttle = Throttle::default();
        let mut has_locked = false;
        for n in 0..5 {
            let failed = throttle.failed(&policy, noon() + apart * n);
            (throttle, has_locked) = (failed.throttle, has_locked || failed.has_locked);
        }
        assert_eq!(has_locked, locks, "{apart}");
    }
}

/// AUTHN-010: however fast and long somebody tries, the tries that are looked at stay few.
#[test]
fn few_tries_are_looked_at() {
    let policy = Policy::default();
    let (mut throttle, mut tries) = (Throttle::default(), 0);
    for second in 0..24 * 60 * 60 {
        let now = noon() + TimeDelta::seconds(second);
        if throttle.gate(&policy, now) == Gate::Open {
            throttle = throttle.failed(&policy, now).throttle;
            tries += 1;
        }
    }
    assert!(tries <= 5 * 48, "{tries}");
}

/// AUTHN-017: a session ends by idle time and by age, at the limit and not before.
#[test]
fn sessions_end() {
    let policy = session::Policy::default();
    let created = noon();
    for (seen_minutes, now_minutes, expected) in [
        (0, 0, Standing::Live),
        (0, 14, Standing::Live),
        (0, 15, Standing::Idle),
        (10, 24, Standing::Live),
        (10, 25, Standing::Idle),
        (719, 719, Standing::Live),
        (719, 720, Standing::TooOld),
        (0, 10_000, Standing::TooOld),
    ] {
        let (seen, now) = (created + TimeDelta::minutes(seen_minutes), created + TimeDelta::minutes(now_minutes));
        assert_eq!(policy.standing(created, seen, now), expected, "{seen_minutes} {now_minutes}");
        assert_eq!(policy.ends(created, seen) > now, expected == Standing::Live);
    }
}

/// AUTHN-022: one session more than allowed ends the oldest.
#[test]
fn sessions_at_once_are_limited() {
    let policy = session::Policy::default();
    for (live, surplus) in [(0, 0), (2, 0), (3, 1), (5, 3)] {
        assert_eq!(policy.surplus(live), surplus, "{live}");
    }
    assert_eq!(session::Policy { concurrent: 0, ..policy }.surplus(0), 0);
}

/// AUTHN-012, AUTHN-017: a secret reads back from its text, is stored by digest, shows in no log, serves one purpose.
#[test]
fn secrets_serve_one_purpose() {
    let kinds = [Purpose::Session, Purpose::Invitation, Purpose::OneTime, Purpose::Api];
    let secret = Secret::from_bytes([0xA5; 32]);
    for purpose in kinds {
        let text = secret.text(purpose);
        assert_eq!(text.starts_with("shb_"), purpose == Purpose::Api);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')), "{text}");
        let read = Secret::parse(&text, purpose).unwrap();
        assert_eq!(read.fingerprint(purpose), secret.fingerprint(purpose));
        for other in kinds.into_iter().filter(|other| *other != purpose) {
            assert_ne!(secret.fingerprint(other), secret.fingerprint(purpose));
        }
        for wrong in [&text[1..], &text[..text.len() - 1], &format!("{text}A"), &format!(" {text}"), ""] {
            assert!(Secret::parse(wrong, purpose).is_none(), "{wrong}");
        }
    }
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    // The last sign of the text has two bits that say nothing; only one spelling is the secret.
    let text = secret.text(Purpose::Session);
    let spelling = format!("{}{}", &text[..42], 'V');
    assert_ne!(spelling, text);
    assert!(Secret::parse(&spelling, Purpose::Session).is_none());
}

/// AUTHN-013: digests are read from the database as they were written there.
#[test]
fn fingerprints_are_read_as_written() {
    let fingerprint = Secret::from_bytes([3; 32]).fingerprint(Purpose::Api);
    assert_eq!(fingerprint.to_string().parse::<Fingerprint>(), Ok(fingerprint));
    assert_eq!(fingerprint.to_string().len(), 64);
    for text in ["", "00", &fingerprint.to_string().to_uppercase(), &"g".repeat(64)] {
        assert_eq!(text.parse::<Fingerprint>(), Err(FingerprintError), "{text}");
    }
}

/// AUTHN-016: days and hours are those of Japan.
#[test]
fn hours_are_japanese() {
    let office: Hours = "月-金 08:30-18:00, 土 09:00-12:00".parse().unwrap();
    let night: Hours = "金 22:00-06:00".parse().unwrap();
    for (utc, in_office, at_night) in [
        // Tuesday 08:29, 08:30, 17:59 and 18:00 in Japan.
        ("2026-11-23T23:29:59Z", false, false),
        ("2026-11-23T23:30:00Z", true, false),
        ("2026-11-24T08:59:59Z", true, false),
        ("2026-11-24T09:00:00Z", false, false),
        // Friday 22:00, Saturday 05:59, 06:00, 09:00, 12:00; Sunday 05:00.
        ("2026-11-27T13:00:00Z", false, true),
        ("2026-11-27T20:59:00Z", false, true),
        ("2026-11-27T21:00:00Z", false, false),
        ("2026-11-28T00:00:00Z", true, false),
        ("2026-11-28T03:00:00Z", false, false),
        ("2026-11-28T20:00:00Z", false, false),
    ] {
        assert_eq!((office.allow(at(utc)), night.allow(at(utc))), (in_office, at_night), "{utc}");
        assert!(Hours::always().allow(at(utc)));
    }
}

/// AUTHN-016: hours are written as people write them, and shown in one way.
#[test]
fn hours_are_read_and_shown() {
    for (typed, shown) in [
        ("常時", "常時"),
        ("月-金 08:30-18:00", "月-金 08:30-18:00"),
        ("月〜金　８：３０～１８：００、土曜日 9:00-12:00", "月-金 08:30-18:00, 土 09:00-12:00"),
        ("月・水・金 13:00-17:00", "月水金 13:00-17:00"),
        ("毎日 00:00-24:00", "毎日 00:00-24:00"),
        ("土-月 10:00-11:00", "月土日 10:00-11:00"),
        ("日 22:00-06:00\n月火 1:00-2:00", "日 22:00-06:00, 月火 01:00-02:00"),
    ] {
        let hours: Hours = typed.parse().unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!(hours.to_string(), shown);
        assert_eq!(shown.parse::<Hours>(), Ok(hours));
    }
    let text = str::to_owned;
    for (typed, error) in [
        ("", HoursError::Empty),
        ("、", HoursError::Empty),
        ("いつでも", HoursError::Shape(text("いつでも"))),
        ("木曽 08:00-09:00", HoursError::Days(text("木曽"))),
        ("08:00-09:00", HoursError::Days(text(""))),
        ("月- 08:00-09:00", HoursError::Days(text("月-"))),
        ("月 08:00", HoursError::Times(text("08:00"))),
        ("月 08:00-25:00", HoursError::Times(text("08:00-25:00"))),
        ("月 08:60-09:00", HoursError::Times(text("08:60-09:00"))),
        ("月 24:00-09:00", HoursError::Times(text("24:00-09:00"))),
        ("月 09:00-09:00", HoursError::Nothing(text("09:00-09:00"))),
    ] {
        assert_eq!(typed.parse::<Hours>(), Err(error), "{typed}");
    }
}
