//! What a cell of 別紙2 is, told from its own text.

use crate::import::Mark;

/// The kinds of cell that structure is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// `1. 人的・組織的対策`
    Major { major: u8, title: String },
    /// `1.1. 規程・手順の策定`
    Middle { major: u8, middle: u8, title: String },
    /// `①アクセス管理規定の策定`; `as_item` when printed like an item: `②-特権ID…`
    Minor { minor: u8, title: String, as_item: bool },
    /// `①-1`
    Id { minor: u8, branch: u8 },
    /// ◎ or ○
    Mark(Mark),
    /// `6.3 組織的安全管理対策`, `企画管理編 9.…`
    Section,
    /// `C.最低限のガイドライン …`
    Class,
    /// 該当なし
    Nothing,
    /// `-` in place of an entry.
    Dash,
    /// A heading of the table.
    Heading,
    /// Anything else: wording.
    Free,
}

/// How the text writes circled digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// ①-1
    Circled,
    /// 1-1, after a conversion that flattened them.
    Flat,
}

const HEADINGS: [&str; 10] = ["大項目", "中項目", "小項目", "No.", "No", "番号", "内容", "区分", "項番", "対策項目"];
const LONG_HEADINGS: [&str; 5] = [
    "対策項目で対応できるリスクシナリオ例",
    "対応項目で対応できるリスクシナリオ例",
    "対策項目により対策可能なリスクシナリオ例",
    "関連する医療情報安全管理ガイドライン要求事項",
    "関連する医療情報安全管理ガイドラインの要求事項",
];

/// Names the cell whose folded text this is.
pub fn of(plain: &str, digits: Digits) -> Token {
    let text = plain.trim();
    if let Some((minor, branch)) = id(text, digits) {
        return Token::Id { minor, branch };
    }
    match text {
        "◎" => return Token::Mark(Mark::Mandatory),
        "○" => return Token::Mark(Mark::Recommended),
        "-" | "--" | "ー" => return Token::Dash,
        _ => {}
    }
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if dense == "該当なし" || dense == "(該当なし)" {
        return Token::Nothing;
    }
    if is_heading(&dense) {
        return Token::Heading;
    }
    if is_class(&dense) {
        return Token::Class;
    }
    if let Some(token) = numbered(text) {
        return token;
    }
    if is_volume(&dense) {
        return Token::Section;
    }
    minor(text, digits).unwrap_or(Token::Free)
}

/// `①-1`, also with spaces inside.
pub fn id(text: &str, digits: Digits) -> Option<(u8, u8)> {
    let (minor, rest) = leading_minor(text, digits)?;
    let branch = rest.trim_start().strip_prefix('-')?.trim();
    let number = branch.len() <= 2 && branch.bytes().all(|b| b.is_ascii_digit());
    let branch = number.then(|| branch.parse().ok()).flatten().filter(|branch| *branch > 0)?;
    Some((minor, branch))
}

fn leading_minor(text: &str, digits: Digits) -> Option<(u8, &str)> {
    let first = text.chars().next()?;
    match (first, digits) {
        ('①'..='⑳', _) => Some((u8::try_from(first as u32 - '①' as u32).ok()? + 1, &text[first.len_utf8()..])),
        ('1'..='9', Digits::Flat) => {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            text[..end].parse().ok().filter(|number| *number <= 20).map(|number| (number, &text[end..]))
        }
        _ => None,
    }
}

fn minor(text: &str, digits: Digits) -> Option<Token> {
    let (minor, rest) = leading_minor(text, digits)?;
    let (rest, as_item) = match rest.trim_start().strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let title = rest.trim();
    let begins = title.chars().next()?;
    // `①-1～①-3における…`, `1.情報…` and `(1) …` are wording; so is a whole sentence.
    let wording = begins.is_ascii_digit()
        || matches!(begins, '.' | ',' | '~' | '～' | ')' | '、' | 'の' | 'に' | 'で' | 'を' | 'は');
    (!wording && !title.contains('。') && title.chars().count() <= 60).then(|| Token::Minor {
        minor,
        title: title.to_owned(),
        as_item,
    })
}

