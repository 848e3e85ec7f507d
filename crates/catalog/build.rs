//! Packs `catalogs/` into files that the crate embeds: one for each part that is read by itself.
//!
//! People write YAML and TSV; the program should not pay for parsing them at every start. A file that
//! does not parse stops the build with its name.

#[path = "src/shelf/fold.rs"]
mod fold;
#[path = "build/shelf.rs"]
mod shelf;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value, json};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../catalogs");
    println!("cargo::rerun-if-changed={}", root.display());

    let pg = root.join("pg-1.0");
    let controls = controls(&pg);
    let requirements = yaml(&root.join("mhlw-5.0/requirements.yaml"));
    let shelf = shelf::pack(&root, &controls, &requirements);
    let catalogs = shelf["catalogs"].as_array().expect("catalogs are a list");
    let editions: Value = catalogs.iter().map(|catalog| catalog["edition"].clone()).collect();
    let index = shelf::index(catalogs);
    let crosswalks = Value::from(shelf::crosswalks(&root, &controls));
    let packed = json!({
        "provider": {
            "edition": yaml(&pg.join("edition.yaml")),
            "controls": controls,
            "scenarios": yaml(&pg.join("scenarios.yaml")),
            "threats": yaml(&pg.join("threats.yaml")),
            "method": yaml(&pg.join("method.yaml")),
            "provided_information": yaml(&pg.join("provided-information.yaml")),
            "delivery": yaml(&pg.join("delivery-cases.yaml")),
            "duties": yaml(&pg.join("duties.yaml")),
            "phases": yaml(&pg.join("phases.yaml")),
            "rule_book": yaml(&pg.join("rule-book.yaml")),
            "considerations": yaml(&pg.join("considerations.yaml")),
            "statutory": yaml(&pg.join("statutory.yaml")),
            "viewpoints": yaml(&pg.join("flow-viewpoints.yaml")),
            "anomalies": yaml(&pg.join("anomalies.yaml")),
        },
        "institution": {
            "edition": yaml(&root.join("mhlw-5.0/edition.yaml")),
            "requirements": requirements,
        },
        "threat_rules": yaml(&root.join("rules/threats.yaml")),
        "verbs": yaml(&root.join("rules/verbs.yaml")),
    });
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let files = [
        ("library.json", packed.to_string()),
        ("shelf.json", shelf.to_string()),
        ("editions.json", editions.to_string()),
        ("crosswalks.json", crosswalks.to_string()),
        ("index.txt", index),
        ("checklists.json", yaml(&root.join("rules/checklists.yaml")).to_string()),
        ("life-cycle.json", yaml(&root.join("rules/life-cycle.yaml")).to_string()),
        ("registers.json", registers(&root.join("registers")).to_string()),
        ("holidays.json", yaml(&root.join("rules/holidays.yaml")).to_string()),
        ("maintenance.json", yaml(&root.join("rules/maintenance.yaml")).to_string()),
        ("reports.json", yaml(&root.join("rules/reports.yaml")).to_string()),
        ("service-levels.json", yaml(&root.join("rules/service-levels.yaml")).to_string()),
        ("incident.json", yaml(&root.join("rules/incident.yaml")).to_string()),
        ("contacts.json", yaml(&root.join("mhlw-5.2/contacts.yaml")).to_string()),
        ("glossary.json", yaml(&root.join("glossary/terms.yaml")).to_string()),
        ("explanations.json", explanations(&root.join("explanations")).to_string()),
    ];
    for (name, text) in files {
        let path = out.join(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// The declarations of registers, one file each.
fn registers(dir: &Path) -> Value {
    let declared = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "yaml");
    files(dir).iter().filter(|path| declared(path)).map(|path| yaml(path)).collect()
}

/// The files of a folder by their names.
fn files(dir: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut files: Vec<_> = listed.map(|entry| entry.expect("a readable directory").path()).collect();
    files.sort();
    files
}

/// What explains the fields of forms and the groups of controls.
fn explanations(dir: &Path) -> Value {
    let fields: Value = [
        "service",
        "system",
        "assessment",
        "conformity",
        "sla",
        "disclosure",
        "rules",
        "checklists",
        "supply",
        "house",
    ]
    .iter()
    .flat_map(|name| match yaml(&dir.join(format!("{name}.yaml"))) {
        Value::Array(list) => list,
        _ => panic!("explanations/{name}.yaml: not a list"),
    })
    .collect();
    json!({ "fields": fields, "groups": yaml(&dir.join("controls.yaml")) })
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn yaml(path: &Path) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Joins the facts of every control (`controls.tsv`) with its wording (`controls/*.yaml`).
fn controls(dir: &Path) -> Vec<Value> {
    let mut wording = BTreeMap::new();
    for file in files(&dir.join("controls")) {
        let Value::Array(records) = yaml(&file) else { panic!("{}: not a list", file.display()) };
        for record in records {
            let id = record["id"].as_str().expect("every wording has an id").to_owned();
            assert!(wording.insert(id.clone(), record).is_none(), "{}: {id} twice", file.display());
        }
    }

    let table = read(&dir.join("controls.tsv"));
    let mut rows = csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).from_reader(table.as_bytes());
    let heading = rows.headers().expect("a heading row").clone();
    let controls = rows
        .records()
        .map(|row| {
            let row = row.expect("a row as long as the heading");
            let mut control: Map<String, Value> =
                heading.iter().map(str::to_owned).zip(row.iter().map(Value::from)).collect();
            let id = control["id"].as_str().expect("an id").to_owned();
            let Some(Value::Object(words)) = wording.remove(&id) else { panic!("{id} has no wording") };
            control.extend(words);
            Value::Object(control)
        })
        .collect();
    assert!(wording.is_empty(), "wording without a control: {:?}", wording.keys());
    controls
}
