//! What belongs to the page and not to the table: titles, headings, page numbers, running heads.

use std::collections::HashMap;

use super::token::{self, Digits, Token};
use crate::lines::Line;

/// Why a line is no part of the table; `None` for lines that are, or may be.
pub fn reasons(lines: &[Line], digits: Digits) -> Vec<Option<&'static str>> {
    let mut reasons: Vec<Option<&'static str>> = lines.iter().map(|line| plain_reason(line, digits)).collect();
    // A head or foot of its own wording: printed again and again, always beside a page's end.
    let filled: Vec<usize> = (0..lines.len()).filter(|index| !lines[*index].cells.is_empty()).collect();
    let mut seen: HashMap<&str, (usize, usize)> = HashMap::new();
    for (place, &index) in filled.iter().enumerate() {
        let [cell] = lines[index].cells.as_slice() else { continue };
        if reasons[index].is_some() || token::of(&cell.plain, digits) != Token::Free || cell.plain.ends_with('。') {
            continue;
        }
        let beside =
            |place: Option<usize>| place.and_then(|place| filled.get(place)).is_none_or(|i| reasons[*i].is_some());
        let at_edge = lines[index].new_page || beside(place.checked_sub(1)) || beside(Some(place + 1));
        let (times, edges) = seen.entry(cell.plain.as_str()).or_default();
        *times += 1;
        *edges += usize::from(at_edge);
    }
    for &index in &filled {
        if let [cell] = lines[index].cells.as_slice()
            && seen.get(cell.plain.as_str()).is_some_and(|(times, edges)| *times >= 3 && times == edges)
        {
            reasons[index] = Some("頁ごとに繰り返される見出し");
        }
    }
    reasons
}

fn plain_reason(line: &Line, digits: Digits) -> Option<&'static str> {
    let first = line.cells.first()?;
    let dense: String = first.plain.chars().filter(|c| !c.is_whitespace()).collect();
    if line.cells.len() == 1 {
        if is_page_number(&dense) {
            return Some("頁番号");
        }
        if dense.starts_with("別紙") && dense.chars().count() <= 60 && !dense.contains('。') {
            return Some("表題");
        }
        if dense.ends_with("対応表") && dense.chars().count() <= 60 {
            return Some("表題");
        }
    }
    let heading = |plain: &str| token::of(plain, digits) == Token::Heading;
    let headings =
        line.cells.iter().filter(|cell| heading(&cell.plain) || words_are_headings(&cell.plain, digits)).count();
    (headings == line.cells.len()).then_some("表の見出し")
}

/// `大項目 小項目 No. 内容`, with nothing but single spaces between.
fn words_are_headings(plain: &str, digits: Digits) -> bool {
    plain.split_whitespace().all(|word| token::of(word, digits) == Token::Heading)
}

fn is_page_number(dense: &str) -> bool {
    let bare = dense.trim_matches(['-', '(', ')', '[', ']', 'p', 'P', '.', '頁']);
    let digits = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    match bare.split_once(['/', '／']) {
        Some((page, of)) => digits(page) && digits(of),
        None => digits(bare) || bare.strip_suffix("ページ").is_some_and(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_feet_are_told_from_rows() {
        let text = "別紙2 対応の表\n大項目\t小項目\tNo.\t内容\n\t\t①-1\t鍵をかける。\nある手引き\n- 1 -\n大項目 小項目 No. 内容\n\
                    \t\t①-2\t鍵を返す。\nある手引き\n2/3\nある手引き\n3/3\n";
        let lines = crate::lines::split(text);
        let found = reasons(&lines, Digits::Circled);
        let rows: Vec<usize> =
            (0..lines.len()).filter(|i| found[*i].is_none() && !lines[*i].cells.is_empty()).collect();
        assert_eq!(rows, [2, 6]);
    }
}
