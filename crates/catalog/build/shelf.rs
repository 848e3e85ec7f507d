//! Packs every edition but the two of the main job into one shape: entries, outline, gaps, history; and the crosswalks.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::fold::{ENTRY_END, Searched, TEXT_END};
use super::{read, yaml};

/// Where a sentence was read, in words that people outside can use.
const PLACES: [(&str, &str); 6] = [
    ("seed 000", "1.1版 別紙2（8頁）の写し"),
    ("seed 001", "提供事業者ガイドライン1.0版の写し"),
    ("seed 002", "第3版チェックリストの記入例"),
    ("seed 003", "6.0版の意見募集の結果"),
    ("seed 004", "5.2版 付表（8頁）の写し"),
    ("facts/", "事実表 "),
];

/// Everything beyond `pg-1.0` and `mhlw-5.0` as JSON, those two in the same shape added.
pub fn pack(root: &Path, controls: &[Value], requirements: &Value) -> Value {
    let mut catalogs = vec![provider(root, controls), institution(root, requirements)];
    for folder in folders(root) {
        let dir = root.join(&folder);
        if dir.join("edition.yaml").exists() && folder != "pg-1.0" && folder != "mhlw-5.0" {
            catalogs.push(edition(&dir));
        }
    }
    borrow_texts(&mut catalogs);
    let optional = |path: &str| if root.join(path).exists() { yaml(&root.join(path)) } else { json!([]) };
    let history = root.join("history");
    json!({
        "catalogs": catalogs,
        "history": rows(&history.join("editions.tsv")),
        "laws": rows(&history.join("laws.tsv")),
        "changes": optional("history/changes.yaml"),
        "milestones": optional("history/milestones.yaml"),
        "weaker": optional("mhlw-3.0/weaker.yaml"),
        "contradictions": optional("mhlw-3.0/contradictions.yaml"),
        "compared": optional("pg-1.1/page8.yaml"),
        "edition_change": optional("pg-1.0/edition-change.yaml"),
        "contacts": optional("mhlw-5.2/contacts.yaml"),
    })
}

/// What is searched, in the order of the entries: to bring it into one spelling takes longer than to search it.
pub fn index(catalogs: &[Value]) -> String {
    let mut index = String::new();
    for catalog in catalogs {
        for entry in catalog["entries"].as_array().expect("entries are a list") {
            let text = |key: &str| entry[key].as_str().unwrap_or_default();
            if !text("text_from").is_empty() {
                continue;
            }
            let searched = Searched {
                edition: catalog["edition"]["id"].as_str().expect("every edition has an id"),
                id: text("id"),
                titles: ["part", "chapter_title", "section_title", "title"].map(text),
                texts: ["text", "technical", "operational", "sample_rule"].map(text),
            };
            let folded = searched.folded();
            assert!(
                !folded.iter().any(|text| text.contains([ENTRY_END, TEXT_END])),
                "{}: a control character",
                folded[0]
            );
            index.push_str(&folded.join(&TEXT_END.to_string()));
            index.push(ENTRY_END);
        }
    }
    index
}

fn folders(root: &Path) -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(root)
        .expect("catalogs/ is there")
        .map(|entry| entry.expect("a readable directory").file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}

fn edition(dir: &Path) -> Value {
    let optional = |name: &str| if dir.join(name).exists() { rows(&dir.join(name)) } else { Vec::new() };
    let gaps = if dir.join("gaps.yaml").exists() { yaml(&dir.join("gaps.yaml")) } else { json!([]) };
    json!({
        "edition": yaml(&dir.join("edition.yaml")),
        "entries": optional("provisions.tsv"),
        "outline": optional("outline.tsv"),
        "gaps": gaps,
    })
}

/// Rows of a table as objects; empty cells are left out, and sources are put into words.
fn rows(path: &Path) -> Vec<Value> {
    let text = read(path);
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).from_reader(text.as_bytes());
    let heading = reader.headers().expect("a heading row").clone();
    let row = |row: csv::StringRecord| -> Value {
        let cells = heading.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(name, cell)| (name.to_owned(), Value::from(worded(name, cell)))).collect::<Map<_, _>>().into()
    };
    reader.records().map(|record| row(record.unwrap_or_else(|error| panic!("{}: {error}", path.display())))).collect()
}

