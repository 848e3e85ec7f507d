//! One text, some edits, and exactly the text that comes of them.

use serde_json::{Value, json};
use shirube_folder::edit::{Applied, Edit, Identity, Step, Texts, apply, canonical, put_record, way, way_text};
use shirube_safety::File;

use super::{changed_lines, check, one, put, remove, sample, text_of};

const SYSTEM: &str = "\
# 手順1
sites:
  - { id: 受付, name: 受付, owner: 医療機関, side: institution }  # 表の入口
  # 奥の部屋
  - { id: DC, name: 'データセンター', owner: 自社, side: provider }

nodes:
  - id: 端末  # 一台目
    name: 受付端末
    kind: terminal
    environment: production
    log_retention_years: 5   # 法の定め
    note: >
      長い
      備考
    # at_end は未定
    factors: [knowledge]

  # サーバ
  - id: サーバ
    name: \"本番サーバ\"
    kind: server
    environment: production
";

#[track_caller]
fn system(edits: &[Edit], changes: &[&str]) -> Applied {
    let applied = apply(&one(File::System, SYSTEM), edits).unwrap();
    assert_eq!(changed_lines(SYSTEM, &text_of(&applied, File::System)), changes);
    assert_eq!(applied.rewritten, []);
    applied
}

fn s(at: &str, value: Value) -> Edit {
    put(File::System, at, value)
}

#[test]
fn a_field_changes_its_line_alone() {
    system(&[s("nodes/=端末/name", json!("窓口端末"))], &["-    name: 受付端末", "+    name: 窓口端末"]);
    system(
        &[s("nodes/=端末/log_retention_years", json!(10))],
        &["-    log_retention_years: 5   # 法の定め", "+    log_retention_years: 10   # 法の定め"],
    );
    system(&[s("nodes/=端末/id", json!("窓口"))], &["-  - id: 端末  # 一台目", "+  - id: 窓口  # 一台目"]);
    system(&[s("nodes/=サーバ/name", json!("予備"))], &["-    name: \"本番サーバ\"", "+    name: \"予備\""]);
    system(
        &[s("sites/=DC/name", json!("DC 2"))],
        &[
            "-  - { id: DC, name: 'データセンター', owner: 自社, side: provider }",
            "+  - { id: DC, name: 'DC 2', owner: 自社, side: provider }",
        ],
    );
    system(
        &[s("sites/=受付/name", json!("受付, 窓口: 一階"))],
        &[
            "-  - { id: 受付, name: 受付, owner: 医療機関, side: institution }  # 表の入口",
            "+  - { id: 受付, name: \"受付, 窓口: 一階\", owner: 医療機関, side: institution }  # 表の入口",
        ],
    );
}

#[test]
fn a_new_field_stands_where_its_type_has_it() {
    system(&[s("nodes/=サーバ/site", json!("DC"))], &["+    site: DC"]);
    let applied = system(&[s("nodes/=端末/backup", json!("yes"))], &["+    backup: yes"]);
    let text = text_of(&applied, File::System);
    assert!(text.contains("    environment: production\n    backup: yes\n    log_retention_years"), "{text}");
    system(
        &[s("sites/=DC/within", json!("本社"))],
        &[
            "-  - { id: DC, name: 'データセンター', owner: 自社, side: provider }",
            "+  - { id: DC, name: 'データセンター', owner: 自社, within: 本社, side: provider }",
        ],
    );
}