fn is_heading(dense: &str) -> bool {
    let piece = dense.chars().count() >= 5;
    HEADINGS.contains(&dense)
        || LONG_HEADINGS.iter().any(|heading| *heading == dense || piece && heading.contains(dense))
}

/// `C.最低限のガイドライン` and what follows it in the cell.
pub fn is_class(dense: &str) -> bool {
    let Some(rest) = dense.strip_prefix(['C', 'D']) else { return false };
    let rest = rest.strip_prefix(['.', ',', '、', '・', ':']).unwrap_or(rest);
    rest.starts_with("最低限") || rest.starts_with("推奨")
}

fn is_volume(dense: &str) -> bool {
    ["概説編", "経営管理編", "企画管理編", "システム運用編", "システム運用"].iter().any(|volume| {
        dense.strip_prefix(volume).is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()))
            && !dense.contains('。')
    })
}

/// `1. …対策`, `1.1. …`, `6.3 …`, `8.1.2 …`.
fn numbered(text: &str) -> Option<Token> {
    let (numbers, title) = numbers(text)?;
    let title = title.trim().to_owned();
    // A cell may name several sections, parted by a line; its beginning tells what it is.
    let head = title.split("---").next().unwrap_or_default();
    if head.contains('。') || head.chars().count() > 120 {
        return None;
    }
    match numbers[..] {
        [major @ 1..=3] if title.ends_with("対策") && title.chars().count() <= 12 => {
            Some(Token::Major { major, title })
        }
        [major @ 1..=3, middle] if !title.is_empty() => Some(Token::Middle { major, middle, title }),
        [4..=99, _] | [4..=99, _, _] if names_section(&title) => Some(Token::Section),
        _ => None,
    }
}

/// `6.11 外部と…` and `6.11` name a section; `6.11の規定` and `6.11 C項の6で…` speak of one.
fn names_section(title: &str) -> bool {
    let speaks = title.starts_with(|c: char| matches!(c, 'ぁ'..='ん' | '、' | ')' | '」' | '章' | '項' | '節'));
    !speaks && !title.starts_with("C項") && !title.starts_with("D項")
}

/// The dotted number a text begins with, and what follows it.
pub fn numbers(text: &str) -> Option<(Vec<u8>, &str)> {
    let mut numbers = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let Some(number) = rest[..end].parse().ok().filter(|_| end <= 2) else { break };
        numbers.push(number);
        rest = &rest[end..];
        // 「6．11」 is written with a wide full stop; folding has made it an ordinary one.
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None => break,
        }
    }
    (!numbers.is_empty()).then_some((numbers, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::plain;

    fn token(text: &str) -> Token {
        of(&plain(text), Digits::Circled)
    }

    #[test]
    fn structure_is_told_from_wording() {
        assert_eq!(token("⑫－１３"), Token::Id { minor: 12, branch: 13 });
        assert_eq!(token("3.技術的対策"), Token::Major { major: 3, title: "技術的対策".into() });
        assert_eq!(token("１．１０．鍵の管理"), Token::Middle { major: 1, middle: 10, title: "鍵の管理".into() });
        assert_eq!(token("②-鍵の台帳"), Token::Minor { minor: 2, title: "鍵の台帳".into(), as_item: true });
        assert_eq!(token("〇"), Token::Mark(Mark::Recommended));
        assert_eq!(token("6.6 人の対策 (1) 従業者"), Token::Section);
        assert_eq!(token("Ｃ．最低限のガイドライン 【場合】"), Token::Class);
        assert_eq!(token("リスクシナリオ例"), Token::Heading);
        for wording in ["①-1の鍵を返す。", "3.鍵を返すこと。", "(1) 鍵", "①-1～①-3について", "6.11の規定", "鍵"]
        {
            assert_eq!(token(wording), Token::Free, "{wording}");
        }
    }

    #[test]
    fn flattened_digits_are_ids_only_where_the_text_has_no_circles() {
        assert_eq!(of("1-2", Digits::Flat), Token::Id { minor: 1, branch: 2 });
        assert_eq!(of("1-2", Digits::Circled), Token::Free);
    }
}
