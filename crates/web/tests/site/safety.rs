//! What keeps readers safe: headers, methods, escaping, and pages for addresses that do not exist.

use axum::http::{Method, StatusCode};

use crate::fixture::TestSite;

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let site = TestSite::sample();
    for address in ["/", "/risks", "/documents/flows.pdf", "/assets/style.css", "/no-such-page", "/healthz"] {
        let headers = site.ask(Method::GET, address).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{address}");
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{address}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{address}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{address}");
        assert!(!headers.contains_key("set-cookie"), "{address}");
    }
    assert_eq!(site.ask(Method::GET, "/").await.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn no_page_needs_anything_inline() {
    let site = TestSite::sample();
    for address in [
        "/",
        "/diagram",
        "/diagram?flow=A-O2",
        "/flows",
        "/risks",
        "/coverage",
        "/treatments",
        "/controls",
        "/documents",
    ] {
        let page = site.page(address).await;
        for inline in ["<script", "<style", " style=\"", " onclick", "javascript:"] {
            assert!(!page.contains(inline), "{address} holds {inline}");
        }
    }
}

#[tokio::test]
async fn addresses_that_do_not_exist_say_so_in_japanese() {
    let site = TestSite::sample();
    for address in
        ["/no-such-page", "/risks/R-X9", "/controls/9.9-1-1", "/controls/abc", "/documents/x.pdf", "/assets/x.js"]
    {
        let answer = site.ask(Method::GET, address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        assert!(answer.text.contains("見つかりませんでした"), "{address}");
    }
}

#[tokio::test]
async fn only_reading_is_possible() {
    let site = TestSite::sample();
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for address in ["/", "/risks/R-A1", "/documents/flows.pdf"] {
            let answer = site.ask(method.clone(), address).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {address}");
            assert_eq!(answer.headers["allow"], "GET,HEAD", "{method} {address}");
            assert!(answer.text.contains("変更は受け付けません"), "{method} {address}");
        }
    }
    let head = site.ask(Method::HEAD, "/risks").await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn the_watchdog_gets_a_short_answer() {
    assert_eq!(TestSite::empty().page("/healthz").await, "ok\n");
}

#[tokio::test]
async fn names_cannot_become_markup() {
    const EVIL: &str = "<script>alert(1)</script>&\"'";
    let yaml = "'<script>alert(1)</script>&\"'''";
    let site = TestSite::with(&[
        ("name: クラウド型電子カルテ「みおつくし」", &format!("name: {yaml}")),
        ("name: 株式会社みおつくし", &format!("name: {yaml}")),
        ("    name: 医事端末", &format!("    name: {yaml}")),
    ]);
    for address in [
        "/",
        "/diagram",
        "/diagram?flow=A-O2",
        "/flows",
        "/risks",
        "/risks?flow=A-O2",
        "/coverage",
        "/treatments",
        "/controls",
        "/documents",
    ] {
        let page = site.page(address).await;
        assert!(!page.contains("<script"), "{address}");
        assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script&gt;alert(1)"), "{address}");
    }
    // What comes from the address is text as well.
    let asked = form_urlencoded::byte_serialize(EVIL.as_bytes()).collect::<String>();
    for address in
        [format!("/risks?q={asked}&rank={asked}"), format!("/flows?q={asked}"), format!("/diagram?flow={asked}")]
    {
        assert!(!site.page(&address).await.contains("<script"), "{address}");
    }
    let missing = site.ask(Method::GET, "/risks/%3Cscript%3E").await;
    assert!(missing.text.contains("&#60;script&#62;") && !missing.text.contains("<script>"));
}
