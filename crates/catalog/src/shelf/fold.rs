//! One spelling for texts that people search. The build script uses it too: it packs the index of the embedded shelf.

use unicode_normalization::UnicodeNormalization;

/// What of one entry is searched.
pub struct Searched<'a> {
    pub edition: &'a str,
    pub id: &'a str,
    /// Part, titles of chapter and section, title.
    pub titles: [&'a str; 4],
    /// What is asked, 技術的対策, 運用的対策, a clause for rules.
    pub texts: [&'a str; 4],
}

impl Searched<'_> {
    /// Id with its edition, titles and texts in one spelling.
    pub fn folded(&self) -> [String; 3] {
        let id = format!("{}/{}", self.edition, self.id);
        [&id, &self.titles.join("\n"), &self.texts.join("\n")].map(|text| fold(text))
    }
}

/// Between the entries of the packed index, and between the three texts of one. No text holds them.
pub const ENTRY_END: char = '\u{1e}';
pub const TEXT_END: char = '\u{1f}';

/// One spelling for all: NFKC, lower case, hiragana, forms of today, no middle dots.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // What stays as it is goes over in one piece.
    let mut copied = 0;
    for (at, character) in text.char_indices() {
        let Some(composed) = plain(character) else {
            // What needs the tables of Unicode may change its neighbours too: the whole text is read again.
            return text.nfkc().flat_map(char::to_lowercase).filter_map(one_form).collect();
        };
        let form = one_form(composed);
        if form != Some(character) {
            folded.push_str(&text[copied..at]);
            folded.extend(form);
            copied = at + character.len_utf8();
        }
    }
    folded.push_str(&text[copied..]);
    folded
}

/// NFKC of the characters nearly all texts consist of, none of which combines with another. To ask the tables of
/// Unicode for each would take ten times as long.
fn plain(character: char) -> Option<char> {
    match character {
        '\0'..='\u{7f}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '・' | 'ー' | '、'..='】' | '一'..='鿿' => {
            Some(character)
        }
        '\u{3000}' => Some(' '),
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0),
        '①'..='⑨' => char::from_u32(character as u32 - '①' as u32 + '1' as u32),
        _ => None,
    }
}

/// The one form of a character after NFKC; none for a middle dot.
fn one_form(character: char) -> Option<char> {
    match character {
        '・' => None,
        'ァ'..='ヶ' => char::from_u32(character as u32 - 0x60),
        '\0'..='\u{7f}' => Some(character.to_ascii_lowercase()),
        'ぁ'..='ゖ' => Some(character),
        _ => Some(form_of_today(character)),
    }
}

/// The form of today for old forms of characters that laws and names still use.
fn form_of_today(character: char) -> char {
    match character {
        '齋' => '斎',
        '齊' => '斉',
        '髙' => '高',
        '﨑' => '崎',
        '澤' => '沢',
        '濱' => '浜',
        '邊' | '邉' => '辺',
        '國' => '国',
        '學' => '学',
        '醫' => '医',
        '藥' => '薬',
        '體' => '体',
        '證' => '証',
        '總' => '総',
        '關' => '関',
        '續' => '続',
        '變' => '変',
        '檢' => '検',
        '舊' => '旧',
        '號' => '号',
        '據' => '拠',
        '應' => '応',
        '對' => '対',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet() {
        for (one, other) in [
            ("パスワード", "ぱすわーど"),
            ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
            ("ＴＬＳ", "tls"),
            ("齋藤", "斎藤"),
            ("⾼", "高"),
            ("アクセス・ログ", "アクセスログ"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
    }

    #[test]
    fn plain_characters_are_those_that_nfkc_leaves_alone_or_makes_narrow() {
        for character in '\0'..=char::MAX {
            if let Some(short) = plain(character) {
                assert!(character.nfkc().eq([short]), "{character:?}");
            }
        }
        let composed = |text: &str| text.nfkc().collect::<String>();
        assert_eq!(fold("か\u{3099}"), fold(&composed("か\u{3099}")), "a mark that combines with the kana before it");
    }
}
