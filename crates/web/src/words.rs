//! `/glossary`: the words that readers ask about, and the same words explained where they stand on a page.
//!
//! A page names on its `<main>` where its words are explained. In its prose the first occurrence of each word then
//! becomes a button that opens a note; the browser does that by itself, so it works without scripts.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use memchr::{memchr, memmem};
use shirube_catalog::{Term, glossary};
use shirube_safety::stated::HouseTerm;

use crate::around::{Around, Subject};
use crate::form::folded;
use crate::query::Query;

#[derive(Template)]
#[template(path = "glossary.html")]
struct GlossaryBody<'a> {
    path: &'a str,
    words: &'a str,
    /// Rows of the list with their words; one row without a name for what was searched for.
    rows: Vec<(&'static str, Vec<&'static Term>)>,
    /// Words that the organisation explains itself.
    own: Vec<&'a HouseTerm>,
    total: usize,
    shown: usize,
}

/// Related words with their names.
fn related(term: &Term) -> impl Iterator<Item = &'static Term> {
    term.related.iter().filter_map(|id| glossary().term(id))
}

pub async fn show(around: Around, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse(&around.base(), "/glossary", &["q"], raw.as_deref());
    let words = query.get("q").unwrap_or_default();
    let found = glossary().find(words);
    let terms = around.service().map_or(&[][..], |shown| &shown.site.view.terms);
    let own: Vec<&HouseTerm> = terms.iter().filter(|term| says(term, words)).collect();
    let shown = found.len() + own.len();
    let rows = match words {
        "" => ["A–Z", "あ", "か", "さ", "た", "な", "は", "ま", "や", "ら", "わ"]
            .into_iter()
            .map(|row| (row, in_row(row)))
            .filter(|(_, terms)| !terms.is_empty())
            .collect(),
        _ => vec![("", found)],
    };
    let body =
        GlossaryBody { path: query.path(), words, rows, total: glossary().terms.len() + terms.len(), own, shown };
    around.page(Subject::Words, StatusCode::OK, "用語", &body)
}

/// Whether an own word has to do with what was searched for.
fn says(term: &HouseTerm, words: &str) -> bool {
    let wanted = folded(words);
    let mut texts = [&term.term, &term.text].into_iter().chain(&term.reading).chain(&term.also);
    texts.any(|text| folded(text).contains(&wanted))
}

fn in_row(row: &str) -> Vec<&'static Term> {
    let mut terms: Vec<&Term> = glossary().terms.iter().filter(|term| term.row() == row).collect();
    terms.sort_by(|one, other| one.reading.cmp(&other.reading));
    terms
}

#[derive(Template)]
#[template(path = "glossary-notes.html")]
struct Notes<'a> {
    terms: &'a [&'static Term],
    href: &'a str,
}

/// Finds the longest spelling at each place.
static SPELLINGS: LazyLock<(AhoCorasick, Vec<usize>)> = LazyLock::new(|| {
    let all = glossary().terms.iter().enumerate();
    let (texts, terms): (Vec<&str>, Vec<usize>) =
        all.flat_map(|(at, term)| term.spellings().map(move |spelling| (spelling, at))).unzip();
    let machine = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(texts);
    (machine.expect("a few hundred letters"), terms)
});

const MAIN: &str = "<main id=\"main\"";

/// A page with its words explained, if it says where that is done.
pub fn explained(page: String) -> String {
    let Some(start) = page.find(MAIN) else { return page };
    let Some(open) = page[start..].find('>').map(|end| start + end + 1) else { return page };
    let Some(close) = page.rfind("</main>").filter(|close| *close >= open) else { return page };
    let href = page[start..open].split("data-words=\"").nth(1).and_then(|rest| rest.split('"').next());
    let Some(href) = href.filter(|href| !href.is_empty()) else { return page };
    let mut marked = Marked { out: String::with_capacity(page.len() + 4096), ..Marked::default() };
    marked.out.push_str(&page[..open]);
    marked.walk(&page[open..close]);
    let Marked { mut out, found, .. } = marked;
    if !found.is_empty() {
        let terms: Vec<&Term> = found.into_iter().map(|at| &glossary().terms[at]).collect();
        out.push_str(&Notes { terms: &terms, href }.render().unwrap_or_default());
    }
    out.push_str(&page[close..]);
    out
}

/// What holds prose, and inside of what prose is left alone.
const PROSE: [&str; 3] = ["p", "dd", "li"];
const ALONE: [&str; 17] = [
    "a", "button", "code", "fieldset", "figure", "form", "h1", "h2", "h3", "h4", "label", "nav", "select", "summary",
    "svg", "table", "dt",
];

/// The page on its way out.
#[derive(Default)]
struct Marked {
    out: String,
    prose: usize,
    alone: usize,
    /// Depth of boxes, and that of the one that only tells what happened.
    boxes: usize,
    told: Option<usize>,
    /// Words that were marked, as indices into the glossary.
    found: Vec<usize>,
}

