//! What leads from one edition to another, and what can be concluded over several steps.
//!
//! The relations are those of OSCAL's mapping model and of NIST IR 8477. A conclusion over two steps is never more
//! certain than either, and what cannot be concluded is not claimed: parts of parts may have nothing in common.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::Shelf;
use crate::Certainty;

/// How the source relates to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same text.
    Equal,
    /// Other words, the same meaning.
    Equivalent,
    /// The source asks for less; the target covers it.
    Subset,
    /// The source asks for more.
    Superset,
    /// They have something in common.
    Intersects,
    /// No counterpart.
    None,
}

impl Relation {
    /// Every relation, the strongest first.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::Equivalent, Self::Subset, Self::Superset, Self::Intersects, Self::None];

    pub fn term(self) -> &'static str {
        match self {
            Self::Equal => "同文",
            Self::Equivalent => "同じ趣旨",
            Self::Subset => "一部（行き先のほうが広い）",
            Self::Superset => "全部を含む（元のほうが広い）",
            Self::Intersects => "重なる",
            Self::None => "対応なし",
        }
    }

    /// The word that files hold.
    pub fn token(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Equivalent => "equivalent",
            Self::Subset => "subset",
            Self::Superset => "superset",
            Self::Intersects => "intersects",
            Self::None => "none",
        }
    }

    /// The same statement read from the target.
    pub fn inverse(self) -> Self {
        match self {
            Self::Subset => Self::Superset,
            Self::Superset => Self::Subset,
            other => other,
        }
    }

    /// What two steps say together. `None` where they allow no statement.
    pub fn then(self, next: Self) -> Option<Self> {
        use Relation::{Equal, Equivalent, Intersects, None, Subset, Superset};
        match (self, next) {
            (None, _) | (_, None) => Option::None,
            (Equal, other) | (other, Equal) => Some(other),
            (Equivalent, other) | (other, Equivalent) => Some(other),
            (Subset, Subset) => Some(Subset),
            (Superset, Superset) => Some(Superset),
            // A part of the source lies in the middle, all of which lies in the target.
            (Intersects, Subset) | (Superset, Intersects) => Some(Intersects),
            (Superset, Subset) => Some(Intersects),
            // Both lie in, or touch, the middle; they need not meet there.
            (Subset, Superset | Intersects) | (Intersects, Superset | Intersects) => Option::None,
        }
    }
}

/// One link of a crosswalk.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Mapping {
    /// Id within the edition it leads from.
    pub source: String,
    pub relation: Relation,
    /// Id within the edition it leads to, or a chapter of it; empty for no counterpart.
    #[serde(default)]
    pub target: String,
    pub certainty: Certainty,
    #[serde(default)]
    pub rationale: String,
    /// Where it was read.
    #[serde(default, rename = "where")]
    pub place: String,
}

/// All links from one edition to another.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Crosswalk {
    pub from: String,
    pub to: String,
    pub links: Vec<Mapping>,
}

/// One step of a way over the crosswalks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// With its edition.
    pub to: String,
    pub relation: Relation,
    pub certainty: Certainty,
    pub rationale: String,
}

/// Where an item of one edition leads in another, with the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mapped {
    /// Ids within their editions.
    pub source: String,
    pub target: String,
    /// `None`: connected by a way that allows no statement about what the two have in common.
    pub relation: Option<Relation>,
    pub certainty: Certainty,
    pub steps: Vec<Step>,
}

/// A crosswalk as one looks along it; `back` reads it from its target.
#[derive(Clone, Copy)]
struct Edge<'a> {
    walk: &'a Crosswalk,
    back: bool,
}

impl<'a> Edge<'a> {
    fn ends(self) -> (&'a str, &'a str) {
        if self.back { (&self.walk.to, &self.walk.from) } else { (&self.walk.from, &self.walk.to) }
    }

    /// Links by the id they leave from.
    fn links(self) -> HashMap<&'a str, Vec<(&'a str, &'a Mapping)>> {
        let mut by_source: HashMap<&str, Vec<_>> = HashMap::new();
        for link in self.walk.links.iter().filter(|link| !link.target.is_empty()) {
            let (source, target) = if self.back { (&link.target, &link.source) } else { (&link.source, &link.target) };
            by_source.entry(source).or_default().push((target.as_str(), link));
        }
        by_source
    }
}

