//! Edits of a folder's texts: what changes, what stays, and what two people's edits make together.

mod apply;
mod between;
mod chance;
mod decisions;
mod errors;
mod merge;
mod properties;

use std::path::Path;

use serde_json::Value;
use shirube_folder::edit::{Applied, Change, Edit, Texts, apply, way};
use shirube_safety::File;

/// The worked example.
fn sample() -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/clinic-ehr");
    // The sample has no style of its own.
    let files = File::ALL.into_iter().filter(|file| *file != File::House);
    files.map(|file| (file, std::fs::read(folder.join(file.name())).unwrap())).collect()
}

/// The worked example with the first records of each list, so that many rounds take little time.
fn small(most: usize) -> Texts {
    let cut = |bytes: Vec<u8>| {
        let (mut records, mut kept) = (0, String::new());
        for line in String::from_utf8(bytes).unwrap().lines() {
            match line.get(..4) {
                Some("  - ") => records += 1,
                Some(start) if !start.starts_with("  ") => records = 0,
                _ => {}
            }
            if records <= most || line.trim_start().starts_with('#') {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept.into_bytes()
    };
    sample().into_iter().map(|(file, bytes)| (file, cut(bytes))).collect()
}

fn one(file: File, text: &str) -> Texts {
    Texts::from([(file, text.as_bytes().to_vec())])
}

fn put(file: File, at: &str, value: Value) -> Edit {
    Edit { file, at: way(at).unwrap(), change: Change::Put(value) }
}

fn remove(file: File, at: &str) -> Edit {
    Edit { file, at: way(at).unwrap(), change: Change::Remove }
}

fn text_of(applied: &Applied, file: File) -> String {
    String::from_utf8(applied.texts[&file].clone()).unwrap()
}

/// Makes edits on one text and compares what comes of it.
#[track_caller]
fn check(file: File, before: &str, edits: &[Edit], after: &str) -> Applied {
    let applied = apply(&one(file, before), edits).unwrap();
    assert_eq!(text_of(&applied, file), after);
    assert_eq!(applied.rewritten, [], "the file was rewritten as a whole");
    applied
}

/// Lines of one text that the other has not, with a sign.
fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let gone = old[start..old.len() - end].iter().map(|line| format!("-{line}"));
    gone.chain(new[start..new.len() - end].iter().map(|line| format!("+{line}"))).collect()
}