fn worded(name: &str, cell: &str) -> String {
    if !matches!(name, "source" | "where" | "note" | "rationale") {
        return cell.to_owned();
    }
    PLACES.iter().fold(cell.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn provider(root: &Path, controls: &[Value]) -> Value {
    let entry = |control: &Value| {
        let text = |key: &str| control[key].as_str().unwrap_or_default();
        let part = match text("middle").split('.').next() {
            Some("1") => "人的・組織的",
            Some("2") => "物理的",
            _ => "技術的",
        };
        let id = text("id");
        let section: String = id.chars().filter(|c| ('①'..='⑳').contains(c)).collect();
        json!({
            "id": id, "part": part, "chapter": text("middle"), "chapter_title": text("middle_title"),
            "section": section, "item": id.rsplit('-').next(), "title": text("minor_title"), "text": text("text"),
            "class": text("kubun"), "certainty": "seen",
            "source": format!("提供事業者ガイドライン1.0版の写し {}行", text("source_line")),
            "note": text("note"),
        })
    };
    json!({
        "edition": yaml(&root.join("pg-1.0/edition.yaml")),
        "entries": controls.iter().map(entry).collect::<Vec<_>>(),
        "outline": [], "gaps": [],
    })
}

fn institution(root: &Path, requirements: &Value) -> Value {
    let entry = |requirement: &Value| {
        json!({
            "id": requirement["id"], "chapter": requirement["section"],
            "chapter_title": requirement["section_title"], "item": requirement["item"],
            "text": requirement["text"], "class": requirement["class"],
            "applies": requirement["condition"].as_str().unwrap_or_default(),
            "certainty": requirement["certainty"],
            "source": format!("提供事業者ガイドライン1.0版の写し {}行（引用）", requirement["source_line"]),
        })
    };
    let list = requirements.as_array().expect("requirements are a list");
    json!({
        "edition": yaml(&root.join("mhlw-5.0/edition.yaml")),
        "entries": list.iter().map(entry).collect::<Vec<_>>(),
        "outline": [], "gaps": [],
    })
}

/// Entries of 1.1 whose wording nobody saw show that of the same id in 1.0, and say so.
fn borrow_texts(catalogs: &mut [Value]) {
    let of_first = |catalogs: &[Value], id: &Value| -> Option<Value> {
        let entries = catalogs[0]["entries"].as_array()?;
        Some(entries.iter().find(|entry| entry["id"] == *id)?["text"].clone())
    };
    let Some(at) = catalogs.iter().position(|catalog| catalog["edition"]["id"] == "pg-1.1") else { return };
    let count = catalogs[at]["entries"].as_array().map_or(0, Vec::len);
    for index in 0..count {
        let entry = &catalogs[at]["entries"][index];
        if entry["text"].is_null()
            && let Some(text) = of_first(catalogs, &entry["id"])
        {
            catalogs[at]["entries"][index]["text"] = text;
            catalogs[at]["entries"][index]["text_from"] = "pg-1.0".into();
        }
    }
}

/// Every crosswalk, and what 別紙2 of 1.0 cites as one.
pub fn crosswalks(root: &Path, controls: &[Value]) -> Vec<Value> {
    let mut found = vec![json!({ "from": "pg-1.0", "to": "mhlw-5.0", "links": cited(controls) })];
    let dir = root.join("crosswalks");
    let mut names: Vec<String> = if dir.exists() { folders(&dir) } else { Vec::new() };
    names.retain(|name| name.ends_with(".tsv"));
    for name in names {
        let (from, to) =
            name.trim_end_matches(".tsv").split_once("--").unwrap_or_else(|| panic!("{name}: FROM--TO.tsv"));
        found.push(json!({ "from": from, "to": to, "links": rows(&dir.join(&name)) }));
    }
    found
}

/// 別紙2 of 1.0 cites requirements of MHLW 5; how exact a citation is depends on the row (CATALOG-009).
fn cited(controls: &[Value]) -> Vec<Value> {
    let mut links = Vec::new();
    for control in controls {
        let certainty = match control["link"].as_str() {
            Some("row") => "seen",
            Some("group") => "partial",
            _ => "derived",
        };
        let rationale = match control["link"].as_str() {
            Some("row") => "別紙2が、この対策項目の行で引く要求である。",
            Some("none") => "別紙2に「該当なし」とある。",
            _ => "別紙2が、この小項目の中で引く要求である。行の対応は読み取れない。",
        };
        let requirements = control["requirements"].as_str().unwrap_or_default();
        for target in requirements.split_whitespace() {
            links.push(json!({
                "source": control["id"], "relation": "intersects", "target": target, "certainty": certainty,
                "rationale": rationale,
                "where": format!("提供事業者ガイドライン1.0版の写し {}行", control["source_line"].as_str().unwrap_or_default()),
            }));
        }
        if requirements.is_empty() && control["link"] == "none" {
            links.push(json!({
                "source": control["id"], "relation": "none", "target": "", "certainty": "seen", "rationale": rationale,
            }));
        }
    }
    links
}
