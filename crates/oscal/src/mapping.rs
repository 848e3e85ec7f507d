//! Crosswalks as an OSCAL mapping collection: one mapping for each crosswalk from or to an edition.

use std::collections::HashMap;

use serde_json::{Value, json};
use shirube_catalog::{Catalog, Certainty, Crosswalk, Entry, Mapping, Relation};

use crate::document::{bytes, certainty, metadata, moment, noted, prop, time_basis, uuid};
use crate::markup;
use crate::token::tokens;

/// `mapping-collection.json`; nothing where no crosswalk touches the edition.
pub(crate) fn file(catalog: &Catalog, all: &[&Catalog], crosswalks: &[&Crosswalk]) -> Option<Vec<u8>> {
    let edition = &catalog.edition;
    let find = |id: &str| all.iter().copied().find(|other| other.edition.id == id);
    let touching = crosswalks.iter().filter(|walk| walk.from == edition.id || walk.to == edition.id);
    let walks: Vec<Walk> = touching.filter_map(|walk| Walk::new(walk, find(&walk.from)?, find(&walk.to)?)).collect();
    let mappings: Vec<Value> = walks.iter().filter_map(|walk| walk.mapping(catalog)).collect();
    if mappings.is_empty() {
        return None;
    }
    let others = walks.iter().map(|walk| if walk.from.edition.id == edition.id { walk.to } else { walk.from });
    let resources: Vec<Value> = others.map(resource).collect();
    let body = json!({
        "metadata": metadata(
            &format!("{} {} と、ほかの版との対応関係", edition.title, edition.edition),
            &moment(&edition.published),
            &edition.edition,
            json!({ "props": [
                prop("edition", &edition.id),
                certainty(catalog.certainty()),
                time_basis(&edition.published),
            ] }),
        ),
        "provenance": {
            "method": "hybrid",
            "matching-rationale": "semantic",
            "status": "not-complete",
            "mapping-description": "ガイドライン自身が引く箇所、公表された対応表、番号の一致、文意の読み比べによる。どれによるか、どこまで確かかは、一件ごとの remarks と props に示す。載っていない組は、対応がないという意味ではない。",
        },
        "mappings": mappings,
        "back-matter": { "resources": unique(resources) },
    });
    Some(bytes("mapping-collection", body))
}

fn unique(resources: Vec<Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for resource in resources {
        if !kept.contains(&resource) {
            kept.push(resource);
        }
    }
    kept
}

/// The catalog of another edition, where an export of it stands beside this one.
fn resource(catalog: &Catalog) -> Value {
    let edition = &catalog.edition;
    json!({
        "uuid": resource_uuid(catalog),
        "title": markup::line(&format!("{} {}", edition.title, edition.edition)),
        "props": [prop("edition", &edition.id), certainty(catalog.certainty())],
        "rlinks": [{ "href": format!("../{}/catalog.json", edition.id), "media-type": "application/oscal.catalog+json" }],
    })
}

fn resource_uuid(catalog: &Catalog) -> String {
    uuid("catalog-resource", &catalog.edition.id)
}

/// The closed set of OSCAL. `None` stands for a link that says there is no counterpart.
fn relationship(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Equal => Some("equal-to"),
        Relation::Equivalent => Some("equivalent-to"),
        Relation::Subset => Some("subset-of"),
        Relation::Superset => Some("superset-of"),
        Relation::Intersects => Some("intersects-with"),
        Relation::None => None,
    }
}

/// One crosswalk with both its ends.
struct Walk<'a> {
    links: &'a [Mapping],
    from: &'a Catalog,
    to: &'a Catalog,
    sources: HashMap<&'a str, String>,
    targets: HashMap<&'a str, String>,
}

/// Where one end of a link leads.
enum End {
    /// One control.
    Control(String),
    /// All controls known of a chapter or section.
    Chapter(Vec<String>),
    /// A chapter of which no control is known.
    Unknown,
}

impl<'a> Walk<'a> {
    fn new(walk: &'a Crosswalk, from: &'a Catalog, to: &'a Catalog) -> Option<Self> {
        let connected = !walk.links.is_empty();
        connected.then(|| Self { links: &walk.links, from, to, sources: tokens(from), targets: tokens(to) })
    }

