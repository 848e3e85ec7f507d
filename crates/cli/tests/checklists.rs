//! Checklists through the binary: filled sheets, what nobody answered, and answers that contradict each other.

mod support;

use std::fs;
use std::process::Command;

use serde_json::Value;
use support::contained::contained;
use support::edited::{Edit, checked, edited};
use support::said::{Case, each_fires, holds, markdown, of_rule};
use support::{copy_of_sample, path, sample, shirube};

const FILE: &str = "checklists.yaml";
const DOCUMENTS: [&str; 4] = ["checklist-cyber", "checklist-mhlw-3.0", "role-division", "mds-sds"];

const fn edit<'a>(from: &'a str, to: &'a str) -> Edit<'a> {
    Edit { file: FILE, from, to }
}

fn of_sample(document: &str) -> String {
    markdown(&sample(), document, &[])
}

/// A copy of the sample with other checklists.
fn with(checklists: &str) -> tempfile::TempDir {
    let dir = copy_of_sample();
    fs::write(dir.path().join(FILE), checklists).expect("written");
    dir
}

/// The rows of the flat table of a document.
fn rows(dir: &tempfile::TempDir, document: &str) -> Vec<Value> {
    let out = tempfile::tempdir().expect("a temporary folder");
    let ran = shirube(&["report", path(dir), "--out", path(&out), "--doc", document, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = fs::read_to_string(out.path().join(format!("{document}.json"))).expect("the data of the document");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let sheets = document["sheets"].as_array().expect("sheets");
    let data = sheets.iter().find(|sheet| sheet["name"] == "データ").expect("the flat table");
    data["rows"].as_array().expect("rows").clone()
}

/// The line of a Markdown table that begins with these cells.
fn line<'t>(text: &'t str, begins: &str) -> &'t str {
    text.lines().find(|line| line.starts_with(begins)).unwrap_or_else(|| panic!("「{begins}」がありません:\n{text}"))
}

/// DOC-003, DOC-038: PDF, Word and Excel hold the same sheets.
#[test]
fn every_format_holds_the_sheets() {
    let (sample, out) = (sample(), tempfile::tempdir().expect("a temporary folder"));
    let mut args = vec!["report", sample.to_str().expect("UTF-8"), "--out", path(&out)];
    args.extend(DOCUMENTS.iter().flat_map(|doc| ["--doc", doc]));
    args.extend(["pdf", "docx", "xlsx", "html"].iter().flat_map(|format| ["--format", format]));
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (name, texts) in DOCUMENTS.into_iter().zip([
        ["機器管理台帳", "令和8年3月16日", "未回答", "パスワードの使い回しを禁じているか。"],
        ["■", "□", "昼夜の受付と、DCの扉の機械式の認証装置", "対象外: 情報の入った機器を業務で持ち出さない"],
        ["医療機関等と対象事業者", "2省ガイドラインの確認", "いいえ", "未回答"],
        ["標準化対応", "責任分界表", "理由: 電子署名とタイムスタンプの機能を持たない", "未回答"],
    ]) {
        for format in ["pdf", "docx", "xlsx", "html"] {
            let found = contained(&out.path().join(format!("{name}.{format}")), &texts);
            let lacking: Vec<_> = texts.iter().filter(|text| !found.iter().any(|found| found == *text)).collect();
            assert!(lacking.is_empty(), "{name}.{format} lacks {lacking:?}");
        }
    }
}

/// DOC-038: number, box, item and what is done, by section with statistics.
#[test]
fn the_checklist_has_boxes_contents_and_statistics_by_section() {
    let text = of_sample("checklist-mhlw-3.0");
    holds(
        &text,
        &[
            "組織的安全管理対策　実施済4、未実施0、対象外0、未回答1（全5件）",
            "物理的安全対策　実施済1、未実施2、対象外0、未回答4（全7件）",
            "実施済19、未実施2、対象外3、未回答51（全75件）",
            "遵守チェックリスト75項目だけを収める",
        ],
    );
    let done = line(&text, "| 3 | ■ | 情報システムへのアクセスの制限");
    assert!(done.contains("アクセス管理規程（MO-R-03）"), "{done}");
    let open = line(&text, "| 5 | 未回答 | 運用管理規程等に");
    assert!(open.contains("別紙2 1.1⑤-7 の答え: 対応"), "{open}");
}