#[test]
fn a_field_that_goes_takes_its_line_and_no_more() {
    system(&[remove(File::System, "nodes/=端末/name")], &["-    name: 受付端末"]);
    let applied = system(
        &[remove(File::System, "nodes/=端末/log_retention_years")],
        &["-    log_retention_years: 5   # 法の定め"],
    );
    assert_eq!(applied.comments_lost.len(), 1);
    assert_eq!((applied.comments_lost[0].line, applied.comments_lost[0].text.as_str()), (12, "# 法の定め"));
    system(&[remove(File::System, "nodes/=端末/note")], &["-    note: >", "-      長い", "-      備考"]);
    system(
        &[remove(File::System, "nodes/=端末/id")],
        &["-  - id: 端末  # 一台目", "-    name: 受付端末", "+  - name: 受付端末"],
    );
    system(
        &[remove(File::System, "sites/=DC/name")],
        &[
            "-  - { id: DC, name: 'データセンター', owner: 自社, side: provider }",
            "+  - { id: DC, owner: 自社, side: provider }",
        ],
    );
    system(
        &[remove(File::System, "sites/=DC/side")],
        &[
            "-  - { id: DC, name: 'データセンター', owner: 自社, side: provider }",
            "+  - { id: DC, name: 'データセンター', owner: 自社 }",
        ],
    );
    // What is not there need not be removed.
    system(&[remove(File::System, "nodes/=端末/owner"), remove(File::System, "links/=x")], &[]);
}

#[test]
fn scalars_of_many_lines_are_replaced_as_a_whole() {
    system(
        &[s("nodes/=端末/note", json!("短い備考"))],
        &["-    note: >", "-      長い", "-      備考", "+    note: 短い備考"],
    );
    system(
        &[s("nodes/=端末/note", json!("一行目\r\n二行目\r\n"))],
        &["-    note: >", "-      長い", "-      備考", "+    note: |", "+      一行目", "+      二行目"],
    );
    system(
        &[s("nodes/=サーバ/note", json!("一行目\n\n三行目"))],
        &["+    note: |-", "+      一行目", "+", "+      三行目"],
    );
    // Inside of braces there are no lines.
    check(
        File::System,
        "links:\n  - between: [a, b]\n    carries: [{information: x, actor: 'y'}]\n",
        &[s("links/=/carries/=x,,y/actor", json!("一\n二"))],
        "links:\n  - between: [a, b]\n    carries: [{information: x, actor: \"一\\n二\"}]\n",
    );
}

#[test]
fn records_are_added_at_the_end_in_the_style_of_their_list() {
    let site = json!({ "name": "診察室", "id": "診察室", "owner": "医療機関", "side": "institution", "within": null });
    system(
        &[put_record(File::System, "sites", "診察室", site)],
        &["+  - { id: 診察室, name: 診察室, owner: 医療機関, side: institution }"],
    );
    let node =
        json!({ "name": "NAS: 1号", "kind": "storage", "environment": "test", "factors": [], "backup": "unknown" });
    system(
        &[put_record(File::System, "nodes", "NAS", node)],
        &["+  - id: NAS", "+    name: \"NAS: 1号\"", "+    kind: storage", "+    environment: test"],
    );
}

#[test]
fn a_list_that_is_missing_or_empty_is_made() {
    let actor = json!({ "name": "医師", "party": "医療機関" });
    let edit = put_record(File::System, "actors", "医師", actor.clone());
    let made = "  - id: 医師\n    name: 医師\n    party: 医療機関\n";
    for (before, after) in [
        ("", format!("actors:\n{made}")),
        ("# まだない\n", format!("# まだない\nactors:\n{made}")),
        ("# まだない", format!("# まだない\nactors:\n{made}")),
        ("actors: []\n#  - { id: 例 }\nflows: []", format!("actors:\n{made}#  - {{ id: 例 }}\nflows: []")),
        ("actors: []  # まだない\n", format!("actors:  # まだない\n{made}")),
        ("actors:\nflows: []\n", format!("actors:\n{made}flows: []\n")),
        ("actors:", format!("actors:\n{}", made.trim_end())),
        ("transports: []\nflows: []", format!("transports: []\nactors:\n{made}flows: []")),
        ("flows: []\n", format!("actors:\n{made}flows: []\n")),
    ] {
        check(File::System, before, std::slice::from_ref(&edit), &after);
    }
    let none = apply(&Texts::new(), std::slice::from_ref(&edit)).unwrap();
    assert_eq!(text_of(&none, File::System), format!("actors:\n{made}"));
    let nothing = apply(&Texts::new(), &[remove(File::System, "actors/=医師")]).unwrap();
    assert_eq!(nothing.texts, Texts::new());
}

