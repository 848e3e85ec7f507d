//! The guidelines and their words as the read-only site shows them.

use axum::http::{Method, StatusCode};

use crate::fixture::TestSite;

/// GLOSS-001, GLOSS-005: every word with reading and source; two definitions of one word stand side by side.
#[tokio::test]
async fn words_are_listed_and_found() {
    let site = TestSite::empty();
    let page = site.page("/glossary").await;
    assert_eq!(page.matches("class=\"word-entry\"").count(), shirube_catalog::glossary().terms.len());
    let entry = page.split("id=\"readability\"").nth(1).unwrap().split("</article>").next().unwrap();
    for part in ["けんどくせい", "脚注28", "違い", "出典: 提供事業者ガイドライン 用語集"] {
        assert!(entry.contains(part), "{part}: {entry}");
    }
    let page = site.page("/glossary?q=%E3%81%8B%E3%81%84%E3%81%96%E3%82%93").await;
    assert!(page.contains("id=\"tampering\"") && !page.contains("id=\"vpn\""));
    assert!(site.page("/glossary?q=zzz").await.contains("「zzz」に当たる言葉はありません"));
}

/// GLOSS-002: a word explains itself where it stands, without scripts, and leads to the list.
#[tokio::test]
async fn words_explain_themselves_on_pages() {
    let page = TestSite::sample().page("/controls/3.1-1-1").await;
    let target = page.split("popovertarget=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(page.contains(&format!("<div popover id=\"{target}\"")), "{target}");
    let id = target.strip_prefix("word-").unwrap();
    assert!(page.contains(&format!("href=\"/glossary#{id}\"")));
    assert!(!page.contains("<script"), "the browser opens the note by itself");
}

#[tokio::test]
async fn editions_say_what_is_held_and_what_nobody_saw() {
    let site = TestSite::empty();
    let page = site.page("/catalog").await;
    assert!(page.contains("旧版") && page.contains("現行") && page.contains("収録していない版"));
    let page = site.page("/catalog/pg-1.1").await;
    assert!(page.contains("（pg-1.0 の要旨）"), "words of most items of 1.1 were not seen, those of 1.0 stand in");
    assert!(site.page("/catalog/pg-1.1/3.1%E2%91%A0-1").await.contains("この版の言葉は見ていません"));
    let answer = site.ask(Method::GET, "/catalog/pg-9.9").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("「pg-9.9」という版は収録していません"));
    assert_eq!(site.ask(Method::GET, "/catalog/pg-1.0/9.9").await.status, StatusCode::NOT_FOUND);
}

/// CATALOG-007, CATALOG-025: an item tells how sure its words are and what it is elsewhere, read from both sides.
#[tokio::test]
async fn an_item_leads_to_other_editions_and_to_the_answer() {
    let site = TestSite::sample();
    let page = site.page("/catalog/pg-1.0/3.1%E2%91%A0-1").await;
    for part in
        ["要旨です（原文ではありません）", "原文で確認", "href=\"/controls/3.1-1-1\"", "mhlw-5.0", "あちらから見て"]
    {
        assert!(page.contains(part), "{part}");
    }
    let other = "/catalog/pg-1.1/3.1%E2%91%A0-1";
    assert!(page.contains(&format!("href=\"{other}\"")), "the same number in the next edition");
    let page = site.page(other).await;
    assert!(page.contains("href=\"/controls/3.1-1-1\""), "the service's answer, over the crosswalk");
    let moved = site.ask(Method::GET, "/catalog/pg-1.0/3.1-1-1").await;
    assert_eq!(moved.headers["location"], "/catalog/pg-1.0/3.1%E2%91%A0-1");
}

/// CATALOG-022: search in any spelling, with what was found marked.
#[tokio::test]
async fn search_finds_any_spelling_and_marks_it() {
    let site = TestSite::empty();
    // ぱすわーど
    let page = site.page("/catalog/search?q=%E3%81%B1%E3%81%99%E3%82%8F%E3%83%BC%E3%81%A9").await;
    assert!(page.contains("<mark>パスワード</mark>"));
    let one = site.page("/catalog/search?q=%E3%81%B1%E3%81%99%E3%82%8F%E3%83%BC%E3%81%A9&edition=mhlw-6.0").await;
    assert!(one.contains("/catalog/mhlw-6.0/") && !one.contains("/catalog/pg-1.0/"));
    assert!(site.page("/catalog/search?q=%3Cb%3E").await.contains("&#60;b&#62;"));
}

/// CATALOG-013: what the crosswalk suggests is a proposal, never a judgement.
#[tokio::test]
async fn two_editions_are_compared() {
    let site = TestSite::empty();
    let page = site.page("/catalog/compare?from=pg-1.0&to=pg-1.1").await;
    assert!(page.contains("判断ではありません") && page.contains("href=\"/catalog/pg-1.1/"));
    assert!(page.contains("この版の言葉は見ていません"), "borrowed words are not shown as the edition's own");
    assert!(site.page("/catalog/compare?from=pg-1.0&to=pg-1.0").await.contains("同じ版どうしは比べられません"));
    assert!(site.page("/catalog/compare?from=x&to=pg-1.0").await.contains("収録していない版は比べられません"));
}
