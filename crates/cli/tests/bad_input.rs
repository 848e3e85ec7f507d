//! Bad input: a Japanese sentence with file, line, field, what was found and what would be right; the right exit
//! code; nothing half-written (design.md, principle 5).

mod support;

use std::fs;

use support::{Ran, SMALLEST, copy_of_sample, folder_with, path, shirube};

/// `check` on a folder with this `system.yaml` ends with 2 and says all of this.
fn refused(system: &str, expected: &[&str]) {
    let dir = folder_with(system);
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 2, "{}\n{}", ran.stdout, ran.stderr);
    for part in expected {
        assert!(ran.stderr.contains(part), "「{part}」 is missing in:\n{}", ran.stderr);
    }
}

/// `check` on a folder with this `system.yaml` can be read, ends with 1 and says all of this.
fn reported(system: &str, expected: &[&str]) {
    let dir = folder_with(system);
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 1, "{}\n{}", ran.stdout, ran.stderr);
    for part in expected {
        assert!(ran.stdout.contains(part), "「{part}」 is missing in:\n{}", ran.stdout);
    }
}

#[test]
fn a_file_that_is_no_yaml_is_named_with_its_line() {
    refused("sites:\n  - id: 受付\n   name: 受付\n", &["system.yaml 3行目", "YAMLとして読めません"]);
    refused("sites:\n\t- id: 受付\n", &["system.yaml 2行目", "タブ"]);
    refused("nodes: [a, b\n", &["system.yaml", "YAMLとして読めません", "「[」や「{」が閉じていない"]);
    refused("a: &x 1\nb: *x\n", &["system.yaml 2行目", "参照（*）は使えません"]);
}

/// A word that is wrong in many records is told once, with the lines of all.
#[test]
fn the_same_mistake_in_many_records_is_told_once() {
    let node = |at: usize| format!("  - {{ id: 機器{at}, name: 機器{at}, kind: box, environment: production }}\n");
    let dir = folder_with(&format!("nodes:\n{}", (0..40).map(node).collect::<String>()));
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("system.yaml 2行目「nodes[1].kind」: 「box」は使えません。"), "{}", ran.stderr);
    assert!(ran.stderr.contains("同じ誤りが、ほかに39か所あります（3、4、5、"), "{}", ran.stderr);
    assert!(ran.stderr.lines().count() < 6, "{}", ran.stderr);
    let json = shirube(&["check", path(&dir), "--format", "json"]);
    assert!(
        json.stdout.matches("「box」").count() + json.stderr.matches("「box」").count() >= 40,
        "programs get each one"
    );
}

#[test]
fn all_mistakes_of_a_file_come_at_once() {
    let system = "
sites:
  - { id: 受付, name: 受付, owner: 自社, side: instituion, cuntry: 日本 }
nodes:
  - { id: 端末, name: 端末, kind: terminal, environment: 本番 }
  - { id: 箱, name: 箱, kind: box, environment: production, factors: knowledge }
";
    refused(
        system,
        &[
            "system.yaml 3行目「sites[1].side」: 「instituion」は使えません。「institution」ではありませんか。",
            "「cuntry」という項目はありません。「country」ではありませんか。",
            "system.yaml 5行目「nodes[1].environment」: 「本番」は使えません。「production」ではありませんか。",
            "system.yaml 6行目「nodes[2].kind」: 「box」は使えません。",
            "terminal（端末）",
            "「nodes[2].factors」: 「knowledge」が書かれていますが、一覧（「- 」で始まる行の並び）を書いてください。",
        ],
    );
}

#[test]
fn wrong_types_dates_and_missing_fields_say_what_would_be_right() {
    refused("nodes: 端末\n", &["「nodes」: 「端末」が書かれていますが、一覧"]);
    refused("nodes:\n  - { name: 端末, kind: terminal, environment: production }\n", &["「id」がありません"]);
    let dir = folder_with("");
    let service = format!("{SMALLEST}document: {{ issued_on: 令和8年4月1日, edition: 1.0 }}\n");
    fs::write(dir.path().join("shirube.yaml"), service).expect("written");
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("「document.issued_on」: 「令和8年4月1日」は日付として読めません。「2026-04-01」のように"),
        "{}",
        ran.stderr
    );
}

