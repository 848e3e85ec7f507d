//! What `scripts/bench-trestle` times beside compliance-trestle. Each run is a process of its own.
//!
//! * `read_back native`: the work in shirube's own form. Every embedded catalog is loaded into its types, ids must stand
//!   once, every link of every crosswalk must lead to an item or a chapter, every profile is resolved, and the
//!   crosswalks are composed between all pairs of editions.
//! * `read_back FOLDER OUT`: the work on files. FOLDER holds one folder for each edition, as
//!   `shirube catalog export --format oscal` writes it. Every document is read, held against NIST's JSON Schema and
//!   written again; identifiers must stand once, references must lead somewhere, every profile is resolved.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shirube_catalog::{library, shelf};
use shirube_oscal::{selections, tokens};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MODELS: [(&str, &str); 3] = [
    ("catalog", include_str!("../tests/schema/oscal_catalog_schema.json")),
    ("profile", include_str!("../tests/schema/oscal_profile_schema.json")),
    ("mapping-collection", include_str!("../tests/schema/oscal_mapping_schema.json")),
];

fn main() {
    // `cargo bench` itself adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match &arguments[..] {
        [native] if native == "native" => println!("{}", in_our_form()),
        [from, to] => println!("{}", on_files(Path::new(from), Path::new(to))),
        _ => println!("usage: read_back native | read_back FOLDER OUT (see scripts/bench-trestle)"),
    }
}

fn in_our_form() -> Value {
    library();
    let (mut profiles, mut controls, mut links, mut composed) = (0, 0, 0, 0);
    for catalog in &shelf().catalogs {
        let tokens = tokens(catalog);
        let distinct: HashSet<&String> = tokens.values().collect();
        assert_eq!(distinct.len(), catalog.entries.len(), "{}: an id stands twice", catalog.edition.id);
        for selection in selections(catalog) {
            profiles += 1;
            let resolved: Vec<_> = selection.entries.iter().map(|entry| (&tokens[entry.id.as_str()], *entry)).collect();
            controls += resolved.len();
        }
    }
    for walk in shelf().crosswalks() {
        let end = |edition: &str| shelf().catalog(edition).unwrap_or_else(|| panic!("no {edition}"));
        let (from, to) = (end(&walk.from), end(&walk.to));
        let (sources, targets) = (tokens(from), tokens(to));
        for link in &walk.links {
            links += 1;
            assert!(sources.contains_key(link.source.as_str()) || from.has_chapter(&link.source), "{}", link.source);
            let known = link.target.is_empty() || targets.contains_key(link.target.as_str());
            assert!(known || to.has_chapter(&link.target), "{} has no {}", walk.to, link.target);
        }
    }
    for a in &shelf().catalogs {
        for b in shelf().catalogs.iter().filter(|b| b.edition.id != a.edition.id) {
            composed += shelf().crosswalk(&a.edition.id, &b.edition.id).map_or(0, |links| links.len());
        }
    }
    json!({ "profiles": profiles, "controls": controls, "links": links, "composed_links": composed })
}

fn on_files(from: &Path, to: &Path) -> Value {
    let validators: HashMap<&str, jsonschema::Validator> = MODELS
        .iter()
        .map(|(model, schema)| (*model, jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()))
        .collect();
    let mut editions: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    for (edition, name, document) in documents(from) {
        let (model, body) = document.as_object().unwrap().iter().next().unwrap();
        if let Some(error) = validators[model.as_str()].iter_errors(&document).next() {
            panic!("{edition}/{name}: {error}");
        }
        unique(body, &format!("{edition}/{name}"));
        fs::create_dir_all(to.join(&edition)).unwrap();
        fs::write(to.join(&edition).join(&name), serde_json::to_vec_pretty(&document).unwrap()).unwrap();
        editions.entry(edition).or_default().push((name, document));
    }
    let catalog = |documents: &'_ [(String, Value)]| {
        documents
            .iter()
            .position(|(name, _)| name == "catalog.json")
            .unwrap_or_else(|| panic!("an edition has no catalog"))
    };
    let controls: HashMap<&str, HashSet<&str>> = editions
        .iter()
        .map(|(edition, documents)| {
            let mut ids = HashSet::new();
            collect(&documents[catalog(documents)].1["catalog"], &mut ids);
            (edition.as_str(), ids)
        })
        .collect();
    let (mut profiles, mut resolved, mut maps) = (0, 0, 0);
    for documents in editions.values() {
        for (_, document) in documents {
            if let Some(profile) = document.get("profile") {
                profiles += 1;
                resolved += count(&resolve(profile, &documents[catalog(documents)].1["catalog"]));
            }
            maps += document.get("mapping-collection").map_or(0, |collection| references(collection, &controls));
        }
    }
    let documents = editions.values().map(Vec::len).sum::<usize>();
    json!({ "documents": documents, "profiles": profiles, "controls": resolved, "maps": maps })
}

