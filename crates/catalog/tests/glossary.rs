//! The glossary holds what the guideline lists, and leads nowhere that is not there.

use std::collections::BTreeSet;

use shirube_catalog::{TermKind, glossary};

/// Table T-39.
const TERMS: &str = "ASP・SaaS; IaaS; ICTサプライチェーン; IEEE 802.1x; IoT; ISMS; MACアドレス; Open Systems Dependability; \
    PaaS; SLA; VPN; アクセスポイント; 医療機関等; 医療情報システム等; 改竄; 可用性; 患者等; 完全性; 機密性; 脅威; \
    クラウドサービス; 顕在化率; 見読性; 合意形成; サービス仕様適合開示書; 情報セキュリティ事故; 情報流; 真正性; 脆弱性; \
    セキュリティターゲット; 対象事業者; 盗聴; なりすまし; プライバシーマーク制度; 保存性; 無線LAN; リスク; \
    リスクアセスメント; リスクコミュニケーション; リスク対応; リスク特定; リスク評価; リスク分析; リスクベースアプローチ";
const ABBREVIATIONS: &str = "医療情報安全管理ガイドライン; クラウド事業者ガイドライン; 情報処理事業者ガイドライン";

fn of(kind: TermKind) -> BTreeSet<&'static str> {
    glossary().terms.iter().filter(|term| term.kind == kind).map(|term| term.term.as_str()).collect()
}

/// GLOSS-001: the 44 terms and 3 abbreviations, each with a reading, a text and a source.
#[test]
fn every_word_of_the_guidelines_lists_is_explained() {
    let (terms, abbreviations) = (of(TermKind::Term), of(TermKind::Abbreviation));
    assert_eq!((terms.len(), abbreviations.len()), (44, 3));
    assert_eq!(terms, TERMS.split("; ").collect());
    assert_eq!(abbreviations, ABBREVIATIONS.split("; ").collect());
    for term in &glossary().terms {
        let read = term.reading.chars().all(|c| matches!(c, 'ぁ'..='ゖ' | 'ー' | '・' | ' '));
        assert!(read && !term.reading.is_empty(), "{}: {}", term.term, term.reading);
        assert!(!term.text.is_empty() && !term.source.is_empty(), "{}", term.term);
    }
    let standard = |id: &str| glossary().term(id).unwrap().standard.as_str();
    assert_eq!([standard("availability"), standard("risk-analysis")], ["JIS Q 27000", "JIS Q 31000"]);
}

#[test]
fn ids_are_unique_and_related_words_exist() {
    let ids: BTreeSet<&str> = glossary().terms.iter().map(|term| term.id.as_str()).collect();
    assert_eq!(ids.len(), glossary().terms.len());
    let spellings: Vec<&str> = glossary().terms.iter().flat_map(|term| term.spellings()).collect();
    assert_eq!(spellings.iter().collect::<BTreeSet<_>>().len(), spellings.len(), "a spelling belongs to one word");
    for term in &glossary().terms {
        for related in &term.related {
            assert!(ids.contains(related.as_str()) && *related != term.id, "{}: {related}", term.id);
        }
    }
}

/// GLOSS-005: 真正性, 見読性 and 保存性 are explained twice in the guideline, and the difference is told.
#[test]
fn two_definitions_of_one_word_are_both_there() {
    for id in ["authenticity", "readability", "preservability"] {
        let term = glossary().term(id).unwrap();
        let [other] = term.differs.as_slice() else { panic!("{id}") };
        assert!(other.place.contains("脚注28") && other.text != term.text && !other.difference.is_empty());
    }
}

#[test]
fn words_are_found_by_reading_and_in_any_spelling() {
    let ids = |words: &str| glossary().find(words).iter().map(|term| term.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids("かいざん").first(), Some(&"tampering"));
    assert_eq!(ids("改ざん").first(), Some(&"tampering"));
    assert_eq!(ids("ｖｐｎ").first(), Some(&"vpn"));
    assert_eq!(ids("ﾘｽｸ ひょうか").first(), Some(&"risk-evaluation"));
    assert!(ids("そんな言葉はない").is_empty());
    assert_eq!(ids("").len(), glossary().terms.len());
}
