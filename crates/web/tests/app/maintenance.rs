//! Maintenance through the router: a step waits for the consents of all institutions, and letters hold the facts of one.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::{Answer, Browser, Place};

const NOTICES: &str = "/o/a/s/s-a/registers/maintenance-notices";
const BOARD: &str = "/o/a/s/s-a/maintenance";

async fn office() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-edi", "kaku@a", &[Role::Editor]).await;
    place.with_person("a", "p-app", "mitomeru@a", &[Role::Approver]).await;
    place.with_person("a", "p-aud", "miru@a", &[Role::Auditor]).await;
    place.with_person("a", "p-rea", "yomu@a", &[Role::Reader]).await;
    place.with_institution("a", "i-1", "甲医院", "s-a").await;
    place.with_institution("a", "i-2", "乙医院", "s-a").await;
    place
}

fn change() -> Vec<(&'static str, &'static str)> {
    vec![
        ("v-title", "画面の作り替え"),
        ("v-category", "ウ その他のプログラムの改変"),
        ("v-content", "欄を加える"),
        ("v-institutions", "甲医院"),
        ("v-institutions", "乙医院"),
        ("v-scope", "全体"),
        ("v-starts_at", "2026-11-30T22:00"),
        ("v-restore_estimate", "60分"),
        ("v-notified_on", "2026-11-10"),
        ("v-notified_by_means", "電子メール"),
        ("v-started_at", "2026-11-19T22:00"),
        ("v-ended_at", "2026-11-19T23:00"),
    ]
}

/// Sends a form about an entry as it is now.
async fn to_entry(browser: &mut Browser<'_>, register: &str, item: &str, way: &str, fields: &[(&str, &str)]) -> Answer {
    let found = browser.place.store.register_item("a", "s-a", register, item).await.unwrap();
    let number = found.number.to_string();
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("number", number.as_str())]).collect();
    let item: String = form_urlencoded::byte_serialize(item.as_bytes()).collect::<String>().replace('+', "%20");
    browser.post(&format!("/o/a/s/s-a/registers/{register}/e/{item}{way}"), &all).await
}

async fn step(
    browser: &mut Browser<'_>,
    register: &str,
    item: &str,
    way: &str,
    step: &str,
    more: &[(&str, &str)],
) -> Answer {
    let fields = [&[("do", "step"), ("step", step), ("on", "2026-11-19")][..], more].concat();
    to_entry(browser, register, item, way, &fields).await
}

/// OPS-020, T-20: a change of a program is not begun before every institution consented, or a hurry was allowed.
#[tokio::test]
async fn a_change_of_a_program_waits_for_every_institution() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let made = editor.post(&format!("{NOTICES}/new"), &change()).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let asked = step(&mut editor, "maintenance-notices", "0001", "", "ask", &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let refused = step(&mut editor, "maintenance-notices", "0001", "", "start", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for name in ["甲医院の承諾がありません", "乙医院の承諾がありません"] {
        assert!(refused.text.contains(name), "{name}: {}", refused.text);
    }
    let begun = editor.post(BOARD, &[("notice", "0001")]).await;
    assert_eq!(begun.location(), format!("{BOARD}?done=asked"), "{}", begun.text);
    assert!(editor.get(BOARD).await.text.contains("回答待ち"));
    let twice = editor.post(BOARD, &[("notice", "0001")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.text);

    for (name, left) in [("甲医院", "乙医院の承諾がありません"), ("乙医院", "")] {
        let item = format!("0001 {name}");
        let answer = [
            ("do", "write"),
            ("v-notice", "0001"),
            ("v-institution", name),
            ("v-asked_on", "2026-11-10"),
            ("v-asked_by_means", "電子メール"),
            ("v-answered_on", "2026-11-18"),
            ("v-person", "事務長"),
            ("v-means", "電子メール"),
            ("v-evidence", "メール 2026-11-18"),
        ];
        let written = to_entry(&mut editor, "maintenance-consents", &item, "", &answer).await;
        assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text);
        let proof = [("person", "事務長"), ("evidence", "メール 2026-11-18")];
        let consented = step(&mut editor, "maintenance-consents", &item, "", "consent", &proof).await;
        assert_eq!(consented.status, StatusCode::SEE_OTHER, "{}", consented.text);
        if !left.is_empty() {
            let refused = step(&mut editor, "maintenance-notices", "0001", "", "start", &[]).await;
            assert!(
                refused.text.contains(left) && !refused.text.contains("甲医院の承諾がありません"),
                "{}",
                refused.text
            );
        }
    }
    let started = step(&mut editor, "maintenance-notices", "0001", "", "start", &[]).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
    let done = step(&mut editor, "maintenance-notices", "0001", "", "do", &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(editor.get(BOARD).await.text.contains("結果の報告がまだです"));
}

/// OPS-020: in an emergency somebody who approves writes why, and the work begins without consents.
#[tokio::test]
async fn a_hurry_needs_a_reason_and_an_approval() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    editor.post(&format!("{NOTICES}/new"), &change()).await;
    let mut approver = place.signed_in("mitomeru@a").await;
    let refused = step(&mut approver, "maintenance-notices", "0001", "/approve", "hurry", &[]).await;
    assert!(refused.text.contains("先に、「緊急とする理由」を書いてください"), "{}", refused.text);
    let mut reasoned = change();
    reasoned.extend([("v-emergency_reason", "攻撃を受けている"), ("do", "write")]);
    to_entry(&mut editor, "maintenance-notices", "0001", "", &reasoned).await;
    let hurried = step(&mut approver, "maintenance-notices", "0001", "/approve", "hurry", &[]).await;
    assert_eq!(hurried.status, StatusCode::SEE_OTHER, "{}", hurried.text);
    let started = step(&mut editor, "maintenance-notices", "0001", "", "start", &[]).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
}

/// OPS-019, OPS-067: a letter goes to one institution and names no other; auditors take it, readers see nothing.
#[tokio::test]
async fn a_letter_names_no_other_institution() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    editor.post(&format!("{NOTICES}/new"), &change()).await;
    let letter = |name: &str| {
        let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        format!("{BOARD}/0001/letter?institution={name}&format=html")
    };
    let mut auditor = place.signed_in("miru@a").await;
    let taken = auditor.get(&letter("甲医院")).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    assert!(taken.text.contains("甲医院") && taken.text.contains("承諾のお願い") && !taken.text.contains("乙医院"));
    assert_eq!(auditor.get(&letter("丙医院")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(auditor.get(&format!("{BOARD}/board/pdf")).await.status, StatusCode::OK);
    let mut reader = place.signed_in("yomu@a").await;
    for address in [BOARD.to_owned(), letter("甲医院")] {
        assert_eq!(reader.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let mut named = change();
    named.retain(|(name, _)| *name != "v-content");
    named.extend([("v-content", "乙医院の求めで欄を加える"), ("do", "write")]);
    to_entry(&mut editor, "maintenance-notices", "0001", "", &named).await;
    let refused = editor.get(&letter("甲医院")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("ほかの医療機関等（乙医院）"), "{}", refused.text);
}
