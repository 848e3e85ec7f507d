//! The API through the router: who gets in, what is read and written, and that every answer is as described.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};
use shirube_identity::rights::may;
use shirube_identity::role::Role;
use shirube_web::app::{Needs, Route, routes};

use crate::fixture::{Answer, Place};

const SERVICE: &str = "/api/v1/services/s-a";

fn operations() -> impl Iterator<Item = Route> {
    routes().into_iter().filter(|route| route.operation.is_some())
}

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-all", "subete@a", Role::ALL).await;
    place
}

fn address(path: &str, organisation: &str) -> String {
    let file = match path {
        path if path.contains("/documents/") || path.contains("/issued/") => "flows.md",
        _ => "system",
    };
    let path = path
        .replace("{service}", &format!("s-{organisation}"))
        .replace("{revision}", "1")
        .replace("{file}", file)
        .replace("{list}", "nodes")
        .replace("{record}", "%E5%8C%BB%E4%BA%8B%E7%AB%AF%E6%9C%AB")
        .replace("{number}", "R-A1")
        .replace("{register}", "media")
        .replace("{item}", "M-1")
        .replace("{edition}", "pg-1.0")
        .replace("{entry}", "1");
    if path.ends_with("/search") { format!("{path}?q=暗号") } else { path }
}

/// Holds an answer against the description, as a program that was made from it would.
struct Described(Value);

impl Described {
    async fn read(place: &Place) -> Self {
        let answer = place.call("", "GET", "/api/v1/openapi.json", None).await;
        assert_eq!(answer.status, StatusCode::OK);
        Self(answer.json())
    }

    fn check(&self, method: &str, path: &str, answer: &Answer) {
        let operation = &self.0["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is not described");
        let mut response = &operation["responses"][answer.status.as_str()];
        assert!(response.is_object(), "{method} {path}: {} is not described: {}", answer.status, answer.text);
        if let Some(reference) = response["$ref"].as_str() {
            response = self.0.pointer(reference.trim_start_matches('#')).unwrap();
        }
        let kind = answer.header("content-type").split(';').next().unwrap();
        let schema = &response["content"][kind]["schema"];
        assert!(schema.is_object(), "{method} {path}: {} as {kind} is not described", answer.status);
        if kind.ends_with("json") {
            let mut whole = json!({ "components": self.0["components"] });
            whole.as_object_mut().unwrap().extend(schema.as_object().unwrap().clone());
            let validator = jsonschema::draft202012::new(&whole).unwrap();
            let value = answer.json();
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{method} {path}: {errors:#?}");
        }
    }
}

/// INTEROP-001: every address of the API is described, and nothing else is.
#[tokio::test]
async fn the_description_has_every_operation_and_no_other() {
    let described = Described::read(&Place::new().await).await;
    let mut listed: Vec<(String, String)> =
        operations().map(|route| (route.path.to_owned(), route.method.to_lowercase())).collect();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (path, methods) in described.0["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push((path.clone(), method.clone()));
            names.push(operation["operationId"].as_str().unwrap().to_owned());
            for parameter in operation["parameters"].as_array().unwrap() {
                assert_ne!(parameter["description"], "", "{path} {method} {}", parameter["name"]);
            }
        }
    }
    listed.sort();
    found.sort();
    assert_eq!(listed, found);
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "each name once");
}

/// AUTHZ-003, AUTHZ-012, INTEROP-013: a token gets exactly where its roles get, and every answer is as described.
#[tokio::test]
async fn each_role_gets_where_the_table_says_through_the_api_too() {
    let place = place().await;
    let described = Described::read(&place).await;
    for &role in Role::ALL {
        let token = place.token("a", "p-all", &[role], true).await;
        for route in operations() {
            let (Needs::Right(action, resource) | Needs::Service(action, resource)) = route.needs else {
                panic!("{} asks for no right", route.path)
            };
            if route.path.contains("/issued/{entry}") || route.path.contains("/entries/{item}") {
                continue;
            }
            let body = (route.method != "GET").then(|| json!({}));
            let answer = place.call(&token, route.method, &address(route.path, "a"), body).await;
            let allowed = may(&[role], action, resource);
            let found = answer.status != StatusCode::NOT_FOUND;
            assert_eq!(found, allowed, "{role:?} {} {}: {}", route.method, route.path, answer.text);
            assert!(!answer.status.is_server_error(), "{role:?} {} {}: {}", route.method, route.path, answer.text);
            described.check(route.method, route.path, &answer);
        }
    }
}

