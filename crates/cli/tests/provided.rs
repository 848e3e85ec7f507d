//! What institutions are given before a contract, and what of it anybody may see (requirements PARTY, DOC).

mod support;

use support::edited::{checked, edited, service};
use support::said::{Case, each_fires, holds, markdown, of_rule};
use support::{copy_of_sample, folder_with, path, sample, shirube};

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
