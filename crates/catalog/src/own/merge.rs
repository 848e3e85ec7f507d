//! The shelf with what a user brought next to what is embedded.

use std::collections::HashSet;

use serde::Serialize;

use super::{OwnCrosswalk, OwnList, Revision, Standing, counting};
use crate::{Catalog, Certainty, Crosswalk, Edition, EditionStatus, Entry, Mapping, Relation, Shelf};

/// A sentence on what was brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Whether somebody has to do something: approve, correct, decide on a day.
    pub attention: bool,
    pub text: String,
}

/// Everything a service folder brings.
#[derive(Debug, Clone, Default)]
pub struct OwnShelf {
    pub lists: Vec<OwnList>,
    pub crosswalks: Vec<OwnCrosswalk>,
}

/// Which revision of each list is taken.
#[derive(Debug, Clone, Copy)]
pub enum Pick<'a> {
    /// That which counts on a day; without a day, the newest that is approved.
    On(Option<&'a str>),
    /// The newest, approved or not: what a new crosswalk may refer to.
    Newest,
    /// One revision of one list, the others as on a day.
    Revision { edition: &'a str, no: u32, on: Option<&'a str> },
}

impl<'a> Pick<'a> {
    fn of<'r, T>(self, edition: &str, revisions: &'r [Revision<T>]) -> Option<&'r Revision<T>> {
        match self {
            Self::On(on) => counting(revisions, on),
            Self::Newest => revisions.last(),
            Self::Revision { edition: wanted, no, .. } if wanted == edition => {
                revisions.iter().find(|revision| revision.no == no)
            }
            Self::Revision { on, .. } => counting(revisions, on),
        }
    }

    /// The day that decides what is in force.
    pub fn day(self) -> Option<&'a str> {
        match self {
            Self::On(on) | Self::Revision { on, .. } => on,
            Self::Newest => None,
        }
    }
}

impl OwnShelf {
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.crosswalks.is_empty()
    }

    pub fn list(&self, edition: &str) -> Option<&OwnList> {
        self.lists.iter().find(|list| list.edition == edition)
    }

    pub fn crosswalk(&self, from: &str, to: &str) -> Option<&OwnCrosswalk> {
        self.crosswalks.iter().find(|walk| walk.from == from && walk.to == to)
    }

    /// The embedded shelf and what was brought, with sentences on what people must know of the latter.
    ///
    /// Embedded entries and links stay as they are: a row with their id is left out, and said.
    pub fn over(&self, shelf: &Shelf, pick: Pick) -> (Shelf, Vec<Notice>) {
        let (mut merged, mut notices) = (shelf.clone(), Vec::new());
        for list in &self.lists {
            if let Some(revision) = pick.of(&list.edition, &list.revisions) {
                put_list(&mut merged, list, revision, pick.day(), &mut notices);
            }
        }
        for walk in &self.crosswalks {
            let name = format!("{}--{}", walk.from, walk.to);
            if let Some(revision) = pick.of(&name, &walk.revisions) {
                put_links(&mut merged, walk, revision, pick.day(), &mut notices);
            }
        }
        (merged, notices)
    }
}

fn put_list(
    shelf: &mut Shelf,
    list: &OwnList,
    revision: &Revision<Entry>,
    on: Option<&str>,
    notices: &mut Vec<Notice>,
) {
    let line = revision.line(on);
    let at = match shelf.catalogs.iter().position(|catalog| catalog.edition.id == list.edition) {
        Some(at) => at,
        None => {
            let edition = edition(shelf, list);
            shelf.catalogs.push(Catalog { edition, entries: Vec::new(), outline: Vec::new(), gaps: Vec::new() });
            shelf.catalogs.len() - 1
        }
    };
    let catalog = &mut shelf.catalogs[at];
    let known: HashSet<String> = catalog.entries.iter().map(|entry| entry.id.clone()).collect();
    let mut shadowed = Vec::new();
    for entry in &revision.rows {
        if known.contains(&entry.id) {
            shadowed.push(entry.id.as_str());
            continue;
        }
        catalog.gaps.retain(|gap| gap.place != entry.id);
        let mut entry = entry.clone();
        entry.added = format!("利用者が加えた項目。{line}");
        catalog.entries.push(entry);
    }
    brought(&list.edition, "項目", &list.revisions, revision, on, notices);
    if !shadowed.is_empty() {
        let text = format!(
            "{}: 収録済みの項目と番号が同じため、加えた次の項目は使いません: {}",
            list.edition,
            shadowed.join("、")
        );
        notices.push(Notice { attention: true, text });
    }
}

