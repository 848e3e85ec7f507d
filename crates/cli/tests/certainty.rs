//! Wherever a catalog, a crosswalk or an edition is shown or printed, it says how certain it is (CATALOG-009, CATALOG-022).

mod support;

use std::collections::HashMap;
use std::fs;

use serde_json::Value;
use support::contained::contained;
use support::own::{OWN, add, array, report, with_list};
use support::{copy_of_sample, json, path, shirube};

/// A place in JSON of which `*` stands for every item.
fn places<'a>(value: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let mut found = vec![value];
    for part in pointer.split('/').skip(1) {
        found = match part {
            "*" => found.into_iter().filter_map(Value::as_array).flatten().collect(),
            name => found.into_iter().map(|value| &value[name]).collect(),
        };
    }
    found
}

/// The rows of a CSV by the names of their columns.
fn rows(csv: &str) -> Vec<HashMap<String, String>> {
    let csv = csv.strip_prefix('\u{feff}').expect("spreadsheets recognise UTF-8 by it");
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(|row| row.expect("a row")).collect()
}

fn printed(args: &[&str], format: &str) -> String {
    let ran = shirube(&[args, &["--format", format]].concat());
    assert_eq!(ran.code, 0, "{args:?} {format}: {}", ran.stderr);
    ran.stdout
}

/// A command that shows catalogs, and where it says how certain they are.
struct Shown {
    /// `DIR` is a service folder.
    args: &'static [&'static str],
    /// Column of the CSV; empty where there is no CSV.
    column: &'static str,
    json: &'static [&'static str],
    table: &'static [&'static str],
}

const SHOWN: [Shown; 23] = [
    Shown {
        args: &["list"],
        column: "確かさ",
        json: &[
            "/editions/*/certainty",
            "/controls/*/certainty",
            "/requirements/*/certainty",
            "/scenarios/*/certainty",
        ],
        table: &["推定（原文では未確認）", "確かさ"],
    },
    Shown {
        args: &["list", "mhlw-6.0"],
        column: "確かさ",
        json: &["/certainty", "/edition/certainty", "/entries/*/certainty", "/outline/*/certainty"],
        table: &["収録は一部又は推定を含みます", "見出しだけを確認した", "未確認の番号と文言"],
    },
    Shown {
        args: &["list", "pg-1.1"],
        column: "確かさ",
        json: &["/certainty", "/entries/*/certainty"],
        table: &["（pg-1.0の要旨。この版の文言は確かめていません）"],
    },
    Shown {
        args: &["list", "cyber-2026"],
        column: "確かさ",
        json: &["/certainty", "/outline/*/certainty"],
        table: &["一覧は収めていない", "項目は収録していません", "見出しだけを確認した", "事業者確認用"],
    },
    Shown {
        args: &["list", "mds-sds-5.0"],
        column: "確かさ",
        json: &["/certainty", "/outline/*/certainty"],
        table: &["設問の番号と文言は確認していない", "項目は収録していません", "見出しだけを確認した"],
    },
    Shown {
        args: &["history", "--on", "2026-11-22"],
        column: "版の確かさ",
        json: &["/editions/*/certainty", "/editions/*/in_force_certainty"],
        table: &["施行中（推定）", "施行の日についてのものではありません", "施行の日（推定を含む）"],
    },
    Shown {
        args: &["search", "二要素"],
        column: "確かさ",
        json: &["/hits/*/certainty"],
        table: &["一部のみ確認", "原文で確認"],
    },
    Shown {
        args: &["search", "時刻", "同期"], column: "確かさ", json: &["/hits/*/certainty"], table: &["シナリオ"]
    },
    Shown { args: &["standards"], column: "確かさ", json: &["/standards/*/certainty"], table: &["確かさ"] },
    Shown {
        args: &["crosswalk", "mhlw-3.0", "pg-1.0"],
        column: "確かさ",
        json: &["/catalogs/*/certainty", "/links/*/certainty", "/without_counterpart/*/certainty"],
        table: &["対応がないとみた項目（推定。原文では未確認）"],
    },
    Shown {
        args: &["crosswalk", "pg-1.0", "mhlw-5.0"],
        column: "確かさ",
        json: &["/catalogs/*/certainty", "/links/*/certainty", "/without_counterpart/*/certainty"],
        table: &["\n対応がないと書かれた項目\n"],
    },
    Shown {
        args: &["crosswalk", "pg-1.0", "mhlw-6.0"],
        column: "確かさ",
        json: &["/catalogs/*/certainty", "/links/*/certainty"],
        table: &["pg-1.0 → pg-1.1 → mhlw-6.0（pg-1.0 → mhlw-5.0 → mhlw-6.0もありますが"],
    },
    Shown {
        args: &["compare", "mhlw-3.0", "pg-1.0"],
        column: "対応の確かさ",
        json: &["/catalogs/*/certainty", "/lines/*/certainty"],
        table: &["収録は一部又は推定を含みます"],
    },
    Shown {
        args: &["migrate", "DIR", "--to", "mhlw-6.0"],
        column: "項目の確かさ",
        json: &["/catalogs/*/certainty", "/items/*/certainty", "/items/*/from/*/certainty"],
        table: &["収録は一部又は推定を含みます", "行き先不明: "],
    },
    Shown {
        args: &["migrate", "DIR", "--to", "mhlw-5.0"],
        column: "つながりの確かさ",
        json: &["/catalogs/*/certainty", "/items/*/certainty"],
        table: &["対応なし: "],
    },
    Shown {
        args: &["impact", "DIR", "--to", "mhlw-7.0"],
        column: "つながりの確かさ",
        json: &["/catalogs/*/certainty"],
        table: &["収録は一部又は推定を含みます", "が公表された日をあてた推定"],
    },
    Shown {
        args: &["coverage", "DIR"],
        column: "項目の確かさ",
        json: &["/certainty", "/catalogs/*/certainty", "/lines/*/certainty"],
        table: &["項目の確かさ"],
    },
    Shown {
        args: &["coverage", "DIR", "--edition", "pg-1.1"],
        column: "項目の確かさ",
        json: &["/certainty", "/catalogs/*/certainty", "/lines/*/certainty", "/lines/*/via/*/certainty"],
        table: &["収録は一部又は推定を含みます", "項目の確かさ", "この版の文言は確かめていません"],
    },
    Shown {
        args: &["show", "3.20①-4"],
        column: "",
        json: &["/certainty", "/edition_certainty"],
        table: &["確かさ: ", "行は不確か"],
    },
    Shown {
        args: &["show", "mhlw-5.0/6.5.C.7"],
        column: "",
        json: &["/certainty", "/edition_certainty"],
        table: &["確かさ: ", "版の確かさ: 一部のみ確認"],
    },
    Shown { args: &["show", "TH03"], column: "", json: &["/edition_certainty"], table: &["版の確かさ: "] },
    Shown { args: &["show", "6.2"], column: "", json: &["/edition_certainty"], table: &["版の確かさ: "] },
    Shown {
        args: &["show", "mhlw-7.0"], column: "", json: &["/certainty"], table: &["収録は一部又は推定を含みます"]
    },
];

