//! Packs `catalogs/outlines` into one file that the crate embeds, name by name.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Map, Value};

fn main() {
    let dir = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../catalogs/outlines");
    println!("cargo::rerun-if-changed={}", dir.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&dir)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("a readable directory").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    let outlines: Map<String, Value> = files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let outline = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("outlines have plain names");
            (name.to_owned(), outline)
        })
        .collect();
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("outlines.json");
    fs::write(&out, Value::Object(outlines).to_string()).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}
