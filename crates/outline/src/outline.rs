//! The types of an outline: what `catalogs/outlines/*.yaml` hold.

use serde::{Deserialize, Serialize};

/// A clause document before any fact is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outline {
    pub id: String,
    pub title: String,
    pub style: Style,
    pub voice: Voice,
    /// 文書番号 and 版, where facts of the document's own hold them.
    pub number: Option<String>,
    pub edition: Option<String>,
    /// What stands before the first clause.
    pub preamble: Vec<Block>,
    pub parts: Vec<Part>,
    /// 附則, one text after the other.
    pub supplement: Vec<String>,
    /// What stands below the last clause, such as the places to sign.
    pub closing: Vec<Block>,
    /// 別紙, numbered by themselves.
    pub annexes: Vec<Part>,
}

/// How clauses are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// `1.` → `1.1` → `(1)` → `①` → `ア`.
    Contract,
    /// `第1章` → `第1条` → 項 → `(1)` → `ア` → `(ア)`.
    Rules,
    /// `（1）` → `①` → `(a)` → `(ア)`.
    Form,
}

/// How sentences end; never both in one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    Dearu,
    Desumasu,
}

/// A clause: a chapter, an article or what stands below.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Part {
    /// Stable, unique in the document.
    pub id: String,
    pub title: String,
    /// Where the guideline asks for it. For the author, never in the text.
    pub source: String,
    /// Ids of requirements and controls the clause answers.
    pub requirements: Vec<String>,
    /// What the author should think of. Never printed.
    pub note: String,
    /// Whether a contract may do without.
    pub optional: bool,
    /// The clause applies only if this holds.
    pub when: Option<String>,
    /// Role that supplies the facts; clauses below take it over.
    pub owner: Option<String>,
    /// Size classes it is for; none for all.
    pub size: Vec<String>,
    /// The number where the guideline's own must stay; empty for none.
    pub number: Option<String>,
    /// Put in between existing numbers: `第3条の2`.
    pub inserted: bool,
    pub body: Vec<Block>,
    pub parts: Vec<Part>,
}

/// A piece of a clause's body.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    Text(String),
    Items(Vec<Item>),
    Table(Table),
    /// A remark without a number.
    Unnumbered(String),
    /// A line without a number that stands at the right or in the middle, such as 敬具 and 記.
    Aligned {
        align: Align,
        text: String,
    },
}

/// Where a line stands between the margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    Left,
    Center,
    Right,
}

/// An item of a list with what stands below it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Item {
    pub text: String,
    pub items: Vec<Item>,
}

/// A table, its rows written one by one or one for each entry of a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    #[serde(default)]
    pub caption: String,
    pub head: Vec<String>,
    /// Shares of the width; equal if there are none.
    #[serde(default)]
    pub widths: Vec<f64>,
    /// Expression for the list; `row` is the entry.
    #[serde(default)]
    pub each: Option<String>,
    #[serde(default)]
    pub row: Vec<String>,
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
    /// Printed if there are no rows, and noted as missing.
    #[serde(default)]
    pub empty: Option<String>,
    /// For documents of one or two pages: how many of the entries of `each` there may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
}

/// How many rows a table has in a document that must fit its pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// At most so many.
    pub most: usize,
    /// So many stay, however full the page is.
    pub least: usize,
    /// Says how many more there are; `{count}` is the number.
    pub rest: String,
}

impl Outline {
    /// Every clause with its depth from 1, in order; annexes come last.
    pub fn walk(&self) -> impl Iterator<Item = (usize, &Part)> {
        let mut all = Vec::new();
        fn below<'a>(parts: &'a [Part], depth: usize, all: &mut Vec<(usize, &'a Part)>) {
            for part in parts {
                all.push((depth, part));
                below(&part.parts, depth + 1, all);
            }
        }
        below(&self.parts, 1, &mut all);
        below(&self.annexes, 1, &mut all);
        all.into_iter()
    }
}

impl Part {
    /// Every template of the clause itself, with the place inside it.
    pub(crate) fn templates(&self) -> Vec<(String, &str)> {
        let mut all = vec![("title".to_owned(), self.title.as_str())];
        block_templates(&self.body, "body", &mut all);
        all
    }
}

impl Outline {
    /// Every template that stands in no clause.
    pub(crate) fn templates(&self) -> Vec<(String, &str)> {
        let mut all = vec![("title".to_owned(), self.title.as_str())];
        all.extend(self.number.iter().map(|text| ("number".to_owned(), text.as_str())));
        all.extend(self.edition.iter().map(|text| ("edition".to_owned(), text.as_str())));
        block_templates(&self.preamble, "preamble", &mut all);
        block_templates(&self.closing, "closing", &mut all);
        let supplement = self.supplement.iter().enumerate();
        all.extend(supplement.map(|(at, text)| (format!("supplement[{}]", at + 1), text.as_str())));
        all
    }
}

fn block_templates<'a>(blocks: &'a [Block], of: &str, all: &mut Vec<(String, &'a str)>) {
    for (at, block) in blocks.iter().enumerate() {
        let place = format!("{of}[{}]", at + 1);
        match block {
            Block::Text(text) | Block::Unnumbered(text) | Block::Aligned { text, .. } => all.push((place, text)),
            Block::Items(items) => item_templates(items, &place, all),
            Block::Table(table) => {
                all.push((format!("{place}.caption"), &table.caption));
                all.extend(table.head.iter().map(|cell| (format!("{place}.head"), cell.as_str())));
                all.extend(table.row.iter().map(|cell| (format!("{place}.row"), cell.as_str())));
                all.extend(table.rows.iter().flatten().map(|cell| (format!("{place}.rows"), cell.as_str())));
                all.extend(table.empty.iter().map(|cell| (format!("{place}.empty"), cell.as_str())));
            }
        }
    }
}

fn item_templates<'a>(items: &'a [Item], place: &str, all: &mut Vec<(String, &'a str)>) {
    for (at, item) in items.iter().enumerate() {
        let place = format!("{place}[{}]", at + 1);
        all.push((place.clone(), &item.text));
        item_templates(&item.items, &place, all);
    }
}