/// CATALOG-009, CATALOG-022: in every format of every command each row says how certain it is, and an edition that was
/// not seen whole says what is missing.
#[test]
fn every_command_says_how_certain_it_is() {
    let dir = copy_of_sample();
    for shown in &SHOWN {
        let args: Vec<&str> = std::iter::once("catalog")
            .chain(shown.args.iter().map(|arg| if *arg == "DIR" { path(&dir) } else { arg }))
            .collect();
        let table = printed(&args, "table");
        for words in shown.table {
            assert!(table.contains(words), "{args:?}: 「{words}」 is not said\n{table}");
        }
        let value: Value = serde_json::from_str(&printed(&args, "json")).expect("JSON");
        for pointer in shown.json {
            let found = places(&value, pointer);
            assert!(!found.is_empty(), "{args:?} {pointer}");
            for one in found {
                let token = one.as_str().unwrap_or_default();
                assert!(["seen", "partial", "derived"].contains(&token), "{args:?} {pointer}: {one}");
            }
        }
        for catalog in value["catalogs"].as_array().into_iter().flatten() {
            let partial = catalog["certainty"] != "seen";
            let notice = catalog["notice"].as_str().expect("a sentence");
            assert_eq!(notice.contains("収録は一部又は推定を含みます"), partial, "{args:?}: {notice}");
            assert!(!partial || catalog["note"].is_string(), "{args:?}: what is missing");
        }
        if !shown.column.is_empty() {
            let rows = rows(&printed(&args, "csv"));
            assert!(!rows.is_empty(), "{args:?}");
            for row in rows {
                let said = row.get(shown.column).unwrap_or_else(|| panic!("{args:?} has no column {}", shown.column));
                // What nothing leads to has no link whose certainty could be told.
                let unlinked = row.get("状態").is_some_and(|state| state == "新規");
                assert!(!said.is_empty() || unlinked, "{args:?}: {row:?}");
            }
        }
    }
}

