//! Decisions are shared by risks and edited risk by risk.

use serde_json::json;
use shirube_folder::edit::{Edit, apply, decide_risk, undecide_risk};
use shirube_folder::{edit, read};
use shirube_safety::File;
use shirube_safety::risk::Decision;

use super::{changed_lines, check, put, remove, sample, text_of};

const SHARED: &str = "\
decisions:
  # 窓口
  - risks:
      - \"f/TH01/a\"  # R-1
      - \"f/TH02/b\"  # R-2
      - \"f/TH03/c\"
    impact: 5
    impact_reason: 重い
    likelihood: 3
    likelihood_reason: 起こる
    each:
      - { risk: f/TH02/b, impact: 4, reason: 軽い }
    decided: { by: 標, on: 2026-11-16, reason: 案のとおり }

  # 奥
  - risks: [f/TH09/d]
    impact: 2
    impact_reason: 軽い
    likelihood: 2
    likelihood_reason: まれ
    decided: { by: 標, on: 2026-11-16, reason: 案のとおり }
";

const NEW: &str = "
    impact: 1
    impact_reason: 軽い
    likelihood: 1
    likelihood_reason: まれ
    decided: { by: 灯台, on: 2026-12-01, reason: 見直した }
";

fn new(risk: &str) -> Edit {
    let decision = json!({
        "risks": [], "impact": 1, "impact_reason": "軽い", "likelihood": 1, "likelihood_reason": "まれ",
        "decided": { "by": "灯台", "on": "2026-12-01", "reason": "見直した" },
    });
    decide_risk(risk, &serde_json::from_value::<Decision>(decision).unwrap())
}

#[test]
fn a_shared_decision_is_split_and_the_others_keep_theirs() {
    let after = SHARED.replace("      - \"f/TH01/a\"  # R-1\n", "").replace(
        "案のとおり }\n\n  # 奥",
        &format!("案のとおり }}\n  - risks:\n      - \"f/TH01/a\"  # R-1{NEW}\n  # 奥"),
    );
    check(File::Assessment, SHARED, &[new("f/TH01/a")], &after);
}

/// RISK-017
#[test]
fn values_of_one_risk_alone_go_with_it() {
    let edit = put(File::Assessment, "decisions/=f%2FTH02%2Fb/owner", json!("港"));
    let applied = apply(&super::one(File::Assessment, SHARED), &[edit]).unwrap();
    let text = text_of(&applied, File::Assessment);
    let split = "  - risks:\n      - \"f/TH02/b\"  # R-2\n    impact: 5\n    impact_reason: 重い\n    likelihood: 3\n    likelihood_reason: 起こる\n    each:\n      - { risk: f/TH02/b, impact: 4, reason: 軽い }\n    owner: 港\n    decided: { by: 標, on: 2026-11-16, reason: 案のとおり }\n";
    assert!(text.contains(split), "{text}");
    assert_eq!(text.matches("each:").count(), 1, "{text}");
    let own = put(File::Assessment, "decisions/=f%2FTH02%2Fb/own/impact", json!(3));
    let applied = apply(&super::one(File::Assessment, SHARED), &[own]).unwrap();
    let text = text_of(&applied, File::Assessment);
    assert!(text.contains("{ risk: f/TH02/b, impact: 3, reason: 軽い }"), "{text}");
}

#[test]
fn a_decision_on_one_risk_changes_in_its_place() {
    let after = SHARED.replace(
        "[f/TH09/d]\n    impact: 2\n    impact_reason: 軽い\n    likelihood: 2\n    likelihood_reason: まれ\n    decided: { by: 標, on: 2026-11-16, reason: 案のとおり }\n",
        &format!("[f/TH09/d]{NEW}"),
    );
    check(File::Assessment, SHARED, &[new("f/TH09/d")], &after);
}

#[test]
fn risks_decided_alike_together_share_a_record() {
    let after = format!("{}  - risks: [\"f/TH05/x\", \"f/TH06/y\"]{NEW}", SHARED);
    check(File::Assessment, SHARED, &[new("f/TH05/x"), new("f/TH06/y")], &after);
    // All of a shared decision: its record stays where it is.
    let all = ["f/TH01/a", "f/TH02/b", "f/TH03/c"].map(new);
    let applied = apply(&super::one(File::Assessment, SHARED), &all).unwrap();
    let text = text_of(&applied, File::Assessment);
    assert!(text.starts_with("decisions:\n  # 窓口\n  - risks:\n      - \"f/TH01/a\"  # R-1\n      - \"f/TH02/b\"  # R-2\n      - \"f/TH03/c\"\n    impact: 1\n"), "{text}");
    assert!(!text.contains("each:"), "{text}");
}

#[test]
fn a_decision_can_be_taken_away() {
    let after = SHARED.replace("      - \"f/TH03/c\"\n", "");
    check(File::Assessment, SHARED, &[undecide_risk("f/TH03/c")], &after);
    let (kept, _) = SHARED.split_once("\n  # 奥").unwrap();
    check(File::Assessment, SHARED, &[undecide_risk("f/TH09/d")], &format!("{kept}\n  # 奥\n"));
    check(File::Assessment, SHARED, &[undecide_risk("f/TH10/none")], SHARED);
    check(File::Assessment, SHARED, &[remove(File::Assessment, "decisions/=f%2FTH09%2Fd/owner")], SHARED);
}

#[test]
fn the_decision_just_made_is_the_one_in_force() {
    let twice = format!("{SHARED}  - risks: [f/TH09/d, f/TH01/a]\n    impact: 3\n");
    let applied = apply(&super::one(File::Assessment, &twice), &[new("f/TH09/d")]).unwrap();
    let text = text_of(&applied, File::Assessment);
    assert_eq!(text.matches("f/TH09/d").count(), 1, "{text}");
    assert!(text.contains(&format!("  - risks: [f/TH09/d]{NEW}")), "{text}");
}

#[test]
fn one_risk_of_the_sample_is_decided_anew() {
    let sample = sample();
    let risk = "A-O:患者:問診タブレット:患者情報:閲覧・操作する/TH05/false-entry";
    let applied = apply(&sample, &[new(risk)]).unwrap();
    let before = String::from_utf8(sample[&File::Assessment].clone()).unwrap();
    let changes = changed_lines(&before, &text_of(&applied, File::Assessment));
    assert_eq!(changes[0], format!("-      - \"{risk}\""));
    assert!(changes.iter().filter(|line| line.starts_with('+')).count() < 16, "{changes:#?}");
    assert_eq!(applied.comments_lost, []);
    let files = read(&applied.texts).unwrap().files;
    let of = |risk: &str| files.assessment.decisions.iter().find(|d| d.risks.iter().any(|r| r == risk)).unwrap();
    assert_eq!((of(risk).impact, of(risk).risks.len()), (1, 1));
    assert_eq!(of(&risk.replace("TH05/false-entry", "TH01/wrong-person")).impact, 5);
    assert_eq!(
        edit::between(&sample, &applied.texts).unwrap().iter().filter(|edit| edit.file != File::Assessment).count(),
        0
    );
}
