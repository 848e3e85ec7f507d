//! The official texts themselves, which are in no repository: run by hand where they are at hand.
//!
//! `SHIRUBE_SEEDS=/folder cargo test --release -p shirube-intake --test official_texts -- --ignored --nocapture`
//!
//! The folder holds `pg-1.0.txt`, `pg-1.1.txt`, `mhlw-3.0.txt` and `mhlw-5.2.txt`, or files whose names begin with
//! `001_`, `000_`, `002_` and `004_`. What is read is held against the facts of the catalogs.

mod common;

use std::path::PathBuf;

use common::account_closes;
use shirube_catalog::{Certainty, Kubun, Link, library, shelf};
use shirube_intake::{Answered, Import, Mark, appraise, read};

fn import(edition: &str, prefix: &str) -> Import {
    let folder = PathBuf::from(std::env::var_os("SHIRUBE_SEEDS").expect("SHIRUBE_SEEDS names a folder"));
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is read").map(|entry| entry.expect("an entry").path()).collect();
    names.sort();
    let named = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(prefix) || name == format!("{edition}.txt")
    };
    let path = names.iter().find(named).expect("the text is in the folder");
    let import = read(&std::fs::read(path).expect("the text is read"), "原文.txt", edition).expect("a form is found");
    assert!(account_closes(&import), "{:?}", import.lines);
    let certain = import.items.iter().filter(|item| item.confidence.is_certain()).count();
    println!("{edition}: {} items, {certain} certain, {:?}", import.items.len(), import.lines);
    import
}

#[test]
#[ignore = "needs the official texts"]
fn every_control_of_1_0_is_found_as_the_facts_have_it() {
    let import = import("pg-1.0", "001_");
    let controls = &library().provider.controls;
    assert_eq!(import.items.len(), controls.len());
    let mut differing = 0;
    for (item, control) in import.items.iter().zip(controls) {
        assert_eq!(item.id, control.id.to_string());
        let mark = match control.kubun {
            Kubun::Mandatory => Mark::Mandatory,
            Kubun::Recommended => Mark::Recommended,
            Kubun::Unknown => Mark::Unknown,
        };
        assert_eq!((item.kubun, &item.scenario), (mark, &control.scenario), "{}", item.id);
        let titles = [control.viewpoint().term(), &control.middle_title, &control.minor_title];
        // The text has a title or two with a misprint, which is kept.
        differing += usize::from(item.titles != titles);
        let mut read: Vec<String> = item.mhlw.iter().map(shirube_intake::Reference::id).collect();
        let mut known = control.requirements.clone();
        read.sort();
        known.sort();
        if matches!(control.link, Link::Row | Link::None) {
            assert_eq!(read, known, "{}", item.id);
        }
        let sure = control.scenario_certain && matches!(control.link, Link::Row | Link::None);
        assert!(sure || !item.confidence.is_certain(), "{}", item.id);
    }
    println!("rows whose titles differ from the catalog's: {differing}");
    assert!(differing <= 10, "{differing}");
    assert!(import.items.iter().filter(|item| item.confidence.is_certain()).count() >= 350);
}

#[test]
#[ignore = "needs the official texts"]
fn the_page_of_1_1_gives_its_rows_and_no_number_that_is_not_printed() {
    let import = import("pg-1.1", "000_");
    let seen: Vec<&str> = {
        let catalog = shelf().catalog("pg-1.1").expect("the edition is on the shelf");
        catalog
            .entries
            .iter()
            .filter(|entry| entry.certainty == Certainty::Seen)
            .map(|entry| entry.id.as_str())
            .collect()
    };
    assert!(import.items.iter().all(|item| seen.contains(&item.id.as_str()) && !item.confidence.is_certain()));
    assert_eq!(import.items.len(), 8);
    for item in &import.items {
        let compared = shelf().compared.iter().filter(|compared| compared.id == item.id);
        let mut chapters: Vec<&str> =
            compared.flat_map(|compared| &compared.refs).filter_map(|id| Some(id.rsplit_once('.')?.0)).collect();
        chapters.sort_unstable();
        chapters.dedup();
        let mut read: Vec<&str> = item.mhlw.iter().map(|reference| reference.section.as_str()).collect();
        read.sort_unstable();
        read.dedup();
        println!("{} {read:?} {chapters:?} {}", item.id, item.text);
        assert_eq!(read, chapters, "{}", item.id);
    }
}

#[test]
#[ignore = "needs the official texts"]
fn the_filled_checklist_gives_every_answer_and_its_weaknesses() {
    let import = import("mhlw-3.0", "002_");
    assert_eq!((import.items.len(), import.answers.len()), (75, 75));
    let entries = &shelf().catalog("mhlw-3.0").expect("the checklist is on the shelf").entries;
    for (answer, entry) in import.answers.iter().zip(entries) {
        assert_eq!(answer.question.as_deref(), Some(entry.id.as_str()));
    }
    let unknown = import.answers.iter().filter(|answer| answer.done == Answered::Unknown).count();
    println!("boxes that cannot be read: {unknown}");
    let evidence = appraise(&import.answers);
    for contradiction in &evidence.contradictions {
        println!("{} {:?} / {:?}", contradiction.fact, contradiction.no, contradiction.yes);
    }
    assert!(evidence.contradictions.len() >= 3);
}

#[test]
#[ignore = "needs the official texts"]
fn the_page_of_rules_gives_its_seven_items() {
    let import = import("mhlw-5.2", "004_");
    let found: Vec<&str> = import.items.iter().map(|item| item.id.as_str()).collect();
    for item in &import.items {
        println!("{} {} {:?}", item.id, item.confidence.as_percent(), item.rule);
    }
    let known = ["⑧.1", "⑧.2", "⑧.3", "⑧.4", "⑧.5", "⑨.1", "⑨.2"].map(|id| format!("付表1.{id}"));
    assert_eq!(found, known);
    assert!(import.items.iter().all(|item| !item.confidence.is_certain()));
}
