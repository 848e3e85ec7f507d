//! What counts as written.

/// Whether a text says nothing: spaces of any width are no reason and no name.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether nothing is written.
pub(crate) fn nothing(text: Option<&String>) -> bool {
    text.is_none_or(|text| is_blank(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_of_any_width_say_nothing() {
        assert!(["", " ", "\u{3000}", " \t\u{3000}\n"].into_iter().all(is_blank));
        assert!(!is_blank("\u{3000}理由"));
    }
}
