//! Registers that an organisation declares itself: told what is wrong, shown what changes, kept, used, given back.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::{Answer, Browser, Place, value_of};

const OWN: &str = "/o/a/s/s-a/own-registers";

const VISITS: &str = "id: visits
title: 見学の記録
group: sites
purpose: 誰がいつ見学したかを書きます。
sources: [社内規程 第3条]
entry: 見学
fields:
  - { id: number, title: 記録の番号, kind: text, required: true, unique: true }
  - { id: came_on, title: 見学の日, kind: date, required: true }
states:
  - { id: open, title: 受付済み }
  - { id: closed, title: 終了, closed: true }
steps:
  - { id: finish, title: 終えた, from: [open], to: closed, by: anyone }
duties:
  - { id: thank, title: 礼状, per: entry, before: { field: came_on }, owner: 受付 }
print: { columns: [number, came_on] }
";

fn seen(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
    }
}

async fn office() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-a", "kaku@a", &[Role::Editor]).await;
    place
}

/// Looks at a declaration and saves it as it was shown.
async fn declare(browser: &mut Browser<'_>, name: &str, text: &str) -> Answer {
    let shown = browser.post(OWN, &[("name", name), ("text", text), ("do", "look")]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let digest = value_of(&shown.text, "seen");
    browser.post(OWN, &[("name", name), ("text", text), ("seen", &digest), ("do", "save")]).await
}

/// OPS-001, OPS-077: a register of one's own is used like those that come with the program, and keeps what is written in it.
#[tokio::test]
async fn a_register_of_ones_own_is_declared_used_and_keeps_its_fields() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let wrong = VISITS.replace("kind: date, required", "kind: day, required").replace("group: sites\n", "");
    let refused = editor.post(OWN, &[("name", "visits"), ("text", &wrong), ("do", "look")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(&refused, &["visits.yaml 8行目", "fields[2].kind"]);

    let unseen = editor.post(OWN, &[("name", "visits"), ("text", VISITS), ("do", "save")]).await;
    seen(&unseen, &["まだ保存していません", "台帳「見学の記録」を加えます（欄2、状態2、手続1、期日のある務め1）。"]);
    let saved = declare(&mut editor, "visits", VISITS).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    seen(&editor.get("/o/a/s/s-a/registers").await, &["見学の記録"]);
    let made =
        editor.post("/o/a/s/s-a/registers/visits/new", &[("v-number", "K-1"), ("v-came_on", "2026-12-01")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    seen(&editor.get("/o/a/duties").await, &["礼状", "K-1", "2026-12-01"]);

    let less = VISITS
        .replace("  - { id: came_on, title: 見学の日, kind: date, required: true }\n", "")
        .replace(", before: { field: came_on }", ", every: { months: 1 }")
        .replace("[number, came_on]", "[number]")
        .replace("id: finish", "id: ended");
    let refused = editor.post(OWN, &[("name", "visits"), ("text", &less), ("do", "look")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    seen(&refused, &["欄「見学の日」（came_on）を除けません", "手続「終えた」（finish）を除けません"]);
    let refused = editor.post(OWN, &[("name", "visits"), ("do", "withdraw")]).await;
    seen(&refused, &["「見学の記録」には記録があるので、取りやめられません。"]);

    let earlier = VISITS.replace("before: { field: came_on }", "before: { field: came_on, days: 3 }");
    assert_eq!(declare(&mut editor, "visits", &earlier).await.status, StatusCode::SEE_OTHER);
    seen(&editor.get("/o/a/duties").await, &["2026-11-28"]);
    assert_eq!(editor.get(&format!("{OWN}/visits.yaml")).await.text, earlier);
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// What is added to a register of the program is shown there, comes out in the folder and goes in with one.
#[tokio::test]
async fn declarations_travel_with_their_folder() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let shelf = "extends: media\nfields:\n  - { id: shelf, title: 棚の番号, kind: text }\n";
    let saved = declare(&mut editor, "media-shelf", shelf).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    seen(&editor.get("/o/a/s/s-a/registers/media/new").await, &["棚の番号"]);
    let folder = editor.get("/o/a/s/s-a/revisions/1/folder.zip").await;
    let files = shirube_documents::write::unpack(&folder.bytes, |name| name.starts_with("registers/")).unwrap();
    assert_eq!(files, [("registers/media-shelf.yaml".to_owned(), shelf.to_owned())]);

    let withdrawn = editor.post(OWN, &[("name", "media-shelf"), ("do", "withdraw")]).await;
    let digest = value_of(&withdrawn.text, "seen");
    let fields = [("name", "media-shelf"), ("withdraws", "yes"), ("seen", digest.as_str()), ("do", "save")];
    assert_eq!(editor.post(OWN, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(!editor.get("/o/a/s/s-a/registers/media/new").await.text.contains("棚の番号"));

    let fields = [("revision", "1"), ("reason", "別の環境から移す")];
    let taken = editor.upload("/o/a/s/s-a/import", &fields, &folder.bytes).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    seen(&editor.get("/o/a/s/s-a/registers/media/new").await, &["棚の番号"]);
}

/// A field of which each value stands in one entry only holds in forms, for two who write at once, and in files.
#[tokio::test]
async fn what_may_stand_once_stands_once() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let badge = "  - { id: badge, title: 入館証, kind: text, unique: true }\nstates:\n";
    let badges = VISITS.replace("states:\n", badge);
    assert_eq!(declare(&mut editor, "visits", &badges).await.status, StatusCode::SEE_OTHER);
    let visits = "/o/a/s/s-a/registers/visits";
    let visit = |number| [("v-number", number), ("v-came_on", "2026-12-01"), ("v-badge", "B-7")];
    let mut other = place.signed_in("kaku@a").await;
    let new = format!("{visits}/new");
    let (first, second) = (visit("K-1"), visit("K-2"));
    let (one, two) = tokio::join!(editor.post(&new, &first), other.post(&new, &second));
    let refused: Vec<&Answer> =
        [&one, &two].into_iter().filter(|answer| answer.status == StatusCode::UNPROCESSABLE_ENTITY).collect();
    assert_eq!(refused.len(), 1, "one of the two is told: {} {}", one.status, two.status);
    seen(refused[0], &["「入館証」の「B-7」は、"]);

    let text = "記録の番号,見学の日,入館証\nK-8,2026-12-02,B-9\nK-9,2026-12-03,B-7\n";
    let taken =
        editor.upload_file(&format!("{visits}/take"), &[("do", "save")], ("file", "v.csv"), text.as_bytes()).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", taken.text);
    seen(&taken, &["K-9: 「入館証」の「B-7」は、「K-", "二度書けない欄です。"]);
    assert!(place.store.register_item("a", "s-a", "visits", "K-8").await.is_err(), "nothing of the file is taken");
}
