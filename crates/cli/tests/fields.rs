//! Everything that the guideline's forms have has its place in our documents, row by row.

mod support;

use std::fs;

use support::{sample, shirube};

/// A document of the sample as plain text, without the signs of Markdown.
fn text(name: &str) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let (sample, folder) = (sample(), out.path().to_str().expect("UTF-8").to_owned());
    let ran = shirube(&["report", sample.to_str().expect("UTF-8"), "--out", &folder, "--doc", name, "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(out.path().join(format!("{name}.md"))).expect("written").replace('\\', "")
}

fn holds(name: &str, rows: &[(&str, &[&str])]) {
    let text = text(name);
    let lacking = |(id, titles): &(&str, &[&str])| {
        let missing: Vec<&str> = titles.iter().filter(|title| !text.contains(**title)).copied().collect();
        (!missing.is_empty()).then(|| format!("{id}: {missing:?}"))
    };
    let lacking: Vec<String> = rows.iter().filter_map(lacking).collect();
    assert!(lacking.is_empty(), "{name} lacks {lacking:#?}");
}

/// T-11: every column and field of the form of the disclosure.
#[test]
fn the_disclosure_has_every_field_of_the_form() {
    holds(
        "disclosure",
        &[
            ("DOC-006", &["上記文書の整備状況", "開示方法・条件・範囲"]),
            ("DOC-007", &["情報セキュリティに関する役職", "役職及び氏名", "役割"]),
            ("DOC-007", &["管理責任者", "システム管理者", "運用管理責任者", "個人情報保護責任者"]),
            (
                "DOC-008",
                &["個人情報の流出事故がない旨の実績", "受託情報の目的外利用、不当利用等を行っていないことに対する実績"],
            ),
            ("DOC-009", &["上記内容を示す文書名"]),
            ("DOC-010", &["医療機関等の運用管理規程に定める必要がある事項"]),
            ("DOC-011", &["点検や評価の内容", "点検や評価の実施者", "点検や評価の結果の開示方法・条件・範囲"]),
            ("DOC-012", &["③ 医療情報システム等の全体構成図", "④ リスク対応一覧"]),
            ("DOC-013", &["⑤ 医療情報システム等の安全管理に係る基本方針", "上記内容を定めた文書名"]),
            ("DOC-014", &["部門", "再委託事業者の有無", "再委託業務内容"]),
            (
                "DOC-015",
                &[
                    "⑦ 契約書・マニュアル等の文書の管理方法",
                    "⑧ 機器等を用いる場合の機器等の管理方法",
                    "⑨ リスク対応策の運用方法",
                ],
            ),
            ("DOC-016", &["⑩ 事故発生時の対応方法及び医療機関等への報告方法"]),
            ("DOC-017", &["⑪ 医療情報を格納する記憶媒体の管理方法"]),
            ("DOC-018", &["⑫ 医療情報の外部保存に係る患者等への説明方法"]),
            ("DOC-019", &["監査の実施方針", "監査結果の概要に関する開示の有無", "開示する場合の開示方法・条件・範囲"]),
            ("DOC-020", &["⑭ 医療機関等の管理者からの問い合わせ窓口"]),
            ("DOC-021", &["サービス提供に際して遵守している個人情報に係る法令、ガイドライン・ガイダンス"]),
            ("DOC-021", &["医療情報システム等及び医療情報に対する国内法の適用状況"]),
        ],
    );
}

/// T-12: every row of the requirements on electronic storage, signatures and storage outside.
#[test]
fn the_disclosure_has_every_row_on_what_the_law_requires() {
    holds(
        "disclosure",
        &[
            ("DOC-022", &["サービスの提供に際して処理を行うe-文書法の対象範囲となる医療関係文書"]),
            (
                "INST-005",
                &["入力者及び確定者の識別及び認証", "記録の確定手順の確立と、識別情報の記録", "更新履歴の保存"],
            ),
            ("INST-005", &["代行入力の承認機能", "機器・ソフトウェアの品質管理", "リモートログイン機能を制限すること"]),
            (
                "INST-005",
                &[
                    "通信の相手先が正当であることを認識するための相互認証を行うこと",
                    "「改竄」されていないことを保証すること",
                ],
            ),
            (
                "INST-006",
                &[
                    "情報の所在管理",
                    "見読化手段の管理",
                    "見読目的に応じた応答時間",
                    "システム障害対策としての冗長性の確保",
                ],
            ),
            (
                "INST-006",
                &["バックアップサーバ", "見読性確保のための外部出力", "遠隔地のデータバックアップを使用した見読機能"],
            ),
            ("INST-006", &["緊急に必要なことが予測される診療録等", "緊急に必要なことまではいえない診療録等"]),
            (
                "INST-007",
                &[
                    "ウイルスや不適切なソフトウェア等による情報の破壊及び混同等の防止",
                    "媒体・機器・ソフトウェアの不整合",
                ],
            ),
            (
                "INST-007",
                &["不適切な保管・取扱いによる情報の滅失、破壊の防止", "記録媒体、設備の劣化による読み取り不能"],
            ),
            (
                "INST-009",
                &[
                    "法令で定められた記名・押印を電子署名で行う文書",
                    "電子署名を含む文書全体にタイムスタンプを付与すること",
                ],
            ),
            ("INST-009", &["認定特定認証事業者", "上記タイムスタンプを付与する時点で有効な電子証明書を用いること"]),
            ("INST-010", &["サービスの提供に際して処理するその他取扱いに注意を要する文書等"]),
            ("INST-011", &["個人情報保護法への準拠状況"]),
            ("INST-012", &["保守に要る範囲を超えて見ないこと", "分析に使わないこと", "匿名にした情報も同じに扱うこと"]),
            ("INST-012", &["当社の判断で第三者に渡さないこと", "守秘・監督・違約の定め"]),
        ],
    );
}

/// What the sample of the contract names and does not contain comes with ours; the order of rules and what happens where
/// those of both parties differ is written out.
#[test]
fn the_contract_has_its_annexes_and_the_order_of_rules() {
    holds(
        "sla",
        &[
            ("DOC-027", &["開示書に記載した内容は、本SLAの一部とし"]),
            ("DOC-028", &["サービス提供システム概要", "提供サービス全体構成図", "サービス利用環境"]),
            (
                "DOC-028",
                &["ネットワーク経路上の安全管理対策", "不正アクセス対策", "アクセス制御", "受託情報の管理", "要員教育"],
            ),
            ("DOC-031", &["アクセス制御の方針", "個人情報の保護の方針", "運用管理の理念", "サポートデスク実施要領"]),
            ("DOC-032", &["定めがない事項", "相違がないもの", "甲及び乙が条項ごとに協議して決めたもの"]),
            ("DOC-033", &["大きな影響を及ぼす改定をするときは、あらかじめ甲に報告する"]),
        ],
    );
}
