//! The organisation's own style (`house.yaml`) through the binary: look, own clauses, and what stands against them.

mod support;

use std::fs;
use std::process::Command;

use serde_json::Value;
use support::contained::contained;
use support::edited::{checked, found};
use support::{copy_of_sample, json, path, shirube};

/// A sample with this `house.yaml`.
fn with_house(text: &str) -> tempfile::TempDir {
    let folder = copy_of_sample();
    fs::write(folder.path().join("house.yaml"), text).expect("written");
    folder
}

/// A picture of 60 by 20 pixels in one colour.
fn picture() -> Vec<u8> {
    shirube_documents::write::png(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><rect width="60" height="20" fill="#1f4e79"/></svg>"##,
        1.0,
    )
    .expect("drawn")
}

fn report(folder: &tempfile::TempDir, docs: &[&str], formats: &[&str]) -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    let mut args = vec!["report", path(folder), "--out", path(&out)];
    args.extend(docs.iter().flat_map(|doc| ["--doc", doc]));
    args.extend(formats.iter().flat_map(|format| ["--format", format]));
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    out
}

fn text_of(out: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(out.path().join(name)).expect("the document")
}

/// Pictures inside a document, as its own format counts them.
fn pictures(out: &tempfile::TempDir, name: &str) -> usize {
    let file = out.path().join(name);
    let mut command = match file.extension().and_then(|extension| extension.to_str()) {
        Some("pdf") => Command::new("pdfimages"),
        _ => Command::new("python3"),
    };
    if name.ends_with(".pdf") {
        command.arg("-list").arg(&file);
    } else {
        command.args(["-c", "import sys,zipfile\nfor name in zipfile.ZipFile(sys.argv[1]).namelist(): print(name)"]);
        command.arg(&file);
    }
    let output = command.output().unwrap_or_else(|error| panic!("{:?}: {error}", command.get_program()));
    let text = String::from_utf8_lossy(&output.stdout);
    // Not the channel that says where the picture is opaque.
    text.lines().filter(|line| line.contains("media/") || line.contains(" image ")).count()
}