/// Every document below the folder: edition, file name, content.
fn documents(from: &Path) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    let listed = |path: &Path| {
        let mut paths: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    for folder in listed(from).into_iter().filter(|path| path.is_dir()) {
        for file in listed(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "json")) {
            found.push((name(&folder), name(&file), serde_json::from_slice(&fs::read(&file).unwrap()).unwrap()));
        }
    }
    found
}

/// Every `uuid`, and every `id` of groups, controls and parts, names one thing.
fn unique(body: &Value, place: &str) {
    fn walk<'v>(value: &'v Value, seen: &mut HashSet<&'v str>, place: &str) {
        match value {
            Value::Object(map) => {
                for key in ["uuid", "id"] {
                    if let Some(id) = map.get(key).and_then(Value::as_str) {
                        assert!(seen.insert(id), "{place}: {id} twice");
                    }
                }
                map.values().for_each(|value| walk(value, seen, place));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, seen, place)),
            _ => {}
        }
    }
    walk(body, &mut HashSet::new(), place);
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn collect<'v>(group: &'v Value, into: &mut HashSet<&'v str>) {
    for control in list(group, "controls") {
        into.insert(control["id"].as_str().unwrap());
    }
    list(group, "groups").iter().for_each(|group| collect(group, into));
}

/// The catalog with the controls that a profile imports, grouped as they were.
fn resolve(profile: &Value, catalog: &Value) -> Value {
    let import = &profile["imports"][0];
    assert_eq!(import["href"], "catalog.json");
    let chosen: Option<HashSet<&str>> = import.get("include-controls").map(|selected| {
        let all = selected.as_array().unwrap().iter().flat_map(|one| list(one, "with-ids"));
        all.map(|id| id.as_str().unwrap()).collect()
    });
    let mut known = HashSet::new();
    collect(catalog, &mut known);
    if let Some(missing) = chosen.iter().flatten().find(|id| !known.contains(*id)) {
        panic!("the profile asks for {missing}, which the catalog does not have");
    }
    pick(catalog, chosen.as_ref())
}

fn pick(group: &Value, chosen: Option<&HashSet<&str>>) -> Value {
    let mut made = group.clone();
    let wanted = |control: &&Value| chosen.is_none_or(|chosen| chosen.contains(control["id"].as_str().unwrap()));
    if group.get("controls").is_some() {
        made["controls"] = list(group, "controls").iter().filter(wanted).cloned().collect();
    }
    if group.get("groups").is_some() {
        made["groups"] = list(group, "groups").iter().map(|group| pick(group, chosen)).collect();
    }
    made
}

fn count(group: &Value) -> usize {
    list(group, "controls").len() + list(group, "groups").iter().map(count).sum::<usize>()
}

/// How many maps there are, all of which lead to controls that exist.
fn references(collection: &Value, controls: &HashMap<&str, HashSet<&str>>) -> usize {
    let mut maps = 0;
    for mapping in list(collection, "mappings") {
        let edition = |end: &str| list(&mapping[end], "props")[0]["value"].as_str().unwrap();
        let (from, to) = (edition("source-resource"), edition("target-resource"));
        for map in list(mapping, "maps") {
            maps += 1;
            for (end, edition) in [("sources", from), ("targets", to)] {
                for item in list(map, end) {
                    let id = item["id-ref"].as_str().unwrap();
                    assert!(controls[edition].contains(id), "{edition} has no {id}");
                }
            }
        }
    }
    maps
}
