//! Two editions of a list side by side: what became of each entry, as people judge it (CATALOG-013).
//!
//! The crosswalk gives a proposal where it says enough. A proposal is never a judgement: rewording can change a duty,
//! and only a person who read both texts can say whether it did.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{Catalog, Certainty, Entry, Mapped, Mapping, Relation, Shelf};

use crate::choice::choice;
use crate::migration::{MigrationError, known, leads_to, way};
use crate::model::Date;

choice! {
    /// 前の版の項目が、後の版でどうなったか。
    EntryChange {
        Unchanged = "unchanged", "変更なし";
        Renumbered = "renumbered", "番号だけの変更";
        Reworded = "reworded", "書き換え（求めることは同じ）";
        Strengthened = "strengthened", "強まった";
        Weakened = "weakened", "弱まった";
        New = "new", "新しい項目";
        Removed = "removed", "なくなった項目";
    }
}

/// 版と版の違いについての判断（catalogs/classification.yaml）。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassificationFile {
    /// 比べた二つの版ごとの判断。
    #[serde(default)]
    pub comparisons: Vec<Classified>,
}

/// 二つの版の項目についての判断。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Classified {
    /// 前の版（例: pg-1.0）。
    pub from: String,
    /// 後の版（例: pg-1.1）。
    pub to: String,
    pub judgements: Vec<Judgement>,
}

/// 一つの項目についての判断。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// 前の版の番号。新しい項目なら省く。
    #[serde(default)]
    pub source: Option<String>,
    /// 後の版の番号。なくなった項目なら省く。
    #[serde(default)]
    pub target: Option<String>,
    /// どう変わったか。
    pub class: EntryChange,
    /// 読み比べて決めた人。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 決めた日。
    pub on: Date,
    /// そう判断した理由。
    #[schemars(regex(pattern = r"\S"))]
    pub reason: String,
}

/// One line of the comparison.
#[derive(Debug, Serialize)]
pub struct Pairing<'a> {
    pub source: Option<&'a str>,
    pub target: Option<&'a str>,
    pub relation: Option<Relation>,
    /// Of the link; where there is none, that nothing is known.
    pub certainty: Certainty,
    /// What the crosswalk suggests; `None` where it does not say enough.
    pub proposed: Option<EntryChange>,
    pub because: String,
    /// What people judged, the newest last.
    pub judged: Vec<&'a Judgement>,
}

impl Pairing<'_> {
    /// The judgement in force: a person's, never the proposal.
    pub fn decided(&self) -> Option<&Judgement> {
        self.judged.last().copied()
    }
}

/// Two editions compared.
#[derive(Debug)]
pub struct Comparison<'a> {
    pub from: &'a Catalog,
    pub to: &'a Catalog,
    /// Editions passed, both ends included.
    pub way: Vec<String>,
    pub lines: Vec<Pairing<'a>>,
}

/// Compares two editions of the shelf.
pub fn compare<'a>(
    shelf: &'a Shelf,
    from: &str,
    to: &str,
    file: &'a ClassificationFile,
) -> Result<Comparison<'a>, MigrationError> {
    let (from, to) = (known(shelf, from)?, known(shelf, to)?);
    let (way, mapped) = way(shelf, from, to)?;
    let (a, b) = (&from.edition.id, &to.edition.id);
    let mut judged = judgements(file, a, b);
    let mut lines: Vec<Pairing> = Vec::new();
    let stated: HashMap<&str, &Mapping> =
        shelf.without_counterpart(a, b).map(|link| (link.source.as_str(), link)).collect();
    let mut by_source: HashMap<&str, Vec<&Mapped>> = HashMap::new();
    mapped.iter().for_each(|one| by_source.entry(&one.source).or_default().push(one));
    for entry in &from.entries {
        let links = by_source.get(entry.id.as_str()).map_or(&[][..], Vec::as_slice);
        for one in links {
            lines.extend(to.entries.iter().filter(|target| leads_to(one, target)).map(|target| {
                let (proposed, mut because) = proposal(from, to, entry, target, one, links.len());
                because.extend(remarks(shelf, from, to, entry, target));
                let (source, target) = (entry.id.as_str(), target.id.as_str());
                let judged = judged.remove(&(Some(source), Some(target))).unwrap_or_default();
                Pairing {
                    source: Some(source),
                    target: Some(target),
                    relation: one.relation,
                    certainty: one.certainty,
                    proposed,
                    because: because.join(" "),
                    judged,
                }
            }));
        }
        if links.is_empty() {
            let link = stated.get(entry.id.as_str()).copied();
            lines.push(alone((Some(&entry.id), None), link, &mut judged));
        }
    }
    let reached: BTreeSet<&str> = lines.iter().filter_map(|line| line.target).collect();
    let fresh = to.entries.iter().filter(|entry| !reached.contains(entry.id.as_str()));
    lines.extend(fresh.map(|entry| alone((None, Some(&entry.id)), None, &mut judged)).collect::<Vec<_>>());
    // What people judged of pairs that the crosswalk does not have stands as their word.
    lines.extend(judged.into_iter().map(|((source, target), judged)| Pairing {
        source,
        target,
        relation: None,
        certainty: Certainty::Derived,
        proposed: None,
        because: "対応表にない組についての判断です。".to_owned(),
        judged,
    }));
    Ok(Comparison { from, to, way, lines })
}

