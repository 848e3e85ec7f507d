//! What two people make of one folder.

use serde_json::json;
use shirube_folder::edit::{Conflict, Edit, MergeError, Texts, apply, merge, put_record, undecide_risk};
use shirube_safety::File;

use super::{put, remove, small};

fn made(texts: &Texts, edits: &[Edit]) -> Texts {
    apply(texts, edits).unwrap().texts
}

#[track_caller]
fn conflicts(ours: &[Edit], theirs: &[Edit]) -> Vec<Conflict> {
    let base = small(7);
    match merge(&base, &made(&base, ours), &made(&base, theirs)) {
        Err(MergeError::Conflicts(conflicts)) => conflicts,
        other => panic!("no conflict: {:?}", other.map(|merged| merged.laid)),
    }
}

fn node(field: &str, value: &str) -> Edit {
    put(File::System, &format!("nodes/=医事端末/{field}"), json!(value))
}

const RISK: &str = "decisions/=A-O:患者:問診タブレット:患者情報:閲覧・操作する%2FTH05%2Ffalse-entry";

#[test]
fn different_places_go_together() {
    let base = small(7);
    let measure = json!({ "viewpoint": "physical", "text": "画面に覗き見防止の板を付ける。" });
    for (ours, theirs) in [
        (vec![node("name", "受付の端末")], vec![node("authentication", "multi-factor")]),
        (vec![node("id", "受付端末"), node("name", "受付の端末")], vec![node("note", "窓口に置く")]),
        (vec![node("note", "窓口に置く")], vec![node("id", "受付端末"), node("name", "受付の端末")]),
        (
            vec![put(File::Conformity, "answers/=1.1①-1/status", json!("partial"))],
            vec![put(File::Conformity, "answers/=1.1-1-1/evidence/=新しい規程", json!("新しい規程"))],
        ),
        (
            vec![put(File::Assessment, &format!("{RISK}/impact"), json!(4))],
            vec![
                put(
                    File::Assessment,
                    &format!("{}/impact", RISK.replace("TH05%2Ffalse-entry", "TH01%2Fwrong-person")),
                    json!(3),
                ),
                put(File::Assessment, &format!("{RISK}/owner"), json!("浜 六花")),
            ],
        ),
        (
            vec![put_record(
                File::Assessment,
                "treatments/=T-A1/measures",
                vec!["physical".into(), "x".into()],
                measure,
            )],
            vec![put(
                File::Assessment,
                "treatments/=T-A1/residual",
                json!({ "text": "残る", "impact": 5, "likelihood": 1 }),
            )],
        ),
        (vec![remove(File::Conformity, "answers/=1.1①-1")], vec![remove(File::Conformity, "answers/=1.1①-1")]),
        (
            vec![undecide_risk("A-O:患者:問診タブレット:患者情報:閲覧・操作する/TH05/false-entry")],
            vec![node("name", "x")],
        ),
    ] {
        let merged = merge(&base, &made(&base, &ours), &made(&base, &theirs)).unwrap();
        let mut both = ours.clone();
        both.extend(theirs.clone());
        let expected = made(&base, &both);
        let rest = shirube_folder::edit::between(&expected, &merged.applied.texts).unwrap();
        assert_eq!(rest, [], "{ours:?} with {theirs:?}");
        assert_eq!(merged.applied.rewritten, []);
        let again = merge(&base, &made(&base, &theirs), &made(&base, &ours)).unwrap();
        assert_eq!(shirube_folder::edit::between(&expected, &again.applied.texts).unwrap(), []);
    }
}

#[test]
fn the_same_field_twice_is_a_conflict_with_names() {
    let found = conflicts(&[node("authentication", "multi-factor")], &[node("authentication", "none")]);
    let [conflict] = &found[..] else { panic!("{found:?}") };
    assert_eq!((conflict.place.as_str(), conflict.file), ("機器や記憶媒体「医事端末」の利用者の認証", File::System));
    assert_eq!(
        (conflict.base.as_str(), conflict.ours.as_str(), conflict.theirs.as_str()),
        ("一つの要素（パスワードなど）", "多要素認証", "認証なし")
    );
    let found = conflicts(
        &[put(File::Assessment, &format!("{RISK}/impact"), json!(4))],
        &[put(File::Assessment, &format!("{RISK}/impact"), json!(3))],
    );
    assert!(found[0].place.ends_with("/TH05/false-entry」の影響度"), "{}", found[0].place);
    assert_eq!((found[0].base.as_str(), found[0].ours.as_str(), found[0].theirs.as_str()), ("5", "4", "3"));
}

#[test]
fn removing_what_the_other_changed_is_a_conflict() {
    let gone = [remove(File::System, "nodes/=医事端末")];
    for (ours, theirs) in [(&gone[..], &[node("name", "x")][..]), (&[node("name", "x")][..], &gone[..])] {
        let found = conflicts(ours, theirs);
        assert_eq!(found[0].place, "機器や記憶媒体「医事端末」");
        assert!([&found[0].ours, &found[0].theirs].iter().any(|said| *said == "削除"), "{:?}", found[0]);
    }
}

#[test]
fn signatures_and_new_records_are_not_put_together_from_two() {
    let signed = |by: &str| {
        put(File::Conformity, "answers/=1.1①-1/decided", json!({ "by": by, "on": "2026-12-01", "reason": "見直した" }))
    };
    let found = conflicts(&[signed("港 四郎")], &[signed("浜 六花")]);
    assert!(found[0].to_string().contains("対策項目への答え「1.1-1-1」の決定"), "{}", found[0]);
    let fresh = |name: &str| {
        put_record(File::System, "sites", "新館", json!({ "name": name, "owner": "医療機関", "side": "institution" }))
    };
    assert_eq!(conflicts(&[fresh("新館")], &[fresh("別館")])[0].base, "記載なし");
    let base = small(7);
    assert!(merge(&base, &made(&base, &[fresh("新館")]), &made(&base, &[fresh("新館")])).unwrap().laid.is_empty());
}

#[test]
fn their_comments_and_order_stay() {
    let base = small(7);
    let ours = made(&base, &[node("name", "受付の端末")]);
    let mut theirs = base.clone();
    let text = String::from_utf8(base[&File::System].clone()).unwrap();
    let (head, tail) = text.split_once("\nlinks:").unwrap();
    let moved = format!("# 並べ替えた\nlinks:{tail}\n{head}\n").replace("# 手順1", "# 手順一");
    theirs.insert(File::System, moved.clone().into_bytes());
    let merged = merge(&base, &ours, &theirs).unwrap();
    let expected = moved.replace("    name: 医事端末\n", "    name: 受付の端末\n");
    assert_eq!(super::text_of(&merged.applied, File::System), expected);
    assert_eq!((merged.laid.len(), merged.taken.len()), (1, 0));
}
