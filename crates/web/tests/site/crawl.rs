//! Follows every link of every page.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};

use crate::fixture::TestSite;

/// Values of an attribute, with character references resolved.
fn values<'a>(page: &'a str, attribute: &'a str) -> impl Iterator<Item = String> + 'a {
    page.split(attribute).skip(1).filter_map(|rest| {
        let value = rest.strip_prefix("=\"")?.split('"').next()?;
        Some(value.replace("&#38;", "&").replace("&amp;", "&"))
    })
}

/// Combinations of filters are endless; one filter of each kind is enough for pages that were reached by two.
///
/// So are the items of some editions: those of all others are the same page.
fn is_worth_following(address: &str) -> bool {
    let item = address.strip_prefix("/catalog/").and_then(|rest| rest.split_once('/'));
    address.matches('=').count() <= 1
        && item.is_none_or(|(edition, _)| ["pg-2.0", "mhlw-7.0", "cyber-2024"].contains(&edition))
}

async fn crawl(site: &TestSite) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut waiting = vec!["/".to_owned()];
    let mut fragments: BTreeSet<(String, String)> = BTreeSet::new();
    while let Some(address) = waiting.pop() {
        if pages.contains_key(&address) {
            continue;
        }
        let answer = site.ask(Method::GET, &address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        let is_page = answer.headers["content-type"].to_str().unwrap().starts_with("text/html")
            && !answer.headers.contains_key("content-disposition");
        let text = if is_page { answer.text } else { String::new() };
        for target in values(&text, " href").chain(values(&text, " src")).chain(values(&text, " action")) {
            let (path, fragment) = target.split_once('#').unwrap_or((&target, ""));
            let path = if path.is_empty() { address.as_str() } else { path };
            assert!(path.starts_with('/'), "{address} leads out of the site: {target}");
            if !fragment.is_empty() {
                fragments.insert((path.to_owned(), fragment.to_owned()));
            }
            if is_worth_following(path) {
                waiting.push(path.to_owned());
            }
        }
        pages.insert(address, text);
    }
    for (path, fragment) in fragments {
        let there = pages.get(&path).is_none_or(|page| page.contains(&format!(" id=\"{fragment}\"")));
        assert!(there, "{path} has no place {fragment}");
    }
    pages
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let pages = crawl(&TestSite::sample()).await;
    for (prefix, least) in
        [("/risks/", 300), ("/controls/", 417), ("/documents/", 3), ("/diagram?flow=", 59), ("/assets/", 2)]
    {
        let found = pages.keys().filter(|address| address.starts_with(prefix)).count();
        assert!(found >= least, "{prefix}: {found}");
    }
}

#[tokio::test]
async fn every_link_of_an_empty_service_leads_somewhere() {
    assert!(crawl(&TestSite::empty()).await.len() > 417);
}

#[tokio::test]
async fn no_page_names_a_place_twice() {
    for (address, page) in crawl(&TestSite::sample()).await {
        let mut seen = BTreeSet::new();
        for id in values(&page, " id") {
            assert!(seen.insert(id.clone()), "{address}: {id}");
        }
    }
}
