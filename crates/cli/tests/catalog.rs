//! The guidelines on the shelf through the front door: editions, crosswalks, migration, search (requirements CATALOG).

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use support::{copy_of_sample, json, path, shirube};

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is a list"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is a text"))
}

/// Editions with entries, with how many.
fn held() -> Vec<(String, u64)> {
    let history = json(&["catalog", "history", "--format", "json"]);
    let entries = array(&history, "editions").iter();
    entries.filter_map(|entry| Some((text(entry, "id").to_owned(), entry["entries"].as_u64()?))).collect()
}

/// CATALOG-001, CATALOG-015, CATALOG-018, CATALOG-022: every edition can be listed whole, and one that was not seen
/// whole says so wherever it is listed or shown.
#[test]
fn every_edition_is_listed_with_its_certainty() {
    let editions = held();
    for expected in ["pg-1.0", "pg-1.1", "mhlw-3.0", "mhlw-5.0", "mhlw-5.2", "mhlw-6.0", "mhlw-7.0", "cyber-2025"] {
        assert!(editions.iter().any(|(id, entries)| id == expected && *entries > 0), "{expected}: {editions:?}");
    }
    for (id, entries) in editions {
        let list = json(&["catalog", "list", &id, "--format", "json"]);
        assert_eq!(array(&list, "entries").len() as u64, entries, "{id}");
        let table = shirube(&["catalog", "list", &id]);
        assert_eq!(table.code, 0, "{}", table.stderr);
        let partial = list["certainty"] != "seen";
        assert_eq!(table.stdout.contains("収録は一部又は推定を含みます"), partial, "{id}");
        let csv = shirube(&["catalog", "list", &id, "--format", "csv"]).stdout;
        assert!(csv.starts_with('\u{feff}'), "spreadsheets recognise UTF-8 by it");
        let records = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes()).into_records();
        let read = records.filter(|row| &row.as_ref().expect("a row")[0] == "項目").count();
        assert_eq!(read as u64, entries, "{id}");
        if partial && entries > 0 {
            let shown = shirube(&["catalog", "show", &format!("{id}/{}", text(&array(&list, "entries")[0], "id"))]);
            assert!(shown.code == 0 && shown.stdout.contains("確かさ: "), "{id}: {}", shown.stdout);
        }
    }
}

