//! Ids of guidelines as OSCAL tokens: ASCII, unique within an edition, the same in every export.

use std::collections::{HashMap, HashSet};

use shirube_catalog::Catalog;

use crate::document::uuid;

/// Words that ids and headings of Japanese guidelines are made of, in ASCII. What is not here becomes a short hash, so
/// a missing word costs readability and nothing else.
const WORDS: [(&str, &str); 52] = [
    ("経営管理編", "governance"),
    ("企画管理編", "management"),
    ("システム運用編", "operation"),
    ("概説編", "overview"),
    ("保守委託機関編", "maintenance-contractor"),
    ("本編", "main"),
    ("別紙", "annex"),
    ("付表", "table"),
    ("チェックリスト", "checklist"),
    ("（全体）", "whole"),
    ("医療機関", "institution"),
    ("医療機関確認用", "institution"),
    ("事業者", "provider"),
    ("事業者確認用", "provider"),
    ("薬局確認用", "pharmacy"),
    ("医療機関・薬局確認用", "institution-pharmacy"),
    ("人的・組織的", "organisational"),
    ("組織的", "organisational"),
    ("物理的", "physical"),
    ("技術的", "technical"),
    ("人的従業者", "staff"),
    ("人的委託", "contractors"),
    ("情報の破棄", "disposal"),
    ("改造と保守", "maintenance"),
    ("持ち出し", "taking-out"),
    ("非常時", "emergency"),
    ("外部", "outside"),
    ("外部保存", "outside-storage"),
    ("利用者", "user"),
    ("管理責任", "responsibility"),
    ("説明責任", "accountability"),
    ("善後策を講ずる責任", "remedy"),
    ("総則", "general"),
    ("対象文書", "documents"),
    ("真正性", "authenticity"),
    ("見読性", "readability"),
    ("保存性", "preservation"),
    ("署名", "signature"),
    ("電子署名", "e-signature"),
    ("共通", "common"),
    ("医", "institution"),
    ("網", "network"),
    ("サーバ", "server"),
    ("端末", "terminal"),
    ("機器", "equipment"),
    ("前提", "premise"),
    ("番号不明", "unnumbered"),
    ("節不明", "unknown-section"),
    ("通信経路", "network-path"),
    ("医療機関等に保存する場合", "at-institution"),
    ("ネットワークを通じて外部に保存する場合", "by-network"),
    ("ネットワークを通じて医療機関等の外部に保存する場合", "by-network"),
];

/// One piece of an id.
enum Piece {
    Word(String),
    Dot,
    Dash,
}

/// What a character of an id is.
enum Kind {
    Plain(char),
    Number(u32),
    /// Japanese, or parentheses that belong to a word.
    Foreign,
}

fn kind(character: char) -> Kind {
    match character {
        '①'..='⑳' => Kind::Number(character as u32 - '①' as u32 + 1),
        '（' | '）' => Kind::Foreign,
        // Full-width forms of ASCII characters.
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).map_or(Kind::Foreign, Kind::Plain),
        '\u{3000}' => Kind::Plain(' '),
        _ if character.is_ascii() => Kind::Plain(character),
        _ => Kind::Foreign,
    }
}

