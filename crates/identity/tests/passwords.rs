//! Passwords: what is refused and why, and how they are kept.

use chrono::{DateTime, TimeDelta, Utc};
use shirube_identity::password::{
    Context, Hash, HashError, LONGEST, Policy, PolicyFault, Source, Weakness, check, hash, verify, verify_unknown,
};

fn weaknesses(password: &str, context: &Context<'_>) -> Vec<Weakness> {
    check(&Policy::default(), password, context).err().unwrap_or_default()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// AUTHN-005: length and kinds of characters.
#[test]
fn length_and_kinds_are_asked_for() {
    let short = |found| Weakness::TooShort { shortest: 8, found };
    let kinds = |found| Weakness::FewKinds { needed: 3, found };
    for (password, expected) in [
        ("Gw7#kx", vec![short(6)]),
        ("Gw7#kxmp", vec![]),
        ("gw7kxmpv", vec![kinds(2)]),
        ("gwtkxmpv", vec![kinds(1)]),
        ("gw7#kxmp", vec![]),
        ("GW7#KXMP", vec![]),
        ("みずうみと7つのRose", vec![]),
        ("", vec![short(0), kinds(0), Weakness::Monotonous]),
        ("Gw7#k\txmp", vec![Weakness::Control]),
        // Full-width is what it stands for: six characters, three kinds.
        ("Ｇｗ７＃ｋｘ", vec![short(6)]),
    ] {
        assert_eq!(weaknesses(password, &Context::default()), expected, "{password}");
    }
}

/// AUTHN-005: an organisation may ask for more, and never gets less than eight characters.
#[test]
fn an_organisation_may_ask_for_more() {
    let longer = Policy { shortest: 15, kinds: 4, ..Policy::default() };
    assert_eq!(
        check(&longer, "Gw7kxmpv", &Context::default()),
        Err(vec![Weakness::TooShort { shortest: 15, found: 8 }, Weakness::FewKinds { needed: 4, found: 3 }])
    );
    let careless = Policy { shortest: 1, kinds: 1, ..Policy::default() };
    assert_eq!(
        check(&careless, "Gw7#k", &Context::default()),
        Err(vec![Weakness::TooShort { shortest: 8, found: 5 }, Weakness::Monotonous])
    );
    assert_eq!(careless.faults(), [PolicyFault::Shortest(1)]);
    assert_eq!(
        Policy { shortest: 200, kinds: 5, history: 0, expires_after: Some(TimeDelta::zero()) }.faults().len(),
        4
    );
    assert_eq!(Policy::default().faults(), []);
}

/// AUTHN-005: common passwords are refused with what people do to them, in Japanese and in English.
#[test]
fn common_passwords_and_their_variations_are_refused() {
    for password in [
        "Password1",
        "P@ssw0rd",
        "P@ssw0rd2024!",
        "passWORD!!",
        "Pa55w0rd123",
        "Welcome1!",
        "Dragon2023",
        "Letmein!1",
        "Sakura2024!",
        "$akura0401",
        "Sakur4!!",
        "Sakurasakura1",
        "Byouin123!",
        "Byoin#2025",
        "Kanagawa1!",
        "Iryou2026!",
        "Iryoujouhou1!",
        "Hokkaido#1",
        "Tokyo2020!",
        "Toukyou2020",
        "Hanako19800401!",
        "Yamadatarou1!",
        "Kangoshi01#",
        "Karute1234!",
        "Reiwa0006!",
        "1qaz2wsX!",
        "1q2w3e4R!",
        "Qwerty123!",
        "Arukas2024!",
        "!!!Admin2025!!!",
        "Kensyu2026#",
        "Ｓａｋｕｒａ２０２４！",
        "Shinryoujo_1",
        "Sinryouzyo_1",
        "DROWSSAP1!",
    ] {
        assert!(weaknesses(password, &Context::default()).contains(&Weakness::Common), "{password} went through");
    }
}

/// AUTHN-005: every word of the shipped Japanese list is refused with capitals, digits and signs.
#[test]
fn every_word_of_the_list_is_refused() {
    let list = include_str!("../lists/japanese.txt");
    let plain = list.lines().filter(|line| !line.starts_with('#') && !line.contains('×'));
    let mut words = 0;
    for word in plain.flat_map(str::split_whitespace).filter(|word| word.len() >= 4 && !word.contains('-')) {
        let (first, rest) = word.split_at(1);
        let dressed = format!("{}{rest}7!", first.to_uppercase());
        assert!(weaknesses(&dressed, &Context::default()).contains(&Weakness::Common), "{dressed} went through");
        words += 1;
    }
    assert!(words > 600, "{words}");
}

/// AUTHN-005: repetitions, sequences, keys in a row and dates are no passwords.
#[test]
fn runs_are_refused() {
    for password in [
        "Aaaaaaaa1!",
        "AAAA1111!",
        "Abcdefg1!",
        "Zyxwvut9!",
        "Abab1Abab1!",
        "19800401Aa!",
        "Ab1!Ab1!Ab1!",
        "Asdfghjk1!",
        "Mnbvcxz1234!",
        "!QAZ2wsx3edc",
        "Tgb%5tgb6yhn",
    ] {
        let found = weaknesses(password, &Context::default());
        assert!(found.contains(&Weakness::Monotonous) || found.contains(&Weakness::Common), "{password} went through");
    }
}

/// AUTHN-005: the rules leave room: phrases, generated passwords, words that only contain a common one.
#[test]
fn good_passwords_go_through() {
    for password in [
        "Gw7#kxmpQ2",
        "correct-Horse-7-battery",
        "Mizuumi.de.9.rakuda",
        "t4Kkyu!Borantia-kita",
        "夜明けのMetro は 5 両",
        "V9r!2mLq",
        "sakuranbo-to-Zetto-no-8-nin",
        "6f-Wq-Yb-9n",
        "xkcd!Wombat93Lute",
    ] {
        assert_eq!(weaknesses(password, &Context::default()), [], "{password}");
    }
    let longest: String = "Kp4-vQz9.".chars().cycle().take(LONGEST).collect();
    assert!(!weaknesses(&longest, &Context::default()).contains(&Weakness::TooLong));
    assert_eq!(weaknesses(&format!("{longest}x"), &Context::default()), [Weakness::TooLong]);
    assert_eq!(weaknesses(&"\u{FDFA}".repeat(100), &Context::default()), [Weakness::TooLong]);
}

/// AUTHN-005: checking takes bounded work whatever is typed.
#[test]
fn long_and_odd_input_is_judged() {
    for sign in ["1", "a", "あ", "1a", "12", "!", "\u{0}", "\u{1F600}", "ab1!"] {
        let text: String = sign.chars().cycle().take(LONGEST).collect();
        assert!(!weaknesses(&text, &Context::default()).is_empty(), "{sign}");
    }
}

/// AUTHN-005: nothing of the person or the organisation, also backwards or with look-alikes.
#[test]
fn personal_words_are_refused() {
    let context = Context {
        sign_in: "y.tanigawa",
        name: "谷川 ゆきえ",
        mail: "yukie.t@aozora-cl.example",
        words: &["医療法人あおぞら会", "Komorebi EHR"],
        ..Context::default()
    };
    for (password, source) in [
        ("Tanigawa#x82q", Source::SignIn),
        ("x82q#awaginat-K", Source::SignIn),
        ("t4n1gawa-X-82q", Source::SignIn),
        ("谷川-Vx82q#", Source::Name),
        ("Yukie-Vx82q#", Source::Mail),
        ("Vx82q#AOZORA", Source::Mail),
        ("komorebi-Vx82q#", Source::Organisation),
    ] {
        assert_eq!(weaknesses(password, &context), [Weakness::Personal(source)], "{password}");
    }
    assert_eq!(weaknesses("Vx82q#mWp", &context), []);
}

/// AUTHN-005, AUTHN-007: the next password is not the current one with another number.
#[test]
fn the_next_password_is_another_one() {
    let context = Context { current: Some("Komorebi-Vx82q#1"), ..Context::default() };
    for password in
        ["Komorebi-Vx82q#1", "Komorebi-Vx82q#2", "komorebi-vx82Q#1", "12#Komorebi-Vx82q9", "Komorebi-Vx82q#11"]
    {
        assert_eq!(weaknesses(password, &context), [Weakness::Similar], "{password}");
    }
    assert_eq!(weaknesses("Wp-Tsubute-93#k", &context), []);
}

/// AUTHN-007: as many of the last passwords as the policy says cannot come back.
#[test]
fn former_passwords_are_refused() {
    let old = ["Vx82q#mWp-a", "Kt93r!nXq-b", "Lu04s$oYr-c"];
    let former: Vec<Hash> = old.iter().enumerate().map(|(n, old)| hash(old, [n as u8; 16]).unwrap()).collect();
    let context = Context { former: &former, ..Context::default() };
    let policy = Policy { history: 2, ..Policy::default() };
    for (password, expected) in [
        (old[0], Err(vec![Weakness::Former { history: 2 }])),
        (old[1], Err(vec![Weakness::Former { history: 2 }])),
        (old[2], Ok(())),
        ("Mv15t%pZs-d", Ok(())),
    ] {
        assert_eq!(check(&policy, password, &context), expected, "{password}");
    }
}

/// AUTHN-006: only accounts without a second factor have to change their password after a time.
#[test]
fn passwords_expire_without_a_second_factor() {
    let set = at("2026-11-01T00:00:00Z");
    let policy = Policy::default();
    assert_eq!(policy.expires(set, false), Some(at("2026-12-31T00:00:00Z")));
    assert_eq!(policy.expires(set, true), None);
    assert_eq!(Policy { expires_after: None, ..policy }.expires(set, false), None);
}

/// AUTHN-012: salted Argon2id, verified on any keyboard; nothing of it shows in logs.
#[test]
fn hashes_verify_and_hide() {
    let salted = hash("Ｖｘ82q#mWp", [7; 16]).unwrap();
    assert!(salted.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", salted.as_str());
    assert!(verify(&salted, "Vx82q#mWp"));
    for wrong in ["vx82q#mWp", "Vx82q#mW", "Vx82q#mWp ", "", &"x".repeat(100_000)] {
        assert!(!verify(&salted, wrong), "{wrong}");
    }
    assert_ne!(hash("Vx82q#mWp", [8; 16]).unwrap(), salted);
    assert_eq!(salted.as_str().parse::<Hash>(), Ok(salted.clone()));
    assert_eq!(format!("{salted:?}"), "Hash(…)");
    assert_eq!(hash(&"x".repeat(LONGEST + 1), [7; 16]), Err(HashError::TooLong));
    assert!(!salted.needs_rehash());
}

/// AUTHN-012: a hash that another implementation made (the test vector of the reference one) is read and verified.
#[test]
fn hashes_of_other_parameters_still_verify() {
    let older: Hash =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc".parse().unwrap();
    assert!(verify(&older, "password") && !verify(&older, "Password"));
    assert!(older.needs_rehash());
}

/// AUTHN-013: what was changed in the database into something that is no hash of ours is refused, not computed.
#[test]
fn foreign_hashes_are_refused() {
    for text in [
        "",
        "plain",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=1000000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ",
        "$argon2id$v=19$m=65536,t=2,p=1",
    ] {
        assert_eq!(text.parse::<Hash>(), Err(HashError::Unreadable), "{text}");
    }
}

/// AUTHN-011: where there is no account, the same work is done and the answer is no.
#[test]
fn an_unknown_account_costs_the_same() {
    let decoy = Hash::decoy();
    assert_eq!(decoy.as_str().parse::<Hash>(), Ok(decoy.clone()));
    assert!(!decoy.needs_rehash());
    let known = hash("Vx82q#mWp", [7; 16]).unwrap();
    assert_eq!(known.as_str().len(), decoy.as_str().len());
    assert!(verify_unknown(Some(&known), "Vx82q#mWp"));
    assert!(!verify_unknown(Some(&known), "other"));
    assert!(!verify_unknown(None, "Vx82q#mWp"));
}

/// AUTHN-005: each weakness says what to do, in one natural sentence or more, and never repeats the password.
#[test]
fn weaknesses_are_sentences() {
    let context = Context { name: "谷川 ゆきえ", current: Some("谷川1"), ..Context::default() };
    for password in ["谷川1", "aaaaaaaa", "Password1"] {
        for weakness in weaknesses(password, &context) {
            let text = weakness.to_string();
            assert!(text.ends_with('。') && !text.contains(password), "{text}");
        }
    }
}
