//! Names to sign in with, and names of people.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

const SHORTEST: usize = 3;
const LONGEST: usize = 64;

/// The name somebody signs in with: small letters, digits, `.`, `_`, `-` and `@`, 3 to 64 of them.
///
/// Full-width letters and capitals are read as what they stand for, so that a person finds the own account on any
/// keyboard and two accounts never differ by that. Only ASCII letters: look-alikes of other scripts would make two
/// names that nobody can tell apart (AUTHN-019).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignInName(String);

/// Why a text is no name to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInNameError {
    #[error("ログインIDは{SHORTEST}文字以上{LONGEST}文字以内にしてください（今は{0}文字です）。")]
    Length(usize),
    #[error("ログインIDに「{0}」は使えません。英字・数字と「.」「_」「-」「@」を使ってください。")]
    Character(char),
    #[error("ログインIDに空白や制御文字は使えません。英字・数字と「.」「_」「-」「@」を使ってください。")]
    Blank,
    #[error("ログインIDは英字か数字で始め、英字か数字で終えてください。")]
    Edge,
}

impl FromStr for SignInName {
    type Err = SignInNameError;

    fn from_str(text: &str) -> Result<Self, SignInNameError> {
        let name: String = text.nfkc().collect::<String>().trim().to_lowercase();
        let allowed = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || ".-_@".contains(character)
        };
        if let Some(character) = name.chars().find(|character| !allowed(*character)) {
            let invisible = character.is_whitespace() || is_invisible(character);
            return Err(if invisible { SignInNameError::Blank } else { SignInNameError::Character(character) });
        }
        if !(SHORTEST..=LONGEST).contains(&name.len()) {
            return Err(SignInNameError::Length(name.len()));
        }
        let edge = |character: Option<char>| character.is_some_and(|c| c.is_ascii_alphanumeric());
        if !edge(name.chars().next()) || !edge(name.chars().last()) {
            return Err(SignInNameError::Edge);
        }
        Ok(Self(name))
    }
}

impl SignInName {
    /// The name as it is stored and compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SignInName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a person as the person writes it, up to 64 characters.
///
/// Variants of characters (髙, 﨑, compatibility ideographs) stay as they are, since they are part of the name; what two
/// keyboards write differently for the same kana becomes one. Between the parts stands one space, full-width unless
/// the whole name is ASCII.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

/// Why a text is no name of a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonNameError {
    #[error("氏名を入力してください。")]
    Empty,
    #[error("氏名は{LONGEST}文字以内にしてください（今は{0}文字です）。")]
    TooLong(usize),
    #[error("氏名に、目に見えない制御文字が入っています。入力し直してください。")]
    Invisible,
}

impl FromStr for PersonName {
    type Err = PersonNameError;

    fn from_str(text: &str) -> Result<Self, PersonNameError> {
        if text.trim().chars().any(|character| is_invisible(character) && !character.is_whitespace()) {
            return Err(PersonNameError::Invisible);
        }
        let space = if text.is_ascii() { " " } else { "\u{3000}" };
        let name = composed(&text.split_whitespace().collect::<Vec<_>>().join(space));
        match name.chars().count() {
            0 => Err(PersonNameError::Empty),
            length if length > LONGEST => Err(PersonNameError::TooLong(length)),
            _ => Ok(Self(name)),
        }
    }
}

impl PersonName {
    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// NFC, except for compatibility ideographs, which NFC would replace by the common form.
fn composed(text: &str) -> String {
    let keeps = |character: char| matches!(character, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}');
    let mut name = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(keeps) {
        name.extend(rest[..at].nfc());
        let kept = rest[at..].chars().next().map_or(0, char::len_utf8);
        name.push_str(&rest[at..at + kept]);
        rest = &rest[at + kept..];
    }
    name.extend(rest.nfc());
    name
}

/// Controls, and marks that change direction or join without being seen: they make one name look like another. The
/// selectors of ideographic variants are seen.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{61C}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
        )
}
