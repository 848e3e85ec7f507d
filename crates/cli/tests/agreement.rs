//! Institutions laid over one service: what is different for one, what was agreed, and what a change re-opens.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{copy_of_sample, json, path, shirube};

const AGREED: &str = "records:
- { step: explained, items: [%ITEMS%], on: 2026-11-17, by: 港 四郎, with: 事務長, means: meeting, evidence: [議事メモ2026-11-17] }
- { step: agreed, items: [%ITEMS%], on: 2026-11-20, by: 港 四郎, with: 院長, means: contract, evidence: [覚書] }
";
const ALL: &str = "edition/, provided/, role/, subcontractor/, location/, request/, residual/, control/, sla/, end/";
const REQUEST: &str = "停電に備え、受付と診察室の端末1台ずつを予備の電源につないでいただきますようお願いいたします。";

fn agreed(items: &str) -> String {
    AGREED.replace("%ITEMS%", items)
}

fn institution(name: &str) -> String {
    format!("institution: {{ name: {name}, kind: clinic }}\n")
}

fn put(folder: &tempfile::TempDir, name: &str, text: &str) {
    let institutions = folder.path().join("institutions");
    fs::create_dir_all(&institutions).expect("made");
    fs::write(institutions.join(format!("{name}.yaml")), text).expect("written");
}

/// An own evaluation of what remains of T-A3, by the kind of decision a person writes.
fn own_residual(folder: &tempfile::TempDir, impact: u8, likelihood: u8) -> String {
    let text = fs::read_to_string(folder.path().join("assessment.yaml")).expect("read");
    let from = text.find("  - id: T-A3\n").expect("the treatment");
    let to = from + 5 + text[from + 5..].find("  - id: T-A4\n").expect("the next");
    let own = text[from..to].replace(
        "見られない。, impact: 5, likelihood: 1,",
        &format!("見られない。, impact: {impact}, impact_reason: 院内の写しを見られる。, likelihood: {likelihood},"),
    );
    let lines: String = own.lines().map(|line| format!("  {line}\n")).collect();
    format!("overlay:\n  treatments:\n{lines}")
}

/// Five clinics: two agreed to everything, one to the requests alone, one to an evaluation of its own, one saw nothing.
fn five() -> tempfile::TempDir {
    let folder = copy_of_sample();
    put(&folder, "青葉", &(institution("青葉医院") + &agreed(ALL)));
    put(&folder, "湊", &(institution("湊クリニック") + &agreed(ALL)));
    put(&folder, "山手", &(institution("山手診療所") + &agreed("request/")));
    let own = own_residual(&folder, 4, 1);
    put(&folder, "川辺", &(institution("川辺内科") + &own + &agreed(ALL)));
    put(&folder, "林", &institution("林小児科"));
    folder
}

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().expect("a temporary folder");
    for part in ["", "institutions"] {
        fs::create_dir_all(to.path().join(part)).expect("made");
        for entry in fs::read_dir(from.join(part)).expect("readable") {
            let file = entry.expect("an entry").path();
            if file.is_file() {
                fs::copy(&file, to.path().join(part).join(file.file_name().expect("a name"))).expect("copied");
            }
        }
    }
    to
}

fn edit(folder: &tempfile::TempDir, from: &str, to: &str) {
    let file = folder.path().join("assessment.yaml");
    let text = fs::read_to_string(&file).expect("read");
    assert!(text.contains(from), "{from}");
    fs::write(file, text.replacen(from, to, 1)).expect("written");
}

fn again(folder: &tempfile::TempDir, since: &tempfile::TempDir) -> Value {
    json(&["agreement", path(folder), "--since", path(since), "--format", "json"])["institutions"].take()
}

/// Who is asked again, with the keys of what is asked.
fn asked(again: &Value) -> Vec<(String, Vec<String>)> {
    let keys = |one: &Value| {
        let all = one["reopened"].as_array().expect("a list");
        all.iter().map(|one| one["key"].as_str().expect("a key").to_owned()).collect::<Vec<_>>()
    };
    let all = again.as_array().expect("a list").iter();
    all.map(|one| (one["id"].as_str().expect("an id").to_owned(), keys(one)))
        .filter(|(_, keys)| !keys.is_empty())
        .collect()
}