#[test]
fn records_that_go_leave_the_comments_around_them() {
    let applied = system(
        &[remove(File::System, "sites/=受付")],
        &["-  - { id: 受付, name: 受付, owner: 医療機関, side: institution }  # 表の入口"],
    );
    assert_eq!(applied.comments_lost.len(), 1);
    let all = [remove(File::System, "sites/=受付"), remove(File::System, "sites/=DC")];
    let applied = apply(&one(File::System, SYSTEM), &all).unwrap();
    let text = text_of(&applied, File::System);
    assert!(text.starts_with("# 手順1\nsites: []\n  # 奥の部屋\n\nnodes:\n"), "{text}");
    // Without a line break at the end.
    check(File::System, "sites:\n- id: a\n- id: b", &[remove(File::System, "sites/=b")], "sites:\n- id: a");
    check(
        File::System,
        "sites:\n- id: a\n- id: b",
        &[remove(File::System, "sites/=b"), remove(File::System, "sites/=a")],
        "sites: []\n",
    );
}

#[test]
fn every_way_to_write_a_text_is_followed() {
    for (before, at, value, after) in [
        // Dashes below their key, and a record that starts below its dash.
        ("sites:\n- id: a\n  name: b\n", "sites/=a/name", json!("c"), "sites:\n- id: a\n  name: c\n"),
        ("sites:\n-\n  id: a\n  name: b\n", "sites/=a/name", json!("c"), "sites:\n-\n  id: a\n  name: c\n"),
        ("sites:\n  -   id: a\n", "sites/=a/name", json!("c"), "sites:\n  -   id: a\n      name: c\n"),
        // Windows.
        ("sites:\r\n- id: a\r\n", "sites/=a/name", json!("c"), "sites:\r\n- id: a\r\n  name: c\r\n"),
        (
            "sites:\r\n- id: a\r\n",
            "sites/=a/name",
            json!("c\nd"),
            "sites:\r\n- id: a\r\n  name: |-\r\n    c\r\n    d\r\n",
        ),
        // No break at the end.
        ("sites:\n- id: a", "sites/=a/name", json!("c"), "sites:\n- id: a\n  name: c"),
        // JSON is YAML.
        ("{\"sites\": [{\"id\": \"a\"}]}", "sites/=a/name", json!("c"), "{\"sites\": [{\"id\": \"a\", name: c}]}"),
        (
            "{sites: [\n  {id: a},\n  {id: b},  # b\n]}\n",
            "sites/=c",
            json!({}),
            "{sites: [\n  {id: a},\n  {id: b},  # b\n  { id: c },\n]}\n",
        ),
        (
            "sites: [\n  {id: a},\n  {id: b}  # b\n]\n",
            "sites/=c",
            json!({}),
            "sites: [\n  {id: a},\n  {id: b},  # b\n  { id: c }\n]\n",
        ),
        // Aligned values, quoted keys, values below their key.
        ("sites:\n- id:    a\n  'name': b\n", "sites/=a/id", json!("c"), "sites:\n- id:    c\n  'name': b\n"),
        ("sites:\n- id: a\n  name:\n    b\n", "sites/=a/name", json!("c"), "sites:\n- id: a\n  name: c\n"),
        (
            "sites:\n- id: a\n  name: b\n    c\n  owner: d\n",
            "sites/=a/name",
            json!("e"),
            "sites:\n- id: a\n  name: e\n  owner: d\n",
        ),
        (
            "sites:\n- id: a\n  name:\n  owner: d\n",
            "sites/=a/name",
            json!("e"),
            "sites:\n- id: a\n  name: e\n  owner: d\n",
        ),
        // A byte order mark and the start of a document.
        ("\u{FEFF}---\nsites:\n- id: a\n", "sites/=a/id", json!("c"), "\u{FEFF}---\nsites:\n- id: c\n"),
        // Text that keeps its last breaks.
        (
            "nodes:\n- note: |+ # n\n    a\n\n\n  id: x\n",
            "nodes/=x/id",
            json!("y"),
            "nodes:\n- note: |+ # n\n    a\n\n\n  id: y\n",
        ),
        ("nodes:\n- id: x\n  note: |+ # n\n    a\n\n", "nodes/=x/note", json!("b"), "nodes:\n- id: x\n  note: b # n\n"),
        (
            "nodes:\n- id: x\n  note: |- # n\n    a\n",
            "nodes/=x/note",
            json!("b\nc"),
            "nodes:\n- id: x\n  note: |- # n\n    b\n    c\n",
        ),
        // A merge key without an alias is an unknown field like others.
        ("sites:\n- <<: {a: 1}\n  id: a\n", "sites/=a/id", json!("c"), "sites:\n- <<: {a: 1}\n  id: c\n"),
    ] {
        check(File::System, before, &[put(File::System, at, value)], after);
    }
}

