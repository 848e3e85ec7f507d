//! The numbers of a checklist: `7.`, `(1)`, `①`, `(a)`.

use crate::import::Answered;

/// A number as far down as it goes: `7` with `(1)`, and which round of `(1) (2) …` it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// Number in the block.
    pub top: u8,
    /// `(1)`, `①`, `(a)`; empty for a number without parts.
    pub sub: String,
    /// How often the parts of this number began anew before.
    pub run: u8,
}

impl Label {
    /// `7(1)`, or `7(1)の2` for the second `(1)`.
    pub fn shown(&self) -> String {
        let run = if self.run > 0 { format!("の{}", self.run + 1) } else { String::new() };
        format!("{}{}{run}", self.top, self.sub)
    }

    /// The label of a catalog's question: section `7` and item `利用者(1)`, or item `3` alone.
    pub fn of_entry(section: &str, item: &str) -> Option<Self> {
        let Ok(top) = section.parse() else {
            return item.parse().ok().map(|top| Self { top, sub: String::new(), run: 0 });
        };
        // The second round has a name of its own in the catalog, as its numbers would be the same.
        let at = item.find(|c: char| c == '(' || ('①'..='⑳').contains(&c))?;
        Some(Self { top, sub: item[at..].to_owned(), run: u8::from(at > 0) })
    }
}

/// What a line begins with, and the rest of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Begins<'a> {
    pub top: Option<u8>,
    pub sub: Option<String>,
    pub done: Option<Answered>,
    pub rest: &'a str,
}

/// Reads number, part and box at the start of a folded line.
pub fn begins(plain: &str) -> Begins<'_> {
    let mut found = Begins { rest: plain.trim(), ..Begins::default() };
    if let Some((top, rest)) = top(found.rest) {
        (found.top, found.rest) = (Some(top), rest);
    }
    if let Some((sub, rest)) = sub(found.rest) {
        // 「①パスワード」 is an answer; a part stands alone, before a box, or after its number.
        let (done, after) = mark(rest);
        if rest.is_empty() || done.is_some() || found.top.is_some() && !after.is_empty() && sub.starts_with('(') {
            (found.sub, found.rest) = (Some(sub), rest);
        }
    }
    let (done, rest) = mark(found.rest);
    (found.done, found.rest) = (done, rest);
    found
}

fn top(text: &str) -> Option<(u8, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=2).contains(end))?;
    let rest = text[end..].strip_prefix('.')?;
    // 「6.11」 names a section, and 「1.5版」 is no number either.
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then(|| Some((text[..end].parse().ok()?, rest.trim_start())))?
}

fn sub(text: &str) -> Option<(String, &str)> {
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        return Some((first.to_string(), text[first.len_utf8()..].trim_start()));
    }
    let (inside, rest) = text.strip_prefix('(')?.split_once(')')?;
    let number = (1..=2).contains(&inside.len()) && inside.bytes().all(|b| b.is_ascii_digit());
    let letter = inside.len() == 1 && inside.bytes().all(|b| b.is_ascii_lowercase());
    (number || letter).then(|| (format!("({inside})"), rest.trim_start()))
}

/// The box at the start of a text.
pub fn mark(text: &str) -> (Option<Answered>, &str) {
    let first = text.chars().next();
    let done = match first {
        Some('■' | '☑' | '☒' | '✓' | '✔' | '◼') => Answered::Done,
        Some('□' | '☐' | '◻') => Answered::NotDone,
        _ => return (None, text),
    };
    (Some(done), text.trim_start_matches(['■', '☑', '☒', '✓', '✔', '◼', '□', '☐', '◻']).trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_parts_and_boxes_are_told_from_answers() {
        let shown = |text: &str| {
            let found = begins(text);
            (found.top, found.sub.unwrap_or_default(), found.done, found.rest.to_owned())
        };
        let done = Some(Answered::Done);
        assert_eq!(shown("3. ■ 施錠"), (Some(3), String::new(), done, "施錠".into()));
        assert_eq!(shown("7."), (Some(7), String::new(), None, String::new()));
        assert_eq!(shown("② ■ 電話"), (None, "②".into(), done, "電話".into()));
        assert_eq!(shown("(a)"), (None, "(a)".into(), None, String::new()));
        assert_eq!(shown("4.(a) □"), (Some(4), "(a)".into(), Some(Answered::NotDone), String::new()));
        for text in ["①施錠", "(1)施錠する。", "6.11 外部", "施錠"] {
            assert_eq!(begins(text), Begins { rest: text, ..Begins::default() }, "{text}");
        }
    }

    #[test]
    fn labels_of_the_catalog_are_the_printed_ones() {
        assert_eq!(Label::of_entry("", "10").unwrap().shown(), "10");
        assert_eq!(Label::of_entry("7", "(2)").unwrap().shown(), "7(2)");
        assert_eq!(Label::of_entry("7", "利用者(2)").unwrap().shown(), "7(2)の2");
        assert_eq!(Label::of_entry("1", "④").unwrap().shown(), "1④");
        assert_eq!(Label::of_entry("", "雑"), None);
    }
}
