//! Organisations, supply chain, chapter 6, what is provided, and what keeps a document 案.

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::edited::{Edit, checked, edited, found, service, system};
use support::{copy_of_sample, folder_with, path, sample, shirube};

fn output(args: &[&str]) -> Value {
    let ran = shirube(args);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}\n{}{}", ran.stdout, ran.stderr))
}

/// A rule, and an edit of the sample after which it says something that it does not say of the sample itself.
struct Case<'a> {
    rule: &'a str,
    severity: &'a str,
    says: &'a str,
    edits: &'a [Edit<'a>],
}

fn each_fires(cases: &[Case]) {
    let quiet = checked(&copy_of_sample());
    for Case { rule, severity, says, edits } in cases {
        let said = of_rule(&checked(&edited(edits)), rule);
        let fits = said.iter().any(|[weight, message]| weight == severity && message.contains(says));
        assert!(fits, "{rule} should say 「{says}」 ({severity}): {said:#?}");
        assert!(
            !of_rule(&quiet, rule).iter().any(|[_, message]| message.contains(says)),
            "{rule} speaks of the sample"
        );
    }
}

/// Severity and message of the findings of a rule.
fn of_rule(checked: &Value, rule: &str) -> Vec<[String; 2]> {
    found(checked, rule).into_iter().map(|[severity, _, message]| [severity, message]).collect()
}

fn markdown(dir: &Path, document: &str, more: &[&str]) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let (dir, to) = (dir.to_str().expect("UTF-8"), out.path().to_str().expect("UTF-8"));
    let mut args = vec!["report", dir, "--out", to, "--doc", document, "--format", "md"];
    args.extend(more);
    let ran = shirube(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = fs::read_to_string(out.path().join(format!("{document}.md"))).expect("written");
    // What Markdown would take for its own is escaped; people read it without.
    text.replace('\\', "")
}

fn holds(text: &str, facts: &[&str]) {
    for fact in facts {
        assert!(text.contains(fact), "「{fact}」がありません:\n{text}");
    }
}

const SERVICE: &str = "shirube.yaml";
const SYSTEM: &str = "system.yaml";
const CONFORMITY: &str = "conformity.yaml";

const CARRIER_SCOPE: &str = "    kind: carrier
    scope:
      direct_contract: no
      supplies_resources: yes
      receives_by_patient_instruction: no
      receives_from_patients_only: no
      reason: 医療機関との間の閉域網を、対象事業者との契約に基づいて提供している。
";
const CARRIER_EDGE: &str = "  - supplier: 通信回線事業者
    customer: 対象事業者
    contract: 閉域網サービス利用契約
    service: データセンターと医療機関の間の閉域網
    layers: [infrastructure]
    start: 2025-04-01
    reports: yes
