//! Which requirement a cell cites: section, class, item and case, out of `7.1 …`, `C.… 【…】 (5) …`, `3. …`.

use super::draft::Cite;
use super::token;
use crate::fold::plain;
use crate::import::Reference;

/// The requirements of one printed cell group; several where the cell holds several, parted by `-----`.
pub fn references(cite: &Cite) -> Vec<Reference> {
    let sections = blocks(&cite.section);
    let classes = blocks(&cite.class);
    let texts = blocks(&cite.text);
    let last = |parts: &[String], at: usize| parts.get(at).or(parts.last()).cloned().unwrap_or_default();
    let count = sections.len().max(1);
    let mut found = Vec::new();
    for at in 0..count {
        // A cell that holds all blocks in one piece gives what is left to the last section.
        let text = if at + 1 == count { texts.get(at..).unwrap_or_default().join(" ") } else { last(&texts, at) };
        let class = if at + 1 == count { classes.get(at..).unwrap_or_default().join(" ") } else { last(&classes, at) };
        let class = if class.is_empty() { last(&classes, at) } else { class };
        block(&last(&sections, at), &class, &text, &mut found);
    }
    found
}

fn blocks(cell: &str) -> Vec<String> {
    let parts = plain(cell);
    let mut blocks: Vec<String> = Vec::new();
    for part in parts.split("---").map(|part| part.trim_matches(['-', ' ', '\n'])).filter(|part| !part.is_empty()) {
        blocks.push(part.to_owned());
    }
    blocks
}

fn block(section: &str, class: &str, text: &str, into: &mut Vec<Reference>) {
    let section = section_number(section);
    let marked = marked_parts(text);
    if !marked.is_empty() {
        for (letter, part) in marked {
            lettered(&section, letter, part, into);
        }
        return;
    }
    let (letter, rest) = class_letter(class);
    let (condition, rest) = bracketed(rest);
    let (prefix, after) = parenthesised(rest);
    let item = match (prefix, text.is_empty()) {
        // 「(5) 機器の管理 3. 作業を定める」 in one cell: the second number counts only inside a case.
        (Some(prefix), true) => {
            let nested = condition.is_some().then(|| after.split_whitespace().find_map(leading_number)).flatten();
            Some(nested.map_or(prefix.clone(), |number| format!("{prefix}-{number}")))
        }
        (Some(prefix), false) => Some(match leading_number(text) {
            Some(number) => format!("{prefix}-{number}"),
            None => prefix,
        }),
        (None, true) => item_number(rest),
        (None, false) => item_number(text),
    };
    if section.is_empty() && letter.is_none() && item.is_none() {
        return;
    }
    into.push(Reference { section, class: letter, item, condition });
}

/// `6.6(1)` of `6.6 人の対策 (1) 従業者`; `企画管理編.9` of `企画管理編 9.機器の管理`.
pub fn section_number(section: &str) -> String {
    let section = section.trim();
    if let Some((volume, rest)) = volume(section) {
        let number: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        return if number.is_empty() { volume.to_owned() } else { format!("{volume}.{number}") };
    }
    let Some((numbers, rest)) = token::numbers(section) else { return String::new() };
    let number = numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(".");
    let sub = rest.match_indices('(').find_map(|(at, _)| {
        let (inside, _) = rest[at + 1..].split_once(')')?;
        (inside.len() <= 2 && !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit())).then_some(inside)
    });
    sub.map_or(number.clone(), |sub| format!("{number}({sub})"))
}

fn volume(section: &str) -> Option<(&'static str, &str)> {
    const VOLUMES: [(&str, &str); 5] = [
        ("概説編", "概説編"),
        ("経営管理編", "経営管理編"),
        ("企画管理編", "企画管理編"),
        ("システム運用編", "システム運用編"),
        ("システム運用", "システム運用編"),
    ];
    VOLUMES.iter().find_map(|(printed, name)| section.strip_prefix(printed).map(|rest| (*name, rest)))
}

/// `C` and what follows the words of the class.
fn class_letter(class: &str) -> (Option<char>, &str) {
    let class = class.trim();
    let dense: String = class.chars().filter(|c| !c.is_whitespace()).collect();
    if !token::is_class(&dense) {
        return (None, class.trim_start_matches("【遵守事項】").trim_start());
    }
    let rest = class.find("ガイドライン").map_or("", |at| &class[at + "ガイドライン".len()..]);
    (class.chars().next(), rest.trim_start())
}

/// `【…】` at the start: the case, and what follows it.
fn bracketed(text: &str) -> (Option<String>, &str) {
    let found = text.strip_prefix('【').and_then(|rest| rest.split_once('】'));
    match found {
        Some((inside, rest)) if inside != "遵守事項" => (Some(inside.trim().to_owned()), rest.trim_start()),
        Some((_, rest)) => (None, rest.trim_start()),
        None => (None, text),
    }
}

/// `(5)` at the start, and what follows it.
fn parenthesised(text: &str) -> (Option<String>, &str) {
    let found = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    match found {
        Some((inside, rest))
            if inside.len() <= 2 && inside.bytes().all(|b| b.is_ascii_digit()) && !inside.is_empty() =>
        {
            (Some(format!("({inside})")), rest.trim_start())
        }
        _ => (None, text),
    }
}

