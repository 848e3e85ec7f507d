//! Every edition on the shelf is whole, its references lead somewhere, and nothing is shown surer than it is.

use std::collections::{BTreeMap, BTreeSet};

use shirube_catalog::{Certainty, EditionStatus, Relation, find, library, shelf};

/// Entries of every edition, as the facts have them.
const ENTRIES: [(&str, usize); 15] = [
    ("cyber-2023", 21),
    ("cyber-2024", 19),
    ("cyber-2025", 32),
    ("cyber-2026", 0),
    ("e-bunsho", 48),
    ("mds-sds-5.0", 0),
    ("mhlw-3.0", 75),
    ("mhlw-5.0", 110),
    ("mhlw-5.2", 52),
    ("mhlw-6.0", 176),
    ("mhlw-7.0", 10),
    ("pg-1.0", 417),
    ("pg-1.1", 417),
    ("pg-2.0", 1),
    ("role-division-2024", 6),
];

/// CATALOG-001, CATALOG-015, CATALOG-018: counts of what is on the shelf.
#[test]
fn every_edition_has_the_entries_of_the_facts() {
    let counts: BTreeMap<&str, usize> =
        shelf().catalogs.iter().map(|catalog| (catalog.edition.id.as_str(), catalog.entries.len())).collect();
    let expected: BTreeMap<&str, usize> = ENTRIES.into_iter().collect();
    assert_eq!(counts, expected);
}

/// The page on the readings tells the counts and certainties as they are.
#[test]
fn the_review_page_is_true() {
    let page = include_str!("../../../docs/catalog-review.md");
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let catalog = shelf().catalog(cells.first()?)?;
        let numbers: Option<Vec<usize>> = cells[1..5].iter().map(|cell| cell.parse().ok()).collect();
        Some((catalog, numbers.expect("four numbers")))
    });
    let mut seen = 0;
    for (catalog, numbers) in rows {
        let of = |certainty| catalog.entries.iter().filter(|entry| entry.certainty == certainty).count();
        let [seen_of, partial, derived] = [Certainty::Seen, Certainty::Partial, Certainty::Derived].map(of);
        assert_eq!(numbers, [catalog.entries.len(), seen_of, partial, derived], "{}", catalog.edition.id);
        seen += 1;
    }
    assert_eq!(seen, shelf().catalogs.iter().filter(|catalog| !catalog.entries.is_empty()).count());
}

/// CATALOG-022: ids are unique, wording is there or its absence is noted, every record has source and certainty.
#[test]
fn entries_are_whole() {
    for catalog in &shelf().catalogs {
        let edition = &catalog.edition;
        let mut ids = BTreeSet::new();
        for entry in &catalog.entries {
            let name = format!("{}/{}", edition.id, entry.id);
            assert!(ids.insert(&entry.id), "{name} twice");
            assert!(!entry.id.is_empty() && !entry.id.contains(char::is_whitespace), "{name}");
            assert!(!entry.source.is_empty(), "{name} has no source");
            assert!(entry.text.chars().count() <= 700, "{name} is too long");
            if entry.text.is_empty() {
                let told = !entry.note.is_empty() || catalog.gaps.iter().any(|gap| gap.place == entry.id);
                assert!(told, "{name} has no wording and nobody says why");
            }
            if !entry.text_from.is_empty() {
                assert_ne!(entry.certainty, Certainty::Seen, "{name} borrows its wording");
            }
        }
        assert!(catalog.certainty() <= edition.certainty);
        let empty = catalog.entries.is_empty();
        assert!(!(empty && edition.certainty == Certainty::Seen), "{} is seen but has nothing", edition.id);
        assert!(
            edition.certainty == Certainty::Seen || edition.note.is_some(),
            "{} does not say what is missing",
            edition.id
        );
    }
}

/// CATALOG-001: what replaces an edition is known to the history, and editions in force are not replaced.
#[test]
fn editions_replace_each_other() {
    let history: BTreeSet<&str> = shelf().history.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(shelf().history.len(), 33);
    assert_eq!(history.len(), 33, "ids are unique");
    for catalog in &shelf().catalogs {
        let edition = &catalog.edition;
        if let Some(next) = &edition.superseded_by {
            assert!(history.contains(next.as_str()), "{} is replaced by {next}", edition.id);
            assert_eq!(edition.status, EditionStatus::Superseded, "{}", edition.id);
        }
    }
    for entry in shelf().history.iter().filter(|entry| !entry.superseded_by_id.is_empty()) {
        assert!(
            history.contains(entry.superseded_by_id.as_str()),
            "{} is replaced by {}",
            entry.id,
            entry.superseded_by_id
        );
    }
}

/// CATALOG-012: which edition is in force on a date, and what is not known is not claimed.
#[test]
fn editions_in_force_on_a_day() {
    let on = |day: &'static str| -> BTreeSet<&str> {
        shelf().in_force_on(day).filter(|(_, sure)| *sure).map(|(entry, _)| entry.id.as_str()).collect()
    };
    assert!(on("2026-11-22").is_superset(&BTreeSet::from(["pg-2.0", "mhlw-7.0"])));
    assert!(on("2024-01-10").is_superset(&BTreeSet::from(["pg-1.1", "mhlw-6.0"])));
    assert!(!on("2024-01-10").contains("pg-1.0"));
    assert!(!on("2026-11-22").contains("mhlw-6.0"));
}

