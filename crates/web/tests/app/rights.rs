//! Who gets where: every address, every role, and every address with another organisation's ids.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use shirube_identity::rights::may;
use shirube_identity::role::Role;
use shirube_web::app::{Needs, Route, routes};

use crate::fixture::{Browser, Place};

/// The address with the ids of an organisation in it.
fn address(path: &str, organisation: &str) -> String {
    // The editing page says what is edited behind the question mark.
    let path = if path.ends_with("/record") { format!("{path}?file=system&list=nodes") } else { path.to_owned() };
    let path = path.replace("{institution}/record?file=system&list=nodes", "{institution}/record?at=contract");
    // A report has two names, and a blank one is for a supplier of the example.
    let path = path.replace("/report/{file}", "/report/report.json");
    let supplier = form_urlencoded::byte_serialize("通信回線事業者".as_bytes()).collect::<String>();
    let path = path.replace("/supply/workbook", &format!("/supply/workbook?supplier={supplier}"));
    path.replace("{organisation}", organisation)
        .replace("{service}", &format!("s-{organisation}"))
        .replace("{institution}", &format!("i-{organisation}"))
        .replace("{format}", "pdf")
        .replace("{person}", &format!("p-admin-{organisation}"))
        .replace("{number}", "R-A1")
        .replace("{edition}/{id}", "pg-1.0/3.1①-1")
        .replace("{edition}", "pg-1.0")
        .replace("{id}", "3.1-1-1")
        .replace("{revision}", "1")
        .replace("{entry}", "1")
        .replace("{list}", "risks")
        .replace("{attachment}", &format!("e-{organisation}"))
        .replace("{review}", "1")
        .replace("{since}", "1")
        .replace("{job}", "j1")
        .replace("{file}", "flows.html")
        .replace("{register}", "media")
        .replace("{item}", "M-1")
        .replace("{name}", "style.css")
}

async fn ask(browser: &mut Browser<'_>, method: &str, address: &str) -> StatusCode {
    match method {
        "GET" => browser.get(address).await.status,
        "POST" if address.ends_with("/import") => browser.upload(address, &[], b"").await.status,
        "POST" => browser.post(address, &[]).await.status,
        other => {
            let method: Method = other.parse().unwrap();
            browser.send(method, address, Body::empty(), &[("origin", crate::fixture::ORIGIN)]).await.status
        }
    }
}

/// What people open; the API has its own walk in `api.rs`.
fn pages() -> impl Iterator<Item = Route> {
    routes().into_iter().filter(|route| route.operation.is_none())
}

/// The right an address asks for in its organisation.
fn right(needs: Needs) -> Option<(shirube_identity::Action, shirube_identity::Resource)> {
    match needs {
        Needs::Right(action, resource) | Needs::Service(action, resource) => Some((action, resource)),
        _ => None,
    }
}

/// Things that stand below the address and do not exist in the example: not found is right for everybody.
const NOT_THERE: [&str; 13] = [
    "/audits/a/",
    "/maintenance/{item}/",
    "/issued/",
    "/people/review/",
    "/jobs/",
    "/portal/",
    "/packs.zip",
    "/promote",
    "/registers/{register}/e/",
    "/registers/{register}/file/",
    "/incidents/{item}",
    "/reports/{institution}/",
    "/own-registers/{file}",
];

/// AUTHZ-003, -012: for every address, a role gets in exactly if the table of rights says so.
#[tokio::test]
async fn each_role_gets_where_the_table_says_and_nowhere_else() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_attachment("a").await;
    for &role in Role::ALL {
        let id = format!("p-{}", role.token());
        let sign_in = format!("{}@a", role.token());
        place.with_person("a", &id, &sign_in, &[role]).await;
        let mut browser = place.signed_in(&sign_in).await;
        for route in pages() {
            let Some((action, resource)) = right(route.needs) else { continue };
            if NOT_THERE.iter().any(|part| route.path.contains(part)) {
                continue;
            }
            let status = ask(&mut browser, route.method, &address(route.path, "a")).await;
            let allowed = may(&[role], action, resource);
            assert_eq!(status != StatusCode::NOT_FOUND, allowed, "{role:?} {} {}: {status}", route.method, route.path);
            assert!(!status.is_server_error(), "{role:?} {} {}: {status}", route.method, route.path);
        }
    }
}

/// AUTHZ-001: whoever may do everything in one organisation finds nothing of another, and cannot tell whether it is there.
#[tokio::test]
async fn another_organisation_does_not_exist() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_organisation("b").await;
    place.with_attachment("a").await;
    place.with_attachment("b").await;
    place.with_person("a", "p-all", "subete@a", Role::ALL).await;
    let mut browser = place.signed_in("subete@a").await;
    for route in pages() {
        if right(route.needs).is_none() {
            continue;
        }
        // All of the other's ids, the other's service below one's own organisation, and ids that nobody has.
        let theirs = address(route.path, "b");
        let mixed = address(&route.path.replace("{organisation}", "a"), "b");
        let nobodys = address(&route.path.replace("{organisation}", "x"), "x");
        let ask_all = [theirs.as_str(), nobodys.as_str()];
        let mut answers = Vec::new();
        for address in ask_all {
            let answer = match route.method {
                "GET" => browser.get(address).await,
                _ => browser.post(address, &[]).await,
            };
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{} {address}", route.method);
            answers.push(answer.text);
        }
        assert_eq!(answers[0], answers[1], "{}", route.path);
        let named = ["{service}", "{person}", "{institution}"].iter().any(|part| route.path.contains(part));
        if mixed != address(route.path, "a") && named {
            let status = ask(&mut browser, route.method, &mixed).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{} {mixed}", route.method);
        }
    }
}

/// AUTHN-001: nobody gets in without signing in.
#[tokio::test]
async fn strangers_get_nowhere() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    for route in pages().filter(|route| route.needs != Needs::Nothing) {
        let answer = match route.method {
            "GET" => place.browser().get(&address(route.path, "a")).await,
            _ => place.browser().post(&address(route.path, "a"), &[]).await,
        };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {}", route.method, route.path);
        assert!(answer.location().starts_with("/sign-in"), "{} {}", route.method, route.path);
    }
}