impl Marked {
    fn walk(&mut self, mut rest: &str) {
        while let Some(at) = memchr(b'<', rest.as_bytes()) {
            self.text(&rest[..at]);
            rest = &rest[at..];
            let end = skipped(rest).unwrap_or_else(|| {
                let end = memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
                self.tag(&rest[..end]);
                end
            });
            self.out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        self.text(rest);
    }

    fn tag(&mut self, tag: &str) {
        let inside = tag.trim_start_matches('<');
        let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
        let tells = inside.contains("role=\"alert\"") || inside.contains("role=\"status\"");
        let name = inside.split([' ', '>', '/', '\n']).next().unwrap_or_default();
        let count = match name {
            "div" | "section" if closes => {
                self.told = self.told.filter(|depth| *depth != self.boxes);
                self.boxes = self.boxes.saturating_sub(1);
                return;
            }
            "div" | "section" => {
                self.boxes += 1;
                self.told = self.told.or_else(|| tells.then_some(self.boxes));
                return;
            }
            // What says that a list is empty is short, and an answer rather than a text.
            "p" if tells || tag.contains("class=\"empty\"") => return,
            name if PROSE.contains(&name) => &mut self.prose,
            name if ALONE.contains(&name) => &mut self.alone,
            _ => return,
        };
        *count = if closes { count.saturating_sub(1) } else { *count + 1 };
    }

    fn text(&mut self, text: &str) {
        // Labels and values are no prose: that has sentences.
        if self.prose == 0 || self.alone > 0 || self.told.is_some() || !text.contains('。') {
            self.out.push_str(text);
            return;
        }
        let (machine, terms) = &*SPELLINGS;
        let mut copied = 0;
        for found in machine.find_iter(text) {
            let term = terms[found.pattern().as_usize()];
            if self.found.contains(&term) || !stands_alone(text, found.start(), found.end()) {
                continue;
            }
            self.found.push(term);
            self.out.push_str(&text[copied..found.start()]);
            let id = &glossary().terms[term].id;
            let word = &text[found.start()..found.end()];
            self.out.push_str("<button type=\"button\" class=\"word\" popovertarget=\"word-");
            self.out.push_str(id);
            self.out.push_str("\">");
            self.out.push_str(word);
            self.out.push_str("</button>");
            copied = found.end();
        }
        self.out.push_str(&text[copied..]);
    }
}

/// How long a table or drawing at the beginning of `rest` is. Nothing in it is explained, and it is most of a long page.
fn skipped(rest: &str) -> Option<usize> {
    let (open, close) =
        [("<table", "</table>"), ("<svg", "</svg>")].into_iter().find(|(open, _)| rest.starts_with(open))?;
    let end = memmem::find(rest.as_bytes(), close.as_bytes())?;
    let nested = memmem::find(&rest.as_bytes()[open.len()..end], open.as_bytes()).is_some();
    (!nested).then_some(end + close.len())
}

/// Which letters run together to one word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    Latin,
    Chinese,
    Katakana,
    Other,
}

fn letters(character: char) -> Letters {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Letters::Latin,
        '一'..='鿿' | '々' => Letters::Chinese,
        'ァ'..='ヺ' | 'ー' | '・' => Letters::Katakana,
        _ => Letters::Other,
    }
}

/// Whether what was found is a word, and not a part of a longer one such as the title of a list.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let behind = text[end..].chars().next();
    // What follows is its number or its name, e.g. 影響度3, 情報流「A-1」.
    if behind.is_some_and(|next| next == '「' || next.is_ascii_digit()) {
        return false;
    }
    let joins = |one: Option<char>, other: Option<char>| {
        let (Some(one), Some(other)) = (one.map(letters), other.map(letters)) else { return false };
        let latin = [one, other].contains(&Letters::Latin);
        one != Letters::Other && other != Letters::Other && (!latin || one == other)
    };
    let word = &text[start..end];
    !joins(text[..start].chars().next_back(), word.chars().next()) && !joins(word.chars().next_back(), behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn main(inside: &str) -> String {
        explained(format!("<body><main id=\"main\" data-words=\"/glossary\">{inside}</main></body>"))
    }

    fn button(id: &str, word: &str) -> String {
        format!("<button type=\"button\" class=\"word\" popovertarget=\"word-{id}\">{word}</button>")
    }

    /// GLOSS-002: the first occurrence in prose is explained on the spot, and the note leads to the list.
    #[test]
    fn the_first_occurrence_in_prose_is_explained() {
        let page = main("<p>改ざんを防ぐ。改竄とは。</p><p>改竄。</p>");
        assert!(page.contains(&format!("<p>{}を防ぐ。改竄とは。</p><p>改竄。</p>", button("tampering", "改ざん"))));
        assert!(page.contains("id=\"word-tampering\"") && page.contains("href=\"/glossary#tampering\""), "{page}");
    }

    #[test]
    fn titles_forms_links_and_tables_are_left_alone() {
        for inside in [
            "<h1>リスク。</h1>",
            "<div class=\"mistakes\" role=\"alert\"><div></div><ul><li>リスク。</li></ul></div>",
            "<p role=\"status\">リスク。</p>",
            "<p class=\"empty\">リスク。</p>",
            "<p>リスク</p>",
            "<p><a href=\"/\">リスク。</a></p>",
            "<form><p>リスク。</p></form>",
            "<table><tr><td><p>リスク。</p></td></tr></table>",
            "<p title=\"リスク。\">ここ。</p>",
            "リスク。",
        ] {
            assert!(main(inside).contains(inside), "{inside}");
        }
        let page = format!("<main id=\"main\"><p>{}</p></main>", "リスク。");
        assert_eq!(explained(page.clone()), page, "a page that does not say where words are explained");
    }

    #[test]
    fn parts_of_longer_words_are_not_words() {
        for text in [
            "情報流一覧。",
            "リスク対応一覧。",
            "リスクマップ。",
            "残存リスク評価表。",
            "MyVPN。",
            "影響度3。",
            "情報流「A」。",
        ] {
            assert!(main(&format!("<p>{text}</p>")).contains(&format!("<p>{text}</p>")), "{text}");
        }
        assert!(main("<p>VPN装置のリスク対応は。</p>").contains(&format!(
            "<p>{}装置の{}は。</p>",
            button("vpn", "VPN"),
            button("risk-treatment", "リスク対応")
        )));
    }
}