    fn mapping(&self, here: &Catalog) -> Option<Value> {
        let name = format!("{}--{}", self.from.edition.id, self.to.edition.id);
        let (mut maps, mut props, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
        // Two links between the same items are told apart by their order.
        let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
        for link in self.links {
            let nth = seen.entry((&link.source, &link.target)).and_modify(|nth| *nth += 1).or_default();
            let id = uuid("map", &format!("{name}\u{1f}{}\u{1f}{}\u{1f}{nth}", link.source, link.target));
            let source = end(self.from, &self.sources, &link.source);
            match (source, relationship(link.relation)) {
                (End::Control(source), None) => {
                    props.push(noted("no-counterpart", &source, &because(link)));
                    gaps.push(source);
                }
                (source, Some(relation)) => match self.map(&id, link, relation, source) {
                    Some(map) => maps.push(map),
                    None => props.push(noted("link-to-chapter", &written(link), &because(link))),
                },
                (_, None) => props.push(noted("no-counterpart", &link.source, &because(link))),
            }
        }
        let resource = |catalog: &Catalog| {
            let own = catalog.edition.id == here.edition.id;
            let href = if own { "catalog.json".to_owned() } else { format!("#{}", resource_uuid(catalog)) };
            json!({ "type": "catalog", "href": href, "props": [prop("edition", &catalog.edition.id)] })
        };
        let gap = json!({ "uuid": uuid("gap", &name), "unmapped-controls": [{ "with-ids": gaps }] });
        let summary = if gaps.is_empty() { Value::Null } else { gap };
        // A mapping without a map is none: then what it says has no place in OSCAL.
        (!maps.is_empty()).then(|| {
            json!({
                "uuid": uuid("mapping", &name),
                "source-resource": resource(self.from),
                "target-resource": resource(self.to),
                "maps": maps,
                "props": props,
                "source-gap-summary": summary,
                "remarks": markup::multiline("source-gap-summaryは、対応がないと書かれた項目と、対応がないとみた（推定の）項目である。どちらであるかは no-counterpart の remarks に示す。対応の分からない項目は含まない。"),
            })
        })
    }

    fn map(&self, id: &str, link: &Mapping, relation: &str, source: End) -> Option<Value> {
        let target = end(self.to, &self.targets, &link.target);
        let whole = matches!(source, End::Chapter(_)) || matches!(target, End::Chapter(_));
        // What holds for a chapter need not hold for the items we know of it; only a common part is carried over.
        if whole && link.relation != Relation::Intersects {
            return None;
        }
        let sure = if whole { Certainty::Derived } else { link.certainty };
        let mut remarks = link.rationale.clone();
        let mut props = vec![certainty(sure), prop("source-locator", &link.place)];
        if whole {
            remarks.push_str("\n章又は節の全体との対応であり、挙げた項目のどれと重なるかは分からない。");
            props.push(prop("chapter-link", &written(link)));
        }
        let items = |end: End| -> Option<Vec<Value>> {
            let ids = match end {
                End::Control(id) => vec![id],
                End::Chapter(ids) => ids,
                End::Unknown => return None,
            };
            Some(ids.into_iter().map(|id| json!({ "type": "control", "id-ref": id })).collect())
        };
        Some(json!({
            "uuid": id,
            "relationship": relation,
            "sources": items(source)?,
            "targets": items(target)?,
            "confidence-score": { "category": sure.token() },
            "props": props,
            "remarks": markup::multiline(&remarks),
        }))
    }
}

fn written(link: &Mapping) -> String {
    format!("{} {} {}", link.source, relationship(link.relation).unwrap_or("no-relationship"), link.target)
}

/// Why, and how surely: for what has no property of its own.
fn because(link: &Mapping) -> String {
    format!("{}\n確かさ: {}", link.rationale, link.certainty.term())
}

fn end<'a>(catalog: &'a Catalog, tokens: &HashMap<&'a str, String>, id: &str) -> End {
    if let Some(token) = tokens.get(id) {
        return End::Control(token.clone());
    }
    let entries = catalog.entries.iter().filter(|entry| stands_in(entry, id));
    let known: Vec<String> = entries.map(|entry| tokens[entry.id.as_str()].clone()).collect();
    if known.is_empty() { End::Unknown } else { End::Chapter(known) }
}

/// Whether an entry belongs to a chapter or section as crosswalks write it, e.g. `企画管理編.9`.
fn stands_in(entry: &Entry, place: &str) -> bool {
    let inner = match (entry.part.is_empty(), place.strip_prefix(&entry.part)) {
        (true, _) => place,
        (false, Some(rest)) => rest.trim_start_matches('.'),
        (false, None) => return false,
    };
    let below = |number: &str| {
        number == inner || number.strip_prefix(inner).is_some_and(|rest| rest.starts_with('.') && !inner.is_empty())
    };
    below(&entry.chapter) || (!entry.section.is_empty() && below(&entry.section))
}