/// `3.4①-14` as `3.4-1-14`, `企画管理編.9.②` as `management.9-2`. Different ids may meet here; see [`tokens`].
fn ascii(id: &str) -> String {
    let (mut pieces, mut foreign, mut run) = (Vec::new(), String::new(), String::new());
    let settle = |pieces: &mut Vec<Piece>, foreign: &mut String, run: &mut String| {
        if !foreign.is_empty() {
            pieces.push(Piece::Word(word(&std::mem::take(foreign))));
        }
        if !run.is_empty() {
            pieces.push(Piece::Word(std::mem::take(run)));
        }
    };
    for character in id.chars() {
        match kind(character) {
            Kind::Plain(plain) if plain.is_ascii_alphanumeric() => {
                if !foreign.is_empty() {
                    settle(&mut pieces, &mut foreign, &mut run);
                }
                run.push(plain);
            }
            Kind::Foreign => {
                if !run.is_empty() {
                    settle(&mut pieces, &mut foreign, &mut run);
                }
                foreign.push(character);
            }
            Kind::Plain(separator) => {
                settle(&mut pieces, &mut foreign, &mut run);
                pieces.push(if separator == '.' { Piece::Dot } else { Piece::Dash });
            }
            Kind::Number(number) => {
                settle(&mut pieces, &mut foreign, &mut run);
                pieces.extend([Piece::Dash, Piece::Word(number.to_string())]);
            }
        }
    }
    settle(&mut pieces, &mut foreign, &mut run);
    joined(&pieces)
}

/// Words with one separator between two: a dot where there was nothing else, else a dash.
fn joined(pieces: &[Piece]) -> String {
    let mut made = String::new();
    let (mut dash, mut dot) = (false, false);
    for piece in pieces {
        match piece {
            Piece::Dash => dash = true,
            Piece::Dot => dot = true,
            Piece::Word(word) => {
                if !made.is_empty() {
                    made.push(if dot && !dash { '.' } else { '-' });
                }
                made.push_str(word);
                (dash, dot) = (false, false);
            }
        }
    }
    made
}

fn word(foreign: &str) -> String {
    match WORDS.iter().find(|(word, _)| *word == foreign) {
        Some((_, ascii)) => (*ascii).to_owned(),
        None => format!("x{}", &uuid("word", foreign)[..8]),
    }
}

/// Hands out tokens of one edition, each once.
pub(crate) struct Names {
    edition: String,
    taken: HashSet<String>,
}

impl Names {
    pub(crate) fn of(edition: &str) -> Self {
        // A token begins with a letter.
        let ascii = ascii(edition);
        let lettered = ascii.starts_with(|first: char| first.is_ascii_alphabetic());
        Self { edition: if lettered { ascii } else { format!("e-{ascii}") }, taken: HashSet::new() }
    }

    /// A token for an id. Where another id has taken it, a hash of this one is added.
    pub(crate) fn take(&mut self, kind: &str, id: &str) -> String {
        let mut token = format!("{}_{kind}{}", self.edition, ascii(id));
        if self.taken.contains(&token) {
            token = format!("{token}-x{}", &uuid("token", &format!("{kind}{id}"))[..8]);
        }
        self.taken.insert(token.clone());
        token
    }
}

/// The OSCAL token of every entry of an edition, by its id, e.g. `pg-1.0_3.4-1-14` for `3.4①-14`.
pub fn tokens(catalog: &Catalog) -> HashMap<&str, String> {
    let mut names = Names::of(&catalog.edition.id);
    catalog.entries.iter().map(|entry| (entry.id.as_str(), names.take("", &entry.id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_ascii_that_people_can_read() {
        for (id, expected) in [
            ("3.4①-14", "3.4-1-14"),
            ("企画管理編.9.②", "management.9-2"),
            ("経営管理編.1.2.1.管理責任①", "governance.1.2.1.responsibility-1"),
            ("医療機関.2.(4).端末PC", "institution.2-4-terminal-PC"),
            ("7.1.C.(5)-1[医療機関等に保存する場合]", "7.1.C-5-1-at-institution"),
            ("付表1.①.1", "table-1-1.1"),
            ("１．２", "1.2"),
        ] {
            assert_eq!(ascii(id), expected, "{id}");
        }
        assert!(ascii("見たことのない言葉.1").starts_with('x'));
    }

    #[test]
    fn ids_that_meet_get_different_tokens() {
        let mut names = Names::of("2024年版");
        let (first, second) = (names.take("", "2.(1)"), names.take("", "2.①"));
        assert_ne!(first, second);
        assert!(first.starts_with("e-2024"), "{first}");
    }
}
