//! Filters of lists: chips that say how many rows they lead to, and a search in the text.

use unicode_normalization::UnicodeNormalization;

use crate::query::Query;

/// One property rows can be chosen by.
pub struct Facet<T> {
    /// Name in the address.
    pub key: &'static str,
    /// Name on the page.
    pub label: &'static str,
    /// Whether all its choices stand above the list; else only the one that is on.
    pub offered: bool,
    pub choices: Vec<Choice>,
    pub holds: fn(&T, &str) -> bool,
}

/// A value of a facet and the word for it.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// What a page shows of its filters.
pub struct FilterBar {
    pub path: String,
    pub groups: Vec<ChipGroup>,
    /// Filters that are on, each with the address without it.
    pub active: Vec<Chip>,
    /// The words searched for.
    pub words: String,
    /// Parameters the search form has to carry along.
    pub carried: Vec<(&'static str, String)>,
    /// The conditions as the part of the address behind `?`.
    pub conditions: String,
    pub shown: usize,
    pub total: usize,
}

pub struct ChipGroup {
    pub label: &'static str,
    pub chips: Vec<Chip>,
}

pub struct Chip {
    pub label: String,
    /// Rows left when it is chosen; `None` for filters that are on.
    pub count: Option<usize>,
    pub href: String,
    pub on: bool,
}

/// Key of the search in every list.
pub const WORDS: &str = "q";

/// Chooses the rows that satisfy every filter of the address. `text` gives what the search looks through, folded.
pub fn choose<'a, T>(
    items: &'a [T],
    facets: &[Facet<T>],
    query: &Query,
    text: fn(&T) -> &str,
) -> (Vec<&'a T>, FilterBar) {
    let words: Vec<String> = fold(query.get(WORDS).unwrap_or_default()).split_whitespace().map(str::to_owned).collect();
    let found: Vec<&T> = items.iter().filter(|item| words.iter().all(|word| text(item).contains(word))).collect();
    let passes = |item: &T, except: &str| {
        let mut set = facets.iter().filter(|facet| facet.key != except);
        set.all(|facet| query.get(facet.key).is_none_or(|value| (facet.holds)(item, value)))
    };
    let groups = facets.iter().filter(|facet| facet.offered).map(|facet| {
        let rest: Vec<&T> = found.iter().copied().filter(|item| passes(item, facet.key)).collect();
        let chips = facet.choices.iter().map(|choice| {
            let on = query.get(facet.key) == Some(&choice.value);
            Chip {
                label: choice.label.clone(),
                count: Some(rest.iter().filter(|item| (facet.holds)(item, &choice.value)).count()),
                href: if on { query.without(facet.key) } else { query.with(facet.key, &choice.value) },
                on,
            }
        });
        ChipGroup { label: facet.label, chips: chips.collect() }
    });
    let groups = groups.collect();
    let rows: Vec<&T> = found.into_iter().filter(|item| passes(item, "")).collect();
    let bar = FilterBar {
        path: query.path().to_owned(),
        groups,
        active: active(facets, query),
        words: query.get(WORDS).unwrap_or_default().to_owned(),
        carried: query.others(WORDS),
        conditions: query.conditions(),
        shown: rows.len(),
        total: items.len(),
    };
    (rows, bar)
}

fn active<T>(facets: &[Facet<T>], query: &Query) -> Vec<Chip> {
    let on = facets.iter().filter_map(|facet| {
        let value = query.get(facet.key)?;
        let known = facet.choices.iter().find(|choice| choice.value == value);
        let label = known.map_or(value, |choice| &choice.label);
        Some(Chip { label: format!("{}: {label}", facet.label), count: None, href: query.without(facet.key), on: true })
    });
    let words = query.get(WORDS).map(|words| Chip {
        label: format!("文字: {words}"),
        count: None,
        href: query.without(WORDS),
        on: true,
    });
    on.chain(words).collect()
}

/// One spelling for all: NFKC and lower case.
pub fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}