/// CATALOG-008, CATALOG-009: that an item has no counterpart is a statement of its own certainty. What was inferred is
/// neither shown as written nor proposed as removed.
#[test]
fn no_counterpart_is_as_certain_as_its_source() {
    let dir = with_list();
    let links = "source,relation,target,rationale,certainty\n\
        1.1①-1,none,,見当たらない。,derived\n\
        1.1①-2,none,,該当なしとある。,seen\n\
        3.1①-1,intersects,1.1,端末の利用者を確かめる。,partial\n";
    assert_eq!(add(&dir, "links.csv", links, &["--crosswalk", "pg-1.0", "own-aoba"]).code, 0);
    let with = ["pg-1.0", "own-aoba", "--with", path(&dir)];
    let crosswalk = [&["catalog", "crosswalk"], &with[..]].concat();
    let table = printed(&crosswalk, "table");
    let (written, inferred) = table.split_once("\n対応がないとみた項目（推定").expect("a part of its own");
    assert!(inferred.contains("1.1①-1: 見当たらない。") && !inferred.contains("1.1①-2"), "{table}");
    assert!(written.contains("対応がないと書かれた項目\n  1.1①-2: 該当なしとある。"), "{table}");
    let migrate = ["catalog", "migrate", path(&dir), "--to", "own-aoba"];
    let compared = json(&[&["catalog", "compare"], &with[..], &["--format", "json"]].concat());
    let migrated = json(&[&migrate[..], &["--format", "json"]].concat());
    for (id, certainty, shown, proposed) in
        [("1.1①-1", "derived", "対応なし（推定）", None), ("1.1①-2", "seen", "対応なし", Some("removed"))]
    {
        let of_crosswalk = rows(&printed(&crosswalk, "csv"));
        let row = of_crosswalk.iter().find(|row| row["元"] == id).expect("the row");
        assert!(row["関係"] == shown && row["行き先"].is_empty() && !row["確かさ"].is_empty(), "{row:?}");
        let of_migration = rows(&printed(&migrate, "csv"));
        let row = of_migration.iter().find(|row| row["元の項目"] == id).expect("the row");
        assert!(row["状態"] == shown && !row["つながりの確かさ"].is_empty(), "{row:?}");
        let gone = array(&migrated, "withdrawn").iter().find(|item| item["id"] == format!("pg-1.0/{id}"));
        assert!(gone.is_none_or(|item| item["certainty"] == certainty), "{gone:?}");
        let line = array(&compared, "lines").iter().find(|line| line["source"] == id).expect("the line");
        assert_eq!((line["certainty"].as_str(), line["proposed"].as_str()), (Some(certainty), proposed), "{line}");
    }
    assert!(!array(&migrated, "withdrawn").is_empty(), "an answer without a place is told");
}

/// CATALOG-022, INTEROP-008: a file alone says how far its edition was seen, what of it is a heading only and what
/// nobody has seen; and it can be read back.
#[test]
fn a_file_alone_says_what_it_is() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let history = json(&["catalog", "history", "--format", "json"]);
    for edition in array(&history, "editions").iter().filter(|edition| !edition["entries"].is_null()) {
        let id = edition["id"].as_str().expect("an id");
        let known = json(&["catalog", "list", id, "--format", "json"]);
        let file = out.path().join(format!("{id}.csv"));
        let export = |format: &str, to: &str| {
            let ran = shirube(&["catalog", "export", id, "--format", format, "--out", to]);
            assert_eq!(ran.code, 0, "{id} {format}: {}", ran.stderr);
        };
        export("csv", file.to_str().expect("UTF-8"));
        let exported = rows(&fs::read_to_string(&file).expect("UTF-8"));
        let listed = rows(&printed(&["catalog", "list", id], "csv"));
        let partial = known["certainty"] != "seen";
        for (rows, kind, names, sentence) in [
            (&exported, "kind", ["edition", "item", "outline", "gap"], "note"),
            (&listed, "種類", ["版", "項目", "見出しだけ", "未確認"], "求められること（要旨）"),
        ] {
            let of = |name: &str| rows.iter().filter(|row| row[kind] == name).collect::<Vec<_>>();
            let counts =
                [1, array(&known, "entries").len(), array(&known, "outline").len(), array(&known, "gaps").len()];
            assert_eq!(names.map(|name| of(name).len()), counts, "{id} {kind}");
            let whole = of(names[0])[0];
            assert_eq!(whole[sentence].contains("収録は一部又は推定を含みます"), partial, "{id}: {whole:?}");
            if let Some(note) = known["edition"]["note"].as_str() {
                assert!(whole[sentence].contains(note.trim_end_matches('。')), "{id}: {whole:?}");
            }
        }
        assert_eq!(exported[0]["certainty"], known["certainty"].as_str().unwrap_or_default(), "{id}");

        let book = out.path().join(format!("{id}.xlsx"));
        export("xlsx", book.to_str().expect("UTF-8"));
        assert_eq!(contained(&book, &["収録は一部又は推定を含みます"]).len(), usize::from(partial), "{id}");

        let dir = copy_of_sample();
        let text = fs::read_to_string(&file).expect("UTF-8");
        let read = add(&dir, "list.csv", &text, &OWN);
        let items = array(&known, "entries").len();
        if items == 0 {
            assert!(read.code == 2 && read.stderr.contains("list.csv"), "{id}: {}{}", read.stdout, read.stderr);
        } else {
            let count = format!("加える{items}件");
            assert!(read.code < 2 && read.stdout.contains(&count), "{id}: {}{}", read.stdout, read.stderr);
        }
    }
}

