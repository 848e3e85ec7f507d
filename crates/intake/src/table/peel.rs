//! Cells that lost their separators: `①-1 鍵をかける。 ◎ 鍵が盗まれる。 6.4 … C.最低限… 1.…` in one piece.

use super::token::{self, Digits, Token};
use crate::lines::{Cell, Line};

/// Parts the cells of a line whose separators keep no columns. Cells of sheets and tab-separated text stay whole.
pub fn peel(line: &Line, digits: Digits) -> Vec<Cell> {
    let whole = |cell: &Cell| cell.column.is_some() || !cell.plain.contains(' ');
    line.cells.iter().flat_map(|cell| if whole(cell) { vec![cell.clone()] } else { parts(cell, digits) }).collect()
}

struct Word<'a> {
    text: &'a str,
    token: Token,
}

fn parts(cell: &Cell, digits: Digits) -> Vec<Cell> {
    let words: Vec<Word> = cell
        .text
        .split_whitespace()
        .map(|text| Word { text, token: token::of(&crate::fold::plain(text), digits) })
        .collect();
    let is = |at: usize, test: fn(&Token) -> bool| words.get(at).is_some_and(|word| test(&word.token));
    // Titles may stand before the number; anything else there means that this is wording.
    let id = (0..words.len()).find(|at| is(*at, |token| matches!(token, Token::Id { .. })));
    let id = id.filter(|id| *id == 0 || starts_title(&words[0]));
    let class = words.iter().position(|word| word.token == Token::Class);
    let section = section_start(&words, class);
    if id.is_none() && section.is_none() && class.is_none() {
        return vec![cell.clone()];
    }
    let mut cuts = vec![0];
    if let Some(id) = id {
        cuts.extend((1..id).filter(|at| starts_title(&words[*at])));
        cuts.extend([id, id + 1]);
    }
    let after = id.map_or(0, |id| id + 1);
    let mark = (after..words.len()).find(|at| is(*at, |token| matches!(token, Token::Mark(_) | Token::Nothing)));
    let mark = mark.filter(|mark| section.is_none_or(|section| *mark < section));
    if let Some(mark) = mark {
        cuts.extend([mark, mark + 1]);
        let nothing = (mark + 1..words.len()).find(|at| is(*at, |token| *token == Token::Nothing));
        cuts.extend(nothing.into_iter().flat_map(|at| at..words.len()));
    } else if let (Some(id), Some(section)) = (id, section)
        && section > id + 2
    {
        // No mark: the last piece before the section is the scenario, if it is a sentence of its own.
        let sentence = words[section - 1].text.ends_with('。') && words[section - 2].text.ends_with('。');
        cuts.extend(sentence.then_some(section - 1));
    }
    cuts.extend(section);
    cuts.extend(class.filter(|class| section.is_none_or(|section| section < *class)));
    cuts.push(words.len());
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |pair: &[usize]| {
        let text: Vec<&str> = words[pair[0]..pair[1]].iter().map(|word| word.text).collect();
        Cell::new(None, &text.join(" "))
    };
    cuts.windows(2).filter_map(piece).collect()
}

fn starts_title(word: &Word) -> bool {
    let dotted =
        |text: &str| matches!(token::numbers(text), Some((numbers, _)) if numbers.len() == 2 && numbers[0] <= 3);
    matches!(word.token, Token::Middle { .. } | Token::Minor { .. } | Token::Major { .. })
        || dotted(&crate::fold::plain(word.text))
}

/// Where the section begins: the last number like `6.3` before the class with no sentence between, or one near the end.
fn section_start(words: &[Word], class: Option<usize>) -> Option<usize> {
    let end = class.unwrap_or(words.len());
    let numbered = |text: &str| {
        matches!(token::numbers(&crate::fold::plain(text)), Some((numbers, rest))
            if numbers.len() >= 2 && numbers[0] >= 4 && !rest.starts_with(['章', '項', '節']))
    };
    let start = (0..end).rev().find(|at| numbered(words[*at].text))?;
    let sentence = words[start..end].iter().any(|word| word.text.contains('。'));
    (!sentence && end - start <= 8).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peeled(text: &str) -> Vec<String> {
        let line = crate::lines::split(text).remove(0);
        peel(&line, Digits::Circled).into_iter().map(|cell| cell.text).collect()
    }

    #[test]
    fn a_row_with_single_spaces_is_cut_at_its_structure() {
        assert_eq!(
            peeled(
                "1.1. 鍵 ①鍵の管理 ①-1 鍵をかける。 ・例 ◎ 鍵が盗まれる。 6.4 物の対策 C.最低限のガイドライン 1.施錠すること。"
            ),
            [
                "1.1. 鍵",
                "①鍵の管理",
                "①-1",
                "鍵をかける。 ・例",
                "◎",
                "鍵が盗まれる。",
                "6.4 物の対策",
                "C.最低限のガイドライン 1.施錠すること。"
            ]
        );
        assert_eq!(peeled("①-2 ①-1の鍵を返す。 ◎"), ["①-2", "①-1の鍵を返す。", "◎"]);
        assert_eq!(
            peeled("①-1 鍵。 鍵が盗まれる。 6.4 物 C.最低限 1.鍵"),
            ["①-1", "鍵。", "鍵が盗まれる。", "6.4 物", "C.最低限 1.鍵"]
        );
        assert_eq!(peeled("①-1 鍵。 ◎ 鍵が盗まれる。 該当なし - -")[4..], ["該当なし", "-", "-"]);
    }

    #[test]
    fn wording_with_spaces_stays_whole() {
        for text in ["鍵の台帳 及び ①-1 の鍵", "・ 6.4 の鍵を使う。 返す。"] {
            assert_eq!(peeled(text), [text]);
        }
    }
}