impl Shelf {
    /// The rows of crosswalks with the fewest steps from one edition to another; each row of editions once.
    fn shortest(&self, from: &str, to: &str) -> Vec<Vec<Edge<'_>>> {
        // Forward first, so that a table written in its direction is preferred.
        let edges: Vec<Edge> = [false, true]
            .iter()
            .flat_map(|&back| self.crosswalks().iter().map(move |walk| Edge { walk, back }))
            .collect();
        let mut ways: Vec<Vec<Edge>> = vec![Vec::new()];
        let mut passed = BTreeSet::from([from.to_owned()]);
        if from == to {
            return if edges.iter().any(|edge| edge.ends().0 == from) { ways } else { Vec::new() };
        }
        while !ways.is_empty() {
            let mut longer: Vec<Vec<Edge>> = Vec::new();
            let mut rows = BTreeSet::new();
            for way in &ways {
                let here = way.last().map_or(from, |edge| edge.ends().1);
                for edge in edges.iter().filter(|edge| edge.ends().0 == here && !passed.contains(edge.ends().1)) {
                    let next: Vec<Edge> = way.iter().chain([edge]).copied().collect();
                    if rows.insert(next.iter().map(|edge| edge.ends().1).collect::<Vec<_>>()) {
                        longer.push(next);
                    }
                }
            }
            let arrives = |way: &Vec<Edge>| way.last().is_some_and(|edge| edge.ends().1 == to);
            if longer.iter().any(arrives) {
                longer.retain(arrives);
                return longer;
            }
            passed.extend(longer.iter().filter_map(|way| Some(way.last()?.ends().1.to_owned())));
            ways = longer;
        }
        Vec::new()
    }

    /// The way that is taken, then the others of as few steps. Taken is the one that gives the most conclusions read in
    /// the original, then the most read in part, then the most that say anything.
    fn ways(&self, from: &str, to: &str) -> Vec<Vec<Edge<'_>>> {
        let mut ways = self.shortest(from, to);
        if ways.len() > 1 {
            ways.sort_by_cached_key(|way| {
                let mapped = self.along_way(from, way);
                let count = |wanted: &dyn Fn(&Mapped) -> bool| mapped.iter().filter(|one| wanted(one)).count();
                let merits = [
                    count(&|one| one.certainty == Certainty::Seen),
                    count(&|one| one.certainty == Certainty::Partial),
                    count(&|one| one.relation.is_some()),
                    mapped.len(),
                ];
                // Among equals the same way there and back.
                let passed: BTreeSet<String> = way.iter().map(|edge| edge.ends().1.to_owned()).collect();
                (Reverse(merits), passed.into_iter().filter(|id| id != from && id != to).collect::<Vec<_>>())
            });
        }
        ways
    }

    /// Editions on the way from one to another, both ends included; `None` if no crosswalks connect them.
    pub fn editions_between(&self, from: &str, to: &str) -> Option<Vec<String>> {
        self.ways(from, to).first().map(|way| named(from, way))
    }

    /// Ways of as few steps that [`Self::editions_between`] and [`Self::crosswalk`] do not take, because they are less
    /// certain.
    pub fn other_ways(&self, from: &str, to: &str) -> Vec<Vec<String>> {
        self.ways(from, to).iter().skip(1).map(|way| named(from, way)).collect()
    }

    /// Where every item of an edition leads in another. Items that lead nowhere are left out.
    ///
    /// Over several steps the certainty is that of the weakest, and no more than inferred unless every step keeps the
    /// meaning. `None` if no crosswalks connect the two.
    pub fn crosswalk(&self, from: &str, to: &str) -> Option<Vec<Mapped>> {
        self.ways(from, to).first().map(|way| self.along_way(from, way))
    }

    fn along_way(&self, from: &str, way: &[Edge]) -> Vec<Mapped> {
        let mut sources: Vec<&str> = Vec::new();
        if let Some(catalog) = self.catalog(from) {
            sources.extend(catalog.entries.iter().map(|entry| entry.id.as_str()));
        }
        let tables: Vec<_> = way.iter().map(|edge| (edge.links(), *edge)).collect();
        // Some links leave from a chapter as a whole, which is no entry.
        if let Some((links, _)) = tables.first() {
            let entries: HashSet<&str> = sources.iter().copied().collect();
            let mut chapters: Vec<&str> = links.keys().copied().filter(|id| !entries.contains(id)).collect();
            chapters.sort_unstable();
            sources.extend(chapters);
        }
        let mut found = Vec::new();
        for source in sources.into_iter().filter(|_| !way.is_empty()) {
            let mut reached = vec![Mapped {
                source: source.to_owned(),
                target: source.to_owned(),
                relation: Some(Relation::Equal),
                certainty: Certainty::Seen,
                steps: Vec::new(),
            }];
            for (links, edge) in &tables {
                let next = |here: &Mapped| -> Vec<Mapped> {
                    let links = links.get(here.target.as_str()).into_iter().flatten();
                    links.map(|(target, link)| along(here, target, link, *edge)).collect()
                };
                reached = strongest(reached.iter().flat_map(next).collect());
            }
            found.extend(reached);
        }
        found
    }

    /// What is said to have no counterpart, by id within `from`; only where one crosswalk leads there directly.
    pub fn without_counterpart<'a>(&'a self, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a Mapping> {
        let direct = self.crosswalks().iter().filter(move |walk| walk.from == from && walk.to == to);
        direct.flat_map(|walk| &walk.links).filter(|link| link.relation == Relation::None)
    }
}

