//! Choosing a provider through the binary: 開示データ that a provider hands over, and several of them side by side.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::contained::contained;
use support::edited::{Edit, edited};
use support::{path, shirube};

/// What the sample shows under a secrecy agreement alone, and what it shows everybody.
const SECRET: [&str; 6] = [
    "個人データの安全管理に関する実績の説明書",
    "脆弱性診断報告書",
    "指摘の詳細は来社して閲覧",
    "テープ搬送手順書",
    "アクセス管理規程",
    "東都メディア運輸",
];
const OPEN: [&str; 4] =
    ["情報セキュリティ基本方針", "決算公告", "みおつくし相談窓口", "個人情報の流出事故: ないと確かめている"];

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/selection")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}

/// 開示データ of a folder, with its text.
fn disclosed(folder: &tempfile::TempDir, options: &[&str]) -> (Value, String) {
    let out = tempfile::tempdir().expect("a temporary folder");
    let file = out.path().join("開示.json");
    let mut args = vec!["disclose", path(folder), "--out", text(&file)];
    args.extend(options);
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let written = fs::read_to_string(&file).expect("written");
    (serde_json::from_str(&written).expect("JSON"), written)
}

/// PARTY-013, DOC-004, DOC-005: all 19 items are there; what needs a secrecy agreement, or may need one, is in the open
/// data only as such; and the data fit their published schema.
#[test]
fn the_open_data_keep_back_what_needs_a_secrecy_agreement() {
    let folder = edited(&[]);
    let (open, open_text) = disclosed(&folder, &[]);
    let (full, full_text) = disclosed(&folder, &["--with-nda"]);
    for secret in SECRET {
        assert!(!open_text.contains(secret), "{secret}");
        assert!(full_text.contains(secret), "{secret}");
    }
    for shown in OPEN {
        assert!(open_text.contains(shown) && full_text.contains(shown), "{shown}");
    }
    let schema: Value = serde_json::from_str(&shirube(&["schema", "disclosure-data"]).stdout).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for (data, reach) in [(&open, "open"), (&full, "nda")] {
        assert_eq!(
            (&data["format"], &data["version"], &data["reach"]),
            (&json!("shirube-disclosure"), &json!(1), &json!(reach))
        );
        let items: Vec<u64> =
            data["items"].as_array().expect("items").iter().filter_map(|one| one["item"].as_u64()).collect();
        assert_eq!(items, (1..=19).collect::<Vec<u64>>());
        assert!(schema.is_valid(data), "{:?}", schema.iter_errors(data).next());
    }
    let accesses = |item: usize| -> Vec<&str> {
        let entries = open["items"][item - 1]["entries"].as_array().expect("entries");
        entries.iter().filter_map(|entry| entry["access"].as_str()).collect()
    };
    assert_eq!(accesses(6), ["nda"]);
    assert_eq!(accesses(8), ["undecided"], "nobody said on which conditions");
    assert_eq!(accesses(13), [""; 0]);
    // As in the open copy of the サービス仕様適合開示書, item 19 decides on the answers and item 10 on subcontractors.
    assert_eq!(open["controls"], json!({ "withheld": "undecided", "counts": [] }));
    assert_eq!(open["subcontractors"]["withheld"], "undecided");
    assert_eq!(open["risks"], json!({ "all_decided": false }));
    let counted: u64 =
        full["controls"]["counts"].as_array().expect("counts").iter().filter_map(|one| one["count"].as_u64()).sum();
    assert_eq!(counted, 417);
    assert_eq!(full["subcontractors"]["list"][0]["name"], "日本閉域通信株式会社");
}

