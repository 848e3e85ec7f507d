//! The phases of a contract, their checklists, and its end with the closing pack.

mod support;

use std::fs;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{copy_of_sample, json, path, sample, shirube};

const INSTITUTION: &str = "institution: { name: 湊クリニック, kind: clinic }\n";
const CONTRACT: &str = "contract:
  document: サービス利用契約書（第12号）
  starts_on: 2026-04-01
  ends_on: 2027-03-31
  data_confirmed: { by: 事務長 湊 花子, on: 2026-04-10, note: 受付の患者100名を見比べた }
  phases:
    - { phase: development, what: 初期設定, from: 2026-04-01, until: 2026-04-20 }
    - { phase: operation, what: 本番の運用, from: 2026-04-21 }
    - { phase: development, what: 版2.1への更新, from: 2026-11-01 }
";
const CLOSING: &str = "closing:
  agreed: { on: 2027-01-20, by: 運用部長 港 四郎, with: 院長 湊 太郎 }
  return:
    wanted: yes
    range: 診療録と検査結果、2026年4月から2027年3月まで
    count: 患者1,200名分
    format: HL7 FHIR R4、CSV（UTF-8）
    nonstandard: 院内の付箋の欄は、項目の説明書を添える
    irreversible: なし
    verification: 項目の説明書、件数とハッシュ値の一覧
    method: 閉域網での転送
    due: 2027-04-10
    done_on: 2027-04-05
    confirmed: { by: 院長 湊 太郎, on: 2027-04-12, note: 100名分を画面と見比べた }
  migration: { wanted: no }
  cost: 範囲を超える分は1件ごとに見積る
  erasure:
    range: 本番の基盤にある湊クリニックの情報のすべて
    programs: 端末に入れた接続のプログラムを取り除く
    method: 暗号の鍵の破棄と、上書き
    due: 2027-04-30
    report: 消去から10日以内に証明書を渡す
    done_on: 2027-04-20
    by: 基盤係 標 一郎
    reported_on: 2027-04-25
  backups: { method: 世代の入れ替わり（30日）, due: 2027-05-31, done_on: 2027-05-20 }
  accounts: { due: 2027-03-31, done_on: 2027-03-31 }
  kept:
    - what: アクセスの記録（2026年4月から）
      purpose: 所管官庁への説明
      until: 2032-03-31
      management: 監査係だけが読める保管庫
      safeguards: 暗号化と改ざん検知
      contact: 港システム 監査係
  proof: [消去証明書 第3号, 作業記録 2027-04-20]
  closed: { by: 運用部長 港 四郎, on: 2027-06-01, reason: 証拠がそろった }
";

fn whole() -> String {
    [INSTITUTION, CONTRACT, CLOSING].concat()
}

/// The sample with the file of one institution.
fn with(text: &str) -> tempfile::TempDir {
    let folder = copy_of_sample();
    put(&folder, "湊", text);
    folder
}

fn put(folder: &tempfile::TempDir, name: &str, text: &str) {
    fs::create_dir_all(folder.path().join("institutions")).expect("made");
    fs::write(folder.path().join(format!("institutions/{name}.yaml")), text).expect("written");
}

/// Rule, severity, message and line of what is said of the institution's file.
fn findings(text: &str) -> Vec<(String, String, String, u64)> {
    let folder = with(text);
    let told = json(&["agreement", path(&folder), "--institution", "湊", "--format", "json"]);
    let word = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let all = told["findings"].as_array().expect("a list").iter();
    all.filter(|one| one["file"] == "institutions/湊.yaml")
        .map(|one| {
            let line = one["line"].as_u64().expect("a line");
            (word(one, "rule"), word(one, "severity"), word(one, "message"), line)
        })
        .collect()
}

fn phase(folder: &tempfile::TempDir, name: &str) -> Value {
    json(&["agreement", path(folder), "--institution", "湊", "--phase", name, "--format", "json"])
}