/// CATALOG-009: where several ways of as few steps lead from one edition to another, the one with more that was read in
/// the original is taken, and the others are named.
#[test]
fn the_more_certain_way_is_taken_and_told() {
    for (from, to) in [("pg-1.0", "mhlw-6.0"), ("mhlw-6.0", "pg-1.0")] {
        let found = json(&["catalog", "crosswalk", from, to, "--format", "json"]);
        assert_eq!(array(&found, "way")[1], "pg-1.1", "{from} to {to}");
        assert_eq!(array(&found, "other_ways").len(), 1, "{from} to {to}");
        assert_eq!(found["other_ways"][0][1], "mhlw-5.0", "{from} to {to}");
        let read = array(&found, "links").iter().filter(|link| link["certainty"] != "derived").count();
        assert!(read > 10, "{from} to {to}: {read}");
    }
    let alone = json(&["catalog", "crosswalk", "pg-1.0", "pg-1.1", "--format", "json"]);
    assert!(array(&alone, "other_ways").is_empty());
}

/// CATALOG-022: what is shown of an item for machines has the stable words of the files, and what nobody has seen of it.
#[test]
fn an_item_is_shown_with_its_links_and_gaps() {
    let known = json(&["catalog", "list", "mhlw-6.0", "--format", "json"]);
    let entries = array(&known, "entries");
    let gaps: HashMap<&str, &str> =
        array(&known, "gaps").iter().filter_map(|gap| Some((gap["where"].as_str()?, gap["what"].as_str()?))).collect();
    let mut links = 0;
    let with_gap = entries.iter().filter(|entry| gaps.contains_key(entry["id"].as_str().unwrap_or_default()));
    let without = entries.iter().filter(|entry| !gaps.contains_key(entry["id"].as_str().unwrap_or_default())).take(3);
    for entry in with_gap.take(3).chain(without) {
        let id = entry["id"].as_str().expect("an id");
        let shown = json(&["catalog", "show", &format!("mhlw-6.0/{id}"), "--format", "json"]);
        assert_eq!(shown["gap"].as_str(), gaps.get(id).copied(), "{id}");
        for link in array(&shown, "links") {
            let relation = link["relation"].as_str().unwrap_or_default();
            assert!(["equal", "equivalent", "subset", "superset", "intersects", "none"].contains(&relation), "{link}");
            let certainty = link["certainty"].as_str().unwrap_or_default();
            assert!(["seen", "partial", "derived"].contains(&certainty), "{link}");
            links += 1;
        }
    }
    assert!(links > 0);
}

/// CATALOG-022: documents that show the catalog say on their cover how far it was seen, and at each text that was not
/// read whole.
#[test]
fn documents_say_how_far_the_catalog_was_seen() {
    let dir = copy_of_sample();
    let conformity = report(&dir, "conformity");
    for words in ["収録は一部だけです", "別紙2に引用された110件だけ", "106件は", "（一部のみ確認）"]
    {
        assert!(conformity.contains(words), "「{words}」 is not said");
    }
    let impact = json(&["catalog", "impact", path(&dir), "--to", "pg-1.1", "--format", "json"]);
    assert_eq!(impact["due_estimated"], true, "nobody set the day");
    let set = json(&["catalog", "impact", path(&dir), "--to", "pg-1.1", "--due", "2027-01-31", "--format", "json"]);
    assert_eq!(set["due_estimated"], false);
}
