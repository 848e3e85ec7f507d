//! What explains and guides: words, guidelines, questions, the first hour, and the paper one reads on.

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::{Event, Files};
use shirube_trail::Origin;

use crate::fixture::Place;

const BLANK: [(&str, &str); 4] = [
    ("shirube.yaml", include_str!("../../../../samples/blank/shirube.yaml")),
    ("system.yaml", include_str!("../../../../samples/blank/system.yaml")),
    ("assessment.yaml", include_str!("../../../../samples/blank/assessment.yaml")),
    ("conformity.yaml", include_str!("../../../../samples/blank/conformity.yaml")),
];

/// An organisation with the worked example, a blank service `s-blank`, and an editor `hen@a`.
async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-hen", "hen@a", &[Role::Editor]).await;
    let mut change = place.store.begin("a").await.unwrap();
    change.open_service("s-blank", "空のサービス").await.unwrap();
    let files = BLANK.map(|(name, text)| (name.to_owned(), text.to_owned()));
    change.add_revision("s-blank", None, &Files::new(files).unwrap()).await.unwrap();
    let event = Event { action: "service.created".to_owned(), note: String::new() };
    change.commit("p-hen", Origin::Console, &place.at(), event).await.unwrap();
    place
}

/// GLOSS-001, -002: the words are for everybody who is signed in, and pages lead to them.
#[tokio::test]
async fn words_and_guidelines_are_there_for_everybody() {
    let place = place().await;
    place.with_person("a", "p-kan", "kan@a", &[Role::Auditor]).await;
    let mut browser = place.signed_in("kan@a").await;
    assert!(browser.get("/o/a/glossary").await.text.contains("かいざん"));
    let page = browser.get("/o/a/s/s-a/controls/3.1-1-1").await.text;
    assert!(page.contains("href=\"/o/a/s/s-a/glossary#") && page.contains("popovertarget="));
    let page = browser.get("/o/a/catalog/pg-1.0/3.1%E2%91%A0-1").await.text;
    assert!(page.contains("原文で確認") && !page.contains("このサービスの答え"));
    let page = browser.get("/o/a/s/s-a/catalog/pg-1.0/3.1%E2%91%A0-1").await.text;
    assert!(page.contains("このサービスの答え") && page.contains("href=\"/o/a/s/s-a/controls/3.1-1-1\""));
}

/// GLOSS-003, -008: every question of a form says what it means, why it is asked and what good evidence is.
#[tokio::test]
async fn questions_explain_themselves() {
    let place = place().await;
    let mut browser = place.signed_in("hen@a").await;
    let page = browser.get("/o/a/s/s-a/record?file=system&list=nodes").await.text;
    assert!(page.contains("インターネットから届くものは、いつも試されていると考えます。"));
    assert!(page.matches("class=\"explain\"").count() > 20);
    let page = browser.get("/o/a/s/s-a/record?file=conformity&at=answers/%3D3.1-1-1").await.text;
    assert!(page.contains("なぜ尋ねるか") && page.contains("よい根拠"), "{page}");
}

/// The steps follow from what is there; the guide can be put away and taken out again, by each person.
#[tokio::test]
async fn the_first_hour_follows_the_data() {
    let place = place().await;
    let mut browser = place.signed_in("hen@a").await;
    let page = browser.get("/o/a/s/s-blank/start").await.text;
    assert!(page.contains("9段階のうち <b>0</b>段階"), "{page}");
    assert!(page.contains("名前の入っていない組織があります。"));
    assert!(browser.get("/o/a/").await.text.contains("9段階のうち0段階"));
    let node =
        [("~revision", "1"), ("~why", "拠点を加えた"), ("id", "診察室"), ("name", "診察室"), ("owner", "医療機関")];
    let node: Vec<(&str, &str)> = node.into_iter().chain([("side", "institution"), ("entry", "unknown")]).collect();
    let saved = browser.post("/o/a/s/s-blank/record?file=system&list=sites", &node).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert!(browser.get("/o/a/s/s-blank/start").await.text.contains("9段階のうち <b>1</b>段階"));

    let overview = browser.get("/o/a/s/s-blank/").await.text;
    assert!(overview.contains("id=\"guide\""));
    let hide = [("service", "s-blank"), ("do", "hide"), ("to", "/o/a/s/s-blank/")];
    assert_eq!(browser.post("/account/guide", &hide).await.location(), "/o/a/s/s-blank/");
    assert!(!browser.get("/o/a/s/s-blank/").await.text.contains("id=\"guide\""));
    assert!(
        !browser.get("/o/a/").await.text.contains("id=\"beginning\"")
            || !browser.get("/o/a/").await.text.contains("s-blank/start")
    );
    let mut other = place.signed_in("admin@a").await;
    assert!(other.get("/o/a/").await.status == StatusCode::OK);
    browser.post("/account/guide", &[("service", "s-blank"), ("do", "show"), ("to", "/")]).await;
    assert!(browser.get("/o/a/s/s-blank/").await.text.contains("id=\"guide\""));
}

/// The paper is the person's choice, kept wherever they sign in, and the trail knows of it.
#[tokio::test]
async fn the_paper_is_chosen_by_each_person() {
    let place = place().await;
    let mut browser = place.signed_in("hen@a").await;
    assert!(!browser.get("/account").await.text.contains("data-theme"));
    assert_eq!(browser.post("/account/look", &[("theme", "dark")]).await.location(), "/account?done=look");
    assert!(browser.get("/account").await.text.contains("<html lang=\"ja\" data-theme=\"dark\">"));
    let mut elsewhere = place.signed_in("hen@a").await;
    assert!(elsewhere.get("/o/a/s/s-a/flows").await.text.contains("data-theme=\"dark\""));
    assert_eq!(browser.post("/account/look", &[("theme", "neon")]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/account").await.text.contains("data-theme=\"dark\""), "an unknown paper changes nothing");
    browser.post("/account/look", &[("theme", "system")]).await;
    assert!(!browser.get("/account").await.text.contains("data-theme"));
    let filter = shirube_store::Filter { action: "preferences.changed", limit: 9, ..Default::default() };
    assert_eq!(place.store.entries("a", &filter).await.unwrap().len(), 2);
}
