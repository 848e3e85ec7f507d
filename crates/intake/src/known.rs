//! What the catalogs know of a text before it is read: ids, titles and our own wording, to hold the reading against.

use std::collections::HashMap;

use shirube_catalog::{Kubun, Link, library, shelf};

use crate::content::Wording;
use crate::fold::Pairs;
use crate::import::Mark;

/// Facts of one edition. Everything may be missing; readings are then less certain.
#[derive(Debug, Default)]
pub struct Known {
    pub(crate) controls: Vec<Control>,
    pub(crate) scenarios: Vec<(String, Pairs)>,
    pub(crate) entries: Vec<Entry>,
    /// Requirements of the guideline that a 別紙2 of this edition cites, where their numbers may be lost.
    pub(crate) cited: Vec<Entry>,
}

/// A control of 別紙2.
#[derive(Debug)]
pub(crate) struct Control {
    pub id: String,
    pub major: u8,
    pub middle: u8,
    pub minor: u8,
    pub branch: u8,
    pub viewpoint: &'static str,
    pub middle_title: String,
    pub minor_title: String,
    pub wording: Wording,
    pub mark: Option<Mark>,
    pub scenario: Option<String>,
    pub scenario_certain: bool,
    /// Ids of what it cites; `None` where this edition's are not known from its own table.
    pub cites: Option<Vec<String>>,
    /// What it cites according to a crosswalk: enough to place a requirement, not to say that one was printed.
    pub likely: Vec<String>,
    pub cites_certain: bool,
}

/// An item of a checklist, of 付表, or of a guideline.
#[derive(Debug)]
pub(crate) struct Entry {
    pub id: String,
    /// `組織的`, `付表1.⑧`, `企画管理編.9`.
    pub chapter: String,
    pub chapter_title: String,
    pub section: String,
    pub section_title: String,
    pub item: String,
    /// As the original has it; empty where it has none.
    pub title: String,
    pub wording: Wording,
    pub technical: Wording,
    pub operational: Wording,
    pub sample: Wording,
}

impl Known {
    /// Nothing is known.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// What the embedded catalogs hold of an edition.
    pub fn embedded(edition: &str) -> Self {
        let entries = |edition: &str| -> Vec<Entry> {
            let catalog = shelf().catalog(edition);
            catalog.into_iter().flat_map(|catalog| &catalog.entries).map(entry).collect()
        };
        // Only 1.0 and 1.1 have the list, and 1.1 kept its ids and wording; the references changed.
        match edition {
            "pg-1.0" => Self { controls: controls(true), scenarios: scenarios(), ..Self::default() },
            "pg-1.1" => Self {
                controls: controls(false),
                scenarios: scenarios(),
                cited: entries("mhlw-6.0"),
                ..Self::default()
            },
            other => Self { entries: entries(other), ..Self::default() },
        }
    }
}

fn controls(cites_known: bool) -> Vec<Control> {
    let mut likely: HashMap<String, Vec<String>> = HashMap::new();
    if !cites_known {
        for link in shelf().crosswalk("pg-1.1", "mhlw-6.0").unwrap_or_default() {
            likely.entry(link.source).or_default().push(link.target);
        }
    }
    let convert = |control: &shirube_catalog::Control| Control {
        id: control.id.to_string(),
        major: control.id.major,
        middle: control.id.middle,
        minor: control.id.minor,
        branch: control.id.branch,
        viewpoint: control.viewpoint().term(),
        middle_title: control.middle_title.clone(),
        minor_title: control.minor_title.clone(),
        wording: Wording::of(&control.text),
        mark: match control.kubun {
            Kubun::Mandatory => Some(Mark::Mandatory),
            Kubun::Recommended => Some(Mark::Recommended),
            Kubun::Unknown => None,
        },
        scenario: control.scenario.clone(),
        scenario_certain: control.scenario_certain,
        cites: cites_known.then(|| control.requirements.clone()),
        likely: likely.get(control.id.to_string().as_str()).cloned().unwrap_or_default(),
        cites_certain: matches!(control.link, Link::Row | Link::None),
    };
    library().provider.controls.iter().map(convert).collect()
}

fn scenarios() -> Vec<(String, Pairs)> {
    library().provider.scenarios.iter().map(|scenario| (scenario.id.clone(), Pairs::of(&scenario.text))).collect()
}

fn entry(entry: &shirube_catalog::Entry) -> Entry {
    let chapter = match entry.part.as_str() {
        part if part.ends_with('編') || part.starts_with("付表") => format!("{part}.{}", entry.chapter),
        _ => entry.chapter.clone(),
    };
    Entry {
        id: entry.id.clone(),
        chapter,
        chapter_title: entry.chapter_title.clone(),
        section: entry.section.clone(),
        section_title: entry.section_title.clone(),
        item: entry.item.clone(),
        title: entry.title.clone(),
        wording: Wording::of(&entry.text),
        technical: Wording::of(&entry.technical),
        operational: Wording::of(&entry.operational),
        sample: Wording::of(&entry.sample_rule),
    }
}
