//! What users bring stands next to what is embedded, never in its place (CATALOG-011, CATALOG-023, CATALOG-024).

use shirube_catalog::{
    Approval, Entry, Mapping, OwnCrosswalk, OwnList, OwnShelf, Pick, Relation, Revision, Standing, shelf,
};

fn entry(id: &str, text: &str) -> Entry {
    Entry { id: id.to_owned(), text: text.to_owned(), ..Entry::default() }
}

fn link(source: &str, relation: Relation, target: &str) -> Mapping {
    Mapping {
        source: source.to_owned(),
        relation,
        target: target.to_owned(),
        certainty: shirube_catalog::Certainty::Seen,
        rationale: "試験".to_owned(),
        place: String::new(),
    }
}

fn revision<T>(no: u32, from: Option<&str>, rows: Vec<T>) -> Revision<T> {
    let approved = from.map(|from| Approval {
        by: "港 四郎".to_owned(),
        on: "2026-11-21".to_owned(),
        effective_from: from.to_owned(),
    });
    Revision {
        no,
        prepared_by: "標 一郎".to_owned(),
        prepared_on: "2026-11-20".to_owned(),
        reason: "試験".to_owned(),
        source: "x.csv".to_owned(),
        sha256: String::new(),
        content: String::new(),
        approved,
        rows,
    }
}

fn list(edition: &str, revisions: Vec<Revision<Entry>>) -> OwnList {
    OwnList { edition: edition.to_owned(), title: String::new(), published: String::new(), revisions }
}

/// CATALOG-023: a row with the id of an embedded entry is left out and said; the embedded one is shown as it was. So
/// it goes when a release embeds what a user had brought before.
#[test]
fn embedded_entries_and_links_win() {
    let first = &shelf().catalog("mhlw-5.2").expect("embedded").entries[0];
    let own = OwnShelf {
        lists: vec![list(
            "mhlw-5.2",
            vec![revision(1, None, vec![entry(&first.id, "別の文"), entry("付表9.1", "新しい文")])],
        )],
        crosswalks: vec![OwnCrosswalk {
            from: "pg-1.0".to_owned(),
            to: "pg-1.1".to_owned(),
            revisions: vec![revision(
                1,
                None,
                vec![
                    link("1.1①-1", Relation::None, ""),
                    link("1.1①-1", Relation::Superset, "1.1①-1"),
                    link("1.1①-1", Relation::Intersects, "9.9①-9"),
                ],
            )],
        }],
    };
    let (merged, notices) = own.over(shelf(), Pick::On(Some("2026-12-01")));
    let before = shelf().catalog("mhlw-5.2").expect("embedded");
    let after = merged.catalog("mhlw-5.2").expect("still there");
    assert_eq!(after.entries.len(), before.entries.len() + 1);
    let kept = after.entry(&first.id).expect("still there");
    assert_eq!((&kept.text, kept.added.as_str()), (&first.text, ""));
    let said = |words: &str| notices.iter().any(|notice| notice.attention && notice.text.contains(words));
    assert!(said("収録済みの項目と番号が同じ") && said(&first.id), "{notices:?}");
    assert!(said("収録済みの対応と同じ組") && said("1.1①-1→9.9①-9"), "{notices:?}");
    let of = |shelf: &shirube_catalog::Shelf| {
        let mapped = shelf.crosswalk("pg-1.0", "pg-1.1").expect("connected");
        mapped
            .iter()
            .filter(|one| one.source == "1.1①-1")
            .map(|one| (one.target.clone(), one.relation))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&merged), of(shelf()), "an embedded link says what it said");
}

/// CATALOG-024: on each day the newest revision in force counts; without one, the newest draft, marked as 案.
#[test]
fn each_day_has_its_revision() {
    let rows = |text: &str| vec![entry("1", text)];
    let own = OwnShelf {
        lists: vec![list(
            "own-a",
            vec![
                revision(1, Some("2026-12-01"), rows("第1版")),
                revision(2, Some("2027-04-01"), rows("第2版")),
                revision(3, None, rows("第3版")),
            ],
        )],
        crosswalks: Vec::new(),
    };
    for (pick, text) in [
        (Pick::On(Some("2026-12-01")), "第1版"),
        (Pick::On(Some("2027-03-31")), "第1版"),
        (Pick::On(Some("2027-04-01")), "第2版"),
        (Pick::On(None), "第2版"),
        (Pick::On(Some("2026-11-30")), "第3版"),
        (Pick::Newest, "第3版"),
        (Pick::Revision { edition: "own-a", no: 1, on: Some("2027-04-01") }, "第1版"),
    ] {
        let (merged, notices) = own.over(shelf(), pick);
        let shown = merged.catalog("own-a").and_then(|catalog| catalog.entry("1")).expect("the entry");
        assert_eq!(shown.text, text, "{pick:?}");
        assert!(shown.added.contains(text) && notices[0].text.contains(text), "{pick:?}: {} {notices:?}", shown.added);
        let draft = text == "第3版";
        assert_eq!(notices[0].attention, draft, "{pick:?}");
    }
    assert_eq!(own.lists[0].revisions[0].standing(Some("2026-11-30")), Standing::Coming);
}
