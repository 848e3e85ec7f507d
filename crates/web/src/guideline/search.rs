//! `/catalog/search`: what holds the words, whatever their spelling.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use shirube_catalog::{Found, Hit, Term, find, fold, glossary, library};

use super::{certainty_class, held, item_href};
use crate::around::{Around, Subject};
use crate::query::Query;

/// More than anybody reads; the words can be made more telling.
const MOST_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "guideline/search.html")]
struct SearchBody<'a> {
    base: String,
    /// Address of the list of words.
    glossary: String,
    path: &'a str,
    words: &'a str,
    edition: &'a str,
    editions: Vec<(String, String, usize)>,
    found: Vec<Line>,
    total: usize,
    hits: Vec<HitLine>,
    terms: Vec<&'static Term>,
}

struct Line {
    href: String,
    id: Vec<Piece>,
    title: Vec<Piece>,
    text: Vec<Piece>,
    found: Found,
}

struct HitLine {
    kind: &'static str,
    id: String,
    text: Vec<Piece>,
}

/// A part of a text, marked if it is what was searched for.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    marked: bool,
}

pub async fn show(around: Around, RawQuery(raw): RawQuery) -> Response {
    let base = around.base();
    let query = Query::parse(&base, "/catalog/search", &["q", "edition"], raw.as_deref());
    let words = query.get("q").unwrap_or_default();
    let edition = query.get("edition").filter(|id| held().catalog(id).is_some()).unwrap_or_default();
    let asked = [words.to_owned()];
    let all = if words.is_empty() { Vec::new() } else { find(&asked) };
    let of = |id: &str| all.iter().filter(|found| found.id.split('/').next() == Some(id)).count();
    let editions = held().catalogs.iter().map(|catalog| {
        let id = &catalog.edition.id;
        (id.clone(), super::edition_choice(&catalog.edition), of(id))
    });
    let editions = editions.filter(|(id, _, count)| *count > 0 || id == edition).collect();
    let chosen: Vec<Found> =
        all.into_iter().filter(|found| edition.is_empty() || found.id.split('/').next() == Some(edition)).collect();
    let total = chosen.len();
    let needles: Vec<String> = words.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
    let beside = !words.is_empty() && edition.is_empty();
    let hits = if beside { library().search(&asked) } else { Vec::new() };
    let body = SearchBody {
        path: query.path(),
        words,
        edition,
        editions,
        found: chosen.into_iter().take(MOST_SHOWN).map(|found| line(&base, found, &needles)).collect(),
        total,
        hits: hits.iter().map(|hit| hit_line(hit, &needles)).collect(),
        terms: if beside { glossary().find(words) } else { Vec::new() },
        glossary: around.words(),
        base,
    };
    around.page(Subject::Guideline, StatusCode::OK, "ガイドラインを探す", &body)
}

fn line(base: &str, found: Found, needles: &[String]) -> Line {
    let (edition, id) = found.id.split_once('/').unwrap_or(("", &found.id));
    Line {
        href: item_href(base, edition, id),
        id: pieces(&found.id, needles),
        title: pieces(&found.title, needles),
        text: pieces(&found.text, needles),
        found,
    }
}

fn hit_line(hit: &Hit, needles: &[String]) -> HitLine {
    match hit {
        Hit::Scenario(scenario) => {
            HitLine { kind: "リスクシナリオ例", id: scenario.id.clone(), text: pieces(&scenario.text, needles) }
        }
        Hit::Threat(threat) => {
            let text = format!("{}: {}", threat.name, threat.description);
            HitLine { kind: "脅威", id: threat.id.clone(), text: pieces(&text, needles) }
        }
    }
}

/// A text in pieces, with what was searched for marked, however it is spelt there.
fn pieces(text: &str, needles: &[String]) -> Vec<Piece> {
    // Where each byte of the folded text comes from.
    let (mut folded, mut from) = (String::new(), Vec::new());
    for (at, character) in text.char_indices() {
        let one = fold(character.encode_utf8(&mut [0; 4]));
        from.extend(std::iter::repeat_n((at, at + character.len_utf8()), one.len()));
        folded.push_str(&one);
    }
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for needle in needles {
        for (at, _) in folded.match_indices(needle.as_str()) {
            if let (Some(first), Some(last)) = (from.get(at), from.get(at + needle.len() - 1)) {
                marks.push((first.0, last.1));
            }
        }
    }
    marks.sort_unstable();
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut push = |from: usize, to: usize, marked: bool| {
        if from < to {
            pieces.push(Piece { text: text[from..to].to_owned(), marked });
        }
    };
    for (start, end) in marks {
        if end <= done {
            continue;
        }
        let start = start.max(done);
        push(done, start, false);
        push(start, end, true);
        done = end;
    }
    push(done, text.len(), false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_marked_in_its_own_spelling() {
        let marked = |text: &str, words: &[&str]| -> String {
            let needles: Vec<String> = words.iter().map(|word| fold(word)).collect();
            let pieces = pieces(text, &needles);
            pieces.iter().map(|p| if p.marked { format!("[{}]", p.text) } else { p.text.clone() }).collect()
        };
        assert_eq!(marked("パスワードを変える", &["ぱすわーど"]), "[パスワード]を変える");
        assert_eq!(marked("ＴＬＳ1.2とTLS", &["tls"]), "[ＴＬＳ]1.2と[TLS]");
        assert_eq!(marked("アクセス・ログ", &["アクセスログ"]), "[アクセス・ログ]");
        assert_eq!(marked("認証と証明", &["認証", "証"]), "[認証]と[証]明");
        assert_eq!(marked("なし", &["あり"]), "なし");
    }
}