/// CATALOG-007..010, CATALOG-016: every link leaves from and leads to something that exists.
#[test]
fn links_lead_somewhere() {
    for walk in shelf().crosswalks() {
        let name = format!("{}--{}", walk.from, walk.to);
        let from = shelf().catalog(&walk.from).unwrap_or_else(|| panic!("{name}"));
        let to = shelf().catalog(&walk.to).unwrap_or_else(|| panic!("{name}"));
        let mut pairs = BTreeSet::new();
        for link in &walk.links {
            assert!(from.entry(&link.source).is_some(), "{name}: {}", link.source);
            assert!(pairs.insert((&link.source, &link.target)), "{name}: {} to {} twice", link.source, link.target);
            assert!(!link.rationale.is_empty(), "{name}: {}", link.source);
            match link.relation {
                Relation::None => assert!(link.target.is_empty(), "{name}: {} has a target", link.source),
                relation => {
                    let item = to.entry(&link.target);
                    assert!(
                        item.is_some() || to.has_chapter(&link.target),
                        "{name}: {} to {}",
                        link.source,
                        link.target
                    );
                    if item.is_none() {
                        assert_eq!(relation, Relation::Intersects, "{name}: a chapter can only intersect");
                    }
                }
            }
        }
    }
}

/// CATALOG-009: over several steps nothing becomes surer, and the way is shown.
#[test]
fn composition_never_raises_certainty() {
    let editions: Vec<&str> = shelf().catalogs.iter().map(|catalog| catalog.edition.id.as_str()).collect();
    let mut composed = 0;
    for from in &editions {
        for to in editions.iter().filter(|to| *to != from) {
            for mapped in shelf().crosswalk(from, to).into_iter().flatten() {
                let weakest = mapped.steps.iter().map(|step| step.certainty).min().expect("a step");
                assert!(mapped.certainty <= weakest, "{from} {} to {to} {}", mapped.source, mapped.target);
                assert_eq!(
                    mapped.steps.last().map(|step| step.to.as_str()),
                    Some(format!("{to}/{}", mapped.target).as_str())
                );
                composed += usize::from(mapped.steps.len() > 1);
            }
        }
    }
    assert!(composed > 1000, "{composed}");
}

/// CATALOG-010: page 8 of 1.1 stands with both wordings.
#[test]
fn page_eight_shows_both_wordings() {
    let compared = &shelf().compared;
    assert!(!compared.is_empty());
    let ids: BTreeSet<&str> = compared.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, BTreeSet::from(["1.5②-2", "1.5②-3", "1.5③-1", "1.6①-1", "1.7①-1", "1.7①-2", "1.7①-3", "1.7①-4"]));
    let to = shelf().catalog("mhlw-6.0").expect("on the shelf");
    for one in compared {
        assert!(one.earlier.is_some() || one.later.is_some());
        assert!(one.refs.iter().all(|id| to.entry(id).is_some()), "{}: {:?}", one.id, one.refs);
        assert!(!one.difference.is_empty());
    }
}

/// CATALOG-017: what v3 asked for less strictly is named, with what is asked today.
#[test]
fn weaker_wording_is_named() {
    let checklist = shelf().catalog("mhlw-3.0").expect("on the shelf");
    assert!(shelf().weaker.iter().all(|weaker| checklist.entry(&weaker.item).is_some()));
    let all: String =
        shelf().weaker.iter().map(|weaker| format!("{}{}{}", weaker.old, weaker.now, weaker.why)).collect();
    for word in ["WPA", "TLS", "MACアドレス", "2か月"] {
        assert!(all.contains(word), "{word}");
    }
    for shared in &shelf().contradictions {
        assert!(
            shared.items.len() > 1 && shared.items.iter().all(|id| checklist.entry(id).is_some()),
            "{}",
            shared.fact
        );
    }
}

/// CATALOG-019, CATALOG-020, CATALOG-026: changes, laws and dates ahead tell where they come from.
#[test]
fn changes_laws_and_milestones_are_whole() {
    assert!(shelf().changes.iter().all(|change| !change.touches.is_empty() && !change.concerns.is_empty()));
    assert!(shelf().laws.iter().all(|law| !law.title.is_empty() && !law.source.is_empty()));
    assert!(shelf().laws.iter().any(|law| law.articles.contains("14条2項") || law.title.contains("医療法施行規則")));
    assert!(shelf().milestones.iter().any(|milestone| milestone.what.contains("二要素認証")));
}

/// CATALOG-025: search is ranked, folds spellings and covers every edition.
#[test]
fn search_finds_what_people_type() {
    let words = |text: &str| vec![text.to_owned()];
    let first = |text: &str| find(&words(text)).into_iter().next().map(|found| found.id);
    assert_eq!(first("3.4①-14").as_deref(), Some("pg-1.0/3.4①-14"));
    assert_eq!(first("企画管理編.9.②").as_deref(), Some("mhlw-6.0/企画管理編.9.②"));
    let editions: BTreeSet<String> =
        find(&words("ﾊﾟｽﾜｰﾄﾞ")).into_iter().filter_map(|found| Some(found.id.split_once('/')?.0.to_owned())).collect();
    assert!(editions.is_superset(&["mhlw-3.0", "mhlw-5.0", "pg-1.0"].map(str::to_owned).into()), "{editions:?}");
    assert!(find(&words("どこにもない言葉")).is_empty() && find(&words(" ")).is_empty());
}

/// The edition of the main job and the same edition on the shelf are the same.
#[test]
fn the_main_jobs_edition_is_the_shelfs() {
    let on_shelf = shelf().catalog("pg-1.0").expect("on the shelf");
    for (control, entry) in library().provider.controls.iter().zip(&on_shelf.entries) {
        assert_eq!((control.id.to_string(), &control.text), (entry.id.clone(), &entry.text));
    }
}