type Ends<'a> = (Option<&'a str>, Option<&'a str>);

fn judgements<'a>(file: &'a ClassificationFile, from: &str, to: &str) -> BTreeMap<Ends<'a>, Vec<&'a Judgement>> {
    let mut by_ends: BTreeMap<Ends, Vec<&Judgement>> = BTreeMap::new();
    let of_pair = file.comparisons.iter().filter(|one| one.from == from && one.to == to);
    for judgement in of_pair.flat_map(|one| &one.judgements) {
        by_ends.entry((judgement.source.as_deref(), judgement.target.as_deref())).or_default().push(judgement);
    }
    // Stable: of one day, the order of the file.
    by_ends.values_mut().for_each(|all| all.sort_by_key(|judgement| judgement.on));
    by_ends
}

/// An entry without a counterpart. That nothing leads to it proves nothing unless the crosswalk says so.
fn alone<'a>(
    ends: Ends<'a>,
    stated: Option<&Mapping>,
    judged: &mut BTreeMap<Ends<'a>, Vec<&'a Judgement>>,
) -> Pairing<'a> {
    let (proposed, certainty, because) = match (ends, stated) {
        ((Some(_), _), Some(link)) if link.certainty == Certainty::Derived => {
            (None, link.certainty, format!("対応がないとみた項目ですが、推定です。{}", link.rationale))
        }
        ((Some(_), _), Some(link)) => (Some(EntryChange::Removed), link.certainty, link.rationale.clone()),
        ((Some(_), _), None) => {
            (None, Certainty::Derived, "行き先の項目を収録していません。なくなったとは限りません。".to_owned())
        }
        _ => (None, Certainty::Derived, "つながる元の項目を収録していません。新しいとは限りません。".to_owned()),
    };
    Pairing {
        source: ends.0,
        target: ends.1,
        relation: stated.map(|_| Relation::None),
        certainty,
        proposed,
        because,
        judged: judged.remove(&ends).unwrap_or_default(),
    }
}

/// What the link suggests, and why. Nothing is suggested from a link nobody read in the originals.
fn proposal(
    from: &Catalog,
    to: &Catalog,
    source: &Entry,
    target: &Entry,
    link: &Mapped,
    fan_out: usize,
) -> (Option<EntryChange>, Vec<String>) {
    if link.certainty == Certainty::Derived {
        return (None, vec!["対応は推定で、文言を読み比べていません。".to_owned()]);
    }
    if fan_out > 1 {
        return (None, vec!["前の一つの項目が、後の複数の項目に関わります。".to_owned()]);
    }
    let same_list = family(&from.edition.id) == family(&to.edition.id);
    let stronger = class_change(source, target).filter(|_| same_list);
    let equal = match stronger {
        Some(change) => (Some(change), format!("区分が「{}」から「{}」に変わっています。", source.class, target.class)),
        None if link.relation != Some(Relation::Equal) => {
            (Some(EntryChange::Reworded), "同じ趣旨とされています。".to_owned())
        }
        None if same_list && source.id != target.id => {
            (Some(EntryChange::Renumbered), "同文で、番号だけが違います。".to_owned())
        }
        None => (Some(EntryChange::Unchanged), "同文とされています。".to_owned()),
    };
    let (proposed, why) = match link.relation {
        Some(Relation::Equal | Relation::Equivalent) => equal,
        Some(Relation::Subset) => (Some(EntryChange::Strengthened), "後の項目のほうが広いとされています。".to_owned()),
        Some(Relation::Superset) => (Some(EntryChange::Weakened), "前の項目のほうが広いとされています。".to_owned()),
        Some(Relation::Intersects) => (None, "一部だけが重なります。".to_owned()),
        Some(Relation::None) | None => (None, "間接のつながりだけで、重なりは確かめられません。".to_owned()),
    };
    (proposed, vec![why])
}

