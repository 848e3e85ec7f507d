//! What cannot be done is told in Japanese, with its place; and errors of the reader lead back to the edit.

use serde_json::json;
use shirube_folder::edit::{EditError, Locator, Texts, apply, put_record, way, way_text};
use shirube_folder::read;
use shirube_safety::{File, Place};

use super::{one, put, remove, sample};

#[test]
fn what_cannot_be_read_is_not_touched() {
    for (text, word) in [
        ("sites:\n- &a { id: a }\n- *a\n", "参照（*）"),
        ("sites:\n- id: a\n  <<: *b\n", "*"),
        ("sites: [\n", "YAML"),
        ("a: 1\na: 2\n", "1行目にもあります"),
        ("a: 1\n---\nb: 1\n", "文書が二つ"),
    ] {
        let found = apply(&one(File::System, text), &[put(File::System, "sites/=a/name", json!("b"))]).unwrap_err();
        assert!(matches!(&found, EditError::Unreadable(_)), "{found}");
        let said = found.to_string();
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn all_that_is_wrong_with_edits_comes_at_once_and_none_is_made() {
    let sample = sample();
    let edits = [
        put(File::System, "nodes/=なし/name", json!("a")),
        put(File::System, "nodes/=医事端末/name", json!("受付の端末")),
        put(File::System, "nodes/=医事端末/name/x", json!("a")),
        put(File::System, "nodes/=医事端末/note", json!("a\u{7}b")),
        put(File::Assessment, "decisions/=f%2FTH01%2Fx/impact", json!(3)),
        put(File::Service, "service/=x/name", json!("a")),
        put(File::Assessment, "decisions/=f%2FTH01%2Fx/risks", json!(["a"])),
        put_record(File::System, "nodes", "新しい端末", json!({ "id": "医事端末" })),
    ];
    let EditError::Edits(faults) = apply(&sample, &edits).unwrap_err() else { panic!("the files can be read") };
    assert_eq!(faults.iter().map(|fault| fault.edit).collect::<Vec<_>>(), [0, 2, 3, 4, 5, 6, 7]);
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(said[0].starts_with("system.yaml 機器や記憶媒体「なし」: 見つかりません。"), "{}", said[0]);
    assert!(said[2].contains("機器や記憶媒体「医事端末」の備考: 制御文字（U+0007）"), "{}", said[2]);
    assert!(said[6].contains("「新しい端末」: 同じ名前のもの"), "{}", said[6]);
    assert!(said[3].contains("リスクの分析・評価の決定「f/TH01/x」: 見つかりません"), "{}", said[3]);
}

#[test]
fn errors_lead_back_to_the_field_of_their_edit() {
    let texts: Texts = sample();
    let risk = "A-O:患者:問診タブレット:患者情報:閲覧・操作する/TH05/false-entry";
    let edits = [
        put(File::System, "nodes/=医事端末/environment", json!("本番")),
        put_record(File::System, "sites", "新館", json!({ "name": "新館", "owner": "医療機関" })),
        put(File::Assessment, &format!("decisions/={}/impact", risk.replace('/', "%2F")), json!("たくさん")),
        put(File::Conformity, "answers/=1.1-1-1/due", json!("来月")),
        put(File::Assessment, "treatments/=T-A1/measures", json!([{ "viewpoint": "technical", "text": "" }])),
        remove(File::Service, "roles/=privacy-officer/name"),
    ];
    let made = apply(&texts, &edits).unwrap().texts;
    let errors = read(&made).unwrap_err();
    let blamed = Locator::new(&made).blame(&edits, &errors);
    let mut found: Vec<(Option<usize>, String, String)> =
        blamed.iter().map(|blame| (blame.edit, way_text(&blame.at), way_text(&blame.below))).collect();
    found.sort();
    let expected = [
        (Some(0), "nodes/=医事端末/environment", ""),
        (Some(1), "sites/=新館/side", "side"),
        (Some(2), &format!("decisions/={}/impact", risk.replace('/', "%2F")), ""),
        (Some(3), "answers/=1.1-1-1/due", ""),
        (Some(4), "treatments/=T-A1/measures/=technical,/text", "=technical,/text"),
        // What was taken away is missed where it stood.
        (Some(5), "roles/=privacy-officer/name", ""),
    ];
    for (at, (edit, way, below)) in expected.iter().enumerate() {
        assert_eq!(found[at], (*edit, (*way).to_owned(), (*below).to_owned()));
    }
}

#[test]
fn findings_have_ways() {
    let locator = Locator::new(&sample());
    let ways = |file, pointer: &str| -> Vec<String> {
        locator.of_place(&Place::new(file, pointer)).iter().map(|steps| way_text(steps)).collect()
    };
    assert_eq!(ways(File::System, "/nodes/0/site"), ["nodes/=DC有線LAN/site"]);
    assert_eq!(ways(File::System, "/links/0/between/1"), ["links/=閉域VPN/between"]);
    assert_eq!(ways(File::Conformity, "/answers/1/status"), ["answers/=1.1-1-2/status"]);
    assert_eq!(ways(File::Assessment, "/decisions/0/impact").len(), 4);
    let one = ways(File::Assessment, "/decisions/0/risks/1");
    assert_eq!(one, ["decisions/=A-O:医療事務:医事端末:患者情報:閲覧・操作する%2FTH05%2Ffalse-entry"]);
    assert!(way(&one[0]).is_some());
}