/// Says that a list is the user's, how its revision stands, and which one waits behind it.
fn brought<T>(
    name: &str,
    what: &str,
    revisions: &[Revision<T>],
    shown: &Revision<T>,
    on: Option<&str>,
    notices: &mut Vec<Notice>,
) {
    let attention = shown.standing(on) == Standing::Draft;
    let text = format!("{name}: 利用者が加えた{what}を含みます。{}", shown.line(on));
    notices.push(Notice { attention, text });
    if let Some(newest) = revisions.last().filter(|newest| newest.no > shown.no) {
        let attention = newest.standing(on) == Standing::Draft;
        let text = format!("{name}: まだ用いていない版があります。{}", newest.line(on));
        notices.push(Notice { attention, text });
    }
}

/// How a list that is not embedded introduces itself.
fn edition(shelf: &Shelf, list: &OwnList) -> Edition {
    let known = shelf.history.iter().find(|entry| entry.id == list.edition);
    let title =
        if list.title.is_empty() { known.map(|entry| entry.guideline.clone()) } else { Some(list.title.clone()) };
    let own = list.edition.starts_with(super::OWN_PREFIX);
    Edition {
        id: list.edition.clone(),
        title: title.unwrap_or_else(|| list.edition.clone()),
        edition: known.map_or_else(
            || if own { "独自の一覧" } else { "利用者が加えた版" }.to_owned(),
            |entry| entry.edition.clone(),
        ),
        issuers: known.map(|entry| entry.issuer.clone()).into_iter().collect(),
        published: match known {
            Some(entry) if list.published.is_empty() => entry.date.clone(),
            _ => list.published.clone(),
        },
        status: match known.map(|entry| entry.superseded_by_id.is_empty()) {
            Some(false) => EditionStatus::Superseded,
            _ => EditionStatus::InForce,
        },
        superseded_by: known.map(|entry| entry.superseded_by_id.clone()).filter(|id| !id.is_empty()),
        // The rows carry their own; nobody vouches for the whole.
        certainty: Certainty::Partial,
        note: Some(
            if own {
                "ガイドラインではなく、利用者が加えた独自の一覧です"
            } else {
                "利用者が加えた版です。収録した版ではありません"
            }
            .to_owned(),
        ),
    }
}

fn put_links(
    shelf: &mut Shelf,
    own: &OwnCrosswalk,
    revision: &Revision<Mapping>,
    on: Option<&str>,
    notices: &mut Vec<Notice>,
) {
    let known = known_pairs(shelf, &own.from, &own.to);
    let (mut shadowed, mut broken, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for link in &revision.rows {
        let ends = shelf.has_place(&own.from, &link.source)
            && (link.relation == Relation::None || shelf.has_place(&own.to, &link.target));
        let shown = || format!("{}→{}", link.source, link.target);
        if known.contains(&(link.source.clone(), link.target.clone())) {
            shadowed.push(shown());
        } else if !ends {
            broken.push(shown());
        } else {
            let mut link = link.clone();
            let draft = if revision.standing(on) == Standing::InForce { "" } else { "、案" };
            link.rationale = format!("{}（利用者が加えた対応、第{}版{draft}）", link.rationale, revision.no);
            links.push(link);
        }
    }
    brought(&format!("{}→{}", own.from, own.to), "対応", &own.revisions, revision, on, notices);
    let mut tell = |why: &str, pairs: Vec<String>| {
        if !pairs.is_empty() {
            let text = format!("{}→{}: {why}: {}", own.from, own.to, pairs.join("、"));
            notices.push(Notice { attention: true, text });
        }
    };
    tell("収録済みの対応と同じ組のため、加えた次の対応は使いません", shadowed);
    tell("番号の項目がないため、次の対応は使えません", broken);
    let walks = shelf.crosswalks_mut();
    match walks.iter_mut().find(|walk| walk.from == own.from && walk.to == own.to) {
        Some(walk) => walk.links.extend(links),
        None => walks.push(Crosswalk { from: own.from.clone(), to: own.to.clone(), links }),
    }
}

/// Pairs that a shelf links, read in this direction.
fn known_pairs(shelf: &Shelf, from: &str, to: &str) -> HashSet<(String, String)> {
    let mut pairs = HashSet::new();
    for walk in shelf.crosswalks() {
        if walk.from == from && walk.to == to {
            pairs.extend(walk.links.iter().map(|link| (link.source.clone(), link.target.clone())));
        } else if walk.from == to && walk.to == from {
            pairs.extend(walk.links.iter().map(|link| (link.target.clone(), link.source.clone())));
        }
    }
    pairs
}

impl Shelf {
    /// Whether an edition has an entry, chapter or section with this id.
    pub fn has_place(&self, edition: &str, id: &str) -> bool {
        self.catalog(edition).is_some_and(|catalog| catalog.entry(id).is_some() || catalog.has_chapter(id))
    }

    /// Whether a crosswalk links the two already, in either direction.
    pub fn links(&self, from: &str, source: &str, to: &str, target: &str) -> bool {
        known_pairs(self, from, to).contains(&(source.to_owned(), target.to_owned()))
    }
}