/// Issue of the house style: logo, colour and the lines of each page are in every format, but not in the rules of the
/// institution, which are that one's own.
#[test]
fn the_look_is_in_every_format_and_not_in_the_institutions_rules() {
    let folder = with_house("color: '#1f4e79'\nheader: 灯台の文書様式\nfooter: 灯台 文書管理番号 7\nlogo_height: 10\n");
    let png = folder.path().join("しるし.png");
    fs::write(&png, picture()).expect("written");
    let ran = shirube(&["house", "logo", path(&folder), png.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let written = fs::read_to_string(folder.path().join("house.yaml")).expect("readable");
    assert!(written.starts_with("color: '#1f4e79'\nheader: 灯台の文書様式"), "{written}");
    let again = shirube(&["house", "logo", path(&folder), png.to_str().expect("UTF-8")]);
    assert_eq!((again.code, fs::read_to_string(folder.path().join("house.yaml")).expect("readable")), (0, written));

    let docs = ["operating-rules", "institution-rules", "risk-treatment", "letter", "summary-clinic"];
    let out = report(&folder, &docs, &["pdf", "docx", "xlsx", "html"]);
    for name in docs {
        let own = name != "institution-rules";
        for format in ["pdf", "docx", "xlsx"] {
            let file = format!("{name}.{format}");
            let said = contained(&out.path().join(&file), &["灯台の文書様式", "灯台 文書管理番号 7"]);
            assert_eq!(said.len(), if own { 2 } else { 0 }, "{file}: {said:?}");
            assert_eq!(pictures(&out, &file), usize::from(own), "{file}");
        }
        let html = text_of(&out, &format!("{name}.html"));
        let logo = html.contains("<p class=\"logo\"><img src=\"data:image/png;base64,");
        assert_eq!((logo, html.contains("#1F4E79"), html.contains("灯台の文書様式")), (own, own, own), "{name}");
    }
    // A sheet keeps to its pages with a logo too.
    let info = Command::new("pdfinfo").arg(out.path().join("summary-clinic.pdf")).output().expect("pdfinfo runs");
    assert!(String::from_utf8_lossy(&info.stdout).contains("Pages:           2"), "two pages");
}

/// Own texts come into every clause document, a contract's own words lie over those of the organisation, and numbers
/// follow.
#[test]
fn own_texts_come_into_each_document_and_a_contract_overrules_them() {
    let replaced = "sla:\n- {change: replace, clause: secrecy, text: [自社の秘密保持の文です。]}\n\
                    operating_rules:\n- {change: insert, clause: CLAUSE, id: own-lamp, title: 灯台の灯り, text: [灯りを消さない。]}\n\
                    letter:\n- {change: replace, clause: LETTER, text: [自社の送り状の文です。]}\n";
    let first = |document: &str| {
        let clauses = json(&["house", "clauses", document, "--format", "json"]);
        let clauses = clauses.as_array().expect("a list").clone();
        let article = |clause: &&Value| clause["depth"] == 1 || document == "letter";
        clauses.iter().find(article).expect("a clause")["clause"].as_str().expect("a name").to_owned()
    };
    let house = replaced.replace("CLAUSE", &first("operating-rules")).replace("LETTER", &first("letter"));
    let folder = with_house(&house);
    let out = report(&folder, &["sla", "operating-rules", "letter"], &["md"]);
    assert!(text_of(&out, "sla.md").contains("自社の秘密保持の文です。"));
    assert!(text_of(&out, "letter.md").contains("自社の送り状の文です。"));
    let rules = text_of(&out, "operating-rules.md");
    assert!(rules.contains("灯台の灯り") && rules.contains("灯りを消さない。"), "{rules}");

    let sla = folder.path().join("sla.yaml");
    let text = fs::read_to_string(&sla).expect("readable");
    let own = "\nclauses:\n- {change: replace, clause: secrecy, text: [この契約だけの文です。]}\n";
    fs::write(&sla, format!("{text}{own}")).expect("written");
    let out = report(&folder, &["sla"], &["md"]);
    let contract = text_of(&out, "sla.md");
    assert!(contract.contains("この契約だけの文です。") && !contract.contains("自社の秘密保持の文です。"));
}

/// What the organisation leaves out everywhere, one contract may still say; and each is held against the outline it was
/// written against, whatever the other wrote.
#[test]
fn a_contract_may_say_what_the_organisation_leaves_out() {
    let clauses = json(&["house", "clauses", "sla", "--format", "json"]);
    let print = |wanted: &str| {
        let clause = clauses.as_array().expect("a list").iter().find(|clause| clause["clause"] == wanted);
        clause.expect("the clause")["fingerprint"].as_str().expect("a fingerprint").to_owned()
    };
    let folder = with_house(
        "sla:\n- {change: drop, clause: scope-network}\n- {change: replace, clause: secrecy, text: [自社の文です。]}\n",
    );
    let sla = folder.path().join("sla.yaml");
    let text = fs::read_to_string(&sla).expect("readable");
    let own = format!(
        "\nclauses:\n- {{change: replace, clause: scope-network, seen: '{}', text: [回線は乙が用意する。]}}\n\
         - {{change: replace, clause: secrecy, seen: '{}', text: [この契約だけの文です。]}}\n",
        print("scope-network"),
        print("secrecy")
    );
    fs::write(&sla, format!("{text}{own}")).expect("written");
    let contract = text_of(&report(&folder, &["sla"], &["md"]), "sla.md");
    assert!(contract.contains("回線は乙が用意する。") && contract.contains("この契約だけの文です。"), "{contract}");
    let changed = found(&checked(&folder), "clause-changed");
    assert!(changed.is_empty(), "the outline did not move: {changed:?}");
}

/// An update of the program overwrites nothing and tells where the outline has moved; mistakes have their place.
#[test]
fn what_stands_against_the_style_is_told_with_its_place() {
    let cases = [
        (
            "sla:\n- {change: replace, clause: secrecy, seen: '0123456789abcdef', text: [自社の文です。]}\n",
            "clause-changed",
            "warning",
            "sla[1].clause",
            "ひな型の文が変わっています",
        ),
        (
            "sla:\n- {change: replace, clause: どこにもない, text: [自社の文です。]}\n",
            "clause-mistake",
            "error",
            "sla[1].clause",
            "という名前の条項はありません",
        ),
        (
            "operating_rules:\n- {change: drop, clause: purpose}\n",
            "clause-mistake",
            "error",
            "operating_rules[1].clause",
            "「目的」は省けない条項です",
        ),
        (
            "letter:\n- {change: replace, clause: letter, text: ['{{ 閉じない']}\n",
            "clause-mistake",
            "error",
            "letter[1].text",
            "送付状の1番目の変更: 条項の文（1番目）に誤りがあります",
        ),
        ("color: FFF2A8\n", "house-color", "warning", "color", "FFF2A8"),
        ("logo: cG5n\n", "house-logo", "error", "logo", "PNGの画像として読めません"),
        (
            "terms:\n- {term: 情報流, text: 一つ目}\n- {term: 情報流, text: 二つ目}\n",
            "house-term",
            "warning",
            "terms[2]",
            "二度書かれています",
        ),
        ("logo_height: 12\n", "house-logo", "note", "logo_height", "ロゴの画像がありません"),
    ];
    for (house, rule, severity, field, says) in cases {
        let findings = found(&checked(&with_house(house)), rule);
        assert!(!findings.is_empty(), "{house}: {rule}");
        let fits = |found: &[String; 3]| found[0] == severity && found[1].contains(field) && found[2].contains(says);
        assert!(findings.iter().any(fits), "{house}: {findings:?}");
    }
    let long = "あ".repeat(61);
    let wrong = with_house(&format!("color: 青\nheader: {long}\nlogo_height: 90\nsla: [{{change: replace}}]\n"));
    let ran = shirube(&["check", path(&wrong)]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for said in [
        "house.yaml 1行目「color」",
        "16進数6桁",
        "house.yaml 2行目「header」",
        "60文字まで",
        "house.yaml 3行目「logo_height」",
        "house.yaml 4行目",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
}

/// What is no picture, or too large a one, changes nothing.
#[test]
fn a_logo_that_is_none_is_refused() {
    let folder = copy_of_sample();
    let png = picture();
    let mut large = png.clone();
    large.resize(201 * 1024, 0);
    for (name, bytes, said) in [
        ("写真.jpg", &b"\xff\xd8\xff\xe0JFIF"[..], "PNGの画像として読めません"),
        ("半分.png", &png[..png.len() / 2], "PNGの画像として読めません"),
        ("大きい.png", &large[..], "200 kBまで"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).expect("written");
        let ran = shirube(&["house", "logo", path(&folder), file.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(name) && ran.stderr.contains(said), "{name}: {}", ran.stderr);
        assert!(!folder.path().join("house.yaml").exists(), "{name}");
    }
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let file = elsewhere.path().join("しるし.png");
    fs::write(&file, &png).expect("written");
    let ran = shirube(&["house", "logo", path(&elsewhere), file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("shirube.yaml がありません") && !elsewhere.path().join("house.yaml").exists());
    let ran = shirube(&["house", "clauses", "flows"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("operating-rules（運用管理規程）"), "{}", ran.stderr);
}

/// The picture itself is never told as a difference.
#[test]
fn a_difference_names_the_logo_and_does_not_print_it() {
    let before = with_house("header: 前の文\n");
    let after = with_house("header: 後の文\nlogo: cG5n\n");
    let ran = shirube(&["diff", path(&before), path(&after)]);
    assert!(ran.stdout.contains("自社の様式のロゴが加わる"), "{}", ran.stdout);
    assert!(ran.stdout.contains("後の文") && !ran.stdout.contains("cG5n"), "{}", ran.stdout);
}