/// DOC-004, AUTHZ-002: no institution is named, whether it is a party, has a file, or is only spoken of in a text; and the
/// same folder gives the same bytes.
#[test]
fn no_institution_is_named_and_the_bytes_are_the_same() {
    let folder = edited(&[
        Edit {
            file: "shirube.yaml",
            from: "document: 安全管理体制図",
            to: "document: 安全管理体制図（あおば内科クリニックに提示したもの）",
        },
        Edit {
            file: "sla.yaml",
            from: "毎月第3日曜日の22時から翌日6時まで",
            to: "湊クリニックの休診日の22時から翌日6時まで",
        },
    ]);
    let institutions = folder.path().join("institutions");
    fs::create_dir(&institutions).expect("made");
    fs::write(institutions.join("湊.yaml"), "institution: { name: 湊クリニック, kind: clinic }\n").expect("written");
    for options in [&[][..], &["--with-nda"]] {
        let (_, first) = disclosed(&folder, options);
        for name in ["あおば内科", "湊クリニック", "青葉 一花", "若葉 二葉"] {
            assert!(!first.contains(name), "{name} with {options:?}");
        }
        assert!(first.contains("安全管理体制図（医療機関等に提示したもの）"));
        assert!(first.contains("医療機関等の休診日の22時"));
        assert_eq!(first, disclosed(&folder, options).1);
    }
}

/// A folder with the samples, and `selection.yaml` with some edits.
fn selection(edits: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in ["hamakaze.json", "tomoshibi.json"] {
        fs::copy(samples().join(name), dir.path().join(name)).expect("copied");
    }
    let mut yaml = fs::read_to_string(samples().join("selection.yaml")).expect("the sample");
    for (from, to) in edits {
        assert!(yaml.contains(from), "no more 「{from}」");
        yaml = yaml.replacen(from, to, 1);
    }
    fs::write(dir.path().join("selection.yaml"), yaml).expect("written");
    dir
}

fn compared(dir: &tempfile::TempDir) -> (i32, Value) {
    let file = dir.path().join("selection.yaml");
    let ran = shirube(&["selection", text(&file), "--format", "json"]);
    let value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.stderr));
    (ran.code, value)
}

fn row<'v>(value: &'v Value, key: &str) -> &'v Value {
    let rows = value["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("no row {key}"))
}

fn states(value: &Value, key: &str) -> Vec<String> {
    let cells = row(value, key)["cells"].as_array().expect("cells");
    cells.iter().map(|cell| cell["state"].as_str().expect("a state").to_owned()).collect()
}