#[test]
fn numbers_stand_for_text_where_text_is_wanted() {
    let dir = folder_with("");
    fs::write(dir.path().join("conformity.yaml"), "statutory:\n  - { item: 6.1, status: met, how: 国内だけに置く }\n")
        .expect("written");
    let ran = shirube(&["check", path(&dir), "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(!ran.stdout.contains("statutory-unknown"), "{}", ran.stdout);
}

#[test]
fn encodings_and_control_characters_are_refused() {
    let dir = folder_with("");
    fs::write(dir.path().join("system.yaml"), b"sites:\n  - id: \x8e\xf3\x95t\n").expect("written");
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("system.yaml 2行目") && ran.stderr.contains("UTF-8ではありません"), "{}", ran.stderr);
    refused("sites:\n  - { id: \"受\u{7}付\" }\n", &["system.yaml 2行目", "制御文字（U+0007）"]);
}

#[test]
fn keys_written_twice_are_named_with_both_lines() {
    refused("sites: []\nnodes: []\nsites: []\n", &["system.yaml 3行目", "項目「sites」は1行目にもあります"]);
}

#[test]
fn a_folder_without_a_service_says_how_to_begin() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("shirube.yaml がありません") && ran.stderr.contains("shirube init"), "{}", ran.stderr);
    let ran = shirube(&["check", "/no/such/folder"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("「/no/such/folder」が見つかりません"), "{}", ran.stderr);
    let file = dir.path().join("x");
    fs::write(&file, "").expect("written");
    assert_eq!(shirube(&["check", file.to_str().expect("UTF-8")]).code, 2);
}

/// MODEL-016: ids that cannot be ids, stand twice, lead nowhere or go in circles are each named.
#[test]
fn ids_are_unique_lead_somewhere_and_make_no_circle() {
    reported(
        "
sites:
  - { id: A, name: A, owner: 自社, side: provider, within: B, country: 日本 }
  - { id: B, name: B, owner: 自社, side: provider, within: A, country: 日本 }
  - { id: 受付 窓口, name: C, owner: 他社, side: provider, country: 日本 }
nodes:
  - { id: 端末, name: 端末, kind: terminal, site: 本館２Ｆ, environment: production }
  - { id: 端末, name: 端末, kind: terminal, site: A, environment: production }
actors:
  - { id: 医師, name: 医師, party: 自社 }
handlings:
  - { layer: application, actor: 医帥, nodes: [端末], information: 患者情報, how: [閲覧・操作する] }
",
        &[
            "拠点の包含が輪になっています: A → B → A",
            "拠点のid「受付 窓口」に空白があります",
            "「他社」は組織（parties）の一覧にありません",
            "「本館２Ｆ」は拠点（sites）の一覧にありません",
            "機器や記憶媒体のid「端末」は1番目にもあります",
            "「医帥」は人（actors）の一覧にありません",
            "近いもの: 「医師」",
            "「患者情報」は情報（information）の一覧にありません",
        ],
    );
}

/// PARTY-006: a supplier that supplies itself through others is a circle.
#[test]
fn circles_of_supply_are_named() {
    let dir = folder_with("");
    let service = format!(
        "{SMALLEST}supply_chain:\n  - {{ supplier: 自社, customer: B, service: x }}\n  - {{ supplier: B, customer: 自社, service: y }}\n"
    );
    let service = service.replace("kind: provider }", "kind: provider }\n  - { id: B, name: B, kind: subcontractor }");
    fs::write(dir.path().join("shirube.yaml"), service).expect("written");
    let ran = shirube(&["check", path(&dir)]);
    assert!(ran.stdout.contains("調達の関係が輪になっています: 自社 → B → 自社"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_file_of_200_megabytes_is_refused_before_it_fills_the_memory() {
    let dir = folder_with("");
    let file = fs::File::create(dir.path().join("system.yaml")).expect("created");
    file.set_len(200 * 1024 * 1024).expect("a sparse file");
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("大きすぎます。32MBまで"), "{}", ran.stderr);
}

#[test]
fn deep_nesting_is_refused() {
    refused(&format!("sites: {}{}\n", "[".repeat(2000), "]".repeat(2000)), &["system.yaml 1行目"]);
}

fn nothing_left_behind(dir: &tempfile::TempDir, ran: &Ran) {
    let left: Vec<_> = fs::read_dir(dir.path()).expect("readable").flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".shirube-")), "{left:?}\n{}", ran.stderr);
}

