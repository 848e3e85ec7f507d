//! Holds the shape of the workspace: who may use whom, and what the inner crates never touch.
//!
//! ARCHITECTURE.md explains the shape to people; this file is where it is enforced. To add a crate, add its row
//! to [`MAY_USE`] and a page to `decisions/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Crate by crate, from the inside out: which of our crates it may use. Rows may stand here before their crate does.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("catalog", &[]),
    ("identity", &[]),
    ("trail", &[]),
    ("accesslog", &[]),
    ("intake", &["catalog"]),
    ("safety", &["catalog"]),
    ("outline", &["catalog"]),
    ("folder", &["safety"]),
    ("form", &["catalog", "safety", "folder"]),
    ("exchange", &["catalog", "safety", "folder", "form"]),
    ("oscal", &["catalog", "safety"]),
    ("documents", &["catalog", "safety", "outline", "accesslog"]),
    ("store", &["catalog", "identity", "safety", "folder", "accesslog", "trail"]),
    (
        "web",
        &[
            "catalog",
            "identity",
            "safety",
            "folder",
            "form",
            "exchange",
            "oscal",
            "documents",
            "accesslog",
            "trail",
            "store",
        ],
    ),
    (
        "cli",
        &[
            "catalog",
            "identity",
            "intake",
            "safety",
            "folder",
            "form",
            "exchange",
            "oscal",
            "documents",
            "accesslog",
            "trail",
            "store",
            "web",
        ],
    ),
];

/// Crates that do no I/O and read no clock or random source, so that the same input gives the same bytes.
const PURE: [&str; 12] = [
    "catalog",
    "outline",
    "identity",
    "trail",
    "accesslog",
    "intake",
    "safety",
    "folder",
    "form",
    "exchange",
    "oscal",
    "documents",
];

/// Libraries that only one crate may use, or the two that read files of people; a trailing `*` stands for any ending.
///
/// Only what a crate needs to run counts: a build script may read YAML, a test may play the other side.
const AT_HOME_IN: [(&str, &[&str]); 28] = [
    ("argon2", &["identity"]),
    ("aes-gcm", &["identity"]),
    ("totp-rs", &["identity"]),
    ("qrcodegen", &["identity"]),
    ("cookie", &["web"]),
    ("ureq", &["web"]),
    ("prometheus-client", &["web"]),
    ("axum*", &["web"]),
    ("hyper*", &["web"]),
    ("tower-http", &["web"]),
    ("sqlx*", &["store"]),
    ("rusqlite", &["store"]),
    ("tokio-postgres", &["store"]),
    ("typst*", &["documents"]),
    ("krilla*", &["documents"]),
    ("rust_xlsxwriter", &["documents", "exchange"]),
    ("calamine", &["intake", "exchange"]),
    ("umya-spreadsheet", &["documents"]),
    ("docx-rs", &["documents"]),
    ("minijinja", &["outline"]),
    ("quick-xml", &["documents"]),
    ("resvg", &["documents"]),
    ("saphyr-parser", &["folder"]),
    ("serde-saphyr", &["folder", "intake", "exchange"]),
    ("serde_norway", &["documents"]),
    ("jsonschema", &["folder", "web"]),
    ("lopdf", &["documents"]),
    ("zip", &["documents", "store", "exchange"]),
];

/// Libraries whose use is I/O, time or randomness: none of the pure crates may name them.
const IMPURE_LIBRARIES: [&str; 9] =
    ["tokio", "reqwest", "ureq", "rand", "rand_distr", "getrandom", "tempfile", "walkdir", "tracing-subscriber"];

/// Libraries that stay pure with these features and no others, so that a pure crate may use them so.
///
/// `uuid` makes identifiers from names (`v5`); its `v1`, `v4`, `v6`, `v7`, `fast-rng` and `rng` bring clock and chance.
const PURE_WITH: [(&str, &[&str]); 1] = [("uuid", &["v5", "sha1"])];

/// What the source of a pure crate must not say. `env!` and `include_bytes!` are the compiler's and stay allowed.
const IMPURE_CODE: [&str; 17] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "thread::sleep",
    "rand::",
    "println!",
    "print!",
    "eprint!",
    "dbg!",
];

/// Parts of a crate that must not know other parts.
const MODULES: [(&str, &[&str]); 4] = [
    ("safety/src/model", &["crate::risk", "crate::conformity", "crate::diff", "crate::service"]),
    ("safety/src/risk", &["crate::conformity", "crate::diff", "crate::service"]),
    // Writers see only the content tree, so no document can differ between its formats.
    ("documents/src/write", &["shirube_catalog", "shirube_safety", "crate::deliverable", "shirube_folder"]),
    ("documents/src/diagram", &["shirube_catalog", "shirube_safety", "crate::deliverable", "shirube_folder"]),
];

fn crates_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// What each of our crates needs to run, by the crate's name without `shirube-`.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(crates_dir())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let normal = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|dependency| dependency["kind"].is_null()).map(|d| d["name"].as_str().unwrap().to_owned()).collect()
    };
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages.map(|package| (short(package["name"].as_str().unwrap()).to_owned(), normal(package))).collect()
}

fn short(name: &str) -> &str {
    name.strip_prefix("shirube-").unwrap_or(name)
}

fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// Every Rust file below a folder of `crates/`, with its code: no comments, `use` groups spelled out.
fn code_below(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![crates_dir().join(folder)];
    // A module is a folder, a file beside it, or both.
    let beside = crates_dir().join(format!("{folder}.rs"));
    if beside.is_file() {
        files.push(beside);
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files.into_iter().map(|path| (path.clone(), code(&fs::read_to_string(path).unwrap()))).collect()
}

/// Source without comment lines and white space, with `use a::{b, c::d}` as `a::b;a::c::d;`.
fn code(source: &str) -> String {
    let mut lines = source.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let mut code = String::with_capacity(source.len());
    while let Some(line) = lines.next() {
        let is_use =
            |(before, _): &(&str, &str)| before.is_empty() || before.starts_with("pub") && before.ends_with(' ');
        match line.split_once("use ").filter(is_use) {
            Some((_, tree)) => {
                let mut tree = dense(tree);
                while !tree.ends_with(';') {
                    let Some(line) = lines.next() else { break };
                    tree.push_str(&dense(line));
                }
                spell(tree.trim_end_matches(';'), "", &mut code);
            }
            None => code.push_str(&dense(line)),
        }
    }
    code
}

fn dense(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// Writes one path for each leaf of a `use` tree.
fn spell(tree: &str, before: &str, into: &mut String) {
    let (mut depth, mut from) = (0, 0);
    let mut branches = Vec::new();
    for (at, character) in tree.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&tree[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    branches.push(&tree[from..]);
    // A comma may close the last branch.
    for branch in branches.into_iter().filter(|branch| !branch.is_empty()) {
        match branch.split_once('{') {
            Some((path, rest)) => spell(rest.strip_suffix('}').unwrap_or(rest), &format!("{before}{path}"), into),
            None => into.push_str(&format!("{before}{branch};")),
        }
    }
}

#[test]
fn crates_use_only_those_further_inside() {
    for (name, dependencies) in dependencies() {
        let row = MAY_USE.iter().find(|(known, _)| *known == name);
        let (_, allowed) = row.unwrap_or_else(|| panic!("crate `{name}` has no row in MAY_USE"));
        for other in dependencies.iter().filter_map(|dependency| dependency.strip_prefix("shirube-")) {
            assert!(allowed.contains(&other), "crate `{name}` may not use `{other}`");
        }
    }
}

#[test]
fn the_table_of_crates_has_no_circle() {
    for (row, (name, allowed)) in MAY_USE.iter().enumerate() {
        for other in *allowed {
            let place = MAY_USE.iter().position(|(known, _)| known == other);
            assert!(place.is_some_and(|place| place < row), "`{name}` may use `{other}`, which stands further outside");
        }
    }
}

#[test]
fn only_one_crate_speaks_each_outside_language() {
    for (name, dependencies) in dependencies() {
        for dependency in &dependencies {
            for (pattern, homes) in AT_HOME_IN {
                assert!(
                    !fits(pattern, dependency) || homes.contains(&name.as_str()),
                    "`{dependency}` belongs to {homes:?}, not to `{name}`"
                );
            }
        }
    }
}

#[test]
fn the_inner_crates_do_no_input_or_output_and_read_no_clock() {
    for (name, dependencies) in dependencies().iter().filter(|(name, _)| PURE.contains(&name.as_str())) {
        for dependency in dependencies {
            assert!(
                !IMPURE_LIBRARIES.contains(&dependency.as_str()),
                "`{name}` is pure and may not use `{dependency}`"
            );
        }
        for (path, code) in code_below(&format!("{name}/src")) {
            for word in IMPURE_CODE {
                assert!(!code.contains(word), "{} says `{word}`; `{name}` is pure", path.display());
            }
        }
    }
}

#[test]
fn libraries_that_could_ask_clock_or_chance_are_built_without() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for (library, allowed) in PURE_WITH {
        // The features of one build are the same for all: whoever turns one on turns it on for the pure crates too.
        let output = Command::new(&cargo)
            .args(["tree", "--offline", "--workspace", "--edges", "normal", "--invert", library, "--depth", "0"])
            .args(["--format", "{p} {f}"])
            .current_dir(crates_dir())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let line = String::from_utf8(output.stdout).unwrap();
        let features: Vec<&str> = line.trim().rsplit(' ').next().unwrap_or_default().split(',').collect();
        assert!(line.starts_with(library) && !features.is_empty(), "{line}");
        for feature in &features {
            assert!(allowed.contains(feature), "`{library}` is built with `{feature}`; pure crates allow {allowed:?}");
        }
    }
}

#[test]
fn modules_know_only_those_before_them() {
    for (folder, forbidden) in MODULES {
        let files = code_below(folder);
        assert!(!files.is_empty(), "{folder} has moved; change MODULES");
        for (path, code) in files {
            for word in forbidden {
                assert!(!code.contains(word), "{} says `{word}`", path.display());
            }
        }
    }
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    for name in dependencies().keys() {
        let manifest = fs::read_to_string(crates_dir().join(name).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "crates/{name}/Cargo.toml leaves out the workspace's lints"
        );
    }
}

/// A scan that finds nothing because it reads nothing would hold no invariant.
#[test]
fn the_scan_sees_through_groups_and_past_comments() {
    let found = code(
        "//! std::io\npub use std::{\n    collections::HashMap,\n    fs::{self, File},\n};\n// std::net\nfs :: read();\n",
    );
    assert_eq!(found, "std::collections::HashMap;std::fs::self;std::fs::File;fs::read();");
    assert_eq!(code("use crate::{b, risk::{clause}};"), "crate::b;crate::risk::clause;");
    assert!(fits("typst*", "typst-pdf") && !fits("zip", "zip-extract"));
}
