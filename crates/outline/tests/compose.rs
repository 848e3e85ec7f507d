//! An outline becomes a document: what applies, numbers, references, facts, and what is missing.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shirube_outline::{
    Block, Change, Composed, Facts, NOT_STATED, Outline, Overlay, OwnClause, Piece, Settings, Why, check, compose,
    fingerprint, read, references,
};

const CONTRACT: &str = include_str!("data/contract.yaml");
const RULES: &str = include_str!("data/rules.yaml");

fn outline(text: &str) -> Outline {
    let value: Value = serde_saphyr::from_str(text).unwrap();
    let outline = read(&value).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    assert_eq!(check(&outline), []);
    outline
}

fn schema() -> Value {
    json!({
        "properties": {
            "service": { "properties": { "name": { "type": "string" }, "starts_on": { "type": "string" } } },
            "sla": { "$ref": "#/$defs/Sla" },
            "control": { "type": "object", "additionalProperties": { "$ref": "#/$defs/Control" } },
        },
        "$defs": {
            "Sla": { "properties": {
                "target": { "type": "number" },
                "fee": { "type": "integer" },
                "from": { "type": "string" },
                "windows": { "type": "array", "items": { "$ref": "#/$defs/Window" } },
                "support": { "anyOf": [{ "$ref": "#/$defs/Support" }, { "type": "null" }] },
                "reports": { "oneOf": [
                    { "const": "monthly", "description": "毎月" }, { "const": "yearly", "description": "毎年" },
                ] },
                "night": { "oneOf": [
                    { "const": "yes", "description": "はい" }, { "const": "no", "description": "いいえ" },
                    { "const": "unknown", "description": "不明" },
                ] },
                "exceptions": { "type": "array", "items": { "type": "string" } },
            } },
            "Control": { "properties": { "id": { "type": "string" }, "status": { "type": "string" } } },
            "Window": { "properties": { "days": { "type": "string" }, "from": { "type": "string" } } },
            "Support": { "properties": { "hours": { "type": "string" } } },
        },
    })
}

fn control() -> Value {
    json!({
        "3.4①-14": { "id": "3.4①-14", "status": "met" }, "3.4①-15": { "id": "3.4①-15", "status": "planned" },
        "3.14①-1": { "id": "3.14①-1", "status": "met" },
    })
}

fn full() -> Value {
    json!({
        "service": { "name": "みおつくし", "starts_on": "2026-12-01" },
        "control": control(),
        "sla": {
            "target": 99.95, "fee": 1_250_000, "from": "08:30", "reports": "monthly", "night": "yes",
            "windows": [{ "days": "平日", "from": "09:00" }, { "days": "土曜日", "from": "" }],
            "support": { "hours": "平日の9時から18時まで" },
            "exceptions": ["停電", "回線の障害"],
        },
    })
}

fn made(outline: &Outline, facts: &Value, overlay: Overlay) -> Composed {
    let settings = Settings { overlay, ..Settings::default() };
    compose(outline, &Facts::new(facts, &schema()), &settings).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// Everything that is printed, line by line.
fn lines(document: &Composed) -> Vec<String> {
    fn pieces(pieces: &[Piece], lines: &mut Vec<String>) {
        for piece in pieces {
            match piece {
                Piece::Paragraph { label, text } | Piece::Item { label, text, .. } => {
                    lines.push(format!("{label} {text}").trim().to_owned());
                }
                Piece::Remark(text) | Piece::Aligned { text, .. } => lines.push(text.clone()),
                Piece::Table { caption, head, rows, .. } => {
                    lines.push(format!("{caption}: {}", head.join("|")));
                    lines.extend(rows.iter().map(|row| row.join("|")));
                }
            }
        }
    }
    let mut lines = Vec::new();
    pieces(&document.preamble, &mut lines);
    for clause in document.walk() {
        lines.push(format!("{} {}", clause.label, clause.title).trim().to_owned());
        pieces(&clause.body, &mut lines);
    }
    pieces(&document.supplement, &mut lines);
    pieces(&document.closing, &mut lines);
    lines
}

#[test]
fn a_contract_says_the_facts_under_running_numbers() {
    let document = made(&outline(CONTRACT), &full(), Overlay::default());
    assert_eq!(
        lines(&document),
        [
            "みおつくしについて、次のとおり合意する。",
            "1. 目的",
            "1.1 提供",
            "乙は2026年12月1日から提供する。目標は2.1(2)による。",
            "2. 水準",
            "2.1 約束",
            "(1) 時間",
            "提供は8時30分に始まる。",
            "① 平日",
            "② 休日",
            "ア 祝日",
            "(2) 稼働率",
            "目標は99.95%とし、料金は1,250,000円とする。除くもの: 停電、回線の障害。",
            "受付: 曜日|始まり",
            "平日|9時",
            "土曜日|－",
            "夜間も受け付ける。報告は毎月とする。",
            "2.2 支援",
            "支援は平日の9時から18時までとする。",
            "3. 終わり",
            "2.2の支援は終わった後も続ける。",
            "別紙1 構成図",
            "別紙2 一覧",
            "対策: 番号",
            "3.4①-14",
            "甲と乙が署名する。別紙2を添える。",
        ]
    );
    assert_eq!(document.missing, []);
    assert!(document.used["sla.target"].contains("uptime"));
    assert!(document.used["sla.windows[1].from"].contains("uptime"));
}

/// DOC-026: a clause that goes takes its number with it, and whoever referred to one that stays still does.
#[test]
fn without_an_optional_clause_numbers_close_up_and_references_follow() {
    let outline = outline(CONTRACT);
    let overlay = Overlay { changes: vec![Change::Drop { clause: "hours".to_owned() }] };
    let lines = lines(&made(&outline, &full(), overlay));
    assert!(lines.contains(&"(1) 稼働率".to_owned()), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("目標は2.1(1)による。")), "{lines:#?}");
}

