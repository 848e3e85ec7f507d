//! Answers carried from one edition to another, without pretending (CATALOG-013, CATALOG-014, CATALOG-016).
//!
//! Nothing is answered by migration. What leads from an old answer to a new item is laid side by side with its
//! reasons, and a person says what holds.

mod file;
mod tasks;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use shirube_catalog::{Agreement, Catalog, Certainty, ControlId, Entry, Mapped, Mapping, Relation, Shelf};

use crate::conformity::ControlStatus;
use crate::service::Service;

pub use file::{CarriedAnswer, CarriedFile, Confirmation, Leading, Old};
pub use tasks::{Task, TaskKind, due_of, tasks};

/// An answer as it is carried: what was said, of which item.
#[derive(Debug, Clone, Copy)]
pub struct OldAnswer<'a> {
    /// Id within its edition.
    pub id: &'a str,
    pub status: ControlStatus,
    pub how: &'a str,
    pub evidence: &'a [String],
    pub reason: &'a str,
    /// What speaks against taking it as it stands. With any, it is never a candidate as it stands.
    pub notes: &'a [String],
}

/// What becomes of an item of the new edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The same question was answered: the old answer is a candidate as it stands.
    Carried,
    /// Old answers touch it; a person has to read both.
    Review,
    /// It was one item and is several now; the old answer covers some part of each.
    Split,
    /// Questions lead to it, but nobody had answered them.
    Unanswered,
    /// Nothing in the old edition leads to it.
    New,
}

impl State {
    /// In the order of the work they make.
    pub const ALL: [Self; 5] = [Self::Carried, Self::Review, Self::Split, Self::Unanswered, Self::New];

    pub fn term(self) -> &'static str {
        match self {
            Self::Carried => "引き継ぎの候補",
            Self::Review => "要見直し",
            Self::Split => "分割",
            Self::Unanswered => "元が未回答",
            Self::New => "新規",
        }
    }
}

/// One item of the new edition with what leads to it.
#[derive(Debug)]
pub struct MigratedItem<'a> {
    pub entry: &'a Entry,
    pub state: State,
    /// The ways from old items, those with an answer first.
    pub from: Vec<(Mapped, Option<OldAnswer<'a>>)>,
    /// What differs, in words.
    pub difference: String,
}

/// An item of the old edition that nothing of the new one takes up.
#[derive(Debug)]
pub struct WithdrawnItem<'a> {
    pub entry: &'a Entry,
    pub answer: Option<OldAnswer<'a>>,
    /// True where the crosswalk says so; false where nothing is known.
    pub stated: bool,
    /// Of what the crosswalk says; `None` where it says nothing.
    pub certainty: Option<Certainty>,
    pub why: String,
}

/// A whole migration.
#[derive(Debug)]
pub struct Migration<'a> {
    pub from: &'a Catalog,
    pub to: &'a Catalog,
    /// Editions passed, both ends included.
    pub way: Vec<String>,
    pub items: Vec<MigratedItem<'a>>,
    pub withdrawn: Vec<WithdrawnItem<'a>>,
}

/// Why there is no migration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    #[error("版「{0}」は収録していません。「shirube catalog list」で版を確かめてください。")]
    UnknownEdition(String),
    #[error("「{from}」から「{to}」への対応関係を収録していないため、回答を移せません。")]
    NoWay { from: String, to: String },
    #[error("「{0}」には項目を収録していないため、回答を移せません。公式の文書から取り込んでください。")]
    Empty(String),
}

/// Lays answers of one edition beside the items of another.
pub fn migrate<'a>(
    shelf: &'a Shelf,
    from: &str,
    to: &str,
    answers: &[OldAnswer<'a>],
) -> Result<Migration<'a>, MigrationError> {
    let (from, to) = (known(shelf, from)?, known(shelf, to)?);
    if to.entries.is_empty() {
        return Err(MigrationError::Empty(to.edition.id.clone()));
    }
    let (way, mapped) = way(shelf, from, to)?;
    let answers: HashMap<&str, OldAnswer> = answers.iter().map(|answer| (answer.id, *answer)).collect();
    let weaker: HashMap<&str, &str> = match from.edition.id.as_str() {
        "mhlw-3.0" => shelf.weaker.iter().map(|weaker| (weaker.item.as_str(), weaker.why.as_str())).collect(),
        _ => HashMap::new(),
    };
    let mut fan_out: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in &mapped {
        fan_out.entry(&one.source).or_default().insert(&one.target);
    }
    let item = |entry: &'a Entry| {
        let mut leading: Vec<(Mapped, Option<OldAnswer>)> = mapped
            .iter()
            .filter(|one| leads_to(one, entry))
            .map(|one| (one.clone(), answers.get(one.source.as_str()).copied()))
            .collect();
        leading.sort_by_key(|(_, answer)| answer.is_none());
        let state = state(&leading, &fan_out, &weaker);
        let difference = difference(state, &leading, &weaker, to);
        MigratedItem { entry, state, from: leading, difference }
    };
    let items = to.entries.iter().map(item).collect();
    let withdrawn = withdrawn(shelf, from, to, &fan_out, &answers);
    Ok(Migration { from, to, way, items, withdrawn })
}

