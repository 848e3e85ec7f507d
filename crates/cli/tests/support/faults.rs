//! Faults seeded into a decided folder: what `check` says more, and what it says no longer.
//!
//! Each group is a text in `tests/data/decided/faults`. A fault begins with `= name`; `~ file ▸ anchor ▸ find ▸ put`
//! changes the first `find` after `anchor` (`⏎` is a new line); `+` and `-` are findings that come and go, as
//! `severity rule @field`; `! file field` says that the folder cannot be read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{path, sample, shirube};

/// Findings, each with how often it stands.
type Said = BTreeMap<String, usize>;

struct Fault {
    name: String,
    edits: Vec<[String; 4]>,
    expected: Vec<String>,
}

/// Files of a folder by name.
pub type Texts = BTreeMap<&'static str, String>;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/decided")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The sample's model with the decisions, treatments and answers of `tests/data/decided`.
pub fn decided() -> Texts {
    BTreeMap::from([
        ("shirube.yaml", text(&sample().join("shirube.yaml"))),
        ("system.yaml", text(&sample().join("system.yaml"))),
        ("assessment.yaml", text(&data().join("assessment.yaml"))),
        ("conformity.yaml", text(&data().join("conformity.yaml"))),
    ])
}

/// Writes a folder.
pub fn folder(texts: &Texts) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in texts {
        fs::write(dir.path().join(name), text).expect("written");
    }
    dir
}

/// Replaces the first `find` after `anchor` of a file.
pub fn edit(texts: &mut Texts, file: &str, anchor: &str, find: &str, put: &str) {
    let text = texts.get_mut(file).unwrap_or_else(|| panic!("no file {file}"));
    let from = text.find(anchor).unwrap_or_else(|| panic!("{file} has no {anchor:?}"));
    let at = from + text[from..].find(find).unwrap_or_else(|| panic!("{file} has no {find:?} after {anchor:?}"));
    text.replace_range(at..at + find.len(), put);
}

/// What `check` says of a folder: its findings, or the fields that cannot be read.
fn check(texts: &Texts) -> Said {
    let dir = folder(texts);
    let ran = shirube(&["check", path(&dir), "--format", "json"]);
    let value: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: exit {}\n{}", ran.code, ran.stderr));
    let text = |value: &Value, key: &str| value[key].as_str().expect("a text").to_owned();
    let mut said = Said::new();
    if value["usable"] == true {
        for finding in value["findings"].as_array().expect("findings") {
            let line = format!("{} {} @{}", text(finding, "severity"), text(finding, "rule"), text(finding, "field"));
            *said.entry(line).or_default() += 1;
        }
    } else {
        assert_eq!(ran.code, 2, "unreadable input ends with 2");
        for error in value["errors"].as_array().expect("errors") {
            *said.entry(format!("! {} {}", text(error, "file"), text(error, "field"))).or_default() += 1;
        }
    }
    said
}

fn parse(group: &str) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for line in group.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (sign, rest) = line.split_once(' ').unwrap_or_else(|| panic!("{line:?}"));
        if sign == "=" {
            faults.push(Fault { name: rest.to_owned(), edits: Vec::new(), expected: Vec::new() });
            continue;
        }
        let fault = faults.last_mut().expect("a fault begins with its name");
        if sign == "~" {
            let parts: Vec<String> = rest.split(" ▸ ").map(|part| part.replace('⏎', "\n")).collect();
            fault.edits.push(parts.try_into().unwrap_or_else(|parts| panic!("{}: {parts:?}", fault.name)));
        } else {
            fault.expected.push(line.to_owned());
        }
    }
    faults
}

/// How one saying differs from another, one line each.
fn differences(before: &Said, after: &Said) -> Vec<String> {
    let more = |sign: &str, one: &Said, other: &Said| -> Vec<String> {
        let lines = one.iter().flat_map(|(line, count)| {
            let extra = count.saturating_sub(other.get(line).copied().unwrap_or_default());
            std::iter::repeat_n(format!("{sign} {line}"), extra)
        });
        lines.collect()
    };
    let mut lines = more("+", after, before);
    lines.extend(more("-", before, after));
    lines
}

/// Seeds every fault of a group and compares what `check` says with what it said before.
pub fn seeded(group: &str) {
    let unchanged = check(&decided());
    let faults = parse(&text(&data().join(format!("faults/{group}.txt"))));
    assert!(!faults.is_empty());
    let mut wrong = Vec::new();
    for mut fault in faults {
        let mut texts = decided();
        for [file, anchor, find, put] in &fault.edits {
            edit(&mut texts, file, anchor, find, put);
        }
        let said = check(&texts);
        let unreadable = said.keys().any(|line| line.starts_with('!'));
        let mut found = if unreadable { said.into_keys().collect() } else { differences(&unchanged, &said) };
        found.sort();
        fault.expected.sort();
        if found != fault.expected {
            wrong.push(format!("{}\nexpected {:#?}\nfound {:#?}", fault.name, fault.expected, found));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
