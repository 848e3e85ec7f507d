//! Widths and line breaks of text, without opening a font file.

/// Advance widths of ASCII 0x20 to 0x7E in 1/2048 em: the wider of BIZ UDPGothic Regular and Bold.
const ASCII: [u16; 95] = [
    683, 758, 1065, 1925, 1638, 2048, 1864, 655, 1034, 1044, 1024, 1720, 676, 983, 676, 1024, 1556, 1290, 1556, 1556,
    1556, 1556, 1556, 1556, 1556, 1556, 696, 696, 1720, 1720, 1720, 1638, 2007, 1597, 1577, 1659, 1741, 1434, 1372,
    1761, 1720, 901, 1147, 1556, 1249, 2048, 1720, 1802, 1556, 1843, 1556, 1495, 1434, 1761, 1556, 2048, 1679, 1516,
    1536, 1126, 1024, 1126, 1024, 625, 1024, 1352, 1495, 1311, 1495, 1413, 1044, 1372, 1475, 655, 819, 1352, 737, 1966,
    1475, 1434, 1495, 1495, 1004, 1208, 1004, 1475, 1229, 1843, 1270, 1311, 1188, 1106, 901, 1106, 1024,
];

/// Width of one character in em; never less than what the font takes.
fn advance(c: char) -> f64 {
    match c {
        ' '..='~' => f64::from(ASCII[c as usize - 0x20]) / 2048.0,
        '（' | '）' | '「' | '」' | '『' | '』' | '［' | '］' | '〔' | '〕' | '・' | '：' => 0.5,
        '、' | '。' => 0.6,
        '\u{3000}' => 0.67,
        '\u{ff61}'..='\u{ff9f}' => 0.5,
        _ => 1.0,
    }
}

/// Width of a line in the unit of `size`.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// Breaks a text into lines not wider than `limit`, after the rules that Japanese readers expect: no closing
/// mark at the start of a line, no opening bracket at its end, Latin words kept whole where they fit.
///
/// Lines end after a particle where that costs no additional line, and are about equally long otherwise.
pub(super) fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    let text: Vec<char> = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let limit = limit / size;
    let plain = lines(&text, limit, breakable);
    if plain.len() < 2 {
        return plain;
    }
    let phrases = lines(&text, limit, |before, after| breakable(before, after) && ends_phrase(before, after));
    if phrases.len() <= plain.len() && is_sound(&phrases) {
        return phrases;
    }
    let whole_words = |part: i32| {
        lines(&text, limit * f64::from(part) / 20.0, |before, after| {
            breakable(before, after) && !(katakana(before) && katakana(after))
        })
    };
    (10..=20).map(whole_words).find(|lines| lines.len() <= plain.len() && is_sound(lines)).unwrap_or(plain)
}

/// Whether no line had to be broken where none may be.
fn is_sound(lines: &[String]) -> bool {
    lines.windows(2).all(|pair| match (pair[0].chars().last(), pair[1].chars().next()) {
        (Some(before), Some(after)) => breakable(before, after),
        _ => true,
    })
}

fn lines(text: &[char], limit_em: f64, may_break: impl Fn(char, char) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = line_end(text, start, limit_em, &may_break);
        lines.push(text[start..end].iter().collect::<String>().trim_end().to_owned());
        start = end;
        while text.get(start) == Some(&' ') {
            start += 1;
        }
    }
    lines
}

/// Where the line that begins at `start` ends.
fn line_end(text: &[char], start: usize, limit_em: f64, may_break: &impl Fn(char, char) -> bool) -> usize {
    let mut used = 0.0;
    let mut fits = start;
    while fits < text.len() {
        used += advance(text[fits]);
        if limit_em < used && start < fits {
            break;
        }
        fits += 1;
    }
    if fits == text.len() {
        return fits;
    }
    (start + 1..=fits).rev().find(|&at| may_break(text[at - 1], text[at])).unwrap_or(fits)
}

/// Whether a phrase is likely to end here: a particle before a new word, or a remark in brackets.
fn ends_phrase(before: char, after: char) -> bool {
    let hiragana = |c: char| ('\u{3041}'..='\u{309f}').contains(&c);
    before == ' '
        || "（(［〔".contains(after)
        || "）)、。／/".contains(before)
        || (hiragana(before) && !hiragana(after))
}

fn katakana(c: char) -> bool {
    ('\u{30a1}'..='\u{30fc}').contains(&c)
}

fn breakable(before: char, after: char) -> bool {
    let opens = |c| "（「『［〔【([".contains(c);
    let closes = |c| "）」』］〕】)]、。，．,.・：；！？!?ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ％%".contains(c);
    let latin = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    !(opens(before) || closes(after) || latin(before) && latin(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_in_brackets_gets_its_own_line() {
        assert_eq!(wrap("電子カルテサーバ（本番環境）", 1.0, 12.0), ["電子カルテサーバ", "（本番環境）"]);
    }

    #[test]
    fn no_line_starts_with_a_closing_mark_and_no_word_is_cut() {
        assert_eq!(wrap("あいうえ。かき", 1.0, 4.0), ["あいう", "え。かき"]);
        assert_eq!(wrap("IPsec VPN", 1.0, 5.0), ["IPsec", "VPN"]);
    }

    #[test]
    fn every_character_is_kept_even_where_nothing_fits() {
        assert_eq!(wrap("あいう", 1.0, 0.1).concat(), "あいう");
        assert_eq!(wrap("ABCDEFGH", 1.0, 2.0).concat(), "ABCDEFGH");
        assert!(wrap("", 1.0, 2.0).is_empty());
    }
}
