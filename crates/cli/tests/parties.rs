//! Organisations, supply chain, delivery forms and roles (requirements PARTY).

mod support;

use support::edited::{Edit, checked, edited, service, system};
use support::said::{Case, each_fires, holds, markdown, of_rule};
use support::{copy_of_sample, path, sample, shirube};

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
                says: "6.1は「対応済」ですが、拠点「遠隔地」",
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