/// The papers of a closing pack as Markdown, by name.
fn pack(text: &str) -> (tempfile::TempDir, String, String) {
    let (folder, out) = (with(text), tempfile::tempdir().expect("a temporary folder"));
    let args = ["report", path(&folder), "--institution", "湊", "--closing", "--format", "md", "--out", path(&out)];
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let read = |name: &str| fs::read_to_string(out.path().join("湊").join(name)).expect("a paper");
    let papers = (read("closing-terms.md"), read("closing-report.md"));
    (out, papers.0, papers.1)
}

fn replaced(from: &str, to: &str) -> String {
    let text = whole();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// LIFE-001, LIFE-002: before the contract, in contract with several phases at once, and ended.
#[test]
fn a_contract_stands_in_several_phases_at_once() {
    for (text, expected) in [
        (INSTITUTION.to_owned(), json!({ "state": "before" })),
        ([INSTITUTION, CONTRACT].concat(), json!({ "state": "in", "phases": ["development", "operation"] })),
        (whole(), json!({ "state": "ended" })),
    ] {
        let folder = with(&text);
        assert_eq!(phase(&folder, "operation")["contract_state"], expected, "{text}");
        let all = json(&["agreement", path(&folder), "--format", "json"]);
        assert_eq!(all["institutions"][0]["contract_state"], expected);
    }
    let folder = with(&[INSTITUTION, CONTRACT].concat());
    let running = &phase(&folder, "development")["phase"]["instances"];
    assert_eq!((running[0]["what"].as_str(), running[1]["until"].as_str()), (Some("初期設定"), None));
}

/// LIFE-001, LIFE-003: each phase shows its duties with their legal side, and what is settled of its checklist.
#[test]
fn every_phase_shows_its_checklist_with_where_each_item_stands() {
    let records = "records:
  - { step: explained, items: [control/1.14③-2], on: 2026-11-17, by: 港, with: 事務長, means: meeting, evidence: [議事メモ] }
";
    let folder = with(&[INSTITUTION, CONTRACT, records].concat());
    for (name, section) in [("development", "3.2.2"), ("operation", "3.2.2"), ("end", "3.2.2"), ("crisis", "3.2.3")] {
        let shown = phase(&folder, name);
        assert_eq!(shown["phase"]["section"], section);
        for duty in shown["phase"]["duties"].as_array().expect("duties") {
            assert!(duty["legal"].as_str().is_some_and(|legal| legal.starts_with("3.1.")), "{duty}");
            assert!(!duty["tasks"].as_array().expect("tasks").is_empty(), "{duty}");
        }
        assert!(shown["lines"].as_array().expect("lines").len() > 5, "{name}");
    }
    let end = phase(&folder, "end");
    let line = |id: &str| end["lines"].as_array().expect("lines").iter().find(|line| line["id"] == id).expect("a line");
    let returned = line("end-return")["items"].as_array().expect("items");
    let step = |key: &str| returned.iter().find(|item| item["key"] == key).expect("an item")["step"].clone();
    assert_eq!((step("control/1.14③-2"), step("end/return_days")), (json!("explained"), json!("not-shown")));
    // Nothing of the service speaks of accounts at the end: the list says so, and what is settled with them closes it.
    assert_eq!(line("end-accounts")["open"], true);
    let ran = shirube(&["agreement", path(&folder), "--institution", "湊", "--phase", "end"]);
    assert!(
        ran.stdout.contains("まだ決めていません") && ran.stdout.contains("契約中（開発フェーズ、運用フェーズ）"),
        "{}",
        ran.stdout
    );
    let whole = with(&whole());
    for (name, id) in [("end", "end-accounts"), ("end", "end-cost"), ("development", "development-start")] {
        let settled = phase(&whole, name);
        let line = settled["lines"].as_array().expect("lines").iter().find(|line| line["id"] == id).expect("a line");
        assert!(line["open"] == false && line["closing"][0]["value"].is_string(), "{line}");
    }
    // Only the papers of the end have a table of what is kept.
    let kept = phase(&whole, "end").to_string();
    assert!(kept.contains("\"残す\"") && !kept.contains("次の表"), "{kept}");
    let ran = shirube(&["agreement", path(&folder), "--phase", "end"]);
    assert!(ran.code == 2 && ran.stderr.contains("--institution"), "{}", ran.stderr);
}

/// LIFE-001: the document has every phase, and marks what nobody settled.
#[test]
fn the_document_has_a_list_for_every_phase() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let sample = sample();
    let args =
        ["report", sample.to_str().expect("UTF-8"), "--doc", "life-cycle", "--format", "md", "--out", path(&out)];
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = fs::read_to_string(out.path().join("life-cycle.md")).expect("the document");
    for expected in [
        "# 開発フェーズ",
        "# 運用フェーズ",
        "# 契約終了フェーズ",
        "# 危機管理対応時",
        "まだ決めていません",
        "契約終了時の取決め書",
        "安全管理義務",
        "返却までの日数",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
}

/// LIFE-007, LIFE-008, LIFE-009: everything is settled before the end; each blank of the sheet is named, with its line.
#[test]
fn every_blank_of_the_negotiation_sheet_is_named() {
    assert_eq!(findings(&whole()), []);
    let none = findings(&[INSTITUTION, CONTRACT].concat());
    assert_eq!(none.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["closing-missing"]);
    let begun = findings(&[INSTITUTION, CONTRACT, "closing:\n  kept: [ { what: 請求の記録 } ]\n"].concat());
    let blanks: Vec<&str> = begun.iter().filter(|one| one.0 == "closing-unfilled").map(|one| one.2.as_str()).collect();
    for expected in [
        "返却の要否",
        "範囲（種類と期間）",
        "件数",
        "形式（標準の規格）",
        "規格によらない項目の説明",
        "元に戻せない圧縮や変換",
        "正しさを確かめる資料",
        "移管の要否",
        "範囲を超えるときの費用",
        "消す情報の範囲",
        "プログラム等の扱い",
        "消したことの報告",
        "バックアップの消去の「方法」",
        "アカウントの停止の「期日」",
        "請求の記録」の「目的",
        "請求の記録」の「いつまで残すか",
        "請求の記録」の「安全管理の措置",
        "請求の記録」の「連絡先",
    ] {
        assert!(blanks.iter().any(|message| message.contains(expected)), "{expected}: {blanks:?}");
    }
    assert!(begun.iter().all(|one| one.1 == "warning"), "{begun:?}");
    assert!(begun.iter().any(|one| one.0 == "closing-not-agreed"));
    // What is not returned needs no range; nothing kept is something somebody said.
    let text = [INSTITUTION, CONTRACT, "closing: { return: { wanted: no }, kept: [] }\n"].concat();
    let fewer = findings(&text);
    let asks = |what: &str| fewer.iter().any(|one| one.2.contains(what));
    assert!(!asks("件数") && !asks("残す記録") && asks("消す情報の範囲"), "{fewer:?}");
}

/// LIFE-006: the phase is not closed without its proof, and not before everything was done.
#[test]
fn a_phase_is_not_closed_without_its_proof() {
    for (from, to, rule) in [
        ("  proof: [消去証明書 第3号, 作業記録 2027-04-20]\n", "", "closed-without-proof"),
        ("proof: [消去証明書 第3号, 作業記録 2027-04-20]", "proof: ['　']", "closed-without-proof"),
        ("    by: 基盤係 標 一郎\n", "", "closed-undone"),
        (", done_on: 2027-05-20 }", " }", "closed-undone"),
        (
            "    confirmed: { by: 院長 湊 太郎, on: 2027-04-12, note: 100名分を画面と見比べた }\n",
            "",
            "erased-unconfirmed",
        ),
        ("      contact: 港システム 監査係\n", "", "closing-unfilled"),
        ("  cost: 範囲を超える分は1件ごとに見積る\n", "", "closing-unfilled"),
        ("  agreed: { on: 2027-01-20, by: 運用部長 港 四郎, with: 院長 湊 太郎 }\n", "", "closing-not-agreed"),
    ] {
        let found = findings(&replaced(from, to));
        assert!(found.iter().any(|one| one.0 == rule && one.1 == "error"), "{rule}: {found:?}");
        let folder = with(&replaced(from, to));
        let ran = shirube(&["agreement", path(&folder), "--institution", "湊", "--phase", "end"]);
        assert_eq!(ran.code, 1, "{rule}: {}", ran.stdout);
    }
    let ended = "    - { phase: end, what: 契約の終了, from: 2027-01-01, until: 2027-06-01 }\n";
    let closed = findings(&[INSTITUTION, CONTRACT, ended, CLOSING].concat());
    assert_eq!(closed, []);
    let open = CLOSING.split("  closed:").next().expect("the rest");
    let open = findings(&[INSTITUTION, CONTRACT, ended, open].concat());
    assert_eq!(open.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["phase-end-open"]);
    // Papers for the customer print the message, and speak of no fields.
    assert!(open[0].2.ends_with("閉じた記録がありません。"), "{open:?}");
}

/// LIFE-006, LIFE-008, LIFE-009: days that cannot follow each other are named, each in its place.
#[test]
fn days_in_an_order_that_cannot_be_are_named() {
    for (from, to, rule, words) in [
        (
            "done_on: 2027-04-20",
            "done_on: 2027-04-08",
            "closing-order",
            "医療機関等が返却の内容を確かめた日（2027-04-12）より前",
        ),
        ("done_on: 2027-04-20", "done_on: 2027-03-20", "closing-order", "契約の終わる日（2027-03-31）より前"),
        ("until: 2032-03-31", "until: 2027-04-19", "closing-order", "消した日（2027-04-20）より前"),
        ("on: 2027-04-12,", "on: 2027-04-01,", "closing-order", "返した日（2027-04-05）より前"),
        ("reported_on: 2027-04-25", "reported_on: 2027-04-19", "closing-order", "消した日（2027-04-20）より前"),
        ("done_on: 2027-05-20", "done_on: 2027-03-01", "closing-order", "バックアップを消した日（2027-03-01）"),
        ("on: 2027-06-01,", "on: 2027-05-01,", "closing-order", "バックアップを消した日（2027-05-20）より前"),
        ("starts_on: 2026-04-01", "starts_on: 2027-04-01", "contract-order", "始まる日（2027-04-01）より前"),
        ("until: 2026-04-20", "until: 2026-03-20", "phase-order", "始まり（2026-04-01）より前"),
        ("done_on: 2027-04-20", "done_on: 2027-05-01", "closing-late", "取り決めた期日（2027-04-30）より後"),
        (
            "agreed: { on: 2027-01-20",
            "agreed: { on: 2027-04-01",
            "closing-agreed-late",
            "契約の終わる日（2027-03-31）より後",
        ),
        ("wanted: yes", "wanted: no", "return-unwanted", "返却は要らない"),
    ] {
        let found = findings(&replaced(from, to));
        assert!(found.iter().any(|one| one.0 == rule && one.2.contains(words)), "{from} → {to}: {found:?}");
    }
    let deleted =
        findings(&replaced("      contact: 港システム", "      deleted_on: 2030-01-01\n      contact: 港システム"));
    assert!(deleted.iter().any(|one| one.2.contains("削除した日（2030-01-01）")), "{deleted:?}");
    // Several mistakes come at once, each with its own line.
    let both =
        whole().replace("done_on: 2027-04-20", "done_on: 2027-03-20").replace("until: 2032-03-31", "until: 2027-01-01");
    let lines: Vec<u64> = findings(&both).iter().filter(|one| one.0 == "closing-order").map(|one| one.3).collect();
    let at = |words: &str| both.lines().position(|line| line.contains(words)).expect("a line") as u64 + 1;
    assert!(lines.contains(&at("done_on: 2027-03-20")) && lines.contains(&at("until: 2027-01-01")), "{lines:?}");
}

/// LIFE-010: that earlier data were reflected is confirmed by the institution, and asked for once it uses the service.
#[test]
fn the_start_of_use_asks_for_the_confirmation_of_earlier_data() {
    let line = "  data_confirmed: { by: 事務長 湊 花子, on: 2026-04-10, note: 受付の患者100名を見比べた }\n";
    let found = findings(&replaced(line, ""));
    assert_eq!(found.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["start-unconfirmed"]);
}

/// Mistakes of the new fields are told like all others: all at once, with the place and what would be right.
#[test]
fn mistakes_of_the_new_fields_are_told_at_once() {
    let text = replaced("phase: operation, what", "phase: production, what")
        .replace("due: 2027-04-10", "due: 4月10日")
        .replace("programs:", "program:");
    let folder = with(&text);
    let ran = shirube(&["agreement", path(&folder)]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    for expected in ["contract.phases[2].phase", "closing.return.due", "program", "institutions/湊.yaml"] {
        assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
    }
}

/// LIFE-006, LIFE-007, LIFE-008, LIFE-009: the closing pack says what was settled, done and kept, with the proof.
#[test]
fn the_closing_pack_says_what_was_settled_done_and_kept() {
    let (out, terms, report) = pack(&whole());
    for expected in [
        "湊クリニック",
        "令和9年3月31日",
        "HL7 FHIR R4",
        "患者1,200名分",
        "世代の入れ替わり（30日）",
        "残す（次の表のとおり）",
        "監査係だけが読める保管庫",
        "記名押印",
        "契約終了フェーズの情報流",
    ] {
        assert!(terms.contains(expected), "{expected}\n{terms}");
    }
    for expected in [
        "令和9年4月20日",
        "基盤係 標 一郎",
        "院長 湊 太郎",
        "消去証明書 第3号",
        "アクセスの記録（2026年4月から）",
        "令和14年3月31日",
        "記名押印",
    ] {
        assert!(report.contains(expected), "{expected}\n{report}");
    }
    for text in [&terms, &report] {
        assert!(!text.contains("〔未記載〕") && !text.contains("「案」"), "{text}");
    }
    let index = fs::read_to_string(out.path().join("湊/一覧.txt")).expect("an index");
    for name in ["closing-terms.md", "closing-report.md"] {
        let bytes = fs::read(out.path().join("湊").join(name)).expect("a paper");
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let line = index.lines().find(|line| line.starts_with(name)).expect("a line");
        assert!(line.contains(&format!("{}バイト", bytes.len())) && line.ends_with(&digest), "{line}");
    }
}

/// LIFE-006, LIFE-007: what is not settled stays blank and the paper a draft; what was done in a wrong order is told.
#[test]
fn the_closing_pack_stays_a_draft_until_it_is_whole() {
    let (_, terms, report) = pack(&[INSTITUTION, CONTRACT].concat());
    assert!(terms.contains("〔未記載〕") && terms.contains("「案」"), "{terms}");
    assert!(report.contains("〔未記載〕") && report.contains("まだ閉じていない"), "{report}");
    let (_, terms, report) = pack(&replaced("  proof: [消去証明書 第3号, 作業記録 2027-04-20]\n", ""));
    assert!(!terms.contains("「案」") && report.contains("示すものが、まだ書かれていません"), "{report}");
    let (_, _, report) = pack(&replaced("done_on: 2027-04-20", "done_on: 2027-04-08"));
    assert!(
        report.contains("消した日（令和9年4月8日）が、医療機関等が返却の内容を確かめた日（令和9年4月12日）より前です"),
        "{report}"
    );
}

/// LIFE-006: an institution whose contract has no end has no closing pack, and is told so; others are not kept waiting.
#[test]
fn an_institution_without_an_end_is_told() {
    let folder = with(INSTITUTION);
    let out = tempfile::tempdir().expect("a temporary folder");
    let run = |name: &str, more: &[&str]| {
        let args = ["report", path(&folder), "--institution", name, "--closing", "--out", path(&out)];
        shirube(&[&args[..], more].concat())
    };
    let ran = run("湊", &["--format", "md"]);
    assert!(ran.code == 2 && ran.stderr.contains("契約の終わる日がありません"), "{}", ran.stderr);
    assert_eq!(run("all", &["--format", "md"]).code, 2);
    put(&folder, "山手", &whole().replace("湊クリニック", "山手診療所"));
    assert_eq!(run("all", &["--format", "md"]).code, 0);
    assert!(out.path().join("山手/closing-report.md").is_file() && !out.path().join("湊").exists());
    for more in [&["--format", "csv"][..], &["--doc", "sla"], &["--copy", "open"]] {
        assert_eq!(run("all", more).code, 2, "{more:?}");
    }
    let alone = shirube(&["report", path(&folder), "--closing", "--out", path(&out)]);
    assert!(alone.code == 2 && alone.stderr.contains("--institution"), "{}", alone.stderr);
}