/// An edition that must be on the shelf.
pub(crate) fn known<'a>(shelf: &'a Shelf, edition: &str) -> Result<&'a Catalog, MigrationError> {
    shelf.catalog(edition).ok_or_else(|| MigrationError::UnknownEdition(edition.to_owned()))
}

/// The editions passed between two that must be connected, both ends included, and where their items lead.
pub(crate) fn way(shelf: &Shelf, from: &Catalog, to: &Catalog) -> Result<(Vec<String>, Vec<Mapped>), MigrationError> {
    let (from, to) = (&from.edition.id, &to.edition.id);
    let between = shelf.editions_between(from, to).zip(shelf.crosswalk(from, to));
    between.ok_or_else(|| MigrationError::NoWay { from: from.clone(), to: to.clone() })
}

/// A link to a chapter touches every item of it.
pub(crate) fn leads_to(mapped: &Mapped, entry: &Entry) -> bool {
    mapped.target == entry.id || entry.id.strip_prefix(&mapped.target).is_some_and(|rest| rest.starts_with('.'))
}

fn keeps_meaning(mapped: &Mapped) -> bool {
    matches!(mapped.relation, Some(Relation::Equal | Relation::Equivalent)) && mapped.certainty == Certainty::Seen
}

fn state(
    leading: &[(Mapped, Option<OldAnswer>)],
    fan_out: &BTreeMap<&str, BTreeSet<&str>>,
    weaker: &HashMap<&str, &str>,
) -> State {
    let answered: Vec<&Mapped> = leading.iter().filter(|(_, answer)| answer.is_some()).map(|(one, _)| one).collect();
    let doubted = leading.iter().any(|(_, answer)| answer.is_some_and(|answer| !answer.notes.is_empty()));
    match (leading, &answered[..]) {
        ([], _) => State::New,
        (_, []) => State::Unanswered,
        (_, [one]) if keeps_meaning(one) && !doubted && !weaker.contains_key(one.source.as_str()) => State::Carried,
        (_, all) if all.iter().all(|one| fan_out.get(one.source.as_str()).is_some_and(|to| to.len() > 1)) => {
            State::Split
        }
        _ => State::Review,
    }
}

fn difference(
    state: State,
    leading: &[(Mapped, Option<OldAnswer>)],
    weaker: &HashMap<&str, &str>,
    to: &Catalog,
) -> String {
    let mut said: Vec<String> = Vec::new();
    for (one, answer) in leading.iter().filter_map(|(one, answer)| Some((one, answer.as_ref()?))) {
        said.extend(answer.notes.iter().map(|note| format!("{}: {note}", one.source)));
        if let Some(why) = weaker.get(one.source.as_str()) {
            said.push(format!("{}: {why}", one.source));
        }
        match one.relation {
            None => said.push(format!("{}: 間接のつながりだけで、重なりは確かめられません。", one.source)),
            Some(Relation::Subset) => {
                said.push(format!("{}: 新しい項目のほうが広く、足りない部分があります。", one.source))
            }
            Some(Relation::Intersects) => said.push(format!("{}: 一部だけが重なります。", one.source)),
            Some(_) if one.certainty != Certainty::Seen => {
                said.push(format!(
                    "{}: 対応は{}で、文言が同じかは確かめていません。",
                    one.source,
                    one.certainty.term()
                ));
            }
            Some(_) => {}
        }
    }
    said.dedup();
    if said.is_empty() && state == State::New {
        said.push(format!("元の版に、{}のこの項目へつながるものを収録していません。", to.edition.id));
    }
    said.join(" ")
}

