//! Work on the model with the drawing beside it.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::{Answer, Browser, Place};
use crate::forms::{change, form};

const BASE: &str = "/o/a/s/s-a";

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place
}

fn preview(page: &Answer) -> &str {
    let section = page.text.split("id=\"preview\"").nth(1).unwrap_or_else(|| panic!("no preview: {}", page.text));
    section.split("</section>").next().unwrap()
}

/// MODEL-002: the drawing follows what is typed; nothing is saved by looking.
#[tokio::test]
async fn a_form_shows_what_saving_would_change() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let new = format!("{BASE}/record?file=system&list=nodes");
    let opened = editor.get(&new).await;
    assert!(preview(&opened).contains("今の内容です") && preview(&opened).contains("<svg"), "{}", opened.text);
    let half = change(&mut editor, &new, &[("name", "増やす端末"), ("~do", "preview")]).await;
    assert_eq!(half.status, StatusCode::OK);
    assert!(preview(&half).contains("入力の途中です") && !half.text.contains("class=\"mistakes\""), "{}", half.text);
    let typed = [("name", "増やす端末"), ("kind", "terminal"), ("environment", "production"), ("~do", "preview")];
    let whole = change(&mut editor, &new, &typed).await;
    let seen = preview(&whole);
    assert!(seen.contains("保存すると、次のように変わります") && seen.contains("data-node=\"増やす端末\""), "{seen}");
    assert!(form(&whole).1.iter().any(|(name, value)| name == "name" && value == "増やす端末"), "it is kept");
    assert_eq!(place.store.service("a", "s-a").await.unwrap().revision, Some(1));
}

/// Sends the form of a table with some cells changed.
async fn send(browser: &mut Browser<'_>, page: &Answer, changes: &[(&str, &str)]) -> Answer {
    let text = page.text.replace("<form class=\"grid-form\"", "<form class=\"record\"");
    let (action, mut sent) =
        form(&Answer { text, status: page.status, headers: page.headers.clone(), bytes: Vec::new() });
    for (name, value) in changes {
        sent.retain(|(known, _)| known != name);
        sent.push(((*name).to_owned(), (*value).to_owned()));
    }
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&action, &sent).await
}

/// MODEL-002: a list as a table. Untouched, it changes nothing; every cell is named; all rows are one revision.
#[tokio::test]
async fn many_rows_are_typed_at_once() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    for list in ["sites", "nodes", "links", "actors", "information_classes", "information", "handlings"] {
        let page = editor.get(&format!("{BASE}/table?list={list}")).await;
        let same = send(&mut editor, &page, &[("~do", "save"), ("~why", "x")]).await;
        assert!(same.text.contains("変わるところがない"), "{list}: {}", same.text);
    }
    let page = editor.get(&format!("{BASE}/table?list=nodes")).await;
    let rows: usize = crate::fixture::value_of(&page.text, "~rows").parse().unwrap();
    let fresh = rows - 3;
    let cell = |row: usize, column: usize| format!("c{row}.{column}");
    let (name, kind, room) = (cell(fresh, 0), cell(fresh, 1), cell(fresh, 3));
    let wrong = [(name.as_str(), "増やす端末"), (kind.as_str(), "茶筒"), ("~do", "save"), ("~why", "増設")];
    let refused = send(&mut editor, &page, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&format!("{}行目「種類」: 「茶筒」は使えません", fresh + 1)), "{}", refused.text);
    let look = [(name.as_str(), "増やす端末"), (kind.as_str(), "端末"), (room.as_str(), "本番"), ("~do", "preview")];
    let seen = send(&mut editor, &page, &look).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(preview(&seen).contains("data-node=\"増やす端末\""), "{}", seen.text);
    let first = page.text.split("name=\"c0.0\"").nth(1).unwrap().split("value=\"").nth(1).unwrap();
    let first = first.split('"').next().unwrap().to_owned();
    let changes = [
        (name.as_str(), "増やす端末"),
        (kind.as_str(), "端末"),
        (room.as_str(), "本番"),
        ("c0.0", "改めた名称"),
        ("~do", "save"),
        ("~why", "増設"),
    ];
    let done = send(&mut editor, &page, &changes).await;
    assert_eq!(done.location(), format!("{BASE}/table?list=nodes&done=saved"), "{}", done.text);
    let model = editor.get(&format!("{BASE}/model")).await;
    assert!(model.text.contains("増やす端末") && model.text.contains("改めた名称"), "{}", model.text);
    assert_eq!(place.store.service("a", "s-a").await.unwrap().revision, Some(2));
    // A cell that was emptied empties its field, and a row goes if it is ticked.
    let page = editor.get(&format!("{BASE}/table?list=nodes")).await;
    let gone = format!("x{fresh}");
    let cleared =
        send(&mut editor, &page, &[("c0.0", ""), (gone.as_str(), "on"), ("~do", "save"), ("~why", "x")]).await;
    assert!(cleared.text.contains("1行目: 「名称」がありません"), "a name is needed: {}", cleared.text);
    let restored = [("c0.0", first.as_str()), (gone.as_str(), "on"), ("~do", "save"), ("~why", "取りやめ")];
    let done = send(&mut editor, &page, &restored).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(!editor.get(&format!("{BASE}/model")).await.text.contains("増やす端末"));
}

/// MODEL-002: a box or a line of the drawing leads to its flows and their risks.
#[tokio::test]
async fn a_part_of_the_drawing_shows_its_flows_and_risks() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let page = editor.get(&format!("{BASE}/diagram")).await;
    for kind in ["node", "link"] {
        let start = format!("href=\"{BASE}/diagram?{kind}=");
        let rest = page.text.split(&start).nth(1).unwrap_or_else(|| panic!("no {kind}: {}", page.text));
        let address = format!("{BASE}/diagram?{kind}={}", rest.split(['"', '#']).next().unwrap());
        let answer = editor.get(&address).await;
        assert!(answer.text.contains("class=\"chosen"), "{address}");
        let panel = answer.text.split("class=\"part-panel").nth(1).unwrap_or_else(|| panic!("{address}"));
        let panel = panel.split("</aside>").next().unwrap();
        assert!(panel.contains("/record?") && panel.contains("情報流"), "{panel}");
        let record = panel.split("/record?").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
        assert_eq!(editor.get(&format!("{BASE}/record?{record}")).await.status, StatusCode::OK, "{record}");
    }
    let nobody = editor.get(&format!("{BASE}/diagram?node=x")).await;
    assert!(nobody.text.contains("はありません。図はそのまま示します。"), "{}", nobody.text);
}
