//! Plain text as the text types of OSCAL: what people wrote never becomes markup.

/// `MarkupLine`: one line, with what would be Markdown escaped.
pub(crate) fn line(text: &str) -> String {
    escaped(&string(text))
}

/// `String`: one line without white space at its ends.
pub(crate) fn string(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `MarkupMultiline`: paragraphs stay, everything that would be Markdown is escaped.
pub(crate) fn multiline(text: &str) -> String {
    let lines = text.trim().lines().map(|line| unblocked(&escaped(line.trim())));
    lines.collect::<Vec<_>>().join("\n")
}

/// Text of any of these types as it is read: a stroke before punctuation only keeps that from being markup.
pub(crate) fn plain(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match rest.peek() {
            Some(next) if character == '\\' && next.is_ascii_punctuation() => made.extend(rest.next()),
            _ => made.push(character),
        }
    }
    made
}

/// Characters that could begin markup inside a line.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '~' | '^' | '{' | '&') {
            made.push('\\');
        }
        made.push(character);
    }
    made
}

/// The begin of a line that would be a heading, a quotation, a list or a rule.
fn unblocked(line: &str) -> String {
    let digits = line.find(|character: char| !character.is_ascii_digit()).unwrap_or(line.len());
    match line[digits..].chars().next() {
        Some('#' | '>' | '-' | '+' | '=' | '|') if digits == 0 => format!("\\{line}"),
        Some('.' | ')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_becomes_markup() {
        for (text, expected) in [
            ("保存と*破棄*", r"保存と\*破棄\*"),
            ("# 見出し\n1. 一つ目", "\\# 見出し\n1\\. 一つ目"),
            ("  3.4①-14 を見る ", "3\\.4①-14 を見る"),
            ("{{ insert: param, x }}<b>", r"\{\{ insert: param, x }}\<b>"),
        ] {
            assert_eq!(multiline(text), expected);
        }
        assert_eq!(line("一行目\n 二行目_"), r"一行目 二行目\_");
        for text in ["保存と*破棄*", "# 見出し\n1. 一つ目", r"C:\*", "a_b [c]"] {
            assert_eq!(plain(&multiline(text)), text);
        }
        assert_eq!(string(" a\t b\u{3000}"), "a b");
    }
}
