//! Reports along the supply chain through the binary: asked for, sent, taken in, and held against the own answers.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use support::contained::contained;
use support::edited::{checked, found};
use support::{copy_of_sample, path, shirube};

/// The supplier's own folder: a carrier that answers three controls, one of them unsigned, and says who does what.
const CARRIER: &str = r#"
service: { name: 閉域網サービス }
provider: 自社
editions: [pg-1.0]
parties:
  - { id: 自社, name: 日本閉域通信株式会社, kind: provider }
  - { id: 下請, name: 港湾ケーブル工事株式会社, kind: subcontractor }
delivery:
  application: { form: "1", party: 自社 }
  platform: { form: "1", party: 自社 }
  infrastructure: { form: "1", party: 自社 }
supply_chain:
  - { supplier: 下請, customer: 自社, contract: 工事請負契約, service: 回線の工事, layers: [infrastructure], reports: yes }
"#;

const CARRIER_ANSWERS: &str = r#"
answers:
  - control: 1.12①-4
    status: met
    how: 稼働と遅れを常に監視している。
    evidence: [監視の月報]
    evidence_until: 2027-03-31
    decided: { by: 回線 一郎, on: 2026-04-01, reason: 監視の記録による。 }
  - control: 1.6①-1
    status: planned
    how: 媒体の受け渡しの手順を作る。
    due: 2026-12-01
    decided: { by: 回線 一郎, on: 2026-04-01, reason: 手順がまだない。 }
  - control: 1.1①-1
    status: met
    how: 決めた人がいない答え。
"#;

const CARRIER_SUPPLY: &str = r#"
tasks:
  - { id: 閉域網の装置, what: 回線終端装置の設定, kind: network, layer: infrastructure, does: [自社], accountable: 自社 }
  - { id: OSのパッチ, what: サーバのOSへのパッチの適用, kind: software, layer: platform, does: [自社], accountable: 自社 }
offers:
  - { control: 1.12①-4, by: both, customer: 最初の切り分け }
"#;

fn carrier() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in
        [("shirube.yaml", CARRIER), ("conformity.yaml", CARRIER_ANSWERS), ("supply.yaml", CARRIER_SUPPLY)]
    {
        fs::write(dir.path().join(name), text).expect("written");
    }
    dir
}

/// The sample with this `supply.yaml`.
fn with_supply(text: &str) -> tempfile::TempDir {
    let dir = copy_of_sample();
    fs::write(dir.path().join("supply.yaml"), text).expect("written");
    dir
}

fn supply(dir: &tempfile::TempDir) -> String {
    fs::read_to_string(dir.path().join("supply.yaml")).expect("readable")
}

fn shown(dir: &tempfile::TempDir, on: &str) -> Value {
    support::json(&["supply", "show", path(dir), "--on", on, "--format", "json"])
}

/// Texts of a list of objects.
fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|one| one["text"].as_str().expect("a text")).collect()
}

