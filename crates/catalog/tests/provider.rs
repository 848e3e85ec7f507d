//! The control list of 別紙2 and what it cites are the original's (tables T-23 and T-26, Appendix A).

use std::collections::{BTreeMap, BTreeSet};

use shirube_catalog::{Agreement, Certainty, Kubun, Link, library};

fn count<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    items.fold(BTreeMap::new(), |mut counts, item| {
        *counts.entry(item).or_default() += 1;
        counts
    })
}

/// CATALOG-002: 417 controls in three viewpoints, 44 大項目 and 86 小項目.
#[test]
fn the_list_has_the_originals_counts() {
    let controls = &library().provider.controls;
    assert_eq!(controls.len(), 417);
    let viewpoint = |middle: &str| middle.split('.').next().expect("a digit").to_owned();
    let by_viewpoint = count(controls.iter().map(|control| viewpoint(&control.middle)));
    assert_eq!(by_viewpoint, BTreeMap::from([("1".into(), 153), ("2".into(), 41), ("3".into(), 223)]));
    let middles: BTreeSet<_> = controls.iter().map(|control| control.middle.clone()).collect();
    let of_middles = count(middles.iter().map(|middle| viewpoint(middle)));
    assert_eq!(of_middles, BTreeMap::from([("1".into(), 14), ("2".into(), 8), ("3".into(), 22)]));
    let minors: BTreeSet<_> =
        controls.iter().map(|c| (c.middle.clone(), c.id.to_string().split('-').next().map(str::to_owned))).collect();
    let of_minors = count(minors.iter().map(|(middle, _)| viewpoint(middle)));
    assert_eq!(of_minors, BTreeMap::from([("1".into(), 30), ("2".into(), 9), ("3".into(), 47)]));
}

/// CATALOG-003: an id tells viewpoint, 大項目, 小項目 and branch, and no two are the same.
#[test]
fn ids_are_unique_and_number_without_gaps() {
    let controls = &library().provider.controls;
    let ids: BTreeSet<String> = controls.iter().map(|control| control.id.to_string()).collect();
    assert_eq!(ids.len(), controls.len());
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    for control in controls {
        let id = control.id.to_string();
        let (minor, branch) = id.split_once('-').expect("a branch");
        let branch: u32 = branch.parse().expect("a number");
        let before = last.insert(minor.to_owned(), branch).unwrap_or(0);
        assert_eq!(branch, before + 1, "{id}");
    }
}

/// CATALOG-004: what is lost in the copy is unknown, never guessed.
#[test]
fn strengths_are_those_that_can_be_read() {
    let kubun = count(library().provider.controls.iter().map(|control| match control.kubun {
        Kubun::Mandatory => "◎",
        Kubun::Recommended => "○",
        Kubun::Unknown => "不明",
    }));
    assert_eq!(kubun, BTreeMap::from([("◎", 291), ("○", 20), ("不明", 106)]));
}

/// CATALOG-005: every scenario a control names is known, and all 85 say something.
#[test]
fn scenarios_are_closed() {
    let provider = &library().provider;
    assert_eq!(provider.scenarios.len(), 85);
    let known: BTreeSet<&str> = provider.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    let used: BTreeSet<&str> = provider.controls.iter().filter_map(|control| control.scenario.as_deref()).collect();
    assert!(used.is_subset(&known), "{:?}", used.difference(&known));
    assert!(provider.scenarios.iter().all(|scenario| !scenario.text.trim().is_empty()));
}

/// CATALOG-006, CATALOG-007: 110 requirements, all cited, and the crosswalk reads the same from both sides.
#[test]
fn requirements_are_cited_both_ways() {
    let library = library();
    assert_eq!(library.institution.requirements.len(), 110);
    for requirement in &library.institution.requirements {
        assert!(library.controls_for(requirement).next().is_some(), "{} is cited by nobody", requirement.id);
    }
    for control in &library.provider.controls {
        for id in &control.requirements {
            let requirement = library.requirement(id).unwrap_or_else(|| panic!("{} cites {id}", control.id));
            assert!(library.controls_for(requirement).any(|other| other.id == control.id));
        }
    }
}

/// CATALOG-008, CATALOG-009: 該当なし stands only where the original has it, and each link tells how exact it is.
#[test]
fn links_tell_how_exact_they_are() {
    let controls = &library().provider.controls;
    let none: BTreeSet<String> = controls
        .iter()
        .filter(|control| control.link == Link::None)
        .map(|control| control.id.to_string().split('-').next().expect("a minor").to_owned())
        .collect();
    assert_eq!(none, BTreeSet::from(["1.14②".into(), "1.14③".into(), "2.8①".into()]));
    for control in controls {
        assert_eq!(
            control.requirements.is_empty(),
            matches!(control.link, Link::None | Link::Unreadable),
            "{}",
            control.id
        );
    }
    let inexact: BTreeSet<String> =
        controls.iter().filter(|control| control.link == Link::Group).map(|control| control.middle.clone()).collect();
    assert!(["1.3", "3.20"].iter().all(|middle| inexact.contains(*middle)), "{inexact:?}");
}

/// CATALOG-002 (Appendix A): 77 controls ask for agreement, 3 more for consent.
#[test]
fn agreement_is_asked_for_where_the_original_does() {
    let agreement = count(library().provider.controls.iter().map(|control| match control.agreement {
        Agreement::Yes => "合意",
        Agreement::Consent => "了承",
        Agreement::No => "—",
    }));
    assert_eq!((agreement["合意"], agreement["了承"]), (77, 3));
}

/// CATALOG-001, CATALOG-022: every edition names issuer, date, certainty; every control its place in the original.
#[test]
fn editions_and_entries_tell_where_they_come_from() {
    let library = library();
    for edition in library.editions() {
        assert!(!edition.issuers.is_empty() && edition.published.starts_with("20"), "{}", edition.id);
    }
    assert_eq!(library.provider.edition.certainty, Certainty::Seen);
    assert_eq!(library.institution.edition.certainty, Certainty::Partial);
    let lines: Vec<u32> =
        library.provider.controls.iter().map(|control| control.source_line.parse().expect("a line")).collect();
    assert!(lines.iter().all(|line| (2600..3300).contains(line)));
}

/// Wording is ours, says something, and stays short enough to be read in a table.
#[test]
fn wording_has_a_sensible_length() {
    for control in &library().provider.controls {
        let length = control.text.chars().count();
        assert!((8..=700).contains(&length), "{}: {length}", control.id);
        assert!((1..=3).contains(&control.evidence.len()), "{}", control.id);
    }
}