/// `3` of `3.…`, `3(ア) …`, `3 …`.
fn leading_number(text: &str) -> Option<String> {
    let digits: String = text.trim_start().chars().take_while(char::is_ascii_digit).collect();
    let rest = &text.trim_start()[digits.len()..];
    let ends = rest.starts_with(['.', '(', ' ']) || rest.is_empty();
    (matches!(digits.len(), 1 | 2) && ends).then_some(digits)
}

fn item_number(text: &str) -> Option<String> {
    let text = text.trim_start();
    if let (Some(item), _) = parenthesised(text) {
        return Some(item);
    }
    if let Some(circled @ '①'..='⑳') = text.chars().next() {
        return Some(circled.to_string());
    }
    let number = leading_number(text)?;
    let rest = &text[number.len()..];
    match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((kana, _)) if kana.chars().count() == 1 => Some(format!("{number}({kana})")),
        _ => Some(number),
    }
}

/// `(C.最低限のガイドライン) … (D.推奨されるガイドライン) …` inside a wording.
fn marked_parts(text: &str) -> Vec<(char, &str)> {
    let mut starts: Vec<(usize, usize, char)> = Vec::new();
    for (at, _) in text.match_indices('(') {
        let Some((inside, _)) = text[at + 1..].split_once(')') else { continue };
        let dense: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
        if token::is_class(&dense) {
            starts.extend(inside.chars().next().map(|letter| (at, at + inside.len() + 2, letter)));
        }
    }
    let ends = starts.iter().skip(1).map(|start| start.0).chain([text.len()]);
    starts.iter().zip(ends).map(|((_, from, letter), to)| (*letter, text[*from..to].trim())).collect()
}

/// `③ …の場合 (エ) … (オ) …`: one requirement for each letter.
fn lettered(section: &str, class: char, part: &str, into: &mut Vec<Reference>) {
    let letters: Vec<(usize, char)> = part
        .match_indices('(')
        .filter(|(at, _)| part[..*at].chars().next_back().is_none_or(|before| before.is_whitespace() || before == '。'))
        .filter_map(|(at, _)| {
            let (inside, _) = part[at + 1..].split_once(')')?;
            let mut inside = inside.chars();
            let letter = inside.next().filter(|c| ('ア'..='ン').contains(c))?;
            inside.next().is_none().then_some((at, letter))
        })
        .collect();
    let head = letters.first().map_or(part, |(at, _)| &part[..*at]).trim();
    let circled = head.chars().next().filter(|c| ('①'..='⑳').contains(c));
    let number = circled.map(|c| (c as u32 - '①' as u32 + 1).to_string()).unwrap_or_default();
    let condition = circled.map(|c| head[c.len_utf8()..].trim().to_owned()).filter(|text| !text.is_empty());
    let reference =
        |item| Reference { section: section.to_owned(), class: Some(class), item, condition: condition.clone() };
    if letters.is_empty() {
        into.push(reference(item_number(part)));
    }
    into.extend(letters.iter().map(|(_, letter)| reference(Some(format!("{number}({letter})")))));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(section: &str, class: &str, text: &str) -> Vec<String> {
        let cite = Cite { section: section.into(), class: class.into(), text: text.into(), line: 1 };
        references(&cite).iter().map(Reference::id).collect()
    }

    #[test]
    fn references_take_the_spelling_of_the_catalog() {
        assert_eq!(ids("6.3 組織（体制）", "C.最低限のガイドライン", "３．鍵を返すこと。"), ["6.3.C.3"]);
        assert_eq!(ids("6.6 人 (1) 従業者", "D.推奨されるガイドライン", "1.鍵"), ["6.6(1).D.1"]);
        assert_eq!(
            ids("7.1 真", "C.最低限のガイドライン 【館内の場合】 (5) 品質", "3. 鍵"),
            ["7.1.C.(5)-3[館内の場合]"]
        );
        assert_eq!(ids("7.3 保", "D.推奨されるガイドライン 【館内の場合】 (2) 劣化", "鍵"), ["7.3.D.(2)[館内の場合]"]);
        assert_eq!(ids("7.2 見", "C.最低限のガイドライン", "(2) 鍵 1. 鍵"), ["7.2.C.(2)"]);
        assert_eq!(ids("8.1.2 外", "C.最低限のガイドライン", "3(ア) 鍵"), ["8.1.2.C.3(ア)"]);
        assert_eq!(ids("6.12 名", "C.最低限のガイドライン (3) 鍵を使うこと 1. 鍵", ""), ["6.12.C.(3)"]);
        assert_eq!(ids("6.11 外", "C.最低限のガイドライン", ""), ["6.11.C."]);
        assert_eq!(ids("企画管理編 9.機器の管理", "【遵守事項】", "⑤ 鍵"), ["企画管理編.9.⑤"]);
    }

    #[test]
    fn a_cell_in_blocks_gives_each_requirement() {
        let found = ids(
            "6.6 人 (2) 委託 ----- 8.1.2 外",
            "C.最低限のガイドライン ----- C.最低限のガイドライン D.最低限のガイドライン",
            "1.鍵 ① 返す ----- (C.最低限のガイドライン) ③ 借りた場所の場合 (エ) 鍵 (オ) 箱 (D.推奨されるガイドライン) (ウ) 錠",
        );
        let case = "[借りた場所の場合]";
        assert_eq!(
            found,
            ["6.6(2).C.1", &format!("8.1.2.C.3(エ){case}"), &format!("8.1.2.C.3(オ){case}"), "8.1.2.D.(ウ)"]
        );
    }
}