#[test]
fn an_output_that_cannot_be_written_leaves_nothing_behind() {
    let dir = copy_of_sample();
    let blocked = dir.path().join("blocked");
    fs::write(&blocked, "ここはファイル").expect("written");
    let out = blocked.join("out");
    let ran =
        shirube(&["report", path(&dir), "--out", out.to_str().expect("UTF-8"), "--doc", "flows", "--format", "md"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("書き出せません"), "{}", ran.stderr);
    nothing_left_behind(&dir, &ran);
    assert_eq!(fs::read_to_string(&blocked).expect("still a file"), "ここはファイル");
}

/// A full disk: /dev/full refuses every byte.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_environment_failure() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_shirube"))
        .arg("flows")
        .arg(support::sample())
        .stdout(full)
        .output()
        .expect("the binary runs");
    let ran = support::ran(output);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("ディスクの空きがありません"), "{}", ran.stderr);
}

#[test]
fn mistakes_on_the_command_line_are_japanese_sentences() {
    for (args, expected) in [
        (&["chek", "x"][..], "コマンド「chek」はありません。「check」ではありませんか。"),
        (&["check"], "<DIR> を指定してください"),
        (&["check", "x", "--format", "xml"], "「xml」は使えません"),
        (&["check", "x", "--wrong"], "「--wrong」は使えません"),
        (&["schema", "service"], "「service」のスキーマはありません。shirube、system、assessment、conformity"),
        (&["catalog", "show", "9.9①-1"], "「9.9①-1」は収録している項目にありません"),
    ] {
        let ran = shirube(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
    let dir = copy_of_sample();
    let ran = shirube(&["report", path(&dir), "--out", "x", "--doc", "flow", "--format", "doc"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("文書「flow」はありません"), "{}", ran.stderr);
    let ran = shirube(&["diagram", path(&dir), "--out", "図.bmp"]);
    assert!(ran.code == 2 && ran.stderr.contains("「図.bmp」の形式が分かりません"), "{}", ran.stderr);
}

#[test]
fn an_existing_folder_is_not_overwritten_by_init() {
    let dir = copy_of_sample();
    let ran = shirube(&["init", path(&dir)]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("空ではありません。何も書き込んでいません"), "{}", ran.stderr);
}

/// RISK-002: a service with ten thousand flows is read, checked and assessed like a small one, with no cell blank.
#[test]
fn ten_thousand_flows_are_assessed() {
    let mut system = String::from(
        "sites: [{ id: 本社, name: 本社, owner: 自社, side: provider, country: 日本 }]
actors: [{ id: 担当, name: 担当, party: 自社 }]
information_classes: [{ id: 患者, name: 患者個人情報, importance: 5 }]
information: [{ id: 記録, name: 記録, class: 患者, kind: patient, medical: yes }]
nodes:
",
    );
    let kinds = ["terminal", "mobile-terminal", "iot", "server", "printer"];
    for at in 0..2_500 {
        let (kind, carried) = (kinds[at % kinds.len()], if at % 2 == 0 { "portable" } else { "fixed" });
        system.push_str(&format!(
            "  - {{ id: n{at}, name: 機器{at}, kind: {kind}, site: 本社, environment: production, portability: {carried} }}\n"
        ));
    }
    system.push_str("links:\n");
    for at in 1..2_500 {
        system.push_str(&format!("  - {{ id: l{at}, name: 線{at}, kind: https, between: [n{}, n{at}] }}\n", at / 2));
    }
    system.push_str("handlings:\n");
    for at in 0..2_500 {
        let how = "閲覧・操作する, 作成や保存される, 印刷する, 出力する";
        system.push_str(&format!(
            "  - {{ layer: application, actor: 担当, nodes: [n{at}], information: 記録, how: [{how}] }}\n"
        ));
    }
    let dir = folder_with(&system);
    let checked = shirube(&["check", path(&dir), "--format", "json"]);
    assert_eq!(checked.code, 1, "{}", checked.stderr);
    let assessed = shirube(&["assess", path(&dir), "--format", "json"]);
    assert_eq!(assessed.code, 0, "{}", assessed.stderr);
    let value: serde_json::Value = serde_json::from_str(&assessed.stdout).expect("JSON");
    let count = |key: &str| value["counts"][key].as_u64().expect("a count");
    assert!(count("flows") >= 10_000, "{}", count("flows"));
    assert_eq!(count("cells"), count("flows") * 10);
    assert_eq!(count("cells_with_risks") + count("cells_with_reason"), count("cells"));
}
