//! The copy of the diagram for anybody, through the front door (MODEL-017).

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::contained::contained;
use support::edited::{edited, system};
use support::{folder_with, path, sample, shirube};

/// The sample with its development site hidden, its data centre and what stores there shown by kind only.
fn marked() -> tempfile::TempDir {
    edited(&[
        system("name: 対象事業者開発拠点, ", "name: 対象事業者開発拠点, disclosure: hidden, "),
        system("name: 対象事業者DC, ", "name: 対象事業者DC, disclosure: generalised, "),
        system("  - id: カルテ本番\n", "  - id: カルテ本番\n    disclosure: generalised\n"),
        system("  - id: 医事会計本番\n", "  - id: 医事会計本番\n    disclosure: generalised\n"),
        system("  - id: ログサーバ\n", "  - id: ログサーバ\n    disclosure: generalised\n"),
        system("  - id: テープ媒体\n", "  - id: テープ媒体\n    disclosure: hidden\n"),
        system("  - id: 閉域VPN\n", "  - id: 閉域VPN\n    disclosure: generalised\n"),
    ])
}

/// Names that no byte of the open copy may hold.
const NAMES: [&str; 9] = [
    "対象事業者開発拠点",
    "対象事業者DC",
    "電子カルテサーバ",
    "医事会計サーバ",
    "ログサーバ",
    "テープ媒体",
    "閉域VPN",
    "インターネットVPN",
    "開発保守端末",
];

/// Ids of the author and beginnings of flow numbers, which no file that is text may hold.
const IDS: [&str; 11] =
    ["カルテ本番", "医事会計本番", "開発拠点", "カルテ開発", "L-", "A-O", "P-O", "I-O", "A-D", "I-D", "テープ搬送"];

fn diagram(folder: &Path, out: &Path, more: &[&str]) -> Vec<u8> {
    let mut args = vec!["diagram", folder.to_str().expect("UTF-8"), "--out", out.to_str().expect("UTF-8")];
    args.extend(more);
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read(out).expect("written")
}

fn open_json(folder: &Path) -> Value {
    let out = tempfile::tempdir().expect("a temporary folder");
    serde_json::from_slice(&diagram(folder, &out.path().join("open.json"), &["--copy", "open"])).expect("JSON")
}

fn texts<'v>(drawing: &'v Value, list: &str, key: &str) -> Vec<&'v str> {
    let entries = drawing[list].as_array().expect("a list").iter();
    entries.map(|entry| entry[key].as_str().expect("a text")).collect()
}