fn report(folder: &tempfile::TempDir, name: &str) -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    let mut args = vec!["report", path(folder), "--out", path(&out), "--institution", name, "--format", "md"];
    args.extend(["--doc", "risk-treatment", "--doc", "agreement-items", "--doc", "sla", "--doc", "disclosure"]);
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    out
}

fn files(out: &tempfile::TempDir, name: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(out.path().join(name))
        .expect("the folder of the institution")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_none_or(|extension| extension != "png"))
        .map(|path| {
            (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read_to_string(path).expect("text"))
        })
        .collect();
    files.sort();
    files
}

/// AGREE-009: a changed residual risk asks the right two of five again; the one who objects is answered by an overlay,
/// and nothing of the others moves.
#[test]
fn a_changed_residual_risk_asks_the_right_two_of_five_again() {
    let before = five();
    let after = copy(before.path());
    edit(&after, "見られない。, impact: 5, likelihood: 1,", "見られない。, impact: 5, likelihood: 2,");
    let told = again(&after, &before);
    let expected = ["湊", "青葉"].map(|name| (name.to_owned(), vec!["residual/T-A3".to_owned()])).to_vec();
    assert_eq!(asked(&told), expected);
    let first = told.as_array().expect("a list").iter().find(|one| one["id"] == "湊").expect("the clinic");
    assert_eq!(first["reopened"][0]["reason"], "risk-up");
    let text = first["reopened"][0]["text"].as_str().expect("a sentence");
    assert!(text.contains("（5）から") && text.contains("（10）に上がりました"), "{text}");
    let letter = first["letter"].as_array().expect("sentences");
    assert_eq!(letter.len(), 5, "{letter:?}");
    assert!(first["unchanged"].as_u64().expect("a number") > 200, "{first}");

    // Who came later was told nothing of before; who was explained it again is not asked twice.
    let later = copy(after.path());
    put(&later, "新", &(institution("新医院") + &agreed(ALL)));
    let anew = "- { step: explained, items: [residual/T-A3], on: 2026-11-22, by: 港 四郎, with: 院長, evidence: [議事メモ2] }\n";
    put(&later, "青葉", &(institution("青葉医院") + &agreed(ALL) + anew));
    assert_eq!(asked(&again(&later, &before)), vec![("湊".to_owned(), vec!["residual/T-A3".to_owned()])]);

    // 湊 objects; an evaluation of its own solves it. 青葉 is asked as before, and no file of another one moves.
    let solved = copy(after.path());
    put(&solved, "湊", &(institution("湊クリニック") + &own_residual(&before, 5, 1) + &agreed(ALL)));
    let told = again(&solved, &before);
    assert_eq!(asked(&told), vec![("青葉".to_owned(), vec!["residual/T-A3".to_owned()])]);
    for name in ["青葉", "山手", "川辺", "林"] {
        assert_eq!(files(&report(&after, name), name), files(&report(&solved, name), name), "{name}");
    }
    assert_ne!(files(&report(&after, "湊"), "湊"), files(&report(&solved, "湊"), "湊"));
}

/// TREAT-019, TREAT-020: a refused request puts the residual risk of that institution back, and of nobody else.
#[test]
fn a_refused_request_moves_the_residual_risk_of_one_institution() {
    let folder = five();
    let untouched = json(&["check", path(&folder), "--format", "json"]);
    let other = files(&report(&folder, "青葉"), "青葉");
    let refused = format!(
        "overlay:\n  requests:\n  - {{ request: T-A3-2, text: {REQUEST}, reply: refused, decided: {{ by: 院長, on: 2026-11-21, reason: 置く場所がない }} }}\n"
    );
    put(&folder, "湊", &(institution("湊クリニック") + &refused));
    let own = json(&["agreement", path(&folder), "--institution", "湊", "--format", "json"]);
    assert_eq!(own["provisional"], serde_json::json!(["T-A3"]));
    let items = own["items"].as_array().expect("items");
    let residual = items.iter().find(|item| item["key"] == "residual/T-A3").expect("it remains");
    let text = residual["text"].as_str().expect("text");
    assert!(text.contains("T-A3-2") && text.contains("仮に置く"), "{text}");
    let rules: Vec<&str> =
        own["findings"].as_array().expect("findings").iter().map(|one| one["rule"].as_str().expect("a rule")).collect();
    assert!(rules.contains(&"residual-open"), "the rules of the treatment speak: {rules:?}");
    let made = files(&report(&folder, "湊"), "湊");
    let (_, treatment) = made.iter().find(|(name, _)| name == "risk-treatment.md").expect("the list");
    assert!(treatment.contains("【案】") && treatment.contains("仮に置く"), "{treatment}");
    assert_eq!(json(&["check", path(&folder), "--format", "json"]), untouched);
    assert_eq!(files(&report(&folder, "青葉"), "青葉"), other);
}