/// DOC-039: 実施済, 未実施 and 対象外 with its reason; a box that was filled in by hand stays as it was.
#[test]
fn there_are_three_states_and_given_marks_stay() {
    let text = of_sample("checklist-mhlw-3.0");
    let not_done = line(&text, "| 1 | □ | 個人情報を保存した機器");
    assert!(not_done.contains("未実施（目標日: 令和9年3月31日）"), "{not_done}");
    let not_applicable = line(&text, "| 9 | □ | 持ち出した情報を");
    assert!(not_applicable.contains("対象外: 情報の入った機器を業務で持ち出さない"), "{not_applicable}");
    let given = edited(&[edit(
        "item: 持ち出し.9, state: not-applicable,",
        "item: 持ち出し.9, state: not-applicable, mark: filled,",
    )]);
    let text = markdown(given.path(), "checklist-mhlw-3.0", &[]);
    assert!(line(&text, "| 9 | ■ | 持ち出した情報を").contains("対象外"));
    // A box without a state says what the box was, and no more.
    let bare = edited(&[edit(
        "item: 持ち出し.9, state: not-applicable, reason: 情報の入った機器を業務で持ち出さない",
        "item: 持ち出し.9, mark: filled",
    )]);
    let kept = rows(&bare, "checklist-mhlw-3.0");
    let kept = kept.iter().find(|row| row["項目の番号"] == "持ち出し.9").expect("the item");
    assert_eq!((&kept["結果"], &kept["印"]), (&Value::from("未回答"), &Value::from("■")));
}

/// DOC-040: sub-items have boxes of their own; what only gathers them has none.
#[test]
fn sub_items_have_boxes_and_their_heads_have_none() {
    let text = of_sample("checklist-mhlw-3.0");
    line(&text, "| 7 |  | パスワードを利用者識別に使用する場合 |");
    line(&text, "| 8 |  | 無線LANを利用する場合 |");
    line(&text, "| (1) | ■ | システム内のパスワードファイル");
    line(&text, "| (3) | ■ | 情報を不正に取得されないよう");
    line(&text, "| ④ | ■ | 委託事業者が再委託を行うか否か");
    line(&text, "| (a) | ■ | 個人情報を含む媒体が不要に");
}