fn rules(value: &Value) -> Vec<String> {
    let findings = value["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|one| format!("{} {}", one["severity"].as_str().expect("text"), one["rule"].as_str().expect("text")))
        .collect()
}

/// PARTY-013, PARTY-014, T-03: the four criteria come first, every cell says how far it is disclosed, and nobody is
/// counted as having shown what was only written under a secrecy agreement or never asked.
#[test]
fn candidates_stand_side_by_side_with_what_is_missing() {
    let (code, value) = compared(&selection(&[]));
    assert_eq!(code, 1, "something that has to be confirmed is missing");
    let keys: Vec<&str> =
        value["rows"].as_array().expect("rows").iter().filter_map(|row| row["key"].as_str()).collect();
    assert_eq!(keys[..5], ["1", "2", "3", "4", "5"]);
    assert_eq!(keys[18..23], ["19", "certifications", "移行", "停電", "実績"]);
    for (key, wanted) in [
        ("1", ["shown", "shown", "shown"]),
        ("2", ["shown", "undecided", "shown"]),
        ("3", ["shown", "nothing", "not-asked"]),
        ("4", ["shown", "conflict", "nothing"]),
        ("6", ["nda", "nothing", "not-asked"]),
        ("certifications", ["shown", "shown", "shown"]),
        ("停電", ["nothing", "not-asked", "not-asked"]),
        ("return", ["shown", "nothing", "not-asked"]),
        ("subcontractors", ["shown", "nda", "not-asked"]),
    ] {
        assert_eq!(states(&value, key), wanted, "{key}");
    }
    let missing = value["candidates"][1]["missing"].as_array().expect("a list");
    assert_eq!(missing[..3], ["2", "3", "4"]);
    assert_eq!(row(&value, "3")["must"], true);
    assert_eq!(row(&value, "1")["cells"][2]["judgement"], "unclear");
    let said = value.to_string();
    assert!(!said.contains("score") && !said.contains("rank"), "people judge");
}

/// PARTY-014: what people wrote never covers what was handed over; both are shown with where they stand, and a
/// contradiction is told with its line.
#[test]
fn a_contradiction_is_told_and_both_are_shown() {
    let dir = selection(&[]);
    let (_, value) = compared(&dir);
    let cell = &row(&value, "4")["cells"][1];
    assert_eq!((&cell["told"][0]["origin"], &cell["told"][1]["origin"]), (&json!("data"), &json!("hand")));
    assert_eq!(cell["told"][0]["document"], "決算公告");
    let finding = value["findings"].as_array().expect("findings").iter().find(|one| one["rule"] == "answers-differ");
    let finding = finding.expect("told");
    let yaml = fs::read_to_string(dir.path().join("selection.yaml")).expect("readable");
    let line = yaml.lines().position(|line| line.contains("決算の内容は示せない")).expect("there") + 1;
    assert_eq!(finding["line"], line);
    let questions = value["candidates"][1]["questions"].to_string();
    assert!(questions.contains("どちらが今の状況か、お知らせください。"), "{questions}");

    // Shown by both, but under different names.
    let dir = selection(&[(
        "item: 4, text: 決算の内容は示せないと聞いた。, disclosed: nda",
        "item: 4, document: 事業報告書",
    )]);
    let (_, value) = compared(&dir);
    assert_eq!(states(&value, "4")[1], "shown");
    assert!(row(&value, "4")["cells"][1]["differs"].to_string().contains("文書の名前が違います"));
    // The same document says nothing against it.
    let dir =
        selection(&[("item: 4, text: 決算の内容は示せないと聞いた。, disclosed: nda", "item: 4, document: 決算公告")]);
    assert!(!rules(&compared(&dir).1).contains(&"warning answers-differ".to_owned()));
}

/// PARTY-013, PARTY-014: data that say nothing on an item deny nothing: an answer that was asked for closes the gap.
#[test]
fn an_answer_that_was_asked_for_closes_a_gap_of_the_data() {
    let asked = "item: 4, text: 決算の内容は示せないと聞いた。, disclosed: nda";
    for (answer, state) in [("document: 実績の説明書", "shown"), ("disclosed: nda", "nda")] {
        let (_, value) = compared(&selection(&[(asked, &format!("item: 3, {answer}"))]));
        assert_eq!(states(&value, "3")[1], state);
        let missing = value["candidates"][1]["missing"].as_array().expect("a list");
        assert!(!missing.contains(&json!("3")), "{missing:?}");
        assert!(!rules(&value).contains(&"warning answers-differ".to_owned()), "{:?}", rules(&value));
    }
}

/// PARTY-013, T-03: a place of the provider inside the building of an institution is a place, in the building's country;
/// a law that is that of the country is not said twice.
#[test]
fn a_room_inside_the_building_of_an_institution_is_a_place() {
    let room = "sites:\n  - { id: 院内の機械室, name: 院内の機械室, owner: 対象事業者, within: 医療機関内, side: provider, entry: controlled }\n";
    let law = "side: institution, country: 日本, jurisdiction: 日本";
    let folder = edited(&[
        Edit { file: "system.yaml", from: "sites:\n", to: room },
        Edit { file: "system.yaml", from: "side: institution, country: 日本", to: law },
    ]);
    let (data, _) = disclosed(&folder, &["--with-nda"]);
    let places = data["places"].as_array().expect("places");
    let of = |country: &str| places.iter().filter(|place| place["country"] == country).count();
    assert!(of("日本") > 0 && of("") == 0, "{places:?}");
    assert!(places.iter().any(|place| place["name"] == "院内の機械室"), "{places:?}");
    assert!(places.iter().all(|place| place["jurisdiction"] != place["country"]), "{places:?}");
}

/// PARTY-013, PARTY-014: what a comparison has to say, and what a decision rests on.
#[test]
fn findings_speak_of_what_is_missing() {
    let decision = |candidate: &str| {
        format!(
            "decision: {{ candidate: {candidate}, by: 院長 潮見 花子, on: 2026-12-10, reason: 確かめた。 }}\n# decision:"
        )
    };
    let (chosen, doubtful) = (decision("はまかぜカルテ"), decision("潮騒カルテ"));
    let judged = "{ item: 2, judgement: enough, reason: 読んだ。 }\n      - { item: 4, judgement: enough, reason: 読んだ。 }\n      - { item: 1, judgement: enough";
    let answered = "question: 停電, text: 紙と参照用の端末で続ける。";
    for (edits, wanted, without) in [
        (
            vec![],
            vec![
                "error criterion-missing",
                "error must-question-missing",
                "warning certification-expired",
                "warning place-abroad",
                "note data-draft",
                "note editions-differ",
            ],
            vec!["error decision-unjudged", "warning criterion-secret", "note selection-undated"],
        ),
        (vec![("\n  on: 2026-11-20", "")], vec!["note selection-undated"], vec!["warning certification-expired"]),
        (vec![("# decision:", chosen.as_str())], vec!["error decision-unjudged", "error decision-unanswered"], vec![]),
        (vec![("# decision:", doubtful.as_str())], vec!["warning decision-doubtful"], vec![]),
        (
            vec![
                ("# decision:", chosen.as_str()),
                ("{ item: 1, judgement: enough", judged),
                ("question: 停電, disclosed: nothing", answered),
            ],
            vec!["error criterion-missing"],
            vec!["error decision-unjudged", "error decision-unanswered", "warning decision-doubtful"],
        ),
        (
            vec![(
                "item: 3, text: 5年間の事故の有無と、確かめた方法の説明を受けた。, document: 実績の説明書, seen_on: 2026-11-12, judgement",
                "item: 3, judgement",
            )],
            vec!["warning criterion-secret"],
            vec![],
        ),
    ] {
        let (_, value) = compared(&selection(&edits));
        let rules = rules(&value);
        let lacking: Vec<&&str> = wanted.iter().filter(|rule| !rules.contains(&(**rule).to_owned())).collect();
        let surplus: Vec<&&str> = without.iter().filter(|rule| rules.contains(&(**rule).to_owned())).collect();
        assert!(lacking.is_empty() && surplus.is_empty(), "{edits:?} lacks {lacking:?}, has {surplus:?}: {rules:?}");
    }
}

/// The questions to one candidate are polite sentences; what can be asked together is asked together.
#[test]
fn what_to_ask_is_said_in_polite_sentences() {
    let (_, value) = compared(&selection(&[]));
    for (candidate, wanted) in [
        (0, vec!["院内が停電したときに", "6番「", "秘密保持契約を結んだうえで内容を確かめたいので"]),
        (
            1,
            vec![
                "3番「",
                "シンガポール",
                "情報を置く場所のうち、国の書かれていないもの（名前を示さない場所）",
                "契約が終わるときの返却",
            ],
        ),
        (2, vec!["取扱規程を整備しているかが、方針からは分からない", "検索できる形で移らない", "再委託先などがあれば"]),
    ] {
        let questions: Vec<String> = value["candidates"][candidate]["questions"]
            .as_array()
            .expect("questions")
            .iter()
            .map(|one| one.as_str().expect("text").to_owned())
            .collect();
        assert!(questions.iter().all(|question| question.ends_with('。')), "{questions:#?}");
        assert!(questions.len() < 16, "what can be asked together is: {questions:#?}");
        let told = questions.join("\n");
        for words in wanted {
            assert!(told.contains(words), "{words}: {questions:#?}");
        }
    }
}

/// Copies of one provider's data under other names.
fn several(count: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let text = fs::read_to_string(samples().join("hamakaze.json")).expect("the sample");
    for number in 1..=count {
        let one = text.replace("はまかぜカルテ", &format!("見本{number}カルテ"));
        fs::write(dir.path().join(format!("{number}.json")), one).expect("written");
    }
    dir
}

/// DOC-003: one, two and six candidates in every format, beside each other as far as can be read, and the same bytes
/// again; a plain list of data needs no `selection.yaml`.
#[test]
fn any_number_of_candidates_is_set_in_every_format() {
    for (count, parts) in [(1, 1), (2, 1), (6, 2)] {
        let dir = several(count);
        let files: Vec<String> =
            (1..=count).map(|number| text(&dir.path().join(format!("{number}.json"))).to_owned()).collect();
        let written = ["a", "b"].map(|name| {
            let out = dir.path().join(name);
            let mut args = vec!["selection".to_owned()];
            args.extend(files.iter().cloned());
            args.extend(["--out", text(&out), "--doc-format", "xlsx,docx,pdf,html,md,csv,json"].map(str::to_owned));
            let ran = shirube(&args);
            assert_eq!(ran.code, 0, "criterion 3 is shown under a secrecy agreement: {}", ran.stderr);
            let mut all: Vec<PathBuf> =
                fs::read_dir(&out).expect("written").map(|one| one.expect("readable").path()).collect();
            all.sort();
            all
        });
        assert_eq!(written[0].len(), 8, "{:?}", written[0]);
        for (first, second) in written[0].iter().zip(&written[1]) {
            assert!(
                fs::read(first).expect("readable") == fs::read(second).expect("readable"),
                "{} differs",
                first.display()
            );
        }
        let names: Vec<String> = (1..=count).map(|number| format!("見本{number}カルテ")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for file in ["selection.pdf", "selection.xlsx", "selection.docx", "selection.html"] {
            assert_eq!(contained(&dir.path().join("a").join(file), &names).len(), count, "{file}");
        }
        let markdown = fs::read_to_string(dir.path().join("a/selection.md")).expect("readable").replace('\\', "");
        assert_eq!(markdown.matches("# 比較（").count(), if parts > 1 { parts } else { 0 }, "{markdown}");
        assert!(markdown.contains("選定の決定") && markdown.contains("点数や順位は付けていません"));
    }
}

/// A service folder stands in the comparison as everybody may see it.
#[test]
fn a_service_folder_is_compared_as_anybody_may_see_it() {
    let folder = edited(&[]);
    let other = samples().join("hamakaze.json");
    let ran = shirube(&["selection", path(&folder), text(&other), "--format", "json"]);
    let value: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.stderr));
    assert_eq!(states(&value, "1"), ["shown", "shown"]);
    assert!(SECRET.iter().all(|secret| !ran.stdout.contains(secret)));
    let table = shirube(&["selection", path(&folder), text(&other)]).stdout;
    assert!(table.contains("「クラウド型電子カルテ「みおつくし」」に尋ねること"), "{table}");
    let csv = shirube(&["selection", path(&folder), text(&other), "--format", "csv"]).stdout;
    assert!(csv.starts_with("\u{feff}\"区分\",\"番号\""), "{csv}");
}