/// Whatever optional clause goes, no reference dangles and no number is left out.
#[test]
fn any_optional_clause_may_go() {
    for text in [CONTRACT, RULES] {
        let outline = outline(text);
        let optional: Vec<String> =
            outline.walk().filter(|(_, part)| part.optional).map(|(_, part)| part.id.clone()).collect();
        assert!(!optional.is_empty());
        for set in 0..1_usize << optional.len() {
            let dropped = optional.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            let changes: Vec<Change> = dropped.map(|(_, clause)| Change::Drop { clause: clause.clone() }).collect();
            let document = made(&outline, &full(), Overlay { changes });
            let numbers: BTreeSet<&str> = document.walk().map(|clause| clause.reference.as_str()).collect();
            assert_eq!(numbers.len(), document.walk().count(), "a number stands twice");
            for line in lines(&document) {
                assert!(!line.contains(['\u{E000}', '\u{E001}', '{', '}']), "{line}");
            }
        }
    }
    assert!(references(&outline(CONTRACT)).contains(&("provision".to_owned(), "uptime".to_owned())));
}

#[test]
fn rules_count_articles_through_all_chapters() {
    let document = made(&outline(RULES), &full(), Overlay::default());
    let lines = lines(&document);
    let expected = [
        "第1章 総則",
        "第1条 目的",
        "この規程は、安全のために定める。",
        "第2条 言葉",
        "言葉の意味は、次のとおりとする。",
        "(1) 受託情報",
        "ア 原本",
        "(ア) 紙",
        "(2) 事故",
        "2 前項にないものは、第1条による。",
        "3 次のものを除く。",
        "(1) 公開された情報",
        "第2章 体制",
        "第3条 責任者",
        "責任者を置く。第3条第2項による。",
        "2",
        "責任者は別に定める。",
        "1 この規程は、2026年12月1日から施行する。",
        "2 旧規程は廃止する。",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_is_put_in_gets_a_number_behind_or_moves_the_rest() {
    let outline = outline(RULES);
    let own = |id: &str| OwnClause {
        id: id.to_owned(),
        title: "持ち込み".to_owned(),
        body: vec![Block::Text("{{ ref(\"words\") }}のほか、持ち込みは{{ service.name }}に限る。".to_owned())],
    };
    let insert =
        |id: &str, keeps_numbers| Change::Insert { after: "purpose".to_owned(), clause: own(id), keeps_numbers };
    let kept = made(&outline, &full(), Overlay { changes: vec![insert("own-1", true), insert("own-2", true)] });
    let labels: Vec<&str> =
        kept.walk().filter(|clause| clause.depth == 2).map(|clause| clause.label.as_str()).collect();
    assert_eq!(labels, ["第1条", "第1条の2", "第1条の3", "第2条", "第3条"]);
    assert_eq!(kept.clause("own-2").unwrap().reference, "第1条の3");
    let moved = made(&outline, &full(), Overlay { changes: vec![insert("own-1", false)] });
    assert_eq!(moved.clause("responsible").unwrap().label, "第4条");
    assert!(lines(&moved).contains(&"第3条のほか、持ち込みはみおつくしに限る。".to_owned()));
}

/// Nothing is invented: what nobody wrote says so, with its path, the clause and who would know.
#[test]
fn absent_facts_are_printed_as_such_and_listed() {
    let document = made(&outline(CONTRACT), &json!({ "control": control() }), Overlay::default());
    let missing: Vec<(&str, &str, Option<&str>)> = document
        .missing
        .iter()
        .map(|missing| (missing.path.as_str(), missing.reference.as_str(), missing.owner.as_deref()))
        .collect();
    assert_eq!(
        missing,
        [
            ("service.starts_on", "1.1", None),
            ("sla.from", "2.1(1)", Some("operation-manager")),
            ("sla.exceptions", "2.1(2)", Some("system-administrator")),
            ("sla.fee", "2.1(2)", Some("system-administrator")),
            ("sla.reports", "2.1(2)", Some("system-administrator")),
            ("sla.target", "2.1(2)", Some("system-administrator")),
            ("sla.windows", "2.1(2)", Some("system-administrator")),
            ("service.name", "", None),
        ]
    );
    let lines = lines(&document);
    assert!(
        lines.contains(&format!("目標は{NOT_STATED}とし、料金は{NOT_STATED}円とする。除くもの: {NOT_STATED}。")),
        "{lines:#?}"
    );
    // The support clause hangs on facts: it is left out, and so is the sentence that refers to it.
    assert_eq!(
        document.left_out.iter().map(|left| (left.clause.as_str(), left.why)).collect::<Vec<_>>(),
        [("support", Why::NotApplicable)]
    );
    assert!(!lines.iter().any(|line| line.contains("支援は終わった後も")));
}

#[test]
fn every_mistake_comes_at_once_with_its_place() {
    let text = "id: x\ntitle: 題\nstyle: list\nvoice: dearu\nparts:\n  - id: a\n    titel: 題\n    body:\n      - text: 1\n      - table: { head: [a, b], row: [a] }\n      - items: [[a]]\n  - title: b\n";
    let value: Value = serde_saphyr::from_str(text).unwrap();
    let places: Vec<String> = read(&value).unwrap_err().into_iter().map(|mistake| mistake.place).collect();
    assert_eq!(
        places,
        ["style", "parts[1].titel", "parts[1].body[1]", "parts[1].body[2]", "parts[1].body[3][1]", "parts[2].id"]
    );
}

#[test]
fn templates_references_and_controls_are_checked_without_facts() {
    let text = "id: x\ntitle: 題\nstyle: contract\nvoice: dearu\nparts:\n  - id: a\n    title: 題\n    requirements: [9.9①-1, DOC-025]\n    when: 'sla.'\n    body:\n      - text: '{{ ref(\"nowhere\") }}'\n      - text: '{% if %}'\n  - id: a\n    title: 題\n";
    let value: Value = serde_saphyr::from_str(text).unwrap();
    let mistakes = check(&read(&value).unwrap());
    let places: Vec<&str> = mistakes.iter().map(|mistake| mistake.place.as_str()).collect();
    assert_eq!(places, ["a", "a", "a.body[1]", "a.body[2]", "a.when"], "{mistakes:#?}");
}

/// A key that no file could hold is a slip of the pen, not an absent fact.
#[test]
fn a_path_that_cannot_exist_is_a_mistake() {
    let text = CONTRACT.replace("sla.from", "sla.form");
    let mistakes =
        compose(&outline(&text), &Facts::new(&json!({ "control": control() }), &schema()), &Settings::default())
            .unwrap_err();
    assert_eq!(mistakes.len(), 1, "{mistakes:#?}");
    assert_eq!(mistakes[0].place, "hours");
}

#[test]
fn changes_are_refused_where_they_would_break_the_document() {
    let outline = outline(CONTRACT);
    let refused = |change: Change| {
        let settings = Settings { overlay: Overlay { changes: vec![change] }, ..Settings::default() };
        compose(&outline, &Facts::new(&full(), &schema()), &settings).unwrap_err()[0].place.clone()
    };
    assert_eq!(refused(Change::Drop { clause: "uptime".to_owned() }), "uptime");
    assert_eq!(refused(Change::Drop { clause: "nowhere".to_owned() }), "nowhere");
    let body = vec![Block::Text("{{ sla.wage }}".to_owned())];
    assert_eq!(refused(Change::Replace { clause: "hours".to_owned(), title: None, body, seen: None }), "hours");
}

/// A new version of the program leaves replaced wording alone and tells that its original reads differently now.
#[test]
fn replaced_wording_stays_and_says_when_the_original_has_changed() {
    let outline = outline(CONTRACT);
    let part = outline.walk().find(|(_, part)| part.id == "hours").unwrap().1;
    let replaced = |seen: String| {
        let body = vec![Block::Text("常に提供する。".to_owned())];
        let change = Change::Replace { clause: "hours".to_owned(), title: None, body, seen: Some(seen) };
        made(&outline, &full(), Overlay { changes: vec![change] })
    };
    let same = replaced(fingerprint(part));
    assert!(lines(&same).contains(&"常に提供する。".to_owned()));
    assert_eq!(same.differences, []);
    let other = replaced("0".to_owned());
    assert_eq!(other.differences[0].clause, "hours");
    assert_eq!(other.differences[0].fingerprint, fingerprint(part));
}