/// DOC-039, spec table T-28: the filled sheet has 75 rows with 69 ■ and 6 □, kept as they were.
/// DOC-047: both of its contradictions are found, and nothing is corrected.
#[test]
fn a_filled_sheet_keeps_its_boxes_and_its_contradictions_are_found() {
    let blank = with("sheets: [{ id: 表, list: mhlw-3.0 }]\n");
    let items: Vec<String> = rows(&blank, "checklist-mhlw-3.0")
        .iter()
        .map(|row| row["項目の番号"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(items.len(), 75);
    let mut text = "sheets: [{ id: 表, list: mhlw-3.0 }]\nreplies:\n".to_owned();
    for item in &items {
        let (mark, content) = match item.as_str() {
            "改造と保守.8" => ("empty", "リモートメンテナンスは行っていない"),
            "外部.8" => ("filled", "リモートメンテナンスは行っていない"),
            "外部.1" | "外部.2" | "外部.4" | "外部.5" => ("filled", "外部と接続していない"),
            "外部.10" => ("filled", "個人の認証とSSLで閲覧させている"),
            wireless if wireless.starts_with("技術的.8.") => ("empty", "無線LANは使っていない"),
            _ => ("filled", "行っている"),
        };
        let state = if item == "外部.10" { ", state: done" } else { "" };
        text.push_str(&format!("  - {{ sheet: 表, item: {item}, mark: {mark}, content: {content}{state} }}\n"));
    }
    let dir = with(&text);
    let kept = rows(&dir, "checklist-mhlw-3.0");
    let boxes = |mark: &str| kept.iter().filter(|row| row["印"] == mark).count();
    assert_eq!((boxes("■"), boxes("□")), (69, 6));
    let checked = checked(&dir);
    let said = of_rule(&checked, "checklist-contradiction");
    let speaks = |words: &[&str]| said.iter().any(|[_, message]| words.iter().all(|word| message.contains(word)));
    assert!(speaks(&["リモート保守", "「改造と保守.8」と「外部.8」", "印（■と□）が違います"]), "{said:#?}");
    assert!(speaks(&["外部のネットワーク", "「外部.1」はないものとして", "「外部.10」はあるものとして"]), "{said:#?}");
    assert_eq!(said.len(), 2, "{said:#?}");
    let against = of_rule(&checked, "checklist-against-model");
    let speaks = |words: &[&str]| against.iter().any(|[_, message]| words.iter().all(|word| message.contains(word)));
    assert!(speaks(&["「外部.1」", "閉域VPN"]) && speaks(&["「技術的.8.(1)」", "無線LAN"]), "{against:#?}");
}

/// DOC-047, DOC-038, DOC-039: every rule speaks once its mistake is made, and not of the sample.
#[test]
fn each_rule_speaks() {
    let target = "item: 事業者.2.⑨\n    state: not-done\n    confirmed_on: 2025-10-06\n    target_on: 2026-03-31";
    each_fires(&[
        Case {
            rule: "checklist-date-outside",
            severity: "error",
            says: "「事業者.2.⑨」の目標日（2026-04-30）が、2025年度（2025-04-01から2026-03-31まで）の外です",
            edits: &[edit(target, &target.replace("2026-03-31", "2026-04-30"))],
        },
        Case {
            rule: "checklist-date-outside",
            severity: "warning",
            says: "「事業者.1.①」の確認した日（2025-03-31）",
            edits: &[edit(
                "confirmed_on: 2025-10-06, content: システム管理者",
                "confirmed_on: 2025-03-31, content: システム管理者",
            )],
        },
        Case {
            rule: "checklist-date-order",
            severity: "warning",
            says: "目標日（2025-09-30）が、確認した日（2025-10-06）より前です",
            edits: &[edit(target, &target.replace("2026-03-31", "2025-09-30"))],
        },
        Case {
            rule: "checklist-date-order",
            severity: "warning",
            says: "2回目の確認（2025-09-01）が、前の確認より前の日です",
            edits: &[edit("again: [{ on: 2026-03-16", "again: [{ on: 2025-09-01")],
        },
        Case {
            rule: "checklist-item-unknown",
            severity: "error",
            says: "「事業者.9.①」は、確認表「令和7年度」の項目にありません",
            edits: &[edit("item: 事業者.1.①", "item: 事業者.9.①")],
        },
        Case {
            rule: "checklist-item-unknown",
            severity: "error",
            says: "「医療機関.3.①」は、確認表「令和7年度」の項目にありません",
            edits: &[edit("item: 事業者.1.①", "item: 医療機関.3.①")],
        },
        Case {
            rule: "checklist-item-twice",
            severity: "error",
            says: "「事業者.2.①」の答えが二つあります",
            edits: &[edit("item: 事業者.1.①", "item: 事業者.2.①")],
        },
        Case {
            rule: "checklist-item-twice",
            severity: "error",
            says: "設問「1」が、確認表「開示書」に二つあります",
            edits: &[edit(
                "\nreplies:",
                "\nquestions:\n  - { sheet: 開示書, number: \"1\", question: 一つ目 }\n  - { sheet: 開示書, number: \"1\", question: 二つ目 }\nreplies:",
            )],
        },
        Case {
            rule: "reason-missing",
            severity: "error",
            says: "「持ち出し.9」は「対象外」ですが、理由がありません",
            edits: &[edit(", reason: 情報の入った機器を業務で持ち出さない", "")],
        },
        Case {
            rule: "checklist-content-missing",
            severity: "warning",
            says: "「組織的.3」は「実施済」ですが、実施内容がありません",
            edits: &[edit(", content: アクセス管理規程（MO-R-03）", "")],
        },
        Case {
            rule: "due-missing",
            severity: "warning",
            says: "「事業者.2.⑨」は「いいえ」ですが、目標日がありません",
            edits: &[edit(target, target.trim_end_matches("    target_on: 2026-03-31").trim_end())],
        },
        Case {
            rule: "checklist-who-missing",
            severity: "warning",
            says: "「Part2.A.1」を誰が行うかがありません",
            edits: &[edit("item: Part2.A.1, who: both,", "item: Part2.A.1,")],
        },
        Case {
            rule: "checklist-contradiction",
            severity: "warning",
            says: "「改造と保守.8」はあるものとして、「外部.8」はないものとして",
            edits: &[edit(
                "入口をDCのVPN装置の1か所に限り、作業ごとに人・宛先・時間を許可する",
                "リモート保守は行っていない",
            )],
        },
        Case {
            rule: "checklist-against-model",
            severity: "warning",
            says: "「外部.8」はリモート保守（リモートメンテナンス）を行っていることを否定していますが、system.yamlに「インターネットVPN」",
            edits: &[edit(
                "入口をDCのVPN装置の1か所に限り、作業ごとに人・宛先・時間を許可する",
                "リモート保守は行っていない",
            )],
        },
        Case {
            rule: "checklist-against-model",
            severity: "warning",
            says: "「技術的.8.(1)」は無線LANを使っていることを前提に答えていますが",
            edits: &[Edit { file: "system.yaml", from: "kind: wireless-lan", to: "kind: wired-lan" }],
        },
        Case {
            rule: "reference-missing",
            severity: "error",
            says: "確認表「令和7年度」の相手「よその病院」は、shirube.yamlの医療機関等にありません",
            edits: &[edit("institution: 医療機関", "institution: よその病院")],
        },
        Case {
            rule: "reference-missing",
            severity: "error",
            says: "確認表「昨年」は、sheetsにありません",
            edits: &[edit("{ sheet: 令和7年度, item: 事業者.1.①", "{ sheet: 昨年, item: 事業者.1.①")],
        },
        Case {
            rule: "checklist-form-missing",
            severity: "error",
            says: "確認表「令和7年度」の様式（form）がありません",
            edits: &[edit("    form: provider\n", "")],
        },
        Case {
            rule: "checklist-field-unused",
            severity: "note",
            says: "「事業者.1.①」の行う者は、この答えでは使いません",
            edits: &[edit("item: 事業者.1.①, state: done,", "item: 事業者.1.①, state: done, who: both,")],
        },
    ]);
}

/// Findings come with file and line, like all others; unreadable values stop at the door.
#[test]
fn findings_and_mistakes_have_their_lines() {
    let dir = edited(&[edit("item: 事業者.1.①", "item: 事業者.9.①")]);
    let ran = shirube(&["check", path(&dir)]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let text = fs::read_to_string(dir.path().join(FILE)).expect("readable");
    let at = text.lines().position(|line| line.contains("事業者.9.①")).expect("the line") + 1;
    assert!(ran.stdout.contains(&format!("{at}行目 replies[1].item")), "{}", ran.stdout);
    for (from, to, says) in [
        ("state: done", "state: yes", "done"),
        ("list: cyber-2025", "list: cyber-2019", "cyber-2025"),
        ("fiscal_year: 2025", "fiscal_year: 7", "2000"),
        ("confirmed_on: 2025-10-06", "confirmed_on: 2025-13-06", "日付"),
    ] {
        let ran = shirube(&["check", path(&edited(&[edit(from, to)]))]);
        assert_eq!(ran.code, 2, "{to}: {}", ran.stdout);
        assert!(
            ran.stderr.contains(FILE) && ran.stderr.contains("行目") && ran.stderr.contains(says),
            "{}",
            ran.stderr
        );
    }
}

/// What nobody answered is 未回答 whatever the facts say; the facts stand beside it as 案, with their reason.
#[test]
fn an_absent_answer_is_never_filled_in() {
    let dir =
        with("sheets:\n  - { id: 表, list: cyber-2025, form: provider, institution: 医療機関, fiscal_year: 2025 }\n");
    let all = rows(&dir, "checklist-cyber");
    assert_eq!(all.len(), 14);
    assert!(all.iter().all(|row| row["結果"] == "未回答"), "{all:#?}");
    let of = |item: &str| all.iter().find(|row| row["項目の番号"] == item).expect("an item");
    let covered = of("事業者.2.⑪");
    assert_eq!((&covered["案"], &covered["状態"]), (&Value::from("はい"), &Value::from("案")));
    assert!(covered["事実"].as_str().is_some_and(|fact| fact.contains("別紙2 3.4①-2 の答え: 対応")), "{covered}");
    assert_eq!(covered["事実との対応"], "推定（原文では未確認）");
    // One control of two is met in part only, so nothing follows.
    assert_eq!(of("事業者.2.⑬")["案"], Value::Null);
    assert_eq!((&of("事業者.2.⑧")["案"], &of("事業者.2.⑧")["事実"]), (&Value::Null, &Value::Null));
    let text = markdown(dir.path(), "checklist-cyber", &[]);
    holds(
        &text,
        &[
            "実施済0、未実施0、対象外0、未回答14（全14件）",
            "未記載",
            "公表された版とは読み比べていない",
            "人が答えるまで「未回答」と数えます",
        ],
    );
}

/// A control that nobody decided, or that is no longer met, proposes nothing.
#[test]
fn only_decided_answers_propose() {
    let sheet = Edit { file: FILE, from: "    fiscal_year: 2025\n", to: "    fiscal_year: 2025\n    note: 写し\n" };
    let proposed = |edits: &[Edit]| {
        let all = rows(&edited(edits), "checklist-cyber");
        all.iter().find(|row| row["項目の番号"] == "事業者.2.⑪").expect("an item")["案"].clone()
    };
    assert_eq!(proposed(&[sheet]), "はい");
    let partial = Edit {
        file: "conformity.yaml",
        from: "  - control: 3.4①-2\n    status: met",
        to: "  - control: 3.4①-2\n    status: partial",
    };
    assert_eq!(proposed(&[partial]), Value::Null);
}

/// AGREE-020, spec table T-38: who answers for what in an exchange is a fact of the SLA, and stands beside the item that asks.
#[test]
fn responsibilities_in_an_exchange_stand_beside_their_item() {
    let all = rows(&copy_of_sample(), "checklist-mhlw-3.0");
    let item = all.iter().find(|row| row["項目の番号"] == "外部.6").expect("the item");
    let facts = item["事実"].as_str().expect("facts");
    assert!(facts.contains("合意書の情報交換の責任: 暗号化の不具合は、乙"), "{facts}");
}

/// Questions of a form that no edition here holds are the user's own, and nothing pretends to know others.
#[test]
fn own_questions_are_asked_and_answered() {
    let text = of_sample("mds-sds");
    holds(&text, &["設問は確認していません", "領域の名前と、手元の様式から書き写した設問だけを並べます", "SDSの領域"]);
    let dir = with(
        "sheets:\n  - { id: 八年度, list: cyber-2026, form: provider, institution: 医療機関, fiscal_year: 2026, confirmed_by: 灯台 花子, confirmed_on: 2026-11-16 }\n\
         questions:\n  - { sheet: 八年度, number: \"1-1\", area: 体制, question: 手元の様式にある設問 }\n\
         replies:\n  - { sheet: 八年度, item: \"1-1\", state: done, confirmed_on: 2026-11-16 }\n",
    );
    let text = markdown(dir.path(), "checklist-cyber", &[]);
    holds(
        &text,
        &[
            "令和8年度版の設問は確認していません",
            "手元の様式にある設問",
            "体制　実施済1、未実施0、対象外0、未回答0（全1件）",
        ],
    );
    assert!(of_rule(&checked(&dir), "checklist-item-unknown").is_empty());
    let bare = with("sheets: [{ id: 八年度, list: cyber-2026, form: provider }]\n");
    holds(&markdown(bare.path(), "checklist-cyber", &[]), &["項目が一つもない表があります"]);
}

/// A changed answer is told in words.
#[test]
fn changes_of_answers_are_told() {
    let changed =
        edited(&[edit("item: 事業者.2.④, state: done", "item: 事業者.2.④, state: not-done, target_on: 2026-03-31")]);
    let sample = sample();
    let ran = shirube(&["diff", sample.to_str().expect("UTF-8"), path(&changed)]);
    assert!(
        ran.stdout.contains("確認表の") && ran.stdout.contains("「はい（実施済）」から「いいえ（未実施）」"),
        "{}",
        ran.stdout
    );
}

/// TREAT-010, CATALOG-006: 別紙2 is an A3 sheet across; the column of a later edition stands there only if the service names it.
#[test]
fn the_control_list_is_a3_with_the_edition_of_the_service() {
    let plain = of_sample("conformity");
    assert!(plain.contains("厚労省5版の要求") && !plain.contains("厚労省6.0版の要求"));
    let dir = edited(&[Edit {
        file: "shirube.yaml",
        from: "editions: [pg-1.0, mhlw-5.0]",
        to: "editions: [pg-1.0, mhlw-5.0, mhlw-6.0]",
    }]);
    let text = markdown(dir.path(), "conformity", &[]);
    holds(&text, &["厚労省5版の要求", "厚労省6.0版の要求", "公表された対応表ではありません"]);
    let row = line(&text, "| 3.4① ログの取得と検証 | 3.4①-2 ");
    assert!(row.contains("システム運用編.17.①"), "{row}");
    let out = tempfile::tempdir().expect("a temporary folder");
    let folder = sample();
    let args =
        ["report", folder.to_str().expect("UTF-8"), "--out", path(&out), "--doc", "conformity", "--format", "pdf"];
    assert_eq!(shirube(&args).code, 0);
    let info = Command::new("pdfinfo").arg(out.path().join("conformity.pdf")).output().expect("poppler is there");
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    let size = info.lines().find(|line| line.starts_with("Page size:")).expect("the size of the page");
    assert!(size.contains("1190.55 x 841.89"), "{size}");
}