fn withdrawn<'a>(
    shelf: &'a Shelf,
    from: &'a Catalog,
    to: &Catalog,
    fan_out: &BTreeMap<&str, BTreeSet<&str>>,
    answers: &HashMap<&str, OldAnswer<'a>>,
) -> Vec<WithdrawnItem<'a>> {
    let stated: HashMap<&str, &Mapping> =
        shelf.without_counterpart(&from.edition.id, &to.edition.id).map(|link| (link.source.as_str(), link)).collect();
    let gone = from.entries.iter().filter(|entry| !fan_out.contains_key(entry.id.as_str()));
    gone.map(|entry| {
        let link = stated.get(entry.id.as_str());
        let unknown = "行き先の項目を収録していません。なくなったとは限りません。";
        WithdrawnItem {
            entry,
            answer: answers.get(entry.id.as_str()).copied(),
            stated: link.is_some(),
            certainty: link.map(|link| link.certainty),
            why: link.map_or(unknown, |link| &link.rationale).to_owned(),
        }
    })
    .collect()
}

/// The answers of a service to 別紙2 1.0 as they are carried; what nobody answered is left out.
pub fn answers_of<'a>(service: &Service<'a>, shelf: &'a Shelf) -> Vec<OldAnswer<'a>> {
    let Some(catalog) = shelf.catalog("pg-1.0") else { return Vec::new() };
    let answered = service.files.conformity.answers.iter();
    answered
        .filter_map(|answer| {
            let id = answer.control.strip_prefix("pg-1.0/").unwrap_or(&answer.control);
            let id = id.parse::<ControlId>().ok()?.to_string();
            (answer.status != ControlStatus::Unanswered).then_some(OldAnswer {
                id: &catalog.entry(&id)?.id,
                status: answer.status,
                how: &answer.how,
                evidence: &answer.evidence,
                reason: &answer.reason,
                notes: &[],
            })
        })
        .collect()
}

impl Migration<'_> {
    /// How many items are in each state.
    pub fn counts(&self) -> BTreeMap<State, usize> {
        let mut counts: BTreeMap<State, usize> = State::ALL.into_iter().map(|state| (state, 0)).collect();
        for item in &self.items {
            *counts.entry(item.state).or_default() += 1;
        }
        counts
    }
}

/// What an edition change touches in one service, in its own words (CATALOG-014).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// Old items with an answer that have to be read again.
    pub answers: Vec<String>,
    /// Among them, those with something to agree with institutions.
    pub agreements: Vec<String>,
    /// Numbers of the risks whose measures lean on them.
    pub risks: Vec<String>,
    /// Titles of documents that state them.
    pub documents: Vec<&'static str>,
}

/// What has to be looked at again when this service moves.
pub fn impact(service: &Service, migration: &Migration) -> Impact {
    let mut touched: BTreeSet<&str> =
        migration.withdrawn.iter().filter(|w| w.answer.is_some()).map(|w| w.entry.id.as_str()).collect();
    let open = migration.items.iter().filter(|item| item.state != State::Carried);
    touched.extend(
        open.flat_map(|item| item.from.iter().filter(|(_, a)| a.is_some()).map(|(one, _)| one.source.as_str())),
    );
    let library = service.assessment.library;
    let agreed = |id: &&&str| {
        let control = id.parse().ok().and_then(|id| library.provider.control(id));
        control.is_some_and(|control| control.agreement != Agreement::No)
    };
    let agreements: Vec<String> = touched.iter().filter(agreed).map(|id| (*id).to_owned()).collect();
    let mut risks: Vec<(usize, &str)> = Vec::new();
    for treated in &service.assessment.treated {
        let of_measures = treated.treatment.measures.iter().flat_map(|measure| &measure.controls);
        let mut leans = of_measures.filter_map(|id| library.provider.control(id.parse().ok()?));
        if leans.any(|control| touched.contains(control.id.to_string().as_str())) {
            risks.extend(treated.risks.iter().map(|&at| (at, service.assessment.risks[at].number.as_str())));
        }
    }
    risks.sort_unstable();
    risks.dedup();
    let mut documents = Vec::new();
    if !touched.is_empty() {
        documents.push("対策項目対応表");
    }
    if !agreements.is_empty() {
        documents.push("合意事項一覧");
    }
    if !risks.is_empty() {
        documents.extend(["リスク対応一覧", "リスク対応計画"]);
    }
    Impact {
        answers: touched.iter().map(|id| (*id).to_owned()).collect(),
        agreements,
        risks: risks.into_iter().map(|(_, number)| number.to_owned()).collect(),
        documents,
    }
}
