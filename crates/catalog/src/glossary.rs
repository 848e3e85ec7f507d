//! Words that readers who are not engineers ask about, explained (GLOSS-001, GLOSS-005).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::fold;

/// Where a word comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermKind {
    /// 用語集 of the guideline.
    Term,
    /// 略語集 of the guideline.
    Abbreviation,
    /// Ours: the guideline uses the word and does not explain it in its lists.
    Added,
}

impl TermKind {
    pub fn term(self) -> &'static str {
        match self {
            Self::Term => "用語集",
            Self::Abbreviation => "略語集",
            Self::Added => "この道具で加えた言葉",
        }
    }
}

/// The same word as another place explains it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differing {
    #[serde(rename = "where")]
    pub place: String,
    pub text: String,
    /// What sets the two apart.
    pub difference: String,
}

/// One word.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Part of addresses.
    pub id: String,
    /// As the guideline writes it.
    pub term: String,
    /// In hiragana.
    pub reading: String,
    pub kind: TermKind,
    /// Other spellings and names.
    #[serde(default)]
    pub also: Vec<String>,
    /// In our own words.
    pub text: String,
    #[serde(default)]
    pub example: String,
    pub source: String,
    /// The standard that the definition of the guideline names.
    #[serde(default)]
    pub standard: String,
    /// Ids of words to read next.
    #[serde(default)]
    pub related: Vec<String>,
    #[serde(default)]
    pub differs: Vec<Differing>,
}

impl Term {
    /// Every spelling that texts use.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.term.as_str()).chain(self.also.iter().map(String::as_str))
    }

    /// The row of the list the word stands in: `あ` to `わ`, or `A–Z`.
    pub fn row(&self) -> &'static str {
        const ROWS: [(&str, char, char); 10] = [
            ("あ", 'ぁ', 'お'),
            ("か", 'か', 'ご'),
            ("さ", 'さ', 'ぞ'),
            ("た", 'た', 'ど'),
            ("な", 'な', 'の'),
            ("は", 'は', 'ぽ'),
            ("ま", 'ま', 'も'),
            ("や", 'ゃ', 'よ'),
            ("ら", 'ら', 'ろ'),
            ("わ", 'ゎ', 'ん'),
        ];
        if self.term.starts_with(|first: char| first.is_ascii()) {
            return "A–Z";
        }
        let first = self.reading.chars().next().unwrap_or('あ');
        ROWS.iter().find(|(_, from, to)| (*from..=*to).contains(&first)).map_or("あ", |(row, ..)| row)
    }
}

/// All words.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Glossary {
    /// Latin letters first, then by reading, as the guideline lists them; abbreviations and added words behind.
    pub terms: Vec<Term>,
}

static GLOSSARY: LazyLock<Glossary> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/glossary.json")))
        .unwrap_or_else(|error| panic!("the embedded glossary does not fit its types: {error}"))
});

/// The embedded glossary.
pub fn glossary() -> &'static Glossary {
    &GLOSSARY
}

impl Glossary {
    pub fn term(&self, id: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.id == id)
    }

    /// Words that hold all of `words` in name, reading or text, whatever the spelling; in the order of the list, those
    /// named so first.
    pub fn find(&self, words: &str) -> Vec<&Term> {
        let words: Vec<String> = words.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
        let named = |term: &Term| {
            let names = fold(&format!("{}\n{}\n{}", term.term, term.reading, term.also.join("\n")));
            words.iter().all(|word| names.contains(word))
        };
        let holds = |term: &Term| {
            let all = [&term.term, &term.reading, &term.also.join("\n"), &term.text, &term.example, &term.source]
                .map(String::as_str)
                .join("\n");
            let all = fold(&all);
            words.iter().all(|word| all.contains(word))
        };
        let (mut first, rest): (Vec<&Term>, Vec<&Term>) =
            self.terms.iter().filter(|term| holds(term)).partition(|term| named(term));
        first.extend(rest);
        first
    }
}