/// AUTHZ-001: whoever may do everything in one organisation finds nothing of another.
#[tokio::test]
async fn another_organisation_does_not_exist_through_the_api() {
    let place = place().await;
    place.with_organisation("b").await;
    let token = place.token("a", "p-all", Role::ALL, true).await;
    for route in operations().filter(|route| route.path.contains("{service}")) {
        let body = (route.method != "GET").then(|| json!({}));
        let theirs = place.call(&token, route.method, &address(route.path, "b"), body.clone()).await;
        let nobodys = place.call(&token, route.method, &address(route.path, "x"), body).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{} {}", route.method, route.path);
        assert_eq!(theirs.text, nobodys.text, "{}", route.path);
    }
    let services = place.call(&token, "GET", "/api/v1/services", None).await.json();
    assert_eq!(services["items"].as_array().unwrap().len(), 1);
}

/// AUTHN-001, INTEROP-013: without a token there is nothing; the cookie of a session opens nothing; whoever goes on with
/// wrong tokens waits, and does not keep others waiting.
#[tokio::test]
async fn strangers_and_cookies_get_nowhere() {
    let place = place().await;
    let described = Described::read(&place).await;
    for route in operations() {
        let answer = place.call("", route.method, &address(route.path, "a"), None).await;
        let expected = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS];
        assert!(expected.contains(&answer.status), "{} {}: {}", route.method, route.path, answer.text);
        described.check(route.method, route.path, &answer);
    }
    let wrong = place.call(&"shb_".repeat(8), "GET", "/api/v1/me", None).await;
    assert_eq!(wrong.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(wrong.header("retry-after"), "60");
    let token = place.token("a", "p-all", &[Role::Reader], false).await;
    assert_eq!(place.call(&token, "GET", "/api/v1/me", None).await.status, StatusCode::OK);
    place.world.forward(chrono::Duration::minutes(2));
    let mut browser = place.signed_in("subete@a").await;
    let answer = browser.get("/api/v1/me").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

/// AUTHZ-003: a token does no more than was lent, for no other service, and no more than its person may today.
#[tokio::test]
async fn a_token_does_no_more_than_was_lent() {
    let place = place().await;
    let reading = place.token("a", "p-all", &[Role::Editor], false).await;
    let body = json!({ "name": "新しいもの", "template": "clinic-ehr" });
    let refused = place.call(&reading, "POST", "/api/v1/services", Some(body.clone())).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let other = place.token_of("a", "p-all", json!({ "roles": ["editor"], "write": true, "service": "s-none" })).await;
    assert_eq!(place.call(&other, "GET", SERVICE, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.call(&other, "GET", "/api/v1/services", None).await.json()["items"], json!([]));
    assert_eq!(place.call(&other, "POST", "/api/v1/services", Some(body)).await.status, StatusCode::NOT_FOUND);
    // More was lent than the person has: it is worth nothing.
    let more = place.token("a", "p-admin-a", &[Role::Auditor], true).await;
    assert_eq!(place.call(&more, "GET", "/api/v1/trail", None).await.status, StatusCode::NOT_FOUND);
}

/// INTEROP-013: what is changed through the API becomes a revision like any other, in the trail with its token.
#[tokio::test]
async fn a_record_is_written_read_and_removed_through_the_door_of_the_forms() {
    let place = place().await;
    let token = place.token("a", "p-all", &[Role::Editor, Role::SecurityOfficer], true).await;
    let path = format!("{SERVICE}/records/system/nodes/api-node");
    let list = place.call(&token, "GET", &format!("{SERVICE}/records/system/nodes?limit=200"), None).await;
    let tag = list.header("etag").to_owned();
    let mut record = list.json()["items"][0]["record"].clone();
    record.as_object_mut().unwrap().remove("id");
    record["name"] = "APIで加えた端末".into();
    let body = json!({ "record": record, "reason": "機器を足した" });

    let without = place.call(&token, "PUT", &path, Some(body.clone())).await;
    assert_eq!(without.status, StatusCode::PRECONDITION_REQUIRED, "{}", without.text);
    let put = |tag: String, body: Value| {
        let (token, path, place) = (token.clone(), path.clone(), &place);
        async move {
            let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
            place.call_with(&token, "PUT", &path, Body::from(body.to_string()), &headers).await
        }
    };
    let made = put(tag.clone(), body.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.location(), path);
    assert_eq!(made.json()["revision"], 2);
    let read = place.call(&token, "GET", &path, None).await;
    assert_eq!(read.json()["record"]["name"], "APIで加えた端末", "{}", read.text);
    assert_eq!(read.header("etag"), made.header("etag"));

    // What was read is written back: nothing changes.
    let same = put(read.header("etag").to_owned(), json!({ "record": read.json()["record"], "reason": "同じ" })).await;
    assert_eq!(same.json()["changed"], false, "{}", same.text);

    // An older tag: others changed something else, so both stay.
    let mut other = read.json()["record"].clone();
    other["name"] = "別の名前".into();
    let conflict = put(tag.clone(), json!({ "record": other, "reason": "古い版から" })).await;
    assert_eq!(conflict.status, StatusCode::PRECONDITION_FAILED, "{}", conflict.text);
    assert!(conflict.json()["conflicts"][0]["theirs"].is_string(), "{}", conflict.text);

    // What is wrong is named at its place, and nothing is kept.
    let mut wrong = read.json()["record"].clone();
    wrong["kind"] = "spaceship".into();
    let mistakes = put(read.header("etag").to_owned(), json!({ "record": wrong, "reason": "誤り" })).await;
    assert_eq!(mistakes.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(mistakes.json()["errors"][0]["pointer"], "/record/kind", "{}", mistakes.text);

    let tag = read.header("etag").to_owned();
    let headers = [("if-match", tag.as_str())];
    let gone = place.call_with(&token, "DELETE", &format!("{path}?reason=x"), Body::empty(), &headers).await;
    assert_eq!(gone.json()["revision"], 3, "{}", gone.text);
    assert_eq!(place.call(&token, "GET", &path, None).await.status, StatusCode::NOT_FOUND);
    let entries = place.store.entries("a", &shirube_store::Filter { action: "revision", ..Default::default() }).await;
    for entry in entries.unwrap() {
        assert!(matches!(entry.origin, shirube_trail::Origin::Api { .. }), "{entry:?}");
    }
}

/// INTEROP-013: a risk is decided with a record, in the name of the token's person and of nobody else.
#[tokio::test]
async fn a_decision_is_signed_by_the_person_of_the_token() {
    let place = place().await;
    let token = place.token("a", "p-all", &[Role::SecurityOfficer], true).await;
    let risks = place.call(&token, "GET", &format!("{SERVICE}/risks?state=proposed&limit=1"), None).await;
    let risk = &risks.json()["items"][0];
    let href = risk["decision_href"].as_str().unwrap();
    assert_eq!(place.call(&token, "GET", href, None).await.status, StatusCode::NOT_FOUND, "it is a proposal");
    let record = |by: Option<&str>| {
        let mut record = json!({
            "impact": 3, "impact_reason": "患者の診療が止まる", "likelihood": 2, "likelihood_reason": "対策がある",
            "decided": { "reason": "会議で確かめた" },
        });
        if let Some(by) = by {
            record["decided"]["by"] = by.into();
            record["decided"]["on"] = "2020-01-01".into();
        }
        json!({ "record": record, "reason": "決定" })
    };
    let tag = risks.header("etag").to_owned();
    let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
    let forged = Body::from(record(Some("院長")).to_string());
    let forged = place.call_with(&token, "PUT", href, forged, &headers).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", forged.text);
    let made = place.call_with(&token, "PUT", href, Body::from(record(None).to_string()), &headers).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let one = format!("{SERVICE}/risks/{}", risk["number"].as_str().unwrap());
    let decided = place.call(&token, "GET", &one, None).await.json();
    assert_eq!(decided["state"], "decided");
    assert_eq!(decided["decided"]["by"], "subete@aさん");
    assert_eq!(decided["decided"]["on"], "2026-11-20");
    assert_eq!(decided["outdated"], false);
}

/// INTEROP-001, INTEROP-008: the files that are read out are taken back as they are, with the version of their form.
#[tokio::test]
async fn files_come_back_as_they_went() {
    let place = place().await;
    let token = place.token("a", "p-all", &[Role::Editor], true).await;
    let out = place.call(&token, "GET", &format!("{SERVICE}/revisions/1/files"), None).await;
    assert_eq!(out.json()["format"], 1);
    let tag = out.header("etag").to_owned();
    let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
    let put = |files: Value| {
        let (place, token) = (&place, &token);
        let body = Body::from(json!({ "files": files, "reason": "取り込み" }).to_string());
        async move { place.call_with(token, "PUT", &format!("{SERVICE}/files"), body, &headers).await }
    };
    let same = put(out.json()["files"].clone()).await;
    assert_eq!(same.json()["changed"], false, "{}", same.text);
    let wrong = put(json!({ "../evil.yaml": "x" })).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let broken = put(json!({ "system.yaml": "nodes: [" })).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", broken.text);
    assert_eq!(place.store.service("a", "s-a").await.unwrap().revision, Some(1));
}

/// AUTHZ-006: the steps of a revision keep author and approver apart through the API too.
#[tokio::test]
async fn a_revision_is_checked_and_approved_by_the_same_rules() {
    let place = place().await;
    place.with_person("a", "p-app", "shonin@a", &[Role::Approver]).await;
    let author = place.token("a", "p-all", Role::ALL, true).await;
    let approver = place.token("a", "p-app", &[Role::Approver], true).await;
    let revision = place.call(&author, "GET", &format!("{SERVICE}/revisions/1"), None).await;
    let step = |token: String, step: &'static str, tag: String| {
        let place = &place;
        async move {
            let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
            let body = Body::from(json!({ "reason": "確かめた" }).to_string());
            place.call_with(&token, "POST", &format!("{SERVICE}/revisions/1/{step}"), body, &headers).await
        }
    };
    let draft = revision.header("etag").to_owned();
    assert!(draft.ends_with("-draft\""), "{draft}");
    assert_eq!(step(approver.clone(), "approve", draft.clone()).await.status, StatusCode::CONFLICT);
    let checked = step(author.clone(), "check", draft.clone()).await;
    assert_eq!(checked.json()["state"], "checked", "{}", checked.text);
    assert_eq!(step(approver.clone(), "approve", draft).await.status, StatusCode::PRECONDITION_FAILED);
    let approved = step(approver, "approve", checked.header("etag").to_owned()).await;
    assert_eq!(approved.json()["state"], "approved", "{}", approved.text);
    assert_eq!(approved.json()["states"].as_array().unwrap().len(), 3);
}

/// INTEROP-001: long lists are read part by part, each part of the same revision, and nothing twice.
#[tokio::test]
async fn lists_are_read_to_their_end_in_parts() {
    let place = place().await;
    let token = place.token("a", "p-all", Role::ALL, false).await;
    for name in ["controls", "risks", "flows", "findings", "records/system/nodes"] {
        let mut next = format!("{SERVICE}/{name}?limit=100");
        let (mut seen, mut parts) = (Vec::new(), 0);
        loop {
            let part = place.call(&token, "GET", &next, None).await;
            assert_eq!(part.status, StatusCode::OK, "{next}: {}", part.text);
            seen.extend(part.json()["items"].as_array().unwrap().iter().map(Value::to_string));
            parts += 1;
            if part.json()["next"].is_null() {
                assert_eq!(part.header("link"), "");
                break;
            }
            next = part.header("link").trim_start_matches('<').split('>').next().unwrap().to_owned();
        }
        let whole = seen.len();
        assert_eq!(parts, whole.div_ceil(100).max(1), "{name}");
        if name == "controls" {
            assert_eq!(whole, 417);
        }
    }
}

/// INTEROP-013: what cannot be read is refused with the reason, and nothing is done.
#[tokio::test]
async fn bad_requests_are_told_what_is_wrong() {
    let place = place().await;
    let token = place.token("a", "p-all", Role::ALL, true).await;
    let json_kind = [("content-type", "application/json")];
    let services = "/api/v1/services";
    let send = |method: &'static str, path: &'static str, body: Vec<u8>, headers: &'static [(&str, &str)]| {
        let (place, token) = (&place, &token);
        async move { place.call_with(token, method, path, Body::from(body), headers).await }
    };
    let text: &'static [(&str, &str)] = &[("content-type", "text/plain")];
    let json_kind: &'static [(&str, &str)] = Box::leak(Box::new(json_kind));
    let cases: Vec<(Answer, u16, &str)> = vec![
        (send("POST", services, b"{}".to_vec(), text).await, 415, "application/json"),
        (send("POST", services, b"{".to_vec(), json_kind).await, 400, "1行目"),
        (send("POST", services, b"{}".to_vec(), json_kind).await, 422, "「name」がありません"),
        (send("POST", services, vec![b' '; 5 * 1024 * 1024], json_kind).await, 413, "4MB"),
        (send("GET", "/api/v1/services?limit=0", Vec::new(), &[]).await, 400, "limit"),
        (send("GET", "/api/v1/services?limit=x", Vec::new(), &[]).await, 400, "limit"),
        (send("GET", "/api/v1/services?unknown=1", Vec::new(), &[]).await, 400, "unknown"),
        (send("GET", "/api/v1/services?limit=1&limit=2", Vec::new(), &[]).await, 400, "二度"),
        (send("GET", "/api/v1/services?cursor=x", Vec::new(), &[]).await, 400, "next"),
        (send("DELETE", services, Vec::new(), &[]).await, 405, "GET"),
        (send("GET", "/api/v1/nothing", Vec::new(), &[]).await, 404, "ありません"),
    ];
    for (answer, status, said) in cases {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["status"], status);
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    let allow = send("DELETE", services, Vec::new(), &[]).await.header("allow").to_owned();
    assert_eq!(allow, "GET, POST, HEAD");
}

/// EVID-003: reading the trail through the API stands in the trail.
#[tokio::test]
async fn reading_the_trail_leaves_an_entry() {
    let place = place().await;
    let token = place.token("a", "p-all", &[Role::Auditor], false).await;
    let first = place.call(&token, "GET", "/api/v1/trail?action=token&limit=1", None).await;
    assert_eq!(first.json()["items"][0]["action"], "token.created", "{}", first.text);
    let second = place.call(&token, "GET", "/api/v1/trail?limit=1", None).await.json();
    assert_eq!(second["items"][0]["action"], "trail.exported");
    assert_eq!(second["items"][0]["origin"]["kind"], "api");
}

/// OPS-001, INTEROP-013: registers are read and written by programs through the doors of the forms, with the same rights and
/// the same refusals, and nobody is overwritten.
#[tokio::test]
async fn registers_are_kept_by_programs_too() {
    const REGISTERS: &str = "/api/v1/services/s-a/registers";
    let place = place().await;
    let described = Described::read(&place).await;
    let token = place.token("a", "p-all", &[Role::Editor], true).await;
    let listed = place.call(&token, "GET", REGISTERS, None).await.json();
    assert!(listed["items"].as_array().unwrap().iter().any(|one| one["id"] == "media" && one["entries"] == 0));
    let media = place.call(&token, "GET", &format!("{REGISTERS}/media"), None).await.json();
    assert_eq!(media["states"][0]["id"], "in-use");

    let entries = format!("{REGISTERS}/media/entries");
    let wrong = json!({ "values": { "label": "M-1", "kind": "石板", "colour": "赤" } });
    let refused = place.call(&token, "POST", &entries, Some(wrong)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/values/colour");
    let refused =
        place.call(&token, "POST", &entries, Some(json!({ "values": { "label": "M-1", "kind": "石板" } }))).await;
    let pointers = refused.json()["errors"].as_array().unwrap().clone();
    assert!(pointers.iter().any(|error| error["pointer"] == "/values/kind") && pointers.len() > 1, "{pointers:?}");

    let values = json!({ "values": {
        "label": "M-1", "kind": "磁気テープ", "holds": "患者情報等", "confidentiality": "医療情報・持出し禁止",
        "place": "遠隔地", "keeper": "港 一郎", "started_on": "2026-10-31", "ends_on": "令和11年10月31日",
    }});
    let made = place.call(&token, "POST", &entries, Some(values)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    described.check("POST", "/api/v1/services/{service}/registers/{register}/entries", &made);
    let entry = made.header("location").to_owned();
    assert_eq!(entry, format!("{entries}/M-1"));
    let page = place.call(&token, "GET", &format!("{entries}?state=in-use&limit=1"), None).await;
    described.check("GET", "/api/v1/services/{service}/registers/{register}/entries", &page);
    assert_eq!(page.json()["items"][0]["values"]["ends_on"], "2029-10-31");

    let done =
        json!({ "number": 1, "duty": "condition", "on": "2026-11-20", "outcome": "done", "remark": "全部読めた" });
    let recorded = place.call(&token, "POST", &format!("{entry}/duties"), Some(done.clone())).await;
    assert_eq!((recorded.status, recorded.json()["number"].clone()), (StatusCode::OK, json!(2)), "{}", recorded.text);
    let stale = place.call(&token, "POST", &format!("{entry}/duties"), Some(done)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    described.check("POST", "/api/v1/services/{service}/registers/{register}/entries/{item}/duties", &stale);
    let dispose = json!({ "number": 2, "step": "dispose", "on": "2026-11-20" });
    let refused = place.call(&token, "POST", &format!("{entry}/steps"), Some(dispose.clone())).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "an approver's step: {}", refused.text);
    let refused = place.call(&token, "POST", &format!("{entry}/approvals"), Some(dispose)).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "the token may not approve: {}", refused.text);
    let whole = json!({ "duty": "stocktaking", "on": "2026-11-20", "outcome": "findings" });
    let recorded = place.call(&token, "POST", &format!("{REGISTERS}/media/duties"), Some(whole)).await;
    assert_eq!(recorded.status, StatusCode::OK, "{}", recorded.text);
    assert_eq!(place.call(&token, "GET", &format!("{entries}/M-2"), None).await.status, StatusCode::NOT_FOUND);
}