/// Every edition of a way, both ends included.
fn named(from: &str, way: &[Edge]) -> Vec<String> {
    std::iter::once(from).chain(way.iter().map(|edge| edge.ends().1)).map(str::to_owned).collect()
}

fn along(here: &Mapped, target: &str, link: &Mapping, edge: Edge) -> Mapped {
    let relation = if edge.back { link.relation.inverse() } else { link.relation };
    let combined = here.relation.and_then(|before| before.then(relation));
    let keeps = |relation: Relation| matches!(relation, Relation::Equal | Relation::Equivalent);
    let inferred = !(here.steps.is_empty() || keeps(relation) || here.relation.is_some_and(keeps));
    let mut certainty = here.certainty.min(link.certainty);
    if inferred {
        certainty = Certainty::Derived;
    }
    let mut steps = here.steps.clone();
    steps.push(Step {
        to: format!("{}/{target}", edge.ends().1),
        relation,
        certainty: link.certainty,
        rationale: link.rationale.clone(),
    });
    Mapped { source: here.source.clone(), target: target.to_owned(), relation: combined, certainty, steps }
}

/// One way for each target: the one that says most, then the most certain.
fn strongest(all: Vec<Mapped>) -> Vec<Mapped> {
    let mut kept: Vec<Mapped> = Vec::new();
    let rank = |mapped: &Mapped| (mapped.relation.unwrap_or(Relation::None), Reverse(mapped.certainty));
    for mapped in all {
        match kept.iter_mut().find(|other| other.target == mapped.target) {
            Some(other) if rank(&mapped) < rank(other) => *other = mapped,
            Some(_) => {}
            None => kept.push(mapped),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::Relation::{self, Equal, Equivalent, Intersects, Subset, Superset};

    /// Sets stand for what two texts ask for; every statement of `then` must hold for all of them.
    #[test]
    fn conclusions_hold_for_every_set() {
        let sets: Vec<u8> = (1..8).collect();
        let holds = |relation: Relation, a: u8, b: u8| match relation {
            Equal | Equivalent => a == b,
            Subset => a & b == a,
            Superset => a & b == b,
            Intersects => a & b != 0,
            Relation::None => a & b == 0,
        };
        for first in Relation::ALL {
            for second in Relation::ALL {
                let said = first.then(second);
                let mut always = true;
                for &a in &sets {
                    for &b in sets.iter().filter(|b| holds(first, a, **b)) {
                        for &c in sets.iter().filter(|c| holds(second, b, **c)) {
                            always &= said.is_none_or(|said| holds(said, a, c));
                        }
                    }
                }
                assert!(always, "{first:?} then {second:?} does not mean {said:?}");
            }
        }
    }

    #[test]
    fn read_backwards_twice_is_as_before() {
        for relation in Relation::ALL {
            assert_eq!(relation.inverse().inverse(), relation);
        }
    }
}
