//! Whether a new password is good enough, and everything that speaks against it.

use std::fmt;

use super::common::is_common;
use super::hash::{Hash, verify};
use super::pattern::weight;
use super::policy::{LONGEST, LONGEST_TYPED, Policy, SHORTEST};
use super::{folded, normalised};

/// Below this many characters that are not runs, there is nothing to guess.
const LIGHTEST: usize = 6;
/// Shorter parts of names stand in too many words: `abe`, `ito`, `net`.
const SHORTEST_PART: usize = 4;
/// A part in kanji or kana says more than as many letters.
const SHORTEST_PART_JAPANESE: usize = 2;
/// So few changes make the same password again.
const FEWEST_CHANGES: usize = 3;
/// Parts of mail addresses that belong to nobody.
const NOBODYS: [&str; 6] = ["mail", "info", "hospital", "clinic", "example", "localhost"];

/// What a password is held against.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The name to sign in with.
    pub sign_in: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// The person's mail address, or nothing.
    pub mail: &'a str,
    /// Names of the organisation and its services.
    pub words: &'a [&'a str],
    /// The password in use, when the person has just typed it to change it.
    pub current: Option<&'a str>,
    /// Former passwords, the one in use first.
    pub former: &'a [Hash],
}

/// Where a word in a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    SignIn,
    Name,
    Mail,
    Organisation,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignIn => "ログインID",
            Self::Name => "氏名",
            Self::Mail => "メールアドレス",
            Self::Organisation => "組織やサービスの名前",
        })
    }
}

/// One thing that speaks against a password. The sentences never repeat the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    #[error("短すぎます。{shortest}文字以上にしてください（今は{found}文字です）。")]
    TooShort { shortest: usize, found: usize },
    #[error("長すぎます。{LONGEST}文字以内にしてください。")]
    TooLong,
    #[error(
        "文字の種類が足りません。英大文字・英小文字・数字・記号のうち{needed}種類以上を使ってください（今は{found}種類です）。"
    )]
    FewKinds { needed: u8, found: u8 },
    #[error("タブや改行などの制御文字は使えません。")]
    Control,
    #[error("多くの人が使うパスワードか、それに数字や記号を足しただけのものです。ほかの言葉を選んでください。")]
    Common,
    #[error("同じ文字の繰り返し、連番、キーの並び、年月日がほとんどを占めています。推測されにくいものにしてください。")]
    Monotonous,
    #[error("{0}に含まれる語が入っています。本人や組織のことから推測できる語は避けてください。")]
    Personal(Source),
    #[error("今のパスワードとほとんど同じです。別のものにしてください。")]
    Similar,
    #[error("最近使ったパスワードです。直近の{history}回に使ったものは使えません。")]
    Former { history: usize },
}

/// Checks a new password. All that speaks against it comes at once, but for former passwords: holding it against those
/// takes as long as signing in several times, and is done only when nothing else is wrong.
pub fn check(policy: &Policy, candidate: &str, context: &Context<'_>) -> Result<(), Vec<Weakness>> {
    if candidate.len() > LONGEST_TYPED || normalised(candidate).chars().count() > LONGEST {
        return Err(vec![Weakness::TooLong]);
    }
    let password = normalised(candidate);
    let plain = folded(candidate);
    let mut found = form(policy, &password);
    let letters: Vec<char> = plain.chars().collect();
    if is_common(&plain) {
        found.push(Weakness::Common);
    } else if weight(&letters) < LIGHTEST {
        found.push(Weakness::Monotonous);
    }
    found.extend(personal(&plain, context).map(Weakness::Personal));
    if context.current.is_some_and(|current| is_similar(&plain, &folded(current))) {
        found.push(Weakness::Similar);
    }
    if found.is_empty() && context.former.iter().take(policy.history).any(|hash| verify(hash, candidate)) {
        found.push(Weakness::Former { history: policy.history });
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn form(policy: &Policy, password: &str) -> Vec<Weakness> {
    let mut found = Vec::new();
    let (length, shortest) = (password.chars().count(), policy.shortest.max(SHORTEST));
    if length < shortest {
        found.push(Weakness::TooShort { shortest, found: length });
    }
    let kinds: [fn(char) -> bool; 4] = [
        |character| character.is_uppercase(),
        |character| character.is_lowercase(),
        |character| character.is_ascii_digit(),
        |character| !character.is_uppercase() && !character.is_lowercase() && !character.is_ascii_digit(),
    ];
    let used = kinds.iter().filter(|kind| password.chars().any(kind)).count() as u8;
    if used < policy.kinds {
        found.push(Weakness::FewKinds { needed: policy.kinds, found: used });
    }
    if password.chars().any(char::is_control) {
        found.push(Weakness::Control);
    }
    found
}

/// Whose words stand in the password, forwards, backwards or with look-alikes for letters.
fn personal(plain: &str, context: &Context<'_>) -> impl Iterator<Item = Source> {
    let readings = [plain.to_owned(), plain.chars().rev().collect(), super::common::letters(plain)];
    let holds = |text: &str| parts(text).iter().any(|part| readings.iter().any(|reading| reading.contains(part)));
    let found = [
        (Source::SignIn, holds(context.sign_in)),
        (Source::Name, holds(context.name)),
        (Source::Mail, holds(context.mail)),
        (Source::Organisation, context.words.iter().any(|word| holds(word))),
    ];
    found.into_iter().filter(|(_, holds)| *holds).map(|(source, _)| source)
}

/// The parts of a name or an address that are long enough to say something.
fn parts(text: &str) -> Vec<String> {
    let text = normalised(text).to_lowercase();
    let shortest = |part: &str| if part.is_ascii() { SHORTEST_PART } else { SHORTEST_PART_JAPANESE };
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|part| part.chars().count() >= shortest(part) && !NOBODYS.contains(part))
        .map(str::to_owned)
        .collect()
}

/// Few changes apart, or the same letters with other digits and signs around them.
fn is_similar(plain: &str, current: &str) -> bool {
    let core = |text: &str| text.trim_matches(|character: char| !character.is_alphabetic()).to_owned();
    let same_core = core(plain) == core(current) && core(plain).chars().count() >= SHORTEST_PART;
    same_core || strsim::osa_distance(plain, current) < FEWEST_CHANGES
}
