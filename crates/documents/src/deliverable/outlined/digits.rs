//! Numbers as 例規 write them: one digit takes the width of a letter, several stay as they are.

use crate::content::{Block, Document};

/// Widens the single digits of what is printed; numbers of documents, sheets for machines and names stay as they are.
pub fn widen(document: &mut Document) {
    let made = |text: &mut String| *text = wide(text);
    made(&mut document.title);
    document.notices.iter_mut().for_each(made);
    if let Some(issued) = &mut document.meta.issued_on {
        made(&mut issued.printed);
    }
    document.meta.valid.iter_mut().for_each(made);
    for block in &mut document.blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Aligned { text, .. } => made(text),
            Block::Numbered { label, text, .. } => {
                made(label);
                made(text);
            }
            Block::List(items) => items.iter_mut().for_each(made),
            Block::Table(table) => {
                made(&mut table.caption);
                let cells = table.head.iter_mut().chain(&mut table.rows).flatten();
                cells.for_each(|cell| made(&mut cell.text));
            }
            Block::Contents | Block::Figure(_) | Block::PageBreak => {}
        }
    }
}

/// `第3条の2` as `第３条の２`; `第12条`, `R-A5`, `1.10` and `TLS 1.2` stay.
fn wide(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_part = |at: Option<usize>| {
        let letter = at.and_then(|at| letters.get(at));
        letter.is_some_and(|letter| letter.is_ascii_graphic() && !matches!(letter, '(' | ')'))
    };
    let widened = |(at, letter): (usize, &char)| match letter.to_digit(10) {
        Some(digit) if !is_part(at.checked_sub(1)) && !is_part(Some(at + 1)) => {
            char::from_u32('０' as u32 + digit).unwrap_or(*letter)
        }
        _ => *letter,
    };
    letters.iter().enumerate().map(widened).collect()
}

#[cfg(test)]
mod tests {
    use super::wide;

    #[test]
    fn one_digit_is_wide_and_several_are_not() {
        for (plain, expected) in [
            ("第3条の2", "第３条の２"),
            ("第12条第1項", "第12条第１項"),
            ("令和8年12月1日", "令和８年12月１日"),
            ("(3)", "(３)"),
            ("99.5%、R-A5、1.10、TLS1.2、5%", "99.5%、R-A5、1.10、TLS1.2、5%"),
        ] {
            assert_eq!(wide(plain), expected);
        }
    }
}
