//! Every edition of every guideline we know of, in one shape, with what leads from one to another.
//!
//! [`crate::library`] holds the edition the main job works with, in types of its own. This is the rest of the shelf,
//! and that edition again as plain entries, so that lists, search, crosswalks and exports treat all alike. It is read
//! only when somebody asks for it.

mod crosswalk;
mod find;
mod fold;
mod history;
mod standards;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use crosswalk::{Crosswalk, Mapped, Mapping, Relation, Step};
pub use find::{Found, find, find_on};
pub use fold::fold;
pub use history::{Change, EditionChangePlace, HistoryEntry, Law, Milestone, PlaceKind};
pub use standards::{CitedYears, Designation, standards_named};

use crate::{Certainty, Edition};

/// One item of an edition: a 遵守事項, a control, a question, a row of a table.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Entry {
    /// As the guideline numbers it, unique within the edition, e.g. `企画管理編.9.②`.
    pub id: String,
    /// 編, 付表 or form.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub part: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub chapter: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub chapter_title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub section: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub section_title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub item: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What is asked, in our own words; empty where nobody saw it.
    pub text: String,
    /// The edition whose words `text` are, if its own were not seen.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text_from: String,
    /// C/D, A/B/C, ◎/○ … as the edition has it; empty if unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Whom or which kind of system it concerns.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub applies: String,
    pub certainty: Certainty,
    pub source: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// 技術的対策 of a row of the 付表.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub technical: String,
    /// 運用的対策 of a row of the 付表.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub operational: String,
    /// A clause for the institution's rules, in our own words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sample_rule: String,
    /// That a user brought the entry, and in which revision; empty for what is embedded.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub added: String,
}

/// A chapter or section of which no item was seen.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Outline {
    pub part: String,
    pub chapter: String,
    pub section: String,
    pub title: String,
    pub certainty: Certainty,
    pub source: String,
    pub note: String,
}

/// A number or wording nobody saw yet.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Gap {
    /// An id, or the chapter or section it must stand in.
    #[serde(rename = "where")]
    pub place: String,
    pub what: String,
}

/// One edition with what is known of its content.
#[derive(Debug, Clone, Deserialize)]
pub struct Catalog {
    pub edition: Edition,
    /// In the order of the original.
    pub entries: Vec<Entry>,
    pub outline: Vec<Outline>,
    pub gaps: Vec<Gap>,
}

impl Catalog {
    /// The entry with this id, without the edition.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Whether a chapter or section with this id is known, e.g. `企画管理編.9`.
    pub fn has_chapter(&self, id: &str) -> bool {
        let of_entries = self.entries.iter().map(|entry| (&entry.part, &entry.chapter, &entry.section));
        let of_outline = self.outline.iter().map(|line| (&line.part, &line.chapter, &line.section));
        let place = |part: &str, rest: &str| if part.is_empty() { rest.to_owned() } else { format!("{part}.{rest}") };
        of_entries.chain(of_outline).any(|(part, chapter, section)| {
            id == place(part, chapter) || (!section.is_empty() && id == place(part, section))
        })
    }

    /// Worst certainty of the edition and its entries: what a list of them must say.
    pub fn certainty(&self) -> Certainty {
        self.entries.iter().map(|entry| entry.certainty).fold(self.edition.certainty, Certainty::min)
    }
}

/// An item of the v3 checklist whose old wording asks for less than today's: never inherited as met (CATALOG-017).
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Weaker {
    /// Id within `mhlw-3.0`.
    pub item: String,
    pub old: String,
    pub now: String,
    pub why: String,
}

/// Items that ask for one fact, so that two answers can contradict each other.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct SharedFact {
    pub fact: String,
    pub items: Vec<String>,
}

/// One control on page 8 of 別紙2 1.1, with the wordings of both columns (CATALOG-010).
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Compared {
    /// Id within `pg-1.1`.
    pub id: String,
    /// Ids within `mhlw-6.0`.
    pub refs: Vec<String>,
    /// `None` where the column cannot be read.
    pub earlier: Option<String>,
    pub later: Option<String>,
    /// What changed in the duty.
    pub difference: String,
}

/// The whole shelf.
#[derive(Debug, Clone, Deserialize)]
pub struct Shelf {
    pub catalogs: Vec<Catalog>,
    /// `None` for the embedded ones, which are read when somebody asks for them.
    #[serde(skip)]
    crosswalks: Option<Vec<Crosswalk>>,
    /// Every edition known to have been published, with or without content here.
    pub history: Vec<HistoryEntry>,
    pub laws: Vec<Law>,
    /// What the public comment changed in `mhlw-6.0`.
    pub changes: Vec<Change>,
    pub milestones: Vec<Milestone>,
    pub weaker: Vec<Weaker>,
    pub contradictions: Vec<SharedFact>,
    pub compared: Vec<Compared>,
    /// What a change of edition touches besides the answers.
    pub edition_change: Vec<EditionChangePlace>,
}

static EDITIONS: LazyLock<Vec<Edition>> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/editions.json")))
        .unwrap_or_else(|error| panic!("the embedded editions do not fit their type: {error}"))
});

/// The editions on the embedded shelf, in its order. To ask for them does not read their content.
pub fn editions() -> &'static [Edition] {
    &EDITIONS
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/shelf.json")))
        .unwrap_or_else(|error| panic!("the embedded shelf does not fit its types: {error}"))
});

static CROSSWALKS: LazyLock<Vec<Crosswalk>> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/crosswalks.json")))
        .unwrap_or_else(|error| panic!("the embedded crosswalks do not fit their types: {error}"))
});

/// The embedded shelf, read at the first call; its crosswalks at the first use of them.
pub fn shelf() -> &'static Shelf {
    &SHELF
}

impl Shelf {
    /// What leads from one edition to another.
    pub fn crosswalks(&self) -> &[Crosswalk] {
        self.crosswalks.as_ref().unwrap_or_else(|| &CROSSWALKS)
    }

    /// The crosswalks to add to: from here on the shelf has its own.
    pub(crate) fn crosswalks_mut(&mut self) -> &mut Vec<Crosswalk> {
        self.crosswalks.get_or_insert_with(|| CROSSWALKS.clone())
    }

    /// The catalog of an edition, e.g. `mhlw-6.0`.
    pub fn catalog(&self, edition: &str) -> Option<&Catalog> {
        self.catalogs.iter().find(|catalog| catalog.edition.id == edition)
    }

    /// The entry behind an id with its edition, `mhlw-6.0/企画管理編.9.②`. Control ids may be written in ASCII.
    pub fn entry(&self, qualified: &str) -> Option<(&Catalog, &Entry)> {
        let (edition, id) = qualified.split_once('/')?;
        let catalog = self.catalog(edition)?;
        let printed = id.parse::<crate::ControlId>().map(|id| id.to_string());
        let entry = catalog.entry(id).or_else(|| catalog.entry(printed.as_deref().ok()?))?;
        Some((catalog, entry))
    }

    /// Entries by qualified id, for many look-ups.
    pub fn by_id(&self) -> HashMap<String, &Entry> {
        let of_catalog = |catalog: &'static Catalog| {
            catalog.entries.iter().map(|entry| (format!("{}/{}", catalog.edition.id, entry.id), entry))
        };
        shelf().catalogs.iter().flat_map(of_catalog).collect()
    }
}