/// PARTY-006, PARTY-007: who supplies, with the newest report of each; the sample has nothing that does not fit.
#[test]
fn the_sample_shows_its_suppliers_and_what_is_shared() {
    let dir = copy_of_sample();
    let value = shown(&dir, "2026-11-01");
    let names: Vec<&str> =
        value["suppliers"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["日本閉域通信株式会社", "東都メディア運輸株式会社"]);
    assert_eq!(value["controls"].as_array().unwrap().len(), 417);
    let of = |origin: &str| value["controls"].as_array().unwrap().iter().filter(|one| one["origin"] == origin).count();
    assert_eq!((of("shared"), of("inherited")), (2, 0));
    assert_eq!(texts(&value["contradictions"]), Vec::<&str>::new());
    let ran = shirube(&["supply", "show", path(&dir), "--on", "2026-11-01"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("分担2件"), "{}", ran.stdout);
}

/// PARTY-007: a report that ran out, one by another edition and one that a newer one replaced are told by name.
#[test]
fn outdated_references_are_told_by_name() {
    let sample = copy_of_sample();
    let late = shirube(&["supply", "show", path(&sample), "--on", "2027-04-01"]);
    assert_eq!(late.code, 1);
    for report in ["通信回線事業者-2026-03-25", "搬送業者-2026-03-30"] {
        assert!(
            late.stdout.contains(&format!("「{report}」は、有効期限（2027-03-31）を過ぎています。")),
            "{}",
            late.stdout
        );
    }
    let newer = "reports:\n  - { id: N, supplier: 搬送業者, service: バックアップ媒体の搬送, on: 2026-10-01, editions: [pg-0.9] }\n";
    let dir = with_supply(&supply(&sample).replace("reports:\n", newer));
    let value = shown(&dir, "2026-11-01");
    let said = texts(&value["outdated"]).join("\n");
    assert!(said.contains("「N」は、pg-0.9によるもの"), "{said}");
    assert!(
        said.contains(
            "1.6①-1の「分担する」は、報告「搬送業者-2026-03-30」によっていますが、同じ相手からの新しい報告があります。"
        ),
        "{said}"
    );
}

/// PARTY-007, PARTY-018: each way in which both sides can differ, named with both sides.
#[test]
fn contradictions_are_listed_by_name() {
    let base = "reports:\n  - { id: R, supplier: 通信回線事業者, service: 網, on: 2026-04-01, editions: [pg-1.0] }\n";
    let task = "tasks:\n  - { id: OS, what: OSのパッチ, kind: software, layer: platform, does: [通信回線事業者], accountable: 対象事業者 }\n";
    let own = task.replace("does: [通信回線事業者]", "does: [対象事業者]");
    let used = |statement: &str, used: &str| {
        format!(
            "{base}statements:\n  - {{ report: R, control: 1.12①-4, {statement} }}\nuses:\n  - {{ control: 1.12①-4, supplier: 通信回線事業者, {used} }}\n"
        )
    };
    let cases = [
        (
            used("status: met, by: customer, customer: 監視", "use: inherited"),
            "nobody",
            "利用する側が行うと報告しています（監視）",
        ),
        (
            used("status: met, by: both, customer: 切り分け", "use: inherited"),
            "part-left",
            "利用する側にも行うことがある",
        ),
        (
            used("status: met, by: both, customer: 切り分け", "use: shared"),
            "part-left",
            "株式会社みおつくしが行うことが書かれていません（切り分け）",
        ),
        (used("status: not-met, by: supplier", "use: inherited"), "not-done", "報告された状況は「未対応」です"),
        (
            format!("{base}uses:\n  - {{ control: 1.12①-4, supplier: 通信回線事業者, use: inherited, report: R }}\n"),
            "unstated",
            "この項目への答えがありません",
        ),
        (
            format!("{base}{task}claims:\n  - {{ report: R, task: OS, by: customer }}\n"),
            "nobody",
            "「OSのパッチ」は、分担表では日本閉域通信株式会社が行いますが、日本閉域通信株式会社は利用する側が行うと報告しています",
        ),
        (format!("{base}{task}claims:\n  - {{ report: R, task: OS, by: both }}\n"), "part-left", "双方で分担する"),
        (
            format!("{base}{own}claims:\n  - {{ report: R, task: OS, by: supplier }}\n"),
            "both",
            "日本閉域通信株式会社も自分が行うと報告しています",
        ),
    ];
    for (text, kind, says) in cases {
        let dir = with_supply(&text);
        let value = shown(&dir, "2026-11-01");
        let all = value["contradictions"].as_array().unwrap();
        assert_eq!(all.len(), 1, "{text}\n{all:?}");
        assert_eq!(all[0]["kind"], kind, "{text}");
        assert!(all[0]["text"].as_str().unwrap().contains(says), "{says}\n{}", all[0]["text"]);
        assert_eq!(found(&checked(&dir), "supply-contradiction").len(), 1, "{text}");
    }
    for fits in [
        used("status: met, by: supplier", "use: inherited"),
        used("status: met, by: both, customer: 切り分け", "use: shared, ours: 切り分け"),
    ] {
        assert_eq!(texts(&shown(&with_supply(&fits), "2026-11-01")["contradictions"]), Vec::<&str>::new(), "{fits}");
    }
}

/// PARTY-007, PARTY-018: whoever reports counts its own suppliers to its side, and so does the comparison.
#[test]
fn suppliers_of_the_reporter_are_on_its_side() {
    let below = "supply_chain:\n  - { supplier: 工事会社, customer: 通信回線事業者, contract: 工事請負契約, service: 回線の工事, layers: [infrastructure], reports: yes }\n";
    let party = "parties:\n  - { id: 工事会社, name: 港湾ケーブル工事株式会社, kind: subcontractor }\n";
    let dir_of = |does: &str, by: &str| {
        let dir = with_supply(&format!(
            "tasks:\n  - {{ id: 工事, what: 回線の工事, kind: network, layer: infrastructure, does: [{does}], accountable: 対象事業者 }}\nreports:\n  - {{ id: R, supplier: 通信回線事業者, service: 網, on: 2026-04-01, editions: [pg-1.0] }}\nclaims:\n  - {{ report: R, task: 工事, by: {by} }}\n"
        ));
        let file = dir.path().join("shirube.yaml");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("supply_chain:\n", below, 1).replacen("parties:\n", party, 1)).unwrap();
        dir
    };
    for does in ["工事会社", "通信回線事業者, 工事会社"] {
        assert_eq!(
            texts(&shown(&dir_of(does, "supplier"), "2026-11-01")["contradictions"]),
            Vec::<&str>::new(),
            "{does}"
        );
    }
    // The one that is named is whoever does it by the own table.
    let value = shown(&dir_of("工事会社", "customer"), "2026-11-01");
    let said = texts(&value["contradictions"]);
    assert!(
        said[0].contains("分担表では港湾ケーブル工事株式会社が行いますが、日本閉域通信株式会社は利用する側"),
        "{said:?}"
    );
    let value = shown(&dir_of("対象事業者, 工事会社", "customer"), "2026-11-01");
    assert_eq!(value["contradictions"][0]["kind"], "not-done");
}

