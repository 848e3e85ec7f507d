//! Notices to other programs, sent to a receiver on this machine.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::Duration;
use serde_json::Value;
use shirube_identity::role::Role;
use shirube_identity::webhook::sign;

use crate::fixture::{Browser, Place, value_of};

const PAGE: &str = "/o/a/webhooks";

/// Headers and body of a notice.
type Notice = (HeaderMap, Vec<u8>);

/// What came in, and what is answered.
#[derive(Clone)]
struct Receiver {
    got: Arc<Mutex<Vec<Notice>>>,
    status: Arc<Mutex<StatusCode>>,
    host: String,
}

impl Receiver {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let receiver = Self { got: Arc::default(), status: Arc::new(Mutex::new(StatusCode::OK)), host };
        let take = |State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes| async move {
            receiver.got.lock().unwrap().push((headers, body.to_vec()));
            *receiver.status.lock().unwrap()
        };
        let router = Router::new().route("/hook", post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    fn address(&self) -> String {
        format!("http://{}/hook", self.host)
    }

    fn answer(&self, status: StatusCode) {
        *self.status.lock().unwrap() = status;
    }

    fn got(&self) -> Vec<Notice> {
        self.got.lock().unwrap().clone()
    }
}

async fn place() -> (Place, Receiver) {
    let receiver = Receiver::start().await;
    let place = Place::reaching(vec![receiver.host.clone()]).await;
    place.with_organisation("a").await;
    place.with_person("a", "p-editor", "henshu@a", &[Role::Editor]).await;
    (place, receiver)
}

/// Registers the receiver and gives the secret.
async fn register(browser: &mut Browser<'_>, address: &str, event: &str) -> String {
    let made = browser.post(PAGE, &[("do", "create"), ("address", address), ("event", event)]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    made.text.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// Makes a service, which is told of.
async fn happens(place: &Place, name: &str) {
    let token = place.token("a", "p-editor", &[Role::Editor], true).await;
    let body = serde_json::json!({ "name": name, "template": "clinic-ehr" });
    let made = place.call(&token, "POST", "/api/v1/services", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
}

/// INTEROP-013: what happened is told once, signed, without its content; the secret is shown once and sealed.
#[tokio::test]
async fn what_happens_is_told_once_and_signed() {
    let (place, receiver) = place().await;
    let mut browser = place.signed_in("admin@a").await;
    let secret = register(&mut browser, &receiver.address(), "service.created").await;
    assert!(!browser.get(PAGE).await.text.contains(&secret));
    happens(&place, "知らせるもの").await;
    assert_eq!(place.app.deliver().await, 1);
    assert_eq!(place.app.deliver().await, 0, "once");
    let got = receiver.got();
    assert_eq!(got.len(), 1);
    let (headers, body) = &got[0];
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let told: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(told["event"], "service.created");
    assert_eq!(told["actor"], "p-editor");
    assert_eq!(told["id"], text("shirube-delivery"));
    assert!(!String::from_utf8_lossy(body).contains("知らせるもの"), "contents are read with a token");
    let timestamp: i64 = text("shirube-timestamp").parse().unwrap();
    assert_eq!(text("shirube-signature"), sign(&secret, timestamp, body).to_string());
    assert_ne!(text("shirube-signature"), sign("another", timestamp, body).to_string());
    let page = browser.get(PAGE).await;
    assert!(page.text.contains("届いた（1回）"), "{}", page.text);
}

/// What does not arrive is sent again after a growing pause, with the same id, and given up in the end; a person can have it
/// sent again.
#[tokio::test]
async fn what_does_not_arrive_is_sent_again_and_given_up_in_the_end() {
    let (place, receiver) = place().await;
    let mut browser = place.signed_in("admin@a").await;
    register(&mut browser, &receiver.address(), "service.created").await;
    receiver.answer(StatusCode::INTERNAL_SERVER_ERROR);
    happens(&place, "届かないもの").await;
    assert_eq!(place.app.deliver().await, 1);
    assert_eq!(place.app.deliver().await, 0, "not before the pause is over");
    for minutes in [1, 5, 30, 120, 360, 720, 1440] {
        place.world.forward(Duration::seconds(minutes * 60 - 1));
        assert_eq!(place.app.deliver().await, 0, "{minutes}");
        place.world.forward(Duration::seconds(1));
        assert_eq!(place.app.deliver().await, 1, "{minutes}");
    }
    place.world.forward(Duration::days(30));
    assert_eq!(place.app.deliver().await, 0, "given up");
    let ids: Vec<String> =
        receiver.got().iter().map(|(headers, _)| headers["shirube-delivery"].to_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 8);
    assert!(ids.iter().all(|id| *id == ids[0]));
    // The first session has ended long ago.
    place.with_person("a", "p-second", "futari@a", &[Role::Administrator]).await;
    let mut browser = place.signed_in("futari@a").await;
    let page = browser.get(PAGE).await;
    assert!(page.text.contains("届かなかった（8回）"), "{}", page.text);
    receiver.answer(StatusCode::NO_CONTENT);
    let fields =
        [("do", "resend"), ("webhook", &*value_of(&page.text, "webhook")), ("entry", &*value_of(&page.text, "entry"))];
    assert_eq!(browser.post(PAGE, &fields).await.location(), "/o/a/webhooks?done=resent");
    assert_eq!(place.app.deliver().await, 1);
    assert!(browser.get(PAGE).await.text.contains("届いた（1回）"));
}

/// Nothing goes to hosts that the owner of the server did not list, nor after a webhook ended; nothing is told that was
/// not asked for, or that happened elsewhere, or that did not happen.
#[tokio::test]
async fn only_what_was_asked_for_is_told_and_only_to_listed_hosts() {
    let (place, receiver) = place().await;
    place.with_organisation("b").await;
    let mut browser = place.signed_in("admin@a").await;
    for (address, event, said) in [
        ("https://elsewhere.test/hook", "service.created", "通信してよい相手に入っていません"),
        ("file:///etc/passwd", "service.created", "番地"),
        ("", "service.created", "番地"),
        (&*receiver.address(), "sign-in.failed", "知らせること"),
    ] {
        let refused = browser.post(PAGE, &[("do", "create"), ("address", address), ("event", event)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert!(refused.text.contains(said), "{address}: {}", refused.text);
    }
    register(&mut browser, &receiver.address(), "document.issued").await;
    happens(&place, "知らせないもの").await;
    assert_eq!(place.app.deliver().await, 0, "not asked for");
    register(&mut browser, &receiver.address(), "service.created").await;
    let mut elsewhere = place.store.begin("b").await.unwrap();
    elsewhere.open_service("s-new", "よその組織").await.unwrap();
    let event = || shirube_store::Event { action: "service.created".to_owned(), note: String::new() };
    elsewhere.commit("p-admin-b", shirube_trail::Origin::Console, &place.at(), event()).await.unwrap();
    let mut dropped = place.store.begin("a").await.unwrap();
    dropped.open_service("s-dropped", "取りやめたもの").await.unwrap();
    drop(dropped);
    assert_eq!(place.app.deliver().await, 0);
    happens(&place, "知らせるもの").await;
    let page = browser.get(PAGE).await;
    for webhook in page.text.split("name=\"webhook\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let ended = browser.post(PAGE, &[("do", "remove"), ("webhook", webhook)]).await;
        assert_eq!(ended.location(), "/o/a/webhooks?done=removed");
    }
    assert_eq!(place.app.deliver().await, 0, "ended before it was sent");
    assert!(receiver.got().is_empty());
}

/// A process that ends in the middle of sending loses nothing: after a while the notice is taken again.
#[tokio::test]
async fn a_notice_whose_sender_went_away_is_sent_again() {
    let (place, receiver) = place().await;
    let mut browser = place.signed_in("admin@a").await;
    register(&mut browser, &receiver.address(), "service.created").await;
    happens(&place, "途中で止まるもの").await;
    let due = place.store.due_deliveries(&place.at(), 10).await.unwrap();
    let until = (shirube_web::app::World::now(&place.world) + Duration::minutes(2))
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    assert!(place.store.take_delivery(&due[0], &until).await.unwrap());
    assert!(!place.store.take_delivery(&due[0], &until).await.unwrap(), "nobody else takes it meanwhile");
    assert_eq!(place.app.deliver().await, 0);
    place.world.forward(Duration::minutes(3));
    assert_eq!(place.app.deliver().await, 1);
    assert_eq!(receiver.got().len(), 1);
}
