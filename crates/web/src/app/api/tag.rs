//! Which revision a program has seen: the value of `ETag` and `If-Match`.

use std::fmt;

use axum::http::{HeaderMap, header};
use shirube_trail::Digest;

use super::problem::{FieldError, Problem};

/// Digits of a revision's digest that stand in a tag.
const DIGITS: usize = 16;

/// The form of a tag, for the reference.
pub const PATTERN: &str = r#"^"[1-9][0-9]{0,8}-[0-9a-f]{16}(-[a-z]+)?"$"#;

/// A revision of a service; where its state matters, with that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub revision: u64,
    digest: String,
    pub state: Option<String>,
}

impl Tag {
    pub fn new(revision: u64, digest: Digest) -> Self {
        Self { revision, digest: digest.to_string()[..DIGITS].to_owned(), state: None }
    }

    pub fn with_state(self, state: &str) -> Self {
        Self { state: Some(state.to_owned()), ..self }
    }

    /// Whether it names this very revision.
    pub fn names(&self, digest: Digest) -> bool {
        digest.to_string().starts_with(&self.digest)
    }

    /// What `If-Match` says. Without it nothing is changed: somebody else's work could be lost.
    pub fn required(headers: &HeaderMap) -> Result<Self, Problem> {
        let Some(value) = headers.get(header::IF_MATCH) else {
            return Err(Problem::new(
                "match-required",
                "If-Match に、読んだときの ETag の値を付けてください。何も変更していません。",
            ));
        };
        value.to_str().ok().and_then(Self::parse).ok_or_else(|| {
            let text = "ETag の値を、引用符も含めてそのまま一つ書いてください（例: \"3-0123456789abcdef\"）。";
            Problem::unreadable(vec![FieldError::of("If-Match", text)])
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix('"')?.strip_suffix('"')?;
        let mut parts = inner.split('-');
        let (number, digest, state) = (parts.next()?, parts.next()?, parts.next());
        let well_formed = digest.len() == DIGITS
            && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            && number.len() < 10
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !number.starts_with('0')
            && state.is_none_or(|state| !state.is_empty() && state.bytes().all(|byte| byte.is_ascii_lowercase()))
            && parts.next().is_none();
        let tag = Self { revision: number.parse().ok()?, digest: digest.to_owned(), state: state.map(str::to_owned) };
        well_formed.then_some(tag)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.as_ref().map(|state| format!("-{state}")).unwrap_or_default();
        write!(f, "\"{}-{}{state}\"", self.revision, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_as_it_was_written_and_nothing_else_is() {
        let tag = Tag::new(12, Digest::of(b"x"));
        assert_eq!(Tag::parse(&tag.to_string()), Some(tag.clone()));
        let with_state = tag.with_state("checked");
        assert_eq!(Tag::parse(&with_state.to_string()), Some(with_state));
        for wrong in ["*", "", "\"\"", "\"01-0123456789abcdef\"", "\"1-0123456789abcdeg\"", "\"1-0123456789abcdef-\""] {
            assert_eq!(Tag::parse(wrong), None, "{wrong}");
        }
    }
}
