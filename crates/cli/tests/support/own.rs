//! Lists and controls of a user's own, for the tests that need some.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Ran, copy_of_sample, path, shirube};

pub const ITEMS: &str = "id,chapter,chapter_title,text,class,certainty,source\n\
    1.1,1,端末,業務に使う端末は、私物を用いない。,◎,seen,院内規程 第1条\n\
    1.2,1,端末,端末を持ち出すときは、管理者の許可を得る。,○,partial,院内規程 第2条\n";

pub const LINKS: &str = "source,relation,target,rationale,certainty\n\
    3.1①-1,intersects,1.1,端末の利用者を確かめる。,partial\n\
    1.1①-1,equivalent,1.2,持ち出しの規程を求める。,seen\n\
    1.1①-2,none,,該当する項目がない。,seen\n";

pub fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is a list: {value}"))
}

pub fn write(dir: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let file = dir.path().join(name);
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(&file, text).expect("written");
    file
}

/// Everything below a folder, to see that nothing changed.
pub fn tree(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("readable") {
        let entry = entry.expect("readable").path();
        if entry.is_dir() {
            found.extend(tree(&entry));
        } else {
            found.push((entry.clone(), fs::read(&entry).expect("readable")));
        }
    }
    found.sort();
    found
}

/// `catalog add` of a text, with the usual author.
pub fn add(dir: &tempfile::TempDir, name: &str, text: &str, more: &[&str]) -> Ran {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let file = write(&outside, name, text);
    let file = file.to_str().expect("a UTF-8 path");
    let usual =
        ["catalog", "add", file, "--into", path(dir), "--by", "標 一郎", "--on", "2026-11-20", "--reason", "試験"];
    shirube(&[&usual[..], more].concat())
}

pub fn approve(dir: &tempfile::TempDir, what: &[&str], by: &str, on: &str, from: &str) -> Ran {
    let usual = ["catalog", "approve", path(dir), "--by", by, "--on", on, "--from", from];
    shirube(&[&usual[..], what].concat())
}

pub const OWN: [&str; 4] = ["--edition", "own-aoba", "--title", "あおば内科の要求"];

/// A copy of the sample with a list of its own, not yet approved.
pub fn with_list() -> tempfile::TempDir {
    let dir = copy_of_sample();
    let ran = add(&dir, "items.csv", ITEMS, &OWN);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    dir
}

/// The same with a crosswalk from 別紙2.
pub fn with_links() -> tempfile::TempDir {
    let dir = with_list();
    let ran = add(&dir, "links.csv", LINKS, &["--crosswalk", "pg-1.0", "own-aoba"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    dir
}

pub const CONTROL: &str = "\
scenarios:
  - id: OWN-S1
    text: 診療録の一部を外部の生成AIに貼り付ける。
    release: { prepared_by: 灯台 花子, approved_by: 標 一郎, approved_on: 2026-11-20, reason: 利用が広がった }
controls:
  - id: OWN-1
    viewpoint: organisational
    text: 生成AIに医療情報を入力しない。
    scenarios: [OWN-S1, S01]
    requirements: [mhlw-6.0/企画管理編.9.②]
    revision: 2
    release: { prepared_by: 灯台 花子, approved_by: 標 一郎, approved_on: 2026-11-20, reason: 利用が広がった }
    history:
      - { revision: 1, text: 生成AIを使わない。, release: { prepared_by: 灯台 花子, reason: 初版 } }
";

pub const ANSWER: &str = "\
answers:
  - control: OWN-1
    status: met
    how: 利用規程に定めている。
    evidence: [生成AI利用規程]
    revision: 2
    decided: { by: 標 一郎, on: 2026-11-20, reason: 規程を確かめた }
";

/// The sample's decisions with `put` for the first `find` in the own entries, and the answer likewise.
pub fn with_own(find: &str, put: &str) -> [String; 2] {
    assert!(find.is_empty() || CONTROL.contains(find) || ANSWER.contains(find), "{find}");
    [
        CONTROL.replacen(find, put, usize::from(!find.is_empty())),
        ANSWER.replacen(find, put, usize::from(!find.is_empty())),
    ]
}

pub fn own_folder(find: &str, put: &str) -> tempfile::TempDir {
    let [control, answer] = with_own(find, put);
    let dir = copy_of_sample();
    let assessment = dir.path().join("assessment.yaml");
    let text = fs::read_to_string(&assessment).expect("readable");
    fs::write(&assessment, format!("{text}\n{control}")).expect("written");
    let conformity = dir.path().join("conformity.yaml");
    let text = fs::read_to_string(&conformity).expect("readable");
    fs::write(&conformity, text.replacen("answers:\n", &answer, 1)).expect("written");
    dir
}

pub fn report(dir: &tempfile::TempDir, name: &str) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let ran = shirube(&["report", path(dir), "--out", path(&out), "--doc", name, "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Markdown guards full stops after numbers; nobody reads them.
    fs::read_to_string(out.path().join(format!("{name}.md"))).expect("written").replace('\\', "")
}