/// PARTY-007: of two answers to one thing only one would count: both are told.
#[test]
fn what_is_answered_twice_is_told() {
    let base = "reports:\n  - { id: R, supplier: 通信回線事業者, service: 網, on: 2026-04-01, editions: [pg-1.0, 'pg-1.0、pg-1.1'] }\n";
    let dir = with_supply(&format!(
        "{base}statements:\n  - {{ report: R, control: 1.12①-4, status: met, by: supplier }}\n  - {{ report: R, control: 1.12-1-4, status: not-met, by: supplier }}\nclaims:\n  - {{ report: R, task: OS, by: both }}\n  - {{ report: R, task: OS, by: customer }}\nuses:\n  - {{ control: 1.12①-4, supplier: 通信回線事業者, use: inherited }}\n  - {{ control: 1.12①-4, supplier: 通信回線事業者, use: shared }}\noffers:\n  - {{ control: 1.12①-4, by: both }}\n  - {{ control: 1.12①-4, by: customer }}\n"
    ));
    let value = checked(&dir);
    let said = found(&value, "supply-answer-repeated");
    let places: Vec<&str> = said.iter().map(|[_, at, _]| at.as_str()).collect();
    for place in ["statements[2]", "claims[2]", "uses[2]", "offers[2]"] {
        assert_eq!(places.iter().filter(|at| **at == place).count(), 1, "{place}: {said:?}");
    }
    assert_eq!(places.len(), 4, "{said:?}");
    let editions = found(&value, "edition-unknown");
    assert!(
        editions.iter().any(|[severity, at, message]| severity == "warning"
            && at.starts_with("reports[1].editions")
            && message.contains("「pg-1.0、pg-1.1」")),
        "{editions:?}"
    );
}

