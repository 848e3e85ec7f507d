use serde_json::{Value, json};

use super::*;

/// What comes with the program holds together, each id once.
#[test]
fn the_embedded_declarations_hold_together() {
    let exists = |id: &str| registers().iter().any(|register| register.id == id);
    for register in registers() {
        assert_eq!(register.faults(&exists), [], "{}", register.id);
        assert!(!register.sources.is_empty(), "{}", register.id);
        assert_eq!(registers().iter().filter(|other| other.id == register.id).count(), 1, "{}", register.id);
    }
    assert!(exists("media") && exists("disposal"));
}

/// The register of media with one thing changed.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<Fault> {
    let mut value = json!({
        "id": "t", "title": "試験", "group": "assets", "purpose": "試験。", "sources": ["試験"], "entry": "行",
        "evidences": [{ "control": "1.5②-1", "fresh": { "months": 13 } }],
        "fields": [
            { "id": "name", "title": "名前", "kind": "text", "unique": true },
            { "id": "kind", "title": "種類", "kind": "choice", "options": ["甲"] },
            { "id": "who", "title": "人", "kind": "person" },
            { "id": "on", "title": "日", "kind": "date" },
            { "id": "end", "title": "終わり", "kind": "date", "not_before": "on", "required": ["done"] },
            { "id": "same", "title": "前の行", "kind": "entry", "of": "t" },
        ],
        "states": [{ "id": "open", "title": "開" }, { "id": "done", "title": "済み", "closed": true }],
        "steps": [{ "id": "close", "title": "終える", "from": ["open"], "to": "done", "requires": ["end"],
            "by": "approver", "other_than": "who" }],
        "duties": [
            { "id": "look", "title": "見る", "per": "entry", "every": { "months": 1 }, "from": "on", "while": ["open"],
                "owner": "who", "evidences": ["1.5②-1"] },
            { "id": "renew", "title": "替える", "per": "entry", "before": { "field": "end", "days": 30 } },
        ],
        "print": { "columns": ["name"] },
    });
    change(&mut value);
    let register: Register = serde_json::from_value(value).expect("it has the shape");
    register.faults(&|id| id == "t")
}

#[test]
fn what_does_not_hold_together_is_named_with_its_place() {
    assert_eq!(changed(|_| {}), []);
    for (pointer, value, place, says) in [
        ("/id", json!("台帳"), "/id", "idに使えません"),
        ("/steps/0/guard", json!("maintenance"), "/steps/0/guard", "備え付けの台帳「maintenance-notices」だけ"),
        ("/id", json!("log"), "/id", "ほかの記録のファイル"),
        ("/named_by", json!(["none"]), "/named_by/0", "「none」という欄はありません"),
        ("/title", json!("　"), "/title", "空になっています"),
        ("/evidences/0/control", json!("9.9①-1"), "/evidences/0/control", "別紙2にありません"),
        ("/fields/1/id", json!("name"), "/fields/1/id", "二度書かれています"),
        ("/fields/1/title", json!("名前"), "/fields/1/title", "二度使われています"),
        ("/fields/1/title", json!("状態"), "/fields/1/title", "どの台帳にもある列"),
        ("/fields/1/options", json!([]), "/fields/1", "選べるものがありません"),
        ("/fields/0/options", json!(["甲"]), "/fields/0/options", "choiceの欄だけ"),
        ("/fields/5/of", json!("none"), "/fields/5/of", "「none」という台帳はありません"),
        ("/fields/5/of", json!(null), "/fields/5", "ofに台帳のid"),
        ("/fields/0/of", json!("t"), "/fields/0/of", "entryの欄だけ"),
        ("/fields/4/required", json!(["gone"]), "/fields/4/required", "「gone」という状態はありません"),
        ("/fields/4/not_before", json!("name"), "/fields/4/not_before", "日付の欄ではありません"),
        ("/states/0/closed", json!(true), "/states/0", "最初の状態が、終わった状態"),
        ("/steps/0/from", json!(["done"]), "/states/1", "進む手続がありません"),
        ("/steps/0/to", json!("gone"), "/steps/0/to", "「gone」という状態はありません"),
        ("/steps/0/requires", json!(["x"]), "/steps/0/requires/0", "「x」という欄はありません"),
        ("/steps/0/other_than", json!("x"), "/steps/0/other_than", "「x」という欄はありません"),
        ("/duties/0/title", json!("終える"), "/duties/0", "手続にも同じ"),
        ("/duties/0/every", json!(null), "/duties/0", "どれか一つ"),
        ("/duties/0/every", json!({ "hours": 1 }), "/duties/0/every", "days、weeks、months、years"),
        ("/duties/0/every", json!({ "days": 0 }), "/duties/0/every", "1以上"),
        ("/duties/0/from", json!("who"), "/duties/0/from", "日付の欄ではありません"),
        ("/duties/0/while", json!(["gone"]), "/duties/0/while/0", "「gone」という状態はありません"),
        ("/duties/0/owner", json!("nobody"), "/duties/0/owner", "「nobody」という欄はありません"),
        ("/duties/1/per", json!("register"), "/duties/1/before", "perがentry"),
        ("/duties/1/before/field", json!("x"), "/duties/1/before/field", "「x」という欄はありません"),
        ("/print/columns", json!([]), "/print/columns", "一つ以上"),
        ("/print/columns", json!(["x"]), "/print/columns/0", "「x」という欄はありません"),
    ] {
        let faults = changed(|register| set(register, pointer, value));
        let found = faults.iter().any(|fault| fault.pointer == place && fault.message.contains(says));
        assert!(found, "{pointer}: {faults:?}");
    }
}

/// Sets what a pointer leads to, also where nothing stood yet.
fn set(register: &mut Value, pointer: &str, value: Value) {
    let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
    register.pointer_mut(holder).expect("it is there")[key] = value;
}

#[test]
fn unknown_keys_and_two_units_are_refused() {
    for bad in [json!({ "months": 1, "days": 1 }), json!({}), json!({ "moons": 1 })] {
        assert!(serde_json::from_value::<Span>(bad.clone()).is_err(), "{bad}");
    }
    assert!(serde_json::from_value::<RegisterState>(json!({ "id": "a", "title": "a", "open": true })).is_err());
    let bound: Bound = serde_json::from_value(json!({ "field": "ends_on" })).expect("a bound");
    assert_eq!(bound.span, None);
}
