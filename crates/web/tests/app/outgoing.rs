//! What leaves the machine, and what does not.

use axum::Router;
use axum::http::{Request, StatusCode};
use axum::response::Redirect;
use axum::routing::{get, post};
use shirube_web::app::{Outgoing, OutgoingError};

/// A server on this machine that answers, leads elsewhere and talks too long; its address.
async fn neighbour() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/echo", post(|body: String| async move { (StatusCode::CREATED, body) }))
        .route("/away", get(|| async { Redirect::to("/") }))
        .route("/long", get(|| async { "x".repeat(1024 * 1024 + 1) }));
    let (listener, router) = (listener, router);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn ask(outgoing: &Outgoing, address: &str) -> Result<(StatusCode, String), OutgoingError> {
    let answer = outgoing.send(Request::get(address).body(Vec::new()).unwrap()).await?;
    Ok((answer.status(), String::from_utf8(answer.into_body()).unwrap()))
}

/// SELF-014: a request goes to hosts that the owner listed and to nobody else; without a list nothing leaves.
#[tokio::test]
async fn requests_go_where_the_owner_lets_them() {
    let host = neighbour().await;
    let to_none = Outgoing::new(Vec::new());
    let refused = ask(&to_none, &format!("http://{host}/")).await.unwrap_err();
    assert_eq!(refused, OutgoingError::NotListed(host.clone()));
    let outgoing = Outgoing::new(vec![host.clone(), "a.test".to_owned(), "b.test:8080".to_owned()]);
    assert_eq!(ask(&outgoing, &format!("http://{host}/")).await.unwrap(), (StatusCode::OK, "here".to_owned()));
    let sent = Request::post(format!("http://{host}/echo")).body(b"said".to_vec()).unwrap();
    let answer = outgoing.send(sent).await.unwrap();
    assert_eq!((answer.status(), answer.into_body()), (StatusCode::CREATED, b"said".to_vec()));
    for address in [
        "https://c.test/",
        "https://a.test:444/",
        "https://a.test.evil.test/",
        "https://b.test/",
        "http://127.0.0.1:1/",
    ] {
        let refused = ask(&outgoing, address).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::NotListed(_)), "{address}: {refused}");
    }
    let with_name = ask(&outgoing, &format!("http://x@{host}/")).await.unwrap_err();
    assert!(matches!(with_name, OutgoingError::Address(_)), "{with_name}");
}

/// SELF-002: what is not encrypted stays on this machine.
#[tokio::test]
async fn what_leaves_is_encrypted() {
    let outgoing = Outgoing::new(vec!["a.test:80".to_owned(), "a.test".to_owned()]);
    let refused = ask(&outgoing, "http://a.test/").await.unwrap_err();
    assert_eq!(refused, OutgoingError::NotEncrypted("a.test".to_owned()));
}

#[tokio::test]
async fn an_answer_is_not_followed_and_has_an_end() {
    let host = neighbour().await;
    let outgoing = Outgoing::new(vec![host.clone()]);
    let (status, _) = ask(&outgoing, &format!("http://{host}/away")).await.unwrap();
    assert_eq!(status, StatusCode::SEE_OTHER);
    let long = ask(&outgoing, &format!("http://{host}/long")).await.unwrap_err();
    assert!(matches!(long, OutgoingError::TooLong(_)), "{long}");
    // Nobody listens on a port that was given back.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let gone = ask(&Outgoing::new(vec![closed.clone()]), &format!("http://{closed}/")).await.unwrap_err();
    assert!(matches!(gone, OutgoingError::Unreachable { .. }), "{gone}");
}