/// PARTY-006: 未回答 is no answer: it goes to nobody, and nothing is met by it.
#[test]
fn what_is_unanswered_is_no_answer() {
    let (supplier, out) = (carrier(), tempfile::tempdir().unwrap());
    let answers = CARRIER_ANSWERS.replace("    status: planned", "    status: unanswered");
    fs::write(supplier.path().join("conformity.yaml"), answers).unwrap();
    let value = shown(&supplier, "2026-05-01");
    let all = value["controls"].as_array().unwrap();
    assert_eq!(all.iter().find(|one| one["control"] == "1.6①-1").unwrap()["origin"], "unanswered");
    let file = out.path().join("r.xlsx");
    let file = file.to_str().unwrap();
    let ran = shirube(&["supply", "report", path(&supplier), "--out", file, "--on", "2026-04-02"]);
    assert!(ran.code == 0 && ran.stderr.contains("1件です"), "{}", ran.stderr);
    // Somebody else's program may still write it.
    let script = "import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\nfor row in book['対策項目'].iter_rows(min_row=2):\n    if row[0].value == '1.6①-1': row[2].value = '未回答'\nbook.save(sys.argv[1])";
    assert!(Command::new("python3").args(["-c", script, file]).status().unwrap().success(), "install openpyxl");
    let dir = copy_of_sample();
    let ran = shirube(&["supply", "take", path(&dir), file, "--supplier", "通信回線事業者", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("対策項目への答え1件"), "{}", ran.stdout);
    assert!(ran.stdout.contains("「未回答」の対策項目1件は、答えではない"), "{}", ran.stdout);
    assert!(!supply(&dir).contains("unanswered"), "{}", supply(&dir));
}

/// PARTY-007: names of services are typed by hand: a report replaces the earlier ones of the same service however it is
/// spelled, and a name that is new is told.
#[test]
fn the_newest_report_of_a_service_is_found_however_it_is_spelled() {
    let sample = copy_of_sample();
    let told = |service: &str| {
        let newer =
            format!("reports:\n  - {{ id: N, supplier: 搬送業者, {service}on: 2026-10-01, editions: [pg-1.0] }}\n");
        let dir = with_supply(&supply(&sample).replace("reports:\n", &newer));
        texts(&shown(&dir, "2026-11-01")["outdated"]).join("\n").contains("新しい報告があります")
    };
    for same in ["", "service: バックアップ　媒体の搬送, ", "service: ﾊﾞｯｸｱｯﾌﾟ媒体の搬送, "]
    {
        assert!(told(same), "{same}");
    }
    assert!(!told("service: 機器の廃棄, "));
}

/// PARTY-018: a task that nobody does, or nobody answers for, keeps documents from being issued.
#[test]
fn tasks_without_a_company_and_references_to_nothing_are_errors() {
    let dir = with_supply(
        "tasks:\n  - { id: OS, what: OSのパッチ, kind: software, layer: platform }\nrequests:\n  - { id: Q, supplier: いない, on: 2026-04-01, by: 港, report: ない }\nreports:\n  - { id: R, supplier: 搬送業者 }\nuses:\n  - { control: 9.9①-9, supplier: 通信回線事業者, use: inherited, report: R }\n",
    );
    let value = checked(&dir);
    for (rule, field, says) in [
        ("supply-task-unassigned", "tasks[1]", "実施する組織と責任を負う組織が書かれていません"),
        ("party-unknown", "requests[1].supplier", "「いない」"),
        ("supply-reference", "requests[1].report", "報告「ない」はありません"),
        ("supply-reference", "uses[1].report", "搬送業者からのもので、通信回線事業者からのものではありません"),
        ("control-unknown", "uses[1].control", "「9.9①-9」は、別紙2にありません"),
        ("supply-unreported", "reports", "日本閉域通信株式会社は状況を報告する約束"),
    ] {
        let all = found(&value, rule);
        assert!(all.iter().any(|[_, at, message]| at == field && message.contains(says)), "{rule}: {all:?}");
    }
}

/// PARTY-007, guideline 2.2.2: a supplier's folder, its workbook and its OSCAL say the same, and only what was decided.
#[test]
fn a_report_arrives_as_folder_workbook_or_oscal() {
    let (supplier, out) = (carrier(), tempfile::tempdir().unwrap());
    let file = |name: &str| out.path().join(name).to_str().unwrap().to_owned();
    for name in ["r.xlsx", "r.json"] {
        let ran = shirube(&[
            "supply",
            "report",
            path(&supplier),
            "--out",
            &file(name),
            "--by",
            "回線 一郎",
            "--on",
            "2026-04-02",
            "--until",
            "2027-03-31",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains("2件です"), "{}", ran.stderr);
    }
    let mut taken = Vec::new();
    for source in [path(&supplier).to_owned(), file("r.xlsx"), file("r.json")] {
        let dir = copy_of_sample();
        let before = supply(&dir);
        let shown =
            shirube(&["supply", "take", path(&dir), &source, "--supplier", "通信回線事業者", "--on", "2026-04-02"]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert!(shown.stdout.contains("対策項目への答え2件、作業の分担2件"), "{}", shown.stdout);
        assert_eq!(supply(&dir), before, "nothing is written without --write");
        let ran = shirube(&[
            "supply",
            "take",
            path(&dir),
            &source,
            "--supplier",
            "通信回線事業者",
            "--on",
            "2026-04-02",
            "--write",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let after = supply(&dir);
        let mut lines = after.lines();
        assert!(before.lines().all(|line| lines.any(|other| other == line)), "what was there stays\n{after}");
        let value = self::shown(&dir, "2026-05-01");
        let of = |number: &str| {
            let all = value["controls"].as_array().unwrap();
            all.iter().find(|one| one["control"] == number).unwrap().clone()
        };
        let said = supply(&dir);
        // What is taken over is offered no longer; what nobody took over is, by the newest report alone.
        assert_eq!(of("1.12①-4")["offered"], json!([]));
        let used = "  - control: 1.12①-4\n    supplier: 通信回線事業者\n    use: shared";
        assert!(said.contains(used), "{said}");
        let untaken = self::shown(&with_supply(&said.replace(used, &used.replace("①-4", "①-5"))), "2026-05-01");
        let untaken = untaken["controls"].as_array().unwrap().iter().find(|one| one["control"] == "1.12①-4").unwrap();
        assert_eq!(untaken["offered"], json!(["通信回線事業者-2026-04-02"]));
        assert!(said.contains("港湾ケーブル工事株式会社"), "{said}");
        assert!(!said.contains("決めた人がいない答え"), "{said}");
        // Both say that they patch the OS.
        let contradictions = texts(&value["contradictions"]).join("\n");
        assert!(contradictions.contains("「サーバのOSへのパッチの適用」は、分担表では株式会社みおつくしが行いますが、日本閉域通信株式会社も自分が行う"), "{contradictions}");
        assert_eq!(of("1.6①-1")["uses"].as_array().unwrap().len(), 1);
        taken.push(
            said.split("statements:")
                .nth(1)
                .unwrap()
                .split("uses:")
                .next()
                .unwrap()
                .lines()
                .filter(|line| !line.contains("report:"))
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
    assert_eq!(taken[0], taken[1]);
    assert_eq!(taken[0], taken[2]);
}

/// AUTHZ-002: who the customers are is not for other companies to know, wherever the name stands in a table.
#[test]
fn no_institution_is_named_in_what_goes_to_another_company() {
    let out = tempfile::tempdir().unwrap();
    let named = "tasks:\n  - { id: 湊クリニックの端末, what: 湊クリニックの端末の更新, kind: device, layer: infrastructure, does: [PROVIDER], accountable: PROVIDER }\n  - { id: 医療機関等の端末, what: 端末の更新, kind: device, layer: infrastructure, does: [PROVIDER], accountable: PROVIDER }\n";
    let put = |dir: &tempfile::TempDir, provider: &str| {
        let text = supply(dir).replacen("tasks:\n", &named.replace("PROVIDER", provider), 1);
        fs::write(dir.path().join("supply.yaml"), text).unwrap();
        fs::create_dir(dir.path().join("institutions")).unwrap();
        let institution = "institution: { name: 湊クリニック, kind: clinic }\n";
        fs::write(dir.path().join("institutions/湊.yaml"), institution).unwrap();
    };
    let (below, above) = (carrier(), copy_of_sample());
    put(&below, "自社");
    put(&above, "対象事業者");
    let file = |name: &str| out.path().join(name).to_str().unwrap().to_owned();
    let (ask, book, data) = (file("ask.xlsx"), file("r.xlsx"), file("r.json"));
    for args in [
        vec!["supply", "ask", path(&above), "--supplier", "通信回線事業者", "--out", &ask],
        vec!["supply", "report", path(&below), "--out", &book],
        vec!["supply", "report", path(&below), "--out", &data],
    ] {
        let ran = shirube(&args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    for file in [&ask, &book, &data] {
        assert_eq!(contained(Path::new(file), &["湊クリニック"]), Vec::<String>::new(), "{file}");
        // Two tasks that are alike without the name stay two.
        assert_eq!(contained(Path::new(file), &["医療機関等の端末-2"]), ["医療機関等の端末-2"], "{file}");
    }
    let dir = copy_of_sample();
    let ran = shirube(&["supply", "take", path(&dir), path(&below), "--supplier", "通信回線事業者", "--write"]);
    assert!(ran.code == 0 && !supply(&dir).contains("湊クリニック"), "{}{}", ran.stderr, supply(&dir));
    // What comes back is on the task that was asked about.
    let script = "import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\nfor row in book['作業の分担'].iter_rows(min_row=2):\n    if row[0].value == '医療機関等の端末': row[3].value = '利用する側'\nbook.save(sys.argv[1])";
    assert!(Command::new("python3").args(["-c", script, &ask]).status().unwrap().success(), "install openpyxl");
    let ran = shirube(&["supply", "take", path(&above), &ask, "--supplier", "通信回線事業者", "--write"]);
    assert!(ran.code == 0 && ran.stdout.contains("作業の分担1件"), "{}{}", ran.stdout, ran.stderr);
    assert!(supply(&above).contains("task: 湊クリニックの端末, by: customer"), "{}", supply(&above));
}

/// PARTY-007: the request is recorded, and the workbook comes back filled by somebody else's program.
#[test]
fn a_blank_workbook_is_filled_by_openpyxl_and_taken_in() {
    let (dir, out) = (copy_of_sample(), tempfile::tempdir().unwrap());
    let book = out.path().join("報告.xlsx");
    let ran = shirube(&[
        "supply",
        "ask",
        path(&dir),
        "--supplier",
        "搬送業者",
        "--out",
        book.to_str().unwrap(),
        "--by",
        "港 四郎",
        "--on",
        "2026-10-01",
        "--due",
        "2026-10-31",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(supply(&dir).contains("搬送業者-2026-10-01"), "the request is recorded");
    let script = r#"
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
head = book["報告"]
for row in head.iter_rows(min_col=1, max_col=2):
    label = row[0].value
    given = {"対象のサービス": "媒体の搬送", "報告の日": "令和8年10月10日", "拠りどころとしたガイドラインの版": "pg-1.0、pg-0.9", "リスクマネジメントの実施状況": sys.argv[2]}.get(label)
    if given: row[1].value = given
sheet = book["対策項目"]
for row in sheet.iter_rows(min_row=2):
    if row[0].value == "1.6①-1":
        row[2].value, row[3].value, row[5].value, row[7].value = "対応済", sys.argv[3], "封印", sys.argv[4]
tasks = book["作業の分担"]
for row in tasks.iter_rows(min_row=2):
    if row[0].value == "バックアップ媒体の搬送": row[3].value = "提供する側"
book.save(sys.argv[1])
"#;
    let fill = |risks: &str, by: &str, until: &str| {
        let ran =
            Command::new("python3").args(["-c", script, book.to_str().unwrap(), risks, by, until]).output().unwrap();
        assert!(ran.status.success(), "install the PyPI package openpyxl\n{}", String::from_utf8_lossy(&ran.stderr));
    };
    fill("年に一度", "だれか", "2027-02-30");
    let ran = shirube(&["supply", "take", path(&dir), book.to_str().unwrap(), "--supplier", "搬送業者", "--write"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(
        ran.stderr.contains("「だれか」は選べません。提供する側、利用する側、双方で分担、未定のどれか"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("「2027-02-30」という日はありません"), "{}", ran.stderr);
    assert!(ran.stderr.contains("対策項目!D"), "{}", ran.stderr);
    fill("年に一度行う。\n直近は2026年9月。", "双方で分担", "2027-02-28");
    let waiting = |key: &str| shown(&dir, "2026-11-01")["suppliers"][1][key].clone();
    assert_eq!(waiting("open_requests"), json!(["搬送業者-2026-10-01"]));
    let ran = shirube(&["supply", "take", path(&dir), book.to_str().unwrap(), "--supplier", "搬送業者", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for said in [
        "報告の日: 2026-10-10",
        "版: pg-1.0、pg-0.9\n",
        "依頼「搬送業者-2026-10-01」への返事",
        "「媒体の搬送」は、これまでの報告（「バックアップ媒体の搬送」）にない名前",
    ] {
        assert!(ran.stdout.contains(said), "{said}\n{}", ran.stdout);
    }
    // Something arrived; whether it is enough is for people to say.
    assert_eq!((waiting("open_requests"), waiting("undecided_requests")), (json!([]), json!(["搬送業者-2026-10-01"])));
    let value = shown(&dir, "2026-11-01");
    let reports = &value["suppliers"][1]["reports"];
    assert_eq!(reports[0], "搬送業者-2026-10-10", "{reports}");
}

/// Wrong sources are told in a sentence, and nothing is written.
#[test]
fn what_is_no_report_is_told() {
    let (dir, out) = (copy_of_sample(), tempfile::tempdir().unwrap());
    let before = supply(&dir);
    let written = |name: &str, text: &str| {
        let file = out.path().join(name);
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let list = out.path().join("一覧.xlsx");
    let ran = shirube(&["list", "export", path(&dir), "--list", "risks", "--out", list.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let cases = [
        (written("a.json", "{"), "搬送業者", "JSONとして読めません（1行目"),
        (written("e.json", " \n"), "搬送業者", "空のファイルです"),
        (written("f.json", "{ \"\\u001b[2J\": {} }"), "搬送業者", "制御文字（U+001B）"),
        (
            written("b.json", "{\"catalog\": {}}"),
            "搬送業者",
            "component-definition でも system-security-plan でもありません（見つかったもの: catalog）",
        ),
        (list.to_str().unwrap().to_owned(), "搬送業者", "報告用のExcelではありません"),
        (written("c.xlsx", "x"), "搬送業者", "c.xlsx"),
        (out.path().join("ない.json").to_str().unwrap().to_owned(), "搬送業者", "ない.json"),
        (
            written("d.json", "{}"),
            "他社",
            "「他社」は、このサービスに提供している組織ではありません。あるのは、通信回線事業者、搬送業者です。",
        ),
    ];
    for (source, supplier, says) in cases {
        let ran = shirube(&["supply", "take", path(&dir), &source, "--supplier", supplier, "--write"]);
        assert_eq!(ran.code, 2, "{source}: {}", ran.stdout);
        assert!(ran.stderr.contains(says), "{source}: {}", ran.stderr);
    }
    let book = out.path().join("x.xlsx");
    let ask = |due: &str| {
        let args = ["supply", "ask", path(&dir), "--supplier", "搬送業者", "--out", book.to_str().unwrap()];
        shirube(&[&args[..], &["--by", "港", "--on", "2026-10-01", "--due", due]].concat())
    };
    let early = ask("2026-09-30");
    assert!(early.code == 2 && early.stderr.contains("依頼した日（2026-10-01）以後の日"), "{}", early.stderr);
    let wrong = shirube(&["supply", "report", path(&dir), "--out", out.path().join("x.pdf").to_str().unwrap()]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains(".xlsx 又は .json"), "{}", wrong.stderr);
    assert_eq!(supply(&dir), before);
}

/// A plan of another tool, with the standard fields alone: what it leaves to the customer is read, the rest is told.
#[test]
fn a_plan_of_another_tool_is_read_by_its_standard_fields() {
    let plan = r#"{ "system-security-plan": {
      "metadata": { "title": "回線", "parties": [{ "uuid": "u", "type": "organization", "name": "回線会社" }] },
      "system-characteristics": { "system-name": "広域網" },
      "control-implementation": { "description": "x", "implemented-requirements": [
        { "uuid": "1", "control-id": "1.12①-4", "by-components": [{ "component-uuid": "c", "uuid": "b", "description": "監視する。",
          "implementation-status": { "state": "implemented" },
          "export": { "provided": [{ "uuid": "p", "description": "監視" }], "responsibilities": [{ "uuid": "r", "description": "切り分け" }] } }] },
        { "uuid": "2", "control-id": "1.6①-1", "by-components": [{ "component-uuid": "c", "uuid": "d", "description": "x", "implementation-status": { "state": "someday" } }] },
        { "uuid": "3", "control-id": "ac-2", "by-components": [] } ] } } }"#;
    let (dir, out) = (copy_of_sample(), tempfile::tempdir().unwrap());
    let file = out.path().join("plan.json");
    fs::write(&file, plan).unwrap();
    let ran = shirube(&[
        "supply",
        "take",
        path(&dir),
        file.to_str().unwrap(),
        "--supplier",
        "通信回線事業者",
        "--on",
        "2026-04-02",
        "--write",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("対策項目への答え1件"), "{}", ran.stdout);
    assert!(ran.stdout.contains("「ac-2」は、別紙2の対策項目ではありません"), "{}", ran.stdout);
    assert!(ran.stdout.contains("1.6①-1の状況（someday）は、読める言葉ではありません"), "{}", ran.stdout);
    let said = supply(&dir);
    assert!(said.contains("切り分け") && said.contains("by: both"), "{said}");
}

/// What suppliers reported goes into no pack by itself: it is made for whoever asks for it.
#[test]
fn reports_of_suppliers_are_in_no_pack_unless_asked_for() {
    let (dir, out) = (copy_of_sample(), tempfile::tempdir().unwrap());
    let ran = shirube(&["report", path(&dir), "--out", path(&out), "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(out.path().join("responsibility-matrix.md").exists());
    assert!(!out.path().join("supply-reports.md").exists());
}

/// PARTY-007: a control that several components implement is as far as all of them are, and what cannot be read is told.
#[test]
fn a_plan_says_no_more_than_its_components() {
    let part = |state: &str| match state {
        "" => r#"{ "component-uuid": "c", "uuid": "b", "description": "x" }"#.to_owned(),
        state => format!(
            r#"{{ "component-uuid": "c", "uuid": "b", "description": "x", "implementation-status": {{ "state": "{state}" }} }}"#
        ),
    };
    let cases: [(&str, &[&str], &str); 8] = [
        ("1.1③-1", &["implemented", "implemented"], "met"),
        ("1.1③-2", &["planned", "not-applicable"], "planned"),
        ("1.1③-3", &["implemented", "planned"], "partial"),
        ("1.1③-4", &["implemented", ""], "partial"),
        ("1.1③-5", &["implemented", "not-applicable"], "met"),
        ("1.1③-6", &["implemented", "alternative"], "alternative"),
        ("1.1③-7", &["planned", ""], "planned"),
        ("1.1③-8", &["not-applicable", "not-applicable"], "not-applicable"),
    ];
    let requirements: Vec<String> = cases
        .iter()
        .map(|(id, states, _)| {
            let parts: Vec<String> = states.iter().map(|state| part(state)).collect();
            format!(r#"{{ "uuid": "1", "control-id": "{id}", "by-components": [{}] }}"#, parts.join(","))
        })
        .collect();
    let ours = "https://shirube.invalid/ns/oscal";
    let plan = format!(
        r#"{{ "system-security-plan": {{ "metadata": {{ "title": "回線", "props": [
          {{ "name": "task-performed-by", "ns": "{ours}", "value": "だれか", "remarks": "OSのパッチ" }},
          {{ "name": "task-performed-by", "ns": "{ours}", "value": "supplier" }},
          {{ "name": "task-performed-by", "ns": "https://example.com", "value": "supplier", "remarks": "他社の語" }} ] }},
        "system-characteristics": {{ "system-name": "広域網" }},
        "control-implementation": {{ "description": "x", "implemented-requirements": [{}] }} }} }}"#,
        requirements.join(",")
    );
    let (dir, out) = (copy_of_sample(), tempfile::tempdir().unwrap());
    let file = out.path().join("plan.json");
    fs::write(&file, plan).unwrap();
    let args = ["supply", "take", path(&dir), file.to_str().unwrap(), "--supplier", "通信回線事業者"];
    let ran = shirube(&[&args[..], &["--on", "2026-04-02", "--write"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for said in [
        "作業の分担0件",
        "作業「OSのパッチ」を誰が行うか（だれか）は、読める言葉ではありません",
        "どの作業かが書かれていない作業の分担",
        "1.1③-4には、状況の書かれていない構成要素があります",
        "届いた日（2026-04-02）を報告の日とします",
    ] {
        assert!(ran.stdout.contains(said), "{said}\n{}", ran.stdout);
    }
    let kept = supply(&dir);
    for (id, states, status) in cases {
        let statement = kept.split("- report:").find(|one| one.contains(&format!("control: {id}\n")));
        let statement = statement.unwrap_or_else(|| panic!("{id} {states:?}\n{kept}"));
        assert!(statement.contains(&format!("status: {status}\n")), "{id} {states:?}: {statement}");
    }
}

/// PARTY-018: the matrix names every company, and what nobody stated.
#[test]
fn the_matrix_is_printed_by_layer_and_company() {
    let (dir, out) = (copy_of_sample(), tempfile::tempdir().unwrap());
    let ran = shirube(&[
        "report",
        path(&dir),
        "--out",
        path(&out),
        "--doc",
        "responsibility-matrix",
        "--doc",
        "supply-reports",
        "--format",
        "md",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let read = |name: &str| fs::read_to_string(Path::new(path(&out)).join(name)).unwrap();
    let matrix = read("responsibility-matrix.md");
    for part in ["I2 閉域網", "P2 バックアップ媒体の搬送", "東都メディア運輸株式会社", "実施・責任", "報告を受ける"]
    {
        assert!(matrix.contains(part), "{part}\n{matrix}");
    }
    assert!(!matrix.contains("汐見事務機器"), "whoever takes no part has no column");
    let reports = read("supply-reports.md");
    for part in
        ["分担する", "テープの暗号化、箱の封印", "二つの柱", "見つかった食い違いと、古くなった参照はありません。"]
    {
        assert!(reports.contains(part), "{part}\n{reports}");
    }
}