/// Facts of one institution never stand in the pack of another.
#[test]
fn no_fact_of_one_institution_stands_in_the_pack_of_another() {
    let folder = five();
    let baseline = fs::read_to_string(folder.path().join("assessment.yaml")).expect("read");
    assert!(baseline.contains("あおば内科クリニック"), "the baseline is drawn with somebody");
    let out = tempfile::tempdir().expect("a temporary folder");
    let formats = ["--format", "md", "--format", "json", "--format", "html"];
    let ran =
        shirube(&[["report", path(&folder), "--out", path(&out), "--institution", "湊"].as_slice(), &formats].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let made = files(&out, "湊");
    assert!(made.len() > 30 && made.iter().any(|(_, text)| text.contains("湊クリニック")), "{}", made.len());
    for (name, text) in &made {
        for foreign in ["あおば内科クリニック", "若葉", "青葉", "山手診療所", "川辺", "林小児科", "0201"]
        {
            assert!(!text.contains(foreign), "{name} holds 「{foreign}」");
        }
    }
}

/// AGREE-001, AGREE-002: understanding and agreement do not stand for each other, and come in their order.
#[test]
fn records_that_do_not_hold_are_told() {
    let record = |step: &str, more: &str| {
        format!("records:\n- {{ step: {step}, items: [request/T-A3-1], on: 2026-11-20, by: 港 四郎, {more} }}\n")
    };
    let complete = "with: 院長, evidence: [覚書]";
    let explained =
        "- { step: explained, items: [request/], on: 2026-11-17, by: 港 四郎, with: 院長, evidence: [議事メモ] }\n";
    let agreed = "- { step: agreed, items: [request/], on: 2026-11-18, by: 港 四郎, with: 院長, means: contract, evidence: [覚書] }\n";
    let cases = [
        (record("agreed", &format!("means: contract, {complete}")), "record-step"),
        (record("agreed", &format!("means: meeting, {complete}")), "agreed-without-contract"),
        (record("explained", "with: 院長"), "record-without-evidence"),
        (record("explained", "evidence: [議事メモ]"), "record-without-person"),
        (record("explained", complete).replace("T-A3-1", "T-X-1"), "record-orphan"),
        (format!("records:\n{explained}{}", explained.replace("11-17", "11-16")), "record-order"),
        (format!("records:\n{explained}{agreed}{}", agreed.replace("11-18", "11-19")), "record-step"),
        (
            format!("records:\n{explained}- {{ step: disagreed, items: [request/], on: 2026-11-18, by: 港 四郎, with: 院長 }}\n"),
            "record-without-note",
        ),
        (
            "overlay:\n  requests:\n  - { request: T-A3-1, text: 別の文。, reply: accepted, decided: { by: 院長, on: 2026-11-21, reason: 了承 } }\n"
                .to_owned(),
            "reply-outdated",
        ),
        (
            "overlay:\n  requests:\n  - { request: T-A3-9, text: 文。, reply: accepted, decided: { by: 院長, on: 2026-11-21, reason: 了承 } }\n"
                .to_owned(),
            "reply-orphan",
        ),
    ];
    let folder = copy_of_sample();
    for (text, rule) in cases {
        put(&folder, "湊", &(institution("湊クリニック") + &text));
        let own = json(&["agreement", path(&folder), "--institution", "湊", "--format", "json"]);
        let found = own["findings"].as_array().expect("findings").iter().find(|one| one["rule"] == rule);
        let found = found.unwrap_or_else(|| panic!("{rule}: {}", own["findings"]));
        assert_eq!(found["file"], "institutions/湊.yaml", "{rule}");
        assert!(found["line"].as_u64().expect("a line") > 1, "{rule}: {found}");
    }
    put(&folder, "湊", &(institution("湊クリニック") + &format!("records:\n{explained}{agreed}")));
    let own = json(&["agreement", path(&folder), "--institution", "湊", "--format", "json"]);
    let rules: Vec<&Value> = own["findings"].as_array().expect("findings").iter().map(|one| &one["rule"]).collect();
    assert_eq!(rules, ["record-by-kind"], "{}", own["findings"]);
    let steps: Vec<&str> =
        own["items"].as_array().expect("items").iter().map(|one| one["step"].as_str().expect("a step")).collect();
    assert!(steps.contains(&"agreed") && steps.contains(&"not-shown") && !steps.contains(&"explained"), "{steps:?}");
}

#[test]
fn every_mistake_of_every_institution_comes_at_once() {
    let folder = copy_of_sample();
    put(&folder, "一", "institution: { name: 一, kind: 病院 }\n");
    put(
        &folder,
        "二",
        "institution: { name: 二, kind: clinic }\nrecords:\n- { step: agreed, items: [], on: 昨日, by: 港 }\n",
    );
    let ran = shirube(&["agreement", path(&folder)]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for said in ["institutions/一.yaml 1行目", "institutions/二.yaml 3行目", "昨日"] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let ran = shirube(&["agreement", path(&copy_of_sample()), "--institution", "湊"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("institutions/湊.yaml"), "{}", ran.stderr);
}

/// The overview, as people and as programs read it.
#[test]
fn the_overview_counts_every_item_once() {
    let folder = five();
    let told = json(&["agreement", path(&folder), "--format", "json"]);
    for one in told["institutions"].as_array().expect("institutions") {
        let steps = one["steps"].as_object().expect("steps");
        let sum: u64 = steps.values().filter_map(Value::as_u64).sum();
        assert_eq!(Some(sum), one["items"].as_u64(), "{one}");
        assert!(one["items"].as_u64().expect("a number") >= 77 + 19, "the items of T-24 and table 4-1: {one}");
    }
    let ran = shirube(&["agreement", path(&folder)]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("湊クリニック") && ran.stdout.contains("医療機関等5件"), "{}", ran.stdout);
}

/// People of an institution stand in its own documents, and in no item: items are shared by all with the same differences.
#[test]
fn people_of_an_institution_stand_in_its_own_documents_alone() {
    let folder = five();
    for (name, person) in [("湊", "事務長 湊 花子"), ("林", "事務長 林 次郎")] {
        let contacts = format!("institution: {{ name: {name}医院, kind: clinic, contacts: [{{ name: {person} }}] }}\n");
        put(&folder, name, &(contacts + &agreed(ALL)));
    }
    let later = copy(folder.path());
    put(&later, "林", "institution: { name: 林医院, kind: clinic, contacts: [{ name: 事務長 森 三郎 }] }\n");
    assert_eq!(asked(&again(&later, &folder)), []);
    let items = json(&["agreement", path(&folder), "--institution", "湊", "--format", "json"])["items"].to_string();
    assert!(!items.contains("花子") && items.contains("sla/contacts"));
    let made = |name: &str| files(&report(&folder, name), name).into_iter().map(|(_, text)| text).collect::<String>();
    assert!(made("湊").contains("湊 花子") && !made("湊").contains("林 次郎") && made("林").contains("林 次郎"));
}

/// A table for other programs says on the other channel why the command failed.
#[test]
fn a_table_says_beside_it_what_does_not_hold() {
    let folder = copy_of_sample();
    put(&folder, "湊", &(institution("湊クリニック") + &agreed("request/").replace("step: explained", "step: agreed")));
    let ran = shirube(&["agreement", path(&folder), "--format", "csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("institutions/湊.yaml") && !ran.stdout.contains("確かめること"), "{}", ran.stderr);
}