/// `pg` of `pg-1.1`.
fn family(edition: &str) -> &str {
    edition.rsplit_once('-').map_or(edition, |(family, _)| family)
}

/// Whether 区分 says that an entry became stronger or weaker; unknown marks say nothing.
fn class_change(source: &Entry, target: &Entry) -> Option<EntryChange> {
    let weight = |class: &str| match class {
        "◎" | "C" => Some(2),
        "○" | "D" => Some(1),
        _ => None,
    };
    match (weight(&source.class)?, weight(&target.class)?) {
        (old, new) if new > old => Some(EntryChange::Strengthened),
        (old, new) if new < old => Some(EntryChange::Weakened),
        _ => None,
    }
}

/// What the catalogs know of the wording of the two.
fn remarks(shelf: &Shelf, from: &Catalog, to: &Catalog, source: &Entry, target: &Entry) -> Vec<String> {
    let mut said = Vec::new();
    if from.edition.id == "mhlw-3.0" {
        said.extend(shelf.weaker.iter().filter(|weaker| weaker.item == source.id).map(|weaker| weaker.why.clone()));
    }
    for (catalog, entry) in [(from, source), (to, target)] {
        if catalog.edition.id == "pg-1.1" {
            let compared = shelf.compared.iter().filter(|compared| compared.id == entry.id);
            said.extend(compared.map(|compared| compared.difference.clone()));
        }
    }
    said
}

/// What is wrong with the judgements: JSON pointer and sentence.
pub fn problems(file: &ClassificationFile, shelf: &Shelf) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (c, classified) in file.comparisons.iter().enumerate() {
        let here = format!("/comparisons/{c}");
        for (field, id) in [("from", &classified.from), ("to", &classified.to)] {
            if shelf.catalog(id).is_none() {
                let message = format!("版「{id}」は収録していません。shirube catalog list で版を確かめてください。");
                found.push((format!("{here}/{field}"), message));
            }
        }
        for (j, judgement) in classified.judgements.iter().enumerate() {
            let here = format!("{here}/judgements/{j}");
            found.extend(ends(judgement, &here));
            for (field, edition, id) in
                [("source", &classified.from, &judgement.source), ("target", &classified.to, &judgement.target)]
            {
                if let (Some(catalog), Some(id)) = (shelf.catalog(edition), id)
                    && catalog.entry(id).is_none()
                {
                    let message = format!(
                        "「{id}」は、{edition}にありません。shirube catalog list {edition} で番号を確かめてください。"
                    );
                    found.push((format!("{here}/{field}"), message));
                }
            }
        }
    }
    found
}

/// A class must fit what it speaks of.
fn ends(judgement: &Judgement, here: &str) -> Option<(String, String)> {
    let (source, target) = (judgement.source.is_some(), judgement.target.is_some());
    let right = match judgement.class {
        EntryChange::New => (!source && target, "新しい項目には、後の版の番号（target）だけを書いてください。"),
        EntryChange::Removed => (source && !target, "なくなった項目には、前の版の番号（source）だけを書いてください。"),
        _ => (source && target, "前の版の番号（source）と後の版の番号（target）の両方を書いてください。"),
    };
    let term = judgement.class.term();
    (!right.0).then(|| (here.to_owned(), format!("「{term}」という判断の番号がそろっていません。{}", right.1)))
}