/// MODEL-017: no name, id or flow number of what is kept back stands in any byte of any file of the open copy.
#[test]
fn nothing_that_is_kept_back_is_in_the_open_copy() {
    let folder = marked();
    let out = tempfile::tempdir().expect("a temporary folder");
    let ran = shirube(&[
        "report",
        path(&folder),
        "--out",
        path(&out),
        "--copy",
        "open",
        "--format",
        "pdf",
        "--format",
        "xlsx",
        "--format",
        "docx",
        "--format",
        "html",
        "--format",
        "md",
        "--format",
        "json",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for name in ["open.svg", "open.json", "open.pdf", "open.png"] {
        diagram(folder.path(), &out.path().join(name), &["--copy", "open"]);
    }
    for (step, name) in [("1", "1.svg"), ("2", "2.json"), ("3", "3.pdf")] {
        diagram(folder.path(), &out.path().join(name), &["--copy", "open", "--step", step]);
    }
    let files: Vec<_> =
        fs::read_dir(out.path()).expect("readable").map(|entry| entry.expect("an entry").path()).collect();
    assert!(files.len() >= 7 + 2 * 6, "{files:?}");
    for file in &files {
        let leaks = contained(file, &NAMES);
        assert!(leaks.is_empty(), "{}: {leaks:?}", file.display());
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
        let is_text = [".svg", ".json", ".html", ".md"].iter().any(|end| name.ends_with(end));
        if is_text && !name.starts_with("provided") {
            let leaks = contained(file, &IDS);
            assert!(leaks.is_empty(), "{name}: {leaks:?}");
        }
    }
    // The same names are there in the whole copy, so that the test above can find them.
    let whole = out.path().join("whole.pdf");
    diagram(folder.path(), &whole, &[]);
    assert_eq!(contained(&whole, &NAMES).len(), NAMES.len());
}

/// MODEL-017: what is generalised stands by its kind, several of one kind at one place with their number.
#[test]
fn what_is_generalised_stands_by_its_kind() {
    let open = open_json(marked().path());
    let nodes = texts(&open, "nodes", "name");
    assert!(nodes.contains(&"サーバ（3件）") && nodes.contains(&"電子カルテ端末"), "{nodes:?}");
    assert!(texts(&open, "sites", "name").contains(&"対象事業者の拠点"));
    assert!(texts(&open, "links", "label").contains(&"閉域網"), "a link beside its kind: {open}");
    assert!(open["nodes"].as_array().expect("nodes").iter().all(|node| node["flows"] == serde_json::json!([])));
    assert!(open["notes"][0].as_str().is_some_and(|note| note.contains("種類だけ")));
}

/// MODEL-017: a hidden place takes what stands in it along, with every link; machines under machines too.
#[test]
fn what_is_hidden_takes_its_surroundings_along() {
    let folder = folder_with(
        "sites:
  - { id: 本社, name: 本社, owner: 自社, side: provider, country: 日本 }
  - { id: 秘密, name: 監視センター, owner: 自社, side: provider, country: 日本, disclosure: hidden }
  - { id: 室, name: 奥の部屋, owner: 自社, within: 秘密, side: provider, country: 日本 }
nodes:
  - { id: 表, name: 表の端末, kind: terminal, site: 本社, environment: production }
  - { id: 裏, name: 裏の端末, kind: terminal, site: 室, environment: production }
  - { id: 仮想, name: 仮想の箱, kind: virtual-machine, host: 裏, environment: production }
  - { id: 上, name: 上の箱, kind: virtual-machine, host: 隠, site: 本社, environment: production }
  - { id: 隠, name: 隠した機械, kind: server, site: 本社, environment: production, disclosure: hidden }
  - { id: 札, name: 隠した機械の控え, kind: storage, site: 本社, environment: production }
links:
  - { id: 線1, name: 監視の線, kind: wired-lan, between: [表, 裏] }
  - { id: 線2, name: 内線, kind: wired-lan, between: [表, 隠] }
  - { id: 線3, name: 秘密の線, kind: dedicated-line, between: [表, 上], disclosure: hidden }
  - { id: 線4, name: 普通の線, kind: wired-lan, between: [表, 上] }
",
    );
    let open = open_json(folder.path());
    assert_eq!(texts(&open, "sites", "name"), ["本社"]);
    assert_eq!(texts(&open, "nodes", "name"), ["表の端末", "上の箱", "ストレージ"]);
    assert_eq!(texts(&open, "nodes", "kind")[1], "仮想マシン", "not the machine under it");
    assert_eq!(texts(&open, "links", "label"), ["普通の線"]);
    assert_eq!(texts(&open, "nodes", "id"), ["n1", "n2", "n3"]);
}

/// MODEL-017: the whole copy says that it goes out by the information supply procedure only; where nothing is kept
/// back there is nothing to say, and the open copy has no mark but 公開.
#[test]
fn the_whole_copy_says_how_it_is_handed_over() {
    let way = "情報提供の手続（SLA 6.6(3)）でだけ渡す";
    let page = |folder: &Path, more: &[&str]| {
        let out = tempfile::tempdir().expect("a temporary folder");
        let mut args = vec!["report", folder.to_str().expect("UTF-8"), "--out", path(&out), "--doc", "system-diagram"];
        args.extend(["--format", "html"]);
        args.extend(more);
        assert_eq!(shirube(&args).code, 0);
        fs::read_to_string(out.path().join("system-diagram.html")).expect("written")
    };
    let folder = marked();
    assert!(page(folder.path(), &[]).contains(way));
    assert!(!page(&sample(), &[]).contains(way), "the sample keeps nothing back");
    let open = page(folder.path(), &["--copy", "open"]);
    assert!(!open.contains(way) && open.contains("公開用") && !open.contains("拠点と管轄"), "the drawing alone");
}