/// What was not seen is not claimed: an edition known by name only, an unknown one, a day that does not exist.
#[test]
fn what_is_not_held_is_said() {
    let rows: [(&[&str], &[&str]); 5] = [
        (&["catalog", "list", "mhlw-5.1"], &["mhlw-5.1", "名前だけを知っています", "pg-1.0"]),
        (&["catalog", "list", "mhlw-99"], &["版「mhlw-99」はありません", "mhlw-6.0"]),
        (&["catalog", "crosswalk", "pg-1.0", "pg-1.0"], &["同じ版"]),
        (&["catalog", "history", "--on", "2026-02-30"], &["--on", "「2026-02-30」は使えません", "暦にある日"]),
        (
            &["catalog", "show", "mhlw-6.0/企画管理編.99.①"],
            &["mhlw-6.0/企画管理編.99.①", "収録している項目にありません"],
        ),
    ];
    for (args, says) in rows {
        let ran = shirube(args);
        assert_eq!(ran.code, 2, "{args:?}");
        for words in says {
            assert!(ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
        }
    }
}

/// CATALOG-001, CATALOG-012, T-30: what was in force on a day, and what replaced what.
#[test]
fn the_history_tells_what_was_in_force() {
    let rows = [
        ("2018-06-01", "mhlw-5.0", "pg-1.0"),
        ("2021-06-01", "pg-1.0", "pg-1.1"),
        ("2024-06-01", "mhlw-6.0", "mhlw-5.2"),
        ("2026-11-22", "pg-2.0", "mhlw-6.0"),
    ];
    for (day, there, gone) in rows {
        let history = json(&["catalog", "history", "--on", day, "--format", "json"]);
        let ids: Vec<&str> = array(&history, "editions").iter().map(|entry| text(entry, "id")).collect();
        assert!(ids.contains(&there) && !ids.contains(&gone), "{day}: {ids:?}");
    }
}

/// CATALOG-009, CATALOG-010, CATALOG-016: a composed crosswalk shows its way and is never surer than its weakest step.
#[test]
fn composed_crosswalks_show_their_way_and_never_gain_certainty() {
    let weight = |certainty: &Value| match certainty.as_str() {
        Some("seen") => 2,
        Some("partial") => 1,
        Some("derived") => 0,
        other => panic!("certainty {other:?}"),
    };
    let mut composed = 0;
    for (from, to) in [("mhlw-3.0", "pg-1.0"), ("pg-1.0", "mhlw-6.0"), ("pg-1.0", "mhlw-7.0"), ("mhlw-5.2", "mhlw-7.0")]
    {
        let crosswalk = json(&["catalog", "crosswalk", from, to, "--format", "json"]);
        let way = array(&crosswalk, "way");
        assert!(way.first().is_some_and(|id| id == from) && way.last().is_some_and(|id| id == to), "{way:?}");
        for link in array(&crosswalk, "links") {
            let steps = array(link, "steps");
            assert_eq!(steps.len() + 1, way.len(), "every step is shown");
            let weakest = steps.iter().map(|step| weight(&step["certainty"])).min().expect("a step");
            assert!(weight(&link["certainty"]) <= weakest, "{link}");
            composed += usize::from(steps.len() > 1);
        }
        let pair = |link: &Value, keys: [&str; 2]| keys.map(|key| text(link, key).to_owned());
        let there: BTreeSet<[String; 2]> =
            array(&crosswalk, "links").iter().map(|link| pair(link, ["source", "target"])).collect();
        let back = json(&["catalog", "crosswalk", to, from, "--format", "json"]);
        let back: BTreeSet<[String; 2]> =
            array(&back, "links").iter().map(|link| pair(link, ["target", "source"])).collect();
        assert_eq!(back, there, "{from} and {to} read both ways");
    }
    assert!(composed > 100);
}

fn carried(dir: &tempfile::TempDir) -> (PathBuf, String) {
    let file = dir.path().join("carried/pg-1.1.yaml");
    let text = fs::read_to_string(&file).expect("the proposals are written");
    (file, text)
}

/// CATALOG-013, CATALOG-014: nothing becomes 対応 by migration alone, a second run changes nothing, and what people
/// confirmed stays.
#[test]
fn migration_proposes_and_people_decide() {
    let dir = copy_of_sample();
    let before = shirube(&["check", path(&dir), "--format", "json"]).stdout;
    let migrate = || json(&["catalog", "migrate", path(&dir), "--to", "pg-1.1", "--format", "json"]);
    let first = migrate();
    assert_eq!(array(&first, "items").len(), 417);
    assert!(array(&first, "items").iter().all(|item| item["confirmed"].is_null()), "a program confirms nothing");
    assert!(first["changed"] == true && !array(&first["impact"], "documents").is_empty(), "{}", first["impact"]);
    let (file, text) = carried(&dir);
    assert!(!text.contains("confirmed:\n"), "no answer is there that a person did not give");
    assert!(migrate()["changed"] == false && carried(&dir).1 == text, "the second run changes nothing");
    assert_eq!(
        shirube(&["check", path(&dir), "--format", "json"]).stdout,
        before,
        "the answers in force are untouched"
    );

    let word = "  confirmed:\n    status: met\n    how: 規程の第4章で定めた。\n    by: 標 一郎\n    on: 2026-11-20\n    reason: 読み比べた。\n";
    let confirmed = text.replacen("- id: 1.1①-2\n", &format!("{word}- id: 1.1①-2\n"), 1);
    assert_ne!(confirmed, text);
    fs::write(&file, &confirmed).expect("written");
    let again = migrate();
    let item = array(&again, "items").iter().find(|item| item["id"] == "1.1①-1").expect("the item");
    assert_eq!(item["confirmed"]["by"], "標 一郎");
    assert!(carried(&dir).1.contains("規程の第4章で定めた。"));

    let gone = carried(&dir).1.replacen("- id: 1.1①-1\n", "- id: 9.9①-1\n", 1);
    fs::write(&file, gone).expect("written");
    assert_eq!(array(&migrate(), "items").len(), 417);
    let kept = carried(&dir).1;
    assert!(kept.contains("orphaned:") && kept.contains("規程の第4章で定めた。"), "a person's word is never dropped");
}

/// CATALOG-013: what the old edition asked and the new one does not is told; broken files and editions without a way
/// leave everything as it was.
#[test]
fn migration_tells_what_it_cannot_do() {
    let dir = copy_of_sample();
    let ran = json(&["catalog", "migrate", path(&dir), "--to", "mhlw-7.0", "--format", "json"]);
    assert!(!array(&ran, "withdrawn").is_empty() && array(&ran, "way").len() > 2, "{}", ran["way"]);
    for (to, says) in [("mhlw-99", "mhlw-99"), ("mhlw-5.1", "名前だけ")] {
        let ran = shirube(&["catalog", "migrate", path(&dir), "--to", to]);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{}", ran.stderr);
    }
    let file = dir.path().join("carried/pg-1.1.yaml");
    fs::write(&file, "answers: [\n").expect("written");
    let ran = shirube(&["catalog", "migrate", path(&dir), "--to", "pg-1.1"]);
    assert!(ran.code == 2 && ran.stderr.contains("pg-1.1.yaml"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&file).expect("still there"), "answers: [\n");
}

/// CATALOG-025: one search over all editions, whatever the spelling.
#[test]
fn search_covers_every_edition_and_folds_spellings() {
    let hits = |words: &[&str]| -> Vec<String> {
        let found = json(&[&["catalog", "search"], words, &["--format", "json"]].concat());
        array(&found, "hits").iter().map(|hit| text(hit, "id").to_owned()).collect()
    };
    let ids = hits(&["二要素"]);
    for edition in ["mhlw-7.0/", "mhlw-6.0/", "cyber-2025/"] {
        assert!(ids.iter().any(|id| id.starts_with(edition)), "{edition}: {ids:?}");
    }
    assert_eq!(hits(&["ＵＳＢ"]), hits(&["usb"]));
    assert_eq!(hits(&["ろぐ"]), hits(&["ログ"]));
    assert!(hits(&["ログ", "改竄"]).contains(&"pg-1.0/3.4②-1".to_owned()), "old and new forms of a character");
}
