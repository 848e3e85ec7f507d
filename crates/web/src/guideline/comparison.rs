//! `/catalog/compare`: two editions side by side. What the crosswalk says is a proposal; only people judge.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use shirube_catalog::{Catalog, Certainty};
use shirube_safety::comparison::{ClassificationFile, EntryChange, Pairing, compare};

use super::{certainty_class, edition_choice, edition_name, held, item_href, own_words};
use crate::around::{Around, Subject};
use crate::query::{Query, link};

#[derive(Template)]
#[template(path = "guideline/compare.html")]
struct CompareBody<'a> {
    base: String,
    path: &'a str,
    from: &'a str,
    to: &'a str,
    editions: Vec<(&'static str, String)>,
    names: Option<(String, String)>,
    /// Editions passed.
    way: Vec<String>,
    /// Why there is nothing to show.
    problem: &'static str,
    counts: Vec<Count>,
    rows: Vec<Row>,
    total: usize,
}

struct Count {
    label: &'static str,
    count: usize,
    href: String,
    on: bool,
}

struct Row {
    source: Option<Side>,
    target: Option<Side>,
    proposed: &'static str,
    certainty: Certainty,
    because: String,
}

struct Side {
    id: String,
    href: String,
    text: String,
}

/// A line of which the crosswalk does not say enough.
const OPEN: (&str, &str) = ("open", "案なし（読み比べが要る）");

fn kind(line: &Pairing) -> (&'static str, &'static str) {
    line.proposed.map_or(OPEN, |change| (change.token(), change.term()))
}

pub async fn show(around: Around, RawQuery(raw): RawQuery) -> Response {
    let base = around.base();
    let query = Query::parse(&base, "/catalog/compare", &["from", "to", "kind"], raw.as_deref());
    let (from, to) = (query.get("from").unwrap_or_default(), query.get("to").unwrap_or_default());
    let editions =
        held().catalogs.iter().map(|catalog| (catalog.edition.id.as_str(), edition_choice(&catalog.edition)));
    let mut body = CompareBody {
        path: query.path(),
        from,
        to,
        editions: editions.collect(),
        names: None,
        way: Vec::new(),
        problem: "",
        counts: Vec::new(),
        rows: Vec::new(),
        total: 0,
        base: base.clone(),
    };
    match (held().catalog(from), held().catalog(to)) {
        _ if from.is_empty() && to.is_empty() => {}
        (Some(_), Some(_)) if from == to => {
            body.problem = "同じ版どうしは比べられません。違う版を二つ選んでください。";
        }
        (Some(a), Some(b)) => fill(&mut body, &query, (a, b)),
        _ => body.problem = "収録していない版は比べられません。一覧から二つ選んでください。",
    }
    around.page(Subject::Guideline, StatusCode::OK, "版を比べる", &body)
}

fn fill(body: &mut CompareBody, query: &Query, (a, b): (&'static Catalog, &'static Catalog)) {
    // Judgements are kept in the folders of the command line; here stands what the crosswalk suggests.
    let none = ClassificationFile::default();
    let Ok(found) = compare(held(), &a.edition.id, &b.edition.id, &none) else {
        body.problem = "この二つをつなぐ対応表か、項目を収録していないため、比べられません。";
        return;
    };
    let wanted = query.get("kind").unwrap_or_default();
    let tokens = EntryChange::ALL.iter().map(|change| (change.token(), change.term())).chain([OPEN]);
    for (token, label) in tokens {
        let count = found.lines.iter().filter(|line| kind(line).0 == token).count();
        let pairs = [("from", a.edition.id.as_str()), ("to", b.edition.id.as_str()), ("kind", token)];
        let on = token == wanted;
        let pairs = if on { &pairs[..2] } else { &pairs[..] };
        if count > 0 {
            body.counts.push(Count { label, count, href: link(query.path(), pairs), on });
        }
    }
    let side = |catalog: &'static Catalog, id: Option<&str>| {
        let id = id?;
        let text = catalog.entry(id).map(own_words).unwrap_or_default();
        Some(Side { id: id.to_owned(), href: item_href(&body.base, &catalog.edition.id, id), text })
    };
    let chosen = found.lines.iter().filter(|line| wanted.is_empty() || kind(line).0 == wanted);
    let rows: Vec<Row> = chosen
        .map(|line| Row {
            source: side(a, line.source),
            target: side(b, line.target),
            proposed: kind(line).1,
            certainty: line.certainty,
            because: line.because.clone(),
        })
        .collect();
    body.total = found.lines.len();
    body.rows = rows;
    body.names = Some((edition_name(&a.edition), edition_name(&b.edition)));
    body.way = found.way;
}