";
const INFRASTRUCTURE: &str = "  infrastructure:
    form: \"1\"
    party: 対象事業者
    also:
      - { party: 通信回線事業者, form: \"2\", what: 閉域網 }
";

/// PARTY-001: every organisation stands in the documents with its kind.
#[test]
fn organisations_are_listed_with_their_kinds() {
    let text = markdown(&sample(), "agreement-items", &[]);
    holds(&text, &["関係する組織", "東都メディア運輸株式会社", "搬送業者", "医療機関等（一般診療所）"]);
    each_fires(&[
        Case {
            rule: "institution-kind",
            severity: "note",
            says: "あおば内科クリニック",
            edits: &[service("    institution_kind: clinic\n", "")],
        },
        Case {
            rule: "institution-missing",
            severity: "warning",
            says: "医療機関等が一つもありません",
            edits: &[service("    kind: institution\n    institution_kind: clinic\n", "    kind: other\n")],
        },
    ]);
}

/// PARTY-002: whoever takes part is asked, and the answers must fit what it does.
#[test]
fn the_questions_of_scope_are_asked_and_checked() {
    let no = "      direct_contract: no\n      supplies_resources: no\n      receives_by_patient_instruction: no\n      receives_from_patients_only: no\n";
    let carrier_outside = CARRIER_SCOPE.replace("supplies_resources: yes", "supplies_resources: no");
    let own = "      direct_contract: yes\n      supplies_resources: no\n      receives_by_patient_instruction: no\n      receives_from_patients_only: no\n      reason: 診療所と";
    let own_outside = format!("{no}      reason: 診療所と");
    let both = own.replace("patients_only: no", "patients_only: yes");
    let twice = own.replace("supplies_resources: no", "supplies_resources: yes");
    each_fires(&[
        Case {
            rule: "scope-unanswered",
            severity: "warning",
            says: "日本閉域通信株式会社",
            edits: &[service(CARRIER_SCOPE, "    kind: data-centre\n")],
        },
        Case {
            rule: "scope-outside",
            severity: "error",
            says: "株式会社みおつくし",
            edits: &[service(own, &own_outside)],
        },
        Case {
            rule: "scope-outside",
            severity: "warning",
            says: "日本閉域通信株式会社",
            edits: &[service(CARRIER_SCOPE, &carrier_outside)],
        },
        Case {
            rule: "scope-contradiction",
            severity: "warning",
            says: "患者等からだけ受け取る",
            edits: &[service(own, &both)],
        },
        Case {
            rule: "scope-contradiction",
            severity: "warning",
            says: "直接の契約なしに提供して",
            edits: &[service(own, &twice)],
        },
    ]);
    let dir = edited(&[service(own, &own_outside)]);
    assert_eq!(shirube(&["check", path(&dir), "--fail-on", "error"]).code, 1);
    // Somebody who only prints and supplies nothing is not asked.
    assert!(
        !of_rule(&checked(&copy_of_sample()), "scope-unanswered").iter().any(|[_, message]| message.contains("患者等"))
    );
}

/// PARTY-003: a layer names everybody who supplies part of it.
#[test]
fn a_supplier_of_a_layer_is_part_of_its_delivery_form() {
    let alone = "  infrastructure: { form: \"1\", party: 対象事業者 }\n";
    each_fires(&[
        Case {
            rule: "delivery-supplier",
            severity: "warning",
            says: "「日本閉域通信株式会社」はインフラを提供する",
            edits: &[service(INFRASTRUCTURE, alone)],
        },
        Case {
            rule: "delivery-form",
            severity: "error",
            says: "インフラ（閉域網）は「自ら提供」ですが",
            edits: &[service("form: \"2\", what: 閉域網", "form: \"1\", what: 閉域網")],
        },
        Case {
            rule: "reference-missing",
            severity: "error",
            says: "「回線屋」は",
            edits: &[service("{ party: 通信回線事業者, form", "{ party: 回線屋, form")],
        },
    ]);
    holds(
        &markdown(&sample(), "agreement-items", &[]),
        &["インフラのうち閉域網は、日本閉域通信株式会社から調達します（I2）。"],
    );
}

/// PARTY-004, T-02: each combination of 2.2 is named with its section and figure; others are allowed.
#[test]
fn delivery_cases_are_named() {
    let platform = "  platform:
    form: \"1\"
    party: 対象事業者
    also:
      - { party: 搬送業者, form: \"2\", what: バックアップ媒体の搬送 }
";
    let form = |layer: &str, form: &str| format!("  {layer}: {{ form: \"{form}\", party: 通信回線事業者 }}\n");
    for (platform_form, infrastructure_form, expected) in [
        ("1", "1", "A1+P1+I1（2.2.1 1社で提供するケース、図2-3）"),
        ("1", "2", "A1+P1+I2（2.2.2 ケース1 2社で提供するケース、図2-4）"),
        ("2", "2", "A1+P2+I2（2.2.2 ケース2 3社で提供するケース、図2-5）"),
        ("1", "3", "A1+P1+I3（2.2.3 医療機関等が複数社と契約するケース、図2-6）"),
        ("3", "3", "A1+P3+I3（ガイドラインの例にない組合せ）"),
    ] {
        let parts = [form("platform", platform_form), form("infrastructure", infrastructure_form)];
        let edits = [service(platform, &parts[0]), service(INFRASTRUCTURE, &parts[1])];
        let others: Vec<Edit> = edits
            .into_iter()
            .zip([platform_form, infrastructure_form])
            .filter(|(_, form)| *form != "1")
            .map(|(edit, _)| edit)
            .collect();
        let dir = edited(&others);
        holds(&markdown(dir.path(), "agreement-items", &[]), &[expected]);
    }
}

/// PARTY-005: duties follow the case; what the institution contracts separately is not also procured by us.
#[test]
fn duties_follow_the_case() {
    let separate = "  infrastructure: { form: \"3\", party: 通信回線事業者 }\n";
    let dir = edited(&[service(INFRASTRUCTURE, separate), service(CARRIER_EDGE, "")]);
    let text = markdown(dir.path(), "agreement-items", &[]);
    holds(
        &text,
        &["選定・管理の義務は負わないが、対応の対象範囲には含める", "独立してリスクマネジメントと制度対応を行う"],
    );
    assert!(of_rule(&checked(&dir), "supply-separate").is_empty());
    each_fires(&[Case {
        rule: "supply-separate",
        severity: "warning",
        says: "「日本閉域通信株式会社」と自社の間",
        edits: &[service(INFRASTRUCTURE, separate)],
    }]);
    let text = markdown(&sample(), "agreement-items", &[]);
    holds(
        &text,
        &["インフラ（閉域網）を提供する日本閉域通信株式会社を選定する", "求めに応じて株式会社みおつくしに報告する"],
    );
}

/// PARTY-006: the supply chain is printed, and each of its edges is checked.
#[test]
fn the_supply_chain_is_printed_and_checked() {
    let text = markdown(&sample(), "agreement-items", &[]);
    holds(&text, &["閉域網サービス利用契約", "令和7年4月1日から", "データセンターと医療機関の間の閉域網"]);
    let to_institution = CARRIER_EDGE.replace("customer: 対象事業者", "customer: 医療機関");
    let ended = CARRIER_EDGE.replace("    reports", "    end: 2020-01-01\n    reports");
    let no_contract = CARRIER_EDGE.replace("    contract: 閉域網サービス利用契約\n", "");
    let astray = CARRIER_EDGE.replace("customer: 対象事業者", "customer: 他社");
    let silent = CARRIER_EDGE.replace("reports: yes", "reports: unknown");
    let case = |rule, severity, says, edge| (rule, severity, says, [service(CARRIER_EDGE, edge)]);
    for (rule, severity, says, edits) in [
        case("supply-to-institution", "error", "医療機関等と直接の契約がないのに", to_institution.as_str()),
        case("supply-dates", "error", "契約の終わり（2020-01-01）が始まり（2025-04-01）より前", &ended),
        case("supply-uncontracted", "warning", "契約が書かれていません", &no_contract),
        case("supply-unconnected", "warning", "自社にも医療機関等にもつながっていません", &astray),
        case("supply-report", "warning", "報告の約束が確認できませんでした", &silent),
    ] {
        each_fires(&[Case { rule, severity, says, edits: &edits }]);
    }
}

/// MODEL-009, FLOW-012: whoever takes part has a place in the model, flows of its own, and runs the ways between sites.
#[test]
fn everybody_who_takes_part_is_in_the_model() {
    let cloud = "  - { id: クラウド社, name: 雲海クラウド株式会社, kind: provider }\n  - id: 患者\n";
    let separate = "  infrastructure: { form: \"3\", party: クラウド社 }\n";
    let edits: &[Edit] = &[service("  - id: 患者\n", cloud), service(INFRASTRUCTURE, separate)];
    each_fires(&[
        Case { rule: "party-without-element", severity: "warning", says: "雲海クラウド株式会社", edits },
        Case { rule: "supplier-without-flow", severity: "warning", says: "雲海クラウド株式会社", edits },
        Case {
            rule: "link-operator-missing",
            severity: "warning",
            says: "「閉域VPN」",
            edits: &[system("    operator: 通信回線事業者\n", "")],
        },
    ]);
}

/// MODEL-015, INST-002: a place abroad, or under foreign law, is named and contradicts 6.1.
#[test]
fn places_abroad_contradict_the_answer() {
    let remote = "side: provider, country: 日本, entry: controlled }\n\nnodes:";
    let at = |place: &str| format!("side: provider, {place}, entry: controlled }}\n\nnodes:");
    for (place, rule) in
        [("country: アメリカ", "country-abroad"), ("country: 日本, jurisdiction: アメリカ", "jurisdiction-abroad")]
    {
        let to = at(place);
        let edits: &[Edit] = &[system(remote, &to)];
        each_fires(&[
            Case { rule, severity: "error", says: "アメリカ", edits },
            Case {
                rule: "statutory-contradiction",
                severity: "error",
                says: "6.1は「対応」ですが、拠点「遠隔地」",
                edits,
            },
        ]);
    }
    for same in ["country: Japan", "country: JP", "country: 日本国, jurisdiction: 日本"] {
        let dir = edited(&[system(remote, &at(same))]);
        let checks = checked(&dir);
        for rule in ["country-abroad", "jurisdiction-abroad", "country-missing"] {
            assert!(of_rule(&checks, rule).is_empty(), "{same}: {rule}");
        }
    }
}

/// PARTY-009: four roles, each once and complete, printed with term and qualification.
#[test]
fn the_four_roles_are_asked_once_each_and_printed() {
    let text = markdown(&sample(), "provided-information", &[]);
    holds(&text, &["任期", "2年（再任可）", "情報処理安全確保支援士"]);
    each_fires(&[
        Case {
            rule: "role-missing",
            severity: "warning",
            says: "個人情報保護責任者が決まっていません",
            edits: &[service("role: privacy-officer", "role: operation-manager")],
        },
        Case {
            rule: "role-twice",
            severity: "error",
            says: "運用管理責任者が二人",
            edits: &[service("role: privacy-officer", "role: operation-manager")],
        },
        Case {
            rule: "role-incomplete",
            severity: "note",
            says: "管理責任者の任期が",
            edits: &[service("    period: 2年（再任可）\n", "")],
        },
        Case {
            rule: "role-incomplete",
            severity: "note",
            says: "システム管理者の資格・経験が",
            edits: &[service("    qualification: 情報処理安全確保支援士、情報セキュリティの実務10年\n", "")],
        },
    ]);
}

const ITEM_TWO: &str =
    "  - { item: 2, document: 安全管理体制図, disclosure: 契約前に提示, nda: no, disclosed_on: 2026-09-24 }\n";

/// PARTY-013: the selection file is complete, without doubles, and its certificates hold.
#[test]
fn the_selection_file_is_checked() {
    each_fires(&[
        Case {
            rule: "selection-missing",
            severity: "warning",
            says: "2番の資料がありません",
            edits: &[service(ITEM_TWO, "")],
        },
        Case {
            rule: "selection-incomplete",
            severity: "warning",
            says: "2番の開示方法・条件・範囲・開示日が",
            edits: &[service(ITEM_TWO, "  - { item: 2, document: 安全管理体制図, nda: no }\n")],
        },
        Case {
            rule: "selection-twice",
            severity: "error",
            says: "2番が二度",
            edits: &[service(ITEM_TWO, &format!("{ITEM_TWO}{ITEM_TWO}"))],
        },
        Case {
            rule: "certification-expired",
            severity: "warning",
            says: "「プライバシーマーク」の有効期限（2020-01-01）が発行日（2026-12-01）より前",
            edits: &[
                service("expires_on: 2027-09-30", "expires_on: 2020-01-01"),
                service("  valid_from: 2026-12-01\n", "  valid_from: 2026-12-01\n  issued_on: 2026-12-01\n"),
            ],
        },
    ]);
}

/// INST-001: an answer to chapter 6 carries what an answer to a control carries, and fits the model.
#[test]
fn answers_to_chapter_six_are_checked_like_controls() {
    let dir = copy_of_sample();
    let answer = |text: &str| {
        fs::write(dir.path().join(CONFORMITY), format!("statutory:\n  - {{ {text} }}\n")).expect("written");
        checked(&dir)
    };
    for (text, rule) in [
        ("item: '6.1', status: met", "how-missing"),
        ("item: '6.1', status: met, how: 国内に置く", "evidence-missing"),
        ("item: '6.1', status: met, how: 国内に置く", "answer-unsigned"),
        ("item: '6.4', status: planned, how: 決める", "due-missing"),
        ("item: '6.4', status: alternative, how: 別に扱う", "reason-missing"),
        ("item: '6.4', status: not-applicable", "reason-missing"),
        ("item: '6.2', row: 6.2-b3, status: partial", "how-missing"),
        ("item: '6.2', row: 6.2-z9, status: met", "statutory-unknown"),
        ("item: '6.1', status: met, how: 国内, explained: yes, explained_to: 誰か", "reference-missing"),
        ("item: '6.1', status: met, how: 国内, explained: yes", "statutory-explained-when"),
        ("item: '6.1', status: met, how: 国内", "statutory-unexplained"),
        ("item: '6.2', status: not-applicable, reason: 保存しない", "statutory-contradiction"),
        ("item: '6.3', status: not-applicable, reason: 署名しない", "statutory-contradiction"),
        ("item: '6.5', status: not-applicable, reason: 外に置かない", "statutory-contradiction"),
    ] {
        assert!(!of_rule(&answer(text), rule).is_empty(), "{text}: {rule}");
    }
    let whole = "item: '6.1', status: met, how: 国内に置く, evidence: [一覧], explained: yes, explained_on: 2026-11-01, \
                 explained_to: 医療機関, decided: { by: 標 一郎, on: 2026-11-16, reason: 確かめた }";
    let checks = answer(whole);
    for rule in
        ["how-missing", "evidence-missing", "answer-unsigned", "statutory-contradiction", "statutory-unexplained"]
    {
        assert!(of_rule(&checks, rule).is_empty(), "{rule}");
    }
    holds(&markdown(dir.path(), "conformity", &[]), &["説明: はい（令和8年11月1日、あおば内科クリニック）"]);
    // A document with a signature is no contradiction once the reason speaks of it.
    let checks = answer("item: '6.3', status: not-applicable, reason: 処方箋には紙に押印する");
    assert!(of_rule(&checks, "statutory-contradiction").is_empty());
}

/// INST-004, T-12: lines have ids, a section settles its lines, and places where nothing is kept do not apply.
#[test]
fn lines_of_chapter_six_can_be_found_and_settled() {
    let shown = shirube(&["catalog", "show", "6.2"]);
    assert_eq!((shown.code, shown.stdout.matches("\n  6.2-").count()), (0, 24), "{}", shown.stdout);
    let row = shirube(&["catalog", "show", "6.2-a6"]);
    holds(&row.stdout, &["相互認証", "ネットワークを通じて医療機関等の外部に保存する場合"]);
    let list = output(&["catalog", "list", "--format", "json"]);
    assert_eq!(list["statutory"].as_array().map(Vec::len), Some(5));

    let dir = copy_of_sample();
    let unanswered = |text: &str| -> u64 {
        fs::write(dir.path().join(CONFORMITY), text).expect("written");
        let open = checked(&dir)["open"].clone();
        let points = open.as_array().expect("open points");
        points
            .iter()
            .find(|point| point["rule"] == "statutory-unanswered")
            .map_or(0, |p| p["open"].as_u64().expect("n"))
    };
    assert_eq!(unanswered("statutory: []\n"), 31, "the optional line is not counted");
    let section = "statutory: [{ item: '6.3', status: not-applicable, reason: 処方箋には紙に押印する }]\n";
    assert_eq!(unanswered(section), 31 - 4, "the section and its three lines");
    holds(&markdown(dir.path(), "conformity", &[]), &["節の答えによる: 処方箋には紙に押印する"]);
    let by_id = "statutory: [{ item: '6.2', row: 6.2-a1, status: met }, { item: '6.2', row: (3) 更新履歴の保存, status: met }]\n";
    assert_eq!(unanswered(by_id), 31 - 2, "by id or by title");
    let storage = "statutory: []\nstorage: { places: [institution], reason: 院内のサーバにだけ保存する }\n";
    assert_eq!(unanswered(storage), 31 - 5, "the five lines on keeping outside");
    let checks = checked(&dir);
    let said = of_rule(&checks, "statutory-contradiction");
    assert!(said.iter().any(|[_, message]| message.contains("医療機関等の外部で医療情報を保存します")), "{said:?}");
}

/// DOC-002: an issued document is complete and consistent, and names the institutions.
#[test]
fn an_issued_document_is_complete() {
    holds(&markdown(&sample(), "flows", &[]), &["対象の医療機関等", "あおば内科クリニック"]);
    let issued = "  valid_from: 2026-12-01\n  issued_on: 2026-12-01\n";
    each_fires(&[
        Case {
            rule: "document-incomplete",
            severity: "error",
            says: "文書番号・承認がありません",
            edits: &[
                service("  number: MO-SEC-2026\n", ""),
                service("  approver: 代表取締役 標 一郎\n", ""),
                service("  valid_from: 2026-12-01\n", issued),
            ],
        },
        Case {
            rule: "document-dates",
            severity: "error",
            says: "適用終了日（2026-01-01）が適用開始日（2026-12-01）より前",
            edits: &[service("  valid_from: 2026-12-01\n", "  valid_from: 2026-12-01\n  valid_to: 2026-01-01\n")],
        },
        Case {
            rule: "history-mismatch",
            severity: "warning",
            says: "版は「第1.0版」ですが、改訂履歴の最後は「第0.9版」",
            edits: &[service("  edition: 第0.9版\n", "  edition: 第1.0版\n")],
        },
        Case {
            rule: "issue-blocked",
            severity: "warning",
            says: "「案」のままです: ",
            edits: &[service("  valid_from: 2026-12-01\n", issued)],
        },
    ]);
}

/// DOC-004: what needs a secrecy agreement is never in the copy for anybody, and only two documents have such a copy.
#[test]
fn the_open_copy_withholds_what_is_under_a_secrecy_agreement() {
    let name = "個人データの安全管理に関する実績の説明書";
    holds(&markdown(&sample(), "provided-information", &[]), &[name, "安全管理体制図"]);
    let open = markdown(&sample(), "provided-information", &["--copy", "open"]);
    assert!(!open.contains("あおば内科クリニック"), "who our customers are is theirs to tell");
    holds(&open, &["個別に開示", "安全管理体制図", "公開"]);
    assert!(!open.contains(name));
    let unknown = edited(&[service(ITEM_TWO, &ITEM_TWO.replace(", nda: no", ""))]);
    let open = markdown(unknown.path(), "provided-information", &["--copy", "open"]);
    assert!(!open.contains("安全管理体制図"), "not known to be open is not open");
    let out = tempfile::tempdir().expect("a temporary folder");
    let other = shirube(&["report", path(&unknown), "--out", path(&out), "--copy", "open", "--doc", "conformity"]);
    assert!(other.code == 2 && other.stderr.contains("対策項目対応表"), "{}", other.stderr);
}

/// DOC-005, DOC-012, T-03: each of the 19 items says what there is, by number and edition, and what is not said of it.
#[test]
fn the_list_of_provided_information_agrees_with_what_is_made() {
    let text = markdown(&sample(), "provided-information", &[]);
    holds(
        &text,
        &[
            "全体構成図（MO-SEC-2026-01 第0.9版）案",
            "対策項目対応表の「制度上の要求事項（第6章）」（MO-SEC-2026-05 第0.9版）案",
            "情報提供項目一覧の「安全管理の責任者」（MO-SEC-2026-08 第0.9版）案",
            "未記載",
        ],
    );
    let checks = checked(&copy_of_sample());
    let missing = of_rule(&checks, "provided-missing");
    holds(&missing[0][1], &["情報提供項目19件のうち2件（13・16番）"]);
    let undisclosed = of_rule(&checks, "provided-undisclosed");
    holds(&undisclosed[0][1], &["5・7・8・10・19番"]);

    let said = edited(&[service(
        ITEM_TWO,
        &format!("{ITEM_TWO}  - {{ item: 7, disclosure: 契約時に渡す, nda: no, disclosed_on: 2026-10-01 }}\n"),
    )]);
    let text = markdown(said.path(), "provided-information", &[]);
    let line = text.lines().find(|line| line.contains("| 7 |")).expect("item 7");
    holds(line, &["全体構成図（MO-SEC-2026-01 第0.9版）案", "契約時に渡す", "令和8年10月1日"]);

    let blank = folder_with("");
    holds(&of_rule(&checked(&blank), "provided-missing")[0][1], &["19件（1・2・3・4・5・6・7・8・"]);
}

/// T-01, T-10, PARTY-019: legal duties and phases can be looked up and are told the institution.
#[test]
fn legal_duties_and_phases_are_data() {
    for id in ["3.1.2", "3.2.1"] {
        let shown = shirube(&["catalog", "show", id]);
        holds(&shown.stdout, &["3.1.2 対象事業者の説明義務", "3.2.1 契約前の合意形成及び契約中の合意の維持"]);
    }
    holds(
        &shirube(&["catalog", "show", "3.1.1"]).stdout,
        &["民法第644条", "刑法第134条", "個人情報保護法第20条", "第22条"],
    );
    holds(&shirube(&["catalog", "show", "3.2.2"]).stdout, &["開発フェーズ", "運用フェーズ", "契約終了フェーズ"]);
    holds(&shirube(&["catalog", "show", "2.2.3"]).stdout, &["A1+P1+I3", "図2-6"]);
    let text = markdown(&sample(), "agreement-items", &[]);
    holds(
        &text,
        &["危機管理対応時", "詳しい情報を医療機関等に伝え", "3.1.1 安全管理義務", "善管注意義務（民法第644条）"],
    );
}

/// A folder in which everything is decided: one server, all its risks rated, all questions answered.
fn decided() -> tempfile::TempDir {
    let dir = folder_with(
        "
sites: [{ id: 拠点, name: 拠点, owner: 自社, side: provider, country: 日本, entry: controlled }]
nodes:
  - { id: サーバ, name: サーバ, kind: server, site: 拠点, environment: production, at_end_none: 廃棄しない試験用 }
actors: [{ id: 要員, name: 要員, party: 自社 }, { id: 職員, name: 職員, party: 院 }]
information_classes: [{ id: 分類, name: 分類, importance: 1 }]
information: [{ id: 情報, name: 情報, class: 分類, kind: application-provision, medical: no, medical_reason: 試験 }]
handlings: [{ layer: application, actor: 要員, nodes: [サーバ], information: 情報, how: [閲覧する] }]
",
    );
    let signed = json!({ "by": "標", "on": "2026-11-16", "reason": "確かめた" });
    let role = |role: &str| json!({ "role": role, "name": "標", "duties": "d", "appointment": "a", "period": "p", "deputy": "d", "qualification": "q" });
    let roles = ["final-responsible", "system-administrator", "operation-manager", "privacy-officer"].map(role);
    write(
        dir.path(),
        SERVICE,
        &json!({
            "service": { "name": "試験" },
            "provider": "自社",
            "editions": ["pg-1.0", "mhlw-5.0"],
            "parties": [
                { "id": "自社", "name": "自社", "kind": "provider", "scope": {
                    "direct_contract": "yes", "supplies_resources": "no", "receives_by_patient_instruction": "no",
                    "receives_from_patients_only": "no", "reason": "契約がある" } },
                { "id": "院", "name": "院", "kind": "institution", "institution_kind": "clinic" },
            ],
            "delivery": {
                "application": { "form": "1", "party": "自社" },
                "platform": { "form": "1", "party": "自社" },
                "infrastructure": { "form": "1", "party": "自社" },
            },
            "roles": roles,
            "document": {
                "number": "N", "edition": "第1版", "issued_on": "2026-12-01", "valid_from": "2026-12-01",
                "author": "標", "approver": "標",
                "history": [{ "edition": "第1版", "on": "2026-12-01", "change": "作成", "author": "標", "approver": "標" }],
            },
        }),
    );
    let assessed = output(&["assess", path(&dir), "--format", "json"]);
    let risks: Vec<&Value> = assessed["risks"].as_array().expect("risks").iter().map(|risk| &risk["id"]).collect();
    assert!(!risks.is_empty());
    let catalog = output(&["catalog", "list", "--format", "json"]);
    let considerations =
        ["authentication", "log-retention", "network-path", "wireless-lan", "small-media", "continuity"];
    write(
        dir.path(),
        "assessment.yaml",
        &json!({
            "threats_reviewed": signed,
            "decisions": [{
                "risks": risks, "impact": 1, "impact_reason": "小さい", "likelihood": 1, "likelihood_reason": "低い",
                "decided": signed,
            }],
            "considerations": considerations.map(|item| json!({
                "item": item, "answer": "そうしている", "decided": signed, "continuity":
                (item == "continuity").then(|| json!({ "disaster_stop": "紙で続ける", "mass_demand": "増やす",
                    "restart_with_loss": "突き合わせる" })) })),
        }),
    );
    // The person has seen the flows, and the grounds of the decision as they are.
    let findings = checked(&dir)["findings"].clone();
    let review = findings.as_array().expect("findings").iter().find(|f| f["rule"] == "flows-not-reviewed");
    let advice = review.and_then(|finding| finding["advice"].as_str()).expect("an advice");
    let digest = advice.split("digest: ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a digest");
    let system = fs::read_to_string(dir.path().join(SYSTEM)).expect("readable");
    let seen = format!("{system}flows_reviewed: {{ by: 標, on: 2026-11-16, flows: 1, digest: \"{digest}\" }}\n");
    fs::write(dir.path().join(SYSTEM), seen).expect("written");
    let basis = output(&["assess", path(&dir), "--format", "json"])["decisions"][0]["basis"].clone();
    change(dir.path(), "assessment.yaml", |v| v["decisions"][0]["basis"] = basis.clone());
    let answer = |key: &str, id: &Value| json!({ key: id, "status": "met", "how": "そうしている", "evidence": ["記録"], "decided": signed });
    let mut statutory = Vec::new();
    for item in catalog["statutory"].as_array().expect("chapter 6") {
        statutory.push(answer("item", &item["id"]));
        for row in item["rows"].as_array().expect("rows") {
            let mut of_row = answer("row", &row["id"]);
            of_row["item"] = item["id"].clone();
            statutory.push(of_row);
        }
    }
    let controls = catalog["controls"].as_array().expect("controls").iter().map(|control| {
        let mut answer = answer("control", &control["id"]);
        answer["agreement"] = json!("合意した");
        answer
    });
    write(dir.path(), CONFORMITY, &json!({ "answers": controls.collect::<Vec<_>>(), "statutory": statutory }));
    dir
}

/// JSON is YAML too.
fn write(dir: &Path, file: &str, value: &Value) {
    fs::write(dir.join(file), serde_json::to_string_pretty(value).expect("JSON")).expect("written");
}

fn change(dir: &Path, file: &str, with: impl Fn(&mut Value)) {
    let mut value = serde_json::from_str(&fs::read_to_string(dir.join(file)).expect("readable")).expect("JSON");
    with(&mut value);
    write(dir, file, &value);
}

/// DOC-002, INST-001, PARTY-009, TREAT-010: one open point is enough to keep every document 案, and the cover names it.
#[test]
fn one_open_point_keeps_every_document_a_draft() {
    let done = decided();
    let checks = checked(&done);
    assert_eq!(checks["open"], json!([]));
    assert!(of_rule(&checks, "issue-blocked").is_empty());
    let cover = markdown(done.path(), "flows", &[]);
    assert!(!cover.contains("「案」") && cover.contains("令和8年12月1日"), "{cover}");

    type Change = fn(&mut Value);
    let points: [(&str, &str, Change, &str); 9] = [
        (
            "risk-undecided",
            "assessment.yaml",
            |v| drop(v["decisions"][0]["risks"].as_array_mut().unwrap().pop()),
            "1件は案のまま",
        ),
        (
            "consideration-unanswered",
            "assessment.yaml",
            |v| drop(v["considerations"].as_array_mut().unwrap().pop()),
            "考慮事項6件のうち1件は未回答",
        ),
        (
            "control-unanswered",
            CONFORMITY,
            |v| drop(v["answers"].as_array_mut().unwrap().pop()),
            "対策項目417件のうち1件は未回答",
        ),
        (
            "control-unsigned",
            CONFORMITY,
            |v| v["answers"][0]["decided"] = Value::Null,
            "対策項目の答え1件に決めた人がいない",
        ),
        (
            "statutory-unanswered",
            CONFORMITY,
            |v| drop(v["statutory"].as_array_mut().unwrap().pop()),
            "制度上の要求事項31行のうち1行は未回答",
        ),
        (
            "statutory-unsigned",
            CONFORMITY,
            |v| v["statutory"][0]["decided"] = Value::Null,
            "制度上の要求事項の答え1件に決めた人がいない",
        ),
        ("role-missing", SERVICE, |v| drop(v["roles"].as_array_mut().unwrap().pop()), "責任者4名のうち1名が未定"),
        ("errors", SERVICE, |v| v["document"]["number"] = Value::Null, "要対応の指摘が1件"),
        (
            "risk-untreated",
            "assessment.yaml",
            |v| {
                let last = v["decisions"][0]["risks"].as_array_mut().unwrap().pop().unwrap();
                let mut worse = v["decisions"][0].clone();
                worse["risks"] = json!([last]);
                worse["impact"] = json!(5);
                worse["likelihood"] = json!(5);
                v["decisions"].as_array_mut().unwrap().push(worse);
            },
            "対応が要るのに対応のないリスクが1件",
        ),
    ];
    for (rule, file, open, says) in points {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for name in [SERVICE, SYSTEM, "assessment.yaml", CONFORMITY] {
            fs::copy(done.path().join(name), dir.path().join(name)).expect("copied");
        }
        change(dir.path(), file, open);
        let checks = checked(&dir);
        let points = checks["open"].as_array().expect("open points");
        assert!(points.iter().any(|point| point["rule"] == rule), "{rule}: {points:?}");
        assert!(of_rule(&checks, "issue-blocked")[0][1].contains(says), "{rule}");
        for document in ["flows", "provided-information"] {
            holds(&markdown(dir.path(), document, &[]), &["「案」", says]);
        }
    }
}