#[test]
fn text_is_quoted_only_where_it_has_to_be() {
    for (text, written) in [
        ("令和8年4月1日", "令和8年4月1日"),
        ("2026-04-01", "2026-04-01"),
        ("3.4①-14", "3.4①-14"),
        ("A-O:医師:端末/TH01/x", "A-O:医師:端末/TH01/x"),
        ("yes", "yes"),
        ("a, b [c]", "a, b [c]"),
        ("6.1", "\"6.1\""),
        ("true", "\"true\""),
        ("null", "\"null\""),
        ("- a", "\"- a\""),
        ("a: b", "\"a: b\""),
        ("a #b", "\"a #b\""),
        ("#a", "\"#a\""),
        ("&a", "\"&a\""),
        (" a", "\" a\""),
        ("a:", "\"a:\""),
        ("\"a\"", "'\"a\"'"),
        ("C:\\d: 'e'", "\"C:\\\\d: 'e'\""),
        ("a\tb", "\"a\\tb\""),
        ("\n", "\"\\n\""),
        ("𠮷野家＋髙﨑", "𠮷野家＋髙﨑"),
        ("\u{2028}", "\"\\u2028\""),
        ("0x1F", "\"0x1F\""),
        ("---", "\"---\""),
    ] {
        check(
            File::System,
            "sites:\n- id: a\n",
            &[s("sites/=a/owner", json!(text))],
            &format!("sites:\n- id: a\n  owner: {written}\n"),
        );
    }
}

#[test]
fn words_of_lists_come_and_go_alone() {
    let nodes = "nodes:\n- id: a\n  factors: [ knowledge,biometrics ] # c\n  shared_with:\n  - test\n  # 備考\n  - development # 仮\n";
    for (edits, after) in [
        (
            vec![s("nodes/=a/factors/=possession", json!("possession"))],
            nodes.replace("biometrics ]", "biometrics, possession ]"),
        ),
        (vec![remove(File::System, "nodes/=a/factors/=knowledge")], nodes.replace("knowledge,", "")),
        (vec![remove(File::System, "nodes/=a/factors/=biometrics")], nodes.replace(",biometrics", "")),
        (
            vec![s("nodes/=a/factors", json!(["biometrics", "knowledge"]))],
            nodes.replace("[ knowledge,biometrics ]", "[biometrics, knowledge]"),
        ),
        (
            vec![remove(File::System, "nodes/=a/factors")],
            nodes.replace("  factors: [ knowledge,biometrics ] # c\n", ""),
        ),
        (vec![s("nodes/=a/factors", json!([]))], nodes.replace("  factors: [ knowledge,biometrics ] # c\n", "")),
        (vec![s("nodes/=a/shared_with/=production", json!("production"))], format!("{nodes}  - production\n")),
        (vec![remove(File::System, "nodes/=a/shared_with/=test")], nodes.replace("  - test\n", "")),
        (
            vec![s("nodes/=a/shared_with", json!(["development", "test"]))],
            nodes.replace("  - test\n  # 備考\n  - development # 仮\n", "  # 備考\n  - development # 仮\n  - test\n"),
        ),
    ] {
        check(File::System, nodes, &edits, &after);
    }
}