/// The issue's exit codes: every mistake of `selection.yaml`, and of all files it names, comes at once with its line.
#[test]
fn mistakes_are_told_all_at_once() {
    let dir = selection(&[
        (
            "{ item: 1, judgement: enough, reason: 基本方針と規程の目次を読み、自院の規程と突き合わせた。 }",
            "{ item: 1, judgement: enough }",
        ),
        ("question: 移行, text: 標準", "question: 移転, text: 標準"),
        ("- name: 潮騒カルテ", "- name: はまかぜカルテ"),
        ("{ item: 4, disclosed: nothing, seen_on: 2026-11-16 }", "{ text: 何か }"),
        ("# decision:", "decision: { candidate: 別の候補, by: 院長, on: 2026-12-10, reason: 理由 }\n# decision:"),
    ]);
    let file = dir.path().join("selection.yaml");
    let ran = shirube(&["selection", text(&file)]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    for words in [
        "判断（judgement）に理由がありません",
        "「移転」という問いはありません。questionsにあるのは移行、停電、実績です。",
        "候補の名前「はまかぜカルテ」が二度書かれています",
        "何についての答えかがありません",
        "「別の候補」という候補はありません",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert!(ran.stderr.lines().all(|line| line.contains("行目")), "{}", ran.stderr);

    let dir = selection(&[
        ("file: hamakaze.json", "file: ない.json"),
        ("\n  title:", "\n  titel:"),
        ("must: no", "must: maybe"),
    ]);
    let ran = shirube(&["selection", text(&dir.path().join("selection.yaml"))]);
    assert!(
        ran.code == 2 && ran.stderr.contains("「title」ではありませんか") && ran.stderr.contains("必須"),
        "{}",
        ran.stderr
    );
}

/// Files that are something else, broken, or newer are told as such, all of them.
#[test]
fn data_that_cannot_be_read_are_told() {
    let dir = selection(&[]);
    let data = fs::read_to_string(samples().join("hamakaze.json")).expect("the sample");
    let cases = [
        ("新.json", data.replace("\"version\": 1", "\"version\": 2"), "新しい書式の開示データ（第2版）です"),
        ("外.json", "{ \"catalog\": {} }".to_owned(), "開示データではありません"),
        ("紙.json", "%PDF-1.7".to_owned(), "開示データではありません"),
        ("切.json", data.chars().take(500).collect(), "JSONとして読めません"),
        ("消.json", data.replacen("はまかぜソフト", "はまかぜ\\u001b[2Jソフト", 1), "制御文字（U+001B）"),
        ("鍵.json", data.replacen("\"source\"", "\"\\u001b[2J\"", 1), "制御文字（U+001B）"),
        ("欄.json", data.replacen("\"source\"", "\"sauce\"", 1), "「source」ではありませんか"),
        ("番.json", data.replacen("\"item\": 19", "\"item\": 20", 1), "1から19まで"),
    ];
    let mut args = vec!["selection".to_owned(), text(&samples().join("hamakaze.json")).to_owned()];
    for (name, content, _) in &cases {
        let file = dir.path().join(name);
        fs::write(&file, content).expect("written");
        args.push(text(&file).to_owned());
    }
    args.push(text(&dir.path().join("ない.json")).to_owned());
    let empty = tempfile::tempdir().expect("a temporary folder");
    args.push(path(&empty).to_owned());
    let ran = shirube(&args);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    for (name, _, words) in cases.iter().chain([&("ない.json", String::new(), "見つかりません")]) {
        assert!(ran.stderr.lines().any(|line| line.contains(name) && line.contains(words)), "{name}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains(&format!("「{}」のshirube.yaml", path(&empty))), "{}", ran.stderr);
    let yaml = dir.path().join("selection.yaml");
    let ran = shirube(&["selection", text(&yaml), "--out", "x", "--doc-format", "doc,oscal"]);
    let unknown = |name| format!("比較表の形式に「{name}」はありません。");
    assert!(
        ran.code == 2 && ["doc", "oscal"].iter().all(|name| ran.stderr.contains(&unknown(*name))),
        "{}",
        ran.stderr
    );
    let ran = shirube(&["selection", text(&yaml), text(&samples().join("hamakaze.json"))]);
    assert!(ran.code == 2 && ran.stderr.contains("一緒に指定できません"), "{}", ran.stderr);
    // A line may end in two ways.
    fs::write(dir.path().join("行.json"), data.replacen("\"description\": \"", "\"description\": \"一行目\\r\\n", 1))
        .expect("written");
    let ran = shirube(&["selection", text(&dir.path().join("行.json")), "--format", "json"]);
    assert!(ran.code < 2, "{}", ran.stderr);
    // Other programs write characters beyond the first plane as two escapes.
    let escaped = data.replace("株式会社はまかぜソフト", "株式会社\\ud842\\udfb7野ソフト");
    fs::write(dir.path().join("逃.json"), escaped).expect("written");
    let ran = shirube(&["selection", text(&dir.path().join("逃.json")), "--format", "json"]);
    assert!(ran.stdout.contains("株式会社𠮷野ソフト"), "{}{}", ran.stdout, ran.stderr);
}

/// The example of the documents can be read as it stands there.
#[test]
fn the_example_of_the_documents_can_be_read() {
    let page = fs::read_to_string(samples().join("../../docs/selection.md")).expect("the page");
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let dir = selection(&[]);
    fs::write(dir.path().join("selection.yaml"), example).expect("written");
    let (code, value) = compared(&dir);
    assert_eq!((code, states(&value, "4")), (1, vec!["shown".to_owned(), "nothing".to_owned()]));
    assert!(rules(&value).contains(&"error decision-unjudged".to_owned()));
}
