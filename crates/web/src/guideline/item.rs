//! `/catalog/{edition}/{id}`: one item, how sure its words are, what it is in the other editions, and where a service
//! answers it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_catalog::{Catalog, Entry, Gap, Mapped, Relation};

use super::edition::heading;
use super::walk::walk;
use super::{certainty_class, edition_href, edition_name, held, is_in_force, is_unseen, item_href, own_words};
use crate::around::{Around, Subject};
use crate::view::ControlView;

#[derive(Template)]
#[template(path = "guideline/item.html")]
struct ItemBody<'a> {
    catalog: &'static Catalog,
    entry: &'static Entry,
    edition_name: String,
    edition_href: String,
    heading: String,
    before: Option<(String, &'static str)>,
    after: Option<(String, &'static str)>,
    gaps: Vec<&'static Gap>,
    /// Name of the edition whose words are shown in place of its own.
    borrowed: Option<String>,
    others: Vec<Other>,
    /// What the service answers to this item, or to the controls it leads to.
    answers: Option<Vec<Answered<'a>>>,
}

/// What an item is in another edition.
struct Other {
    name: String,
    href: String,
    in_force: bool,
    /// Editions passed on the way, without both ends.
    over: Vec<String>,
    /// Something connects the two editions.
    connected: bool,
    /// It is said to have no counterpart there, how surely, and why.
    without: Option<(&'static str, String)>,
    links: Vec<Link>,
}

struct Link {
    id: String,
    href: Option<String>,
    text: String,
    /// Read from here, and from there.
    relation: &'static str,
    back: &'static str,
    mapped: Mapped,
}

struct Answered<'a> {
    control: &'a ControlView,
    href: String,
    /// How it was reached; none for the item itself.
    via: Option<&'static str>,
}

/// The edition whose items services answer one by one.
const ANSWERED: &str = "pg-1.0";

/// What the address names. Addresses may have more parts before it.
#[derive(Deserialize)]
pub struct At {
    edition: String,
    id: String,
}

pub async fn show(around: Around, Path(At { edition, id }): Path<At>) -> Response {
    let base = around.base();
    let Some((catalog, entry)) = held().entry(&format!("{edition}/{id}")) else {
        let text = format!("「{id}」という項目は、収録した「{edition}」にありません。");
        return around.missing(Subject::Guideline, &text, ("/catalog", "収録した版の一覧を見る"));
    };
    // One item, one address.
    if entry.id != id {
        return Redirect::permanent(&item_href(&base, &edition, &entry.id)).into_response();
    }
    let at = catalog.entries.iter().position(|other| other.id == entry.id).unwrap_or_default();
    let neighbour = |at: Option<usize>| {
        let other = catalog.entries.get(at?)?;
        Some((item_href(&base, &edition, &other.id), other.id.as_str()))
    };
    let borrowed = (!entry.text_from.is_empty()).then(|| match held().catalog(&entry.text_from) {
        Some(other) => edition_name(&other.edition),
        None => entry.text_from.clone(),
    });
    let body = ItemBody {
        edition_name: edition_name(&catalog.edition),
        edition_href: edition_href(&base, &edition),
        heading: heading(entry),
        before: neighbour(at.checked_sub(1)),
        after: neighbour(Some(at + 1)),
        gaps: catalog.gaps.iter().filter(|gap| concerns(gap, entry)).collect(),
        borrowed,
        others: others(&base, catalog, entry),
        answers: answers(&around, &base, catalog, entry),
        catalog,
        entry,
    };
    let title = format!("{} {}", catalog.edition.id, entry.id);
    around.page(Subject::Guideline, StatusCode::OK, &title, &body)
}

fn concerns(gap: &Gap, entry: &Entry) -> bool {
    gap.place == entry.id || (!entry.section.is_empty() && gap.place == format!("{}.{}", entry.part, entry.section))
}

fn others(base: &str, catalog: &Catalog, entry: &Entry) -> Vec<Other> {
    let from = catalog.edition.id.as_str();
    let other = |other: &'static Catalog| {
        let to = other.edition.id.as_str();
        let walk = walk(from, to);
        let without = held().without_counterpart(from, to).find(|link| link.source == entry.id);
        let links = walk.by_source.get(&entry.id).map_or(&[][..], Vec::as_slice);
        Other {
            name: edition_name(&other.edition),
            href: edition_href(base, to),
            in_force: is_in_force(&other.edition),
            over: walk.way.iter().skip(1).take(walk.way.len().saturating_sub(2)).cloned().collect(),
            connected: !walk.way.is_empty(),
            without: without.map(|link| (link.certainty.term(), link.rationale.clone())),
            links: links.iter().map(|mapped| link(base, other, mapped)).collect(),
        }
    };
    let mut others: Vec<Other> = held().catalogs.iter().filter(|known| known.edition.id != from).map(other).collect();
    // What says something first.
    others.sort_by_key(|other| (other.links.is_empty(), other.without.is_none(), !other.connected));
    others
}

fn link(base: &str, other: &'static Catalog, mapped: &Mapped) -> Link {
    let target = other.entry(&mapped.target);
    let said = |relation: Option<Relation>| relation.map_or("言えない（間接のつながり）", Relation::term);
    Link {
        id: mapped.target.clone(),
        href: target.map(|entry| item_href(base, &other.edition.id, &entry.id)),
        text: target.map(own_words).unwrap_or_default(),
        relation: said(mapped.relation),
        back: said(mapped.relation.map(Relation::inverse)),
        mapped: mapped.clone(),
    }
}

/// The answers of the service around the page.
fn answers<'a>(around: &'a Around, base: &str, catalog: &Catalog, entry: &Entry) -> Option<Vec<Answered<'a>>> {
    let controls = &around.service()?.site.view.controls;
    let of = |id: &str, via| {
        let control = controls.iter().find(|control| control.id == id)?;
        Some(Answered { control, href: format!("{base}/controls/{}", control.ascii), via })
    };
    if catalog.edition.id == ANSWERED {
        return Some(of(&entry.id, None).into_iter().collect());
    }
    let walk = walk(&catalog.edition.id, ANSWERED);
    let links = walk.by_source.get(&entry.id).map_or(&[][..], Vec::as_slice);
    let said = |mapped: &Mapped| mapped.relation.map_or("言えない（間接のつながり）", Relation::term);
    Some(links.iter().filter_map(|mapped| of(&mapped.target, Some(said(mapped)))).collect())
}