#[test]
fn a_record_put_anew_changes_only_what_is_different() {
    let node = json!({
        "id": "端末", "name": "受付端末", "kind": "terminal", "environment": "production",
        "log_retention_years": "5", "note": "長い 備考\n", "factors": ["knowledge"],
        "backup": "unknown", "owner": null, "shared_with": [],
    });
    system(&[put_record(File::System, "nodes", "端末", node.clone())], &[]);
    let mut other = node;
    other["backup"] = json!("yes");
    other["factors"] = json!([]);
    let applied = apply(&one(File::System, SYSTEM), &[put_record(File::System, "nodes", "端末", other)]).unwrap();
    let expected = SYSTEM
        .replace("    log_retention", "    backup: yes\n    log_retention")
        .replace("    factors: [knowledge]\n", "");
    assert_eq!(text_of(&applied, File::System), expected);
    // A form need not repeat the name of its record.
    system(
        &[put_record(
            File::System,
            "sites",
            "受付",
            json!({ "name": "受付", "owner": "医療機関", "side": "institution" }),
        )],
        &[],
    );
    // What says the default stays where somebody wrote it.
    check(
        File::System,
        "nodes:\n- id: a\n  backup: unknown\n  at_end: []\n",
        &[put_record(File::System, "nodes", "a", json!({ "id": "a", "name": "b" }))],
        "nodes:\n- id: a\n  name: b\n  backup: unknown\n  at_end: []\n",
    );
}

#[test]
fn a_record_is_found_after_it_was_renamed() {
    check(
        File::System,
        "sites:\n- id: a\n- id: b\n",
        &[s("sites/=a/id", json!("c")), s("sites/=a/name", json!("n")), s("sites/=a", json!({ "id": "a" }))],
        "sites:\n- id: a\n- id: b\n",
    );
    check(
        File::System,
        "sites:\n- id: a\n- id: a\n- id: b\n",
        &[s("sites/=a/id", json!("c")), s("sites/=a~1/name", json!("n"))],
        "sites:\n- id: c\n- id: a\n  name: n\n- id: b\n",
    );
}

#[test]
fn controls_have_one_number_in_every_spelling() {
    let text = "answers:\n- control: 3.4-1-14 # ascii\n  status: met\n- control: OWN-1\n  status: met\n";
    for spelling in ["3.4①-14", "3.4-1-14", "pg-1.0/3.4①-14", "３.４①-14"] {
        let edit =
            put_record(File::Conformity, "answers", spelling, json!({ "control": spelling, "status": "partial" }));
        let applied = apply(&one(File::Conformity, text), &[edit]).unwrap();
        let made = text_of(&applied, File::Conformity);
        assert!(made.contains("# ascii\n  status: partial\n- control: OWN-1\n  status: met\n"), "{made}");
    }
}

#[test]
fn what_cannot_be_followed_is_written_anew_and_told() {
    let before = "# 先頭\nsites:\n- ? id\n  : a\n  name: b # 名\n";
    let applied = apply(&one(File::System, before), &[s("sites/=a/name", json!("c"))]).unwrap();
    assert_eq!(text_of(&applied, File::System), "sites:\n  - id: a\n    name: c\n");
    assert_eq!(applied.rewritten, [File::System]);
    let lost: Vec<&str> = applied.comments_lost.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(lost, ["# 先頭", "# 名"]);
}

#[test]
fn ways_have_a_text() {
    for steps in [
        vec![],
        vec![Step::Key("service".into()), Step::Key("name".into())],
        vec![
            Step::Key("statutory".into()),
            Step::Item(vec!["6.2".into(), "(1) a/b, c=d~%".into(), String::new()].into()),
        ],
        vec![
            Step::Key("x".into()),
            Step::Item(Identity { fields: vec!["改\n行".into()], nth: 2 }),
            Step::Key("y".into()),
        ],
    ] {
        assert_eq!(way(&way_text(&steps)).as_ref(), Some(&steps), "{}", way_text(&steps));
    }
    assert_eq!(way_text(&way("treatments/=T-A1/residual/impact").unwrap()), "treatments/=T-A1/residual/impact");
    assert_eq!((way("a/%zz"), way("=a~x")), (None, None));
}

#[test]
fn no_edits_change_no_byte() {
    let sample = sample();
    assert_eq!(canonical(&sample).unwrap(), sample);
    let odd = one(File::System, "sites:   # x\r\n\r\n- id: a   \r\n\n");
    assert_eq!(canonical(&odd).unwrap(), odd);
}
