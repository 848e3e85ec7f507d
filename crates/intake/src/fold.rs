//! Folding for comparison, and how alike two wordings are. What is printed is never changed by this.

use unicode_normalization::UnicodeNormalization;

/// The spelling used to compare: compatibility characters and 康熙部首 become ordinary ones, white space and
/// punctuation go, and letters that differ only by habit become one.
pub fn key(text: &str) -> String {
    text.nfkc().filter(|c| !is_noise(*c)).flat_map(char::to_lowercase).collect()
}

/// The text with compatibility characters replaced, everything else kept, circled digits as they are.
///
/// NFKC would turn ① into 1, and with it `①-2` into a plain number.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '①'..='⑳' | '…' => out.push(c),
            '―' | '−' | '－' | '‐' | '‑' | '–' | '—' | '─' => out.push('-'),
            '〇' | '◯' => out.push('○'),
            '\u{2e80}'..='\u{2fdf}' => out.extend(radical(c).nfkc()),
            _ if c.is_ascii() => out.push(c),
            _ => out.extend(std::iter::once(c).nfkc()),
        }
    }
    // Half-width kana come as two characters, 「ｶ」 and 「ﾞ」, that only compose side by side.
    out.nfc().collect()
}

/// Radicals that PDF converters print for the character itself and that NFKC does not know (2E80–2EFF).
fn radical(c: char) -> std::iter::Once<char> {
    std::iter::once(match c {
        '⺟' => '母',
        '⺠' => '民',
        '⻁' => '虎',
        '⻄' => '西',
        '⻅' => '見',
        '⻆' => '角',
        '⻋' => '車',
        '⻑' => '長',
        '⻘' => '青',
        '⻝' => '食',
        '⻤' => '鬼',
        '⻩' => '黄',
        '⻫' => '斉',
        '⻭' => '歯',
        '⻯' => '竜',
        other => other,
    })
}

fn is_noise(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c, '、' | '。' | '・' | '「' | '」' | '『' | '』' | '【' | '】' | '…')
}

/// Two neighbouring characters as one number, which compares faster.
pub fn pair(first: char, second: char) -> u64 {
    u64::from(first as u32) << 32 | u64::from(second as u32)
}

/// A wording, cut into pairs of neighbouring characters.
#[derive(Debug, Clone, Default)]
pub struct Pairs(Vec<u64>);

impl Pairs {
    /// The pairs of a text, each once.
    pub fn of(text: &str) -> Self {
        let folded = key(&plain(text));
        let mut pairs: Vec<u64> = folded.chars().zip(folded.chars().skip(1)).map(|(a, b)| pair(a, b)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Self(pairs)
    }

    /// How much of this is in the other, 0 to 1.
    pub fn covered_by(&self, other: &Self) -> f32 {
        if self.0.is_empty() { 1.0 } else { self.shared(other) as f32 / self.0.len() as f32 }
    }

    /// The pairs, each once.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Likeness of the whole, 0 to 1.
    pub fn likeness(&self, other: &Self) -> f32 {
        let both = self.0.len() + other.0.len();
        if both == 0 { 0.0 } else { 2.0 * self.shared(other) as f32 / both as f32 }
    }

    /// The most that [`Self::likeness`] can be, told from the lengths alone.
    pub fn likeness_at_most(&self, other: &Self) -> f32 {
        let (a, b) = (self.0.len(), other.0.len());
        if a + b == 0 { 0.0 } else { 2.0 * a.min(b) as f32 / (a + b) as f32 }
    }

    fn shared(&self, other: &Self) -> usize {
        let (mut a, mut b, mut shared) = (0, 0, 0);
        while a < self.0.len() && b < other.0.len() {
            match self.0[a].cmp(&other.0[b]) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    a += 1;
                    b += 1;
                }
            }
        }
        shared
    }
}

/// Joins two pieces of a sentence that a line end had parted: Japanese without a gap, Latin words with one.
pub fn join(into: &mut String, piece: &str) {
    let piece = piece.trim();
    if piece.is_empty() {
        return;
    }
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let bullet = matches!(piece.chars().next(), Some('・' | '※' | '●' | '■'));
    if !into.is_empty() && (bullet || word(into.chars().next_back()) && word(piece.chars().next())) {
        into.push(' ');
    }
    into.push_str(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_and_wide_forms_compare_equal() {
        assert_eq!(key("⾒読性の確保（Ⅱ）"), key("見読性の確保(II)"));
        assert_eq!(plain("⻑期　①－２"), "長期 ①-2");
        assert_eq!(plain("ｶﾞｲﾄﾞ〇"), "ガイド○");
    }

    #[test]
    fn alike_wordings_score_higher_than_strangers() {
        let [ours, theirs, other] =
            ["鍵の貸出しは台帳に残す。", "鍵の貸出しについては、台帳に残すこと。", "無線の通信を暗号にする。"]
                .map(Pairs::of);
        assert!(ours.likeness(&theirs) > 0.4 && ours.likeness(&other) < 0.2);
        assert!(ours.covered_by(&theirs) > ours.covered_by(&other));
    }

    #[test]
    fn pieces_join_as_they_were_written() {
        let mut text = String::from("鍵を");
        for piece in ["かける。", "・例 IPsec", "VPN"] {
            join(&mut text, piece);
        }
        assert_eq!(text, "鍵をかける。 ・例 IPsec VPN");
    }
}
